"""The audit's sweep: the day once more, event by event in the order of docs/model.md 9, along the journal.

The passing of time comes from the journal (when contacts were created, when work ended); who is served by whom,
and who is turned away, is decided here again and compared.
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
    LIMIT,
    OUT,
    OVERFLOW,
    REST,
    RETURNS,
    START,
    WORLD,
)
from supportsim.engine.audit_drawn import Drawn
from supportsim.engine.audit_facts import Book, Facts
from supportsim.engine.audit_heads import Crowd
from supportsim.engine.audit_presence import Piece
from supportsim.engine.journal import ENDINGS, OUTCOMES
from supportsim.scenario.ticks import NEVER


class Sweep(Crowd):
    """One pass over the journal."""

    def __init__(self, facts: Facts, book: Book, pieces: list[list[Piece]], drawn: Drawn) -> None:
        super().__init__(facts, book, pieces, drawn)
        self._highest = -1  # rows of contacts come to be in order
        self._going: list[int] = []  # contacts whose customers go on when the event is over at the desk
        self._drained_before: set[tuple[int, int]] = set()

    # ------------------------------------------------------------ the clock

    def run(self) -> None:
        """All events before the horizon, then the sums."""
        deeds = self._deeds()
        while self.heap:
            tick, rank, a, b = heappop(self.heap)
            if tick >= self.facts.end:
                break
            if tick > self.now:
                self._quiet(self.now)
                self.now = tick
            self._drained_before = self._draining()
            deeds[rank](a, b, tick)
            self._go_on(tick)
        self._quiet(self.now)
        self._sums()

    def _deeds(self) -> dict[int, Any]:
        return {
            WORLD: self._hours, OUT: self._out, DUE: self._due, DONE: self._done, IN: self._in, BACK: self._back,
            OVERFLOW: self._overflow, LIMIT: self._limit, RETURNS: self._arrives, GIVES_UP: self._gives_up,
            ARISES: self._arrives, LAST: self._last,
        }  # fmt: skip

    def _go_on(self, tick: int) -> None:
        """The event is over at the desk: teams that drained are supplied, then customers do what they do next."""
        while self.some_drain:
            after = self._draining()
            over = sorted({team for team, _ in self._drained_before - after})
            self._drained_before = after
            if not over:
                break
            for team in over:
                self._supply(team, tick)
        while self._going:
            self._next(self._going.pop(0), tick)

    def _quiet(self, tick: int) -> None:
        """After all events of a tick nobody waits while an available agent may take him, and none is without filler."""
        if self.pieces_to_come:
            self._unexplained_filler(tick)
        for team in self.touched:
            for _, q in self.facts.ranked[team]:
                if self.waiting[q] and (place := self._first_for(team, q)):
                    key = next(self.people.able(team, q, tick), None)
                    if key is not None:
                        text = f"a contact waits in queue {q} while agent {key[2]} is available"
                        self.book.add("work conservation", text, tick, touch=place[3])
            if self.facts.filler and (q := self._fillable(team)) >= 0:
                self.book.add("filler", f"somebody may begin a piece of filler of queue {q}", tick, team=team)
        self.touched.clear()

    # ------------------------------------------------------------ work ends

    def _done_by(self, agent: int, row: int) -> tuple[int, int, int]:
        return DONE, agent, self.touch["touch"][row]

    def _done(self, agent: int, touch: int, tick: int) -> None:
        """Talk or wrap-up is over; without wrap-up both at once: first the agent's hands, then the customer."""
        row = next((r for r in self.people.hands[agent] if self.touch["touch"][r] == touch), -1)
        if row < 0:
            return
        was_talk, ends = self.state[row] == "talk", self.touch["ended"][row]
        if was_talk:
            self.amounts.end_talk(agent, row, tick)
            self._hang_up(self.touch["contact"][row])
        if was_talk and ends > tick:
            self.state[row] = "wrap"
            if ends != NEVER:
                heappush(self.heap, (ends, *self._done_by(agent, row)))
        else:
            self.amounts.end_wrap(agent, row, tick)
            self.state[row] = "over"
            self._release(agent, row, tick)
        if was_talk:
            self._going.append(self.touch["contact"][row])

    def _release(self, agent: int, row: int, tick: int) -> None:
        people = self.people
        people.drop(agent, row, tick)
        if not people.hands[agent]:
            if not people.on_shift[agent]:
                self._leave(agent, tick)
            elif people.is_due[agent]:
                self._rest(agent, tick)
        people.shelve(agent)
        self._is_free(agent, tick)

    def _is_free(self, agent: int, tick: int) -> None:
        """Supply grows for his team, if he is open to work."""
        if self.people.is_open(agent):
            self._supply(self.people.team[agent], tick)

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
        expected = self._turned_away(contact, tick)
        if row < 0:
            if outcome != expected:
                text = f"he is turned away as {outcome} but was to be " + (expected or "let in")
                self.book.add("doors", text, tick, contact=contact)
            self._next(contact, tick)
            return
        if expected:
            self.book.add("doors", f"he is let in but was to be turned away as {expected}", tick, contact=contact)
        self._join(row, tick)

    def _turned_away(self, contact: int, tick: int) -> str:
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
        q, entered = self.contact["queue"][contact], self.contact["created"][contact]
        key, number = self.drawn.key[self.contact["issue"][contact]], self.contact["number"][contact]
        found = self._found_for(q, entered, tick, key, number)
        return "busy" if found < 0 and self._interrupted(q, entered, tick) < 0 else ""

    def _gives_up(self, _issue: int, contact: int, tick: int) -> None:
        """Patience is over: whoever still waits for his first answer leaves now."""
        wanted = "abandoned" if self.facts.live[self.contact["channel"][contact]] else "withdrew"
        self._ends_wait(contact, tick, "patience", wanted)

    def _limit(self, _issue: int, contact: int, tick: int) -> None:
        """The wait limit passes: the system ends the wait."""
        self._ends_wait(contact, tick, "wait limit", "timed_out")

    def _ends_wait(self, contact: int, tick: int, rule: str, wanted: str) -> None:
        row = self.contact["row"][contact]
        if self.state[row] != "waits":
            return
        how = ENDINGS[self.touch["how"][row]]
        if how != wanted or self.touch["ended"][row] != tick:
            self.book.add(rule, f"still waits when it is over ({how})", tick, touch=row)
        if self.touch["ended"][row] == tick:
            self._lose(row, tick)

    def _overflow(self, _order: int, row: int, tick: int) -> None:
        """An overflow delay has passed: whoever still waits looks for somebody again."""
        if self.state[row] == "waits":
            self._looks(row, tick)

    def _lose(self, row: int, tick: int) -> None:
        self._unwait(row, tick)
        self.state[row] = "over"
        self._hang_up(self.touch["contact"][row])
        self._going.append(self.touch["contact"][row])

    # ------------------------------------------------------------ hours

    def _hours(self, opens: int, channel: int, tick: int) -> None:
        """A channel closes (0) or opens (1); lines of live ones are cut, filler begins.

        Whatever comes of it finds the other channels as this tick leaves them, whether or not their turn has come.
        """
        self.is_shut = [not opening.is_open(tick) for opening in self.facts.opening]
        if opens and any(self.facts.channel_of[q] == channel for q in self.facts.filler):
            for team in range(len(self.facts.ranked)):
                self._supply(team, tick)
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
        for *_, row in list(self.places(q)):
            if ENDINGS[self.touch["how"][row]] == "disconnected" and self.touch["ended"][row] == tick:
                self._lose(row, tick)
            else:
                self.book.add("disconnected", "the line was to be cut", tick, touch=row)

    def _cut_at_once(self, row: int, tick: int) -> None:
        """Live work put down on a closed line, and nobody there who might go on with it."""
        q = self.touch["queue"][row]
        channel = self.facts.channel_of[q]
        if self.facts.live[channel] and self.is_shut[channel] and not self._anybody(q):
            self._cut(q, tick)

    def _cut_without(self, team: int, tick: int) -> None:
        """Nobody of the team is there any more: closed lines that nobody may answer are cut."""
        if team < 0:
            return
        for q, channel in enumerate(self.facts.channel_of):
            shut = self.facts.live[channel] and self.is_shut[channel]
            if shut and team in self.facts.asked[q] and not self._anybody(q):
                self._cut(q, tick)

    # ------------------------------------------------------------ agents

    def _in(self, agent: int, what: int, tick: int) -> None:
        """Rank 4: he moves between teams, or a shift begins (a break due at that tick comes first), or heads rise."""
        teams = len(self.facts.scenario.teams)
        if what < 2 * teams:
            self._cut_without(self.people.move(agent, what % teams, tick), tick)
            self._is_free(agent, tick)
        elif self.facts.has_heads[agent]:
            self._rise(self.facts.team_of[agent], tick)
        else:
            day = next(day for day in self.facts.days[agent] if day.begin == tick)
            always = self.facts.people[agent].shift < 0
            self.people.clock_in(agent, NEVER if always else day.end, tick)
            if tick in self.agenda.dues[agent]:
                self._due(agent, 0, tick)
            self.people.shelve(agent)
            self._is_free(agent, tick)

    def _out(self, agent: int, _: int, tick: int) -> None:
        """A shift ends, or heads fall."""
        if self.facts.has_heads[agent]:
            self._fall(self.facts.team_of[agent], tick)
        else:
            self._goes(agent, tick)

    def _goes(self, agent: int, tick: int) -> None:
        """Put down what may be put down, finish the rest in overtime, or leave."""
        people = self.people
        people.on_shift[agent] = people.is_due[agent] = people.is_away[agent] = False
        people.shelve(agent)
        held = sorted(people.hands[agent], key=lambda row: self.touch["touch"][row])
        laid = [row for row in held if self._is_put_down(row)]
        for row in laid:
            if ENDINGS[self.touch["how"][row]] != "put_down" or self.touch["ended"][row] != tick:
                self.book.add("put down", f"agent {agent} was to put it down at shift end", tick, touch=row)
        laid = [row for row in laid if self.touch["ended"][row] == tick]
        for row in laid:
            self.lay_aside(agent, row, tick)
        if not people.hands[agent]:
            self._leave(agent, tick)
        for row in laid:
            if row in self.facts.resumed:
                self._join(self.facts.resumed[row], tick)

    def _is_put_down(self, row: int) -> bool:
        """Work in talk on a channel that says so; talk that ends at this very tick is finished."""
        channel = self.facts.channel_of[self.touch["queue"][row]]
        rule = self.facts.scenario.channels[channel].at_shift_end
        return rule == "put_down" and not self._ends_now(row)

    def _leave(self, agent: int, tick: int) -> None:
        """He goes home; a closed line that nobody present may answer any more is cut."""
        self._cut_without(self.people.leave(agent), tick)

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
        """His hands are empty: the break begins, unless it was an activity whose hours are over."""
        people = self.people
        people.is_due[agent] = False
        people.is_away[agent] = True
        if tick not in self.agenda.rests[agent]:
            people.is_away[agent] = False
            people.since[agent] = tick
            if tick not in self.agenda.too_late[agent]:
                self.book.add("breaks", "his break was to begin with empty hands", tick, agent=agent)

    def _back(self, agent: int, _: int, tick: int) -> None:
        """A break ends; the next one that is due follows at once."""
        people = self.people
        if tick in self.agenda.rests[agent]:
            return
        people.is_away[agent] = False
        people.since[agent] = tick
        people.shelve(agent)
        self._is_free(agent, tick)

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
            self._unexplained_end(who, tick)

    def _unexplained_end(self, row: int, tick: int) -> None:
        how, agent = ENDINGS[self.touch["how"][row]], self.touch["agent"][row]
        if how == "interrupted":
            self.book.add("interruption", "interrupted at a tick at which no live work came", tick, touch=row)
        else:
            self.book.add("put down", "put down at a tick at which no shift of its agent ends", tick, touch=row)
        self.lay_aside(agent, row, tick)
        if not self.people.hands[agent] and not self.people.on_shift[agent]:
            self._leave(agent, tick)
        self.people.shelve(agent)
        self._is_free(agent, tick)
        if row in self.facts.resumed:
            self._join(self.facts.resumed[row], tick)

    # ------------------------------------------------------------ sums

    def _sums(self) -> None:
        """Little's law per queue and minutes worked per agent, both exactly; nothing left over."""
        self.amounts.close()
        self._little()
        for contact, came in enumerate(self.came):
            if not came:
                self.book.add("flow", "nothing explains that it came to be", None, contact=contact)
        for row, (counted, recorded) in enumerate(zip(self.starved, self.touch["starved"], strict=True)):
            if counted != recorded:
                text = f"{recorded} times passed over by who held chats, the audit counts {counted}"
                self.book.add("starved", text, None, touch=row)
        right = {"": "", "waits": "open", "talk": "open", "wrap": "open", "over": "over"}
        for row, how in enumerate(self.touch["how"]):
            if right[self.state[row]] != ("open" if ENDINGS[how] == "open" else "over"):
                text = f"the sweep leaves it as {self.state[row] or 'never joined'}, the journal as {ENDINGS[how]}"
                self.book.add("endings", text, None, touch=row)

    def _little(self) -> None:
        end = self.facts.end
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
