"""Who may leave, laid out: segments, kinds of experience, customers.  Empty unless a scenario has `feedback`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.cells import demand_end
from supportsim.demand.customers import customers_at, joins_after, thresholds
from supportsim.engine.tables import CUSTOMER, FEELING, FELT, INDEX, LEAVER, NONE
from supportsim.scenario.model import EXPERIENCES, Scenario
from supportsim.scenario.offers import leaves
from supportsim.scenario.ticks import NEVER
from supportsim.scenario.timeline import Timeline

Table = NDArray[Any]

#: Nobody is surer to leave within a year, unless his segment says so.
CAP = 0.95
#: What lasts there is room for at first, and what one closing leaves at most.
FELT_AT_FIRST, AT_ONCE = 1024, len(EXPERIENCES)


def logit_and_cap(churn: float | None) -> tuple[float, float]:
    """Logit of the yearly probability to leave, and its cap; minus infinity: nobody leaves."""
    if not churn:
        return -math.inf, 0.0
    return math.log(churn) - math.log1p(-churn), max(CAP, churn)


def leaver_tables(scenario: Scenario, timeline: Timeline) -> dict[str, Table]:
    """`leavers`, `feelings`, and `customers` as they are before a replication gives them thresholds."""
    people = [np.zeros(0, dtype=CUSTOMER)]
    leavers = np.zeros(max(1, len(scenario.segments)), dtype=LEAVER)
    leavers["customers_from"] = NONE
    first = 0
    for i, may_leave in enumerate(leaves(scenario)):
        if may_leave:
            people.append(_customers(scenario, timeline, i))
            leavers[i] = (first, *logit_and_cap(scenario.segments[i].churn))
            first += len(people[-1])
    customers = np.concatenate(people) if first else np.zeros(1, dtype=CUSTOMER)
    return {"leavers": leavers, "feelings": _feelings(scenario), "customers": customers}


def _feelings(scenario: Scenario) -> Table:
    """Kinds at their stated odds."""
    feelings = np.zeros(len(EXPERIENCES), dtype=FEELING)
    for felt in scenario.experience.felt if scenario.experience is not None else ():
        log = math.log(felt.stated)
        feelings[EXPERIENCES.index(felt.kind)] = (felt.lasts, log / felt.each if felt.each else log)
    return feelings


def _customers(scenario: Scenario, timeline: Timeline, segment: int) -> Table:
    """Everybody of a segment who may ever bring an issue, those of the begin first."""
    own, begin = scenario.segments[segment], timeline.counted_from
    many = int(customers_at(own, np.array([demand_end(scenario, timeline)]), begin)[0])
    found = np.zeros(max(many, own.customers or 0), dtype=CUSTOMER)
    found["segment"], found["customer"] = segment, np.arange(len(found))
    found["joined"], found["left"], found["felt"] = begin, NEVER, NONE
    new = len(found) - (own.customers or 0)
    found["joined"][len(found) - new :] += joins_after(own, new)
    found["since"] = found["joined"]
    return found


def born(scenario: Scenario, leavers: Table, customers: Table, world: int) -> dict[str, Table]:
    """What a replication begins with: customers with their own thresholds, nothing felt yet."""
    for i, may_leave in enumerate(leaves(scenario)):
        if may_leave:
            own = customers[customers["segment"] == i]
            first = leavers[i]["customers_from"]
            customers["to_bear"][first : first + len(own)] = thresholds(world, scenario.segments[i], len(own))
    felt = np.zeros(FELT_AT_FIRST, dtype=FELT)
    return {"customers": customers, "felt": felt, "counts": np.zeros(len(EXPERIENCES), dtype=np.int64).view(INDEX)}
