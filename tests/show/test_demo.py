"""`make demo`: what it says of two options follows from their results."""

from __future__ import annotations

import pytest

from supportsim.scenario.load import load_text
from supportsim.show.demo import headline, lines, paired, sentences, wait
from supportsim.study.result import Result
from supportsim.study.run import run

DESK = """
name: {name}
start: 2026-03-02
length: 4 h
channels: {{phone: {{kind: live, handle_time: {{exponential: {{mean: 5 min}}}}, patience: 6 min}}}}
demand: {{calls: {{channel: phone, rate: 30/h}}}}
teams: {{frontline: {{serves: [phone], agents: {agents}}}}}
promises: {{fast: {{of: phone, answer: 20 s, share: 80%}}}}
"""


@pytest.fixture(scope="module")
def both() -> tuple[Result, Result]:
    """Three agents, and eight: too few, and plenty."""
    few, many = (load_text(DESK.format(name=name, agents=n)) for name, n in (("few", 3), ("many", 8)))
    return run(few, 6, jobs=1), run(many, 6, jobs=1)


def test_differences_are_taken_replication_by_replication(both: tuple[Result, Result]) -> None:
    place = both[0].yardstick.places["fast", "kept_share"]
    own = both[1].rows[:, place, 2] - both[0].rows[:, place, 2]
    change = paired(*both, "fast", "kept_share")
    assert change.mean == pytest.approx(own.mean())
    (line,) = lines(*both)
    assert line.difference == change
    assert change.low > 0


def test_the_verdict_says_who_keeps_more_and_for_whom(both: tuple[Result, Result]) -> None:
    assert headline(*both) == "many keeps 1 of 1 promises, few 0. Better: fast. Worse: none."
    assert headline(both[1], both[0]) == "few keeps 0 of 1 promises, many 1. Better: none. Worse: fast."
    assert headline(both[0], both[0]).endswith("Better: none. Worse: none.")


def test_no_difference_is_called_no_difference(both: tuple[Result, Result]) -> None:
    assert "no difference that this many plays can show" in list(sentences(both[0], both[0]))[1]


@pytest.mark.parametrize(
    ("seconds", "half", "words"),
    [(9.4, None, "9 s"), (150.0, None, "2.5 min"), (9000.0, None, "2.5 h"), (-33480.0, 3060.0, "-9.3 ± 0.8 h")],
)
def test_waits_are_told_in_units_that_suit_them(seconds: float, half: float | None, words: str) -> None:
    assert wait(seconds, half) == words
