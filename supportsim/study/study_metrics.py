"""Which metrics a scenario has, by name, without measuring anything and without NumPy."""

from __future__ import annotations

from supportsim.measure import catalogue
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.offers import is_earning, leaves, takes_part

Key = tuple[str, str]


def known(scenario: Scenario) -> dict[str, frozenset[str]]:
    """The measures of each selector: the keys of `Yardstick`."""
    contacts = frozenset(
        m.id for m in (*catalogue.CONTACT_MEASURES, *catalogue.ISSUE_MEASURES, *catalogue.TIME_MEASURES)
    )
    work = frozenset(m.id for m in catalogue.TEAM_MEASURES)
    kept = frozenset(m.id for m in catalogue.PROMISE_MEASURES)
    worth = (
        *(catalogue.INCOME_MEASURES if is_earning(scenario) else ()),
        *(catalogue.CHURN_MEASURES if any(takes_part(scenario)) else ()),
        *(catalogue.LEAVING_MEASURES if any(leaves(scenario)) else ()),
    )
    money = frozenset(m.id for m in (*catalogue.MONEY_MEASURES, *worth))
    groups = (
        (_selectors(scenario), contacts),
        (["all", *(team.name for team in scenario.teams)], work),
        (_scopes(scenario), kept),
        (["all", *(segment.name for segment in scenario.segments)], money),
    )
    found: dict[str, frozenset[str]] = {}
    for names, measures in groups:
        for name in names:  # a promise may be called as what it covers
            found[name] = found.get(name, frozenset()) | measures
    return found


def _pairs(scenario: Scenario) -> list[Key]:
    used = {(queue.segment, queue.channel) for queue in scenario.queues}
    every = [(s.name, c.name) for s in scenario.segments for c in scenario.channels]
    return [pair for pair in every if pair in used]


def _selectors(scenario: Scenario) -> list[str]:
    names = ["all", *(c.name for c in scenario.channels), *(s.name for s in scenario.segments)]
    return [*names, *(" ".join(pair) for pair in _pairs(scenario))]


def _scopes(scenario: Scenario) -> list[str]:
    """Each promise, and `promise segment channel` where it covers several."""
    found = []
    for promise in scenario.promises:
        parts = [pair for pair in _pairs(scenario) if _covers(scenario, promise, pair)]
        found += [promise.name, *(f"{promise.name} {' '.join(pair)}" for pair in parts if len(parts) > 1)]
    return found


def _covers(scenario: Scenario, promise: Promise, pair: Key) -> bool:
    queues = zip(scenario.queues, promise.queues, strict=True)
    return any(covered and (queue.segment, queue.channel) == pair for queue, covered in queues)


def unit(measure: str) -> str:
    """The unit of a measure, empty for a number."""
    return catalogue.measure(measure).unit


def suggestion(selector: str, measure: str, selectors: dict[str, frozenset[str]]) -> tuple[str, str]:
    """What was expected instead of an unknown metric, and a hint with the nearest."""
    from supportsim.scenario.errors import nearest

    if selector in selectors:
        near = nearest(measure, sorted(selectors[selector]))
        begin = sorted(each for each in selectors[selector] if each.startswith(measure))
        hint = near if near.startswith("did") else nearest(begin[0], begin[:1]) if begin else ""
        return f"a measure of {selector}", hint or "docs/measures.md lists them"
    return "a selector, team or promise of the scenario", nearest(selector, selectors)
