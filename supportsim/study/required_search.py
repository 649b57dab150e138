"""The search for the fewest heads with which every interval keeps its promises, by playing.

From Erlang's answer on: play, see which bins miss and which keep with heads to spare, change them all, play the same
customers again.  The idea of staffing a curve by repeated simulation is that of Feldman, Mandelbaum, Massey & Whitt
(2008), "Staffing of time-varying queues to achieve time-stable performance", Management Science 54(2); the rule of
what is changed is in docs/model.md, section 11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.sums import Floats
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import MINUTE
from supportsim.study.live_lines import Line, live_lines
from supportsim.study.pattern import Pattern, dates_per_bin, pattern
from supportsim.study.required_desk import Desk
from supportsim.study.required_heads import Kept, Required, lengths
from supportsim.study.required_plays import Cases, Plays, Tell
from supportsim.study.result import Result
from supportsim.study.shares import moments, ratios_of

Heads = NDArray[np.int64]
#: Line, round, finished replications, replications of the round.
Progress = Callable[[str, int, int, int], None]
Play = Callable[[Scenario, Sequence[int], Sequence[int], Tell], Cases]

APPROACH = 6  # rounds of large steps, with a third of the replications
SWEEPS = 15  # of single steps, with all of them
FEWEST = 10  # replications of an approach, where there are as many
APART = 90 * MINUTE  # bins with one head fewer in the same play
NOBODY_COMES = "no contact is judged here"
NEVER_KEPT = "missed with {} heads, too: more of them do not keep it"
NOT_ASKED = "no team is asked before the limit has passed"
UNSETTLED = "not settled: still missed in the last round"
_EXACT = 1e-9


def required(
    result: Result, jobs: int | Literal["auto"] = 1, progress: Progress | None = None, play: Play | None = None
) -> Result:
    """The same result with `heads_required`: of each live line the heads that keep its promises, bin by bin.

    Every round plays the result's seed and its replications (the first third of them in an approach), `jobs` at once.
    An error in a replication is raised; KeyboardInterrupt leaves it.  `play` takes the place of `Plays` (tests).
    """
    tell = progress or (lambda line, number, finished, total: None)
    whose = play or Plays(result.seed, jobs, result.policy)
    lines = live_lines(result) if result.n else ()
    return replace(result, heads_required=tuple(_Search(result, line, whose, tell).found() for line in lines))


class Shares(NamedTuple):
    """Shares kept, (promises of the line, bins): mean with its interval, NaN without a case; replications with one."""

    mean: Floats
    low: Floats
    high: Floats
    n: Floats

    def of(self, promise: NDArray[np.int64]) -> Kept:
        """Those of one promise (its place in the line) in each bin."""
        at = np.arange(self.mean.shape[1])
        return Kept(*(values[promise, at] for values in self))


@dataclass
class _Search:
    """One line."""

    result: Result
    line: Line
    play: Play
    tell: Progress

    def __post_init__(self) -> None:
        result, chosen = self.result, list(self.line.promises)
        self.judged = result.judged[:, chosen].sum(axis=0)  # (promises, intervals)
        self.target = np.array([result.scenario.promises[p].share for p in chosen])
        self.cut: Pattern = pattern(result.yardstick.grid, self.judged.any(axis=0))
        self.cases = self.cut.merged(self.judged)
        self.searched: NDArray[np.bool_] = np.asarray(self.cases.any(axis=0))
        self.hours = lengths(result)
        self.desk = Desk(result, self.line.teams, frozenset(self.line.channels), self.cut, self.searched)
        self.load = np.maximum(self._mean(self.line.load), 0.5)
        self.start: Heads = np.maximum(np.ceil(self._mean(self.line.required) - _EXACT), 1).astype(np.int64)
        self.most = 2 * self.start + 10
        self.rounds = 0

    def _mean(self, values: Floats) -> Floats:
        return self.cut.merged(np.nan_to_num(values) * self.hours) / self.cut.merged(self.hours)

    def found(self) -> Required:
        """From the first guess to the end."""
        if not self.line.teams.any():
            return self._nobody()
        return self._told(*self._single_steps(self._large_steps(self.start)))

    def _nobody(self) -> Required:
        """No team is asked in time."""
        nothing = Shares(*np.full((4, len(self.target), self.cut.bins), np.nan))
        why = [NOT_ASKED if some else NOBODY_COMES for some in self.searched]
        return self._as_told(self.start, nothing, nothing, True, why, np.zeros(self.cut.bins, dtype=np.int64))

    # ---- what a play says

    def shares(self, heads: Heads, replications: int) -> Shares:
        """Play so many heads."""
        self.rounds += 1

        def tell(finished: int, total: int) -> None:
            self.tell(self.line.name, self.rounds, finished, total)

        numbers = self.result.finished[:replications]
        found = self.play(self.desk.staffed(heads), self.line.promises, numbers, tell)
        counted = moments(self.cut.merged(found.kept), self.cut.merged(found.judged))
        return Shares(*ratios_of(counted), counted.n)

    def gap(self, shares: Shares) -> Floats:
        """Per bin the share kept less the target, of the promise that lacks most; NaN without a case."""
        above = shares.mean - self.target[:, None]
        some = ~np.isnan(above)
        return np.where(some.any(axis=0), np.min(np.where(some, above, np.inf), axis=0), np.nan)

    def missed(self, shares: Shares) -> NDArray[np.bool_]:
        return np.asarray(self.gap(shares) < -_EXACT) & self.searched

    def steps(self, shares: Shares) -> Heads:
        """By how many heads each bin seems to be off: below 0 where some are to spare, at least 1 where it misses.

        As if heads at work were normal with the load for a variance: a distance of quantiles times the root of it.
        """
        from scipy.special import ndtri

        least = 0.5 / np.maximum(self.cases, 1)
        kept = np.clip(shares.mean, least, 1 - least)
        target = np.clip(self.target[:, None], _EXACT, 1 - least)
        off = np.where(np.isnan(kept), -np.inf, (ndtri(target) - ndtri(kept)) * np.sqrt(self.load))
        most = np.max(off, axis=0)
        whole = np.where(np.isfinite(most), np.ceil(most - _EXACT), 0).astype(np.int64)
        return np.where(self.missed(shares), np.maximum(whole, 1), np.minimum(whole, 0)) * self.searched

    # ---- the search

    def _large_steps(self, heads: Heads) -> Heads:
        """Towards the answer, all bins at once; no step is more than a quarter of the heads down or half of them up."""
        few = min(self.result.n, max(FEWEST, self.result.n // 3))
        for _ in range(APPROACH):
            off = np.clip(self.steps(self.shares(heads, few)), -np.ceil(heads / 4), np.ceil(heads / 2)).astype(np.int64)
            moved = np.clip(heads + off, 1, self.most)
            if (moved == heads).all():
                break
            heads = moved
        return heads

    def _single_steps(self, heads: Heads) -> tuple[Heads, Shares, Shares, bool]:
        """Up where a bin misses, down where it keeps with one fewer, until neither happens.

        A bin that misses after it was lowered is not lowered again.
        """
        lowered, fixed = np.zeros((2, len(heads)), dtype=bool)
        for _ in range(SWEEPS):
            now = self.shares(heads, self.result.n)
            up = self.missed(now) & (heads < self.most)
            if up.any():
                fixed |= up & lowered
                heads = np.where(up, np.minimum(heads + self.steps(now), self.most), heads)
                continue
            before, fewer = heads, []
            for mine in self._combs(heads):
                found = self.shares(heads - mine, self.result.n)
                fewer.append((mine, found))
                down = mine & ~self.missed(found) & ~fixed
                heads, lowered = np.where(down, self._lower(heads, found), heads), lowered | down
            if (heads == before).all():
                return heads, now, self._merged(fewer), True
        now = self.shares(heads, self.result.n)
        fewer = [(mine, self.shares(heads - mine, self.result.n)) for mine in self._combs(heads)]
        return heads, now, self._merged(fewer), False

    def _lower(self, heads: Heads, fewer: Shares) -> Heads:
        """One fewer, or as many as there seem to be to spare."""
        return np.maximum(heads - 1 + np.minimum(self.steps(fewer), 0), 1)

    def _combs(self, heads: Heads) -> Iterator[NDArray[np.bool_]]:
        """Bins that may lose a head in one play: so far from each other that they hardly feel it."""
        teeth = int(np.clip(np.ceil(APART / self.cut.length), 3, 6))
        place = np.arange(self.cut.bins) - np.searchsorted(self.cut.day, self.cut.day)
        able = self.searched & (heads > 1)
        for tooth in range(teeth):
            mine = able & (place % teeth == tooth)
            if mine.any():
                yield mine

    def _merged(self, fewer: list[tuple[NDArray[np.bool_], Shares]]) -> Shares:
        """Of each bin its share when it had one head fewer."""
        found = np.full((4, len(self.target), self.cut.bins), np.nan)
        for mine, shares in fewer:
            found[:, :, mine] = np.array(shares)[:, :, mine]
        return Shares(*found)

    # ---- what is told

    def _told(self, heads: Heads, now: Shares, fewer: Shares, settled: bool) -> Required:
        none = np.isnan(self.gap(now)) | ~self.searched
        missed = self.missed(now)
        why = [NOBODY_COMES if none[b] else self._why(b, int(heads[b]), bool(missed[b])) for b in range(self.cut.bins)]
        needs = np.where(np.isnan(self.gap(fewer)), self._lacking(now), self._lacking(fewer))
        return self._as_told(heads, now, fewer, settled, why, needs)

    def _as_told(
        self, heads: Heads, now: Shares, fewer: Shares, settled: bool, why: list[str], needs: NDArray[np.int64]
    ) -> Required:
        known = np.array([each != NOBODY_COMES for each in why])
        days = np.maximum(dates_per_bin(self.cut), 1) * self.result.n
        cases = self.cases[needs, np.arange(self.cut.bins)] / days
        return Required(
            self.line, self.cut, np.where([not each for each in why], heads, np.nan),
            np.where(known, np.array(self.line.promises)[needs], -1), np.where(known, self.target[needs], np.nan),
            np.where(known, cases, 0.0), now.of(needs), fewer.of(needs), tuple(why), self.result.n, self.rounds,
            settled, self.hours,
        )  # fmt: skip

    def _lacking(self, shares: Shares) -> NDArray[np.int64]:
        """Place in the line of the promise that lacks most, per bin."""
        above = shares.mean - self.target[:, None]
        return np.asarray(np.argmin(np.where(np.isnan(above), np.inf, above), axis=0), dtype=np.int64)

    def _why(self, b: int, heads: int, missed: bool) -> str:
        if not missed:
            return ""
        return NEVER_KEPT.format(heads) if heads >= self.most[b] else UNSETTLED
