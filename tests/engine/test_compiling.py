"""What is compiled, when, and that it still works where the compiler has changed."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from supportsim.demand import compiling
from supportsim.demand.compiling import PLAIN

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(PLAIN, reason="nothing is compiled")

#: How many signatures each compiled function of a process has, before and after it plays.
COUNTED = """
import gc, sys
from supportsim.engine.clocks import player
from supportsim.engine.layout import Layout
from supportsim.scenario.load import load, load_text
from numba.core.dispatcher import Dispatcher
def counted():
    return {id(each): len(each.signatures) for each in gc.get_objects() if isinstance(each, Dispatcher)}
play = player(sys.argv[1])
before = counted()
for k, text in enumerate(sys.argv[2:]):
    scenario = load(text, {"length": "2 days", "warm_up": "1 h"}) if k else load_text(text)
    assert len(play(Layout(scenario), 1, 1).contacts) > 10
assert counted() == before, "something was compiled while it played"
print("nothing new of", len(before))
"""
CALLS = """
name: calls
start: 2026-03-02
length: 4 h
channels: {phone: {kind: live, handle_time: 3 min, lines: 9}}
demand: {calls: {channel: phone, rate: 30/h}}
teams: {desk: {serves: [phone], agents: 2}}
"""
#: The plainest desk, then others that have little in common with it and with each other.
OTHERS = ("configs/saas/today.yaml", "configs/bank/blending.yaml", "benchmarks/w2_all.yaml")


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_scenarios_of_other_features_need_nothing_new_compiled(engine: str) -> None:
    files = [str(ROOT / name) for name in OTHERS]
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, engine, CALLS, *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 120


def three_times(loose: Any, whole: Any, rare: bool = False) -> tuple[Any, Any]:
    """A rule, and a function for Python that calls it."""

    @loose("int64(int64)", rare=rare)  # type: ignore[untyped-decorator]
    def rule(x: int) -> int:
        return 3 * x

    @whole("int64(int64)", cache=False)  # type: ignore[untyped-decorator]
    def entered(x: int) -> int:
        return rule(x) + 1  # type: ignore[no-any-return]

    return rule, entered


def test_what_numba_keeps_to_itself_still_works_as_we_use_it() -> None:
    """Where this fails, rules are compiled one by one, and `works` or the fall-back wants a look."""
    from supportsim.demand import loose

    assert loose.works()
    rule, entered = three_times(compiling.loose, compiling.whole)
    assert isinstance(rule, loose.Rule)
    assert entered(5) == 16
    assert rule.overloads
    assert rule(5) == 15  # in Python, as it is written


def test_passes_that_are_left_out_are_passes_of_this_numba() -> None:
    """Where this fails one has another name: it is gone through again, which costs time and nothing else."""
    from numba.core.compiler import DefaultPassBuilder, Flags, StateDict

    from supportsim.demand import loose

    state = StateDict()
    state.func_ir, state.flags = None, Flags()
    usual = {each[0].__name__ for each in DefaultPassBuilder.define_nopython_pipeline(state).passes}
    assert usual >= loose.FOR_OTHERS


def test_the_garbage_collector_rests_while_rules_are_compiled_and_comes_back_whatever_happens() -> None:
    from numba.core.errors import NumbaError

    seen = []

    class Watched(int):
        def __getattribute__(self, name: str) -> Any:
            seen.append(gc.isenabled())
            return super().__getattribute__(name)

    watched = Watched(3)

    def unknown(x: int) -> int:
        return x + watched.nothing  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(NumbaError):
        compiling.whole("int64(int64)", cache=False)(unknown)
    assert gc.isenabled()
    assert seen
    assert not any(seen)
    gc.disable()
    try:
        three_times(compiling.loose, compiling.whole)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_rare_rule_stays_a_function_of_its_own() -> None:
    for rare in (False, True):
        _, entered = three_times(compiling.loose, compiling.whole, rare)
        assert entered(5) == 16
        lines = entered.inspect_asm(entered.signatures[0]).splitlines()
        assert any("rule" in line and line.endswith("@function") for line in lines) == rare


def test_rules_are_compiled_one_by_one_where_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "is_cached", lambda what: False)
    monkeypatch.setattr("supportsim.demand.loose.works", lambda: False)
    assert compiling._loosely() is None
    monkeypatch.setattr(compiling, "_LOOSE", compiling._loosely())
    rule, entered = three_times(compiling.loose, compiling.whole, rare=True)
    assert type(rule).__name__ == "CPUDispatcher"
    assert entered(5) == 16


ONE_BY_ONE = """
import sys
sys.modules["supportsim.demand.loose"] = None
from supportsim.demand import compiling
from supportsim.scenario.load import load
assert compiling._LOOSE is None
scenario = load(sys.argv[1], {"length": "1 day"})
if sys.argv[2] == "draw":
    from supportsim.demand.issues import Demand
    from supportsim.scenario.timeline import Timeline
    print(len(Demand(scenario, Timeline(scenario.times)).draw(1, 1)))
