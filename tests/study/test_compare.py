"""Options on the same customers: a day by hand, and what a comparison promises whatever is compared."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import supportsim
from supportsim.scenario.model import Experience, Scenario, Segment
from supportsim.scenario.ticks import HOUR
from supportsim.show.tables import cost_line
from supportsim.study.compare import RESIZED, compare
from supportsim.study.comparison import Comparison, values
from supportsim.study.comparison_folder import write
from supportsim.study.flip import flips
from supportsim.study.folder import ResultExists
from supportsim.study.metrics import Incomparable
from supportsim.study.result import Result
from supportsim.study.run import run

# Three callers at 9:00, 9:01 and 9:02; each takes four minutes.  One agent serves them at 9:00, 9:04 and 9:08.
CALLS = "at_min,handle_min,patience_min\n540,4,never\n541,4,never\n542,4,never\n"
BY_HAND = """
name: one
start: 2026-03-02
length: 1 day
currency: EUR
channels: {phone: {kind: live, handle_time: 4 min, patience: never}}
demand: {calls: {channel: phone, trace: calls.csv}}
promises: {minute: {of: phone, answer: 60 s, share: 80%, judged: daily}}
teams: {desk: {serves: [phone], wage: 20/h, shifts: {day: {days: mon-fri, hours: 08:00-10:00, agents: 1}}}}
"""
BUSY = """
name: busy
start: 2026-03-02
length: 2 days
channels:
  phone: {kind: live, handle_time: {exponential: {mean: 5 min}}, patience: {exponential: {mean: 2 min}}}
demand: {calls: {channel: phone, rate: 30/h}}
busyness: {per_day: 10%}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily}}
teams: {desk: {serves: [phone], wage: 20/h, agents: 3}}
"""


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    (tmp_path / "calls.csv").write_text(CALLS)
    return tmp_path


def at(folder: Path, name: str, **changes: str) -> Scenario:
    pairs = {path.replace("__", "."): value for path, value in changes.items()} | {"name": name}
    return supportsim.load_text(BY_HAND, folder=folder, changes=pairs)


def busy(name: str, **changes: str) -> Scenario:
    return supportsim.load_text(BUSY, changes={p.replace("__", "."): v for p, v in changes.items()} | {"name": name})


def row(found: Comparison, option: str, selector: str, measure: str) -> dict[str, object]:
    table = found.differences
    chosen = table[(table["option"] == option) & (table["selector"] == selector) & (table["measure"] == measure)]
    assert len(chosen) == 1
    return dict(chosen.iloc[0])


def test_a_second_agent_by_hand(by_hand: Path) -> None:
    """Alone: waits of 0, 3 and 6 min.  With two: 0, 0 and, from 9:04 on, 2 min."""
    base, two = at(by_hand, "one"), at(by_hand, "two", teams__desk__shifts__day__agents="2")
    found = compare([base, two], replications=3)
    mean = row(found, "two", "phone", "served_wait_mean")
    assert (mean["base"], mean["option_mean"], mean["difference"]) == (180, 40, -140)
    assert (mean["difference_ci_low"], mean["difference_ci_high"], mean["p"]) == (-140, -140, 0)
    assert mean["verdict"] == "better"
    kept = row(found, "two", "minute", "kept_share")
    assert kept["base"] == pytest.approx(1 / 3)
    assert kept["option_mean"] == pytest.approx(2 / 3)
    assert row(found, "two", "all", "pay")["difference"] == 40  # two hours of one more agent
    assert row(found, "two", "phone", "contacts")["verdict"] == "no difference"
    assert found.released_hours(found.others[0]) is None  # another roster
    assert len(found.options) == 2  # and nothing to resize


def test_half_the_work_at_the_same_roster_by_hand(by_hand: Path) -> None:
    """Six minutes of work instead of twelve: half of four paid hours are released, and one of two agents would do."""
    four = at(by_hand, "four", teams__desk__shifts__day__agents="2")
    (by_hand / "calls.csv").write_text(CALLS.replace(",4,", ",2,"))
    two = at(by_hand, "two", teams__desk__shifts__day__agents="2")
    found = compare([four, two], replications=2)
    assert [option.name for option in found.options] == ["four", "two", "two" + RESIZED]
    released = found.released_hours(found.others[0])
    assert released is not None
    assert (released.mean, released.low, released.high) == (2, 2, 2)
    again = found.others[1]
    assert again.resized_from == "two"
    assert again.result.scenario.teams[0].shifts[0].agents == 1
    assert found.released_hours(again) is None
    text = "\n".join(found.verdict())
    assert "two has the roster of four, so paid hours stay; its work releases 2.0 h a run" in text
    assert "saves" not in text


HANGING_UP = "less work is in part theirs"


@pytest.mark.parametrize(
    ("before", "after", "work", "said"),
    [
        # one caller served instead of three: 4 min of work instead of 12, of two paid hours 1.3 are released
        (("4", "never"), ("4", "1"), "releases 1.3 h a run", True),
        # nobody hangs up: the work itself is shorter
        (("4", "never"), ("2", "never"), "releases 1.0 h a run", False),
        # two hang up who did not, but work is longer: nothing is released
        (("1", "never"), ("4", "1"), "takes 0.667 h more a run", False),
        # two hung up before and nobody does now
        (("4", "1"), ("1", "1"), "releases 0.500 h a run", False),
    ],
)
@pytest.mark.parametrize("named", [(), ("minute.kept_share",)])
def test_work_of_those_who_hung_up_is_told_apart(
    by_hand: Path, before: tuple[str, str], after: tuple[str, str], work: str, said: bool, named: tuple[str, ...]
) -> None:
    """One agent, callers at 9:00, 9:01 and 9:02: with four minutes each and a minute's patience two hang up."""
    options = []
    for name, (handle, patience) in (("before", before), ("after", after)):
        (by_hand / "calls.csv").write_text(CALLS.replace(",4,never", f",{handle},{patience}"))
        options.append(at(by_hand, name))
    text = "\n".join(compare(options, 2, metrics=list(named) or None, resize=False).verdict())
    assert f"its work {work}" in text
    assert (HANGING_UP in text) == said


