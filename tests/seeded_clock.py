"""Faults of the compiled clock, which holds no rule: the other clock must write another journal."""

from __future__ import annotations

from seeded_bug import Bug

#: In the flow of the compiled clock: its appointments, its agenda, its pages.
OF_THE_CLOCK = (
    Bug(
        "an end that comes nearer is not seen",
        "ends.py",
        "if T.ends[at].value == stands:\n        return",
        "if T.ends[at].value >= stands:\n        return",
    ),
    Bug("nobody sees how long a talk will last", "kernel.py", "what in (TALK, WRAP)", "what == WRAP"),
    Bug(
        "of two who are done any comes first",
        "ends.py",
        "more & (more >> 63)",
        "more & ((ends_at(T, at ^ 1) - (stands >> T.clock[0].agent_bits)) >> 63)",
    ),
    Bug(
        "only the first in his hands ends",
        "ends.py",
        "            due, first = T.touches[row].due, row\n        row = T.touches[row].next",
        "            due, first = T.touches[row].due, row\n        row = NONE",
    ),
    Bug(
        "patience ends although he is being served",
        "kernel.py",
        "    if T.touches[row].started != NEVER or T.touches[row].ended != NEVER:\n        return\n    issue",
        "    if T.touches[row].ended != NEVER:\n        return\n    issue",
    ),
    Bug(
        "issues arise before what the agenda says of their tick",
        "kernel.py",
        "(asked == tick and ARISES | issue < order)",
        "asked == tick",
    ),
    Bug("a limit passes as late as patience", "kernel.py", "due, LIMIT_PASSES | who", "due, GIVES_UP | who"),
    Bug(
        "who is cut off is forgotten",
        "kernel.py",
        "            appoint(T, due, T.clock[0].at_once, LINE_CUT, who)",
        "            pass",
    ),
    Bug(
        "a wrap-up does not keep the play from its end",
        "kernel.py",
        "        T.clock[0].open += 1\n    _goes_on",
        "        T.clock[0].open += 0\n    _goes_on",
    ),
    Bug("play ends a tick early", "kernel.py", "min(T.clock[0].end, now + 1)", "min(T.clock[0].end, now)"),
    Bug("something happens at the horizon", "kernel.py", "if tick >= T.clock[0].end", "if tick > T.clock[0].end"),
    Bug(
        "what is cut off at one tick goes in no order",
        "kernel.py",
        "    T.clock[0].at_once += 1 ",
        "    T.clock[0].at_once -= 1 ",
    ),
    Bug("of one tick any comes first", "piles.py", "].order < order)", "].order > order)"),
    Bug("of a pile the last is the first", "piles.py", "_earlier(T, row, T.piles[b].first)", "row"),
    Bug("of all the last is the first", "piles.py", "_earlier(T, row, T.clock[0].first)", "row"),
    Bug(
        "a page is turned and the first forgotten",
        "piles.py",
        "        lay(T, row)\n    find_first(T)",
        "        lay(T, row)",
    ),
    Bug(
        "a new page forgets who is wrapping up",
        "pages.py",
        "T.agents[agent].in_hand > 0 and not over",
        "False",
    ),
    Bug(
        "a new page forgets what is in whose hands",
        "pages.py",
        "                T.agents[T.touches[row].agent].hands = row\n",
        "                pass\n",
    ),
    Bug(
        "a touch that stays keeps the row its issue had",
        "pages.py",
        "    T.touches[to].issue = T.contacts[contact].issue\n",
        "",
    ),
    Bug(
        "a new page leaves orders as they were",
        "pages.py",
        "_order_of(T, what, order)\n            T",
        "order\n            T",
    ),
    Bug(
        "a new page forgets the tails of queues",
        "pages.py",
        "        T.queues[q].tail = _moved(T, T.queues[q].tail)\n",
        "",
    ),
    Bug(
        "a new page forgets who stands before",
        "pages.py",
        "= _moved(T, before), _moved(T, after)",
        "= before, _moved(T, after)",
    ),
    Bug(
        "a new page forgets the contact before",
        "pages.py",
        "NONE if before == NONE else T.contact_places[before].value",
        "NONE",
    ),
    Bug(
        "a new page begins with issues begun already",
        "pages.py",
        "= new + last - old, place, begun",
        "= new + last - old, place, 0",
    ),
    Bug(
        "touches are filed under the place they had",
        "pages.py",
        "].touch = _filed(T.touch_places[first].value)",
        "].touch = first",
    ),
    Bug(
        "of the contacts of an issue that stays the first is the last",
        "pages.py",
        "    T.issues[issue].last = to ",
        "    T.issues[issue].last = min(T.issues[issue].last, to) ",
    ),
    Bug(
        "a contact that stays keeps the row its touch had",
        "pages.py",
        "        T.contacts[contact].row = to\n",
        "        pass\n",
    ),
    Bug(
        "the last page is never drawn",
        "kernel.py",
        "has_more = int(T.page[0].next_block < len(reached))",
        "has_more = int(T.page[0].next_block < len(reached) - 1)",
    ),
    Bug(
        "a page is drawn from the block behind its first",
        "kernel.py",
        "blocks[first : following + 1]",
        "blocks[min(first + 1, following) : following + 1]",
    ),
    Bug(
        "channels close as they open",
        "agenda.py",
        "found.append((end, WORLD | channel, CLOSE",
        "found.append((begin, WORLD | channel, CLOSE",
    ),
    Bug(
        "moves come after the shift",
        "agenda.py",
        "SHIFT_BEGINS | agent << 2 | TO_ACTIVITY, MOVE",
        "SHIFT_BEGINS | agent << 2 | 3, MOVE",
    ),
    Bug(
        "breaks fall due after work has ended",
        "agenda.py",
        "(due[rest], BREAK_DUE | whose, REST_DUE",
        "(due[rest], SHIFT_BEGINS | whose << 2, REST_DUE",
    ),
    Bug(
        "heads fall as late as they rise",
        "agenda.py",
        "(tick, SHIFT_ENDS | first, FEWER",
        "(tick, SHIFT_BEGINS | first << 2, FEWER",
    ),
)
