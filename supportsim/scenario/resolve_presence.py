"""Who of a team is there, and what he does there: heads and activities."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import date

from supportsim.scenario.model import Activity, Shift
from supportsim.scenario.resolve_files import Files
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.roster import in_week, week_of
from supportsim.scenario.schema import Team as HumanTeam
from supportsim.scenario.schema_roster import MOST_WEEKS
from supportsim.scenario.schema_roster import Activity as HumanActivity
from supportsim.scenario.ticks import DAY, MINUTE, WEEK
from supportsim.scenario.units import WEEKDAYS

PRESENCES = ("agents", "shifts", "heads")


def check_presence(each: HumanTeam) -> None:
    """Exactly one of agents, shifts and heads; absence and blocks of those who have shifts."""
    given = [key for key in PRESENCES if key in each._node]
    if len(given) != 1:
        each.wrong(given[1] if given else "agents", "one of agents (always present), shifts and heads (a curve)")
    shrinkage = each.shrinkage
    if shrinkage is None or "shifts" in given or not given:
        return
    hint = "agents without shifts are always present"
    if "heads" in given:
        hint = "heads count who is there"
    for key, share in (("absence", shrinkage.absence), ("off_desk", shrinkage.off_desk[0])):
        if share > 0:
            shrinkage.wrong(key, f"shifts beside {key}", hint)


def heads(desk: Desk, name: str, each: HumanTeam, files: Files, zone_name: str) -> tuple[tuple[int, int], ...] | None:
    """The curve of a team, None where it has none."""
    if each.heads is None:
        return None
    node = each.heads
    return desk.attempt(lambda: files.heads(node, name, zone_name), None)  # type: ignore[no-any-return]


def activities(desk: Desk, name: str, each: HumanTeam, shifts: Sequence[Shift]) -> tuple[Activity, ...]:
    """The activities of a team as declared."""
    if each.activities and "shifts" not in each._node and ("agents" in each._node or "heads" in each._node):
        each.wrong("activities", "shifts beside activities", "they are of people whose shift holds the hours")
    found = []
    for own, activity in each.activities.items():
        with desk.passing():
            found.append(_activity(desk, name, own, activity))
    for one in found:
        if one.agents == 0:
            desk.note(f"teams.{name}.activities.{one.name}: 0 agents, so nobody does it")
        _check_enough(desk, name, one, shifts)
    for first, second in itertools.combinations([one for one in found if one.works_as is not None], 2):
        _check_apart(desk, name, first, second)
    return tuple(found)


def _activity(desk: Desk, team: str, name: str, each: HumanActivity) -> Activity:
    """One activity; the team it works as exists and is another one."""
    if each.works_as is not None:
        others = [other for other in desk.of_kind("team") if other != team]
        if each.works_as == team:
            each.wrong("works_as", "another team", f"they are of {team} anyway")
        elif "team" not in desk.lost:
            node = each.node("works_as")
            desk.one_of(node, others, "the name of another team")
    begin, end = each.hours
    return Activity(name, each.days, begin, end, each.agents, each.works_as)


def _check_enough(desk: Desk, team: str, activity: Activity, shifts: Sequence[Shift]) -> None:
    """Note an activity that asks for more people than have a shift that holds its begin."""
    weeks = _weeks(shifts, desk.human.start) if shifts else []
    found = [(on_shift(own, day, activity.begin), day) for own in weeks for day in activity.weekdays]
    there, day = min(found, default=(activity.agents, 0))
    if there < activity.agents:
        minutes = activity.begin // MINUTE
        when = f"{WEEKDAYS[day]} {minutes // 60:02}:{minutes % 60:02}" + (" in some weeks" if len(weeks) > 1 else "")
        desk.note(f"teams.{team}.activities.{activity.name}: {activity.agents} agents, and {there} on shift {when}")


def _check_apart(desk: Desk, team: str, first: Activity, second: Activity) -> None:
    """Note two moves at the same time: who is at the first is not at the second."""
    if set(first.weekdays) & set(second.weekdays) and first.begin < second.end and second.begin < first.end:
        who = f"who works as {first.works_as} is not there for the second"
        desk.note(f"teams.{team}.activities: {first.name} and {second.name} overlap: {who}")


def on_shift(shifts: Sequence[Shift], weekday: int, of_day: int) -> int:
    """Agents whose shift holds a time of day, all shifts taken as ones of every week."""
    at = weekday * DAY + of_day
    found = 0
    for shift in shifts:
        begins = [day * DAY + shift.begin for day in shift.weekdays]
        length = shift.end - shift.begin
        found += shift.agents * sum((at - begin) % WEEK < length for begin in begins)
    return found


def _weeks(shifts: Sequence[Shift], start: date) -> list[list[Shift]]:
    """The shifts of each week until they repeat (at most a year), the dates of their first and last days aside."""
    period = min(math.lcm(*(shift.weeks[1] for shift in shifts)), MOST_WEEKS)
    return [[each for each in shifts if in_week(each, week_of(start) + week, start)] for week in range(period)]
