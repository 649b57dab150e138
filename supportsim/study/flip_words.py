"""Which inputs change the better of two options, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable

from supportsim.study.comparison import Comparison, Option
from supportsim.study.flip_inputs import LOGARITHM, ODDS, OPINION, Flip
from supportsim.study.uncertain import NAMES
from supportsim.study.words import several


def name_of(flip: Flip) -> str:
    """`margin of premium`, `odds of leaving (promise broken)`, `all odds of leaving`."""
    return input_name(flip.input, flip.of, flip.unit)


def input_name(what: str, of: str, unit: str) -> str:
    """The name of an input, as `name_of`."""
    if unit == OPINION:
        return "all odds of leaving"
    if unit == LOGARITHM:
        return "ln of all odds of leaving"
    if what == "share":
        segment, _, plan = of.rpartition(" ")
        return NAMES["share"].format(segment, plan)
    return NAMES[what].format(of.replace("_", " ") if what == "odds" else of)


def value(flip: Flip, at: float) -> str:
    """`× 1.4` as stated, `1.05` of odds, `low`."""
    return value_of(flip.unit, at)


def value_of(unit: str, at: float) -> str:
    """A value of an input in some unit, as `value`."""
    if unit == OPINION:
        return ("low", "stated", "high")[int(at)]
    return f"{at:.3g}" if unit == ODDS else f"× {at:.3g}"


def place(flip: Flip) -> str:
    """`at × 1.43 (1.2 to 1.8)`, `between 1.02 and 1.05`; empty where nothing flips."""
    if flip.exact is not None:
        low, high = f"{flip.exact.low:.3g}", f"{flip.exact.high:.3g}"
        known = flip.exact.n > 1 and low != high and not math.isnan(flip.exact.low)
        return f"at {value(flip, flip.exact.mean)}" + (f" ({low} to {high})" if known else "")
    return " and ".join(f"between {value(flip, low)} and {value(flip, high)}" for low, high in flip.between)


def of_option(comparison: Comparison, option: Option) -> list[Flip]:
    """The inputs tried for one option."""
    return [flip for flip in comparison.flips if flip.option == option.name]


def sentence(comparison: Comparison, option: Option) -> str:
    """Which single inputs flip it and where; "" where none was tried."""
    found = [flip for flip in of_option(comparison, option) if flip.unit not in (OPINION, LOGARITHM)]
    if not found:
        return ""
    flipping = [f"{name_of(flip)} {place(flip)}" for flip in found if flip.flips]
    head = f"Which of {comparison.base.name} and {option.name} leaves more"
    said = f"flips with {'; '.join(flipping)}" if flipping else "is flipped by none of them"
    tried = f"{several(len(found), 'input')} tried one at a time ({ranges(flip.input for flip in found)})"
    return f"{head}, with {tried}, {said}."


def ranges(inputs: Iterable[str]) -> str:
    """Through which range each kind of input is moved."""
    words = {
        "odds": "odds kind by kind from low to high", "margin": "margins × 0.5 to 2",
        "support_price": "prices of plans × 0.5 to 2", "wage": "wages × 0.8 to 1.2",
        "asks": "what plans ask for × 0.5 to 2", "share": "shares on plans × 0.5 to 2",
        "odds_factor": "ln of all odds × 0 to 4",
    }  # fmt: skip
    return ", ".join(words[name] for name in dict.fromkeys(inputs))
