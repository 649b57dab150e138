"""Runs with a policy of the user: which clock plays, what is told, what a result says of itself, what goes wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numba
import pytest

import supportsim
from study.own_policies import last_come, last_come_in_python, last_come_of_numba, stumbles, stumbles_compiled
from supportsim import Policy, PolicyError, PolicyWarning, run
from supportsim.demand.compiling import PLAIN
from supportsim.engine.clocks import chosen, play
from supportsim.engine.policy import meant
from supportsim.scenario.model import Scenario
from supportsim.study.folder import default_name, manifest, write

TEXT = """
name: desk
start: 2026-03-02
length: 4 h
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: {exponential: {mean: 3 min}}, patience: {exponential: {mean: 5 min}}}}
demand:
  premium: {segment: premium, channel: phone, rate: 20/h}
  free: {segment: free, channel: phone, rate: 30/h}
teams: {desk: {serves: [phone], agents: 2}}
"""


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return supportsim.load_text(TEXT, "desk.yaml")


def quietly(*arguments: Any, **named: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        return run(*arguments, **named)


# ---------------------------------------------------------------- one result, however it is played


def test_decorated_of_numba_and_plain_policies_give_one_result(desk: Scenario) -> None:
    found = [quietly(desk, 3, policy=own) for own in (last_come, last_come_of_numba, last_come_in_python)]
    found += [run(desk, 3, policy=last_come, engine="simpy")]
    assert len({result.journal_xxh128 for result in found}) == 1
    assert found[0].journal_xxh128 != run(desk, 3).journal_xxh128


@pytest.mark.parametrize("own", [last_come, last_come_of_numba, last_come_in_python])
def test_workers_play_the_same(desk: Scenario, own: Any) -> None:
    assert quietly(desk, 3, policy=own, jobs=2).journal_xxh128 == run(desk, 3, policy=last_come).journal_xxh128


def test_a_compiled_policy_may_be_made_by_a_function_and_still_travel(desk: Scenario) -> None:
    def later_than(limit: int) -> Any:
        @numba.njit
        def own(T: Any, agent: int, touch: int, now: int) -> bool:
            return now - T.touches[touch].entered > limit

        return own

    many = [run(desk, 2, policy=later_than(60_000_000 * limit)) for limit in (1, 4)]
    assert many[0].journal_xxh128 != many[1].journal_xxh128
    assert run(desk, 2, policy=later_than(60_000_000), jobs=2).journal_xxh128 == many[0].journal_xxh128
    assert many[0].policy.sha256 != many[1].policy.sha256, "the limit belongs to the policy"


@pytest.mark.parametrize("own", [last_come, last_come_in_python])
def test_without_a_journal_every_number_is_the_same(desk: Scenario, own: Any) -> None:
    kept, spared = (quietly(desk, 2, policy=own, keep_journal=keep) for keep in (True, False))
    assert spared.summary.equals(kept.summary)
    assert spared.journal_xxh128 == ()
    assert spared.policy.sha256 == kept.policy.sha256
    assert not kept.summary.equals(run(desk, 2).summary)


# ---------------------------------------------------------------- what is told


def fresh() -> Policy:
    return Policy(last_come_in_python, is_compiled=False)


@pytest.mark.skipif(PLAIN, reason="nothing is faster than plain Python then")
def test_plain_python_plays_on_and_says_how_much_slower_by_measurement(desk: Scenario) -> None:
    own = fresh()
    with pytest.warns(PolicyWarning) as told:
        result = run(desk, 2, policy=own)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(desk, 2, policy=own)  # once for each policy
    (warning,) = told
    assert warning.filename == __file__
    words = str(warning.message)
    assert words.startswith("the policy 'last_come_in_python' is plain Python, so SimPy's clock plays instead of")
    found = re.search(
        r"([\d.e+]+) times slower, measured on (\d+) contacts of this scenario "
        r"\(([\d,]+) contacts per second against ([\d,]+) with", words,
    )  # fmt: skip
    assert found, words
    times, slow, fast = (float(found[n].replace(",", "")) for n in (1, 3, 4))
    assert fast / slow == pytest.approx(times, rel=0.02)
    contacts = result.summary.set_index(["selector", "measure"]).loc[("all", "contacts"), "mean"]
    assert 0 < int(found[2]) < 2 * contacts


def test_the_measurement_ends_in_time_however_slow_a_policy_is(desk: Scenario) -> None:
    from time import perf_counter, sleep

    from supportsim.engine.layout import Layout
    from supportsim.engine.slowness import TOO_MUCH, slowness

    def slow(T: Any, agent: int, touch: int, now: int) -> int:
        sleep(TOO_MUCH / 20)
        return 0

    begin = perf_counter()
    found = slowness(Layout(desk, Policy(slow, is_compiled=False)), 1)
    assert found is not None
    assert found.compiled > found.with_policy
    assert 0 < found.contacts < 150, perf_counter() - begin  # far from all: four hours bring two hundred


def test_who_asks_for_the_slower_clock_is_told_nothing(desk: Scenario) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(desk, 1, policy=fresh(), engine="simpy")
        run(desk, 1, policy=last_come)


def test_play_tells_it_too(desk: Scenario) -> None:
    layout = supportsim.Layout(desk, fresh())
    with pytest.warns(PolicyWarning):
        journal = play(layout, 1, 1)
    assert journal.xxh128() == play(supportsim.Layout(desk, last_come), 1, 1).xxh128()


# ---------------------------------------------------------------- what a result says of itself


def test_a_result_names_its_policy_and_its_folder_does(desk: Scenario, tmp_path: Path) -> None:
    usual, own = run(desk, 1), run(desk, 1, policy=last_come)
    assert "policy" not in manifest(usual)
    folder = write(own, tmp_path / default_name(own))
    said = json.loads((folder / "manifest.json").read_text())["policy"]
    assert said == {"name": "last_come", "sha256": last_come.sha256, "inside_queues": True}
    assert folder.name == f"desk-{own.hash[:8]}-last_come-{last_come.sha256[:8]}-s1-n1"
    assert default_name(usual) == f"desk-{own.hash[:8]}-s1-n1"
    assert own.hash == usual.hash, "the scenario is the same"


def test_the_hash_is_that_of_all_that_decides() -> None:
    def made(limit: int, helper: Any) -> str:
        def own(T: Any, agent: int, touch: int, now: int) -> int:
            return helper(now) > limit

        return meant(own).sha256  # type: ignore[union-attr]

    def twice(x: int) -> int:
        return 2 * x

    def thrice(x: int) -> int:
        return 3 * x

    assert made(1, twice) == made(1, twice)
    assert len({made(1, twice), made(2, twice), made(1, thrice)}) == 3
    assert meant(last_come_of_numba).sha256 != meant(last_come_in_python).sha256  # type: ignore[union-attr]
    with_limit = [meant(partial(_limited, limit=n)).sha256 for n in (1, 1, 2)]  # type: ignore[union-attr]
    assert with_limit[0] == with_limit[1] != with_limit[2]


def _limited(T: Any, agent: int, touch: int, now: int, limit: int) -> int:
    return now > limit


# ---------------------------------------------------------------- what goes wrong


def test_what_is_no_policy_is_named(desk: Scenario) -> None:
    for wrong, words in (
        ("fifo", "policy: got 'fifo'; expected a function of (T, agent, touch, now) that gives a number (a policy by"),
        (7, "policy: got 7; expected a function of (T, agent, touch, now) that gives a number"),
        (len, "policy: got <built-in function len>; expected a function of (T, agent, touch, now)"),
    ):
        with pytest.raises(TypeError) as caught:
            run(desk, 1, policy=wrong)  # type: ignore[arg-type]
        assert str(caught.value).startswith(words)


def test_the_compiled_clock_refuses_plain_python_in_one_sentence(desk: Scenario) -> None:
    with pytest.raises(PolicyError, match="put @supportsim"):
        run(desk, 1, policy=fresh(), engine="compiled")
    assert chosen("auto", fresh()) == "simpy"
    assert chosen("auto", last_come) == chosen("compiled", last_come) == "compiled"


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_plain_policy_is_raised_as_what_it_is_and_says_where(desk: Scenario, jobs: int) -> None:
    with pytest.raises(KeyError, match="no such key") as caught:
        quietly(desk, 3, seed=5, jobs=jobs, policy=stumbles)
    assert caught.value.__notes__ == ["in the policy 'stumbles', replication 1 of seed 5"]


@pytest.mark.parametrize("engine", ["auto", "simpy"])
def test_an_error_in_a_compiled_policy_is_raised_as_what_it_is(desk: Scenario, engine: Any) -> None:
    with pytest.raises(ValueError, match="it is too late") as caught:
        run(desk, 1, seed=5, policy=stumbles_compiled, engine=engine)
    assert caught.value.__notes__ == ["in the policy 'stumbles_compiled', replication 1 of seed 5"]


def test_an_error_in_some_replications_leaves_the_others(desk: Scenario) -> None:
    def in_the_first_half_hour_only(T: Any, agent: int, touch: int, now: int) -> int:
        if T.world[0].key == second:
            raise LookupError("not in the second")
        return 0

    from supportsim.demand.fates import world

    second = int(world(1, 2)) - (int(world(1, 2)) >> 63 << 64)
    result = quietly(desk, 3, policy=in_the_first_half_hour_only)
    assert result.finished == (1, 3)
    assert result.failed == {2: "LookupError: not in the second (seed 1)"}


def test_nan_is_an_error_on_every_clock(desk: Scenario) -> None:
    def nan(T: Any, agent: int, touch: int, now: int) -> float:
        return float("nan")

    for own in (nan, supportsim.policy(nan)):
        with pytest.raises(ValueError, match="policy 'nan' gave nan, which is no number to compare"):
            quietly(desk, 1, policy=own)


def test_a_policy_sees_what_is_documented_and_changes_nothing(desk: Scenario) -> None:
    def hidden_column(T: Any, agent: int, touch: int, now: int) -> int:
        return T.touches[touch].told

    def hidden_table(T: Any, agent: int, touch: int, now: int) -> int:
        return T.agenda[0].tick

    def counts_rows(T: Any, agent: int, touch: int, now: int) -> int:
        return len(T.issues)

    def writes(T: Any, agent: int, touch: int, now: int) -> int:
        T.touches[touch].entered = 0
        return 0

    def beyond(T: Any, agent: int, touch: int, now: int) -> int:
        return T.agents[-1].team

    for own in (hidden_column, hidden_table, counts_rows, writes):
        with pytest.raises((AttributeError, TypeError)):
            quietly(desk, 1, policy=own)
        with pytest.raises((AttributeError, TypeError) if PLAIN else PolicyError):
            run(desk, 1, policy=supportsim.policy(own))
    for own in (beyond, supportsim.policy(beyond)):
        with pytest.raises(IndexError, match="agents has no row"):
            quietly(desk, 1, policy=own)


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_what_cannot_be_compiled_is_told_in_one_sentence(desk: Scenario) -> None:
    @supportsim.policy
    def hidden(T: Any, agent: int, touch: int, now: int) -> int:
        return T.touches[touch].told

    with pytest.raises(PolicyError) as caught:
        run(desk, 1, policy=hidden)
    assert str(caught.value) == (
        "policy 'hidden' cannot be compiled: Unknown attribute 'told' of type row of T.touches; pass the function "
        "without the decorator to play it in plain Python, which is slower"
    )


def test_a_policy_that_cannot_travel_is_told_so_and_auto_stays_here(
    desk: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def local(T: Any, agent: int, touch: int, now: int) -> int:
        return 0

    with pytest.raises(PolicyError, match="policy 'local' cannot be sent to other processes: define it at the top"):
        quietly(desk, 2, policy=local, jobs=2)
    from supportsim.study import run as study_run

    monkeypatch.setattr(study_run, "cores", lambda: 2)
    monkeypatch.setattr(study_run, "WORTH_WORKERS", 0.0)
    assert quietly(desk, 2, policy=local, jobs="auto").jobs == 1
    assert quietly(desk, 2, policy=local, jobs=1).n == 2


def test_ctrl_c_while_a_policy_is_asked_ends_the_run_with_what_is_finished(desk: Scenario) -> None:
    def interrupted(T: Any, agent: int, touch: int, now: int) -> int:
        raise KeyboardInterrupt

    result = run(desk, 2, policy=interrupted, engine="simpy")
    assert result.interrupted
    assert result.n == 0


def test_errors_of_others_pass_through_the_hook_of_the_interpreter(desk: Scenario, tmp_path: Path) -> None:
    """An error nobody can raise, of somebody else, is still told while a compiled policy plays."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, supportsim\n"
        "from supportsim.engine.asking import Asked\n"
        "heard = []\n"
        "sys.unraisablehook = heard.append\n"
        "class Falls:\n    def __del__(self): raise ValueError('mine')\n"
        "enter = Asked.__enter__\n"
        "def entered(self):\n    found = enter(self)\n    Falls()\n    return found\n"
        "Asked.__enter__ = entered\n"
        "own = supportsim.policy(lambda T, agent, touch, now: 0)\n"
        f"supportsim.run(supportsim.load_text({TEXT!r}, 'desk.yaml'), 1, policy=own)\n"
        "assert [str(one.exc_value) for one in heard] == ['mine'], heard\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
