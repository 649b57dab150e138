"""The compiled part of demand: from expected counts to sorted issues.

In each cell the k-th issue exists if the k-th point of a unit-rate Poisson process, which belongs to the
cell, lies below the expected count; its instant is a uniform of its own.  So a larger count holds the same
issues and new ones, and nothing else moves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from supportsim.demand import compiling, fates
from supportsim.demand.cells import CELL, OFFERED, PIECE
from supportsim.demand.compiling import INSIDE, LEAN, PLAIN, compiled, loose, together, whole
from supportsim.demand.fates import child, uniform
from supportsim.demand.logarithm import logarithm
from supportsim.scenario.ticks import MINUTE

_ARRIVALS, _INSTANT, _COPIES, _CUSTOMER = fates.ARRIVALS, fates.INSTANT, fates.COPIES, fates.CUSTOMER
_PLAN = fates.PLAN
COPY_WINDOW = 15 * MINUTE
DIGIT_BITS = 11
DIGITS = 1 << DIGIT_BITS  # counters of one pass of sorting: they fit into the first cache
_DIGIT = DIGITS - 1
_INLINE: dict[str, Any] = {**INSIDE, **LEAN}

# Lamping and Veach's generator, in both modes (see `fates` for the casts)
_word: Any = int if PLAIN else np.uint64
_MASK = _word(0xFFFF_FFFF_FFFF_FFFF)
_STEP = _word(2862933555777941757)
_ONE, _S33 = _word(1), _word(33)
_TWO_31 = float(1 << 31)

# Places in arrays are never below 0: told so, machine code does not ask.
_at: Any = int if PLAIN else np.uint64

Rows = npt.NDArray[np.void]

#: One row per issue.  Ticks of play; places in the tuples of the scenario.
ROWS = np.dtype(
    [
        ("asked", np.int64),  # instant; of a backlog or an early trace row minus its age at tick 0
        ("key", np.uint64),  # entity of its fates
        ("stream", np.int32),
        ("segment", np.int32),
        ("topic", np.int32),
        ("channel", np.int32),  # -1: by the plan of its segment
        ("customer", np.int64),  # place in the segment, -1: anonymous
        ("aht", np.float64),  # ticks, of its forecast row; 0: none
        ("handle", np.int64),  # ticks of talk and wrap-up, -1: drawn
        ("wrap", np.int64),  # ticks of wrap-up inside handle, -1: by the rule of the queue
        ("patience", np.int64),  # ticks, -1: drawn
        ("offer", np.int64),  # row of OFFERED: the plan of its customer
    ],
    align=True,
)

# Stated, so that no scenario brings a signature of its own: all is compiled when the first one is.
_FILL: Any = None
#: What `fill` draws with, and what it draws on, as two tuples (`issues.Drawing.drawn_with`).
DRAWN_WITH: Any = None
SHEETS: Any = None
if not PLAIN:
    numba: Any = compiling.numba  # type: ignore[attr-defined,unused-ignore]
    _u8, _i8, _f8 = numba.uint64, numba.int64, numba.float64
    _cells, _pieces, _offered, _rows = (numba.from_dtype(dtype)[::1] for dtype in (CELL, PIECE, OFFERED, ROWS))
    _drawn = (_u8, _cells, _f8[::1], _pieces, _offered, _i8[::1], _i8[::1], _i8)
    _sheets = (_rows, _i8[::1], _u8[::1], _i8[:, ::1], _i8[::1])
    _FILL, DRAWN_WITH, SHEETS = _i8(*_drawn, *_sheets), together(*_drawn), together(*_sheets)


@compiled("int64(uint64, int64)")
def bucket(key: int, buckets: int) -> int:
    """Jump consistent hash: a number in 0 .. buckets - 1; from n to n + 1 a share 1/(n + 1) moves, to n.

    J. Lamping, E. Veach, "A fast, minimal memory, consistent hash algorithm", arXiv:1406.2294, 2014.
    """
    key = _word(key)
    found, following = 0, 0
    while following < buckets:
        found = following
        key = (key * _STEP + _ONE) & _MASK
        following = int((found + 1) * (_TWO_31 / float((key >> _S33) + _ONE)))
    return found


@loose(**_INLINE)
def _copies(world: int, key: int, volume: float) -> int:
    """How often a fixed row arises at a volume: nested, so more volume never takes a copy away."""
    whole = int(volume)
    return whole + 1 if uniform(world, key, 0, _COPIES) < volume - whole else whole


@loose(**_INLINE)
def _copied(begin: int, k: int, u: float) -> int:
    """Tick of the k-th copy of a fixed row: the row itself, then anywhere in its quarter of an hour."""
    if k == 0:
        return int(begin)
    return int(begin // COPY_WINDOW * COPY_WINDOW + int(u * COPY_WINDOW))


@loose(**_INLINE)
def _instant(cell: Any, pieces: Rows, u: float) -> int:
    """The tick in the cell below which a share u of its issues lies."""
    if cell["pieces"] == 0:
        return int(cell["begin"] + int(u * cell["length"]))
    place = cell["first_piece"]
    last = place + cell["pieces"] - 1
    before = 0.0
    while place < last and u >= pieces[place]["until"]:
        before = pieces[place]["until"]
        place += 1
    piece = pieces[place]
    inside = min((u - before) / (piece["until"] - before), 1.0 - 2.0**-53)
    return int(cell["begin"] + piece["offset"] + int(inside * piece["length"]))


@loose(**_INLINE)
def _customer(world: int, cell: Any, issue: int) -> int:
    """Whose issue it is, by a hash of the issue in its world; -1 where customers are anonymous."""
    if cell["customers"] < 0:
        return -1
    return int(bucket(fates.bits(world, issue, 0, _CUSTOMER), max(cell["customers"], 1)))


@loose(**_INLINE)
def _offer(world: int, cell: Any, offered: Rows, issue: int, customer: int) -> int:
    """The row of the plan that the customer is on."""
    place = cell["first_offer"]
    if cell["offers"] > 1:
        whose = child(_word(cell["people"]), _word(customer)) if customer >= 0 else _word(issue)
        u, last = uniform(world, whose, 0, _PLAN), place + cell["offers"] - 1
        while place < last and u >= offered[place]["until"]:
            place += 1
    return int(place)


@loose(**_INLINE)
def _is_kept(world: int, cell: Any, offered: Rows, issue: int, reached: float, limit: float) -> bool:
    """Whether an issue arises on its customer's plan: its point must lie below what is expected there."""
    offer = _offer(world, cell, offered, issue, _customer(world, cell, issue))
    return bool(reached < limit * offered[offer]["keeps"])


