"""What a study file may say, read by the same reader as scenarios: every value as text, every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from supportsim.scenario import units
from supportsim.scenario.nodes import Map, Node, Seq, Text
from supportsim.scenario.number_text import Wrong, number
from supportsim.scenario.schema_base import BAD, Entry, JsonSchema, Leaf, Reading, choice, many, parse_text, sub, text
from supportsim.scenario.schema_fields import NAME, Name, pattern
from supportsim.scenario.variants import REMOVE
from supportsim.study.arguments import LARGEST_SEED, MOST_REPLICATIONS

LEVEL_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_.%-]{0,59}"
METRIC_PATTERN = r"[^.]+\.[a-z0-9_]+"
CASE = "case"  # the factor whose levels are the cases
#: Columns of the tables, which no factor can be called.
TAKEN = (
    "point", "against", "replication", "selector", "measure", "numerator", "denominator", "value", "unit", "mean", "n",
    "method", "changes", "scenario_sha256", "target", "verdict", CASE, REMOVE,
)  # fmt: skip
OUTPUTS = (
    "replications.csv", "summary.csv", "points.csv", "differences.csv", "table.tex", "forest", "interaction", "lines",
)  # fmt: skip
NEED_COMPARE = ("differences.csv", "forest")
DEFAULT_REPLICATIONS = 30


def _question(words: str) -> str:
    if len(words) > 2000:
        raise Wrong("a question of at most 2000 characters")
    return " ".join(words.split())


def _file(words: str) -> str:
    rule = "a scenario file, relative to this one, its name ending in .yaml or .yml"
    if len(words) > 500 or not words.lower().endswith((".yaml", ".yml")):
        raise Wrong(rule)
    if words.startswith(("/", "\\", "~")) or re.match("[A-Za-z]:", words):
        raise Wrong(rule, "a path from the root of a disk is refused: it is another one elsewhere")
    return words


def level(words: str) -> str:
    """The name of a level or case: letters, digits and `_ - . %`, a letter or digit first."""
    if not re.fullmatch(LEVEL_PATTERN, words):
        raise Wrong("a name: letters (A to Z, a to z), digits and _ - . %, beginning with a letter or digit, "
                    "at most 60 characters")  # fmt: skip
    return words


def _factor(words: str) -> str:
    units.name(words)
    if words in TAKEN:
        raise Wrong("a name that no column of the tables has", "taken: " + ", ".join(TAKEN))
    return words


QUESTION = text(_question, {"type": "string"})
FILE = text(_file, pattern(r".+\.ya?ml", ["desk.yaml"]))
SEED = text(units.whole(0, LARGEST_SEED), {"type": "integer", "minimum": 0})
REPLICATIONS = text(units.whole(1, MOST_REPLICATIONS), {"type": "integer", "minimum": 1})
PATH_RULE = "dotted path: new value, x 1.1, or old -> new; remove: a list of paths"
BUNDLE_SCHEMA: JsonSchema = {
    "type": "object",
    "description": PATH_RULE,
    "properties": {REMOVE: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
}


def _bundle(node: Node, reading: Reading) -> Any:
    """A mapping of changes as it stands; what is wrong inside, the base will say."""
    if isinstance(node, Map):
        return node
    hint = "write {} for no change" if node == "" else ""
    reading.wrong(node, "a mapping of changes, path: new value", hint)
    return BAD


def _word(parse: Callable[[str], Any]) -> Callable[[Node, Reading], Any]:
    """A reader that gives back the text itself, which knows its place, once it has passed `parse`."""
    return lambda node, reading: BAD if parse_text(node, reading, parse) is BAD else node


def _case(node: Node, reading: Reading) -> Any:
    is_file = isinstance(node, Text) and node != ""
    return _word(_file)(node, reading) if is_file else _bundle(node, reading)


def _named(node: Node, reading: Reading, check: Any, read: Any, what: str) -> Any:
    """A mapping with at least one entry: the nodes by name; BAD and faults if it is none."""
    if not isinstance(node, Map) or not (node or node.hole):
        reading.wrong(node, what)
        return BAD
    for key in node:
        try:
            check(key)
        except Wrong as wrong:
            reading.wrong_key(key, node, wrong.expected, wrong.hint)
    return {key: read(value, reading) for key, value in node.items()}


def _levels(node: Node, reading: Reading) -> Any:
    return _named(node, reading, level, _bundle, "levels by name, as {low: {demand.calls.volume: x 0.9}, stated: {}}")


def _cases(node: Node, reading: Reading) -> Any:
    return _named(node, reading, level, _case, "cases by name, each a mapping of changes or a scenario file")


def _factors(node: Node, reading: Reading) -> Any:
    return _named(node, reading, _factor, _levels, "factors by name, each with its levels by name")


LEVELS_SCHEMA: JsonSchema = {
    "type": "object", "minProperties": 1, "propertyNames": {"pattern": f"^{LEVEL_PATTERN}$"},
    "additionalProperties": BUNDLE_SCHEMA,
}  # fmt: skip
FACTORS_SCHEMA: JsonSchema = {
    "type": "object", "minProperties": 1, "propertyNames": {"pattern": NAME["pattern"], "not": {"enum": list(TAKEN)}},
    "additionalProperties": LEVELS_SCHEMA,
}  # fmt: skip
CASES_SCHEMA: JsonSchema = {**LEVELS_SCHEMA, "additionalProperties": {"anyOf": [FILE.schema, BUNDLE_SCHEMA]}}


# -- metrics and precision --------------------------------------------------------------------------------
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


# -- comparing --------------------------------------------------------------------------------------------
def _against(node: Node, reading: Reading) -> Any:
    rule = "the level compared with, by factor, as {policy: fifo}"
    if not isinstance(node, Map) or not (node or node.hole):
        reading.wrong(node, rule)
        return BAD
    found = {key: parse_text(value, reading, str, "the name of a level") for key, value in node.items()}
    return BAD if any(value is BAD for value in found.values()) else {key: node[key] for key in node}


def _any_name(words: str) -> str:
    if not words:
        raise Wrong("the name of a factor")
    return words


NAMES = many(Leaf(_word(_any_name), {"type": "string"}), "the name of a factor, or a list of them")


class StudyCompare(Entry):
    """Which points are compared with which."""

    within: Annotated[list[Text] | None, NAMES] = Field(None, description="factors that both points share")
    against: Annotated[dict[Text, Text], Leaf(_against, {
        "type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "number"]},
    })] = Field(description="the level compared with, by factor, as {policy: fifo}")  # fmt: skip
    correction: Annotated[str, choice({"holm": "holm", "none": "none"})] = "holm"


class StudyFile(Entry):
    """A study as people write it."""

    name: Name | None = None
    question: Annotated[str, QUESTION] = Field("", description="what shall be found out, in words")
    base: Annotated[Text | None, Leaf(_word(_file), FILE.schema)] = Field(
        None, description="the scenario file that is changed, relative to this one"
    )
    seed: Annotated[int, SEED] = Field(1, description="which worlds are played; all points share them")
    replications: Annotated[int | None, REPLICATIONS] = Field(None, description="of each point; 30 by default")
    precision: Annotated[Precision | None, Leaf(_precision, PRECISION_SCHEMA)] = Field(
        None, description="replications until the means are known so well"
    )
    cases: Annotated[dict[Text, Any] | None, Leaf(_cases, CASES_SCHEMA)] = Field(
        None, description="points by name, each a mapping of changes or another scenario file"
    )
    factors: Annotated[dict[Text, Any] | None, Leaf(_factors, FACTORS_SCHEMA)] = Field(
        None, description="levels by factor; every level with every other"
    )
    metrics: Annotated[list[Metric], METRICS] = Field(description="what is told, as [all.wait_mean]")
    compare: Annotated[StudyCompare | None, sub(StudyCompare)] = None
    outputs: Annotated[list[str] | None, many(choice({each: each for each in OUTPUTS}), "a list of outputs")] = Field(
        None, description="which files are written"
    )

    def checked(self) -> Any:
        if self.precision is not None and self.replications is not None:
            self.wrong("precision", "one of replications and precision")
        if self.outputs is not None and self.outputs is not BAD and self.compare is None:
            for place, each in enumerate(self.outputs):
                if each in NEED_COMPARE:
                    node = self.node("outputs")
                    item = node[place] if isinstance(node, Seq) else node
                    self._reading.wrong(item, "an output of what is there", "it needs compare: {against: …}")
        return self


def json_schema() -> dict[str, Any]:
    """The JSON Schema of study files (draft 2020-12), for editors."""
    from supportsim.scenario.schema_json import whole

    return whole(StudyFile, "supportsim study", "Points made from one scenario, played alike and compared.", {})
