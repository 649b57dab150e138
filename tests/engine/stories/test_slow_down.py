"""Several chats in hand, each slower than alone.

With `slow_down: [1, 1.2, 1.5]` the speeds are 6, 5 and 4: L = lcm(1000, 1200, 1500) = 6000.  A minute of work alone is
an amount of 6, and the comments count in these.
"""

from __future__ import annotations

from storybook import told

from supportsim.engine.journal import ENDINGS
from supportsim.scenario.ticks import MINUTE

ONE = """
channels: {chat: {kind: live, handle_time: 1 min, SLOW}}
teams: {ann: {serves: [chat], agents: 1}}
"""
THREE = ONE.replace("SLOW", "concurrency: 3, slow_down: [1, 1.2, 1.5]")
TWO = ONE.replace("SLOW", "concurrency: 2, slow_down: [1, 1.2]")


def test_each_chat_that_comes_or_goes_changes_the_pace_of_the_others() -> None:
    story = told(THREE, "who at handle\na 0 10\nb 2 7\nc 5 8")
    assert story.scenario.channels[0].speeds == (6, 5, 4)
    assert story.log == [
        # 60 - 2 x 6 = 48, - 3 x 5 = 33, - 6.75 x 4 = 6, and 6 / 5 = 1.2
        "a at 0: ann 0-12.95, solved",
        # 42 - 3 x 5 = 27, and 27 / 4 = 6.75
        "b at 2: ann 2-11.75 (2 in hand), solved",
        # 48 - 6.75 x 4 = 21, - 1.2 x 5 = 15, and 15 / 6 = 2.5
        "c at 5: ann 5-15.45 (3 in hand), solved",
    ]


def test_what_does_not_end_with_a_tick_ends_with_the_next_one() -> None:
    text = ONE.replace("SLOW", "concurrency: 3, slow_down: [1, 1.15, 1.35]")
    story = told(text, "who at handle\na 0 100\nb 10 50", time="us", unit=1)
    assert story.scenario.channels[0].speeds == (621, 540, 460)
    assert story.log == [
        # 62100 - 10 x 621 = 55890, - 58 x 540 = 24570, and 24570 / 621 = 39.6
        "a at 0: ann 0-108, solved",
        # 31050 / 540 = 57.5
        "b at 10: ann 10-68 (2 in hand), solved",
    ]


def test_the_wrap_up_of_a_chat_is_slowed_and_counts_and_a_swap_changes_nothing() -> None:
    story = told(TWO, "who at handle wrap\na 0 10 4\nb 1 10\nc 8 3")
    assert story.log == [
        # talk: 36 - 1 x 6 = 30, / 5 = 6; wrap-up: 24 / 5 = 4.8
        "a at 0: ann 0-7 wrap 11.8, solved",
        # 60 - 10.8 x 5 = 6 at 11.8; c takes the place of a: still 5 a minute, 1.2 minutes
        "b at 1: ann 1-13 (2 in hand), solved",
        # 18 - 1.2 x 5 = 12, and 12 / 6 = 2
        "c at 8: ann 11.8-15 (2 in hand), solved",
    ]


def test_two_chats_end_in_one_tick_and_two_others_begin_in_it() -> None:
    story = told(TWO, "who at handle\na 0 10\nb 0 10\nc 3 6\nd 4 6")
    assert story.log == [
        "a at 0: ann 0-12, solved",  # 60 / 5
        "b at 0: ann 0-12 (2 in hand), solved",
        "c at 3: ann 12-19.2 (2 in hand), solved",  # b, whose work is over, is still in her hands
        "d at 4: ann 12-19.2 (2 in hand), solved",
    ]


def test_an_amount_that_is_more_than_used_up_is_nothing_and_not_less() -> None:
    # 24 of work at 5 a tick: 4.8, so 5 ticks, in which 25 would have been done
    story = told(TWO, "who at handle\na 0 4\nb 0 4\nc 1 1", time="us", unit=1)
    assert story.log == [
        "a at 0: ann 0-5, solved",
        "b at 0: ann 0-5 (2 in hand), solved",
        "c at 1: ann 5-6 (2 in hand), solved",  # alone from 5 on: 6 / 6
    ]


def test_speeds_may_be_given_and_be_alike_for_two_and_three() -> None:
    text = ONE.replace("SLOW", "concurrency: 3, speeds: [4, 3, 3]")
    assert told(text, "who at handle\na 0 8\nb 2 9\nc 4 3").log == [
        "a at 0: ann 0-10, solved",  # 32 - 2 x 4 = 24, and 24 / 3 = 8 whether two or three
        "b at 2: ann 2-13 (2 in hand), solved",  # 36 - 8 x 3 = 12, and 12 / 4 = 3
        "c at 4: ann 4-8 (3 in hand), solved",  # 12 / 3
    ]


def test_without_slow_down_chats_go_on_at_one_speed() -> None:
    assert told(ONE.replace("SLOW", "concurrency: 3"), "who at handle\na 0 10\nb 2 7\nc 5 8").log == [
        "a at 0: ann 0-10, solved",
        "b at 2: ann 2-9 (2 in hand), solved",
        "c at 5: ann 5-13 (3 in hand), solved",
    ]


def test_who_has_one_chat_is_not_slowed_by_the_chats_of_a_colleague() -> None:
    assert told(TWO.replace("agents: 1", "agents: 2"), "who at handle\na 0 10\nb 1 10\nc 2 10").log == [
        "a at 0: 1 0-11.6, solved",  # 60 - 2 x 6 = 48, and 48 / 5 = 9.6
        "b at 1: 2 1-11, solved",  # ever alone
        "c at 2: 1 2-13.6 (2 in hand), solved",  # 60 - 9.6 x 5 = 12, and 12 / 6 = 2
    ]


PUT_DOWN = """
channels: {chat: {kind: live, concurrency: 2, slow_down: [1, 1.2], handle_time: 1 min, at_shift_end: put down}}
teams:
  desk:
    serves: [chat]
    shifts:
      ann: {days: mon, hours: 00:00-00:10, agents: 1}
      bob: {days: mon, hours: 00:10-01:00, agents: 1}
"""


def test_slowed_chats_that_are_put_down_keep_the_amounts_that_are_left() -> None:
    story = told(PUT_DOWN, "who at handle\na 0 10\nb 4 8")
    assert story.log == [
        # 60 - 4 x 6 - 6 x 5 = 6, a minute alone; with b beside it 1.2
        "a at 0: ann 0-10 put down (1 left), bob 10-11.2, solved",
        # 48 - 6 x 5 = 18; - 1.2 x 5 = 12, and 12 / 6 = 2
        "b at 4: ann 4-10 put down (3 left), bob 10-13.2 (2 in hand), solved",
    ]
    laid = [part for part in story.journal.touches if ENDINGS[part["how"]] == "put_down"]
    assert [int(part["remaining"]) for part in laid] == [6 * MINUTE, 18 * MINUTE]


def test_a_time_measured_at_several_chats_is_divided_by_the_slow_down_there() -> None:
    text = TWO.replace("handle_time: 1 min", "handle_time: 11 min, wrap_up: 20%, measured_at: 1.5 chats")
    assert told(text, "who at\na 0\nb 20\nc 20").log == [
        "a at 0: ann 0-8 wrap 10, solved",  # half way from 1 to 1.2: 11 / 1.1
        "b at 20: ann 20-29.6 wrap 32, solved",  # 48 / 5 and 12 / 5
        "c at 20: ann 20-29.6 wrap 32 (2 in hand), solved",
    ]
