"""`check`: every number against a sum done by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from supportsim.scenario.load import load_text
from supportsim.show.check import Findings, examine
from supportsim.show.check_text import lines
from supportsim.study.erlang import agents_for

MINUTE = 60.0


def found(text: str) -> Findings:
    return examine(load_text(text))


def desk(
    channel: str = "", demand: str = "rate: 20/h", team: str = "agents: 2", more: str = "", times: str = ""
) -> str:
    """Twenty calls an hour of five minutes, two agents, two hours on a Monday; parts may be replaced."""
    return f"""
name: tiny
start: 2026-03-02
length: {times or "2 h"}
timezone: UTC
currency: EUR
channels:
  phone: {{kind: live, handle_time: 5 min, patience: {{exponential: {{mean: 3 min}}}}{channel}}}
demand:
  calls: {{channel: phone, {demand}}}
teams:
  frontline: {{serves: [phone], {team}}}
{more}
"""


def test_a_plain_desk_adds_up() -> None:
    plain = found(desk())
    assert plain.issues == {"calls": pytest.approx(40)}
    (work,) = plain.work
    assert work.fresh_hours == work.hours == work.agent_hours == pytest.approx(40 * 5 / 60)
    (team,) = plain.people
    assert (team.heads, team.rostered, team.paid, team.present) == (2, 4, 4, 4)
    assert team.added == team.product == 0
    (group,) = plain.groups
    assert group.occupancy == pytest.approx(200 / 240)
    assert (plain.first, plain.last, plain.period) == ("2026-03-02", "2026-03-02", "in 2 h")
    assert plain.warnings == ()


def test_a_month_is_told_per_week() -> None:
    long = found(desk(times="4 weeks"))
    assert long.period == "a week"
    assert long.issues["calls"] == pytest.approx(20 * 168)
    assert long.people[0].rostered == pytest.approx(2 * 168)
    assert (long.first, long.last) == ("2026-03-02", "2026-03-29")


def test_the_weekly_hours_of_a_roster_are_the_same_in_a_month_with_a_clock_change() -> None:
    told = []
    for start in ("2026-02-02", "2026-03-09"):
        text = desk(team="shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 2}}", times="4 weeks")
        told.append(found(text.replace("2026-03-02", start).replace("UTC", "Europe/London")))
    assert [each.people[0].rostered for each in told] == [2 * 40, 2 * 40]
    assert [each.period for each in told] == ["a week"] * 2


def test_a_night_without_its_hour_has_23_of_them() -> None:
    text = desk(times="1 day").replace("2026-03-02", "2026-03-29").replace("UTC", "Europe/London")
    assert found(text).issues["calls"] == pytest.approx(20 * 23)


@pytest.mark.parametrize(("tries", "factor"), [(", tries: 3", 1 + 0.24 + 0.24**2), ("", 1 / 0.76)])
def test_repeats_are_a_geometric_series_cut_at_the_tries(tries: str, factor: float) -> None:
    after = f", resolves: 70%, after: {{unresolved: {{again: 80%, give_up: 20%, delay: 1 h{tries}}}}}"
    (work,) = found(desk(after)).work
    assert work.fresh_hours == pytest.approx(40 / 12)
    assert work.hours == pytest.approx(40 / 12 * factor)


def test_a_solution_that_does_not_last_brings_people_back() -> None:
    after = ", after: {solved: {again: 10%, stays_solved: 90%, delay: 1 day}}"
    assert found(desk(after)).work[0].hours == pytest.approx(40 / 12 / 0.9)


def test_returns_are_off_where_the_forecast_holds_them(tmp_path: Any) -> None:
    rows = "start,offered\n2026-03-02 00:00,20\n2026-03-02 01:00,20\n"
    (tmp_path / "calls.csv").write_text(rows, encoding="utf-8")
    after = ", resolves: 70%, after: {unresolved: {again: 80%, give_up: 20%, delay: 1 h}}"
    hours = {}
    for counts in ("offered calls", "first contacts", "offered calls, 25% returns"):
        scenario = load_text(desk(after, f"forecast: calls.csv, counts: '{counts}'"), folder=tmp_path)
        hours[counts] = examine(scenario).work[0].hours
    assert hours["offered calls"] == pytest.approx(40 / 12)
    assert hours["first contacts"] == pytest.approx(40 / 12 / 0.76)
    assert hours["offered calls, 25% returns"] == pytest.approx(0.75 * 40 / 12 / 0.76)


def test_wrap_up_beside_the_talk_is_added_and_inside_the_handle_time_is_not() -> None:
    inside = desk().replace("handle_time: 5 min", "handle_time: 5 min, wrap_up: 20%")
    beside = desk().replace("handle_time: 5 min", "talk_time: 5 min, wrap_up: 1 min")
    assert found(inside).work[0].hours == pytest.approx(40 * 5 / 60)
    assert found(beside).work[0].hours == pytest.approx(40 * 6 / 60)


def test_chats_at_once_need_fewer_agents_for_the_same_work() -> None:
    (work,) = found(desk(", concurrency: 2")).work
    assert (work.hours, work.agent_hours) == (pytest.approx(40 / 12), pytest.approx(20 / 12))


def test_who_comes_when_closed_goes_where_he_says() -> None:
    text = """
