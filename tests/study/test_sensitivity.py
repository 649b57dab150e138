"""What moves the answer: a desk by hand, what needs no play, shares, and what is kept of an interrupted one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import supportsim
from study.test_compare import BY_HAND
from supportsim.scenario.model import Scenario
from supportsim.study.inputs import inputs
from supportsim.study.metrics import Incomparable
from supportsim.study.run import run
from supportsim.study.sensitivity import HIGH, LOW, Place, Sensitivity, chosen_of, sensitivity
from supportsim.study.uncertain import uncertain

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted(file for file in (ROOT / "configs").rglob("*.yaml") if file.parent.name != "data")

# Three callers at 9:00, 9:01 and 9:02; each takes four minutes.  One agent serves them at 9:00, 9:04 and 9:08.
CALLS = "at_min\n540\n541\n542\n"
#: Two desks that share nobody, and all that only money depends on.
APART = """
name: apart
start: 2026-03-02
length: 2 days
segments:
  gold: {customers: 300, plan: by_phone, margin: 30/month, churn: 10%/year}
  free: {customers: 3000, plan: by_chat, margin: 1/month, churn: 20%/year}
plans: {by_phone: [phone], by_chat: [chat]}
channels:
  phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}
  chat: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 3 min}}}
demand:
  of_gold: {segment: gold, per_customer: 40/month}
  of_free: {segment: free, per_customer: 4/month}
promises:
  calls: {of: phone, answer: 20 s, share: 80%, judged: daily, penalty: 1/breach}
  chats: {of: chat, answer: 20 s, share: 80%, judged: daily}
teams:
  phones: {serves: [phone], agents: 2, wage: 20/h, shrinkage: {leave: 10%}}
  typists: {serves: [chat], agents: 2, wage: 20/h}
experience:
  lasts: 3 months
  discount: 10%/year
  promise_broken: {low: x 1.01, stated: x 1.05, high: x 1.2}
