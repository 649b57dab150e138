"""Selectors: which queues a few words name."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load
from supportsim.scenario.model import Scenario
from supportsim.scenario.resolve_names import Spot
from supportsim.scenario.selector import covered

SPOTS = (Spot("phone", "gold", "bug"), Spot("phone", "silver", "bug"), Spot("ticket", "gold", "how_to"))


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return load(Path(__file__).parent / "valid" / "desk.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phone", (True, True, False)),
        ("gold", (True, False, True)),
        ("gold phone", (True, False, False)),
        ("phone gold bug", (True, False, False)),
        ("gold silver", (False, False, False)),
        ("chat", (False, False, False)),
        ("all", (True, True, True)),
    ],
)
def test_every_word_must_match(text: str, expected: tuple[bool, ...]) -> None:
    assert covered(SPOTS, text) == expected


def test_a_selector_names_queues_of_a_scenario(desk: Scenario) -> None:
    named = [
        (queue.channel, queue.segment) for queue, own in zip(desk.queues, covered(desk, "premium"), strict=True) if own
    ]
    assert set(named) == {("phone", "premium"), ("ticket", "premium")}


@pytest.mark.parametrize("text", ["fone", "premium fone", ""])
def test_an_unknown_word_is_refused(desk: Scenario, text: str) -> None:
    with pytest.raises(ConfigError):
        covered(desk, text)


def test_the_nearest_name_is_in_the_message(desk: Scenario) -> None:
    with pytest.raises(ConfigError) as caught:
        covered(desk, "premium fone")
    assert str(caught.value) == (
        "selector: got premium fone; expected segments, topics and channels; did you mean phone?"
    )
