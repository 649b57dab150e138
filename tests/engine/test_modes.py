"""The rules in machine code and in plain Python are the same rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supportsim.demand.compiling import LEAN, PLAIN, entry
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play

sys.path.insert(0, str(Path(__file__).parent))
from generator import made

HERE = Path(__file__).parent
SEEDS = [*range(120), 181]  # 181: two agents free at one tick, one of them after no talk at all

_IN_PLAIN_PYTHON = """
import json, sys
sys.path.insert(0, sys.argv[1])
from generator import made
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
print(json.dumps([play(Layout(made(seed)), 1, 1).xxh128() for seed in json.loads(sys.argv[2])]))
"""


@pytest.mark.skipif(PLAIN, reason="there is nothing compiled to compare with")
def test_plain_and_compiled_rules_write_the_same_journal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IN_PLAIN_PYTHON, str(HERE), json.dumps(list(SEEDS))],
        env={**os.environ, "SUPPORTSIM_PLAIN": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = [play(Layout(made(seed)), 1, 1).xxh128() for seed in SEEDS]
    assert ours == json.loads(done.stdout)


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_every_rule_is_machine_code_without_python_objects_and_compiled_once() -> None:
    from supportsim.engine import (
        asking,
        available,
        choice,
        desk,
        due,
        encounter,
        ends,
        hands,
        journey,
        kernel,
        pages,
        people,
        piles,
        presence,
        queues,
        work,
    )
    from supportsim.engine.doors import DOORS, RULES

    assert set(DOORS) == set(RULES)
    modules = (
        asking, available, choice, desk, due, encounter, ends, hands, journey, kernel, pages, people, piles, presence,
        queues, work,
    )  # fmt: skip
    rules = {id(r): r for m in modules for r in vars(m).values() if hasattr(r, "nopython_signatures")}
    assert len(rules) > 120
    for rule in [*rules.values(), *DOORS.values()]:
        assert len(rule.signatures) <= 1, rule  # none: a part of what came from the cache
        assert rule.targetoptions["nopython"], rule
    assert all(len(door.signatures) == 1 for door in DOORS.values())


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_the_private_setting_behind_half_of_the_speed_still_works() -> None:
    """Without reference counting a function that makes an array of its own cannot be compiled."""
    import numba
    import numpy as np

    def makes_an_array() -> int:
        return len(np.empty(3))

    assert numba.njit("int64()")(makes_an_array)() == 3
    with pytest.raises(numba.core.errors.NumbaError):
        numba.njit("int64()", **LEAN)(makes_an_array)


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_doors_are_entered_without_the_choice_among_signatures() -> None:
    from supportsim.engine.doors import DOORS

    for door in DOORS.values():
        assert entry(door) is not door


def test_two_scenarios_in_one_process_do_not_touch_each_other() -> None:
    first = play(Layout(made(3)), 1, 1).xxh128()
    play(Layout(made(4)), 1, 1)
    assert play(Layout(made(3)), 1, 1).xxh128() == first


def test_one_layout_plays_many_replications_in_any_order() -> None:
    layout = Layout(made(7))
    forwards = [play(layout, 1, r).xxh128() for r in (1, 2, 3)]
    assert forwards == [play(layout, 1, r).xxh128() for r in (3, 2, 1)][::-1]
    assert play(layout, 2, 1).xxh128() != forwards[0] or len(play(layout, 1, 1).issues) == 0


def test_tables_that_run_full_grow_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from supportsim.engine import operation, state

    layout = Layout(made(16))
    whole = play(layout, 1, 1)
    grown: list[int] = []

    class Small(state.State):
        """Hardly any room at first."""

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            for name, rows in (("contacts", 24), ("touches", 24), ("news", 400)):
                self.tables[name] = self.tables[name][:rows].copy()
            self.say_room()

        def grow(self) -> None:
            grown.append(len(self.tables["contacts"]))
            super().grow()

    monkeypatch.setattr(operation, "State", Small)
    assert play(layout, 1, 1).xxh128() == whole.xxh128()
    assert grown
