"""What a file may say of customers: segments, what one is worth and how soon he leaves, topics, plans."""

import re
from typing import Annotated, Any

from pydantic import Field

from supportsim.scenario import units
from supportsim.scenario.nodes import Map, Node, Seq
from supportsim.scenario.schema_base import BAD, REF, Entry, JsonSchema, Leaf, Reading, many, text
from supportsim.scenario.schema_fields import (
    NAME,
    SHARE,
    Factor,
    MoneyPerMonth,
    N,
    RatePerMonth,
    Share,
    Zone,
    pattern,
)
from supportsim.scenario.schema_margin import Margin
from supportsim.scenario.units import Wrong


# -- how many, and what plan they are on ------------------------------------------------------------------
def _customers(words: str) -> int | None:
    return None if words == "anonymous" else units.whole(1, 10**10, "a whole number above 0, or anonymous")(words)


Customers = Annotated[
    int | None, text(_customers, {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "anonymous"}]})
]

_PLAN_RULE = "a plan, or plans with shares of the customers, as {basic: 94%, supported: 6%}"


def _plans_of(node: Node, reading: Reading) -> Any:
    """[(plan, share)]; the plan is the key as it stands in the file, or the text of the whole."""
    if isinstance(node, Map):
        if not node:
            reading.wrong(node, _PLAN_RULE)
            return BAD
        shares = {key: Share.__metadata__[0].read(each, reading) for key, each in node.items()}  # type: ignore[attr-defined]
        return BAD if any(share is BAD for share in shares.values()) else list(shares.items())
    if isinstance(node, Seq):
        reading.wrong(node, _PLAN_RULE, "not a list")
        return BAD
    name = PLAN_NAME.read(node, reading)
    return BAD if name is BAD else [(name, 1.0)]


PLAN_NAME = text(units.name, NAME)
_SPLIT: JsonSchema = {"type": "object", "propertyNames": NAME, "additionalProperties": SHARE, "minProperties": 1}
PlansOf = Annotated[Any, Leaf(_plans_of, {"anyOf": [NAME, _SPLIT]})]


# -- what one is worth, and how soon he leaves ------------------------------------------------------------
CHURN_RULE = "a share of customers that leaves, as 2%/month or 20%/year"


def _churn(words: str) -> float:
    """`2%/month` as the probability to leave within a year."""
    amount, slash, unit = (part.strip() for part in words.partition("/"))
    if not slash:
        raise Wrong(CHURN_RULE, f"say per what: {amount}/month" if amount[:1].isdigit() else "")
    if unit not in ("month", "year"):
        raise Wrong(CHURN_RULE, "per month or per year")
    try:
        share = units.share(amount)
    except Wrong as wrong:
        raise Wrong(CHURN_RULE, wrong.hint) from None
    if share >= 1:
        raise Wrong(CHURN_RULE, "below 100%: somebody stays")
    return share if unit == "year" else 1 - (1 - share) ** 12


Churn = Annotated[float, text(_churn, pattern(f"{N} ?% ?/ ?(?:month|year)", ["2%/month", "20%/year"]))]


class Segment(Entry):
    customers: Customers = Field(None, description="how many there are, or anonymous")
    joins: RatePerMonth | None = Field(None, description="customers added, as 40/month")
    margin: Margin | None = Field(None, description="of a customer before any support cost, as 9/month, or a law")
    churn: Churn | None = Field(None, description="who leaves were support neither good nor bad, as 2%/month")
    plan: PlansOf | None = Field(None, description="the plan they are offered, or plans with shares of them")
    timezone: Zone | None = Field(None, description="where they live: when its streams ask, unless a stream says")
    handle_time: Factor = 1.0
    resolves: Factor = 1.0
    patience: Factor = 1.0


class Topic(Entry):
    handle_time: Factor = 1.0
    resolves: Factor = 1.0
    patience: Factor = 1.0


# -- plans ------------------------------------------------------------------------------------------------
def _step(words: str) -> tuple[float | None, str]:
    rule = "a channel, with or without a share, as 75% chat"
    found = re.fullmatch(r"(?:(\S+ ?%)\s+)?(\S+)", words.strip())
    if not found:
        raise Wrong(rule)
    try:
        return units.share(found[1]) if found[1] else None, units.name(found[2])
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint or wrong.expected) from None


STEPS = many(
    text(_step, pattern(f"(?:{N} ?% +)?{units.NAME}", ["ticket", "75% chat"])),
    "a list of channels in the order they are tried, as [75% chat, ticket]",
    single=False,
)


class Plan(Entry):
    """Channels in the order they are tried; short: the list of them alone."""

    channels: Annotated[list[Any], STEPS] = Field(description="in the order they are tried, as [75% chat, ticket]")
    asks: Share = Field(1.0, description="share of the issues that customers bring at all under this offer")
    issues: Factor = Field(1.0, description="factor on the issues of its customers")
    price: MoneyPerMonth = Field(0.0, description="what a customer pays for it, as 6/month")


def read_plan(node: Node, reading: Reading) -> Any:
    """A plan; a list is its channels."""
    if not isinstance(node, Seq):
        return Plan.read(node, reading)
    steps = STEPS.read(node, reading)
    return Plan.model_construct(channels=steps)


PLAN_SCHEMA: JsonSchema = {"anyOf": [STEPS.schema, {REF: "Plan"}]}
