"""crowding_out.csv: what everybody else has without the issues that were taken away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from supportsim.measure import catalogue
from supportsim.measure.prices import is_priced
from supportsim.measure.selectors import sorted_pairs
from supportsim.study.comparison import Floats, Key, Option
from supportsim.study.crowded_out import CrowdedOut
from supportsim.study.paired import paired
from supportsim.study.ratio import ratio
from supportsim.study.result import Result
from supportsim.study.whose import promised_to, whose

COLUMNS = (
    "removed", "kind", "share", "of", "measure", "unit", "same_issues", "as_is", "without", "difference",
    "difference_ci_low", "difference_ci_high", "p", "n", "contacts_removed", "per_removed", "per_removed_ci_low",
    "per_removed_ci_high",
)  # fmt: skip
OTHERS = "others"
MINUTES = "waiting_minutes"
#: Of every selector of contacts.
_MEANS = ("served_wait_mean", "served_wait_p95", "never_served_share")
_LOST = "abandoned_share"  # there is none where all channels are deferred
_COUNTS = ("abandoned", "people_never_served")


class Asked(NamedTuple):
    """One row: a measure of somebody.  A sum may be told per contact removed.

    keys: what is added up, by replication.  column: 2 the value, 0 its numerator.  same: whether the issues are the
    same ones in both; else those taken away are in the scenario as it is.
    """

    of: str
    measure: str
    unit: str
    keys: tuple[Key, ...]
    same: bool
    is_sum: bool = False
    column: int = 2
    times: float = 1.0


def crowding_out(crowding: CrowdedOut) -> pd.DataFrame:
    """A row for each option, selector and measure that both have a value of; see `COLUMNS`."""
    rows = [row for option in crowding.comparison.others for row in _of(crowding, option)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of(crowding: CrowdedOut, option: Option) -> Iterator[dict[str, Any]]:
    fewer, thin = crowding.contacts_removed(option), crowding.removed[option.name]
    for asked in asked_of(crowding, option):
        before, after = both(crowding, option, asked)
        found = paired(before, after)
        if not found.change.n:
            continue
        each = ratio(before - after, fewer) if asked.is_sum and (asked.same or asked.of == "all") else None
        change = found.change
        yield {
            "removed": thin.name, "kind": thin.kind, "share": thin.share, "of": asked.of, "measure": asked.measure,
            "unit": asked.unit, "same_issues": int(asked.same), "as_is": found.base.mean, "without": found.other.mean,
            "difference": change.mean, "difference_ci_low": change.low, "difference_ci_high": change.high,
            "p": found.p, "n": change.n, "contacts_removed": float(fewer.mean()),
            "per_removed": each.mean if each else math.nan, "per_removed_ci_low": each.low if each else math.nan,
            "per_removed_ci_high": each.high if each else math.nan,
        }  # fmt: skip


def both(crowding: CrowdedOut, option: Option, asked: Asked) -> tuple[Floats, Floats]:
    """The values of a row by replication: as it is, and without."""
    base, other = crowding.comparison.base.result, option.result
    return _values(base, asked, other), _values(other, asked, base)


def _values(result: Result, asked: Asked, other: Result) -> Floats:
    wanted = [number in set(other.finished) for number in result.finished]
    places = [result.yardstick.places[key] for key in asked.keys]
    found: Floats = asked.times * np.sum(result.rows[wanted][:, places, asked.column], axis=1)
    return found


def asked_of(crowding: CrowdedOut, option: Option) -> Iterator[Asked]:
    """Everything that is told of an option: of the others together, of segments, of channels, of promises, of all."""
    scenario, losing = crowding.comparison.base.result.scenario, crowding.losing(option)
    gone = losing if _is_gone(crowding, option) else []
    segments = [segment.name for segment in scenario.segments]
    live = [channel.name for channel in scenario.channels if channel.kind == "live"]
    others = [name for name in segments if name not in losing]
    if others:
        yield from _sums(crowding, OTHERS, others, others)
    for name in segments:
        if name not in gone:
            yield from _contacts(name, name in others, True)
            yield from _sums(crowding, name, [name], others)
    for segment, channel in sorted_pairs(scenario):
        if segment not in gone:
            yield from _contacts(f"{segment} {channel}", segment in others, channel in live)
    for each in scenario.channels:
        users = {queue.segment for queue in scenario.queues if queue.channel == each.name}
        if users:
            yield from _contacts(each.name, users <= set(others), each.name in live)
    yield from _promises(crowding, others)
    if is_priced(scenario):
        yield Asked("all", "cost", scenario.currency, (("all", "cost"),), False, True)


def _is_gone(crowding: CrowdedOut, option: Option) -> bool:
    """Whether nothing is left of the segment that was taken away."""
    thin = crowding.removed[option.name]
    return thin.kind == "segment" and thin.share == 1


def _contacts(selector: str, same: bool, live: bool) -> Iterator[Asked]:
    for measure in (*_MEANS, *((_LOST,) if live else ())):
        yield Asked(selector, measure, catalogue.measure(measure).unit, ((selector, measure),), same)


def _sums(crowding: CrowdedOut, of: str, segments: list[str], others: list[str]) -> Iterator[Asked]:
    """What is added up over segments: waiting, who is lost, promises broken, money."""
    same = set(segments) <= set(others)
    waiting = tuple((name, "queue_length") for name in segments)  # its numerator: hours waited in counted time
    yield Asked(of, MINUTES, "min", waiting, same, True, 0, 60.0)
    for measure in _COUNTS:
        yield Asked(of, measure, "", tuple((name, measure) for name in segments), same, True)
    scopes = promised_to(crowding.comparison.base.result.yardstick, segments) if same else []
    if scopes:
        yield Asked(of, "breaches", "", tuple((name, "breaches") for name in scopes), same, True)
    scenario = crowding.comparison.base.result.scenario
    if is_priced(scenario):
        costs = tuple((name, "allocated_cost") for name in segments)
        yield Asked(of, "allocated_cost", scenario.currency, costs, same, True)


def _promises(crowding: CrowdedOut, others: list[str]) -> Iterator[Asked]:
    yardstick = crowding.comparison.base.result.yardstick
    for scope in yardstick.scopes:
        name, same = yardstick.scope_name(scope), whose(yardstick, scope) <= set(others)
        yield Asked(name, "kept_share", "share", ((name, "kept_share"),), same)
        yield Asked(name, "breaches", "", ((name, "breaches"),), same, True)
