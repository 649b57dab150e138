"""The first page: what each option keeps, loses and costs, and what a bad week looks like."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from supportsim.show.option_figure import headings
from supportsim.show.report.brief import brief
from supportsim.show.report.people import people
from supportsim.show.report.sentences import each, known, roster, verdict
from supportsim.show.report.table import DASH, Heading, Table, number, percent, span
from supportsim.study.comparison import Comparison, Key
from supportsim.study.kept import promised_apart
from supportsim.study.option_tables import PER_WEEK
from supportsim.study.words import several

#: kept, missed, too close to call -> a mark that is not a colour alone, and words.
CALLS = {
    "kept": ("✓", "kept"), "missed": ("✗", "missed"), "too close to call": ("?", "too close to call"),
    "no cases": ("", "no cases"),
}  # fmt: skip
_PERIODS = {"days": "days", "weeks": "weeks", "months": "months", "runs": "plays"}
ONE = {"days": "day", "weeks": "week", "months": "month", "runs": "play"}
_NAMES = {
    "abandoned_share": "abandoned", "blocked_share": "heard busy", "turned_away_share": "turned away",
    "paid_hours": "paid hours", "cost": "cost", "pay": "pay",
    "released_hours": "released hours", "overtime_hours": "overtime hours", "penalties": "of it penalties and credits",
    "contribution_after_churn": "contribution after churn",
}  # fmt: skip

NO_BREAK = "\u00a0"
_IN_CURRENCY = ("cost", "pay", "penalties", "contribution", "contribution_after_churn")


class Kept(NamedTuple):
    """One promise of one option."""

    mean: str
    mark: str
    call: str
    worst: str
    difference: str
    kind: str  # what a style sheet goes by


class Block(NamedTuple):
    """One option: its promises, then who is lost, hours and money as (value, single weeks or days, difference)."""

    name: str
    kept: list[Kept]
    others: list[tuple[str, str, str]]


class FirstPage(NamedTuple):
    """Everything on it."""

    title: str
    played: str
    options: list[tuple[str, str]]
    verdict: list[str]
    details: list[str]  # option by option, where the verdict does not say it all
    known: str
    promises: tuple[Heading, ...]
    others: tuple[Heading, ...]
    blocks: list[Block]
    singles: bool  # whether any range of single weeks or days stands beside a mean
    one: str  # the period a bad one of which is told: week, day …
    base: str  # whose row the others are set against; empty for one option
    bad: list[tuple[str, str]]
    few: str
    seen: int  # how many of these periods were played, of the option and promise with fewest
    roster: str
    people: Table | None


def first_page(comparison: Comparison) -> FirstPage:
    """The first page of a comparison, or of a comparison of one option: a run."""
    scenario = comparison.base.result.scenario
    keys = headings(comparison)
    kept = [key for key in keys if key[1] == "kept_share"]
    others = [key for key in keys if key[1] != "kept_share"]
    alone, short = not comparison.others, brief(comparison)
    name = scenario.title or scenario.name
    blocks = [_block(comparison, option.name, kept, others) for option in comparison.options]
    return FirstPage(
        name if alone else f"{name}: {several(len(list(_options(comparison))), 'option')} compared",
        _played(comparison), [] if alone else list(_options(comparison)), short or verdict(comparison),
        verdict(comparison) if short else [], known(comparison),
        tuple(_promise(comparison, key) for key in kept), tuple(_other(comparison, key) for key in others),
        blocks, any(single for block in blocks for _, single, _ in block.others), _one(comparison),
        "" if alone else comparison.base.name, list(_bad(comparison)), _few(comparison), _seen(comparison),
        roster(comparison), _unbroken(people(comparison)),
    )  # fmt: skip


def _unbroken(table: Table | None) -> Table | None:
    """Numbers that break before their difference only, so that a table of many options fits its page."""
    if table is None:
        return None
    rows = [[*row[:2], *(cell.replace(" ", NO_BREAK).replace(f"{NO_BREAK}(", " (") for cell in row[2:])]
            for row in table.rows]  # fmt: skip
    return table._replace(rows=rows)


def _played(comparison: Comparison) -> str:
    base = comparison.base.result
    times = base.scenario.times
    days = several(len(base.yardstick.grid.dates), "day")
    plays = {option.result.n for option in comparison.options}
    least = min(plays)
    whose = "Each option played" if comparison.others else "Played"
    how = f"{several(least, 'time')}" if len(plays) == 1 else f"at least {several(least, 'time')}"
    same = ", all with the same customers" if comparison.others else ""
    return f"{whose} {how} over {days} from {times.start.isoformat()}, {times.zone}{same}."


def _options(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for option in comparison.options:
        if not option.resized_from:
            yield option.name, option.result.scenario.title


def _promise(comparison: Comparison, key: Key) -> Heading:
    """The name of a promise, and what is promised."""
    for option in comparison.options:
        table = option.result.promises
        found = table[(table["promise"] == key[0]) & (table["selector"] == "all")]
        if not found.empty:
            row: dict[Any, Any] = found.iloc[0].to_dict()
            what = "answer" if row["clock"] == "answer" else "reply"
            return Heading(key[0], f"{what} in {row['limit']}: {percent(row['target'], 0)}")
    return Heading(key[0])


def _other(comparison: Comparison, key: Key) -> Heading:
    selector, measure = key
    name = _NAMES.get(measure, measure)
    per = each(comparison) if measure in (*PER_WEEK, "released_hours") else ""
    money = comparison.base.result.scenario.currency if measure in _IN_CURRENCY else ""
    who = f"{selector} " if selector != "all" else ""
    return Heading(f"{who}{name}", ", ".join(part for part in (per, money) if part))


def _block(comparison: Comparison, name: str, kept: list[Key], others: list[Key]) -> Block:
    rows = [_row(comparison, name, key) for key in others]
    return Block(name, [_kept(_row(comparison, name, key)) for key in kept], [_other_cell(row) for row in rows])


def _kept(row: dict[Any, Any] | None) -> Kept:
    if row is None:
        return Kept(DASH, "", "", "", "", "")
    mark, call = CALLS[row["verdict"]]
    kind = call.split(" ")[0]
    return Kept(_mean(row), mark, call, percent(row["single_p05"], 0), _difference(row), kind)


def _other_cell(row: dict[Any, Any] | None) -> tuple[str, str, str]:
    return (DASH, "", "") if row is None else (_mean(row), _single(row), _difference(row))


def _single(row: dict[Any, Any]) -> str:
    """`weeks 13 900–15 200`: between which nine of ten single ones lie; empty where all are alike."""
    low, high = row["single_p05"], row["single_p95"]
    if not row["single"] or not low < high:
        return ""
    between = span(low, high) if row["unit"] == "share" else _between(low, high)
    return f"{_PERIODS[row['single']]} {between}" if between else ""


def _between(low: float, high: float) -> str:
    digits = 1 if abs(high) < 100 else 0
    ends = [number(end, digits) for end in (low, high)]
    return "" if ends[0] == ends[1] else "–".join(ends)


def _mean(row: dict[Any, Any]) -> str:
    """`52.1 % ± 1.8`, `1 428`: the ± where it is more than nothing at so many digits."""
    share = row["unit"] == "share"
    value, half = (100 if share else 1) * row["mean"], (row["mean_ci_high"] - row["mean_ci_low"]) / 2
    digits = 1 if share or abs(value) < 100 else 0
    return number(value, digits) + (" %" if share else "") + _known((100 if share else 1) * half, digits)


def _difference(row: dict[Any, Any]) -> str:
    """`+43.6 ± 2.8`; `same` where not one play differs, empty in the first row."""
    by = 100 if row["unit"] == "share" else 1
    if row["difference"] is None or math.isnan(row["difference"]):
        return ""
    value, half = by * row["difference"], by * (row["difference_ci_high"] - row["difference_ci_low"]) / 2
    if value == 0 and not half > 0:
        return "same"
    digits = 0 if abs(value) >= 100 else 1
    rounded = round(value, digits)
    return ("+" if rounded > 0 else "") + number(rounded + 0.0, digits) + _known(half, digits)


def _known(half: float, digits: int) -> str:
    return f" ± {number(half, digits)}" if round(half, digits) > 0 else ""


def _row(comparison: Comparison, name: str, key: Key) -> dict[Any, Any] | None:
    table = comparison.table
    found = table[(table["option"] == name) & (table["selector"] == key[0]) & (table["measure"] == key[1])]
    return None if found.empty else found.iloc[0].to_dict()


def _one(comparison: Comparison) -> str:
    """In what promises are judged, where it is the same for all."""
    table = comparison.table
    found = set(table.loc[table["measure"] == "kept_share", "single"])
    return ONE[found.pop()] if len(found) == 1 else "period"


def _bad(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """For each option as given what is left of its promises in the worst period of twenty, each promise by itself."""
    table = comparison.table
    for option in (one for one in comparison.options if not one.resized_from):
        rows = table[(table["option"] == option.name) & (table["measure"] == "kept_share")].to_dict("records")
        rows = [row for row in rows if not math.isnan(row["single_p05"])]
        if rows:
            apart = promised_apart(comparison.base, option)
            yield option.name, _left(rows) + (f" ({apart})" if apart else "")


def _left(rows: list[dict[Any, Any]]) -> str:
    below = [row for row in rows if row["single_p05"] < row["target"] - 1e-9]
    worst = max(rows, key=lambda row: row["target"] - row["single_p05"])
    how = f"{worst['selector']}, {percent(worst['single_p05'], 0)} kept, {percent(worst['target'], 0)} promised"
    if len(rows) == 1:
        return how
    if not below:
        return f"all {len(rows)} promises still reach their target; closest to it: {how}"
    return f"{len(rows) - len(below) or 'none'} of {len(rows)} promises still at target; furthest below: {how}"


def _seen(comparison: Comparison) -> int:
    """Judged periods with a case, of the option and promise that has fewest; 0 without promises."""
    found = [
        sum(not math.isnan(value) for value in periods.ravel())
        for option in comparison.options
        for periods, scope in zip(option.result.periods, option.result.yardstick.scopes, strict=True)
        if not scope.selector
    ]
    return min(found, default=0)


def _few(comparison: Comparison) -> str:
    """A word of warning where fewer than twenty periods were seen."""
    seen = _seen(comparison)
    if not seen or seen >= 20:
        return ""
    one = _one(comparison)
    return f"Only {several(seen, one)} played: what the worst of 20 is like is a guess from these."
