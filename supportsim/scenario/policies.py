"""Policies: how a freed agent ranks the queues he may serve.  Small functions in a table of names.

Each gets a queue's place in the `serves` of the agent's team and its class in `routing.classes` (0 is best),
and returns the rank by which the team serves it: lowest first, inside a rank the longest wait.
"""

from __future__ import annotations

from collections.abc import Callable

CLASSES_AT_MOST = 1_000_000


def priority(place: int, priority_class: int) -> int:
    """The best class first."""
    return priority_class


def fifo(place: int, priority_class: int) -> int:
    """Whoever has waited longest, whatever it is."""
    return 0


def own_first(place: int, priority_class: int) -> int:
    """What the team names first in `serves`, then the class."""
    return place * CLASSES_AT_MOST + priority_class


POLICIES: dict[str, Callable[[int, int], int]] = {
    "priority": priority,
    "fifo": fifo,
    "own_first": own_first,
}
