"""`check` of a whole desk: slow-down, teams that differ, hours of the day, heads, activities, weeks, reservations."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.scenario.load import load_text
from supportsim.show.check import Findings, examine
from supportsim.show.check_text import lines
from supportsim.study.erlang import agents_for


def found(text: str, folder: Path | None = None) -> Findings:
    return examine(load_text(text, folder=folder) if folder else load_text(text))


def desk(channel: str = "", teams: str = "all_round: {serves: [phone, ticket], agents: 4}", more: str = "") -> str:
    """A Monday with twenty calls an hour of six minutes and five tickets an hour of twelve; parts may be replaced."""
    return f"""
name: whole
start: 2026-03-02
length: 1 day
timezone: UTC
currency: EUR
channels:
  phone: {{kind: live, handle_time: 6 min, patience: {{exponential: {{mean: 3 min}}}}{channel}}}
  ticket: {{kind: deferred, handle_time: 12 min}}
demand:
  calls: {{channel: phone, rate: 20/h}}
  mails: {{channel: ticket, rate: 5/h}}
teams:
  {teams}
{more}
"""


def said(told: Findings) -> str:
    return "\n".join(lines(told, 500))


def test_agents_with_full_hands_are_slowed_down_by_what_is_stated() -> None:
    slow = ", concurrency: 3, slow_down: [1, 1.15, 1.5]"
    promise = "promises: {fast: {of: phone, answer: 20 s, share: 80%}}"
    told = found(desk(slow, more=promise))
    phone = told.work[0]
    assert phone.hours == pytest.approx(48)
    assert phone.agent_hours == pytest.approx(48 * 1.5 / 3)
    assert told.groups[0].work_hours == pytest.approx(24 + 24)
    (peak,) = told.peaks
    assert peak.handle_s == pytest.approx(360)
    assert peak.heads_c == -(-agents_for(20 / 3600, 540, 0.8, 20) // 3)
    assert peak.heads_a == -(-agents_for(20 / 3600, 540, 0.8, 20, patience=180) // 3)
    assert "48.0 h in 1 day, no returns; 3 at once, each x 1.5 as long: 24.0 h of agents" in said(told)
    assert "phone takes longer with several in hand: x 1.15 with 2, x 1.5 with 3" in told.rules


def test_a_team_with_fewer_hands_is_slowed_down_less() -> None:
    teams = """one: {serves: [phone], agents: 2}
  other: {serves: [phone, ticket], agents: 2, concurrency: {phone: 2}}"""
    (phone, _) = found(desk(", concurrency: 3, slow_down: [1, 1.25, 1.5]", teams)).work
    assert phone.agent_hours == pytest.approx(48 / ((3 / 1.5 + 2 / 1.25) / 2))


def test_teams_that_work_differently_are_weighed_by_their_hours_present() -> None:
    teams = """fast: {serves: [phone], agents: 1, proficiency: {handle_time: x 0.5, resolves: x 1.5}}
  usual: {serves: [phone, ticket], agents: 3}"""
    after = ", resolves: 60%, after: {unresolved: {again: 100%, delay: 1 h}}"
    phone, ticket = found(desk(after, teams)).work
    assert phone.fresh_hours == pytest.approx(48 * (0.5 * 0.25 + 0.75))
    assert phone.hours == pytest.approx(phone.fresh_hours / (0.25 * 0.9 + 0.75 * 0.6))
    assert ticket.hours == pytest.approx(24)


def test_the_factors_of_the_hour_hold_for_what_comes_in_it() -> None:
    by_hour = ", by_hour: {12:00-18:00: {handle_time: x 1.5, patience: x 0.5, resolves: x 0.5}}"
    promise = "promises: {fast: {of: phone, answer: 20 s, share: 80%}}"
    after = ", resolves: 80%, after: {unresolved: {again: 100%, delay: 1 h, tries: 2}}"
    told = found(desk(by_hour + after, more=promise))
    assert told.work[0].fresh_hours == pytest.approx(36 + 12 * 1.5)
    assert told.work[0].hours == pytest.approx(54 * (1 + (0.75 * 0.2 + 0.25 * 0.6)))
    (peak,) = told.peaks
    assert peak.when == "Mon 02 Mar 12:00"
    assert peak.handle_s == pytest.approx(540)
    rate = peak.contacts / 1800
    assert peak.heads_a == agents_for(rate, 540, 0.8, 20, patience=90)
    assert "phone: factors of the hour on work x 1.5, patience x 0.5, resolves x 0.5" in told.rules


def test_a_window_that_covers_part_of_an_interval_counts_for_that_part() -> None:
    told = found(desk(", by_hour: {12:15-12:30: {handle_time: x 3}}"))
    assert told.work[0].hours == pytest.approx(48 + 20 / 4 * 0.1 * 2)


def test_heads_are_rostered_paid_and_present_by_their_curve(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text(
        "start,heads\n2026-03-02 08:00,5\n2026-03-02 12:00,2\n2026-03-02 20:00,0\n", encoding="utf-8"
    )
    told = found(
        desk(teams="all_round: {serves: [phone, ticket], heads: heads.csv, wage: 10/h, seat: 7/month}"), tmp_path
    )
    (team,) = told.people
    assert (team.heads, team.rostered, team.paid, team.present) == (5, 36, 36, 36)
    assert told.groups[0].present_hours == 36
    assert told.cost.pay == pytest.approx(360)
    assert told.peaks[0].present == 0
    assert "all_round up to 5 heads: 36.0 h rostered, 36.0 h paid, 36.0 h present in 1 day" in said(told)


LENDING = """callers:
    serves: [phone]
    shrinkage: {absence: 20%}
    shifts: {day: {days: mon, hours: 08:00-16:00, agents: 4, breaks: [30 min unpaid at 13:30]}}
    activities:
      training: {days: mon, hours: 09:00-10:00, agents: 2, off_desk: yes}
      inbox: {days: mon, hours: 13:00-15:00, agents: 3, works_as: mailroom}
  mailroom: {serves: [ticket], agents: 0}"""


def test_activities_leave_the_desk_or_lend_their_hours() -> None:
    told = found(desk(teams=LENDING))
    callers, mailroom = told.people
    assert callers.rostered == pytest.approx(32)
    assert callers.present == pytest.approx((32 - 2 - 2) * 0.8)
    assert callers.activities == pytest.approx(2 / 30)
    assert callers.lent == mailroom.borrowed == pytest.approx(3 * 1.5 * 0.8)
    assert (mailroom.heads, mailroom.rostered, mailroom.present) == (0, 0, 0)
    groups = {group.channels: group.present_hours for group in told.groups}
    assert groups == {("phone",): pytest.approx((28 - 4.5) * 0.8), ("ticket",): pytest.approx(4.5 * 0.8)}
    text = said(told)
    assert "  of the rostered hours 2.0 h off the desk (activities), 4.5 h as mailroom" in text
    assert "  from other teams 3.6 h present" in text
    assert "activities 6.7 %" in text


def test_who_is_off_the_desk_is_lent_to_nobody() -> None:
    text = desk(teams=LENDING.replace("hours: 09:00-10:00", "hours: 14:30-15:30"))
    callers, mailroom = found(text).people
    assert callers.present == pytest.approx((32 - 2 - 2) * 0.8)
    assert mailroom.borrowed == pytest.approx((3 * 1.5 - 2 * 0.5) * 0.8)


def test_the_heads_of_the_peak_are_those_who_work_for_the_channel_then() -> None:
    demand = "rate: {mon: {08:00-13:00: 1/h, 13:00-13:30: 90/h}}"
    text = desk(teams=LENDING).replace("calls: {channel: phone, rate: 20/h}", f"calls: {{channel: phone, {demand}}}")
    (peak,) = found(text).peaks
    assert peak.when == "Mon 02 Mar 13:00"
    assert peak.present == pytest.approx(0.8)


def test_shifts_of_some_weeks_are_told_as_the_mean_of_the_weeks() -> None:
    shifts = """all_round:
    serves: [phone, ticket]
    shifts:
      always: {days: mon-fri, hours: 08:00-16:00, agents: 2}
      odd: {days: mon, hours: 08:00-16:00, agents: 1, weeks: 1 of 2}
      late: {days: fri, hours: 08:00-16:00, agents: 1, from: 2026-03-16}"""
    told = found(desk(teams=shifts).replace("1 day", "4 weeks"))
    assert told.people[0].rostered == pytest.approx(80 + 2 * 8 / 4 + 2 * 8 / 4)
    assert "h present a week, the mean of its weeks" in said(told)


def test_what_goes_beyond_taking_the_next_one_is_said() -> None:
    teams = """first: {serves: [phone, ticket], agents: 3, pick: random, drain_for: ticket}
  second: {serves: [phone], agents: 2}"""
    channel = ", concurrency: 2, wait_limit: 90 s, keeps: patience"
    more = """routing:
  policy: ageing
  ageing: {phone: {bonus: 10 min, rate: x 2}}
  teams: {phone: [first, second after 30 s]}
  reserve: {first: 1 idle for phone}
