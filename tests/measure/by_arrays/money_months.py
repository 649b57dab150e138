"""Cost of calendar months by the rules of docs/model.md, section 12, in fractions: the other side of the comparison."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from measure.by_arrays.money import KINDS, Books, micro, priced
from supportsim.scenario.ticks import HOUR, MONTH


def costs(books: Books) -> NDArray[np.int64]:
    """(months, KINDS), row by row."""
    edges = books.grid.month_edges.tolist()
    found = np.zeros((len(edges) - 1, len(KINDS)), dtype=np.int64)

    def add(kind: str, month: int, amount: int) -> None:
        found[month, KINDS.index(kind)] += amount

    lengths = [b - a for a, b in pairwise(edges)]
    _people(books, add)
    for team in books.scenario.teams:
        for month, amount in enumerate(spread(books.costs["seats", team.name], lengths)):
            add("seats", month, amount)
    for channel in books.scenario.channels:
        whole = round(Fraction(micro(channel.cost_per_month) * books.counted, MONTH))
        for month, amount in enumerate(spread(whole, lengths)):
            add("channel_cost", month, amount)
    price = {channel.name: micro(channel.cost_per_contact) for channel in books.scenario.channels}
    through = books.facts.counted & ~books.facts.blocked & ~books.facts.turned_away
    for created, queue in books.journal.contacts[through][["created", "queue"]].tolist():
        add("channel_cost", bisect_right(edges, created) - 1, price[books.scenario.queues[queue].channel])
    _promises(books, edges, add)
    return found


def spread(amount: int, parts: list[int]) -> list[int]:
    """By largest remainder, of equal ones the first."""
    exact = [Fraction(amount * part, sum(parts)) for part in parts]
    whole = [int(each) for each in exact]
    for i in sorted(range(len(parts)), key=lambda i: (whole[i] - exact[i], i))[: amount - sum(whole)]:
        whole[i] += 1
    return whole


def _people(books: Books, add) -> None:  # type: ignore[no-untyped-def]
    for (over, agent, _), ticks in books.presence.in_months.items():
        team = books.scenario.teams[books.team_of[agent]]
        wage, leave = Fraction(micro(team.wage_per_hour)), Fraction(str(team.leave))
        prices = [wage * Fraction(str(team.overtime_factor))] if over else [wage, wage * leave / (1 - leave)]
        for price in prices if sum(ticks) else ():
            for month, amount in enumerate(spread(round(price * sum(ticks) / HOUR), ticks)):
                add("overtime_pay" if over else "pay", month, amount)


def _promises(books: Books, edges: list[int], add) -> None:  # type: ignore[no-untyped-def]
    for promise, cases in zip(books.scenario.promises, books.cases, strict=True):
        for kind in ("penalty", "penalty_lost"):
            for created in cases.created[priced(kind, promise, cases)].tolist():
                add(kind, bisect_right(edges, created) - 1, micro(getattr(promise, kind)))
        periods = books.grid.periods(promise.judged)
        of_case = periods[books.grid.day_of(cases.created)]
        for period in sorted(set(periods.tolist())):
            kept, judged = (int(cases.columns[name][of_case == period].sum()) for name in ("kept", "judged"))
            if judged and kept / judged < promise.share - 1e-12:
                last = int(np.flatnonzero(periods == period)[-1])
                add("credit", bisect_right(edges, books.grid.day_edges[last]) - 1, micro(promise.credit))
