"""What experiences do to customers: each kind with its odds and how long it lasts."""

from __future__ import annotations

from supportsim.scenario.model import EXPERIENCES, Experience, Felt
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema_base import BAD, filled, solid
from supportsim.scenario.schema_experience import Experience as HumanExperience
from supportsim.scenario.schema_experience import Odds, Waited

#: Each of them is remembered while a replication is played.
MOST_LEAVERS = 10_000_000


def experience(desk: Desk) -> Experience | None:
    """The experiences as stated, in the order of `EXPERIENCES`; None without any.

    Whoever takes part states `churn`: where nobody does, that is told, since nothing then follows from it.
    """
    human = desk.human.experience
    if human is None:
        return None
    found = []
    for name in EXPERIENCES:
        with desk.passing():
            odds = solid(getattr(human, name))
            if odds is not None:
                found.append(_felt(desk, human, name, odds))
    if not any(name in human._node for name in EXPERIENCES):
        human.wrong("", "at least one kind of experience: " + ", ".join(EXPERIENCES), got="none")
    if not any(each is not BAD and each.churn is not None for each in desk.human.segments.values()):
        desk.note("experience: no segment states its churn, so nobody's leaving is computed from it")
    if solid(human.feedback):
        _feedback(desk, human)
    return Experience(tuple(found), solid(human.discount), solid(human.feedback))


def _feedback(desk: Desk, human: HumanExperience) -> None:
    """Somebody must be able to leave, and there must be room to remember everybody who may."""
    own = [each for each in desk.human.segments.values() if each is not BAD]
    if len(own) < len(desk.human.segments) or any(each.customers is BAD or each.churn is BAD for each in own):
        return
    numbers = [each.customers for each in own if each.churn is not None and each.customers is not None]
    if not numbers:
        rule = "no, or a segment with a number of customers and its churn"
        human.wrong("feedback", rule, "as segments: {members: {customers: 2000, churn: 2%/month}}: only they can leave")
    elif sum(numbers) > MOST_LEAVERS:
        rule = f"at most {MOST_LEAVERS:,} customers who may leave, in all segments together"
        human.wrong(
            "feedback", rule, "a tenth of the customers with ten times the contacts of each", f"{sum(numbers):,}"
        )


def _felt(desk: Desk, human: HumanExperience, name: str, odds: Odds) -> Felt:
    lasts = filled(odds.lasts, human.lasts)
    if lasts is None:
        odds.wrong("lasts", "how long it lasts, here or as experience.lasts", "as lasts: 3 months")
    low, stated, high = (solid(each) for each in (odds.low, odds.stated, odds.high))
    if not low <= stated <= high:
        desk.note(
            f"experience.{name}: low x {low:g}, stated x {stated:g}, high x {high:g} do not rise; taken as written"
        )
    each = solid(odds.each) if isinstance(odds, Waited) else 0
    return Felt(name, low, stated, high, solid(filled(lasts, BAD)), each)
