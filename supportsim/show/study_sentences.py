"""What a study found, in sentences: one for each comparison and metric, none of them surer than the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from supportsim.scenario.model import Scenario
from supportsim.show import study_words as words
from supportsim.study.estimate import CONFIDENCE
from supportsim.study.study import StudyResult
from supportsim.study.study_pairs import Comparison
from supportsim.study.words import MOST, several


def who(each: Comparison) -> str:
    """`load low: policy priority against fifo`."""
    shared = ", ".join(f"{factor} {level}" for factor, level in each.within.items())
    return f"{shared}: {what(each)}" if shared else what(each)


def what(each: Comparison) -> str:
    """Only what differs: `policy priority against fifo`."""
    mine, theirs = _own_levels(each)
    return f"{mine} against {theirs}"


def _own_levels(each: Comparison) -> tuple[str, str]:
    shared = list(each.within.values())
    levels = [list(point.levels) for point in (each.point, each.against)]
    for level in shared:
        for own in levels:
            own.remove(level)
    return ("/".join(levels[0]), "/".join(levels[1])) if levels[0] else (each.point.name, each.against.name)


def sentence(each: Comparison) -> str:
    """One comparison of one metric: the two means, their paired difference with its interval, what may be said."""
    gap, currency = each.difference, each.point.scenario.currency
    if not gap.change.n:
        return f"{who(each)}: no replication has a value at both"
    old, new = (words.value(mean, each.measure, currency) for mean in (gap.base.mean, gap.other.mean))
    return f"{who(each)}: {old} → {new}; {finding(each)}"


def finding(each: Comparison) -> str:
    """`higher by 2.1 points (1.4 to 2.8)`, or why nothing may be said."""
    change, currency = each.difference.change, each.point.scenario.currency
    if each.verdict == "no difference":
        return "the same in every replication"
    ends = words.interval(change.low, change.high, each.measure, currency)
    how_much = words.amount(change.mean, each.measure, currency)
    if each.verdict in ("higher", "lower"):
        return f"{each.verdict} by {how_much} ({ends})"
    needed = f"perhaps n = {each.to_decide}" if each.to_decide else f"not even n = {MOST}"
    moved = words.signed(change.mean, each.measure, currency)
    if change.n < 2:
        return f"too close to call: {moved} in one replication"
    alone = each.difference.p <= 1 - CONFIDENCE
    many = f" among {each.family} comparisons (alone it would not be)" if alone else ""
    return f"too close to call{many}: {moved} ({ends}); {needed} would decide"


def family(result: StudyResult, found: list[Comparison]) -> str:
    """Over what was corrected."""
    if result.plan.compare is None or not any(each.difference.change.n for each in found):
        return ""
    pairs, metrics = len(found) // len(result.plan.metrics), len(result.plan.metrics)
    what = f"{several(pairs, 'comparison')} × {several(metrics, 'metric')} of this file"
    if not result.plan.compare.holm:
        return f"not corrected for their number ({what}): about one in twenty would differ by chance alone"
    return f"higher or lower: with 95 % confidence for all {found[0].family} together (Holm, {what})"


def closing(result: StudyResult) -> Iterator[str]:
    """What the numbers are, and what they are not."""
    yield "mean, known to ± half its 95 % interval; single days: 5–95 % of them; by chance alone, with these inputs"
    if any(_answers(point.scenario, selector) for point in result.plan.points for selector, _ in result.plan.metrics):
        yield "customers who heard busy or were turned away are in none of the shares answered in time"
    if result.plan.precision:
        looks = "met" if result.conducted.precise else f"NOT met with at most {result.plan.precision.at_most}"
        yield f"precision asked for: {looks}; n = {several(result.n, 'replication')} at each point"


def _answers(scenario: Scenario, selector: str) -> bool:
    """Whether a selector is a promise to answer."""
    name = selector.split(" ")[0]
    return any(promise.name == name and promise.clock == "answer" for promise in scenario.promises)


def missing(result: StudyResult) -> Iterator[str]:
    """What is not there although it was asked for."""
    conducted = result.conducted
    for (point, replication), why in sorted(conducted.failed.items())[:10]:
        yield f"{point}: replication {replication} failed: {why}"
    if len(conducted.failed) > 10:
        yield f"and {len(conducted.failed) - 10} more failed"
    if not conducted.precise and not conducted.interrupted:
        yield "; ".join(_imprecise(result))


def _imprecise(result: StudyResult) -> Iterator[str]:
    from supportsim.study.estimate import student

    precision = result.plan.precision
    assert precision is not None
    places = {key: i for i, key in enumerate(result.plan.watched)}
    for goal in precision.goals:
        halves = {
            point.name: student(values[:, places[goal.metric.key], 2]).half
            for point in result.conducted.chosen
            if len(values := result.conducted.values(point))
        }
        known = {name: half for name, half in halves.items() if not math.isnan(half)}
        if known:
            worst = max(known, key=lambda name: known[name])
            measure = goal.metric.measure
            yield f"{goal.metric.name} is known to ± {words.amount(known[worst], measure)} at {worst}, the worst point"
