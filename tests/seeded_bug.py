"""A fault to be planted: what stands in a file, and what is put there instead."""

from __future__ import annotations

from typing import NamedTuple


class Bug(NamedTuple):
    """In `file` of a floor `right` (it stands there once) becomes `wrong`."""

    name: str
    file: str
    right: str
    wrong: str
    floor: str = "engine"
    judges: tuple[str, ...] = ()  # test files that must notice a fault in what is measured
