"""Chats that hold up other work: counted as starved, or stopped by `drain_for`."""

from __future__ import annotations

import pytest
from storybook import told

PHONE_FIRST = """
channels:
  chat:  {kind: live, concurrency: 2, handle_time: 1 min}
  phone: {kind: live, handle_time: 1 min}
routing: {classes: [phone, chat]}
teams: {ann: {serves: [phone, chat], agents: 1, DRAIN}}
"""
STARVES = PHONE_FIRST.replace(", DRAIN", "")
DRAINS = PHONE_FIRST.replace("DRAIN", "drain_for: phone")
ROWS = "who at channel handle wrap patience\na 0 chat 10\np 1 phone 5 . PATIENCE\nb 5 chat 10\nc 11 chat 10"


def test_a_call_is_passed_over_for_one_chat_after_the_other_and_that_is_counted() -> None:
    assert told(STARVES, ROWS.replace("PATIENCE", "never")).log == [
        "a by chat at 0: ann 0-10, solved",
        "p by phone at 1: ann 21-26 (starved 2), solved",
        "b by chat at 5: ann 5-15 (2 in hand), solved",
        "c by chat at 11: ann 11-21 (2 in hand), solved",
    ]


def test_who_gives_up_was_starved_as_well() -> None:
    assert told(STARVES, ROWS.replace("PATIENCE", "8")).log[1] == "p by phone at 1: abandoned 9 (starved 1)"


def test_drained_hands_take_the_call_when_they_are_empty() -> None:
    assert told(DRAINS, ROWS.replace("PATIENCE", "never")).log == [
        "a by chat at 0: ann 0-10, solved",
        "p by phone at 1: ann 10-15, solved",
        "b by chat at 5: ann 15-25, solved",
        "c by chat at 11: ann 15-25 (2 in hand), solved",
    ]


def test_when_the_caller_gives_up_chats_are_taken_again_at_once() -> None:
    assert told(DRAINS, ROWS.replace("PATIENCE", "6")).log == [
        "a by chat at 0: ann 0-10, solved",
        "p by phone at 1: abandoned 7",
        "b by chat at 5: ann 7-17 (2 in hand), solved",
        "c by chat at 11: ann 11-21 (2 in hand), solved",
    ]


def test_a_team_drains_only_for_what_it_is_asked_and_no_longer_than_somebody_waits() -> None:
    text = """
channels:
  chat:  {kind: live, concurrency: 3, handle_time: 1 min}
  phone: {kind: live, handle_time: 1 min}
routing: {classes: [phone, chat], teams: {phone: [front, desk after 5 min]}}
teams: {front: {serves: [phone], agents: 1}, desk: {serves: [phone, chat], agents: 1, drain_for: phone}}
"""
    rows = "who at channel handle\nq 0 phone 10\na 0 chat 20\np 1 phone 5\nb 3 chat 20\nc 7 chat 4"
    assert told(text, rows).log == [
        "q by phone at 0: front 0-10, solved",
        "a by chat at 0: desk 0-20, solved",
        "p by phone at 1: front 10-15, solved",
        "b by chat at 3: desk 3-23 (2 in hand), solved",  # p is not asked of the desk before 6, nor starved by it
        "c by chat at 7: desk 10-14 (3 in hand), solved",  # when p is answered elsewhere
    ]


@pytest.mark.parametrize(
    ("policy", "interruptible", "starved"),
    [
        ("fifo", "no", " (starved 3)"),
        ("priority", "no", ""),
        ("fifo", "yes", ""),  # chats go before what they might interrupt
    ],
)
def test_only_work_that_would_go_before_the_chat_is_starved(policy: str, interruptible: str, starved: str) -> None:
    text = f"""
channels:
  chat:   {{kind: live, concurrency: 2, handle_time: 1 min}}
  ticket: {{kind: deferred, handle_time: 1 min, interruptible: {interruptible}}}
routing: {{policy: {policy}}}
teams: {{ann: {{serves: [chat, ticket], agents: 1}}}}
"""
    rows = "who at channel handle\na 0 chat 10\nt 3 ticket 2\nu 4 ticket 2\nb 5 chat 10\nc 11 chat 10\nd 12 chat 1"
    assert told(text, rows).log == [
        "a by chat at 0: ann 0-10, solved",
        f"t by ticket at 3: ann 21-23{starved}, solved",
        "u by ticket at 4: ann 23-25, solved",  # only the first of them would have been taken
        "b by chat at 5: ann 5-15 (2 in hand), solved",
        "c by chat at 11: ann 11-21 (2 in hand), solved",
        "d by chat at 12: ann 15-16 (2 in hand), solved",
    ]
