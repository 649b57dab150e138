"""What an Erlang sheet would say: expected calls, rostered heads and pieces by hand, shares against the formulas."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from supportsim.measure.causes import PEOPLE
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, MINUTE, SECOND
from supportsim.study.bridge_heads import at_the_desk
from supportsim.study.bridge_sheet import Sheet, lines, shares
from supportsim.study.erlang import ErlangA, ErlangC
from supportsim.study.result import Result
from supportsim.study.run import run

VERIFICATION = Path(__file__).resolve().parents[2] / "configs" / "verification"

DAY = """
name: day
start: 2026-03-02
length: 1 day
timezone: UTC
interval: 30 min
channels:
  phone:
    kind: live
    open: {mon-fri: 08:00-10:45}
    handle_time: 4 min
    wrap_up: {exponential: {mean: 1 min}}
    patience: {exponential: {mean: 2 min}}
demand:
  calls: {channel: phone, rate: {mon: {07:00-09:00: 60/h, 09:00-11:00: 90/h}}}
teams:
  frontline:
    serves: [phone]
    shrinkage: {absence: 20%}
    shifts:
      early: {days: mon, hours: 08:00-10:00, agents: 5, breaks: [30 min unpaid at 09:00]}
      late: {days: mon, hours: 09:15-11:00, agents: 4}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily}}
