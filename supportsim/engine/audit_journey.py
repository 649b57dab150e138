"""Audit of the journey: what customers did after each outcome is something the scenario lets them do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from supportsim.demand.fates import ASKS, PLAN, entity, uniform, world
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.journal import CONTACT_KINDS, ISSUE_STATES, OUTCOMES
from supportsim.scenario.model import After, Law, Plan
from supportsim.scenario.ticks import NEVER, tick

#: Outcomes of contacts that no agent took.
UNSERVED = ("abandoned", "busy", "closed", "disconnected", "withdrew", "timed_out")


class Step(NamedTuple):
    """One contact as the journey sees it."""

    row: int
    kind: str
    channel: int
    created: int
    outcome: str
    left: int


def check_journeys(facts: Facts, book: Book) -> None:
    """Contact after contact of every issue, then its state."""
    journal = facts.journal
    steps: list[list[Step]] = [[] for _ in range(len(journal.issues))]
    names = ("issue", "kind", "channel", "created", "outcome", "left")
    columns = (journal.contacts[name].tolist() for name in names)
    for row, (issue, kind, channel, created, outcome, left) in enumerate(zip(*columns, strict=True)):
        steps[issue].append(Step(row, CONTACT_KINDS[kind], channel, created, OUTCOMES[outcome], left))
    states, ended = journal.issues["state"].tolist(), journal.issues["ended"].tolist()
    for issue, own in enumerate(steps):
        state = ISSUE_STATES[states[issue]]
        if own and own[0].kind == "filler":
            continue  # one contact, solved by definition: checked with the flow
        if own:
            _begins(facts, book, issue, own[0])
            for number in range(1, len(own)):
                _follows(facts, book, issue, own[: number + 1])
            _state(facts, book, issue, state, ended[issue], own)
        else:
            _unserved(facts, book, issue, state)


def offer_of(facts: Facts, issue: int) -> Plan | None:
    """The plan of the customer whose issue it is, by his own fate where his segment is split."""
    row = facts.journal.issues[issue]
    segment = facts.scenario.segments[int(row["segment"])]
    name = segment.plans[-1].plan if segment.plans else ""
    if len(segment.plans) > 1:
        whose = entity("segment", segment.name, int(row["customer"])) if row["customer"] >= 0 else int(row["key"])
        u, reached = _uniform(facts, whose, PLAN), 0.0
        for own in segment.plans:
            reached += own.share
            if u < reached:
                name = own.plan
                break
    return next((plan for plan in facts.scenario.plans if plan.name == name), None)


def _uniform(facts: Facts, whose: int, purpose: int) -> float:
    of_world = world(facts.journal.seed, facts.journal.replication)
    return float(uniform(np.uint64(of_world), np.uint64(whose), 0, purpose))


def plan_of(facts: Facts, issue: int) -> list[int]:
    """Channels of the plan of the issue's customer, in order."""
    plan = offer_of(facts, issue)
    return [facts.channel_named[step.channel] for step in plan.steps] if plan else []


def _is_asked(facts: Facts, issue: int) -> bool:
    """Whether its customer brings it at all under his plan."""
    plan = offer_of(facts, issue)
    return plan is None or plan.asks >= 1 or _uniform(facts, int(facts.journal.issues["key"][issue]), ASKS) < plan.asks


def _begins(facts: Facts, book: Book, issue: int, first: Step) -> None:
    stream = facts.scenario.streams[int(facts.journal.issues["stream"][issue])]
    if stream.kind == "trace":
        return
    if stream.channel is not None:
        right = facts.channel_named[stream.channel] == first.channel
    else:
        right = first.channel in plan_of(facts, issue)
    if not right:
        book.add("journey", "begins on a channel its stream does not name", None, contact=first.row)
    if stream.channel is None and not _is_asked(facts, issue):
        book.add("journey", "is brought although its customer keeps it to himself", None, contact=first.row)


