"""Section 13 of docs/model.md in plain Python, issue by issue, from a journal: the other side of the comparison."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from measure.by_arrays.earned import margin_of
from supportsim.demand import fates
from supportsim.engine.journal import CONTACT_KINDS, ISSUE_STATES, OUTCOMES, Journal
from supportsim.measure.grid import Grid
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Promise, Scenario
from supportsim.scenario.ticks import NEVER, SECOND

UNANSWERED = ("abandoned", "busy", "closed", "disconnected", "timed_out", "withdrew")
Counts = dict[str, float]


def told(journal: Journal, scenario: Scenario) -> list[dict[str, Any]]:
    """Every issue of a customer with a number, with what it left: segment, customer, ended, asked, key, counts."""
    grid = Grid(scenario)
    contacts: dict[int, list[Any]] = defaultdict(list)
    for contact in journal.contacts:
        contacts[int(contact["issue"])].append(contact)
    found = []
    for row, issue in enumerate(journal.issues):
        mine = contacts[row]
        if issue["customer"] < 0 or any(CONTACT_KINDS[c["kind"]] == "filler" for c in mine):
            continue
        state = ISSUE_STATES[issue["state"]]
        counts = {"contact_again": max(len(mine) - 1, 0), "waited": 0, "switched": 0, "unanswered": 0}
        counts |= {state: 1, "promise_broken": sum(_broken(p, mine, journal.end, grid) for p in scenario.promises)}
        for contact in mine:
            counts["waited"] += _wait(contact, journal.end)
            counts["switched"] += CONTACT_KINDS[contact["kind"]] == "switch"
            counts["unanswered"] += contact["answered"] >= NEVER and OUTCOMES[contact["outcome"]] in UNANSWERED
        found.append({
            "segment": int(issue["segment"]), "customer": int(issue["customer"]), "asked": int(issue["asked"]),
            "ended": min(int(issue["ended"]), journal.end), "key": int(issue["key"]), "counts": counts,
            "open": state in ("open", "cut"), "counted": grid.counted_from <= issue["asked"] < grid.counted_to,
        })  # fmt: skip
    return sorted(found, key=lambda each: (each["ended"], each["asked"], each["key"]))


def _wait(contact: Any, end: int) -> int:
    """Until it is answered, else until it is over; none of those turned away at the door."""
    if contact["answered"] < NEVER:
        return int(contact["answered"] - contact["created"])
    if OUTCOMES[contact["outcome"]] in ("busy", "closed"):
        return 0
    return int(min(contact["left"], end) - contact["created"])


def _broken(promise: Promise, contacts: list[Any], end: int, grid: Grid) -> int:
    """How often a promise was broken on an issue."""
    hours = open_ticks(promise.hours, grid.timeline)

    def late(begin: int, until: int) -> bool:
        return until - begin > promise.limit and hours.elapsed(begin, until) > promise.limit

    mine = [c for c in contacts if promise.queues[c["queue"]]]
    through = [c for c in mine if OUTCOMES[c["outcome"]] not in ("busy", "closed")]
    if promise.clock == "answer":
        return sum(_let_down(promise, c, _wait(c, end)) and late(int(c["created"]), int(c["created"]) + _wait(c, end))
                   for c in through)  # fmt: skip
    if not through:
        return 0
    replied = [int(c["left"]) for c in through if OUTCOMES[c["outcome"]] in ("solved", "unresolved")]
    still = any(OUTCOMES[c["outcome"]] == "open" for c in through)
    gone = [int(c["left"]) for c in through if OUTCOMES[c["outcome"]] == "withdrew"]
    until = min(replied) if replied else end if still else max(gone, default=-NEVER)
    return int(late(int(through[0]["created"]), min(until, end)))


def _let_down(promise: Promise, contact: Any, wait: int) -> bool:
    """Whether its formula counts a late contact as not kept."""
    if contact["answered"] < NEVER:
        return True
    outcome = OUTCOMES[contact["outcome"]]
    if outcome in ("open", "solved", "unresolved"):
        return True  # still waiting
    if outcome == "withdrew" or promise.counted == "answered only":
        return False
    return not (outcome == "abandoned" and promise.counted.startswith("brief") and wait <= 5 * SECOND)


def churned(journal: Journal, scenario: Scenario, opinion: str, factor: float = 1.0) -> list[tuple[float, float]]:
    """Of each segment: customers lost, and what that costs in micro-units."""
    world = fates.world(journal.seed, journal.replication)
    assert scenario.experience is not None
    odds = {felt.kind: felt for felt in scenario.experience.felt}
    found = [(0.0, 0.0) for _ in scenario.segments]
    before: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)

    def score(issue: dict[str, Any], at: int) -> float:
        total = 0.0
        for kind, felt in odds.items():
            if at < issue["ended"] + felt.lasts:
                count = issue["counts"].get(kind, 0) / (felt.each or 1)
                total += count * factor * math.log(getattr(felt, opinion))
        return total

    for issue in told(journal, scenario):
        segment = scenario.segments[issue["segment"]]
        if segment.churn is None:
            continue
        others = before[issue["segment"], issue["customer"]]
        old = sum(score(other, issue["ended"]) for other in others)
        if issue["counted"]:
            change = _p(segment.churn, old + score(issue, issue["ended"])) - _p(segment.churn, old)
            lost, cost = found[issue["segment"]]
            worth = 0.0
            if segment.margin is not None and segment.churn > 0:
                rate = -math.log(1 - segment.churn) + math.log(1 + scenario.experience.discount)
                worth = 12 * margin_of(segment, world, issue["customer"]) / rate
            found[issue["segment"]] = (lost + change, cost + worth * change)
        others.append(issue)
    return found


def _p(churn: float, score: float) -> float:
    if churn == 0:
        return 0.0
    odds = churn / (1 - churn) * math.exp(min(score, 600))
    return min(odds / (1 + odds), max(0.95, churn))
