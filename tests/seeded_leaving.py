"""Faults of customers who leave, for seeded_bugs.py."""

from __future__ import annotations

from seeded_bug import Bug

OF_LEAVING = (
    Bug(
        "who has left writes on",
        "journey.py",
        "left_at(T, issue, now) <= now",
        "left_at(T, issue, now) < 0",
    ),
    Bug(
        "who has left comes back",
        "journey.py",
        "T.world[0].feedback == 0 or left_at(T, issue, now) >= now",
        "T.world[0].feedback == 0 or left_at(T, issue, now) >= 0",
    ),
    Bug(
        "he leaves a tick too early",
        "leaving.py",
        "since + max(math.ceil(more), 0)",
        "since + max(math.ceil(more) - 1, 0)",
    ),
    Bug(
        "experiences never end",
        "leaving.py",
        "        _bear(T, who, until)\n        _forget_first(T, who)",
        "        _bear(T, who, until)\n        T.felt[first].until = NEVER - 1",
    ),
    Bug(
        "what he bears before a closing is not borne",
        "leaving.py",
        "        return\n    _bear(T, who, now)\n    count",
        "        return\n    count",
    ),
    Bug(
        "nobody is ever likelier to leave than by his base",
        "leaving.py",
        "T.leavers[segment].logit + score",
        "T.leavers[segment].logit",
    ),
    Bug(
        "a promise of a first reply is never broken for him",
        "leaving.py",
        "return int(begun < NEVER and is_late(T, p, begun, until))",
        "return 0",
    ),
    Bug(
        "waits of a contact nobody answered do not count",
        "leaving.py",
        "T.counts[WAITED].value += wait",
        "T.counts[WAITED].value += wait * int(is_answered)",
    ),
)
