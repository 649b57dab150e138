"""What a customer brings, as a file may state it: one number per month, or a law among the customers of a segment."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from supportsim.scenario import units
from supportsim.scenario.model import Law
from supportsim.scenario.nodes import Node, Text
from supportsim.scenario.schema_base import BAD, REF, Entry, JsonSchema, Leaf, Reading, many, sub, text
from supportsim.scenario.schema_fields import N, pattern
from supportsim.scenario.schema_laws import Exponential, Gamma, LawBody, Lognormal, Uniform, quietly
from supportsim.scenario.units import Wrong

#: Currency per month; what a law of margins is made of.
_AMOUNT: JsonSchema = pattern(f"{N} ?/ ?month", ["9/month"])


def _positive(words: str) -> float:
    value = units.money_per("month")(words)
    if value <= 0:
        raise Wrong("an amount above 0, as 9/month")
    return value


Amount = Annotated[Any, text(units.money_per("month"), _AMOUNT)]
PositiveAmount = Annotated[Any, text(_positive, _AMOUNT)]


class MarginUniform(Uniform):
    low: Amount
    high: PositiveAmount


class MarginExponential(Exponential):
    mean: PositiveAmount


class MarginLognormal(Lognormal):
    mean: PositiveAmount = None
    median: PositiveAmount | None = None
    p95: PositiveAmount | None = None


class MarginGamma(Gamma):
    mean: PositiveAmount


class MarginEmpirical(LawBody):
    values: Annotated[list[Any], many(text(units.money_per("month"), _AMOUNT), "a list of amounts", False)]

    def law(self) -> Any:
        values = sorted(float(each) for each in self.values)
        if len(values) < 2:
            return self.refuse("values", "two values or more", "one value is a plain number, as 9/month")
        return Law("empirical", tuple(values), tuple(i / (len(values) - 1) for i in range(len(values))))


class MarginLaw(Entry):
    """How margins differ among the customers of a segment: one law by name."""

    uniform: Annotated[MarginUniform | None, sub(MarginUniform)] = None
    exponential: Annotated[MarginExponential | None, sub(MarginExponential)] = None
    lognormal: Annotated[MarginLognormal | None, sub(MarginLognormal)] = None
    gamma: Annotated[MarginGamma | None, sub(MarginGamma)] = None
    empirical: Annotated[MarginEmpirical | None, sub(MarginEmpirical)] = None

    @classmethod
    def multiplied(cls, node: Any, reading: Reading) -> None:
        """Laws may be multiplied."""

    def checked(self) -> Any:
        given = [key for key in self.keys() if key in self._node]
        if len(given) != 1:
            self.wrong("", "exactly one law: " + ", ".join(self.keys()), f"{' and '.join(given) or 'none'} given")
            return BAD
        body = getattr(self, given[0])
        law = BAD if body is BAD else quietly(body.law)
        return BAD if law is BAD else replace(law, factor=law.factor * self._node.factor)


_NUMBER = text(units.money_per("month"), _AMOUNT)


def _margin(node: Node, reading: Reading) -> Any:
    """The law of a margin; a number is the same for every customer."""
    if not isinstance(node, Text):
        return MarginLaw.read(node, reading)
    amount = _NUMBER.read(node, reading)
    return BAD if amount is BAD else Law("constant", (amount,))


Margin = Annotated[Any, Leaf(_margin, {"anyOf": [_AMOUNT, {REF: "MarginLaw"}]})]
