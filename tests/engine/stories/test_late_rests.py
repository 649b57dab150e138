"""Rests that come late, and shifts that begin while the one before is not over."""

from __future__ import annotations

from storybook import told

MEETING = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [BREAKS]}}
    activities: {meeting: {days: mon, hours: HOURS, agents: 1, off_desk: yes}}
"""


def test_a_block_that_falls_due_in_the_wrap_up_begins_after_it() -> None:
    text = MEETING.replace("BREAKS", "").replace("HOURS", "00:10-00:20")
    story = told(text, "who at handle wrap\na 0 12 5\nb 9 2")
    assert story.log == ["a at 0: ann 0-7 wrap 12, solved", "b at 9: ann 20-22, solved"]
    assert story.day("ann") == ["available 0-10", "break due 10-12", "block 12-20", "available 20-60"]


def test_two_late_breaks_and_a_meeting_follow_each_other_and_only_the_meeting_is_cut() -> None:
    text = MEETING.replace("BREAKS", "5 min paid at 00:10, 10 min unpaid at 00:12").replace("HOURS", "00:20-00:40")
    story = told(text, "who at handle\na 8 14\nb 9 1\nc 39 1")
    assert story.log == ["a at 8: ann 8-22, solved", "b at 9: ann 40-41, solved", "c at 39: ann 41-42, solved"]
    assert story.day("ann") == [
        "available 0-10",
        "break due 10-22",
        "paid break 22-27",
        "break 27-37",
        "block 37-40",
        "available 40-60",
    ]


def test_a_meeting_that_is_over_before_her_hands_are_empty_is_lost_then() -> None:
    text = MEETING.replace("BREAKS", "").replace("HOURS", "00:10-00:20")
    story = told(text, "who at handle\na 8 22\nb 9 1\nc 25 1")
    assert story.log == ["a at 8: ann 8-30, solved", "b at 9: ann 30-31, solved", "c at 25: ann 31-32, solved"]
    assert sorted(story.day("ann")) == ["available 0-10", "available 30-60", "break due 10-30", "break lost 30"]


def test_a_meeting_that_ends_when_her_hands_get_empty_is_lost_too() -> None:
    text = MEETING.replace("BREAKS", "").replace("HOURS", "00:10-00:20")
    story = told(text, "who at handle\na 8 12\nb 9 1")
    assert story.log == ["a at 8: ann 8-20, solved", "b at 9: ann 20-21, solved"]
    assert sorted(story.day("ann")) == ["available 0-10", "available 20-60", "break due 10-20", "break lost 20"]


def test_who_clocks_in_while_she_still_finishes_chats_takes_another_beside_them() -> None:
    text = """
length: 2 days
channels: {chat: {kind: live, concurrency: 2, slow_down: [1, 1.2], handle_time: 1 min}}
teams: {desk: {serves: [chat], shifts: {ann: {days: mon-tue, hours: 00:00-23:00, agents: 1}}}}
"""
    story = told(text, "who at handle\na 1370 90\nb 1390 10")
    assert story.log == [
        # 540 - 70 x 6 = 120 at 1440, - 12 x 5 = 60, and 60 / 6 = 10
        "a at 1370: ann 1370-1462, solved",
        "b at 1390: ann 1440-1452 (2 in hand), solved",  # 60 / 5
    ]
    assert story.day("ann") == ["available 0-1380", "overtime 1380-1440", "available 1440-2820"]


def test_who_finishes_an_email_in_overtime_is_interrupted_from_the_next_shift_on() -> None:
    text = """
length: 2 days
channels:
  phone: {kind: live, handle_time: 1 min}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes, at_shift_end: finish}
teams: {desk: {serves: [phone, email], shifts: {ann: {days: mon-tue, hours: 00:00-23:00, agents: 1}}}}
"""
    story = told(text, "who at channel handle wrap patience\ne 1370 email 90\np 1400 phone 2 . 10\nq 1445 phone 3")
    assert story.log == [
        "e by email at 1370: ann 1370-1445 interrupted (15 left), ann 1448-1463, solved",
        "p by phone at 1400: abandoned 1410",  # her shift was over
        "q by phone at 1445: ann 1445-1448, solved",
    ]
