"""Levels against value: what a segment could be offered with the channels there are, each level played and priced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from supportsim.engine.clocks import Engine
from supportsim.scenario import thinning
from supportsim.scenario.errors import ConfigError, nearest
from supportsim.scenario.load import Changes, load
from supportsim.scenario.model import Plan, Scenario
from supportsim.scenario.offers import plans_of, segment_named
from supportsim.study.compare import Play, compare
from supportsim.study.comparison import Comparison

if TYPE_CHECKING:
    import pandas as pd

AS_IT_IS = "as it is"
NOT_STAFFED = "not staffed"
#: What the language says where no team serves a channel that a plan leads to.
_NOBODY = "a team that serves"


class NoLadder(ValueError):  # noqa: N818 - reads as what is wrong
    """There are no levels that this segment could be offered."""


class Level(NamedTuple):
    """One thing that a segment could be offered: a plan of the file, or one made of channels.

    plan: its name in the file, "" for one that is made.  channels: in the order in which they are tried.
    """

    name: str
    channels: tuple[str, ...]
    plan: str = ""


class Rung(NamedTuple):
    """A level and the scenario in which the segment has it; None and why where that cannot be played."""

    level: Level
    scenario: Scenario | None
    why: str = ""


# -- the levels -----------------------------------------------------------------------------------------------
def nothing(scenario: Scenario) -> Iterator[Level]:
    """No support at all."""
    yield Level("none", ())


def alone(scenario: Scenario) -> Iterator[Level]:
    """Each channel by itself."""
    for channel in scenario.channels:
        yield Level(channel.name, (channel.name,))


def live_then_deferred(scenario: Scenario) -> Iterator[Level]:
    """Each live channel, and after it the first deferred one."""
    later = next((channel.name for channel in scenario.channels if channel.kind == "deferred"), None)
    for channel in scenario.channels:
        if channel.kind == "live" and later is not None:
            yield Level(f"{channel.name}, then {later}", (channel.name, later))


def declared(scenario: Scenario) -> Iterator[Level]:
    """Each plan of the file."""
    for plan in scenario.plans:
        yield Level(f"plan {plan.name}", tuple(step.channel for step in plan.steps), plan.name)


#: Every kind of level, in the order in which they are played; another kind is another function here.
LEVELS: tuple[Callable[[Scenario], Iterator[Level]], ...] = (nothing, alone, live_then_deferred, declared)


def levels_of(scenario: Scenario, segment: str) -> list[Level]:
    """All levels of a segment but the one it has, each once.  Raises NoLadder where no plan says where it begins."""
    known = [each.name for each in scenario.segments]
    if segment not in known:
        raise NoLadder(f"no segment is named {segment!r}; {nearest(segment, known)}")
    own = [source for source in thinning.sources(scenario, "segment", segment) if source.channel is None]
    if not own:
        raise NoLadder(f"no issue of {segment!r} begins by plan: streams name its channels, and keep them")
    seen = {_offer(scenario, segment)}
    found = []
    for level in (each for make in LEVELS for each in make(scenario)):
        signature = (_meant(scenario, segment, level),)
        if signature not in seen:
            seen.add(signature)
            found.append(level)
    return found


_Signature = tuple[tuple[tuple[str, float], ...], float, float, float, float]


def _signed(plan: Plan, share: float) -> _Signature:
    return tuple((step.channel, step.share) for step in plan.steps), plan.asks, plan.issues, plan.price, share


def _offer(scenario: Scenario, segment: str) -> tuple[_Signature, ...]:
    """What the segment has, so that a level that is the same is not played twice."""
    return tuple(_signed(plan, share) for plan, share in plans_of(scenario, segment))


def _meant(scenario: Scenario, segment: str, level: Level) -> _Signature:
    """What a level is: a plan of the file as it stands, else the channels with all else as the segment has it."""
    if level.plan:
        return _signed(next(plan for plan in scenario.plans if plan.name == level.plan), 1.0)
    asks, issues, price = _kept(scenario, segment)
    return tuple((name, float(not i)) for i, name in enumerate(level.channels)), asks, issues, price, 1.0


def _kept(scenario: Scenario, segment: str) -> tuple[float, float, float]:
    """asks, issues and price of the plan the segment is on; those of a plain plan where it is on several."""
    plans = plans_of(scenario, segment)
    return (plans[0][0].asks, plans[0][0].issues, plans[0][0].price) if len(plans) == 1 else (1.0, 1.0, 0.0)


# -- as changes of the file -----------------------------------------------------------------------------------
def changes_of(scenario: Scenario, segment: str, level: Level) -> list[tuple[str, str]]:
    """The changes, path and text as --set takes them, that put a segment on a level."""
    if level.plan:
        return [(f"segments.{segment}.plan", level.plan)]
    name = _unused(scenario, f"{segment}_{'_'.join(level.channels) or 'nothing'}")
    asks, issues, price = _kept(scenario, segment)
    text = f"{{channels: [{', '.join(level.channels)}], asks: {100 * asks:.15g}%, issues: x {issues:.15g}"
    return [(f"plans.{name}", f"{text}, price: {price:.15g}/month}}"), (f"segments.{segment}.plan", name)]


def _unused(scenario: Scenario, name: str) -> str:
    """A name that nothing has yet."""
    kinds = (scenario.segments, scenario.topics, scenario.channels, scenario.plans, scenario.teams)
    taken = {each.name for kind in kinds for each in kind}
    name = name[:90]
    while name in taken:
        name += "_"
    return name


def rung(file: str | Path, changes: Changes, scenario: Scenario, chosen: Mapping[str, Level], name: str) -> Rung:
    """Segments on levels as a scenario, read as any file; not staffed where no team serves a channel of a level.

    name: of the rung.  Raises ConfigError where the file cannot have it for another reason.
    """
    level = next(iter(chosen.values()))._replace(name=name)
    pairs = [*(changes.items() if isinstance(changes, Mapping) else changes)]
    for segment, each in chosen.items():
        pairs += changes_of(scenario, segment, each)
    try:
        found = load(file, pairs)
    except ConfigError as error:
        if all(_NOBODY in fault.expected for fault in error.faults):
            return Rung(level, None, NOT_STAFFED)
        raise
    staffed = all(_is_staffed(found, segment, each) for segment, each in chosen.items())
    return Rung(level, found) if staffed else Rung(level, None, NOT_STAFFED)


def _is_staffed(scenario: Scenario, segment: str, level: Level) -> bool:
    """Whether each channel of the level is served by a team with people, or as which people work at times."""
    people = {
        team.name: sum([team.agents or 0, *(each.agents for each in team.shifts), *(n for _, n in team.heads or ())])
        for team in scenario.teams
    }
    for activity in (each for team in scenario.teams for each in team.activities if people[team.name]):
        if activity.works_as is not None:
            people[activity.works_as] += activity.agents
    own = [queue for queue in scenario.queues if queue.segment == segment and queue.channel in level.channels]
    return all(any(people[name] for pool in queue.teams for name in pool) for queue in own)


# -- played ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Ladder:
    """What a segment could be offered: option of `comparison` -> level, and the levels that cannot be played.

    The base is the scenario as it is; an option with less or more work stands there once more with its roster resized.
    """

    segment: str
    comparison: Comparison
    levels: dict[str, Level]
    left_out: tuple[Rung, ...] = ()

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each level, roster, and measure; see `study.ladder_table`."""
        from supportsim.study.ladder_table import ladder_rows

        return ladder_rows(self)

    def verdict(self) -> list[str]:
        """What a manager reads: what each level costs, keeps and loses, and what it does to the others."""
        from supportsim.study.ladder_words import sentences

        return sentences(self)

    def write(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Write the folder of a comparison with ladder.csv beside it; returns its path.  Raises ResultExists."""
        from supportsim.study.comparison_folder import fill as fill_comparison
        from supportsim.study.folder import put, write_csv

        def fill(fresh: Path) -> None:
            fill_comparison(self.comparison, fresh, self.verdict())
            write_csv(self.table, fresh / "ladder.csv")

        return put(folder, fill, overwrite)


def rungs(file: str | Path, segment: str, changes: Changes = (), only: Sequence[str] = ()) -> list[Rung]:
    """The scenario as it is, then every level of a segment (or those named).  Raises as `ladder`."""
    scenario = load(file, changes)
    levels = levels_of(scenario, segment)
    for name in only:
        if name not in (known := [level.name for level in levels]):
            raise NoLadder(f"{segment} has no level {name!r}; {nearest(name, known)}")
    if not any(each.path.startswith(f"segments.{segment}") for each in scenario.written):
        raise NoLadder(f"the file declares no segment {segment!r}: without it there is nothing to change")
    steps = ", ".join(f"{each.share:.0%} {each.plan}" for each in segment_named(scenario, segment).plans)
    base = Rung(Level(AS_IT_IS, (), steps), scenario)
    chosen = [level for level in levels if not only or level.name in only]
    return [base, *(rung(file, changes, scenario, {segment: level}, level.name) for level in chosen)]


def ladder(
    file: str | Path,
    segment: str,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    changes: Changes = (),
    levels: Sequence[str] = (),
    resize: bool = True,
    engine: Engine = "auto",
    keep_journal: bool = True,
    play: Play | None = None,
) -> Ladder:
    """Play each level that a segment could be offered, on the same customers, beside what it has.

    file: of the scenario; changes: dotted path -> text, as --set.  levels: only these, by name (default: all of
    `LEVELS`).  All other arguments as in `compare`.

    Raises ConfigError for the file and for a level that it cannot have, NoLadder (a ValueError) where there are no
    levels, and what `compare` raises.
    """
    return played(rungs(file, segment, changes, levels), segment, lambda options: compare(
        options, replications, seed, jobs, (), resize, engine, keep_journal, play
    ))  # fmt: skip


def played(found: Sequence[Rung], segment: str, play: Callable[[dict[str, Scenario]], Comparison]) -> Ladder:
    """The levels that can be played, played.  Raises NoLadder where none can."""
    options = {each.level.name: each.scenario for each in found if each.scenario is not None}
    if len(options) < 2:
        raise NoLadder(f"nobody is there to serve {segment!r} in any other way")
    return Ladder(
        segment, play(options), {each.level.name: each.level for each in found if each.scenario is not None},
        tuple(each for each in found if each.scenario is None),
    )  # fmt: skip
