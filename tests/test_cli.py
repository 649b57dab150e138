"""The command line: what it prints where, and with which exit code it leaves."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from supportsim import __version__
from supportsim.cli import COMMANDS, main

DESK = """
name: tiny
start: 2026-03-02
length: 2 h
timezone: UTC
currency: EUR
channels: {phone: {kind: live, handle_time: 5 min, patience: 3 min}}
demand: {calls: {channel: phone, rate: 20/h}}
teams: {frontline: {serves: [phone], agents: 2, wage: 20/h}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small scenario file in a folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tiny.yaml"
    file.write_text(DESK, encoding="utf-8")
    return file


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*arguments: object, **named: object) -> Any:
        raise error

    return fail


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# ---------------- usage


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"supportsim {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    shown = [line.split()[0] for line in out.splitlines() if line.startswith("    ") and line[4:5].strip()]
    assert [word for word in shown if word in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["chekc", "a.yaml"], "did you mean 'check'?"),
        (["simulate"], "no command 'simulate'"),
        (["run", "a.yaml", "--replicatons", "3"], "did you mean '--replications'?"),
        (["run", "a.yaml", "-n", "0"], "expected a whole number 1 to 1000000"),
        (["run", "a.yaml", "-n", "3.5"], "got '3.5'"),
        (["run", "a.yaml", "-n", "0" * 19 + "99999999"], "expected a whole number 1 to 1000000"),
        (["run", "a.yaml", "-n", "9" * 5000], "expected a whole number 1 to 1000000"),
        (["run", "a.yaml", "--seed", "-1"], "--seed"),
        (["run", "a.yaml", "--jobs", "0"], "--jobs"),
        (["run", "a.yaml", "--set", "volume"], "expected path=value"),
        (["run"], "FILE"),
        (["trace", "a.yaml"], "--rep"),
        (["--wrong"], "no option '--wrong'"),
        (["verify", "E2"], "no case 'E2'; did you mean"),
    ],
)
def test_wrong_usage_leaves_with_2_and_a_hint(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert hint in told.err


def test_no_command_at_all_prints_the_help_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "usage: supportsim" in told.err


# ---------------- input


def test_a_missing_file_is_invalid_input(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nowhere.yaml"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "nowhere.yaml" in told.err


def test_all_faults_are_told_and_nothing_is_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write_text(DESK.replace("5 min", "5").replace("agents: 2", "agents: two"), encoding="utf-8")
    assert main(["run", str(desk)]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert len([line for line in told.err.splitlines() if "expected" in line]) == 2
    assert files_below(desk.parent) == {"tiny.yaml"}


def test_a_change_of_something_that_is_not_there_is_invalid(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(desk), "--set", "teams.frontlne.agents=3"]) == 3
    assert "frontline" in capsys.readouterr().err


# ---------------- init and check


def test_the_starter_is_written_once_and_its_desk_is_busy_as_a_real_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "desk"
    assert main(["init", str(folder)]) == 0
    expected = {"scenario.yaml", "calls.csv", "README.md", "scenario.schema.json"}
    assert files_below(folder) == expected
    told = capsys.readouterr()
    assert told.out.split() == [str(folder / name) for name in ("scenario.yaml", "calls.csv", "README.md")] + [
        str(folder / "scenario.schema.json")
    ]
    before = (folder / "scenario.yaml").read_bytes()
    assert main(["init", str(folder)]) == 4
    assert "is there already" in capsys.readouterr().err
    assert (folder / "scenario.yaml").read_bytes() == before
    assert main(["check", str(folder / "scenario.yaml"), "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert 0.75 < group["work_hours"] / group["present_hours"] < 0.90


def test_check_prints_its_numbers_and_every_default(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from supportsim.scenario.load import load

    assert main(["check", str(desk)]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    labels = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert labels[:10] == [
        "desk", "counted", "issues", "work", "people", "shrinkage", "occupancy", "peak", "short", "cost",
    ]  # fmt: skip
    words = " ".join(told.out.split())
    assert all(default in words for default in load(desk).defaults)
    assert max(len(line) for line in lines) <= 80
    assert told.err == ""


def test_resolved_can_be_read_again_and_is_the_same_scenario(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(desk), "--resolved"]) == 0
    printed = capsys.readouterr().out
    assert "frontline" in printed
    assert main(["check", str(desk), "--resolved", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "tiny"


def test_the_schema_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "properties" in json.loads(capsys.readouterr().out)


# ---------------- run


def quick(desk: Path, *more: str) -> list[str]:
    return ["run", str(desk), "-n", "3", "--jobs", "1", "--no-figures", *more]


def test_run_writes_its_tables_and_prints_a_summary(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(quick(desk, "-o", "out")) == 0
    told = capsys.readouterr()
    assert "fast" in told.out
    assert "out" in told.out.splitlines()[-1]
    assert {
        "manifest.json",
        "summary.csv",
        "replications.csv",
        "intervals.csv",
        "bridge.csv",
        "teams.csv",
        "promises.csv",
        "backlog.csv",
        "causes.csv",
        "reply_causes.csv",
        "inputs.csv",
        "crowding.csv",
        "crowding_intervals.csv",
    } <= set(files_below(desk.parent / "out"))


def test_figures_are_written_unless_refused(desk: Path) -> None:
    assert main(["run", str(desk), "-n", "1", "--jobs", "1", "-o", "out"]) == 0
    found = files_below(desk.parent / "out")
    assert {".svg", ".png"} <= {Path(name).suffix for name in found}
    assert "report.html" in found
    assert main(quick(desk, "-o", "bare")) == 0
    assert not {".svg", ".png", ".html"} & {Path(name).suffix for name in files_below(desk.parent / "bare")}


def test_json_is_one_strict_document_and_nothing_else(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    assert main(quick(desk, "-o", "out", "--json")) == 0
    document = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert document["replications"] == {"asked": 3, "finished": 3, "interrupted": False}
    assert document["promises"][0]["promise"] == "fast"


def test_a_result_that_is_there_is_not_overwritten_unless_asked(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(quick(desk, "-o", "out")) == 0
    before = (desk.parent / "out" / "manifest.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("supportsim.show.running.play", raising(AssertionError("played in vain")))
        assert main(quick(desk, "-o", "out", "--seed", "2")) == 4
    assert "--overwrite" in capsys.readouterr().err
    assert (desk.parent / "out" / "manifest.json").read_bytes() == before
    assert main(quick(desk, "-o", "out", "--seed", "2", "--overwrite")) == 0
    assert (desk.parent / "out" / "manifest.json").read_bytes() != before


def test_a_place_that_cannot_be_written_leaves_with_4(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.parent / "file").write_text("in the way", encoding="utf-8")
    assert main(quick(desk, "-o", "file/out")) == 4
    assert "could not write" in capsys.readouterr().err
    assert files_below(desk.parent) == {"tiny.yaml", "file"}


def test_interrupted_keeps_what_is_finished_and_leaves_with_130(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show.progress import Progress

    def press_ctrl_c(self: Progress, finished: int, total: int) -> None:
        if finished == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", press_ctrl_c)
    assert main(quick(desk, "-o", "out")) == 130
    told = capsys.readouterr()
    assert "2 of 3 replications were finished" in told.err
    assert "Traceback" not in told.err
    manifest = json.loads((desk.parent / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replications"]["finished"] == [1, 2]


SLOW = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)
from supportsim.cli import main
from supportsim.engine import kernel
from supportsim.show import interruption
from supportsim.study import folder
play, write_json = kernel.play, folder.write_json
def slow_play(layout, seed, replication):
    Path("begun").write_text("x" * replication)
    time.sleep(60 * (replication == 3))
    return play(layout, seed, replication)
def slow_write(*arguments):
    time.sleep(float(sys.argv[1]))
    write_json(*arguments)
kernel.play, folder.write_json = slow_play, slow_write
sys.exit(main(["run", "tiny.yaml", "-n", "300", "--jobs", "1", "--no-figures", "-o", "out"]))
"""


def pressed(desk: Path, writing: float, gap: float) -> tuple[int, str]:
    """Exit code and stderr of a run that gets SIGINT at the third replication and again `gap` s after it was told."""
    (desk.parent / "slow.py").write_text(SLOW, encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, "slow.py", str(writing)], cwd=desk.parent, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    begun, deadline = desk.parent / "begun", time.monotonic() + 90
    while (not begun.exists() or len(begun.read_text()) < 3) and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    assert run.stderr is not None
    told = ""
    while "interrupted:" not in told:
        line = run.stderr.readline()
        assert line, told
        told += line
    time.sleep(gap)
    run.send_signal(signal.SIGINT)
    return run.wait(60), told + run.stderr.read()


def test_two_signals_at_once_are_one_and_keep_what_is_finished(desk: Path) -> None:
    code, told = pressed(desk, writing=0.1, gap=0.0)
    assert code == 130
    assert "interrupted: writing 2 finished replications; press again to discard them" in told
    assert "Traceback" not in told
    manifest = json.loads((desk.parent / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replications"]["finished"] == [1, 2]


def test_a_second_press_while_writing_gives_up_and_says_what_is_lost(desk: Path) -> None:
    code, told = pressed(desk, writing=30.0, gap=1.3)
    assert code == 130
    assert "stopped: 2 finished replications discarded, nothing was written" in told
    assert "Traceback" not in told
    assert not (desk.parent / "out").exists()
    assert not list(desk.parent.glob(".out*"))


def test_interrupted_before_anything_was_finished_writes_nothing(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportsim.engine.kernel.play", raising(KeyboardInterrupt()))  # type: ignore[arg-type]
    assert main(quick(desk, "-o", "out")) == 130
    assert "nothing was written" in capsys.readouterr().err
    assert files_below(desk.parent) == {"tiny.yaml"}


def test_failed_replications_leave_with_5(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show import running

    real = running.play

    def loses_one(*arguments: Any) -> Any:
        found = real(*arguments)
        return dataclasses.replace(found, requested=found.requested + 1, failed={4: "its process died"})

    monkeypatch.setattr(running, "play", loses_one)
    assert main(quick(desk, "-o", "out")) == 5
    assert "replication 4 failed: its process died" in capsys.readouterr().err


# ---------------- faults of ours


def test_an_internal_error_is_one_line_and_1(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportsim.show.check.examine", raising(RuntimeError("a wheel came off")))
    assert main(["check", str(desk)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "RuntimeError: a wheel came off" in told.err
    assert main(["check", str(desk), "-v"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_missing_library_is_named_and_leaves_with_2(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = ModuleNotFoundError("No module named 'dask'", name="dask")
    monkeypatch.setattr("supportsim.show.check.examine", raising(missing))
    assert main(["check", str(desk)]) == 2
    assert "'dask' is missing" in capsys.readouterr().err


# ---------------- what is told while one waits


def test_the_compiler_is_announced_before_it_begins(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show.progress import announce_compilation

    monkeypatch.setattr("supportsim.demand.compiling.is_cached", lambda what: False)
    for cores, long in ((1, 30), (2, 22)):  # with two cores the measures are compiled beside the clock
        monkeypatch.setattr("supportsim.study.first_use.cores", lambda there=cores: there)
        announce_compilation()
        assert capsys.readouterr().err == f"compiling the simulator, about {long} s, once\n"
    monkeypatch.setattr("supportsim.demand.compiling.is_cached", lambda what: True)
    announce_compilation()
    assert capsys.readouterr().err == ""


def test_without_a_terminal_progress_is_a_line_each_ten_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.show import progress

    clock = iter([0.0, 4.0, 11.0, 11.0, 15.0, 21.5, 21.5])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.Progress("tiny") as tell:
        for finished in range(1, 5):
            tell(finished, 30)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["tiny: 2 of 30 replications after 11 s", "tiny: 4 of 30 replications after 22 s"]


def test_a_long_replication_tells_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from supportsim.engine.watching import tell, watched
    from supportsim.show import progress

    clock = iter([0.0, 4.0, 11.0, 11.0, 15.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.Progress("year") as shown:
        tell(0.1)  # nobody listens yet
        with watched(shown.within):
            for share in (0.2, 0.41, 0.5):
                tell(share)
        tell(0.9)
    assert capsys.readouterr().err == "year: 41% of replication 1 after 11 s\n"


def test_the_end_of_a_pipe_is_not_an_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m supportsim.cli schema | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout == "{\n"
    assert done.stderr == ""


def piped(desk: Path, command: str) -> subprocess.CompletedProcess[str]:
    line = f"{sys.executable} -m supportsim.cli {command}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=desk.parent, capture_output=True, text=True, check=False
    )


def test_faults_into_a_pipe_that_ends_keep_their_exit_code(desk: Path) -> None:
    many = [f"  c{i}: {{kind: nothing, handle_time: '{'x' * 60}'}}" for i in range(1500)]
    desk.write_text(DESK + "\n".join(["busyness:", *many]), encoding="utf-8")
    done = piped(desk, "check tiny.yaml 2>&1 | true")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


def test_a_summary_into_a_pipe_that_ends_is_no_error(desk: Path) -> None:
    done = piped(desk, "run tiny.yaml -n 2 --no-figures -o out | true")
    assert done.returncode == 0
    assert "error" not in done.stderr.lower()
    assert (desk.parent / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_a_console_of_few_letters_gets_question_marks_and_the_exit_code_of_the_work(desk: Path, encoding: str) -> None:
    desk.write_text(DESK.replace("name: tiny", "name: tiny\ntitle: 営業"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    words = [["check", "tiny.yaml"], ["check", "tiny.yaml", "--set", "demand.営業=1/h"], quick(desk, "-o", "out")]
    for command, code in zip(words, (0, 3, 0), strict=True):
        whole = [sys.executable, "-m", "supportsim.cli", *command]
        done = subprocess.run(whole, cwd=desk.parent, env=environment, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
        if command[0] == "check":
            assert "??" in (done.stdout + done.stderr).decode(encoding)


def test_no_color_is_honoured(desk: Path) -> None:
    command = [sys.executable, "-m", "supportsim.cli", *quick(desk, "-o", "out")]
    environment = {"NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=desk.parent,
        env={**os.environ, **environment},
    )
    assert "\x1b[3" not in done.stdout


# ---------------- trace


def test_trace_tells_a_replication_and_one_issue_of_it(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(desk), "--rep", "2"]) == 0
    whole = capsys.readouterr().out
    assert main(["trace", str(desk), "--rep", "2", "--issue", "3"]) == 0
    one = capsys.readouterr().out
    assert 1 < len(one.splitlines()) < len(whole.splitlines())


def test_an_issue_that_is_not_there_is_wrong_usage(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(desk), "--rep", "2", "--issue", "99999"]) == 2
    assert "not 99999" in capsys.readouterr().err


@pytest.mark.usefixtures("without_pixels")
def test_the_same_scenario_and_seed_give_the_same_bytes_whatever_the_jobs(desk: Path) -> None:
    for jobs, out in (("1", "alone"), ("2", "together")):
        assert main(["run", str(desk), "-n", "3", "--jobs", jobs, "-o", out]) == 0
    names = files_below(desk.parent / "alone") - {"timing.json"}
    assert names == files_below(desk.parent / "together") - {"timing.json"}
    changed = [
        name
        for name in names
        if (desk.parent / "alone" / name).read_bytes() != (desk.parent / "together" / name).read_bytes()
    ]
    assert not changed
