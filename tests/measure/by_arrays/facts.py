"""The journal's contacts and touches as plain columns: statuses, waits and work, one entry per row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, OUTCOMES, Journal
from supportsim.measure.grid import Grid
from supportsim.measure.spans import Ticks
from supportsim.scenario.ticks import NEVER

Flags = NDArray[np.bool_]

OUTCOME = {name: code for code, name in enumerate(OUTCOMES)}
ENDING = {name: code for code, name in enumerate(ENDINGS)}
FILLER = CONTACT_KINDS.index("filler")
#: Outcomes of who joined a queue and left it unanswered.
_GONE = ("abandoned", "disconnected", "timed_out", "withdrew")


@dataclass(frozen=True)
class Contacts:
    """One entry per contact of the journal, counted or not; see `contacts` for the definitions."""

    counted: Flags  # a customer's, created in counted time
    filler: Flags  # a piece of filler, which no customer waits for: in none of the counts below
    day: Ticks  # index of the day of creation; meaningless where not counted
    answered: Flags
    abandoned: Flags
    disconnected: Flags
    timed_out: Flags
    withdrew: Flags
    blocked: Flags
    turned_away: Flags
    still_waiting: Flags
    offered: Flags
    wait: Ticks  # created to first start of work, or to leaving; to the end where still waiting
    talk: Ticks  # time in agents' hands before `talk_ended`, all touches together
    wrap: Ticks  # wrap-up of all touches together
    handled: Flags  # worked to the end, wrap-up included
    starved: Flags  # an agent who held chats took another one though this contact went before it


def contacts(journal: Journal, grid: Grid) -> Contacts:
    """Statuses exclude each other.  answered: work began · abandoned: hung up while waiting (or at once) ·
    disconnected: cut off by closing · timed out: its wait was ended by the wait limit · withdrew: took a deferred
    contact back unanswered · blocked: busy · turned away: closed · still waiting: none of these at the end.
    offered = answered + abandoned + disconnected + timed out + withdrew.
    """
    table = journal.contacts
    outcome, answered = table["outcome"], table["answered"] < NEVER
    gone = {name: (outcome == OUTCOME[name]) & ~answered for name in _GONE}
    blocked, turned_away = outcome == OUTCOME["busy"], outcome == OUTCOME["closed"]
    offered = answered | np.any(list(gone.values()), axis=0)
    filler = table["kind"] == FILLER
    until = np.minimum(np.where(answered, table["answered"], table["left"]), journal.end)
    talk, wrap, whole = _work(journal)
    done = (outcome == OUTCOME["solved"]) | (outcome == OUTCOME["unresolved"])
    return Contacts(
        counted=grid.counted(table["created"]) & ~filler,
        filler=filler,
        day=grid.day_of(table["created"]),
        answered=answered,
        abandoned=gone["abandoned"],
        disconnected=gone["disconnected"],
        timed_out=gone["timed_out"],
        withdrew=gone["withdrew"],
        blocked=blocked,
        turned_away=turned_away,
        still_waiting=~(offered | blocked | turned_away),
        offered=offered,
        wait=until - table["created"],
        talk=talk,
        wrap=wrap,
        handled=answered & done & whole,
        starved=_summed(journal.touches["contact"], journal.touches["starved"].astype(np.int64), len(table)) > 0,
    )


def _work(journal: Journal) -> tuple[Ticks, Ticks, Flags]:
    """Per contact: talk ticks, wrap-up ticks, and whether no touch of it is still being worked on."""
    rows, n = touches(journal), len(journal.contacts)
    contact = journal.touches["contact"]
    talk = _summed(contact, rows.talk_ended - rows.started, n)
    wrap = _summed(contact, rows.ended - rows.talk_ended, n)
    running = (journal.touches["started"] < NEVER) & (journal.touches["ended"] >= NEVER)
    return talk, wrap, _summed(contact, running.astype(np.int64), n) == 0


def _summed(index: Ticks, amounts: Ticks, n: int) -> Ticks:
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, index, amounts)
    return total


@dataclass(frozen=True)
class Touches:
    """Per stretch, cut at the horizon: joined <= started <= talk_ended <= ended (equal where not started)."""

    joined: Ticks
    started: Ticks
    talk_ended: Ticks
    ended: Ticks


def touches(journal: Journal) -> Touches:
    """The four instants of every stretch; what has not happened by the horizon ends there.

    A stretch nobody started has started = talk_ended = ended = the tick it left the queue (or the horizon).
    One put down or interrupted has no wrap-up: its talk ends with it, and it waits again in a stretch of its own.
    """
    table = journal.touches
    ended = np.minimum(table["ended"], journal.end)
    started = np.minimum(table["started"], ended)
    talk_ended = np.clip(table["talk_ended"], started, ended)
    return Touches(table["joined"], started, talk_ended, ended)
