"""From the tree of a scenario file to the resolved Scenario: read, name, fill in, check, build."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from supportsim.scenario import resolve_channels as live
from supportsim.scenario import resolve_checks as checks
from supportsim.scenario import resolve_demand as demand
from supportsim.scenario import resolve_queues as places
from supportsim.scenario import resolve_teams as staff
from supportsim.scenario import resolve_time as time
from supportsim.scenario.errors import ConfigError, Faults
from supportsim.scenario.model import Scenario, Times, Written
from supportsim.scenario.nodes import Map, leaves
from supportsim.scenario.resolve_defaults import say_table
from supportsim.scenario.resolve_experience import experience
from supportsim.scenario.resolve_figures import with_figures
from supportsim.scenario.resolve_files import Files
from supportsim.scenario.resolve_names import Desk, take_names
from supportsim.scenario.resolve_promises import promises
from supportsim.scenario.resolve_reserve import reserved
from supportsim.scenario.schema import Human
from supportsim.scenario.schema_base import BAD, Hole, Reading, filled, solid
from supportsim.scenario.units import Wrong, name


def resolve(tree: Map, file: str, folder: Path, faults: Faults, files: dict[Any, Any] | None = None) -> Scenario:
    """The scenario a tree means; ConfigError with all faults if it means none.  `files`: see `Reading`."""
    reading = Reading(faults, files)
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
    """Every part that can be read, then the checks across them; all faults leave together."""
    take_names(desk)
    parts = _parts(desk)
    whole = len(desk.reading.faults) == 0
    scenario = Scenario(name=desk.human.name or _stem(file), source=file, **parts) if whole else BAD
    checks.check(desk, scenario, parts)
    desk.reading.faults.raise_if_any()
    if desk.human.name is None:
        desk.default(f"name: {scenario.name}, from the file's name")
    if desk.human.routing is None or "policy" not in desk.human.routing._node:
        desk.default("routing.policy: priority")
    say_table(desk)
    written = tuple(Written(*leaf) for leaf in leaves(desk.human._node))
    return replace(scenario, defaults=tuple(desk.defaults), notes=tuple(desk.notes), written=written)


def _parts(desk: Desk) -> dict[str, Any]:
    """The fields of the scenario; what cannot be read is empty, and has its faults noted."""
    human = desk.human
    times: Times | None = desk.attempt(lambda: solid(time.times(desk)), None)
    time.time_defaults(desk)
    files = Files(desk, times)
    interval = desk.attempt(lambda: time.interval(desk), 0)
    profiles = desk.attempt(files.all_profiles, ())
    plans = desk.attempt(lambda: demand.plans(desk), ())
    segments = desk.attempt(lambda: demand.segments(desk, plans), ())
    topics = desk.attempt(lambda: demand.topics(desk), ())
    streams = demand.streams(desk, files)
    channels = desk.attempt(lambda: live.channels(desk), ())
    where = desk.attempt(lambda: places.spots(desk, streams, plans, segments), [])
    queues, classes = desk.attempt(lambda: places.queues(desk, where), ((), ()))
    queues = desk.attempt(lambda: with_figures(desk, queues, segments), queues)
    teams = staff.teams(desk, where, files)
    required, actuals, routing = human.required, human.actuals, human.routing
    return {
        "title": human.title,
        "times": times,
        "currency": filled(human.currency, ""),
        "interval": interval,
        "segments": segments,
        "topics": topics,
        "channels": channels,
        "plans": plans,
        "queues": queues,
        "teams": desk.attempt(lambda: reserved(desk, teams, queues, streams, len(queues) == len(where)), teams),
        "profiles": profiles,
        "streams": streams,
        "busyness": desk.attempt(lambda: demand.busyness(desk), None),
        "promises": desk.attempt(lambda: promises(desk, where), ()),
        "policy": desk.attempt(lambda: routing.policy if routing is not None else "priority", BAD),
        "classes": classes,
        "required": desk.attempt(lambda: files.required(required), ()) if required is not None else (),
        "actuals": desk.attempt(lambda: files.actuals(actuals), None) if actuals is not None else None,
        "experience": desk.attempt(lambda: experience(desk), None),
    }


def _stem(file: str) -> str:
    """The name of a file as the name of its scenario, if it can be one."""
    stem = Path(file).stem
    try:
        return name(stem)
    except Wrong:
        return "scenario"
