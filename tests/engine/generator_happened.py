"""What happened in a journal, by name: the nasty things that a generator of scenarios has to bring about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.scenario import model
from supportsim.scenario.roster import agents
from supportsim.scenario.ticks import DAY, MINUTE, NEVER


def happened(scenario: model.Scenario, journal: Journal) -> Iterator[str]:
    """Names of what happened."""
    touches, contacts = journal.touches, journal.contacts
    started, ended = touches["started"] != NEVER, touches["ended"] != NEVER
    worked = touches["how"] == ENDINGS.index("worked")
    yield from (f"outcome {OUTCOMES[o]}" for o in set(contacts["outcome"].tolist()))
    yield from (f"ended {ENDINGS[h]}" for h in set(touches["how"].tolist()))
    yield from (f"kind {CONTACT_KINDS[k]}" for k in set(contacts["kind"].tolist()))
    yield from (f"state {ISSUE_STATES[s]}" for s in set(journal.issues["state"].tolist()))
    yield from (f"span {SPANS[w]}" for w in set(journal.presence["what"].tolist()))
    yield from (f"in hand {n}" for n in set(touches["in_hand"].tolist()))
    gone = journal.issues["state"] == ISSUE_STATES.index("gone")
    seen = {
        "work of length zero": worked & (touches["ended"] == touches["started"]),
        "wrap-up": worked & (touches["ended"] > touches["talk_ended"]),
        "wrap-up only": (touches["started"] == touches["talk_ended"]) & (touches["talk_ended"] < touches["ended"]),
        "waited, then served": started & (touches["started"] > touches["joined"]),
        "left at the tick of joining": ended & ~started & (touches["ended"] == touches["joined"]),
        "in talk at the horizon": started & ~ended & (touches["talk_ended"] == NEVER),
        "in wrap-up at the horizon": started & ~ended & (touches["talk_ended"] != NEVER),
        "waits at the horizon": ~started & ~ended,
        "resumed": touches["touch"] != np.arange(len(touches)),
        "begins before play": touches["entered"] < 0,
        "gone when it arises": gone & (journal.issues["contacts"] == 0),
        "gone when it is due again": gone & (journal.issues["contacts"] > 0),
    }
    yield from (name for name, where in seen.items() if where.any())
    yield from _new(scenario, journal)
    yield from _ties(scenario, journal)


def _new(scenario: model.Scenario, journal: Journal) -> Iterator[str]:
    """Filler beside people who wait, help for another team, wait limits and delays that fall on a beginning."""
    touches, contacts, presence = journal.touches, journal.contacts, journal.presence
    own = np.array([agent.team for agent in agents(scenario)] or [0])
    laid_aside = np.isin(touches["how"], (ENDINGS.index("interrupted"), ENDINGS.index("put_down")))
    again = touches["touch"] != np.arange(len(touches))
    before = touches[touches["touch"]]
    limits = np.array([channel.wait_limit or NEVER for channel in scenario.channels])
    limit_ends = contacts["created"] + np.minimum(limits[contacts["channel"]], NEVER // 2)
    fillers = contacts["kind"] == CONTACT_KINDS.index("filler")
    seen = {
        "works for another team": own[presence["agent"]] != presence["team"],
        "starved": touches["starved"] > 0,
        "resumed by another": again & (touches["agent"] >= 0) & (touches["agent"] != before["agent"]),
        "laid aside with several in hand": laid_aside & (touches["in_hand"] > 1),
        "served as his wait limit ends": contacts["answered"] == limit_ends,
        "wait limit and patience end together": contacts["created"] + contacts["patience"] == limit_ends,
        "filler after play has begun": fillers & (contacts["created"] > 0),
        "filler laid aside": laid_aside & fillers[touches["contact"]],
        "work of a fraction of a minute": (touches["started"] % MINUTE == 0) & (touches["talk_ended"] % MINUTE != 0),
    }
    yield from (name for name, where in seen.items() if where.any())
    yield from _delays_passed(scenario, journal)


def _delays_passed(scenario: model.Scenario, journal: Journal) -> Iterator[str]:
    """Whether somebody is served in the very tick in which a delay of his queue passes."""
    for q, queue in enumerate(scenario.queues):
        rows = journal.touches[journal.touches["queue"] == q]
        if any(np.any(rows["started"] == rows["entered"] + delay) for delay in queue.delays if delay):
            yield "served as a delay passes"


def _ties(scenario: model.Scenario, journal: Journal) -> Iterator[str]:
    """Events that fall on the same tick, or would fall on the horizon."""
    touches, contacts = journal.touches, journal.contacts
    created = contacts["created"].tolist()
    if len(set(created)) < len(created):
        yield "two contacts at one tick"
    gone = touches["ended"][touches["ended"] != NEVER].tolist()
    if set(gone) & set(created):
        yield "one ends as another comes"
    if len(contacts) and np.any(contacts["created"] + contacts["patience"] == contacts["answered"]):
        yield "served as his patience ends"
    due = np.maximum(contacts["created"], 0) + contacts["patience"]
    if np.any(due == journal.end):
        yield "patience ends at the horizon"
    ends = journal.presence["end"]
    if set(ends.tolist()) & set(touches["ended"].tolist()):
        yield "a span and a touch end together"
    whats = journal.presence["what"]
    absent = journal.presence[whats == SPANS.index("absent")][["agent", "begin"]].tolist()
    came = journal.presence[whats != SPANS.index("absent")][["agent", "end"]].tolist()
    if set(absent) & set(came):
        yield "absent right after a shift"
    shift_ends = set(journal.presence[whats == SPANS.index("available")][["agent", "end"]].tolist())
    talks = touches[["agent", "talk_ended"]].tolist()
    if shift_ends & set(talks):
        yield "talk ends with the span of its agent"
    late = set(journal.presence[whats == SPANS.index("overtime")][["agent", "end"]].tolist())
    if late & set(journal.presence[whats == SPANS.index("available")][["agent", "begin"]].tolist()):
        yield "overtime into the next shift"
    shift_end = {shift.end + n * DAY for team in scenario.teams for shift in team.shifts for n in (-1, 0, 1)}
    if journal.end in shift_end:
        yield "shift ends at the horizon"
