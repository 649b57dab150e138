"""Writing that is laid aside when the phone rings."""

from __future__ import annotations

import pytest
from storybook import told

CHANNELS = """
channels:
  phone: {kind: live, handle_time: 1 min}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
"""
ANN = CHANNELS + "teams: {ann: {serves: [phone, email], agents: 1}}\n"


def desk(**hours: str) -> str:
    """Phone and email, people by their hours (`ann=00:00-01:00 breaks`)."""
    people = ", ".join(
        f"{name}: {{days: mon, hours: {when.split()[0]}, agents: 1, breaks: [{' '.join(when.split()[1:])}]}}"
        for name, when in hours.items()
    )
    return CHANNELS + f"teams: {{desk: {{serves: [phone, email], shifts: {{{people}}}}}}}\n"


HELPED = CHANNELS + "teams: {front: {serves: [phone, email], agents: 1}, mails: {serves: [email], agents: 1}}\n"


def test_an_email_is_laid_aside_for_a_call_and_taken_up_again() -> None:
    assert told(ANN, "who at channel handle wrap\ne 0 email 20 2\np 5 phone 4 1\nq 7 phone 1").log == [
        "e by email at 0: ann 0-5 interrupted (13 left), ann 10-23 wrap 25, solved",
        "p by phone at 5: ann 5-8 wrap 9, solved",
        "q by phone at 7: ann 9-10, solved",
    ]


def test_what_was_laid_aside_goes_at_once_to_who_may_take_it() -> None:
    # the front is asked first, so e is there; mails may write but not talk
    assert told(HELPED, "who at channel handle\ne 0 email 20\np 5 phone 4").log == [
        "e by email at 0: front 0-5 interrupted (15 left), mails 5-20, solved",
        "p by phone at 5: front 5-9, solved",
    ]


def test_what_was_laid_aside_is_taken_up_by_whoever_comes_first() -> None:
    story = told(desk(ann="00:00-01:00", bob="00:07-01:00"), "who at channel handle\ne 0 email 20\np 5 phone 4")
    assert story.log == [
        "e by email at 0: ann 0-5 interrupted (15 left), bob 7-22, solved",
        "p by phone at 5: ann 5-9, solved",
    ]


def test_of_two_emails_the_one_begun_last_is_interrupted_first_and_the_older_taken_up_first() -> None:
    rows = "who at channel handle\ne 0 email 30\nf 2 email 30\np 5 phone 4\nq 6 phone 2"
    assert told(ANN.replace("{ann:", "{desk:").replace("agents: 1", "agents: 2"), rows).log == [
        "e by email at 0: 1 0-6 interrupted (24 left), 1 8-32, solved",
        "f by email at 2: 2 2-5 interrupted (27 left), 2 9-36, solved",
        "p by phone at 5: 2 5-9, solved",
        "q by phone at 6: 1 6-8, solved",
    ]


def test_of_two_emails_begun_at_one_tick_that_of_the_first_in_the_roster_is_interrupted() -> None:
    rows = "who at channel handle\ne 0 email 30\nf 0 email 30\np 5 phone 4"
    assert told(ANN.replace("{ann:", "{desk:").replace("agents: 1", "agents: 2"), rows).log == [
        "e by email at 0: 1 0-5 interrupted (25 left), 1 9-34, solved",
        "f by email at 0: 2 0-30, solved",
        "p by phone at 5: 1 5-9, solved",
    ]


def test_what_counts_is_when_the_stretch_began_and_not_the_email() -> None:
    # one may serve all calls, two those of gold only; e is the older email but was taken up again after f was begun
    text = (
        CHANNELS
        + """
segments: {gold: {}, basic: {}}
teams: {one: {serves: [phone, email], agents: 1}, two: {serves: [gold phone, email], agents: 1}}
routing: {teams: {gold phone: [[one, two]]}}
"""
    )
    rows = """
    who at segment channel handle
    e   0  basic   email   30
    f   2  basic   email   30
    p   5  basic   phone   2
    q   10 gold    phone   3
    """
    assert told(text, rows).log == [
        "e by email at 0: one 0-5 interrupted (25 left), one 7-10 interrupted (22 left), one 13-35, solved",
        "f by email at 2: two 2-32, solved",
        "p by phone at 5: one 5-7, solved",
        "q by phone at 10: one 10-13, solved",
    ]


