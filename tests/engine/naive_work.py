"""Work of the naive desk: how much there is, and how fast it falls."""

from __future__ import annotations

from naive_state import Agent, Issue, Stretch, Touch, World, drawn

from supportsim.demand import fates
from supportsim.scenario.model import Channel, Work
from supportsim.scenario.ticks import NEVER, WORK_LIMIT, tick


def speed(channel: Channel, in_hand: int) -> int:
    """Work done per tick with so many contacts in hand."""
    return channel.speeds[in_hand - 1] if channel.speeds else 1


def amounts(world: World, issue: Issue, work: Work, factor: float) -> tuple[int, int]:
    """Ticks of talk and of wrap-up of the issue's next touch, before any proficiency."""
    own = issue.handle >= 0 and issue.worked == 0
    first = issue.handle if own else _drawn(world, issue, work, factor)
    wrap = _wrap(world, issue, work, factor, first, own)
    if not work.wrap_inside and not own:
        return first, wrap
    wrap = min(wrap, first)
    return first - wrap, wrap


def _drawn(world: World, issue: Issue, work: Work, factor: float) -> int:
    u = world.uniform(issue.key, issue.worked, fates.WORK)
    return min(tick(min(drawn(work.law, u, issue.aht), WORK_LIMIT) * factor), WORK_LIMIT)


def _wrap(world: World, issue: Issue, work: Work, factor: float, first: int, own: bool) -> int:
    if own and issue.wrap >= 0:
        return issue.wrap
    if work.wrap_law is None:
        return tick(work.wrap_share * first)
    u = world.uniform(issue.key, issue.worked, fates.WRAP_UP)
    return min(tick(min(drawn(work.wrap_law, u, issue.aht), WORK_LIMIT) * factor), WORK_LIMIT)


def fix(world: World, touch: Touch, team: int) -> None:
    """The touch begins: its work is drawn for the team that works, and never again."""
    contact = touch.contact
    channel, queue = world.scenario.channels[contact.channel], world.scenario.queues[contact.queue]
    one = world.team_work(queue, team)
    talk, wrap = amounts(world, contact.issue, one.work, world.factor(channel, world.now, "work"))
    touch.talk = tick(talk * one.pace) * speed(channel, 1)
    touch.wrap = tick(wrap * one.pace) * speed(channel, 1)
    touch.resolves = min(1.0, one.resolves)
    touch.begun = True


def still_to_do(world: World, touch: Touch) -> int:
    """Ticks of talk and wrap-up for the policy `shortest`."""
    contact = touch.contact
    if not touch.begun:
        return sum(amounts(world, contact.issue, world.scenario.queues[contact.queue].work, 1.0))
    solo = speed(world.scenario.channels[contact.channel], 1)
    return -(-touch.talk // solo) + -(-touch.wrap // solo)


def amount(stretch: Stretch) -> int:
    """What the present phase still holds, as of the last change."""
    return stretch.touch.talk if stretch.phase == "talk" else stretch.touch.wrap


def catch_up(world: World, agent: Agent) -> None:
    """All in his hands have done their work up to now, with as many in hand as there were."""
    for one in agent.hands:
        done = speed(world.channel(one), len(agent.hands)) * (world.now - one.since)
        left = max(0, amount(one) - done)
        if one.phase == "talk":
            one.touch.talk = left
        else:
            one.touch.wrap = left
        one.since = world.now


def look_ahead(world: World, agent: Agent) -> None:
    """When the present phase of each in his hands will be over, from now on."""
    for one in agent.hands:
        one.over = world.now + -(-amount(one) // speed(world.channel(one), len(agent.hands)))


def all_over(world: World, agent: Agent) -> int:
    """When all he holds would be over with as many in hand as now: talk, then wrap-up at the same speed."""
    latest = -NEVER
    for one in agent.hands:
        pace, over = speed(world.channel(one), len(agent.hands)), one.over
        if one.phase == "talk":
            over += -(-one.touch.wrap // pace)
        latest = max(latest, over)
    return latest
