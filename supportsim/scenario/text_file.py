"""The text of a scenario or study file; what is none (a folder, too long, not UTF-8) is refused in plain words."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import NoReturn

from supportsim.scenario.errors import ConfigError, Fault, nearest

MOST_BYTES = 5_000_000


def read_file(path: Path, shown_as: str | None = None, what: str = "a scenario file") -> str:
    """The text of a UTF-8 file, or ConfigError in plain words (missing, folder, pipe, too long, not UTF-8)."""
    name = shown_as or str(path)
    try:
        kind = path.stat()
    except (OSError, ValueError) as error:
        _refuse(name, _why(error), "a file that can be read", _files_near(path))
    if stat.S_ISDIR(kind.st_mode):
        _refuse(name, "a folder", what, "name the file in it")
    if not stat.S_ISREG(kind.st_mode):
        _refuse(name, "a pipe or device", "a plain file", "save it first")
    if kind.st_size > MOST_BYTES:
        _refuse(name, f"{kind.st_size / 1e6:.1f} MB", "at most 5 MB", "long tables belong into CSV files")
    try:
        return decoded(path.read_bytes(), name)
    except OSError as error:
        _refuse(name, _why(error), "a file that can be read")


def decoded(raw: bytes, name: str) -> str:
    """Bytes as UTF-8 text; a byte order mark of UTF-8 is dropped."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _refuse(name, "UTF-16 text", "UTF-8 text", "save the file as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise ConfigError([Fault(name, line, None, "", byte, "UTF-8 text", "save the file as UTF-8")]) from None


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return (error.strerror or "a name no file can have").lower() if isinstance(error, OSError) else str(error)


def _files_near(path: Path) -> str:
    try:
        names = [each.name for each in path.parent.iterdir() if each.suffix == path.suffix]
    except (OSError, ValueError):
        return ""
    hint = nearest(path.name, sorted(names))
    return hint if hint.startswith("did") else ""


def _refuse(name: str, got: str, expected: str, hint: str = "") -> NoReturn:
    raise ConfigError([Fault(name, None, None, "", got, expected, hint)])
