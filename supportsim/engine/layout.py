"""The layout: a scenario turned into the tables that stay the same in every replication."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supportsim.demand import fates, laws
from supportsim.demand.issues import Demand
from supportsim.engine.journal import OUTCOMES
from supportsim.engine.leavers import leaver_tables
from supportsim.engine.policy import Policy
from supportsim.engine.tables import (
    AGEING,
    AGENT,
    ASKED,
    CHANNEL,
    DEFERRED,
    DRAINS,
    DUE_TICK,
    FILLERS,
    HOURS,
    INDEX,
    LEAST_WORK,
    LISTS,
    LIVE,
    LONGEST_IDLE,
    LOWEST_ID,
    NEXT,
    NO_KEY,
    NOBODY,
    NONE,
    OFF,
    OFFER,
    OPENING,
    OWN,
    OWN_OF_FIRST,
    PROMISED,
    QUEUE,
    RANDOM,
    RANKED,
    STEP,
    STREAM,
    TEAM,
    WINDOWS,
    WORK,
)
from supportsim.scenario.activities import moves
from supportsim.scenario.business_clock import OpenTicks, open_ticks
from supportsim.scenario.model import NOTHING, Channel, Law, Promise, Queue, Scenario, Team, Work
from supportsim.scenario.offers import leaves, plans_of
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.roster import agents, shifts
from supportsim.scenario.thinning import is_gone
from supportsim.scenario.ticks import NEVER
from supportsim.scenario.timeline import Timeline

Table = NDArray[Any]
PICKS = {"longest_idle": LONGEST_IDLE, "lowest_id": LOWEST_ID, "random": RANDOM}
KEYS = {"none": NO_KEY, "ageing": AGEING, "due": DUE_TICK, "work": LEAST_WORK}


def _table(dtype: np.dtype[Any], rows: list[tuple[Any, ...]]) -> Table:
    """A structured array that is never empty: compiled rules want an address."""
    made = np.zeros(max(1, len(rows)), dtype=dtype)
    if rows:
        made[:] = rows
    return made


def _index(numbers: list[int]) -> Table:
    """Whole numbers as a table of one column."""
    return np.array(numbers or [0], dtype=np.int64).view(INDEX)


class Layout:
    """Tables of one scenario, names by index, and who is rostered when.  Built once, played many times.

    policy: the user's own (`policy.meant`), which takes the place of the scenario's.
    """

    def __init__(self, scenario: Scenario, policy: Policy | None = None) -> None:
        self.scenario, self.policy = scenario, policy
        self.timeline = Timeline(scenario.times)
        self.demand = Demand(scenario, self.timeline)
        self.agents = agents(scenario)
        self.shifts = shifts(scenario, self.timeline)
        self.moves = moves(scenario, self.timeline, self.shifts, [agent.team for agent in self.agents])
        self.channel_index = {c.name: i for i, c in enumerate(scenario.channels)}
        self.segment_index = {s.name: i for i, s in enumerate(scenario.segments)}
        self.topic_index = {t.name: i for i, t in enumerate(scenario.topics)}
        self.team_index = {t.name: i for i, t in enumerate(scenario.teams)}
        self.feedback = any(leaves(scenario))
        self.kept: dict[str, Any] = {}  # what is the same in every replication, once it is asked for; paper (paper.py)
        self._laws: dict[Law, int] = {}
        self.tables: dict[str, Table] = {}
        self._lay_channels()
        self._lay_queues()
        self._lay_ways_of_work()
        self._lay_teams()
        self._lay_offers()
        self._lay_fillers()
        self._lay_promises()
        self.tables |= leaver_tables(scenario, self.timeline)
        rows, knots = laws.tabulate(list(self._laws) or [NOTHING])
        self.tables["laws"] = rows
        self.tables["knots"] = knots if len(knots) else np.zeros(1)

    # ------------------------------------------------------------ laws

    def _law(self, law: Law) -> int:
        """Row of a law; the same law stands once."""
        return self._laws.setdefault(law, len(self._laws))

    # ------------------------------------------------------------ channels

    def _lay_channels(self) -> None:
        rows: list[tuple[Any, ...]] = []
        windows: list[tuple[int, int]] = []
        nexts: list[tuple[Any, ...]] = []
        speeds: list[int] = []
        hours: list[tuple[Any, ...]] = []
        for c, channel in enumerate(self.scenario.channels):
            opening = open_ticks(channel.hours, self.timeline)
            own = [q for q, queue in enumerate(self.scenario.queues) if queue.channel == channel.name]
            first = len(windows)
            windows += list(zip(opening.begins, opening.ends, strict=True))
            at, own_hours = len(hours), self._hours(channel)
            hours += own_hours
            pace = len(speeds) if channel.speeds else NONE
            speeds += channel.speeds
            row = self._channel(channel, opening.is_open(0), own, first, len(windows))
            rows.append((*row, pace, *self._manners(channel), at, len(hours)))
            nexts += self._nexts(channel)
            assert own == list(range(own[0], own[-1] + 1)) if own else True, f"queues of channel {c} lie apart"
        self.tables["channels"] = _table(CHANNEL, rows)
        self.tables["windows"] = _table(WINDOWS, windows)
        self.tables["nexts"] = _table(NEXT, nexts)
        self.tables["speeds"] = _index(speeds)
        self.tables["hours"] = _table(HOURS, hours)

    def _channel(self, channel: Channel, is_open: bool, own: list[int], first: int, last: int) -> tuple[int, ...]:
        return (
            LIVE if channel.kind == "live" else DEFERRED,
            int(is_open),
            int(channel.at_close == "turn_away" and channel.kind == "live"),
            int(channel.at_shift_end == "put_down"),
            NEVER if channel.lines is None else channel.lines,
            NEVER if channel.waiting_room is None else channel.waiting_room,
            0,
            0,
            own[0] if own else 0,
            own[-1] + 1 if own else 0,
            first,
            last,
        )

    def _manners(self, channel: Channel) -> tuple[int, ...]:
        limit = NEVER if channel.wait_limit is None else channel.wait_limit
        return channel.last_chat, limit, int(channel.keeps_patience), int(channel.interruptible)

    def _hours(self, channel: Channel) -> list[tuple[Any, ...]]:
        """From which tick on which factors hold: (begin, work, patience, resolves), none where they never differ."""
        if not channel.by_hour:
            return []
        zone, alike, rows = channel.hours.zone, (1.0, 1.0, 1.0), {-NEVER: (1.0, 1.0, 1.0)}
        for day, _ in self.timeline.days(zone):
            for hour in sorted(channel.by_hour, key=lambda hour: hour.begin):
                begin, end = (self.timeline.tick(day, at, zone) for at in (hour.begin, hour.end))
                if day.weekday() in hour.weekdays and begin < end:
                    rows[begin] = (hour.work, hour.patience, hour.resolves)
                    rows.setdefault(end, alike)
        return [(begin, *rows[begin]) for begin in sorted(rows)]

    def _nexts(self, channel: Channel) -> list[tuple[Any, ...]]:
        """Cumulated shares of what customers do next, a row per outcome."""
        rows: list[tuple[Any, ...]] = [(0, 0.0, 0.0, 0.0, 0, NEVER)] * len(OUTCOMES)
        for after in channel.after:
            again, opening = after.again, after.again + after.at_opening
            following = opening + after.next_channel
            if after.stop == 0.0 and after.next_channel > 0:
                following = 1.0
            tries = NEVER if after.tries is None else after.tries
            row = (1, again, opening, following, self._law(after.delay), tries)
            rows[OUTCOMES.index(after.outcome)] = row
        return rows

    def windows(self, channel: int) -> list[tuple[int, int]]:
        """Opening hours of a channel: (begin, end) in ticks, in order."""
        row = self.tables["channels"][channel]
        return self.tables["windows"][row["windows_from"] : row["windows_to"]].tolist()

    # ------------------------------------------------------------ queues

    def _lay_queues(self) -> None:
        rows: list[tuple[Any, ...]] = []
        asked: list[tuple[int, int, int, int]] = []
        s, t = len(self.scenario.segments), len(self.scenario.topics)
        queue_of = np.full(len(self.scenario.channels) * s * t, NONE, dtype=np.int64)
        for q, queue in enumerate(self.scenario.queues):
            c = self.channel_index[queue.channel]
            queue_of[(c * s + self.segment_index[queue.segment]) * t + self.topic_index[queue.topic]] = q
            first = len(asked)
            asked += self._asked(q, queue)
            rows.append(self._queue(q, queue, c, first, len(asked)))
        self.tables["queues"] = _table(QUEUE, rows)
        if not rows:  # nobody stands in what is no queue
            self.tables["queues"]["head"] = self.tables["queues"]["tail"] = NONE
        self.tables["asked"] = _table(ASKED, asked)
        self.tables["queue_of"] = queue_of.view(INDEX)
        promises = len(self._promises())
        self.tables["sizes"] = _index([s, t, len(self.scenario.channels), promises])

    def _key_of_policy(self) -> int:
        if self.policy is not None:
            return OWN if self.policy.inside_queues else OWN_OF_FIRST
        return KEYS[POLICIES[self.scenario.policy].key]

    def _asked(self, q: int, queue: Queue) -> list[tuple[int, int, int, int]]:
        """(team, step, delay, agents who must stay empty-handed), in the order in which the teams are asked."""
        found = []
        for step, pool in enumerate(queue.teams):
            delay = queue.delays[step] if queue.delays else 0
            for name in pool:
                team = self.scenario.teams[self.team_index[name]]
                found.append((self.team_index[name], step, delay, team.holds[q] if team.holds else 0))
        return found

    def _queue(self, q: int, queue: Queue, channel: int, first: int, last: int) -> tuple[Any, ...]:
        drained = any(team.drains and team.drains[q] for team in self.scenario.teams)
        patience = self._law(queue.patience)
        bonus, best = 100 * queue.bonus, queue.priority_class
        return (NONE, NONE, channel, first, last, patience, bonus, queue.rate, int(drained), best)

    def _lay_ways_of_work(self) -> None:
        """How each team works on each queue; the first row of `work_of` holds without team."""
        rows: list[tuple[Any, ...]] = []
        count = len(self.scenario.queues)
        work_of = np.zeros((len(self.scenario.teams) + 1, max(count, 1)), dtype=np.int64)
        for q, queue in enumerate(self.scenario.queues):
            work_of[:, q] = len(rows)
            rows.append(self._way(queue.work, queue.resolves, 1.0))
            for own in queue.by_team:
                work_of[self.team_index[own.team] + 1, q] = len(rows)
                rows.append(self._way(own.work, own.resolves, own.pace))
        self.tables["works"] = _table(WORK, rows)
        self.tables["work_of"] = _index(work_of.ravel().tolist())

    def _way(self, work: Work, resolves: float, pace: float) -> tuple[Any, ...]:
        wrap = NONE if work.wrap_law is None else self._law(work.wrap_law)
        return (self._law(work.law), int(work.wrap_inside), wrap, work.wrap_share, resolves, pace)

    # ------------------------------------------------------------ teams and people

    def _lay_teams(self) -> None:
        rows: list[tuple[Any, ...]] = []
        ranked: list[tuple[int, int, int]] = []
        drains: list[tuple[int, int]] = []
        places: list[int] = []
        caps: list[int] = []
        lists = 0
        for t, team in enumerate(self.scenario.teams):
            own, drained = self._ranked(team), self._drained(team)
            caps += (most := self._caps(team))
            heads = [a for a, agent in enumerate(self.agents) if agent.team == t] if team.heads is not None else []
            row = (len(ranked), len(ranked) + len(own), lists, max(most, default=1), PICKS[team.pick], 0, 0, 0, 0)
            drain = (len(drains), len(drains) + len(drained))
            rows.append((*row, *drain, *((heads[0], heads[-1] + 1) if heads else (0, 0)), self._is_free(team), NONE))
            at = {q: len(ranked) + k for k, (_, q, _) in enumerate(own)}
            places += [at.get(q, NONE) for q in range(len(self.scenario.queues))]
            ranked += own
            drains += drained
            lists += max(most, default=1) + 1
        self.tables["teams"] = _table(TEAM, rows)
        self.tables["ranked"] = _table(RANKED, ranked)
        self.tables["drains"] = _table(DRAINS, drains)
        self.tables["places"] = _index(places)
        self.tables["caps"] = _index(caps)
        self.tables["lists"] = _table(LISTS, [(NONE, NONE)] * lists)
        self.tables["agents"] = self._people()

    def _is_free(self, team: Team) -> int:
        """Whether no reservation, draining or delay plays a part where its queues ask the team, or others before it.

        Draining matters to those who may hold more than one.
        """
        for q, queue in enumerate(self.scenario.queues):
            asked = [step for step, pool in enumerate(queue.teams) if team.name in pool]
            for step in range(asked[0] + 1 if asked else 0):
                others = [self.scenario.teams[self.team_index[name]] for name in queue.teams[step]]
                drains = any(any(o.drains) and self._caps(o)[self.channel_index[queue.channel]] > 1 for o in others)
                if drains or any(o.holds and o.holds[q] for o in others) or (queue.delays and queue.delays[step]):
                    return 0
        return 1

    def _people(self) -> Table:
        """Everybody at home, with empty hands."""
        people = np.zeros(max(1, len(self.agents)), dtype=AGENT)
        people["key"][: len(self.agents)] = [fates.entity("agent", agent.name) for agent in self.agents]
        people["team"][: len(self.agents)] = [agent.team for agent in self.agents]
        people["state"] = OFF
        for name in ("held", "linked", "prev", "next", "hands", "span", "loose"):
            people[name] = NONE
        people["shift_end"] = people["back"] = NEVER
        return people

    def _ranked(self, team: Team) -> list[tuple[int, int, int]]:
        """(rank, queue, overflow delay) of all the team serves and is asked for, best first."""
        rank = POLICIES[self.scenario.policy].rank
        found = []
        for q, queue in enumerate(self.scenario.queues):
            delay = self._delay(team, queue)
            if team.places[q] >= 0 and delay != NONE:
                found.append((rank(team.places[q], queue.priority_class, queue.figure_class), q, delay))
        return sorted(found)

    def _delay(self, team: Team, queue: Queue) -> int:
        """The overflow delay with which a queue asks a team; NONE if it does not."""
        steps = [step for step, pool in enumerate(queue.teams) if team.name in pool]
        return NONE if not steps else queue.delays[steps[0]] if queue.delays else 0

    def _drained(self, team: Team) -> list[tuple[int, int]]:
        """(queue, overflow delay) of all the team drains for."""
        found = [(q, self._delay(team, queue)) for q, queue in enumerate(self.scenario.queues)]
        return [(q, delay) for q, delay in found if team.drains and team.drains[q] and delay != NONE]

    def _caps(self, team: Team) -> list[int]:
        """Contacts of each channel that one agent may hold; 0 where the team serves none of it."""
        stated = dict(team.concurrency)
        served = {queue.channel for q, queue in enumerate(self.scenario.queues) if team.places[q] >= 0}
        return [stated.get(c.name, c.concurrency) if c.name in served else 0 for c in self.scenario.channels]

    # ------------------------------------------------------------ what segments are offered

    def _lay_offers(self) -> None:
        offers: list[tuple[int, int, float]] = []
        steps: list[tuple[int, float]] = []
        for segment in self.scenario.segments:
            for plan, _ in plans_of(self.scenario, segment.name):
                first, cumulated = len(steps), 0.0
                for step in plan.steps:
                    cumulated += step.share
                    steps.append((self.channel_index[step.channel], cumulated))
                offers.append((first, len(steps), plan.asks))
        streams = [
            (self.channel_index[s.channel] if s.returns_within and s.channel else NOBODY,)
            for s in self.scenario.streams
        ]
        self.tables["offers"] = _table(OFFER, offers)
        self.tables["steps"] = _table(STEP, steps)
        self.tables["streams"] = _table(STREAM, streams)

    # ------------------------------------------------------------ filler, promises, heads

    def _lay_fillers(self) -> None:
        """Filler work, in the order of its queues."""
        queue_of, s, t = self.tables["queue_of"]["value"], len(self.scenario.segments), len(self.scenario.topics)
        rows: list[tuple[Any, ...]] = []
        for number, stream in enumerate(self.scenario.streams):
            if stream.kind == "endless" and stream.channel is not None and not is_gone(self.scenario, stream):
                segment, topic = self.segment_index[stream.segment], self.topic_index[stream.topic]
                q = int(queue_of[(self.channel_index[stream.channel] * s + segment) * t + topic])
                rows.append((q, number, segment, topic, fates.entity("filler", stream.name), 0))
        rows.sort()
        self.fillers = len(rows)
        self.tables["fillers"] = _table(FILLERS, rows)

    def _lay_promises(self) -> None:
        """What rules have to know of the promises."""
        rows: list[tuple[Any, ...]] = []
        covers: list[int] = []
        opening: list[tuple[int, int, int]] = []
        for promise in self._promises():
            first, replies = len(opening), int(promise.clock == "first_reply")
            if not promise.hours.always:
                opening += _opening(open_ticks(promise.hours, self.timeline))
            manners = (int(promise.counted != "answered only"), int(promise.counted.startswith("brief")))
            rows.append((replies, promise.limit, int(promise.hours.always), first, len(opening), *manners))
            covers += [int(covered) for covered in promise.queues]
        self.tables["promised"] = _table(PROMISED, rows)
        self.tables["covers"] = _index(covers)
        self.tables["opening"] = _table(OPENING, opening)

    def _promises(self) -> tuple[Promise, ...]:
        """Those that rules ask for: where the policy goes by due ticks, or customers leave for what is broken."""
        asked = self._key_of_policy() == DUE_TICK or self.feedback
        return self.scenario.promises if asked else ()

    def heads(self, team: int) -> list[tuple[int, int]]:
        """(tick, heads from then on) of a team's curve in play: its changes, 0 heads before the first."""
        found: list[tuple[int, int]] = []
        for at, heads in self.scenario.teams[team].heads or ():
            tick = max(0, at + self.timeline.counted_from)
            if found and found[-1][0] == tick:
                found.pop()
            if heads != (found[-1][1] if found else 0):
                found.append((tick, heads))
        return [step for step in found if step[0] < self.timeline.end]

    @property
    def rosters_vary(self) -> bool:
        """Whether chance decides about anybody's day: absence, or blocks off the desk."""
        return any(team.absence or team.off_desk for team in self.scenario.teams)

    def features(self) -> tuple[int, ...]:
        """Policy's key; is anything interruptible, any overflow delay, any speeds, factors of hours; filler queues."""
        channels = self.scenario.channels
        loose = any(channel.interruptible for channel in channels)
        delays = any(delay > 0 for queue in self.scenario.queues for delay in queue.delays)
        speeds, hours = any(channel.speeds for channel in channels), any(channel.by_hour for channel in channels)
        return self._key_of_policy(), int(loose), int(delays), int(speeds), int(hours), self.fillers

    def places(self) -> int:
        """Contacts all agents together may have in hand at most."""
        return int(self.tables["teams"]["most"].max()) * len(self.agents)


def _opening(hours: OpenTicks) -> list[tuple[int, int, int]]:
    """(begin, end, open ticks before) of every window."""
    found, before = [], 0
    for begin, end in zip(hours.begins, hours.ends, strict=True):
        found.append((begin, end, before))
        before += end - begin
    return found
