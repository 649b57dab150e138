"""Selectors: `premium phone` names every queue whose channel, segment or topic is each of its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from supportsim.scenario.errors import ConfigError, Fault, nearest

if TYPE_CHECKING:
    from supportsim.scenario.model import Scenario


class Named(Protocol):
    """Anything that stands at a channel, a segment and a topic."""

    @property
    def channel(self) -> str: ...
    @property
    def segment(self) -> str: ...
    @property
    def topic(self) -> str: ...


def covered(scenario: Scenario | Sequence[Named], text: str) -> tuple[bool, ...]:
    """Per queue, whether the selector names it.  `all` names every queue.

    Given a Scenario, a word that is none of its segments, topics and channels raises ConfigError.
    """
    queues: Sequence[Named]
    if isinstance(scenario, Sequence):
        queues = scenario
    else:
        queues = scenario.queues
        _refuse_unknown(scenario, text)
    words = () if text == "all" else tuple(text.split())
    return tuple(matches(words, queue) for queue in queues)


def matches(words: Sequence[str], queue: Named) -> bool:
    """Whether every word is the queue's channel, segment or topic."""
    return all(word in (queue.channel, queue.segment, queue.topic) for word in words)


def _refuse_unknown(scenario: Scenario, text: str) -> None:
    groups = (scenario.segments, scenario.topics, scenario.channels)
    known: list[str] = [each.name for group in groups for each in group]
    for word in text.split():
        if word not in known and text != "all":
            hint = nearest(word, known)
            raise ConfigError([Fault("selector", None, None, "", text, "segments, topics and channels", hint)])
    if not text.split():
        raise ConfigError([Fault("selector", None, None, "", "nothing", "segments, topics and channels")])
