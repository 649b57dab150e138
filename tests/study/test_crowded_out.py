"""Who waits because of whom: by hand, where nobody shares anything, against theory, and what the table says."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import supportsim
from supportsim.engine.audit import audit
from supportsim.engine.journal import Journal
from supportsim.engine.kernel import play as played
from supportsim.engine.layout import Layout
from supportsim.scenario import thinning
from supportsim.scenario.model import Scenario
from supportsim.study.crowded_out import CrowdedOut, taken_away, without
from supportsim.study.folder import ResultExists
from supportsim.study.metrics import Incomparable

CONFIGS = Path(__file__).parents[2] / "configs"
# One agent.  A free caller at 9:00 (8 min), a premium one at 9:02 (4 min), a free one at 9:03 (2 min).
CALLS = "at_min,segment,handle_min\n540,free,8\n542,premium,4\n543,free,2\n"
BY_HAND = """
name: one
start: 2026-03-02
length: 1 day
currency: EUR
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 4 min, patience: never}}
demand: {calls: {channel: phone, trace: calls.csv}}
promises: {minute: {of: premium phone, answer: 60 s, share: 80%, judged: daily, penalty: 7/breach}}
teams: {desk: {serves: [phone], wage: 20/h, shifts: {day: {days: mon-fri, hours: 08:00-10:00, agents: 1}}}}
routing: {policy: fifo}
"""
APART = """
name: apart
start: 2026-03-02
length: 2 days
segments: {gold: {customers: 500, plan: first}, free: {customers: 4000, plan: basic}}
plans: {first: [gold_phone, gold_mail], basic: [70% free_phone, free_mail]}
channels:
  gold_phone: PHONE
  free_phone: PHONE
  gold_mail: {kind: deferred, handle_time: 6 min}
  free_mail: {kind: deferred, handle_time: 6 min}
demand:
  of_gold: {segment: gold, per_customer: 9/month}
  of_free: {segment: free, per_customer: 2/month}
busyness: {per_day: 20%, shared: 60%}
promises:
  for_gold: {of: gold gold_phone, answer: 20 s, share: 80%, judged: daily, penalty: 3/breach}
  for_free: {of: free free_phone, answer: 20 s, share: 80%, judged: daily}
teams:
  gold_desk:
    serves: [gold_phone, gold_mail]
    wage: 20/h
    shrinkage: {absence: 10%, off_desk: 10% in 30 min blocks}
    shifts: {day: {days: mon-sun, hours: 00:00-24:00, agents: 2, breaks: [1 h unpaid between 11:00 and 15:00]}}
  free_desk: {serves: [free_phone, free_mail], wage: 20/h, agents: 3}
""".replace(
    "PHONE",
    """{kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 2 min}},
    after: {abandoned: {again: 60%, next_channel: 30%, give_up: 10%, delay: {exponential: {mean: 10 min}}}}}""",
)
TWINS = """
name: twins
start: 2026-03-02
length: 12 h
segments: {a: {}, b: {}}
channels: {phone: {kind: live, handle_time: {exponential: {mean: 4 min}}, patience: {exponential: {mean: 4 min}}}}
demand:
  of_a: {segment: a, channel: phone, rate: 20/h}
  of_b: {segment: b, channel: phone, rate: 20/h}
