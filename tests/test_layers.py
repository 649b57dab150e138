"""Imports go down only, and the light commands load nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "supportsim"
FLOORS = ("scenario", "demand", "engine", "measure", "study", "show", "cli")
HEAVY = {"numpy", "scipy", "matplotlib", "numba", "pandas", "pydantic", "simpy", "rich", "jinja2", "yaml"}
#: What each floor may never load, even lazily, from outside.
FOREIGN = {
    "scenario": {"scipy", "matplotlib", "numba", "pandas", "simpy", "rich"},
    "demand": {"matplotlib", "pandas", "simpy", "rich", "pydantic"},
    "engine": {"matplotlib", "pandas", "rich", "pydantic", "scipy"},
    "measure": {"matplotlib", "numba", "simpy", "rich", "pydantic"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Every module `file` imports anywhere in it, in full."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(name: str) -> int | None:
    """The floor of a module of ours: 0 is the lowest; None for the package itself and for strangers."""
    parts = name.split(".")
    if parts[0] != "supportsim" or len(parts) < 2 or parts[1] not in FLOORS:
        return None
    return FLOORS.index(parts[1])


def own_floor(file: Path) -> int | None:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return floor(".".join(parts))


def test_every_folder_of_the_package_is_a_floor() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(FLOORS) - {"cli"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_go_down_only(file: Path) -> None:
    mine = own_floor(file)
    if mine is None:
        pytest.skip("the package itself names every floor, lazily")
    above = [name for name in imported(file) if (floor(name) or 0) > mine]
    assert not above, f"{file.name} imports from a floor above its own"


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_lower_floors_do_without_libraries_of_the_upper_ones(name: str) -> None:
    found = {
        f"{file.name}: {module}"
        for file in (PACKAGE / name).rglob("*.py")
        for module in imported(file)
        if module.split(".")[0] in FOREIGN[name]
    }
    assert not found


def loaded(code: str) -> set[str]:
    """Names of the top-level modules that are loaded after `code`."""
    script = f"{code}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}), file=sys.stderr)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stderr.split())


def test_help_loads_no_library_at_all() -> None:
    assert not loaded("from supportsim.cli import main\nassert main(['--help']) == 0") & HEAVY


def test_importing_the_package_loads_no_library_at_all() -> None:
    assert not loaded("import supportsim\nassert supportsim.__version__") & HEAVY


def test_check_loads_no_large_library(tmp_path: Path) -> None:
    code = (
        "from supportsim.cli import main\n"
        f"assert main(['init', {str(tmp_path / 'desk')!r}]) == 0\n"
        f"assert main(['check', {str(tmp_path / 'desk' / 'scenario.yaml')!r}]) == 0"
    )
    assert not loaded(code) & {"numba", "numpy", "scipy", "matplotlib", "pandas", "simpy"}


@pytest.mark.parametrize(
    "words",
    [
        ["agents", "--calls", "100/30min", "--aht", "3min", "--target", "80/20s", "--patience", "2min"],
        ["agents", "--csv", str(ROOT / "configs" / "first" / "data" / "monday.csv"), "--target", "80/20s"],
    ],
)
def test_erlang_formulas_load_no_library_at_all(words: list[str]) -> None:
    assert not loaded(f"from supportsim.cli import main\nassert main(['erlang', *{words!r}]) == 0") & HEAVY


def test_check_without_a_file_of_csv_loads_nothing_that_reads_one() -> None:
    file = ROOT / "configs" / "three_zones" / "follow_the_sun.yaml"
    code = f"from supportsim.cli import main\nassert main(['check', {str(file)!r}]) == 0\n"
    code += "assert not [name for name in sys.modules if name.startswith('supportsim.scenario.csv_')]"
    assert "yaml" in loaded("import sys\n" + code)
