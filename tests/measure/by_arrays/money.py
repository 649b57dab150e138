"""Money by the rules of docs/model.md, section 12, in fractions: the other side of the comparison."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.facts import FILLER, Contacts
from measure.by_arrays.service import Cases
from measure.by_arrays.sums import ratio
from supportsim.engine.journal import SPANS, Journal
from supportsim.measure.grid import Grid
from supportsim.measure.replication import Scope
from supportsim.scenario.model import Promise, Scenario, Team
from supportsim.scenario.roster import agents, spans
from supportsim.scenario.ticks import HOUR, MONTH, NEVER

NAN = float("nan")
KINDS = ("pay", "overtime_pay", "seats", "channel_cost", "penalty", "penalty_lost", "credit")
PARTS = ("agents", "channel_cost", "penalty", "penalty_lost", "credit")
#: Ticks by agent-shift (agent, number of the shift).
Shifts = dict[tuple[int, int], int]


def micro(price: float) -> int:
    return round(Fraction(str(price)) * 1_000_000)


class Presence:
    """What everybody is paid for, by agent-shift; the spans in which he may be at work."""

    def __init__(self, scenario: Scenario, journal: Journal, grid: Grid) -> None:
        self.begin, self.end = grid.counted_from, grid.counted_to
        self.begins: dict[int, list[int]] = defaultdict(list)
        self.unpaid: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for span in spans(scenario, grid.timeline):
            self.begins[span.agent].append(span.begin)
            self.unpaid[span.agent] += [(r.due, min(r.due + r.length, span.end)) for r in span.rests if not r.paid]
        for number, agent in enumerate(agents(scenario)):
            if not scenario.teams[agent.team].shifts:
                self.begins[number] = grid.day_edges[:-1].tolist()
        self.paid: Shifts = defaultdict(int)
        self.overtime: Shifts = defaultdict(int)
        self.edges = grid.month_edges.tolist()
        #: In overtime, agent, number of the shift -> ticks in each month.
        self.in_months: dict[tuple[bool, int, int], list[int]] = defaultdict(lambda: [0] * (len(self.edges) - 1))
        self.spans: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        for row in journal.presence[["agent", "what", "begin", "end"]].tolist():
            self._span(row[0], SPANS[row[1]], row[2], min(row[3], journal.end))

    def _span(self, agent: int, what: str, begin: int, end: int) -> None:
        if what not in ("break_unpaid", "break_lost"):
            self._add(self.overtime if what == "overtime" else self.paid, agent, begin, end, 1)
        if what in ("available", "break_due", "overtime"):
            self.spans[agent].append((begin, end, what == "overtime"))
        if what == "absent":
            low = begin
            for due, over in sorted(self.unpaid[agent]):  # several may overlap: each tick once
                self._add(self.paid, agent, max(low, due), min(over, end), -1)
                low = max(low, over)

    def _add(self, to: Shifts, agent: int, begin: int, end: int, sign: int) -> None:
        begin, end = max(begin, self.begin), min(end, self.end)
        begins = self.begins[agent]
        cuts = sorted({at for at in (*begins, *self.edges) if begin < at < end})
        for low, high in itertools.pairwise([begin, *cuts, end] if begin < end else []):
            shift = bisect_right(begins, low)
            to[agent, shift] += sign * (high - low)
            self.in_months[to is self.overtime, agent, shift][bisect_right(self.edges, low) - 1] += sign * (high - low)


class Books:
    """costs: (kind, whose) -> micro-units.  whose: segment, `filler` or `unallocated` -> part -> micro-units."""

    def __init__(
        self, scenario: Scenario, journal: Journal, grid: Grid, facts: Contacts, cases: Sequence[Cases]
    ) -> None:  # fmt: skip
        self.scenario, self.journal, self.grid = scenario, journal, grid
        self.facts, self.cases = facts, cases
        self.counted = grid.counted_to - grid.counted_from
        self.team_of = [agent.team for agent in agents(scenario)]
        self.receivers = [*(segment.name for segment in scenario.segments), "filler", "unallocated"]
        self.costs: dict[tuple[str, str], int] = {}
        self.whose: dict[str, dict[str, int]] = {name: dict.fromkeys(PARTS, 0) for name in self.receivers}
        self.presence = Presence(scenario, journal, grid)
        self.worked = self._worked()
        for number, team in enumerate(scenario.teams):
            self._team(number, team)
        self._channels()
        for promise, found in zip(scenario.promises, cases, strict=True):
            self._promise(promise, found)

    # ------------------------------------------------------------ what was worked for whom

    def _worked(self) -> dict[tuple[int, bool, str], Fraction]:
        """(team, in overtime, receiver) -> ticks, 1/n of an agent's time for each of n contacts in hand."""
        found: dict[tuple[int, bool, str], Fraction] = defaultdict(Fraction)
        for agent, stretches in self._stretches().items():
            there = sorted(self.presence.spans[agent])
            for low, high, names in pieces(stretches):
                for over in (False, True):
                    ticks = sum(
                        max(0, min(high, end, self.grid.counted_to) - max(low, begin, self.grid.counted_from))
                        for begin, end, late in _near(there, low, high) if late == over
                    )  # fmt: skip
                    for name in names if ticks else ():
                        found[self.team_of[agent], over, name] += Fraction(ticks, len(names))
        return found

    def _stretches(self) -> dict[int, list[tuple[int, int, str]]]:
        table, end = self.journal.touches, self.journal.end
        found: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        filler = self.journal.contacts["kind"][table["contact"]] == FILLER
        columns = (table["agent"], table["started"], table["ended"], table["queue"], filler)
        for agent, started, ended, queue, own in zip(*(c.tolist() for c in columns), strict=True):
            if started < NEVER and agent >= 0 and started < min(ended, end):
                name = "filler" if own else self.scenario.queues[queue].segment
                found[agent].append((started, min(ended, end), name))
        return found

    # ------------------------------------------------------------ lines

    def _team(self, number: int, team: Team) -> None:
        wage = Fraction(micro(team.wage_per_hour))
        leave = wage * Fraction(str(team.leave)) / (1 - Fraction(str(team.leave)))
        overtime = wage * Fraction(str(team.overtime_factor))
        paid, over = (
            [ticks for (agent, _), ticks in rows.items() if self.team_of[agent] == number]
            for rows in (self.presence.paid, self.presence.overtime)
        )
        present, absent = (sum(round(price * t / HOUR) for t in paid) for price in (wage, leave))
        late = sum(round(overtime * t / HOUR) for t in over)
        heads = max((n for _, n in team.heads), default=0) if team.heads is not None else self.team_of.count(number)
        seats = heads * round(Fraction(micro(team.seat_per_month) * self.counted, MONTH))
        self.costs |= {("pay", team.name): present + absent, ("overtime_pay", team.name): late}
        self.costs["seats", team.name] = seats
        self._share(number, False, present, sum(paid))
        self._share(number, True, late, sum(over))
        self.whose["unallocated"]["agents"] += absent + seats

    def _share(self, team: int, over: bool, amount: int, ticks: int) -> None:
        parts = [self.worked.get((team, over, name), Fraction(0)) for name in self.receivers[:-1]]
        exact = [Fraction(0)] * len(parts) if not ticks else [amount * part / ticks for part in parts]
        exact.append(amount - sum(exact))
        whole = [int(part) for part in exact]  # all are 0 or more: rounded down
        assert min(exact) >= 0
        by_rest = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
        for i in by_rest[: amount - sum(whole)]:
            whole[i] += 1
        for name, part in zip(self.receivers, whole, strict=True):
            self.whose[name]["agents"] += part

    def _channels(self) -> None:
        through = self.facts.counted & ~self.facts.blocked & ~self.facts.turned_away
        number = np.bincount(self.journal.contacts["queue"][through], minlength=len(self.scenario.queues)).tolist()
        for channel in self.scenario.channels:
            month = round(Fraction(micro(channel.cost_per_month) * self.counted, MONTH))
            self.whose["unallocated"]["channel_cost"] += month
            self.costs["channel_cost", channel.name] = month
            for queue, contacts in zip(self.scenario.queues, number, strict=True):
                if queue.channel == channel.name:
                    self.costs["channel_cost", channel.name] += contacts * micro(channel.cost_per_contact)
                    self.whose[queue.segment]["channel_cost"] += contacts * micro(channel.cost_per_contact)

    def _promise(self, promise: Promise, found: Cases) -> None:
        due = {"penalty": micro(promise.penalty), "penalty_lost": micro(promise.penalty_lost)}
        for kind, price in due.items():
            self.costs[kind, promise.name] = 0
            for cell in found.cell[priced(kind, promise, found)].tolist():
                self.costs[kind, promise.name] += price
                self.whose[self.scenario.queues[cell].segment][kind] += price
        self.costs["credit", promise.name] = micro(promise.credit) * self._missed(promise, found)
        self.whose["unallocated"]["credit"] += self.costs["credit", promise.name]

    def _missed(self, promise: Promise, found: Cases) -> int:
        period = self.grid.periods(promise.judged)[self.grid.day_of(found.created)]
        kept, judged = (np.bincount(period, found.columns[name]) for name in ("kept", "judged"))
        share = ratio(kept, judged)
        return int(((judged > 0) & (share < promise.share - 1e-12)).sum())

    # ------------------------------------------------------------ as they are told

    def lines(self) -> NDArray[np.int64]:
        scenario = self.scenario
        own = (*(scenario.teams,) * 3, scenario.channels, *(scenario.promises,) * 3)
        names = [(kind, each.name) for kind, whose in zip(KINDS, own, strict=True) for each in whose]
        return np.array([self.costs[name] for name in names], dtype=np.int64)

    def allocated(self) -> NDArray[np.int64]:
        return np.array([[self.whose[name][part] for part in PARTS] for name in self.receivers], dtype=np.int64)

    def in_currency(self, kind: str) -> dict[str, float]:
        """Whose -> amount, and of `all`."""
        found = {whose: amount for (own, whose), amount in self.costs.items() if own == kind}
        return {whose: amount / 1e6 for whose, amount in (found | {"all": sum(found.values())}).items()}

    def by_day(self, hours: dict[str, NDArray[np.float64]]) -> list[float]:
        """Cost of single days, case by case; hours: `paid` and `overtime`, (teams, days)."""
        edges, found = self.grid.day_edges, [0.0] * len(self.grid.dates)
        for day in range(len(found)):
            part = (edges[day + 1] - edges[day]) / self.counted
            for t, team in enumerate(self.scenario.teams):
                wage = micro(team.wage_per_hour) / 1e6
                found[day] += wage * hours["paid"][t, day] / (1 - team.leave)
                found[day] += wage * team.overtime_factor * hours["overtime"][t, day]
                found[day] += self.costs["seats", team.name] / 1e6 * part
            for channel in self.scenario.channels:
                found[day] += round(Fraction(micro(channel.cost_per_month) * self.counted, MONTH)) / 1e6 * part
        price = {channel.name: micro(channel.cost_per_contact) / 1e6 for channel in self.scenario.channels}
        through = self.facts.counted & ~self.facts.blocked & ~self.facts.turned_away
        for created, queue in self.journal.contacts[through][["created", "queue"]].tolist():
            found[bisect_right(edges.tolist(), created) - 1] += price[self.scenario.queues[queue].channel]
        for promise, cases in zip(self.scenario.promises, self.cases, strict=True):
            day = self.grid.day_of(cases.created)
            for kind, each in (("penalty", promise.penalty), ("penalty_lost", promise.penalty_lost)):
                for at in day[priced(kind, promise, cases)].tolist():
                    found[at] += micro(each) / 1e6
            periods = self.grid.periods(promise.judged).tolist()
            for period in sorted(set(periods)):
                mine = np.array(periods)[day] == period
                kept, judged = (int(cases.columns[name][mine].sum()) for name in ("kept", "judged"))
                if judged and kept / judged < promise.share - 1e-12:
                    found[len(periods) - 1 - periods[::-1].index(period)] += micro(promise.credit) / 1e6
        return found

    def fine(self, kind: str, scope: Scope) -> float:
        """What a promise costs within a scope."""
        promise, found = self.scenario.promises[scope.promise], self.cases[scope.promise]
        if kind == "credit":
            return NAN if scope.selector else self.costs[kind, promise.name] / 1e6
        if kind == "penalty_lost" and promise.clock != "answer":
            return NAN
        cases = int((priced(kind, promise, found) & scope.cells[found.cell]).sum())
        return cases * micro(getattr(promise, kind)) / 1e6


def priced(kind: str, promise: Promise, found: Cases) -> NDArray[np.bool_]:
    """Which cases cost a penalty, or the penalty of a lost contact."""
    if kind == "penalty":
        return found.columns["missed"] > 0
    if promise.clock != "answer":
        return np.zeros(len(found.cell), dtype=bool)
    lost = ("abandoned", "blocked", "disconnected", "timed_out")
    return np.any([found.columns[name] > 0 for name in lost], axis=0)


def pieces(stretches: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, list[str]]]:
    """Spans between two changes of what an agent holds, and for whom he works then."""
    events = [(begin, 1, name) for begin, _, name in stretches] + [(end, 0, name) for _, end, name in stretches]
    held: list[str] = []
    before = 0
    for at, comes, name in sorted(events):
        if held and at > before:
            yield before, at, list(held)
        before = at
        if comes:
            held.append(name)
        else:
            held.remove(name)


def _near(there: list[tuple[int, int, bool]], low: int, high: int) -> list[tuple[int, int, bool]]:
    """Those of sorted disjoint spans that may meet [low, high)."""
    first = max(bisect_right(there, (low, NEVER, True)) - 1, 0)
    last = bisect_right(there, (high, NEVER, True))
    return there[first:last]