promises: {fast: {of: phone, answer: 20 s, share: 80%, penalty: 15/breach, penalty_lost: 4.5/contact,
  credit: 500/period}}"""
    text = desk(channel, teams, more).replace("handle_time: 12 min", "handle_time: 12 min, interruptible: yes")
    told = found(text.replace("  mails:", "  tidying: {channel: ticket, endless: yes}\n  mails:"))
    assert told.rules == (
        "ageing: the longest wait first, weighed as said here",
        "  phone: waited 10 min already, waits count x 2",
        "phone asks first, then second after 30 s",
        "first begins ticket only where 1 would still be idle",
        "first takes no further chat beside others while ticket waits",
        "first: a random agent takes it",
        "phone: the system ends a wait after 1.5 min (timed out)",
        "phone: whoever comes again has the patience of the first time",
        "ticket is laid aside for live contacts",
        "tidying: filler on ticket when nothing else may start; in no number of work here",
        "fast: 15 EUR for each contact not kept",
        "fast: 4.5 EUR for each contact abandoned, blocked, disconnected or timed out",
        "fast: 500 EUR for each week below 80 %",
    )
    assert told.issues.keys() == {"calls", "mails"}
    assert told.work[1].hours == pytest.approx(24)
    assert "contacts after abandoning, filler, penalties, which only the simulation can count" in said(told)
    assert not [each for each in told.warnings if "kept idle" in each]


@pytest.mark.parametrize("policy", ["priority", "fifo", "own_first", "ageing", "deadline", "shortest"])
def test_every_policy_has_its_sentence(policy: str) -> None:
    told = found(desk(more=f"routing: {{policy: {policy}}}"))
    assert told.rules[0].startswith(f"{policy}: ")
    assert "as its name says" not in told.rules[0]


def test_a_team_too_small_for_its_reservation_is_warned_about() -> None:
    reserve = "routing: {reserve: {all_round: 2 idle for phone}}"
    team = "all_round: {{serves: [phone, ticket], shifts: {{a: {{days: mon, hours: 08:00-16:00, agents: 2}}{}}}}}"
    never = found(desk(teams=team.format(""), more=reserve)).warnings
    assert "all_round: no more than 2 on shift at any time, all kept idle: nobody begins ticket then" in never
    more = ", b: {days: mon, hours: 10:00-14:00, agents: 1}"
    sometimes = found(desk(teams=team.format(more), more=reserve)).warnings
    expected = "all_round: no more than 2 on shift for 4.0 h in 1 day, all kept idle: nobody begins ticket then"
    assert expected in sometimes


def test_hours_in_which_everybody_works_for_another_team_are_warned_about() -> None:
    teams = """callers:
    serves: [phone, ticket]
    shifts: {day: {days: mon, hours: 08:00-16:00, agents: 4}}
    activities: {letters: {days: mon, hours: 08:00-16:00, agents: 4, works_as: mailroom}}
  mailroom: {serves: [ticket], agents: 0}"""
    text = desk(", open: {mon: 08:00-16:00}", teams)
    hours = "open 8 h a week with nobody on shift: mon 08:00-16:00"
    assert f"channels.phone: {hours}; whoever is on shift then is at an activity" in found(text).warnings
    three = found(text.replace("agents: 4, works_as", "agents: 3, works_as")).warnings
    assert not [each for each in three if "nobody on shift" in each]
