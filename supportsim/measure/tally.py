"""Adding up a replication, in one portion or many: the tables, their sizes, and what each portion brings.

A `Plan` holds what a scenario alone decides; a `Tally` is one replication.  Both say nothing of measures: they count.
"""

from __future__ import annotations

import numpy as np

from supportsim.demand.compiling import PLAIN, all_compiled
from supportsim.engine.journal import SPANS, Journal
from supportsim.engine.portions import Portion
from supportsim.measure import crowding_sweep, waits  # noqa: F401 - the sweep is compiled with all that is
from supportsim.measure import tables as t
from supportsim.measure.at_pay import STATE, book_paid, is_too_small, share_work
from supportsim.measure.at_work import book_presence, book_work
from supportsim.measure.booking import book
from supportsim.measure.classes import CLASSES
from supportsim.measure.experience import Gathered
from supportsim.measure.months import Monthly
from supportsim.measure.plan import Plan, Table, Ticks, whole
from supportsim.measure.sorting import order_of, ordered
from supportsim.measure.tables import SPAN, Scratch, Sums
from supportsim.scenario.offers import leaves, takes_part
from supportsim.scenario.ticks import NEVER

if not PLAIN:
    all_compiled("measures")
#: Waits by interval and stretches of work that are held before they are added, where portions come.
AT_A_TIME = 1 << 20
_AT_THE_DESK = tuple(SPANS.index(name) for name in ("available", "break_due"))
_OVERTIME = SPANS.index("overtime")
_NO_SPANS = np.zeros((0, 1, t.TEAM_COLUMNS, 2), dtype=np.int64)


