"""The bridge in words: the finding of each promise, its lines, what was left out, and what Erlang was told."""

from __future__ import annotations

import math
from collections.abc import Iterator

from supportsim.scenario.model import Promise, Scenario
from supportsim.study.bridge import ERLANG_C, Bridge, Bridges, Line
from supportsim.study.bridge_sheet import lines
from supportsim.study.erlang_inputs import places
from supportsim.study.words import duration, several

WIDTH = 42


def text(found: Bridges) -> list[str]:
    """All that is printed."""
    words = [f"{found.scenario.title or found.scenario.name}: from an Erlang sheet to the simulation"]
    words += [f"{several(found.replications, 'replication')}, seed {found.seed}, differences paired, 95 % intervals"]
    for each in found.bridges:
        words += ["", finding(each), *(f"  {row}" for row in rows(each)), *(f"  {note}" for note in notes(found, each))]
    return words


def finding(found: Bridge) -> str:
    """What the lines show, in a sentence."""
    promise, first, last, step = found.promise, found.lines[0], found.lines[-1], found.largest
    words = f"{promise.name} (answer in {duration(promise.limit)}, {share(promise.share, 0)} promised)"
    if math.isnan(last.kept):
        return f"{words}: nothing to judge"
    if step is None or math.isnan(first.kept):
        return f"{words}: no contact begins there, so Erlang says nothing; the simulation {share(last.kept)}"
    gap = f"{words}: Erlang C says {share(first.kept)}, the simulation {share(last.kept)}"
    if not tenths(found)[step.id]:
        return f"{gap}; no step changes it"
    return f"{gap}; the largest step: {plain(step)}, {signed(tenths(found)[step.id])} points"


def rows(found: Bridge) -> Iterator[str]:
    """A row per line, with differences that add up as they are printed."""
    steps = tenths(found)
    yield f"{'':<{WIDTH}}{'kept':>8}{'points':>9}"
    for line in (found.lines[0], *found.steps):
        head = f"{line.name:<{WIDTH}}{share(line.kept):>8}"
        if line.id == ERLANG_C:
            yield head
            continue
        known = "" if math.isnan(line.half) else f" ± {100 * line.half:.1f}"
        yield f"{head}{signed(steps[line.id]):>9}{known}"
    if found.lines[-1].left_out:
        yield f"{'= the scenario as it is':<{WIDTH}}{share(found.lines[-1].kept):>8}"
    yield f"{'target':<{WIDTH}}{share(found.promise.share):>8}"


def tenths(found: Bridge) -> dict[str, int | None]:
    """Differences in tenths of a point between the shares as they are printed; None where there is no value."""
    steps: dict[str, int | None] = {}
    before = _tenth(found.lines[0].kept)
    for line in found.lines[1:]:
        here = _tenth(line.kept)
        steps[line.id] = None if here is None or before is None else here - before
        before = here
    return steps


def _tenth(value: float) -> int | None:
    return None if math.isnan(value) else int(share(value)[:-2].replace(".", ""))


def share(value: float, digits: int = 1) -> str:
    """`81.3 %`, a dash for no value."""
    return "–" if math.isnan(value) else f"{100 * value:.{digits}f} %"


def signed(value: int | None) -> str:
    """Tenths of a point as `+1.2`, `−0.4`."""
    if value is None:
        return "–"
    return f"{'−' if value < 0 else '+'}{abs(value) / 10:.1f}"


def plain(line: Line) -> str:
    """The name of a line without its plus and what explains it."""
    return line.name.removeprefix("+ ").split(":")[0]


def notes(found: Bridges, each: Bridge) -> Iterator[str]:
    """What was left out, what Erlang was told, where returns stand."""
    if each.unpaired:
        yield f"{several(each.unpaired, 'replication')} without a case in some line left out of all of them"
    for line in each.lines:
        if line.left_out:
            yield f"left out: {plain(line)} ({line.left_out})"
    yield from _sheet(found.scenario, each.promise)
    if not math.isnan(each.there.rostered):
        yield _heads(each)
    yield from _forecasts(found.scenario, each.promise)


def _sheet(scenario: Scenario, promise: Promise) -> Iterator[str]:
    """Whose heads Erlang was given."""
    names = [team.name for team in scenario.teams]
    for channel in channels(scenario, promise):
        for line in lines(scenario, channel):
            if any(promise.queues[q] for q in line.queues):
                heads = ", ".join(names[t] for t in line.teams) or "nobody"
                held = places(scenario, channel, line.teams)
                several_ = f", {held:g} places each" if held > 1 else ""
                yield f"Erlang: all calls of the line of {channel}, heads of {heads}{several_}"
    if not promise.hours.always:
        yield "Erlang: the limit runs at all hours"


def _heads(found: Bridge) -> str:
    """Who of the rostered is at the desk, and what a sheet with net heads says."""
    there = found.there
    now = f"heads while calls are expected: {there.rostered:.1f} rostered, {there.present:.1f} of them at the desk"
    return f"{now}; with these Erlang C says {share(there.erlang_c)}, Erlang A {share(there.erlang_a)}"


def _forecasts(scenario: Scenario, promise: Promise) -> Iterator[str]:
    """What forecasts count, where that decides in which line returns stand."""
    covered = channels(scenario, promise)
    counted = [each for each in scenario.streams if each.counts == "offered calls" and each.channel in covered]
    if within := [stream.name for stream in counted if stream.returns_within]:
        yield f"offered calls, so their returns to the channel are in every line: {', '.join(within)}"
    if taken_out := [stream.name for stream in counted if not stream.returns_within]:
        yield f"offered calls less returns, which come back in the last line only: {', '.join(taken_out)}"


def channels(scenario: Scenario, promise: Promise) -> list[str]:
    """The channels a promise covers, as declared."""
    covered = {q.channel for q, on in zip(scenario.queues, promise.queues, strict=True) if on}
    return [channel.name for channel in scenario.channels if channel.name in covered]


def document(found: Bridges) -> dict[str, object]:
    """What `--json` prints."""
    return {
        "scenario": found.scenario.name,
        "scenario_sha256": found.result.hash,
        "seed": found.seed,
        "replications": found.replications,
        "promises": [
            {
                "promise": each.promise.name,
                "finding": finding(each),
                "target": each.promise.share,
                "heads": each.there._asdict(),
                "unpaired": each.unpaired,
                "lines": [line._asdict() | {"name": line.name} for line in each.lines],
                "notes": list(notes(found, each)),
            }
            for each in found.bridges
        ],
    }
