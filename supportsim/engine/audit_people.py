"""The audit's own people: who is there, what he holds, and whom a touch that looks for somebody would find.

A second opinion on the desk: lists of plain Python, written from docs/model.md and not from the engine.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator

from supportsim.demand import fates
from supportsim.engine.audit_facts import Book, Facts, Pool
from supportsim.scenario.ticks import NEVER

Key = tuple[int, int, int]  # in hand, tick of the last change of that number, agent


class People:
    """Agents of all teams.  `hands[a]`: rows of touches he holds, all of channel `held[a]`.

    `team[a]`: the team he works for at present.  `until[a]`: end of his shift, NEVER if he has none.
    `drained(team, channel)`: whether who holds contacts of the channel takes no more, as the sweep tells.
    """

    def __init__(self, facts: Facts, book: Book, drained: Callable[[int, int], bool]) -> None:
        many, teams = len(facts.people), len(facts.scenario.teams)
        self.facts, self.book, self.drained = facts, book, drained
        self.team = list(facts.team_of)
        self.hands: list[list[int]] = [[] for _ in range(many)]
        self.held = [-1] * many
        self.since = [-1] * many
        self.until = [NEVER] * many
        self.on_shift = [False] * many
        self.present = [False] * many
        self.is_due = [False] * many
        self.is_away = [False] * many
        self.there = [0] * teams  # present agents per team
        self.idle: list[list[Key]] = [[] for _ in range(teams)]
        self.sharing: list[list[list[Key]]] = [[[] for _ in facts.scenario.channels] for _ in range(teams)]
        self._place: list[tuple[list[Key], Key] | None] = [None] * many
        self.worked = [0] * many  # agent-ticks of contacts in hand
        self._counted = [0] * many
        self._world = fates.world(facts.journal.seed, facts.journal.replication)
        self._keys = [fates.entity("agent", person.name) for person in facts.people]

    # ------------------------------------------------------------ who may take what

    def is_open(self, a: int) -> bool:
        """Whether he takes new work at all: on shift, no break due, not away."""
        return self.on_shift[a] and not self.is_due[a] and not self.is_away[a]

    def may_take(self, a: int, q: int, tick: int) -> bool:
        """Whether hands, reservation, draining and the last chat let him take a touch of the queue."""
        if not self.is_open(a) or not self.in_time(a, self.facts.channel_of[q], tick):
            return False
        n, team, channel = len(self.hands[a]), self.team[a], self.facts.channel_of[q]
        if n == 0:
            return self._spared(team, q, 1)
        fits = self.held[a] == channel and n < self.facts.most[team][channel]
        return fits and self._spared(team, q, 0) and not self.drained(team, channel)

    def in_time(self, a: int, channel: int, tick: int) -> bool:
        """Before the last chat of his shift."""
        last = self.facts.scenario.channels[channel].last_chat
        return not last or tick < self.until[a] - last

    def _spared(self, team: int, q: int, taken: int) -> bool:
        """Whether enough empty-handed agents of the team are left for what is reserved."""
        holds = self.facts.holds[team][q]
        return not holds or len(self.idle[team]) - taken >= holds

    def able(self, team: int, q: int, tick: int) -> Iterator[Key]:
        """The agents of a team who may take a touch of the queue, wherever its overflow delay has passed."""
        channel = self.facts.channel_of[q]
        last = self.facts.scenario.channels[channel].last_chat
        for shelf, taken in ((self.idle[team], 1), (self.sharing[team][channel], 0)):
            free = shelf and self._spared(team, q, taken) and (taken or not self.drained(team, channel))
            for key in shelf if free else ():
                if not last or tick < self.until[key[2]] - last:
                    yield key

    # ------------------------------------------------------------ whom a touch finds

    def found_in(self, pool: Pool, q: int, tick: int, issue: int, number: int) -> int:
        """The agent whom the pool's rule picks, -1 if nobody is available."""
        if pool.rule == "longest_idle":
            firsts = (next(self.able(team, q, tick), None) for team in pool.teams)
            return self._first(key for key in firsts if key is not None)
        keys = [key[2] for team in pool.teams for key in self.able(team, q, tick)]
        if pool.rule == "lowest_id":
            return min(keys, default=-1)
        return min(keys, key=lambda a: self._fate(a, issue, number), default=-1)

    @staticmethod
    def _first(keys: Iterable[Key]) -> int:
        best = min(keys, default=None)
        return -1 if best is None else best[2]

    def _fate(self, a: int, issue: int, number: int) -> tuple[float, int]:
        return fates.uniform(self._world, issue ^ self._keys[a], number, fates.PICK), a

    def interrupted_in(self, pool: Pool, q: int, tick: int, may_be: Callable[[int], int]) -> int:
        """The agent of the pool who lays interruptible work aside for a live touch, -1 if nobody does.

        `may_be(row)`: since when the row has been worked on if it may be interrupted, else -1.
        """
        found: list[tuple[int, int]] = []
        for a, team in enumerate(self.team):
            if team in pool.teams and len(self.hands[a]) == 1 and self.is_open(a):
                begun = may_be(self.hands[a][0])
                if begun >= 0 and self.in_time(a, self.facts.channel_of[q], tick) and self._spared(team, q, 0):
                    found.append((-begun, a))
        return min(found)[1] if found else -1

    # ------------------------------------------------------------ what changes

    def shelve(self, a: int) -> None:
        """Put him where a touch that looks for somebody would find him (call after every change)."""
        if (old := self._place[a]) is not None:
            shelf, key = old
            del shelf[bisect_left(shelf, key)]
            self._place[a] = None
        if not self.is_open(a):
            return
        team, n = self.team[a], len(self.hands[a])
        if n and n >= self.facts.most[team][self.held[a]]:
            return
        shelf = self.sharing[team][self.held[a]] if n else self.idle[team]
        key = (n, self.since[a], a)
        insort(shelf, key)
        self._place[a] = (shelf, key)

    def take(self, a: int, row: int, channel: int, tick: int) -> None:
        """One more contact in his hands."""
        self._count(a, tick)
        if not self.hands[a]:
            self.held[a] = channel
        elif self.held[a] != channel:
            self.book.add("capacity", f"agent {a} holds contacts of two channels", tick, touch=row)
        self.hands[a].append(row)
        most = self.facts.most[self.team[a]][channel]
        if len(self.hands[a]) > most:
            text = f"agent {a} holds {len(self.hands[a])} contacts, at most {most} of this channel"
            self.book.add("capacity", text, tick, touch=row)
        self.since[a] = tick
        self.shelve(a)

    def drop(self, a: int, row: int, tick: int) -> None:
        """One contact less."""
        self._count(a, tick)
        self.hands[a].remove(row)
        self.since[a] = tick

    def _count(self, a: int, tick: int) -> None:
        self.worked[a] += len(self.hands[a]) * (tick - self._counted[a])
        self._counted[a] = tick

    def close(self) -> None:
        """Count to the horizon."""
        for a in range(len(self.hands)):
            self._count(a, self.facts.end)

    # ------------------------------------------------------------ coming and going

    def clock_in(self, a: int, until: int, tick: int) -> None:
        """His shift begins, or goes on while he still finishes the one before."""
        if not self.present[a]:
            self.present[a] = True
            self.there[self.team[a]] += 1
        self.on_shift[a], self.until[a], self.since[a] = True, until, tick

    def leave(self, a: int) -> int:
        """He goes home; the team that he leaves with nobody present, else -1."""
        self.present[a] = False
        team = self.team[a]
        self.there[team] -= 1
        return team if self.there[team] == 0 else -1

    def move(self, a: int, team: int, tick: int) -> int:
        """He works for another team; the team that he leaves with nobody present, else -1."""
        left = self.team[a]
        if self.present[a]:
            self.there[left] -= 1
            self.there[team] += 1
        self.team[a], self.since[a] = team, tick
        self.shelve(a)
        return left if self.present[a] and self.there[left] == 0 else -1
