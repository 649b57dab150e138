"""The intervals in which most customers were served too late, with who was there and who was needed."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supportsim.measure.causes import PEOPLE
from supportsim.measure.intervals import Row, rows
from supportsim.measure.sums import Floats
from supportsim.show.report.table import DASH, Table, headings, number, percent
from supportsim.study.intraday import erlang
from supportsim.study.result import Result
from supportsim.study.words import several

if TYPE_CHECKING:
    import pandas as pd

MOST = 20
_NOTE = (
    "Too late: those judged by the promise and not served in time. Days missed: of 100 such days, those on which the "
    "interval missed the target. What Erlang asks for is for the whole channel; scheduled and present are those of the "
    "teams asked before the limit has passed, of a promise of a reply those of all who can serve it. {erlang} knows "
    "{knows} no breaks and no returns. {more}What the difference between {erlang} and the play is made of (breaks, "
    "absence, shift ends, returns) is told step by step by: supportsim bridge {file}"
)
_SIMULATED = (
    "That of this simulation: the fewest heads at the desk with which it keeps the promises of the channel's live "
    "line, as in required.csv; of others it says nothing. "
)
_KNOWS = {"Erlang A": "abandonment, but", "Erlang C": "no abandonment,"}


def worst(result: Result) -> Table | None:
    """At most `MOST` intervals, of each promise those with the most customers too late; None where nobody was."""
    kept, judged = result.kept.astype(float), result.judged.astype(float)
    if not result.scenario.promises or not judged.size:
        return None
    late = (judged - kept).mean(axis=0)
    chosen = _chosen(late)
    if not chosen:
        return None
    name, asked = erlang(result), _asked(result)
    each = ", of each promise its worst" if len({promise for promise, _ in chosen}) > 1 else ""
    return Table(
        f"The {several(len(chosen), 'interval')} with most customers too late{each} (means of "
        f"{several(result.n, 'play')})",
        headings(
            "begin", "promise", "judged", "too late", "in time", ("days missed", "of 100"),
            *((each.name, "required") for each in asked), "scheduled", "present",
            ("difference", f"{'scheduled' if asked[-1].rostered else 'present'} less {asked[-1].name}"),
        ),
        [_line(result, promise, i, kept[:, promise, i], judged[:, promise, i], asked) for promise, i in chosen],
        _NOTE.format(erlang=name, knows=_KNOWS[name], more=_SIMULATED if result.heads_required else "",
                     file=result.scenario.source or "FILE"), words=(0, 1),
    )  # fmt: skip


class _Asks(NamedTuple):
    """Who requires heads: in words, the column of intervals.csv, and whether rostered heads are set against them."""

    name: str
    column: str
    rostered: bool = True


def _asked(result: Result) -> list[_Asks]:
    """A formula always; this simulation where it was asked, whose heads are at the desk; yours where it is stated.

    The last one is what heads are set against.
    """
    name = erlang(result)
    found = [_Asks(name, f"required_{name.lower().replace(' ', '_')}")]
    found += [_Asks("this simulation", "required_simulated", rostered=False)] if result.heads_required else []
    return found + ([_Asks("yours", "required_yours")] if result.scenario.required else [])


def _chosen(late: Floats) -> list[tuple[int, int]]:
    """(promise, interval): of each promise an equal part of `MOST`, then whatever is worst; sorted so."""
    ranked = [[int(i) for i in np.argsort(-each, kind="stable")[:MOST] if each[i] > 0] for each in late]
    share = MOST // max(1, sum(bool(places) for places in ranked))
    first = [(promise, i) for promise, places in enumerate(ranked) for i in places[:share]]
    rest = [(promise, i) for promise, places in enumerate(ranked) for i in places[share:]]
    rest.sort(key=lambda place: -late[place])
    return sorted([*first, *rest][:MOST], key=lambda place: (place[0], -late[place]))


def _line(result: Result, promise: int, i: int, kept: Floats, judged: Floats, asked: list[_Asks]) -> list[str]:
    found = _staffing(result, promise, i)
    needed = found[asked[-1].column]
    there = found["heads_rostered" if asked[-1].rostered else "heads_present"]
    cases = judged > 0
    missed = np.mean(kept[cases] / judged[cases] < result.scenario.promises[promise].share - 1e-9)
    return [
        _when(found["start"]), result.scenario.promises[promise].name, number(float(judged.mean()), 1),
        number(float((judged - kept).mean()), 1), percent(float(kept.sum() / judged.sum())),
        number(100 * float(missed), 0),
        *(number(found[each.column]) for each in asked),
        *(number(found[f"heads_{name}"], 1) for name in ("rostered", "present")),
        DASH if math.isnan(needed) else _signed(there - needed),
    ]  # fmt: skip


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(round(value, 1), 1)


def _staffing(result: Result, promise: int, i: int) -> dict[Any, Any]:
    """The line of intervals.csv of the channel that is promised something."""
    place = _place(result, promise, rows(result.scenario))
    frame: pd.DataFrame = result.intervals
    found: dict[Any, Any] = frame.iloc[place * len(result.yardstick.grid.intervals) + i].to_dict()
    return found | _in_time(result, promise, i)


def _in_time(result: Result, promise: int, i: int) -> dict[str, float]:
    """Heads of the teams asked before the limit has passed: nobody else can keep a promise of an answer."""
    places = {scope.promise: k for k, scope in enumerate(result.yardstick.rests_on)}
    if promise not in places:
        return {}
    ticks = np.diff(result.yardstick.grid.interval_edges)[i] * result.n
    people = result.cause_sums.people[0, :, places[promise], i] / ticks
    return {f"heads_{name}": float(people[PEOPLE.index(name)]) for name in ("rostered", "present")}


def _place(result: Result, promise: int, table: tuple[Row, ...]) -> int:
    """The row of the one channel of a promise, of all channels where there are several."""
    queues = result.scenario.queues
    covered = result.scenario.promises[promise].queues
    channels = {queue.channel for queue, mine in zip(queues, covered, strict=True) if mine}
    wanted = channels.pop() if len(channels) == 1 else "all"
    return next((i for i, row in enumerate(table) if row.channel == wanted), 0)


def _when(start: str) -> str:
    """`2026-03-09 Mon 09:00`: sorts by date, and says the day of the week."""
    moment = datetime.fromisoformat(start)
    return f"{moment:%Y-%m-%d} {_DAYS[moment.weekday()]} {moment:%H:%M}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