def _unserved(facts: Facts, book: Book, issue: int, state: str) -> None:
    if state == "gone":
        return  # its customer had left: audit_leaving.py
    stream = facts.scenario.streams[int(facts.journal.issues["stream"][issue])]
    if state == "unasked":
        if stream.channel is not None or (_is_asked(facts, issue) and stream.kind != "trace"):
            book.add("journey", "unasked although its customer would bring it", None, issue=issue)
        return
    if state != "unserved":
        book.add("journey", f"no contact, but its state is {state}", None, issue=issue)
    if stream.channel is not None or (plan_of(facts, issue) and stream.kind != "trace"):
        book.add("journey", "unserved although its plan offers a channel", None, issue=issue)


def _returns_off(facts: Facts, issue: int, channel: int) -> bool:
    """Offered calls hold the returns already: nobody calls that channel again."""
    stream = facts.scenario.streams[int(facts.journal.issues["stream"][issue])]
    return stream.returns_within and stream.channel == facts.scenario.channels[channel].name


def _follows(facts: Facts, book: Book, issue: int, own: list[Step]) -> None:
    """The last of `own` against the one before it."""
    before, now = own[-2], own[-1]
    after = facts.after[before.channel].get(before.outcome)
    if after is None:
        book.add("journey", f"comes after {before.outcome}, which ends the issue", None, contact=now.row)
    elif now.kind == "switch":
        _switch(facts, book, issue, after, own)
    else:
        _again(facts, book, issue, after, own)


def _switch(facts: Facts, book: Book, issue: int, after: After, own: list[Step]) -> None:
    before, now = own[-2], own[-1]
    if after.next_channel <= 0:
        book.add("journey", f"nobody goes to the next channel after {before.outcome}", None, contact=now.row)
    if now.created != before.left:
        book.add("journey", "the next channel is tried at once", now.created, contact=now.row)
    if now.channel != _next_channel(facts, issue, before.channel):
        book.add("journey", "is not on the next channel of its plan", None, contact=now.row)


def _next_channel(facts: Facts, issue: int, channel: int) -> int:
    """The step after `channel` in the plan; -1 after the last one, and for a channel outside the plan."""
    plan = plan_of(facts, issue)
    place = plan.index(channel) + 1 if channel in plan else len(plan)
    return plan[place] if place < len(plan) else -1


def _again(facts: Facts, book: Book, issue: int, after: After, own: list[Step]) -> None:
    before, now = own[-2], own[-1]
    wanted = "redial" if before.outcome in UNSERVED else "repeat"
    if now.kind != wanted or now.channel != before.channel:
        text = f"a {now.kind} after {before.outcome} on channel {before.channel} should be a {wanted} there"
        book.add("journey", text, None, contact=now.row)
    if after.again <= 0 and after.at_opening <= 0:
        book.add("journey", f"nobody comes again after {before.outcome}", None, contact=now.row)
    if _returns_off(facts, issue, before.channel):
        book.add("journey", "returns of offered calls are in their number already", None, contact=now.row)
    if after.tries is not None and sum(step.channel == now.channel for step in own) > after.tries:
        book.add("journey", f"more than {after.tries} tries on the channel", None, contact=now.row)
    if now.created not in (dues := _dues(facts, after, before)) and dues:
        book.add("journey", f"was due at {' or '.join(map(str, dues))}", now.created, contact=now.row)
    elif now.created <= before.left:
        book.add("journey", "comes again without any delay", now.created, contact=now.row)


def _constant(law: Law) -> int | None:
    """The only delay of a law, at least 1 tick; None for chance."""
    if law.kind != "constant" or law.at_zero or law.from_forecast:
        return None
    value = max(law.factor * law.values[0], law.at_least)
    return max(1, tick(value if law.at_most is None else min(value, law.at_most)))


def _dues(facts: Facts, after: After, before: Step) -> list[int]:
    """When a next contact on the channel may be due; empty if that is a matter of chance."""
    opening = before.left
    if before.outcome == "closed":
        opening = facts.opening[before.channel].next_opening(before.left)
    dues = [opening] if after.at_opening > 0 else []
    if after.again > 0:
        delay = _constant(after.delay)
        if delay is None:
            return []
        dues.append(opening + delay)
    return dues


