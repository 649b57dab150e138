"""The clock of business hours: how many open ticks passed, and when so many will have passed.

Elapsed open ticks of [a, b) are the ticks of [a, b) that lie inside opening windows; adding n > 0 open ticks
gives the EARLIEST tick at which n of them have elapsed, so work due at closing time is due at closing time
and not at the next opening.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import accumulate, pairwise

from supportsim.scenario.model import Calendar
from supportsim.scenario.ticks import DAY, NEVER
from supportsim.scenario.timeline import Timeline

#: How far windows are laid out before the begin and beyond the end of play.
REACH = 60 * DAY


class OpenTicks:
    """Open windows [begins[i], ends[i]) in ticks: sorted, disjoint, none touching the next."""

    __slots__ = ("_before", "begins", "ends")

    def __init__(self, begins: tuple[int, ...], ends: tuple[int, ...]) -> None:
        """Raises ValueError unless the windows are sorted, not empty, disjoint and apart."""
        bounds = [bound for window in zip(begins, ends, strict=True) for bound in window]
        if any(a >= b for a, b in pairwise(bounds)):
            raise ValueError("windows must be sorted, not empty, disjoint and apart")
        self.begins = begins
        self.ends = ends
        lengths = (end - begin for begin, end in zip(begins, ends, strict=True))
        self._before = (0, *accumulate(lengths))  # open ticks before window i

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpenTicks) and (self.begins, self.ends) == (other.begins, other.ends)

    def __hash__(self) -> int:
        return hash((self.begins, self.ends))

    def __repr__(self) -> str:
        return f"OpenTicks({self.begins!r}, {self.ends!r})"

    def is_open(self, t: int) -> bool:
        """Whether the tick [t, t + 1) is open."""
        i = bisect_right(self.begins, t) - 1
        return i >= 0 and t < self.ends[i]

    def _passed(self, t: int) -> int:
        """Open ticks before `t`, counted from the first window."""
        i = bisect_right(self.begins, t) - 1
        return 0 if i < 0 else self._before[i] + min(t, self.ends[i]) - self.begins[i]

    def elapsed(self, a: int, b: int) -> int:
        """Open ticks in [a, b); 0 when b <= a."""
        return self._passed(b) - self._passed(a) if b > a else 0

    def between(self, edges: Sequence[int]) -> list[int]:
        """Open ticks in each interval between `edges` (increasing): `elapsed` of all of them."""
        passed = [self._passed(edge) for edge in edges]
        return [later - earlier for earlier, later in pairwise(passed)]

    def add(self, t: int, n: int) -> int:
        """The earliest tick at which `n` open ticks have elapsed since `t`; NEVER if they never do.

        n = 0 gives `t` itself, open or not.  Raises ValueError for a negative n.
        """
        if n < 0:
            raise ValueError(f"cannot go back {-n} open ticks")
        if n == 0 or t >= NEVER:
            return t
        wanted = self._passed(t) + n
        i = bisect_left(self._before, wanted) - 1
        if i >= len(self.begins):
            return NEVER
        return min(NEVER, self.begins[i] + wanted - self._before[i])

    def back(self, t: int, n: int) -> int:
        """The latest tick since which `n` open ticks have elapsed at `t`; -NEVER if so many never had.

        n = 0 gives `t` itself, open or not.  Raises ValueError for a negative n.
        """
        if n < 0:
            raise ValueError(f"cannot count {-n} open ticks from after {t}")
        wanted = self._passed(t) - n
        if n == 0 or wanted < 0:
            return t if n == 0 else -NEVER
        i = bisect_right(self._before, wanted) - 1
        return self.begins[i] + wanted - self._before[i]

    def next_opening(self, t: int) -> int:
        """`t` itself while open, else the begin of the next window, NEVER if there is none."""
        if self.is_open(t):
            return t
        i = bisect_right(self.begins, t)
        return self.begins[i] if i < len(self.begins) else NEVER


ALWAYS = OpenTicks((-NEVER,), (NEVER,))


def merged(windows: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of half-open windows: sorted, empty ones dropped, touching and overlapping ones joined."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(window for window in windows if window[0] < window[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def without(windows: Iterable[tuple[int, int]], holes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of sorted disjoint `windows` when sorted disjoint `holes` are cut out."""
    found: list[tuple[int, int]] = []
    first = 0  # of the holes that are not over before the window begins
    for begin, end in windows:
        while first < len(holes) and holes[first][1] <= begin:
            first += 1
        hole = first
        while hole < len(holes) and holes[hole][0] < end:
            found.append((begin, holes[hole][0]))
            begin = max(begin, holes[hole][1])
            hole += 1
        found.append((begin, end))
    return [(begin, end) for begin, end in found if begin < end]


def open_ticks(calendar: Calendar, timeline: Timeline, beyond: int = REACH) -> OpenTicks:
    """The opening windows of `calendar` from `beyond` ticks before play to `beyond` ticks after its end.

    A window of a weekday begins on that local day and may end after midnight.  A holiday closes exactly its
    own local day: the morning part of a window that began the evening before is closed too, and a window of
    the holiday itself that runs past midnight is open again from there.  A window that a clock change skips
    as a whole is empty; one around it has its true length.
    """
    if calendar.always:
        return ALWAYS
    zone = calendar.zone
    days = timeline.days_between(-beyond, timeline.end + beyond, zone)
    early = days[0][0] - timedelta(days=1)  # its windows may reach into the first day
    windows = [
        (timeline.tick(day, begin, zone), timeline.tick(day, end, zone))
        for day in (early, *(day for day, _ in days))
        for begin, end in _windows(calendar, day.weekday())
    ]
    within = days[0][0], days[-1][0]
    closed = [
        (timeline.tick(day, 0, zone), timeline.tick(day, DAY, zone))
        for day in sorted(set(calendar.holidays))
        if within[0] - timedelta(days=1) <= day <= within[1] + timedelta(days=1)
    ]
    found = without(merged(windows), merged(closed))
    return OpenTicks(tuple(begin for begin, _ in found), tuple(end for _, end in found))


def _windows(calendar: Calendar, weekday: int) -> tuple[tuple[int, int], ...]:
    windows = calendar.days[weekday]
    for begin, end in windows:
        if not 0 <= begin < end:
            raise ValueError(f"calendar {calendar.name}: window {begin}..{end} does not end after it begins")
    return windows
