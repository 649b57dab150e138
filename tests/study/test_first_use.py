"""The first use: the clock is compiled here, what adds up by another process meanwhile."""

from __future__ import annotations

import pytest

from study.players import desk
from supportsim.demand.compiling import PLAIN
from supportsim.study import first_use, run

if PLAIN:
    pytest.skip("nothing is compiled", allow_module_level=True)


@pytest.fixture
def never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nothing had been compiled, on two cores."""
    monkeypatch.setattr(first_use, "is_compiled", lambda engine: False)
    monkeypatch.setattr(first_use, "cores", lambda: 2)


@pytest.mark.usefixtures("never_used")
def test_another_process_loads_what_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert first_use.compile_apart("compiled") == 0
    monkeypatch.setattr(first_use, "MEASURES", "raise SystemExit(3)")
    assert first_use.compile_apart("compiled") == 3


@pytest.mark.usefixtures("never_used")
def test_a_process_that_fails_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "MEASURES", "raise SystemExit(3)")
    assert run.run(desk(), 1, jobs=1).n == 1


@pytest.mark.usefixtures("never_used")
def test_who_interrupts_the_compiler_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []

    def interrupted(engine: str) -> None:
        raise KeyboardInterrupt

    class Noted(first_use.subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **more: object) -> None:
            super().__init__(*arguments, **more)  # type: ignore[call-overload]
            begun.append(self)

    monkeypatch.setattr(first_use, "player", interrupted)
    monkeypatch.setattr(first_use.subprocess, "Popen", Noted)
    monkeypatch.setattr(first_use, "MEASURES", "import time; time.sleep(600)")
    with pytest.raises(KeyboardInterrupt):
        first_use.compile_apart("compiled")
    assert begun[0].returncode not in (None, 0)


def test_nothing_is_begun_where_it_serves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_use, "MEASURES", "raise SystemExit(3)")
    monkeypatch.setattr(first_use, "cores", lambda: 2)
    first_use.compile_apart("compiled")  # by now all lies ready
    assert first_use.compile_apart("compiled") is None
    monkeypatch.setattr(first_use, "is_compiled", lambda engine: False)
    monkeypatch.setattr(first_use, "cores", lambda: 1)
    assert first_use.compile_apart("compiled") is None
    assert first_use.seconds() > 0
