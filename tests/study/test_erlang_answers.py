"""Questions of a planner: how their inputs are read, what the answers are, in Python and for tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supportsim
from supportsim import erlang
from supportsim.scenario.errors import ConfigError
from supportsim.scenario.units import Wrong
from supportsim.study import erlang_answers as answer
from supportsim.study import erlang_words as words
from supportsim.study.erlang import MOST_AGENTS, ErlangA, ErlangC, TooManyAgents, agents_for, p_blocked
from supportsim.study.erlang_table import Asked, Forecast, lines, read, rows

DESK = {"calls": "100/30min", "aht": "3 min"}

GOOD: list[tuple[Callable[[str], Any], str, Any]] = [
    (words.rate, "100/30min", 100 / 1800),
    (words.rate, "100 / 30 min", 100 / 1800),
    (words.rate, "200/h", 200 / 3600),
    (words.rate, "0.5/s", 0.5),
    (words.rate, "3/1 h 30 min", 3 / 5400),
    (words.seconds, "3 min", 180.0),
    (words.target, "80/20s", (0.8, 20.0)),
    (words.target, "80/20 s", (0.8, 20.0)),
    (words.target, "80%/20s", (0.8, 20.0)),
    (words.target, "80% in 20 s", (0.8, 20.0)),
    (words.target, "92.5 % within 1 min", (0.925, 60.0)),
    (words.target, "80/0 s", (0.8, 0.0)),
    (words.target, "20 s", (None, 20.0)),
    (words.shrinkage, "0%", 0.0),
    (words.above_nothing, "100%", 1.0),
    (words.busy, "0.1%", 0.001),
    (words.erlangs, "12.5", 12.5),
    (words.erlangs, "12.5 Erlang", 12.5),
]
BAD: list[tuple[Callable[[str], Any], str, str]] = [
    (words.rate, "100", "say per what: 100/30min or 100/h"),
    (words.rate, "100/30m", "write min"),
    (words.rate, "100/30", "a unit is missing"),
    (words.rate, "0/h", "above 0"),
    (words.rate, "-3/h", "above 0"),
    (words.rate, "1,000/h", "write 1000"),
    (words.rate, "3/0 min", "calls per time"),
    (words.seconds, "3", "a unit is missing"),
    (words.seconds, "0 s", "above 0"),
    (words.target, "80/20", "write 80/20s"),
    (words.target, "100/20s", "no number of agents"),
    (words.target, "0/20s", "above 0%"),
    (words.target, "80%", "80/20s"),
    (words.target, "80 in", "80/20s"),
    (words.target, "twenty seconds", "80/20s"),
    (words.shrinkage, "100%", "below 100%"),
    (words.shrinkage, "0.3", "write 30%"),
    (words.above_nothing, "0%", "above 0%"),
    (words.busy, "0%", "above 0%"),
    (words.erlangs, "0", "above 0"),
    (words.erlangs, "many", "as 12.5"),
]


@pytest.mark.parametrize(("reader", "text", "value"), GOOD)
def test_inputs_are_read(reader: Callable[[str], Any], text: str, value: Any) -> None:
    assert reader(text) == value


@pytest.mark.parametrize(("reader", "text", "said"), BAD)
def test_bad_inputs_are_refused_with_the_reason(reader: Callable[[str], Any], text: str, said: str) -> None:
    with pytest.raises(Wrong) as wrong:
        reader(text)
    assert said in f"{wrong.value.expected}; {wrong.value.hint}"


# ---------------- answers


def test_an_hour_of_a_hundred_calls_as_the_tables_of_erlang_have_it() -> None:
    """P13 of the ground truth, the example of pyworkforce 0.1.0: 14 agents, 20 with shrinkage, 88.8 %."""
    assert erlang.agents(**DESK, target="80/20s") == 14
    assert erlang.rostered(14, "30%") == 20
    assert erlang.sla(**DESK, agents=14, target="20 s") == pytest.approx(0.8884, abs=5e-5)
    assert erlang.asa(**DESK, agents=14) == pytest.approx(0.1741318 * 180 / 4, abs=1e-3)  # C x service / (n - load)
    assert erlang.occupancy(**DESK, agents=14) == pytest.approx(10 / 14)
    assert erlang.queued(**DESK, agents=14) == pytest.approx(0.1741, abs=5e-5)


def test_with_patience_it_is_erlang_a() -> None:
    found = ErlangA(12, 100 / 1800, 180, 120)
    given_ = {**DESK, "agents": 12, "patience": "2 min"}
    assert erlang.sla(**given_, target="80/20s") == found.service_level(20)
    assert erlang.asa(**given_) == found.asa
    assert erlang.abandoned(**given_) == found.p_abandon
    assert erlang.queued(**given_) == found.p_wait
    assert erlang.occupancy(**given_) == found.occupancy
    assert erlang.agents(**DESK, target="80/20s", patience="2 min") == agents_for(100 / 1800, 180, 0.8, 20, 120)


def test_a_desk_that_cannot_keep_up_waits_without_end() -> None:
    assert erlang.asa(**DESK, agents=10) == math.inf
    assert erlang.sla(**DESK, agents=10, target="20 s") == 0.0
    assert erlang.queued(**DESK, agents=10) == 1.0


def test_an_occupancy_that_must_not_be_passed_needs_more_agents() -> None:
    assert erlang.agents(**DESK, target="50/60s") == 11
    assert erlang.agents(**DESK, target="50/60s", max_occupancy="85%") == 12  # 10 / 12 = 83 %
    assert erlang.agents(**DESK, target="50/60s", max_occupancy=0.7) == 15


@pytest.mark.parametrize(("agents", "off", "people"), [(14, 0.3, 20), (7, 0.3, 10), (0, 0.3, 0), (9, 0.0, 9)])
def test_people_to_roster(agents: int, off: float, people: int) -> None:
    assert answer.rostered(agents, off) == people  # 7 / 0.7 is 10, whatever floating point makes of it


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.sampled_from([None, 30.0, 600.0]), st.sampled_from([1.0, 0.8]))
def test_capacity_is_the_last_rate_that_the_agents_are_enough_for(
    agents: int, patience: float | None, most: float
) -> None:
    found = answer.capacity(agents, 180, 0.8, 20, patience, most)
    assert agents_for(found * (1 - 1e-6), 180, 0.8, 20, patience, most) <= agents
    assert agents_for(found * (1 + 1e-6), 180, 0.8, 20, patience, most) > agents


def test_capacity_and_agents_are_each_others_inverse() -> None:
    assert erlang.capacity(agents=14, aht="3 min", target="80/20s") == pytest.approx(217.37, abs=0.005)
    assert erlang.agents(calls="217/h", aht="3 min", target="80/20s") == 14
    assert erlang.agents(calls="218/h", aht="3 min", target="80/20s") == 15
    assert erlang.capacity(agents=0, aht="3 min", target="80/20s") == 0.0


@pytest.mark.parametrize(("load", "busy"), [(10, 0.01), (0.2, 0.5), (300, 0.001), (3, 0.9)])
def test_trunks_are_the_fewest_by_erlang_b(load: float, busy: float) -> None:
    found = answer.trunks(load, busy)
    assert p_blocked(found, load) <= busy
    assert found == 0 or p_blocked(found - 1, load) > busy


def test_ten_erlangs_at_one_per_cent_need_eighteen_lines() -> None:
    assert erlang.trunks("1%", traffic="10 erlang") == 18
    assert erlang.trunks(0.01, calls="200/h", aht="3 min") == 18


def test_calls_that_wait_hold_lines_too() -> None:
    desk = ErlangC(12, 200 / 3600, 180)
    assert answer.traffic(200 / 3600, 180, 12, None) == pytest.approx(10 + desk.mean_queue)
    assert erlang.trunks(0.01, calls="200/h", aht="3 min", agents=12) == 21
    left = ErlangA(12, 200 / 3600, 180, 60)
    expected = 10 * (1 - left.p_abandon) + left.mean_queue
    assert answer.traffic(200 / 3600, 180, 12, 60) == pytest.approx(expected)
    with pytest.raises(TooManyAgents):
        erlang.trunks(0.01, calls="200/h", aht="3 min", agents=10)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: erlang.agents("100", "3 min", "80/20s"), "calls: got '100'; expected calls per time"),
        (lambda: erlang.agents("1/h", "3 min", "20 s"), "a share and a time"),
        (lambda: erlang.agents("1/h", "3 min", "80/20s", max_occupancy=1.2), "max_occupancy: got '120%'"),
        (lambda: erlang.asa("1/h", 3, 2), "aht: got 3; expected text with a unit"),  # type: ignore[arg-type]
        (lambda: erlang.asa("1/h", "3 min", -1), "agents: got -1"),
        (lambda: erlang.trunks("1%"), "trunks needs calls and aht, or traffic"),
        (lambda: erlang.trunks("1%", traffic="3", aht="1 min"), "leave calls, aht and agents out"),
        (lambda: erlang.rostered(3, "100%"), "shrinkage: got '100%'"),
    ],
)
def test_in_python_bad_inputs_are_value_errors_that_name_them(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as wrong:
        call()
    assert said in str(wrong.value)


def test_the_package_has_it_by_name() -> None:
    assert supportsim.erlang is erlang


# ---------------- tables


def test_a_table_says_of_each_interval_what_the_single_questions_say() -> None:
    forecast = Forecast(1800, ("a", "b"), (100.0, 0.0), (180.0, 0.0))
    first, second = rows(forecast, Asked(level=0.8, within=20, patience=120, shrinkage=0.3, max_occupancy=0.88))
    found = ErlangA(12, 100 / 1800, 180, 120)
    assert (first["agents"], first["rostered"]) == (12, 18)
    assert first["answered_in_time_share"] == found.service_level(20)
    assert first["abandoned_share"] == found.p_abandon
    assert (second["agents"], second["rostered"]) == (0, 0)
    assert lines([first, second])[2] == "b,0,0,0,0,0,,,,,"


def test_a_table_has_the_same_columns_in_every_row() -> None:
    forecast = Forecast(1800, ("a", "b"), (100.0, 0.0), (180.0, 0.0))
    for asked in (Asked(agents=12), Asked(agents=12, within=20), Asked(busy=0.01), Asked(level=0.8, within=20)):
        first, second = rows(forecast, asked)
        assert list(first) == list(second)


def test_a_table_of_lines() -> None:
    found = list(rows(Forecast(3600, ("a", "b"), (200.0, 0.0), (180.0, 0.0)), Asked(busy=0.01)))
    assert [row["lines"] for row in found] == [18, 0]


def test_an_interval_beyond_all_agents_is_named() -> None:
    forecast = Forecast(1800, ("mon 08:00",), (1e9,), (180.0,))
    with pytest.raises(ConfigError, match=r"calls\.csv mon 08:00: got 1e\+09 calls of 180 s; expected at most"):
        list(rows(forecast, Asked(level=0.8, within=20), "calls.csv"))
    assert MOST_AGENTS == 100_000


def file_of(folder: Path, text: str) -> str:
    file = folder / "calls.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_forecast_files_are_read_with_their_interval(tmp_path: Path) -> None:
    stamped = "start,offered,aht_s\n2026-03-02 08:00,10,200\n2026-03-02 08:15,0,\n2026-03-03 08:00,5,210\n"
    found = read(file_of(tmp_path, stamped), None)
    assert found == Forecast(
        900, ("2026-03-02 08:00", "2026-03-02 08:15", "2026-03-03 08:00"), (10, 0, 5), (200, 0, 210)
    )
    weekly = "day,start,offered\nmon,08:00,10\nmon,08:30,12\n"
    assert read(file_of(tmp_path, weekly), 180) == Forecast(1800, ("mon 08:00", "mon 08:30"), (10, 12), (180, 180))


@pytest.mark.parametrize(
    ("text", "aht", "said"),
    [
        ("start,offered\n2026-03-02 08:00,10\n2026-03-02 08:30,1\n", None, "calls.csv:1: got no column aht_s"),
        ("start,offered,aht_s\n2026-03-02 08:00,10,9\n2026-03-02 08:30,1,9\n", 180, "calls.csv:1: got a column aht_s"),
        ("start,offered,aht_s\n2026-03-02 08:00,x,9\n2026-03-02 08:30,1,9\n", None, "calls.csv:2 offered: got x"),
        (
            "start,offered,aht_s,channel\n2026-03-02 08:00,1,9,phone\n",
            None,
            "calls.csv:2 channel: got phone; expected a file of one queue",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line(
    text: str, aht: float | None, said: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as wrong:
        read(file_of(tmp_path, text), aht)
    assert said in str(wrong.value)


def test_the_requirement_of_a_frame() -> None:
    frame = pd.DataFrame({"start": ["2026-03-02 08:00", "2026-03-02 08:30"], "offered": [100, 0], "aht_s": [180, 0]})
    found = erlang.requirement(frame, target="80/20s", shrinkage=0.30, max_occupancy=0.88)
    assert found["agents"].tolist() == [14, 0]
    assert found["rostered"].tolist() == [20, 0]
    assert found["start"].tolist() == frame["start"].tolist()
    assert found["answered_in_time_share"].isna().tolist() == [False, True]
    hourly = erlang.requirement(frame.head(1), target="80/20s", length="1 h")
    assert hourly["erlangs"].tolist() == [5.0]
    stamped = frame.drop(columns="aht_s").assign(start=pd.to_datetime(frame["start"]))
    assert erlang.requirement(stamped, target="80/20s", aht="3 min")["agents"].tolist() == [14, 0]
    with pytest.raises(ValueError, match="length='30 min'"):
        erlang.requirement(frame.head(1), target="80/20s")
    with pytest.raises(ValueError, match="one of the two"):
        erlang.requirement(frame, target="80/20s", aht="3 min")