@loose(**LEAN)
def _arise(
    world: int,
    cells: Rows,
    expected: Any,
    pieces: Rows,
    offered: Rows,
    visit: Any,
    end: int,
    asked: Any,
    keys: Any,
    sources: Any,
) -> int:
    """Write instant, key and cell of every issue of the cells `visit`, in their order and by k; their number.

    Beyond the length of the arrays nothing is written.  Rows of traces and backlogs arise as they stand, also
    before tick 0, the others in 0 <= tick < end.
    """
    found = 0
    for at in range(len(visit)):
        place = visit[at]
        cell = cells[place]
        fixed = cell["fixed"] == 1
        key = _word(cell["key"])
        limit = expected[place]
        if fixed:
            limit = float(_copies(world, key, limit))
        k = 0
        reached = 0.0 if fixed else -logarithm(uniform(world, key, 0, _ARRIVALS))
        while reached < limit:
            issue = key if fixed and k == 0 else child(key, _word(k))
            kept = cell["thins"] == 0 or _is_kept(world, cell, offered, issue, reached, limit)
            if fixed:
                tick = _copied(cell["begin"], k, uniform(world, issue, 0, _INSTANT))
                reached += 1.0
            else:
                tick = _instant(cell, pieces, uniform(world, issue, 0, _INSTANT))
                reached -= logarithm(uniform(world, key, k + 1, _ARRIVALS))
            k += 1
            if kept and tick < end and (fixed or tick >= 0):
                if found < len(asked):
                    asked[_at(found)], keys[_at(found)], sources[_at(found)] = tick, issue, place
                found += 1
    return found


@loose(**LEAN)
def _by_digits(count: int, asked: Any, first: int, last: int, shift: int, order: Any, spare: Any, digits: Any) -> None:
    """Radix over all digits above `shift`, lowest first: equal ones stay as they stood."""
    while (last - first) >> shift > 0:
        digits[:] = 0
        for place in range(count):
            digits[_at(((asked[place] - first) >> shift) & _DIGIT)] += 1
        begin = 0
        for digit in range(DIGITS):
            begin, digits[digit] = begin + digits[digit], begin
        for place in range(count):
            moving = order[place]
            digit = _at(((asked[_at(moving)] - first) >> shift) & _DIGIT)
            spare[_at(digits[digit])] = moving
            digits[digit] += 1
        for place in range(count):
            order[place] = spare[place]
        shift += DIGIT_BITS


