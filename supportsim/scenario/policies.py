"""Policies: how a freed agent ranks the queues he may serve.  Small functions in a table of names.

A policy has three parts.  `figure` names what orders all queues beforehand, once for all: `value` the mean margin
of a customer-month by the expected minutes of the queue, `easiest` those minutes; none for most.  `rank` gets a queue's
place in the `serves` of the agent's team, its class in `routing.classes` and its place by that figure (0 is best), and
returns the rank by which the team serves it: lowest first.  `key` says what decides inside a rank, before the longest
wait:

* `none`: nothing, the longest wait decides;
* `ageing`: the highest rate x wait + bonus of the queue;
* `due`: the earliest due tick of a promise;
* `work`: the least work still to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

CLASSES_AT_MOST = 1_000_000


class Policy(NamedTuple):
    """How queues are ranked, and by what figure inside a rank."""

    rank: Callable[[int, int, int], int]
    key: Literal["none", "ageing", "due", "work"] = "none"
    figure: Literal["none", "value", "minutes"] = "none"


def by_class(place: int, priority_class: int, figure_class: int) -> int:
    """The best class first."""
    return priority_class


def alike(place: int, priority_class: int, figure_class: int) -> int:
    """Everything in one rank."""
    return 0


def by_place(place: int, priority_class: int, figure_class: int) -> int:
    """What the team names first in `serves`, then the class."""
    return place * CLASSES_AT_MOST + priority_class


def by_figure(place: int, priority_class: int, figure_class: int) -> int:
    """What the figure of the policy says of the queue."""
    return figure_class


POLICIES: dict[str, Policy] = {
    "priority": Policy(by_class),
    "fifo": Policy(alike),
    "own_first": Policy(by_place),
    "ageing": Policy(alike, "ageing"),
    "deadline": Policy(alike, "due"),
    "value": Policy(by_figure, figure="value"),
    "easiest": Policy(by_figure, figure="minutes"),
    "shortest": Policy(alike, "work"),
}
