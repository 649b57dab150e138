"""Which of all options is best, and along which inputs another one becomes it, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from supportsim.study.best import Best, Sides, Turn
from supportsim.study.comparison import Comparison
from supportsim.study.flip_inputs import LOGARITHM, OPINION
from supportsim.study.flip_words import input_name, ranges, value_of
from supportsim.study.words import several


def sentences(comparison: Comparison) -> list[str]:
    """Who leaves most as stated, then what makes another one the best; nothing of fewer than three options."""
    if not comparison.best:
        return []
    return [_as_stated(comparison), _along(comparison)]


def _as_stated(comparison: Comparison) -> str:
    from supportsim.study.verdicts import signed

    lead = comparison.best[0].as_stated
    sides = Sides(comparison, comparison.options)
    what = "contribution after churn" if sides.churns else "contribution"
    money = f"{comparison.base.result.scenario.currency} {comparison.each}".strip()
    ahead = signed(lead.ahead, "", f" {money}").lstrip("+")
    known = len(sides.options)
    sure = "by more than chance" if lead.sure else "which is too close to call"
    if known > 2:
        sure += f" (± covers all {known - 1} others together)"
    all_ = known == len(comparison.options)
    whose = f"Of all {known} options" if all_ else f"Of the {known} options of which it is known"
    return f"{whose} {lead.option} leaves most by {what}, {ahead} ahead of {lead.runner_up}, {sure}."


def _along(comparison: Comparison) -> str:
    """Every input along which another one is the best somewhere, and how many there are."""
    found = [each for each in comparison.best if each.unit not in (OPINION, LOGARITHM)] or list(comparison.best)
    turning = [f"{input_name(each.input, each.of, each.unit)}: {words(each)}" for each in found if each.turns]
    head = f"With {several(len(found), 'input')} moved one at a time ({ranges(each.input for each in found)})"
    first = comparison.best[0].as_stated.option
    if not turning:
        return f"{head}, no other option than {first} is ever the best, by means{_somewhere(found)}."
    said = f"another option than {first} becomes the best by means with {'; with '.join(turning)}"
    return f"{head}, {said}{'' if len(turning) == len(found) else '; with no other input'}."


def _somewhere(found: list[Best]) -> str:
    """Along how many inputs that is not sure everywhere."""
    open_ = sum(not all(lead.sure for lead in each.leads) for each in found)
    return f"; along {open_} of them it is somewhere too close to call" if open_ else ""


def words(found: Best) -> str:
    """`reserved from × 1.43 (1.2 to 1.8) on`, `as-is up to between 1.02 and 1.05 (too close to call)`."""
    return ", ".join(_turn(found, turn) for turn in found.turns)


def _turn(found: Best, turn: Turn) -> str:
    """Below what is stated the one that is best before the turn, above it the one after."""
    is_below = turn.high <= found.stated
    option = turn.before if is_below else turn.after
    mine = [lead for lead in found.leads if lead.option == option]
    close = "" if any(lead.sure for lead in mine) else ", too close to call"
    if found.unit == OPINION:
        return f"{option} at {'low' if is_below else 'high'} odds{close}"
    return f"{option} {'up to' if is_below else 'from'} {place(found, turn)}{'' if is_below else ' on'}{close}"


def place(found: Best, turn: Turn) -> str:
    """`× 1.43 (1.2 to 1.8)` where it is known, else `between × 1 and × 1.17`; `≤`: of ends outside what is tried."""
    exact = turn.exact
    if exact is None:
        low, high = (value_of(found.unit, at) for at in (turn.low, turn.high))
        return f"between {low} and {high}"
    first, last = found.leads[0].at, found.leads[-1].at
    begin = f"≤ {first:.3g}" if exact.low < first else f"{exact.low:.3g}"
    end = f"≥ {last:.3g}" if exact.high > last else f"{exact.high:.3g}"
    known = exact.n > 1 and begin != end and not math.isnan(exact.low)
    return value_of(found.unit, exact.mean) + (f" ({begin} to {end})" if known else "")


def names(comparison: Comparison) -> Iterator[str]:
    """Options that are the best somewhere, in the order of the comparison."""
    somewhere = {lead.option for found in comparison.best for lead in found.leads}
    return (option.name for option in comparison.options if option.name in somewhere)
