"""Breaks and blocks: due, begun, kept whole, cut by shift end, lost."""

from __future__ import annotations

import pytest
from storybook import Story, told


def ann(hours: str, breaks: str, rows: str) -> Story:
    """A phone desk with one agent and her breaks."""
    return told(
        f"""
channels: {{phone: {{kind: live, handle_time: 1 min}}}}
teams: {{desk: {{serves: [phone], shifts: {{ann: {{days: mon, hours: {hours}, agents: 1, breaks: [{breaks}]}}}}}}}}
""",
        rows,
    )


def test_a_break_due_in_the_tick_a_call_arises_goes_first() -> None:
    story = ann("00:00-01:00", "10 min unpaid at 00:10", "who at handle\na 10 5")
    assert story.log == ["a at 10: ann 20-25, solved"]
    assert story.day("ann") == ["available 0-10", "break 10-20", "available 20-60"]


def test_a_break_due_in_the_tick_a_call_ends_goes_before_the_next_call() -> None:
    story = ann("00:00-01:00", "10 min paid at 00:10", "who at handle\na 0 10\nb 5 5")
    assert story.log == ["a at 0: ann 0-10, solved", "b at 5: ann 20-25, solved"]
    assert story.day("ann") == ["available 0-10", "paid break 10-20", "available 20-60"]


def test_a_break_due_during_a_call_begins_after_the_wrap_up_and_keeps_its_length() -> None:
    story = ann("00:00-01:00", "10 min unpaid at 00:10", "who at handle wrap\na 8 5 1\nb 11 2")
    assert story.log == ["a at 8: ann 8-12 wrap 13, solved", "b at 11: ann 23-25, solved"]
    assert story.day("ann") == ["available 0-10", "break due 10-13", "break 13-23", "available 23-60"]


def test_two_breaks_due_during_one_call_are_taken_in_a_row() -> None:
    story = ann("00:00-01:00", "5 min paid at 00:10, 10 min unpaid at 00:20", "who at handle\na 8 22\nb 9 1\nc 36 1")
    assert story.log == [
        "a at 8: ann 8-30, solved",
        "b at 9: ann 45-46, solved",
        "c at 36: ann 46-47, solved",
    ]
    assert story.day("ann") == [
        "available 0-10",
        "break due 10-30",
        "paid break 30-35",
        "break 35-45",
        "available 45-60",
    ]


def test_a_break_that_falls_due_during_a_late_one_follows_it() -> None:
    story = ann("00:00-01:00", "10 min paid at 00:10, 5 min unpaid at 00:22", "who at handle\na 9 6\nb 20 1")
    assert story.day("ann") == [
        "available 0-10",
        "break due 10-15",
        "paid break 15-25",
        "break 25-30",
        "available 30-60",
    ]
    assert story.log == ["a at 9: ann 9-15, solved", "b at 20: ann 30-31, solved"]


def test_a_break_that_never_began_is_lost_at_shift_end() -> None:
    story = ann("00:00-00:20", "5 min paid at 00:10", "who at handle\na 8 17")
    assert story.log == ["a at 8: ann 8-25, solved"]
    assert sorted(story.day("ann")) == ["available 0-10", "break due 10-20", "break lost 20", "overtime 20-25"]


def test_a_break_that_began_late_is_cut_by_shift_end() -> None:
    story = ann("00:00-00:20", "10 min paid at 00:10", "who at handle\na 8 10\nb 11 1")
    assert story.log == ["a at 8: ann 8-18, solved", "b at 11: waits"]
    assert story.day("ann") == ["available 0-10", "break due 10-18", "paid break 18-20"]


def test_a_break_that_could_begin_only_at_shift_end_is_lost() -> None:
    story = ann("00:00-00:20", "5 min paid at 00:10", "who at handle\na 8 12\nb 9 1")
    assert story.log == ["a at 8: ann 8-20, solved", "b at 9: waits"]
    assert story.day("ann") == ["available 0-10", "break due 10-20", "break lost 20"]


def test_a_break_due_exactly_at_shift_end_is_lost() -> None:
    # the second is due at 15, in the first, and so at its end: 20
    story = ann("00:00-00:20", "10 min paid at 00:10, 5 min paid at 00:15", "who at handle\na 0 1")
    assert story.day("ann") == ["available 0-10", "paid break 10-20", "break lost 20"]


def test_a_break_that_ends_at_the_tick_patience_ends_catches_the_caller() -> None:
    story = ann("00:00-01:00", "10 min unpaid at 00:10", "who at handle wrap patience\na 12 5 . 8\nb 13 5 . 6")
    assert story.log == ["a at 12: ann 20-25, solved", "b at 13: abandoned 19"]


def test_a_break_due_at_the_tick_the_shift_begins_goes_first() -> None:
    story = ann("00:10-01:00", "10 min unpaid at 00:10", "who at handle\na 5 2")
    assert story.log == ["a at 5: ann 20-22, solved"]
    assert story.day("ann") == ["break 10-20", "available 20-60"]


def test_a_break_that_was_due_while_idle_takes_nobody_from_the_queue_meanwhile() -> None:
    story = ann("00:00-01:00", "10 min unpaid at 00:10", "who at handle wrap patience\na 11 2 . 3\nb 19 2")
    assert story.log == ["a at 11: abandoned 14", "b at 19: ann 20-22, solved"]


def test_breaks_spread_over_a_window_do_not_all_begin_at_once() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts: {day: {days: mon, hours: 00:00-01:00, agents: 2, breaks: [10 min unpaid between 00:20 and 00:50]}}
""",
        "who at handle\na 29 5\nb 30 1",
    )
    # marks 20, 25, 30, 35, 40: two halves of 2.5 marks; their middle ones are the second and the fourth
    assert story.day("day/1") == ["available 0-25", "break 25-35", "available 35-60"]
    assert story.day("day/2") == ["available 0-35", "break 35-45", "available 45-60"]
    assert story.log == ["a at 29: day/2 29-34, solved", "b at 30: day/2 34-35, solved"]


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_block_off_the_desk_is_a_slot_of_the_shift_and_goes_first_at_shift_begin(seed: int) -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shrinkage: {off_desk: 50% in 30 min blocks}
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
""",
        "who at handle\na 0 35",
        seed=seed,
    )
    early = ["block 0-30", "available 30-60"], ["a at 0: ann 30-"]
    late = ["available 0-30", "break due 30-35", "block 35-60"], ["a at 0: ann 0-35, solved"]
    assert (story.day("ann"), story.log) in (early, late)


def test_which_slot_a_block_takes_is_left_to_chance() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shrinkage: {off_desk: 50% in 30 min blocks}
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
"""
    days = {told(text, "who at handle\na 0 5", seed=seed).day("ann")[0] for seed in range(1, 21)}
    assert days == {"block 0-30", "available 0-30"}


def test_a_break_due_when_the_next_shift_begins_waits_for_the_call_of_the_last_one() -> None:
    story = told(
        """
length: 2 days
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts: {ann: {days: mon-tue, hours: 00:00-23:00, agents: 1, breaks: [10 min paid at 00:00]}}
""",
        "who at handle\na 1350 120\nb 1445 1",
    )
    assert story.log == ["a at 1350: ann 1350-1470, solved", "b at 1445: ann 1480-1481, solved"]
    assert story.day("ann") == [
        "paid break 0-10",
        "available 10-1380",
        "overtime 1380-1440",
        "break due 1440-1470",
        "paid break 1470-1480",
        "available 1480-2820",
    ]
