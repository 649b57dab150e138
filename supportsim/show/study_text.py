"""What `supportsim study` prints: the points before anything is played, a table for each metric afterwards."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from supportsim.measure.catalogue import is_sum
from supportsim.scenario.model import Scenario, Segment, Stream, Times
from supportsim.scenario.timeline import Timeline
from supportsim.show.volumes import Days, parts
from supportsim.study.arguments import cores
from supportsim.study.changes import changes
from supportsim.study.plan import ALONE, Plan, Point
from supportsim.study.words import several

if TYPE_CHECKING:
    from supportsim.show.tables import Columns
    from supportsim.study.study import StudyResult
    from supportsim.study.study_pairs import Comparison

WIDTH = 13
#: Seconds of one core for each issue and replication, as measured on the shipped scenarios: a guess for others.
SECONDS_PER_ISSUE, SECONDS_PER_REPLICATION = 5e-6, 3e-3


# -- before: --dry-run ------------------------------------------------------------------------------------
def lines(plan: Plan, points: tuple[Point, ...]) -> Iterator[str]:
    """Everything `--dry-run` prints about the points that would be played."""
    yield f"{'study':<{WIDTH}}{plan.name}" + (f": {plan.question}" if plan.question else "")
    yield f"{'points':<{WIDTH}}{_crossed(plan, points)}"
    yield f"{'replications':<{WIDTH}}{_replications(plan)}, seed {plan.seed} for all points"
    yield f"{'metrics':<{WIDTH}}{', '.join(f'{selector}.{measure}' for selector, measure in plan.metrics)}"
    if plan.compare:
        yield f"{'compared':<{WIDTH}}{_compared(plan)}"
    yield f"{'time':<{WIDTH}}{_time(plan, points)}"
    yield ""
    yield from _table(plan, points)
    yield from notes(points)


def _crossed(plan: Plan, points: tuple[Point, ...]) -> str:
    crossed = " × ".join(f"{factor} ({', '.join(levels)})" for factor, levels in plan.levels.items())
    different = len({point.hash for point in points})
    same = f", {different} different ones" if different < len(points) else ""
    chosen = f" of {len(plan.points)}" if len(points) < len(plan.points) else ""
    return f"{len(points)}{chosen}{same}" + (f": {crossed}" if crossed else "")


def _replications(plan: Plan) -> str:
    goals = plan.precision
    if goals is None:
        return f"{plan.replications} of each"
    wanted = ", ".join(f"{goal.metric.name}: {_goal(goal.size, goal.unit)}" for goal in goals.goals)
    return f"{goals.at_least} to {goals.at_most} of each, until half of each 95 % interval is at most {wanted}"


def _goal(size: float, unit: str) -> str:
    return {"share": f"{100 * size:g} points", "s": f"{size:g} s", "%": f"{100 * size:g} % of the mean"}.get(
        unit, f"{size:g}"
    )


def _compared(plan: Plan) -> str:
    compare = plan.compare
    assert compare is not None
    against = ", ".join(f"{factor} {level}" for factor, level in compare.against.items())
    within = f" within each {' and '.join(compare.within)}" if compare.within else ""
    number = sum(1 for _ in _pairs(plan))
    how = "Holm over" if compare.holm else "not corrected for"
    return f"every point with {against}{within}; {how} {number} comparisons × {several(len(plan.metrics), 'metric')}"


def _pairs(plan: Plan) -> Iterator[Point]:
    """Points that are compared with another one."""
    assert plan.compare is not None
    for point in plan.points:
        levels = dict(zip(plan.factors, point.levels, strict=True))
        if any(levels[factor] != level for factor, level in plan.compare.against.items()):
            yield point


def _time(plan: Plan, points: tuple[Point, ...]) -> str:
    seconds, most = 0.0, 0.0
    known: Known = {}
    for scenario in {point.hash: point.scenario for point in points}.values():
        found = issues(scenario, known)
        most = max(most, found)
        seconds += plan.replications * (SECONDS_PER_REPLICATION + SECONDS_PER_ISSUE * found)
    until = " for the first look" if plan.precision else ""
    size = f"{most:,.0f}".replace(",", " ")
    where = f"on {several(cores(), 'core')}"
    return f"about {rough(seconds / cores())}{until} {where}; a guess from {size} issues a replication"


#: (stream at volume 1, times, customers) -> expected issues: points seldom differ in more than the volume
Known = dict[tuple[Stream, Times, tuple[Segment, ...]], float]


def issues(scenario: Scenario, known: Known) -> float:
    """Expected issues in the time played."""
    timeline = Timeline(scenario.times)
    days: Days = {}
    total = 0.0
    for stream in scenario.streams:
        plain = replace(stream, volume=1.0)
        key = (plain, scenario.times, scenario.segments)
        if key not in known:
            found = parts(scenario, timeline, plain, (0, timeline.end), days)
            known[key] = sum(sum(part.arising) for part in found)
        total += stream.volume * known[key]
    return total


def rough(seconds: float) -> str:
    """`10 s`, `3 min`, `2 h`: no surer than a guess is."""
    if seconds < 90:
        return f"{max(1, 5 * round(seconds / 5) if seconds > 10 else math.ceil(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _table(plan: Plan, points: tuple[Point, ...]) -> Iterator[str]:
    wide = max([len("point"), *(len(point.name) for point in points)]) + 2
    yield f"{'point':<{wide}}{'scenario':<10}{'changes, as resolved: old -> new' if plan.base else 'file'}"
    first: dict[str, str] = {}
    for point in points:
        played_as = first.setdefault(point.hash, point.name)
        found = [str(each) for each in changes(plan.base, point.scenario)] if plan.base else [point.scenario.source]
        if played_as != point.name:
            found = [f"the same scenario as {played_as}: played once"]
        for i, change in enumerate(found or ["none: the base as it is"]):
            head = f"{point.name:<{wide}}{point.hash[:8]:<10}" if i == 0 else " " * (wide + 10)
            yield head + change


def notes(points: tuple[Point, ...]) -> Iterator[str]:
    """What is odd about single points; the same note of several is told once."""
    found: dict[str, list[str]] = {}
    for point in points:
        for note in (*point.notes, *point.scenario.notes):
            found.setdefault(note, []).append(point.name)
    for note, names in found.items():
        where = "every point" if len(names) == len(points) else ", ".join(names[:4])
        more = f" and {len(names) - 4} more" if len(names) > 4 and len(names) < len(points) else ""
        yield f"note: {note}" + ("" if where == ALONE else f" (at {where}{more})")


def absent(plan: Plan) -> Iterator[str]:
    """Metrics that some points do not have."""
    from supportsim.study import study_metrics as metrics

    for selector, measure in plan.metrics:
        without = [p.name for p in plan.points if measure not in metrics.known(p.scenario).get(selector, ())]
        if without:
            yield f"note: {selector}.{measure} does not exist at {', '.join(without[:4])}"


# -- after ------------------------------------------------------------------------------------------------
def print_result(result: StudyResult) -> None:
    """A table for each metric with a sentence for each comparison below it."""
    from supportsim.show import study_sentences as told
    from supportsim.show.running import console
    from supportsim.study.study_pairs import comparisons

    out = console()
    plan = result.plan
    out.print(_head(result), markup=False, style="bold")
    if plan.question:
        out.print(plan.question, markup=False)
    found = comparisons(result)
    for key in plan.metrics:
        out.print(_metric_table(result, key).fitting(out.width))
        for each in found:
            if (each.selector, each.measure) == key and _both(result, each):
                out.print(told.sentence(each), markup=False)
        if found:
            out.print()
    for line in (told.family(result, found), *told.closing(result)):
        if line:
            out.print(line, markup=False)


def _head(result: StudyResult) -> str:
    plan = result.plan
    numbers = [len(result.conducted.finished(point)) for point in plan.points]
    asked = several(result.n, "replication")
    there = asked if min(numbers) == result.n else f"{min(numbers)} to {max(numbers)} of {asked}"
    return f"{plan.name}: {several(len(plan.points), 'point')} × {there}, seed {plan.seed}"


def _both(result: StudyResult, each: Comparison) -> bool:
    """Whether anything was played of both points."""
    return all(result.conducted.finished(point) for point in (each.point, each.against))


def _metric_table(result: StudyResult, key: tuple[str, str]) -> Columns:
    from supportsim.show import study_words as words
    from supportsim.show.tables import Columns, percent
    from supportsim.study.study_tables import target

    plan = result.plan
    has = next((p.scenario for p in plan.points if not math.isnan(target(p.scenario, key))), plan.points[0].scenario)
    rows = {r["point"]: r for r in result.summary.to_dict("records") if (r["selector"], r["measure"]) == key}
    promised = any(not math.isnan(row["target"]) for row in rows.values())
    days = any(not math.isnan(row["day_p05"]) for row in rows.values())
    heads = [*(plan.factors or ("point",)), "mean", *["single days"] * days, *["target", "verdict"] * promised, "n"]
    table = Columns(words.metric(has, key), heads, ["n", *["target"] * promised, *["single days"] * days],
                    names=len(plan.factors) or 1)  # fmt: skip
    for point in plan.points:
        row = rows.get(point.name)
        names = list(point.levels or (point.name,))
        if row is None:
            table.add(*names, *["–"] * (len(heads) - len(names)))
            continue
        money, measure = point.scenario.currency, key[1]
        half = max(row["mean_ci_high"] - row["mean"], row["mean"] - row["mean_ci_low"])
        known = "" if math.isnan(half) else f" ± {words.amount(half, measure).replace(' points', '')}"
        cells = [words.value(row["mean"], measure, money) + known]
        single = words.spread(row["day_p05"], row["day_p95"], measure)
        cells += [single + (" a day" if is_sum(measure) else "")] if days else []
        cells += [percent(row["target"], 0), row["verdict"]] if promised else []
        table.add(*names, *cells, str(row["n"]))
    return table
