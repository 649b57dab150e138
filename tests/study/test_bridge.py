"""The bridge: what each step takes away, theory where there is one, sums, and the scenario itself at its end."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supportsim
from supportsim.engine.audit import audit
from supportsim.engine.clocks import play
from supportsim.engine.journal import CONTACT_KINDS, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Busyness, Scenario
from supportsim.study import bridge as bridges
from supportsim.study.bridge import Bridges, Unfinished, bridge
from supportsim.study.bridge_sheet import Sheet, shares
from supportsim.study.bridge_steps import (
    STEPS,
    with_plain_shift_ends,
    without_breaks,
    without_busyness,
    without_other_work,
    without_returns,
)
from supportsim.study.run import run

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
PHONE = frozenset({"phone"})

EVERYTHING = """
name: everything
start: 2026-03-02
length: 2 days
warm_up: 1 day
run_out: until empty, at most 1 day
timezone: UTC
segments: {gold: {customers: 300, plan: best}, silver: {customers: 6000, plan: usual}}
plans: {best: [80% phone, ticket], usual: [60% phone, 30% chat, ticket]}
demand:
  gold: {segment: gold, per_customer: 6/month}
  silver: {segment: silver, per_customer: 1.2/month}
  idle: {segment: silver, channel: ticket, endless: yes}
busyness: {per_day: 30%, shared: 50%, per_interval: 5%}
channels:
  phone:
    kind: live
    open: {mon-sun: 08:00-20:00}
    lines: 12
    handle_time: {lognormal: {mean: 6 min, cv: 0.9}}
    wrap_up: 20%
    patience: {exponential: {mean: 3 min}}
    resolves: 70%
    wait_limit: 15 min
    after:
      abandoned: {again: 60%, next_channel: 20%, give_up: 20%, delay: 10 min, tries: 3}
      unresolved: {again: 80%, give_up: 20%, delay: 2 h}
      closed: {at_opening: 50%, next_channel: 30%, give_up: 20%}
  chat:
    kind: live
    open: {mon-sun: 08:00-20:00}
    concurrency: 2
    slow_down: [1, 1.3]
    last_chat: 20 min
    handle_time: 8 min
    patience: {exponential: {mean: 4 min}}
    after: {abandoned: {next_channel: 100%}}
  ticket:
    kind: deferred
    handle_time: 9 min
    interruptible: yes
    resolves: 60%
    after: {unresolved: {again: 90%, give_up: 10%, delay: 3 h}}
    starting_backlog: {silver: 30, oldest: 1 day}
teams:
  frontline:
    serves: [phone, chat, ticket]
    shrinkage: {leave: 10%, absence: 10%, off_desk: 15% in 30 min blocks}
    shifts:
      early: {days: mon-sun, hours: 08:00-15:00, agents: 5, breaks: [30 min unpaid between 11:00 and 13:00]}
      late: {days: mon-sun, hours: 13:00-20:00, agents: 4, breaks: [15 min paid at 16:00]}
    activities:
      talk: {days: mon-sun, hours: 10:00-11:00, agents: 2, off_desk: yes}
      help: {days: mon-sun, hours: 14:00-16:00, agents: 1, works_as: writers}
  writers: {serves: [ticket], agents: 1}
routing:
  reserve: {frontline: 1 idle for gold phone}
promises:
  calls: {of: phone, answer: 30 s, share: 80%, judged: daily}
  gold_calls: {of: gold phone, answer: 20 s, share: 90%, counted: short abandons excluded, judged: daily}
  chats: {of: chat, answer: 60 s, share: 80%, judged: daily}
  live: {of: [phone, chat], answer: 60 s, share: 80%, judged: daily}
  tickets: {of: ticket, first_reply: 8 h, share: 80%, judged: daily}