def test_every_option_is_what_it_is_alone() -> None:
    options = [busy("a"), busy("b", teams__desk__agents="4"), busy("c", demand__calls__volume="x 1.2")]
    found = compare(options, replications=4, seed=5, resize=False)
    for option, scenario in zip(found.options, options, strict=True):
        alone = run(scenario, 4, seed=5)
        assert option.result.journal_xxh128 == alone.journal_xxh128
        assert option.result.summary.equals(alone.summary)
    swapped = compare([options[0], options[2], options[1]], replications=4, seed=5, resize=False)
    assert row(found, "b", "fast", "kept_share")["difference"] == row(swapped, "b", "fast", "kept_share")["difference"]


def test_the_same_customers_make_differences_narrower() -> None:
    found = compare([busy("a"), busy("b", teams__desk__agents="4")], replications=12, seed=2)
    kept = row(found, "b", "fast", "kept_share")
    assert kept["verdict"] == "better"
    assert float(kept["correlation"]) > 0.5  # type: ignore[arg-type]
    assert float(kept["variance_reduction"]) > 1.5  # type: ignore[arg-type]
    contacts = row(found, "b", "phone", "contacts")  # the very same
    assert (contacts["difference"], contacts["correlation"], contacts["verdict"]) == (0, 1, "no difference")


def test_a_copy_of_the_base_differs_in_nothing() -> None:
    found = compare({"a": busy("a"), "b": busy("a")}, replications=3)
    assert set(found.differences["verdict"]) <= {"no difference", ""}
    assert (found.differences["difference"].dropna() == 0).all()
    assert found.notes == ("b: resized by its work, in whole people, its roster would be the one it has",)


