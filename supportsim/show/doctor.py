"""What `supportsim doctor` prints: what this installation is, and whether its machine code lies ready."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from supportsim import __version__
from supportsim.engine.clocks import ENGINES, is_compiled

LIBRARIES = (
    "numpy", "numba", "llvmlite", "simpy", "scipy", "pandas", "matplotlib", "pydantic", "pyyaml", "rich", "jinja2",
    "tzdata", "xxhash",
)  # fmt: skip


def report() -> list[str]:
    """One line each: program, machine, cache of machine code, clocks, libraries."""
    from supportsim.demand.fates import VERSION as FATES

    lines = [
        f"supportsim  {__version__}, fates version {FATES}, in {Path(__file__).parents[1]}",
        f"python      {platform.python_version()} ({platform.python_implementation()}), {sys.executable}",
        f"machine     {platform.system()} {platform.release()}, {platform.machine()}, {_processor()}, {_cores()}",
        *_cache(),
    ]
    lines += [f"library     {name} {_version(name)}" for name in LIBRARIES]
    return lines


def _cache() -> list[str]:
    """Where machine code is kept, and which clock is ready."""
    from supportsim.demand.compiling import PLAIN, SECONDS, kept_in

    if PLAIN:
        return ["cache       none: SUPPORTSIM_PLAIN is set, rules run as plain Python"]
    folder = kept_in()
    if folder is None:
        return [f"cache       no folder can be written: the simulator is compiled anew each time (about {SECONDS} s)"]
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    ready = {engine: is_compiled(engine) for engine in ENGINES if engine != "auto"}
    told = ", ".join(f"{engine} {'ready' if there else 'not yet compiled'}" for engine, there in ready.items())
    return [f"cache       {folder} ({size:.1f} MB)", f"clocks      {told}"]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is missing"


def _processor() -> str:
    """The name of the processor, as far as the system tells it."""
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "processor unknown"


def _cores() -> str:
    from supportsim.study.run import cores

    usable, there = cores(), os.cpu_count() or 1
    return f"{usable} cores" if usable == there else f"{usable} of {there} cores may be used"