start: 2026-03-02
length: 1 day
channels:
  chat:
    kind: live
    open: {mon-sun: 00:00-12:00}
    handle_time: 6 min
    patience: 3 min
    after: {closed: {next_channel: 50%, at_opening: 20%, give_up: 30%}}
  ticket: {kind: deferred, handle_time: 10 min}
plans: {both: [chat, ticket]}
segments: {all_of_them: {customers: 100, plan: both}}
demand: {questions: {rate: 10/h}}
teams: {frontline: {serves: [chat, ticket], agents: 2}}
"""
    chat, ticket = found(text).work
    assert chat.hours == pytest.approx((120 + 0.2 * 120) * 6 / 60)
    assert ticket.hours == pytest.approx(0.5 * 120 * 10 / 60)


def test_a_customer_base_and_its_profile_give_the_weeks_volume() -> None:
    text = desk(
        demand="segment: people, per_customer: 1/month",
        times="1 week",
        more="segments: {people: {customers: 1000}}",
    )
    assert found(text).issues["calls"] == pytest.approx(1000 * 7 / (365.25 / 12))


SHIFT = """wage: 20/h, seat: 100/month, shrinkage: {leave: 10%, absence: 5%, off_desk: 10% in 30 min blocks},
    shifts: {day: {days: mon, hours: 00:00-08:00, agents: 4,
      breaks: [30 min unpaid at 04:00, 15 min paid at 02:00]}}"""


def test_shrinkage_is_told_both_ways_and_leads_from_rostered_to_present() -> None:
    (team,) = found(desk(team=SHIFT, times="1 day")).people
    assert team.rostered == pytest.approx(32)
    assert team.paid == pytest.approx(30 / 0.9)
    assert team.present == pytest.approx(4 * 7.25 * 0.95 * 0.9)
    assert team.paid_breaks == pytest.approx(1 / 30)
    assert team.added == pytest.approx(0.25 + 1 / 30)
    assert team.product == pytest.approx(1 - 0.9 * 0.95 * 0.9 * (29 / 30))


def test_cost_is_pay_with_leave_seats_and_channels() -> None:
    priced = found(desk(", cost: {contact: 0.1, month: 60}", team=SHIFT, times="1 day"))
    month = 365.25 / 12
    assert priced.cost.pay == pytest.approx(20 * 30 / 0.9)
    assert priced.cost.seats == pytest.approx(4 * 100 / month)
    assert priced.cost.channels == pytest.approx(480 * 0.1 + 60 / month)
    assert priced.cost.total == pytest.approx(priced.cost.pay + priced.cost.seats + priced.cost.channels)


def test_the_peak_is_the_busiest_interval_and_erlang_says_how_many() -> None:
    demand = "rate: {mon: {09:00-10:00: 12/h, 10:00-10:30: 60/h, 10:30-12:00: 24/h}}"
    promise = "promises: {fast: {of: phone, answer: 20 s, share: 80%}}"
    (peak,) = found(desk(demand=demand, more=promise, times="1 day", team="agents: 6")).peaks
    assert peak.when == "Mon 02 Mar 10:00"
    assert (peak.contacts, peak.handle_s, peak.erlangs) == (
        pytest.approx(30),
        pytest.approx(300),
        pytest.approx(5),
    )
    assert peak.heads_c == agents_for(1 / MINUTE, 300, 0.8, 20)
    assert peak.heads_a == agents_for(1 / MINUTE, 300, 0.8, 20, patience=180)
    assert peak.heads_c is not None
    assert peak.heads_a is not None
    assert peak.heads_a < peak.heads_c
    assert peak.present == pytest.approx(6)


def _half_hours(rows: str, folder: Any) -> str:
    (folder / "calls.csv").write_text("start,offered,aht_s\n" + rows, encoding="utf-8")
    return desk(demand="forecast: calls.csv, counts: issues").replace(
        "handle_time: 5 min", "handle_time: {exponential: {mean: from forecast}}"
    )


def test_the_peak_has_the_handle_time_of_its_own_interval(tmp_path: Any) -> None:
    """Most calls come at 00:30, but they are short: the most work comes at 01:30."""
    counts = {"00:00": (50, 600), "00:30": (55, 200), "01:00": (40, 600), "01:30": (51, 600)}
    rows = "".join(f"2026-03-02 {at},{calls},{aht}\n" for at, (calls, aht) in counts.items())
    told = examine(load_text(_half_hours(rows, tmp_path), folder=tmp_path))
    (peak,) = told.peaks
    assert peak.when == "Mon 02 Mar 01:30"
    assert (peak.contacts, peak.handle_s, peak.erlangs) == (
        pytest.approx(51),
        pytest.approx(600),
        pytest.approx(17),
    )
    assert told.work[0].hours == pytest.approx(sum(calls * aht for calls, aht in counts.values()) / 3600)


def test_the_factors_of_a_queue_multiply_the_handle_time_of_the_interval(tmp_path: Any) -> None:
    rows = "2026-03-02 00:00,10,600\n2026-03-02 00:30,60,200\n2026-03-02 01:00,10,300\n2026-03-02 01:30,1,300\n"
    text = _half_hours(rows, tmp_path) + "topics: {bill: {handle_time: x 1.5}}\n"
    (peak,) = examine(load_text(text, folder=tmp_path)).peaks
    assert (peak.when, peak.contacts) == ("Mon 02 Mar 00:30", pytest.approx(60))
    assert (peak.handle_s, peak.erlangs) == (pytest.approx(300), pytest.approx(10))


def test_calls_that_a_forecast_expects_while_the_line_is_closed_are_warned_about(tmp_path: Any) -> None:
    rows = "".join(f"2026-03-02 {at},{calls},300\n" for at, calls in (("00:00", 5), ("00:30", 90), ("01:00", 105)))
    text = _half_hours(rows, tmp_path).replace("kind: live", "kind: live, open: {mon: 00:30-01:30}")
    text = text.replace("counts: issues", "counts: offered calls")
    told = examine(load_text(text, folder=tmp_path)).warnings
    assert [each for each in told if "closed" in each] == ["5 of 200 calls of calls come while phone is closed"]
    (tmp_path / "calls.csv").write_text((tmp_path / "calls.csv").read_text("utf-8").replace("00,5,", "00,1,"))
    assert not [each for each in examine(load_text(text, folder=tmp_path)).warnings if "closed" in each]


def test_a_price_of_what_nobody_uses_is_a_price() -> None:
    idle = found(desk(team="agents: 0, wage: 20/h", times="2 h"))
    assert idle.cost.total == 0
    assert "cost          0 EUR in 2 h: nothing that has a price is used" in lines(idle)
    assert "cost          no wage, seat or channel price is stated" in lines(found(desk()))


def test_of_weeks_that_are_alike_the_first_has_the_peak() -> None:
    rates = "rate: {mon: {09:00-17:00: 37.3/h}, tue-sun: {10:00-16:00: 11.1/h}}"
    (peak,) = found(desk(demand=rates, times="8 weeks")).peaks
    assert peak.when == "Mon 02 Mar 09:00"


def test_more_places_than_erlang_is_asked_for_are_told_as_such() -> None:
    promise = "promises: {fast: {of: phone, answer: 20 s, share: 80%}}"
    huge = desk(demand="rate: 2000/h", more=promise).replace("handle_time: 5 min", "handle_time: 99 days")
    (peak,) = found(huge).peaks
    assert peak.heads_c == peak.heads_a == math.inf
    assert "needs more than 100 000 places by Erlang C" in "\n".join(lines(found(huge), 200))


def test_without_patience_there_is_no_erlang_a() -> None:
    text = desk(more="promises: {fast: {of: phone, answer: 20 s, share: 80%}}")
    (peak,) = found(text.replace(", patience: {exponential: {mean: 3 min}}", "")).peaks
    assert peak.heads_a is None
    assert peak.heads_c is not None


def test_teams_that_share_nothing_are_groups_of_their_own() -> None:
    text = """
