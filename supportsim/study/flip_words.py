"""Which inputs change the better of two options, in words."""

from __future__ import annotations

import math

from supportsim.study.comparison import Comparison, Option
from supportsim.study.flip_inputs import LOGARITHM, ODDS, OPINION, Flip
from supportsim.study.words import several

_NAMES = {
    "margin": "margin of {}", "support_price": "prices of plans of {}", "wage": "wage of {}",
    "asks": "what plan {} asks for", "odds": "odds of {}",
}  # fmt: skip


def name_of(flip: Flip) -> str:
    """`margin of premium`, `odds of promise broken`, `all odds of leaving`."""
    if flip.unit == OPINION:
        return "all odds of leaving"
    if flip.unit == LOGARITHM:
        return "ln of all odds of leaving"
    if flip.input == "share":
        segment, _, plan = flip.of.rpartition(" ")
        return f"customers of {segment} on {plan}"
    return _NAMES[flip.input].format(flip.of.replace("_", " ") if flip.input == "odds" else flip.of)


def value(flip: Flip, at: float) -> str:
    """`× 1.4` as stated, `1.05` of odds, `low`."""
    if flip.unit == OPINION:
        return ("low", "stated", "high")[int(at)]
    return f"{at:.3g}" if flip.unit == ODDS else f"× {at:.3g}"


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
    return f"{head}, with {several(len(found), 'input')} tried one at a time ({_ranges(found)}), {said}."


def _ranges(found: list[Flip]) -> str:
    words = {
        "odds": "odds kind by kind from low to high", "margin": "margins × 0.5 to 2",
        "support_price": "prices of plans × 0.5 to 2", "wage": "wages × 0.8 to 1.2",
        "asks": "what plans ask for × 0.5 to 2", "share": "shares on plans × 0.5 to 2",
    }  # fmt: skip
    return ", ".join(words[name] for name in dict.fromkeys(flip.input for flip in found))
