"""All measures of one replication by arrays of a whole journal: a second way, for comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays import earned, lately, leaving, money_months, service, sums
from measure.by_arrays.desk import Presence
from measure.by_arrays.facts import Contacts, contacts, touches
from measure.by_arrays.intervals import interval_sums
from measure.by_arrays.money import Books
from measure.by_arrays.people import Issues
from measure.by_arrays.sums import Cube, Floats, in_classes
from supportsim.demand import fates
from supportsim.engine.journal import Journal
from supportsim.measure import catalogue
from supportsim.measure.catalogue import Measure
from supportsim.measure.money_months import NO_COSTS
from supportsim.measure.replication import BESIDE, BRIDGE_COLUMNS, TEAM_COLUMNS, Measured, Scope, Yardstick
from supportsim.scenario.ticks import HOUR, SECOND

NAN = float("nan")


def measured(journal: Journal, yardstick: Yardstick) -> Measured:
    """Reduce one journal.  100,000 contacts take about a third of a second."""
    return _Reduction(journal, yardstick).result()


class _Reduction:
    """The work on one journal; fills the rows in the order of `Yardstick.keys`."""

    def __init__(self, journal: Journal, yardstick: Yardstick) -> None:
        self.journal = journal
        self.y = yardstick
        self.scenario, self.grid = yardstick.scenario, yardstick.grid
        self.facts: Contacts = contacts(journal, self.grid)
        self.stretches = touches(journal)
        self.issues = Issues(journal, self.scenario, self.facts)
        self.presence = Presence(yardstick.desk, journal, self.stretches)
        self.cases = [service.cases(p, journal, self.facts, self.grid) for p in self.scenario.promises]
        self.books = Books(self.scenario, journal, self.grid, self.facts, self.cases)
        world = fates.world(journal.seed, journal.replication)
        self.income = earned.income(self.scenario, self.grid, world) if earned.is_told(self.scenario) else []
        self.months = leaving.months(journal, self.scenario, self.grid)
        self.leaves = {s for s, _ in journal.customers[["segment", "customer"]].tolist()} if len(self.months) else set()
        for segment in self.leaves if self.income else ():
            brought = self.months[segment, :, -2:].sum(axis=0).tolist()
            known = self.income[segment]
            self.income[segment] = tuple(None if k is None else b for k, b in zip(known, brought, strict=True))
        self.counted_h = np.diff(self.grid.day_edges) / HOUR
        self.rows: list[tuple[float, float, float]] = []
        self.daily: list[Floats] = []
        self.beside: list[list[float]] = []

    def result(self) -> Measured:
        n = len(self.grid.intervals)
        kept = np.zeros((len(self.scenario.promises), n), dtype=np.int32)
        judged = np.zeros_like(kept)
        answered, waited = np.zeros_like(kept), np.zeros(kept.shape, dtype=np.int64)
        coming = self._by_selector()
        teams = self._by_team()
        periods, cases = self._by_promise(kept, judged)
        self._waits(answered, waited)
        self._by_segment()
        people = self.presence.ticks(self.grid.interval_edges)
        staff = self.presence.at_work_for(self.grid.interval_edges) if self.y.desk.moves else people
        table = interval_sums(self.scenario, self.journal, self.facts, self.grid, staff, cases)
        ages = lately.ages(self.journal, self.y)
        missing = lately.Missing(self.journal, self.facts, staff, self.y, self.cases)
        return Measured(
            self.journal.replication, np.array(self.rows, dtype=np.float64).reshape(-1, 3),
            np.array(self.daily).reshape(-1, len(self.grid.dates)), periods, kept, judged, table,
            np.array(self.beside).reshape(-1, len(BESIDE)), coming, teams,
            np.array([people[name] for name in BRIDGE_COLUMNS]), self.books.lines(), self.books.allocated(),
            self.journal.xxh128(),
            wait_counts=lately.wait_counts(self.journal, self.facts),
            still_waiting=lately.still_waiting(self.journal, self.facts, self.y), ages=ages,
            waiting=lately.waiting(ages, self.y), eldest=lately.eldest(self.journal, self.y),
            causes=missing.causes(kept, judged),
            months=self.months, month_costs=money_months.costs(self.books) if len(self.months) else NO_COSTS,
            answered=answered, waited=waited,
            income=np.array([[amount or 0 for amount in pair] for pair in self.income], dtype=np.int64).reshape(-1, 2),
        )  # fmt: skip

    def _add(self, name: str, top: Floats, bottom: Floats | None) -> None:
        """One row from sums by day; a count has no denominator."""
        num, den = float(top.sum()), 1.0 if bottom is None else float(bottom.sum())
        self.rows.append((num, NAN if bottom is None else den, num / den if den else NAN))
        if name in catalogue.DAILY:
            self.daily.append(sums.ratio(top, np.ones_like(top) if bottom is None else bottom))

    def _ratio(self, m: Measure, cube: Cube, mask: NDArray[np.bool_]) -> None:
        top = cube[m.numerator][mask].sum(axis=0)
        if m.denominator == "counted_h":
            self._add(m.id, top, self.counted_h)
        else:
            self._add(m.id, top, None if m.denominator is None else cube[m.denominator][mask].sum(axis=0))

    def _by_selector(self) -> Floats:
        """The rows of all selectors; contacts offered or blocked per queue."""
        cube = sums.contact_cube(self.journal, self.facts, self.grid, self.y.cells)
        cube |= sums.issue_cube(self.journal, self.issues, self.grid, self.y.cells)
        cube |= sums.time_cube(self.journal, self.stretches, self.grid, self.y.cells)
        waits = _Waits(self.journal, self.facts)
        costs = self.books.in_currency("channel_cost")
        for name, mask in zip(self.y.selectors.names, self.y.selectors.masks, strict=True):
            special = waits.of(mask) | self._people(mask) | {"channel_cost": (costs.get(name, NAN), NAN)}
            special["still_waiting_age_max"] = self._oldest_waiting(mask)
            for m in (*catalogue.CONTACT_MEASURES, *catalogue.ISSUE_MEASURES, *catalogue.TIME_MEASURES):
                if m.id not in special:
                    self._ratio(m, cube, mask)
                    continue
                value, count = special[m.id]
                self.rows.append((value if np.isnan(count) else NAN, count, value))
        self.handled, self.solved = cube["handled"].sum(axis=1), cube["solved"].sum(axis=1)
        coming: Floats = (cube["offered"] + cube["blocked"]).sum(axis=1)[: len(self.scenario.queues)]
        return coming

    def _people(self, mask: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
        counted = self.grid.counted(self.journal.issues["asked"]) & mask[self.issues.cell] & ~self.issues.filler
        counted &= self.issues.columns["issues"] > 0
        lost = counted & (self.issues.columns["never_served"] > 0)
        return {
            "people": (self.issues.distinct(counted), NAN),
            "people_never_served": (self.issues.distinct(lost), NAN),
        }

    def _oldest_waiting(self, mask: NDArray[np.bool_]) -> tuple[float, float]:
        """Age in seconds of the counted contact of `mask` that waits longest at the end, and how many wait."""
        waiting = self.facts.counted & self.facts.still_waiting & mask[self.journal.contacts["queue"]]
        _, count, oldest = _oldest(self.facts.wait, waiting, SECOND)
        return oldest, count

    def _by_team(self) -> Floats:
        cut = {name: part / HOUR for name, part in self.presence.ticks(self.grid.day_edges).items()}
        cut["lost_breaks"] = cut["lost_breaks"] * HOUR
        self.hours = {name: cut[name] for name in ("paid", "overtime")}
        cut["leave"] = cut["paid"] * np.array([[1 / (1 - t.leave) - 1] for t in self.scenario.teams])
        every = np.ones(len(self.scenario.teams), dtype=bool)
        masks = [every, *(np.arange(len(every)) == t for t in range(len(every)))]
        names = {"busy_h": "busy", "present_h": "present", "away_h": "away", "busy_or_idle_h": "busy_or_idle",
                 "rostered_h": "rostered", "overtime_h": "overtime", "filler_only_h": "filler_only"}  # fmt: skip
        cube = cut | {alias: cut[name] for alias, name in names.items()}
        cube["paid_h"] = cut["paid"] + cut["leave"]
        cube["paid_worked_h"] = cut["paid"] + cut["overtime"]
        money = {name: self.books.in_currency(name) for name in ("pay", "overtime_pay", "seats")}
        names_of = ("all", *(team.name for team in self.scenario.teams))
        for name, mask in zip(names_of, masks, strict=True):
            for m in catalogue.TEAM_MEASURES:
                if m.id in money:
                    self.rows.append((money[m.id][name], NAN, money[m.id][name]))
                else:
                    self._ratio(m, cube, mask)
        hours = {name: part.sum(axis=1) for name, part in cut.items()}
        hours |= {name: np.array([own[team] for team in names_of[1:]]) for name, own in money.items()}
        return np.array([hours[name] for name in TEAM_COLUMNS])

    def _by_segment(self) -> None:
        """What the company and each segment cost."""
        self.daily.append(np.array(self.books.by_day(self.hours)))
        names = [segment.name for segment in self.scenario.segments]
        total = sum(self.books.costs.values()) / 1e6
        shared = {whose: sum(parts.values()) / 1e6 for whose, parts in self.books.whose.items()}
        shared |= {"all": sum(sum(self.books.whose[name].values()) for name in names) / 1e6}
        of = np.array([*(q.segment for q in self.scenario.queues), *names])
        for name in ("all", *names):
            mine, whole = (of == name) | (name == "all"), name == "all"
            cost = total if whole else shared[name]
            handled, solved = float(self.handled[mine].sum()), float(self.solved[mine].sum())
            known = {"cost": total if whole else NAN, "allocated_cost": shared[name]}
            known |= {f"{who}_cost": shared[who] if whole else NAN for who in ("filler", "unallocated")}
            self.rows += [(value, NAN, value) for value in known.values()]
            self.rows += [(cost, n, cost / n if n else NAN) for n in (handled, solved)]
            self.rows += self._earned(name, cost) + self._left(name)

    def _earned(self, name: str, cost: float) -> list[tuple[float, float, float]]:
        """Income of a segment or all, and what is left of it."""
        if not earned.is_told(self.scenario):
            return []
        own = [pair for s, pair in zip(self.scenario.segments, self.income, strict=True) if name in ("all", s.name)]
        sums = [NAN if None in column else sum(n or 0 for n in column) / 1e6 for column in zip(*own, strict=True)]
        return [(value, NAN, value) for value in (*sums, sum(sums) - cost)]

    def _left(self, name: str) -> list[tuple[float, float, float]]:
        """Customers who left, and who are there at the end."""
        if not self.leaves:
            return []
        names = [s.name for s in self.scenario.segments]
        own = [s for s in sorted(self.leaves) if name in ("all", names[s])]
        joined, left = self.months[own, :, :2].sum(axis=(0, 1)).tolist()
        end = sum(self.scenario.segments[s].customers or 0 for s in own) + joined - left
        return [(value, NAN, value) for value in ((left, end) if own else (NAN, NAN))]

    def _waits(self, answered: NDArray[np.int32], waited: NDArray[np.int64]) -> None:
        """Contacts that each `answer` promise covers and on which work began, and how long they had waited."""
        table = self.journal.contacts
        chosen = np.flatnonzero(self.facts.counted & self.facts.answered & (table["row"] >= 0))
        for i, promise in enumerate(self.scenario.promises):
            if promise.clock == "answer":
                mine = chosen[np.array(promise.queues)[table["queue"][chosen]]]
                slot = self.grid.interval_of(table["created"][mine])
                np.add.at(answered[i], slot, 1)
                np.add.at(waited[i], slot, table["answered"][mine] - table["created"][mine])

    def _by_promise(
        self, kept: NDArray[np.int32], judged: NDArray[np.int32]
    ) -> tuple[tuple[Floats, ...], list[dict[str, Floats]]]:
        shares, cases = [], []
        shape = (self.y.cells, kept.shape[1])
        for i, promise in enumerate(self.scenario.promises):
            found = self.cases[i]
            slot = self.grid.interval_of(found.created)
            kept[i] = np.bincount(slot, found.columns["kept"], minlength=shape[1])
            judged[i] = np.bincount(slot, found.columns["judged"], minlength=shape[1])
            columns = {name: found.columns[name] for name in ("in_limit", "kept", "judged")}
            cases.append({n: sums.summed(found.cell, slot, column, shape) for n, column in columns.items()})
            for scope in (s for s in self.y.scopes if s.promise == i):
                shares.append(self._scope(promise.judged, promise.share, scope, found))
        return tuple(shares), cases

    def _scope(self, rhythm: str, target: float, scope: Scope, found: service.Cases) -> Floats:
        """The rows of one scope; the share of each of its judged periods."""
        mine = scope.cells[found.cell]
        day = self.grid.day_of(found.created[mine])
        days = len(self.grid.dates)
        totals = {
            name: np.bincount(day, column[mine], minlength=days).astype(np.float64)
            for name, column in found.columns.items()
        }
        totals["open_h"] = totals["open_age"] / HOUR
        totals["breaches"] = totals["missed"]
        period = self.grid.periods(rhythm)
        top, bottom = np.bincount(period, totals["kept"]), np.bincount(period, totals["judged"])
        share = sums.ratio(top, bottom)
        answer = self.scenario.promises[scope.promise].clock == "answer"
        self.beside.append([float(totals[name].sum()) if answer else NAN for name in BESIDE])
        with_case = ~np.isnan(share)
        good = with_case & (top >= target * bottom - 1e-9)
        missed = found.columns["missed"][mine] > 0
        people = self.issues.distinct(self.journal.contacts["issue"][found.contact[mine][missed]])
        for m in catalogue.PROMISE_MEASURES:
            if m.id == "periods_kept_share":
                self._add(m.id, good.astype(np.float64), with_case.astype(np.float64))
            elif m.id in ("penalty", "penalty_lost", "credit"):
                fine = self.books.fine(m.id, scope)
                self.rows.append((fine, NAN, fine))
            elif m.id == "open_age_max":
                self.rows.append(_oldest(found.columns["open_age"][mine], found.columns["open"][mine] > 0, HOUR))
            elif m.id == "people_broken":
                self.rows.append((people, NAN, people))
            elif m.numerator in totals:
                self._add(m.id, totals[m.numerator], None if m.denominator is None else totals[m.denominator])
            else:
                self.rows.append((NAN, NAN, NAN))
        return share


class _Waits:
    """Variance and quantiles of the waits of counted contacts, for any set of cells."""

    def __init__(self, journal: Journal, facts: Contacts) -> None:
        self.groups = {}
        for name, whom in (("wait", facts.offered), ("served_wait", facts.answered),
                           ("abandoned_wait", facts.abandoned)):  # fmt: skip
            row = np.flatnonzero(facts.counted & whom)
            order = np.argsort(facts.wait[row], kind="stable")  # once for all: a mask keeps the order
            row = row[order]
            self.groups[name] = (journal.contacts["queue"][row], facts.wait[row])

    def of(self, mask: NDArray[np.bool_]) -> dict[str, tuple[float, float]]:
        """Measure -> (value, number of waits)."""
        found: dict[str, tuple[float, float]] = {}
        for name, (queue, wait) in self.groups.items():
            every = wait[mask[queue]]
            n, mine = float(len(every)), in_classes(every) / SECOND
            found[f"{name}_var"] = (float((every / SECOND).var()) if n else NAN, n)
            for q in catalogue.QUANTILES:
                found[f"{name}_p{round(100 * q)}"] = (sorted_quantile(mine, q), n)
        return found


def _oldest(ages: NDArray[np.int64], open_: NDArray[np.bool_], unit: int) -> tuple[float, float, float]:
    """A row: no numerator, how many are open, and the age in `unit` ticks of the oldest of them (NaN of none)."""
    there = ages[open_]
    return NAN, float(len(there)), float(there.max()) / unit if len(there) else NAN


def sorted_quantile(values: Floats, q: float) -> float:
    """The q-quantile of sorted values, linear between order statistics (numpy's default); NaN of none."""
    if not len(values):
        return NAN
    place = q * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (place - low) * (values[high] - values[low]))
