"""Metrics of a study as people say them: what is measured, values with their units, differences with a sign."""

from __future__ import annotations

import math

from supportsim.measure import catalogue
from supportsim.scenario.model import Promise, Scenario
from supportsim.show.tables import DASH, count, percent, span
from supportsim.study.words import duration

#: measures whose id alone says too little, in words
_NAMES = {
    "kept_share": "share kept",
    "wait_mean": "mean wait", "served_wait_mean": "mean wait of the answered (ASA)", "p_wait": "share that waits",
    "abandoned_share": "abandoned, of offered", "blocked_share": "heard busy, of all contacts",
    "solved_share": "issues solved", "solved_first_share": "issues solved at the first contact",
    "never_served_share": "issues over without an answer", "occupancy": "occupancy", "pay": "pay, overtime apart",
    "gave_up_share": "issues given up", "people_never_served": "customers never served", "penalty": "penalties",
    "people_broken": "customers with a broken promise", "turned_away_share": "turned away, of all contacts",
    "support_price": "prices of plans",
}  # fmt: skip


#: measures that there are for low, stated and high odds of leaving
_OF_ODDS = {
    "customers_lost": "customers expected to be lost", "churn_cost": "expected cost of churn",
    "contribution_after_churn": "contribution after churn",
}  # fmt: skip


def metric(scenario: Scenario | None, key: tuple[str, str]) -> str:
    """`premium_phone: answered in 20 s, of all offered`, `all: mean wait`."""
    selector, measure = key
    if measure == "kept_share" and scenario is not None:
        name, _, part = selector.partition(" ")
        for promise in scenario.promises:
            if promise.name == name:
                return f"{name}{f' ({part})' if part else ''}: {_promise(promise)}"
    return f"{selector}: {alone(measure)}"


def alone(measure: str) -> str:
    """`mean wait`: a measure alone, as on an axis."""
    for name, told in _OF_ODDS.items():
        if measure.startswith(name):
            return f"{told}, {measure.removeprefix(name).removeprefix('_') or 'stated'} odds"
    return _NAMES.get(measure, measure.replace("_", " "))


#: `counted:` of a promise -> of whom its share is
_OF = {
    "answered/offered": "of all offered", "answered only": "of the answered",
    "short abandons are good": "of all offered, short abandons good",
    "short abandons excluded": "short abandons left out",
    "brief abandons credited": "of all offered, abandons within 5 s good",
    "brief abandons excluded": "abandons within 5 s left out",
}  # fmt: skip


def _promise(promise: Promise) -> str:
    limit = duration(promise.limit)
    if promise.clock != "answer":
        hours = promise.hours
        when = "" if hours.always else f" ({hours.name} hours)"
        return f"first reply within {limit}{when}, of all judged"
    return f"answered in {limit}, {_OF[promise.counted]}"


def unit(measure: str) -> str:
    """The unit of a measure."""
    return catalogue.measure(measure).unit


def value(number: float, measure: str, currency: str = "") -> str:
    """`71.4 %`, `48 s`, `6.3 min`, `11 900 GBP`, or a dash."""
    if math.isnan(number):
        return DASH
    kind = unit(measure)
    if kind == "share":
        return percent(number)
    if kind in ("s", "h"):
        return span(number * (3600 if kind == "h" else 1))
    whole = f"{count(number)} {currency}".rstrip() if kind == "currency" else _plain(number)
    return whole.replace("-", "−")


def _plain(number: float) -> str:
    return f"{number:.3g}" if 0 < abs(number) < 1 else count(number)


def amount(number: float, measure: str, currency: str = "") -> str:
    """A difference or half an interval without its sign: `2.1 points`, `12 s`."""
    if math.isnan(number):
        return DASH
    if unit(measure) == "share":
        points = 100 * abs(number)
        return f"{points:.{1 if points >= 0.05 or not points else 2}f} points"
    if unit(measure) in ("s", "h") and abs(number) * (3600 if unit(measure) == "h" else 1) < 10:
        return f"{abs(number) * (3600 if unit(measure) == 'h' else 1):.2g} s"
    return value(abs(number), measure, currency)


def signed(number: float, measure: str, currency: str = "") -> str:
    """`+2.1 points`, `−12 s`."""
    if math.isnan(number):
        return DASH
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    return f"{sign}{amount(number, measure, currency)}"


def interval(low: float, high: float, measure: str, currency: str = "") -> str:
    """The ends of an interval of a difference: `+0.7 to +3.5`, in points where they are shares."""
    ends = [signed(end, measure, currency) for end in (low, high)]
    return " to ".join(end.removesuffix(" points") for end in ends)


def spread(low: float, high: float, measure: str, currency: str = "") -> str:
    """`45–59 %`, `20–48 s`: a range of single days; empty where there is none."""
    if math.isnan(low):
        return ""
    if unit(measure) == "share":
        return f"{100 * low:.0f}–{100 * high:.0f} %"
    return f"{value(low, measure)} – {value(high, measure, currency)}"
