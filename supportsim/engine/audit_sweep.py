"""The audit's sweep: the day once more, event by event in the order of MODEL.md section 13, along the journal.

Chance and the passing of time come from the journal (when contacts were created, how long work took); who is
served by whom, and who is turned away, is decided here again and compared.  Where the journal differs, the
difference is written down and the journal is followed, so that one fault is not reported a thousand times.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from supportsim.engine.audit_agenda import (
    ARISES,
    BACK,
    DONE,
    DUE,
    GIVES_UP,
    IN,
    LAST,
    LEAVE,
    OUT,
    REST,
    RETURNS,
    START,
    WORLD,
    Agenda,
)
from supportsim.engine.audit_facts import Book, Facts, Pool
from supportsim.engine.audit_people import People
from supportsim.engine.audit_presence import Piece
from supportsim.engine.journal import ENDINGS, OUTCOMES
from supportsim.scenario.ticks import NEVER


class Sweep:
    """One pass over the journal.  `state[row]`: "" not joined, waits, talk, wrap, over."""

    def __init__(self, facts: Facts, book: Book, pieces: list[list[Piece]]) -> None:
        self.facts, self.book = facts, book
        journal = facts.journal
        self.touch = {name: journal.touches[name].tolist() for name in journal.touches.dtype.names or ()}
        self.contact = {name: journal.contacts[name].tolist() for name in journal.contacts.dtype.names or ()}
        self.people = People(facts, book)
        many = len(facts.scenario.queues)
        self.state = [""] * len(journal.touches)
        self.queue: list[list[tuple[int, int, int]]] = [[] for _ in range(many)]  # heaps: entered, touch, row
        self.waiting = [0] * many
        self.waited = [0] * many  # integral of the queue length
        self._counted = [0] * many
        self.on_line = [0] * len(facts.scenario.channels)  # customers waiting or talking
        self.in_room = [0] * len(facts.scenario.channels)  # customers waiting
        self.is_shut = [not opening.is_open(0) for opening in facts.opening]
        self.touched: set[int] = set()  # teams whose work or people changed at this tick
        self.came = [False] * len(journal.contacts)
        self._highest = -1  # rows of contacts come to be in order
        self.agenda = Agenda(facts, pieces)
        self.heap = self.agenda.heap

    # ------------------------------------------------------------ the clock

    def run(self) -> None:
        """All events before the horizon, then the sums."""
        now, deeds = 0, self._deeds()
        while self.heap:
            tick, rank, a, b = heappop(self.heap)
            if tick >= self.facts.end:
                break
            if tick > now:
                self._quiet(now)
                now = tick
            deeds[rank](a, b, tick)
        self._quiet(now)
        self._sums()

    def _deeds(self) -> dict[int, Any]:
        return {
            WORLD: self._hours, OUT: self._out, DUE: self._due, DONE: self._done, IN: self._in, BACK: self._back,
            RETURNS: self._arrives, GIVES_UP: self._gives_up, ARISES: self._arrives, LAST: self._last,
        }  # fmt: skip

    def _quiet(self, tick: int) -> None:
        """After all events of a tick nobody waits while an available agent may take him."""
        for team in self.touched:
            people = self.people
            for _, q in self.facts.ranked[team]:
                if self.waiting[q] and (people.idle[team] or people.sharing[team][self.facts.channel_of[q]]):
                    found = people.found_in(Pool(False, (team,)), self.facts.channel_of[q])
                    text = f"a contact waits in queue {q} while agent {found} is available"
                    self.book.add("work conservation", text, tick, touch=self._head(q)[2])
        self.touched.clear()

    # ------------------------------------------------------------ queues

    def _count(self, q: int, tick: int) -> None:
        self.waited[q] += self.waiting[q] * (tick - self._counted[q])
        self._counted[q] = tick

    def _head(self, q: int) -> tuple[int, int, int]:
        heap = self.queue[q]
        while heap and self.state[heap[0][2]] != "waits":
            heappop(heap)
        return heap[0]

    def _wait(self, row: int, tick: int) -> None:
        """The stretch begins to wait; whatever the journal says happens to it later is looked at then."""
        touch, q = self.touch, self.touch["queue"][row]
        self._count(q, tick)
        self.waiting[q] += 1
        self.state[row] = "waits"
        heappush(self.queue[q], (touch["entered"][row], touch["touch"][row], row))
        channel = self.facts.channel_of[q]
        if self.facts.live[channel]:
            self.in_room[channel] += 1
        self.touched.update(self.facts.asked[q])
        if touch["started"][row] != NEVER:
            heappush(self.heap, (touch["started"][row], LAST, row, START))
        elif touch["ended"][row] != NEVER:
            heappush(self.heap, (touch["ended"][row], LAST, row, LEAVE))
        if touch["touch"][row] == row:
            contact = touch["contact"][row]
            due = max(tick, self.contact["created"][contact] + self.contact["patience"][contact])
            if self.contact["patience"][contact] < NEVER:
                heappush(self.heap, (due, GIVES_UP, self.contact["issue"][contact], contact))

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
        touch = self.touch
        agent, q = touch["agent"][row], touch["queue"][row]
        channel, team = self.facts.channel_of[q], self.facts.team_of[touch["agent"][row]]
        if team not in self.facts.asked[q]:
            self.book.add("eligibility", f"queue {q} does not ask the team of agent {agent}", tick, touch=row)
        if not self.people.may_take(agent, channel):
            self.book.add("availability", f"agent {agent} was not available", tick, touch=row)
        if self.state[row] == "waits":
            self._unwait(row, tick)
        self.state[row] = "talk"
        self.people.take(agent, row, channel, tick)
        self.touched.add(team)
        held = len(self.people.hands[agent])
        if touch["in_hand"][row] != held:
            text = f"in_hand is {touch['in_hand'][row]}, agent {agent} holds {held}"
            self.book.add("capacity", text, tick, touch=row)
        if touch["talk_ended"][row] != NEVER:
            heappush(self.heap, (max(tick, touch["talk_ended"][row]), DONE, agent, row))
        elif touch["ended"][row] != NEVER:
            heappush(self.heap, (max(tick, touch["ended"][row]), LAST, row, LEAVE))

    def _join(self, row: int, tick: int) -> None:
        """The first step with an available agent takes it, else it waits."""
        q = self.touch["queue"][row]
        channel = self.facts.channel_of[q]
        found = self._found(q)
        agent, starts = self.touch["agent"][row], self.touch["started"][row] == tick
        if self.facts.live[channel] and self.touch["touch"][row] == row:
            self.on_line[channel] += 1
        if starts and 0 <= found != agent:
            text = f"agent {agent} took a contact that agent {found} had to take"
            self.book.add("joining order", text, tick, touch=row)
        elif found >= 0 and not starts:
            text = f"a contact waits although agent {found} is available"
            self.book.add("work conservation", text, tick, touch=row)
        if found >= 0 and starts:
            self._start(row, tick)
        else:
            self._wait(row, tick)

    def _found(self, q: int) -> int:
        """Whom a contact that joins finds: in the first step with an available agent; -1 for nobody."""
        channel = self.facts.channel_of[q]
        found = (self.people.found_in(pool, channel) for pool in self.facts.steps[q])
        return next((agent for agent in found if agent >= 0), -1)

    # ------------------------------------------------------------ supply

    def _best(self, agent: int) -> int:
        """The row the policy chooses for a freed agent, -1 if he may take nothing."""
        best: tuple[int, int, int, int] | None = None
        for rank, q in self.facts.ranked[self.people.team[agent]]:
            if best is not None and rank > best[0]:
                break
            if self.waiting[q] and self.people.may_take(agent, self.facts.channel_of[q]):
                mine = (rank, *self._head(q))
                if best is None or mine < best:
                    best = mine
        return -1 if best is None else best[3]

    def _supply(self, agent: int, tick: int) -> None:
        """He takes the best contact that may start, again and again."""
        self.touched.add(self.people.team[agent])
        while self.people.is_open(agent) and (row := self._best(agent)) >= 0:
            if self.touch["started"][row] == tick and self.touch["agent"][row] == agent:
                self._start(row, tick)
                continue
            other = self._taken_instead(agent, tick)
            if other < 0:
                text = f"a contact waits while agent {agent} may take it"
                self.book.add("work conservation", text, tick, touch=row)
                return
            same = self.touch["queue"][other] == self.touch["queue"][row]
            rule = "order inside queues" if same else "policy order"
            self.book.add(rule, f"agent {agent} took stretch {other}, before it came stretch {row}", tick, touch=row)
            self._start(other, tick)

    def _taken_instead(self, agent: int, tick: int) -> int:
        """A waiting stretch that the journal gives to the agent at this tick, -1 if none."""
        for q in self.facts.ranked[self.people.team[agent]]:
            for _, _, row in sorted(self.queue[q[1]]):
                right = self.touch["started"][row] == tick and self.touch["agent"][row] == agent
                if right and self.state[row] == "waits":
                    return row
        return -1

    # ------------------------------------------------------------ work ends

    def _done(self, agent: int, row: int, tick: int) -> None:
        """Talk or wrap-up is over; without wrap-up both at once: first the agent's hands, then the customer."""
        if row not in self.people.hands[agent]:
            return
        was_talk, ends = self.state[row] == "talk", self.touch["ended"][row]
        if was_talk:
            self._hang_up(self.touch["contact"][row])
        if was_talk and ends > tick:
            self.state[row] = "wrap"
            if ends != NEVER:
                heappush(self.heap, (ends, DONE, agent, row))
        else:
            self.state[row] = "over"
            self._release(agent, row, tick)
        if was_talk:
            self._next(self.touch["contact"][row], tick)

    def _release(self, agent: int, row: int, tick: int) -> None:
        people = self.people
        people.drop(agent, row, tick)
        if not people.hands[agent]:
            if not people.on_shift[agent]:
                self._leave(agent, tick)
            elif people.is_due[agent]:
                self._rest(agent, tick)
        people.shelve(agent)
        self._supply(agent, tick)

    def _hang_up(self, contact: int) -> None:
        """The customer is no longer on the line."""
        channel = self.contact["channel"][contact]
        if self.facts.live[channel]:
            self.on_line[channel] -= 1

    def _next(self, contact: int, tick: int) -> None:
        """His next contact: one made at once belongs to this event, any other returns later."""
        if (following := self.agenda.follow.get(contact, -1)) >= 0:
            issue, due = self.contact["issue"][contact], self.contact["created"][following]
            if due <= tick:
                self._arrives(issue, following, tick)
            else:
                heappush(self.heap, (due, RETURNS, issue, following))

    # ------------------------------------------------------------ customers

    def _arrives(self, _issue: int, contact: int, tick: int) -> None:
        """A contact comes to be: turned away, taken at once, or queued."""
        self.came[contact] = True
        if contact < self._highest:
            self.book.add("order of events", f"comes after contact {self._highest}", tick, contact=contact)
        self._highest = max(self._highest, contact)
        row, outcome = self.contact["row"][contact], OUTCOMES[self.contact["outcome"][contact]]
        expected = self._turned_away(contact)
        if row < 0:
            if outcome != expected:
                text = f"he is turned away as {outcome} but was to be " + (expected or "let in")
                self.book.add("doors", text, tick, contact=contact)
            self._next(contact, tick)
            return
        if expected:
            self.book.add("doors", f"he is let in but was to be turned away as {expected}", tick, contact=contact)
        self._join(row, tick)

    def _turned_away(self, contact: int) -> str:
        """`closed`, `busy`, or nothing: hours, then lines, then the waiting room."""
        channel = self.contact["channel"][contact]
        if self.is_shut[channel]:
            waits_already = not self.facts.live[channel] and self.contact["created"][contact] < 0
            return "" if waits_already else "closed"
        if not self.facts.live[channel]:
            return ""
        rule = self.facts.scenario.channels[channel]
        if rule.lines is not None and self.on_line[channel] >= rule.lines:
            return "busy"
        if rule.waiting_room is None or self.in_room[channel] < rule.waiting_room:
            return ""
        return "busy" if self._found(self.contact["queue"][contact]) < 0 else ""

    def _gives_up(self, _issue: int, contact: int, tick: int) -> None:
        """Patience is over: whoever still waits for his first answer leaves now."""
        row = self.contact["row"][contact]
        if self.state[row] != "waits":
            return
        wanted = "abandoned" if self.facts.live[self.contact["channel"][contact]] else "withdrew"
        how = ENDINGS[self.touch["how"][row]]
        if how != wanted or self.touch["ended"][row] != tick:
            self.book.add("patience", f"still waits when his patience is over ({how})", tick, touch=row)
        if self.touch["ended"][row] == tick:
            self._lose(row, tick)

    def _lose(self, row: int, tick: int) -> None:
        self._unwait(row, tick)
        self.state[row] = "over"
        self._hang_up(self.touch["contact"][row])
        self._next(self.touch["contact"][row], tick)

    # ------------------------------------------------------------ hours

    def _hours(self, opens: int, channel: int, tick: int) -> None:
        """A channel closes (0) or opens (1); lines of live ones are cut."""
        self.is_shut[channel] = not opens
        if opens or not self.facts.live[channel]:
            return
        turn_away = self.facts.scenario.channels[channel].at_close == "turn_away"
        for q, of in enumerate(self.facts.channel_of):
            if of == channel and (turn_away or not self._anybody(q)):
                self._cut(q, tick)

    def _anybody(self, q: int) -> bool:
        return any(self.people.there[team] for team in self.facts.asked[q])

    def _cut(self, q: int, tick: int) -> None:
        """Everybody who waits here is disconnected."""
        for _, _, row in sorted(self.queue[q]):
            if self.state[row] == "waits":
                if ENDINGS[self.touch["how"][row]] == "disconnected" and self.touch["ended"][row] == tick:
                    self._lose(row, tick)
                else:
                    self.book.add("disconnected", "the line was to be cut", tick, touch=row)

    # ------------------------------------------------------------ agents

    def _in(self, agent: int, _: int, tick: int) -> None:
        """A shift begins; a break due at that tick comes first."""
        people = self.people
        if not people.present[agent]:
            people.present[agent] = True
            people.there[people.team[agent]] += 1
        people.on_shift[agent] = True
        people.since[agent] = tick
        if tick in self.agenda.dues[agent]:
            self._due(agent, 0, tick)
        people.shelve(agent)
        self._supply(agent, tick)

    def _out(self, agent: int, _: int, tick: int) -> None:
        """A shift ends: put down what may be put down, finish the rest in overtime, or leave."""
        people = self.people
        people.on_shift[agent] = people.is_due[agent] = people.is_away[agent] = False
        people.shelve(agent)
        laid = [row for row in sorted(people.hands[agent]) if self._is_put_down(row, tick)]
        for row in laid:
            if ENDINGS[self.touch["how"][row]] != "put_down" or self.touch["ended"][row] != tick:
                self.book.add("put down", f"agent {agent} was to put it down at shift end", tick, touch=row)
        laid = [row for row in laid if self.touch["ended"][row] == tick]
        for row in laid:
            self.state[row] = "over"
            people.drop(agent, row, tick)
        if not people.hands[agent]:
            self._leave(agent, tick)
        for row in laid:
            if row in self.facts.resumed:
                self._join(self.facts.resumed[row], tick)

    def _is_put_down(self, row: int, tick: int) -> bool:
        """Deferred work in talk; talk that ends at this very tick is finished."""
        channel = self.facts.channel_of[self.touch["queue"][row]]
        talks = self.state[row] == "talk" and self.touch["talk_ended"][row] != tick
        rule = self.facts.scenario.channels[channel].at_shift_end
        return talks and not self.facts.live[channel] and rule == "put_down"

    def _leave(self, agent: int, tick: int) -> None:
        """He goes home; a closed line that nobody present may answer any more is cut."""
        people, team = self.people, self.people.team[agent]
        people.present[agent] = False
        people.there[team] -= 1
        if people.there[team] == 0:
            for q, channel in enumerate(self.facts.channel_of):
                shut = self.facts.live[channel] and self.is_shut[channel]
                if shut and team in self.facts.asked[q] and not self._anybody(q):
                    self._cut(q, tick)

    def _due(self, agent: int, _: int, tick: int) -> None:
        """A break or block is due: nothing new is taken, and it begins with empty hands."""
        people = self.people
        if not people.on_shift[agent]:
            self.book.add("breaks", "due outside his shift", tick, agent=agent)
            return
        people.is_due[agent] = True
        if not people.hands[agent]:
            self._rest(agent, tick)
        people.shelve(agent)

    def _rest(self, agent: int, tick: int) -> None:
        self.people.is_due[agent] = False
        self.people.is_away[agent] = True
        if tick not in self.agenda.rests[agent]:
            self.book.add("breaks", "his break was to begin with empty hands", tick, agent=agent)
            self.people.is_away[agent] = False

    def _back(self, agent: int, _: int, tick: int) -> None:
        """A break ends; the next one that is due follows at once."""
        people = self.people
        if tick in self.agenda.rests[agent]:
            return
        people.is_away[agent] = False
        people.since[agent] = tick
        people.shelve(agent)
        self._supply(agent, tick)

    # ------------------------------------------------------------ what nothing explained

    def _last(self, who: int, what: int, tick: int) -> None:
        if what == REST:
            if not self.people.is_away[who]:
                self.book.add("breaks", "a break begins while he works or is not there", tick, agent=who)
        elif what == START and self.state[who] == "waits":
            text = f"agent {self.touch['agent'][who]} took a contact without the rules giving cause"
            self.book.add("policy order", text, tick, touch=who)
            self._start(who, tick)
        elif what == LEAVE and self.state[who] == "waits":
            how = ENDINGS[self.touch["how"][who]]
            self.book.add("endings", f"{how} at a tick at which nothing made him leave", tick, touch=who)
            self._lose(who, tick)
        elif what == LEAVE and self.state[who] == "talk":
            self.book.add("put down", "put down at a tick at which no shift of its agent ends", tick, touch=who)
            self.state[who] = "over"
            self._release(self.touch["agent"][who], who, tick)
            if who in self.facts.resumed:
                self._join(self.facts.resumed[who], tick)

    # ------------------------------------------------------------ sums

    def _sums(self) -> None:
        """Little's law per queue and minutes worked per agent, both exactly; nothing left over."""
        end, touches = self.facts.end, self.facts.journal.touches
        waits, works = [0] * len(self.waiting), [0] * len(self.people.hands)
        columns = (self.touch[name] for name in ("queue", "agent", "joined", "started", "ended"))
        for q, agent, joined, started, ended in zip(*columns, strict=True):
            waits[q] += min(started, ended, end) - joined
            if started != NEVER:
                works[agent] += min(ended, end) - started
        self.people.close()
        for q, wanted in enumerate(waits):
            self._count(q, end)
            if self.waited[q] != wanted:
                text = f"integral of the queue {self.waited[q]}, sum of waits {wanted} agent-ticks"
                self.book.add("Little's law", text, None, queue=q)
        for agent, wanted in enumerate(works):
            if self.people.worked[agent] != wanted:
                text = f"worked {self.people.worked[agent]}, recorded {wanted} contact-ticks"
                self.book.add("minutes worked", text, None, agent=agent)
        for contact, came in enumerate(self.came):
            if not came:
                self.book.add("flow", "nothing explains that it came to be", None, contact=contact)
        right = {"": "", "waits": "open", "talk": "open", "wrap": "open", "over": "over"}
        for row in range(len(touches)):
            how = ENDINGS[self.touch["how"][row]]
            if right[self.state[row]] != ("open" if how == "open" else "over"):
                text = f"the sweep leaves it as {self.state[row] or 'never joined'}, the journal as {how}"
                self.book.add("endings", text, None, touch=row)
