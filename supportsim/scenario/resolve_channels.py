"""Channels, and what customers do next after each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from supportsim.scenario.model import NOTHING, After, Channel
from supportsim.scenario.nodes import Map, Text, key_of
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.resolve_speeds import channel_speeds, most_in_hand
from supportsim.scenario.resolve_time import calendar, zone
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema import Next
from supportsim.scenario.schema_base import BAD, filled
from supportsim.scenario.schema_channels import team_selector
from supportsim.scenario.units import Wrong

LIVE = ("abandoned", "timed_out", "busy", "closed", "disconnected", "unresolved", "solved")
DEFERRED = ("withdrew", "closed", "unresolved", "solved")
_LIVE_ONLY = (
    "at_close",
    "lines",
    "waiting_room",
    "concurrency",
    "slow_down",
    "speeds",
    "measured_at",
    "last_chat",
    "wait_limit",
)
_DEFERRED_ONLY = ("interruptible",)


def channels(desk: Desk) -> tuple[Channel, ...]:
    """The channels as declared."""
    if not desk.human.channels:
        desk.human.wrong("channels", "at least one channel", got="none")
    found = []
    for name, each in desk.human.channels.items():
        with desk.passing():
            found.append(_channel(desk, name, each))
    return tuple(found)


def _channel(desk: Desk, name: str, each: HumanChannel) -> Channel:
    live = each.kind == "live"
    for key in _DEFERRED_ONLY if live else _LIVE_ONLY:
        if key in each._node:
            other = "deferred" if live else "live"
            each.wrong(key, f"no {key} on a {each.kind} channel", f"it belongs to {other} channels")
    for look in (_check_by, _check_waits, _say_defaults):
        with desk.passing():
            look(desk, name, each)
    contact, month = desk.attempt(lambda: _costs(each), (BAD, BAD))
    return Channel(
        name=name,
        kind=each.kind,
        hours=desk.attempt(lambda: calendar(desk, each, "open", each.open, zone(desk, each.timezone)), BAD),
        at_close=filled(each.at_close, "serve"),
        lines=each.lines,
        waiting_room=each.waiting_room,
        concurrency=each.concurrency,
        speeds=desk.attempt(lambda: channel_speeds(desk, name, each), BAD) if live else (),
        last_chat=filled(each.last_chat, 0),
        wait_limit=each.wait_limit,
        keeps_patience=each.keeps == "patience",
        interruptible=each.interruptible,
        by_hour=each.by_hour,
        at_shift_end=filled(each.at_shift_end, _shift_end(each)),
        after=desk.attempt(lambda: _after(desk, name, each), ()),
        cost_per_contact=contact,
        cost_per_month=month,
    )


def _costs(each: HumanChannel) -> tuple[float, float]:
    """Price of a contact and of a month."""
    return (0.0, 0.0) if each.cost is None else (each.cost.contact, each.cost.month)


def _check_by(desk: Desk, name: str, each: HumanChannel) -> None:
    """The names under `by`; whoever answers, customers have the same patience."""
    by = each._node.get("by")
    for key in by if isinstance(by, Map) else ():
        assert isinstance(by, Map)
        with suppress(Wrong):  # which is a fault already
            team_selector(key)
            desk.selector_key(key_of(by, key) or Text(key, by.place), by, teams=True)
        own = each.by[key]
        if own is not BAD and any(desk.kinds.get(word) == "team" for word in key.split()) and "patience" in own._node:
            own.wrong("patience", "no patience of a team", "customers do not know who will answer")


def _check_waits(desk: Desk, name: str, each: HumanChannel) -> None:
    """Keys that mean nothing as things are: `last_chat` of one chat at a time, `keeps` where nobody loses patience."""
    if each.kind == "live" and each.last_chat is not None and most_in_hand(desk, name, each) == 1:
        each.wrong("last_chat", "a concurrency above 1", "here every agent has one contact at a time")
    patient = each.patience is None or each.patience.kind == "never"
    own = any(override.patience is not None for override in each.by.values())
    traced = any(stream.trace is not None for stream in desk.human.demand.values())
    if each.keeps is not None and patient and not own and not traced:
        each.wrong("keeps", "patience beside it", "nobody loses patience here")


def _shift_end(each: HumanChannel) -> str:
    return "finish" if each.kind == "live" else "put_down"


def _say_defaults(desk: Desk, name: str, each: HumanChannel) -> None:
    live, written = each.kind == "live", each._node
    if "open" not in written:
        desk.default(f"channels.{name}.open: always")
    if live and each.at_close is None and each.open != "always":
        desk.default(f"channels.{name}.at_close: serve those waiting")
    if live and "patience" not in written:
        desk.default(f"channels.{name}.patience: never, nobody abandons")
    if "resolves" not in written:
        desk.default(f"channels.{name}.resolves: 100%")
    if "handle_time" in written and each.wrap_up is None:
        desk.default(f"channels.{name}.wrap_up: 0%")
    if each.slow_down is None and each.speeds is None and each.concurrency > 1:
        desk.default(f"channels.{name}.slow_down: none, every contact is as fast as alone")
    for outcome in ("unresolved", "abandoned", "timed_out", "closed", "busy", "disconnected", "withdrew"):
        _says_nothing(desk, name, each, outcome)
    if each.at_shift_end is None:
        desk.default(f"channels.{name}.at_shift_end: {_shift_end(each).replace('_', ' ')}")


def _says_nothing(desk: Desk, name: str, each: HumanChannel, outcome: str) -> None:
    """The default of an outcome that can happen and is not named: the issue ends there."""
    can = {
        "unresolved": each.resolves is not None and each.resolves < 1,
        "abandoned": each.kind == "live" and "patience" in each._node and each.patience.kind != "never",
        "timed_out": each.wait_limit is not None,
        "closed": each.open != "always",
        "busy": each.lines is not None or each.waiting_room is not None,
        "disconnected": each.kind == "live" and each.open != "always",
        "withdrew": each.kind == "deferred" and "patience" in each._node and each.patience.kind != "never",
    }
    if can[outcome] and (each.after is None or outcome not in each.after._node):
        desk.default(f"channels.{name}.after.{outcome}: give up, the issue ends there")


def _after(desk: Desk, name: str, each: HumanChannel) -> tuple[After, ...]:
    """What customers do next, outcome by outcome."""
    found = []
    allowed = LIVE if each.kind == "live" else DEFERRED
    outcomes: tuple[Any, ...] = (
        "abandoned",
        "timed_out",
        "busy",
        "closed",
        "disconnected",
        "withdrew",
        "unresolved",
        "solved",
    )
    for outcome in outcomes:
        step: Next | None = getattr(each.after, outcome) if each.after is not None else None
        if step is None:
            continue
        if step is BAD or _misplaced(each, outcome, step, allowed):
            continue
        found.append(
            After(
                outcome=outcome,
                again=step.again,
                at_opening=step.at_opening,
                next_channel=step.next_channel,
                stop=step.stays_solved if outcome == "solved" else step.give_up,
                delay=step.delay if step.delay is not None else NOTHING,
                tries=step.tries,
            )
        )
    return tuple(found)


def _misplaced(each: HumanChannel, outcome: str, step: Next, allowed: Sequence[str]) -> bool:
    """Faults of an outcome that cannot be on this channel, or of a share that cannot follow it."""
    after = each.after
    assert after is not None
    if outcome not in allowed:
        after.wrong(outcome, f"an outcome of a {each.kind} channel: " + ", ".join(allowed))
        return True
    if outcome == "timed_out" and each.wait_limit is None:
        after.wrong(outcome, "wait_limit beside after", "without one no wait is ended by the system")
        return True
    own = step._node
    if step.at_opening > 0 and outcome != "closed":
        step.wrong("at_opening", "no at_opening here", "it belongs to closed")
    if "stays_solved" in own and outcome != "solved":
        step.wrong("stays_solved", "no stays_solved here", "it belongs to solved")
    for key in ("give_up", "next_channel"):
        if key in own and outcome == "solved":
            step.wrong(key, f"no {key} after solved", "write again and stays_solved")
    return False
