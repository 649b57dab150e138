"""Mixtures of laws made one level deep, so that machine code needs no recursion."""

from __future__ import annotations

import math
from dataclasses import replace

from supportsim.scenario.model import Law


def flatten(law: Law) -> list[tuple[float, Law]]:
    """Parts of a mixture, one level deep, with shares that add up to 1; shares of 0 are left out."""
    if not law.parts or len(law.parts) != len(law.shares):
        raise ValueError("a mixture needs as many shares as parts, and at least one")
    total = math.fsum(law.shares)
    if any(share < 0 for share in law.shares) or not total > 0:
        raise ValueError("shares of a mixture may not be negative and must add up to 1")
    flat: list[tuple[float, Law]] = []
    for share, part in zip(law.shares, law.parts, strict=True):
        if share > 0:
            flat += [(share / total * inner, thing) for inner, thing in _spread(part)]
    return flat


def _spread(part: Law) -> list[tuple[float, Law]]:
    if part.kind != "mixture":
        return [(1.0, part)]
    inner = [(share * (1 - part.at_zero), _inside(part, thing)) for share, thing in _split_zero(part)]
    zero = [(part.at_zero, Law("constant", (0.0,)))] if part.at_zero > 0 else []
    return zero + [(share, thing) for share, thing in inner if share > 0]


def _split_zero(mixture: Law) -> list[tuple[float, Law]]:
    """Its parts with every `at_zero` made a part of its own, because a limit of the mixture may raise it."""
    parts: list[tuple[float, Law]] = []
    for share, thing in flatten(mixture):
        if thing.at_zero > 0:
            parts.append((share * thing.at_zero, Law("constant", (0.0,))))
        parts.append((share * (1 - thing.at_zero), replace(thing, at_zero=0.0)))
    return parts


def _inside(outer: Law, part: Law) -> Law:
    """`part` with factor and limits of the mixture around it: limit, scale, limit is one scale, one limit."""
    if outer.from_forecast and (part.at_least > 0 or part.at_most is not None):
        raise ValueError("a mixture from the forecast inside a mixture cannot hold parts with limits")
    top = math.inf if outer.at_most is None else outer.at_most
    part_top = math.inf if part.at_most is None else part.at_most
    high = min(max(outer.factor * part_top if part_top < math.inf else math.inf, outer.at_least), top)
    return replace(
        part,
        factor=outer.factor * part.factor,
        from_forecast=outer.from_forecast or part.from_forecast,
        at_least=min(max(outer.factor * part.at_least, outer.at_least), top),
        at_most=None if high == math.inf else high,
    )
