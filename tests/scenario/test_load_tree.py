"""Inheritance: what `extends`, `remove`, `change` and --set make of a base."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Law, Scenario
from supportsim.scenario.ticks import MINUTE

VALID = Path(__file__).parent / "valid"

BASE = """name: base
start: 2026-03-02
length: 1 week
channels:
  phone:
    kind: live
    handle_time: {lognormal: {mean: 5 min, cv: 0.9}}
    patience: 4 min
    wrap_up: 20%
topics: {usual: {}, odd: {handle_time: x 1.5}}
demand:
  a: {topic: usual, channel: phone, rate: {mon-fri: 20/h, sat: 5/h}}
  b: {topic: odd, channel: phone, rate: 3/h, volume: x 1.1}
teams:
  desk: {serves: [phone], shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 4}}}
  rest: {serves: phone, agents: 1}
promises:
  fast: {of: phone, answer: 20 s, share: 80%}
"""


def with_change(*changes: tuple[str, str]) -> Scenario:
    return load_text(BASE, "base.yaml", changes=changes)


def variant(tmp_path: Path, text: str, base: str = BASE) -> Scenario:
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "variant.yaml").write_text("extends: base.yaml\n" + text, encoding="utf-8")
    return load(tmp_path / "variant.yaml")


def refused(*changes: tuple[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        with_change(*changes)
    return str(caught.value)


def test_a_plain_value_replaces() -> None:
    assert with_change(("teams.desk.shifts.day.agents", "9")).teams[0].shifts[0].agents == 9


def test_old_to_new_replaces_what_is_there() -> None:
    assert with_change(("teams.desk.shifts.day.agents", "4 -> 9")).teams[0].shifts[0].agents == 9
    assert with_change(("promises.fast.share", "80 % -> 85%")).promises[0].share == 0.85


def test_old_to_new_fails_when_the_base_has_moved_on() -> None:
    assert refused(("teams.desk.shifts.day.agents", "7 -> 9")) == (
        "--set teams.desk.shifts.day.agents: got 7 -> 9; expected 7 in the base; the base has moved on: 4 stands there"
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("demand.b.volume", "x 2", 2.2),
        ("demand.b.rate", "x 1.5", 4.5),
        ("promises.fast.share", "x 0.5", 0.4),
    ],
)
def test_x_multiplies_what_is_there(path: str, before: str, after: float) -> None:
    scenario = with_change((path, before))
    found = {
        "demand.b.volume": scenario.streams[1].volume,
        "demand.b.rate": scenario.streams[1].rates[0][3],
        "promises.fast.share": scenario.promises[0].share,
    }
    assert found[path] == pytest.approx(after, rel=1e-15)


def test_x_multiplies_durations_agents_and_factors() -> None:
    scenario = with_change(
        ("promises.fast.answer", "x 1.5"),
        ("teams.desk.shifts.day.agents", "x 1.5"),
        ("topics.odd.handle_time", "x 2"),
    )
    assert scenario.promises[0].limit == 30_000_000
    assert scenario.teams[0].shifts[0].agents == 6
    assert scenario.queues[1].work.law.factor == 3.0


def test_x_where_nothing_is_written_multiplies_the_default() -> None:
    assert with_change(("demand.a.volume", "x 1.2")).streams[0].volume == 1.2
    assert "nothing for x to multiply" in refused(("channels.phone.lines", "x 2"))


def test_x_multiplies_laws_and_tables_of_rates() -> None:
    scenario = with_change(("channels.phone.handle_time", "x 1.2"), ("demand.a.rate", "x 2"))
    assert scenario.queues[0].work.law == Law("lognormal", (5.0 * MINUTE, 0.9), factor=1.2)
    assert [row[3] for row in scenario.streams[0].rates] == [40.0] * 5 + [10.0]


def test_x_twice_multiplies_twice() -> None:
    scenario = with_change(("channels.phone.handle_time", "x 2"), ("channels.phone.handle_time", "x 2"))
    assert scenario.queues[0].work.law.factor == 4.0


def test_x_on_what_has_no_number_is_refused() -> None:
    assert "live stands there" in refused(("channels.phone.kind", "x 2"))
    assert "09:00-17:00 stands there" in refused(("teams.desk.shifts.day.hours", "x 2"))
    assert "multiplies numbers and laws only" in refused(("teams.desk.shifts.day", "x 2"))


def test_mappings_merge_and_lists_are_replaced(tmp_path: Path) -> None:
    scenario = variant(
        tmp_path,
        "change:\n"
        "  teams.desk: {wage: 20/h, serves: [phone usual, phone]}\n"
        "  channels.phone.handle_time: {lognormal: {mean: 6 min}}\n",
    )
    desk = scenario.teams[0]
    assert (desk.wage_per_hour, desk.serves, desk.shifts[0].agents) == (20.0, ("phone usual", "phone"), 4)
    assert scenario.queues[0].work.law.values == (6.0 * MINUTE, 0.9)


def test_another_law_replaces_the_law() -> None:
    scenario = with_change(("channels.phone.handle_time", "{exponential: {mean: 3 min}}"))
    assert scenario.queues[0].work.law == Law("exponential", (3.0 * MINUTE,))


def test_a_star_stands_for_every_name() -> None:
    scenario = with_change(("demand.*.volume", "x 2"), ("teams.*.wage", "20/h"))
    assert [stream.volume for stream in scenario.streams] == [2.0, 2.2]
    assert [team.wage_per_hour for team in scenario.teams] == [20.0, 20.0]


def test_a_key_of_the_language_need_not_be_in_the_base() -> None:
    scenario = with_change(("busyness.per_day", "8%"), ("routing.policy", "fifo"), ("teams.desk.shrinkage.leave", "5%"))
    assert (scenario.busyness.cv, scenario.policy, scenario.teams[0].leave) == (0.08, "fifo", 0.05)


def test_a_new_name_is_added_whole_and_never_by_accident() -> None:
    scenario = with_change(("demand.c", "{topic: usual, channel: phone, rate: 1/h}"))
    assert [stream.name for stream in scenario.streams] == ["a", "b", "c"]
    assert refused(("demand.aa.volume", "x 2")) == (
        "--set: got demand.aa.volume; expected a path of the base: there is no demand.aa; did you mean a?"
    )


def test_remove_comes_before_change(tmp_path: Path) -> None:
    scenario = variant(tmp_path, "remove: [demand.a.rate, teams.rest]\nchange: {demand.a.rate: 7/h}\nname: less\n")
    assert ([team.name for team in scenario.teams], scenario.name) == (["desk"], "less")
    assert {row[3] for row in scenario.streams[0].rates} == {7.0}


def test_plain_keys_of_a_variant_are_merged_in(tmp_path: Path) -> None:
    scenario = variant(tmp_path, "title: A variant\nteams:\n  rest: {agents: 3}\n")
    assert (scenario.title, scenario.teams[1].agents, scenario.teams[1].serves) == ("A variant", 3, ("phone",))


def test_a_variant_of_a_variant(tmp_path: Path) -> None:
    (tmp_path / "second.yaml").write_text("extends: variant.yaml\nchange: {teams.rest.agents: 2 -> 3}\n")
    variant(tmp_path, "change: {teams.rest.agents: 1 -> 2}\n")
    assert load(tmp_path / "second.yaml").teams[1].agents == 3


def test_the_chain_of_bases_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "v0.yaml").write_text(BASE)
    for i in range(1, 13):
        (tmp_path / f"v{i}.yaml").write_text(f"extends: v{i - 1}.yaml\n")
    assert load(tmp_path / "v10.yaml").name == "base"
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "v12.yaml")
    assert "expected at most 10 files, each the base of the next" in str(caught.value)


def test_a_cycle_of_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "a.yaml")
    assert "a cycle of extends" in str(caught.value)
    assert len(caught.value.faults) == 1


def test_a_link_out_of_the_folder_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "link.yaml").symlink_to(tmp_path / "base.yaml")
    (tmp_path / "below" / "v.yaml").write_text("extends: link.yaml\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "below" / "v.yaml")
    assert "expected a file in the folder of this one, or below it" in str(caught.value)


def test_faults_of_the_base_are_told_where_they_stand(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        variant(tmp_path, "change: {teams.rest.agents: -1}\n", BASE.replace("rate: 3/h", "rate: 3"))
    places = [(Path(fault.file).name, fault.line) for fault in caught.value.faults]
    assert sorted(places) == [("base.yaml", 13), ("variant.yaml", 2)]


def test_a_change_means_the_same_from_the_command_line_and_in_a_file(tmp_path: Path) -> None:
    changes = (("demand.*.volume", "x 1.2"), ("teams.desk.shifts.day.agents", "4 -> 5"))
    text = "change:\n" + "".join(f"  {path}: {value}\n" for path, value in changes)
    assert variant(tmp_path, text) == with_change(*changes)
    assert with_change(*changes) == load_text(BASE, "base.yaml", changes=dict(changes))


def test_the_variant_of_the_desk() -> None:
    base, changed = load(VALID / "desk.yaml"), load(VALID / "variant.yaml")
    assert changed.name == "two-more-early"
    assert changed.teams[0].shifts[0].agents == 9
    assert len(changed.teams[0].shifts) == 2
    assert changed.streams[2].volume == pytest.approx(1.21, rel=1e-15)
    assert changed.promises[1].share == 0.85
    assert changed.channels == base.channels
    assert changed.queues == base.queues


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("", "3", "expected a dotted path"),
        ("teams..agents", "3", "expected a dotted path"),
        ("teams.rest.agents.more", "3", "expected a path of the base: teams.rest.agents is 1"),
        ("teams.rest.agents", "", "expected a value after ="),
        ("teams.rest.agents", "{a: [", "expected"),
        ("teams.rest.agents", "1 ->", "expected old -> new, as 7 -> 9"),
        ("extends", "x.yaml", "expected a dotted path"),
    ],
)
def test_a_change_that_is_none(path: str, value: str, part: str) -> None:
    assert part in refused((path, value))
