"""Twists of queues: overflow delays, laws and pace of a team, bonus and rate of ageing, promises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator_base import Maker
from generator_channels import FACTORS

from supportsim.scenario.model import Calendar, Law, Promise, Queue, Scenario, TeamWork, Work
from supportsim.scenario.ticks import DAY, MINUTE


def overflows_later(maker: Maker, scenario: Scenario) -> Scenario:
    """`delays`: mostly later steps are asked later; sometimes the first is not asked at once, or in no order."""
    by = maker.by

    def change(queue: Queue) -> Queue:
        steps = len(queue.teams)
        if not by.chance(80 if steps > 1 else 25):
            return queue
        delays = [by.whole(0, 4) * MINUTE for _ in range(steps)]
        order = by.of(("first at once", "first at once", "rising", "any"))
        if order != "any":
            delays.sort()
        if order == "first at once" and steps > 1:
            delays[0] = 0
        return replace(queue, delays=tuple(delays) if any(delays) else ())

    return replace(scenario, queues=tuple(change(queue) for queue in scenario.queues))


def _able(scenario: Scenario, place: int) -> list[str]:
    """Teams that serve a queue."""
    return [team.name for team in scenario.teams if team.places[place] >= 0]


def _by_team(scenario: Scenario, place: int, changes: dict[str, dict[str, Any]]) -> Queue:
    """A queue with something changed about the work of some of its teams."""
    queue = scenario.queues[place]
    known = {each.team: each for each in queue.by_team}
    for team, values in changes.items():
        known[team] = replace(known.get(team, TeamWork(team, queue.work, queue.resolves)), **values)
    order = [team.name for team in scenario.teams]
    return replace(queue, by_team=tuple(sorted(known.values(), key=lambda each: order.index(each.team))))


def has_own_laws(maker: Maker, scenario: Scenario) -> Scenario:
    """`by_team`: another law and another chance to solve while an agent of that team works."""
    by = maker.by
    queues = list(scenario.queues)
    for place, queue in enumerate(queues):
        changes: dict[str, dict[str, Any]] = {}
        for name in by.some(_able(scenario, place), 40) if by.chance(70) else []:
            what = by.of(("both", "law", "resolves"))
            work = queue.work if what == "resolves" else maker.work()
            changes[name] = {"work": work, "resolves": queue.resolves if what == "law" else by.of((1.0, 0.5, 0.0))}
        queues[place] = _by_team(scenario, place, changes)
    return replace(scenario, queues=tuple(queues))


def is_proficient(maker: Maker, scenario: Scenario) -> Scenario:
    """`pace`: a team, or one in one queue, takes longer or shorter, and solves more or less."""
    by = maker.by
    team = by.of(scenario.teams)
    pace, better = by.of(FACTORS), by.of((1.0, 1.0, 0.5, 2.0))
    queues = list(scenario.queues)
    for place in [p for p in range(len(queues)) if team.places[p] >= 0]:
        if by.chance(25):
            pace = by.of(FACTORS)
        known = {each.team: each.resolves for each in queues[place].by_team}
        resolves = min(1.0, better * known.get(team.name, queues[place].resolves))
        queues[place] = _by_team(scenario, place, {team.name: {"pace": pace, "resolves": resolves}})
    return replace(scenario, queues=tuple(queues))


def ages(maker: Maker, scenario: Scenario) -> Scenario:
    """`bonus` and `rate`, which only the policy `ageing` reads."""
    by = maker.by
    if by.chance(40):
        return scenario

    def change(queue: Queue) -> Queue:
        bonus = by.of((0, 1, 2, 5, 60, 365 * 24 * 60)) * MINUTE
        return replace(queue, bonus=bonus, rate=by.of((100, 200, 50, 0, 33, 2000)))

    return replace(scenario, policy="ageing", queues=tuple(change(queue) for queue in scenario.queues))


def goes_by_a_figure(maker: Maker, scenario: Scenario) -> Scenario:
    """`value` and `easiest`: places by a figure that is known beforehand, some of them shared."""
    by = maker.by
    if scenario.policy in ("ageing", "deadline"):
        return scenario
    queues = tuple(replace(queue, figure_class=by.of((0, 1, 1, 2))) for queue in scenario.queues)
    return replace(scenario, policy=by.of(("value", "easiest")), queues=queues)


def promises(maker: Maker, scenario: Scenario) -> Scenario:
    """One or two promises: limits of whole minutes, in hours of their own, with a price of breaking them."""
    by = maker.by
    taken = ("ageing", "value", "easiest")
    policy = "deadline" if scenario.policy not in taken and by.chance(50) else scenario.policy
    made = tuple(_promise(maker, scenario, f"promise {n}") for n in range(by.of((1, 1, 2))))
    return replace(scenario, promises=made, policy=policy)


def _promise(maker: Maker, scenario: Scenario, name: str) -> Promise:
    by = maker.by
    clock: Any = by.of(("answer", "first_reply"))
    kinds = {channel.name: channel.kind for channel in scenario.channels}
    wanted = "live" if clock == "answer" else "deferred"
    able = [i for i, queue in enumerate(scenario.queues) if kinds[queue.channel] == wanted]
    if not able:
        able, clock = list(range(len(scenario.queues))), "first_reply" if clock == "answer" else "answer"
    covered = by.some(able, 60)
    always = by.chance(50)
    windows = tuple(sorted({maker.window()})) if not always else ()
    hours = Calendar(f"hours of {name}", (windows,) * 7, zone=by.of(maker.zones), always=always)
    limit = by.of((1, 2, 3, 5, 8, 12)) * MINUTE
    inside = tuple(i in covered for i in range(len(scenario.queues)))
    return Promise(name, ("everything",), inside, clock, limit, 0.8, hours, penalty=15.0 if by.chance(50) else 0.0)


def odd_laws(maker: Maker, scenario: Scenario) -> Scenario:
    """Laws of every other kind, as work or as patience."""
    by = maker.by
    odd: list[Law] = [
        Law("lognormal", (3.0 * MINUTE, 0.8)), Law("weibull", (2.0 * MINUTE, 1.5)), Law("gamma", (2.0 * MINUTE, 0.7)),
        Law("erlang", (3.0 * MINUTE, 2.0)), Law("triangular", (0.0, 1.0 * MINUTE, 5.0 * MINUTE)),
        Law("empirical", (1.0 * MINUTE, 2.0 * MINUTE, 6.0 * MINUTE), shares=(0.2, 0.5, 1.0)),
        Law("mixture", shares=(0.5, 0.5), parts=(Law("constant", (1.0 * MINUTE,)), Law("constant", (4.0 * MINUTE,)))),
        Law("exponential", (3.0 * MINUTE,), at_least=float(MINUTE), factor=2.0),
    ]  # fmt: skip

    def change(queue: Queue) -> Queue:
        if by.chance(40):
            queue = replace(queue, patience=by.of(odd))
        return replace(queue, work=replace(queue.work, law=by.of(odd))) if by.chance(60) else queue

    return replace(scenario, queues=tuple(change(queue) for queue in scenario.queues))


def lasting(maker: Maker) -> Work:
    """Work that is never over at once and seldom over soon: what filler needs, so that few pieces fit into play."""
    by = maker.by
    minutes = by.of((8 * 60, 5 * 60, 12 * 60, 24 * 60 - 7)) if maker.two_days else by.of((4, 5, 6, 8, 10, 15))
    law = Law("constant", (float(minutes * MINUTE),))
    if by.chance(10):
        law = Law("uniform", (float(minutes * MINUTE) / 2, float(min(2 * minutes * MINUTE, DAY))))
    return Work(law, by.chance(70), by.of((0.0, 0.0, 0.5, 0.2)), None)
