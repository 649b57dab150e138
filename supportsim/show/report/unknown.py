"""What a report does not know: inputs that no file of measurements stands behind, defaults, what is not modelled."""

from __future__ import annotations

import math
from collections.abc import Iterator

from supportsim.scenario.laws import mean
from supportsim.scenario.model import After, Channel, Law, Queue, Scenario, Team
from supportsim.scenario.offers import has_price, leaves
from supportsim.scenario.ticks import SECOND
from supportsim.show.report.table import Table, headings, percent
from supportsim.show.tables import span
from supportsim.study.comparison import Comparison
from supportsim.study.uncertain import NAMES
from supportsim.study.words import about

#: Kinds of laws that are a list of observations, rather than a formula somebody chose.
_OBSERVED = ("empirical",)
_ALL = " “All” options say the same, but for what another row says of one."
_TRIED = "Believe differences between options more than levels."
_UNTRIED = (
    "How far each of these moves the answer was not tried here (--sensitivity does): vary them, and believe "
    "differences between options more than levels."
)
_NOBODY_LEAVES = "Customers do not leave for good because they waited, and nobody tells others."
_EXPECTED = (
    "Customers do not leave in the play: what will come of their experience is reckoned afterwards, from stated odds. "
    "Nobody tells others."
)
_LEAVES = "Customers leave by stated odds; nobody joins because service is good, and nobody tells others."
_NO_INCOME = "No income is counted: no margin and no price of a plan is stated."
_MISSING = (
    "Nobody learns, and nobody tires but as stated by the hour; nobody leaves the company or is hired.",
    "No escalation to a second level, no callbacks, no ticket that goes back and forth, no self-service.",
    "No outage, no storm of calls with a common cause but the spread between days that is stated.",
    "Rosters are played as they are: whether such shifts can be staffed and are lawful is not asked.",
)


def missing(comparison: Comparison) -> list[str]:
    """What is not modelled in these options."""
    given = [option.result.scenario for option in comparison.options]
    if any(any(leaves(each)) for each in given):
        customers = _LEAVES
    else:
        customers = _EXPECTED if any(each.experience is not None for each in given) else _NOBODY_LEAVES
    earns = any(s.margin is not None or has_price(each, s) for each in given for s in each.segments)
    first, *others = _MISSING
    return [first, customers, *([] if earns else [_NO_INCOME]), *others]


def unmeasured(comparison: Comparison, tried: bool = False) -> Table | None:
    """What is stated and, as far as the files tell, never measured; of each option what the base does not say too.

    tried: how far inputs move the answer stands above.
    """
    rows: list[list[str]] = []
    seen: set[tuple[str, str]] = set()
    for option in comparison.options:
        if option.resized_from:
            continue
        for what, value in _stated(option.result.scenario):
            if (what, value) not in seen:
                seen.add((what, value))
                rows.append([what, value, "all" if option is comparison.base else option.name])
    if not rows:
        return None
    one = not comparison.others
    return Table(
        "Stated, and as far as the files tell never measured",
        headings("input", "as stated", "in")[: 2 if one else 3], [row[: 2 if one else 3] for row in rows],
        (_TRIED if tried else _UNTRIED) + _ALL * (not one),
        words=(0, 1, 2),
    )  # fmt: skip


