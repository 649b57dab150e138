"""What the bridge takes away from a scenario, step by step, from the last line to the first that is played.

Each function returns another scenario, or the very same where it finds nothing to take away.  The rule is in
docs/model.md, section 11.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from supportsim.scenario.model import Busyness, Calendar, Channel, Queue, Scenario, Stream, Team

#: Open at no tick.
CLOSED = ((),) * 7
Names = frozenset[str]


@dataclass(frozen=True)
class Step:
    """One line of the bridge: what it adds to the line before, and how it is taken away from its own scenario."""

    id: str
    name: str
    without: Callable[[Scenario, Names], Scenario]
    nothing: str  # why the line is left out where nothing is taken away


def without_returns(scenario: Scenario, channels: Names) -> Scenario:
    """Every issue ends with its first contact: nobody comes back or goes on to another channel."""
    if not any(a.again or a.at_opening or a.next_channel for channel in scenario.channels for a in channel.after):
        return scenario
    return replace(scenario, channels=tuple(replace(channel, after=()) for channel in scenario.channels))


def with_plain_shift_ends(scenario: Scenario, channels: Names) -> Scenario:
    """At the end of a shift, and when heads fall, all work in hand is put down; nothing is refused before."""
    if not any(team.shifts or _falls(team) for team in scenario.teams):
        return scenario
    plain = tuple(replace(channel, at_shift_end="put_down", last_chat=0) for channel in scenario.channels)
    return _changed(scenario, channels=plain)


def without_breaks(scenario: Scenario, channels: Names) -> Scenario:
    """Whoever is rostered is at the desk: no breaks, no absence, no blocks, no activities off the desk."""
    return _changed(scenario, teams=tuple(map(_always_there, scenario.teams)))


def without_busyness(scenario: Scenario, channels: Names) -> Scenario:
    """Days differ by chance alone."""
    busy = scenario.busyness
    return replace(scenario, busyness=Busyness()) if busy.cv or busy.cv_interval else scenario


def without_other_work(scenario: Scenario, channels: Names) -> Scenario:
    """Only `channels` are served: the others are closed, asked of nobody, without backlog and filler."""
    return _changed(
        scenario,
        channels=tuple(each if each.name in channels else _closed(each) for each in scenario.channels),
        queues=tuple(each if each.channel in channels else _unserved(each) for each in scenario.queues),
        teams=tuple(_for_only(team, scenario, channels) for team in scenario.teams),
        streams=tuple(each for each in scenario.streams if not _of_other_work(each, channels)),
    )


#: In the order of the lines; taken away from the last to the first.
STEPS = (
    Step("other_work", "+ other work of the same agents", without_other_work, "their agents have no other work"),
    Step("busyness", "+ busyness: days that differ", without_busyness, "no busyness is stated"),
    Step("breaks", "+ breaks and shrinkage", without_breaks, "no break, absence or block is stated"),
    Step("shift_ends", "+ shift ends: work finished after hours", with_plain_shift_ends,
         "no shift ends, or work is put down there"),
    Step("returns", "+ returns: the scenario as it is", without_returns, "nobody comes back or goes on"),
)  # fmt: skip


def _changed(scenario: Scenario, **parts: tuple[object, ...]) -> Scenario:
    """The scenario with other parts; itself where they are the same."""
    if all(getattr(scenario, name) == part for name, part in parts.items()):
        return scenario
    return replace(scenario, **parts)  # type: ignore[arg-type]


def _falls(team: Team) -> bool:
    """Whether the curve of heads ever falls."""
    heads = [number for _, number in team.heads or ()]
    return any(a > b for a, b in pairwise(heads))


def _always_there(team: Team) -> Team:
    return replace(
        team,
        shifts=tuple(replace(shift, breaks=()) for shift in team.shifts),
        activities=tuple(each for each in team.activities if each.works_as is not None),
        absence=0.0,
        off_desk=0.0,
        off_desk_block=0,
    )


def _closed(channel: Channel) -> Channel:
    return replace(channel, hours=Calendar("never", CLOSED, zone=channel.hours.zone), after=())


def _unserved(queue: Queue) -> Queue:
    return replace(queue, teams=(), delays=(), by_team=())


def _for_only(team: Team, scenario: Scenario, channels: Names) -> Team:
    served = tuple(
        place if queue.channel in channels else -1 for place, queue in zip(team.places, scenario.queues, strict=True)
    )
    return replace(team, places=served)


def _of_other_work(stream: Stream, channels: Names) -> bool:
    """Filler, and streams that begin on another channel."""
    return stream.kind == "endless" or (stream.channel is not None and stream.channel not in channels)
