"""Heads required by this simulation in words: a finding of each line, and a row for each interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR
from supportsim.show.axes import bin_words
from supportsim.show.sheet import hours
from supportsim.study.live_lines import without_handle_time
from supportsim.study.required_heads import Required
from supportsim.study.required_search import NOBODY_COMES
from supportsim.study.result import Result
from supportsim.study.words import several, would_decide

#: What is missing where no line is drawn, and how to get it.
ASK = "heads required by this simulation: run with --required"
NO_LINE = "no live channel has a promise of an answer to which a contact came, so no heads are required"
UNHANDLED = "{}: contacts came, but nobody handled a contact, so no handle time is known and no heads can be searched"


def ask(result: Result) -> str:
    """Why no such heads are drawn: nobody asked for them, or they are not searched."""
    return "heads required by this simulation: not searched with a resized roster" if result.not_required else ASK


def not_searched(result: Result) -> list[str]:
    """Why there is nothing, of each live line that was not searched; of all where there is none."""
    if result.not_required:
        return [result.not_required]
    if result.heads_required is None:
        return []
    found = [UNHANDLED.format(name) for name in without_handle_time(result)]
    return found or ([] if result.heads_required else [NO_LINE])


def text(result: Result) -> list[str]:
    """All that is printed."""
    scenario, found = result.scenario, result.heads_required or ()
    words = [f"{scenario.title or scenario.name}: heads required by this simulation"]
    words.append(
        f"{several(result.n, 'replication')}, seed {result.seed}; shares kept, of all cases, with 95 % intervals"
    )
    left = not_searched(result)
    if not found:
        return [*words, *left]
    for each in found:
        words += ["", *findings(each, scenario), *(f"  {row}" for row in rows(each))]
    return [*words, *(["", *left] if left else [])]


def told(result: Result) -> list[str]:
    """What is printed below a run: the findings of each line; intervals stand in the table and in the figures."""
    lines = [f"· {each}" for found in result.heads_required or () for each in findings(found, result.scenario)]
    return ["Heads required by this simulation", *lines, *(f"· {why}" for why in not_searched(result))]


def findings(found: Required, scenario: Scenario) -> list[str]:
    """What was found of a line, in sentences."""
    some = ~np.isnan(found.net)
    names = " + ".join(scenario.promises[p].name for p in found.line.promises)
    head = f"{found.line.name} (promises of an answer: {names})"
    if not some.any():
        return [f"{head}: no heads could be found", *_without(found)]
    unit = bin_words(found.cut.length, several=True)
    per = "a week" if len(found.cut.days) > 1 else "a day"
    net, gross, rostered, present = (
        hours(float(each[some].sum()) * found.cut.length / HOUR)
        for each in (found.net, np.nan_to_num(found.gross), found.rostered, found.present)
    )
    under = int((some & (found.present < found.net - 0.005)).sum())
    number, kept, fewer = found.certain()
    return [
        f"{head}: {net} agent-hours {per} at the desk, {gross} rostered; the roster has {rostered}, of them {present} "
        f"at the desk; fewer are present than required in {under} of {number} {unit}",
        f"kept for sure with these heads in {kept}, missed for sure with one fewer in {fewer} of {number} {unit}"
        f"{_doubtful(found)}",
        *_without(found),
    ]


def _doubtful(found: Required) -> str:
    """In how many intervals chance may have decided, and what would help."""
    number, enough = found.to_decide()
    if not number:
        return ""
    would = would_decide(enough).replace("would decide", "would settle half of these")
    return f"; in {number} chance may have decided by one head ({would})"


def _without(found: Required) -> Iterator[str]:
    """Intervals without a number, by reason, and whether the search came to its end."""
    for why, number in Counter(why for why in found.why if why and why != NOBODY_COMES).items():
        yield f"no number in {number} {bin_words(found.cut.length, several=number != 1)}: {why}"
    if not found.settled:
        yield f"the search was stopped after {several(found.rounds, 'round')}, while single heads still moved"


def rows(found: Required) -> Iterator[str]:
    """A row per interval with contacts."""
    width = max(9, *(len(label) for label in found.cut.labels))
    yield f"{'':<{width}}{'agents':>18}{'Erlang':>16}{'required':>18}{'rostered':>11}{'share kept with':>25}"
    yield (
        f"{'':<{width}}{'rostered':>9}{'present':>9}{'C':>8}{'A':>8}{'net':>9}{'gross':>9}{'− required':>11}"
        f"{'these':>14}{'one fewer':>11}"
    )
    c, a = (found.erlang(values) for values in (found.line.erlang_c, found.line.erlang_a))
    columns = zip(
        found.rostered, found.present, c, a, found.net, found.gross, found.rostered - found.gross, strict=True
    )
    for i, each in enumerate(columns):
        if found.why[i] == NOBODY_COMES:
            continue
        head = f"{found.cut.labels[i]:<{width}}" + "".join(
            _number(float(value), digits, space)
            for value, digits, space in zip(each, (1, 1, 1, 1, 0, 1, 1), (9, 9, 8, 8, 9, 9, 11), strict=True)
        )
        if found.why[i]:
            yield f"{head}  {found.why[i]}"
        else:
            yield f"{head}{_share(found.kept.mean[i], found.kept.half[i]):>14}{_percent(found.fewer.mean[i]):>11}"


def _number(value: float, digits: int, width: int) -> str:
    return f"{'–' if math.isnan(value) else f'{value:.{digits}f}'.replace('-', '−'):>{width}}"


def _share(mean: float, half: float) -> str:
    known = "" if math.isnan(half) else f" ± {100 * half:.0f}"
    return _percent(mean) + known


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def document(result: Result) -> dict[str, Any]:
    """What `--json` prints."""
    table = result.required
    return {
        "scenario": result.scenario.name,
        "scenario_sha256": result.hash,
        "seed": result.seed,
        "replications": result.n,
        "rounds": {each.line.name: each.rounds for each in result.heads_required or ()},
        "required": [] if table is None else table.to_dict("records"),
        "not_searched": not_searched(result),
    }
