"""From what was added up to all measures of one replication, reduced to few arrays, cheap to keep and to send."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates
from supportsim.measure import catalogue
from supportsim.measure import tables as t
from supportsim.measure.ages import by_age, oldest, waiting
from supportsim.measure.catalogue import QUANTILES, Measure
from supportsim.measure.causes import causes
from supportsim.measure.causes_of_replies import DueDays, due_days
from supportsim.measure.classes import occurring, sparse
from supportsim.measure.cost_of_days import cost_of_days
from supportsim.measure.desk import team_time
from supportsim.measure.earned_rows import churn_rows, income_rows, leaving_rows, plain
from supportsim.measure.intervals import interval_sums
from supportsim.measure.money import Money, leave_hours
from supportsim.measure.money_months import NO_COSTS, cost_by_month
from supportsim.measure.months import NO_MONTHS
from supportsim.measure.people import People
from supportsim.measure.prices import MICRO
from supportsim.measure.promised import Promised
from supportsim.measure.replication import (
    BESIDE,
    BRIDGE_COLUMNS,
    NOBODY,
    NOTHING,
    TEAM_COLUMNS,
    Measured,
    Scope,
    Yardstick,
)
from supportsim.measure.sums import Floats, cube_of, ratio, unit_of
from supportsim.measure.survival import at_points
from supportsim.measure.tally import Tally
from supportsim.measure.waits import quantiles
from supportsim.scenario.ticks import HOUR, SECOND

NAN = float("nan")
Masks = NDArray[np.bool_]
#: Numerator, denominator and value of one measure, one entry per group of cells or teams.
Row = tuple[Floats, Floats, Floats]
#: Measure -> values of single days, (groups, days).
Daily = dict[str, Floats]

#: Groups of waits by the name of their measures.
_GROUPS = {"wait": (0, 1, 2), "served_wait": (0,), "abandoned_wait": (1,)}
_OF_TEAM = {
    "busy_h": "busy", "present_h": "present", "away_h": "away", "busy_or_idle_h": "busy_or_idle",
    "rostered_h": "rostered", "overtime_h": "overtime", "filler_only_h": "filler_only",
}  # fmt: skip


def reduced(tally: Tally, yardstick: Yardstick, seed: int, replication: int, journal_xxh128: str) -> Measured:
    """Everything that is measured; the same however the journal was cut into portions."""
    return _Reduction(tally, yardstick, fates.world(seed, replication)).result(replication, journal_xxh128)


class _Reduction:
    """The work on one replication; fills the rows in the order of `Yardstick.keys`."""

    def __init__(self, tally: Tally, yardstick: Yardstick, world: int) -> None:
        self.tally, self.y = tally, yardstick
        self.scenario, self.grid = yardstick.scenario, yardstick.grid
        self.days = len(self.grid.dates)
        self.cube = cube_of(tally)
        self.people = People(tally)
        self.promised = [Promised(tally, i, promise) for i, promise in enumerate(self.scenario.promises)]
        self.money: Money = yardstick.ledger.kept(tally, self.cube, self.promised)
        self.months = tally.monthly.told(yardstick.customers, world) if tally.monthly else NO_MONTHS
        books = (yardstick.ledger, tally, self.cube, self.promised)
        self.month_costs = cost_by_month(*books) if tally.monthly else NO_COSTS
        self.income = yardstick.earners.income(world, self.months) if yardstick.earners else NOTHING
        gathered = tally.gathered
        self.churned = gathered.churned(self.scenario, yardstick.customers, world) if gathered else NOBODY
        self.classes = occurring(tally.sums.waits)
        self.counted_h = np.diff(self.grid.day_edges) / HOUR
        self.hours: dict[str, Floats] = {}  # paid and overtime, (teams, days)
        self.rows: list[Floats] = [np.zeros((0, 3))]
        self.daily: list[Floats] = [np.zeros((0, self.days))]

    def result(self, replication: int, journal_xxh128: str) -> Measured:
        edges = self.grid.interval_edges
        time = team_time(self.tally.team_time, edges)
        for_whom = team_time(self.tally.at_work_for, edges) if self.y.desk.moves else time
        self._by_selector()
        teams = self._by_team(time)
        periods, beside = self._by_promise(self.promised)
        self._by_segment()
        table = interval_sums(self.tally, self.y.table, for_whom, self.promised)
        ages = by_age(self.tally, self.y.deferred)
        coming = (self.cube["offered"] + self.cube["blocked"]).sum(axis=1)[: len(self.scenario.queues)]
        return Measured(
            replication, np.concatenate(self.rows), np.concatenate(self.daily), periods,
            self._cases([p.kept for p in self.promised]), self._cases([p.judged for p in self.promised]), table, beside,
            coming, teams, np.array([time[name] for name in BRIDGE_COLUMNS]), self.money.lines, self.money.allocated,
            journal_xxh128,
            wait_counts=sparse(self.classes), still_waiting=at_points(self.classes, self.y.pairs), ages=ages,
            waiting=waiting(ages, self.y.deferred), eldest=oldest(table, self.y.deferred_places),
            causes=causes(self.tally, self.y.rests_on, self.promised, for_whom, self._replies(for_whom)),
            income=self.income, churned=self.churned, months=self.months, month_costs=self.month_costs,
            answered=self._cases([p.answered for p in self.promised]),
            waited=self._cases([p.waited for p in self.promised], np.int64),
        )  # fmt: skip

    def _replies(self, people: dict[str, NDArray[np.int64]]) -> DueDays:
        return due_days(self.tally, self.y.replies_rest_on, people, self.cube["work_h"])

    def _cases(self, by_queue: list[NDArray[np.int64]], kind: type[np.signedinteger] = np.int32) -> NDArray[Any]:
        """(promises, intervals)."""
        found = np.zeros((len(by_queue), len(self.grid.intervals)), dtype=kind)
        for i, cases in enumerate(by_queue):
            found[i] = cases.sum(axis=0)
        return found

    def _keep(self, rows: list[Row], daily: Daily) -> None:
        """Group after group, each with all its measures."""
        self.rows.append(np.array(rows, dtype=np.float64).transpose(2, 0, 1).reshape(-1, 3))
        if daily:
            self.daily.append(np.array(list(daily.values())).swapaxes(0, 1).reshape(-1, self.days))

    # ------------------------------------------------------------ by selector

    def _by_selector(self) -> None:
        masks = self.y.selectors.masks
        special = self._waits(masks) | self._special(masks)
        measures = (*catalogue.CONTACT_MEASURES, *catalogue.ISSUE_MEASURES, *catalogue.TIME_MEASURES)
        rows, daily = self._summed([m for m in measures if m.id not in special], masks)
        rows |= special
        self._keep([rows[m.id] for m in measures], daily)

    def _summed(self, measures: list[Measure], masks: Masks) -> tuple[dict[str, Row], Daily]:
        """Measures that are sums or ratios of sums, all at once; a count has no denominator."""
        days = self._by_day([*(m.numerator for m in measures), *(m.denominator or "" for m in measures)], masks)
        sums = {name: part.sum(axis=1) for name, part in days.items()}
        tops = np.array([sums[m.numerator] for m in measures])
        bottoms = np.array([sums[m.denominator] if m.denominator else _nothing(len(masks)) for m in measures])
        is_count = np.array([[m.denominator is None] for m in measures])
        values = np.where(is_count, tops, ratio(tops, bottoms))
        daily = {}
        for m in (m for m in measures if m.id in catalogue.DAILY):
            top = days[m.numerator]
            daily[m.id] = ratio(top, days[m.denominator] if m.denominator else np.ones_like(top))
        names = (m.id for m in measures)
        return dict(zip(names, zip(tops, bottoms, values, strict=True), strict=True)), daily

    def _by_day(self, names: list[str], masks: Masks) -> dict[str, Floats]:
        """Columns of the cube by group and day, in their units; of all that is named, and counted time."""
        known = [name for name in dict.fromkeys(names) if name in self.cube]
        sums = masks.astype(np.float64) @ np.array([self.cube[name] for name in known])
        found = {name: part / unit_of(name) for name, part in zip(known, sums, strict=True)}
        return found | {"counted_h": np.broadcast_to(self.counted_h, (len(masks), self.days))}

    def _special(self, masks: Masks) -> dict[str, Row]:
        """What is no sum: people, the price of channels, the age of the oldest."""
        names = [channel.name for channel in self.scenario.channels]
        costs = dict(zip(names, self._amounts("channel_cost").tolist(), strict=True))
        costs["all"] = self._total("channel_cost")
        waiting = (masks @ self.cube["still_waiting"]).sum(axis=1)
        of_queues = masks[:, : len(self.scenario.queues)]
        oldest = np.where(of_queues, self.tally.sums.still, 0).max(axis=1, initial=0) / SECOND
        return {
            "people": plain(self.people.who_asked(masks, never_served=False)),
            "people_never_served": plain(self.people.who_asked(masks, never_served=True)),
            "channel_cost": plain(np.array([costs.get(name, NAN) for name in self.y.selectors.names])),
            "still_waiting_age_max": (_nothing(len(masks)), waiting, np.where(waiting > 0, oldest, NAN)),
        }

    def _waits(self, masks: Masks) -> dict[str, Row]:
        """Variance and quantiles of waits."""
        of_queues = masks[:, : len(self.scenario.queues)]
        kinds, known = self.classes
        found: dict[str, Row] = {}
        for name, groups in _GROUPS.items():
            of_group = np.add.reduce(known[:, groups], axis=1, dtype=np.int32)
            counts = np.array([np.add.reduce(of_group[mask], axis=0, dtype=np.int32) for mask in of_queues])
            n = counts.sum(axis=1).astype(np.float64)
            found[f"{name}_var"] = (_nothing(len(n)), n, self._variances(of_queues, groups, n))
            values = quantiles(counts, kinds, QUANTILES) / SECOND
            for k, q in enumerate(QUANTILES):
                found[f"{name}_p{round(100 * q)}"] = (_nothing(len(n)), n, values[:, k])
        return found

    def _variances(self, of_queues: Masks, groups: tuple[int, ...], n: Floats) -> Floats:
        """sum (wait - mean)^2 / n in seconds squared, from whole sums of waits and of their squares."""
        sums = self.tally.sums
        limbs = sums.squares[:, groups].sum(axis=1)
        squares = [sum(int(part) << 16 * k for k, part in enumerate(queue)) for queue in limbs]
        waits = sums.cells[1:-1, :, [t.WAIT_OF + g for g in groups]].sum(axis=(0, 2))
        found = np.full(len(n), NAN)
        for i, mask in enumerate(of_queues):
            if n[i]:
                mine, number = np.flatnonzero(mask), int(n[i])
                square, total = sum(squares[q] for q in mine), int(waits[mine].sum())
                found[i] = (number * square - total * total) / number**2 / SECOND**2
        return found

    # ------------------------------------------------------------ money

    def _amounts(self, kind: str) -> Floats:
        """Amounts of one kind in the currency: per team, channel or promise."""
        return self.money.lines[self.y.ledger.of(kind)] / MICRO

    def _total(self, kind: str) -> float:
        return int(self.money.lines[self.y.ledger.of(kind)].sum()) / MICRO

    def _by_segment(self) -> None:
        """The cost of the company and whose it is: `all`, then the segments."""
        whole = self.money.allocated.sum(axis=1)
        segments = whole[:-2] / MICRO
        cost = np.array([int(whole.sum()) / MICRO, *segments])
        handled, solved = (self._of_segments(name) for name in ("handled", "solved"))
        special = {
            "cost": plain(_first(cost)),
            "allocated_cost": plain(np.array([int(whole[:-2].sum()) / MICRO, *segments])),
            "filler_cost": plain(_first(np.full(len(cost), whole[-2] / MICRO))),
            "unallocated_cost": plain(_first(np.full(len(cost), whole[-1] / MICRO))),
            "cost_per_contact": (cost, handled, ratio(cost, handled)),
            "cost_per_solved": (cost, solved, ratio(cost, solved)),
        }
        if self.y.earners:
            special |= income_rows(self.y.earners, self.income, cost)
        if self.y.churns:
            special |= churn_rows(self.y, self.churned, special.get("contribution", plain(np.full(len(cost), NAN)))[2])
        if self.y.leaves.any():
            special |= leaving_rows(self.y, self.months)
        days = cost_of_days(self.y.ledger, self.grid, self.hours, self.cube, self.promised)
        self._keep([special[m.id] for m in self.y.money], {"cost": days[None]})

    def _of_segments(self, name: str) -> Floats:
        """A column of the cube for `all` and each segment."""
        by_segment = np.bincount(self.tally.plan.segment_of, self.cube[name].sum(axis=1), self.tally.plan.segments)
        return np.array([by_segment.sum(), *by_segment])

    # ------------------------------------------------------------ by team

    def _by_team(self, time: dict[str, NDArray[np.int64]]) -> Floats:
        first = self.grid.first_intervals
        cut: dict[str, Floats] = {n: np.add.reduceat(part, first, axis=1) / HOUR for n, part in time.items()}
        cut["lost_breaks"] = np.add.reduceat(self.tally.lost_breaks, first, axis=0).T.astype(np.float64)
        cut["leave"] = leave_hours(self.scenario, cut["paid"])
        self.hours = {name: cut[name] for name in ("paid", "overtime")}
        cube = cut | {alias: cut[name] for alias, name in _OF_TEAM.items()}
        cube["paid_h"] = cut["paid"] + cut["leave"]
        cube["paid_worked_h"] = cut["paid"] + cut["overtime"]
        masks = np.concatenate([np.ones((1, len(self.scenario.teams))), np.eye(len(self.scenario.teams))])
        cube = {name: masks @ part for name, part in cube.items()}
        cube["counted_h"] = np.broadcast_to(self.counted_h, (len(masks), self.days))
        daily: Daily = {}
        money = {kind: self._amounts(kind) for kind in ("pay", "overtime_pay", "seats")}
        special = {kind: plain(np.array([self._total(kind), *own])) for kind, own in money.items()}
        rows = [
            special.get(m.id)
            or _row(m, cube[m.numerator], None if m.denominator is None else cube[m.denominator], daily)
            for m in catalogue.TEAM_MEASURES
        ]
        self._keep(rows, daily)
        return np.array([money[name] if name in money else cut[name].sum(axis=1) for name in TEAM_COLUMNS])

    # ------------------------------------------------------------ by promise

    def _by_promise(self, promised: list[Promised]) -> tuple[tuple[Floats, ...], Floats]:
        """The shares of judged periods, and what became of contacts, per scope."""
        shares, beside = [], [np.zeros((0, len(BESIDE)))]
        for promise in promised:
            scopes = [scope for scope in self.y.scopes if scope.promise == promise.number]
            people = self.people.not_kept(promise.number, [s.cells if s.selector else None for s in scopes])
            for scope, broken in zip(scopes, people.tolist(), strict=True):
                totals = promise.totals(scope.cells)
                shares.append(self._scope(promise, scope, totals, float(broken)))
                known = [totals[n].sum() if promise.is_answer else NAN for n in BESIDE]
                beside.append(np.array([known], dtype=np.float64))
        return tuple(shares), np.concatenate(beside)

    def _scope(self, promise: Promised, scope: Scope, totals: dict[str, Floats], broken: float) -> Floats:
        """The rows of one scope; the share of each of its judged periods."""
        share, good = promise.periods(totals)
        waiting = totals["open"].sum()
        oldest = promise.oldest(scope.cells) / HOUR if waiting else NAN
        totals |= {"breaches": totals["missed"], "open_h": totals["open_age"] / HOUR}
        special = {
            **self._fines(promise, scope),
            "people_broken": plain(np.array([broken])),
            "open_age_max": (_nothing(1), np.array([waiting]), np.array([oldest])),
            "periods_kept_share": _share(float(good.sum()), float(np.count_nonzero(~np.isnan(share)))),
        }
        rows, daily = [], Daily()
        for m in catalogue.PROMISE_MEASURES:
            if m.id in special:
                rows.append(special[m.id])
            elif m.numerator in totals:
                bottom = None if m.denominator is None else totals[m.denominator][None]
                rows.append(_row(m, totals[m.numerator][None], bottom, daily))
            else:
                rows.append((_nothing(1), _nothing(1), _nothing(1)))
        self._keep(rows, daily)
        return share

    def _fines(self, promise: Promised, scope: Scope) -> dict[str, Row]:
        """Penalties of a scope; a credit is of the promise as a whole."""
        penalty, lost, _ = self.y.ledger.promised[promise.number]
        mine = [row for row in promise.by_queue if scope.cells[row[0]]]
        whole = NAN if scope.selector else self._amounts("credit")[promise.number]
        fines = {
            "penalty": penalty * sum(broken for _, broken, _ in mine) / MICRO,
            "penalty_lost": lost * sum(gone for _, _, gone in mine) / MICRO if promise.is_answer else NAN,
            "credit": whole,
        }
        return {name: plain(np.array([amount])) for name, amount in fines.items()}


def _row(m: Measure, top: Floats, bottom: Floats | None, daily: Daily) -> Row:
    """One measure of several groups from sums by group and day; a count has no denominator."""
    if m.id in catalogue.DAILY:
        daily[m.id] = ratio(top, np.ones_like(top) if bottom is None else bottom)
    num = top.sum(axis=1)
    if bottom is None:
        return num, _nothing(len(num)), num
    den = bottom.sum(axis=1)
    return num, den, ratio(num, den)


def _share(top: float, bottom: float) -> Row:
    one, other = np.array([top], dtype=np.float64), np.array([bottom], dtype=np.float64)
    return one, other, ratio(one, other)


def _first(values: Floats) -> Floats:
    """The first, and nothing for the others."""
    return np.where(np.arange(len(values)) == 0, values, NAN)


def _nothing(n: int) -> Floats:
    return np.full(n, NAN)
