"""What a segment could be offered: which levels there are, a day by hand, and what is said of what is not staffed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import supportsim
from supportsim.scenario.errors import ConfigError
from supportsim.show.ladder_figure import draw_ladder
from supportsim.study.compare import RESIZED
from supportsim.study.folder import ResultExists
from supportsim.study.ladder import AS_IT_IS, LEVELS, Ladder, NoLadder, changes_of, ladder, levels_of, rungs

# Two agents, one for each channel.  Free writes at 9:00 and 9:30 (mail: 6 min); gold calls at 9:01 (phone: 4 min).
BY_HAND = """
name: desk
start: 2026-03-02
length: 1 day
currency: EUR
segments:
  gold: {customers: 10, plan: calls}
  free: {customers: 100, plan: letters}
plans: {calls: [phone], letters: [mail]}
channels:
  phone: {kind: live, handle_time: 4 min, patience: never}
  mail: {kind: deferred, handle_time: 6 min}
demand: {rows: {trace: rows.csv}}
promises:
  fast: {of: phone, answer: 60 s, share: 80%, judged: daily}
  soon: {of: mail, first_reply: 1 h, share: 80%, judged: daily}
teams:
  phones: {serves: [phone], wage: 30/h, shifts: {day: {days: mon-fri, hours: 08:00-12:00, agents: 1}}}
  mails: {serves: [mail], wage: 20/h, shifts: {day: {days: mon-fri, hours: 08:00-12:00, agents: 1}}}
