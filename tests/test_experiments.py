"""The rules of the experiments, on a few calls made up here; the data they are meant for are not in the repository."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = ROOT / "experiments" / "bank_january" / "january.py"

CALLS = """type,date,vru_exit_s,q_start_s,q_time_s,outcome,ser_time_s
PS,1999-01-03,28850,28850,30,AGENT,120
NW,1999-01-03,28800,28800,15,HANG,0
NE,1999-01-03,28830,0,0,AGENT,200
PS,1999-01-03,30700,0,0,HANG,0
PS,1999-01-03,30800,30800,5,PHANTOM,0
"""
TABLE = """date,halfhour,calls,served,hang,agents_seen
1999-01-03,16,3,2,1,3
1999-01-03,17,1,0,1,0
"""
CURVE = """month,type,seconds,survival_patience
january,all,5,0.99
january,PS,5,0.98
january,all,60,0.8
"""


@pytest.fixture
def january(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(COMMAND.parent))
    import january as module

    monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    (tmp_path / "results").mkdir()
    return module


@pytest.fixture
def folder(tmp_path: Path, january: Any) -> Path:
    (tmp_path / january.CALLS).write_bytes(gzip.compress(CALLS.encode()))
    (tmp_path / january.TABLE).write_text(TABLE, encoding="utf-8")
    (tmp_path / january.PATIENCE).write_text(CURVE, encoding="utf-8")
    return tmp_path


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def test_without_the_data_it_says_so_and_does_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, COMMAND, tmp_path], capture_output=True, text=True)
    assert done.returncode == 2
    assert "R2_halfhour_table.csv" in done.stderr
    assert not done.stdout


def test_who_hung_up_in_the_menu_never_reaches_the_line(january: Any, folder: Path) -> None:
    calls = january.wanted(folder)
    january.write_calls(calls)
    assert rows(folder / "results" / "calls.csv") == [
        ["at", "topic", "handle_s"],
        ["1999-01-03 08:00:00", "joining", ""],  # nobody answered: his work is not known
        ["1999-01-03 08:00:30", "securities", "200"],
        ["1999-01-03 08:00:50", "everyday", "120"],
    ]
    in_menu = january.counted(calls[calls.in_menu])
    assert in_menu.sum() == in_menu[2, 17] == 1
    assert january.happened(calls).shares(in_menu) == {
        "hung up, of all": 2 / 4,
        "answered in 20 s, of all": 1 / 4,
        "hung up, of the line": 1 / 3,
        "answered in 20 s, of the line": 1 / 3,
    }


def test_the_roster_is_who_was_seen(january: Any, folder: Path) -> None:
    heads = january.seen(folder)
    assert heads.sum() == heads[2, 16] == 3
    january.write_heads("heads.csv", heads)
    written = rows(folder / "results" / "heads.csv")
    assert len(written) == 1 + 31 * 48
    assert ["1999-01-03 08:00", "3"] in written
    assert ["1999-01-03 08:30", "0"] in written


def test_so_many_fewer_over_the_day_and_nobody_is_split(january: Any) -> None:
    heads = np.full((31, 48), 7)
    fewer = january.less(heads, 0.2)
    assert set(np.unique(fewer)) == {5, 6}
    assert abs(fewer.sum() - 0.8 * heads.sum()) <= 31 * 0.5
    assert (january.less(heads, 0.0) == heads).all()


def test_patience_is_the_curve_of_all_callers(january: Any, folder: Path) -> None:
    january.write_patience(folder)
    assert rows(folder / "results" / "patience.csv") == [
        ["seconds", "share_longer"],
        ["0", "1"],
        ["5", "0.99"],
        ["60", "0.8"],
    ]


STUDIES = sorted((ROOT / "experiments").rglob("*study.yaml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_study_is_sound_and_its_answer_speaks_of_it(path: Path) -> None:
    from supportsim.study.study import Study

    study = Study.load(path)
    assert not [note for point in study.points for note in point.notes]
    told = (path.parent / "README.md").read_text(encoding="utf-8")
    assert f"supportsim study {path.relative_to(ROOT).as_posix()} -o" in told
    assert f"{study.plan.replications} replications of" in " ".join(told.split())
    figures = [file.read_text(encoding="utf-8") for file in path.parent.glob("*.svg")]
    assert any(study.plan.hash[:12] in figure for figure in figures), "the figures are of other points"


def test_every_study_is_asked() -> None:
    assert {path.parent.name for path in STUDIES} >= {"channel_mix", "crowding_out", "cut_support", "paid_support",
                                                     "priority_or_staff", "staffing_levels"}  # fmt: skip
