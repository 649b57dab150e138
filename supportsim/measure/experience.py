"""What closed issues leave with their customers, gathered portion by portion, and who is expected to leave of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import ISSUE_STATES
from supportsim.engine.leavers import logit_and_cap
from supportsim.scenario.model import EXPERIENCES, Experience, Felt
from supportsim.scenario.offers import takes_part

if TYPE_CHECKING:
    from supportsim.measure.earned import Earners
    from supportsim.measure.plan import Plan
    from supportsim.measure.tables import Scratch
    from supportsim.scenario.model import Scenario

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]

OPINIONS = ("low", "stated", "high")
LOW, STATED, HIGH = range(3)
#: Beside the three: the logarithms of the stated odds times these, to find where a choice flips.
FACTORS = (0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 3.0, 4.0)
#: And each kind by itself at so many odds, the others as stated: from low to high, equally far on the logarithm.
BY_KIND = 5
#: Before the kinds of experience, in `Churned.felt`.
CLOSINGS, STILL_OPEN = 0, 1
_OPEN = (ISSUE_STATES.index("open"), ISSUE_STATES.index("cut"))


class Churned(NamedTuple):
    """Of one replication, by segment; zeros for segments that take no part.

    lost: (segments, columns of `odds_of`) customers.  cost: the same in micro-units.  felt: (segments, closings, still
    open, EXPERIENCES) of counted closings; waiting in ticks.
    """

    lost: Floats
    cost: Whole
    felt: Whole


def odds_of(experience: Experience) -> Floats:
    """(EXPERIENCES, columns): logarithm of the odds ratio of each count, of each tick of waiting.

    Columns are OPINIONS, FACTORS, then BY_KIND for each kind that is stated, where there are several.
    """
    alone = kinds_alone(experience)
    found = np.zeros((len(EXPERIENCES), column_of(len(alone), 0)))
    for felt in experience.felt:
        logs = [math.log(getattr(felt, name)) for name in OPINIONS]
        row = np.full(found.shape[1], logs[STATED])
        row[: column_of(0, 0)] = [*logs, *(factor * logs[STATED] for factor in FACTORS)]
        if felt in alone:
            own = alone.index(felt)
            row[column_of(own, 0) : column_of(own + 1, 0)] = np.log(tried_alone(felt))
        found[EXPERIENCES.index(felt.kind)] = row / felt.each if felt.each else row
    return found


def column_of(kind: int, point: int) -> int:
    """The column in which the k-th kind of `kinds_alone` is at one of its own odds."""
    return len(OPINIONS) + len(FACTORS) + BY_KIND * kind + point


def kinds_alone(experience: Experience) -> tuple[Felt, ...]:
    """Kinds that are tried by themselves: all of several; a single one is what all odds together are."""
    return experience.felt if len(experience.felt) > 1 else ()


def tried_alone(felt: Felt) -> tuple[float, ...]:
    """The odds a kind is tried at: from low to high; where these are one, from 1 (nobody minds) to their square."""
    low, high = (felt.low, felt.high) if felt.low != felt.high else (1.0, felt.stated**2)
    return tuple(float(odds) for odds in np.geomspace(low, high, BY_KIND))


def lasting(experience: Experience) -> Whole:
    """Ticks that each kind lasts; 0: it is not stated."""
    by_kind = {felt.kind: felt.lasts for felt in experience.felt}
    return np.array([by_kind.get(kind, 0) for kind in EXPERIENCES], dtype=np.int64)


def worth_of_one(churn: float, discount: float) -> float:
    """Years of margin a customer is worth: 1 / (hazard of leaving + ln(1 + discount))."""
    rate = -math.log1p(-churn) + math.log1p(discount)
    return 1 / rate if rate > 0 else 0.0


class Gathered:
    """What issues left, as they come; each is over with all its contacts, or at the end of play."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.takes = np.array(takes_part(plan.scenario), dtype=bool)
        self.who: list[Whole] = [np.zeros((0, 5), dtype=np.int64)]  # segment, customer, ended, asked, 1: still open
        self.keys: list[NDArray[np.uint64]] = [np.zeros(0, dtype=np.uint64)]
        self.felt: list[Whole] = [np.zeros((0, len(EXPERIENCES)), dtype=np.int64)]

    def add(self, scratch: Scratch, issues: Any, contacts: Any, end: int) -> None:
        """The issues of a portion; `scratch` as `booking.book` left it."""
        from supportsim.measure.booking_experience import suffer

        felt = np.zeros((len(issues), len(EXPERIENCES)), dtype=np.int64)
        suffer(self.plan.frame, scratch, issues, contacts, felt, end)
        mine = self.takes[issues["segment"]] & (scratch.filler == 0) & (issues["customer"] >= 0)
        own = issues[mine]
        still = np.isin(own["state"], _OPEN)
        columns = (own["segment"], own["customer"], np.minimum(own["ended"], end), own["asked"], still)
        self.who.append(np.stack([np.asarray(column, dtype=np.int64) for column in columns], axis=1))
        self.keys.append(own["key"].copy())
        self.felt.append(felt[mine])

    def churned(self, scenario: Scenario, earners: Earners, world: int) -> Churned:
        """Who is lost, and what that costs, by the odds of `scenario`, in which the same may have happened."""
        from supportsim.measure.closings import close

        who, felt, counted = self._sorted()
        experience, segments = scenario.experience, scenario.segments
        assert experience is not None
        odds = odds_of(experience)
        lost, cost = np.zeros((len(segments), odds.shape[1])), np.zeros((len(segments), odds.shape[1]))
        base = np.array([logit_and_cap(each.churn) for each in segments])
        close(
            np.ascontiguousarray(who[:, :2]), np.ascontiguousarray(who[:, 2]), counted, felt,
            self._worth(experience, earners, world, who), base, lasting(experience), odds, lost, cost,
        )  # fmt: skip
        if np.abs(cost).max(initial=0.0) > 9e18:
            raise OverflowError("more than 9,000,000,000,000 of the currency in one replication")
        return Churned(lost, np.rint(cost).astype(np.int64), _sums(who, felt, counted, len(segments)))

    def _sorted(self) -> tuple[Whole, Whole, Whole]:
        """By customer, then closing; at the same tick the issue that arose first, then the lower key."""
        from supportsim.measure.sorting import order_of

        who, keys, felt = np.concatenate(self.who), np.concatenate(self.keys), np.concatenate(self.felt)
        order = order_of(keys, who[:, 3], who[:, 2], who[:, 1], who[:, 0])
        who, edges = who[order], self.plan.frame.edges
        counted = (edges[0] <= who[:, 3]) & (who[:, 3] < edges[-1])
        in_order: Whole = np.ascontiguousarray(felt[order])
        return who, in_order, counted.astype(np.int64)

    def _worth(self, experience: Experience, earners: Earners, world: int, who: Whole) -> Floats:
        """Micro-units each row's customer is worth; 0 where no margin is stated."""
        found = np.zeros(len(who))
        for i, people in enumerate(earners.segments):
            churn = people.segment.churn
            if churn is not None and people.margin_known:
                mine = who[:, 0] == i
                own = people.margins(world, who[mine, 1])
                found[mine] = 12.0 * own * worth_of_one(churn, experience.discount)
        return found


def _sums(who: Whole, felt: Whole, counted: Whole, segments: int) -> Whole:
    """Per segment: counted closings, those still open, and all kinds."""
    found = np.zeros((segments, 2 + len(EXPERIENCES)), dtype=np.int64)
    rows = np.concatenate([np.ones((len(who), 1), dtype=np.int64), who[:, 4:], felt], axis=1)
    for segment in range(segments):
        found[segment] = rows[(counted == 1) & (who[:, 0] == segment)].sum(axis=0)
    return found
