"""What several tests of the loader begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

VALID = Path(__file__).parent / "valid"

PHONES = """name: phones
start: 2026-03-02
length: 1 week
timezone: Europe/London
channels:
  phone:
    kind: live
    open: {mon-fri: 09:00-17:00}
    handle_time: 5 min
    wrap_up: 20%
    patience: 4 min
    after:
      abandoned: {again: 50%, give_up: 50%, delay: 10 min, tries: 2}
demand:
  calls: {rate: 20/h, volume: x 1.1}
teams:
  desk:
    serves: phone
    shifts:
      day: {days: mon-fri, hours: 09:00-17:00, agents: 3, breaks: [30 min unpaid between 12:00 and 14:00]}
promises:
  fast: {of: phone, answer: 20 s, share: 80%}
"""


def scalars(text: str) -> Iterator[tuple[int, int, bool]]:
    """(begin, end, is a key) of every scalar of a text."""
    in_mapping: list[bool] = []
    key_next: list[bool] = []
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            in_mapping.pop()
            key_next.pop()
        elif isinstance(event, yaml.NodeEvent):
            is_key = bool(in_mapping) and in_mapping[-1] and key_next[-1]
            if key_next:
                key_next[-1] = not key_next[-1]
            if isinstance(event, yaml.ScalarEvent):
                yield event.start_mark.index, event.end_mark.index, is_key
            else:
                in_mapping.append(isinstance(event, yaml.MappingStartEvent))
                key_next.append(True)
