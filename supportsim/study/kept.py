"""How many promises an option keeps: for sure, and how many are open, which is neither kept nor missed."""

from __future__ import annotations

from collections.abc import Sequence

from supportsim.study.comparison import Option, values
from supportsim.study.estimate import bounded, student, verdict
from supportsim.study.words import several

OPEN = "too close to call"


def calls(option: Option) -> dict[str, str]:
    """kept, missed, too close to call or no cases, by promise."""
    result = option.result
    return {
        promise.name: verdict(bounded(student(values(result, (promise.name, "kept_share"))), 1.0), promise.share)
        for promise in result.scenario.promises
    }


def surely_kept(option: Option) -> list[str]:
    return [name for name, call in calls(option).items() if call == "kept"]


def undecided(option: Option) -> list[str]:
    """The promises that are open: their interval holds the target."""
    return [name for name, call in calls(option).items() if call == OPEN]


def of_promises(option: Option) -> str:
    """`2 of 7 promises, 1 open`."""
    return of_all(option, several(len(calls(option)), "promise"))


def of_all(option: Option, every: str = "") -> str:
    """`2 of 7, 1 open`; `every`: words instead of the number of all."""
    said = list(calls(option).values())
    beside = f", {said.count(OPEN)} open" if OPEN in said else ""
    return f"{said.count('kept')} of {every or len(said)}{beside}"


def promised_apart(base: Option, option: Option) -> str:
    """`tickets does not promise free_chat`: why two counts are of so many; "" where both promise the same."""
    mine, theirs = ([promise.name for promise in each.result.scenario.promises] for each in (base, option))
    found = [
        (each, [name for name in other if name not in own])
        for each, own, other in ((option, theirs, mine), (base, mine, theirs))
    ]
    return "; ".join(f"{each.name} does not promise {', '.join(names)}" for each, names in found if names)


def gained(base: Option, option: Option) -> list[tuple[str, Sequence[str]]]:
    """What changes from base to option, in words, with the promises of which each is true.

    `newly kept` where it was missed for sure; where it was open before, only the sureness is new.
    """
    before, after = calls(base), calls(option)
    kept, lost = surely_kept(option), [name for name in surely_kept(base) if name in after]
    found = [
        ("newly kept:", [name for name in kept if before.get(name) == "missed"]),
        ("now kept for sure:", [name for name in kept if before.get(name) == OPEN]),
        ("no longer kept:", [name for name in lost if after[name] == "missed"]),
        ("no longer kept for sure:", [name for name in lost if after[name] == OPEN]),
    ]
    return [(words, names) for words, names in found if names]
