"""Notes on a scenario: what is probably not meant, and stops nothing."""

from __future__ import annotations

from collections.abc import Sequence

from supportsim.scenario.laws import mean, span
from supportsim.scenario.model import Queue, Scenario
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema_channels import FOR_ALL
from supportsim.scenario.selector import matches


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
    """Note shifts in which nobody takes a contact, because the last one is due before they begin."""
    for channel in (each for each in scenario.channels if each.last_chat):
        asked = {name for queue in scenario.queues if queue.channel == channel.name for p in queue.teams for name in p}
        for team in (each for each in scenario.teams if each.name in asked):
            for shift in (each for each in team.shifts if each.end - each.begin <= channel.last_chat):
                whole = f"{channel.name} is not for teams.{team.name}.shifts.{shift.name}"
                desk.note(f"channels.{channel.name}.last_chat: {whole}, which is no longer than that")


def nobody_there(desk: Desk, scenario: Scenario) -> None:
    """Note teams whose people are rostered, and never at the desk."""
    for team in scenario.teams:
        for key, share in (("absence", team.absence), ("off_desk", team.off_desk)):
            if share >= 1:
                desk.note(f"teams.{team.name}.shrinkage.{key}: 100%, nobody is ever there")


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
