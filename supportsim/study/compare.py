"""Plays options on the same customers: each with the same seed and replication numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from supportsim.engine.clocks import Engine
from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import leaves
from supportsim.study import arguments
from supportsim.study.comparison import Comparison, Key, Option, values
from supportsim.study.metrics import Incomparable, by_default, named
from supportsim.study.resize import resized, same_roster
from supportsim.study.result import Result

Options = Mapping[str, Scenario] | Iterable[Scenario]
#: Plays one option: its name in words, and the scenario.
Play = Callable[[str, Scenario], Result]
#: Said of an option that has the roster of the base and less or more to do, after its name.
RESIZED = ", roster resized by work"


def compare(
    options: Options,
    replications: int = 30,
    seed: int = 1,
    jobs: int | Literal["auto"] = 1,
    metrics: Sequence[str] = (),
    resize: bool = True,
    engine: Engine = "auto",
    keep_journal: bool = True,
    play: Play | None = None,
) -> Comparison:
    """Play all options and compare each with the first, replication by replication.

    options: scenarios, or name -> scenario; at least two, of the same counted time and currency, names of their own.
    metrics: `selector.measure` each, the measures that share one Holm adjustment (default: `metrics.by_default`).
    resize: an option with the roster of the base, but less or more to do, is played once more with its roster resized
    by work (docs/model.md, section 11).
    play: plays one option (name, scenario); by default `run` with the other arguments.

    Ctrl-C ends it and keeps what is finished (`Comparison.interrupted`).  Raises Incomparable (a ValueError) for
    options that cannot be compared and for unknown metrics, TypeError as `run` does, KeyboardInterrupt where nothing
    is finished.
    """
    chosen = comparable(options)
    if len(chosen) < 2:
        raise Incomparable("a comparison needs a base and at least one other option")
    whose = _player(replications, seed, jobs, engine, keep_journal) if play is None else play
    wanted = named(list(chosen.values()), metrics) if metrics else by_default(list(chosen.values()))
    table = _Table(whose)
    for name, scenario in chosen.items():
        table.play(name, scenario)
    if not table.played:
        raise KeyboardInterrupt
    notes = _resize(table) if resize and table.goes_on else []
    done = {option.name for option in table.played}
    return Comparison(
        _sorted(table.played, list(chosen)), wanted, tuple(name for name in chosen if name not in done),
        tuple(notes), interrupted=not table.goes_on,
    )  # fmt: skip


class _Table:
    """Options as they are played; after Ctrl-C nothing more is."""

    def __init__(self, whose: Play) -> None:
        self.whose = whose
        self.played: list[Option] = []
        self.goes_on = True

    def play(self, name: str, scenario: Scenario, resized_from: str = "") -> None:
        """One more option, unless the user has stopped."""
        if not self.goes_on:
            return
        try:
            found = self.whose(name, scenario)
        except KeyboardInterrupt:
            self.goes_on = False
            return
        self.goes_on = not found.interrupted
        if found.n:
            self.played.append(Option(name, found, resized_from))


def _player(replications: int, seed: int, jobs: int | Literal["auto"], engine: Engine, keep_journal: bool) -> Play:
    from supportsim.study.run import run

    def play(name: str, scenario: Scenario) -> Result:
        return run(scenario, replications, seed, jobs, engine=engine, keep_journal=keep_journal)

    return play


def comparable(options: Options) -> dict[str, Scenario]:
    """Name -> scenario.  Raises Incomparable where names are not their own, or differences would mean nothing."""
    found = _named(options)
    _check(found)
    return found


def _named(options: Options) -> dict[str, Scenario]:
    """Name -> scenario; names are the scenarios' own where none are given."""
    if isinstance(options, Mapping):
        return {str(name): arguments.scenario(scenario) for name, scenario in options.items()}
    found: dict[str, Scenario] = {}
    for scenario in options:
        name = arguments.scenario(scenario).name
        if name in found:
            raise Incomparable(f"two options are named {name!r}: give each a name of its own")
        found[name] = scenario
    return found


def _check(options: Mapping[str, Scenario]) -> None:
    """Raise Incomparable where differences would mean nothing."""
    (first, base), *others = options.items()
    for name, scenario in others:
        for what, mine, theirs in (
            ("counted time", _counted(base), _counted(scenario)),
            ("currency", base.currency or "none", scenario.currency or "none"),
            ("feedback", _feedback(base), _feedback(scenario)),
        ):
            if mine != theirs:
                raise Incomparable(f"{what} of {name!r} is {theirs}, of {first!r} {mine}: they cannot be compared")


def _feedback(scenario: Scenario) -> str:
    """With it customers leave in the play, without it that is expected: contributions of both are not of one kind."""
    return "on" if any(leaves(scenario)) else "off"


def _counted(scenario: Scenario) -> str:
    from supportsim.scenario.ticks import DAY
    from supportsim.study.words import duration

    times = scenario.times
    length = duration(times.length_days * DAY + times.length_ticks)
    return f"{length} from {times.start.isoformat()}, {times.zone}"


def _resize(table: _Table) -> list[str]:
    """Options with the roster of the base once more with it resized by work; notes on those it does not change."""
    base, *others = table.played
    notes = []
    for option in others:
        if not same_roster(base.result.scenario, option.result.scenario):
            continue
        scenario = resized(option.result.scenario, _factors(base.result, option.result))
        if scenario is option.result.scenario:
            notes.append(f"{option.name}: resized by its work, in whole people, its roster would be the one it has")
        else:
            table.play(option.name + RESIZED, scenario, option.name)
    return notes


def _sorted(played: Sequence[Option], names: Sequence[str]) -> tuple[Option, ...]:
    """Each option, then what was made of it."""
    return tuple(sorted(played, key=lambda o: (names.index(o.resized_from or o.name), bool(o.resized_from))))


def _factors(base: Result, option: Result) -> dict[str, float]:
    """Work of the option by work of the base, by team; means over the replications that both finished."""
    found = {}
    for team in base.scenario.teams:
        key: Key = (team.name, "busy_agents")
        before, after = values(base, key, option).mean(), values(option, key, base).mean()
        found[team.name] = float(after / before) if before > 0 else 1.0
    return found
