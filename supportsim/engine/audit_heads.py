"""The audit's sweep of anonymous heads: who goes when the curve falls, who comes when it rises."""

from __future__ import annotations

from supportsim.engine.audit_desk import Desk


class Crowd(Desk):
    """Heads of a team are its agents; who is open to work counts in the curve, who finishes in overtime does not."""

    def _heads(self, team: int) -> list[int]:
        return [a for a, own in enumerate(self.facts.team_of) if own == team]

    def _curve(self, team: int, tick: int) -> int:
        """How many from this tick on."""
        since = tick - self.facts.timeline.counted_from
        rows = self.facts.scenario.teams[team].heads or ()
        return next((heads for at, heads in reversed(rows) if at <= since), 0)

    # ------------------------------------------------------------ fewer

    def _fall(self, team: int, tick: int) -> None:
        """The empty-handed go first, the longest idle first; then those who will finish next."""
        people, own = self.people, self._heads(team)
        going = [a for a in own if tick in self.agenda.outs[a]]
        counted = [a for a in own if people.on_shift[a]]
        many = len(counted) - self._curve(team, tick)
        if len(going) != many:
            self.book.add("heads", f"{many} were to go, {len(going)} did", tick, team=team)
        while going:
            agent = self._first_to_go([a for a in own if people.on_shift[a]], tick)
            if agent not in going:
                if agent >= 0:
                    self.book.add("heads", f"agent {agent} was to go before agents {going}", tick, team=team)
                agent = going[0]
            going.remove(agent)
            if people.on_shift[agent]:
                self._goes(agent, tick)
            else:
                self.book.add("heads", "goes but was not there", tick, agent=agent)

    def _first_to_go(self, counted: list[int], tick: int) -> int:
        """-1 where it is not known who would finish first."""
        people = self.people
        idle = [(people.since[a], a) for a in counted if not people.hands[a]]
        if idle:
            return min(idle)[1]
        wraps = {row for a in counted for row in people.hands[a] if self.state[row] == "wrap"}
        ends = [(self.amounts.finish(a, tick, wraps), a) for a in counted]
        if any(end is None for end, _ in ends):
            return -1
        return min(((end or 0, a) for end, a in ends), default=(0, -1))[1]

    def _goes(self, agent: int, tick: int) -> None:
        raise NotImplementedError

    # ------------------------------------------------------------ more

    def _rise(self, team: int, tick: int) -> None:
        """Those still finishing count again first, then newcomers, the first in the roster first."""
        people, own = self.people, self._heads(team)
        many = self._curve(team, tick) - sum(people.on_shift[a] for a in own)
        finishing = [a for a in own if people.present[a] and not people.on_shift[a]]
        wanted = (finishing + [a for a in own if not people.present[a]])[: max(0, many)]
        coming = [a for a in own if tick in self.agenda.ins[a]]
        if sorted(wanted) != coming:
            self.book.add("heads", f"agents {sorted(wanted)} were to come, {coming} did", tick, team=team)
        for agent in [a for a in wanted if a in coming] + [a for a in coming if a not in wanted]:
            people.clock_in(agent, people.until[agent], tick)
            people.shelve(agent)
            self._supply(team, tick)
