"""Anonymous heads by a curve: who goes when it falls, who comes when it rises."""

from __future__ import annotations

from storybook import Story, told

PHONE = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {desk: {serves: [phone], heads: heads.csv}}
"""
CHATS = """
channels: {chat: {kind: live, concurrency: 2, slow_down: [1, 1.2], handle_time: 1 min}}
teams: {desk: {serves: [chat], heads: heads.csv}}
"""
TICKETS = """
channels: {ticket: {kind: deferred, handle_time: 1 min}}
teams: {desk: {serves: [ticket], heads: heads.csv}}
"""


def curve(text: str, rows: str, **heads: int) -> Story:
    """A story with so many heads from each minute of the first hour on (`at10=2`)."""
    lines = [f"2026-03-02 00:{int(minute[2:]):02},{number}\n" for minute, number in heads.items()]
    return told(text, rows, files={"heads.csv": "start,heads\n" + "".join(lines)})


def test_when_the_curve_falls_the_idle_go_first_and_the_longest_idle_of_them() -> None:
    story = curve(PHONE, "who at handle\na 0 5\nb 1 2\nc 2 20\nd 21 1", at0=3, at20=2, at30=3)
    assert story.log == [
        "a at 0: heads/1 0-5, solved",
        "b at 1: heads/2 1-3, solved",
        "c at 2: heads/3 2-22, solved",
        "d at 21: heads/1 21-22, solved",
    ]
    assert story.day("heads/1") == ["available 0-60"]
    assert story.day("heads/2") == ["available 0-20", "available 30-60"]  # idle since 3; came again with the rise
    assert story.day("heads/3") == ["available 0-60"]


def test_nobody_is_there_before_the_first_row() -> None:
    story = curve(PHONE, "who at handle\na 3 2\nb 4 2", at10=2)
    assert story.log == ["a at 3: heads/1 10-12, solved", "b at 4: heads/2 10-12, solved"]
    assert story.day("heads/1") == ["available 10-60"]


def test_when_all_are_busy_who_finishes_next_goes_then() -> None:
    story = curve(PHONE, "who at handle\na 0 15\nb 1 11\nc 5 3", at0=2, at10=1)
    assert story.log == [
        "a at 0: heads/1 0-15, solved",
        "b at 1: heads/2 1-12, solved",
        "c at 5: heads/1 15-18, solved",
    ]
    assert story.day("heads/1") == ["available 0-60"]
    assert story.day("heads/2") == ["available 0-10", "overtime 10-12"]


def test_who_hangs_up_in_the_tick_of_the_fall_is_busy_still_and_goes_without_overtime() -> None:
    story = curve(PHONE, "who at handle\na 0 10\nb 1 19\nc 5 3", at0=2, at10=1)
    assert story.log == [
        "a at 0: heads/1 0-10, solved",
        "b at 1: heads/2 1-20, solved",
        "c at 5: heads/2 20-23, solved",
    ]
    assert story.day("heads/1") == ["available 0-10"]


def test_a_fall_by_two_takes_the_idle_one_first_and_then_who_finishes_next() -> None:
    story = curve(PHONE, "who at handle\na 0 15\nb 1 11\nc 2 1\nd 9 1", at0=3, at8=1, at40=0)
    assert story.log == [
        "a at 0: heads/1 0-15, solved",
        "b at 1: heads/2 1-12, solved",
        "c at 2: heads/3 2-3, solved",
        "d at 9: heads/1 15-16, solved",
    ]
    assert story.day("heads/1") == ["available 0-40"]
    assert story.day("heads/2") == ["available 0-8", "overtime 8-12"]
    assert story.day("heads/3") == ["available 0-8"]


def test_when_the_curve_rises_those_still_finishing_count_again_before_anybody_comes() -> None:
    story = curve(PHONE, "who at handle\na 0 20\nb 1 14\nc 5 3\nd 6 2", at0=2, at10=1, at12=2, at16=3)
    assert story.log == [
        "a at 0: heads/1 0-20, solved",
        "b at 1: heads/2 1-15, solved",
        "c at 5: heads/2 15-18, solved",
        "d at 6: heads/3 16-18, solved",
    ]
    assert story.day("heads/2") == ["available 0-10", "overtime 10-12", "available 12-60"]
    assert story.day("heads/3") == ["available 16-60"]


def test_with_chats_it_counts_when_all_that_is_in_hand_would_end_as_it_goes_now() -> None:
    # 6 a minute alone, 5 with two. At 10 the first has 114 - 9 x 5 = 69 of a to do, 13.8 minutes if c stayed; the
    # second has 13 minutes of b to do. That a will be over sooner, for c ends at 13, is not asked
    story = curve(CHATS, "who at handle\na 0 20\nb 0 23\nc 1 10\nd 11 3", at0=2, at10=1)
    assert story.log == [
        "a at 0: heads/1 0-22.6, solved",  # 54 at 13, 36 at 16.6, then alone
        "b at 0: heads/2 0-23, solved",
        "c at 1: heads/1 1-13 (2 in hand), solved",
        "d at 11: heads/1 13-16.6 (2 in hand), solved",
    ]
    assert story.day("heads/2") == ["available 0-10", "overtime 10-23"]


def test_who_goes_puts_a_ticket_down_as_at_a_shift_end() -> None:
    story = curve(TICKETS, "who at handle\na 0 30\nb 1 24", at0=2, at10=1)
    assert story.log == [
        "a at 0: heads/1 0-30, solved",
        "b at 1: heads/2 1-10 put down (15 left), heads/1 30-45, solved",
    ]
    assert story.day("heads/2") == ["available 0-10"]


def test_a_closed_line_lives_until_the_last_head_has_left() -> None:
    text = PHONE.replace("handle_time: 1 min", "handle_time: 1 min, open: {mon: 00:00-00:05}")
    story = curve(text, "who at handle\na 0 12\nb 1 2\nc 2 9", at0=1, at10=0)
    assert story.log == ["a at 0: heads 0-12, solved", "b at 1: disconnected 12", "c at 2: disconnected 12"]
    assert story.day("heads") == ["available 0-10", "overtime 10-12"]


def test_heads_that_come_together_are_one_event_and_only_then_chats_are_taken_where_they_had_to_drain() -> None:
    story = curve(
        """
channels: {phone: {kind: live, handle_time: 1 min}, chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams:
  crowd:  {serves: [phone, chat], heads: heads.csv}
  cheryl: {serves: [phone, chat], drain_for: phone, agents: 1}
""",
        "who at channel handle\na 1 chat 20\np 2 phone 10\nc 3 chat 20",
        at0=0,
        at5=2,
    )
    assert story.log == [
        "a by chat at 1: cheryl 1-21, solved",
        "p by phone at 2: crowd/heads/1 5-15, solved",
        "c by chat at 3: crowd/heads/2 5-25, solved",
    ]
