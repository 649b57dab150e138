"""Notes on a scenario: what is probably not meant, and stops nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Queue, Scenario, Team
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema_channels import FOR_ALL
from supportsim.scenario.selector import matches
from supportsim.scenario.ticks import DAY, HOUR, clock

LONG_NIGHT = 12 * HOUR + HOUR // 2  # twelve hours and handing over are usual


def patience(desk: Desk, scenario: Scenario) -> None:
    """A promise longer than people wait."""
    for promise in scenario.promises:
        if promise.clock != "answer":
            continue
        for queue, covered in zip(scenario.queues, promise.queues, strict=True):
            if covered and mean(queue.patience) < promise.limit:
                waits = span(mean(queue.patience))
                desk.note(
                    f"promises.{promise.name}: customers of {queue.channel} wait {waits} on average, "
                    f"less than the limit of {span(promise.limit)}"
                )
                break


def wrap_ups(desk: Desk, scenario: Scenario) -> None:
    """A law of wrap-up of half the handle time or more, which it is a part of: probably meant to come on top."""
    for channel in scenario.channels:
        for queue in (each for each in scenario.queues if each.channel == channel.name):
            work = queue.work
            if not work.wrap_inside or work.wrap_law is None or work.law.from_forecast:
                continue
            if 2 * mean(work.wrap_law) >= mean(work.law):
                parts = f"{span(mean(work.wrap_law))} of a handle time of {span(mean(work.law))} on average"
                hint = "wrap_up is a part of handle_time; where it comes on top, write talk_time"
                desk.note(f"channels.{channel.name}.wrap_up: {parts}: {hint}")
                break


def wait_limits(desk: Desk, scenario: Scenario) -> None:
    """A promise that gives more time than the system lets anybody wait."""
    for promise in scenario.promises:
        names = {queue.channel for queue, fits in zip(scenario.queues, promise.queues, strict=True) if fits}
        for channel in scenario.channels:
            if channel.name in names and channel.wait_limit is not None and channel.wait_limit <= promise.limit:
                limits = f"{span(channel.wait_limit)}, its limit is {span(promise.limit)}"
                desk.note(f"promises.{promise.name}: {channel.name} ends every wait after {limits}")


def last_step(desk: Desk, scenario: Scenario) -> None:
    """`next_channel` where no plan goes on."""
    goes_on = {step.channel for plan in scenario.plans for step in plan.steps[:-1]}
    for channel in scenario.channels:
        for each in channel.after:
            if each.next_channel > 0 and channel.name not in goes_on:
                desk.note(
                    f"channels.{channel.name}.after.{each.outcome}: no plan has a channel after "
                    f"{channel.name}, so next_channel gives up"
                )


def last_chats(desk: Desk, scenario: Scenario) -> None:
    """Note shifts in which nobody takes a contact, because the last one is due before they begin; and no shift at all.

    Who works as a team keeps the end of his own shift.
    """
    for channel in (each for each in scenario.channels if each.last_chat):
        asked = {name for queue in scenario.queues if queue.channel == channel.name for p in queue.teams for name in p}
        if asked and not any(_shifts_of(team, asked) for team in scenario.teams):
            who = f"nobody who takes {channel.name} has a shift that ends"
            desk.note(f"channels.{channel.name}.last_chat: {who}, so it does nothing")
        for team in (each for each in scenario.teams if each.name in asked):
            for shift in (each for each in team.shifts if each.end - each.begin <= channel.last_chat):
                whole = f"{channel.name} is not for teams.{team.name}.shifts.{shift.name}"
                desk.note(f"channels.{channel.name}.last_chat: {whole}, which is no longer than that")


def _shifts_of(team: Team, asked: Collection[str]) -> bool:
    """Whether people with shifts come from a team to any of those asked, itself among them."""
    comes = team.name in asked or any(each.agents and each.works_as in asked for each in team.activities)
    return comes and any(shift.agents for shift in team.shifts)


def drains(desk: Desk, scenario: Scenario) -> None:
    """Draining for what the routing never offers a team."""
    for team in (each for each in scenario.teams if each.drains):
        for selector in desk.human.teams[team.name].drain_for or ():
            fits = [queue for queue in scenario.queues if matches(selector.split(), queue)]
            if fits and not any(team.name in pool for queue in fits for pool in queue.teams):
                what = f"{selector} never asks {team.name}, see routing.teams"
                desk.note(f"teams.{team.name}.drain_for: {what}, so it does nothing")


def nobody_there(desk: Desk, scenario: Scenario) -> None:
    """Note teams whose people are rostered, and never at the desk."""
    for team in scenario.teams:
        for key, share in (("absence", team.absence), ("off_desk", team.off_desk)):
            if share >= 1:
                desk.note(f"teams.{team.name}.shrinkage.{key}: 100%, nobody is ever there")


def long_nights(desk: Desk, scenario: Scenario) -> None:
    """Note shifts that go on after midnight for longer than people work: begin and end may be the wrong way round."""
    for team in scenario.teams:
        for shift in team.shifts:
            if shift.end > DAY and shift.end - shift.begin > LONG_NIGHT:
                hours = f"{clock(shift.begin)}-{clock(shift.end - DAY)} goes on the next day"
                said = f"{hours}, {span(shift.end - shift.begin)} in all; were begin and end swapped?"
                desk.note(f"teams.{team.name}.shifts.{shift.name}: {said}")


def _unused_selectors(desk: Desk, scenario: Scenario) -> None:
    """Selectors under `by` and `proficiency` that name nothing, or a team that is not asked there."""
    for name, each in desk.human.channels.items():
        spots = [queue for queue in scenario.queues if queue.channel == name]
        for key in each.by if spots else ():
            teams = [word for word in key.split() if desk.kinds.get(word) == "team"]
            words = [word for word in key.split() if word not in teams]
            _unused_selector(desk, spots, words, teams, f"channels.{name}.by: {key}")
    for name, team in desk.human.teams.items():
        for key in team.proficiency:
            if key != FOR_ALL:
                _unused_selector(desk, scenario.queues, key.split(), [name], f"teams.{name}.proficiency: {key}")


def _unused_selector(desk: Desk, spots: Sequence[Queue], words: list[str], teams: list[str], where: str) -> None:
    named = [spot for spot in spots if matches(words, spot)]
    if not named:
        desk.note(f"{where} names no queue that contacts come to")
    for team in teams if named else ():
        if not any(team in pool for spot in named for pool in spot.teams):
            desk.note(f"{where} holds for nobody, {team} is not asked there")


def unused(desk: Desk, scenario: Scenario) -> None:
    """Channels, selectors and profiles that nothing comes to."""
    used = {queue.channel for queue in scenario.queues}
    _unused_selectors(desk, scenario)
    for channel in scenario.channels:
        if channel.name not in used:
            desk.note(f"channels.{channel.name}: no contact comes there")
        if not channel.hours.always and not any(channel.hours.days):
            desk.note(f"channels.{channel.name}: it never opens")
    streams = {stream.profile for stream in scenario.streams}
    named = {each.profile for each in desk.human.demand.values()}
    for profile in scenario.profiles:
        if profile.name not in streams | named:
            desk.note(f"profiles.{profile.name}: nothing uses it")
