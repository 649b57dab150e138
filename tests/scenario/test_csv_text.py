"""Reading text: encodings, line ends, quotes, pieces, limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supportsim.scenario import csv_text
from supportsim.scenario.csv_text import (
    LONGEST_CELL,
    MOST_FAULTS,
    Clerk,
    CsvFile,
    EnoughError,
    check_columns,
)
from supportsim.scenario.errors import Faults


def read(path: Path, data: bytes) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    """(header, (line, row) of all rows, messages)."""
    path = path / "a.csv"
    path.write_bytes(data)
    faults = Faults()
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    try:
        with CsvFile(path, Clerk("a.csv", faults)) as text:
            header = text.header
            rows = list(text.each(1000))
    except EnoughError:
        pass
    return header, rows, [str(fault) for fault in faults]


def test_lines_count_from_one(tmp_path: Path) -> None:
    header, rows, faults = read(tmp_path, b"a,b\n1,2\n3,4\n")
    assert header == ["a", "b"]
    assert rows == [(2, ["1", "2"]), (3, ["3", "4"])]
    assert faults == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfa,b\n1,2\n",  # byte order mark
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b"a,b\n1,2",
        b"a,b\n1,2\n\n\n",
        b"a,b\n1,2\n,\n",  # what spreadsheets leave below the last row
        b'"a","b"\n"1","2"\n',
        b" a , b\n1 ,\t2 \n",
        b"a,b\n 1,2 ",
        b'a,b\n" 1","2 "\n',
        "a,b\n1,\u00a02\n".encode(),
    ],
)
def test_harmless_ways_to_write_the_same(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == (["a", "b"], [(2, ["1", "2"])], [])


def test_a_quoted_cell_may_hold_commas_and_quotes(tmp_path: Path) -> None:
    assert read(tmp_path, b'a,b\n"x, ""y""",2\n')[1] == [(2, ['x, "y"', "2"])]


def test_every_ragged_row_is_told_with_its_line(tmp_path: Path) -> None:
    _, rows, faults = read(tmp_path, b"a,b\n1\n1,2\n1,2,3\n\n1,2\n")
    assert [line for line, _ in rows] == [3, 6]
    assert [fault.split()[0] for fault in faults] == ["a.csv:2:", "a.csv:4:", "a.csv:5:"]


def test_one_cell_too_few_and_one_too_many_do_not_make_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b,c\n1,2\n3,4,5,6\n7,8,9\n")
    faults = Faults()
    with CsvFile(path, Clerk("a.csv", faults)) as text:
        assert list(text.columns()) == [(4, [("7",), ("8",), ("9",)])]
    assert [fault.line for fault in faults] == [2, 3]


@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n3,4\n5,6\n7,8\n",
        b"a,b\r\n1,2\r\n3,4\r\n5,\r\n7,8\r\n\r\n\r\n",
        b'a,b\n1,"2"\n3,4\n5, 6\n7,8',
    ],
)
def test_columns_and_rows_say_the_same_in_pieces_of_any_size(
    tmp_path: Path, data: bytes, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "_PIECE", piece)
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with CsvFile(path, Clerk("a.csv", Faults())) as text:
        rows = [(line, row) for first, rows in text.rows() for line, row in enumerate(rows, first)]
    with CsvFile(path, Clerk("a.csv", Faults())) as text:
        columns = [
            (line, list(row))
            for first, columns in text.columns()
            for line, row in enumerate(zip(*columns, strict=True), first)
        ]
    assert rows == columns
    assert [line for line, _ in rows] == [2, 3, 4, 5]


@pytest.mark.parametrize("piece", [1, 2, 1000])
def test_an_empty_line_between_rows_is_a_fault_in_pieces_of_any_size(
    tmp_path: Path, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "_PIECE", piece)
    _, rows, faults = read(tmp_path, b"a,b\n1,2\n\n\n3,4\n\n")
    assert [line for line, _ in rows] == [2, 5]
    assert [fault.split()[0] for fault in faults] == ["a.csv:3:", "a.csv:4:"]


def test_a_cell_beyond_the_limit_of_the_csv_module(tmp_path: Path) -> None:
    _, _, faults = read(tmp_path, b"a,b\n1,2\n1," + b"x" * 140_000 + b"\n")
    assert len(faults) == 1
    assert f"at most {LONGEST_CELL} characters" in faults[0]
    assert len(faults[0]) < 300


def test_an_endless_line(tmp_path: Path) -> None:
    _, _, faults = read(tmp_path, b"a,b\n1," + b"2," * 600_000)
    assert faults == ["a.csv:2: got a line of 1000000 characters or more; expected rows"]


def test_of_faults_alike_three_are_told_and_the_others_counted(tmp_path: Path) -> None:
    _, _, faults = read(tmp_path, b"a,b\n" + b"1\n" * 500)
    told = "got 1 cells; expected 2, as in the first line"
    assert faults == [f"a.csv:2: {told}", f"a.csv:3: {told}", f"a.csv:4: {told}; … and 497 more rows"]


def test_a_fourth_fault_alike_is_one_more_row_and_two_streams_tell_it_once() -> None:
    faults = Faults()
    for _ in range(2):
        clerk = Clerk("a.csv", faults)
        for line in range(2, 6):
            clerk.note(line, "b", "x", "a number", "write 1")
        clerk.note(6, "c", "y", "a number")
    assert [str(fault).partition(": ")[2] for fault in sorted(faults, key=lambda fault: fault.line or 0)] == [
        "got x; expected a number; write 1",
        "got x; expected a number; write 1",
        "got x; expected a number; write 1; … and 1 more row",
        "got y; expected a number",
    ]


def test_at_most_fifty_faults_of_one_file_are_told() -> None:
    faults = Faults()
    clerk = Clerk("a.csv", faults)
    for line in range(1, MOST_FAULTS):
        clerk.note(line, "b", "x", f"rule {line}")
    with pytest.raises(EnoughError):
        clerk.note(MOST_FAULTS, "b", "x", "the last rule")
    assert len(faults) == MOST_FAULTS


def test_too_many_rows(tmp_path: Path) -> None:
    _, _, faults = read(tmp_path, b"a,b\n" + b"1,2\n" * 40_000)
    assert faults == ["a.csv:4002: got a longer file; expected at most 1000 rows"] or len(faults) == 1
    assert "at most 1000 rows" in faults[0]


def test_a_file_that_vanished(tmp_path: Path) -> None:
    faults = Faults()
    with pytest.raises(EnoughError):
        CsvFile(tmp_path / "gone.csv", Clerk("gone.csv", faults))
    assert "cannot be read" in str(next(iter(faults)))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n")
    (tmp_path / "a.csv").chmod(0)
    faults = Faults()
    with pytest.raises(EnoughError):
        CsvFile(tmp_path / "a.csv", Clerk("a.csv", faults))
    assert len(faults) == 1


def test_all_faults_of_a_header_at_once() -> None:
    faults = Faults()
    clerk = Clerk("a.csv", faults)
    places = check_columns(clerk, ["start", "offred", "start", ""], ("start",), ("offered",))
    assert places == {"start": 0}
    assert [fault.got for fault in faults] == ["offred", "columns 1 and 3", "column 4 without a name"]
    assert next(iter(faults)).hint == "did you mean offered?"