"""


def of(text: str, **changes: str) -> Scenario:
    return load_text(text, changes=tuple(changes.items()))


def sheet(scenario: Scenario, *channels: str) -> Sheet:
    return Sheet(scenario, channels or ("phone",))


def test_pieces_are_intervals_cut_where_heads_or_hours_change() -> None:
    found = sheet(of(DAY))
    at = {float(edge) / HOUR for edge in found.edges}
    assert at >= {8.0, 8.5, 9.0, 9.25, 9.5, 10.0, 10.5, 10.75, 11.0, 24.0}
    assert len(at) == 49 + 2  # 48 half-hours; 09:15 and 10:45 besides
    heads = dict(zip((found.edges[:-1] / HOUR).tolist(), found.heads[0].tolist(), strict=True))
    assert [heads[at] for at in (7.5, 8.0, 9.0, 9.25, 9.5, 10.0, 10.75, 11.0)] == [0, 5, 5, 9, 9, 4, 4, 0]


def test_calls_while_the_channel_is_closed_are_left_out() -> None:
    found = sheet(of(DAY))
    (line,) = lines(found.scenario, "phone")
    calls = found.calls(line)
    by_piece = dict(zip((found.edges[:-1] / HOUR).tolist(), calls.contacts[0].tolist(), strict=True))
    assert [by_piece[at] for at in (7.5, 8.0, 9.0, 9.25, 10.5, 10.75)] == pytest.approx([0, 30, 22.5, 22.5, 22.5, 0])
    assert calls.contacts.sum() == pytest.approx(60 + 1.75 * 90)
    assert calls.work.sum() / calls.contacts.sum() == pytest.approx(4 * MINUTE)
    assert calls.patience.sum() / calls.contacts.sum() == pytest.approx(2 * MINUTE)


def with_who_was_there(scenario: Scenario, part: float) -> Result:
    """A play in which that part of the rostered was at the desk at all times."""
    found = run(scenario, 2)
    people = found.cause_sums.people.copy()
    people[:, PEOPLE.index("present")] = part * people[:, PEOPLE.index("rostered")]
    return replace(found, cause_sums=found.cause_sums._replace(people=people))


def test_heads_that_are_there_by_hand() -> None:
    """Three of five: of 5, 9 and 4 heads 3, 5.4 and 2.4, in proportion between whole ones; calls come for 2.75 h."""
    scenario = of(DAY)
    found = at_the_desk(sheet(scenario), with_who_was_there(scenario, 0.6), 0)
    rostered = (5 * 1.25 + 9 * 0.75 + 4 * 0.75) / 2.75
    assert found[:2] == pytest.approx((rostered, 0.6 * rostered))
    pieces = [
        (60, 1.0, {3: 1.0}),
        (22.5, 0.25, {3: 1.0}),
        (67.5, 0.75, {5: 0.6, 6: 0.4}),
        (67.5, 0.75, {2: 0.6, 3: 0.4}),
    ]
    for model, patience, share in ((ErlangC, (), found.erlang_c), (ErlangA, (2.0,), found.erlang_a)):
        kept = sum(
            calls * part * model(n, calls / hours / 60, 4.0, *patience).service_level(1 / 3)
            for calls, hours, heads in pieces
            for n, part in heads.items()
        )
        assert share == pytest.approx(kept / 217.5)


def test_with_everybody_there_erlang_says_the_same_and_without_calls_nothing() -> None:
    scenario = of(DAY)
    found = at_the_desk(sheet(scenario), with_who_was_there(scenario, 1.0), 0)
    assert found.rostered == found.present
    assert found[2:] == pytest.approx(shares(sheet(scenario), scenario.promises[0]))
    quiet = of(DAY, **{"demand.calls.rate": "0/h"})
    assert all(map(math.isnan, at_the_desk(sheet(quiet), run(quiet, 1), 0)))


def by_hand(model: type[ErlangC] | type[ErlangA], *patience: float) -> float:
    """The pieces of DAY: (calls, hours, heads); times in minutes."""
    pieces = [(60, 1.0, 5), (22.5, 0.25, 5), (67.5, 0.75, 9), (67.5, 0.75, 4)]
    kept = sum(calls * model(n, calls / h / 60, 4.0, *patience).service_level(1 / 3) for calls, h, n in pieces)
    return kept / sum(calls for calls, _, _ in pieces)


def test_the_share_is_that_of_all_calls_each_piece_for_itself() -> None:
    scenario = of(DAY)
    c, a = shares(sheet(scenario), scenario.promises[0])
    assert c == pytest.approx(by_hand(ErlangC), rel=1e-9)
    assert a == pytest.approx(by_hand(ErlangA, 2.0), rel=1e-9)
    assert 0 < c < a < 1


def test_where_some_never_hang_up_erlang_a_is_erlang_c() -> None:
    scenario = of(DAY, **{"channels.phone.patience": "never"})
    c, a = shares(sheet(scenario), scenario.promises[0])
    assert c == a == pytest.approx(by_hand(ErlangC), rel=1e-9)


def test_without_calls_there_is_no_share_and_without_heads_nothing_is_kept() -> None:
    quiet = of(DAY, **{"demand.calls.rate": "0/h"})
    assert all(math.isnan(share) for share in shares(sheet(quiet), quiet.promises[0]))
    empty = of(DAY, **{"teams.frontline.shifts.early.agents": "0", "teams.frontline.shifts.late.agents": "0"})
    assert shares(sheet(empty), empty.promises[0]) == (0.0, 0.0)


def test_factors_of_the_hour_make_work_longer_and_patience_shorter() -> None:
    hours = "{mon: {08:00-11:00: {handle_time: x 1.5, patience: x 0.5}}}"
    scenario = of(DAY, **{"channels.phone.by_hour": hours})
    found = sheet(scenario)
    (line,) = lines(scenario, "phone")
    calls = found.calls(line)
    assert calls.work.sum() / calls.contacts.sum() == pytest.approx(6 * MINUTE)
    one, other = ErlangA(5, 1.0, 6.0, 1.0), ErlangA(5, 1.0, 4.0, 2.0)
    assert one.service_level(1 / 3) < other.service_level(1 / 3)
    short = of(DAY.replace("length: 1 day", "length: 510 min"), **{"channels.phone.by_hour": hours})
    assert shares(sheet(short), short.promises[0])[1] == pytest.approx(one.service_level(1 / 3), rel=1e-9)


CHATS = """
name: chats
start: 2026-03-02
length: 2 h
timezone: UTC
channels:
  chat:
    kind: live
    concurrency: 3
    slow_down: [1, 1.25, 1.5]
    handle_time: 6 min
    patience: {exponential: {mean: 4 min}}
