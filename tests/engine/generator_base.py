"""The plain part of a nasty scenario: who comes, on which channels, and who is there to serve.

Whole minutes (so that ties are everywhere), events exactly at the horizon, shifts that end in mid-contact, no
patience, no work, one agent, no agent.  What is less common is put on top by the twists (generator.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from generator_choices import EVERY_DAY, MONDAY, SPRING, SUNDAY, Choices, column

from supportsim.scenario import model
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER

POLICIES = ("priority", "fifo", "own_first", "ageing", "deadline", "shortest")


def _only(plan: str) -> model.PlanShare:
    return model.PlanShare(plan, 1.0)


class Maker:
    """One scenario."""

    def __init__(self, choices: Choices) -> None:
        self.by = choices
        self.two_days = choices.chance(15)
        self.zones = ("UTC",) if choices.chance(80) else ("UTC", "Europe/Berlin")
        self.minutes = choices.whole(4, 40)  # of counted time beyond whole days; few minutes, many ties
        self.spring = choices.chance(6)
        self.weekend = choices.chance(25)  # play begins on a Sunday, and so the second day is in another week
        self.theme = choices.of(("", "", "tickets", "chats", "doors", "all three"))
        self.long_work = self.two_days and choices.chance(60)
        self.around_the_clock = self.two_days and not self.long_work and choices.chance(60)
        self.slower: dict[str, tuple[int, ...]] = {}  # channels with a slow-down, in thousandths
        self.moments = [choices.whole(0, self.minutes) for _ in range(choices.whole(1, 8))]

    def scenario(self) -> model.Scenario:
        """Everything, put together."""
        by = self.by
        segments = ("one", "two")[: 1 + by.chance(45)]
        topics = ("ask", "bug")[: 1 + by.chance(35)]
        channels = self._channels()
        names = tuple(c.name for c in channels)
        plans = tuple(self._plan(f"plan {s}", names) for s in segments)
        teams = self._teams(names)
        grid = [(c, s, t) for c in names for s in segments for t in topics]
        teams = tuple(replace(team, places=self._places(len(grid))) for team in teams)
        teams = self._everybody_served(teams, len(grid))
        queues = tuple(self._queue(i, place, teams) for i, place in enumerate(grid))
        return model.Scenario(
            name="nasty", title="A nasty day", currency="EUR", interval=30 * MINUTE, times=self._times(),
            segments=tuple(model.Segment(s, by.of((None, 3)), plans=(_only(f"plan {s}"),)) for s in segments),
            topics=tuple(model.Topic(t) for t in topics), channels=channels, plans=plans, queues=queues,
            teams=teams, profiles=(), streams=self._streams(segments, topics, channels),
            busyness=model.Busyness(), promises=(), policy=by.of(POLICIES), classes=(),
        )  # fmt: skip

    # ------------------------------------------------------------ time

    def _times(self) -> model.Times:
        by = self.by
        kind = by.of(("goes on", "none", "stops", "until empty", "until empty, stops"))
        run_out = 0 if kind == "none" else by.whole(1, 15) * MINUTE
        return model.Times(
            SPRING if self.spring else SUNDAY if self.weekend else MONDAY,
            self.zones[-1] if by.chance(50) else "UTC",
            int(self.two_days), self.minutes * MINUTE, warm_up_ticks=by.of((0, 0, 3)) * MINUTE,
            run_out_ticks=run_out, run_out_until_empty="until empty" in kind, run_out_demand="stops" not in kind,
        )  # fmt: skip

    def minute(self) -> int:
        """A tick at a whole minute somewhere in play, the horizon of counted time included."""
        late = DAY if self.two_days and self.by.chance(60) else 0
        minute = self.by.of(self.moments) if self.by.chance(50) else self.by.whole(0, self.minutes)
        return late + minute * MINUTE

    def window(self) -> tuple[int, int]:
        """A stretch of the day, in ticks since midnight."""
        begin = self.by.whole(0, self.minutes)
        base = 2 * HOUR if self.spring and self.by.chance(50) else 0
        return base + begin * MINUTE, base + (begin + self.by.whole(1, 25)) * MINUTE

    def duration(self, zero: int = 15) -> int:
        """Some minutes of work or patience, or none."""
        by = self.by
        if self.long_work and by.chance(50):
            return DAY - by.whole(1, 15) * MINUTE
        return 0 if by.chance(zero) else by.whole(1, 7) * MINUTE

    def law(self, zero: int = 15) -> model.Law:
        """Mostly constant whole minutes; sometimes chance."""
        by = self.by
        if by.chance(85):
            return model.Law("constant", (float(self.duration(zero)),))
        if by.chance(50):
            return model.Law("uniform", (0.0, float(6 * MINUTE)), at_zero=by.of((0.0, 0.3)))
        return model.Law("exponential", (float(2 * MINUTE),), at_most=by.of((None, float(3 * MINUTE))))

    # ------------------------------------------------------------ channels

    def _channels(self) -> tuple[model.Channel, ...]:
        by = self.by
        kinds = {"phone": "live", "chat": "live", "ticket": "deferred", "mail": "deferred"}
        often = {"mail": 20}
        names = [name for name in kinds if by.chance(often.get(name, 60))] or [by.of(tuple(kinds))]
        wanted = {"tickets": ("ticket",), "chats": ("chat",), "all three": ("phone", "chat", "ticket")}
        names = [name for name in kinds if name in names or name in wanted.get(self.theme, ())]
        return tuple(self._channel(name, kinds[name]) for name in names)

    def _channel(self, name: str, kind: Any) -> model.Channel:
        by, live = self.by, kind == "live"
        most = by.whole(1, 3) if by.chance({"phone": 20, "chat": 70}.get(name, 35)) else 1
        if self.theme == "chats" and name == "chat":
            most = by.whole(2, 3)
        outcomes = ("abandoned", "busy", "closed", "disconnected") if live else ("withdrew", "closed")
        after = [self.after(o) for o in (*outcomes, "unresolved", "solved") if by.chance(40)]
        return model.Channel(
            name, kind, self._calendar(name), at_close=by.of(("serve", "turn_away")),
            lines=by.of((None, None, 1, 2, 3)) if live else None,
            waiting_room=by.of((None, None, 0, 1)) if live else None, concurrency=most,
            at_shift_end="finish" if live else by.of(("put_down", "put_down", "finish")), after=tuple(after),
        )  # fmt: skip

    def _calendar(self, name: str) -> model.Calendar:
        by = self.by
        if by.chance({"doors": 15, "tickets": 75, "chats": 75}.get(self.theme, 50)):
            return model.Calendar("always", ((),) * 7, always=True)
        windows = sorted({self.window() for _ in range(by.whole(1, 2))})
        if len(windows) == 2 and windows[1][0] <= windows[0][1]:
            windows = [windows[0]]
        return model.Calendar(f"{name} hours", (tuple(windows),) * 7, zone=by.of(self.zones))

    def after(self, outcome: Any) -> model.After:
        """What customers do next after an outcome."""
        by = self.by
        shares: list[tuple[float, float, float, float]] = [
            (1, 0, 0, 0), (0, 0, 1, 0), (0.5, 0, 0.5, 0), (0.5, 0, 0, 0.5), (0, 0, 0.5, 0.5), (0, 0, 0, 1),
        ]  # fmt: skip
        if outcome == "closed":
            shares += [(0, 1, 0, 0), (0, 1, 0, 0), (0.5, 0.5, 0, 0)]
        if outcome == "solved":
            shares = [(1, 0, 0, 0), (0.5, 0, 0, 0.5), (1, 0, 0, 0), (0.5, 0, 0, 0.5), (0, 0, 1, 0), (0.5, 0, 0.5, 0)]
        delay = model.Law("constant", (float(by.whole(0, 3) * MINUTE),))
        chosen = by.of(shares)
        endless = chosen[0] <= 0.5 and delay.values[0] > 0 and by.chance(15)
        return model.After(outcome, *chosen, delay, None if endless else by.of((2, 3, 1, 4)))

    def _plan(self, name: str, channels: tuple[str, ...]) -> model.Plan:
        by = self.by
        if by.chance(5):
            return model.Plan(name, ())
        steps = [c for c in channels if by.chance(70)] or [by.of(channels)]
        if len(steps) > 1 and by.chance(30):
            steps.reverse()
        split = len(steps) > 1 and by.chance(40)
        shares = [0.5, 0.5] if split else [1.0]
        shares += [0.0] * (len(steps) - len(shares))
        return model.Plan(name, tuple(model.PlanStep(c, s) for c, s in zip(steps, shares, strict=True)))

    # ------------------------------------------------------------ queues

    def work(self) -> model.Work:
        """How long a touch takes, wrap-up inside or on top."""
        by = self.by
        own = self.law() if by.chance(20) else None
        return model.Work(self.law(), by.chance(70), by.of((0.0, 0.0, 0.5, 1.0)), own)

    def _queue(self, i: int, place: tuple[str, str, str], teams: tuple[model.Team, ...]) -> model.Queue:
        by = self.by
        patience = model.NEVER_LAW if by.chance(40) else self.law(zero=25)
        work, resolves, priority = self.work(), by.of((1.0, 1.0, 0.5, 0.0)), by.whole(0, 2)
        return model.Queue(*place, work, patience, resolves, priority, self._steps(i, teams))

    def _steps(self, i: int, teams: tuple[model.Team, ...]) -> tuple[tuple[str, ...], ...]:
        by = self.by
        able = [team for team in teams if team.places[i] >= 0]
        if len(able) > 1 and by.chance(50):
            able.reverse()
        if len(able) > 1 and by.chance(15):
            able.pop()
        if len(able) > 1 and by.chance(40):
            cut = by.whole(0, len(able) - 2)
            pool = tuple(team.name for team in able[cut : cut + 2])
            return (*((t.name,) for t in able[:cut]), pool, *((t.name,) for t in able[cut + 2 :]))
        return tuple((team.name,) for team in able)

    def _places(self, many: int) -> tuple[int, ...]:
        return tuple(self.by.whole(0, 2) if self.by.chance(75) else -1 for _ in range(many))

    def _everybody_served(self, teams: tuple[model.Team, ...], many: int) -> tuple[model.Team, ...]:
        """The last team serves what nobody else does."""
        left = {i for i in range(many) if all(team.places[i] < 0 for team in teams)}
        places = tuple(0 if i in left else place for i, place in enumerate(teams[-1].places))
        return (*teams[:-1], replace(teams[-1], places=places))

    # ------------------------------------------------------------ teams

    def _teams(self, channels: tuple[str, ...]) -> tuple[model.Team, ...]:
        return tuple(self._team(f"team {n}", channels) for n in "abc"[: self.by.of((1, 1, 2, 3))])

    def _team(self, name: str, channels: tuple[str, ...]) -> model.Team:
        by = self.by
        always = by.chance(15 if self.theme in ("tickets", "doors") or self.long_work else 35)
        shifts = () if always else tuple(self._shift(f"shift {n}") for n in range(by.of((1, 1, 2))))
        off = by.of((0.0, 0.0, 0.25, 0.5, 1.0))
        return model.Team(
            name, ("everything",), (), by.of((1, 1, 2, 3, 0)) if always else None, shifts,
            concurrency=((by.of(channels), by.whole(1, 3)),) if by.chance(25) else (),
            pick="lowest_id" if by.chance(25) else "longest_idle",
            absence=0.0 if always else by.of((0.5, 0.0, 0.0, 0.0, 0.5, 0.5 if self.around_the_clock else 0.0, 1.0)),
            off_desk=0.0 if always else off, off_desk_block=by.whole(1, 4) * MINUTE if off and not always else 0,
        )  # fmt: skip

    def _shift(self, name: str) -> model.Shift:
        by = self.by
        begin, end = self.window()
        if by.chance(50):
            begin = by.of((0, MINUTE))
            end = begin + by.whole(1, max(2, self.minutes)) * MINUTE
        if by.chance(15) and begin < self.minutes * MINUTE:
            end = self.minutes * MINUTE
        kind = by.whole(1, 10)
        if kind == 1:  # from the evening before
            begin, end = DAY - by.whole(1, 20) * MINUTE, DAY + by.whole(1, self.minutes) * MINUTE
        elif kind == 2 or (self.long_work and kind < 8):  # nearly round the clock: the next one follows soon
            end = begin + DAY - by.whole(1, 6) * MINUTE
        elif kind == 3 or self.around_the_clock:  # one day's touches the next day's, or nearly so
            end = begin + DAY - by.of((0, 0, 0, 1)) * MINUTE
        breaks = tuple(self._break(begin, end) for _ in range(by.of((0, 0, 1, 1, 2)) if end - begin > MINUTE else 0))
        off_days = (MONDAY,) if by.chance(4) else ()
        return model.Shift(name, EVERY_DAY, begin, end, by.of((1, 1, 2, 3)), breaks, by.of(self.zones), off_days)

    def _break(self, begin: int, end: int) -> model.Break:
        by = self.by
        minutes = (end - begin) // MINUTE
        length = by.whole(1, min(4, minutes - 1))
        earliest = by.whole(0, min(25, minutes - length))
        latest = earliest
        if by.chance(30):
            latest = min(minutes, earliest + length + by.whole(1, 12))
        length, earliest, latest = length * MINUTE, begin + earliest * MINUTE, begin + latest * MINUTE
        return model.Break(length, by.chance(50), earliest, latest)

    # ------------------------------------------------------------ demand

    def _streams(
        self, segments: tuple[str, ...], topics: tuple[str, ...], channels: tuple[model.Channel, ...]
    ) -> tuple[model.Stream, ...]:
        by = self.by
        streams = [self._trace("trace", len(segments), len(topics), len(channels))]
        if by.chance(30):
            streams.append(self._trace("a second trace", len(segments), len(topics), len(channels)))
        if by.chance(15):
            rates = tuple((day, 0, DAY // 2, 8.0) for day in EVERY_DAY)
            named = by.of(channels).name if by.chance(50) else None
            streams.append(
                model.Stream("rate", "rate", segments[0], topics[-1], named, rates=rates, volume=by.of((1.0, 0.5)))
            )
        deferred = [c.name for c in channels if c.kind == "deferred"]
        if deferred and by.chance(50):
            backlog = model.Backlog(by.whole(1, 3), by.whole(0, 10) * MINUTE)
            streams.append(model.Stream("backlog", "backlog", segments[0], topics[0], by.of(deferred), backlog=backlog))
        return tuple(streams)

    def _trace(self, name: str, segments: int, topics: int, channels: int) -> model.Stream:
        by, n = self.by, self.by.whole(1, 14)
        at = sorted(self.minute() - by.of((0,) * 12 + (MINUTE, 5 * MINUTE)) for _ in range(n))
        handle = [self.duration() if by.chance(40) else -1 for _ in at]
        wrap = [by.of((-1, 0, h, h // 2)) if h >= 0 else -1 for h in handle]
        patience = [by.of((0, MINUTE, 3 * MINUTE, NEVER)) if by.chance(35) else -1 for _ in at]
        trace = model.Trace(
            column(at, np.int64), column([by.whole(0, segments - 1) for _ in at], np.int32),
            column([by.whole(0, topics - 1) for _ in at], np.int32),
            column([by.whole(-1, channels - 1) for _ in at], np.int32), column(handle, np.int64),
            column(wrap, np.int64), column(patience, np.int64), sha256=name,
        )  # fmt: skip
        return model.Stream(name, "trace", "one", "ask", trace=trace)
