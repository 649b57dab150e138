"""What a study file may say, read by the same reader as scenarios: every value as text, every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from supportsim.scenario import units
from supportsim.scenario.nodes import Map, Node, Seq, Text
from supportsim.scenario.number_text import Wrong
from supportsim.scenario.schema_base import BAD, Entry, JsonSchema, Leaf, Reading, choice, many, parse_text, sub, text
from supportsim.scenario.schema_fields import NAME, Name, pattern
from supportsim.scenario.variants import REMOVE
from supportsim.study.arguments import LARGEST_SEED, MOST_REPLICATIONS
from supportsim.study.levels import number_of
from supportsim.study.study_goals import METRICS, PRECISION, Metric, Precision

LEVEL_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_.%-]{0,59}"
CASE = "case"  # the factor whose levels are the cases
#: Columns of the tables, which no factor can be called.
TAKEN = (
    "point", "against", "replication", "selector", "measure", "numerator", "denominator", "value", "unit", "mean", "n",
    "method", "changes", "scenario_sha256", "target", "verdict", CASE, REMOVE,
)  # fmt: skip
OUTPUTS = (
    "replications.csv", "summary.csv", "points.csv", "differences.csv", "table.tex", "forest", "interaction", "lines",
    "effects", "break_even",
)  # fmt: skip
NEED_COMPARE = ("differences.csv", "forest", "effects", "break_even")
NEED_NUMBERS = "break_even"
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
    precision: Annotated[Precision | None, PRECISION] = Field(
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
        for place, each in enumerate(self.outputs if isinstance(self.outputs, list) else ()):
            if each is BAD:
                continue
            if each in NEED_COMPARE and self.compare is None:
                self._no_output(place, "it needs compare: {against: …}")
            elif each == NEED_NUMBERS and not self._has_numbers():
                self._no_output(place, "it needs levels that are numbers, 2.5 or 10%, of the first factor")
        return self

    def _no_output(self, place: int, hint: str) -> None:
        node = self.node("outputs")
        self._reading.wrong(node[place] if isinstance(node, Seq) else node, "an output of what is there", hint)

    def _has_numbers(self) -> bool:
        """Whether the levels of the first factor are numbers, at least two; what cannot be read is not judged."""
        if self.cases is BAD or self.factors is BAD:
            return True
        first = self.cases or next(iter((self.factors or {}).values()), {})
        return first is BAD or (len(first) > 1 and all(number_of(level) is not None for level in first))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of study files (draft 2020-12), for editors."""
    from supportsim.scenario.schema_json import whole

    return whole(StudyFile, "supportsim study", "Points made from one scenario, played alike and compared.", {})
