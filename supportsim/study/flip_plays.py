"""Inputs that change what happens at the desk: options played again with them at other values (docs/model.md, 13).

What a plan asks for (`asks`) and how many customers of a segment are on it, at half and at twice what each of the two
options states; where the better one changes within that, a few values more say where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from supportsim.scenario.model import Scenario
from supportsim.scenario.offers import plans_of
from supportsim.study.best import Best, Sides, along
from supportsim.study.compare import Play
from supportsim.study.comparison import Comparison, Floats, Option, common
from supportsim.study.flip_inputs import TIMES, Flip, Tried, change, is_known, left
from supportsim.study.result import Result
from supportsim.study.uncertain import Change, of_plan, take_up
from supportsim.study.words import several

#: Times what is stated an input is tried, and how often a range in which the better one changes is halved.
FACTORS, HALVINGS = (0.5, 2.0), 3


class Varied(NamedTuple):
    """An input and whose it is; `own`: what a scenario states of it, 0 if nothing; `change`: of `uncertain`."""

    input: str
    of: str
    own: Callable[[Scenario], float]
    change: Change


def with_plays(comparison: Comparison, play: Play) -> Comparison:
    """The comparison with every such input tried, and notes on options for which none can be.

    play: as of `compare`.  Options with a resized roster are left out.  After Ctrl-C, what was tried until then.
    """
    others = [option for option in comparison.others if not option.resized_from]
    tasks = {option.name: [] if why_not(comparison, option) else _both(comparison, option) for option in others}
    notes = tuple(_note(comparison, option) for option in others if not tasks[option.name])
    bench = _Bench(comparison, play)
    found: list[Flip] = []
    led: list[Best] = []
    stopped = False
    try:
        for option in others:
            found += [bench.flip(varied, option) for varied in tasks[option.name]]
        sides = Sides(comparison, [comparison.base, *others])
        every = varying([result.scenario for result in sides.results.values()]) if sides.can_tell else []
        led += [bench.best(varied, sides) for varied in every]
    except KeyboardInterrupt:
        stopped = True
    failed = tuple(bench.failed())
    return replace(
        comparison, tried=tuple(found), led=tuple(led), notes=(*comparison.notes, *notes, *failed),
        interrupted=comparison.interrupted or stopped, tried_whole=not failed,
    )  # fmt: skip


def _both(comparison: Comparison, option: Option) -> list[Varied]:
    return varying([each.result.scenario for each in (comparison.base, option)])


def _note(comparison: Comparison, option: Option) -> str:
    why = why_not(comparison, option) or "nobody's plan asks for anything, and no segment is on several plans"
    return f"{option.name} was not played again with other values of inputs: {why}"


def why_not(comparison: Comparison, option: Option) -> str:
    """Why it cannot be told which of base and option leaves more; "" where it can."""
    if is_known(comparison, option):
        return ""
    if not common(comparison.base.result, option.result):
        return f"it has no replication finished in common with {comparison.base.name}"
    found = [f"{segment} in {each.name}" for each in (comparison.base, option) for segment in _unknown(each)]
    return f"contribution is not known, since what these bring is not: {', '.join(found) or 'all customers'}"


def _unknown(option: Option) -> list[str]:
    """Segments of which margin or prices of plans are not known."""
    known = option.result.yardstick.customers.known
    return [segment.name for i, segment in enumerate(option.result.scenario.segments) if not known[i].all()]


def varying(scenarios: list[Scenario]) -> list[Varied]:
    """What is tried of these: `asks` of each plan somebody is on, and shares of plans where a segment has several."""
    every = [each for scenario in scenarios for each in (*_asks(scenario), *_shares(scenario))]
    found: dict[tuple[str, str], Varied] = {}
    for each in every:
        found.setdefault((each.input, each.of), each)
    return list(found.values())


def _used(scenario: Scenario) -> dict[str, float]:
    """What each plan that somebody is on asks for."""
    used = (plan for segment in scenario.segments for plan, share in plans_of(scenario, segment.name) if share)
    return {plan.name: plan.asks for plan in used if plan.steps and plan.asks}


def _asks(scenario: Scenario) -> Iterator[Varied]:
    for name in _used(scenario):
        yield Varied("asks", name, partial(_asked, name=name), partial(of_plan, name=name, field="asks"))


def _asked(scenario: Scenario, name: str) -> float:
    return _used(scenario).get(name, 0.0)


def _shares(scenario: Scenario) -> Iterator[Varied]:
    """Of each segment on several plans the shares of all but the first: of two one says all."""
    for segment in scenario.segments:
        for own in (each for each in segment.plans[1:] if 0 < each.share < 1):
            took = partial(_took, segment=segment.name, plan=own.plan)
            change = partial(take_up, name=segment.name, plan=own.plan)
            yield Varied("share", f"{segment.name} {own.plan}", took, change)


def _took(scenario: Scenario, segment: str, plan: str) -> float:
    """The share of a segment's customers on a plan; 0 where all of them are: others would have to be on something."""
    own = {each.plan: each.share for of in scenario.segments if of.name == segment for each in of.plans}
    share = own.get(plan, 0.0)
    return share if share < 1 else 0.0


