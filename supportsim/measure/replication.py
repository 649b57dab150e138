"""All measures of one replication, reduced to a few arrays that are cheap to keep and to send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import Journal
from supportsim.measure import catalogue
from supportsim.measure.ages import deferred_rows
from supportsim.measure.causes import Causes
from supportsim.measure.causes import Scope as RestsOn
from supportsim.measure.causes import scopes as rests_on
from supportsim.measure.causes_of_replies import ReplyScope
from supportsim.measure.causes_of_replies import scopes as replies_rest_on
from supportsim.measure.classes import WaitCounts
from supportsim.measure.crowding_plan import Crowding, CrowdingPlan
from supportsim.measure.desk import Desk
from supportsim.measure.earned import Earners
from supportsim.measure.experience import Churned
from supportsim.measure.grid import Grid
from supportsim.measure.intervals import Row, groups, rows
from supportsim.measure.money import Ledger
from supportsim.measure.money_months import NO_COSTS
from supportsim.measure.months import NO_MONTHS
from supportsim.measure.plan import Plan
from supportsim.measure.selectors import cells, cover, selectors, sorted_pairs
from supportsim.measure.sums import Floats
from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import is_earning, leaves, takes_part

if TYPE_CHECKING:
    from supportsim.engine.portions import Rest, Take


NOBODY = Churned(np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=np.int64))
NOTHING: NDArray[np.int64] = np.zeros((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Measured:
    """One replication.  `rows`: (numerator, denominator, value) per key of `Yardstick.keys`, NaN if none.

    daily: values of single days, shape (len(daily_keys), days). periods: per promise the share of each judged period.
    kept, judged: int32 (promises, intervals). answered, waited: likewise of `answer` promises, the contacts covered on
    which work began and (int64) ticks that these waited, booked to the interval of their creation. intervals: see
    `intervals.interval_sums`. beside: per promise scope what became of its contacts (BESIDE), NaN where it judges
    issues. coming: per queue contacts offered or blocked. teams: hours (money, counts) per TEAM_COLUMNS and team.
    bridge: int64 ticks per BRIDGE_COLUMNS, team and interval. lines, allocated: whole micro-units, see `money.Money`.
    wait_counts: contacts by their wait. still_waiting: shares without an answer, (`pairs`, survival.POINTS). ages:
    (BANDS, rows of deferred channels, intervals). waiting: (deferred channels, intervals) the backlog. eldest: hours,
    (rows of deferred channels, intervals) the age of the oldest in it, 0 where nothing is. causes: what was there in
    all intervals and in those in which a promise was missed. crowding: because of whom people waited; None where no
    journal was kept. income: int64 (segments, margin and support price) micro-units, see `earned.Earners`; empty where
    nothing is known of it. inversions: see `inversions.Inversions`, empty where nothing states a margin or no journal
    is kept. churned: who is expected to leave, empty where no segment takes part in it. months: (segments, months,
    months.COLUMNS) where customers leave in the play, else empty; month_costs: likewise, (months, money.KINDS)
    micro-units.
    """

    replication: int
    rows: Floats
    daily: Floats
    periods: tuple[Floats, ...]
    kept: NDArray[np.int32]
    judged: NDArray[np.int32]
    intervals: Floats
    beside: Floats
    coming: Floats
    teams: Floats
    bridge: NDArray[np.int64]
    lines: NDArray[np.int64]
    allocated: NDArray[np.int64]
    journal_xxh128: str
    wait_counts: WaitCounts
    still_waiting: Floats
    ages: NDArray[np.int64]
    waiting: NDArray[np.int32]
    eldest: NDArray[np.float32]
    causes: Causes
    crowding: Crowding | None = None
    income: NDArray[np.int64] = field(default_factory=lambda: NOTHING)
    inversions: Floats = field(default_factory=lambda: np.zeros(0))
    churned: Churned = NOBODY
    months: NDArray[np.int64] = field(default_factory=lambda: NO_MONTHS)
    month_costs: NDArray[np.int64] = field(default_factory=lambda: NO_COSTS)
    answered: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))
    waited: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))


#: The availability bridge and what is paid; hours unless the name says otherwise.
TEAM_COLUMNS = (
    "rostered", "absent", "off_desk", "breaks_paid", "breaks_unpaid", "present", "handling", "wrap_up",
    "idle", "filler",
    "overtime", "overtime_work", "busy", "busy_or_idle", "lost_breaks", "paid", "leave", "pay",
    "overtime_pay", "seats",
)  # fmt: skip

#: The availability bridge of single intervals.
BRIDGE_COLUMNS = (
    "rostered", "absent", "off_desk", "breaks_paid", "breaks_unpaid", "present", "handling", "wrap_up", "idle",
    "filler", "overtime",
)  # fmt: skip

#: What became of the contacts an `answer` promise covers, whether or not its formula counts them.
BESIDE = ("answered", "abandoned", "disconnected", "timed_out", "blocked", "turned_away", "still_waiting")


@dataclass(frozen=True)
class Scope:
    """A promise over all it covers (`selector` empty) or over one segment on one channel of it."""

    promise: int
    selector: str
    cells: NDArray[np.bool_]


class Yardstick:
    """Everything about measuring a scenario that does not depend on the replication."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.grid = Grid(scenario)
        self.desk = Desk(scenario, self.grid)
        self.selectors = selectors(scenario)
        self.cells = cells(scenario)
        self.scopes = scopes(scenario)

    @cached_property
    def table(self) -> tuple[Row, ...]:
        """The rows of the intraday table, then its groups of teams."""
        return (*rows(self.scenario), *groups(self.scenario))

    @cached_property
    def deferred(self) -> tuple[Row, ...]:
        """The rows of which the backlog is told by age."""
        return tuple(row for _, row in deferred_rows(self.scenario))

    @cached_property
    def deferred_places(self) -> tuple[int, ...]:
        """Where these stand in the intraday table."""
        return tuple(place for place, _ in deferred_rows(self.scenario))

    @cached_property
    def pairs(self) -> tuple[NDArray[np.int64], ...]:
        """The queues of each segment on each channel, in the order of `sorted_pairs`."""
        return tuple(np.flatnonzero(cover(self.scenario, *pair)) for pair in sorted_pairs(self.scenario))

    @cached_property
    def rests_on(self) -> tuple[RestsOn, ...]:
        """What each promise of an answer rests on."""
        return rests_on(self.scenario)

    @cached_property
    def replies_rest_on(self) -> tuple[ReplyScope, ...]:
        """What each promise of a first reply rests on."""
        return replies_rest_on(self.scenario)

    @cached_property
    def plan(self) -> Plan:
        """What is counted where."""
        return Plan(self.scenario, self.grid, self.desk, [row.cells for row in self.table])

    @cached_property
    def crowding_plan(self) -> CrowdingPlan:
        """Who is asked for what, for the crowding matrix."""
        return CrowdingPlan(self.scenario, self.grid.timeline)

    @cached_property
    def ledger(self) -> Ledger:
        """The prices, in micro-units."""
        return Ledger(self.scenario, self.grid)

    @cached_property
    def customers(self) -> Earners:
        """The customers there are."""
        return Earners(self.scenario, self.grid)

    @cached_property
    def earners(self) -> Earners | None:
        """The same where something is known of what they bring."""
        return self.customers if is_earning(self.scenario) else None

    @cached_property
    def money(self) -> tuple[catalogue.Measure, ...]:
        """The measures of money: what is earned only where it is known."""
        earned = catalogue.INCOME_MEASURES if self.earners else ()
        leaving = catalogue.LEAVING_MEASURES if self.leaves.any() else ()
        return (*catalogue.MONEY_MEASURES, *earned, *(catalogue.CHURN_MEASURES if self.churns else ()), *leaving)

    @cached_property
    def takes_part(self) -> NDArray[np.bool_]:
        """Of which segments it is expected who leaves for what he experiences."""
        return np.array(takes_part(self.scenario), dtype=bool)

    @cached_property
    def leaves(self) -> NDArray[np.bool_]:
        """Of which segments customers leave in the play."""
        return np.array(leaves(self.scenario), dtype=bool)

    @property
    def churns(self) -> bool:
        """Whether any does."""
        return bool(self.takes_part.any())

    @cached_property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """(selector, measure) of every row, in the order of `Measured.rows`."""
        by_selector = (*catalogue.CONTACT_MEASURES, *catalogue.ISSUE_MEASURES, *catalogue.TIME_MEASURES)
        groups = (
            (self.selectors.names, by_selector),
            (("all", *(t.name for t in self.scenario.teams)), catalogue.TEAM_MEASURES),
            (tuple(self.scope_name(s) for s in self.scopes), catalogue.PROMISE_MEASURES),
            (("all", *(s.name for s in self.scenario.segments)), self.money),
        )
        return tuple((name, m.id) for names, measures in groups for name in names for m in measures)

    @cached_property
    def places(self) -> dict[tuple[str, str], int]:
        """The row of each key."""
        return {key: i for i, key in enumerate(self.keys)}

    @cached_property
    def daily_keys(self) -> tuple[tuple[str, str], ...]:
        """The keys whose single days are kept."""
        return tuple(
            key for key in self.keys
            if key[1] in catalogue.DAILY or (key[0] == "all" and key[1] in catalogue.DAILY_OF_ALL)
        )  # fmt: skip

    def scope_name(self, scope: Scope) -> str:
        """`promise` or `promise segment channel`."""
        return f"{self.scenario.promises[scope.promise].name} {scope.selector}".strip()


