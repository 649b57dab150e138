"""From what is written to what is meant: resolved scenarios, whole and in parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from loader_texts import PHONES, VALID

from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import (
    NEVER_LAW,
    NOTHING,
    After,
    Backlog,
    Break,
    Busyness,
    Calendar,
    Channel,
    Law,
    Plan,
    PlanShare,
    PlanStep,
    Promise,
    Queue,
    Scenario,
    Segment,
    Shift,
    Stream,
    Team,
    Times,
    Topic,
    Work,
)
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER, SECOND

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = ((9 * HOUR, 17 * HOUR),)


def test_a_small_desk_whole() -> None:
    always = Calendar("always", (), zone="Europe/London", always=True)
    hours = Calendar("channels.phone.open", (OFFICE,) * 5 + ((), ()), zone="Europe/London")
    assert load_text(PHONES) == Scenario(
        name="phones",
        title="",
        times=Times(date(2026, 3, 2), "Europe/London", 7, 0),
        currency="",
        interval=30 * MINUTE,
        segments=(Segment("customers", None, plans=(PlanShare("phone only", 1.0),)),),
        topics=(Topic("general"),),
        channels=(
            Channel(
                "phone",
                "live",
                hours,
                after=(After("abandoned", 0.5, 0.0, 0.0, 0.5, Law("constant", (600.0 * SECOND,)), 2),),
            ),
        ),
        plans=(Plan("phone only", (PlanStep("phone", 1.0),)),),
        queues=(
            Queue(
                "phone",
                "customers",
                "general",
                Work(Law("constant", (300.0 * SECOND,)), True, 0.2),
                Law("constant", (240.0 * SECOND,)),
                1.0,
                0,
                (("desk",),),
            ),
        ),
        teams=(
            Team(
                "desk",
                ("phone",),
                (0,),
                None,
                (
                    Shift(
                        "day",
                        (0, 1, 2, 3, 4),
                        9 * HOUR,
                        17 * HOUR,
                        3,
                        (Break(30 * MINUTE, False, 12 * HOUR, 14 * HOUR),),
                        "Europe/London",
                    ),
                ),
                zone="Europe/London",
            ),
        ),
        profiles=(),
        streams=(
            Stream(
                "calls",
                "rate",
                "customers",
                "general",
                volume=1.1,
                zone="Europe/London",
                rates=tuple((day, 0, DAY, 20.0) for day in range(7)),
            ),
        ),
        busyness=Busyness(),
        promises=(Promise("fast", ("phone",), (True,), "answer", 20 * SECOND, 0.8, always),),
        policy="priority",
        classes=("phone",),
    )


def test_every_default_is_told() -> None:
    assert load_text(PHONES).defaults == (
        "warm_up: none, play begins empty at the start",
        "run_out: none, what is open at the end stays open",
        "interval: 30 min (of tables and plots)",
        "currency: none stated, amounts stand without a sign",
        "plan: phone, the only channel, for every segment without a plan",
        "segments: one, customers, anonymous: every issue has its own customer",
        "topics: one, general",
        "channels.phone.at_close: serve those waiting",
        "channels.phone.resolves: 100%",
        "channels.phone.after.closed: give up, the issue ends there",
        "channels.phone.after.disconnected: give up, the issue ends there",
        "channels.phone.at_shift_end: finish",
        "teams.desk.pick: longest idle",
        "teams.desk.wage: none, hours cost nothing",
        "teams.desk.shrinkage: none beside the breaks",
        "promises.fast.judged: weekly",
        "promises.fast.hours: always",
        "promises.fast.counted: answered/offered",
        "routing.policy: priority",
        "busyness: none",
        "demand.calls.holiday_volume: x 1",
        "demand.calls.timezone: its segment's, else the scenario's",
        "demand.calls.busyness: as at the top",
        "channels.phone.timezone: the scenario's",
        "channels.phone.lines, waiting_room: no limit",
        "channels.phone.concurrency: 1",
        "channels.phone.last_chat, wait_limit, by, by_hour, cost: none",
        "channels.phone.keeps: a new patience each time",
        "promises.fast.penalty, penalty_lost, credit: none",
        "teams.desk.timezone: the scenario's",
        "teams.desk.concurrency: the channel's",
        "teams.desk.proficiency: x 1",
        "teams.desk.seat, drain_for, activities: none",
        "teams.desk.shifts.day.on_holidays: as on other days",
        "teams.desk.shifts.day.weeks: every week",
        "teams.desk.shifts.day.from, until: none",
    )


def changed(*changes: tuple[str, str]) -> Scenario:
    return load_text(PHONES, changes=changes)


@pytest.fixture(scope="module")
def desk() -> Scenario:
    return load(VALID / "desk.yaml")


# -- the smallest file -----------------------------------------------------------------------------------
def test_the_smallest_file_is_a_whole_desk() -> None:
    scenario = load(VALID / "smallest.yaml")
    (stream,), (queue,) = scenario.streams, scenario.queues
    assert (stream.kind, stream.counts, stream.returns_within) == ("forecast", "offered calls", True)
    assert stream.cells is not None
    assert len(stream.cells.counts) == len(stream.cells.aht) == 20
    assert stream.cells.aht[0] == 320 * SECOND
    assert queue.work == Work(Law("lognormal", (1.0, 0.8), from_forecast=True), True, 0.15)
    assert scenario.teams[0].shifts[0].breaks[1] == Break(15 * MINUTE, True, 10 * HOUR, 10 * HOUR)
    assert scenario.notes == ()


# -- times -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("length", "90 min", {"length_days": 0, "length_ticks": 90 * MINUTE}),
        ("length", "1 day 6 h", {"length_days": 1, "length_ticks": 6 * HOUR}),
        ("warm_up", "2 weeks", {"warm_up_days": 14, "warm_up_ticks": 0}),
        ("run_out", "3 days", {"run_out_days": 3, "run_out_until_empty": False, "run_out_demand": True}),
        ("run_out", "3 days, demand stops", {"run_out_days": 3, "run_out_demand": False}),
        ("run_out", "until empty, at most 3 days", {"run_out_days": 3, "run_out_until_empty": True}),
        (
            "run_out",
            "until empty, at most 8 h, demand stops",
            {"run_out_ticks": 8 * HOUR, "run_out_until_empty": True, "run_out_demand": False},
        ),
        (
            "run_out",
            "{at_most: 3 days, until_empty: yes, demand: stops}",
            {"run_out_days": 3, "run_out_until_empty": True, "run_out_demand": False},
        ),
    ],
)
def test_times_as_written(key: str, text: str, expected: dict[str, Any]) -> None:
    times = changed((key, f'"{text}"' if "," in text and "{" not in text else text)).times
    assert {name: getattr(times, name) for name in expected} == expected


# -- names -----------------------------------------------------------------------------------------------
def test_countries_and_switch_words_are_names_like_any_other() -> None:
    text = PHONES.replace("demand:", "segments: {NO: {}, SE: {}, on: {}, y: {}}\ndemand:")
    text = text.replace("calls: {rate", "calls: {segment: NO, rate")
    assert [each.name for each in load_text(text).segments] == ["NO", "SE", "on", "y"]


def test_the_name_of_the_file_is_the_default_name() -> None:
    text = PHONES.replace("name: phones\n", "")
    assert load_text(text, "monday.yaml").name == "monday"
    assert load_text(text, "<text>").name == "scenario"


# -- demand ----------------------------------------------------------------------------------------------
def test_rates_by_hour_by_day_and_by_both() -> None:
    hours = changed(("demand.calls.rate", "{00:00-07:00: 2/h, 22:00-24:00: 1/h}")).streams[0].rates
    assert hours[:2] == ((0, 0, 7 * HOUR, 2.0), (0, 22 * HOUR, DAY, 1.0))
    assert len(hours) == 14
    days = changed(("demand.calls.rate", "{mon-tue: {08:00-12:00: 40/h}, sat: 10/h}")).streams[0].rates
    assert days == ((0, 8 * HOUR, 12 * HOUR, 40.0), (1, 8 * HOUR, 12 * HOUR, 40.0), (5, 0, DAY, 10.0))


def test_a_rate_across_midnight_belongs_to_two_days() -> None:
    rates = changed(("demand.calls.rate", "{sun: {22:00-02:00: 6/h}}")).streams[0].rates
    assert rates == ((0, 0, 2 * HOUR, 6.0), (6, 22 * HOUR, DAY, 6.0))


def test_offered_calls_and_returns() -> None:
    text = (VALID / "smallest.yaml").read_text(encoding="utf-8")
    fresh = load_text(text.replace("counts: offered calls", 'counts: "offered calls, 22% returns"'), folder=VALID)
    assert (fresh.streams[0].volume, fresh.streams[0].returns_within) == (0.78, False)
    first = load_text(text.replace("counts: offered calls", "counts: first contacts, exact: yes"), folder=VALID)
    assert (first.streams[0].counts, first.streams[0].busy) == ("first contacts", False)


def test_streams_of_the_desk(desk: Scenario) -> None:
    streams = {stream.name: stream for stream in desk.streams}
    assert list(streams) == [
        "free_how_to",
        "standard_how_to",
        "standard_bug",
        "premium_bug",
        "calls",
        "ticket+backlog+free",
        "ticket+backlog+standard+bug",
    ]
    assert streams["standard_bug"].volume == 1.1
    assert streams["free_how_to"].profile == "evening"
    calls = streams["calls"]
    assert (calls.busy, calls.holiday_volume) == (False, 0.3)
    assert calls.holidays == (date(2026, 4, 3), date(2026, 4, 6))
    assert streams["ticket+backlog+free"].backlog == Backlog(120, 2 * DAY)
    assert streams["ticket+backlog+standard+bug"].topic == "bug"
    assert desk.busyness == Busyness(0.08, 0.6, "day", 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{per_week: 8%}", Busyness(0.08, 0.0, "week", 0.0)),
        ("{per_replication: 8%, shared: 100%}", Busyness(0.08, 1.0, "replication", 0.0)),
        ("{per_interval: 5%}", Busyness(0.0, 0.0, "day", 0.05)),
        ("none", Busyness()),
    ],
)
def test_busyness_of_days_weeks_and_replications(text: str, expected: Busyness) -> None:
    assert changed(("busyness", text)).busyness == expected


def test_daily_totals_are_spread_by_a_profile(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text(
        "".join(["date,offered\n"] + [f"2026-03-0{day},{100 * day}\n" for day in range(2, 9)])
    )
    (tmp_path / "profile.csv").write_text("day,start,share\n" + "".join(f"{d},12:00,1\n{d},13:00,3\n" for d in WEEK))
    text = PHONES.replace("demand:", "profiles: {two: profile.csv}\ndemand:")
    text = text.replace("rate: 20/h", "daily: days.csv, profile: two, counts: issues")
    cells = load_text(text, "x.yaml", tmp_path).streams[0].cells
    assert cells is not None
    assert cells.cell == HOUR
    assert sum(cells.counts) == pytest.approx(100 * sum(range(2, 9)))
    monday = [count for day, count in zip(cells.days, cells.counts, strict=True) if day == date(2026, 3, 2).toordinal()]
    assert [count for count in monday if count] == pytest.approx([50.0, 150.0])


def test_the_only_calendar_with_holidays_is_meant() -> None:
    text = PHONES.replace("demand:", "calendars: {bank: {mon-fri: 09:00-17:00, holidays: 2026-03-04}}\ndemand:")
    text = text.replace("volume: x 1.1", "holiday_volume: x 0.5").replace("agents: 3", "agents: 3, on_holidays: nobody")
    scenario = load_text(text)
    assert scenario.streams[0].holidays == scenario.teams[0].shifts[0].off_days == (date(2026, 3, 4),)


def test_a_factor_on_patience_and_a_law_of_wrap_up() -> None:
    text = PHONES.replace("wrap_up: 20%", "wrap_up: {exponential: {mean: 30 s}}\n    by: {customers: {patience: x 2}}")
    (queue,) = load_text(text).queues
    assert queue.work == Work(Law("constant", (300e6,)), True, 0.0, Law("exponential", (30e6,)))
    assert queue.patience == Law("constant", (240e6,), factor=2.0)


def test_customers_and_plans_of_the_desk(desk: Scenario) -> None:
    assert desk.segments[1] == Segment("standard", 6000, 40.0, (PlanShare("paid", 1.0),))
    assert desk.plans[1] == Plan("paid", (PlanStep("chat", 0.75), PlanStep("ticket", 0.25)))


@pytest.mark.parametrize(
    ("steps", "shares"),
    [
        ("[phone, ticket]", (1.0, 0.0)),
        ("[60% phone, 40% ticket]", (0.6, 0.4)),
        ("[phone, 30% ticket]", (0.7, 0.3)),
        ("[ticket]", (1.0,)),
        ("[]", ()),
    ],
)
def test_the_first_step_without_a_share_takes_what_is_left(steps: str, shares: tuple[float, ...]) -> None:
    text = PHONES.replace("channels:\n", "channels:\n  ticket: {kind: deferred, handle_time: 9 min}\n")
    text = text.replace("demand:", f"plans: {{both: {steps}}}\nsegments: {{people: {{plan: both}}}}\ndemand:")
    scenario = load_text(text.replace("serves: phone", "serves: [phone, ticket]"))
    assert tuple(step.share for step in scenario.plans[0].steps) == pytest.approx(shares)


def test_the_plan_of_nothing_has_no_queue() -> None:
    text = PHONES.replace("demand:", "plans: {nothing: []}\nsegments: {people: {plan: nothing}}\ndemand:")
    assert load_text(text).queues == ()


# -- calendars -------------------------------------------------------------------------------------------
def test_calendars_of_the_desk(desk: Scenario) -> None:
    hours = desk.channels[0].hours
    morning = ((8 * HOUR, 12 * HOUR), (12 * HOUR + 30 * MINUTE, 20 * HOUR))
    assert (hours.name, hours.days) == ("long_day", (morning,) * 5 + (((10 * HOUR, 16 * HOUR),), ()))
    assert desk.promises[2].hours.holidays == (date(2026, 4, 3), date(2026, 4, 6))


def test_zones_of_channels_teams_and_streams() -> None:
    scenario = changed(
        ("channels.phone.timezone", "Asia/Tokyo"),
        ("teams.desk.timezone", "America/New_York"),
        ("demand.calls.timezone", "Australia/Lord_Howe"),
    )
    assert scenario.times.zone == "Europe/London"
    assert scenario.channels[0].hours.zone == "Asia/Tokyo"
    assert scenario.teams[0].shifts[0].zone == scenario.teams[0].zone == "America/New_York"
    assert scenario.streams[0].zone == "Australia/Lord_Howe"


def test_a_stream_has_the_zone_of_its_segment() -> None:
    text = PHONES.replace("demand:", "segments: {people: {timezone: Asia/Tokyo}}\ndemand:")
    assert load_text(text).streams[0].zone == "Asia/Tokyo"


def test_a_shift_across_midnight_has_its_breaks_on_the_next_day(desk: Scenario) -> None:
    owls = desk.teams[1].shifts[0]
    assert (owls.weekdays, owls.begin, owls.end) == ((0, 2, 6), 22 * HOUR, 30 * HOUR)
    assert owls.breaks == (Break(20 * MINUTE, True, 26 * HOUR, 26 * HOUR),)
    assert owls.off_days == (date(2026, 4, 3), date(2026, 4, 6))


# -- laws of queues --------------------------------------------------------------------------------------
def queue(scenario: Scenario, text: str) -> Queue:
    return next(each for each in scenario.queues if f"{each.channel} {each.segment} {each.topic}" == text)


def test_queues_are_all_that_issues_can_come_to(desk: Scenario) -> None:
    assert [f"{each.channel} {each.segment} {each.topic}" for each in desk.queues] == [
        "phone premium how_to",
        "phone premium bug",
        "chat standard how_to",
        "chat standard bug",
        "ticket free how_to",
        "ticket standard how_to",
        "ticket standard bug",
        "ticket premium how_to",
        "ticket premium bug",
    ]


def test_overrides_then_topic_then_segment(desk: Scenario) -> None:
    usual, bug = queue(desk, "phone premium how_to"), queue(desk, "phone premium bug")
    assert usual.work == Work(Law("lognormal", (390.0 * SECOND, 0.9)), True, 0.2)
    assert usual.patience == Law("weibull", (480.0 * SECOND, 0.9), at_zero=0.05, factor=1.2)
    assert usual.resolves == 0.7
    assert bug.work.law.factor == pytest.approx(1.25 * 1.6)
    assert bug.patience == Law("constant", (1200.0 * SECOND,), factor=1.2)
    assert bug.resolves == pytest.approx(0.6 * 0.8)


def test_a_factor_on_handle_time_stretches_talk_and_wrap_up_alike(desk: Scenario) -> None:
    work = queue(desk, "chat standard bug").work
    assert work == Work(
        Law("gamma", (420.0 * SECOND, 1 / 0.8**2), factor=1.6),
        False,
        0.0,
        Law("constant", (60.0 * SECOND,), factor=1.6),
    )


def test_the_most_specific_override_wins_and_of_two_the_later() -> None:
    text = """name: by
