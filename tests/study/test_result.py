"""The result folder and its tables."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from measure.journals import promise

from study.players import Player, desk
from supportsim.measure.intervals import rows
from supportsim.scenario.model import Law, Scenario, Segment, Topic
from supportsim.scenario.ticks import HOUR, SECOND
from supportsim.study.backlog import BACKLOG
from supportsim.study.causes import CAUSES
from supportsim.study.causes_of_replies import REPLY_CAUSES
from supportsim.study.contribution import CASH, CONTRIBUTION
from supportsim.study.costs import ALLOCATION, COSTS
from supportsim.study.crowding import CROWDING
from supportsim.study.crowding import INTERVALS as INTERVALS_OF_CROWDING
from supportsim.study.estimate import bounded, replications_to_decide, student
from supportsim.study.experience import EXPERIENCE
from supportsim.study.folder import ResultExists, check, default_name, slug, write_csv
from supportsim.study.inputs import COLUMNS as INPUTS
from supportsim.study.intraday import BRIDGE, INTERVALS, needs
from supportsim.study.oldest import OLDEST
from supportsim.study.result import Result, write
from supportsim.study.run import run
from supportsim.study.tables import PROMISES, SUMMARY, TEAMS
from supportsim.study.words import duration
from supportsim.study.year import YEAR


def result(n: int = 4, jobs: int = 1, seed: int = 1) -> Result:
    return run(desk(), n, seed=seed, jobs=jobs, make=Player)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(folder.iterdir()) if f.name != "timing.json"}


def test_the_same_scenario_and_seed_give_the_same_bytes_whatever_the_processes(tmp_path: Path) -> None:
    one, two = write(result(jobs=1), tmp_path / "one"), write(result(jobs=2), tmp_path / "two")
    assert bytes_of(one) == bytes_of(two)
    assert bytes_of(one) != bytes_of(write(result(seed=2), tmp_path / "three"))


def test_the_folder_holds_the_tables_with_their_columns(tmp_path: Path) -> None:
    folder = write(result(), tmp_path / "out")
    assert sorted(f.name for f in folder.iterdir()) == [
        "allocation.csv", "backlog.csv", "bridge.csv", "cash.csv", "causes.csv", "contribution.csv", "costs.csv",
        "crowding.csv", "crowding_intervals.csv", "experience.csv", "inputs.csv", "intervals.csv", "manifest.json",
        "oldest_ages.csv",
        "promises.csv", "replications.csv", "reply_causes.csv", "summary.csv", "teams.csv", "timing.json", "year.csv",
    ]  # fmt: skip
    expected = {"summary": SUMMARY, "intervals": INTERVALS, "bridge": BRIDGE, "teams": TEAMS, "promises": PROMISES}
    expected |= {"inputs": INPUTS, "costs": COSTS, "allocation": ALLOCATION, "backlog": BACKLOG, "causes": CAUSES}
    expected |= {"reply_causes": REPLY_CAUSES, "year": YEAR, "oldest_ages": OLDEST}
    expected |= {"contribution": CONTRIBUTION, "cash": CASH, "experience": EXPERIENCE}
    expected |= {"crowding": CROWDING, "crowding_intervals": INTERVALS_OF_CROWDING}
    expected["replications"] = (
        "scenario", "replication", "selector", "measure", "numerator", "denominator", "value",
    )  # fmt: skip
    for name, columns in expected.items():
        head = (folder / f"{name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert tuple(head.split(",")) == columns


def test_everything_in_the_summary_follows_from_replications_csv(tmp_path: Path) -> None:
    folder = write(result(), tmp_path / "out")
    values: dict[tuple[str, str], list[float]] = {}
    for row in read(folder / "replications.csv"):
        if row["numerator"] and row["denominator"]:
            ratio = float(row["numerator"]) / float(row["denominator"]) if row["denominator"] != "0" else None
            assert (row["value"] == "") == (ratio is None)
            assert ratio is None or math.isclose(ratio, float(row["value"]), rel_tol=1e-12)
        if row["value"]:
            values.setdefault((row["selector"], row["measure"]), []).append(float(row["value"]))
    summary = {(row["selector"], row["measure"]): row for row in read(folder / "summary.csv")}
    assert set(summary) == set(values)
    for key, row in summary.items():
        mean = sum(values[key]) / len(values[key])
        assert math.isclose(float(row["mean"]), mean, rel_tol=1e-9, abs_tol=1e-12)
        assert int(row["n"]) == len(values[key])


def test_ratios_of_teams_are_those_of_the_summary() -> None:
    found = result()
    summary = found.summary.set_index(["selector", "measure"])["mean"]
    team = found.scenario.teams[0].name
    row = found.teams.set_index("team").loc[team]
    for name in ("occupancy", "utilisation"):
        values = found.rows[:, found.yardstick.places[team, name], 2]
        assert len(set(values.tolist())) > 1
        assert row[name] == pytest.approx(summary[team, name]) == pytest.approx(values.mean())


def test_one_replication_has_no_interval_and_says_so() -> None:
    row = result(1).summary.set_index(["selector", "measure"]).loc[("all", "offered")]
    assert math.isnan(row.mean_ci_low)
    assert row.method.endswith("one replication: no interval")


def test_the_manifest_is_strict_and_holds_no_time_and_no_machine(tmp_path: Path) -> None:
    found = result()
    folder = write(found, tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text(), parse_constant=pytest.fail)
    assert manifest["scenario_sha256"] == found.hash
    assert manifest["journal_xxh128"] == list(found.journal_xxh128)
    assert manifest["seed"] == 1
    assert {"supportsim", "python", "numpy", "numba", "scipy", "pandas", "simpy"} <= set(manifest["versions"])
    assert set(manifest) == {
        "format", "scenario", "scenario_sha256", "seed", "replications", "fates_version", "versions",
        "journal_kept", "journal_xxh128",
    }  # fmt: skip
    json.loads((folder / "timing.json").read_text())["seconds"]


def test_an_existing_result_is_refused_and_replaced_only_on_demand(tmp_path: Path) -> None:
    folder = write(result(2), tmp_path / "out")
    before = bytes_of(folder)
    with pytest.raises(ResultExists, match="overwrite"):
        write(result(3), folder)
    assert bytes_of(folder) == before
    write(result(3), folder, overwrite=True)
    assert bytes_of(folder) != before
    assert [f.name for f in tmp_path.iterdir()] == ["out"]  # nothing is left beside it


def test_a_folder_that_is_no_result_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ResultExists, match="not a result folder"):
        check(tmp_path, overwrite=True)
    with pytest.raises(ResultExists, match="not a folder"):
        check(tmp_path / "thesis.txt", overwrite=True)
    check(tmp_path / "new")


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("supportsim.study.folder.write_json", full)
    with pytest.raises(OSError, match="no space"):
        write(result(2), tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert (write(result(2), tmp_path / "out") / "summary.csv").is_file()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(text: str, tmp_path: Path) -> None:
    write_csv(pd.DataFrame({"a": [text, "plain"], "b": [-1.5, math.nan]}), tmp_path / "x.csv")
    rows = read(tmp_path / "x.csv")
    assert rows[0]["a"] == "'" + text
    assert [row["b"] for row in rows] == ["-1.5", ""]


def test_names_become_safe_folder_names() -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("..") == "scenario"
    assert slug("Überlauf 80/20") == "berlauf-80-20"
    found = replace(result(2), scenario=replace(desk(), name="a/../b"))
    assert "/" not in default_name(found)


def test_hours_of_a_team_add_up() -> None:
    row = result().teams.iloc[0]
    parts = row.absent_h + row.off_desk_h + row.breaks_paid_h + row.breaks_unpaid_h + row.present_h
    assert row.rostered_h == pytest.approx(parts)
    assert row.present_h == pytest.approx(row.handling_h + row.wrap_up_h + row.idle_h)


def test_promises_speak_of_cases_ranges_and_a_verdict() -> None:
    found = result().promises.set_index(["promise", "selector"])
    calls, tickets = found.loc[("p", "all")], found.loc[("tickets", "all")]
    assert calls.n == pytest.approx(sum(k + 3 for k in range(1, 5)) / 4)
    assert calls.kept_share == calls.answered_of_offered
    assert calls.verdict in ("kept", "missed", "too close to call")
    assert math.isnan(tickets.answered_of_offered)
    assert tickets.kept_share == 1.0
    assert tickets.verdict == "too close to call"  # all four alike, which says nothing of a fifth
    later = replace(desk(), promises=(promise("tickets", ("ticket",), limit=2 * HOUR),))
    six = run(later, 6, jobs=1, make=Player).promises.iloc[0]
    assert (six.kept_share, six.verdict) == (1.0, "kept")


def parts_of_a_channel(**changes: object) -> Scenario:
    """Segments a and b call about bugs, a about other things as well: queue 1, with one call a replication."""
    base = desk()
    names = (("a", "bug", 60), ("a", "other", 600), ("b", "bug", 6))
    queues = tuple(
        replace(base.queues[0], segment=s, topic=t, patience=Law("exponential", (float(mean * SECOND),)))
        for s, t, mean in names
    )
    bugs = replace(base.promises[0], queues=(True, False, True))
    return replace(
        base, queues=queues, segments=(Segment("a", None), Segment("b", None)), promises=(bugs,),
        topics=(Topic("bug"), Topic("other")), teams=(replace(base.teams[0], places=(0, 0, 0)),), **changes,
    )  # fmt: skip


def test_contacts_beside_a_promise_of_a_topic_are_those_of_the_topic() -> None:
    table = run(parts_of_a_channel(), 4, jobs=1, make=Player).promises.set_index("selector")
    for name, answered, lost in (("all", 4.5, 1), ("a phone", 4.5, 1), ("b phone", 0, 0)):
        row = table.loc[name]
        assert (row.answered, row.abandoned, row.n) == (answered, lost, answered + lost)


def test_patience_is_that_of_those_who_came() -> None:
    found = run(parts_of_a_channel(), 4, jobs=1, make=Player)
    row = next(r for r in rows(found.scenario) if r.segment == "a")
    need = needs(found, row)
    assert need is not None
    assert need.patience == pytest.approx((5.5 * 60 + 1 * 600) / 6.5)


def test_replications_to_decide_rest_on_the_whole_spread() -> None:
    base = desk()
    sharp = replace(base.promises[0], counted="answered only", limit=50 * SECOND, share=0.9)
    found = run(replace(base, promises=(sharp,)), 4, jobs=1, make=Player)
    row = found.promises.iloc[0]
    seen = student(found.rows[:, found.yardstick.places["p", "kept_share"], 2])
    assert row.kept_ci_high == 1.0 < seen.high
    assert row.replications_to_decide == replications_to_decide(seen, 0.9)
    assert row.replications_to_decide != replications_to_decide(bounded(seen, 1.0), 0.9)


NINE = "2026-03-02T09:00:00"


@pytest.mark.parametrize(
    ("header", "line", "hit"),
    [
        (("start", "sl"), (NINE, "81%"), ("all", "all")),
        (("start", "channel", "actual_sl"), (NINE, "ticket", "0.81"), ("ticket", "customers")),
        (("start", "segment", "sl"), (NINE, "customers", "81 %"), ("phone", "customers")),
        (("start", "channel", "segment", "sl"), (NINE, "phone", "customers", "81%"), ("phone", "customers")),
        (("start", "channel", "sl"), (NINE, "fax", "81%"), None),
        (("start", "sl"), ("2027-03-02T09:00:00", "81%"), None),
        (("start", "sl"), ("Monday", "81%"), None),
        (("start", "asa"), (NINE, "81"), None),
    ],
)
def test_what_was_measured_stands_beside_its_row(
    header: tuple[str, ...], line: tuple[str, ...], hit: tuple[str, str] | None
) -> None:
    found = run(replace(desk(), actuals=(header, (line,))), 1, jobs=1, make=Player).intervals
    told = found[found.actual_sl.notna()]
    expected = [] if hit is None else [(NINE + "+00:00", *hit, 0.81)]
    assert [tuple(x) for x in told[["start", "channel", "segment", "actual_sl"]].to_numpy()] == expected


def test_the_bridge_of_the_intervals_adds_up_to_the_teams(tmp_path: Path) -> None:
    found = result()
    lines = read(write(found, tmp_path / "out") / "bridge.csv")
    assert len(lines) == 96
    for line in lines:
        part = {name: float(text) for name, text in line.items() if name.endswith("_h")}
        away = sum(part[f"{name}_h"] for name in ("absent", "off_desk", "breaks_paid", "breaks_unpaid"))
        assert part["rostered_h"] == pytest.approx(away + part["present_h"])
        assert part["present_h"] == pytest.approx(part["handling_h"] + part["wrap_up_h"] + part["idle_h"])
    for name in BRIDGE[2:]:
        assert sum(float(line[name]) for line in lines) == pytest.approx(found.teams.iloc[0][name])


def test_the_intraday_table_averages_over_replications() -> None:
    table = result().intervals
    calls = table[table.channel == "phone"].set_index("start")
    assert calls.loc["2026-03-02T01:00:00+00:00"].offered == 1
    assert calls.offered.sum() == pytest.approx(5.5)
    assert calls.heads_rostered.tolist() == [2.0] * 96
    lost = calls.loc["2026-03-02T08:00:00+00:00"]
    assert (lost.abandoned, lost.short_abandoned) == (1, 1)


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        (20_000_000, "20 s"),
        (90_000_000, "1.5 min"),
        (3_600_000_000, "1 h"),
        (8 * 3_600_000_000, "8 h"),
        (86_400_000_000, "1 day"),
        (2 * 86_400_000_000, "2 days"),
        (500_000, "0.5 s"),
        (75_000_000, "75 s"),
    ],
)
def test_limits_in_words(ticks: int, words: str) -> None:
    assert duration(ticks) == words
