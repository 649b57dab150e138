"""What a file may say of what customers make of it: how much likelier each bad or good experience lets them leave."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from supportsim.scenario import units
from supportsim.scenario.model import EXPERIENCES
from supportsim.scenario.nodes import Text
from supportsim.scenario.schema_base import BAD, Entry, Reading, sub, text
from supportsim.scenario.schema_fields import FACTOR, N, PositiveTicks, Switch, pattern
from supportsim.scenario.units import Wrong

MOST_ODDS = 1000


def _odds(words: str) -> float:
    """A factor on odds: its logarithm is taken, so it is not 0."""
    value = units.factor(words)
    if not 1 / MOST_ODDS <= value <= MOST_ODDS:
        raise Wrong(f"a factor on the odds of leaving, from x 0.001 to x {MOST_ODDS}, as x 1.3")
    return value


def _discount(words: str) -> float:
    rule = "a discount by the year, as 10%/year"
    amount, slash, unit = (part.strip() for part in words.partition("/"))
    if not slash or unit != "year":
        raise Wrong(rule, f"write {amount}/year" if amount.endswith("%") else "")
    try:
        return units.variation(amount)
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint) from None


OddsRatio = Annotated[float, text(_odds, FACTOR)]
Discount = Annotated[float, text(_discount, pattern(f"{N} ?% ?/ ?year", ["10%/year"]))]


class Odds(Entry):
    """One kind of experience: by how much it multiplies the odds of leaving, in three opinions."""

    low: OddsRatio
    stated: OddsRatio
    high: OddsRatio
    lasts: PositiveTicks | None = Field(None, description="how long it weighs on what comes next, as 3 months")

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        hint = ""
        if units.factor_or_none_safe(node) is not None:
            hint = f"nobody knows these well: write {{low: …, stated: {node}, high: …}}"
        reading.wrong(node, "a mapping with the keys " + ", ".join(cls.keys()), hint)
        return BAD


class Waited(Odds):
    """As others, for every so much of an issue's waiting."""

    each: PositiveTicks = Field(description="the wait that multiplies the odds once, as 10 min")


_ODDS = sub(Odds)


class Experience(Entry):
    """What an issue leaves with its customer once it is over."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [name]} for name in EXPERIENCES]})
    lasts: PositiveTicks | None = Field(None, description="how long experiences weigh, as 3 months")
    discount: Discount = 0.0
    feedback: Switch = Field(False, description="yes: customers leave in the play for what they experience")
    promise_broken: Annotated[Odds | None, _ODDS] = None
    waited: Annotated[Waited | None, sub(Waited)] = None
    contact_again: Annotated[Odds | None, _ODDS] = None
    switched: Annotated[Odds | None, _ODDS] = None
    unanswered: Annotated[Odds | None, _ODDS] = None
    gave_up: Annotated[Odds | None, _ODDS] = None
    unasked: Annotated[Odds | None, _ODDS] = None
    unserved: Annotated[Odds | None, _ODDS] = None
    solved: Annotated[Odds | None, _ODDS] = None
