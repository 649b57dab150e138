"""The audit's desk: queues, who is served next and by whom, decided again and compared with the journal.

Where the journal differs, the difference is written down and the journal is followed, so that one fault is not
reported a thousand times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import islice
from typing import Any

from supportsim.engine.audit_agenda import GIVES_UP, LAST, LEAVE, LIMIT, OVERFLOW, START, Agenda
from supportsim.engine.audit_amounts import Amounts
from supportsim.engine.audit_drawn import FILLER, Drawn
from supportsim.engine.audit_due import Dues
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.audit_own import OwnPolicy
from supportsim.engine.audit_people import People
from supportsim.engine.audit_presence import Piece
from supportsim.engine.journal import ENDINGS
from supportsim.scenario.ticks import NEVER

Place = tuple[int, int, int, int]  # figure of the policy, entry time, touch, row


class Desk:
    """Queues and hands.  `state[row]`: "" not joined, waits, talk, wrap, over."""

    def __init__(self, facts: Facts, book: Book, pieces: list[list[Piece]], drawn: Drawn) -> None:
        self.facts, self.book, self.drawn = facts, book, drawn
        journal = facts.journal
        self.touch = {name: journal.touches[name].tolist() for name in journal.touches.dtype.names or ()}
        self.contact = {name: journal.contacts[name].tolist() for name in journal.contacts.dtype.names or ()}
        self.people = People(facts, book, self._drained)
        self.amounts = Amounts(facts, book, self.people, drawn)
        self.dues = Dues(facts, drawn)
        many = len(facts.scenario.queues)
        self.now = 0
        self.state = [""] * len(journal.touches)
        self.starved = [0] * len(journal.touches)
        self.figure = [0] * len(journal.touches)  # by which policies deadline and shortest order a queue
        self.queue: list[list[Place]] = [[] for _ in range(many)]  # heaps
        self.waiting = [0] * many
        self.waited = [0] * many  # integral of the queue length
        self._counted = [0] * many
        self.on_line = [0] * len(facts.scenario.channels)  # customers waiting or talking
        self.in_room = [0] * len(facts.scenario.channels)  # customers waiting
        self.is_shut = [not opening.is_open(0) for opening in facts.opening]
        self.touched: set[int] = set()  # teams whose work or people changed at this tick
        self.came = [False] * len(journal.contacts)
        kinds = self.contact["kind"]
        self.pieces_to_come = [c for c in range(len(kinds) - 1, -1, -1) if kinds[c] == FILLER]
        self.some_drain = any(facts.drains)
        self.by_rank = facts.policy in ("priority", "fifo", "own_first")
        self.own = OwnPolicy(facts.own, facts, self) if facts.own else None
        self.agenda = Agenda(facts, pieces)
        self.heap = self.agenda.heap

    # ------------------------------------------------------------ queues

    def _count(self, q: int, tick: int) -> None:
        self.waited[q] += self.waiting[q] * (tick - self._counted[q])
        self._counted[q] = tick

    def places(self, q: int) -> Iterator[Place]:
        """Who waits in a queue, in order."""
        heap = self.queue[q]
        while heap and self.state[heap[0][3]] != "waits":
            heappop(heap)
        if heap:
            yield heap[0]
            yield from (place for place in sorted(heap[1:]) if self.state[place[3]] == "waits")

    def _first_for(self, team: int, q: int) -> Place | None:
        """The first in a queue whose overflow delay for the team has passed."""
        return next(self._all_for(team, q), None)

    def _all_for(self, team: int, q: int) -> Iterator[Place]:
        latest = self.now - self.facts.delay[q][team]
        return (place for place in self.places(q) if place[1] <= latest) if self.waiting[q] else iter(())

    def _compared(self, team: int, q: int) -> Iterable[Place]:
        """What the policy compares of a queue: its first, or all of it."""
        first = self.facts.own is None or not self.facts.own.inside_queues
        return islice(self._all_for(team, q), 1) if first else self._all_for(team, q)

    def _drained(self, team: int, channel: int) -> bool:
        """Whether agents of the team who hold contacts of the channel take no more of it."""
        return any(
            self.facts.channel_of[q] != channel and team in self.facts.delay[q] and self._first_for(team, q) is not None
            for q in self.facts.drains[team]
        )

    def _draining(self) -> set[tuple[int, int]]:
        """(team, channel) for which agents take no more now."""
        if not self.some_drain:
            return set()
        channels = range(len(self.is_shut))
        return {(t, c) for t, qs in enumerate(self.facts.drains) if qs for c in channels if self._drained(t, c)}

    def _wait(self, row: int, tick: int) -> None:
        """The stretch begins to wait; whatever the journal says happens to it later is looked at then."""
        touch, q = self.touch, self.touch["queue"][row]
        self._count(q, tick)
        self.waiting[q] += 1
        self.state[row] = "waits"
        entered = touch["entered"][row]
        heappush(self.queue[q], (self.figure[row], entered, touch["touch"][row], row))
        channel = self.facts.channel_of[q]
        if self.facts.live[channel]:
            self.in_room[channel] += 1
        self.touched.update(self.facts.asked[q])
        if touch["started"][row] != NEVER:
            heappush(self.heap, (touch["started"][row], LAST, row, START))
        elif touch["ended"][row] != NEVER:
            heappush(self.heap, (touch["ended"][row], LAST, row, LEAVE))
        for delay in {pool.delay for pool in self.facts.steps[q]}:
            if entered + delay > tick:
                heappush(self.heap, (entered + delay, OVERFLOW, self._order(row), row))
        if touch["touch"][row] == row:
            self._appoint_leaving(touch["contact"][row], channel, tick)

    def _order(self, row: int) -> int:
        """Orders events of customers: by issue, then contact."""
        contact = self.touch["contact"][row]
        return int(self.contact["issue"][contact]) * len(self.came) + contact

    def _appoint_leaving(self, contact: int, channel: int, tick: int) -> None:
        created, patience, issue = (self.contact[n][contact] for n in ("created", "patience", "issue"))
        if patience < NEVER:
            heappush(self.heap, (max(tick, created + patience), GIVES_UP, issue, contact))
        limit = self.facts.scenario.channels[channel].wait_limit
        if limit is not None:
            heappush(self.heap, (max(tick, created + limit), LIMIT, issue, contact))

    def _unwait(self, row: int, tick: int) -> None:
        q = self.touch["queue"][row]
        self._count(q, tick)
        self.waiting[q] -= 1
        channel = self.facts.channel_of[q]
        if self.facts.live[channel]:
            self.in_room[channel] -= 1

    # ------------------------------------------------------------ work begins

    def _start(self, row: int, tick: int) -> None:
        """The start the journal records at this tick."""
        touch, people = self.touch, self.people
        agent, q = touch["agent"][row], touch["queue"][row]
        team = people.team[agent]
        if team not in self.facts.asked[q]:
            self.book.add("eligibility", f"queue {q} does not ask the team of agent {agent}", tick, touch=row)
        elif touch["entered"][row] + self.facts.delay[q][team] > tick:
            self.book.add("overflow", f"queue {q} does not yet ask the team of agent {agent}", tick, touch=row)
        if not people.may_take(agent, q, tick):
            self._not_available(agent, q, row, tick)
        if self.state[row] == "waits":
            self._unwait(row, tick)
        self.state[row] = ""  # out of its queue, and not yet in anybody's hands
        self._starve(agent, row)
        self.state[row] = "talk"
        self._take(agent, row, tick)
        self.touched.add(team)

    def _not_available(self, agent: int, q: int, row: int, tick: int) -> None:
        """Why not: the rule by name."""
        people, channel = self.people, self.facts.channel_of[q]
        team, n = people.team[agent], len(people.hands[agent])
        rule, why = "availability", "was not available"
        fits = n == 0 or (people.held[agent] == channel and n < self.facts.most[team][channel])
        if people.is_open(agent) and fits:
            last = self.facts.scenario.channels[channel].last_chat
            if last and tick >= people.until[agent] - last:
                rule, why = "last chat", "takes no new contact before the end of his shift"
            elif n and self._drained(team, channel):
                rule, why = "draining", "takes no more of what he holds"
            else:
                rule, why = "reservation", "is reserved"
        self.book.add(rule, f"agent {agent} {why}", tick, touch=row)

    def _take(self, agent: int, row: int, tick: int) -> None:
        touch = self.touch
        self.amounts.pass_time(agent, tick)
        self.people.take(agent, row, self.facts.channel_of[touch["queue"][row]], tick)
        self.amounts.begin(agent, row, tick)
        held = len(self.people.hands[agent])
        if touch["in_hand"][row] != held:
            text = f"in_hand is {touch['in_hand'][row]}, agent {agent} holds {held}"
            self.book.add("capacity", text, tick, touch=row)
        if touch["talk_ended"][row] != NEVER:
            heappush(self.heap, (max(tick, touch["talk_ended"][row]), *self._done_by(agent, row)))
        elif touch["ended"][row] != NEVER:
            heappush(self.heap, (max(tick, touch["ended"][row]), LAST, row, LEAVE))

    def _done_by(self, agent: int, row: int) -> tuple[int, int, int]:
        raise NotImplementedError

    def _starve(self, agent: int, row: int) -> None:
        """Who holds contacts and takes another: a touch of another channel that would have gone before it."""
        people = self.people
        if not people.hands[agent]:
            return
        team, q = people.team[agent], self.touch["queue"][row]
        channel = self.facts.channel_of[q]
        found: list[tuple[Any, int]] = []
        for rank, other in self.facts.ranked[team]:
            of = self.facts.channel_of[other]
            if of != channel and people.in_time(agent, of, self.now):
                found += [(self._key(rank, other, place, agent), place[3]) for place in self._compared(team, other)]
        if found and team in self.facts.asked[q]:
            rank = next(rank for rank, other in self.facts.ranked[team] if other == q)
            own = (self.figure[row], self.touch["entered"][row], self.touch["touch"][row], row)
            best = self._of_live([*found, (self._key(rank, q, own, agent), row)])
            if best != row:
                self.starved[best] += 1

    # ------------------------------------------------------------ somebody is looked for

    def _join(self, row: int, tick: int) -> None:
        """A stretch begins to look for somebody."""
        q = self.touch["queue"][row]
        channel = self.facts.channel_of[q]
        self.figure[row] = self.dues.figure(row, self.amounts)
        if self.facts.live[channel] and self.touch["touch"][row] == row:
            self.on_line[channel] += 1
        self._looks(row, tick)

    def _looks(self, row: int, tick: int) -> None:
        """The first step with somebody who may take it does; live work may interrupt; else it waits (on)."""
        found = self._found(row, tick)
        agent, starts = self.touch["agent"][row], self.touch["started"][row] == tick
        if found < 0 and self.facts.live[self.facts.channel_of[self.touch["queue"][row]]]:
            victim = self._interrupted(self.touch["queue"][row], self.touch["entered"][row], tick)
            if victim >= 0 and self._interrupts(victim, row, tick):
                return
        if starts and 0 <= found != agent:
            text = f"agent {agent} took a contact that agent {found} had to take"
            self.book.add("joining order", text, tick, touch=row)
        elif found >= 0 and not starts:
            text = f"a contact waits although agent {found} is available"
            self.book.add("work conservation", text, tick, touch=row)
        if found >= 0 and starts:
            self._start(row, tick)
        elif self.state[row] != "waits":
            self._wait(row, tick)
            self._cut_at_once(row, tick)

    def _cut_at_once(self, row: int, tick: int) -> None:
        raise NotImplementedError

    def _found(self, row: int, tick: int) -> int:
        """Whom a touch finds: in the first step with an agent who may take it; -1 for nobody."""
        contact, q = self.touch["contact"][row], self.touch["queue"][row]
        key, number = self.drawn.key[self.contact["issue"][contact]], self.contact["number"][contact]
        return self._found_for(q, self.touch["entered"][row], tick, key, number)

    def _found_for(self, q: int, entered: int, tick: int, key: int, number: int) -> int:
        for pool in self.facts.steps[q]:
            if entered + pool.delay <= tick:
                found = self.people.found_in(pool, q, tick, key, number)
                if found >= 0:
                    return found
        return -1

    # ------------------------------------------------------------ interruption

    def _interrupted(self, q: int, entered: int, tick: int) -> int:
        """The agent who lays his work aside for a live touch, -1 for nobody."""
        if not any(channel.interruptible for channel in self.facts.scenario.channels):
            return -1
        for pool in self.facts.steps[q]:
            if entered + pool.delay <= tick:
                found = self.people.interrupted_in(pool, q, tick, self._begun)
                if found >= 0:
                    return found
        return -1

    def _begun(self, row: int) -> int:
        """Since when a stretch has been in talk that may be interrupted; -1: it may not."""
        channel = self.facts.channel_of[self.touch["queue"][row]]
        if not self.facts.scenario.channels[channel].interruptible or self._ends_now(row):
            return -1
        return int(self.touch["started"][row])

    def _ends_now(self, row: int) -> bool:
        """Whether a stretch is no longer in talk, or its talk ends in this very tick."""
        if self.state[row] != "talk":
            return True
        known = self.amounts.is_over(self.touch["agent"][row], row, self.now)
        return self.touch["talk_ended"][row] == self.now if known is None else known

    def _interrupts(self, agent: int, row: int, tick: int) -> bool:
        """He lays his stretch aside and takes the live touch; the stretch looks for somebody, supply grows."""
        laid = self.people.hands[agent][0]
        right = self.touch["started"][row] == tick and self.touch["agent"][row] == agent
        if not right or ENDINGS[self.touch["how"][laid]] != "interrupted" or self.touch["ended"][laid] != tick:
            text = f"a live contact was to interrupt stretch {laid} of agent {agent}"
            self.book.add("interruption", text, tick, touch=row)
            return False
        self.lay_aside(agent, laid, tick)
        self.people.shelve(agent)
        self._start_after(row, tick)
        if laid in self.facts.resumed:
            self._join(self.facts.resumed[laid], tick)
        self._supply(self.people.team[agent], tick)
        return True

    def _start_after(self, row: int, tick: int) -> None:
        """The start after an interruption: what was reserved was reserved before it."""
        if self.state[row] == "waits":
            self._unwait(row, tick)
        self.state[row] = "talk"
        agent = self.touch["agent"][row]
        self._take(agent, row, tick)
        self.touched.add(self.people.team[agent])

    def lay_aside(self, agent: int, row: int, tick: int) -> None:
        """Put down or interrupted: out of his hands."""
        self.amounts.lay_aside(agent, row, tick)
        self.state[row] = "over"
        self.people.drop(agent, row, tick)

    # ------------------------------------------------------------ supply

    def _key(self, rank: int, q: int, place: Place, agent: int = -1) -> tuple[float, ...]:
        """Lowest goes first: what the policy says, then the longest wait, then the lowest touch."""
        if self.own is not None:
            agent = self._found(place[3], self.now) if agent < 0 else agent
            return (self.own.key(agent, place[3], self.now), *place[1:])
        if self.facts.policy == "ageing":
            queue = self.facts.scenario.queues[q]
            return (-(queue.rate * (self.now - place[1]) + 100 * queue.bonus), *place[1:])
        return (rank, *place)

    def _of_live(self, found: list[tuple[Any, int]]) -> int:
        """The best row; if it is interruptible work while live touches may start, the best of those."""
        channel = [self.facts.channel_of[self.touch["queue"][row]] for _, row in found]
        best = min(range(len(found)), key=lambda i: found[i][0])
        if self.facts.scenario.channels[channel[best]].interruptible:
            live = [pair for pair, of in zip(found, channel, strict=True) if self.facts.live[of]]
            return min(live)[1] if live else found[best][1]
        return found[best][1]

    def _best(self, team: int) -> int:
        """The row the policy chooses among those that some agent of the team may take, -1 if none."""
        found: list[tuple[Any, int]] = []
        blends = any(channel.interruptible for channel in self.facts.scenario.channels)
        for rank, q in self.facts.ranked[team]:
            if found and self.by_rank and not blends and rank > found[0][0][0]:
                break
            able = self.waiting[q] and next(self.people.able(team, q, self.now), None) is not None
            if able:
                found += [(self._key(rank, q, place), place[3]) for place in self._compared(team, q)]
        return self._of_live(found) if found else -1

    def _supply(self, team: int, tick: int) -> None:
        """The best touch that may start does, again and again; then filler."""
        self.touched.add(team)
        while (row := self._best(team)) >= 0:
            agent = self._found(row, tick)
            if self.touch["started"][row] == tick and self.touch["agent"][row] == agent:
                self._start(row, tick)
                continue
            other = self._taken_instead(team, tick)
            if other < 0:
                text = f"a contact waits while agent {agent} may take it"
                self.book.add("work conservation", text, tick, touch=row)
                return
            same = self.touch["queue"][other] == self.touch["queue"][row]
            rule = "joining order" if other == row else "order inside queues" if same else "policy order"
            self.book.add(rule, f"stretch {other} was taken, before it came stretch {row}", tick, touch=row)
            self._start(other, tick)
        if self.facts.filler:
            self._fill(team, tick)

    def _taken_instead(self, team: int, tick: int) -> int:
        """A waiting stretch that the journal gives to an agent of the team at this tick, -1 if none."""
        for _, q in self.facts.ranked[team]:
            for *_, row in sorted(self.queue[q]):
                agent = self.touch["agent"][row]
                right = self.touch["started"][row] == tick and agent >= 0 and self.people.team[agent] == team
                if right and self.state[row] == "waits" and self.people.may_take(agent, q, tick):
                    return row
        return -1

    # ------------------------------------------------------------ filler

    def _fill(self, team: int, tick: int) -> None:
        """A piece of filler for each free place that may take it."""
        while (q := self._fillable(team)) >= 0:
            if not self.pieces_to_come:
                self.book.add("filler", f"queue {q}: somebody was to begin a piece of filler", tick)
                return
            contact = self.pieces_to_come[-1]
            key = self.drawn.key[self.contact["issue"][contact]]
            agent, row = self._found_for(q, tick, tick, key, 1), self.contact["row"][contact]
            right = self.contact["queue"][contact] == q and self.contact["created"][contact] == tick and row >= 0
            if not right or self.touch["agent"][row] != agent:
                text = f"agent {agent} was to begin a piece of filler of queue {q}, not contact {contact}"
                self.book.add("filler", text, tick, contact=contact)
                return
            self._piece(contact, tick)

    def _fillable(self, team: int) -> int:
        """The first filler queue of which somebody in the team may begin a piece, -1 if none."""
        for q in self.facts.filler:
            asked = self.facts.delay[q].get(team, 1) == 0 and not self.is_shut[self.facts.channel_of[q]]
            if asked and next(self.people.able(team, q, self.now), None) is not None:
                return q
        return -1

    def _piece(self, contact: int, tick: int) -> None:
        self.pieces_to_come.pop()
        self.came[contact] = True
        row = self.contact["row"][contact]
        self.figure[row] = self.dues.figure(row, self.amounts)
        self._start(row, tick)

    def _unexplained_filler(self, tick: int) -> None:
        """At the end of a tick: pieces that the journal has begun and nothing explains."""
        while self.pieces_to_come and self.contact["created"][self.pieces_to_come[-1]] <= tick:
            contact = self.pieces_to_come[-1]
            self.book.add("filler", "a piece begins although nothing gave cause", tick, contact=contact)
            if self.contact["row"][contact] < 0 or self.touch["agent"][self.contact["row"][contact]] < 0:
                self.pieces_to_come.pop()
            else:
                self._piece(contact, tick)