routing: {policy: fifo}
"""
ROWS = "at_min,segment\n540,free\n541,gold\n570,free\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "desk.yaml").write_text(BY_HAND)
    return tmp_path / "desk.yaml"


def row(found: Ladder, level: str, of: str, measure: str, roster: str = "as it is") -> dict[str, object]:
    table = found.table
    chosen = table[
        (table["level"] == level) & (table["of"] == of) & (table["measure"] == measure) & (table["roster"] == roster)
    ]
    assert len(chosen) == 1, (level, of, measure)
    return dict(chosen.iloc[0])


def test_the_levels_of_a_segment(file: Path) -> None:
    """`mail` alone is what free has, `plan letters` too; `plan calls` is `phone`, which came before."""
    scenario = supportsim.load(file)
    assert [level.name for level in levels_of(scenario, "free")] == ["none", "phone", "phone, then mail"]
    assert [level.name for level in levels_of(scenario, "gold")] == ["none", "mail", "phone, then mail"]
    assert len(LEVELS) == 4


def test_a_plan_that_is_made_keeps_what_the_segment_pays_and_asks(file: Path) -> None:
    own = {"plans.letters": "{channels: [mail], asks: 70%, issues: x 1.5, price: 6/month}"}
    scenario = supportsim.load(file, own)
    (level,) = [each for each in levels_of(scenario, "free") if each.name == "phone, then mail"]
    changed = supportsim.load(file, [*own.items(), *changes_of(scenario, "free", level)])
    plan = changed.plans[-1]
    assert changed.segments[1].plans[0].plan == plan.name == "free_phone_mail"
    assert [step.channel for step in plan.steps] == ["phone", "mail"]
    assert (plan.asks, plan.issues, plan.price) == (0.7, 1.5, 6.0)
    assert "plan calls" in [each.name for each in levels_of(scenario, "free")]  # it asks for all, and costs nothing


def test_a_day_by_hand(file: Path) -> None:
    """By mail 12 min at 20 an hour: 4 EUR.  By phone 8 min at 30: 4 EUR, too, and gold waits from 9:01 to 9:04."""
    found = ladder(file, "free", replications=2)
    year = 365.25
    assert found.comparison.options[0].name == AS_IT_IS
    for level, spent in ((AS_IT_IS, 4.0), ("phone", 4.0), ("none", 0.0)):
        cost = row(found, level, "free", "cost_to_serve")
        assert cost["mean"] == pytest.approx(spent / (100 / year))
        assert cost["unit"] == "EUR/customer-year"
    assert row(found, "none", "free", "never_served_share")["mean"] == 1
    assert row(found, "none", "free", "people_never_served")["difference"] == 2
    assert row(found, "phone", "gold phone", "served_wait_mean")["difference"] == 180
    assert row(found, "phone", "others", "kept_together")["difference"] == -1
    assert row(found, "phone", "free", "kept_together")["mean"] == 1
    assert not len(found.table[(found.table["level"] == "none") & (found.table["of"] == "soon")])  # no case
    text = "\n".join(found.verdict())
    assert "free as it is: 14.61 EUR/customer-year" in text
    assert "free by none: 0.00 EUR/customer-year (−14.61 ± 0.00)" in text
    assert "promises to the others kept 0.0 % (−100.0 ± 0.0 points)" in text


def test_with_the_roster_resized_by_work(file: Path) -> None:
    """Nobody writes any more: the mail team keeps its one, as whole people are; with two of them one is left."""
    found = ladder(file, "free", replications=2, changes={"teams.mails.shifts.day.agents": "2"}, levels=["none"])
    assert [option.name for option in found.comparison.options] == [AS_IT_IS, "none", "none" + RESIZED]
    paid = row(found, "none", "all", "paid_hours", "resized by work")
    assert (paid["mean"], paid["difference"]) == (8, -4)
    assert "roster resized by work" in "\n".join(found.verdict())


def test_what_nobody_serves_is_said_and_never_a_cost_of_nothing(file: Path) -> None:
    alone = {"teams.phones.serves": "[gold phone]"}
    found = ladder(file, "free", replications=2, changes=alone)
    assert [(rung.level.name, rung.why) for rung in found.left_out] == [
        ("phone", "not staffed"), ("phone, then mail", "not staffed"),
    ]  # fmt: skip
    out = found.table[found.table["state"] == "not staffed"]
    assert out["level"].tolist() == ["phone", "phone, then mail"]
    assert out["mean"].isna().all()
    assert "free by phone: not staffed" in "\n".join(found.verdict())
    nobody = {"teams.phones.shifts.day.agents": "0"}
    assert [each.level.name for each in rungs(file, "free", nobody) if each.scenario is None] == [
        "phone", "phone, then mail",
    ]  # fmt: skip


def test_a_channel_beside_the_level_need_not_be_staffed(file: Path) -> None:
    """Nobody is in the mail team: free by phone is staffed all the same, and so is no support at all."""
    nobody = {"teams.mails.shifts.day.agents": "0"}
    found = {each.level.name: each.scenario is not None for each in rungs(file, "free", nobody)}
    assert found == {AS_IT_IS: True, "none": True, "phone": True, "phone, then mail": False}


def test_streams_that_name_a_channel_keep_it(file: Path) -> None:
    found = ladder(
        file,
        "free",
        replications=2,
        levels=["none"],
        changes={"channels.mail.starting_backlog": "{free: 3, oldest: 1 h}"},
    )
    said = "Whatever the level, what names its channel comes there: those who wait for mail at the begin."
    assert said in found.verdict()
    assert float(row(found, "none", "free", "allocated_cost")["mean"]) > 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "segment", "levels", "said"),
    [
        ({}, "fre", [], "no segment is named 'fre'; did you mean free?"),
        ({}, "free", ["fone"], "free has no level 'fone'; did you mean none or phone?"),
        ({"demand.rows": "{channel: phone, trace: rows.csv}"}, "free", [], "no issue of 'free' begins by plan"),
        (
            {"teams.phones.shifts.day.agents": "0"},
            "free",
            ["phone"],
            "nobody is there to serve 'free' in any",
        ),
    ],
)
def test_what_cannot_be_meant_is_said(
    file: Path, changes: dict[str, str], segment: str, levels: list[str], said: str
) -> None:
    with pytest.raises(NoLadder) as why:
        ladder(file, segment, 2, changes=changes, levels=levels)
    assert str(why.value).startswith(said)


def test_a_file_without_segments_and_one_with_faults(tmp_path: Path, file: Path) -> None:
    text = "name: a\nstart: 2026-03-02\nlength: 1 day\nchannels: {p: {kind: live, handle_time: 4 min}, m: {kind: "
    text += "deferred, handle_time: 4 min}}\nplans: {x: [p]}\ndemand: {d: {channel: p, rate: 1/h}}\n"
    (tmp_path / "none.yaml").write_text(text + "teams: {t: {serves: [p, m], agents: 1}}\n")
    with pytest.raises(NoLadder):
        ladder(tmp_path / "none.yaml", "customers", 2)
    with pytest.raises(ConfigError):
        ladder(file, "free", 2, changes={"teams.phones.serves": "[fone]"})


def test_the_folder_and_the_figure(file: Path, tmp_path: Path) -> None:
    found = ladder(file, "free", replications=2, levels=["none", "phone"])
    folder = found.write(tmp_path / "out")
    assert (folder / "ladder.csv").read_text().splitlines()[0].startswith("level,roster,state,of,measure,unit,mean,")
    assert (folder / "verdict.txt").read_text().splitlines() == found.verdict()
    (folder / "figures").mkdir()
    names = [each.name for each in draw_ladder(found, folder / "figures")]
    assert names == ["ladder.svg", "ladder.png", "ladder.csv"]
    numbers = (folder / "figures" / "ladder.csv").read_text().splitlines()
    assert len(numbers) == 1 + 3 + 4 + 4  # phone twice; promises to free: not of `none`
    with pytest.raises(ResultExists):
        found.write(tmp_path / "out")


def test_without_prices_there_is_no_cost_and_no_figure(file: Path, tmp_path: Path) -> None:
    free = {"teams.phones.wage": "0/h", "teams.mails.wage": "0/h"}
    found = ladder(file, "free", replications=2, levels=["none"], changes=free)
    assert "cost_to_serve" not in set(found.table["measure"])
    assert draw_ladder(found, tmp_path) == []
    assert "free as it is: promises to them kept 100.0 %" in found.verdict()[0]


def test_anonymous_customers_cost_by_issue(file: Path) -> None:
    found = ladder(file, "free", replications=2, levels=["none"], changes={"segments.free.customers": "anonymous"})
    cost = row(found, AS_IT_IS, "free", "cost_to_serve")
    assert (cost["mean"], cost["unit"]) == (2, "EUR/issue")
    assert math.isclose(float(row(found, "none", "free", "cost_to_serve")["mean"]), 0)  # type: ignore[arg-type]
