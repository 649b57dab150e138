"""What the desk costs and whose cost it is, in whole micro-units of the currency: docs/model.md, section 12.

Amounts are rounded at the smallest row; everything here is a sum of such rows, so that lines add up to the company's
cost, and segments, filler and what is unallocated add up to the same, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.leave import with_leave
from supportsim.measure.prices import by_month, divided, micro, priced, wages
from supportsim.measure.promised import Promised
from supportsim.measure.sums import Cube, Floats
from supportsim.scenario.model import Scenario

if TYPE_CHECKING:
    from supportsim.measure.grid import Grid
    from supportsim.measure.tally import Tally

Whole = NDArray[np.int64]

#: Kinds of cost; the first three are a team's, the fourth a channel's, the rest a promise's.
KINDS = ("pay", "overtime_pay", "seats", "channel_cost", "penalty", "penalty_lost", "credit")
#: What an allocation tells apart: pay, overtime pay and seats are `agents`.
PARTS = ("agents", *KINDS[3:])
_AGENTS, _CHANNELS, _PENALTY, _, _CREDIT = range(5)


@dataclass(frozen=True)
class Money:
    """One replication.  lines: per `Ledger.lines`.  allocated: (segments, filler, unallocated; PARTS)."""

    lines: Whole
    allocated: Whole


class Ledger:
    """The prices of a scenario, and the lines its costs are kept in."""

    def __init__(self, scenario: Scenario, grid: Grid) -> None:
        self.scenario = scenario
        counted = grid.counted_to - grid.counted_from
        self.wages = [wages(team, counted) for team in scenario.teams]
        self.contact = [micro(channel.cost_per_contact) for channel in scenario.channels]
        self.months = [by_month(channel.cost_per_month, counted) for channel in scenario.channels]
        self.promised = [(micro(p.penalty), micro(p.penalty_lost), micro(p.credit)) for p in scenario.promises]
        names = [channel.name for channel in scenario.channels]
        self.channel_of = [names.index(queue.channel) for queue in scenario.queues]
        of = (scenario.teams,) * 3, (scenario.channels,), (scenario.promises,) * 3
        owners = [each for group in of for each in group]
        self.lines = tuple((kind, each.name) for kind, own in zip(KINDS, owners, strict=True) for each in own)

    def kept(self, tally: Tally, cube: Cube, promised: Sequence[Promised]) -> Money:
        """The books of one replication.  Raises OverflowError for amounts that 64 bits do not hold."""
        try:
            return _Books(self, tally, cube, promised).money()
        except OverflowError:
            raise OverflowError("more than 9,000,000,000,000 of the currency in one replication") from None

    def of(self, kind: str) -> slice:
        """The lines of one kind, which stand together: per team, channel or promise."""
        mine = [i for i, line in enumerate(self.lines) if line[0] == kind]
        return slice(mine[0], mine[-1] + 1) if mine else slice(0)


class _Books:
    """The work on one replication."""

    def __init__(self, ledger: Ledger, tally: Tally, cube: Cube, promised: Sequence[Promised]) -> None:
        self.ledger, self.tally, self.plan = ledger, tally, tally.plan
        self.cube, self.promised = cube, promised
        self.segments = self.plan.segments
        self.segment_of = self.plan.segment_of[: self.plan.queues]
        self.found: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self.allocated = np.zeros((self.segments + 2, len(PARTS)), dtype=np.int64)

    def money(self) -> Money:
        for team in range(self.plan.teams):
            self._team(team)
        self._channels()
        for promise, prices in zip(self.promised, self.ledger.promised, strict=True):
            self._promise(promise, *prices)
        lines = np.array([amount for kind in KINDS for amount in self.found[kind]], dtype=np.int64)
        if lines.sum(dtype=np.float64) > 9e18:
            raise OverflowError
        return Money(lines, self.allocated)

    def _team(self, team: int) -> None:
        prices, paid = self.ledger.wages[team], self.tally.paid[self.plan.shifts_of(team)]
        pay, leave = (priced(price, paid[:, 0]) for price in (prices.wage, prices.leave))
        overtime = priced(prices.overtime, paid[:, 1])
        for kind, amount in zip(KINDS, (pay + leave, overtime, prices.seats), strict=False):
            self.found[kind].append(amount)
        if not prices.wage:
            self._allocate(_AGENTS, [prices.seats])
            return
        for amount, over in ((pay, 0), (overtime, 1)):
            self._allocate(_AGENTS, divided(amount, _shares(self.tally.shared[team, over], int(paid[:, over].sum()))))
        self._allocate(_AGENTS, [leave + prices.seats])

    def _allocate(self, part: int, amounts: Sequence[int]) -> None:
        """The last amounts of a column: of the segments, filler and unallocated, or of unallocated alone."""
        self.allocated[-len(amounts) :, part] += np.array(amounts, dtype=np.int64)

    def _channels(self) -> None:
        through = (self.cube["contacts"] - self.cube["blocked"] - self.cube["turned_away"]).sum(axis=1)
        scenario, ledger = self.plan.scenario, self.ledger
        number = [0] * len(scenario.channels)
        for queue, contacts in enumerate(through[: self.plan.queues].tolist()):
            channel = int(self.plan.frame.channel[queue])
            number[channel] += int(contacts)
            self.allocated[self.segment_of[queue], _CHANNELS] += ledger.contact[channel] * int(contacts)
        for price, n, months in zip(ledger.contact, number, ledger.months, strict=True):
            self.found["channel_cost"].append(price * n + months)
        self._allocate(_CHANNELS, [sum(ledger.months)])

    def _promise(self, promise: Promised, penalty: int, lost: int, credit: int) -> None:
        due = [0, 0, credit * promise.missed_periods() if credit else 0]
        for queue, broken, gone in promise.by_queue if penalty or lost else ():
            for k, amount in enumerate((penalty * broken, lost * gone)):
                due[k] += amount
                self.allocated[self.segment_of[queue], _PENALTY + k] += amount
        self._allocate(_CREDIT, due[2:])
        for kind, amount in zip(KINDS[4:], due, strict=True):
            self.found[kind].append(amount)


def _shares(worked: Whole, ticks: int) -> list[int]:
    """Parts of so many ticks: of each receiver what was worked for it, 1/n where n were in hand, and what is left.

    worked: (number in hand - 1, receivers).  As whole numbers of a common part of a tick.
    """
    numbers = np.flatnonzero(worked.any(axis=1)) + 1
    common = lcm(*numbers.tolist())
    parts = [0] * worked.shape[1]
    for n in numbers.tolist():
        parts = [part + more * (common // n) for part, more in zip(parts, worked[n - 1].tolist(), strict=True)]
    return [*parts, ticks * common - sum(parts)]


def leave_hours(scenario: Scenario, paid: Floats) -> Floats:
    """Paid hours of leave that come with paid hours by team and day: nobody works them."""
    more: Floats = np.array([with_leave(team.leave) - 1 for team in scenario.teams]).reshape(-1, 1)
    return more * paid