"""


@pytest.fixture(scope="module")
def apart() -> Scenario:
    return supportsim.load_text(APART)


def row(found: Sensitivity, path: str, measure: str, option: str = "") -> pd.Series:
    table = found.table
    told = table["selector"].str.cat(table["measure"], sep=".")
    (one,) = table[(told == measure) & (table["input"] == path) & (table["option"] == (option or found.base))].index
    return table.loc[one]


def test_three_callers_by_hand(tmp_path: Path) -> None:
    """Work of 3.2 min: served at 9:00, 9:03:12, 9:06:24; of 4.8 min at 9:00, 9:04:48, 9:09:36."""
    (tmp_path / "calls.csv").write_text(CALLS)
    scenario = supportsim.load_text(BY_HAND, folder=tmp_path)
    found = sensitivity(
        scenario, 0.2, 2, measures=["phone.served_wait_mean", "all.cost"], inputs=["*.handle_time", "teams.*"]
    )
    assert [each.path for each in found.inputs] == ["channels.phone.handle_time", "teams.desk.wage"]
    work = row(found, "channels.phone.handle_time", "phone.served_wait_mean")
    assert work[["as_stated", "change_low", "change_high", "movement", "share"]].tolist() == [180, -48, 48, 48, 1]
    assert work[["value", "value_low", "value_high"]].tolist() == ["4 min", "3.2 min", "4.8 min"]
    wage = row(found, "teams.desk.wage", "all.cost")
    assert wage[["as_stated", "change_low", "change_high", "share"]].tolist() == [40, -8, 8, 1]
    assert row(found, "teams.desk.wage", "phone.served_wait_mean")["movement"] == 0
    assert found.shares == {"channels.phone.handle_time": 0.5, "teams.desk.wage": 0.5}


def test_whoever_shares_nobody_is_not_moved(apart: Scenario) -> None:
    found = sensitivity(apart, 0.2, 4, inputs=["demand.*"])
    for path, own, other in (("of_gold", "calls", "chats"), ("of_free", "chats", "calls")):
        mine, theirs = (row(found, f"demand.{path}.volume", f"{name}.kept_share") for name in (own, other))
        assert mine["change_low"] > 0 > mine["change_high"]
        assert theirs["movement"] == 0
        assert (theirs["p"], theirs["told"]) == (1, 0)


def test_what_only_money_depends_on_is_priced_as_if_it_were_played(apart: Scenario) -> None:
    """Wage, leave, margin, churn, odds: the very numbers of a play of the changed scenario."""
    found = sensitivity(apart, 0.25, 1, inputs=["teams.*", "segments.*", "experience.*"])
    assert len(found.inputs) == 10
    for each in found.inputs:
        assert each.priced
        for side, factor in ((LOW, 0.75), (HIGH, 1.25)):
            again = run(each.change(apart, factor), 1)
            rows = [again.yardstick.places[key] for key in found.keys]
            assert np.array_equal(found.values[Place("apart", each.path, side)], again.rows[:, rows, 2]), each.path


def test_a_played_input_is_the_play_of_the_changed_scenario(apart: Scenario) -> None:
    found = sensitivity(apart, 0.2, 2, jobs=2, inputs=["channels.phone.patience"])
    again = run(found.inputs[0].change(apart, 1.2), 2)
    rows = [again.yardstick.places[key] for key in found.keys]
    assert np.array_equal(found.values[Place("apart", "channels.phone.patience", HIGH)], again.rows[:, rows, 2])


def test_of_options_told_is_what_moves_their_difference(apart: Scenario) -> None:
    """Two people more at the phones: of their wage the difference of cost moves, of the others' it does not."""
    more = supportsim.load_text(APART, changes={"name": "more", "teams.phones.agents": "4"})
    found = sensitivity([apart, more], 0.2, 2, measures=["all.cost"], inputs=["teams.*.wage"])
    ours, theirs = (row(found, f"teams.{team}.wage", "all.cost", "more") for team in ("phones", "typists"))
    added = 2 * 48 * 20 / 0.9  # two more for 48 h, and their leave
    assert ours["against"] == "apart"
    assert ours["change_high"] == pytest.approx(0.2 * added)
    assert theirs["movement"] == 0
    assert found.shares == {"teams.phones.wage": 1.0, "teams.typists.wage": 0.0}
    assert row(found, "teams.typists.wage", "all.cost")["change_low"] == pytest.approx(-0.2 * 2 * 48 * 20)


def test_shares_are_of_the_sum_of_movements_and_holm_counts_all_inputs(apart: Scenario) -> None:
    """By hand: one input moves by -3 and +3, one by -1 and +3, one by nothing: 3 and 2 of 5."""
    some = uncertain(apart)[:3]
    base = np.array([[10.0], [12.0], [14.0]])
    moves = [(-3.0, 3.0), (-1.0, 3.0), (0.0, 0.0)]
    values = {Place("apart", "", ""): base}
    for each, ends in zip(some, moves, strict=True):
        for side, by in zip((LOW, HIGH), ends, strict=True):
            values[Place("apart", each.path, side)] = base + by
    found = Sensitivity({"apart": apart}, 0.2, 1, 3, (("phone", "served_wait_mean"),), tuple(some), values)
    assert found.table["share"].tolist() == [0.6, 0.4, 0.0]
    assert found.table["input"].tolist() == [each.path for each in some]
    assert found.table["told"].tolist() == [1, 1, 0]
    # beside a spread of sqrt(2) over three the same means are no news: t = 3 / (sqrt(2) / sqrt(3)) = 3.67, p = 0.067
    values[Place("apart", some[0].path, HIGH)] = values[Place("apart", some[0].path, LOW)] = base + np.array(
        [[3 - 2**0.5], [3], [3 + 2**0.5]]
    )
    unsure = Sensitivity({"apart": apart}, 0.2, 1, 3, (("phone", "served_wait_mean"),), tuple(some), values)
    first = row(unsure, some[0].path, "phone.served_wait_mean")
    assert first["p"] == pytest.approx(2 * 0.0668, rel=0.01)
    assert (first["share"], first["told"]) == (0.6, 0)


