"""The audit's own people: who is there, what he holds, and whom a waiting contact would find.

A second opinion on the desk: lists and heaps of plain Python, written from MODEL.md and not from the engine.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from supportsim.engine.audit_facts import Book, Facts, Pool

Key = tuple[int, int, int]  # in hand, tick of the last change of that number, agent


class People:
    """Agents of all teams.  `hands[a]`: rows of touches he holds, all of channel `held[a]`."""

    def __init__(self, facts: Facts, book: Book) -> None:
        many, teams = len(facts.people), len(facts.scenario.teams)
        self.facts, self.book = facts, book
        self.team = facts.team_of
        self.hands: list[list[int]] = [[] for _ in range(many)]
        self.held = [-1] * many
        self.since = [-1] * many
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

    def is_open(self, a: int) -> bool:
        """Whether he takes new work at all: on shift, no break due, not away."""
        return self.on_shift[a] and not self.is_due[a] and not self.is_away[a]

    def may_take(self, a: int, channel: int) -> bool:
        """Available for one more contact of the channel."""
        if not self.is_open(a):
            return False
        n = len(self.hands[a])
        return n == 0 or (self.held[a] == channel and n < self.facts.most[self.team[a]][channel])

    def shelve(self, a: int) -> None:
        """Put him where a contact that joins would find him (call after every change)."""
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
        key = self._key(self.facts.lowest_first[team], a)
        insort(shelf, key)
        self._place[a] = (shelf, key)

    def found_in(self, pool: Pool, channel: int) -> int:
        """The agent whom the pool's rule picks, -1 if nobody is available."""
        best: Key | None = None
        for team in pool.teams:
            for shelf in (self.idle[team], self.sharing[team][channel]):
                if shelf:
                    own = pool.lowest == self.facts.lowest_first[team]
                    first = shelf[0] if own else min(self._key(pool.lowest, key[2]) for key in shelf)
                    best = first if best is None or first < best else best
        return -1 if best is None else best[2]

    def _key(self, lowest: bool, a: int) -> Key:
        return (0, 0, a) if lowest else (len(self.hands[a]), self.since[a], a)

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
