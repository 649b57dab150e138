"""The smallest scenario that still fails, found by dropping and simplifying pieces of a scenario.

`python tests/engine/generator_shrink.py 4711` shrinks the scenario of a number on which the engine and the naive desk
write different journals, prints what is left, and the first difference; with `--clocks` one on which the two clocks do,
which is kept among the scenarios that every run of the tests plays (`scenarios_kept`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from generator_choices import MONDAY, column
from generator_drop import without_channel, without_segment, without_team, without_topic
from generator_valid import faults

from supportsim.scenario import model
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER

#: What is plainest, field by field; pieces of a tuple are dropped one by one as well.
PLAIN: dict[type, dict[str, Any]] = {
    model.Scenario: {"promises": (), "thinned": (), "busyness": model.Busyness(), "policy": "priority"},
    model.Times: {
        "run_out_ticks": 0, "run_out_until_empty": False, "run_out_demand": True, "warm_up_ticks": 0, "zone": "UTC",
        "start": MONDAY, "length_days": 0,
    },
    model.Segment: {"customers": None, "joins_per_month": 0.0},
    model.Channel: {
        "hours": model.Calendar("always", ((),) * 7, always=True), "at_close": "serve", "lines": None,
        "waiting_room": None, "concurrency": 1, "speeds": (), "last_chat": 0, "wait_limit": None,
        "keeps_patience": False, "interruptible": False, "by_hour": (), "at_shift_end": "finish", "after": (),
    },
    model.Calendar: {"holidays": (), "zone": "UTC"},
    model.Hourly: {"work": 1.0, "patience": 1.0, "resolves": 1.0, "begin": 0, "end": DAY},
    model.After: {"tries": 2},
    model.Queue: {
        "patience": model.NEVER_LAW, "work": model.Work(model.Law("constant", (float(5 * MINUTE),))), "resolves": 1.0,
        "priority_class": 0, "delays": (), "by_team": (), "bonus": 0, "rate": 100,
    },
    model.Work: {"wrap_inside": True, "wrap_share": 0.0, "wrap_law": None,
                 "law": model.Law("constant", (float(5 * MINUTE),))},
    model.TeamWork: {"pace": 1.0, "resolves": 1.0},
    model.Team: {
        "agents": 1, "concurrency": (), "pick": "longest_idle", "holds": (), "drains": (), "activities": (),
        "absence": 0.0, "off_desk": 0.0, "zone": "UTC",
    },
    model.Shift: {
        "begin": 0, "end": DAY, "agents": 1, "breaks": (), "zone": "UTC", "off_days": (), "weeks": (1, 1),
        "first": None, "until": None,
    },
    model.Activity: {"agents": 1, "works_as": None},
    model.Break: {"paid": True},
    model.Stream: {"volume": 1.0, "zone": "UTC"},
    model.Promise: {"penalty": 0.0},
}  # fmt: skip
#: Tuples whose pieces may be left out.
DROPS = {
    "streams", "thinned", "promises", "by_hour", "after", "by_team", "activities", "shifts", "breaks", "steps",
    "off_days", "rates",
}  # fmt: skip
Fails = Callable[[model.Scenario], Any]


def shrunk(scenario: model.Scenario, fails: Fails) -> model.Scenario:
    """The scenario with as much left out as `fails` allows; every one that is tried is valid."""
    found = True
    while found:
        found, k = False, 0
        smaller = list(candidates(scenario))
        while k < len(smaller):
            if not faults(smaller[k]) and fails(smaller[k]):
                scenario, found = smaller[k], True
                smaller = list(candidates(scenario))
            else:
                k += 1
    return scenario


def candidates(scenario: model.Scenario) -> Iterator[model.Scenario]:
    """Scenarios with one piece less, the large pieces first."""
    yield from (without_channel(scenario, i) for i in range(len(scenario.channels)))
    yield from (without_team(scenario, i) for i in range(len(scenario.teams)))
    if len(scenario.segments) > 1:
        yield from (without_segment(scenario, i) for i in range(len(scenario.segments)))
    if len(scenario.topics) > 1:
        yield from (without_topic(scenario, i) for i in range(len(scenario.topics)))
    yield from (replace(scenario, times=times) for times in _shorter(scenario.times))
    yield from _simpler(scenario)


def _shorter(times: model.Times) -> Iterator[model.Times]:
    minutes = times.length_ticks // MINUTE
    yield from (replace(times, length_ticks=m * MINUTE) for m in {minutes // 2, minutes - 1} if 0 < m < minutes)


def _simpler(thing: Any) -> Iterator[Any]:
    """Every variant of a thing in which one piece, at any depth, is left out or as plain as can be."""
    if isinstance(thing, model.Trace):
        yield from _fewer_rows(thing)
        return
    if isinstance(thing, model.Team) and (thing.shifts or thing.heads):
        yield replace(thing, agents=1, shifts=(), heads=None, activities=(), absence=0.0, off_desk=0.0)
        yield from (replace(thing, heads=rows) for rows in _less_of(thing.heads or ()))
    for name, value in PLAIN.get(type(thing), {}).items():
        if getattr(thing, name) not in (value, None) or (value is None and getattr(thing, name) is not None):
            yield replace(thing, **{name: value})
    if isinstance(thing, model.After):
        yield from _surer(thing)
    if isinstance(thing, model.Stream):
        yield from _fewer(thing)
    for field in fields(thing):
        yield from (replace(thing, **{field.name: value}) for value in _inside(field.name, getattr(thing, field.name)))


def _fewer(stream: model.Stream) -> Iterator[model.Stream]:
    """A stream that brings less, and one that brings it within the first, or the second, half of the time."""
    for share in (0.1, 0.5, 0.8):
        if stream.per_customer_month > 0.01:
            yield replace(stream, per_customer_month=stream.per_customer_month * share)
        if any(rate > 1 for *_, rate in stream.rates):
            yield replace(stream, rates=tuple((*window, rate * share) for *window, rate in stream.rates))
        if stream.cells is not None and any(count > 0.5 for count in stream.cells.counts):
            counts = tuple(count * share for count in stream.cells.counts)
            yield replace(stream, cells=replace(stream.cells, counts=counts))
        if stream.backlog is not None and stream.backlog.count > 1:
            count = max(int(stream.backlog.count * share), 1)
            yield replace(stream, backlog=replace(stream.backlog, count=count))
    for k, (day, begin, end, rate) in enumerate(stream.rates):
        middle = (begin + end) // 2 // MINUTE * MINUTE
        for half in ((begin, middle), (middle, end)):
            if half[0] < half[1] and end - begin > MINUTE:
                yield replace(stream, rates=(*stream.rates[:k], (day, *half, rate), *stream.rates[k + 1 :]))


def _surer(after: model.After) -> Iterator[model.After]:
    """One step for everybody, in this order: none, the next channel, again."""
    for stop, following, again in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)):
        if (after.stop, after.next_channel, after.again) == (stop, following, again):
            return
        yield replace(after, again=again, at_opening=0.0, next_channel=following, stop=stop)


def _inside(name: str, value: Any) -> Iterator[Any]:
    """Variants of the value of a field."""
    if is_dataclass(value):
        yield from _simpler(value)
    elif isinstance(value, tuple):
        if name in DROPS:
            yield from _less_of(value)
        for i, each in enumerate(value):
            if is_dataclass(each):
                yield from ((*value[:i], other, *value[i + 1 :]) for other in _simpler(each))


def _less_of(rows: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield from ((*rows[:i], *rows[i + 1 :]) for i in range(len(rows)))


_COLUMNS = ("at", "segment", "topic", "channel", "handle", "wrap", "patience")


def _fewer_rows(trace: model.Trace) -> Iterator[model.Trace]:
    rows = np.arange(len(trace.at))
    half = len(rows) // 2
    kept = [rows[half:], rows[:half]] * (half > 0) + [np.delete(rows, i) for i in rows[::-1]]
    yield from (replace(trace, **{name: getattr(trace, name)[keep] for name in _COLUMNS}) for keep in kept)
    for name in ("patience", "handle", "wrap"):
        values = getattr(trace, name).tolist()
        for i in [i for i, value in enumerate(values) if value != -1]:
            yield replace(trace, **{name: column([*values[:i], -1, *values[i + 1 :]], np.int64)})


# ---------------------------------------------------------------- to be read


def described(thing: Any, depth: int = 0) -> str:
    """What is not as plain as the dataclass has it, a line for each piece."""
    if isinstance(thing, model.Trace):
        rows = zip(*(getattr(thing, name).tolist() for name in _COLUMNS), strict=True)
        return "".join(f"\n{'  ' * (depth + 1)}row {_ticks(row)}" for row in rows)
    if isinstance(thing, tuple) and any(is_dataclass(each) for each in thing):
        return "".join("\n" + "  " * (depth + 1) + described(each, depth + 1) for each in thing)
    if not is_dataclass(thing):
        return _ticks(thing)
    said = [
        f"{field.name}={described(getattr(thing, field.name), depth)}"
        for field in fields(thing)
        if field.default is MISSING or getattr(thing, field.name) != field.default
    ]
    return f"{type(thing).__name__}({', '.join(said)})"


def _ticks(value: Any) -> str:
    """Whole minutes as minutes."""
    if isinstance(value, tuple):
        return "(" + ", ".join(_ticks(each) for each in value) + ")"
    if value == NEVER:
        return "never"
    if isinstance(value, (int, float)) and abs(value) >= MINUTE and value % MINUTE == 0:
        hours, minutes = divmod(int(value) // MINUTE, HOUR // MINUTE)
        return f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return repr(value)


def _kind(wrong: str | None) -> str:
    """Where the first difference is: smaller scenarios are of the same fault more often than not."""
    return (wrong or "").split(" ")[0]


def smallest(scenario: model.Scenario, differ: Callable[[model.Scenario], str | None]) -> model.Scenario:
    """What is left of a scenario when it differs in the same table still."""
    kind = _kind(differ(scenario))
    return shrunk(scenario, lambda each: _kind(differ(each)) == kind)


def kept(number: int) -> str:
    """Shrink the scenario of a number on which the clocks differ, keep what is left, and say what and where."""
    from generator import made
    from journals_compared import clocks_differ, contacts_of
    from scenarios_kept import keep

    left = smallest(made(number), clocks_differ)
    wrong = clocks_differ(left)
    file = keep(left, f"made_{number}", f"Smallest of made({number}), on which the clocks differed:\n{wrong}")
    return f"{described(left)}\n{wrong}\n{contacts_of(left)} contacts, kept as {file}"


def main(number: int, clocks: bool) -> None:
    """Shrink the scenario of this number and print what is left of it."""
    from generator import made
    from journals_compared import clocks_differ, engine_and_naive_differ

    differ = clocks_differ if clocks else engine_and_naive_differ
    if not differ(made(number)):
        print(f"made({number}): they agree")
    elif clocks:
        print(kept(number))
    else:
        left = smallest(made(number), differ)
        print(described(left))
        print(differ(left))


if __name__ == "__main__":
    main(int(sys.argv[1]), "--clocks" in sys.argv)
