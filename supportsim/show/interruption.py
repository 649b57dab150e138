"""Ctrl-C during `supportsim run`: the first press stops playing and keeps what is finished, a later one gives it up."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType

#: Presses that follow one another so closely are one: `timeout -s INT` sends two, a key held down many.
BURST_SECONDS = 1.0


class Interruption:
    """A context manager that answers SIGINT; outside the main thread, or where it is ignored, it does nothing.

    While the run plays, the first press raises KeyboardInterrupt; afterwards it only tells what is being done.
    Presses within `BURST_SECONDS` of the last are ignored, later ones raise KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.finished = 0
        self.playing = True
        self.kept: Path | None = None  # where the tables are, once they are
        self.beyond = ""  # what is being done with finished replications that a press would give up
        self._latest: float | None = None
        self._installed = False

    def __enter__(self) -> Interruption:
        usable = threading.current_thread() is threading.main_thread()
        if usable and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._press)
            self._installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def progress(self, finished: int, total: int) -> None:
        """So many replications are finished; after the last there is nothing to stop."""
        self.finished, self.playing = finished, finished < total

    def lost(self) -> str:
        """What a second press discards."""
        if self.kept is not None:
            return f"stopped: the tables are kept in {self.kept}; what came after them is not"
        if not self.finished:
            return "stopped: nothing was finished, nothing was written"
        return f"stopped: {_replications(self.finished)} discarded, nothing was written"

    def _press(self, number: int, frame: FrameType | None) -> None:
        now, before = time.monotonic(), self._latest
        self._latest = now
        if before is not None and now - before < BURST_SECONDS:
            return
        if before is None:
            _tell(self._first())
            if not self.playing:
                return
            self.playing = False
        raise KeyboardInterrupt

    def _first(self) -> str:
        if self.beyond:
            return f"interrupted: {self.beyond} is given up"
        if self.kept is not None:
            return f"interrupted: the tables are in {self.kept}; press again to stop at once"
        if not self.finished:
            return "interrupted: no replication was finished yet"
        return f"interrupted: writing {_replications(self.finished)}; press again to discard them"


def _replications(number: int) -> str:
    return f"{number} finished replication{'s' * (number != 1)}"


def _tell(text: str) -> None:
    """One line on stderr, past its buffers: a signal may come in the middle of a print."""
    with suppress(OSError, ValueError):
        line = "\n" * sys.stderr.isatty() + text + "\n"
        os.write(sys.stderr.fileno(), line.encode())
