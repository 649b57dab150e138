"""The integer clock: one tick is one microsecond since the start of play (int64)."""

from __future__ import annotations

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 36_525 * DAY // 100  # 365.25 days
MONTH = YEAR // 12  # a twelfth of a year

#: A value of its own: it never happens.  Two of them can be added without overflow in int64.
NEVER = 1 << 61
#: Anything further away than this is NEVER.
HORIZON_LIMIT = 100 * YEAR
#: One amount of work is at most this long.
WORK_LIMIT = 100 * DAY


def tick(value: float) -> int:
    """Round a number of ticks to a whole tick, half to even, not below 0; above 100 years it is NEVER."""
    if value <= 0:
        return 0
    return NEVER if value > HORIZON_LIMIT else round(value)


def clock(of_day: int) -> str:
    """Ticks since midnight as 08:30."""
    h, rest = divmod(of_day, HOUR)
    m, s = rest // MINUTE, rest % MINUTE / SECOND
    return f"{h:02}:{m:02}" + (f":{s:02g}" if s else "")
