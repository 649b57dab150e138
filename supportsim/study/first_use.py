"""The first use compiles the clock and what adds up: side by side, where there are two cores and a folder for both."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from supportsim.engine.clocks import is_compiled, player
from supportsim.study.arguments import cores

#: What is loaded by the other process, which compiles it and keeps it where this one will look.
MEASURES = "import supportsim.measure.tally, supportsim.measure.crowding"


def compile_apart(engine: str) -> int | None:
    """Compile what nobody has compiled yet: the clock here, the measures in a process of their own meanwhile.

    Without it the one comes after the other, once the first replication asks for it.  Returns the other's exit code,
    None where there was none: everything lies ready, one core, or nothing can be kept.  A process that fails does no
    harm, since whatever it has not compiled is compiled where it is used.
    """
    if is_compiled(engine) or not _is_worth_it():
        return None
    places = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        other = subprocess.Popen(
            [sys.executable, "-c", MEASURES],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return None
    with other:
        try:
            player(engine)
        except BaseException:
            other.kill()
            raise
    return other.returncode


def make_ready(engine: str) -> None:
    """Load the clock and what adds up, compiled before anything is played, so that it happens once."""
    compile_apart(engine)
    from supportsim.measure import tally  # noqa: F401 - is compiled when it is loaded

    player(engine)


def seconds() -> int:
    """About how long the first use takes; two that compile side by side take three quarters of it."""
    from supportsim.demand.compiling import SECONDS

    return SECONDS * 3 // 4 if _is_worth_it() else SECONDS


def _is_worth_it() -> bool:
    """Whether a second process can compile beside this one, and this one will find what it made."""
    from supportsim.demand.compiling import kept_in

    is_python = bool(sys.executable) and not getattr(sys, "frozen", False)
    return cores() > 1 and is_python and kept_in() is not None