demand: {chats: {channel: chat, rate: 40/h}}
teams:
  two: {serves: [chat], agents: 2}
  careful: {serves: [chat], agents: 1, concurrency: {chat: 2}}
  later: {serves: [chat], agents: 9}
routing: {teams: {chat: [[two, careful], later after 1 min]}}
promises: {fast: {of: chat, answer: 30 s, share: 80%, judged: all}}
"""


def test_agents_with_several_in_hand_are_as_many_places_at_which_work_takes_longer() -> None:
    scenario = of(CHATS)
    found = sheet(scenario, "chat")
    (line,) = lines(scenario, "chat")
    assert line.teams == (0, 1)  # who is asked later is not counted
    places, longer = found.seats(line)
    assert places.tolist() == [8.0] * 4  # 2 x 3 + 1 x 2
    assert longer == pytest.approx(np.full(4, 8 / (2 * 3 / 1.5 + 2 / 1.25)), rel=1e-3)  # speeds are whole numbers
    c, _ = shares(found, scenario.promises[0])
    assert c == pytest.approx(ErlangC(8, 40 / 60, 6 * float(longer[0])).service_level(0.5), rel=1e-9)


SHARED = """
name: shared
start: 2026-03-02
length: 1 h
timezone: UTC
segments: {gold: {}, silver: {}, bronze: {}}
channels:
  phone: {kind: live, handle_time: 4 min, patience: never, by: {gold: {handle_time: 6 min}}}
demand:
  gold: {segment: gold, channel: phone, rate: 10/h}
  silver: {segment: silver, channel: phone, rate: 50/h}
  bronze: {segment: bronze, channel: phone, rate: 30/h}
teams:
  seniors: {serves: [gold phone, silver phone], agents: 2}
  juniors: {serves: [silver phone], agents: 4}
  others: {serves: [bronze phone], agents: 3}
promises:
  gold: {of: gold phone, answer: 20 s, share: 80%, judged: all}
  all: {of: phone, answer: 20 s, share: 80%, judged: all}
""".replace("  all:", "  everybody:")


def test_queues_that_ask_a_common_team_are_one_line() -> None:
    scenario = of(SHARED)
    assert [(line.queues, line.teams) for line in lines(scenario, "phone")] == [((0, 1), (0, 1)), ((2,), (2,))]
    of_both = ErlangC(6, 1.0, (10 * 6 + 50 * 4) / 60).service_level(1 / 3)
    of_bronze = ErlangC(3, 0.5, 4.0).service_level(1 / 3)
    found = sheet(scenario)
    assert shares(found, scenario.promises[0])[0] == pytest.approx(of_both, rel=1e-9)
    assert shares(found, scenario.promises[1])[0] == pytest.approx((60 * of_both + 30 * of_bronze) / 90, rel=1e-9)


def test_where_teams_work_differently_work_takes_the_mean_over_hours_rostered() -> None:
    scenario = of(SHARED, **{"teams.juniors.proficiency": "{handle_time: x 1.3}"})
    (line, _) = lines(scenario, "phone")
    calls = sheet(scenario).calls(line)
    mean = (2 + 4 * 1.3) / 6  # gold asks seniors only
    assert calls.work.sum(axis=1) / calls.contacts.sum(axis=1) == pytest.approx([6 * MINUTE, 4 * MINUTE * mean])


def test_plans_send_their_share_and_hours_as_another_team_move_heads() -> None:
    text = """
name: plan
start: 2026-03-02
length: 1 day
timezone: UTC
segments: {gold: {customers: 3000, plan: both}}
plans: {both: [25% chat, phone]}
channels:
  phone: {kind: live, handle_time: 4 min, patience: never}
  chat: {kind: live, handle_time: 4 min, patience: never}
