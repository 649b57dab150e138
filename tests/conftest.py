"""For all tests: how long an example takes says nothing of what is tested; every figure drawn can be read on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from paper import SMALLEST, confused, hidden_words, shown_words, smallest_letters, unsaid

from supportsim.show import style
from supportsim.show.alt_text import kind_of

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


HERE = Path(__file__).parent
#: Files that take longest, longest first: cores get whole files, and one that begins a long one last keeps all waiting.
LONGEST = (
    "show/test_report_names.py", "test_configs.py", "test_cli.py", "show/test_figures.py", "engine/test_policy.py",
    "engine/test_naive.py", "show/test_report_browser.py", "study/test_threads.py", "engine/test_clocks.py",
    "show/test_option_files.py", "study/test_months.py", "study/test_run.py", "test_docs.py", "engine/test_audit.py",
    "engine/test_modes.py", "measure/test_in_portions.py", "study/test_bridge.py", "test_cli_study.py",
    "study/test_crowded_out.py", "study/test_verify.py", "show/test_report.py", "test_cli_ladder.py", "test_golden.py",
    "engine/test_generator.py", "measure/test_experience.py", "engine/test_compiling.py", "scenario/test_load_fuzz.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, the others as they were."""
    places = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session", autouse=True)
def every_figure_can_be_read_by_everybody() -> Iterator[None]:
    """Whatever figure a test draws, of whatever kind: no letter under SMALLEST points at the size it is printed, no two
    series that only hue tells apart, no words over others or cut, none whose alternative text leaves out kind, finding,
    axes or n.
    """
    seen: set[tuple[Any, ...]] = set()
    drawn = style.save

    def save(figure: Any, folder: Path, name: str, title: str, finding: str) -> list[Path]:
        files = drawn(figure, folder, name, title, finding)
        assert smallest_letters(files[0]) >= SMALLEST, f"{name}: {smallest_letters(files[0]):.2f} pt on paper"
        assert not (found := unsaid(files[0], name, finding)), f"{name}: {found} not in its alternative text"
        assert not (found := confused(figure)), f"{name}, in grey: {'; '.join(found)}"
        words = (kind_of(name), *map(len, shown_words(figure).values()))  # where they stand takes a while to find
        assert words in seen or not (found := hidden_words(figure)), f"{name}: {'; '.join(found)}"
        seen.add(words)
        return files

    style.save = save
    yield
    style.save = drawn


@pytest.fixture
def without_pixels() -> Iterator[None]:
    """Figures come as SVG and CSV, in less than half the time: for tests that ask nothing of the PNG."""
    with style.without_pixels():
        yield
