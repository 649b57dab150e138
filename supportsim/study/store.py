"""Finished replications of a study, each written down at once: what stops or kills the play loses none of them.

One file for each scenario, seed and version of the rules, to which lines are only added.  The first line says whose
they are; every other holds one replication: its number, a check sum, and the arrays of its measures.  A line that was
not finished when the process died is passed over and played again.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from supportsim import __version__
from supportsim.measure.sums import Floats

FORMAT = 1
#: The floors that decide what a replication is and what is measured in it.
RULES = ("scenario", "demand", "engine", "measure")


class Kept(NamedTuple):
    """What a study keeps of a replication: every measure, and the values of single days of some.

    rows: (keys, 3) numerator, denominator, value, as `Measured.rows`.  daily: (daily keys, days).
    """

    replication: int
    rows: Floats
    daily: Floats


class StoreBusy(OSError):  # noqa: N818 - reads as a sentence where it is raised
    """Another process adds to the same store."""


@cache
def rules() -> str:
    """The version of the package with a hash of the sources that decide the numbers."""
    home = Path(__file__).resolve().parents[1]
    digest = sha256()
    for file in sorted(file for floor in RULES for file in (home / floor).glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return f"{__version__}-{digest.hexdigest()[:12]}"


Pick = Callable[[Kept], Kept]


class Shelf:
    """The replications of one scenario.  The file holds all measures, memory what `pick` leaves of them.

    In memory only where there is no file.
    """

    def __init__(self, file: Path | None, header: dict[str, Any], pick: Pick) -> None:
        self.file, self.header, self.pick = file, header, pick
        self.kept: dict[int, Kept] = {}
        self.damaged = 0
        self._open: IO[bytes] | None = None
        self._whole = 0  # bytes of the file up to the end of its last whole line
        if file is not None and file.is_file():
            self._read(file)

    def add(self, found: Kept) -> None:
        """Keep one more; it is with the system before this returns."""
        if found.replication in self.kept:
            return
        self.kept[found.replication] = self.pick(found)
        if self.file is not None:
            self._append(_line(found))

    def close(self) -> None:
        """Write nothing more."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _append(self, line: bytes) -> None:
        assert self.file is not None
        if self._open is None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._open = self.file.open("ab")
            self._open.truncate(self._whole)
            if not self._whole:
                self._open.write(json.dumps(self.header, sort_keys=True).encode() + b"\n")
        self._open.write(line)
        self._open.flush()

    def _read(self, file: Path) -> None:
        *lines, _ = file.read_bytes().split(b"\n")  # what stands behind the last line end was never finished
        if not lines or not _is(lines[0], self.header):
            self.damaged += bool(lines)
            return  # of another format, or torn at its beginning: written anew
        for line in lines[1:]:
            found = _parsed(line, self.header)
            if found is None:
                self.damaged += 1
            else:
                self.kept.setdefault(found.replication, self.pick(found))
        self._whole = sum(len(line) + 1 for line in lines)


def _is(line: bytes, header: dict[str, Any]) -> bool:
    try:
        return bool(json.loads(line) == header)
    except ValueError:
        return False


def _line(found: Kept) -> bytes:
    arrays = found.rows.astype("<f8").tobytes() + found.daily.astype("<f8").tobytes()
    data = base64.b64encode(zlib.compress(arrays, 6))
    head = f"{found.replication} ".encode()
    return head + f"{zlib.crc32(head + data):08x} ".encode() + data + b"\n"


def _parsed(line: bytes, header: dict[str, Any]) -> Kept | None:
    """The replication of a line; None where it is damaged."""
    keys, daily, days = header["keys"], header["daily_keys"], header["days"]
    try:
        number, check, data = line.split(b" ")
        if int(check, 16) != zlib.crc32(number + b" " + data):
            return None
        values = np.frombuffer(zlib.decompress(base64.b64decode(data, validate=True)), dtype="<f8")
        rows, rest = values[: 3 * keys].reshape(keys, 3), values[3 * keys :].reshape(daily, days)
        return Kept(int(number), rows, rest)
    except (ValueError, zlib.error, binascii.Error):
        return None


class Store:
    """The shelves of a study in a folder, or in memory only (None).  A context manager: one process adds at a time."""

    def __init__(self, folder: Path | None, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.shelves: dict[str, Shelf] = {}
        self._lock: IO[bytes] | None = None

    def shelf(self, scenario_sha256: str, shape: tuple[int, int, int], pick: Pick) -> Shelf:
        """The replications of a scenario; `shape`: keys, daily keys, days; `pick`: what memory keeps of each."""
        from supportsim.demand import fates

        if scenario_sha256 not in self.shelves:
            header = {
                "format": FORMAT, "scenario_sha256": scenario_sha256, "seed": self.seed,
                "fates_version": fates.VERSION, "rules": rules(),
                **dict(zip(("keys", "daily_keys", "days"), shape, strict=True)),
            }  # fmt: skip
            name = f"{scenario_sha256[:16]}-s{self.seed}-f{fates.VERSION}-{rules()}.txt"
            file = self.folder / name if self.folder else None
            self.shelves[scenario_sha256] = Shelf(file, header, pick)
        return self.shelves[scenario_sha256]

    def __enter__(self) -> Store:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("wb")
            _take(self._lock, self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        close(self.shelves.values())
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def close(shelves: Iterable[Shelf]) -> None:
    """Close the files of all."""
    for shelf in shelves:
        shelf.close()


def _take(lock: IO[bytes], folder: Path) -> None:
    """Hold the lock until the process ends.  Where the system has none, nothing is held."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreBusy(f"{folder.parent}: a study is being played there; wait, or name another folder") from None
