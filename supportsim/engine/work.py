"""How long a touch takes and what comes of it: pure functions of the issue, its queue and its fates."""

from __future__ import annotations

from supportsim.demand.fates import PATIENCE, RESOLUTION, WORK, WRAP_UP, uniform
from supportsim.demand.laws import draw
from supportsim.demand.laws import work as work_drawn
from supportsim.engine.tables import NONE, Tables, rule


@rule
def _work(T: Tables, law: int, issue: int, n: int, purpose: int) -> int:
    """The n-th amount of work of this purpose for this issue, in ticks."""
    u = uniform(T.world[0].key, T.issues[issue].key, n, purpose)
    return work_drawn(T.laws, T.knots, law, u, T.issues[issue].aht)


@rule
def begin_work(T: Tables, contact: int) -> None:
    """Work is fixed at first start: n counts the touches worked on the issue, so that a redial keeps its work.

    A trace row's own work holds for the first touch worked.
    """
    issue, q = T.contacts[contact].issue, T.contacts[contact].queue
    n = T.issues[issue].worked
    given = n == 0 and T.issues[issue].handle >= 0
    amount = T.issues[issue].handle if given else _work(T, T.queues[q].work, issue, n, WORK)
    if given and T.issues[issue].wrap >= 0:
        wrap = T.issues[issue].wrap
    elif T.queues[q].wrap_law == NONE:
        wrap = round(amount * T.queues[q].wrap_share)
    else:
        wrap = _work(T, T.queues[q].wrap_law, issue, n, WRAP_UP)
    if given or T.queues[q].wrap_inside == 1:
        wrap = min(wrap, amount)
        amount -= wrap
    T.contacts[contact].talk = amount
    T.contacts[contact].wrap = wrap


@rule
def patience(T: Tables, issue: int, q: int, n: int) -> int:
    """How long the n-th contact of the issue would wait, ticks; a trace row's own holds for the first."""
    if n == 1 and T.issues[issue].patience >= 0:
        return T.issues[issue].patience
    u = uniform(T.world[0].key, T.issues[issue].key, n, PATIENCE)
    return draw(T.laws, T.knots, T.queues[q].patience, u, T.issues[issue].aht)


@rule
def resolves(T: Tables, contact: int) -> bool:
    """Whether the touch just worked solves the issue."""
    issue = T.contacts[contact].issue
    u = uniform(T.world[0].key, T.issues[issue].key, T.issues[issue].worked, RESOLUTION)
    return u < T.queues[T.contacts[contact].queue].resolves
