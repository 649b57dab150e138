"""The repository itself: sizes of files, words that do not belong here, headers that editors need."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 600
SKIPPED = {".git", ".venv", "results", "build", "dist", "__pycache__", ".mypy_cache", ".ruff_cache"}
SKIPPED |= {".pytest_cache", ".hypothesis", ".cache"}
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".cff", ".csv", ".json", ".txt", ""}
#: In pieces, so that this file does not hold what it forbids.
FORBIDDEN = [
    "/" + "work/",
    "/" + "home/",
    "sub" + "agent",
    "farm" + "-studio",
    "farm" + "-bench",
    "an" + "thropic",
    "open" + "ai",
    "chat" + "gpt",
    "language" + " model",
    "pypi" + ".org",
    "python" + "hosted",
    "arti" + "factory",
]


def project_files() -> list[Path]:
    """Every file that belongs to the project: known to git, or new and not ignored; without git, all."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
        files = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path for path in ROOT.rglob("*") if not SKIPPED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in files if path.is_file())


FILES = project_files()
CONFIGS = [path for path in FILES if path.suffix == ".yaml" and path.is_relative_to(ROOT / "configs")]
CONFIGS += [
    path
    for path in FILES
    if path.stem.endswith("study") and path.suffix == ".yaml" and path.is_relative_to(ROOT / "experiments")
]


def test_there_is_something_to_look_at() -> None:
    assert len([path for path in FILES if path.suffix == ".py"]) > 30


def test_no_source_file_is_longer_than_people_read() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES if path.suffix == ".py"}
    assert not {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > LONGEST}


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_file_speaks_of_anything_but_the_project(word: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        if path.suffix in TEXT and "invalid" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if word.lower() in line.lower()
    ]
    assert not found


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_configs_tell_editors_their_schema(config: Path) -> None:
    first = config.read_text(encoding="utf-8").splitlines()[0]
    header = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert header, f"the first line is {first!r}"
    assert (config.parent / header[1]).resolve().is_file(), f"{header[1]} is not there"


@pytest.mark.parametrize(("name", "home"), [("scenario", "scenario.schema"), ("study", "study.study_schema")])
def test_the_schemas_for_editors_are_those_of_the_code(name: str, home: str) -> None:
    import json
    from importlib import import_module

    found = [path for path in FILES if path.name == f"{name}.schema.json"]
    assert found
    for path in found:
        assert json.loads(path.read_text(encoding="utf-8")) == import_module(f"supportsim.{home}").json_schema(), path


def test_the_versions_agree() -> None:
    from supportsim import __version__

    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
