"""Every file of the library of bad CSV files gets exactly the message its table states, and no value."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from csv_library import HERE, WAYS

from supportsim.scenario.csv_text import MOST_FAULTS
from supportsim.scenario.errors import Faults


def table() -> list[tuple[str, str, str, str]]:
    rows = []
    for line in (HERE / "INDEX.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 4 and cells[0].endswith(".csv"):
            rows.append((cells[0], cells[1], cells[2], cells[3].replace("\\|", "|").replace("\\\\", "\\")))
    return rows


TABLE = table()


@pytest.mark.parametrize(("file", "way", "message"), [(f, w, m) for f, _, w, m in TABLE], ids=[r[0] for r in TABLE])
def test_a_bad_file_gets_its_message(file: str, way: str, message: str) -> None:
    faults = Faults()
    found = WAYS[way](HERE / file, faults)
    assert [str(fault) for fault in faults] == [message]
    assert found.value is None


def test_the_table_names_every_file_and_every_class() -> None:
    assert sorted(row[0] for row in TABLE) == sorted(path.name for path in HERE.glob("*.csv"))
    classes = {row[1] for row in TABLE}
    assert {f"E{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 21)} | {"D11"} <= classes


GOOD = {
    "forecast": b"start,offered,aht_s\n2026-03-02 08:00,12,300\n2026-03-02 08:30,15.5,310\n",
    "profile": b"day,start,share\nmon,08:00,40%\nmon,08:30,30%\ntue,08:00,30%\n",
    "curve": b"seconds,share_longer\n0,1\n5,0.98952\n10,0.9\n60,0\n",
    "trace": b"at,segment,handle_s,patience_s\n2026-03-02 08:00,free,6,never\n2026-03-02 08:01,gold,,5\n",
    "heads": b"start,heads,team\n2026-03-02 08:00,12,desk\n2026-03-02 09:10,7,late\n2026-03-02 17:30,0,desk\n",
    "daily": b"date,offered\n2026-03-02,300\n2026-03-03,310.5\n",
}
PIECES = (
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b"-",
    b"1e9",
    b"nan",
    b"9" * 400,
    b"=1+1",
    b"\xff",
    b" ",
    b"%",
)


@pytest.mark.parametrize("way", list(GOOD))
def test_a_good_file_has_no_fault(way: str, tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_bytes(GOOD[way])
    faults = Faults()
    assert WAYS[way](path, faults).value is not None
    assert len(faults) == 0


@pytest.mark.parametrize("way", list(GOOD))
def test_whatever_happens_to_a_file_it_gives_a_value_or_faults(way: str, tmp_path: Path) -> None:
    """Bytes are cut out, doubled, swapped for nasty ones; the reader must never raise, nor give both."""
    path = tmp_path / "mutant.csv"
    dice = random.Random(7)
    values = 0
    for _ in range(400):
        data = bytearray(GOOD[way])
        for _ in range(dice.randint(1, 3)):
            at, length = dice.randrange(len(data)), dice.randrange(8)
            data[at : at + length] = dice.choice((b"", bytes(data[at : at + length]) * 2, dice.choice(PIECES)))
            data = data or bytearray(b" ")
        path.write_bytes(bytes(data))
        faults = Faults()
        found = WAYS[way](path, faults)
        assert (found.value is None) == (len(faults) > 0)
        assert len(faults) <= MOST_FAULTS
        values += found.value is not None
    assert 0 < values < 400
