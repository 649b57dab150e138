"""The verdict in a few sentences: what to take, what it costs, whom it hurts, how sure that is; no more than five."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supportsim.show.comparison_words import counted
from supportsim.show.report.sentences import each, hours, lost
from supportsim.show.report.table import percent
from supportsim.study import cost_parts
from supportsim.study.comparison import Change, Comparison, Key, Option, values
from supportsim.study.estimate import Estimate, student
from supportsim.study.kept import calls, gained, of_promises, promised_apart, surely_kept, undecided
from supportsim.study.option_tables import call_of
from supportsim.study.verdicts import number, signed, split, told
from supportsim.study.words import several

COST: Key = ("all", "cost")
HOURS: Key = ("all", "paid_hours")
_NAMED = 3  # so many names in a sentence, then a number


def brief(comparison: Comparison) -> list[str]:
    """Of a comparison, or of a run with many promises; nothing where every sentence is needed."""
    if not any(option.result.scenario.promises for option in comparison.options):
        return []
    if not comparison.others:
        return _run(comparison) if len(comparison.base.result.scenario.promises) > _NAMED else []
    best = leading(comparison)
    found = [_choice(comparison, best)]
    if best is not comparison.base:
        found += [_price(comparison, best), _harm(comparison, best)]
    return [*found, *_cheaper(comparison, best), _sure(comparison, best)]


def _run(comparison: Comparison) -> list[str]:
    """Of many promises those kept, those missed, and the one furthest below its target."""
    option, said = comparison.base, calls(comparison.base)
    parts = [
        (words, [name for name, call in said.items() if call == words])
        for words in ("kept", "missed", "too close to call")
    ]
    listed = "; ".join(f"{words}: {_names(names)}" for words, names in parts if names)
    rows = [row for row in option.result.promises.to_dict("records") if row["selector"] == "all"]
    worst = min(rows, key=lambda row: row["kept_share"] - row["target"])
    below = (
        f"Furthest below its target is {worst['promise']}: {percent(worst['kept_share'])} kept of "
        f"{percent(worst['target'], 0)} promised."
    )  # fmt: skip
    found = [f"{option.name} keeps {of_promises(option)} ({listed})."]
    return [*found, *([below] if worst["kept_share"] < worst["target"] else []), *lost(option),
            hours(comparison, option)]  # fmt: skip


def leading(comparison: Comparison) -> Option:
    """The option that keeps most promises, of several the cheapest; the base unless another one is better for sure."""

    def rank(option: Option) -> tuple[int, float]:
        return -len(surely_kept(option)), _mean(option, _sum(comparison))

    best = min(comparison.options, key=rank)
    if len(surely_kept(best)) > len(surely_kept(comparison.base)) or best is comparison.base:
        return best
    return best if _lower(comparison, best) else comparison.base


def _sum(comparison: Comparison) -> Key:
    """What is counted: money where anything has a price, else paid hours."""
    return COST if any(_mean(option, COST) > 0 for option in comparison.options) else HOURS


def _mean(option: Option, key: Key) -> float:
    return student(values(option.result, key)).mean


def _change(comparison: Comparison, option: Option, key: Key) -> Estimate:
    """Of a sum, told by the week where there is one."""
    found, per = comparison.difference(option, key).change, comparison.periods
    return Estimate(found.mean / per, found.low / per, found.high / per, found.n)


def _lower(comparison: Comparison, option: Option) -> bool:
    return _change(comparison, option, _sum(comparison)).high < 0


def _choice(comparison: Comparison, best: Option) -> str:
    base = comparison.base
    if best is base:
        return f"No option keeps more promises for sure than {base.name}, which keeps {of_promises(base)}."
    said = "; ".join(f"{words} {_names(names)}" for words, names in gained(base, best))
    apart = promised_apart(base, best)
    return (
        f"If promises kept are what counts, take {called(comparison, best)}: of {counted(comparison)} it keeps most "
        "for sure, "
        f"{of_promises(best)}{f' ({said})' if said else ''}; {base.name} keeps {of_promises(base)}"
        f"{f' ({apart})' if apart else ''}."
    )


def called(comparison: Comparison, option: Option) -> str:
    """`reserved (an agent held back for premium)`: its name, and of its title what sets it apart from the others."""
    titles = [each.result.scenario.title for each in comparison.options if not each.resized_from]
    parts = [title.split(", ") for title in titles]
    same = 0
    while all(len(each) > same + 1 and each[same] == parts[0][same] for each in parts):
        same += 1
    mine = ", ".join(option.result.scenario.title.split(", ")[same:])
    return option.name if option.resized_from or not mine or mine == option.name else f"{option.name} ({mine})"


def _price(comparison: Comparison, best: Option) -> str:
    """What it costs, and whether somebody is paid more or fewer hours."""
    paid = _change(comparison, best, HOURS)
    same = abs(paid.mean) < 0.05
    paid_ = "paid hours stay" if same else f"{_amount(paid, ' h', 'fewer')} are paid {each(comparison)}"
    if _sum(comparison) == HOURS:
        return f"Nothing has a price here; {paid_}."
    money = f" {comparison.base.result.scenario.currency}".rstrip()
    cost = f"{number(_mean(best, COST) / comparison.periods, '')}{money} {each(comparison)}"
    change = _change(comparison, best, COST)
    less = f"{_amount(change, money)} than {comparison.base.name}{_known(change)}"
    than = less if _differs(change) else f"by no more than chance another cost than {comparison.base.name}"
    fines = " (penalties and credits included)" if cost_parts.parts(comparison) else ""
    made = split(comparison, best) if change.mean else ""
    return f"It costs {cost}{fines}, {than}{f': {made}' if made else ''}; {paid_}."


def _amount(change: Estimate, unit: str, less: str = "less") -> str:
    """`797 GBP less`, of `signed` without its sign; how well that is known stands at the end."""
    return f"{number(abs(change.mean), '')}{unit} {'more' if change.mean > 0 else less}"


def _known(change: Estimate) -> str:
    known = signed(change, "").partition(" (")[2]
    return f" ({known}" if known else ""


def _differs(change: Estimate) -> bool:
    return change.n > 1 and not change.low <= 0 <= change.high


def _harm(comparison: Comparison, best: Option) -> str:
    """For whom it is worse by more than chance, and what it still misses."""
    worse = [change for change in _named(comparison, best) if call_of(change) == "worse"]
    missed = [name for name, call in calls(best).items() if call == "missed"]
    sure = " for sure" if undecided(best) else ""
    still = f"still missed: {_names(missed)}" if missed else f"no promise is missed{sure}"
    words = [_unmeasured(told(comparison, change)) for change in worse]
    first = f"Worse by more than chance: {_names(words)}" if words else "Nothing else gets worse by more than chance"
    return f"{first}; {still}."


def _unmeasured(words: str) -> str:
    """Without how well it is known, where that stands at the end."""
    return words.rpartition(" (known to")[0] or words


def _named(comparison: Comparison, option: Option) -> Iterator[Change]:
    """What was named beforehand, money left out."""
    for change in comparison.changes:
        key = (change.selector, change.measure)
        if change.option == option.name and key in comparison.metrics and key != COST:
            yield change


def _cheaper(comparison: Comparison, best: Option) -> Iterator[str]:
    """The cheapest one, where that is another and cheaper for sure."""
    key = _sum(comparison)
    cheapest = min(comparison.options, key=lambda option: _mean(option, key))
    if cheapest in (best, comparison.base) or not _lower(comparison, cheapest):
        return
    unit = f" {comparison.base.result.scenario.currency}".rstrip() if key == COST else " paid h"
    change = _change(comparison, cheapest, key)
    less = f"{_amount(change, unit)} {each(comparison)} than {comparison.base.name}{_known(change)}"
    worse = sum(call_of(change) == "worse" for change in _named(comparison, cheapest))
    apart = promised_apart(comparison.base, cheapest)
    beside = f" ({apart})" if apart else ""
    yield (
        f"If cost is, take {called(comparison, cheapest)}: {less}; but it keeps {of_promises(cheapest)}{beside}, and "
        f"is worse than {comparison.base.name} in {several(worse, 'measure')} by more than chance."
    )


def _sure(comparison: Comparison, best: Option) -> str:
    n = min(option.result.n for option in comparison.options)
    if n == 1:
        return "How sure: one play of each decides nothing."
    open_ = undecided(best)
    closer = f"; too close to call is whether {best.name} keeps {_names(open_)}" if open_ else ""
    return (
        f"How sure: {several(n, 'play')} of each on the same customers; better and worse are so at 95 % for all "
        f"together{closer}. What other volumes, patience or handle times would change was not tried."
    )


def _names(names: Sequence[str]) -> str:
    """`a, b and c`; from a fourth on how many more."""
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        shown[-1:] = [f"{len(names) - _NAMED + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
