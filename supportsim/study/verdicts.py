"""What a comparison says, in sentences a manager reads; every number in them stands in the tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from supportsim.measure import catalogue
from supportsim.study import cost_parts, interval_changes
from supportsim.study.best_words import sentences as best_sentences
from supportsim.study.comparison import Change, Comparison, Option, values
from supportsim.study.estimate import Estimate
from supportsim.study.flip import is_known
from supportsim.study.flip import sentence as flip_sentence
from supportsim.study.flip_words import sentence as inputs_sentence
from supportsim.study.kept import of_all, of_promises, promised_apart, surely_kept, undecided
from supportsim.study.option_tables import PER_WEEK, call_of, to_decide
from supportsim.study.resize import same_roster
from supportsim.study.words import several, unsigned_zero, would_decide

#: In the order in which they are told.
_CALLS = ("better", "worse", "more", "less", "too close to call")
#: Of an amount of money that moves no number shown; it stands in the tables with all its digits.
NO_MATTER = "no difference to speak of"
#: In words, where the id of a measure is none.
_WORDS = {"kept_share": "kept", "abandoned_share": "abandoned", "served_wait_mean": "mean wait of the answered"}


def sentences(comparison: Comparison) -> list[str]:
    """The verdict on each option, then what all of it rests on."""
    found = [line for option in comparison.others for line in _of(comparison, option)]
    asked = [f"{o.name}: {o.result.not_required}." for o in comparison.options if o.result.not_required]
    notes = [f"{note}." for note in comparison.notes]
    return [*found, *best_sentences(comparison), *notes, *asked, *_known(comparison)]


def _of(comparison: Comparison, option: Option) -> Iterator[str]:
    if option.result.scenario.promises:
        yield headline(comparison, option)
    yield differences(comparison, option)
    yield hours(comparison, option)
    yield from filter(None, [costs(comparison, option), interval_changes.sentence(comparison, option)])
    if is_known(comparison, option):
        yield flip_sentence(comparison, option)
    if not comparison.best:  # of more than two, every pair against the first says less than which one is best
        yield from filter(None, [inputs_sentence(comparison, option)])


def headline(comparison: Comparison, option: Option) -> str:
    """How many promises an option keeps, beside the base; what is open."""
    kept, mine = surely_kept(option), surely_kept(comparison.base)
    all_ = len(option.result.scenario.promises)
    if kept == mine and len(kept) == all_ == len(comparison.base.result.scenario.promises):
        what = "its promise" if all_ == 1 else f"all {all_} promises"
        return f"{option.name} keeps {what}, as {comparison.base.name} does."
    open_ = undecided(option)
    beside = f" (too close to call: {', '.join(open_)})" if open_ else ""
    apart = promised_apart(comparison.base, option)
    alone = f" ({apart})" if apart else ""
    other = comparison.base
    return f"{option.name} keeps {of_promises(option)}{beside}; {other.name} keeps {of_all(other)}{alone}."


def differences(comparison: Comparison, option: Option) -> str:
    """What the measures named beforehand say, sorted by what is better, worse, or not known yet."""
    found: dict[str, list[str]] = {}
    needed: list[int | None] = []
    for change in comparison.changes:
        if change.option == option.name and (change.selector, change.measure) in comparison.metrics:
            call = call_of(change)
            open_ = call == "too close to call"
            found.setdefault(call, []).append(told(comparison, change, open_))
            needed += [to_decide(comparison, change)] if open_ and change.found.change.n > 1 else []
    parts = [f"{call.capitalize()}: {'; '.join(found[call])}." for call in _CALLS if call in found]
    if needed:
        most = None if None in needed else max(n for n in needed if n)
        parts[-1] = f"{parts[-1][:-1]} ({would_decide(most)})."
    return f"Against {comparison.base.name}. " + (" ".join(parts) or "Nothing differs.")


def told(comparison: Comparison, change: Change, open_: bool = False) -> str:
    """One measure in a few words."""
    what = change.selector if change.measure == "kept_share" else _WORDS.get(change.measure, change.measure)
    what = what if change.selector in ("all", what) else f"{change.selector} {what}"
    if open_:
        return what
    per = comparison.periods if change.measure in PER_WEEK else 1.0
    unit = catalogue.measure(change.measure).unit
    money = f" {comparison.base.result.scenario.currency}".rstrip() if unit == "currency" else ""
    each = f" {comparison.each}" if change.measure in PER_WEEK else ""
    # a sum goes by cost, beside which it stands; what is told of a contact or an issue by itself
    least = least_told(comparison) if change.measure in PER_WEEK else _half_a_digit(change.found.base.mean)
    if unit == "currency" and abs(change.found.change.mean / per) < least:
        return f"{what} ({NO_MATTER})"
    return f"{what} {signed(_per(change.found.change, per), unit, money + each)}"


def number(value: float, unit: str) -> str:
    """A mean with its unit, as in the tables."""
    if math.isnan(value):
        return "no value"
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "s":
        return f"{value:.0f} s"
    return f"{value:,.{_digits(value)}f}".replace(",", " ") + (f" {unit}" if unit not in ("", "currency") else "")


def signed(change: Estimate, unit: str, of: str = "") -> str:
    """A difference, and how well it is known; `of`: words behind it, such as ` GBP a week`."""
    sign = "+" if change.mean >= 0 else "−"
    if unit == "share":
        known = "" if math.isnan(change.half) else f" (known to ± {100 * change.half:.1f})"
        return unsigned_zero(f"{sign}{100 * abs(change.mean):.1f} points{of}{known}")
    size = {"s": " s", "currency": ""}.get(unit, f" {unit}".rstrip())
    return unsigned_zero(f"{sign}{number(abs(change.mean), '')}{size}{of}{_known_to(change)}")


def _known_to(change: Estimate) -> str:
    """Half the interval, with the digits of the mean; more where the mean is smaller than that."""
    if math.isnan(change.half):
        return ""
    digits = min(_digits(change.mean), _digits(change.half))
    if change.half < 0.5 * 10**-digits:
        digits = _digits(change.half)
    return f" (known to ± {change.half:,.{digits}f})".replace(",", " ")


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 or value == 0 else 1 if abs(value) >= 1 else 3


def costs(comparison: Comparison, option: Option) -> str:
    """What a difference in cost is made of; "" where no promise has a price, or fines are the same."""
    parts = split(comparison, option)
    if not parts:
        return ""
    money = f" {comparison.base.result.scenario.currency}".rstrip()
    change = _per(comparison.difference(option, ("all", "cost")).change, comparison.periods)
    all_ = signed(change._replace(low=math.nan, high=math.nan), "currency", money)
    return f"{option.name}: of cost {all_} {comparison.each}, {parts}."


def split(comparison: Comparison, option: Option) -> str:
    """`pay is the same, penalties and credits −797 EUR (known to ± 12)`; "" where fines are no part of it."""
    found = cost_parts.differences(comparison, option)
    if not found or not found[cost_parts.FINES].mean:
        return ""
    money = f" {comparison.base.result.scenario.currency}".rstrip()
    least = least_told(comparison)

    def part(name: str, change: Estimate) -> str:
        if not change.mean and not change.half > 0:
            return f"{name} is the same"
        few = not max(abs(change.mean), change.half if change.half > 0 else 0.0) >= least
        return f"{name} {NO_MATTER if few else signed(change, 'currency', money)}"

    return ", ".join(part(name, change) for name, change in found.items())


def least_told(comparison: Comparison) -> float:
    """Half of the last digit to which the cost of the base is told: a smaller amount of money moves no number shown."""
    cost = float(values(comparison.base.result, ("all", "cost")).mean()) / comparison.periods
    return _half_a_digit(cost)


def _half_a_digit(value: float) -> float:
    """Half of the last digit to which a value is told."""
    return float(0.5 * 10.0 ** -_digits(value))


def hours(comparison: Comparison, option: Option) -> str:
    """Whether the roster is the same, and what less work is worth."""
    base, other = comparison.base, option
    paid = _per(comparison.difference(option, ("all", "paid_hours")).change, comparison.periods)
    if option.resized_from:
        return f"{option.name}: {_paid(paid, comparison.each)} than in {base.name}{_by_team(comparison, option)}."
    if not same_roster(base.result.scenario, other.result.scenario):
        return f"{option.name} has a roster of its own: {_paid(paid, comparison.each)} than in {base.name}."
    released = comparison.released_hours(option)
    assert released is not None
    work = _releases(comparison, released) + _released_by_team(comparison, option)
    said = f"{option.name} has the roster of {base.name}, so paid hours stay; its work {work}."
    theirs = _clear(released) and released.mean > 0 and _loses_callers(comparison, option)
    return said + (" More callers hung up: less work is in part theirs." if theirs else "")


def _released_by_team(comparison: Comparison, option: Option) -> str:
    """Hours released team by team, where there are several: one number would hide that they go both ways."""
    teams = [team.name for team in comparison.base.result.scenario.teams]
    found = []
    for name in teams if len(teams) > 1 else ():
        released = comparison.released_hours(option, name)
        assert released is not None
        week = _per(released, comparison.periods)
        if _clear(week) and abs(week.mean) >= 0.05:
            found.append(f"{name} {'releases' if week.mean > 0 else 'takes'} {number(abs(week.mean), 'h')}")
    return f" ({', '.join(found)})" if found else ""


def _loses_callers(comparison: Comparison, option: Option) -> bool:
    """Whether more hang up on some live channel, by more than chance; named beforehand or not."""
    live = {channel.name for channel in comparison.base.result.scenario.channels if channel.kind == "live"}
    own = [change for change in comparison.changes if change.option == option.name and change.selector in live]
    return any(change.measure == "abandoned_share" and call_of(change) == "worse" for change in own)


def _by_team(comparison: Comparison, option: Option) -> str:
    """Where the roster was resized: hours more or less of each team whose roster changes."""
    found = []
    for team in comparison.base.result.scenario.teams:
        change = comparison.difference(option, (team.name, "paid_hours")).change.mean / comparison.periods
        if abs(change) >= 0.05:
            found.append(f"{team.name} {'+' if change > 0 else '−'}{number(abs(change), 'h')}")
    return f" ({', '.join(found)})" if len(comparison.base.result.scenario.teams) > 1 and found else ""


def _paid(change: Estimate, each: str) -> str:
    if abs(change.mean) < 0.05:
        return "no more and no fewer paid hours"
    return f"{number(abs(change.mean), 'h')} {'more' if change.mean > 0 else 'fewer'} paid {each}"


def _releases(comparison: Comparison, released: Estimate) -> str:
    week, each = _per(released, comparison.periods), comparison.each
    if not _clear(week):
        return "is the same as far as these replications can show"
    known = _known_to(week)
    if week.mean > 0:
        return f"releases {number(week.mean, 'h')} {each}{known}, worth something only if rostered away"
    return f"takes {number(-week.mean, 'h')} more {each}{known} at the occupancy of {comparison.base.name}"


def _clear(found: Estimate) -> bool:
    """Whether it is told from 0."""
    return found.n > 1 and not found.low <= 0 <= found.high


def _per(found: Estimate, per: float) -> Estimate:
    return Estimate(found.mean / per, found.low / per, found.high / per, found.n)


def _known(comparison: Comparison) -> Sequence[str]:
    """What the ± is, and what it is not."""
    n = min(option.result.n for option in comparison.options)
    one = "One play of each decides nothing: play more replications." if n == 1 else ""
    return [
        *([one] if one else []),
        f"Means over {several(n, 'replication')} of each on the same customers; ± is chance with these inputs alone, "
        "not how wrong the inputs may be.",
    ]
