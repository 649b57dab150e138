"""People at the naive desk: shifts, breaks, heads and moves as events."""

from __future__ import annotations

from functools import partial

from naive_days import people, planned
from naive_floor import Floor
from naive_state import Agent, Day, Rest
from naive_work import all_over

from supportsim.scenario.model import Scenario


class People(Floor):
    """The floor with people on it."""

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        super().__init__(scenario, seed, replication)
        self.agents = people(self)
        self.heads = [0] * len(scenario.teams)
        days, absences, moves = planned(self)
        for agent in self.agents:
            for day in days.get(agent.row, []):
                self.roster(agent, day)
        for row, begin, end in absences:
            agent = self.agents[row]
            self.at(begin, (4, row, 2), partial(self.stays_away, agent, end))
        for move in moves:
            agent = self.agents[move.agent]
            self.at(move.begin, (4, move.agent, 1), partial(self.moves, agent, move.team))
            if not any(other.agent == move.agent and other.begin == move.end for other in moves):
                self.at(move.end, (4, move.agent, 0), partial(self.moves, agent, agent.home))
        for team in range(len(scenario.teams)):
            self.curve(team)

    def roster(self, agent: Agent, day: Day) -> None:
        """Events of one day of one agent."""
        self.at(day.begin, (4, agent.row, 3), lambda: self.clocks_in(agent, day))
        if agent.has_shift:
            self.at(day.end, (1, agent.row), lambda: self.shift_ends(agent), lambda: agent.day is day)
        for rest in day.rests:
            if day.begin < rest.due < day.end:
                self.at(rest.due, (2, agent.row), partial(self.falls_due, agent, rest), lambda: agent.day is day)

    def clocks_in(self, agent: Agent, day: Day | None) -> None:
        """He comes, or is simply in the next shift: open to work unless a break is due."""
        agent.day, agent.state, agent.changed = day, "on", self.now
        agent.due = [rest for rest in day.rests if rest.due <= day.begin] if day is not None else []
        self.present(agent, "break_due" if agent.due else "available")
        self.place_free(agent)

    def falls_due(self, agent: Agent, rest: Rest) -> None:
        """A break or block is due: nothing new, and it begins when his hands are empty."""
        agent.due.append(rest)
        if agent.state == "on":
            if len(agent.due) == 1:
                self.present(agent, "break_due")
            self.place_free(agent)

    def place_free(self, agent: Agent) -> None:
        """He takes the next work, his break, or leaves."""
        if agent.state == "on" and agent.due and not agent.hands:
            self.rest_begins(agent)
        elif agent.is_open:
            self.supply_grows(agent.works_for)
        elif agent.state == "overtime" and not agent.hands:
            self.goes(agent)

    def rest_begins(self, agent: Agent) -> None:
        """The first that is due begins; one whose hours are over is lost."""
        rest = agent.due.pop(0)
        assert agent.day is not None
        end = min(self.now + rest.length, rest.until)
        if end <= self.now:
            self.span(agent, "break_lost", self.now)
            self.rest_over(agent)
            return
        agent.state, agent.resting = "resting", rest
        self.present(agent, rest.what)
        if end < agent.day.end:
            self.at(end, (5, agent.row), lambda: self.rest_over(agent), lambda: agent.resting is rest)

    def rest_over(self, agent: Agent) -> None:
        """Back at work, unless the next one is due."""
        agent.state, agent.resting, agent.changed = "on", None, self.now
        self.present(agent, "break_due" if agent.due else "available")
        self.place_free(agent)

    def shift_ends(self, agent: Agent) -> None:
        """Nothing new: what may be put down is put down, the rest is finished in overtime."""
        assert agent.day is not None
        self.present(agent, None)
        later = sum(rest.due >= self.now for rest in agent.day.rests)  # due at the end of the shift or behind it
        for _ in range(len(agent.due) + later):
            self.span(agent, "break_lost", self.now)
        self.finishes(agent)

    def finishes(self, agent: Agent) -> None:
        """As at a shift end: overtime until his hands are empty."""
        agent.state, agent.due, agent.day, agent.resting = "overtime", [], None, None
        self.present(agent, "overtime")
        for one in sorted(agent.hands, key=lambda one: one.touch.row):
            if self.channel(one).at_shift_end == "put_down" and one.phase == "talk" and one.over > self.now:
                self.lay_aside(one, "put_down")
                if not self.look(self.new_stretch(one.touch)):
                    self.cut_lines()
        if not agent.hands:
            self.goes(agent)

    def goes(self, agent: Agent) -> None:
        """He leaves, and lines may die."""
        self.present(agent, None)
        agent.state, agent.day, agent.due = "out", None, []
        self.cut_lines()

    # ------------------------------------------------------------ absence and moves

    def stays_away(self, agent: Agent, end: int) -> None:
        """Absent for the whole shift."""
        absent = self.span(agent, "absent", end)
        absent.team = agent.home

    def moves(self, agent: Agent, team: int) -> None:
        """He belongs to another team from now on; from one activity to the next it may be the same."""
        if agent.works_for == team:
            return
        agent.works_for = team
        if agent.state == "out":
            return
        assert agent.span is not None
        if agent.state != "resting":  # a break keeps the team in which it began
            self.present(agent, agent.span.what)
        agent.changed = self.now
        if agent.is_open:
            self.supply_grows(team)
        self.cut_lines()

    # ------------------------------------------------------------ heads

    def curve(self, team: int) -> None:
        """Events of a team whose number of heads changes."""
        heads = self.scenario.teams[team].heads
        if heads is None:
            return
        first = min((a.row for a in self.agents if a.home == team), default=0)
        rows = [(tick + self.timeline.counted_from, number) for tick, number in heads]
        early = [number for tick, number in rows if tick <= 0]
        rows = [(0, number) for number in early[-1:]] + [row for row in rows if row[0] > 0]
        known = 0
        for tick, number in rows:
            rank = 1 if number < known else 4
            self.at(tick, (rank, first), partial(self.heads_change, team, number))
            known = number

    def heads_change(self, team: int, number: int) -> None:
        """So many are wanted from now on."""
        mine = [a for a in self.agents if a.home == team]
        while sum(a.state == "on" for a in mine) > number:
            there = [a for a in mine if a.state == "on"]
            idle = [a for a in there if not a.hands]
            if idle:
                self.goes(min(idle, key=lambda a: (a.changed, a.row)))
            else:
                self.finishes(min(there, key=lambda a: (all_over(self, a), a.row)))
        while sum(a.state == "on" for a in mine) < number:
            back = [a for a in mine if a.state == "overtime"] or [a for a in mine if a.state == "out"]
            self.clocks_in(back[0], None)
