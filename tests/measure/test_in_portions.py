"""The compiled pass: equal to arrays of a whole journal, and the same whatever portions a journal comes in."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from engine.generator import made
from pandas.testing import assert_frame_equal

from measure.by_arrays.replication import measured as by_arrays
from measure.prices import with_prices
from supportsim.demand import blocks
from supportsim.engine import keeper
from supportsim.engine.clocks import Engine, play, play_in_portions
from supportsim.engine.journal import Journal
from supportsim.engine.layout import Layout
from supportsim.engine.portions import Portion
from supportsim.measure import tally as tallies
from supportsim.measure.reduction import reduced
from supportsim.measure.replication import Measured, Yardstick, measured, measured_in_portions
from supportsim.measure.tally import Tally
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Scenario
from supportsim.study.folder import OF_JOURNALS, TABLES, manifest, tables
from supportsim.study.run import run

ROOT = Path(__file__).resolve().parents[2]


def arrays(found: Measured) -> dict[str, np.ndarray]:
    """Every array of a reduced replication by name, but what only a journal tells (test_crowding_naive.py)."""
    by_name = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "crowding"}
    tuples = {name: value for name, value in by_name.items() if isinstance(value, tuple)}
    flat = {f"{name} {i}": each for name, value in tuples.items() for i, each in enumerate(value)}
    return flat | {name: value for name, value in by_name.items() if isinstance(value, np.ndarray)}


def agree(one: Measured, other: Measured, near: float) -> None:
    ours, theirs = arrays(one), arrays(other)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert value.shape == theirs[name].shape, name
        if name in ("bridge", "lines", "allocated", "income", "months", "month_costs"):
            np.testing.assert_array_equal(value, theirs[name], err_msg=name)
        np.testing.assert_allclose(value, theirs[name], rtol=near, atol=near, err_msg=name, equal_nan=True)


@lru_cache(maxsize=4)
def played(number: int) -> tuple[Scenario, Journal]:
    scenario = with_prices(made(number), number)
    return scenario, play(Layout(scenario), 1, number)


@pytest.mark.parametrize("number", range(120))
def test_generated_scenarios_are_measured_as_by_arrays(number: int) -> None:
    scenario, journal = played(number)
    yardstick = Yardstick(scenario)
    agree(measured(journal, yardstick), by_arrays(journal, yardstick), 1e-9)


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("configs/saas/today", {"length": "1 week", "warm_up": "1 day"}),
        ("configs/bank/blending", {}),
        ("benchmarks/w2_all", {"length": "1 day"}),
        pytest.param("configs/saas/today", {}, marks=pytest.mark.slow),
        pytest.param("benchmarks/w2_all", {}, marks=pytest.mark.slow),
    ],
)
def test_shipped_scenarios_are_measured_as_by_arrays(name: str, length: dict[str, str]) -> None:
    scenario = with_prices(load(ROOT / f"{name}.yaml", length))
    scenario = replace(scenario, experience=None)  # who is expected to leave has its own judge: test_experience.py
    yardstick, journal = Yardstick(scenario), play(Layout(scenario), 1, 1)
    agree(measured(journal, yardstick), by_arrays(journal, yardstick), 1e-9)


# ---------------------------------------------------------------- portions


def portion(journal: Journal, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of the chosen issues, which refer to each other."""
    contacts = chosen[journal.contacts["issue"]]
    touches = contacts[journal.touches["contact"]]
    place, row = np.cumsum(chosen) - 1, np.cumsum(contacts) - 1
    stretch = np.cumsum(touches) - 1
    c, t = journal.contacts[contacts].copy(), journal.touches[touches].copy()
    c["issue"] = place[c["issue"]]
    begun = c["row"] >= 0
    c["row"][begun] = stretch[c["row"][begun]]
    t["contact"], t["touch"] = row[t["contact"]], stretch[t["touch"]]
    return journal.issues[chosen].copy(), c, t


def in_portions(journal: Journal, yardstick: Yardstick, parts: int, seed: int) -> Measured:
    """The issues shuffled into portions by when they were over; settled after each."""
    n = len(journal.issues)
    over = np.minimum(journal.issues["ended"], journal.end) + np.random.default_rng(seed).integers(0, 5, n)
    part = np.argsort(np.argsort(over, kind="stable"), kind="stable") * parts // max(n, 1)
    tally = Tally(yardstick.plan)
    for k in range(parts):
        tally.add(*portion(journal, part == k), journal.end)
        to_come = portion(journal, part > k)
        started = to_come[2]["started"].min(initial=journal.end)
        created = to_come[1]["created"].min(initial=journal.end)
        tally.settle(journal.presence, int(started), int(created), journal.end)
    tally.close(journal.presence, journal.end, journal.customers)
    return reduced(tally, yardstick, journal.seed, journal.replication, journal.xxh128())


@pytest.mark.parametrize("number", range(60))
def test_portions_change_nothing(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "AT_A_TIME", 1)  # everything is settled as soon as it can be
    scenario, journal = played(number)
    yardstick = Yardstick(scenario)
    whole = measured(journal, yardstick)
    for parts in (1, 3, 17):
        agree(in_portions(journal, yardstick, parts, number), whole, 0.0)


def test_waits_and_work_that_may_still_change_are_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "AT_A_TIME", 1)
    scenario, journal = played(3)
    tally = Tally(Yardstick(scenario).plan)
    tally.add(journal.issues, journal.contacts, journal.touches, journal.end)
    keys, spans = int(tally.sums.used[0]), int(tally.sums.used[1])
    tally.settle(journal.presence, 0, 0, journal.end)
    assert keys > 0
    assert spans > 0
    assert tally.sums.used[:2].tolist() == [keys, spans]
    tally.settle(journal.presence, journal.end, journal.end, journal.end)
    assert tally.sums.used[1] == 0


