"""Several chats in one agent's hands, at constant speed."""

from __future__ import annotations

from storybook import told

DESK = """
channels:
  chat:   {kind: live, concurrency: 2, handle_time: 1 min}
  ticket: {kind: deferred, handle_time: 1 min}
  phone:  {kind: live, handle_time: 1 min}
teams: {ann: {serves: [phone, chat, ticket], agents: 1}}
"""


def test_two_chats_at_once_and_the_third_waits() -> None:
    story = told(DESK, "who at channel handle\na 0 chat 10\nb 1 chat 10\nc 2 chat 5")
    assert story.log == [
        "a by chat at 0: ann 0-10, solved",
        "b by chat at 1: ann 1-11 (2 in hand), solved",
        "c by chat at 2: ann 10-15 (2 in hand), solved",
    ]


def test_a_ticket_needs_empty_hands_and_a_chat_holder_takes_only_chats() -> None:
    story = told(DESK, "who at channel handle\na 0 chat 10\nt 3 ticket 2\nb 5 chat 10\nc 11 chat 10\nd 22 chat 1")
    assert story.log == [
        "a by chat at 0: ann 0-10, solved",
        "t by ticket at 3: ann 21-23, solved",
        "b by chat at 5: ann 5-15 (2 in hand), solved",
        "c by chat at 11: ann 11-21 (2 in hand), solved",
        "d by chat at 22: ann 23-24, solved",  # a ticket fills the hands
    ]


def test_a_call_needs_empty_hands_too_and_fills_them() -> None:
    story = told(DESK, "who at channel handle wrap patience\na 0 chat 10\np 1 phone 5\nq 2 phone 5 . 7\nb 12 chat 1")
    assert story.log == [
        "a by chat at 0: ann 0-10, solved",
        "p by phone at 1: ann 10-15, solved",
        "q by phone at 2: abandoned 9",
        "b by chat at 12: ann 15-16, solved",
    ]


def test_the_wrap_up_of_a_chat_keeps_its_place() -> None:
    story = told(DESK, "who at channel handle wrap\na 0 chat 10 4\nb 1 chat 20\nc 7 chat 5")
    assert story.log == [
        "a by chat at 0: ann 0-6 wrap 10, solved",
        "b by chat at 1: ann 1-21 (2 in hand), solved",
        "c by chat at 7: ann 10-15 (2 in hand), solved",
    ]


def test_a_break_due_while_chats_are_in_hand_takes_no_new_one_and_begins_when_the_hands_are_empty() -> None:
    story = told(
        """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams:
  desk:
    serves: [chat]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [5 min paid at 00:05]}}
""",
        "who at handle\na 0 10\nb 1 11\nc 6 2",
    )
    assert story.log == [
        "a at 0: ann 0-10, solved",
        "b at 1: ann 1-12 (2 in hand), solved",
        "c at 6: ann 17-19, solved",
    ]
    assert story.day("ann") == ["available 0-5", "break due 5-12", "paid break 12-17", "available 17-60"]


def test_all_chats_in_hand_at_shift_end_are_finished_in_overtime() -> None:
    story = told(
        """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams: {desk: {serves: [chat], shifts: {ann: {days: mon, hours: 00:00-00:05, agents: 1}}}}
""",
        "who at handle\na 0 10\nb 1 14\nc 4 2",
    )
    assert story.log == [
        "a at 0: ann 0-10, solved",
        "b at 1: ann 1-15 (2 in hand), solved",
        "c at 4: waits",  # a place was free from 10 on, but nothing new after the shift
    ]
    assert story.day("ann") == ["available 0-5", "overtime 5-15"]


def test_a_team_may_hold_fewer_chats_than_the_channel_allows() -> None:
    story = told(
        """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams:
  new: {serves: [chat], agents: 1, concurrency: {chat: 1}}
  old: {serves: [chat], agents: 1}
""",
        "who at handle\na 0 10\nb 1 10\nc 2 10\nd 3 10",
    )
    assert story.log == [
        "a at 0: new 0-10, solved",
        "b at 1: old 1-11, solved",
        "c at 2: old 2-12 (2 in hand), solved",
        "d at 3: new 10-20, solved",
    ]


def test_of_two_chats_in_one_agents_hands_the_one_that_came_first_is_put_down_first() -> None:
    text = """
segments: {gold: {}, basic: {}}
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min, at_shift_end: put down}}
routing: {classes: [gold, basic]}
teams:
  pair:   {serves: [chat], shifts: {ann: {days: mon, hours: 00:05-00:10, agents: 1}}}
  single: {serves: [chat], agents: 1, concurrency: {chat: 1}}
"""
    assert told(text, "who at segment handle\nx 0 basic 8\nb 1 basic 30\ng 2 gold 20").log == [
        "x at 0: single 0-8, solved",
        "b at 1: pair/ann 5-10 put down (25 left), single 10-35, solved",  # taken after g, but laid down before it
        "g at 2: pair/ann 5-10 put down (15 left), single 35-50, solved",
    ]
