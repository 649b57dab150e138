"""Notes: what is probably not meant, and stops nothing."""

from __future__ import annotations

import pytest

from supportsim.scenario.load import load_text

DESK = """name: notes
start: 2026-03-02
length: 1 week
segments: {gold: {customers: 200, plan: both}}
plans: {both: [phone, ticket]}
channels:
  phone:
    kind: live
    open: {mon-fri: 09:00-17:00}
    handle_time: 5 min
    patience: 4 min
    after: {abandoned: {next_channel: 50%, give_up: 50%}}
  ticket: {kind: deferred, handle_time: 9 min}
demand:
  calls: {channel: phone, rate: 10/h}
teams:
  desk:
    serves: [phone, ticket]
    shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 3}}
promises:
  fast: {of: phone, answer: 20 s, share: 80%}
"""


def test_a_sound_desk_has_no_notes() -> None:
    assert load_text(DESK).notes == ()


@pytest.mark.parametrize(
    ("path", "value", "note"),
    [
        (
            "promises.fast.answer",
            "5 min",
            "promises.fast: customers of phone wait 4 min on average, less than the limit of 5 min",
        ),
        (
            "channels.phone.handle_time",
            "400 min",
            "channels.phone: a handle time of 6.667 h on average: is the unit right?",
        ),
        (
            "channels.ticket.handle_time",
            "9 ms",
            "channels.ticket: a handle time of 9 ms on average: is the unit right?",
        ),
        ("promises.fast.answer", "20 h", "promises.fast: answered within 20 h: is the unit right?"),
        ("topics", "{bug: {}, bill: {}}", "teams.desk.serves: bill ticket names no queue that contacts come to"),
        (
            "teams.desk.shrinkage",
            "{absence: 100%}",
            "teams.desk.shrinkage.absence: 100%, nobody is ever there",
        ),
        (
            "teams.desk.shrinkage",
            "{off_desk: 100% in 30 min blocks}",
            "teams.desk.shrinkage.off_desk: 100%, nobody is ever there",
        ),
        ("teams.spare", "{serves: ticket, agents: 0}", "teams.spare: nobody is in it"),
        (
            "teams.spare",
            "{serves: ticket, shifts: {late: {days: mon, hours: 16:30-09:00, agents: 1}}}",
            "teams.spare.shifts.late: 16:30-09:00 goes on the next day, 16.5 h in all; were begin and end swapped?",
        ),
        (
            "teams.spare",
            "{serves: ticket, shifts: {late: {days: mon, hours: 20:00-09:00, agents: 1}}}",
            "teams.spare.shifts.late: 20:00-09:00 goes on the next day, 13 h in all; were begin and end swapped?",
        ),
        (
            "teams.desk.shifts.day.hours",
            "10:00-16:30",
            "channels.phone: open 7.5 h a week with nobody on shift: mon 09:00-10:00, mon 16:30-17:00, "
            "tue 09:00-10:00, …",
        ),
        (
            "channels.phone.open",
            "{mon-fri: 09:00-17:00, sat: 10:00-12:00}",
            "channels.phone: open 2 h a week with nobody on shift: sat 10:00-12:00",
        ),
        ("channels.ticket.open", "{mon: closed}", "channels.ticket: it never opens"),
        (
            "channels.ticket.after",
            "{closed: {next_channel: 100%}}",
            "channels.ticket.after.closed: no plan has a channel after ticket, so next_channel gives up",
        ),
        (
            "channels.phone.by",
            "{gold ticket: {patience: 9 min}}",
            "channels.phone.by: gold ticket names no queue that contacts come to",
        ),
        ("demand.calls.rate", "0/h", "demand.calls: no issue will arise"),
        ("channels.mail", "{kind: deferred, handle_time: 1 min}", "channels.mail: no contact comes there"),
        ("routing.classes", "[ticket]", "routing.classes names no class for phone gold general: it is served last"),
        (
            "routing.classes",
            "[gold, phone]",
            "routing.classes: phone is empty, classes before it take all of it",
        ),
        (
            "promises.slow",
            "{of: mail, first_reply: 8 h, share: 90%}",
            "promises.slow: mail names no queue that contacts come to",
        ),
    ],
)
def test_a_note_is_made(path: str, value: str, note: str) -> None:
    changes = [(path, value)]
    if path == "topics":
        changes += [("demand.calls.topic", "bug"), ("teams.desk.serves", "[phone, ticket, bill ticket]")]
    if "of: mail" in value:
        changes += [("channels.mail", "{kind: deferred, handle_time: 1 min}")]
    assert note in load_text(DESK, changes=changes).notes


def test_more_work_than_hours_is_noted_where_nobody_gives_up() -> None:
    text = DESK.replace("    patience: 4 min\n", "").replace("10/h", "100/h")
    assert load_text(text).notes == ("first contacts hold 1400 h of work, teams have 120 h: queues will grow",)
    assert load_text(text.replace("kind: live", "kind: live\n    lines: 9")).notes == ()


def test_a_long_run_is_noted() -> None:
    (note,) = load_text(DESK, changes=[("demand.calls.rate", "100000/h")]).notes
    assert note == "about 1.68e+07 issues a replication: a long run, and about 8.4 GB"


@pytest.mark.parametrize("hours", ["19:00-07:30", "07:00-23:00", "21:00-09:00"])
def test_a_usual_night_and_a_long_day_are_not_asked_whether_they_are_swapped(hours: str) -> None:
    told = NIGHT.replace("HOURS", hours)
    assert not [note for note in load_text(told).notes if "swapped" in note]


NIGHT = """
start: 2026-03-02
length: 1 day
channels: {ticket: {kind: deferred, handle_time: 5 min}}
demand: {mails: {channel: ticket, rate: 3/h}}
teams: {night: {serves: [ticket], shifts: {late: {days: mon, hours: HOURS, agents: 1}}}}
"""
