"""Metrics and how precise they shall be known, as a study file writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from supportsim.scenario import units
from supportsim.scenario.nodes import Map, Node, Text
from supportsim.scenario.number_text import Wrong, number
from supportsim.scenario.schema_base import BAD, JsonSchema, Leaf, Reading, many, parse_text
from supportsim.scenario.schema_fields import pattern
from supportsim.study.arguments import MOST_REPLICATIONS

METRIC_PATTERN = r"[^.]+\.[a-z0-9_]+"
METRIC_RULE = "selector.measure, as all.wait_mean or a_promise.kept_share: names of summary.csv"


class Metric(NamedTuple):
    """One measure of one selector; `node` knows where it stands."""

    selector: str
    measure: str
    node: Text

    @property
    def key(self) -> tuple[str, str]:
        """As in the tables of a result."""
        return self.selector, self.measure

    @property
    def name(self) -> str:
        """As in the file."""
        return f"{self.selector}.{self.measure}"


def metric(node: Text) -> Metric:
    """`premium phone.wait_mean`.  Raises Wrong."""
    selector, dot, measure = " ".join(node.split()).rpartition(".")
    if not dot or not selector.strip() or not measure.strip():
        raise Wrong(METRIC_RULE)
    return Metric(selector.strip(), measure.strip(), node)


def _metric(node: Node, reading: Reading) -> Any:
    return parse_text(node, reading, lambda _: metric(node), METRIC_RULE)  # type: ignore[arg-type]


METRICS = many(Leaf(_metric, pattern(METRIC_PATTERN, ["all.wait_mean"])), "a list of metrics, " + METRIC_RULE)


class Goal(NamedTuple):
    """How precise a mean shall be: half its 95 % interval at most `size`, of itself where `relative`."""

    metric: Metric
    size: float
    unit: str  # "share", "s", "%" (of the mean) or "" for a plain number


GOAL_RULE = "how precise the mean shall be: 0.5 points (of a share), 5 s, 2% (of the mean), or a number"


def goal(words: str) -> tuple[float, str]:
    """(size, unit) of a goal.  Raises Wrong."""
    words = words.strip()
    try:
        if words.endswith(("points", "point")):
            return _positive(words.removesuffix("s").removesuffix("point")) / 100, "share"
        if words.endswith("%"):
            return _positive(words[:-1]) / 100, "%"
        if words[-1:].isalpha():
            return units.positive_duration(words) / 1e6, "s"
        return _positive(words), ""
    except Wrong as wrong:
        raise Wrong(GOAL_RULE, wrong.hint) from None


def _positive(words: str) -> float:
    value = number(words, GOAL_RULE)
    if value <= 0:
        raise Wrong(GOAL_RULE, "more than 0")
    return float(value)


@dataclass(frozen=True)
class Precision:
    """Replications go on until every goal is met at every point."""

    goals: tuple[Goal, ...]
    at_least: int
    at_most: int


FEWEST = 10


def _precision(node: Node, reading: Reading) -> Any:
    rule = "goals by metric, as {all.wait_mean: 5 s, at_least: 50, at_most: 5000}"
    if not isinstance(node, Map):
        reading.wrong(node, rule)
        return BAD
    found = {"at_least": 30, "at_most": 1000}
    goals = []
    for key, value in node.items():
        assert isinstance(key, Text)
        if key in found:
            found[str(key)] = parse_text(value, reading, units.whole(FEWEST, MOST_REPLICATIONS))
            continue
        try:
            size = parse_text(value, reading, goal, GOAL_RULE)
            goals += [] if size is BAD else [Goal(metric(key), *size)]
        except Wrong:
            reading.wrong_key(key, node, "at_least, at_most or a metric, " + METRIC_RULE)
    least, most = found["at_least"], found["at_most"]
    if least is not BAD and most is not BAD and least > most:
        reading.wrong(node.get("at_most", node), f"at least {least}, which is at_least")
    if len(node.keys() - found.keys()) == 0:
        reading.wrong(node, rule, "name a metric and how precise it shall be")
    return Precision(tuple(goals), least, most)


_WHOLE: JsonSchema = {"type": "integer", "minimum": FEWEST}
PRECISION_SCHEMA: JsonSchema = {
    "type": "object", "properties": {"at_least": _WHOLE, "at_most": _WHOLE},
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "number", "exclusiveMinimum": 0}]},
}  # fmt: skip

PRECISION = Leaf(_precision, PRECISION_SCHEMA)
