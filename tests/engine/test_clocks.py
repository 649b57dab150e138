"""The two clocks play the same rules: their journals are equal, byte for byte, on whatever the language can say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from supportsim.demand import blocks
from supportsim.demand.compiling import PLAIN
from supportsim.engine import keeper, kernel, operation
from supportsim.engine.clocks import ENGINES, play
from supportsim.engine.layout import Layout
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parent))
from generator import made, scenarios
from generator_shrink import described, kept
from journals_compared import clocks_differ

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"
MANY, BLOCK = 500, 50
IN_PLAIN_PYTHON = 40
VERIFIED, AT_ONCE = 10_000, 500


def told(numbers: range) -> list[str]:
    """The first difference of each scenario that has one; the first of them is shrunk and kept (test_kept.py)."""
    found = ((number, clocks_differ(made(number))) for number in numbers)
    wrong = {number: f"made({number}): {difference}" for number, difference in found if difference}
    for number in list(wrong)[:1]:
        wrong[number] += f"\n{kept(number)}"
    return list(wrong.values())


@pytest.mark.skipif(PLAIN, reason="without compiling a few are enough, see below")
@pytest.mark.parametrize("first", range(0, MANY, BLOCK))
def test_both_clocks_write_the_same_journal(first: int) -> None:
    wrong = told(range(first, first + BLOCK))
    assert not wrong, f"{len(wrong)} of {BLOCK} differ\n" + "\n".join(wrong[:3])


def test_both_clocks_write_the_same_journal_whether_or_not_anything_is_compiled() -> None:
    wrong = told(range(600_000, 600_000 + IN_PLAIN_PYTHON))
    assert not wrong, "\n".join(wrong[:3])


@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios())
def test_both_clocks_write_the_same_journal_of_what_is_drawn(scenario: Scenario) -> None:
    """The same through Hypothesis, which shrinks a difference to its smallest scenario."""
    wrong = clocks_differ(scenario)
    assert wrong is None, f"{wrong}\n{described(scenario)}"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(300_000, 300_000 + VERIFIED, AT_ONCE))
def test_both_clocks_write_the_same_journal_of_ten_thousand(first: int) -> None:
    wrong = told(range(first, first + AT_ONCE))
    assert not wrong, f"{len(wrong)} of {AT_ONCE} differ\n" + "\n".join(wrong[:3])


#: Files with the scale at which they bring a million contacts.
MILLIONS = {
    "benchmarks/w1.yaml": 2, "benchmarks/w2.yaml": 11, "benchmarks/w2_all.yaml": 11, "configs/saas/today.yaml": 45,
    "configs/bank/blending.yaml": 130,
}  # fmt: skip


def scaled(scenario: Scenario, scale: int) -> Scenario:
    """So many times the volume, and the people in shifts, or always present."""
    streams = tuple(replace(s, volume=s.volume * scale) for s in scenario.streams)
    teams = tuple(
        replace(
            team,
            agents=None if team.agents is None else team.agents * scale,
            shifts=tuple(replace(s, agents=s.agents * scale) for s in team.shifts),
        )
        for team in scenario.teams
    )
    return replace(scenario, streams=streams, teams=teams)


@pytest.mark.slow
@pytest.mark.parametrize("file", MILLIONS)
def test_both_clocks_write_the_same_million_contacts(file: str) -> None:
    layout = Layout(scaled(load(ROOT / file), MILLIONS[file]))
    compiled = kernel.play(layout, 1, 1)
    assert len(compiled.contacts) >= 1_000_000
    read = operation.play(layout, 1, 1)
    assert read.xxh128() == compiled.xxh128()


# ---------------------------------------------------------------- pages


@pytest.fixture
def pages_of_nothing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """As many pages as there can be, in tables that are always nearly full; what arrived with each."""
    monkeypatch.setattr(blocks, "_ENOUGH", 1)
    monkeypatch.setattr(keeper, "A_PAGE", 1)
    monkeypatch.setattr(keeper, "FOR_EACH", 0)
    monkeypatch.setattr(keeper, "APPOINTMENTS_AT_FIRST", 1)
    monkeypatch.setattr(kernel, "AT_A_TIME", 7)
    turned: list[int] = []
    turn = kernel.Kernel._turn

    def counting(self: kernel.Kernel, arriving: int, over: bool = False) -> None:
        turned.append(arriving)
        self.state.say_room()
        turn(self, arriving, over)
        rows = max(self.world["contacts"], self.world["touches"])
        self.world["room"] = min(self.world["room"], 2 * rows + 2)

    monkeypatch.setattr(kernel.Kernel, "_turn", counting)
    return turned


@pytest.mark.parametrize(
    "numbers", [range(700, 720 if PLAIN else 820), pytest.param(range(820, 1500), marks=pytest.mark.slow)], ids=str
)
def test_turning_pages_changes_nothing(pages_of_nothing: list[int], numbers: range) -> None:
    wrong = told(numbers)
    assert not wrong, "\n".join(wrong[:3])
    assert len(pages_of_nothing) > 4 * len(numbers)
    assert pages_of_nothing.count(0) > 2 * len(numbers)  # the last one of each, and those for want of rows


@pytest.mark.parametrize(
    "numbers", [range(1500, 1510 if PLAIN else 1560), pytest.param(range(1560, 2000), marks=pytest.mark.slow)], ids=str
)
def test_pages_that_are_turned_without_a_word_to_python_change_nothing(
    numbers: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is room, pages of one issue are drawn and turned within one call."""
    monkeypatch.setattr(blocks, "_ENOUGH", 1)
    monkeypatch.setattr(keeper, "A_PAGE", 1)
    monkeypatch.setattr(keeper, "FOR_EACH", 0)
    arrived, turn = [], kernel.Kernel._turn

    def counting(self: kernel.Kernel, arriving: int, over: bool = False) -> None:
        arrived.append(arriving)
        turn(self, arriving, over)

    monkeypatch.setattr(kernel.Kernel, "_turn", counting)
    wrong = told(numbers)
    assert not wrong, "\n".join(wrong[:3])
    drawn = sum(len(Layout(made(number)).demand.draw(1, 1)) for number in numbers)
    assert sum(arrived) < drawn  # all the others came without Python


