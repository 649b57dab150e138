"""How fast an agent works with 1, 2, 3 contacts of a channel in hand (docs/model.md, section 4, slow-down)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from supportsim.scenario.nodes import Seq, Text
from supportsim.scenario.resolve_names import Desk
from supportsim.scenario.schema import Channel as HumanChannel
from supportsim.scenario.schema_base import Hole, solid
from supportsim.scenario.schema_channels import LARGEST_SPEED, THOUSAND


def most_in_hand(desk: Desk, name: str, each: HumanChannel) -> int:
    """Contacts of a channel that an agent of any team may hold at once."""
    own = [team.concurrency[name] for team in desk.human.teams.values() if name in team.concurrency]
    numbers: list[int] = [solid(number) for number in (each.concurrency, *own)]
    return max(numbers)


def channel_speeds(desk: Desk, name: str, each: HumanChannel) -> tuple[int, ...]:
    """Speeds with 1, 2, … contacts in hand; () where they are all alike.  Faults and a note where they cannot be."""
    if each.slow_down is not None and each.speeds is not None:
        each.wrong("speeds", "one of slow_down and speeds", "they say the same")
        raise Hole
    key = "speeds" if each.speeds is not None else "slow_down"
    written = each.speeds if each.speeds is not None else each.slow_down
    if written is None:
        return ()
    numbers = [solid(number) for number in written]
    _check_count(each, key, numbers, most_in_hand(desk, name, each))
    _check_order(each, key, numbers)
    found = numbers if key == "speeds" else _speeds(desk, name, numbers)
    return tuple(found) if len(set(found)) > 1 else ()


def _speeds(desk: Desk, name: str, thousandths: Sequence[int]) -> list[int]:
    """Whole numbers in inverse proportion: the least common multiple by each, or millionths where that is large."""
    multiple = math.lcm(*thousandths)
    if multiple <= LARGEST_SPEED:
        return [multiple // longer for longer in thousandths]
    desk.note(f"channels.{name}.slow_down: speeds are rounded to a millionth, exact whole numbers would be too large")
    return [round(Fraction(LARGEST_SPEED * THOUSAND, longer)) for longer in thousandths]


def _check_count(each: HumanChannel, key: str, numbers: Sequence[int], most: int) -> None:
    if len(numbers) != most:
        count = f"{len(numbers)} number{'' if len(numbers) == 1 else 's'} for concurrency {most}"
        hint = f"{count}: decimal commas?" if _decimal_commas(each, key) else count
        each.wrong(key, f"one number for each of the {most} contacts an agent may hold", hint)
        raise Hole
    if key == "slow_down" and _decimal_commas(each, key):
        each.wrong(key, "numbers with a decimal point, as [1, 1.15, 1.35]", "decimal commas?")
        raise Hole


def _decimal_commas(each: HumanChannel, key: str) -> bool:
    """Whether some commas stand between digits without a blank and others do not: `[1, 1,15, 1,35]`."""
    node = each.node(key)
    items = [item for item in node if isinstance(item, Text)] if isinstance(node, Seq) else []
    return any(item.tight and item.isdigit() for item in items) and not all(item.tight for item in items)


def _check_order(each: HumanChannel, key: str, numbers: Sequence[int]) -> None:
    """A slow-down begins at 1 and never falls; speeds never rise."""
    node = each.node(key)
    assert isinstance(node, Seq)
    slow = key == "slow_down"
    if slow and numbers[0] != THOUSAND:
        each._reading.wrong(node[0], "1 for one contact in hand", "handle_time is stated for one contact alone")
        raise Hole
    for place, (before, here) in enumerate(pairwise(numbers), 1):
        if here < before if slow else here > before:
            rule = "a slow-down no smaller than the one before" if slow else "a speed no larger than the one before"
            each._reading.wrong(node[place], rule, "more in hand does not make each of them faster")
            raise Hole


def measured_stretch(desk: Desk, name: str, each: HumanChannel) -> float:
    """What `measured_at` makes of every stated time: 1 / slow-down at so many in hand, linear between whole numbers."""
    if each.measured_at is None:
        return 1.0
    if each.slow_down is None and each.speeds is None:
        each.wrong("measured_at", "slow_down or speeds beside it", "without them times are the same with any number")
        raise Hole
    most = most_in_hand(desk, name, each)
    if each.measured_at > most:
        each.wrong("measured_at", f"at most {most}, the contacts an agent may hold")
        raise Hole
    _check_measured_word(name, each)
    speeds = channel_speeds(desk, name, each)
    if not speeds:
        return 1.0
    longer = [speeds[0] / speed for speed in speeds]
    below = min(int(each.measured_at), most - 1)
    between = longer[below - 1] + (each.measured_at - below) * (longer[below] - longer[below - 1])
    return 1 / between


def _check_measured_word(name: str, each: HumanChannel) -> None:
    """What `measured_at` counts are contacts of its channel: `2.1 chats`, `2.1 contacts`, or a number alone."""
    word = str(each.node("measured_at")).partition(" ")[2].strip().casefold()
    own = name.casefold()
    if word and word not in (own, _plural(own), "contact", "contacts") and _plural(word) != own:
        hint = f"write {each.measured_at:g} {_plural(name)}"
        each.wrong("measured_at", f"a number of contacts of {name}", hint)
        raise Hole


def _plural(name: str) -> str:
    """The plural of an English word as it is usually made."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"
