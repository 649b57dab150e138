"""What was missing where a promise was missed: a half-hour by hand, and parts that add up."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from measure.journals import Pen, promise, scenario

from supportsim.measure.causes import scopes
from supportsim.measure.causes_of_replies import REPLIES
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.load import load
from supportsim.scenario.model import Break, Calendar, Law, Scenario, Shift
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND
from supportsim.study.causes import PARTS, causes
from supportsim.study.causes_of_replies import PARTS as REPLY_PARTS
from supportsim.study.causes_of_replies import reply_causes
from supportsim.study.erlang import ErlangA, ErlangC
from supportsim.study.intraday import erlang
from supportsim.study.oldest import oldest
from supportsim.study.oldest_band import oldest_bands
from supportsim.study.result import Result
from supportsim.study.run import run

ROOT = Path(__file__).resolve().parents[2]


def clash() -> Scenario:
    """Three people from 8 to 12, all with their break at 9:00."""
    pause = Break(30 * MINUTE, True, 9 * HOUR, 9 * HOUR)
    shift = Shift("day", tuple(range(7)), 8 * HOUR, 12 * HOUR, 3, (pause,))
    base = scenario(promises=(promise(), promise("mail", ("ticket",), limit=HOUR)))
    return replace(base, teams=(replace(base.teams[0], agents=None, shifts=(shift,)),))


class Clashing:
    """1: one absent, one at his break, one comes to his 15 min late; three calls of 10 min wait half a minute.

    2: all take their break, and the one call of 5 min is answered at once; at 10:00 one is off the desk for an hour.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen, nine = Pen(DAY), 9 * HOUR
        breaks = ((0, nine), (2, nine + 15 * MINUTE)) if replication == 1 else ((a, nine) for a in range(3))
        for agent, begin in breaks:
            pen.span(agent, "available", 8 * HOUR, begin)
            pen.span(agent, "break_paid", begin, begin + 30 * MINUTE)
            away = 60 * MINUTE if (replication, agent) == (2, 0) else 0
            if away:
                pen.span(agent, "available", begin + 30 * MINUTE, 10 * HOUR)
                pen.span(agent, "block", 10 * HOUR, 10 * HOUR + away)
            pen.span(agent, "available", 10 * HOUR + away if away else begin + 30 * MINUTE, 12 * HOUR)
        if replication == 1:
            pen.span(1, "absent", 8 * HOUR, 12 * HOUR)
        for i in range(3 if replication == 1 else 1):
            wait, work = (30 * SECOND, 10 * MINUTE) if replication == 1 else (0, 5 * MINUTE)
            pen.served(nine + i * MINUTE, wait, work, agent=2)
        return measured(pen.journal(replication), self.yardstick)


def test_a_half_hour_by_hand() -> None:
    found = causes(run(clash(), 2, jobs=1, make=Clashing))
    assert found["promise"].tolist() == ["p"]  # a first reply is told by the day
    row = found.iloc[0]
    assert (row["bin"], row["cases"], row["missed"], row["days_missed_in_100"]) == ("09:00", 2, 1, 50)
    aht = 35 * 60 / 4  # 35 minutes of work on four calls; two calls are expected
    even = 90 / (2 * 3 * 4 * 60)  # of all rostered minutes those rostered here
    breaks, off_desk = (5 * 30) * even, 60 * even  # who is absent has no break
    agents = next(n for n in range(1, 9) if ErlangC(n, 2 / 1800, aht).service_level(20) >= 0.8)
    minutes = {
        "volume": aht / 60,
        "handle_time": 30 - 3 * aht / 60,
        "absence": 30 - 15,
        "off_desk": 0 - off_desk,
        "breaks": 60 - breaks,  # of the two who came
        "late": 45 - 60,
        "roster": 30 * agents - (90 - 15 - breaks - off_desk),
    }
    assert [row[f"{part}_h"] * 60 for part in PARTS] == pytest.approx([minutes[part] for part in PARTS])
    assert row["needed_h"] * 60 == pytest.approx(30 * agents + 12.5)
    assert row["present_h"] * 60 == 15
    assert row["shortage_h"] * 60 == pytest.approx(sum(minutes.values()))
    assert row["cause"] == "breaks"


