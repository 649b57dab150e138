"""Customers who leave: who stays at p0 alone, what each issue leaves, room that grows, and what the audit says."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from supportsim.demand.compiling import LEAN, PLAIN, whole
from supportsim.engine import kernel, leavers, leaving
from supportsim.engine.audit import audit
from supportsim.engine.journal import ISSUE_STATES, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import Operation, play
from supportsim.engine.tables import addresses, in_plain_python
from supportsim.measure.booking import book
from supportsim.measure.booking_experience import suffer
from supportsim.measure.catalogue import FORMULAS
from supportsim.measure.replication import Yardstick
from supportsim.measure.tally import Tally
from supportsim.scenario.load import load_text
from supportsim.scenario.model import EXPERIENCES, Scenario
from supportsim.scenario.ticks import NEVER, YEAR

sys.path.insert(0, str(Path(__file__).parent))
from generator import made

GONE = ISSUE_STATES.index("gone")
MEMBERS = """
name: members
start: 2026-03-02
length: 364 days
segments: {members: {customers: 4000, churn: 30%/year}}
channels: {phone: {kind: live, handle_time: 5 min, patience: 2 min}}
demand: {calls: {channel: phone, per_customer: 0.2/month}}
teams: {desk: {serves: [phone], agents: 2}}
promises: {fast: {of: phone, answer: 20 s, share: 80%}}
experience:
  lasts: 3 months
  feedback: yes
  gave_up: {low: x 1, stated: x 1, high: x 1}
"""
#: Nobody minds anything but that he is not served.
MIND = MEMBERS.replace("gave_up: {low: x 1, stated: x 1, high: x 1}", "gave_up: {low: x 1, stated: x 4, high: x 9}")


def members(text: str) -> Scenario:
    return load_text(text, "members.yaml")


def left(scenario: Scenario, seed: int = 1) -> Any:
    """When each customer leaves, on the compiled clock."""
    journal = kernel.play(Layout(scenario), seed, 1)
    assert journal.customers is not None
    return journal.customers["left"]


# ---------------------------------------------------------------- how many leave


@pytest.mark.skipif(PLAIN, reason="ten thousand issues take long in plain Python")
def test_at_p0_alone_the_base_falls_as_stated() -> None:
    """(1 - p0) to the power of the years passed, at every tick: no further from it than chance in one of 1,000."""
    at = np.sort(left(members(MEMBERS)))
    known = at[at < NEVER]
    expected = 1 - 0.7 ** (known / YEAR)
    apart = np.abs(np.arange(1, len(known) + 1) / len(at) - expected).max()
    assert len(known) > 1000
    assert apart < 1.95 / len(at) ** 0.5  # Kolmogorov's bound


@pytest.mark.skipif(PLAIN, reason="ten thousand issues take long in plain Python")
def test_worse_service_only_brings_leaving_forward() -> None:
    """With nobody at the desk everybody gives up whom two agents do not serve, and all others."""
    served = left(members(MIND))
    alone = left(members(MIND.replace("agents: 2", "agents: 0")))
    assert np.all(alone <= served)
    assert np.count_nonzero(alone < served) > 500


# ---------------------------------------------------------------- what each issue leaves


def _counted() -> Any:
    """`leaving.count` as Python may call it."""
    if PLAIN:
        return lambda state, issue, how: leaving.count(in_plain_python(state.tables), issue, how)
    from numba import int64

    from supportsim.engine.machine import tables_at

    @whole((int64, int64, int64), cache=False, **LEAN)
    def count(at: int, issue: int, how: int) -> Any:
        leaving.count(tables_at(at), issue, how)
        return 0

    def called(state: Any, issue: int, how: int) -> None:
        at = addresses(state.tables)
        count(at.ctypes.data, issue, how)

    return called


def minding(number: int) -> Scenario:
    """A made scenario with promises by every formula, whose customers feel what happens and never leave."""
    scenario = made(number)
    promises = tuple(replace(p, counted=FORMULAS[number % len(FORMULAS)][1]) for p in scenario.promises)
    people = tuple(replace(s, customers=s.customers or 3, churn=0.0) for s in scenario.segments)
    return replace(scenario, promises=promises, segments=people, experience=members(MEMBERS).experience)


def measured(journal: Journal, scenario: Scenario) -> Any:
    """(issues, EXPERIENCES): what the measures count."""
    tally = Tally(Yardstick(scenario).plan)
    felt = np.zeros((len(journal.issues), len(EXPERIENCES)), dtype=np.int64)
    tally._make_room(len(journal.issues), len(journal.contacts), len(journal.touches), True)
    scratch = tally._scratch(len(journal.issues), len(journal.contacts))
    book(tally.plan.frame, tally.sums, scratch, journal.issues, journal.contacts, journal.touches, journal.end)
    suffer(tally.plan.frame, scratch, journal.issues, journal.contacts, felt, journal.end)
    return felt


def test_what_an_issue_leaves_is_what_the_measures_count_of_it() -> None:
    """Every closed issue of scenarios with promises: in the engine's tables as it closed, and in the journal."""
    counted, closed, broken = _counted(), 0, 0
    numbers = [n for n in range(60 if PLAIN else 150) if made(n).promises]
    for n in numbers:
        scenario = minding(n)
        operation = Operation(Layout(scenario), 1, 1)
        journal = operation.play()
        felt, issues = measured(journal, scenario), journal.issues
        for issue in np.flatnonzero((issues["ended"] < NEVER) & (issues["customer"] >= 0)).tolist():
            counted(operation.state, issue, int(issues["state"][issue]))
            assert operation.state.tables["counts"]["value"].tolist() == felt[issue].tolist(), (n, issue)
            closed, broken = closed + 1, broken + int(felt[issue, 0] > 0)
    assert closed > 3 * len(numbers)
    assert broken > len(numbers) / 3


