"""Policies that order queues by a figure known beforehand: `value` and `easiest`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from supportsim.scenario.laws import mean
from supportsim.scenario.model import Queue, Scenario, Segment, Work
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema_base import BAD


def with_figures(desk: Desk, queues: tuple[Queue, ...], people: Sequence[Segment]) -> tuple[Queue, ...]:
    """The queues with their place by the figure of the policy, best first; equal figures share a place."""
    routing = desk.human.routing
    if routing is None or routing.policy is BAD or POLICIES[routing.policy].figure == "none":
        return queues
    by_value = POLICIES[routing.policy].figure == "value"
    stated = not by_value or _margins(desk, queues, people)
    if not _minutes_known(desk, routing.policy, queues) or not stated:
        return queues
    return _in_order(queues, people, by_value)


def ranked(scenario: Scenario) -> Scenario:
    """A resolved scenario whose margins or work were changed, with the places that its policy makes of them now."""
    figure = POLICIES[scenario.policy].figure
    if figure == "none":
        return scenario
    return replace(scenario, queues=_in_order(scenario.queues, scenario.segments, figure == "value"))


def _in_order(queues: Sequence[Queue], people: Sequence[Segment], by_value: bool) -> tuple[Queue, ...]:
    margins = {each.name: each.margin for each in people}
    figures = []
    for queue in queues:
        margin = margins.get(queue.segment)
        figures.append(_value(mean(margin), queue) if by_value and margin is not None else expected_work(queue.work))
    order = sorted(set(figures))
    return tuple(replace(q, figure_class=order.index(figure)) for q, figure in zip(queues, figures, strict=True))


def expected_work(work: Work) -> float:
    """Mean ticks of talk and wrap-up of a touch, alone in hand, whichever team and hour."""
    wrap = 0.0
    if not work.wrap_inside:
        wrap = mean(work.wrap_law) if work.wrap_law is not None else work.wrap_share * mean(work.law)
    return mean(work.law) + wrap


def _value(margin: float, queue: Queue) -> float:
    """Minus margin by tick of work: the least is served first.  Work that takes no time is worth any margin."""
    ticks = expected_work(queue.work)
    if ticks == 0:
        return -math.inf
    return -margin / ticks


def _margins(desk: Desk, queues: Sequence[Queue], people: Sequence[Segment]) -> bool:
    """Whether every segment that comes to a queue states its margin; a fault for each that does not."""
    asked = {queue.segment for queue in queues}
    without = [each.name for each in people if each.name in asked and each.margin is None]
    for name in without:
        human = desk.human.segments.get(name)
        if human is None:
            desk.human.wrong("segments", "segments with a margin", "routing.policy: value ranks by it")
        elif human is not BAD and human.margin is not BAD:
            human.wrong("margin", "a margin, as 9/month", "routing.policy: value ranks by it")
    return not without


def _minutes_known(desk: Desk, policy: str, queues: Sequence[Queue]) -> bool:
    """Whether the work of every queue has a mean of its own; a fault if one has it from forecast rows only."""
    asking = next((queue for queue in queues if queue.work.law.from_forecast), None)
    if asking is not None and desk.human.routing is not None:
        hint = f"channels.{asking.channel}.handle_time is from forecast: state a mean, or choose priority"
        desk.human.routing.wrong("policy", f"handle times that are known beforehand ({policy} ranks by them)", hint)
    return asking is None
