"""The findings of `check` in words: the numbers, the warnings, then every default."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from supportsim.scenario.ticks import HOUR
from supportsim.study.erlang import MOST_AGENTS
from supportsim.study.words import duration

if TYPE_CHECKING:
    from supportsim.show.check import Findings, Group
    from supportsim.show.peaks import Peak
    from supportsim.show.shortfall import Shortfall
    from supportsim.show.staffing import TeamHours

WIDTH = 14
#: Letters that every terminal has room for in a line.
NARROW = 80
#: Intervals named one by one.
MOST_NAMED = 5
#: A blank at which no line ends, and where one belongs.
FIRM = "\N{NO-BREAK SPACE}"
THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")
#: Hours that nobody sees.
HARDLY = 0.005


def number(value: float, decimals: int = 0) -> str:
    """12 345.6: blanks between thousands, so that no comma can be taken for a decimal one."""
    return f"{value:,.{decimals}f}".replace(",", " ")


def hours(value: float) -> str:
    return f"{number(value, 0 if value >= 1000 else 1)} h"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def lines(found: Findings, width: int = NARROW) -> list[str]:
    """Everything `check` prints, in lines of at most `width` letters where its words allow it."""
    text: list[str] = []
    for label, rows in _rows(found):
        for i, row in enumerate(rows):
            for j, piece in enumerate(_folded(THOUSANDS.sub(FIRM, row), max(width, NARROW) - WIDTH)):
                text.append(f"{label if i == j == 0 else '':<{WIDTH}}{piece}".rstrip().replace(FIRM, " "))
    return text


def _folded(row: str, width: int) -> Iterator[str]:
    """A row in pieces of `width`: whole words, those that go on indented two more than the first."""
    indent = " " * (len(row) - len(row.lstrip()) + 2)
    while len(row) > width:
        cut = row.rfind(" ", len(indent), width + 1)
        cut = cut if cut > 0 else row.find(" ", width)
        if cut < 0:
            break
        yield row[:cut].rstrip()
        row = indent + row[cut:].lstrip()
    yield row


def _rows(found: Findings) -> Iterator[tuple[str, list[str]]]:
    yield "desk", [f"{found.name}" + (f": {found.title}" if found.title else "")]
    yield "counted", [_dates(found)]
    yield "issues", [_issues(found)]
    yield "work", list(_work(found))
    yield "people", list(_people(found))
    yield "shrinkage", list(_shrinkage(found))
    yield "occupancy", [*(_occupancy(group, len(found.groups) > 1) for group in found.groups), *_why_another(found)]
    if found.peaks:
        yield "peak", [row for peak in found.peaks for row in _peak(peak)]
    if found.short:
        yield "short", [row for each in found.short for row in _short(each, found.period)]
    yield "cost", [_cost(found)]
    yield "routing", list(found.rules)
    yield "left out", [_left_out(found)]
    if found.warnings:
        yield "warnings", list(found.warnings)
    if found.defaults:
        yield "defaults", list(found.defaults)


def _dates(found: Findings) -> str:
    days = found.first if found.first == found.last else f"{found.first} to {found.last}"
    return f"{days} ({found.length}), {found.zone}"


def _issues(found: Findings) -> str:
    total = sum(found.issues.values())
    parts = [f"{name} {number(issues, 0 if issues >= 100 else 1)}" for name, issues in found.issues.items()]
    if len(parts) > 1:
        parts.append(f"together {number(total)}")
    return f"{' · '.join(parts)} {found.period}"


def _work(found: Findings) -> Iterable[str]:
    for each in found.work:
        more = ""
        if each.at_once > 1:
            slower = f", each x {each.longer:.3g} as long" if each.longer > 1 + 1e-9 else ""
            more = f"; {each.at_once:g} at once{slower}: {hours(each.agent_hours)} of agents"
        returns = "no returns" if each.hours == each.fresh_hours else f"{hours(each.hours)} with returns"
        yield f"{each.channel} {hours(each.fresh_hours)} {found.period}, {returns}{more}"


def _people(found: Findings) -> Iterable[str]:
    for team in found.people:
        heads = f"up to {team.heads}" if team.curve else f"{team.heads}"
        mean = ", the mean of its weeks" if team.varies and found.period == "a week" else ""
        yield (
            f"{team.team} {heads} heads: {hours(team.rostered)} rostered, {hours(team.paid)} paid, "
            f"{hours(team.present)} present {found.period}{mean}"
        )
        yield from _sums(team)
        if team.stints:
            yield f"  of the rostered hours {', '.join(_doing(*stint) for stint in team.stints)}"
        if team.borrowed:
            yield f"  from other teams {hours(team.borrowed)} present"


def _sums(team: TeamHours) -> Iterator[str]:
    """How paid and present hours come about, where they are not the rostered ones."""
    unpaid = ("unpaid breaks", -team.unpaid_breaks_h)
    away = (
        unpaid,
        ("paid breaks", -team.paid_breaks_h),
        ("activities off the desk", -team.activities_h),
        ("absent", -team.absent_h),
        ("off desk", -team.off_desk_h),
    )
    for name, total, parts in (
        ("paid", team.paid, (unpaid, ("leave", team.leave_h))),
        ("present", team.present, away),
    ):
        if abs(total - team.rostered) > HARDLY:
            yield f"  {name} {_sum(total, (('rostered', team.rostered), *parts))}"


def _sum(total: float, parts: tuple[tuple[str, float], ...]) -> str:
    """`584.0 h = 697.5 rostered - 113.5 absent`: it adds up as it is rounded, because the largest part gives way."""
    shown = {name: round(value, 1) for name, value in parts if abs(value) > HARDLY}
    largest = max(list(shown)[1:], key=lambda name: abs(shown[name]))
    shown[largest] += round(total, 1) - sum(shown.values())
    first, *others = shown.items()
    signed = (f"{'-' if value < 0 else '+'} {number(abs(value), 1)} {name}" for name, value in others)
    words = [f"{number(first[1], 1)} {first[0]}", *signed]
    return " ".join([f"{number(total, 1)} h =", *(each.replace(" ", FIRM) for each in words)])


def _doing(team: str, length: float) -> str:
    return f"{hours(length)} {f'as {team}' if team else 'off the desk (activities)'}"


def _shrinkage(found: Findings) -> Iterable[str]:
    for team in found.people:
        yield (f"{team.team} {percent(team.added)} added up, {percent(team.product)} as a product{_parts(team)}")


def _parts(team: TeamHours) -> str:
    shares = {
        "leave": team.leave,
        "absence": team.absence,
        "off desk": team.off_desk,
        "paid breaks": team.paid_breaks,
        "activities": team.activities,
    }
    named = [f"{name} {percent(share)}" for name, share in shares.items() if share > 0]
    return f" ({', '.join(named)})" if named else ""


def _occupancy(group: Group, several: bool) -> str:
    occupancy = "nobody present" if group.occupancy is None else percent(group.occupancy)
    if group.contact_hours - group.work_hours > 1e-9:
        occupancy += " of places"
    names = f" ({', '.join(group.channels)})" if several else ""
    work, present = hours(group.contact_hours), hours(group.present_hours)
    text = f"{occupancy}{names}: {work} of work in {present} of present agents"
    if group.one_by_one is None or group.contact_hours - group.work_hours < 1e-9:
        return text
    return f"{text}, {percent(group.one_by_one)} if nobody held two contacts at once"


def _why_another(found: Findings) -> Iterator[str]:
    """Why the occupancy of a run may be another one."""
    if not any(group.occupancy for group in found.groups):
        return
    higher = ["redials come on top"] * found.redials
    if any(each.at_once > 1 for each in found.work):
        higher.append("agents hold fewer contacts than they may")
    higher += ["filler is there to do"] * found.filler
    yield (
        "  this is expected work / present hours, everybody served; a run measures work / (work + idle): lower where "
        "customers abandon, work is left at the end or goes on after shifts"
        + (f", higher where {' or '.join(higher)}" if higher else "")
    )


def _short(found: Shortfall, period: str) -> Iterator[str]:
    """The worst intervals of a channel, and a count of the rest."""
    law = "C" if found.patient else "A"
    head = f"{found.channel}, by Erlang {law} for {found.promise} ({percent(found.share)} in {duration(found.limit)})"
    many = f"{number(found.intervals)} {_intervals(found.interval)} with contacts"
    if not found.short:
        yield f"{head}: enough are present in all {many}"
    else:
        yield f"{head}: too few in {number(len(found.short))} of {many}, {hours(found.agent_hours)} of agents {period}"
    if found.beside:
        yield f"  the same agents serve {', '.join(found.beside)} too"
    for short in found.short[:MOST_NAMED]:
        weeks = f", in {short.weeks} of {short.of_weeks} weeks" if short.of_weeks > 1 else ""
        heads = f"{short.needed:.0f} needed, {short.present:.1f} present"
        yield f"  {short.when}  {heads}: {short.lacking:.1f} short{weeks}"
    if rest := found.short[MOST_NAMED:]:
        least, most = f"{rest[-1].lacking:.1f}", f"{rest[0].lacking:.1f}"
        yield f"  and {len(rest)} more, " + (f"{most} short each" if least == most else f"{least} to {most} short")


def _intervals(ticks: int) -> str:
    names = {HOUR: "hours", HOUR // 2: "half-hours", HOUR // 4: "quarter-hours"}
    return names.get(ticks, f"intervals of {duration(ticks)}")


def _peak(peak: Peak) -> Iterator[str]:
    yield (
        f"{peak.channel} {peak.when}: {number(peak.contacts, 1)} contacts of {peak.handle_s:.0f} s, "
        f"{peak.erlangs:.1f} Erlang; {peak.present:.1f} agents present"
    )
    if peak.promise:
        yield (
            f"  {peak.promise} ({percent(peak.share)} in {peak.limit_s:g} s) needs {_heads(peak.heads_c)} by "
            f"Erlang C, {_heads(peak.heads_a)} by Erlang A"
        )


def _left_out(found: Findings) -> str:
    parts = ["contacts after abandoning", *["filler"] * found.filler, *["penalties"] * found.penalties]
    backlog = f", and the {number(found.backlog)} contacts of the starting backlog" if found.backlog else ""
    return f"{', '.join(parts)}, which only the simulation can count{backlog}"


def _heads(heads: float | None) -> str:
    if heads is None or math.isinf(heads):
        return "no number" if heads is None else f"more than {number(MOST_AGENTS)} places"
    return f"{heads:.0f}"


def _cost(found: Findings) -> str:
    cost = found.cost
    if not cost.stated:
        return "no wage, seat or channel price is stated"
    total = f"{number(cost.total)} {found.currency}".rstrip()
    parts = {"pay": cost.pay, "seats": cost.seats, "channels": cost.channels}
    named = ", ".join(f"{name} {number(part)}" for name, part in parts.items() if part)
    return f"{total} {found.period}: {named or 'nothing that has a price is used'}"