class Tally:
    """One replication being added up: portions of its journal come in any sizes, each whole issues."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        p, slots, days = plan, len(plan.frame.edges) + 1, len(plan.grid.dates) + 2
        keys, spans, room = p.spare.pop() if p.spare else (_zeros(0), np.zeros(0, SPAN), np.zeros(0, SPAN))
        self.sorted: Table = room  # for spans by agent
        self.sums = Sums(
            cells=_zeros(slots, p.queues, t.CELL_COLUMNS),
            promised=_zeros(slots, p.pairs, t.PROMISE_COLUMNS),
            due=_zeros(days, p.pairs, 2),
            oldest=_zeros(p.pairs),
            issues=_zeros(days, p.cells, t.ISSUE_COLUMNS),
            fillers=_zeros(days, p.queues),
            touches=_zeros(days, p.queues),
            stretches=_zeros(days, p.queues, t.STRETCH_COLUMNS, 2),
            squares=_zeros(p.queues, t.GROUPS, 5),
            waits=np.zeros((p.queues, t.STILL + 1, CLASSES), dtype=np.int32),
            still=_zeros(p.queues),
            backlog=_zeros(slots, p.queues),
            eldest=np.full((slots, p.queues), NEVER, dtype=np.int64),
            ages=_zeros(slots, p.queues, len(t.AGES)),
            front=np.tile(whole([NEVER, -1]), (p.queues, 1)),
            broken=_zeros(len(p.scenario.promises), p.segments, len(p.channels) + 1),
            anonymous=_zeros(2, p.cells),
            keys=keys,
            spans=spans,
            used=_zeros(3),
            persons=_zeros(1024),
            bits=np.zeros((1024, p.words), dtype=np.uint64),
        )
        self.team_time = _zeros(slots, p.teams, t.TEAM_COLUMNS, 2)
        self.at_work_for = np.zeros_like(self.team_time) if p.desk.moves else _NO_SPANS
        self.lost_breaks = _zeros(slots - 2, p.teams)
        self.paid = _zeros(len(p.shifts[1]), 2)  # ticks by agent-shift: paid time, overtime
        self.paid_pieces = _zeros(len(p.pieces.begins) if p.pieces else 0, 2)  # the same, cut where months begin
        self.shared = _zeros(p.teams, 2, p.most, p.segments + 1)  # ticks at work, see `at_pay.share_work`
        self.rests = _zeros(p.teams, slots - 2)
        self.wait_p95 = np.full((p.rows, slots - 2), np.nan)
        self.gathered = Gathered(plan) if any(takes_part(plan.scenario)) else None
        self.monthly = Monthly(plan) if any(leaves(plan.scenario)) else None
        self.seen = 0  # rows of presence that were there when work was added last
        self.at_desk = _zeros(0)  # those of them at the desk or in overtime that went on after that

    # ------------------------------------------------------------ portions

    def add(self, issues: Table, contacts: Table, touches: Table, end: int = NEVER) -> None:
        """Whole issues with their contacts and touches, which refer to rows of the same portion."""
        self._make_room(len(issues), len(contacts), len(touches), int(issues["customer"].max(initial=-1)) >= 0)
        scratch = self._scratch(len(issues), len(contacts))
        book(self.plan.frame, self.sums, scratch, issues, contacts, touches, end)
        if self.gathered is not None:
            self.gathered.add(scratch, issues, contacts, end)
        if self.monthly is not None:
            self.monthly.add(issues, scratch.filler)

    def take(self, portion: Portion) -> None:
        """A portion of a play that keeps no journal."""
        self.add(portion.issues, portion.contacts, portion.touches, portion.end)
        if portion.end >= NEVER and self.sums.used[:2].max() >= AT_A_TIME:
            self.settle(portion.presence, *portion.known_until())

    def settle(self, presence: Table, until: int, contacts_until: int, end: int = NEVER) -> None:
        """Once enough has come, add waits of intervals and work that nothing to come can change.

        presence: all of it up to now.  Every stretch that began before tick `until` has come, and every contact that
        was created before tick `contacts_until`.
        """
        if self.sums.used[1] >= AT_A_TIME:
            self._add_work(presence, until, end)
        if self.sums.used[0] >= AT_A_TIME:
            self._add_waits(contacts_until)

    def close(self, presence: Table, end: int, customers: Table | None = None) -> None:
        """Everything has come: the rest of it, everybody's time, and the customers who may leave."""
        p = self.plan
        if self.monthly is not None:
            self.monthly.customers = customers
        self._add_work(presence, NEVER, end)
        self._add_waits(NEVER)
        book_presence(
            p.frame, self.team_time, self.at_work_for, self.lost_breaks, p.desk.team_of, p.unpaid, presence, end
        )
        shifts, paid = (p.pieces[:2], self.paid_pieces) if p.pieces else (p.shifts, self.paid)
        book_paid(shifts, paid, p.unpaid, presence, p.grid.counted_from, min(p.grid.counted_to, end))
        self.paid = p.pieces.whole(paid) if p.pieces else paid
        self.rests = p.rests.of_who_came(presence)
        if len(self.sums.spans) <= AT_A_TIME:
            p.spare = [(self.sums.keys, self.sums.spans, self.sorted)]

    def _make_room(self, issues: int, contacts: int, touches: int, named: bool) -> None:
        used = self.sums.used
        keys, spans = _longer(self.sums.keys, used[0], contacts), _longer(self.sums.spans, used[1], touches)
        self.sums = self.sums._replace(keys=keys, spans=spans)
        if named and 2 * (used[2] + issues) > len(self.sums.persons):
            self._rehash(int(used[2]) + issues)

    def _rehash(self, persons: int) -> None:
        """At least twice as many rows as there may be persons."""
        from supportsim.measure.booking_issues import person_at

        old, bits = self.sums.persons, self.sums.bits
        size = 1 << (2 * persons).bit_length()
        new, new_bits = _zeros(size), np.zeros((size, self.plan.words), dtype=np.uint64)
        for row in np.flatnonzero(old):
            at = person_at(new, old[row])
            new[at], new_bits[at] = old[row], bits[row]
        self.sums = self.sums._replace(persons=new, bits=new_bits)

    def _scratch(self, issues: int, contacts: int) -> Scratch:
        replies = int(self.plan.frame.numbers[3])
        return Scratch(
            talk=_zeros(contacts), wrap=_zeros(contacts), running=_flags(contacts), starved=_flags(contacts),
            cell=np.full(issues, -1, dtype=np.int32), served=_flags(issues), filler=_flags(issues),
            flags=np.zeros((issues, self.plan.words), dtype=np.uint64),
            replies=_zeros(issues if replies else 0, replies, 4),
        )  # fmt: skip

    # ------------------------------------------------------------ what waits for others

    def _add_work(self, presence: Table, until: int, end: int) -> None:
        p, n = self.plan, int(self.sums.used[1])
        spans = self.sums.spans[:n]
        first_of, rows = self._at_the_desk(presence, end)
        work, fillers = self._by_agent(spans), int((spans["segment"] < 0).any())
        book_work(
            p.frame, self.team_time, self.at_work_for, p.desk.team_of, work, first_of, rows, until, fillers
        )  # fmt: skip
        if p.waged:
            self._share(work, first_of, rows, until)
        self.at_desk = self.at_desk[presence["end"][self.at_desk] > until]
        left = spans[spans["ended"] > until].copy()
        left["started"] = np.maximum(left["started"], until)
        self.sums.spans[: len(left)], self.sums.used[1] = left, len(left)

    def _by_agent(self, spans: Table) -> Table:
        """The spans by agent, then begin."""
        order = order_of(spans["started"], spans["agent"])
        if len(self.sorted) < len(spans):
            self.sorted = np.zeros(len(self.sums.spans), dtype=SPAN)
        there, found = (_words(table) for table in (spans, self.sorted[: len(spans)]))
        there.take(order, axis=0, out=found, mode="clip")  # with another mode it would first be gathered elsewhere
        return self.sorted[: len(spans)]

    def _share(self, work: Table, first_of: Ticks, rows: Ticks, until: int) -> None:
        """Share work among the contacts in hand; once more with twice the room where somebody holds more."""
        p, most = self.plan, self.shared.shape[2]
        found, state = _zeros(p.teams, 2, most, p.segments + 1), _zeros(STATE)
        begun, over = p.grid.counted_from, min(p.grid.counted_to, until)
        share_work(found, _zeros(most, 2), state, p.desk.team_of, work, first_of, rows, begun, over)
        if is_too_small(state):
            wider = np.concatenate([self.shared, np.zeros_like(self.shared)], axis=2)
            self.shared = np.ascontiguousarray(wider)
            self._share(work, first_of, rows, until)
        else:
            self.shared += found

    def _at_the_desk(self, presence: Table, end: int) -> tuple[Ticks, Ticks]:
        """First row per agent, and rows (begin, end, 1: overtime, team worked for) of who is at the desk.

        Spans that were over when work was added last have no part in what is added next.
        """
        new = np.flatnonzero(np.isin(presence["what"][self.seen :], (*_AT_THE_DESK, _OVERTIME))) + self.seen
        self.at_desk, self.seen = np.concatenate([self.at_desk, new]), len(presence)
        chosen = presence[self.at_desk]
        order = np.argsort(chosen["agent"], kind="stable")
        chosen = chosen[order]
        rows = [chosen["begin"], np.minimum(chosen["end"], end), chosen["what"] == _OVERTIME, chosen["team"]]
        first_of = np.searchsorted(chosen["agent"], np.arange(len(self.plan.desk.team_of) + 1))
        return whole(first_of), whole(np.stack(rows, axis=1)) if len(chosen) else _zeros(0, 4)

    def _add_waits(self, until: int) -> None:
        """The quantiles of intervals that end before tick `until`."""
        keys = self.sums.keys[: self.sums.used[0]]
        keys = ordered(keys, keys)[0]
        done = int(np.searchsorted(self.plan.frame.edges, until, side="right")) - 1
        ready = int(np.searchsorted(keys, max(done, 0) << (t.QUEUE_BITS + t.WAIT_BITS)))
        counted = _zeros(2, self.plan.rows)
        waits.by_slot(keys[:ready], self.plan.rows_of, 0.95, self.wait_p95, counted)
        left = keys[ready:]
        self.sums.keys[: len(left)], self.sums.used[0] = left, len(left)


def tallied(journal: Journal, plan: Plan) -> Tally:
    """A whole journal, added up."""
    tally = Tally(plan)
    tally.add(journal.issues, journal.contacts, journal.touches, journal.end)
    tally.close(journal.presence, journal.end, journal.customers)
    return tally


def _zeros(*shape: int) -> Ticks:
    return np.zeros(shape, dtype=np.int64)


def _words(spans: Table) -> Ticks:
    """Spans as rows of numbers, which are moved ten times as fast."""
    found: Ticks = spans.view(np.int64).reshape(len(spans), SPAN.itemsize // 8)
    return found


def _flags(number: int) -> Table:
    return np.zeros(number, dtype=np.int8)


def _longer(table: Table, used: int, more: int) -> Table:
    """The same rows with room for more."""
    if used + more <= len(table):
        return table
    new = np.empty(int(used) + max(more, len(table)), dtype=table.dtype)
    new[:used] = table[:used]
    return new
