"""Traces: times in any unit or local, defaults of the stream, names, work, hashes, volume."""

from __future__ import annotations

import random
import tracemalloc
from datetime import date, datetime, timedelta
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from csv_library import timeline

from supportsim.scenario.csv_text import Own
from supportsim.scenario.csv_trace import read_trace
from supportsim.scenario.errors import Faults
from supportsim.scenario.model import Trace
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND
from supportsim.scenario.timeline import Timeline

SEGMENTS, TOPICS, CHANNELS = ("free", "gold"), ("general",), ("phone", "chat")


def read(
    path: Path,
    text: str,
    t: Timeline | None = None,
    own: Own | None = None,
    segments: tuple[str, ...] = SEGMENTS,
    zone: str = "Europe/London",
) -> tuple[Trace | None, list[str], tuple[str, ...]]:
    (path / "t.csv").write_text(text)
    faults = Faults()
    found = read_trace(
        path / "t.csv",
        "t.csv",
        faults,
        timeline=t or timeline(),
        zone=zone,
        segments=segments,
        topics=TOPICS,
        channels=CHANNELS,
        own=own or Own(None, "free", "general"),
    )
    return found.value, [str(fault) for fault in faults], found.notes


def good(*args: object, **more: object) -> Trace:
    value, faults, _ = read(*args, **more)  # type: ignore[arg-type]
    assert faults == []
    assert value is not None
    return value


def test_everything_a_row_can_say(tmp_path: Path) -> None:
    trace = good(
        tmp_path,
        "at,segment,topic,channel,handle_s,wrap_s,patience_min\n"
        "2026-03-02 08:00,gold,general,chat,61.5,1.25,never\n"
        "2026-03-02 08:01,,,,,,0.5\n",
    )
    assert trace.at.tolist() == [8 * HOUR, 8 * HOUR + MINUTE]
    assert trace.segment.tolist() == [1, 0]
    assert trace.topic.tolist() == [0, 0]
    assert trace.channel.tolist() == [1, -1]
    assert trace.handle.tolist() == [61_500_000, -1]
    assert trace.wrap.tolist() == [1_250_000, -1]
    assert trace.patience.tolist() == [NEVER, 30 * SECOND]
    assert [a.dtype.str for a in (trace.at, trace.segment, trace.handle)] == ["<i8", "<i4", "<i8"]
    assert not trace.at.flags.writeable


def test_what_a_row_does_not_say_the_stream_says(tmp_path: Path) -> None:
    trace = good(tmp_path, "at_s\n5\n", own=Own("chat", "gold", "general"))
    assert (trace.segment[0], trace.topic[0], trace.channel[0]) == (1, 0, 1)
    assert (trace.handle[0], trace.wrap[0], trace.patience[0]) == (-1, -1, -1)
    _, faults, _ = read(tmp_path, "at_s\n5\n", own=Own("chat", None, "general"))
    assert faults == ["t.csv:1: got no column segment; expected a segment in every row or in the stream"]
    _, faults, _ = read(tmp_path, "at_s,segment\n5,free\n6,\n", own=Own("chat", None, "general"))
    assert [fault.split()[0] for fault in faults] == ["t.csv:3"]


@pytest.mark.parametrize(
    ("unit", "text", "ticks"),
    [
        ("us", "1234567", 1234567),
        ("ms", "1.5", 1500),
        ("s", "0.000001", 1),
        ("min", "2.5", 150 * SECOND),
        ("h", "25", 25 * HOUR),
    ],
)
def test_time_since_the_start_in_any_unit(tmp_path: Path, unit: str, text: str, ticks: int) -> None:
    assert good(tmp_path, f"at_{unit}\n{text}\n").at.tolist() == [ticks]


def test_rows_before_the_start_are_negative(tmp_path: Path) -> None:
    assert good(tmp_path, "at_h\n-2.5\n0\n3\n").at.tolist() == [-150 * MINUTE, 0, 3 * HOUR]
    t = timeline(warm_up_days=1)
    assert good(tmp_path, "at\n2026-03-01 22:00\n2026-03-02 00:30\n", t).at.tolist() == [
        -2 * HOUR,
        30 * MINUTE,
    ]


def test_local_times_follow_the_wall(tmp_path: Path) -> None:
    t = timeline(7, date(2026, 3, 28))
    times = ("28 12:00:00", "29 00:59:59", "29 01:30:00", "29 02:00:00", "30 00:00:00")
    text = "at\n" + "".join(f"2026-03-{time}\n" for time in times)
    hours = [12, 25 - 1 / 3600, 25, 25, 47]
    assert good(tmp_path, text, t).at.tolist() == [round(h * HOUR) for h in hours]
    assert good(tmp_path, "at\n2026-03-02 08:00\n", zone="America/New_York").at.tolist() == [13 * HOUR]