demand: {issues: {segment: gold, per_customer: 1/month}}
teams:
  callers:
    serves: [phone]
    shifts: {day: {days: mon, hours: 08:00-16:00, agents: 4}}
    activities:
      help: {days: mon, hours: 10:00-12:00, agents: 3, works_as: chatters}
      talk: {days: mon, hours: 12:00-13:00, agents: 3, off_desk: yes}
  chatters: {serves: [chat], agents: 1}
promises: {fast: {of: [phone, chat], answer: 20 s, share: 80%, judged: all}}
"""
    scenario = of(text)
    found = sheet(scenario, "phone", "chat")
    phone, chat = (found.calls(lines(scenario, name)[0]).contacts.sum() for name in ("phone", "chat"))
    assert chat / (phone + chat) == pytest.approx(0.25)
    assert phone + chat == pytest.approx(3000 / 30.4375, rel=1e-9)
    at = {float(edge) / HOUR: i for i, edge in enumerate(found.edges[:-1])}
    assert [found.heads[:, at[hour]].tolist() for hour in (8.0, 10.0, 11.5, 12.0)] == [[4, 1], [1, 4], [1, 4], [4, 1]]


def test_heads_follow_their_curve(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("start,heads\n2026-03-02 08:00,3\n2026-03-02 09:20,5\n2026-03-02 10:00,0\n")
    text = DAY[: DAY.index("teams:")] + "teams: {frontline: {serves: [phone], heads: heads.csv}}\n"
    text += "promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: daily}}\n"
    found = sheet(load_text(text, folder=tmp_path))
    at = {round(float(edge) / MINUTE): i for i, edge in enumerate(found.edges[:-1])}
    assert [found.heads[0, at[minute]] for minute in (450, 480, 540, 560, 570, 600)] == [0, 3, 3, 5, 5, 0]


def test_rows_of_a_trace_bring_their_own_work_and_patience(tmp_path: Path) -> None:
    rows = "at_min,handle_s,patience_s\n10,100,30\n20,300,90\n70,200,\n"
    (tmp_path / "calls.csv").write_text(rows)
    text = """
name: trace
start: 2026-03-02
length: 2 h
timezone: UTC
channels: {phone: {kind: live, handle_time: 4 min, patience: 3 min}}
demand: {calls: {channel: phone, trace: calls.csv, volume: x 1.5}}
teams: {desk: {serves: [phone], agents: 2, proficiency: {handle_time: x 2}}}
promises: {fast: {of: phone, answer: 20 s, share: 80%, judged: all}}
"""
    scenario = load_text(text, folder=tmp_path)
    calls = sheet(scenario).calls(lines(scenario, "phone")[0])
    assert calls.contacts[0].tolist() == [3.0, 0.0, 1.5, 0.0]
    assert calls.work[0].tolist() == pytest.approx([1200 * SECOND, 0, 600 * SECOND, 0])
    assert calls.patience[0].tolist() == pytest.approx([180 * SECOND, 0, 270 * SECOND, 0])


def test_the_six_formulas_are_those_of_erlang_a() -> None:
    scenario = load(VERIFICATION / "E04.yaml")
    desk = ErlangA(13, 210 / 3600, 240, 180)
    in_time, early, brief = desk.service_level(20), desk.p_abandon_within(20), desk.p_abandon_within(5)
    expected = {
        "answered/offered": in_time,
        "short abandons are good": in_time + early,
        "short abandons excluded": in_time / (1 - early),
        "answered only": in_time / (1 - desk.p_abandon),
        "brief abandons credited": in_time + brief,
        "brief abandons excluded": in_time / (1 - brief),
    }
    found = sheet(scenario)
    for formula, share in expected.items():
        promise = replace(scenario.promises[0], counted=formula)
        assert shares(found, promise)[1] == pytest.approx(share, rel=1e-9), formula
