"""What a comparison prints: the options, then each against the base, then the verdict in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supportsim.measure.prices import is_priced
from supportsim.show.comparison_words import counted, label
from supportsim.show.tables import DASH, Columns, count, percent, span
from supportsim.study import cost_parts
from supportsim.study.comparison import Change, Comparison, Key, Option, values
from supportsim.study.estimate import Estimate, student, verdict
from supportsim.study.kept import of_all
from supportsim.study.metrics import COST
from supportsim.study.option_tables import PER_WEEK, call_of
from supportsim.study.verdicts import number, signed
from supportsim.study.words import several, unsigned_zero

if TYPE_CHECKING:
    from rich.console import Console

#: Sums in the table of options.
_HOURS = ("paid_hours", "overtime_hours")


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Everything, on `console`."""
    base = comparison.base.result
    days = len(base.yardstick.grid.dates)
    n = min(option.result.n for option in comparison.options)
    title = (
        f"{counted(comparison)}, {several(n, 'replication')} × {several(days, 'counted day')} "
        f"each on the same customers, seed {base.seed}"
    )
    console.print(title, markup=False, style="bold")
    console.print(option_table(comparison).fitting(console.width))
    for option in comparison.others:
        console.print(difference_table(comparison, option).fitting(console.width))
    console.print(wait_table(comparison).fitting(console.width))
    for sentence in comparison.verdict():
        console.print(f"· {sentence}", markup=False, soft_wrap=True)


def option_table(comparison: Comparison) -> Columns:
    """A row per option: promises kept, who is lost, hours and cost a week."""
    currency, each = comparison.base.result.scenario.currency, comparison.each
    live = [channel.name for channel in comparison.base.result.scenario.channels if channel.kind == "live"]
    lost = [f"{name} abandoned" if len(live) > 1 else "abandoned" for name in live]
    promised = ["promises kept"] if any(option.result.scenario.promises for option in comparison.options) else []
    money = any(is_priced(option.result.scenario) for option in comparison.options)
    made = cost_parts.parts(comparison)
    paid = [f"{what}, {currency}".rstrip(", ") for what in (*made, f"cost {each}")] if money else []
    table = Columns(
        f"Options: means; releases: hours {each} that less work than in the first sets free at the same roster",
        ["option", *promised, *lost, f"paid h {each}", "overtime", *paid, "releases"],
        ["overtime", *lost[::-1], *paid[:-1]],
    )  # fmt: skip
    for option in comparison.options:
        released = comparison.released_hours(option) if option is not comparison.base else None
        table.add(
            option.name, *([of_all(option)] if promised else []),
            *(percent(_mean(option, (name, "abandoned_share"))) for name in live),
            *(count(_mean(option, ("all", name)) / comparison.periods) for name in _HOURS),
            *(count(cost_parts.mean(comparison, option, name)) for name in made),
            *([count(_mean(option, COST) / comparison.periods)] if money else []),
            DASH if released is None else _signed(released.mean / comparison.periods),
        )  # fmt: skip
    return table


def _signed(hours: float) -> str:
    return unsigned_zero(f"{hours:+.1f} h".replace("-", "−"))


def _mean(option: Option, key: Key) -> float:
    places = option.result.yardstick.places
    return student(values(option.result, key)).mean if key in places else math.nan


def difference_table(comparison: Comparison, option: Option) -> Columns:
    """The measures named beforehand, base beside option."""
    table = Columns(
        f"{option.name} against {comparison.base.name} (what is called better or worse is so at 95 % for all together)",
        ["measure", "target", "base", "option", "difference", "that is"], ["target"],
    )  # fmt: skip
    targets = {promise.name: promise.share for promise in comparison.base.result.scenario.promises}
    for change in comparison.changes:
        if change.option == option.name and (change.selector, change.measure) in comparison.metrics:
            table.add(*_cells(comparison, change, targets))
    return table


def _cells(comparison: Comparison, change: Change, targets: dict[str, float]) -> list[str]:
    found, per = change.found, comparison.periods if change.measure in PER_WEEK else 1.0
    unit = _unit(change.measure)
    target = targets.get(change.selector, math.nan) if change.measure == "kept_share" else math.nan
    return [
        label((change.selector, change.measure), comparison), "" if math.isnan(target) else percent(target, 0),
        *(_mean_cell(each, per, unit, target) for each in (found.base, found.other)),
        signed(_scaled(found.change, per), unit) if found.change.n else DASH, call_of(change),
    ]  # fmt: skip


def _mean_cell(found: Estimate, per: float, unit: str, target: float) -> str:
    """The mean and, of a promise, whether it is kept."""
    call = "" if math.isnan(target) else f" {verdict(found, target)}"
    return number(found.mean / per, unit) + call


def wait_table(comparison: Comparison) -> Columns:
    """Mean wait of the answered for each segment on each channel, in every option as it is rostered."""
    options = [option for option in comparison.options if not option.resized_from]
    names = [option.name for option in options]
    title = "Mean wait until answered, nights and closed hours included; in brackets the change from the first"
    table = Columns(title, ["who waits", *names], names[:0:-1])
    for selector in _selectors(options[0]):
        means = [_wait(option, selector) for option in options]
        table.add(selector, span(means[0]), *(_changed(mean, means[0]) for mean in means[1:]))
    return table


def _selectors(option: Option) -> list[str]:
    """Segments on channels; channels where there is one segment."""
    names = option.result.yardstick.selectors.names
    channels = [channel.name for channel in option.result.scenario.channels]
    return [name for name in names if " " in name] or [name for name in names if name in channels]


def _wait(option: Option, selector: str) -> float:
    return _mean(option, (selector, "served_wait_mean"))


def _changed(mean: float, base: float) -> str:
    """`8.3 h (−7.8 h)`: both in the unit of the wait."""
    if math.isnan(mean) or math.isnan(base):
        return span(mean)
    size, unit = next(((z, u) for u, z in (("h", 3600), ("min", 60)) if mean >= 2 * z), (1, "s"))
    change = f"{abs(mean - base) / size:.{0 if size == 1 else 1}f} {unit}"
    return f"{span(mean)} ({unsigned_zero(('+' if mean >= base else '−') + change)})"


def _scaled(estimate: Estimate, per: float) -> Estimate:
    return estimate._replace(mean=estimate.mean / per, low=estimate.low / per, high=estimate.high / per)


def _unit(measure: str) -> str:
    from supportsim.measure import catalogue

    return catalogue.measure(measure).unit