def test_decimals_of_a_second(tmp_path: Path) -> None:
    alike = good(tmp_path, "at\n2026-03-02 00:00:00.125\n2026-03-02 00:00:01.250\n")
    mixed = good(tmp_path, "at\n2026-03-02 00:00:00.125\n2026-03-02 00:00:01.25\n")
    assert alike.at.tolist() == mixed.at.tolist() == [125_000, 1_250_000]


def test_times_written_alike_and_one_by_one_are_the_same(tmp_path: Path) -> None:
    dice = random.Random(3)
    moments = sorted(datetime(2026, 3, 2) + timedelta(microseconds=dice.randrange(30 * DAY)) for _ in range(500))
    alike = "at\n" + "".join(m.isoformat(timespec="microseconds") + "\n" for m in moments)
    mixed = "at\n" + "".join(
        (m.isoformat() if m.microsecond % 3 else m.isoformat(timespec="microseconds")) + "\n" for m in moments
    )
    one, two = good(tmp_path, alike), good(tmp_path, mixed)
    assert np.array_equal(one.at, two.at)


def test_several_rows_may_share_an_instant(tmp_path: Path) -> None:
    assert good(tmp_path, "at_s\n1\n1\n1\n").at.tolist() == [SECOND] * 3


def test_every_wrong_cell_is_told_with_its_line(tmp_path: Path) -> None:
    text = "at_s,segment,handle_s,patience_s\n1,free,x,1\n2,fre,5,ever\nthree,gold,.5,1\n4,gold,5.,1\n"
    _, faults, _ = read(tmp_path, text)
    assert [fault.split(" got")[0] for fault in faults] == [
        "t.csv:4 at_s:",
        "t.csv:3 segment:",
        "t.csv:2 handle_s:",
        "t.csv:4 handle_s:",
        "t.csv:5 handle_s:",
        "t.csv:3 patience_s:",
    ]


@pytest.mark.parametrize("cell", ["1_000", "0x10", "1e3000", "١", "+5", "--5", "5-", "infinity", "NaN", "1 2"])
def test_what_python_would_take_for_a_number_and_this_language_does_not(tmp_path: Path, cell: str) -> None:
    assert len(read(tmp_path, f"at_s\n{cell}\n")[1]) == 1
    assert len(read(tmp_path, f"at_s,handle_s\n1,{cell}\n")[1]) == 1


def test_patience_beyond_a_hundred_years_is_never(tmp_path: Path) -> None:
    assert good(tmp_path, "at_s,patience_h\n1,900000\n").patience.tolist() == [NEVER]


def test_rows_after_the_end_are_a_warning(tmp_path: Path) -> None:
    _, faults, notes = read(tmp_path, "at_h\n1\n23.9\n24\n30\n")
    assert faults == []
    assert notes == ("t.csv: 2 of 4 rows lie after the end of play and are not used",)


def test_the_hash_depends_on_the_rows_and_not_on_places_of_names(tmp_path: Path) -> None:
    text = "at_s,segment,handle_s\n1,gold,5\n2,free,6\n"
    one = good(tmp_path, text).sha256
    assert good(tmp_path, text, segments=("extra", "gold", "free")).sha256 == one
    assert good(tmp_path, text.replace("1,gold", "1.0,gold")).sha256 == one
    assert good(tmp_path, text.replace("gold", "free")).sha256 != one
    assert good(tmp_path, text.replace(",5", ",5.1")).sha256 != one
    swapped = text.replace("gold", "x").replace("free", "gold").replace("x", "free")
    assert good(tmp_path, swapped).sha256 != one


def long_trace(rows: int) -> str:
    dice = random.Random(5)
    names = ("gold", "free")
    lines = [f"{i * 3000},{names[i % 7 > 0]},{dice.random() * 600:.3f}\n" for i in range(rows)]
    return "at_us,segment,handle_s\n" + "".join(lines)


def test_a_long_trace_takes_seconds(tmp_path: Path) -> None:
    text = long_trace(200_000)
    begin = process_time()
    trace = good(tmp_path, text)
    assert process_time() - begin < 5  # half a second of an idle processor
    assert (len(trace.at), trace.at[-1]) == (200_000, 199_999 * 3000)


def test_a_long_trace_takes_little_more_memory_than_its_arrays(tmp_path: Path) -> None:
    rows = 40_000
    text = long_trace(rows)
    good(tmp_path, text)
    tracemalloc.start()
    trace = good(tmp_path, text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    arrays = (trace.at, trace.segment, trace.topic, trace.channel, trace.handle, trace.wrap, trace.patience)
    assert peak < 2.5 * sum(array.nbytes for array in arrays) + 4_000_000  # a piece of text and its cells