start: 2026-03-02
length: 1 day
channels:
  phone: {kind: live, handle_time: 6 min, patience: 3 min}
  chat: {kind: live, handle_time: 6 min, patience: 3 min}
  ticket: {kind: deferred, handle_time: 6 min}
demand:
  calls: {channel: phone, rate: 5/h}
  chats: {channel: chat, rate: 10/h}
  tickets: {channel: ticket, rate: 2/h}
teams:
  callers: {serves: [phone], agents: 1}
  writers: {serves: [chat, ticket], agents: 2}
"""
    groups = {group.channels: group.occupancy for group in found(text).groups}
    assert groups == {("phone",): pytest.approx(0.5), ("chat", "ticket"): pytest.approx(0.6)}


def test_more_work_than_people_is_warned_about_once() -> None:
    impatient = desk(team="agents: 1")
    assert [each for each in found(impatient).warnings if "customers will abandon" in each]
    patient = impatient.replace(", patience: {exponential: {mean: 3 min}}", "")
    assert len([each for each in found(patient).warnings if "grow" in each]) == 1
    by_returns = desk(", resolves: 50%, after: {unresolved: {again: 100%, delay: 1 h, tries: 9}}", team="agents: 3")
    by_returns = by_returns.replace(", patience: {exponential: {mean: 3 min}}", "")
    assert len([each for each in found(by_returns).warnings if "grow" in each]) == 1


def test_open_hours_without_anybody_are_warned_about() -> None:
    team = "shifts: {day: {days: mon, hours: 08:00-16:00, agents: 4}}"
    text = desk(", open: {mon: 07:00-17:30}", team=team, times="1 day")
    assert [warning for warning in found(text).warnings if "2.5 h a week with nobody on shift" in warning]


def test_a_next_channel_that_is_not_there_is_warned_about_once() -> None:
    text = desk(", after: {abandoned: {next_channel: 50%, give_up: 50%}}")
    assert len([warning for warning in found(text).warnings if "next_channel" in warning]) == 1


def test_a_next_channel_that_one_plan_has_and_another_has_not_is_warned_about() -> None:
    text = """
