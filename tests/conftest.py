"""For all tests: how long an example takes says nothing of what is tested; every figure drawn can be read on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from paper import SMALLEST, smallest_letters

from supportsim.show import style

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def every_figure_can_be_read_on_paper() -> Iterator[None]:
    """Whatever figure a test draws, of whatever kind: no letter under SMALLEST points at the size it is printed."""
    drawn = style.save

    def save(figure: Any, folder: Path, name: str, title: str, description: str) -> list[Path]:
        files = drawn(figure, folder, name, title, description)
        assert smallest_letters(files[0]) >= SMALLEST, f"{name}: {smallest_letters(files[0]):.2f} pt on paper"
        return files

    style.save = save
    yield
    style.save = drawn
