"""What a file may say of routing: policy, classes, teams and their delays, ageing, reservations."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from supportsim.scenario import units
from supportsim.scenario.frozen import frozen
from supportsim.scenario.nodes import Node, Seq, Text
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.schema_base import (
    BAD,
    Entry,
    JsonSchema,
    Reading,
    choice,
    entries,
    keyed,
    parse_text,
    text,
)
from supportsim.scenario.schema_fields import (
    DURATION_PATTERN,
    NAME,
    SELECTOR_PATTERN,
    Selectors,
    Ticks,
    pattern,
    selector,
)
from supportsim.scenario.ticks import YEAR
from supportsim.scenario.units import Wrong

MOST_RATE = 20


# -- whom a contact asks, and when ------------------------------------------------------------------------
@frozen
class TeamStep:
    """A pool of teams, asked from `delay` ticks after the entry of a touch on."""

    teams: tuple[Text, ...]
    delay: int = 0


STEP_RULE = "a team, or a team and its delay, as backoffice after 30 s"


def _member(words: str) -> tuple[str, int]:
    """(team, delay) of `backoffice` or `backoffice after 30 s`."""
    found = re.fullmatch(r"(\S+)(?: after (.+))?", " ".join(words.split()))
    if not found:
        raise Wrong(STEP_RULE, _member_hint(words))
    try:
        return units.name(found[1]), units.duration(found[2]) if found[2] else 0
    except Wrong as wrong:
        raise Wrong(STEP_RULE, wrong.hint or wrong.expected) from None


def _member_hint(words: str) -> str:
    """What may have been meant: `backoffice 30 s`, `backoffice, 30 s`, `after 30 s backoffice`."""
    words = " ".join(words.split())
    found = re.fullmatch(rf"({units.NAME})[ ,:+]+(?:after )?({DURATION_PATTERN})", words) or re.fullmatch(
        rf"({units.NAME}) (?:in|at|from|overflow|delay) ({DURATION_PATTERN})", words
    )
    if found:
        return f"write {found[1]} after {found[2]}"
    turned = re.fullmatch(rf"after ({DURATION_PATTERN}) ({units.NAME})", words)
    return f"write {turned[2]} after {turned[1]}" if turned else ""


def _step(node: Node, reading: Reading) -> Any:
    """One step: a team, or a list of teams that is one pool; BAD and faults if it is none."""
    members = list(node) if isinstance(node, Seq) else [node]
    if not members:
        reading.wrong(node, "teams in the order they are asked, as [frontline, [backoffice, evening]]")
        return BAD
    read = [parse_text(each, reading, _member) for each in members]
    if any(each is BAD for each in read):
        return BAD
    for each, (_, delay) in zip(members, read, strict=True):
        if delay != read[0][1]:
            hint = "as [late after 1 min, backoffice after 1 min], or two steps"
            reading.wrong(each, "one delay for all teams of a nested list", hint)
            return BAD
    named = zip(members, read, strict=True)
    teams = tuple(reading.part(name, each) for each, (name, _) in named if isinstance(each, Text))
    return TeamStep(teams, read[0][1])


def _team_steps(node: Node, reading: Reading) -> Any:
    """Teams in the order a contact asks them; a nested list is one pool."""
    if isinstance(node, Text):
        step = _step(node, reading)
        return BAD if step is BAD else [step]
    if not isinstance(node, Seq) or not node:
        reading.wrong(node, "teams in the order they are asked, as [frontline, [backoffice, evening]]")
        return BAD
    steps = [_step(item, reading) for item in node]
    return BAD if any(step is BAD for step in steps) else steps


_MEMBER = pattern(f"{units.NAME}(?: after {DURATION_PATTERN})?", ["backoffice", "backoffice after 30 s"])
_POOL: JsonSchema = {"anyOf": [_MEMBER, {"type": "array", "items": _MEMBER, "minItems": 1}]}
_STEPS: JsonSchema = {"anyOf": [_MEMBER, {"type": "array", "items": _POOL, "minItems": 1}]}


# -- ageing -----------------------------------------------------------------------------------------------
def _rate(words: str) -> int:
    """`x 1.5` as 150, hundredths."""
    rule = "a factor from x 0 to x 20, two decimals at most, as x 1.5"
    try:
        value = Decimal(repr(units.factor(words))) * 100
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint) from None
    if value > MOST_RATE * 100 or value != value.to_integral_value():
        raise Wrong(rule)
    return int(value)


_RATE = pattern(r"x ?(?:20(?:\.0+)?|1?[0-9](?:\.[0-9]{1,2}0*)?)", ["x 2", "x 0.5"])


class Ageing(Entry):
    """How the wait of a touch counts under the policy `ageing`."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    bonus: Ticks = 0
    rate: Annotated[int, text(_rate, _RATE)] = 100

    def checked(self) -> Any:
        if not self._node:
            self.wrong("", "bonus, rate or both, as {bonus: 10 min, rate: x 2}")
        elif self.bonus is not BAD and self.bonus > YEAR:
            self.wrong("bonus", "a bonus of at most 1 year")
        return self