class _Bench:
    """Plays each option with each value once, however many pairs ask for it."""

    def __init__(self, comparison: Comparison, play: Play) -> None:
        self.comparison, self.play = comparison, play
        self.played: dict[tuple[str, str, str, float], Result] = {}

    def failed(self) -> Iterator[str]:
        """Of which plays replications failed."""
        for (name, what, of, value), result in self.played.items():
            if result.failed:
                lost = several(len(result.failed), "replication")
                yield f"{_played(name, what, of, value)}: {lost} failed, and what is told of it rests on the others"

    def flip(self, varied: Varied, option: Option) -> Flip:
        """One input of one option: at the ends of its range and as stated, then nearer where the sign changes."""
        tried = {factor: self._at(varied, option, factor) for factor in self._factors(varied, option)}
        for _ in range(HALVINGS):
            found = _flip(varied, option, tried)
            if not found.flips:
                return found
            low, high = found.between[0]
            tried[(low + high) / 2] = self._at(varied, option, (low + high) / 2)
        return _flip(varied, option, tried)

    def best(self, varied: Varied, sides: Sides) -> Best:
        """Of all options the best one: at the ends of the range and as stated, then nearer where another one is."""
        tried = {factor: self._left(varied, sides, factor) for factor in self._factors(varied, *sides.options)}
        for _ in range(HALVINGS):
            found = along(sides, (varied.input, varied.of, TIMES), 1.0, tried, played=True)
            for turn in found.turns:
                middle = (turn.low + turn.high) / 2
                tried[middle] = self._left(varied, sides, middle)
            if not found.turns:
                return found
        return along(sides, (varied.input, varied.of, TIMES), 1.0, tried, played=True)

    def _left(self, varied: Varied, sides: Sides, factor: float) -> dict[str, Floats]:
        """What each option leaves with what it states itself, times the factor."""
        return sides.left_of({each.name: self._result(varied, each, factor) for each in sides.options})

    def _factors(self, varied: Varied, *options: Option) -> list[float]:
        """The range, no further up than where all are at 100 %."""
        stated = [varied.own(each.result.scenario) for each in (self.comparison.base, *options)]
        most = 1 / min(own for own in stated if own)
        return sorted({1.0, *(min(most, factor) for factor in FACTORS)})

    def _at(self, varied: Varied, option: Option, factor: float) -> Tried:
        """Both with what each of them states, times the factor: one that changes the input keeps its change."""
        base, other = (self._result(varied, each, factor) for each in (self.comparison.base, option))
        return Tried(factor, change(self.comparison, left(base, other), left(other, base)))

    def _result(self, varied: Varied, option: Option, factor: float) -> Result:
        """As it is where that is what is stated or the option has no such input, else played."""
        scenario = option.result.scenario
        own = varied.own(scenario)
        value = min(1.0, factor * own)
        if value == own:
            return option.result
        key = (option.name, varied.input, varied.of, value)
        if key not in self.played:
            found = self.play(_played(*key), varied.change(scenario, factor))
            if found.interrupted or not found.n:
                raise KeyboardInterrupt
            self.played[key] = found
        return self.played[key]


def _played(name: str, what: str, of: str, value: float) -> str:
    """What is played, in words."""
    return f"{name} with {what} of {of} {100 * value:.4g} %"


def _flip(varied: Varied, option: Option, tried: dict[float, Tried]) -> Flip:
    every = tuple(tried[factor] for factor in sorted(tried))
    return Flip(option.name, varied.input, varied.of, TIMES, 1.0, every, played=True)
