"""Cells: how many issues each stream expects, where and of whom, before busyness.

A cell has a constant length from local midnight of the stream's zone; it is known by its date and its place
in the day, never by its place in the run, so another start or a longer warm-up leaves the issues of a date as
they are.  Rows of traces and backlogs are cells that hold their one issue (`fixed`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from supportsim.demand import fates
from supportsim.demand.customers import customers_at
from supportsim.demand.volumes import Day, Volume, local_days, source
from supportsim.scenario.model import Scenario, Stream, Trace
from supportsim.scenario.offers import plans_of
from supportsim.scenario.timeline import Timeline

#: One row per cell.  expected: issues (of a fixed row: its volume); customers: of the segment then, -1
#: anonymous; first_piece, pieces: where in the cell the issues may lie, no pieces: everywhere alike.
CELL = np.dtype(
    [
        ("key", np.uint64),
        ("begin", np.int64),  # tick, may lie before 0
        ("length", np.int64),
        ("expected", np.float64),
        ("first_piece", np.int64),
        ("pieces", np.int64),
        ("fixed", np.int64),
        ("customers", np.int64),
        ("date", np.int64),  # proleptic ordinal of the local date
        ("people", np.uint64),  # entity of the segment: that of customer i is its i-th child
        ("first_offer", np.int64),  # row in OFFERED
        ("offers", np.int64),  # plans its customers are split over; 0 and 1: no split
        ("thins", np.int64),  # 1: `expected` is that of the plan with most issues, others keep a part
        ("stream", np.int32),
        ("segment", np.int32),
        ("topic", np.int32),
        ("channel", np.int32),
        ("aht", np.float64),
        ("handle", np.int64),
        ("wrap", np.int64),
        ("patience", np.int64),
    ],
    align=True,
)

#: A part of a cell with a constant rate: offset and length in ticks, share of the cell reached at its end.
PIECE = np.dtype([("offset", np.int64), ("length", np.int64), ("until", np.float64)], align=True)

#: A plan of a segment: share of customers up to it, and the part of its cell's expected issues that arises on it.
OFFERED = np.dtype([("until", np.float64), ("keeps", np.float64)], align=True)

Rows = npt.NDArray[np.void]
Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """The cells of a scenario by (stream name, date, place in the day), the pieces of them all, and all plans offered.

    `offered` (dtype OFFERED): rows firsts[s] to firsts[s + 1] - 1 are those of segment s, at least one.
    """

    cells: Rows
    pieces: Rows
    offered: Rows
    firsts: tuple[int, ...]

    def shares(self, segment: int) -> npt.NDArray[np.float64]:
        """The share of the customers of a segment on each of its plans."""
        own = self.offered["until"][self.firsts[segment] : self.firsts[segment + 1]]
        shares: npt.NDArray[np.float64] = np.diff(own, prepend=0.0)
        return shares

    def kept(self, segment: int) -> npt.NDArray[np.float64]:
        """The part of expected issues that arises on each of its plans, where they are thinned."""
        kept: npt.NDArray[np.float64] = self.offered["keeps"][self.firsts[segment] : self.firsts[segment + 1]]
        return kept


def table(scenario: Scenario, timeline: Timeline) -> Table:
    """All cells that touch the time in which issues arise, in the order of the names of their streams."""
    return _Writer(scenario, timeline).table()


def demand_end(scenario: Scenario, timeline: Timeline) -> int:
    """The tick from which no issue arises any more."""
    return timeline.end if scenario.times.run_out_demand else timeline.counted_to


def offered(scenario: Scenario) -> tuple[Rows, tuple[int, ...], list[float]]:
    """The plans of all segments (dtype OFFERED), the first row of each, and the highest factor on issues of each."""
    rows: list[tuple[float, float]] = []
    firsts, most = [0], []
    for segment in scenario.segments:
        plans = plans_of(scenario, segment.name)
        top, until = max(plan.issues for plan, _ in plans), 0.0
        for plan, share in plans:
            until += share
            rows.append((until, plan.issues / top if top else 0.0))
        rows[-1] = (1.0, rows[-1][1])  # shares may add up to a little less
        firsts.append(len(rows))
        most.append(top)
    return np.array(rows, dtype=OFFERED), tuple(firsts), most


class _Writer:
    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self.scenario = scenario
        self.timeline = timeline
        self.end = demand_end(scenario, timeline)
        self.segments = {segment.name: i for i, segment in enumerate(scenario.segments)}
        self.topics = {topic.name: i for i, topic in enumerate(scenario.topics)}
        self.channels = {channel.name: i for i, channel in enumerate(scenario.channels)}
        self.pieces: list[tuple[int, int, float]] = []
        self.days: dict[tuple[str, int], list[Day]] = {}
        self.offered, self.firsts, self.most = offered(scenario)
        names = [fates.entity("segment", segment.name) for segment in scenario.segments]
        self.people = np.array([*names, 0], dtype=np.uint64)

    def table(self) -> Table:
        numbered = sorted(enumerate(self.scenario.streams), key=lambda pair: pair[1].name)
        blocks = [np.zeros(0, dtype=CELL)]
        for number, stream in numbered:
            if stream.kind == "endless":
                continue  # begun by agents, never asked for
            block = self._fixed(stream) if stream.kind in ("trace", "backlog") else self._cells(stream)
            block["stream"] = number
            blocks.append(block)
        cells = np.concatenate(blocks)
        for thin in self.scenario.thinned:  # of nested issues: they exist below what is expected, and this is less
            of_kind = {"segment": self.segments, "topic": self.topics, "channel": self.channels}[thin.kind]
            cells["expected"][cells[thin.kind] == of_kind[thin.name]] *= 1 - thin.share
        if not np.all(np.isfinite(cells["expected"])) or np.any(cells["expected"] < 0):
            raise ValueError("a stream expects a negative or infinite number of issues")
        cells["people"] = self.people[cells["segment"]]
        cells["first_offer"] = np.array(self.firsts)[cells["segment"]]
        cells["offers"] = np.diff(self.firsts)[cells["segment"]]
        return Table(cells, np.array(self.pieces, dtype=PIECE), self.offered, self.firsts)

    def _blank(self, stream: Stream, size: int) -> Rows:
        block = np.zeros(size, dtype=CELL)
        block["segment"] = self.segments.get(stream.segment, -1)
        block["topic"] = self.topics.get(stream.topic, -1)
        block["channel"] = -1 if stream.channel is None else self.channels[stream.channel]
        for column in ("handle", "wrap", "patience", "customers"):
            block[column] = -1
        return block

    # Cells of population, rate and forecast

    def _cells(self, stream: Stream) -> Rows:
        grid, volume_of = source(stream, self.scenario.profiles)
        blocks = [self._day(stream, day, volume_of(day)) for day in self._days(stream.zone, grid)]
        cells = np.concatenate([np.zeros(0, dtype=CELL), *blocks])
        number = self.segments[stream.segment]
        cells["customers"] = customers_at(self.scenario.segments[number], cells["begin"], self.timeline.counted_from)
        if stream.kind == "population":
            own = self.offered["keeps"][self.firsts[number] : self.firsts[number + 1]]
            cells["expected"] *= cells["customers"] * self.most[number]
            cells["thins"] = int(own.min() < 1)
        inside = (cells["begin"] + cells["length"] > 0) & (cells["begin"] < self.end)
        kept: Rows = cells[inside]
        return kept

    def _day(self, stream: Stream, day: Day, volume: Volume) -> Rows:
        block = self._blank(stream, len(day.offsets))
        factor = stream.volume * (stream.holiday_volume if day.ordinal in _ordinals(stream) else 1.0)
        of_date = int(fates.child(fates.entity("stream", stream.name), day.ordinal))
        block["key"] = fates.children(of_date, np.arange(len(day.offsets)))
        block["begin"] = day.midnight + np.array(day.offsets, dtype=np.int64)
        block["length"] = day.lengths
        block["date"] = day.ordinal
        block["expected"] = np.array(volume.counts, dtype=np.float64) * factor
        block["aht"] = volume.aht
        for place, pieces in enumerate(volume.pieces):
            block["first_piece"][place], block["pieces"][place] = len(self.pieces), len(pieces)
            self.pieces.extend(pieces)
        return block

    def _days(self, zone: str, grid: int) -> list[Day]:
        if (zone, grid) not in self.days:
            self.days[zone, grid] = list(local_days(self.timeline, zone, grid))
        return self.days[zone, grid]

    # Traces and backlogs

    def _fixed(self, stream: Stream) -> Rows:
        if stream.trace is not None:
            block = self._trace(stream, stream.trace)
        else:
            assert stream.backlog is not None
            block = self._backlog(stream, round(stream.backlog.count * stream.volume), stream.backlog.oldest)
        block["key"] = fates.children(fates.entity("stream", stream.name), np.arange(len(block)))
        block["fixed"] = 1
        for number, segment in enumerate(self.scenario.segments):
            its = block["segment"] == number
            begins = np.maximum(block["begin"][its], 0)
            block["customers"][its] = customers_at(segment, begins, self.timeline.counted_from)
        kept: Rows = block[block["begin"] < self.end]
        return kept

    def _trace(self, stream: Stream, trace: Trace) -> Rows:
        block = self._blank(stream, len(trace.at))
        block["begin"] = np.asarray(trace.at, dtype=np.int64) + self.timeline.counted_from
        block["expected"] = stream.volume
        for column in ("segment", "topic", "channel"):
            stated = np.asarray(getattr(trace, column), dtype=np.int32)
            block[column] = np.where(stated >= 0, stated, block[column])
        for column in ("handle", "wrap", "patience"):
            block[column] = getattr(trace, column)
        return block

    def _backlog(self, stream: Stream, count: int, oldest: int) -> Rows:
        block = self._blank(stream, count)
        block["begin"] = [-(oldest * (count - place) // count) for place in range(count)]
        block["expected"] = 1.0
        return block


def _ordinals(stream: Stream) -> frozenset[int]:
    return frozenset(day.toordinal() for day in stream.holidays)