@loose(**LEAN)
def _set_straight(count: int, asked: Any, order: Any) -> bool:
    """What is nearly in order gets into order, a step at a time; False where that takes too long."""
    steps = 4 * count
    for place in range(1, count):
        moving, to = order[place], place
        while to > 0 and steps > 0 and asked[_at(order[to - 1])] > asked[_at(moving)]:
            order[to] = order[to - 1]
            to -= 1
            steps -= 1
        order[to] = moving
    return steps > 0


@loose(**LEAN)
def sort_places(count: int, asked: Any, order: Any, spare: Any, digits: Any) -> None:
    """Put into `order` the places 0 .. count - 1 by instant, equal ones as they stood.

    By the two highest digits, which leaves few of them out of order as a rule; by more where it does not.
    `spare` has room for `count`, `digits` for `DIGITS` counters.
    """
    first, last = asked[0], asked[0]
    for place in range(count):
        first, last = min(first, asked[place]), max(last, asked[place])
        order[place] = place
    shift = 0
    while (last - first) >> shift > DIGITS * _DIGIT:
        shift += 1
    _by_digits(count, asked, first, last, shift, order, spare, digits)
    while not _set_straight(count, asked, order):
        shift = max(shift - DIGIT_BITS, 0)
        _by_digits(count, asked, first, last, shift, order, spare, digits)


@loose(**LEAN)
def _write(world: int, cell: Any, offered: Rows, asked: int, key: int, row: Any) -> None:
    """One row of issues.  What is read together and written together may be moved together."""
    customer = _customer(world, cell, key)
    offer = _offer(world, cell, offered, key, customer)
    stream, segment, topic, channel = cell["stream"], cell["segment"], cell["topic"], cell["channel"]
    aht, handle, wrap, patience = cell["aht"], cell["handle"], cell["wrap"], cell["patience"]
    row["asked"], row["key"] = asked, key
    row["stream"], row["segment"], row["topic"], row["channel"] = stream, segment, topic, channel
    row["customer"], row["offer"] = customer, offer
    row["aht"], row["handle"], row["wrap"], row["patience"] = aht, handle, wrap, patience


def _fill(
    world: int,
    cells: Rows,
    expected: Any,
    pieces: Rows,
    offered: Rows,
    visit: Any,
    blocks: Any,
    end: int,
    rows: Rows,
    asked: Any,
    keys: Any,
    scratch: Any,
    digits: Any,
) -> int:
    """Write the sorted issues of a world into `rows`; minus the room needed where any array is too short.

    Block b holds the cells visit[blocks[b]:blocks[b + 1]]; all its issues come before those of the next, so
    each is drawn and sorted by itself, in the cache.  `asked`, `keys` and the three rows of `scratch` have
    room for the issues of one block.
    """
    found = 0
    sources, order, spare = scratch[0], scratch[1], scratch[2]
    for block in range(len(blocks) - 1):
        its = visit[blocks[block] : blocks[block + 1]]
        count: int = _arise(world, cells, expected, pieces, offered, its, end, asked, keys, sources)
        if count > len(asked) or found + count > len(rows):
            return -(found + count)
        if count > 0:
            sort_places(count, asked, order, spare, digits)
        for place in range(count):
            at = _at(order[place])
            cell, row = cells[_at(sources[at])], rows[_at(found + place)]
            _write(world, cell, offered, asked[at], keys[at], row)
        found += count
    return found


#: The same for machine code to call.
fill: Any = loose(_FILL, **LEAN)(_fill)


def _alone(
    world: int,
    cells: Rows,
    expected: Any,
    pieces: Rows,
    offered: Rows,
    visit: Any,
    blocks: Any,
    end: int,
    rows: Rows,
    asked: Any,
    keys: Any,
    scratch: Any,
    digits: Any,
) -> int:
    """The same for Python to enter.  A function of its own: the compiler keeps machine code by their names."""
    filled: int = fill(
        world, cells, expected, pieces, offered, visit, blocks, end, rows, asked, keys, scratch, digits
    )  # fmt: skip
    return filled


def behind(reached: Any, first: int, least: float) -> int:
    """The block before which to stop, from `first` on: about `least` issues, or somewhat more, are expected until then.

    `reached`: expected issues up to the end of each block.
    """
    wanted = least + (reached[first - 1] if first > 0 else 0.0)
    low, high = 0, len(reached)
    while low < high:
        middle = (low + high) // 2
        if reached[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return int(min(low + 1, len(reached)))


#: The same for machine code to call, which Python must not.
blocks_to: Any = behind if PLAIN else loose(None, **LEAN)(behind)


@cache
def compiled_fill() -> Callable[..., int]:
    """`fill` for Python, compiled where it is needed: the compiled clock draws by itself."""
    made: Callable[..., int] = whole(_FILL, **LEAN)(_alone)
    return made
