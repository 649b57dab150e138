"""`supportsim erlang`: its words, options, tables and exit codes, and that it stays light."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supportsim.cli import main, parser_of_all
from supportsim.cli_arguments import ERLANG_OPTIONS, erlang_arguments
from supportsim.show.erlang_text import OPTIONS, WORDS

DESK = ["--calls", "100/30min", "--aht", "3 min"]
CALLS = "start,offered,aht_s\n2026-03-02 08:00,100,180\n2026-03-02 08:30,0,\n"


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["erlang", *words]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out.splitlines()


EXAMPLES = {
    "agents": ([*DESK, "--target", "80/20s"], "agents                      14  "),
    "sla": ([*DESK, "--agents", "14", "--target", "80/20s"], "answered in 20 s        88.8 %  of all offered; target"),
    "asa": ([*DESK, "--agents", "14"], "speed of answer         7.8 s  "),
    "occupancy": ([*DESK, "--agents", "14"], "occupancy              71.4 %  "),
    "queued": ([*DESK, "--agents", "14"], "queued                 17.4 %  "),
    "abandoned": ([*DESK, "--agents", "12", "--patience", "2 min"], "abandoned               6.2 %  "),
    "capacity": (["--agents", "14", "--aht", "3 min", "--target", "80/20s"], "capacity               217.3/h  "),
    "trunks": (["--traffic", "10", "--busy", "1%"], "lines                18  "),
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_every_word_answers_with_its_number_first(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, first = EXAMPLES[word]
    lines = said([word, *words], capsys)
    assert lines[0].startswith(first), lines[0]
    assert [line.split()[0] for line in lines[-2:]] == ["model", "limits"]


def test_the_model_is_named_and_that_nobody_hangs_up(capsys: pytest.CaptureFixture[str]) -> None:
    without = said(["asa", *DESK, "--agents", "14"], capsys)
    assert any("Erlang C" in line and "nobody hangs up" in line for line in without)
    with_it = said(["asa", *DESK, "--agents", "14", "--patience", "2 min"], capsys)
    assert any("Erlang A" in line and "after 2 min on average" in line for line in with_it)
    assert any("Erlang B" in line for line in said(["trunks", *DESK, "--busy", "1%"], capsys))


def test_shrinkage_adds_people_to_roster(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(["agents", *DESK, "--target", "80/20s", "--shrinkage", "30%"], capsys)
    assert lines[1].split()[:3] == ["to", "roster", "20"]
    assert not any(line.startswith("to roster") for line in said(["agents", *DESK, "--target", "80/20s"], capsys))


def test_a_desk_without_balance_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(["asa", *DESK, "--agents", "9"], capsys)
    assert lines[0].split()[:5] == ["speed", "of", "answer", "no", "end"]
    assert any("more than the agents" in line for line in lines)


def test_json_has_inputs_and_answers_with_units_in_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["agents", *DESK, "--target", "80/20s", "--shrinkage", "30%", "--max-occupancy", "88%", "--json"]
    found = json.loads("\n".join(said(words, capsys)))
    assert found["model"] == "Erlang C"
    assert found["inputs"] == {
        "calls_per_h": 200.0, "aht_s": 180.0, "target_share": 0.8, "target_s": 20.0, "shrinkage_share": 0.3,
        "max_occupancy_share": 0.88,
    }  # fmt: skip
    assert (found["answer"]["agents"], found["answer"]["rostered"]) == (14, 20)
    lines = json.loads("\n".join(said(["trunks", "--traffic", "10", "--busy", "1%", "--json"], capsys)))
    assert lines["answer"]["lines"] == 18


def test_a_file_gives_a_row_per_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS, encoding="utf-8")
    words = ["agents", "--csv", str(file), "--target", "80/20s", "--shrinkage", "30%"]
    head, first, second = said(words, capsys)
    assert head == (
        "start,offered,aht_s,erlangs,agents,rostered,answered_in_time_share,asa_s,occupancy_share,queued_share,"
        "abandoned_share"
    )
    assert first.startswith("2026-03-02 08:00,100,180,10,14,20,0.88")
    assert first.endswith(",0.714286,0.174132,0")
    assert second == "2026-03-02 08:30,0,0,0,0,0,,,,,"
    found = json.loads("\n".join(said([*words, "--json"], capsys)))
    assert [row["agents"] for row in found] == [14, 0]
    assert said(["trunks", "--csv", str(file), "--busy", "1%"], capsys)[1].endswith(",10,18")
    assert said(["asa", "--csv", str(file), "--agents", "14"], capsys)[2] == "2026-03-02 08:30,0,0,0,14,,0,,"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["agnets"], "no word 'agnets'; did you mean 'agents'?"),
        (["agents"], "agents needs --calls and --aht and --target"),
        (["agents", *DESK, "--target", "20 s"], "needs a share and a time in --target"),
        (["agents", *DESK, "--target", "80/20"], "write 80/20s"),
        (["agents", "--calls", "100"], "say per what: 100/30min or 100/h"),
        (["agents", *DESK, "--target", "80/20s", "--shrinkage", "0.3"], "write 30%"),
        (["agents", *DESK, "--target", "80/20s", "--agents", "3"], "agents makes no use of --agents"),
        (["asa", *DESK, "--agents", "3", "--max-occupancy", "88%"], "asa makes no use of --max-occupancy"),
        (["abandoned", *DESK, "--agents", "3"], "abandoned needs --patience"),
        (["trunks", "--busy", "1%"], "trunks needs --calls and --aht, or --traffic"),
        (["trunks", "--busy", "1%", "--traffic", "3", *DESK], "leave --calls, --aht, --agents"),
        (["trunks", "--busy", "1%", *DESK, "--patience", "2 min"], "trunks needs --agents with it"),
        (["trunks", "--busy", "1%", *DESK, "--agents", "9"], "more than 100000 lines would be needed"),
        (["agents", "--calls", "1e9/h", "--aht", "3 min", "--target", "80/20s"], "more than 100000 agents"),
        (["capacity", "--csv", "a.csv", "--aht", "3 min", "--target", "80/20s", "--agents", "3"], "capacity does not"),
        (["agents", "--csv", "a.csv", *DESK, "--target", "80/20s"], "leave --calls out"),
        (["sla", "--csv", "a.csv", "--target", "80/20s"], "sla needs --agents"),
        (["asa", *DESK, "--agents", "2.5"], "expected a whole number"),
        (["asa", *DESK, "--agent", "2"], "did you mean '--agents'?"),
    ],
)
def test_wrong_usage_is_told_in_one_sentence(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erlang", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert hint in told.err
    assert len(told.err.splitlines()) == 2


def test_a_bad_file_is_invalid_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS.replace("100,180", "1OO,180"), encoding="utf-8")
    assert main(["erlang", "agents", "--csv", str(file), "--target", "80/20s"]) == 3
    assert f"{file}:2 offered: got 1OO" in capsys.readouterr().err
    assert main(["erlang", "agents", "--csv", str(tmp_path / "no.csv"), "--target", "80/20s"]) == 3


def test_the_options_of_the_command_are_those_of_the_question() -> None:
    assert {name.replace("-", "_") for name in ERLANG_OPTIONS} | {"csv"} == set(OPTIONS)
    parser = parser_of_all()
    erlang_arguments(type(parser)())
    help_of = next(action for action in parser._actions if action.choices and "erlang" in action.choices)
    assert help_of.choices is not None
    shown = help_of.choices["erlang"].format_help()  # type: ignore[call-overload]
    assert all(word in shown for word in WORDS)