# ---------------------------------------------------------------- room, pages


def test_room_for_what_is_felt_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    text = MIND.replace("364", "28" if PLAIN else "120").replace("agents: 2", "agents: 0")
    scenario = members(text.replace("0.2/month", "2/month").replace("4000", "100"))
    wanted = kernel.play(Layout(scenario), 1, 1).xxh128()
    monkeypatch.setattr(leavers, "FELT_AT_FIRST", leavers.AT_ONCE)
    for clock in (kernel.Kernel, Operation):
        played = clock(Layout(scenario), 1, 1)
        assert played.play().xxh128() == wanted
        assert len(played.tables["felt"] if clock is kernel.Kernel else played.state.tables["felt"]) > 64


# ---------------------------------------------------------------- the audit


def changed(journal: Journal, table: str, row: int, **columns: Any) -> Journal:
    """The journal with other facts in one row."""
    rows = getattr(journal, table).copy()
    for name, value in columns.items():
        rows[name][row] = value
    return replace(journal, **{table: rows})


def said(journal: Journal, scenario: Scenario) -> list[str]:
    return [sentence for sentence in audit(journal, scenario) if sentence.startswith("leaving")]


@pytest.fixture(scope="module")
def few() -> tuple[Scenario, Journal]:
    """Some who leave, some of whose issues are gone."""
    scenario = members(MIND.replace("4000", "40").replace("30%", "90%"))
    journal = play(Layout(scenario), 1, 1)
    assert not audit(journal, scenario)
    return scenario, journal


def test_the_audit_works_out_again_when_each_customer_leaves(few: tuple[Scenario, Journal]) -> None:
    scenario, journal = few
    assert journal.customers is not None
    row = int(np.argmin(journal.customers["left"]))
    for tick in (int(journal.customers["left"][row]) - 1, int(journal.customers["left"][row]) + 1, NEVER):
        (sentence,) = said(changed(journal, "customers", row, left=tick), scenario)[-1:]
        assert f"left at {tick}, but his threshold is reached at {journal.customers['left'][row]}" in sentence
    (sentence,) = said(changed(journal, "customers", row, joined=5), scenario)
    assert "does not name the customers who may leave" in sentence
    (sentence,) = said(replace(journal, customers=None), scenario)
    assert "does not name the customers who may leave" in sentence


def test_the_audit_knows_that_nothing_arises_or_returns_of_who_has_left(few: tuple[Scenario, Journal]) -> None:
    scenario, journal = few
    gone = int(np.flatnonzero(journal.issues["state"] == GONE)[0])
    there = int(np.flatnonzero(journal.issues["state"] != GONE)[0])
    kept = said(changed(journal, "issues", gone, state=ISSUE_STATES.index("unasked")), scenario)
    assert any(f"it is unasked (tick {journal.issues['asked'][gone]}, issue {gone})" in each for each in kept)
    left_early = said(changed(journal, "issues", there, state=GONE), scenario)
    assert any("gone before its customer leaves" in each for each in left_early)


def test_where_nobody_may_leave_nobody_is_gone(few: tuple[Scenario, Journal]) -> None:
    scenario, journal = few
    assert scenario.experience is not None
    static = replace(scenario, experience=replace(scenario.experience, feedback=False))
    found = said(journal, static)
    assert "leaving: customers stand in the journal although nobody may leave" in found
    assert any("gone although nobody may leave" in each for each in found)
    assert play(Layout(static), 1, 1).customers is None
