"""From the tree of a scenario file to the resolved Scenario: read, name, fill in, check, build."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from supportsim.scenario import resolve_checks as checks
from supportsim.scenario import resolve_demand as demand
from supportsim.scenario import resolve_desk as desk_rules
from supportsim.scenario import resolve_teams as staff
from supportsim.scenario import resolve_time as time
from supportsim.scenario.errors import ConfigError, Faults
from supportsim.scenario.model import Scenario, Times
from supportsim.scenario.nodes import Map
from supportsim.scenario.resolve_files import Files
from supportsim.scenario.resolve_names import Desk, take_names
from supportsim.scenario.schema import Human
from supportsim.scenario.schema_base import BAD, Hole, Reading, solid
from supportsim.scenario.units import Wrong, name


def resolve(tree: Map, file: str, folder: Path, faults: Faults) -> Scenario:
    """The scenario a tree means; ConfigError with all faults if it means none."""
    reading = Reading(faults)
    reading.register(tree)
    human = Human.read(tree, reading)
    scenario = None
    try:
        with suppress(Hole):
            scenario = _build(Desk(human, reading, folder), file)
    except ConfigError:
        raise
    except Exception:
        faults.raise_if_any()  # where faults are known, what else goes wrong comes of them
        raise
    faults.raise_if_any()
    if scenario is None:
        raise AssertionError("a scenario that cannot be built has no fault")
    return scenario


def _build(desk: Desk, file: str) -> Scenario:
    human = desk.human
    take_names(desk)
    times: Times | None = None
    with desk.passing():
        times = solid(time.times(desk))
    time.time_defaults(desk)
    grain = 0
    with desk.passing():
        grain = time.interval(desk)
    files = Files(desk, times)
    parts: dict[str, Any] = dict.fromkeys(("segments", "plans", "topics", "streams", "teams"), ())
    with desk.passing():
        parts["profiles"] = files.all_profiles()
    with desk.passing():
        parts["plans"] = demand.plans(desk)
    with desk.passing():
        parts["segments"] = demand.segments(desk, parts["plans"])
    parts["topics"] = demand.topics(desk)
    parts["streams"] = demand.streams(desk, files)
    parts["channels"] = ()
    with desk.passing():
        if not human.channels:
            human.wrong("channels", "at least one channel", got="none")
        parts["channels"] = desk_rules.channels(desk)
    where = []
    with desk.passing():
        where = desk_rules.spots(desk, parts["streams"], parts["plans"], parts["segments"])
    with desk.passing():
        parts["busyness"] = demand.busyness(desk)
    parts["teams"] = staff.teams(desk, where)
    queues: tuple[Any, ...] = ()
    classes: tuple[str, ...] = ()
    with desk.passing():
        queues, classes = desk_rules.queues(desk, where)
    with desk.passing():
        parts["promises"] = desk_rules.promises(desk, where)
    with desk.passing():
        parts["required"] = files.required(human.required) if human.required is not None else ()
    with desk.passing():
        parts["actuals"] = files.actuals(human.actuals) if human.actuals is not None else None
    routing = human.routing
    if len(desk.reading.faults) == 0:
        assert times is not None
        scenario = Scenario(
            name=human.name or _stem(file),
            title=human.title,
            times=times,
            currency=human.currency or "",
            interval=grain,
            queues=queues,
            classes=classes,
            policy=routing.policy if routing is not None else "priority",
            source=file,
            **parts,
        )
    else:
        scenario = BAD
    checks.check(desk, scenario, where, queues, parts)
    desk.reading.faults.raise_if_any()
    if human.name is None:
        desk.default(f"name: {scenario.name}, from the file's name")
    if routing is None or "policy" not in routing._node:
        desk.default("routing.policy: priority")
    from dataclasses import replace

    return replace(scenario, defaults=tuple(desk.defaults), notes=tuple(desk.notes))


def _stem(file: str) -> str:
    """The name of a file as the name of its scenario, if it can be one."""
    stem = Path(file).stem
    try:
        return name(stem)
    except Wrong:
        return "scenario"
