"""The state of a desk in play: a few NumPy structured tables, and how compiled rules reach them.

Rules are functions over `Tables`.  The clocks call them through doors (doors.py) with the address of an array of
addresses, from which a compiled rule makes the table that it names (machine.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.demand.laws import LAW
from supportsim.demand.points import ROWS
from supportsim.engine.journal import CONTACTS, CUSTOMERS, ISSUES, PRESENCE, TOUCHES

NOBODY = -1
NONE = -1

# What a channel is.
LIVE, DEFERRED = 0, 1
# Where an agent stands: at home; open to work; a break is due; away; shift over, finishing what he has.
OFF, OPEN, DUE, AWAY, OVER = 0, 1, 2, 3, 4
# What the desk tells the clock.
WAIT, TALK, WRAP, LAID_ASIDE, CUT, BREAK, DELAY, FILLER, ROOM = 1, 2, 3, 4, 5, 6, 7, 8, 9
# What ends a wait first, in the news WAIT: the customer's patience, or the limit of the channel.
PATIENCE, LIMIT = 0, 1
# How a team picks among its agents.
LONGEST_IDLE, LOWEST_ID, RANDOM = 0, 1, 2
# By what a policy compares touches of one rank before the longest wait (scenario/policies.py).
# Up to OWN_OF_FIRST a queue stands in the order of entry.  OWN: a function of the user says it (asking.py), of all
# that wait; OWN_OF_FIRST: of the first of each queue.
NO_KEY, AGEING, OWN, OWN_OF_FIRST, DUE_TICK, LEAST_WORK = 0, 1, 2, 3, 4, 5
# Columns of one piece of news: what, who, due, row or the like, order among what is due at that tick.
NEWS_WIDTH = 5
# Agent and touch in one number, ordered by agent, then touch: the bits of the touch.
TOUCH_BITS = 36

WORLD = np.dtype(
    [
        ("key", "u8"),  # of all fates of this replication
        ("issues", "i8"),  # rows used, filler included
        ("contacts", "i8"),
        ("touches", "i8"),
        ("presence", "i8"),
        ("room", "i8"),  # rows of contacts and touches from which on the tables are to grow
        ("news", "i8"),  # pieces of news not yet heard
        ("cut_from", "i8"),  # contacts due at or after this tick are cut (NEVER: none)
        ("key_of_policy", "i8"),  # NO_KEY, AGEING, OWN, OWN_OF_FIRST, DUE_TICK, LEAST_WORK
        ("may_interrupt", "i8"),  # 1: some channel is interruptible
        ("has_delays", "i8"),  # 1: some team is asked only after an overflow delay
        ("has_speeds", "i8"),  # 1: on some channel the number in hand says how fast work is done
        ("has_hours", "i8"),  # 1: on some channel an hour has factors
        ("fillers", "i8"),  # queues of filler work
        ("drained", "i8"),  # 1: a touch has left a queue that somebody drains for
        ("policy", "i8"),  # where the machine code of a policy of the user stands (asking.py)
        ("feedback", "i8"),  # 1: customers may leave (leaving.py)
        ("felt", "i8"),  # rows of FELT used
        ("felt_room", "i8"),  # so many may be used before the table must grow
        ("felt_free", "i8"),  # first of those that are free again; -1: none
    ],
    align=True,
)


#: Bytes that memory hands over at a time.
LINE = 64


def _wider(facts: np.dtype[Any], *private: tuple[str, str]) -> np.dtype[Any]:
    """The journal's columns first, the engine's own after them."""
    columns = [(name, facts.fields[name][0]) for name in facts.names]  # type: ignore[union-attr,index]
    return np.dtype([*columns, *private], align=True)


ISSUE = _wider(
    ISSUES,
    ("channel", "i4"),  # where he begins (-1: by plan), then where he is
    ("step", "i4"),  # position in his plan; -1: a channel outside it
    ("tries", "i4"),  # contacts made on this channel
    ("kind", "i4"),  # of his next contact
    ("last", "i8"),  # his last contact
    ("aht", "f8"),  # ticks, of the forecast row; 0: none
    ("handle", "i8"),  # of the trace row; -1: drawn
    ("wrap", "i8"),
    ("patience", "i8"),
    ("offer", "i8"),  # row in OFFERS: the plan of its customer
    ("filed", "i8"),  # row in the journal; filler: -1 - row among filler
)
CONTACT = _wider(
    CONTACTS,
    ("talk", "i8"),  # work of the talk still to do: ticks x speed with one in hand; -1: never started
    ("wrap", "i8"),  # work of the wrap-up after it
    ("way", "i8"),  # row in WORK: how the team works on it whose agent began it
    ("before", "i8"),  # the contact of the issue before this one; -1: none
    ("filed", "i8"),  # row in the journal
)
TOUCH = _wider(
    TOUCHES,
    ("prev", "i8"),  # neighbours in the queue, later in the agent's hands
    ("next", "i8"),
    ("due", "i8"),  # end of talk, then of wrap-up
    ("told", "i8"),  # the piece of news, of the event in which it was written, that says so
    ("key", "i8"),  # what orders its queue before the entry time (policies by due tick or by work), else 0
    ("filed", "i8"),  # row in the journal
    ("issue", "i8"),  # of its contact: what happens to both is not asked for one after the other
)
AGENT = np.dtype(
    [
        ("key", "u8"),  # of his fates
        ("team", "i8"),  # for which he works now
        ("state", "i8"),
        ("in_hand", "i8"),
        ("held", "i8"),  # channel of what he holds
        ("changed", "i8"),  # tick at which `in_hand` last changed, he came, came back or moved
        ("scaled", "i8"),  # tick up to which the work in his hands is counted, where speeds differ
        ("linked", "i8"),  # list he stands in; -1: none
        ("prev", "i8"),
        ("next", "i8"),
        ("hands", "i8"),  # first touch in hand
        ("span", "i8"),  # open row of presence
        ("rest", "i8"),  # next break or block of this shift that has not begun
        ("rests_due", "i8"),  # how many of them are due
        ("rests_end", "i8"),
        ("shift_end", "i8"),
        ("back", "i8"),  # tick at which his break is over
        ("loose", "i8"),  # team in whose list of interruptible work he stands; -1: none
        ("loose_prev", "i8"),
        ("loose_next", "i8"),
    ],
    align=True,
)
RESTS = np.dtype([("due", "i8"), ("length", "i8"), ("what", "i8"), ("until", "i8")], align=True)
TEAM = np.dtype(
    [
        ("queues_from", "i8"),
        ("queues_to", "i8"),
        ("lists_from", "i8"),
        ("most", "i8"),  # contacts one agent may hold at most
        ("pick", "i8"),  # LONGEST_IDLE, LOWEST_ID, RANDOM
        ("present", "i8"),  # agents between clock-in and leaving
        ("idle", "i8"),  # agents open to work with empty hands
        ("linked", "i8"),  # agents who stand in one of its lists: open to work, with a free place
        ("waiting", "i8"),  # touches in queues that ask it
        ("drains_from", "i8"),
        ("drains_to", "i8"),
        ("agents_from", "i8"),  # its anonymous heads
        ("agents_to", "i8"),
        ("is_free", "i8"),  # 1: no reservation, draining or delay about its work, so supply is one agent's affair
        ("loose", "i8"),  # first in the list of those whose work may be interrupted
    ],
    align=True,
)
LISTS = np.dtype([("head", "i8"), ("tail", "i8")], align=True)
RANKED = np.dtype([("rank", "i8"), ("queue", "i8"), ("delay", "i8")], align=True)
DRAINS = np.dtype([("queue", "i8"), ("delay", "i8")], align=True)
QUEUE = np.dtype(
    [
        ("head", "i8"),
        ("tail", "i8"),
        ("channel", "i8"),
        ("asked_from", "i8"),  # rows in ASKED
        ("asked_to", "i8"),
        ("patience", "i8"),  # a law
        ("bonus", "i8"),  # of ageing: 100 x ticks
        ("rate", "i8"),
        ("is_drained", "i8"),  # 1: some team drains for it
        ("priority_class", "i8"),  # 0 is best; only policies of the user look at it
    ],
    align=True,
)
WORK = np.dtype(
    [
        ("law", "i8"),
        ("wrap_inside", "i8"),
        ("wrap_law", "i8"),  # -1: a share
        ("wrap_share", "f8"),
        ("resolves", "f8"),
        ("pace", "f8"),
    ],
    align=True,
)
FILLERS = np.dtype(
    [("queue", "i8"), ("stream", "i8"), ("segment", "i8"), ("topic", "i8"), ("key", "u8"), ("begun", "i8")], align=True
)
ASKED = np.dtype([("team", "i8"), ("step", "i8"), ("delay", "i8"), ("hold", "i8")], align=True)
CHANNEL = np.dtype(
    [
        ("kind", "i8"),
        ("is_open", "i8"),
        ("turn_away", "i8"),
        ("put_down", "i8"),
        ("lines", "i8"),
        ("waiting_room", "i8"),
        ("on_line", "i8"),  # customers waiting or talking
        ("waiting", "i8"),
        ("queues_from", "i8"),  # its queues lie together
        ("queues_to", "i8"),
        ("windows_from", "i8"),
        ("windows_to", "i8"),
        ("speeds_from", "i8"),  # -1: one speed
        ("last_chat", "i8"),
        ("wait_limit", "i8"),
        ("keeps_patience", "i8"),
        ("interruptible", "i8"),
        ("hours_from", "i8"),
        ("hours_to", "i8"),
    ],
    align=True,
)
HOURS = np.dtype([("begin", "i8"), ("work", "f8"), ("patience", "f8"), ("resolves", "f8")], align=True)
PROMISED = np.dtype(
    [
        ("replies", "i8"),
        ("limit", "i8"),
        ("always", "i8"),
        ("windows_from", "i8"),
        ("windows_to", "i8"),
        ("judges_lost", "i8"),  # 1: its formula counts contacts that nobody answered
        ("spares_brief", "i8"),  # 1: but not those abandoned within seconds
    ],
    align=True,
)
OPENING = np.dtype([("begin", "i8"), ("end", "i8"), ("before", "i8")], align=True)  # open ticks before the window
WINDOWS = np.dtype([("begin", "i8"), ("end", "i8")], align=True)
NEXT = np.dtype(
    [
        ("known", "i8"),
        ("again", "f8"),  # cumulated shares: again, then at_opening, then next_channel, the rest stops
        ("at_opening", "f8"),
        ("next_channel", "f8"),
        ("delay", "i8"),
        ("tries", "i8"),
    ],
    align=True,
)
STREAM = np.dtype([("no_returns", "i8")], align=True)  # channel to which nobody returns; -1: none
#: A plan of a segment.  `asks`: share of the issues begun by it that are brought at all.
OFFER = np.dtype([("steps_from", "i8"), ("steps_to", "i8"), ("asks", "f8")], align=True)
STEP = np.dtype([("channel", "i8"), ("share", "f8")], align=True)  # cumulated share of who starts here
INDEX = np.dtype([("value", "i8")], align=True)
# Customers who may leave (leaving.py).
#: A segment: row of its first customer (-1: they stay), logit of the yearly probability to leave, its cap.
LEAVER = np.dtype([("customers_from", "i8"), ("logit", "f8"), ("cap", "f8")], align=True)
#: A kind of experience: how long it lasts (0: it is not stated), what each count adds to the logit.
FEELING = np.dtype([("lasts", "i8"), ("log", "f8")], align=True)
CUSTOMER = _wider(
    CUSTOMERS,
    ("to_bear", "f8"),  # ticks at a hazard of one a year that are left of his threshold
    ("since", "i8"),  # tick up to which they are reckoned
    ("felt", "i8"),  # first of what still lasts, the first to be over first; -1: nothing
)
FELT = np.dtype([("next", "i8"), ("until", "i8"), ("kind", "i8"), ("count", "i8")], align=True)
# What the compiled clock keeps (kernel.py).
CLOCK = np.dtype(
    [
        ("end", "i8"),  # the horizon: nothing at this tick happens
        ("counted_to", "i8"),
        ("until_empty", "i8"),  # 1: play ends when nothing that counts is open
        ("is_counted", "i8"),  # 1: counted time is over
        ("open", "i8"),  # issues that count and are not done with, and wrap-ups of theirs
        ("asked_for", "i8"),  # issues of demand; filler stands behind them
        ("next_issue", "i8"),
        ("has_more", "i8"),  # 1: more issues of demand are to come
        ("next_event", "i8"),  # row of the agenda
        ("at_once", "i8"),  # what is to happen at once goes in the order in which it came up
        ("appointed", "i8"),  # rows of appointments used
        ("since", "i8"),  # tick of the last one kept
        ("piled", "i8"),  # bit b: something is on pile b
        ("first", "i8"),  # row of the first of all; -1: none
        ("agent_bits", "i8"),  # of a row of ends: those that name the agent
    ],
    align=True,
)
#: What is known before play begins, in the order (tick, order); a row at NEVER ends it.
AGENDA = np.dtype([("tick", "i8"), ("order", "i8"), ("what", "i8"), *((name, "i8") for name in "abcd")], align=True)
APPOINTMENT = np.dtype([(name, "i8") for name in ("tick", "order", "what", "who", "next")], align=True)
PILE = np.dtype([("top", "i8"), ("first", "i8")], align=True)
#: What the next end of an agent's work will ask for, as it lay when he last played (ends.py).
AHEAD = np.dtype([(name, "i4") for name in ("touch", "contact", "issue")], align=True)
PAGE = np.dtype(
    [
        ("next_block", "i8"),  # of demand, from which on issues are still to be drawn
        ("least", "i8"),  # issues of a page at least
        ("for_each", "i8"),  # so many for each contact that stays
        ("most", "i8"),  # but no more than this, or than contacts that stay
        ("wanted", "i8"),  # issues that the next page is to bring
        ("arriving", "i8"),  # issues of demand that come with this page
        ("issues", "i8"),  # rows of the journal that are spoken for
        ("fillers", "i8"),
        ("contacts", "i8"),
        ("touches", "i8"),
        ("old_issues", "i8"),  # rows of the desk's tables that have a row in the journal
        ("old_fillers", "i8"),
        ("old_contacts", "i8"),
        ("old_touches", "i8"),
        ("in_portions", "i8"),  # 1: no journal; what is over gets rows of its own each time
        ("gone_issues", "i8"),  # rows of such a portion
        ("gone_contacts", "i8"),
        ("gone_touches", "i8"),
    ],
    align=True,
)


class Tables(NamedTuple):
    """Everything the rules see.  Sizes: rows as the layout says; `news` is NEWS_WIDTH numbers a piece."""

    world: Any
    issues: Any
    contacts: Any
    touches: Any
    presence: Any
    agents: Any
    rests: Any
    teams: Any
    lists: Any
    ranked: Any  # a team's queues, best rank first
    queues: Any
    asked: Any  # the teams a queue's touches ask, in order
    channels: Any
    windows: Any
    nexts: Any  # channel x outcome
    streams: Any
    offers: Any
    steps: Any
    caps: Any  # team x channel: contacts one agent may hold
    places: Any  # team x queue: row in RANKED; -1: not served
    works: Any
    work_of: Any  # (team + 1) x queue: row in WORK; the first lot without team
    drains: Any
    fillers: Any
    speeds: Any
    hours: Any  # channel after channel: factors from each begin on
    promised: Any  # promises, where the policy asks for due ticks
    covers: Any  # promise x queue
    opening: Any
    queue_of: Any  # channel x segment x topic
    sizes: Any  # number of segments, of topics, of channels, of promises that rules ask for
    leavers: Any  # segment after segment
    feelings: Any  # kind after kind, in the order of EXPERIENCES
    customers: Any
    felt: Any
    counts: Any  # kind after kind: of one closing, or of all that lasts
    news: Any
    clock: Any  # this and what follows: of the compiled clock
    agenda: Any
    appointments: Any
    piles: Any  # of appointments
    ends: Any  # of work: a tournament
    ahead: Any  # agent after agent
    page: Any
    arriving: Any  # issues of demand
    issue_places: Any  # where each row goes when the page is turned; below 0: into the journal
    contact_places: Any
    touch_places: Any
    filed_issues: Any  # the journal
    filed_fillers: Any
    filed_contacts: Any
    filed_touches: Any
    laws: Any
    knots: Any


DTYPES: dict[str, np.dtype[Any]] = {
    "world": WORLD,
    "issues": ISSUE,
    "contacts": CONTACT,
    "touches": TOUCH,
    "presence": PRESENCE,
    "agents": AGENT,
    "rests": RESTS,
    "teams": TEAM,
    "lists": LISTS,
    "ranked": RANKED,
    "queues": QUEUE,
    "asked": ASKED,
    "channels": CHANNEL,
    "windows": WINDOWS,
    "nexts": NEXT,
    "streams": STREAM,
    "offers": OFFER,
    "steps": STEP,
    "caps": INDEX,
    "places": INDEX,
    "works": WORK,
    "work_of": INDEX,
    "drains": DRAINS,
    "fillers": FILLERS,
    "speeds": INDEX,
    "hours": HOURS,
    "promised": PROMISED,
    "covers": INDEX,
    "opening": OPENING,
    "queue_of": INDEX,
    "sizes": INDEX,
    "leavers": LEAVER,
    "feelings": FEELING,
    "customers": CUSTOMER,
    "felt": FELT,
    "counts": INDEX,
    "news": INDEX,
    "clock": CLOCK,
    "agenda": AGENDA,
    "appointments": APPOINTMENT,
    "piles": PILE,
    "ends": INDEX,
    "ahead": AHEAD,
    "page": PAGE,
    "arriving": ROWS,
    "issue_places": INDEX,
    "contact_places": INDEX,
    "touch_places": INDEX,
    "filed_issues": ISSUES,
    "filed_fillers": ISSUES,
    "filed_contacts": CONTACTS,
    "filed_touches": TOUCHES,
    "laws": LAW,
}


#: Tables that only the compiled clock uses; rules have nothing to do with them.
OF_THE_KERNEL = tuple(Tables._fields[Tables._fields.index("clock") : Tables._fields.index("laws")])


def addresses(tables: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Where each table begins and how many rows it has: all begins, then all lengths."""
    ordered = [tables[name] for name in Tables._fields]
    return np.array([t.ctypes.data for t in ordered] + [len(t) for t in ordered], dtype=np.int64)


def in_plain_python(tables: dict[str, NDArray[Any]]) -> Tables:
    """The same tables for rules that are not compiled: records with attributes."""
    return Tables(*[tables[n] if n == "knots" else tables[n].view(np.recarray) for n in Tables._fields])