def test_ctrl_c_keeps_whole_inputs(apart: Scenario) -> None:
    def stop(finished: int, total: int) -> None:
        if finished == 7:  # 2 as stated, 4 of the first input, 1 of the second
            raise KeyboardInterrupt

    paths = ["demand.of_gold.volume", "demand.of_free.volume", "teams.phones.wage"]
    found = sensitivity(apart, 0.2, 2, inputs=paths, tell=stop)
    assert [each.path for each in found.inputs] == ["demand.of_gold.volume", "teams.phones.wage"]
    assert found.not_played == ("demand.of_free.volume",)
    assert (found.interrupted, found.complete) == (True, False)
    assert not found.table["movement"].isna().any()


def test_nothing_is_told_where_the_scenario_itself_was_not_played(apart: Scenario) -> None:
    def stop(finished: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sensitivity(apart, 0.2, 2, inputs=["teams.phones.wage"], tell=stop)


@pytest.mark.parametrize("by", [0, 1, -0.2, float("nan")])
def test_a_share_is_between_nothing_and_all(apart: Scenario, by: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        sensitivity(apart, by)


def test_unknown_inputs_and_measures_are_refused_with_the_nearest(apart: Scenario) -> None:
    with pytest.raises(Incomparable, match=r"did you mean teams\.phones\.wage"):
        sensitivity(apart, 0.2, 2, inputs=["teams.phones.wages"])
    with pytest.raises(Incomparable, match=r"calls\.kept_share"):
        sensitivity(apart, 0.2, 2, measures=["calls.kept_shar"])


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_input_is_one_of_the_file_and_its_changes_are_possible(file: Path) -> None:
    scenario = supportsim.load(file)
    rows = inputs(scenario)["what"].tolist()
    for each in uncertain(scenario):
        assert any(each.owns(path) for path in rows), each.path
        for factor in (0.8, 1.2):
            assert possible(each.change(scenario, factor)), each.path
    assert len({each.path for each in uncertain(scenario)}) == len(uncertain(scenario))


def possible(scenario: Scenario) -> bool:
    """Whether probabilities are ones and shares add up."""
    afters = [after for channel in scenario.channels for after in channel.after]
    parts = [(after.again, after.at_opening, after.next_channel, after.stop) for after in afters]
    parts += [tuple(own.share for own in segment.plans) for segment in scenario.segments if segment.plans]
    chances = [queue.resolves for queue in scenario.queues] + [plan.asks for plan in scenario.plans]
    shares = [share for part in parts for share in part]
    return all(abs(sum(part) - 1) < 1e-9 for part in parts) and all(0 <= each <= 1 for each in (*chances, *shares))


def test_a_policy_by_margin_plays_margins_and_ranks_anew(apart: Scenario) -> None:
    text = APART.replace("typists: {serves: [chat]", "typists: {serves: [chat, phone]") + "routing: {policy: value}\n"
    text = text.replace("margin: 30/month", "margin: 1.1/month")
    scenario = supportsim.load_text(text)
    margin = next(each for each in uncertain(scenario) if each.path == "segments.gold.margin")
    assert not margin.priced
    places = [[queue.figure_class for queue in each.queues] for each in (scenario, margin.change(scenario, 0.8))]
    assert places[0] != places[1]
    written = supportsim.load_text(text, changes={"segments.gold.margin": "0.88/month"})
    assert written.queues == margin.change(scenario, 0.8).queues


def test_who_comes_back_takes_from_those_who_give_up_and_no_more_than_there_are() -> None:
    after = "after: {abandoned: {again: 50%, next_channel: 45%, give_up: 5%, delay: 1 min}}}\n  mail:"
    text = APART.replace("  chat:", "  chat: {kind: live, handle_time: 1 min, patience: 1 min, " + after)
    scenario = supportsim.load_text(text.replace("by_chat: [chat]", "by_chat: [chat, mail]").replace(
        "serves: [chat]", "serves: [chat, mail]"
    ))  # fmt: skip
    (back,) = chosen_of({"one": scenario}, ["*.again"])
    (after,) = (a for c in back.change(scenario, 1.2).channels for a in c.after if a.outcome == "abandoned")
    assert (after.again, after.next_channel, after.stop) == (pytest.approx(0.55), 0.45, pytest.approx(0))
    (after,) = (a for c in back.change(scenario, 0.8).channels for a in c.after if a.outcome == "abandoned")
    assert (after.again, after.next_channel, after.stop) == (pytest.approx(0.4), 0.45, pytest.approx(0.15))


def test_a_default_is_told_as_supplied() -> None:
    """That every contact solves is nobody's word where the file says nothing."""
    scenario = supportsim.load_text(APART, changes={"channels.chat.resolves": "90%"})
    supplied = {each.path: each.supplied(scenario) for each in uncertain(scenario)}
    assert supplied["channels.phone.resolves"]
    assert not any(yes for path, yes in supplied.items() if path != "channels.phone.resolves")


@pytest.mark.parametrize("first", ["with", "without"])
def test_an_option_that_lacks_an_input_has_no_value_and_no_source_of_it(apart: Scenario, first: str) -> None:
    bare = supportsim.load_text(APART.split("experience:")[0])
    options = {"with": apart, "without": bare}
    paths = ["experience.lasts", "segments.gold.churn"]
    found = sensitivity({first: options.pop(first), **options}, 0.2, 1, measures=["all.cost"], inputs=paths)
    for path in paths:
        lacks = row(found, path, "all.cost", "without")
        assert lacks[["value", "value_low", "value_high", "source"]].tolist() == [""] * 4
        assert row(found, path, "all.cost", "with")["source"] == "written"
    assert row(found, "experience.lasts", "all.cost", "with")["value"] == "91.3 days"
    assert "supplied by supportsim" not in "\n".join(found.verdict())


def test_supplied_is_what_no_option_wrote(apart: Scenario) -> None:
    wrote = supportsim.load_text(APART, changes={"channels.chat.resolves": "90%"})
    found = sensitivity({"silent": apart, "wrote": wrote}, 0.2, 1, measures=["all.cost"], inputs=["*.resolves"])
    chat = "channels.chat.resolves"
    assert [row(found, chat, "all.cost", name)["source"] for name in ("silent", "wrote")] == ["default", "written"]
    (sentence,) = (each for each in found.verdict() if "supplied by supportsim" in each)
    assert sentence.endswith("itself: resolution on phone.")


def test_the_sure_input_is_not_told_as_the_largest_and_no_case_not_as_no_movement(apart: Scenario) -> None:
    """By hand, three replications: sure 1, unsure 3 of 4 (p = 0.067 and twice that); then no case at all."""
    unsure, sure = uncertain(apart)[:2]
    base = np.array([[10.0], [12.0], [14.0]])
    spread = base + 3 + np.array([[-(2**0.5)], [0], [2**0.5]])
    values = {Place("apart", "", ""): base}
    for side in (LOW, HIGH):
        values |= {Place("apart", unsure.path, side): spread, Place("apart", sure.path, side): base + 1}
    keys = (("phone", "served_wait_mean"),)
    found = Sensitivity({"apart": apart}, 0.2, 1, 3, keys, (unsure, sure), values)
    assert found.verdict()[0] == (
        "phone served wait mean: for sure it rests on volume of of_free 25 % of all movement (+1.0 s to +1.0 s); "
        "larger, but perhaps by chance: volume of of_gold 75 %; of 1 input no movement is sure."
    )
    none = {place: np.full_like(each, np.nan) for place, each in values.items()}
    found = Sensitivity({"apart": apart}, 0.2, 1, 3, keys, (unsure, sure), none)
    assert found.verdict()[0] == "phone served wait mean has no value (no case)."
