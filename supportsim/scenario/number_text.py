"""Numbers in text: exact decimals, and the cause where a text is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

LONGEST_NUMBER = 40
#: codes that are seen beside numbers; other capitals (FTE, AHT) are none
CURRENCIES = (
    "(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KES|KRW|MAD|MXN|MYR|NGN|NOK|NZD|PHP|PKR|"
    "PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR)"
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")


class Wrong(ValueError):  # noqa: N818 - reads as it is raised
    """A text breaks a rule: `expected` says the rule, `hint` names the cause where it is known."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


# -- numbers ----------------------------------------------------------------------------------------------
def number(text: str, what: str = "a number") -> Decimal:
    """A finite decimal number; `1e3` is 1000.  No commas, plus signs, underscores, hex or leading zeros."""
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        raise Wrong(what, f"{len(text)} characters long" if text[:1].isdigit() else "")
    if not _NUMBER.fullmatch(text):
        raise Wrong(what, number_hint(text))
    value = Decimal(text)
    if value and not -30 <= value.adjusted() <= 30:
        raise Wrong(what, "beyond any size this model can mean")
    return value


def number_hint(text: str) -> str:
    """Why a text is no number, where the cause is known."""
    for pattern, hint in _NUMBER_HINTS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found:
            return hint(found) if callable(hint) else hint
    return ""


_NUMBER_HINTS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"([0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?", lambda m: f"no commas: write {m[0].replace(',', '')}"),
    (r"([0-9]+),([0-9]+)", lambda m: f"decimal comma: write {m[1]}.{m[2]}"),
    (r"\+(.+)", lambda m: f"no leading plus: write {m[1]}; in a variant, to change 7 to 9, write 7 -> 9"),
    (r"0x[0-9a-f]+|0o[0-7]+|0b[01]+", "decimal digits only"),
    (r"[0-9]+(_[0-9]+)+", lambda m: f"no underscores: write {m[0].replace('_', '')}"),
    (r"0+([0-9]+(?:\.[0-9]+)?)", lambda m: f"no leading zeros: write {m[1]}"),
    (r"\.([0-9]+)", lambda m: f"write 0.{m[1]}"),
    (r"([0-9]+)\.", lambda m: f"write {m[1]}"),
    (r"[+-]?\.?nan", "not a number is no value"),
    (r"[+-]?\.?inf(inity)?", "infinite is no value here"),
    (r"[-+]?[0-9.]+%", "no percent sign here"),
    (r"x\s*[0-9.]+", "there is nothing for x to multiply here"),
    (r".*->.*", "old -> new belongs under change"),
    (r"true|false|yes|no|on|off", "a switch is no number"),
    (r"null|~", "nothing is no value: leave the key out"),
    (r"=.*", "a formula is no value"),
    (r"-?[0-9.]+e[+-]?[0-9]{5,}", "beyond any size this model can mean"),
    (rf"[£$€¥].*|.*\b(?-i:{CURRENCIES})", "currency is stated once at the top"),
)


def at_least(low: Decimal | int, value: Decimal, what: str) -> Decimal:
    """The value, unless it is below `low`."""
    if value < low:
        raise Wrong(what)
    return value


def whole(low: int = 0, high: int = 10**9, what: str = "") -> Callable[[str], int]:
    """A parser of whole numbers low..high."""
    rule = what or f"a whole number, {low} or more"

    def parse(text: str) -> int:
        try:
            value = number(text, rule)
        except Wrong as wrong:
            raise Wrong(rule, wrong.hint or _bare(text)) from None
        if value != value.to_integral_value():
            raise Wrong(rule, "no fractions")
        if value < low:
            raise Wrong(rule)
        if value > high:
            raise Wrong(f"a whole number up to {high:,}".replace(",", " "))
        return int(value)

    return parse


def _bare(text: str) -> str:
    """`7 FTE` as a hint to write 7."""
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*[A-Za-z]+", text.strip())
    return f"write {found[1]} without a word" if found else ""


def positive(text: str) -> float:
    """A number above 0."""
    rule = "a number above 0"
    value = number(text, rule)
    if value <= 0:
        raise Wrong(rule)
    return float(value)


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"
