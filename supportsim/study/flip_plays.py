"""Inputs that change what happens at the desk: options played again with them at other values (docs/model.md, 13).

What a plan asks for (`asks`) and how many customers of a segment are on it, at half and at twice what is stated; where
the better option changes within that, a few values more say where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from supportsim.scenario.model import PlanShare, Scenario, Segment
from supportsim.scenario.offers import plans_of
from supportsim.study.compare import Play
from supportsim.study.comparison import Comparison, Option
from supportsim.study.flip_inputs import SHARE, Flip, Tried, change, inputs, left
from supportsim.study.result import Result

#: How far from the stated value an input is tried, and how often a range in which the better one changes is halved.
FACTORS, HALVINGS = (0.5, 2.0), 3


class Varied(NamedTuple):
    """An input, whose it is, and its stated value in the options that have it; `put` sets it in a scenario."""

    input: str
    of: str
    stated: float
    put: Callable[[Scenario, float], Scenario]


def with_plays(comparison: Comparison, play: Play) -> Comparison:
    """The comparison with every such input tried; options with a resized roster are left out.

    play: as of `compare`.  After Ctrl-C, what was tried until then.
    """
    known = [option for option in comparison.others if not option.resized_from and inputs(comparison, option)]
    bench = _Bench(comparison, play)
    found: list[Flip] = []
    try:
        for varied in varying([each.result.scenario for each in (comparison.base, *known)] if known else []):
            found += [bench.flip(varied, option) for option in known]
    except KeyboardInterrupt:
        return replace(comparison, tried=tuple(found), interrupted=True)
    return replace(comparison, tried=tuple(found))


def varying(scenarios: list[Scenario]) -> list[Varied]:
    """What is tried of these: `asks` of each plan somebody is on, and shares of plans where a segment has several."""
    every = [each for scenario in scenarios for each in (*_asks(scenario), *_shares(scenario))]
    found: dict[tuple[str, str], Varied] = {}
    for each in every:
        found.setdefault((each.input, each.of), each)
    return list(found.values())


def _asks(scenario: Scenario) -> Iterator[Varied]:
    used = {plan.name: plan for segment in scenario.segments for plan, _ in plans_of(scenario, segment.name)}
    for name, plan in used.items():
        if plan.steps and plan.asks:
            yield Varied("asks", name, plan.asks, partial(_asking, name=name))


def _asking(scenario: Scenario, value: float, name: str) -> Scenario:
    """The scenario with `asks` of a plan at a value; itself where it has no such plan or that value already."""
    plans = tuple(replace(plan, asks=value) if plan.name == name else plan for plan in scenario.plans)
    return scenario if plans == scenario.plans else replace(scenario, plans=plans)


def _shares(scenario: Scenario) -> Iterator[Varied]:
    """Of each segment on several plans the shares of all but the first: of two one says all."""
    for segment in scenario.segments:
        for own in segment.plans[1:] if any(0 < each.share < 1 for each in segment.plans) else ():
            of = f"{segment.name} {own.plan}"
            yield Varied("share", of, own.share, partial(_taking, segment=segment.name, plan=own.plan))


def _taking(scenario: Scenario, value: float, segment: str, plan: str) -> Scenario:
    """So many customers of a segment on a plan, the others on theirs in the same proportions as before."""
    segments = tuple(_taken(each, plan, value) if each.name == segment else each for each in scenario.segments)
    return scenario if segments == scenario.segments else replace(scenario, segments=segments)


def _taken(segment: Segment, plan: str, value: float) -> Segment:
    own = {each.plan: each.share for each in segment.plans}
    if len(own) < 2 or own.get(plan, value) == value or own[plan] == 1:
        return segment
    scale = (1 - value) / (1 - own[plan])
    shares = tuple(PlanShare(name, value if name == plan else share * scale) for name, share in own.items())
    return replace(segment, plans=shares)


class _Bench:
    """Plays each option with each value once, however many pairs ask for it."""

    def __init__(self, comparison: Comparison, play: Play) -> None:
        self.comparison, self.play = comparison, play
        self.played: dict[tuple[str, str, str, float], Result] = {}

    def flip(self, varied: Varied, option: Option) -> Flip:
        """One input of one option: at the ends of its range and as stated, then nearer where the sign changes."""
        values = sorted({varied.stated, *(min(1.0, factor * varied.stated) for factor in FACTORS)})
        tried = {value: self._at(varied, option, value) for value in values}
        for _ in range(HALVINGS):
            found = _flip(varied, option, tried)
            if not found.flips:
                return found
            low, high = found.between[0]
            tried[(low + high) / 2] = self._at(varied, option, (low + high) / 2)
        return _flip(varied, option, tried)

    def _at(self, varied: Varied, option: Option, value: float) -> Tried:
        base, other = (self._result(varied, each, value) for each in (self.comparison.base, option))
        return Tried(value, change(self.comparison, left(base, other), left(other, base)))

    def _result(self, varied: Varied, option: Option, value: float) -> Result:
        """As it is where the stated value is asked for or the option has no such input, else played."""
        scenario = option.result.scenario if value == varied.stated else varied.put(option.result.scenario, value)
        key = (option.name, varied.input, varied.of, value)
        if scenario is option.result.scenario:
            return option.result
        if key not in self.played:
            found = self.play(f"{option.name} with {varied.input} of {varied.of} {100 * value:g} %", scenario)
            if found.interrupted or not found.n:
                raise KeyboardInterrupt
            self.played[key] = found
        return self.played[key]


def _flip(varied: Varied, option: Option, tried: dict[float, Tried]) -> Flip:
    every = tuple(tried[value] for value in sorted(tried))
    return Flip(option.name, varied.input, varied.of, SHARE, varied.stated, every, played=True)
