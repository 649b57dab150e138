"""What one replication shows of a figure: a few sums, so that figures of many replications are sums of sums.

A view is a function of `Seen` that gives numbers which add up over replications; a figure is a view with a
rule that combines their totals (by default the first divided by the second).  Measures come from the measure
floor; what no measure states is counted here from the journal itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import ENDINGS, OUTCOMES, Journal
from supportsim.measure.replication import Measured, Yardstick
from supportsim.scenario.ticks import MINUTE, NEVER

Floats = NDArray[np.float64]
Ticks = NDArray[np.int64]
ABANDONED = OUTCOMES.index("abandoned")


@dataclass(frozen=True)
class Seen:
    """One replication, played and measured."""

    journal: Journal
    yardstick: Yardstick
    measured: Measured

    def row(self, selector: str, measure: str) -> tuple[float, float, float]:
        """Numerator, denominator, value.  Raises KeyError for a selector or measure that does not exist."""
        top, bottom, value = self.measured.rows[self.yardstick.places[selector, measure]]
        return float(top), float(bottom), float(value)

    @property
    def begin(self) -> int:
        return int(self.yardstick.grid.counted_from)

    @property
    def end(self) -> int:
        return int(self.yardstick.grid.counted_to)

    @property
    def minutes(self) -> float:
        """Counted time."""
        return (self.end - self.begin) / MINUTE

    @cached_property
    def waits(self) -> Floats:
        """Minutes waited by every counted contact that was answered or hung up, in order of creation."""
        table = self.journal.contacts
        ended = np.minimum(table["answered"], table["left"])
        counted = (table["created"] >= self.begin) & (table["created"] < self.end) & (table["row"] >= 0)
        return np.asarray((ended - table["created"])[counted & (ended < NEVER)] / MINUTE)

    def inside(self, begins: Ticks, ends: Ticks) -> float:
        """Minutes of counted time covered by the spans, each span counted for itself."""
        parts = np.minimum(ends, self.end) - np.maximum(begins, self.begin)
        return float(parts[parts > 0].sum()) / MINUTE

    @cached_property
    def worked(self) -> NDArray[np.void]:
        """The stretches on which work began."""
        table = self.journal.touches
        return np.asarray(table[table["started"] < NEVER])


View = Callable[[Seen], tuple[float, ...]]
Combine = Callable[[Floats], float]


def ratio(totals: Floats) -> float:
    return float(totals[0] / totals[1])


def variance(totals: Floats) -> float:
    """From the number, the sum and the sum of squares."""
    number, total, squares = totals
    return float(squares / number - (total / number) ** 2)


@dataclass(frozen=True)
class Figure:
    view: View
    share: bool = False  # a probability: its standard error is judged by itself, not as a part of the value
    combine: Combine = ratio

    def estimate(self, sums: Floats) -> tuple[float, float]:
        """Value and standard error from the sums of each replication, shape (replications, n): jackknife."""
        n, total = len(sums), sums.sum(axis=0)
        without = np.array([self.combine(total - row) for row in sums])
        return self.combine(total), math.sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))


def measure(selector: str, name: str, scale: float = 1.0, combine: Combine = ratio) -> Figure:
    """A measure by its id: ratio of sums where it is one, else the mean over replications; times `scale`."""
    from supportsim.measure import catalogue

    def view(seen: Seen) -> tuple[float, float]:
        top, bottom, value = seen.row(selector, name)
        if math.isnan(top) or math.isnan(bottom):
            return scale * value, 1.0
        return scale * top, bottom

    return Figure(view, catalogue.measure(name).unit == "share", combine)


def minutes(selector: str, name: str) -> Figure:
    """A measure stated in seconds, in minutes."""
    return measure(selector, name, 1 / 60)


def complement(figure: Figure) -> Figure:
    """1 minus a share."""
    return Figure(figure.view, figure.share, lambda totals: 1 - ratio(totals))


def waited_at_most(limit: float) -> Figure:
    """Share of all counted waits that are no longer than `limit` minutes."""
    return Figure(lambda seen: (float((seen.waits <= limit).sum()), float(len(seen.waits))), share=True)


def wait_variance(kind: str = "all") -> Figure:
    """Of all waits, or of those that ended `served` or `abandoned`: minutes squared."""

    def view(seen: Seen) -> tuple[float, ...]:
        waits = _of_kind(seen, kind)
        return float(len(waits)), float(waits.sum()), float((waits**2).sum())

    return Figure(view, combine=variance)


def waited_at_most_given(limit: float, kind: str) -> Figure:
    """Share of the waits that ended `served` or `abandoned` which are no longer than `limit` minutes."""

    def view(seen: Seen) -> tuple[float, float]:
        waits = _of_kind(seen, kind)
        return float((waits <= limit).sum()), float(len(waits))

    return Figure(view, share=True)


def _of_kind(seen: Seen, kind: str) -> Floats:
    table = seen.journal.contacts
    counted = (table["created"] >= seen.begin) & (table["created"] < seen.end) & (table["row"] >= 0)
    served = table["answered"] < NEVER
    chosen = {"all": served | (table["outcome"] == ABANDONED), "served": served}.get(
        kind, table["outcome"] == ABANDONED
    )
    rows = table[counted & chosen]
    return np.asarray((np.minimum(rows["answered"], rows["left"]) - rows["created"]) / MINUTE)


def offered_wait() -> Figure:
    """Minutes until a customer was served, or would have been had he not hung up (one queue, fifo).

    Whoever hung up would have been next once all who came before him had left the queue: at the first end of
    work after that.
    """

    def view(seen: Seen) -> tuple[float, float]:
        table, touches = seen.journal.contacts, seen.journal.touches
        rows = table[table["row"] >= 0]
        left_queue = np.minimum(rows["answered"], rows["left"])
        ahead = np.concatenate(([0], np.maximum.accumulate(left_queue)[:-1]))
        ends = np.sort(touches["ended"][touches["started"] < NEVER])
        next_end = np.searchsorted(ends, np.maximum(ahead, rows["created"]), side="right")
        would = ends[np.minimum(next_end, len(ends) - 1)]
        until = np.where(rows["outcome"] == ABANDONED, would, left_queue)
        counted = (rows["created"] >= seen.begin) & (rows["created"] < seen.end)
        return float((until - rows["created"])[counted].sum()) / MINUTE, float(counted.sum())

    return Figure(view)


def present_at(minute: float) -> Figure:
    """Customers waiting or talking at one instant after the start of counted time."""

    def view(seen: Seen) -> tuple[float, float]:
        table, at = seen.journal.contacts, seen.begin + round(minute * MINUTE)
        there = (table["created"] <= at) & (at < table["left"]) & (table["row"] >= 0)
        return float(there.sum()), 1.0

    return Figure(view)


def arrivals_between(begin: float, end: float) -> Figure:
    """Issues that arose in [begin, end) minutes of counted time."""

    def view(seen: Seen) -> tuple[float, float]:
        asked = (seen.journal.issues["asked"] - seen.begin) / MINUTE
        return float(((asked >= begin) & (asked < end)).sum()), 1.0

    return Figure(view)


def queue_variance() -> Figure:
    """Variance over counted time of the number waiting."""

    def view(seen: Seen) -> tuple[float, float, float]:
        table = seen.journal.touches
        left_queue = np.minimum(np.minimum(table["started"], table["ended"]), seen.journal.end)
        ticks = np.concatenate((table["joined"], left_queue))
        steps = np.concatenate((np.ones(len(table), np.int64), -np.ones(len(table), np.int64)))
        order = np.argsort(ticks, kind="stable")
        edges = np.clip(np.append(ticks[order], seen.journal.end), seen.begin, seen.end)
        held = np.diff(edges) / MINUTE
        waiting = np.cumsum(steps[order])
        return seen.minutes, float(held @ waiting), float(held @ waiting**2)

    return Figure(view, combine=variance)


def minutes_waited() -> Figure:
    """Minutes waited inside counted time, per issue that arose in it."""

    def view(seen: Seen) -> tuple[float, float]:
        table = seen.journal.touches
        waited = seen.inside(table["joined"], np.minimum(table["started"], table["ended"]))
        asked = seen.journal.issues["asked"]
        return waited, float(((asked >= seen.begin) & (asked < seen.end)).sum())

    return Figure(view)


def abandoned_inside() -> Figure:
    """Customers who hung up inside counted time, whenever they came."""

    def view(seen: Seen) -> tuple[float, float]:
        table = seen.journal.contacts
        left = table["left"][table["outcome"] == ABANDONED]
        return float(((left >= seen.begin) & (left < seen.end)).sum()), 1.0

    return Figure(view)


def had_to_wait() -> Figure:
    """Counted contacts that waited at all, of all counted contacts."""
    return Figure(lambda seen: (float((seen.waits > 0).sum()), float(len(seen.waits))), share=True)


def talking() -> Figure:
    """Agents talking, on average over counted time."""
    return Figure(lambda seen: (seen.inside(seen.worked["started"], seen.worked["talk_ended"]), seen.minutes))


def wrapping_up() -> Figure:
    return Figure(lambda seen: (seen.inside(seen.worked["talk_ended"], seen.worked["ended"]), seen.minutes))


def nobody_busy() -> Figure:
    """Share of counted time in which no agent works."""

    def view(seen: Seen) -> tuple[float, float]:
        rows = np.sort(seen.worked, order="started")
        reach = np.maximum.accumulate(rows["ended"])
        begins = np.concatenate(([seen.begin], reach))
        return seen.inside(begins, np.append(rows["started"], seen.end)), seen.minutes

    return Figure(view, share=True)


def minutes_in_system(selector: str = "all") -> Figure:
    """From call to hanging up, of those served: waiting and talking."""

    def view(seen: Seen) -> tuple[float, float]:
        table, selectors = seen.journal.contacts, seen.yardstick.selectors
        covered = selectors.masks[selectors.names.index(selector)][table["queue"]]
        created = (table["created"] >= seen.begin) & (table["created"] < seen.end)
        rows = table[covered & created & (table["answered"] < NEVER)]
        return float((rows["left"] - rows["created"]).sum()) / MINUTE, float(len(rows))

    return Figure(view)


def between_calls() -> Figure:
    """Customers who hung up and will call again, on average over counted time."""

    def view(seen: Seen) -> tuple[float, float]:
        table, issues = seen.journal.contacts, seen.journal.issues
        rows = table[np.lexsort((table["number"], table["issue"]))]
        follows = np.append(rows["issue"][1:] == rows["issue"][:-1], False)
        until = np.where(follows, np.append(rows["created"][1:], 0), issues["ended"][rows["issue"]])
        away = rows["outcome"] == ABANDONED
        return seen.inside(rows["left"][away], np.minimum(until[away], seen.journal.end)), seen.minutes

    return Figure(view)


def per_minute(selector: str, count: str) -> Figure:
    """A count, per minute of counted time."""
    return Figure(lambda seen: (seen.row(selector, count)[0], seen.minutes))


def kept_of_contacts(promise: str, selector: str) -> Figure:
    """Answered in time, of all contacts created, blocked ones included."""
    name = "answered_of_offered"
    return Figure(lambda seen: (seen.row(promise, name)[0], seen.row(selector, "contacts")[0]), share=True)


def kept(promise: str) -> Figure:
    """Answered in time, a number per replication."""
    return Figure(lambda seen: (seen.row(promise, "answered_of_offered")[0], 1.0))


def cost_per_hour(promise: str, each: float) -> Figure:
    """Pay, and `each` for every contact the promise covers that was not answered in time."""

    def view(seen: Seen) -> tuple[float, float]:
        in_time, of, _ = seen.row(promise, "answered_of_offered")
        pay = seen.row("all", "pay")[2] + seen.row("all", "overtime_pay")[2]
        return pay + each * (of - in_time), seen.minutes / 60

    return Figure(view)


def waited_in_all() -> Figure:
    """Minutes waited by all counted contacts together, a number per replication."""
    return Figure(lambda seen: (float(seen.waits.sum()), 1.0))


def worked_per_hour(channel: str) -> Figure:
    """Pieces of work on a channel that came to their end, per hour of counted time; filler included."""

    def view(seen: Seen) -> tuple[float, float]:
        journal = seen.journal
        place = [c.name for c in seen.yardstick.scenario.channels].index(channel)
        worked = journal.touches["how"] == ENDINGS.index("worked")
        rows = journal.touches[worked & (journal.contacts["channel"][journal.touches["contact"]] == place)]
        return float(((rows["ended"] >= seen.begin) & (rows["ended"] < seen.end)).sum()), seen.minutes / 60

    return Figure(view)


def idle(agents: int) -> Figure:
    """Agents with empty hands, of so many always present, on average over counted time."""

    def view(seen: Seen) -> tuple[float, float]:
        held = np.minimum(seen.worked["ended"], seen.end) - np.maximum(seen.worked["started"], seen.begin)
        ticks = agents * (seen.end - seen.begin) - int(held[held > 0].sum())
        return ticks / MINUTE, seen.minutes

    return Figure(view)
