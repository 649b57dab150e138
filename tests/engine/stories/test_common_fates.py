"""Fates belong to issues, not to runs: what stays the same when the desk changes."""

from __future__ import annotations

from typing import Any

from storybook import Story, told

from supportsim.engine.journal import OUTCOMES
from supportsim.scenario.ticks import NEVER

DRAWN = """
length: 5 h
channels: {phone: {kind: live, handle_time: {lognormal: {mean: 5 min, cv: 1}}, wrap_up: 20%, RULES}}
teams: {desk: {serves: [phone], agents: AGENTS}}
"""


def drawn(rows: str, rules: str, agents: int = 1, seed: int = 1) -> Story:
    return told(DRAWN.replace("RULES", rules).replace("AGENTS", str(agents)), rows, seed=seed)


def test_a_redial_keeps_the_work_it_would_have_taken_the_first_time() -> None:
    rules, rows = "after: {abandoned: {again: 100%, delay: 20 min}}", "who at handle wrap patience\na 0 10\nb 1 . . 2"
    alone, helped = drawn(rows, rules), drawn(rows, rules, agents=2)
    assert alone.log[1] == "b at 1: abandoned 3"
    assert alone.log[2].startswith("b redials at 23: desk 23-")
    assert helped.log[1].startswith("b at 1: 2 1-")
    assert alone.work("b") == helped.work("b")
    assert alone.work("b")[0] > 0


def test_a_redial_has_a_patience_of_its_own() -> None:
    rules = "patience: {exponential: {mean: 5 min}}, after: {abandoned: {again: 100%, delay: 1 min, tries: 3}}"
    story = drawn("who at handle wrap patience\na 0 300 0 never\nb 1", rules)
    waits = [int(contact["patience"]) for contact in story.contacts("b")]
    assert len(set(waits)) == len(waits) == 3


def test_the_second_touch_of_an_issue_has_work_of_its_own() -> None:
    rules = "resolves: 0%, after: {unresolved: {again: 100%, delay: 30 min, tries: 3}}"
    story = drawn("who at\na 0", rules)
    work = story.work("a")
    assert len(set(work)) == len(work) == 3


def test_the_touches_of_an_issue_are_the_same_whatever_others_do() -> None:
    rules = "resolves: 0%, after: {unresolved: {again: 100%, delay: 30 min, tries: 3}}"
    alone, crowd = drawn("who at\na 10", rules), drawn("who at\na 10\nx 11\ny 12\nz 13", rules)
    assert alone.work("a") == crowd.work("a")


def test_another_seed_is_another_world() -> None:
    works = {drawn("who at\na 0", "patience: never", seed=seed).work("a")[0] for seed in range(1, 6)}
    assert len(works) == 5


DESK = """
length: 8 h
segments: {gold: {customers: 50}, basic: {customers: 500}}
channels:
  phone:
    kind: live
    handle_time: {lognormal: {mean: 5 min, cv: 1}}
    wrap_up: 20%
    patience: {exponential: {mean: 6 min}}
    resolves: 70%
    after: {abandoned: {again: 60%, give_up: 40%, delay: {exponential: {mean: 10 min}}, tries: 3}}
routing: {policy: POLICY, classes: [gold, basic]}
teams: {desk: {serves: [phone], agents: 3}}
demand:
  from_gold:  {segment: gold, channel: phone, rate: 12/h}
  from_basic: {segment: basic, channel: phone, rate: 24/h}
"""


def by_key(story: Story) -> dict[int, dict[str, Any]]:
    """What belongs to each issue: when and whose it is, patience of its first wait, its first work, waits."""
    found: dict[int, dict[str, Any]] = {}
    for row, issue in enumerate(story.journal.issues):
        found[int(issue["key"])] = {
            "issue": (int(issue["asked"]), int(issue["customer"]), int(issue["segment"])),
            "name": story.who[row],
        }
    for row, contact in enumerate(story.journal.contacts):
        own = found[int(story.journal.issues[contact["issue"]]["key"])]
        part = story.stretches(row)[0]
        own.setdefault("patience", int(contact["patience"]))
        own.setdefault("left_or_began", int(min(part["started"], contact["left"])))
        if part["ended"] < NEVER and OUTCOMES[contact["outcome"]] in ("solved", "unresolved"):
            own.setdefault("work", int(part["ended"] - part["started"]))
            own.setdefault("outcome", OUTCOMES[contact["outcome"]])
    return found


def test_issues_customers_work_and_patience_are_the_same_under_two_policies_and_waits_are_not() -> None:
    fifo, priority = (by_key(told(DESK.replace("POLICY", policy))) for policy in ("fifo", "priority"))
    assert fifo.keys() == priority.keys()
    assert len(fifo) > 200
    for key, own in fifo.items():
        assert own["issue"] == priority[key]["issue"]
        assert own["patience"] == priority[key]["patience"]
    served = [key for key in fifo if "work" in fifo[key] and "work" in priority[key]]
    assert len(served) > 100
    assert all(fifo[key]["work"] == priority[key]["work"] for key in served)
    assert all(fifo[key]["outcome"] == priority[key]["outcome"] for key in served)
    moved = [key for key in fifo if fifo[key]["left_or_began"] != priority[key]["left_or_began"]]
    assert len(moved) > 20


def test_more_demand_contains_the_issues_of_less_demand() -> None:
    less = by_key(told(DESK.replace("POLICY", "fifo")))
    text = DESK.replace("POLICY", "fifo").replace("rate: 24/h", "rate: 24/h, volume: x 1.2")
    more = by_key(told(text))
    assert set(less) < set(more)
    assert all(less[key]["issue"] == more[key]["issue"] for key in less)
    assert all(less[key]["patience"] == more[key]["patience"] for key in less)
