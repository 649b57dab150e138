"""Policies at the top of a module, so that worker processes find them."""

from __future__ import annotations

from typing import Any

import numba

import supportsim


@supportsim.policy
def last_come(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


@numba.njit
def last_come_of_numba(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


def last_come_in_python(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


def stumbles(T: Any, agent: int, touch: int, now: int) -> int:
    return {}["no such key"]


@supportsim.policy
def stumbles_compiled(T: Any, agent: int, touch: int, now: int) -> int:
    if now > 0:
        raise ValueError("it is too late")
    return 0
