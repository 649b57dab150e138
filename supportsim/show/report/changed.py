"""In what an option differs from the base, as far as the scenarios tell."""

from __future__ import annotations

from dataclasses import fields

from supportsim.scenario.model import Scenario

#: Parts of a scenario as a reader knows them, in this order; what only follows from others is not told.
_PARTS = {
    "times": "counted time", "segments": "segments", "topics": "topics", "channels": "channels", "plans": "plans",
    "streams": "demand", "busyness": "busyness", "teams": "teams", "promises": "promises", "policy": "routing policy",
    "classes": "routing classes", "required": "required",
}  # fmt: skip


def changed(base: Scenario, option: Scenario) -> list[str]:
    """`teams`, `routing policy`, …; `who serves what` where nothing else says why queues differ."""
    names = {field.name for field in fields(base) if getattr(base, field.name) != getattr(option, field.name)}
    found = [words for name, words in _PARTS.items() if name in names]
    return found or (["who serves what"] if "queues" in names else [])
