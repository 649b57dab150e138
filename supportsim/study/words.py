"""Numbers as people write them."""

from __future__ import annotations

from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

#: More replications than this are no advice.
MOST = 10_000


def duration(ticks: int) -> str:
    """A limit as people write it: `20 s`, `8 h`, `1.5 min`."""
    for unit, size in (("day", DAY), ("h", HOUR), ("min", MINUTE)):
        if ticks >= size and ticks % (size // 2) == 0:
            text = f"{ticks / size:g} {unit}"
            return text + "s" * (unit == "day" and ticks != size)
    return f"{ticks / SECOND:g} s"


def several(number: int, what: str) -> str:
    """`1 replication`, `20 replications`, `0 days`."""
    return f"{number} {what}{'s' * (number != 1)}"


def would_decide(replications: int | None) -> str:
    """How many replications would tell a mean from its target, or a difference from none; None: too many."""
    if replications is None:
        return f"not even {MOST} replications would decide"
    return f"perhaps {replications} replications would decide"