def test_only_what_was_named_beforehand_is_adjusted_together() -> None:
    options = [busy("a"), busy("b", teams__desk__agents="4"), busy("c", demand__calls__volume="x 1.02")]
    found = compare(options, replications=8, metrics=["fast.kept_share", "phone.wait_mean"], resize=False)
    table = found.differences
    named = table[table["p_holm"].notna()]
    assert len(named) == 4
    assert set(zip(named["selector"], named["measure"], strict=True)) == {
        ("fast", "kept_share"),
        ("phone", "wait_mean"),
    }
    p = np.sort(named["p"].to_numpy())
    assert named["p_holm"].min() == pytest.approx(min(1, 4 * p[0]))
    assert (named["p_holm"] >= named["p"]).all()
    assert set(zip(named["adjusted"], named["family"], strict=True)) == {("together", 4)}
    others = table[table["p_holm"].isna()]
    assert set(zip(others["adjusted"], others["family"], strict=True)) == {("alone", 1)}
    some = others[others["verdict"].isin(["better", "worse", "more", "less"])]
    assert len(some) > 0
    assert (some["p"] <= 0.05).all()


def test_a_day_is_not_multiplied_to_a_week() -> None:
    short = compare([busy("a"), busy("b", teams__desk__agents="4")], replications=2)
    long = compare(
        [busy(n, length="2 weeks", teams__desk__agents=k) for n, k in (("a", "3"), ("b", "4"))], replications=2
    )
    hours = [
        dict(
            zip(
                c.table["measure"] + " " + c.table["option"],
                zip(c.table["per"], c.table["mean"], strict=True),
                strict=True,
            )
        )["paid_hours a"]
        for c in (short, long)
    ]
    assert hours == [("run", 3 * 48), ("week", 3 * 168)]


def test_a_week_has_seven_days_in_a_month_with_a_clock_change(by_hand: Path) -> None:
    """From 9 March to 5 April London has 671 hours; ten hours a week of the roster are ten, at 20 EUR each."""
    month = {"start": "2026-03-09", "length": "4 weeks", "timezone": "Europe/London", "demand__calls__timezone": "UTC"}
    base = at(by_hand, "one", **month)
    found = compare([base, at(by_hand, "two", teams__desk__shifts__day__agents="2", **month)], replications=2)
    table = found.table.set_index(["option", "measure"])
    assert found.base.result.yardstick.grid.counted_to == (28 * 24 - 1) * HOUR
    assert [table.loc[(name, "paid_hours"), "mean"] for name in ("one", "two")] == [10, 20]
    assert table.loc[("two", "pay"), "difference"] == 200
    assert "two has a roster of its own: 10.0 h more paid a week than in one." in found.verdict()
    costs = found.base.result.costs.set_index("kind")
    assert costs.loc["pay", "per_week"] == 200
    assert (costs["per_week"] * 4 == costs["mean"]).all()
    assert found.base.result.allocation.set_index("whose").loc["company", "cost_per_week"] == 200
    assert cost_line(found.base.result).startswith("Cost a week: 10.0 paid hours, 200")


def test_days_are_compared_with_days(by_hand: Path) -> None:
    """One day, the same in each replication: the difference of days is that of the means."""
    found = compare([at(by_hand, "one"), at(by_hand, "two", teams__desk__shifts__day__agents="2")], replications=2)
    waits = row(found, "two", "phone", "wait_mean")
    assert (waits["day_difference_p05"], waits["day_difference_p95"]) == (-140, -140)
    assert math.isnan(row(found, "two", "phone", "wait_p95")["day_difference_p05"])  # type: ignore[arg-type]


def test_sums_told_by_the_week_stand_beside_single_weeks_and_shares_beside_single_days(by_hand: Path) -> None:
    """Fifteen days: ten hours of one agent in each of two weeks, at 20, and one more day that is in no week."""
    long = {"length": "15 days", "teams__desk__shifts__day__from": "2026-03-09"}
    found = compare([at(by_hand, "one", **long), at(by_hand, "two", **long)], replications=2)
    rows = found.table[found.table["option"] == "one"].set_index("measure")
    cost = rows.loc["cost", ["mean", "single", "single_mean", "single_p05", "single_p95"]].tolist()
    weeks = np.array([0.0, 200.0])  # the shift begins in the second week
    assert cost[1:] == ["weeks", 100, *np.quantile(np.tile(weeks, 2), [0.05, 0.95])]
    assert cost[0] == pytest.approx((200 + 40) / (15 / 7))
    assert rows.loc["abandoned_share", "single"] == "days"
    paid = found.base.result.summary.set_index(["selector", "measure"]).loc[("all", "paid_hours")]
    assert (paid["mean"], paid["day_mean"]) == (12, 12 / 15)