class Ticketing:
    """An hour to reply.  1: of three tickets one is late, one in time, one waits; a call of 20 min, a break of 30.

    2: one ticket of 40 min, at once.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen, first = Pen(DAY), replication == 1
        pen.span(0, "available", 8 * HOUR, 12 * HOUR)
        pen.span(1, "available", 8 * HOUR, 10 * HOUR)
        pen.span(1, "break_paid" if first else "available", 10 * HOUR, 10 * HOUR + 30 * MINUTE)
        pen.span(1, "available", 10 * HOUR + 30 * MINUTE, 12 * HOUR)
        if first:
            pen.served(7 * HOUR, HOUR, 30 * MINUTE, queue=1)
            pen.served(8 * HOUR + 30 * MINUTE, 0, 30 * MINUTE, queue=1)
            pen.waiting(11 * HOUR, queue=1)
            pen.served(9 * HOUR, 0, 20 * MINUTE, agent=1)
        else:
            pen.served(8 * HOUR, 0, 40 * MINUTE, queue=1)
        return measured(pen.journal(replication), self.yardstick)


def test_a_day_of_late_replies_by_hand() -> None:
    found = reply_causes(run(clash(), 2, jobs=1, make=Ticketing))
    assert len(found) == 1
    row = found.iloc[0]
    assert row[["promise", "day", "cases", "missed", "due", "late"]].tolist() == ["mail", "Mon 2026-03-02", 2, 1, 3, 2]
    handle = 100 / 3  # of three tickets in all; two a day are expected
    minutes = {
        "carried_in": 0,
        "volume": (3 - 2) * handle,
        "handle_time": 60 - 2 * handle,
        "absence": 0,
        "off_desk": 0,
        "breaks": 30 - 15,
        "live": 20 - 10,
        "other": 0,
        "overtime": 0,
        "idle": 480 - 30 - 80,
        "roster": 2 * handle - (480 - 15 - 10),
    }
    assert [row[f"{part}_h"] * 60 for part in REPLY_PARTS] == pytest.approx(list(minutes.values()))
    assert (row["left"], row["left_h"] * 60) == (1, pytest.approx(sum(minutes.values())))
    assert (row["left_h"] * 60, row["cause"]) == (pytest.approx(handle), "volume")


class Meeting:
    """Three people from 8 to 12, one of them in a meeting all day.  Three calls of 10 min wait half a minute."""

    begin, until = 8 * HOUR, 12 * HOUR

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen, nine = Pen(DAY), 9 * HOUR
        for agent in range(3):
            pen.span(agent, "available", 8 * HOUR, self.begin if agent == 1 else 12 * HOUR)
        pen.span(1, "block", self.begin, self.until)
        pen.span(1, "available", self.until, 12 * HOUR)
        for i in range(3):
            pen.served(nine + i * MINUTE, 30 * SECOND, 10 * MINUTE, agent=2)
        return measured(pen.journal(replication), self.yardstick)


class Short(Meeting):
    """The same with the meeting in this half-hour alone."""

    begin, until = 9 * HOUR, 9 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("make", "off_desk", "left", "cause"),
    [(Meeting, 30 - 30, 90 - 30, "roster"), (Short, 30 - 30 / 8, 90 - 30 / 8, "off_desk")],
)
def test_who_is_away_all_day_is_missing_in_the_roster_who_meets_now_is_not(
    make: type[Meeting], off_desk: float, left: float, cause: str
) -> None:
    """In both two are there and three are asked for; of the eight half-hours the short meeting lies in one."""
    (team,) = clash().teams
    team = replace(team, shifts=(replace(team.shifts[0], breaks=()),))
    row = causes(run(replace(clash(), teams=(team,)), 1, jobs=1, make=make)).iloc[0]
    agents = next(n for n in range(1, 9) if ErlangC(n, 3 / 1800, 600).service_level(20) >= 0.8)
    assert agents == 3
    assert row["off_desk_h"] * 60 == pytest.approx(off_desk)
    assert row["roster_h"] * 60 == pytest.approx(30 * agents - left)
    assert row["shortage_h"] * 60 == pytest.approx(30 * agents - 60)
    assert row["cause"] == cause


class Both(Short):
    """The same with a call on the second line, which nobody leaves."""

    def __call__(self, replication: int) -> Measured:
        pen = Pen(DAY)
        for agent in range(3):
            pen.span(agent, "available", 8 * HOUR, 12 * HOUR)
        for i in range(3):
            pen.served(9 * HOUR + i * MINUTE, 30 * SECOND, 10 * MINUTE, agent=2)
        pen.served(11 * HOUR, 0, MINUTE, queue=1)
        return measured(pen.journal(replication), self.yardstick)


@pytest.mark.parametrize(("make", "formula"), [(Short, "A"), (Both, "C")])
def test_one_formula_speaks_for_the_desk_as_in_the_figures(make: type[Meeting], formula: str) -> None:
    """On one line customers give up after 5 s in the mean; where another line has calls that nobody leaves, C does."""
    base = clash()
    second = promise("second", limit=HOUR, queues=(False, True))
    phone = replace(base.queues[0], patience=Law("exponential", (5.0 * SECOND,)))
    desk = replace(
        base, promises=(promise(), second), queues=(phone, base.queues[1]),
        channels=(base.channels[0], replace(base.channels[1], kind="live")),
    )  # fmt: skip
    result = run(desk, 1, jobs=1, make=make)
    row = causes(result).iloc[0]
    assert erlang(result) == f"Erlang {formula}"
    heads = {
        name: next(n for n in range(1, 20) if law(n).service_level(20) >= 0.8)
        for name, law in (("C", lambda n: ErlangC(n, 3 / 1800, 600)), ("A", lambda n: ErlangA(n, 3 / 1800, 600, 5)))
    }
    assert heads["A"] != heads["C"]
    assert row["needed_h"] * 2 == pytest.approx(heads[formula])  # half an hour of each


def test_an_interval_that_is_never_missed_has_no_cause() -> None:
    found = causes(replace(run(clash(), 2, jobs=1, make=Clashing), scenario=clash()), single=True)
    assert found["bin"].tolist() == ["2026-03-02T09:00:00+00:00"]
    never = causes(run(replace(clash(), promises=(promise(share=0.0),)), 2, jobs=1, make=Clashing))
    assert (never["missed"].tolist(), never["cause"].tolist()) == ([0], [""])
    assert never[[f"{part}_h" for part in PARTS]].isna().all(axis=None)


def test_who_is_asked_after_the_limit_cannot_keep_a_promise() -> None:
    base = scenario(promises=(promise(),))
    second = replace(base.teams[0], name="second")
    for delay, counts in ((20 * SECOND, True), (21 * SECOND, False)):
        phone = replace(base.queues[0], teams=(("desk",), ("second",)), delays=(0, delay))
        found = scopes(replace(base, queues=(phone, base.queues[1]), teams=(base.teams[0], second)))
        assert found[0].teams.tolist() == [True, counts]
        assert [part.channel for part in found[0].parts] == ["phone"]


@lru_cache(maxsize=1)
def played() -> Result:
    return run(load(ROOT / "configs" / "saas" / "today.yaml", {"length": "1 week", "warm_up": "1 day"}), 3)


@pytest.mark.parametrize("single", [False, True])
def test_parts_add_up_in_a_week_of_a_shipped_scenario(single: bool) -> None:
    found = causes(played(), single)
    some = found[found["missed"] > 0]
    assert len(some) > 100
    parts = some[[f"{part}_h" for part in PARTS]]
    np.testing.assert_allclose(parts.sum(axis=1), some["needed_h"] - some["present_h"], atol=1e-12)
    short = some["shortage_h"] > 1e-9
    assert (some["cause"][short] == parts[short].idxmax(axis=1).str.removesuffix("_h")).all()
    assert (some["cause"][~short] == "").all()  # missed by chance: nothing was short
    assert short.sum() > 0


def test_parts_of_late_replies_add_up_in_a_week_of_a_shipped_scenario() -> None:
    found = reply_causes(played())
    some = found[found["missed"] > 0]
    assert set(some["promise"]) >= {"premium_tickets", "standard_tickets"}
    parts = some[[f"{part}_h" for part in REPLY_PARTS]]
    np.testing.assert_allclose(parts.sum(axis=1), some["left_h"], atol=1e-9)
    assert found["late"].max() > 0
    backlog = played().backlog
    sunday = backlog[(backlog["segment"] == "premium") & (backlog["start"].str.startswith("2026-03-15T23:30"))]
    late = played().cause_sums.replies[0, REPLIES.index("open_after"), 0, -1] / 3  # two tables, one number
    assert late == pytest.approx(sunday.filter(like="age_").to_numpy().sum())


def test_the_oldest_as_people_go_home_by_hand() -> None:
    """They leave at 12:00.  1: a ticket of 11:00 is open then and to the end; 2: nothing is open."""
    found = oldest(run(clash(), 2, jobs=1, make=Ticketing))
    rows = found.set_index("at")
    noon = rows.loc["Mon 12:00"]
    assert noon[["open", "oldest_h", "oldest_max_h", "some_open_in_100", "occasions"]].tolist() == [0.5, 1, 1, 50, 2]
    assert rows.index[rows["ends_working_day"] == 1].tolist() == ["Mon 12:00"]
    assert rows.loc["Mon 24:00", "oldest_max_h"] == 13
    assert math.isnan(rows.loc["Mon 10:00", "oldest_h"])


def test_the_oldest_over_the_day_by_hand() -> None:
    """At 12:00 it is an hour old in one replication, nothing is open in the other; an hour of 8 to 12 is promised."""
    office = Calendar("office", (((8 * HOUR, 12 * HOUR),),) * 7)
    base = clash()
    desk = replace(base, promises=(replace(base.promises[1], hours=office),))
    (ages,) = oldest_bands(run(desk, 2, jobs=1, make=Ticketing))
    assert (ages.channel, ages.segment, ages.promise) == ("ticket", "customers", desk.promises[0])
    bins = {name: ages.cut.labels.index(name) for name in ("07:30", "08:00", "11:00", "11:30", "12:00")}
    noon = bins["11:30"]
    assert (ages.middle[noon], ages.low[noon], ages.high[noon]) == (0.5, 0, 1)  # of two, all is within the interval
    assert (ages.p05[noon], ages.p95[noon]) == pytest.approx((0.05, 0.95))
    assert ages.middle[bins["07:30"]] == 0.5  # the ticket of 7:00, just before it is taken up
    assert [ages.late_from[bins[b]] for b in ("07:30", "08:00", "11:30", "12:00")] == [21, 21, 1, 1.5]
    assert ages.empty[bins["12:00"]]
    assert not ages.empty[noon]
    assert not ages.past.any()
    long = replace(desk, promises=(replace(desk.promises[0], limit=70 * 4 * HOUR),))
    (never,) = oldest_bands(run(long, 1, jobs=1, make=Ticketing))
    assert np.isnan(never.late_from).all()  # four hours on each of 60 days are laid out before play
    strict = replace(desk, promises=(replace(desk.promises[0], limit=30 * MINUTE),))
    (one,) = oldest_bands(run(strict, 1, jobs=1, make=Ticketing))
    assert (one.middle[noon], np.isnan(one.low).all()) == (1, True)
    late = [bins["08:00"], *range(noon, 48)]  # at 8:30, and from 12:00 on
    assert np.flatnonzero(one.past).tolist() == late


def test_sums_are_the_same_for_any_number_of_threads_and_without_a_journal() -> None:
    one = played()
    for other in (run(one.scenario, 3, jobs=2), run(one.scenario, 3, keep_journal=False)):
        pairs = zip((*one.wait_classes, one.age_sums, one.waiting, *one.cause_sums),
                    (*other.wait_classes, other.age_sums, other.waiting, *other.cause_sums), strict=True)  # fmt: skip
        for mine, theirs in pairs:
            assert mine.dtype == theirs.dtype
            assert (mine == theirs).all()


def test_the_tables_agree_where_they_tell_the_same() -> None:
    found = played()
    ticket = found.intervals[found.intervals.channel == "ticket"].reset_index(drop=True)
    bands = found.backlog.drop(columns=["start", "channel", "segment", "oldest_h"])
    np.testing.assert_allclose(bands.sum(axis=1), ticket["backlog"], rtol=1e-12)
    teams = found.teams[found.teams.team != "all"].set_index("team")
    bridge = found.bridge.groupby("team", sort=False).sum(numeric_only=True)
    np.testing.assert_allclose(bridge, teams[bridge.columns].loc[bridge.index], atol=1e-9)
    for table in (bridge, teams):
        away = table.absent_h + table.off_desk_h + table.breaks_paid_h + table.breaks_unpaid_h
        np.testing.assert_allclose(table.rostered_h, away + table.present_h, atol=1e-9)
        np.testing.assert_allclose(table.present_h, table.handling_h + table.wrap_up_h + table.idle_h, atol=1e-9)
