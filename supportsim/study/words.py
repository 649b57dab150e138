"""Numbers as people write them."""

from __future__ import annotations

import re

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


def about(ticks: float) -> str:
    """A time to three digits, in the largest unit of which there are two: `48 s`, `6.5 min`, `365 days`."""
    for unit, size in (("days", DAY), ("h", HOUR), ("min", MINUTE)):
        if ticks >= 2 * size:
            return f"{ticks / size:.3g} {unit}"
    return f"{ticks / SECOND:.3g} s"


def per_cent(share: float) -> str:
    """`81.3 %`, to four digits."""
    return f"{100 * share:.4g} %"


def several(number: int, what: str) -> str:
    """`1 replication`, `20 replications`, `0 days`."""
    return f"{number} {what}{'s' * (number != 1)}"


#: A sign before a number that is 0 in all digits shown.
_SIGNED_ZERO = re.compile(r"(?<![\w.])[+−-](?=0(?:\.0+)?(?![\d.]))")


def unsigned_zero(text: str) -> str:
    """The same without signs of nothing: `−0.0` reads as a loss too small to be told, and says none."""
    return _SIGNED_ZERO.sub("", text)


def sits(kept: float, periods: str) -> str:
    """Of a promise whose mean is its target: `it sits on its target: 52 of 100 days reach it`."""
    return f"it sits on its target: {100 * kept:.0f} of 100 {periods} reach it"


def would_decide(replications: int | None) -> str:
    """How many replications would tell a mean from its target, or a difference from none; None: too many."""
    if replications is None:
        return f"not even {MOST} replications would decide"
    return f"perhaps {replications} replications would decide"