@pytest.mark.parametrize(
    ("ring", "email", "phone"),
    [
        ("3", "ann 0-3 interrupted (1 left), ann 5-6 wrap 12", "ann 3-5"),
        ("4", "ann 0-4 wrap 10", "ann 10-12"),  # the reply is sent in that tick
        ("5", "ann 0-4 wrap 10", "ann 10-12"),
    ],
)
def test_a_wrap_up_is_not_interrupted(ring: str, email: str, phone: str) -> None:
    assert told(ANN, f"who at channel handle wrap\ne 0 email 10 6\np {ring} phone 2").log == [
        f"e by email at 0: {email}, solved",
        f"p by phone at {ring}: {phone}, solved",
    ]


def test_who_has_a_break_due_is_not_interrupted() -> None:
    story = told(desk(ann="00:00-01:00 5 min paid at 00:10"), "who at channel handle\ne 5 email 10\np 12 phone 3")
    assert story.log == ["e by email at 5: ann 5-15, solved", "p by phone at 12: ann 20-23, solved"]
    assert story.day("ann") == ["available 0-10", "break due 10-15", "paid break 15-20", "available 20-60"]


def test_what_was_laid_aside_does_not_delay_a_break() -> None:
    story = told(desk(ann="00:00-01:00 5 min paid at 00:10"), "who at channel handle\ne 0 email 20\np 8 phone 4")
    assert story.log == [
        "e by email at 0: ann 0-8 interrupted (12 left), ann 17-29, solved",
        "p by phone at 8: ann 8-12, solved",
    ]
    assert story.day("ann") == ["available 0-10", "break due 10-12", "paid break 12-17", "available 17-60"]


PUT_DOWN_CALL = """
channels:
  phone: {kind: live, handle_time: 1 min, at_shift_end: put down}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
teams:
  calls: {serves: [phone], shifts: {cal: {days: mon, hours: 00:00-00:10, agents: 1}}}
  desk: {serves: [phone, email], agents: 1}
"""


def test_work_that_ends_in_this_very_tick_is_not_interrupted() -> None:
    # the shift ends before the work does; the call that is put down finds ann a moment later, her email sent
    assert told(PUT_DOWN_CALL, "who at channel handle\ne 2 email 8\np 7 phone 6").log == [
        "e by email at 2: desk 2-10, solved",
        "p by phone at 7: calls/cal 7-10 put down (3 left), desk 10-13, solved",
    ]


def test_a_call_that_was_put_down_interrupts_too() -> None:
    assert told(PUT_DOWN_CALL, "who at channel handle\ne 2 email 9\np 7 phone 6").log == [
        "e by email at 2: desk 2-10 interrupted (1 left), desk 13-14, solved",
        "p by phone at 7: calls/cal 7-10 put down (3 left), desk 10-13, solved",
    ]


@pytest.mark.parametrize(
    ("ring", "email", "calls"),
    [
        (4, "front 0-4 interrupted (16 left), mails 10-26", "front 4-19"),  # 10 minutes after it came, not after 4
        (12, "front 0-12 interrupted (8 left), mails 12-20", "front 12-27"),  # the delay has passed long ago
    ],
)
def test_the_overflow_delay_of_interrupted_work_runs_from_its_old_entry(ring: int, email: str, calls: str) -> None:
    text = HELPED + "routing: {teams: {email: [front, mails after 10 min]}}\n"
    assert told(text, f"who at channel handle\ne 0 email 20\np {ring} phone 15").log == [
        f"e by email at 0: {email}, solved",
        f"p by phone at {ring}: {calls}, solved",
    ]


def test_one_email_may_be_interrupted_twice() -> None:
    assert told(ANN, "who at channel handle\ne 0 email 20\np 5 phone 3\nq 10 phone 2").log == [
        "e by email at 0: ann 0-5 interrupted (15 left), ann 8-10 interrupted (13 left), ann 12-25, solved",
        "p by phone at 5: ann 5-8, solved",
        "q by phone at 10: ann 10-12, solved",
    ]


