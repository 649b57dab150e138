"""The audit's account of work: how much of it each agent has done on each contact in his hands, at his speed.

Work is an amount, ticks alone times speed(1).  While an agent holds n contacts each of them loses speed(n) per tick,
so a talk or a wrap-up of amount A is over at the first tick at which at least A has been done.
"""

from __future__ import annotations

from supportsim.engine.audit_drawn import Drawn
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.audit_people import People


class Amounts:
    """`done[row]`: work done on the talk, or the wrap-up, that the stretch is in; `wanted[row]`: how much it is."""

    def __init__(self, facts: Facts, book: Book, people: People, drawn: Drawn) -> None:
        self.facts, self.book, self.people, self.drawn = facts, book, people, drawn
        touches = facts.journal.touches
        self.queue, self.touch = touches["queue"].tolist(), touches["touch"].tolist()
        self.contact, self.remaining = touches["contact"].tolist(), touches["remaining"].tolist()
        self.before = {after: row for row, after in facts.resumed.items()}
        self.done: dict[int, int] = {}
        self.wanted: dict[int, int | None] = {}
        self.wrap: dict[int, int | None] = {}  # of a touch
        self._last = [0] * len(facts.people)
        self._speed = [0] * len(facts.people)  # in the tick before the last

    def _solo(self, row: int) -> int:
        return self.facts.speeds[self.facts.channel_of[self.queue[row]]][1]

    def speed(self, a: int) -> int:
        """Work done per tick on each contact he holds."""
        speeds = self.facts.speeds[self.people.held[a]]
        return speeds[min(len(self.people.hands[a]), len(speeds) - 1)]

    def pass_time(self, a: int, tick: int) -> None:
        """Everything in his hands up to a tick (call before the number of them changes)."""
        passed = tick - self._last[a]
        if passed > 0 and self.people.hands[a]:
            self._speed[a] = self.speed(a)
            for row in self.people.hands[a]:
                self.done[row] += passed * self._speed[a]
        self._last[a] = max(tick, self._last[a])

    # ------------------------------------------------------------ talk and wrap-up

    def begin(self, a: int, row: int, tick: int) -> None:
        """A stretch begins: the work drawn for it, or what was left when it was laid aside."""
        self.done[row] = 0
        if (before := self.before.get(row, -1)) >= 0:
            self.wanted[row] = self.remaining[before]
            return
        both = self.drawn.work(self.contact[row], self.people.team[a], tick)
        solo = self._solo(row)
        self.wanted[row] = None if both is None else both[0] * solo
        self.wrap[self.touch[row]] = None if both is None else both[1] * solo

    def end_talk(self, a: int, row: int, tick: int) -> None:
        """The talk is over: exactly when it had to be; then the wrap-up begins."""
        self._check(a, row, tick, "talk")
        self.done[row] = 0
        self.wanted[row] = self.wrap.get(self.touch[row])

    def end_wrap(self, a: int, row: int, tick: int) -> None:
        """The wrap-up is over."""
        self._check(a, row, tick, "wrap-up")

    def _check(self, a: int, row: int, tick: int, what: str) -> None:
        self.pass_time(a, tick)
        done, wanted, solo = self.done[row], self.wanted[row], self._solo(row)
        too_much = self._speed[a] if done else 1
        if wanted is None:
            wanted = done // solo * solo
            if done - wanted >= too_much:
                self.book.add("work", f"{done} of {what} done is no whole number of ticks alone", tick, touch=row)
        elif not 0 <= done - wanted < too_much:
            rule = "put down" if row in self.before and what == "talk" else "laws"
            self.book.add(rule, f"{done} of {what} done, it was to be {wanted}", tick, touch=row)

    def lay_aside(self, a: int, row: int, tick: int) -> None:
        """Put down or interrupted: what was done and what remains make up the work."""
        self.pass_time(a, tick)
        whole, wanted = self.done[row] + self.remaining[row], self.wanted[row]
        if wanted is None and row not in self.before and whole % self._solo(row):
            self.book.add("work", f"{whole} of talk is no whole number of ticks alone", tick, touch=row)
        elif wanted is not None and whole != wanted:
            text = f"{self.done[row]} of talk done and {self.remaining[row]} remaining do not add up to {wanted}"
            self.book.add("put down", text, tick, touch=row)

    def close(self) -> None:
        """At the horizon: nothing goes on that was over before."""
        for a, hands in enumerate(self.people.hands):
            self.pass_time(a, self.facts.end)
            for row in hands:
                wanted = self.wanted[row]
                if wanted is not None and self.done[row] - self._speed[a] >= wanted:
                    self.book.add("laws", "its work was over before the horizon but did not end", None, touch=row)

    # ------------------------------------------------------------ looking ahead

    def is_over(self, a: int, row: int, tick: int) -> bool | None:
        """Whether a talk ends in this very tick; None where the amount is not known."""
        self.pass_time(a, tick)
        wanted = self.wanted[row]
        return None if wanted is None else self.done[row] >= wanted

    def finish(self, a: int, tick: int, in_wrap: set[int]) -> int | None:
        """The tick at which all he holds would end if the number in his hands stayed as it is; None: not known."""
        self.pass_time(a, tick)
        speed, latest = self.speed(a), tick
        for row in self.people.hands[a]:
            wanted, wrap = self.wanted[row], self.wrap.get(self.touch[row])
            if wanted is None or wrap is None:
                return None
            end = tick - (-max(0, wanted - self.done[row]) // speed)
            latest = max(latest, end if row in in_wrap else end - (-wrap // speed))
        return latest

    def solo_left(self, row: int) -> int | None:
        """Ticks alone of a touch laid aside: what remains of its talk, and its wrap-up."""
        before, wrap = self.before[row], self.wrap.get(self.touch[row])
        solo = self._solo(row)
        return None if wrap is None else -(-self.remaining[before] // solo) + wrap // solo
