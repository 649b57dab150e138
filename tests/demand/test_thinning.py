"""Issues that are taken away: whose they are, how shares are nested, and that all others stay."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import supportsim
from supportsim.demand.issues import Demand
from supportsim.scenario.load import resolved, scenario_hash
from supportsim.scenario.model import Scenario, Thin
from supportsim.scenario.thinning import NothingToRemove, by_plan, left, without
from supportsim.scenario.timeline import Timeline

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from generator import made

DESK = """
name: desk
start: 2026-03-02
length: 2 days
segments: {gold: {customers: 400, plan: calls}, free: {}}
plans: {calls: [phone]}
topics: {bug: {}, how_to: {}, admin: {}}
channels:
  phone: {kind: live, handle_time: 5 min}
  mail: {kind: deferred, handle_time: 5 min, starting_backlog: {free: 40, gold: 7, oldest: 1 day}}
demand:
  by_plan: {segment: gold, topic: bug, per_customer: 3/month}
  letters: {segment: free, topic: how_to, channel: mail, rate: 6/h}
  rows: {channel: phone, trace: rows.csv}
  spare: {segment: free, topic: how_to, channel: mail, endless: yes}
busyness: {per_day: 30%, shared: 50%}
teams: {desk: {serves: [phone, mail], agents: 3}}
"""
ROWS = "at,segment,topic\n" + "\n".join(
    f"2026-03-02T{hour:02}:{minute:02}:00,{'gold' if minute % 2 else 'free'},{'bug' if minute % 3 else 'how_to'}"
    for hour in range(8, 18)
    for minute in range(0, 60, 7)
)


@pytest.fixture
def desk(tmp_path: Path) -> Scenario:
    (tmp_path / "rows.csv").write_text(ROWS + "\n", encoding="utf-8")
    return supportsim.load_text(DESK, folder=tmp_path)


def issues(scenario: Scenario, replication: int = 1) -> np.ndarray:
    return Demand(scenario, Timeline(scenario.times)).draw(1, replication)


@pytest.mark.parametrize(
    ("kind", "name"), [("segment", "gold"), ("segment", "free"), ("topic", "bug"), ("topic", "how_to")]
)
def test_all_of_a_segment_or_topic_and_nothing_else(desk: Scenario, kind: str, name: str) -> None:
    """By rate, per customer, from a trace whose rows say whose they are, and what waited at the begin."""
    before, after = issues(desk), issues(without(desk, name))
    number = [each.name for each in (desk.segments if kind == "segment" else desk.topics)].index(name)
    gone = before[kind] == number
    assert len(set(before["stream"][gone].tolist())) >= 2
    assert after.tobytes() == before[~gone].tobytes()


def test_of_a_channel_what_names_it(desk: Scenario) -> None:
    before, after = issues(desk), issues(without(desk, "phone"))
    assert after.tobytes() == before[before["channel"] != 0].tobytes()
    assert {source.stream for source in by_plan(desk, "phone")} == {"by_plan"}
    assert (after["channel"] == -1).any()


def test_a_tenth_lies_in_a_half_and_a_half_in_all(desk: Scenario) -> None:
    """The issues that are left of less are left of more taken away only in part: nested, to the last byte."""
    base = issues(desk)
    kept = [set(issues(without(desk, "free", share))["key"].tolist()) for share in (0.1, 0.5, 1.0)]
    assert set(base["key"].tolist()) > kept[0] > kept[1] > kept[2]
    own, fewer = 0, 0
    for replication in range(1, 41):
        before = issues(desk, replication)
        own += int((before["segment"] == 1).sum())
        fewer += len(before) - len(issues(without(desk, "free", 0.1), replication))
    assert fewer == pytest.approx(0.1 * own, abs=4 * (0.09 * own) ** 0.5)


def test_two_may_be_taken_away_together(desk: Scenario) -> None:
    both = without(without(desk, "gold"), "how_to", 0.25)
    assert both.thinned == (Thin("segment", "gold"), Thin("topic", "how_to", 0.25))
    assert (left(both, "gold", "bug", None), left(both, "free", "how_to", "mail")) == (0, 0.75)
    assert not (issues(both)["segment"] == 0).any()


def test_it_is_in_the_hash_and_said_only_where_there_is_some(desk: Scenario) -> None:
    assert "thinned" not in resolved(desk)
    gone = without(desk, "free")
    assert resolved(gone)["thinned"] == [{"kind": "segment", "name": "free", "share": 1.0}]
    assert scenario_hash(gone) != scenario_hash(desk)


PLANNED = DESK.replace(", starting_backlog: {free: 40, gold: 7, oldest: 1 day}", "").replace(
    "  rows: {channel: phone, trace: rows.csv}\n", ""
)


@pytest.mark.parametrize(
    ("name", "share", "said"),
    [
        ("gald", 1.0, "no segment, topic or channel is named 'gald'; did you mean gold?"),
        ("phone", 1.0, "contacts come to 'phone' by plan, no stream names it: without it they would come by the next "
         "channel of their plan; ask for the segment gold or the topic bug instead"),
        ("idle", 1.0, "no issue is of the segment 'idle': nothing can be taken away"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_away_is_said(name: str, share: float, said: str) -> None:
    planned = supportsim.load_text(PLANNED.replace("free: {}}", "free: {}, idle: {}}"))
    with pytest.raises(NothingToRemove) as why:
        without(planned, name, share)
    assert str(why.value) == said


def test_of_work_without_end_there_is_no_tenth() -> None:
    filler = supportsim.load_text(PLANNED.replace("how_to, channel: mail, endless", "admin, channel: mail, endless"))
    with pytest.raises(NothingToRemove, match="is filler: it has no end"):
        without(filler, "admin", 0.1)
    with pytest.raises(ValueError, match="above 0"):
        without(filler, "free", 0)


@pytest.mark.parametrize("number", range(60))
def test_generated_scenarios_lose_exactly_what_is_taken_away(number: int) -> None:
    scenario = made(number)
    before = issues(scenario)
    for place, segment in enumerate(scenario.segments):
        try:
            gone = without(scenario, segment.name)
        except NothingToRemove:
            continue
        assert issues(gone).tobytes() == before[before["segment"] != place].tobytes()