def test_of_two_lengths_of_finished_work_only_what_both_finished_counts() -> None:
    full = run(busy("a"), 6)
    part = run(busy("b", teams__desk__agents="4"), 3)
    played = iter([full, part])
    found = compare([busy("a"), busy("b", teams__desk__agents="4")], play=lambda name, scenario: next(played))
    kept = found.difference(found.others[0], ("fast", "kept_share"))
    assert kept.change.n == 3
    assert kept.base.mean == pytest.approx(full.rows[:3, full.yardstick.places["fast", "kept_share"], 2].mean())
    assert len(values(full, ("fast", "kept_share"), part)) == 3


@pytest.mark.parametrize("how", ["raised", "kept"])
def test_ctrl_c_keeps_the_options_that_are_there(how: str) -> None:
    def play(name: str, scenario: Scenario) -> Result:
        if name == "c":
            if how == "raised":
                raise KeyboardInterrupt
            from dataclasses import replace

            return replace(run(scenario, 2), interrupted=True, requested=9)
        assert name != "d", "played after Ctrl-C"
        return run(scenario, 3)

    found = compare([busy(name) for name in "abcd"], play=play)
    assert found.interrupted
    assert not found.complete
    assert [option.name for option in found.options] == (["a", "b"] if how == "raised" else ["a", "b", "c"])
    assert found.not_played == (("c", "d") if how == "raised" else ("d",))


def test_ctrl_c_before_anything_is_finished_leaves_nothing() -> None:
    def play(name: str, scenario: Scenario) -> Result:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare([busy("a"), busy("b")], play=play)


def test_what_cannot_be_compared_is_refused_before_anything_is_played() -> None:
    def play(name: str, scenario: Scenario) -> Result:
        raise AssertionError("played")

    longer = busy("b", length="3 days")
    with pytest.raises(Incomparable, match="counted time of 'b' is 3 days from 2026-03-02, UTC, of 'a' 2 days from"):
        compare([busy("a"), longer], play=play)
    with pytest.raises(Incomparable, match="currency of 'b' is EUR, of 'a' none"):
        compare([busy("a"), busy("b", currency="EUR")], play=play)
    leaving = replace(busy("b"), segments=(Segment("people", 9, churn=0.1),), experience=Experience((), feedback=True))
    with pytest.raises(Incomparable, match="feedback of 'b' is on, of 'a' off"):
        compare([busy("a"), leaving], play=play)
    with pytest.raises(Incomparable, match="two options are named 'a'"):
        compare([busy("a"), busy("a")], play=play)
    with pytest.raises(Incomparable, match="at least one other"):
        compare([busy("a")], play=play)
    with pytest.raises(Incomparable, match=r"'fast.kept': base and options have none .* did you mean fast.kept_share"):
        compare([busy("a"), busy("b")], metrics=["fast.kept"], play=play)
    with pytest.raises(TypeError, match="expected a Scenario"):
        compare(["a.yaml", "b.yaml"], play=play)  # type: ignore[list-item]


def test_the_folder_is_the_same_bytes_each_time_and_is_not_lost(tmp_path: Path) -> None:
    options = [busy("a"), busy("b", teams__desk__agents="4")]
    one = write(compare(options, replications=3), tmp_path / "one")
    two = write(compare(options, replications=3, jobs=2), tmp_path / "two")
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file() and file.name != "timing.json")
    assert {"options.csv", "differences.csv", "verdict.txt", "manifest.json"} <= {str(file) for file in files}
    assert Path("1-b/summary.csv") in files
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes()
    with pytest.raises(ResultExists):
        write(compare(options, replications=2), tmp_path / "one")