start: 2026-03-02
length: 1 day
segments: {gold: {}, iron: {}}
topics: {bug: {}, bill: {}}
channels:
  phone:
    kind: live
    handle_time: 1 min
    by:
      gold bug: {handle_time: 2 min, resolves: x 0.5}
      gold: {handle_time: 3 min, patience: 9 min}
      bug: {handle_time: 4 min, resolves: 60%}
      iron: {handle_time: x 2}
      bill: {talk_time: 5 min, wrap_up: 10 s}
demand:
  a: {segment: gold, topic: bug, rate: 1/h}
  b: {segment: gold, topic: bill, rate: 1/h}
  c: {segment: iron, topic: bug, rate: 1/h}
teams: {desk: {serves: phone, agents: 1}}
"""
    scenario = load_text(text)
    gold, bill, iron = scenario.queues[:3]
    assert (gold.work.law.values, gold.resolves, gold.patience.values) == ((120e6,), 0.3, (540e6,))
    assert bill.work == Work(Law("constant", (300e6,)), False, 0.0, Law("constant", (10e6,)))
    assert (iron.work.law.values, iron.work.law.factor) == ((240e6,), 2.0)


def test_a_share_is_never_above_one() -> None:
    text = PHONES.replace("demand:", "topics: {easy: {resolves: x 3}}\ndemand:").replace(
        "wrap_up: 20%", "wrap_up: 20%\n    resolves: 60%"
    )
    assert load_text(text).queues[0].resolves == 1.0


# -- channels --------------------------------------------------------------------------------------------
def test_channels_of_the_desk(desk: Scenario) -> None:
    phone, chat, ticket = desk.channels
    assert (phone.lines, phone.concurrency, phone.at_close, phone.cost_per_contact) == (40, 1, "serve", 0.12)
    assert (chat.at_close, chat.concurrency, chat.at_shift_end) == ("turn_away", 3, "finish")
    assert (ticket.kind, ticket.hours.always, ticket.at_shift_end) == ("deferred", True, "put_down")
    assert [each.outcome for each in phone.after] == ["abandoned", "busy", "closed", "unresolved"]
    assert phone.after[2] == After("closed", 0.0, 0.4, 0.4, 0.2, NOTHING, None)
    solved = next(each for each in ticket.after if each.outcome == "solved")
    assert (solved.again, solved.stop, solved.tries) == (0.05, 0.95, 5)


# -- routing ---------------------------------------------------------------------------------------------
def test_classes_and_teams_of_the_desk(desk: Scenario) -> None:
    assert [each.priority_class for each in desk.queues] == [0, 0, 1, 1, 4, 3, 3, 2, 2]
    assert queue(desk, "phone premium bug").teams == (("frontline",),)
    assert queue(desk, "ticket premium bug").teams == (("frontline",), ("night",))
    assert queue(desk, "ticket free how_to").teams == (("frontline", "night"),)
    assert desk.teams[0].places == (0, 0, 1, 1, 2, 2, 2, 2, 2)
    assert desk.teams[1].places == (-1, -1, -1, -1, 0, 0, 0, 0, 0)
    assert desk.teams[0].concurrency == (("chat", 2),)


def test_default_classes_are_live_before_deferred_then_as_declared(desk: Scenario) -> None:
    text = (VALID / "desk.yaml").read_text(encoding="utf-8")
    text = text.replace("  classes: [premium phone, chat, premium ticket, standard ticket, free ticket]\n", "")
    scenario = load_text(text, folder=VALID)
    assert scenario.classes == (
        "standard chat",
        "premium phone",
        "free ticket",
        "standard ticket",
        "premium ticket",
    )
    assert [each.priority_class for each in scenario.queues] == [1, 1, 0, 0, 2, 3, 3, 4, 4]


# -- promises --------------------------------------------------------------------------------------------
def test_promises_of_the_desk(desk: Scenario) -> None:
    phone, chat, tickets = desk.promises
    assert (phone.counted, phone.judged, phone.limit) == ("short abandons excluded", "weekly", 20 * SECOND)
    assert chat.queues == (False, False, True, True, False, False, False, False, False)
    assert (tickets.clock, tickets.limit, tickets.judged) == ("first_reply", 8 * HOUR, "monthly")
    assert tickets.queues == (False, False, False, False, False, True, True, True, True)


# -- traces and curves -----------------------------------------------------------------------------------
def test_a_trace_and_a_curve() -> None:
    scenario = load(VALID / "curve.yaml")
    trace = scenario.streams[0].trace
    assert trace is not None
    assert trace.at.tolist() == [0, 30_500_000]
    assert trace.handle.tolist() == [120 * SECOND, 90 * SECOND]
    assert trace.patience.tolist() == [NEVER, 45 * SECOND]
    patience = scenario.queues[0].patience
    assert (patience.kind, patience.tail_mean) == ("empirical", 360.0 * SECOND)
    assert patience.values == tuple(each * SECOND for each in (0.0, 30.0, 60.0, 180.0, 600.0))
    assert patience.shares == pytest.approx((0.03, 0.1, 0.22, 0.5, 0.88))


def test_patience_is_never_by_default() -> None:
    assert load_text(PHONES.replace("    patience: 4 min\n", "")).queues[0].patience == NEVER_LAW