def scopes(scenario: Scenario) -> tuple[Scope, ...]:
    """Each promise as a whole, then, where it covers several, each segment on each channel."""
    found = []
    for i, promise in enumerate(scenario.promises):
        covered = np.array([*promise.queues, *(False for _ in scenario.segments)], dtype=bool)
        found.append(Scope(i, "", covered))
        parts = [(f"{s} {c}", covered & cover(scenario, s, c)) for s, c in sorted_pairs(scenario)]
        real = [Scope(i, name, mask) for name, mask in parts if mask.any()]
        found += real if len(real) > 1 else []
    return tuple(found)


def measured_in_portions(play: Callable[[Take], Rest], yardstick: Yardstick, seed: int, replication: int) -> Measured:
    """Measure a play of this seed that keeps no journal: `play` hands its portions to what it is given.

    The same numbers as those of its journal; there is no hash of one, and no crowding matrix.
    """
    from supportsim.measure.reduction import reduced
    from supportsim.measure.tally import Tally

    tally = Tally(yardstick.plan)
    rest = play(tally.take)
    tally.close(rest.presence, rest.end, rest.customers)
    return reduced(tally, yardstick, seed, replication, "")


def measured(journal: Journal, yardstick: Yardstick, crowded: bool = True) -> Measured:
    """Reduce one journal; `crowded`: and say who waits for whom."""
    from supportsim.measure.crowding import crowding
    from supportsim.measure.reduction import reduced
    from supportsim.measure.tally import tallied

    tally = tallied(journal, yardstick.plan)
    found = reduced(tally, yardstick, journal.seed, journal.replication, journal.xxh128())
    if not crowded:
        return found
    return replace(found, crowding=crowding(journal, yardstick.crowding_plan, yardstick.plan.frame))
