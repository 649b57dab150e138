"""Nothing new so long before the end of a shift."""

from __future__ import annotations

from storybook import told


def test_from_fifteen_minutes_before_her_end_an_agent_takes_no_chat_but_still_a_call() -> None:
    story = told(
        """
channels:
  chat:  {kind: live, concurrency: 2, handle_time: 1 min, last_chat: 15 min}
  phone: {kind: live, handle_time: 1 min}
teams:
  desk:
    serves: [chat, phone]
    shifts:
      ann: {days: mon, hours: 00:00-00:30, agents: 1}
      bob: {days: mon, hours: 00:20-01:00, agents: 1}
""",
        """
        who at channel handle
        a   14 chat    9
        b   15 chat    4
        p   26 phone   2
        c   27 chat    2
        d   44 chat    2
        e   45 chat    2
        """,
    )
    assert story.log == [
        "a by chat at 14: ann 14-23, solved",
        "b by chat at 15: bob 20-24, solved",  # the very tick is too late for ann
        "p by phone at 26: ann 26-28, solved",  # idle since 23, bob since 24
        "c by chat at 27: bob 27-29, solved",
        "d by chat at 44: bob 44-46, solved",
        "e by chat at 45: waits",  # now bob is 15 minutes from his end
    ]


def test_one_microsecond_before_the_last_chat_is_early_enough() -> None:
    text = """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min, last_chat: 50 min}}
teams: {desk: {serves: [chat], shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}}}
"""
    ten = 10 * 60_000_000
    assert told(text, f"who at handle\na {ten - 1} 5", time="us", unit=1).log == [
        f"a at {ten - 1}: ann {ten - 1}-{ten + 4}, solved"
    ]
    assert told(text, f"who at handle\na {ten} 5", time="us", unit=1).log == [f"a at {ten}: waits"]


def test_a_chat_that_waits_when_the_last_chat_passes_is_not_taken_by_the_agent_who_gets_free() -> None:
    story = told(
        """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min, last_chat: 15 min}}
teams: {desk: {serves: [chat], shifts: {ann: {days: mon, hours: 00:00-00:30, agents: 1}}}}
""",
        "who at handle wrap patience\na 10 6\nb 11 9\nc 12 1 . 9",
    )
    assert story.log == [
        "a at 10: ann 10-16, solved",  # a place is free from here on
        "b at 11: ann 11-20 (2 in hand), solved",
        "c at 12: abandoned 21",
    ]
    assert story.day("ann") == ["available 0-30"]


def test_shifts_that_touch_have_one_end_and_who_is_always_present_has_none() -> None:
    text = "length: 2 days\nchannels: {chat: {kind: live, concurrency: 2, handle_time: 1 min, last_chat: 15 min}}\n"
    rows = "who at handle\na 1430 5\nb 2864 1\nc 2865 1"
    day_and_night = "{ann: {days: mon-tue, hours: 00:00-24:00, agents: 1}}"
    assert told(text + f"teams: {{desk: {{serves: [chat], shifts: {day_and_night}}}}}", rows).log == [
        "a at 1430: ann 1430-1435, solved",  # midnight is no end of hers
        "b at 2864: ann 2864-2865, solved",
        "c at 2865: waits",
    ]
    assert told(text + "teams: {ann: {serves: [chat], agents: 1}}", rows).log[2] == "c at 2865: ann 2865-2866, solved"
