"""From a study file to its plan: every point resolved, every fault of the file and of every point told at once."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from supportsim.scenario.errors import ConfigError, Fault, Faults, nearest
from supportsim.scenario.load import scenario_hash
from supportsim.scenario.model import Scenario
from supportsim.scenario.nodes import Map, Seq, Text
from supportsim.scenario.schema_base import BAD, Reading
from supportsim.scenario.text_file import read_file
from supportsim.scenario.units import Wrong, name
from supportsim.scenario.variants import Base
from supportsim.scenario.yaml_text import read_yaml
from supportsim.study import study_metrics as metrics
from supportsim.study.idle import Idle
from supportsim.study.plan import ALONE, Compare, Plan, Point
from supportsim.study.study_goals import Goal
from supportsim.study.study_schema import (
    CASE,
    DEFAULT_REPLICATIONS,
    StudyCompare,
    StudyFile,
)

MOST_POINTS = 2000


def load_plan(path: str | Path) -> Plan:
    """The plan of a study file.  Raises ConfigError with everything that is wrong with it."""
    text = read_file(Path(path), what="a study file")
    faults = Faults()
    try:
        return _Planner(text, str(path), Path(path).parent, faults).plan()
    except RecursionError:
        raise ConfigError([Fault(str(path), None, None, "", "very deep nesting", "at most 50 levels")]) from None


class _Planner:
    """Reads the file, resolves the points, checks names across them; notes faults all the way."""

    def __init__(self, text: str, file: str, folder: Path, faults: Faults) -> None:
        self.file, self.folder, self.faults = file, folder, faults
        self.bases: dict[str, Base | None] = {}
        self.written: set[str] = set()  # names of factors, also of those that cannot be read
        self.idle = Idle()
        self.own: Base | None = None  # that of the key `base`
        self.plain: Scenario | None = None  # the same, as it is
        self.plain_hash = ""
        tree = read_yaml(text, file, folder, faults=faults, what="a study")
        self.reading = Reading(faults)
        self.reading.register(tree)
        if isinstance(tree, Map) and "start" in tree and "factors" not in tree:
            self.reading.wrong_key("start", tree, "a study", "this is a scenario: supportsim run plays it")
            faults.raise_if_any()
        self.human: Any = StudyFile.read(tree, self.reading)
        if self.human is BAD:
            faults.raise_if_any()

    def plan(self) -> Plan:
        """All of it; ConfigError where anything is wrong."""
        human = self.human
        levels = self._levels()
        points = self._points(levels)
        self._check_metrics(points)
        compare = self._compare(levels)
        self.faults.raise_if_any()
        precision = human.precision
        first = precision.at_least if precision else human.replications or DEFAULT_REPLICATIONS
        names = {factor: tuple(str(each) for each in of) for factor, of in levels.items()}
        return Plan(
            human.name or _stem(self.file), human.question, self.file, human.seed, first, precision, names,
            self.plain, tuple(points), tuple(dict.fromkeys(m.key for m in human.metrics)), compare,
            tuple(human.outputs) if human.outputs is not None else _usual(compare, names),
        )  # fmt: skip

    # -- levels -------------------------------------------------------------------------------------------
    def _levels(self) -> dict[str, dict[Text, Any]]:
        """Bundle (or file name) by factor and level; holes are left out, and have their faults."""
        human = self.human
        found: dict[str, Any] = {CASE: human.cases} if _read(human.cases) else {}
        found |= human.factors if _read(human.factors) else {}
        if human.base is None and not self._only_files():
            self.reading.wrong(human.node(), "the key base", "the scenario that is changed", got="nothing", key="base")
        count = 1
        for levels in found.values():
            count *= max(1, len(levels)) if levels is not BAD else 1
        if count > MOST_POINTS:
            self.reading.wrong(human.node("factors"), f"at most {MOST_POINTS} points", "", f"{count} points")
            self.faults.raise_if_any()
        self.written = set(map(str, found))
        return {str(factor): levels for factor, levels in found.items() if levels is not BAD}

    def _only_files(self) -> bool:
        cases = self.human.cases
        return cases is BAD or bool(cases and all(isinstance(each, Text) or each is BAD for each in cases.values()))

    # -- points -------------------------------------------------------------------------------------------
    def _points(self, levels: dict[str, dict[Text, Any]]) -> list[Point]:
        """Every point that can be resolved."""
        found = []
        own = self.human.base
        base = self._base(own) if isinstance(own, Text) else None
        base = self.own = base if base is not None and self._sound(base) else None
        for chosen in product(*(list(of.items()) for of in levels.values())):
            names = tuple(str(level) for level, _ in chosen)
            where = self._base(chosen[0][1]) if chosen and isinstance(chosen[0][1], Text) else base
            if where is not None and not any(_damaged(value) for _, value in chosen):
                point = self._point("/".join(names) or ALONE, names, where, [v for _, v in chosen])
                found += [point] if point else []
        return found

    def _base(self, node: Text) -> Base | None:
        """The scenario file a node names, read once; None and a fault where it cannot be read."""
        if node.hole:
            return None
        if node not in self.bases:
            self.bases[node] = None
            path = self.folder / node
            shown = str(Path(self.file).parent / node)
            try:
                self.bases[node] = Base(path, shown)
            except ConfigError as error:
                inside = [fault for fault in error.faults if fault.line is not None]
                self.faults.extend(inside)
                for fault in error.faults if not inside else ():
                    self.reading.wrong(node, fault.expected, fault.hint, got=f"{node}: {fault.got}")
        return self.bases[node]

    def _sound(self, base: Base) -> bool:
        """Whether the base itself is a scenario; its faults are noted."""
        try:
            faults = Faults()
            self.plain = base.resolved(base.changed((), faults), faults)
            self.plain_hash = scenario_hash(self.plain)
            return True
        except ConfigError as error:
            self.faults.extend(error.faults)
            return False

    def _point(self, point: str, levels: tuple[str, ...], base: Base, values: list[Any]) -> Point | None:
        bundles = [value for value in values if isinstance(value, Map)]
        faults = Faults()
        try:
            root = base.changed(bundles, faults)
            faults.raise_if_any()
            idle = list(self.idle.told(base, bundles, root))
            as_is = self.plain is not None and base is self.own and not any(bundles)
            scenario = self.plain if as_is else base.resolved(root, faults)
        except ConfigError as error:
            self.faults.extend(self._at(fault, point) for fault in error.faults)
            return None
        assert scenario is not None
        number = self.plain_hash if as_is else scenario_hash(scenario)
        if not idle and any(bundles) and number == self.plain_hash:
            idle = ["all its changes together leave the base as it is"]
        return Point(point, levels, scenario, number, tuple(idle))

    def _at(self, fault: Fault, point: str) -> Fault:
        """A fault that stands in no line of the study comes of a combination: say of which."""
        if fault.file == self.file or point == ALONE:
            return fault
        hint = f"{fault.hint}; at the point {point}".removeprefix("; ")
        known = {(each.file, each.line, each.col, each.path, each.got, each.expected): each for each in self.faults}
        return known.get((fault.file, fault.line, fault.col, fault.path, fault.got, fault.expected)) or Fault(
            fault.file, fault.line, fault.col, fault.path, fault.got, fault.expected, hint
        )

    # -- names across the points --------------------------------------------------------------------------
    def _check_metrics(self, points: list[Point]) -> None:
        """Each metric and goal must be known at some point, and a goal fit the unit of its measure."""
        if not points:
            return
        known: dict[str, frozenset[str]] = {}
        for point in points:
            for selector, measures in metrics.known(point.scenario).items():
                known[selector] = known.get(selector, frozenset()) | measures
        for each in self.human.metrics if _read(self.human.metrics) else ():
            if each is not BAD and each.measure not in known.get(each.selector, ()):
                expected, hint = metrics.suggestion(each.selector, each.measure, known)
                self.reading.wrong(each.node, expected, hint, got=each.name)
        precision = self.human.precision
        for goal in precision.goals if _read(precision) else ():
            self._check_goal(goal, known)

    def _check_goal(self, goal: Goal, known: dict[str, frozenset[str]]) -> None:
        selector, measure = goal.metric.key
        parent = self.human.node("precision")
        if measure in known.get(selector, ()):
            self._fits(goal)
        elif isinstance(parent, Map):
            expected, hint = metrics.suggestion(selector, measure, known)
            self.reading.wrong_key(goal.metric.node, parent, expected, hint)

    def _fits(self, goal: Goal) -> None:
        unit = metrics.unit(goal.metric.measure)
        fitting = {"share": ("share",), "s": ("s",), "h": ("s",)}.get(unit, ("",))
        if goal.unit not in (*fitting, "%"):
            example = {"share": "0.5 points", "s": "5 s", "h": "1 h"}.get(unit, "10")
            node = self.human.node("precision")
            value = node.get(goal.metric.node, node) if isinstance(node, Map) else node
            self.reading.wrong(value, f"{example} or 2%: {goal.metric.measure} is told so", "")

    # -- compare ------------------------------------------------------------------------------------------
    def _compare(self, levels: dict[str, dict[Text, Any]]) -> Compare | None:
        asked: StudyCompare | None = self.human.compare
        if asked is None or asked is BAD or asked.against is BAD or asked.within is BAD or asked.correction is BAD:
            return None
        for factor, level in asked.against.items():
            if factor not in self.written:
                self.reading.wrong_key(factor, asked.node("against"), "a factor of this study",  # type: ignore[arg-type]
                                       nearest(factor, levels))  # fmt: skip
            elif factor in levels and level not in levels[factor]:
                self.reading.wrong(level, f"a level of {factor}", nearest(level, levels[factor]))
        others = [factor for factor in levels if factor not in asked.against]
        if asked.within is not None and self.written == levels.keys() >= asked.against.keys():
            self._check_within(asked, others)
        return Compare(tuple(others), {str(f): str(v) for f, v in asked.against.items()}, asked.correction == "holm")

    def _check_within(self, asked: StudyCompare, others: list[str]) -> None:
        """All factors but those under `against` must stand there: what is shared is said, not guessed."""
        assert asked.within is not None
        for node in asked.within:
            if node is not BAD and node not in others:
                near = "it stands under against" if node in asked.against else nearest(node, others)
                self.reading.wrong(node, "a factor that is not compared", near)
        missing = [factor for factor in others if factor not in asked.within]
        if missing and all(node in others for node in asked.within):
            hint = "points that are compared share every other factor; within may be left out"
            self.reading.wrong(asked.node("within"), "every factor that is not under against: add "
                               + ", ".join(missing), hint)  # fmt: skip


def _read(value: Any) -> bool:
    """Whether a key is written and could be read."""
    return value is not None and value is not BAD


def _damaged(value: Any) -> bool:
    """Whether something in a bundle could not be read, of which a fault has been told."""
    if isinstance(value, Map):
        return value.hole or any(_damaged(part) for part in (*value.keys(), *value.values()))
    if isinstance(value, Seq):
        return value.hole or any(_damaged(part) for part in value)
    return value is BAD or bool(getattr(value, "hole", False))


def _usual(compare: Compare | None, levels: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What is written where `outputs` does not say."""
    tables = ("replications.csv", "summary.csv", "points.csv")
    figure = ("interaction",) if len(levels) > 1 else ("lines",) if levels else ()
    return (*tables, "table.tex", *(("differences.csv", "forest") if compare else ()), *figure)


def _stem(file: str) -> str:
    """The name of a file as the name of its study, if it can be one."""
    try:
        return name(Path(file).stem)
    except Wrong:
        return "study"