def defaults(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """By option the sentences of `check` on every key that was not written; beyond the base only what is new."""
    base = comparison.base.result.scenario.defaults
    found = [(comparison.base.name, list(base))]
    for option in comparison.others:
        new = [line for line in option.result.scenario.defaults if line not in base]
        if new and not option.resized_from:
            found.append((option.name, new))
    return [(name, lines) for name, lines in found if lines]


def warnings(comparison: Comparison) -> list[str]:
    """What was noted when the files were read."""
    return list(dict.fromkeys(note for option in comparison.options for note in option.result.scenario.notes))


def _stated(scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield from _volumes(scenario)
    yield "how days differ beyond chance (busyness)", _busyness(scenario)
    for channel in scenario.channels:
        queues = [queue for queue in scenario.queues if queue.channel == channel.name]
        if queues:
            yield from _of_channel(channel, queues)
    for team in scenario.teams:
        yield from _of_team(team)
    yield from _of_customers(scenario)


def _of_customers(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """What they bring, and what lets them leave."""
    for segment in scenario.segments:
        if segment.margin is not None:
            yield NAMES["margin"].format(segment.name), _a_month(segment.margin)
        if segment.churn is not None:
            left = f"{percent(segment.churn)} leave within a year, were support neither good nor bad"
            yield f"churn of {segment.name}", left
    for felt in scenario.experience.felt if scenario.experience is not None else ():
        each = f" for {about(felt.each)}" if felt.each else ""
        odds = f"× {felt.stated:g}{each} (× {felt.low:g} to × {felt.high:g}), for {about(felt.lasts)}"
        yield NAMES["odds"].format(felt.kind.replace("_", " ")), odds


def _a_month(law: Law) -> str:
    return f"{mean(law):g} a month" if law.kind == "constant" else f"{law.kind}, mean {mean(law):g} a month"


def _volumes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for stream in scenario.streams:
        if stream.kind == "population":
            yield f"volume of {stream.name}", f"{stream.per_customer_month:g} issues per customer and month"
        elif stream.kind == "rate":
            yield f"volume of {stream.name}", "a rate per hour, by day and hour"
        elif stream.volume != 1:
            yield f"volume of {stream.name}", f"its file × {stream.volume:g}"


def _busyness(scenario: Scenario) -> str:
    found = scenario.busyness
    if not found.cv and not found.cv_interval:
        return "none: days differ by chance alone, which real days seldom do"
    within = f", within a day {percent(found.cv_interval, 0)}" if found.cv_interval else ""
    return f"spread of a {found.per} {percent(found.cv, 0)}, shared between streams {percent(found.shared, 0)}{within}"


def _of_channel(channel: Channel, queues: list[Queue]) -> Iterator[tuple[str, str]]:
    name = channel.name
    laws = [queue.patience for queue in queues]
    if not all(law.kind in _OBSERVED for law in laws):
        yield f"patience on {name}", _laws(laws)
    work = [queue.work.law for queue in queues]
    if not all(law.kind in _OBSERVED or law.from_forecast for law in work):
        yield f"{'handle' if queues[0].work.wrap_inside else 'talk'} time on {name}", _laws(work)
    elif any(law.kind not in _OBSERVED for law in work):
        yield f"spread of handle times on {name}", f"{work[0].kind}, its mean from the forecast"
    yield f"resolution on {name}", _range([queue.resolves for queue in queues])
    for after in channel.after:
        yield f"on {name}, after “{after.outcome.replace('_', ' ')}”", _after(after)


def _laws(laws: list[Law]) -> str:
    kinds = ", ".join(dict.fromkeys(law.kind for law in laws))
    means = [mean(law) / SECOND for law in laws if law.kind != "never" and not law.from_forecast]
    if not means:
        return "nobody ever leaves" if kinds == "never" else kinds
    low, high = min(means), max(means)
    ends = span(low) if span(low) == span(high) else f"{span(low)} to {span(high)}"
    return f"{kinds}, mean {ends}"


def _range(shares: list[float]) -> str:
    low, high = min(shares), max(shares)
    ends = percent(low, 0) if math.isclose(low, high) else f"{percent(low, 0)} to {percent(high, 0)}"
    return f"{ends} of contacts solve the issue"


def _after(after: After) -> str:
    parts = {
        "come again": after.again, "come at the next opening": after.at_opening,
        "try the next channel": after.next_channel, "leave it": after.stop,
    }  # fmt: skip
    said = ", ".join(f"{percent(share, 0)} {what}" for what, share in parts.items() if share > 0)
    return f"{said}; after {_laws([after.delay])}" if after.again > 0 else said


def _of_team(team: Team) -> Iterator[tuple[str, str]]:
    shares = {"leave": team.leave, "absence": team.absence, "off desk": team.off_desk}
    said = ", ".join(f"{what} {percent(share, 0)}" for what, share in shares.items())
    if team.heads is None:
        yield f"shrinkage of {team.name}", said if any(shares.values()) else "none: everybody rostered is there"