start: 2026-03-02
length: 1 day
channels:
  chat:
    kind: live
    handle_time: 6 min
    patience: 3 min
    after: {abandoned: {next_channel: 50%, give_up: 50%}}
  ticket: {kind: deferred, handle_time: 6 min}
plans: {both: [chat, ticket], chat_only: [chat]}
segments: {basic: {customers: 10, plan: chat_only}, better: {customers: 10, plan: both}}
demand: {a: {segment: basic, rate: 1/h}, b: {segment: better, rate: 1/h}}
teams: {all_round: {serves: [chat, ticket], agents: 1}}
"""
    warning = "chat: next_channel means giving up for basic, whose plan has none after chat"
    assert [each for each in found(text).warnings if "next_channel" in each] == [warning]


def test_a_trace_counts_its_rows_and_their_own_work(tmp_path: Any) -> None:
    rows = "at_min,handle_min\n-5,9\n10,3\n20,5\n130,9\n"
    (tmp_path / "calls.csv").write_text(rows, encoding="utf-8")
    told = examine(load_text(desk(demand="trace: calls.csv"), folder=tmp_path))
    assert told.issues["calls"] == 2
    assert told.work[0].hours == pytest.approx(8 / 60)


@pytest.mark.parametrize(
    ("work", "noted"),
    [
        ("handle_time: 6 min, wrap_up: 9 min", True),
        ("handle_time: {lognormal: {mean: 6 min, cv: 1}}, wrap_up: {exponential: {mean: 3 min}}", True),
        ("handle_time: 6 min, wrap_up: 2.9 min", False),
        ("handle_time: 6 min, wrap_up: 60%", False),
        ("talk_time: 6 min, wrap_up: 9 min", False),
    ],
)
def test_a_wrap_up_of_half_the_handle_time_or_more_is_noted(work: str, noted: bool) -> None:
    told = found(desk().replace("handle_time: 5 min", work)).warnings
    begins = [note for note in told if note.startswith("channels.phone.wrap_up: ")]
    assert len(begins) == noted
    assert all(note.endswith("; where it comes on top, write talk_time") for note in begins)


def test_the_text_says_it_on_half_a_page() -> None:
    text = lines(found(desk(more="promises: {fast: {of: phone, answer: 20 s, share: 80%}}")))
    defaults = next(i for i, line in enumerate(text) if line.startswith("defaults"))
    assert 20 <= defaults <= 26
    assert "83.3 %: 3.3 h of work in 4.0 h of present agents" in "\n".join(text)
