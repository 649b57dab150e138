"""Everything about the compiler: the one place that knows Numba.

Rules are plain functions over arrays.  `compiled` turns one into machine code with a stated signature; `loose` leaves
it to become a part of what Python enters, which is `whole`.  With the environment variable SUPPORTSIM_PLAIN=1 all stay
the plain functions they are (for coverage, debugging and seeded bugs).
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

PLAIN = os.environ.get("SUPPORTSIM_PLAIN") == "1"
#: Settings of rules that own no memory: without reference counting they run twice as fast.  The option is
#: private to Numba; tests/engine/test_modes.py finds out if it stops working, and {} is the fall-back.
LEAN: dict[str, Any] = {"_nrt": False}
#: A setting of functions that become a part of each caller; private as well, and {} serves as well.
INSIDE: dict[str, Any] = {"forceinline": True}


#: Modules of the floor `measure` that are compiled.
COMPILED_MEASURES = (
    "at_pay", "at_work", "booking", "booking_clock", "booking_contacts", "booking_experience", "booking_issues",
    "closings", "crowding_desk", "crowding_plan", "crowding_sweep", "sorting", "tables", "waits",
)  # fmt: skip


def sources_hash() -> str:
    """Hash of all that machine code comes from: the compiler, and every source file (Numba sees only its own)."""
    digest = hashlib.sha256(f"{platform.python_version()} {version('numba')} {version('llvmlite')}".encode())
    root = Path(__file__).resolve().parents[1]
    files = [*(root / "demand").glob("*.py"), *(root / "engine").glob("*.py"), root / "scenario" / "ticks.py"]
    files += (root / "measure" / f"{name}.py" for name in COMPILED_MEASURES)
    for file in sorted(files):
        if not file.name.startswith("audit"):  # compiles nothing
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return folder.stat().st_uid == os.getuid() if hasattr(os, "getuid") else True
    except OSError:
        return False


def cache_folder() -> Path | None:
    """Where compiled code is kept: its name carries the hash of all it comes from.  None: nowhere is writable.

    The user's own NUMBA_CACHE_DIR comes first; a folder that belongs to somebody else is not used.
    """
    name = f"compiled-{sources_hash()}"
    stated = os.environ.get("NUMBA_CACHE_DIR")
    if stated and Path(stated).name == name and _writable(Path(stated)):
        return Path(stated)  # the process that began this one has chosen it
    homes = [Path(stated)] if stated else []
    if stated := os.environ.get("SUPPORTSIM_CACHE") or os.environ.get("XDG_CACHE_HOME"):
        homes.append(Path(stated))
    homes += [Path(os.path.expanduser("~")) / ".cache", Path(tempfile.gettempdir()) / f"supportsim-{_user()}"]
    return next((each for home in homes if _writable(each := home / "supportsim" / name)), None)


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


_CACHED = False
if not PLAIN:
    _folder = cache_folder()
    if _folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(_folder)
        _CACHED = True
    import numba


def _mark(what: str) -> Path | None:
    """A file that says that something has been compiled once."""
    folder = kept_in()
    return folder / f"complete-{what}" if folder else None


def is_cached(what: str) -> bool:
    """Whether compiled code of these sources (`kernel`, `doors`) lies ready: the first use will then take no time."""
    mark = _mark(what)
    return PLAIN or (mark is not None and mark.exists())


def all_compiled(what: str) -> None:
    """Said once the last function of it has been compiled."""
    mark = _mark(what)
    if mark is not None:
        with contextlib.suppress(OSError):
            mark.touch()


def kept_in() -> Path | None:
    """The folder of compiled code in use; None: nowhere is writable, nothing is kept."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) if folder and _CACHED else None


def compiled(signature: Any = None, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a rule: machine code for `signature` (eager; lazy if None), without Python objects."""
    if PLAIN:
        return lambda function: function
    settings = {**_SETTINGS, "cache": _CACHED, **options}
    if signature is None:
        return lambda function: numba.njit(**settings)(function)
    return lambda function: numba.njit(signature, **settings)(function)


def loose(signature: Any = None, rare: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a rule that only machine code calls: it is compiled within what calls it, once something does.

    `rare`: it is called so seldom that it stays a function of its own there.
    """
    wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    if _LOOSE is None:
        return compiled(signature, **wrappers, **options)
    return _LOOSE.loose(signature, {**_SETTINGS, **wrappers, **options}, rare)  # type: ignore[no-any-return]


def whole(signature: Any, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Decorate what Python enters: loose rules become a part of it."""
    if _LOOSE is None:
        compiler = compiled(signature, **options)
    else:
        compiler = _LOOSE.whole(signature, {**_SETTINGS, "cache": _CACHED, **options})

    def made(function: Callable[..., Any]) -> Any:
        with _nothing_swept():
            return compiler(function)

    return made


@contextlib.contextmanager
def _nothing_swept() -> Iterator[None]:
    """The garbage collector rests: it would go again and again through all that the compiler holds.

    What the compiler lets go of in circles stays meanwhile: 110 MB at most of the clock, 190 MB of the measures.
    """
    was_on = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if was_on:
            gc.enable()


def _loosely() -> Any:
    """The module that compiles rules within what calls them; None if this version of Numba does not let it.

    It is tried once for each folder of compiled code, since it knows what Numba keeps to itself.
    """
    try:
        from supportsim.demand import loose
    except ImportError:
        return None
    if not is_cached("loose") and not loose.works():
        return None
    all_compiled("loose")
    return loose


_SETTINGS = {"nogil": True, "error_model": "numpy"}
_LOOSE = None if PLAIN else _loosely()
#: About how long the first use takes, on a core of 2026 with nothing else to do.
SECONDS = 30 if _LOOSE else 60


def array(kind: Any = "i8", axes: int = 1, readonly: bool = False) -> Any:
    """The type of an array argument, rows one after the other; `kind` as NumPy names it."""
    return numba.types.Array(numba.from_dtype(np.dtype(kind)), axes, "C", readonly=readonly)


def bundle(kind: Any, columns: dict[str, Any]) -> Any:
    """The type of a NamedTuple of arrays; those not named in `columns` are int64 with one axis."""
    types = [columns.get(name) or array() for name in kind._fields]
    return numba.types.NamedTuple(types, kind)  # type: ignore[no-untyped-call]


def alike(kind: Any, number: int) -> Any:
    """The type of a tuple of so many of one type."""
    return numba.types.UniTuple(kind, number)  # type: ignore[no-untyped-call]


def procedure(*arguments: Any) -> Any:
    """The signature of what gives nothing back; int and float stand for 64 bits."""
    return numba.void(*map(_plain, arguments))


def answering(*arguments: Any) -> Any:
    """The signature of what gives back a whole number."""
    return numba.int64(*map(_plain, arguments))


def _plain(kind: Any) -> Any:
    return {int: numba.int64, float: numba.float64}.get(kind, kind)


def together(*kinds: Any) -> Any:
    """The type of a tuple of these."""
    return numba.types.Tuple(kinds)  # type: ignore[no-untyped-call]


def entry(function: Any) -> Callable[..., Any]:
    """The machine code of a function compiled for one signature, without the choice among signatures.

    A call costs half as much.  The way in is not documented by Numba; where it is gone the function itself serves.
    """
    try:
        (only,) = function.overloads.values()
        found = only.entry_point
    except (AttributeError, ValueError):
        return function  # type: ignore[no-any-return]
    return found if callable(found) else function  # type: ignore[no-any-return]