def test_a_call_interrupts_when_its_overflow_delay_passes() -> None:
    text = CHANNELS + (
        "teams: {front: {serves: [phone], agents: 1}, back: {serves: [phone, email], agents: 1}}\n"
        "routing: {teams: {phone: [front, back after 1 min]}}\n"
    )
    assert told(text, "who at channel handle\na 0 phone 9\ne 1 email 10\np 2 phone 2").log == [
        "a by phone at 0: front 0-9, solved",
        "e by email at 1: back 1-3 interrupted (8 left), back 5-13, solved",
        "p by phone at 2: back 3-5, solved",
    ]


def test_calls_that_wait_go_before_interruptible_work_of_a_better_class() -> None:
    classes = "routing: {classes: [email, phone]}\n"
    rows = "who at channel handle\na 0 phone 10\ne 1 email 5\np 2 phone 3"
    assert told(ANN + classes, rows).log[1:] == [
        "e by email at 1: ann 13-18, solved",
        "p by phone at 2: ann 10-13, solved",
    ]
    assert told(ANN.replace(", interruptible: yes", "") + classes, rows).log[1:] == [
        "e by email at 1: ann 10-15, solved",
        "p by phone at 2: ann 15-18, solved",
    ]


def test_an_idle_agent_of_a_later_team_is_asked_before_anybody_is_interrupted() -> None:
    text = CHANNELS + "teams: {front: {serves: [phone, email], agents: 1}, back: {serves: [phone], agents: 1}}\n"
    assert told(text, "who at channel handle\ne 0 email 10\np 2 phone 3\nq 3 phone 2").log == [
        "e by email at 0: front 0-3 interrupted (7 left), front 5-12, solved",
        "p by phone at 2: back 2-5, solved",
        "q by phone at 3: front 3-5, solved",
    ]


def test_chats_interrupt_and_the_email_waits_until_the_hands_are_empty() -> None:
    text = """
channels:
  chat:  {kind: live, concurrency: 2, handle_time: 1 min}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
teams: {ann: {serves: [chat, email], agents: 1}}
"""
    assert told(text, "who at channel handle\ne 0 email 10\nc 3 chat 5\nd 4 chat 6").log == [
        "e by email at 0: ann 0-3 interrupted (7 left), ann 10-17, solved",
        "c by chat at 3: ann 3-8, solved",
        "d by chat at 4: ann 4-10 (2 in hand), solved",
    ]


def test_a_call_below_a_reservation_interrupts_only_while_enough_are_empty_handed() -> None:
    text = (
        CHANNELS
        + """
segments: {gold: {}, basic: {}}
routing: {classes: [gold phone, basic phone, email], reserve: {desk: 1 idle for gold phone}}
teams: {desk: {serves: [phone, email], agents: 2}}
"""
    )
    rows = """
    who at segment channel handle
    e   0  basic   email   30
    b   2  basic   phone   3
    g   8  gold    phone   6
    c   10 basic   phone   2
    h   11 gold    phone   2
    """
    assert told(text, rows).log == [
        # at 5 the second is idle for longer; at 16 the first is
        "e by email at 0: 1 0-2 interrupted (28 left), 2 5-11 interrupted (22 left), 1 16-38, solved",
        "b by phone at 2: 1 2-5, solved",  # 2 has to stay idle, and is enough
        "g by phone at 8: 1 8-14, solved",
        "c by phone at 10: 2 14-16, solved",  # nobody was empty-handed at 10, and 2 alone at 13
        "h by phone at 11: 2 11-13, solved",
    ]


def test_who_was_interrupted_for_a_chat_has_places_for_others_that_wait() -> None:
    # bob must stay idle for calls: c may not take him at 5, and tries to interrupt only when it comes; d does so at 6
    story = told(
        """
channels:
  phone: {kind: live, handle_time: 1 min}
  chat: {kind: live, handle_time: 1 min, concurrency: 2}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
teams: {desk: {serves: [phone, chat, email], shifts: {
  ann: {days: mon, hours: 00:00-01:00, agents: 1}, bob: {days: mon, hours: 00:00-01:00, agents: 1}}}}
routing: {reserve: {desk: 1 idle for phone}}
""",
        "who at channel handle\na 0 email 20\nb 1 phone 4\nc 2 chat 5\nd 6 chat 5",
    )
    assert story.log == [
        "a by email at 0: ann 0-6 interrupted (14 left), bob 11-25, solved",
        "b by phone at 1: bob 1-5, solved",
        "c by chat at 2: ann 6-11 (2 in hand), solved",
        "d by chat at 6: ann 6-11, solved",
    ]