"""

TINY = """
name: tiny
start: 2026-03-02
length: 2 h
timezone: UTC
channels: {phone: {kind: live, handle_time: 5 min, patience: 3 min}}
demand: {calls: {channel: phone, rate: 20/h}}
teams: {frontline: {serves: [phone], agents: 2}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""


@pytest.fixture(scope="module")
def everything() -> Scenario:
    return load_text(EVERYTHING)


@pytest.fixture(scope="module")
def of_everything(everything: Scenario) -> Bridges:
    return bridge(everything, replications=4, seed=3)


def journal(scenario: Scenario) -> Journal:
    found = play(Layout(scenario), 3, 1)
    assert audit(found, scenario) == []
    return found


def spans(found: Journal, scenario: Scenario) -> set[str]:
    return {SPANS[what] for what in np.unique(found.presence["what"])}


def overtime(found: Journal) -> Any:
    """Lengths of stays after the end of a shift, in ticks."""
    late = found.presence[found.presence["what"] == SPANS.index("overtime")]
    return late["end"] - late["begin"]


def taken(scenario: Scenario, *ids: str) -> Scenario:
    """The scenario without what these lines add, the last line first."""
    for step in reversed(STEPS):
        if step.id in ids:
            scenario = step.without(scenario, PHONE)
    return scenario


# ---------------- what each step takes away


def test_without_returns_every_issue_has_one_contact(everything: Scenario) -> None:
    kinds = {CONTACT_KINDS[kind] for kind in np.unique(journal(everything).contacts["kind"])}
    assert {"first", "redial", "switch", "repeat"} <= kinds
    found = journal(without_returns(everything, PHONE))
    assert {CONTACT_KINDS[kind] for kind in np.unique(found.contacts["kind"])} == {"first", "filler"}
    assert found.contacts["number"].max() == 1


def test_with_plain_shift_ends_nobody_stays_on(everything: Scenario) -> None:
    assert "overtime" in spans(journal(everything), everything)
    plain = with_plain_shift_ends(everything, PHONE)
    assert {channel.last_chat for channel in plain.channels} == {0}
    later = overtime(journal(plain))
    assert 0 < later.sum() < overtime(journal(everything)).sum() / 2, "wrap-up is always finished"
    plain = with_plain_shift_ends(load_text(EVERYTHING, changes={"channels.phone.wrap_up": "0%"}), PHONE)
    assert not overtime(journal(plain)).any()


def test_heads_that_fall_put_their_work_down(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("start,heads\n2026-03-02 00:00,4\n2026-03-02 01:00,1\n")
    text = TINY.replace("agents: 2", "heads: heads.csv").replace("20/h", "90/h")
    scenario = load_text(text, folder=tmp_path)
    assert "overtime" in spans(journal(scenario), scenario)
    plain = with_plain_shift_ends(scenario, PHONE)
    assert "overtime" not in spans(journal(plain), plain)


def test_without_breaks_all_who_are_rostered_are_at_the_desk(everything: Scenario) -> None:
    away = {"absent", "break_paid", "break_unpaid", "block"}
    assert away <= spans(journal(everything), everything)
    there = taken(everything, "breaks", "shift_ends")
    assert spans(journal(there), there) == {"available", "overtime"}
    hours = run(there, 1, 3).teams.set_index("team")
    assert hours.loc["frontline", "rostered_h"] == hours.loc["frontline", "present_h"] == 2 * (5 * 7 + 4 * 7)


def test_hours_as_another_team_are_on_the_roster_and_stay(everything: Scenario) -> None:
    there = without_breaks(everything, PHONE)
    assert [activity.name for activity in there.teams[0].activities] == ["help"]
    found = journal(there)
    assert ((found.presence["team"] == 1) & (found.presence["agent"] < 9)).any()


def test_without_busyness_issues_are_those_of_the_plain_expectation(everything: Scenario) -> None:
    calm = without_busyness(everything, PHONE)
    assert calm.busyness == Busyness()
    assert replace(calm, busyness=everything.busyness) == everything
    again = without_busyness(calm, PHONE)
    assert again is calm


def test_without_other_work_agents_hold_nothing_but_calls(everything: Scenario) -> None:
    only = without_other_work(everything, PHONE)
    found = journal(only)
    names = [channel.name for channel in only.channels]
    worked = {only.queues[q].channel for q in np.unique(found.touches["queue"])}
    assert worked == {"phone"}
    others = found.contacts[found.contacts["channel"] != names.index("phone")]
    assert {OUTCOMES[outcome] for outcome in np.unique(others["outcome"])} <= {"closed"}
    calls = journal(without_returns(everything, PHONE)).issues["key"]
    assert set(journal(without_returns(only, PHONE)).issues["key"].tolist()) <= set(calls.tolist())


def test_rows_of_a_trace_from_before_play_are_no_work_either(tmp_path: Path) -> None:
    (tmp_path / "mails.csv").write_text("at_min\n-90\n-30\n10\n")
    text = (
        TINY.replace("channels: {phone:", "channels: {mail: {kind: deferred, handle_time: 30 min}, phone:")
        .replace("demand: {", "demand: {mails: {channel: mail, trace: mails.csv}, ")
        .replace("[phone]", "[phone, mail]")
    )
    scenario = load_text(text, folder=tmp_path)
    mail = [queue.channel for queue in scenario.queues].index("mail")
    assert (journal(scenario).touches["queue"] == mail).sum() >= 3
    found = journal(replace(without_other_work(scenario, PHONE), streams=scenario.streams))
    assert not (found.touches["agent"][found.touches["queue"] == mail] >= 0).any()


def test_a_step_that_finds_nothing_gives_the_very_same_scenario() -> None:
    scenario = load_text(TINY)
    assert all(step.without(scenario, PHONE) is scenario for step in STEPS)
    last = bridge(scenario, replications=2).bridges[0].lines
    assert [line.id for line in last if line.left_out] == [step.id for step in STEPS]
    assert {line.difference for line in last if line.left_out} == {0.0}


def test_the_steps_together_leave_a_clean_journal(everything: Scenario) -> None:
    bare = taken(everything, *(step.id for step in STEPS))
    found = journal(bare)
    assert spans(found, bare) <= {"available", "overtime"}
    assert set(found.contacts["number"].tolist()) == {1}


sys.path.insert(0, str(ROOT / "tests" / "engine"))


@pytest.mark.parametrize("number", range(40))
def test_nasty_scenarios_survive_every_step(number: int) -> None:
    from generator import made

    scenario = made(number)
    live = next((channel.name for channel in scenario.channels if channel.kind == "live"), None)
    if live is None:
        return
    for step in reversed(STEPS):
        scenario = step.without(scenario, frozenset({live}))
        assert audit(play(Layout(scenario), 1, 1), scenario) == []
    for promise in scenario.promises:
        covered = {q.channel for q, on in zip(scenario.queues, promise.queues, strict=True) if on}
        if promise.clock == "answer":
            for share in shares(Sheet(scenario, sorted(covered)), promise):
                assert math.isnan(share) or 0 <= share <= 1


# ---------------- the lines


def test_the_last_line_is_what_run_says(everything: Scenario, of_everything: Bridges) -> None:
    table = run(everything, 4, 3).promises.query("selector == 'all'").set_index("promise")
    assert len(of_everything.bridges) == 4
    for each in of_everything.bridges:
        assert each.lines[-1].kept == table.loc[each.promise.name, "kept_share"]


def test_the_lines_in_between_are_what_run_says_of_the_scenarios_in_between(
    everything: Scenario, of_everything: Bridges
) -> None:
    lines = {line.id: line for line in of_everything.bridges[0].lines}
    before = ["played", *(step.id for step in STEPS)]
    for i, step in enumerate(STEPS):
        scenario = taken(everything, *(other.id for other in STEPS[i:]))
        table = run(scenario, 4, 3).promises.query("selector == 'all'").set_index("promise")
        assert lines[before[i]].kept == table.loc["calls", "kept_share"], step.id


def test_differences_and_the_first_line_add_up_to_the_last(of_everything: Bridges) -> None:
    for each in of_everything.bridges:
        assert [line.id for line in each.lines] == list(bridges.NAMES)
        for before, line in pairwise(each.lines):
            assert line.difference == line.kept - before.kept
        total = math.fsum([each.lines[0].kept, *(line.difference for line in each.lines[1:])])
        assert total == pytest.approx(each.lines[-1].kept, abs=1e-15)


def test_everything_changes_something(of_everything: Bridges) -> None:
    calls = of_everything.bridges[0]
    assert not any(line.left_out for line in calls.lines)
    assert all(line.difference != 0 for line in calls.steps)
    assert calls.largest is not None


def test_intervals_are_those_of_paired_differences(everything: Scenario, of_everything: Bridges) -> None:
    from supportsim.study.estimate import student

    (line,) = (line for line in of_everything.bridges[0].lines if line.id == "returns")
    values: list[Any] = []
    for scenario in (everything, without_returns(everything, PHONE)):
        found = run(scenario, 4, 3)
        values.append(found.rows[:, found.yardstick.places["calls", "kept_share"], 2])
    expected = student(values[0] - values[1])
    assert (line.low, line.high) == pytest.approx((expected.low, expected.high))
    assert line.n == 4
    apart = student(values[0]).half + student(values[1]).half
    assert line.half < apart, "customers are shared, so the difference is known better than either"


def test_other_jobs_give_the_same_lines(everything: Scenario, of_everything: Bridges) -> None:
    again = bridge(everything, promise="calls", replications=4, seed=3, jobs=2)
    assert again.bridges[0].lines == of_everything.bridges[0].lines


def test_a_desk_of_the_theory_is_played_as_erlang_a_says() -> None:
    """M/M/n+M (E04: Palm 1957): 13 agents, 14 erlangs, patience 3 min; all that remains is chance."""
    scenario = load(CONFIGS / "verification" / "E04.yaml")
    found = bridge(scenario, replications=20)
    for each in found.bridges:
        lines = {line.id: line for line in each.lines}
        played = lines["played"]
        standard_error = played.half / 2.093  # Student, 19 degrees of freedom
        assert abs(played.difference) < 3 * standard_error
        assert standard_error < 0.004
        assert [line.id for line in each.steps] == ["erlang_a", "played"]
        assert lines["erlang_c"].kept == 0.0, "14 erlangs for 13 agents: no balance without hanging up"


def test_a_desk_of_erlang_c_is_played_so() -> None:
    """M/M/n (E02: Erlang 1917): nobody hangs up, and the line that would let them is left out."""
    scenario = load_text(TINY, changes={"length": "6 days", "warm_up": "1 day", "channels.phone.patience": "never",
                                        "channels.phone.handle_time": "{exponential: {mean: 4 min}}",
                                        "teams.frontline.agents": "3"})  # fmt: skip
    (each,) = bridge(scenario, replications=20).bridges
    lines = {line.id: line for line in each.lines}
    assert lines["erlang_a"].left_out
    assert lines["erlang_a"].kept == lines["erlang_c"].kept
    assert abs(lines["played"].difference) < 3 * lines["played"].half / 2.093


def test_the_table_has_a_row_per_promise_and_line(of_everything: Bridges) -> None:
    table = of_everything.table
    assert list(table.columns) == list(bridges.COLUMNS)
    assert len(table) == 4 * 8
    first = table.iloc[0]
    assert (first["promise"], first["line"], first["replications"]) == ("calls", "erlang_c", 0)
    assert math.isnan(first["difference"])


def test_replications_without_a_case_in_some_line_are_left_out_of_all() -> None:
    """Less than a call is expected and days differ widely: with busyness other days have a call than without."""
    scenario = load_text(TINY, changes={"demand.calls.rate": "0.4/h", "busyness": "{per_day: 150%}"})
    columns = []
    for each in (without_busyness(scenario, PHONE), scenario):
        found = run(each, 40, 1)
        columns.append(found.rows[:, found.yardstick.places["fast", "kept_share"], 2])
    calm, busy = columns
    both = ~np.isnan(calm) & ~np.isnan(busy)
    assert both.sum() > 5
    assert (np.isnan(calm) & ~np.isnan(busy)).any()
    assert (~np.isnan(calm) & np.isnan(busy)).any()
    (made,) = bridge(scenario, replications=40).bridges
    lines = {line.id: line for line in made.lines}
    assert made.unpaired == 40 - both.sum()
    assert lines["played"].kept == pytest.approx(calm[both].mean())
    assert lines["busyness"].kept == lines["returns"].kept == pytest.approx(busy[both].mean())
    gap = busy[both] - calm[both]
    assert lines["busyness"].difference == pytest.approx(gap.mean())
    assert (lines["busyness"].low + lines["busyness"].high) / 2 == pytest.approx(gap.mean())
    assert lines["busyness"].n == lines["played"].n == both.sum()


def test_a_line_that_never_has_a_case_takes_no_replication_from_the_others() -> None:
    none, some, every = np.array([math.nan] * 3), np.array([0.5, math.nan, 0.7]), np.array([0.1, 0.2, 0.3])
    assert bridges.in_all([none, some, every]).tolist() == [True, False, True]
    assert bridges.in_all([none, none]).tolist() == [True] * 3


def test_no_case_means_no_value() -> None:
    scenario = load_text(TINY, changes={"demand.calls.rate": "0/h"})
    (each,) = bridge(scenario, replications=2).bridges
    assert all(math.isnan(line.kept) for line in each.lines)
    assert each.largest is None


# ---------------- what cannot be asked


def test_promises_of_no_answer_are_refused(everything: Scenario) -> None:
    assert supportsim.bridge is bridge
    with pytest.raises(ValueError, match="tickets is a promise of a first reply"):
        bridge(everything, promise="tickets")
    with pytest.raises(ValueError, match=r"no promise 'cals' of an answer; did you mean calls or chats\?"):
        bridge(everything, promise="cals")
    bare = replace(everything, promises=())
    with pytest.raises(ConfigError, match="promises: got no promise; expected a promise of an answer"):
        bridge(bare)
    with pytest.raises(ConfigError, match="got no promise of an answer"):
        bridge(replace(everything, promises=everything.promises[-1:]))
    with pytest.raises(TypeError, match="expected a Scenario"):
        bridge("a.yaml")  # type: ignore[arg-type]


def test_a_replication_that_fails_leaves_no_bridge(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*given: Any, **named: Any) -> Any:
        return replace(run(*given, **named), failed={2: "MemoryError"})

    monkeypatch.setattr(bridges, "run", failing)
    with pytest.raises(Unfinished, match="returns: the scenario as it is: replication 2 failed: MemoryError"):
        bridge(load_text(TINY), replications=2)


def test_an_interruption_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "run", lambda *given, **named: replace(run(*given, **named), interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        bridge(load_text(TINY), replications=2)
