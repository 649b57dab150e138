"""The findings of `check` in words: about ten lines, then the defaults and the warnings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from supportsim.study.erlang import MOST_AGENTS

if TYPE_CHECKING:
    from supportsim.show.check import Findings, Group, Peak
    from supportsim.show.staffing import TeamHours

WIDTH = 14


def number(value: float, decimals: int = 0) -> str:
    """12 345.6: blanks between thousands, so that no comma can be taken for a decimal one."""
    return f"{value:,.{decimals}f}".replace(",", " ")


def hours(value: float) -> str:
    return f"{number(value, 0 if value >= 1000 else 1)} h"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def lines(found: Findings) -> list[str]:
    """Everything `check` prints."""
    text: list[str] = []
    for label, rows in _rows(found):
        for i, row in enumerate(rows):
            text.append(f"{label if i == 0 else '':<{WIDTH}}{row}".rstrip())
    return text


def _rows(found: Findings) -> Iterator[tuple[str, list[str]]]:
    yield "desk", [f"{found.name}" + (f": {found.title}" if found.title else "")]
    yield "counted", [_dates(found)]
    yield "issues", [_issues(found)]
    yield "work", list(_work(found))
    yield "people", list(_people(found))
    yield "shrinkage", list(_shrinkage(found))
    yield "occupancy", [_occupancy(group, len(found.groups) > 1) for group in found.groups]
    if found.peaks:
        yield "peak", [row for peak in found.peaks for row in _peak(peak)]
    yield "cost", [_cost(found)]
    yield "routing", list(found.rules)
    yield "left out", [_left_out(found)]
    if found.defaults:
        yield "defaults", list(found.defaults)
    if found.warnings:
        yield "warnings", list(found.warnings)


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
        if team.stints:
            yield f"  of the rostered hours {', '.join(_doing(*stint) for stint in team.stints)}"
        if team.borrowed:
            yield f"  from other teams {hours(team.borrowed)} present"


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