def _may_return(facts: Facts, issue: int, after: After, own: list[Step]) -> bool:
    last = own[-1]
    made = sum(step.channel == last.channel for step in own)
    allowed = after.tries is None or made < after.tries
    return (after.again > 0 or after.at_opening > 0) and allowed and not _returns_off(facts, issue, last.channel)


def _state(facts: Facts, book: Book, issue: int, state: str, ended: int, own: list[Step]) -> None:
    last = own[-1]
    if last.outcome == "open":
        if state != "open":
            book.add("journey", f"its last contact is open, but its state is {state}", None, issue=issue)
    elif state in ("unserved", "unasked"):
        book.add("journey", f"called {state} although it made contacts", None, issue=issue)
    elif state in ("open", "cut"):
        _later(facts, book, issue, state, own)
    elif state == "gone":
        _gone(facts, book, issue, ended, own)
    else:
        _over(facts, book, issue, state, own)
    right = {"open": NEVER, "solved": last.left, "gave_up": last.left}.get(state, ended)
    if ended != right:
        book.add("journey", f"a {state} issue should have ended at {right}", None, issue=issue)


def _later(facts: Facts, book: Book, issue: int, state: str, own: list[Step]) -> None:
    """The issue waits for a contact that is due at the horizon or later, or that was cut."""
    last = own[-1]
    after = facts.after[last.channel].get(last.outcome)
    returns = after is not None and _may_return(facts, issue, after, own)
    switches = after is not None and after.next_channel > 0 and _next_channel(facts, issue, last.channel) >= 0
    limit = facts.timeline.counted_to if state == "cut" else facts.end
    if state == "cut" and facts.scenario.times.run_out_demand:
        book.add("journey", "cut although demand goes on", None, issue=issue)
    if switches and last.left >= limit:
        return  # the next channel is tried at once, and that is too late
    if after is None or not returns:
        book.add("journey", f"{state}, but nothing comes after its last contact", None, issue=issue)
    elif (dues := _dues(facts, after, last)) and max(dues) < limit:
        book.add("journey", f"{state}, but its next contact was due at {max(dues)}", None, issue=issue)


def _gone(facts: Facts, book: Book, issue: int, ended: int, own: list[Step]) -> None:
    """The issue ends when its next contact would have been made."""
    last = own[-1]
    after = facts.after[last.channel].get(last.outcome)
    returns = after is not None and _may_return(facts, issue, after, own)
    dues = _dues(facts, after, last) if after is not None and returns else []
    if after is not None and after.next_channel > 0 and _next_channel(facts, issue, last.channel) >= 0:
        dues = [*dues, last.left] if dues or not returns else []
    if after is None or (not returns and not dues):
        book.add("journey", "gone, but nothing comes after its last contact", None, issue=issue)
    elif (dues and ended not in dues) or ended < last.left:
        book.add("journey", f"gone, but its next contact was due at {' or '.join(map(str, dues))}", ended, issue=issue)


def _over(facts: Facts, book: Book, issue: int, state: str, own: list[Step]) -> None:
    last = own[-1]
    if (state == "solved") != (last.outcome == "solved"):
        book.add("journey", f"{state} although its last contact is {last.outcome}", None, issue=issue)
    after = facts.after[last.channel].get(last.outcome)
    if after is None or after.stop > 0:
        return
    stuck = after.next_channel > 0 and _next_channel(facts, issue, last.channel) < 0
    if not stuck and (after.next_channel > 0 or _may_return(facts, issue, after, own)):
        if after.next_channel > 0 and not _may_return(facts, issue, after, own) and _can_return(after):
            return  # whoever would have come again had no try left
        book.add("journey", f"{state} although nobody stops after {last.outcome}", None, issue=issue)


def _can_return(after: After) -> bool:
    return after.again > 0 or after.at_opening > 0
