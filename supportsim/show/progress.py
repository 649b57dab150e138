"""Progress on stderr: a bar where somebody watches a terminal, else one line every ten seconds."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Any, Self, TextIO

from supportsim.study.words import several

EVERY_SECONDS = 10.0


def say(text: str) -> None:
    """One line on stderr; nothing if nobody reads it any more."""
    try:
        print(text, file=sys.stderr, flush=True)
    except BrokenPipeError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """What is still to be written to `stream` goes nowhere: its reader (head, less) has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def announce_compilation(engine: str = "auto", measures: bool = True) -> None:
    """Say that the first use takes longer, and how much, before it does."""
    from supportsim.engine.clocks import is_compiled

    if not is_compiled(engine, measures):
        from supportsim.demand.compiling import kept_in
        from supportsim.study.first_use import seconds

        how_often = "once" if kept_in() else "each time, as no folder can be written"
        say(f"compiling the simulator, about {seconds()} s, {how_often}")


class Progress:
    """Called with (finished, total) replications; a context manager that closes the bar."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.finished, self.total = 0, 0
        self.begun = self.told = time.monotonic()
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress as Bar

            self.bar = Bar(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(self.what, total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, finished: int, total: int) -> None:
        self.finished, self.total = finished, total
        if self.bar is not None:
            self.bar.update(self.task, completed=finished, total=total)
        else:
            self.at_times(f"{finished} of {several(total, 'replication')}")

    def within(self, share: float) -> None:
        """A replication that takes long is so far, 0 to 1."""
        if self.bar is not None:
            self.bar.update(self.task, completed=self.finished + share, total=self.total or None)
        else:
            self.at_times(f"{share:.0%} of replication {self.finished + 1}")

    def at_times(self, how_far: str) -> None:
        """Say it where nobody watches a bar and the last line is ten seconds old."""
        if time.monotonic() - self.told >= EVERY_SECONDS:
            self.told = time.monotonic()
            say(f"{self.what}: {how_far} after {self.told - self.begun:.0f} s")
