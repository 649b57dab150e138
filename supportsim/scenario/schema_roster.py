"""What a file may say of people at work beside their hours: weeks of a shift, activities."""

import re
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from supportsim.scenario import units
from supportsim.scenario.nodes import Node, Text
from supportsim.scenario.schema_base import BAD, Entry, Leaf, Reading, text
from supportsim.scenario.schema_fields import FILE, Days, Heads, Name, Switch, Window, pattern
from supportsim.scenario.ticks import DAY
from supportsim.scenario.units import Wrong

MOST_WEEKS = 52
WEEKS_RULE = "weeks, as 1 of 2"
_WEEKS = re.compile(r"(\S+) of (\S+)")


def weeks(words: str) -> tuple[int, int]:
    """`1 of 2` as (1, 2): the first of every two calendar weeks."""
    found = _WEEKS.fullmatch(" ".join(words.split()))
    if not found:
        raise Wrong(WEEKS_RULE, _weeks_hint(words))
    try:
        every = units.whole(1, MOST_WEEKS)(found[2])
        week = units.whole(1)(found[1])
    except Wrong as wrong:
        raise Wrong(WEEKS_RULE, wrong.hint or wrong.expected) from None
    if week > every:
        raise Wrong(WEEKS_RULE, f"of {every} weeks there is no week {week}")
    return week, every


def _weeks_hint(words: str) -> str:
    """What may have been meant: `1/2`, `every 2`, `odd`."""
    words = words.strip().lower()
    found = re.fullmatch(r"([0-9]{1,2}) ?/ ?([0-9]{1,2})", words)
    if found:
        return f"write {found[1]} of {found[2]}"
    if words in ("odd", "even", "fortnightly") or re.match(r"every\b", words):
        return "write 1 of 2 or 2 of 2 for every other week"
    return ""


Weeks = Annotated[
    tuple[int, int],
    text(weeks, pattern("[1-9][0-9]? of [1-9][0-9]?", ["1 of 2"])),
]


def _curve(node: Node, reading: Reading) -> Any:
    """The file of a curve of heads; a number is none."""
    if isinstance(node, Text) and re.fullmatch("[0-9]+", node):
        hint = f"write agents: {node} for as many who are always present"
        reading.wrong(node, "a CSV file with the columns start, heads", hint)
        return BAD
    return FILE.read(node, reading)


CurveFile = Annotated[Text, Leaf(_curve, pattern(r".*[^0-9].*", ["data/heads.csv"]))]


class Activity(Entry):
    """What so many of a team do at stated hours instead of their usual work."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["off_desk"]}, {"required": ["works_as"]}]})
    days: Days
    hours: Window
    agents: Heads
    off_desk: Switch = False
    works_as: Name | None = Field(None, description="the team they work for")

    def checked(self) -> Any:
        if self.hours is not BAD and self.hours[1] > DAY:
            self.wrong("hours", "hours that end by 24:00", "write two activities, one a day")
        if self.works_as is BAD or self.off_desk is BAD:
            return self
        if self.off_desk and self.works_as is not None:
            self.wrong("works_as", "one of off_desk and works_as")
        elif not self.off_desk and self.works_as is None:
            key = "off_desk" if "off_desk" in self._node else ""
            got = None if key else "neither"
            self.wrong(key, "off_desk: yes, or works_as and a team", "say what they do", got=got)
        return self
