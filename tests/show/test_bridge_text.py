"""`supportsim bridge`: what it prints, writes and draws, and how it leaves when it cannot."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from supportsim.cli import main
from supportsim.scenario.load import load_text
from supportsim.show import bridging
from supportsim.show.bridge_figure import bars, draw_bridge, numbers
from supportsim.show.bridge_text import finding, notes, rows, signed, tenths, text
from supportsim.study import bridge as bridges
from supportsim.study.bridge import COLUMNS, Bridge, Bridges, Line, Unfinished, bridge

DESK = """
name: tiny
title: A tiny desk
start: 2026-03-02
length: 10 h
timezone: UTC
channels:
  phone: {kind: live, open: {mon-fri: 08:00-18:00}, handle_time: 5 min, patience: {exponential: {mean: 3 min}}}
demand: {calls: {channel: phone, rate: 40/h, timezone: UTC}}
teams:
  frontline:
    serves: [phone]
    shifts: {day: {days: mon-fri, hours: 08:00-18:00, agents: 5, breaks: [30 min unpaid between 11:00 and 14:00]}}
promises:
  fast: {of: phone, answer: 20 s, share: 80%, judged: all}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tiny.yaml"
    file.write_text(DESK.replace("length: 10 h", "length: 18 h"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def found() -> Bridges:
    return bridge(load_text(DESK.replace("length: 10 h", "length: 18 h")), replications=3)


def made(*shares: float) -> Bridge:
    """A bridge with these shares, every other line left out."""
    promise = load_text(DESK).promises[0]
    names = list(bridges.NAMES)
    lines = [Line(names[0], shares[0])]
    for name, (before, kept) in zip(names[1:], pairwise(shares), strict=False):
        lines.append(Line(name, kept, kept - before, kept - before - 0.01, kept - before + 0.01, 5))
    return Bridge(promise, tuple(lines))


def test_the_finding_names_both_ends_and_the_largest_step() -> None:
    assert finding(made(0.904, 0.94, 0.83)) == (
        "fast (answer in 20 s, 80 % promised): Erlang C says 90.4 %, the simulation 83.0 %; "
        "the largest step: simulated instead of calculated, −11.0 points"
    )
    assert finding(made(0.904, 0.904)).endswith("the simulation 90.4 %; no step changes it")
    assert finding(made(float("nan"), float("nan"))).endswith("nothing to judge")


def test_printed_differences_add_up_to_the_printed_shares() -> None:
    each = made(0.90449, 0.93983, 0.93851, 0.93849, 0.8334, 0.84246)
    printed = [float(line.split("%")[0].split()[-1]) for line in rows(each) if "%" in line][:-1]
    steps = [value for value in tenths(each).values() if value is not None]
    assert round(10 * printed[0]) + sum(steps) == round(10 * printed[5])
    assert [signed(step) for step in steps] == ["+3.6", "−0.1", "−0.1", "−10.5", "+0.9"]
    assert signed(None) == "–"


def test_the_lines_are_told_with_their_intervals_and_what_is_left_out(found: Bridges) -> None:
    told = text(found)
    assert told[0] == "A tiny desk: from an Erlang sheet to the simulation"
    assert told[1] == "3 replications, seed 1, differences paired, 95 % intervals"
    (breaks,) = (line for line in told if line.startswith("  + breaks and shrinkage"))
    assert " ± " in breaks
    assert "  left out: busyness (no busyness is stated)" in told
    assert "  left out: returns (nobody comes back or goes on)" in told
    assert "  Erlang: all calls of the line of phone, heads of frontline" in told
    (heads,) = (line for line in told if line.startswith("  heads while calls are expected: "))
    there = found.bridges[0].there
    assert there.rostered == 5
    assert 4.7 < there.present < 4.76, "of ten hours half an hour is a break"
    assert heads.endswith(
        f"5.0 rostered, {there.present:.1f} of them at the desk; with these Erlang C says "
        f"{100 * there.erlang_c:.1f} %, Erlang A {100 * there.erlang_a:.1f} %"
    )
    assert not any("without a case" in line for line in told)
    one = replace(found, bridges=(replace(found.bridges[0], unpaired=1),))
    assert "  1 replication without a case in some line left out of all of them" in text(one)
    assert any(line.startswith("  = the scenario as it is") for line in told)
    assert any(line.split() == ["target", "80.0", "%"] for line in told)


def test_where_returns_stand_is_said_of_forecasts(found: Bridges) -> None:
    (stream,) = found.scenario.streams
    (each,) = found.bridges
    for within, words in ((True, "are in every line: calls"), (False, "come back in the last line only: calls")):
        counted = replace(stream, counts="offered calls", returns_within=within)
        other = replace(found, scenario=replace(found.scenario, streams=(counted,)))
        assert any(note.startswith("offered calls") and note.endswith(words) for note in notes(other, each))
    office = replace(found.scenario.channels[0].hours, always=False)
    limited = replace(each, promise=replace(each.promise, hours=office))
    assert "Erlang: the limit runs at all hours" in list(notes(found, limited))


# ---------------- the figure


def test_the_waterfall_stands_as_svg_png_and_csv_and_is_the_same_every_time(found: Bridges, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files = draw_bridge(found, tmp_path / name)
        assert [file.name for file in files] == ["erlang_bridge.svg", "erlang_bridge.png", "erlang_bridge.csv"]
    for name in ("erlang_bridge.svg", "erlang_bridge.png", "erlang_bridge.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_waterfall_says_what_it_shows(found: Bridges, tmp_path: Path) -> None:
    draw_bridge(found, tmp_path)
    root = ET.parse(tmp_path / "erlang_bridge.svg").getroot()
    words = " ".join(" ".join(root.itertext()).split())
    assert finding(found.bridges[0]) in words
    for part in ("Erlang C", "simulated", "step down", "target", "80 %", "seed 1", found.result.hash[:12], "n = 3"):
        assert part in words
    assert root.attrib["role"] == "img"


def test_bars_begin_where_the_line_before_ends(found: Bridges) -> None:
    shown = bars(found.bridges[0])
    assert [kind for kind, *_ in shown] == ["share", *["step"] * (len(shown) - 2), "share"]
    for (_, _, _, before, _), (_, _, begin, _, _) in pairwise(shown[:-1]):
        assert begin == pytest.approx(before, abs=1e-15)
    assert shown[-1][3] == shown[-2][3] == found.bridges[0].lines[-1].kept
    assert len(numbers(found)) == len(shown)


def test_a_promise_without_cases_is_drawn_empty(tmp_path: Path) -> None:
    quiet = bridge(load_text(DESK, changes={"demand.calls.rate": "0/h"}), replications=1)
    assert draw_bridge(quiet, tmp_path)
    assert "nothing to judge" in text(quiet)[3]


def test_where_all_contacts_come_from_another_channel_erlang_says_nothing(tmp_path: Path) -> None:
    content = DESK.replace("channels:\n", "channels:\n  chat: {kind: live, handle_time: 5 min, patience: 1 min, "
                           "after: {abandoned: {next_channel: 100%}}}\n")  # fmt: skip
    content = content.replace(
        "demand: {calls: {channel: phone,",
        "segments: {all_of_them: {plan: both}}\nplans: {both: [chat, phone]}\ndemand: {chats: {",
    )
    content = content.replace("teams:\n", "teams:\n  chatters: {serves: [chat], agents: 0}\n")
    found = bridge(load_text(content.replace("10 h", "18 h")), replications=2)
    assert "no contact begins there, so Erlang says nothing; the simulation " in finding(found.bridges[0])
    assert draw_bridge(found, tmp_path)
    assert any(line.startswith("  + returns") and "–" in line for line in text(found))


# ---------------- the command


def test_the_command_prints_and_writes(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bridge", str(desk), "-n", "3", "-o", "out"]) == 0
    told = capsys.readouterr()
    assert "Erlang C, each interval for itself" in told.out
    assert told.out.splitlines()[-1] == "table and figure: out"
    files = sorted(str(file.relative_to("out")) for file in Path("out").rglob("*") if file.is_file())
    assert files == ["erlang_bridge.csv", *(f"figures/erlang_bridge.{end}" for end in ("csv", "png", "svg"))]
    with Path("out/erlang_bridge.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert list(table[0]) == list(COLUMNS)
    assert [row["line"] for row in table] == list(bridges.NAMES)
    assert main(["bridge", str(desk), "-n", "3", "-o", "out"]) == 4
    assert "erlang_bridge.csv: is there already" in capsys.readouterr().err
    assert main(["bridge", str(desk), "-n", "3", "-o", "out", "--overwrite"]) == 0


def test_a_result_folder_keeps_its_own_bridge(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(desk), "-n", "2", "-o", "out", "--no-figures"]) == 0
    before = {file: file.read_bytes() for file in Path("out").iterdir()}
    assert main(["bridge", str(desk), "-n", "2", "-o", "out"]) == 0
    assert all(file.read_bytes() == content for file, content in before.items())
    with Path("out/promises.csv").open(encoding="utf-8", newline="") as stream:
        run_says = next(csv.DictReader(stream))["kept_share"]
    with Path("out/erlang_bridge.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream))[-1]["kept_share"] == run_says


def test_without_a_folder_nothing_is_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bridge", str(desk), "-n", "2", "--json", "--promise", "fast"]) == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert document["promises"][0]["promise"] == "fast"
    assert [line["id"] for line in document["promises"][0]["lines"]] == list(bridges.NAMES)
    assert "-o DIR keeps the table" in told.err
    assert [file.name for file in desk.parent.iterdir()] == ["tiny.yaml"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--promise", "fsat"], 2, "no promise 'fsat' of an answer; did you mean fast?"),
        (["--promise", "later"], 2, "later is a promise of a first reply"),
        (["-n", "0"], 2, "expected a whole number"),
        (["--set", "promises.fast.share=none"], 3, "promises.fast.share"),
    ],
)
def test_what_cannot_be_asked_is_told(
    words: list[str], code: int, said: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = "\n  later: {of: mail, first_reply: 8 h, share: 80%}\n"
    content = DESK.rstrip() + more
    content = content.replace("channels:\n", "channels:\n  mail: {kind: deferred, handle_time: 5 min}\n")
    content = content.replace("demand: {", "demand: {mails: {channel: mail, rate: 1/h}, ")
    content = content.replace("[phone]", "[phone, mail]")
    desk.write_text(content, encoding="utf-8")
    assert main(["bridge", str(desk), *words]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_a_scenario_without_a_promise_of_an_answer_is_invalid(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write_text(DESK[: DESK.index("promises:")], encoding="utf-8")
    assert main(["bridge", str(desk)]) == 3
    assert "promises: got no promise; expected a promise of an answer" in capsys.readouterr().err


def test_a_failed_replication_leaves_it_incomplete(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*given: Any) -> Any:
        raise Unfinished("returns: replication 2 failed: MemoryError")

    monkeypatch.setattr(bridging, "bridge", failing)
    assert main(["bridge", str(desk), "-n", "2"]) == 5
    assert "replication 2 failed" in capsys.readouterr().err