# -- reservations -----------------------------------------------------------------------------------------
@frozen
class Reservation:
    """So many of a team stay empty-handed for the queues of a selector and what is better."""

    idle: int
    selector: Text


RESERVE_RULE = "a reservation, as 1 idle for premium phone"


def _reservation(words: str) -> tuple[int, str]:
    """(agents, selector) of `1 idle for premium phone`."""
    words = " ".join(words.split())
    found = re.fullmatch(r"(\S+) idle for (.+)", words)
    if not found:
        loose = re.fullmatch(r"([0-9]+)(?: \w+)?(?: idle)? for (.+)", words)
        bare = re.fullmatch(r"[0-9]+", words)
        hint = f"write {loose[1]} idle for {loose[2]}" if loose else f"say for whom: {words} idle for …" if bare else ""
        raise Wrong(RESERVE_RULE, hint)
    try:
        return units.whole(1, 100_000)(found[1]), selector(found[2])
    except Wrong as wrong:
        raise Wrong(RESERVE_RULE, wrong.hint or wrong.expected) from None


def _reservations(node: Node, reading: Reading) -> Any:
    """One reservation or a list of them."""
    if isinstance(node, Seq) and not node:
        reading.wrong(node, RESERVE_RULE + ", or a list of them")
        return BAD
    found = []
    for each in node if isinstance(node, Seq) else [node]:
        read = parse_text(each, reading, _reservation)
        if read is not BAD and isinstance(each, Text):
            found.append(Reservation(read[0], reading.part(read[1], each)))
    return found


_RESERVATION = pattern(f"[1-9][0-9]* idle for {SELECTOR_PATTERN[1:-1]}", ["1 idle for premium phone"])
_RESERVATIONS: JsonSchema = {"anyOf": [_RESERVATION, {"type": "array", "items": _RESERVATION, "minItems": 1}]}


# -- the whole --------------------------------------------------------------------------------------------
class Routing(Entry):
    """Who is served by whom, and in which order."""

    policy: Annotated[str, choice({each: each for each in POLICIES})] = "priority"
    classes: Selectors | None = None
    teams: Annotated[dict[str, list[TeamStep]], keyed(_team_steps, _STEPS, selector, SELECTOR_PATTERN)] = Field(
        default_factory=dict
    )
    ageing: Annotated[dict[str, Ageing], entries(Ageing, selector, SELECTOR_PATTERN)] = Field(default_factory=dict)
    reserve: Annotated[
        dict[str, list[Reservation]],
        keyed(_reservations, _RESERVATIONS, units.name, str(NAME["pattern"])),
    ] = Field(default_factory=dict)

    def checked(self) -> Any:
        if "ageing" in self._node and self.policy is not BAD and self.policy != "ageing":
            rule = "policy: ageing beside it" if "policy" not in self._node else f"no ageing under {self.policy}"
            self.wrong("ageing", rule, "ageing belongs to policy: ageing")
        return self
