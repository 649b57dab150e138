"""From wall clocks to the one integer clock, and back.

Tick 0 is the begin of play (warm-up included).  Whole days are calendar days in the zone of the scenario, so
a week with a clock change has its true length (167 h or 169 h); anything else is elapsed time.  Two rules
hold for every wall-clock time anywhere: one that does not exist moves to the first that does, one that
happens twice means the first.  Every span is half-open.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from supportsim.scenario.model import Times
from supportsim.scenario.ticks import DAY, WEEK

_ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class Interval(NamedTuple):
    """One reporting interval [begin, end) in ticks; `local` is the aware local time at which it begins."""

    begin: int
    end: int
    local: datetime


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo:
    """The IANA zone; `UTC` needs no database.  Raises ZoneInfoNotFoundError or ValueError when unknown."""
    return UTC if name == "UTC" else ZoneInfo(name)


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """The UTC instant at which naive `wall` is shown in `zone` (missing: the next that exists)."""
    return _utc(wall, zone).replace(tzinfo=UTC)


def _utc(wall: datetime, zone: tzinfo) -> datetime:
    """The same without a zone: sums of naive times are far quicker, and rosters ask for thousands."""
    first = wall.replace(tzinfo=zone, fold=0)
    before = first.utcoffset() or timedelta()
    after = first.replace(fold=1).utcoffset() or timedelta()
    if after > before:  # the clocks jump over `wall`: only then is the offset of fold 1 the larger one
        return _jump(wall, before, after, zone).replace(tzinfo=None)
    return wall - before


def _jump(wall: datetime, before: timedelta, after: timedelta, zone: tzinfo) -> datetime:
    """The instant at which `zone` goes from offset `before` to `after`, around the missing `wall`."""
    low = (wall - after).replace(tzinfo=UTC)  # still the old offset
    high = (wall - before).replace(tzinfo=UTC)  # already the new one
    while high - low > _TICK:
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


class Timeline:
    """The instants that bound one play, and the way between ticks and local times.

    `play_start`: UTC datetime of tick 0.  Ticks: `counted_from` <= `counted_to` <= `end`, the last with the
    whole run-out (its maximum when it ends as soon as the desk is empty).
    """

    def __init__(self, times: Times) -> None:
        self.times = times
        self.zone = times.zone
        home = zone_named(times.zone)
        counted_from = instant(datetime.combine(times.start, time()), home)
        warm_start = instant(datetime.combine(times.start - timedelta(days=times.warm_up_days), time()), home)
        self.play_start = warm_start - timedelta(microseconds=times.warm_up_ticks)
        self._play_start = self.play_start.replace(tzinfo=None)
        self._midnights: dict[tuple[date, str | None], int] = {}
        self._plain: dict[tuple[date, str | None], bool] = {}  # days of 24 h
        counted_to = _later(counted_from, times.length_days, times.length_ticks, home)
        self.counted_from = self._ticks(counted_from)
        self.counted_to = self._ticks(counted_to)
        self.end = self._ticks(_later(counted_to, times.run_out_days, times.run_out_ticks, home))

    @property
    def weeks(self) -> Fraction:
        """Counted time in weeks, as stated: a day of 23 or 25 hours is a seventh of one, so that rosters add up."""
        return Fraction(self.times.length_days * DAY + self.times.length_ticks, WEEK)

    def _ticks(self, moment: datetime) -> int:
        return (moment - self.play_start) // _TICK

    def tick(self, day: date, time_of_day: int = 0, zone: str | None = None) -> int:
        """The tick of a wall-clock time: `time_of_day` ticks after local midnight of `day` as clocks show it.

        30 h means 06:00 of the next day.  A time that does not exist moves to the first that does; of an
        ambiguous one the first is taken.  Negative before the begin of play.
        """
        if not 0 <= time_of_day < DAY:
            more, time_of_day = divmod(time_of_day, DAY)
            day += timedelta(days=more)
        if not time_of_day:
            return self._midnight(day, zone)
        asked = (day, zone)
        plain = self._plain.get(asked)
        if plain is None:
            plain = self._plain[asked] = self._midnight(day + _ONE_DAY, zone) - self._midnight(day, zone) == DAY
        if plain:  # no zone has ever changed its clocks twice in a day, so here it did not
            return self._midnights[asked] + time_of_day
        return self._wall(day, time_of_day, zone)

    def _midnight(self, day: date, zone: str | None) -> int:
        """`tick` of the begin of a day: rosters and forecasts ask for few days many times."""
        known = self._midnights.get((day, zone))
        if known is None:
            known = self._midnights[day, zone] = self._wall(day, 0, zone)
        return known

    def _wall(self, day: date, time_of_day: int, zone: str | None) -> int:
        """`tick`, by asking the zone."""
        wall = datetime.combine(day, time()) + timedelta(microseconds=time_of_day)
        return (_utc(wall, zone_named(zone or self.zone)) - self._play_start) // _TICK

    def local(self, tick: int, zone: str | None = None) -> datetime:
        """The aware local time shown at `tick`."""
        return (self.play_start + timedelta(microseconds=tick)).astimezone(zone_named(zone or self.zone))

    def days(self, zone: str | None = None) -> tuple[tuple[date, int], ...]:
        """(local date, tick of its midnight) for every date that touches [0, end); the first may be < 0.

        A date that a zone skipped as a whole (Pacific/Apia, 30 December 2011) has no length and is left out.
        """
        return self.days_between(0, self.end, zone)

    def days_between(self, begin: int, end: int, zone: str | None = None) -> tuple[tuple[date, int], ...]:
        """(local date, tick of its midnight) for every date that touches [begin, end), in order."""
        day = self.local(begin, zone).date()
        midnight = self.tick(day, 0, zone)
        found = []
        while midnight < end:
            tomorrow = day + _ONE_DAY
            following = self.tick(tomorrow, 0, zone)
            if following > max(midnight, begin):
                found.append((day, midnight))
            day, midnight = tomorrow, following
        return tuple(found)

    def intervals(self, length: int) -> tuple[Interval, ...]:
        """The reporting intervals of counted time: constant `length` from each local midnight.

        The last of a day ends at midnight at the latest (a day of 23.5 h has 23 hours and a half one), the
        first begins and the last ends with counted time.
        """
        edges = self.edges(length)
        return tuple(Interval(begin, end, self.local(begin)) for begin, end in pairwise(edges))

    def edges(self, length: int) -> tuple[int, ...]:
        """The begins of these intervals and the end of the last, in ticks."""
        if length <= 0:
            raise ValueError(f"an interval of {length} ticks has no length")
        found: list[int] = []
        days = self.days_between(self.counted_from, self.counted_to)
        midnights = [midnight for _, midnight in days] + [self.counted_to]
        for midnight, following in pairwise(midnights):
            skipped = max(0, self.counted_from - midnight) // length
            found += range(midnight + skipped * length, following, length)
        if found:
            found[0] = max(found[0], self.counted_from)
        return (*found, self.counted_to)


@lru_cache(maxsize=4)
def timeline_of(times: Times) -> Timeline:
    """The timeline of these times: whoever asks the zones the same questions is answered from memory."""
    return Timeline(times)


def _later(moment: datetime, days: int, ticks: int, zone: tzinfo) -> datetime:
    """`days` calendar days later at the same wall-clock time, then `ticks` elapsed."""
    if days:
        wall = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
        moment = instant(wall, zone)
    return moment + timedelta(microseconds=ticks)
