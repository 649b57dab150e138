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
