"""What a run prints: promises by segment and channel, what customers met, what the teams did."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from supportsim.measure.prices import is_priced
from supportsim.measure.sums import ratio
from supportsim.study.costs import is_weekly
from supportsim.study.estimate import Estimate, on_target, student
from supportsim.study.result import Result
from supportsim.study.words import several, sits, would_decide

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DASH = "–"
#: price of a promise, and measure -> heading.
FINES = {"penalty": "penalty", "penalty_lost": "lost", "credit": "credit"}
PERIODS = {"daily": "days", "weekly": "weeks", "monthly": "months", "all": "runs"}
#: heading -> measure: ends of offered contacts that most desks do not know, shown where there are any.
RARE = {"cut off": "disconnected", "timed out": "timed_out", "withdrew": "withdrawn"}


def print_summary(result: Result, console: Console) -> None:
    """A few compact tables; nothing is said where nothing was measured."""
    scenario = result.scenario
    days = len(result.yardstick.grid.dates)
    console.print(
        f"{scenario.title or scenario.name}: {several(result.n, 'replication')} × "
        f"{several(days, 'counted day')}, seed {result.seed}",
        markup=False, style="bold",
    )  # fmt: skip
    if not result.n:
        return
    if scenario.promises:
        console.print(promise_table(result).fitting(console.width))
        for line in undecided(result):
            console.print(line, markup=False)
        from supportsim.show.worst import worst_table

        if (worst := worst_table(result)) is not None:
            console.print(worst.fitting(console.width))
    console.print(contact_table(result).fitting(console.width))
    from supportsim.show.crowding_words import crowded_out

    if waiting := crowded_out(result):
        console.print(waiting, markup=False)
    console.print(team_table(result).fitting(console.width))
    console.print(cost_line(result), markup=False)
    from supportsim.show.worth_table import churn_line, worth_table

    if (worth := worth_table(result)) is not None:
        console.print(worth.fitting(console.width))
    if line := churn_line(result):
        console.print(line, markup=False)


class Columns:
    """A table that drops its least important columns where the terminal is too narrow for all."""

    def __init__(self, title: str, headings: list[str], dropped: list[str], names: int = 1) -> None:
        """`dropped`: headings in the order in which they go; the first `names` columns are text."""
        self.title, self.headings, self.dropped, self.names = title, headings, dropped, names
        self.rows: list[list[str]] = []

    def add(self, *cells: str) -> None:
        """One row."""
        self.rows.append(list(cells))

    def fitting(self, width: int) -> Table:
        """The table with as many columns as fit."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        shown = list(range(len(self.headings)))
        for heading in self.dropped:
            if self._width(shown) > width:
                shown.remove(self.headings.index(heading))
        table = Table(title=Text(self.title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        for i in shown:
            words = i < self.names or self.headings[i] in ("limit", "verdict", "that is")
            table.add_column(self.headings[i], justify="left" if words else "right", no_wrap=True)
        for row in self.rows:
            table.add_row(*(Text(row[i]) for i in shown))  # Text: names are never read as markup
        return table

    def _width(self, shown: list[int]) -> int:
        cells = [self.headings, *self.rows]
        return sum(max(len(row[i]) for row in cells) + 3 for i in shown)


def promise_table(result: Result) -> Columns:
    """A row per promise, and indented one per segment and channel of it; what has a price where anything has."""
    prices = [name for name in FINES if any(getattr(promise, name) for promise in result.scenario.promises)]
    fine = [f"{FINES[name]}, {result.scenario.currency}".rstrip(", ") for name in prices]
    table = Columns(
        "Promises: share kept (mean ± 95 % interval) and 5–95 % of single judged periods",
        ["promise", "limit", "cases", "kept", "single", "target", "verdict", "blocked", "turned away", *fine],
        ["turned away", "blocked", "single", "limit", "cases", *fine],
    )
    for row in result.promises.to_dict("records"):
        whole = row["selector"] == "all"
        table.add(
            row["promise"] if whole else f"  {row['selector']}",
            f"{'answer' if row['clock'] == 'answer' else 'reply'} {row['limit']}" if whole else "",
            count(row["n"]), _kept(row), _range(row), percent(row["target"], 0), str(row["verdict"]),
            count(row["blocked"]), count(row["turned_away"]), *(count(row[name]) for name in prices),
        )  # fmt: skip
    return table


def _kept(row: dict[Any, Any]) -> str:
    half = max(row["kept_ci_high"] - row["kept_share"], row["kept_share"] - row["kept_ci_low"])
    return percent(row["kept_share"]) + ("" if math.isnan(half) else f" ± {100 * half:.1f}")


def _range(row: dict[Any, Any]) -> str:
    low, high = row["period_p05"], row["period_p95"]
    if math.isnan(low):
        return DASH
    return f"{PERIODS[row['judged']]} {100 * low:.0f}–{100 * high:.0f} %"


def undecided(result: Result) -> list[str]:
    """What would decide the verdicts that are open."""
    found = []
    for row in result.promises.to_dict("records"):
        if row["verdict"] != "too close to call" or row["selector"] != "all":
            continue
        needed = row["replications_to_decide"]
        known = needed is not None and not math.isnan(needed)
        one = "one replication decides nothing" if row["replications"] < 2 else ""
        if on_target(kept_estimate(row), row["target"]):
            found.append(f"{row['promise']}: {sits(row['periods_kept_share'], PERIODS[row['judged']])}")
            continue
        how = one or would_decide(int(needed) if known else None)
        found.append(f"{row['promise']} is too close to call: {how}")
    return found


def kept_estimate(row: dict[Any, Any]) -> Estimate:
    """The share kept of a row of promises.csv, with its interval."""
    return Estimate(row["kept_share"], row["kept_ci_low"], row["kept_ci_high"], row["replications"])


def contact_table(result: Result) -> Columns:
    """Contacts, waits and losses by channel and, where there are several, by segment on it."""
    names = _selectors(result)
    rare = [h for h, m in RARE.items() if any(_mean(result, name, m) > 0 for name in names)]
    ends = {"answered": "answered", "abandoned": "abandoned"} | {heading: RARE[heading] for heading in rare}
    table = Columns(
        f"Contacts per replication; {', '.join(list(ends)[:-1])} and {list(ends)[-1]} are shares of offered; "
        "waits of all offered, ASA of those answered; oldest: of those open at the end",
        ["", "offered", *ends, "blocked", "turned away", "open at end", "oldest", "ASA", "p50", "p95", "AHT"],
        ["p50", "oldest", "open at end", "turned away", "AHT", "blocked", *rare, "answered"],
    )
    for name in names:
        shares = ("blocked_share", "turned_away_share")
        table.add(
            name, count(_mean(result, name, "offered")),
            *(percent(_of_offered(result, name, m)) for m in ends.values()),
            *(percent(_mean(result, name, m)) for m in shares), count(_mean(result, name, "still_waiting")),
            *(span(_mean(result, name, m))
              for m in ("still_waiting_age_max", "served_wait_mean", "wait_p50", "wait_p95", "aht")),
        )  # fmt: skip
    return table


def _of_offered(result: Result, selector: str, measure: str) -> float:
    """The share of offered contacts that ended so, mean over replications; with all ends the shares add up to 1."""
    ended, offered = (result.rows[:, result.yardstick.places[selector, m], 2] for m in (measure, "offered"))
    return student(ratio(ended, offered)).mean


def _selectors(result: Result) -> list[str]:
    scenario = result.scenario
    found = []
    for channel in (c.name for c in scenario.channels):
        segments = list(dict.fromkeys(q.segment for q in scenario.queues if q.channel == channel))
        found += [channel] if segments else []
        found += [f"{s.name} {channel}" for s in scenario.segments if s.name in segments and len(segments) > 1]
    return found


def team_table(result: Result) -> Columns:
    """Occupancy, hours and pay."""
    pay = f"pay with overtime, {result.scenario.currency}".rstrip(", ")
    filler = ["on filler"] * any(stream.kind == "endless" for stream in result.scenario.streams)
    table = Columns(
        "Teams: hours per replication; occupancy = work / (work + idle)" + ", filler included" * len(filler),
        ["team", "occupancy", "rostered", "present", "at work", *filler, "overtime", "paid", pay],
        ["at work", "rostered", "overtime", *filler],
    )
    priced = any(team.wage_per_hour for team in result.scenario.teams)
    for row in result.teams.to_dict("records"):
        occupancy = student(result.rows[:, result.yardstick.places[row["team"], "occupancy"], 2])
        known = f" ± {100 * occupancy.half:.1f}" if occupancy.n > 1 else ""
        table.add(
            row["team"], percent(occupancy.mean) + known, hours(row["rostered_h"]), hours(row["present_h"]),
            hours(row["handling_h"] + row["wrap_up_h"]), *([hours(row["filler_h"])] if filler else []),
            hours(row["overtime_h"]), hours(row["paid_h"]),
            count(row["pay"] + row["overtime_pay"]) if priced else DASH,
        )  # fmt: skip
    return table


def cost_line(result: Result) -> str:
    """Paid hours and cost a week (where less is counted: of all counted time), per contact and per solved issue."""
    weekly, days = is_weekly(result), len(result.yardstick.grid.dates)
    scale = 1 / float(result.yardstick.grid.timeline.weeks) if weekly else 1.0
    paid, overtime = (scale * _mean(result, "all", name) for name in ("paid_hours", "overtime_hours"))
    time = f"{hours(paid)} paid hours" + (f" and {hours(overtime)} of overtime" if overtime else "")
    head = f"Cost {'a week' if weekly else 'of ' + several(days, 'counted day')}: {time}"
    if not is_priced(result.scenario):
        return f"{head}; nothing has a price"
    cost = student(result.rows[:, result.yardstick.places["all", "cost"], 2] * scale)
    known = f" ± {amount(cost.half, cost.mean)}" if cost.n > 1 else ""
    each = [amount(_mean(result, "all", name)) for name in ("cost_per_contact", "cost_per_solved")]
    unit = f" {result.scenario.currency}".rstrip()
    return (
        f"{head}, {amount(cost.mean)}{known}{unit} in all; {each[0]}{unit} per contact handled, "
        f"{each[1]}{unit} per solved issue, idle time included"
    )


def _mean(result: Result, selector: str, measure: str) -> float:
    return student(result.rows[:, result.yardstick.places[selector, measure], 2]).mean


def percent(share: float, digits: int = 1) -> str:
    """`81.3 %`, or a dash for no value."""
    return DASH if math.isnan(share) else f"{100 * share:.{digits}f} %"


def count(number: float) -> str:
    """`14 385`, small ones with a decimal, or a dash."""
    if math.isnan(number):
        return DASH
    small = 0 < abs(number) < 100 and abs(number - round(number)) > 1e-9
    return f"{number:.1f}" if small else f"{number:,.0f}".replace(",", " ")


def amount(number: float, beside: float = 0.0) -> str:
    """Money: `4.12`, whole from a thousand on (or beside such an amount), or a dash."""
    if math.isnan(number):
        return DASH
    return count(round(number)) if max(abs(number), beside) >= 1000 else f"{number:.2f}"


def hours(number: float) -> str:
    """Hours to one decimal below 100."""
    return f"{number:.1f}" if abs(number) < 100 else f"{number:,.0f}".replace(",", " ")


def span(seconds: float) -> str:
    """`0 s`, `48 s`, `6.3 min`, `7.9 h`, `2.1 days`, or a dash."""
    if math.isnan(seconds):
        return DASH
    for size, unit, digits in ((2 * 86400, "days", 1), (2 * 3600, "h", 1), (120, "min", 1)):
        if seconds >= size:
            base = {"days": 86400, "h": 3600, "min": 60}[unit]
            return f"{seconds / base:.{digits}f} {unit}"
    return f"{seconds:.0f} s"
