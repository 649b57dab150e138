"""`make demo`: a software company's desk as it is and with premium customers first, side by side.

The two share their seed, hence customers, problems, work and patience: only the routing differs, and
differences are taken replication by replication.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from supportsim.show.progress import say
from supportsim.show.running import console, play

if TYPE_CHECKING:
    from rich.table import Table

    from supportsim.study.estimate import Estimate
    from supportsim.study.result import Result

FOLDER = Path(__file__).resolve().parents[2] / "configs" / "saas"
OPTIONS = ("today.yaml", "premium_first.yaml")
REPLICATIONS, SEED = 12, 1


class Line(NamedTuple):
    """One promise, or one segment and channel of it, in both options; shares 0..1."""

    name: str
    limit: str
    part: bool
    target: float
    before: Estimate
    after: Estimate
    difference: Estimate


def values(result: Result, selector: str, measure: str) -> Estimate:
    """The mean over replications."""
    from supportsim.study.estimate import student

    return student(result.rows[:, result.yardstick.places[selector, measure], 2])


def paired(base: Result, option: Result, selector: str, measure: str) -> Estimate:
    """The mean difference, replication by replication."""
    from supportsim.study.estimate import student

    rows = [result.rows[:, result.yardstick.places[selector, measure], 2] for result in (base, option)]
    return student(rows[1] - rows[0])


def lines(base: Result, option: Result) -> Iterator[Line]:
    """Every promise and its parts that both options have."""
    limits = dict(zip(base.promises["promise"], base.promises["limit"], strict=True))
    for scope in base.yardstick.scopes:
        name = base.yardstick.scope_name(scope)
        if (name, "kept_share") in option.yardstick.places:
            promise = base.scenario.promises[scope.promise]
            before, after = (values(result, name, "kept_share") for result in (base, option))
            change = paired(base, option, name, "kept_share")
            limit = f"{'answer' if promise.clock == 'answer' else 'reply'} {limits[promise.name]}"
            yield Line(name, limit, bool(scope.selector), promise.share, before, after, change)


def percent(estimate: Estimate) -> str:
    return f"{100 * estimate.mean:.1f} % ± {100 * estimate.half:.1f}"


def points(estimate: Estimate) -> str:
    return f"{100 * estimate.mean:+.1f} ± {100 * estimate.half:.1f}"


def promises_table(base: Result, option: Result) -> Table:
    """Promises by segment, side by side."""
    from rich.table import Table

    from supportsim.study.estimate import verdict

    table = Table("promise", "target", title="Share of contacts for which the promise was kept", title_justify="left")
    for heading in (base.scenario.name, "", option.scenario.name, "", "difference, points"):
        table.add_column(heading, justify="right" if heading else "left")
    for line in lines(base, option):
        calls = [verdict(estimate, line.target) for estimate in (line.before, line.after)]
        table.add_row(
            f"  {line.name}" if line.part else f"{line.name}, {line.limit}",
            f"{100 * line.target:.0f} %",
            percent(line.before),
            calls[0],
            percent(line.after),
            calls[1],
            points(line.difference),
        )
    return table


def waits_table(base: Result, option: Result) -> Table:
    """Mean waits until answered, for each segment on each channel."""
    from rich.table import Table

    table = Table("who waits", title="Mean wait of answered contacts", title_justify="left")
    for heading in (base.scenario.name, option.scenario.name, "difference"):
        table.add_column(heading, justify="right")
    for name in (name for name in base.yardstick.selectors.names if " " in name):
        both = [values(result, name, "served_wait_mean").mean for result in (base, option)]
        change = paired(base, option, name, "served_wait_mean")
        table.add_row(name, *(wait(each) for each in both), wait(change.mean, change.half))
    return table


def wait(seconds: float, half: float | None = None) -> str:
    """A wait in the unit that suits its size; with `half` a signed difference and half its interval."""
    size, unit = next(((z, u) for u, z in (("h", 3600), ("min", 60)) if abs(seconds) >= 2 * z), (1, "s"))
    decimals = 0 if size == 1 else 1
    if half is None:
        return f"{seconds / size:.{decimals}f} {unit}"
    return f"{seconds / size:+.{decimals}f} ± {half / size:.{decimals}f} {unit}"


def headline(base: Result, option: Result) -> str:
    """How many promises each option keeps, and for which customers the option is better or worse."""
    from supportsim.study.estimate import verdict

    whole = [line for line in lines(base, option) if not line.part]
    met = [sum(verdict(getattr(line, when), line.target) == "met" for line in whole) for when in ("before", "after")]
    better = [line.name for line in whole if line.difference.low > 0]
    worse = [line.name for line in whole if line.difference.high < 0]
    return (
        f"{option.scenario.name} keeps {met[1]} of {len(whole)} promises, {base.scenario.name} {met[0]}. "
        f"Better: {', '.join(better) or 'none'}. Worse: {', '.join(worse) or 'none'}."
    )


def sentences(base: Result, option: Result) -> Iterator[str]:
    """The verdict: what moved, for whom, and what this does not say."""
    from supportsim.study.estimate import verdict

    yield headline(base, option)
    for line in lines(base, option):
        if not line.part:
            before, after = (verdict(estimate, line.target) for estimate in (line.before, line.after))
            first = f"{100 * line.before.mean:.1f} % kept in {base.scenario.name} ({before})"
            second = f"{100 * line.after.mean:.1f} % in {option.scenario.name} ({after})"
            yield f"{line.name}: {first}, {second}: {moved(line.difference)}."
    yield "Both have the same people, hours and pay: only who is served first differs."
    yield f"Means over {base.n} plays of the same worlds; ± is chance with these inputs alone."


def moved(difference: Estimate) -> str:
    """A paired difference of shares in words."""
    if difference.low <= 0 <= difference.high:
        return "no difference that this many plays can show"
    word = "more" if difference.mean > 0 else "fewer"
    return f"{100 * abs(difference.mean):.1f} in 100 {word} than today, give or take {100 * difference.half:.1f}"


def show(base: Result, option: Result) -> None:
    """The tables and the verdict on stdout."""
    out = console()
    out.print(promises_table(base, option))
    out.print(waits_table(base, option))
    for sentence in sentences(base, option):
        out.print(f"· {sentence}", soft_wrap=True)


def main() -> int:
    """Play both options and print them; returns the exit code."""
    from supportsim.scenario.load import load

    begun = time.monotonic()
    scenarios = [load(FOLDER / name) for name in OPTIONS]
    for name in OPTIONS:
        say(f"playing configs/saas/{name} {REPLICATIONS} times")
    base, option = (play(scenario, REPLICATIONS, SEED) for scenario in scenarios)
    if not (base.complete and option.complete):
        say("interrupted: nothing to compare")
        return 130
    with suppress(BrokenPipeError):  # nobody reads on
        show(base, option)
    say(f"done in {time.monotonic() - begun:.0f} s; try: .venv/bin/supportsim check configs/saas/today.yaml")
    return 0


if __name__ == "__main__":
    sys.exit(main())