# ---------------------------------------------------------------- plays without a journal


def rows_of(tables: list[np.ndarray], columns: tuple[str, ...]) -> list[tuple[int, ...]]:
    """The rows of several tables, without references to other rows, in no order."""
    return sorted(tuple(row) for table in tables for row in table[list(columns)].tolist())


#: Columns that refer to no row of another table.
OWN = {
    "issues": ("asked", "key", "stream", "segment", "topic", "state", "customer", "contacts", "worked", "ended"),
    "contacts": ("number", "kind", "channel", "queue", "created", "patience", "answered", "left", "outcome"),
    "touches": ("queue", "agent", "joined", "entered", "started", "talk_ended", "ended", "in_hand", "how", "starved"),
}


@pytest.fixture
def many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few issues, and what can be settled is settled at once."""
    monkeypatch.setattr(blocks, "_ENOUGH", 1)
    monkeypatch.setattr(keeper, "A_PAGE", 8)
    monkeypatch.setattr(keeper, "FOR_EACH", 0)
    monkeypatch.setattr(tallies, "AT_A_TIME", 1)


@pytest.mark.parametrize("number", range(0, 40, 2))
def test_portions_hold_every_row_of_the_journal_once(number: int, many_pages: None) -> None:
    scenario, journal = played(number)
    got: dict[str, list[np.ndarray]] = {name: [] for name in OWN}

    def take(portion: Portion) -> None:
        for name, kept in got.items():
            kept.append(getattr(portion, name).copy())
        assert (portion.contacts["issue"] < len(portion.issues)).all()
        assert (portion.touches["contact"] < len(portion.contacts)).all()
        joined = portion.contacts["row"] >= 0
        first = portion.touches[portion.contacts["row"][joined]]
        assert (first["contact"] == np.flatnonzero(joined)).all()

    rest = play_in_portions(Layout(scenario), 1, number, take)
    assert rest.end == journal.end
    assert len(got["issues"]) > min(5, len(journal.issues) // 50)
    got["issues"] = [table[table["asked"] < rest.end] for table in got["issues"]]
    for name, columns in OWN.items():
        assert rows_of(got[name], columns) == rows_of([getattr(journal, name)], columns), name


@pytest.mark.parametrize("number", range(100))
def test_without_a_journal_every_number_is_the_same(number: int, many_pages: None) -> None:
    scenario, journal = played(number)
    yardstick = Yardstick(scenario)
    agree(in_pages(scenario, yardstick, number, "compiled"), measured(journal, yardstick), 0.0)


def test_the_simpy_clock_hands_over_one_portion_and_tells_the_same() -> None:
    scenario, journal = played(5)
    yardstick = Yardstick(scenario)
    agree(in_pages(scenario, yardstick, 5, "simpy"), measured(journal, yardstick), 0.0)


def in_pages(scenario: Scenario, yardstick: Yardstick, number: int, engine: Engine) -> Measured:
    layout = Layout(scenario)
    return measured_in_portions(lambda take: play_in_portions(layout, 1, number, take, engine), yardstick, 1, number)


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("demand", ["{work: {channel: mail, endless: true}}", "{none: {channel: mail, rate: 0/h}}"])
def test_a_desk_to_which_nobody_comes_is_the_same_without_a_journal(demand: str, engine: Engine) -> None:
    scenario = load_text(f"""
name: nobody
start: 2026-03-02
length: 1 h
timezone: UTC
channels: {{mail: {{kind: deferred, handle_time: 5 min}}}}
demand: {demand}
teams: {{desk: {{serves: [mail], agents: 2}}}}
""")
    kept, gone = run(scenario, 2, engine=engine), run(scenario, 2, engine=engine, keep_journal=False)
    for name in TABLES:
        assert_frame_equal(getattr(kept, name), getattr(gone, name))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_run_without_a_journal_says_so_and_gives_the_same_tables(engine: Engine) -> None:
    scenario = load(ROOT / "configs" / "first" / "phones.yaml")
    kept, gone = run(scenario, 3, engine=engine), run(scenario, 3, engine=engine, keep_journal=False)
    assert len(kept.journal_xxh128) == 3
    assert gone.journal_xxh128 == ()
    assert (manifest(kept)["journal_kept"], manifest(gone)["journal_kept"]) == (True, False)
    for name in TABLES:
        assert_frame_equal(getattr(kept, name), getattr(gone, name))
    assert (tables(kept), tables(gone)) == ((*TABLES, *OF_JOURNALS), TABLES)
    for name in OF_JOURNALS:
        assert len(getattr(kept, name))
        assert not len(getattr(gone, name))


@pytest.mark.slow
def test_a_million_contacts_without_a_journal_are_counted_to_the_tick() -> None:
    """W2 x 16 for a week: 1.6 million contacts on real pages."""
    scenario = load(ROOT / "benchmarks" / "w2.yaml")
    streams = tuple(replace(s, volume=s.volume * 16) for s in scenario.streams)
    teams = tuple(
        replace(team, shifts=tuple(replace(s, agents=s.agents * 16) for s in team.shifts)) for team in scenario.teams
    )
    large = replace(scenario, streams=streams, teams=teams)
    yardstick = Yardstick(large)
    journal = play(Layout(large), 1, 1)
    assert len(journal.contacts) > 1_500_000
    agree(in_pages(large, yardstick, 1, "compiled"), measured(journal, yardstick), 0.0)
