"""Players that need no engine: they write a small journal, or die, or raise, as told."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from tempfile import gettempdir

from measure.journals import Pen, promise, scenario

from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND
from supportsim.study import run


def desk() -> Scenario:
    """Phone within 20 s, tickets within an hour, both judged daily."""
    return scenario(2, promises=(promise(), promise("tickets", ("ticket",), limit=HOUR)))


class Player:
    """Replication k: k + 2 calls, the waits 10 k s apart; one ticket; one call lost."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)
        self.seed = seed

    def __call__(self, replication: int) -> Measured:
        pen = Pen(2 * DAY)
        for agent in (0, 1):
            pen.span(agent, "available", 0, 2 * DAY)
        for i in range(replication + 2):
            wait = (i * replication + self.seed) % 7 * 10 * SECOND
            pen.served((i + 1) * HOUR, wait, 5 * MINUTE, MINUTE, agent=i % 2)
        pen.lost(8 * HOUR, 3 * SECOND)
        pen.served(9 * HOUR, replication * 10 * MINUTE, 5 * MINUTE, queue=1)
        return measured(pen.journal(replication), self.yardstick)


def _marks(seed: int, replication: int) -> Path:
    return Path(gettempdir()) / f"supportsim-test-{os.getppid()}-{seed}-{replication}"


class Mortal(Player):
    """Its process is killed at replication 3, the first `seed` times (counted in a file)."""

    def __call__(self, replication: int) -> Measured:
        if replication == 3:
            marks = _marks(self.seed, replication)
            died = len(marks.read_text()) if marks.exists() else 0
            if died < self.seed:
                marks.write_text("x" * (died + 1))
                os.kill(os.getpid(), signal.SIGKILL)
            marks.unlink()
        return super().__call__(replication)


class Killed(run.Player):
    """Plays on the compiled clock; its process is killed in the midst of replication 3, once."""

    def __call__(self, replication: int) -> Measured:
        found = super().__call__(replication)
        marks = _marks(self.seed, replication)
        if replication == 3 and not marks.exists():
            marks.write_text("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return found


class Doomed(Player):
    """Its process is killed at replication 2, always."""

    def __call__(self, replication: int) -> Measured:
        if replication == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(replication)


class Deadly(Player):
    """Its process is killed, always."""

    def __call__(self, replication: int) -> Measured:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(replication)


class Faulty(Player):
    """Raises at replication 2."""

    def __call__(self, replication: int) -> Measured:
        if replication == 2:
            raise ArithmeticError("two is odd today")
        return super().__call__(replication)


class Hopeless(Player):
    """Raises always."""

    def __call__(self, replication: int) -> Measured:
        raise ArithmeticError(f"{replication} is odd today")


class Unmade(Player):
    """Cannot be made: what is wrong is wrong with the scenario."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        raise ArithmeticError("1 is not ready")


class Lingering(Player):
    """Writes down its process (a file named by the environment), then takes its time."""

    def __call__(self, replication: int) -> Measured:
        with Path(os.environ["SUPPORTSIM_TEST_PIDS"]).open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(120)
        return super().__call__(replication)