teams: {desk: {serves: [phone], agents: 3}}
routing: {policy: fifo}
"""


@pytest.fixture
def by_hand(tmp_path: Path) -> Scenario:
    (tmp_path / "calls.csv").write_text(CALLS)
    return supportsim.load_text(BY_HAND, folder=tmp_path)


def row(found: CrowdedOut, removed: str, of: str, measure: str) -> dict[str, object]:
    table = found.table
    chosen = table[(table["removed"] == removed) & (table["of"] == of) & (table["measure"] == measure)]
    assert len(chosen) == 1, (removed, of, measure)
    return dict(chosen.iloc[0])


def test_three_callers_by_hand(by_hand: Scenario) -> None:
    """As it is premium waits 6 min and is not kept; alone she waits 0.  Two contacts are gone: 3 min each."""
    found = without(by_hand, "free", replications=3)
    wait = row(found, "free", "premium phone", "served_wait_mean")
    assert (wait["as_is"], wait["without"], wait["difference"], wait["same_issues"]) == (360, 0, -360, 1)
    each = row(found, "free", "others", "waiting_minutes")
    assert (each["contacts_removed"], each["difference"], each["per_removed"]) == (2, -6, 3)
    assert (each["per_removed_ci_low"], each["per_removed_ci_high"]) == (3, 3)
    assert row(found, "free", "others", "breaches")["per_removed"] == 0.5
    money = row(found, "free", "all", "cost")
    assert (money["difference"], money["unit"], money["same_issues"]) == (-7, "EUR", 0)
    assert row(found, "free", "minute", "kept_share")["difference"] == 1
    assert not (found.table["of"] == "free").any()  # nothing is left of them
    text = "\n".join(found.verdict())
    assert "Without free (2 contacts fewer): premium phone waits 6.0 min less" in text
    assert (
        "Each contact taken away had cost the others 3.00 min of waiting (3.00 to 3.00), 0.500 broken promises" in text
    )
    assert "Removals do not add up" in text


def test_what_premium_costs_the_others_by_hand(by_hand: Scenario) -> None:
    """Without her the last caller is served at 9:08 instead of 9:12: waits 0 and 5 instead of 0 and 9 min."""
    found = without(by_hand, ["premium"], replications=2)
    assert row(found, "premium", "free", "waiting_minutes")["difference"] == -4
    assert row(found, "premium", "free phone", "served_wait_mean")["difference"] == -120
    assert row(found, "premium", "phone", "served_wait_mean")["same_issues"] == 0


def play(scenario: Scenario, replication: int = 1) -> Journal:
    return played(Layout(scenario), 1, replication)


def own(journal: Journal, segment: int, team: int, scenario: Scenario) -> list[object]:
    """Everything that happened to a segment and in a team, rows numbered anew."""
    issues = np.flatnonzero(journal.issues["segment"] == segment)
    contacts = np.flatnonzero(np.isin(journal.contacts["issue"], issues))
    touches = np.flatnonzero(np.isin(journal.touches["contact"], contacts))
    found: list[object] = []
    for table, rows, refer in (
        (journal.issues, issues, {}),
        (journal.contacts, contacts, {"issue": issues, "row": touches}),
        (journal.touches, touches, {"contact": contacts, "touch": touches}),
    ):
        chosen = table[rows].copy()
        for column, of in refer.items():
            real = chosen[column] >= 0
            chosen[column][real] = np.searchsorted(of, chosen[column][real])
        found.append([chosen[name].tolist() for name in chosen.dtype.names])
    of_team = journal.presence[journal.presence["team"] == team]
    return [*found, [of_team[name].tolist() for name in of_team.dtype.names]]


def test_where_nothing_is_shared_nothing_changes_at_all() -> None:
    """Two desks: without the one nothing whatever is different at the other, to the tick, and the table says so."""
    scenario = supportsim.load_text(APART)
    for place, name in ((0, "free"), (1, "gold")):
        gone = thinning.without(scenario, name)
        for replication in (1, 2, 3):
            before, after = (play(each, replication) for each in (scenario, gone))
            assert own(before, place, place, scenario) == own(after, place, place, scenario)
            assert not (after.issues["segment"] == 1 - place).any()
            assert len(own(before, place, place, scenario)[1][0]) > 50  # type: ignore[index]
    found = without(scenario, "free", replications=4)
    same = found.table[found.table["same_issues"] == 1]
    assert len(same) > 15
    assert (same[["difference", "difference_ci_low", "difference_ci_high"]] == 0).all(axis=None)
    assert found.verdict()[0].endswith("nothing at all changes for anybody else.")
    assert "Each contact" not in "\n".join(found.verdict())


def test_of_two_that_are_alike_each_costs_the_other_the_same() -> None:
    found = without(supportsim.load_text(TWINS), ["a", "b"], replications=150)
    one, other = (row(found, *names, "served_wait_mean") for names in (("a", "b phone"), ("b", "a phone")))
    halves = [(float(r["difference_ci_high"]) - float(r["difference_ci_low"])) / 2 / 1.976 for r in (one, other)]  # type: ignore[arg-type]
    z = (float(one["difference"]) - float(other["difference"])) / math.hypot(*halves)  # type: ignore[arg-type]
    assert abs(z) <= 4
    assert float(one["difference_ci_high"]) < 0  # type: ignore[arg-type]


def test_e13_without_the_regular_calls_is_the_scenario_of_gold_alone() -> None:
    """E13_C, which `verify` holds against theory, event by event."""
    changes = {"length": "12 days"}
    line = thinning.without(supportsim.load(CONFIGS / "verification" / "E13_A.yaml", changes), "regular")
    alone = supportsim.load(CONFIGS / "verification" / "E13_C.yaml", changes)
    mine, theirs = (play(each) for each in (line, alone))
    assert len(mine.contacts) > 1500
    assert own(mine, 0, 0, line) == own(theirs, 0, 0, alone)


@pytest.mark.slow
def test_e13_by_theory() -> None:
    """M/M/5 with 6 calls an hour of 4 minutes: one in 16 000 waits, 54 microminutes on the mean."""
    scenario = supportsim.load(CONFIGS / "verification" / "E13_A.yaml", {"length": "400 days"})
    found = without(scenario, "regular", replications=25, jobs="auto", keep_journal=False)
    for measure, wanted in (("wait_mean", 60 * 5.406483049e-05), ("p_wait", 6.217455506e-05)):
        column = found.comparison.difference(found.comparison.others[0], ("gold", measure)).other
        spread = (column.high - column.mean) / 2.0639
        assert abs(column.mean - wanted) <= 4 * spread, (measure, column)
    base = found.comparison.difference(found.comparison.others[0], ("gold", "wait_mean")).base
    assert abs(base.mean - 60 * 4.789255837) <= 4 * (base.high - base.mean) / 2.0639


def test_a_tenth_is_the_margin_of_the_whole() -> None:
    """Of a crowded line the first tenth less does more, per contact, than the mean over all that are taken away."""
    scenario = supportsim.load_text(TWINS.replace("agents: 3", "agents: 2").replace("length: 12 h", "length: 1 day"))
    margin, whole = (without(scenario, "a", thin, 40) for thin in (0.1, None))
    each = [row(found, "a", "others", "waiting_minutes") for found in (margin, whole)]
    assert float(each[0]["contacts_removed"]) == pytest.approx(0.1 * float(each[1]["contacts_removed"]), rel=0.25)  # type: ignore[arg-type]
    assert each[0]["per_removed"] > 0  # type: ignore[operator]
    assert (margin.table["of"] == "a").any()  # nine tenths are left
    assert margin.verdict()[0].startswith("Without 10 % of a (")


def test_journals_of_what_is_left_are_clean() -> None:
    scenario = supportsim.load(CONFIGS / "saas" / "today.yaml", {"length": "2 days", "warm_up": "1 day"})
    for gone in (thinning.without(scenario, "free"), thinning.without(scenario, "bug", 0.3)):
        assert audit(play(gone), gone) == []


def test_the_folder_holds_the_table_and_the_sentences(by_hand: Scenario, tmp_path: Path) -> None:
    found = without(by_hand, ["free", "premium"], replications=2)
    folder = found.write(tmp_path / "out")
    assert (folder / "crowding_out.csv").read_text().startswith("removed,kind,share,of,measure,unit,same_issues,as_is,")
    assert (folder / "verdict.txt").read_text().splitlines() == found.verdict()
    assert {"0-one", "1-without-free", "2-without-premium"} <= {each.name for each in folder.iterdir()}
    with pytest.raises(ResultExists):
        found.write(tmp_path / "out")


def test_what_cannot_be_meant_is_said(by_hand: Scenario) -> None:
    with pytest.raises(ValueError, match="names: got none"):
        without(by_hand, [])
    with pytest.raises(thinning.NothingToRemove, match="no segment, topic or channel is named 'fre'"):
        without(by_hand, "fre")
    with pytest.raises(Incomparable, match="is itself named"):
        taken_away(replace(by_hand, name="without free"), ["free"])
    with pytest.raises(TypeError, match="expected a Scenario"):
        without("scenario.yaml", "free")  # type: ignore[arg-type]


def test_where_every_segment_loses_issues_no_row_compares_the_same(by_hand: Scenario) -> None:
    found = without(by_hand, "phone", replications=2)
    assert not found.table["same_issues"].any()
    assert "every segment loses issues" in found.verdict()[0]
