"""What a segment is offered: the plans its customers are on, and the issues each of them brings."""

from __future__ import annotations

from typing import NamedTuple

from supportsim.scenario.model import Plan, PlanStep, Scenario, Segment, Stream


class Offer(NamedTuple):
    """One plan of a segment.

    `arise` is its part of a stream's issues, as a multiple of what the stream states: they may add up to more or less
    than 1 where a plan has a factor on `issues`.  `asks` is the part of these that is brought to a channel at all.
    """

    steps: tuple[PlanStep, ...]
    arise: float
    asks: float


def segment_named(scenario: Scenario, name: str) -> Segment:
    """The segment of this name."""
    return next(each for each in scenario.segments if each.name == name)


#: What those have who are on no plan: nothing is offered where no stream names a channel.
NO_PLAN = Plan("", ())


def plans_of(scenario: Scenario, segment: str) -> list[tuple[Plan, float]]:
    """The plans that customers of a segment are on, in the order written, their shares; never none."""
    plans = {plan.name: plan for plan in scenario.plans}
    return [(plans[own.plan], own.share) for own in segment_named(scenario, segment).plans] or [(NO_PLAN, 1.0)]


def offers(scenario: Scenario, stream: Stream, segment: str, by_plan: bool) -> list[Offer]:
    """The plans of a segment with their parts of a stream's issues there.

    `by_plan`: issues begin where the plan says, not on a channel that is stated.
    """
    per_customer = stream.kind == "population"
    return [
        Offer(plan.steps, share * (plan.issues if per_customer else 1.0), plan.asks if by_plan else 1.0)
        for plan, share in plans_of(scenario, segment)
    ]


def is_earning(scenario: Scenario) -> bool:
    """Whether anything at all is known of what customers bring."""
    return any(s.customers is not None and (s.margin is not None or has_price(scenario, s)) for s in scenario.segments)


def has_price(scenario: Scenario, segment: Segment) -> bool:
    """Whether customers of the segment pay for a plan of theirs."""
    return any(plan.price for plan, _ in plans_of(scenario, segment.name))


def takes_part(scenario: Scenario) -> list[bool]:
    """Of which segments it is expected who leaves for what he experiences; of none where that happens in the play."""
    experience = scenario.experience
    expected = experience is not None and not experience.feedback
    return [expected and each.churn is not None for each in scenario.segments]


def leaves(scenario: Scenario) -> list[bool]:
    """Of which segments customers leave in the play."""
    feedback = scenario.experience is not None and scenario.experience.feedback
    return [feedback and each.churn is not None and each.customers is not None for each in scenario.segments]
