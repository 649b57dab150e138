"""What taking issues away says, in sentences a manager reads; every number in them stands in crowding_out.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from supportsim.scenario.thinning import by_plan
from supportsim.study.comparison import Option
from supportsim.study.crowded_out import CrowdedOut
from supportsim.study.crowded_out_table import MINUTES, OTHERS
from supportsim.study.estimate import CONFIDENCE
from supportsim.study.words import several, unsigned_zero

Row = dict[str, Any]
CAVEAT = (
    "Removals do not add up: what two bring upon the others together is not the sum of what each brings alone. Roster "
    "and fixed costs stay as they are, so no pay is saved here."
)
#: What is told per contact removed, in words.
_EACH = {MINUTES: "min of waiting", "breaches": "broken promises", "people_never_served": "people never served"}
_DIGITS = 3


def sentences(crowding: CrowdedOut) -> list[str]:
    """Each option, then what all of it rests on."""
    found = [line for option in crowding.comparison.others for line in _of(crowding, option)]
    n = min(option.result.n for option in crowding.comparison.options)
    one = ["One play of each decides nothing: play more replications."] if n == 1 else []
    return [
        *found, CAVEAT, *one,
        f"Means over {several(n, 'replication')} of each on the same customers, in brackets 95 % intervals: chance "
        "with these inputs alone, not how wrong the inputs may be. Each measure is judged for itself here: of a "
        "hundred that do not change about five would be told. Fewer are told from chance where measures named "
        "beforehand are judged together (Holm), as in the figure of paired differences and in differences.csv.",
    ]  # fmt: skip


def _of(crowding: CrowdedOut, option: Option) -> Iterator[str]:
    thin, table = crowding.removed[option.name], crowding.table
    own = (table["removed"] == thin.name) & (table["share"] == thin.share)
    rows: list[Row] = table[own].to_dict("records")  # type: ignore[assignment]
    head = f"{option.name[0].upper()}{option.name[1:]} ({_count(rows)} contacts fewer)"
    yield _changes(crowding, option, head, [row for row in rows if row["same_issues"]])
    yield from _each([row for row in rows if row["of"] == OTHERS])
    yield from _stays(crowding, option)


def _count(rows: Sequence[Row]) -> str:
    return f"{round(rows[0]['contacts_removed']):,}".replace(",", " ") if rows else "no"


def _changes(crowding: CrowdedOut, option: Option, head: str, rows: list[Row]) -> str:
    """What is different for those whose issues are the same; exactly nothing is said as what it is."""
    if not rows:
        return f"{head}: every segment loses issues, so no row compares the same issues with each other."
    if all(row["p"] == 1 and row["difference"] == 0 for row in rows):
        return f"{head}: nothing at all changes for anybody else."
    names = _pairs(crowding)
    waits = [r for r in rows if r["measure"] == "served_wait_mean" and r["of"] in names]
    kept = [r for r in rows if r["measure"] == "kept_share" and " " not in r["of"]]
    said = [f"{row['of']} waits {_wait(row)}" for row in waits if _is_clear(row)]
    said += [f"{row['of']} is kept {_points(row)}" for row in kept if _is_clear(row)]
    open_ = [row["of"] for row in waits if not _is_clear(row) and row["difference"]]
    said += [f"too close to call: the wait of {', '.join(open_)}"] if open_ else []
    return f"{head}: {'; '.join(said) or 'no wait and no promise changes by more than chance'}."


def _pairs(crowding: CrowdedOut) -> list[str]:
    """Selectors of one segment on one channel."""
    names = crowding.comparison.base.result.yardstick.selectors.names
    return [name for name in names if " " in name]


def _is_clear(row: Row) -> bool:
    return bool(row["p"] <= 1 - CONFIDENCE)


def _wait(row: Row) -> str:
    """`4.2 min less (3.9 to 4.5)`, in the unit of the difference."""
    seconds = abs(row["difference"])
    size, unit = next(((z, u) for u, z in (("h", 3600), ("min", 60)) if seconds >= z), (1, "s"))
    return _more_or_less(row, 1 / size, unit, 1)


def _points(row: Row) -> str:
    return _more_or_less(row, 100, "points", 1)


def _more_or_less(row: Row, times: float, unit: str, digits: int) -> str:
    sign = -1 if row["difference"] < 0 else 1
    ends = sorted(sign * times * row[name] for name in ("difference_ci_low", "difference_ci_high"))
    size = f"{sign * times * row['difference']:.{digits}f} {unit} {'less' if sign < 0 else 'more'}"
    return f"{size} ({ends[0]:.{digits}f} to {ends[1]:.{digits}f})" if ends[0] < ends[1] else size


def _each(rows: Sequence[Row]) -> Iterator[str]:
    """What a contact brought upon the others, as far as it is told from nothing."""
    cost: list[str] = []
    spared: list[str] = []
    for row in rows:
        money = f"{row['unit']} of allocated cost".strip() if row["measure"] == "allocated_cost" else ""
        what = _EACH.get(row["measure"], money)
        low, high = row["per_removed_ci_low"], row["per_removed_ci_high"]
        if what and low > 0:
            cost.append(f"{_short(row['per_removed'])} {what} ({_short(low)} to {_short(high)})")
        elif what and high < 0:
            spared.append(f"{_short(-row['per_removed'])} {what} ({_short(-high)} to {_short(-low)})")
    said = [f"had cost the others {', '.join(cost)}"] if cost else []
    said += [f"spared them {', '.join(spared)}"] if spared else []
    if said:
        yield f"Each contact taken away {' and '.join(said)}."


def _short(value: float) -> str:
    """Three digits that count, never in powers of ten."""
    if not value or math.isnan(value):
        return "0"
    places = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    return unsigned_zero(f"{value:.{places}f}".replace("-", "−"))


def _stays(crowding: CrowdedOut, option: Option) -> Iterator[str]:
    """What comes to a channel by plan is not taken away with it."""
    thin = crowding.removed[option.name]
    if thin.kind == "channel":
        stay = dict.fromkeys(s.stream for s in by_plan(crowding.comparison.base.result.scenario, thin.name))
        if stay:
            yield f"Only what names {thin.name} is taken away; {', '.join(stay)} may still come there by plan."
