"""Customers of the naive desk: where they begin, how long they wait, what they do next."""

from __future__ import annotations

from naive_leaving import Leaving
from naive_state import Contact, Issue, drawn

from supportsim.demand import fates
from supportsim.scenario.model import After, Plan
from supportsim.scenario.ticks import NEVER, tick

SERVED = ("solved", "unresolved")


class Customers(Leaving):
    """The desk with those who come to it."""

    def arises(self, issue: Issue) -> None:
        """The customer begins on the channel of his stream, or where his plan says."""
        if self.leaves_at(issue.segment, issue.customer, self.now) <= self.now:
            self.end_issue(issue, "gone")
            return
        plan = self.plan(issue)
        if issue.channel < 0 and plan and plan.asks < self.uniform(issue.key, 0, fates.ASKS):
            issue.state, issue.ended = "unasked", self.now
            return
        channel = issue.channel if issue.channel >= 0 else self.begins_on(issue)
        if channel is None:
            issue.state, issue.ended = "unserved", self.now
            return
        self.comes(issue, channel, "first")

    def plan(self, issue: Issue) -> Plan | None:
        """His plan: the first whose share, with those before it, lies above his own fate."""
        segment = self.scenario.segments[issue.segment]
        if not segment.plans:
            return None
        key = fates.entity("segment", segment.name, issue.customer) if issue.customer >= 0 else issue.key
        u, shares = self.uniform(key, 0, fates.PLAN), [own.share for own in segment.plans]
        place = next((i for i in range(len(shares)) if u < sum(shares[: i + 1])), len(shares) - 1)
        return next(plan for plan in self.scenario.plans if plan.name == segment.plans[place].plan)

    def begins_on(self, issue: Issue) -> int | None:
        """Where in the plan he starts."""
        plan = self.plan(issue)
        if plan is None or not plan.steps:
            return None
        u, passed = self.uniform(issue.key, 0, fates.CHANNEL), 0.0
        for step in plan.steps:
            passed += step.share
            if u < passed:
                return self.channel_of[step.channel]
        return self.channel_of[[s for s in plan.steps if s.share > 0][-1].channel]

    def comes(self, issue: Issue, channel: int, kind: str) -> None:
        """A contact is made, unless he has left before this tick."""
        if issue.contacts and self.leaves_at(issue.segment, issue.customer, self.now) < self.now:
            self.end_issue(issue, "gone")
            return
        issue.contacts += 1
        issue.contacted[channel] = issue.contacted.get(channel, 0) + 1
        created = issue.asked if issue.contacts == 1 else self.now
        queue = self.queue_of(channel, issue.segment, issue.topic)
        contact = Contact(len(self.contacts), issue, issue.contacts, kind, channel, queue, created)
        self.contacts.append(contact)
        issue.history.append(contact)
        contact.patience = self.patience(contact)
        old = created < 0 and self.scenario.channels[channel].kind == "deferred"
        if not old and not self.is_open(channel):
            self.turned_away(contact, "closed")
        elif not self.join(contact):
            self.turned_away(contact, "busy")

    def turned_away(self, contact: Contact, outcome: str) -> None:
        """He never joined a queue and goes on."""
        contact.outcome, contact.left = outcome, self.now
        self.goes_on(contact)

    def patience(self, contact: Contact) -> int:
        """How long he would wait, from the creation of the contact."""
        issue, channel = contact.issue, self.scenario.channels[contact.channel]
        n = 1 if channel.keeps_patience else contact.number
        if issue.patience >= 0 and n == 1:
            return issue.patience
        u = self.uniform(issue.key, n, fates.PATIENCE)
        alone = drawn(self.scenario.queues[contact.queue].patience, u, issue.aht)
        factor = self.factor(channel, self.now, "patience")
        return alone if alone >= NEVER else tick(alone * factor)

    # ------------------------------------------------------------ what next

    def goes_on(self, contact: Contact) -> None:
        """A contact is over for the customer: he comes again, takes the next channel, or leaves it."""
        issue = contact.issue
        if issue.filler:
            self.done(contact)
            return
        after = [a for a in self.scenario.channels[contact.channel].after if a.outcome == contact.outcome]
        step = self.next_step(contact, after[0]) if after else "stop"
        if step == "next":
            following = self.next_channel(contact)
            if following is None:
                self.done(contact)
            elif self.too_late(self.now):
                self.end_issue(issue, "cut")
            else:
                self.comes(issue, following, "switch")
        elif step == "stop":
            self.done(contact)
        else:
            self.comes_again(contact, after[0], step)

    def next_step(self, contact: Contact, after: After) -> str:
        """again, opening, next or stop."""
        u = self.uniform(contact.issue.key, contact.number, fates.NEXT_STEP)
        if u < after.again:
            step = "again"
        elif u < after.again + after.at_opening:
            step = "opening"
        elif u < after.again + after.at_opening + after.next_channel:
            step = "next"
        else:
            step = "stop"
        tried = contact.issue.contacted[contact.channel]
        stream = self.scenario.streams[contact.issue.stream]
        here = stream.returns_within and self.channel_of.get(stream.channel or "") == contact.channel
        if step in ("again", "opening") and (here or (after.tries is not None and tried >= after.tries)):
            return "stop"
        return step

    def next_channel(self, contact: Contact) -> int | None:
        """The channel behind this one in the plan of his segment."""
        plan = self.plan(contact.issue)
        steps = [self.channel_of[s.channel] for s in plan.steps] if plan else []
        if contact.channel not in steps[:-1]:
            return None
        return steps[steps.index(contact.channel) + 1]

    def comes_again(self, contact: Contact, after: After, step: str) -> None:
        """Same channel, after a delay or at the opening."""
        issue, begin = contact.issue, self.now
        if contact.outcome == "closed":
            begin = self.hours[contact.channel].next_opening(self.now)
        due = begin
        if step == "again":
            u = self.uniform(issue.key, contact.number, fates.DELAY)
            due = begin + max(1, drawn(after.delay, u, issue.aht))
        if self.too_late(due):
            self.end_issue(issue, "cut")
            return
        kind = "repeat" if contact.outcome in SERVED else "redial"
        self.at(due, (7, issue.row, contact.row), lambda: self.comes(issue, contact.channel, kind))

    def too_late(self, due: int) -> bool:
        """Whether a contact due then falls into a run-out without demand."""
        return not self.scenario.times.run_out_demand and due >= self.timeline.counted_to

    def done(self, contact: Contact) -> None:
        """No contact of the issue is due any more."""
        self.end_issue(contact.issue, "solved" if contact.outcome == "solved" else "gave_up")

    def end_issue(self, issue: Issue, state: str) -> None:
        """The issue is over."""
        issue.state, issue.ended = state, self.now

    def channel_opens(self, channel: int) -> None:
        """Filler of the channel may begin."""
        name = self.scenario.channels[channel].name
        if any(s.kind == "endless" and s.channel == name for s in self.scenario.streams):
            for team in range(len(self.scenario.teams)):
                self.supply_grows(team)