def test_sentences_have_the_numbers_of_the_tables() -> None:
    found = compare([busy("a"), busy("b", teams__desk__agents="4")], replications=12, seed=2)
    kept = row(found, "b", "fast", "kept_share")
    known = 100 * (float(kept["difference_ci_high"]) - float(kept["difference_ci_low"])) / 2  # type: ignore[arg-type]
    said = f"fast +{100 * float(kept['difference']):.1f} points (known to ± {known:.1f})"  # type: ignore[arg-type]
    text = "\n".join(found.verdict())
    assert said in text
    assert "b has a roster of its own: 48.0 h more paid a run than in a." in text
    assert "not how wrong the inputs may be" in text


def test_every_column_is_explained_and_in_this_order() -> None:
    from supportsim.show.comparison_columns import FILES

    found = compare([busy("a"), busy("b", teams__desk__agents="4")], replications=2)
    tables = {"options.csv": found.table, "differences.csv": found.differences}
    tables["interval_differences.csv"] = found.interval_differences
    tables["flips.csv"] = flips(found)
    files = {file.name: file for file in FILES}
    for file, table in ((files[name], table) for name, table in tables.items()):
        assert [column.name for column in file.columns] == list(table.columns)


def test_hours_are_released_team_by_team(by_hand: Path) -> None:
    """The other team has nothing to do in either: all two hours are of the desk, and nothing is said of the other."""
    more = {"teams.desk.shifts.day.agents": "2", "teams.spare": "{serves: [phone], agents: 1}"}
    more["routing.teams"] = "{phone: [desk, spare after 1 h]}"
    four = supportsim.load_text(BY_HAND, folder=by_hand, changes=more | {"name": "four"})
    (by_hand / "calls.csv").write_text(CALLS.replace(",4,", ",2,"))
    two = supportsim.load_text(BY_HAND, folder=by_hand, changes=more | {"name": "two"})
    found = compare([four, two], replications=2, resize=False)
    parts = [found.released_hours(found.others[0], name) for name in ("desk", "spare")]
    assert [part.mean for part in parts if part is not None] == [2, 0]
    assert (
        "its work releases 2.0 h a run (known to ± 0), worth something only if rostered away (desk releases 2.0 h)."
        in "\n".join(found.verdict())
    )


def test_how_many_would_decide_is_asked_as_strictly_as_the_verdict() -> None:
    """An interval that holds 0 by a hair alone needs more plays where it is one of many."""
    options = [busy("a"), busy("b", demand__calls__volume="x 1.01"), busy("c", demand__calls__volume="x 0.99")]
    few = compare(options, replications=6, metrics=["phone.wait_mean"], resize=False)
    many = compare(
        options, replications=6, metrics=["phone.wait_mean", "fast.kept_share", "desk.occupancy"], resize=False
    )
    assert (few.family, many.family) == (2, 6)
    asked = [row(c, "b", "phone", "wait_mean") for c in (few, many)]
    assert asked[0]["verdict"] == asked[1]["verdict"] == "too close to call"
    assert float(asked[0]["replications_to_decide"]) > 0  # type: ignore[arg-type]
    assert float(asked[1]["replications_to_decide"]) >= float(asked[0]["replications_to_decide"])  # type: ignore[arg-type]


def test_who_is_blocked_or_turned_away_stands_beside_the_promises_where_any_option_has_them(by_hand: Path) -> None:
    # One line: the second and the third caller hear busy.  Closed until 9:02: the first two find nobody.
    as_it_is = at(by_hand, "as_it_is")
    one_line = at(by_hand, "one_line", channels__phone__lines="1")
    text = BY_HAND.replace("kind: live,", "kind: live, open: {mon-fri: 09:02-10:00},").replace(
        "name: one", "name: later"
    )
    later = supportsim.load_text(text, folder=by_hand)
    found = compare([as_it_is, one_line, later], replications=2).table.set_index(["option", "measure"])["mean"]
    assert found["as_it_is", "blocked_share"] == found["as_it_is", "turned_away_share"] == 0
    assert found["one_line", "blocked_share"] == pytest.approx(2 / 3)
    assert found["later", "turned_away_share"] == pytest.approx(2 / 3)
    alone = compare([as_it_is, at(by_hand, "two", teams__desk__shifts__day__agents="2")], replications=2).table
    assert not {"blocked_share", "turned_away_share"} & set(alone["measure"])