else:
    from supportsim.engine.kernel import play
    from supportsim.engine.layout import Layout
    print(play(Layout(scenario), 1, 1).xxh128())
"""


def one_by_one(what: str, cache: Path) -> str:
    """What another process says in which rules are compiled one by one."""
    file = str(ROOT / "benchmarks" / "w2_all.yaml")
    environment = {**os.environ, "SUPPORTSIM_CACHE": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, file, what], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_issues_are_drawn_where_rules_are_compiled_one_by_one(tmp_path: Path) -> None:
    drawn = one_by_one("draw", tmp_path)
    assert int(drawn) > 5_000
    assert one_by_one("draw", tmp_path) == drawn  # of what was kept


@pytest.mark.slow
def test_a_play_is_the_same_where_rules_are_compiled_one_by_one(tmp_path: Path) -> None:
    from supportsim.engine.kernel import play
    from supportsim.engine.layout import Layout
    from supportsim.scenario.load import load

    scenario = load(ROOT / "benchmarks" / "w2_all.yaml", {"length": "1 day"})
    wanted = play(Layout(scenario), 1, 1).xxh128()
    assert [one_by_one("play", tmp_path), one_by_one("play", tmp_path)] == [wanted, wanted]


def test_a_compiler_that_lacks_what_we_use_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "supportsim.demand.loose", None)
    monkeypatch.delattr("supportsim.demand.loose", raising=False)
    assert compiling._loosely() is None


def test_what_is_a_part_of_one_is_not_called_by_another() -> None:
    """The linker of a process goes by names: a normal score within the kernel is entered in another way."""
    import numpy as np

    from supportsim.demand import laws
    from supportsim.engine import kernel  # noqa: F401 - its parts come first
    from supportsim.scenario.model import Law

    u = np.linspace(0.01, 0.99, 1000)
    for law in (Law("lognormal", (1e9, 1.2)), Law("gamma", (1e9, 0.7)), Law("weibull", (1e9, 0.7))):
        table, knots = laws.tabulate([law])
        assert laws.draws(table, knots, 0, u).tolist() == [laws.draw(table, knots, 0, each, 0.0) for each in u]


# ---------------------------------------------------------------- where it is kept


def test_a_stated_folder_holds_one_for_each_version_of_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    found = compiling.cache_folder()
    assert found == tmp_path / "supportsim" / f"compiled-{compiling.sources_hash()}"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(found))
    assert compiling.cache_folder() == found  # as a worker process finds it


def test_a_stated_folder_that_cannot_be_written_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "below"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("SUPPORTSIM_CACHE", raising=False)
    assert compiling.cache_folder() == tmp_path / "supportsim" / f"compiled-{compiling.sources_hash()}"
    assert os.environ["NUMBA_CACHE_DIR"].endswith("below")


def test_without_a_home_to_write_to_it_is_kept_among_temporary_files_or_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    below = str(tmp_path / "file" / "below")
    for name in ("NUMBA_CACHE_DIR", "SUPPORTSIM_CACHE", "XDG_CACHE_HOME", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, below)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    found = compiling.cache_folder()
    assert found is not None
    assert found.parents[1].parent == tmp_path
    assert found.is_dir()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: below)
    assert compiling.cache_folder() is None