@pytest.mark.skipif(PLAIN, reason="weeks of a real desk take minutes in plain Python")
@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("saas/today.yaml", {"length": "1 week", "warm_up": "1 day"}),
        ("bank/blending.yaml", {}),
        ("three_zones/follow_the_sun.yaml", {"length": "6 weeks"}),  # both changes of the clocks in spring
        pytest.param("saas/today.yaml", {}, marks=pytest.mark.slow),
        pytest.param("three_zones/follow_the_sun.yaml", {}, marks=pytest.mark.slow),
    ],
)
def test_both_clocks_write_the_same_weeks_of_a_real_desk(name: str, length: dict[str, str]) -> None:
    assert clocks_differ(load(CONFIGS / name, length)) is None


@pytest.mark.skipif(PLAIN, reason="sixty thousand calls take minutes in plain Python")
def test_the_desks_tables_stay_as_small_as_what_is_going_on_at_it() -> None:
    scenario = load_text(
        "name: calls\nstart: 2026-03-02\nlength: 100 h\n"
        "channels: {phone: {kind: live, handle_time: {exponential: {mean: 1 min}}}}\n"
        "demand: {calls: {channel: phone, rate: 600/h}}\n"
        "teams: {desk: {serves: [phone], agents: 12}}\n",
        "calls.yaml",
    )
    played = kernel.Kernel(Layout(scenario), 1, 1)
    journal = played.play()
    assert len(journal.contacts) > 55_000
    assert max(len(played.tables[name]) for name in ("issues", "contacts", "touches")) < 20_000


# ---------------------------------------------------------------- which one plays


def test_the_clock_is_chosen_by_name() -> None:
    layout = Layout(made(3))
    assert len({play(layout, 1, 1, engine).xxh128() for engine in ENGINES}) == 1
    with pytest.raises(ValueError, match="engine is 'fast': must be one of auto, simpy, compiled"):
        play(layout, 1, 1, "fast")  # type: ignore[arg-type]
