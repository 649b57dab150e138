"""Deferred work: put down and resumed, withdrawn, already waiting when play begins."""

from __future__ import annotations

from storybook import Story, told

from supportsim.scenario.ticks import MINUTE


def desk(rows: str, rules: str = "", **hours: str) -> Story:
    """A ticket desk over two days with people by `day hours`."""
    people = ", ".join(
        f"{name}: {{days: {when.split()[0]}, hours: {when.split()[1]}, agents: 1}}" for name, when in hours.items()
    )
    return told(
        f"""
length: 2 days
channels: {{ticket: {{kind: deferred, handle_time: 1 min, {rules}}}}}
teams: {{desk: {{serves: [ticket], shifts: {{{people}}}}}}}
""",
        rows,
    )


def test_what_is_put_down_at_shift_end_is_resumed_by_another_and_kept_its_place() -> None:
    story = desk("who at handle\na 40 30\nb 50 5", ann="mon 00:00-01:00", bob="tue 00:00-01:00")
    assert story.log == [
        "a at 40: ann 40-60 put down (10 left), bob 1440-1450, solved",
        "b at 50: bob 1450-1455, solved",
    ]
    assert story.day("ann") == ["available 0-60"]
    assert list(story.journal.touches["touch"]) == [0, 1, 0]  # two stretches of one touch
    assert [int(t["entered"]) // MINUTE for t in story.journal.touches] == [40, 50, 40]
    assert [int(t["joined"]) // MINUTE for t in story.journal.touches] == [40, 50, 60]


def test_what_is_put_down_at_shift_end_is_taken_at_once_by_an_idle_colleague() -> None:
    story = desk("who at handle\na 50 20", ann="mon 00:00-01:00", bob="mon 00:00-02:00")
    assert story.log == ["a at 50: ann 50-60 put down (10 left), bob 60-70, solved"]


def test_what_is_put_down_twice_is_resumed_twice() -> None:
    story = desk("who at handle\na 50 60", ann="mon 00:00-01:00", bob="mon 01:10-01:30", cat="mon 02:00-03:00")
    assert story.log == ["a at 50: ann 50-60 put down (50 left), bob 70-90 put down (30 left), cat 120-150, solved"]


def test_a_ticket_whose_work_ends_at_the_tick_of_shift_end_is_done_and_not_put_down() -> None:
    story = desk("who at handle wrap\na 40 20\nb 41 5", ann="mon 00:00-01:00", bob="tue 00:00-01:00")
    assert story.log == ["a at 40: ann 40-60, solved", "b at 41: bob 1440-1445, solved"]
    assert story.day("ann") == ["available 0-60"]


def test_a_ticket_whose_talk_ends_at_the_tick_of_shift_end_is_wrapped_up_in_overtime() -> None:
    story = desk("who at handle wrap\na 40 22 2", ann="mon 00:00-01:00", bob="mon 00:00-02:00")
    assert story.log == ["a at 40: ann 40-60 wrap 62, solved"]
    assert story.day("ann") == ["available 0-60", "overtime 60-62"]


def test_the_wrap_up_of_a_ticket_at_shift_end_is_finished_in_overtime() -> None:
    story = desk("who at handle wrap\na 42 20 5", ann="mon 00:00-01:00", bob="mon 00:00-02:00")
    assert story.log == ["a at 42: ann 42-57 wrap 62, solved"]
    assert story.day("ann") == ["available 0-60", "overtime 60-62"]


def test_the_wrap_up_comes_whole_after_the_resumed_talk() -> None:
    story = desk("who at handle wrap\na 50 30 6", ann="mon 00:00-01:00", bob="tue 00:00-01:00")
    assert story.log == ["a at 50: ann 50-60 put down (14 left), bob 1440-1454 wrap 1460, solved"]


def test_a_channel_may_have_its_tickets_finished_in_overtime() -> None:
    story = desk("who at handle\na 50 30", "at_shift_end: finish", ann="mon 00:00-01:00", bob="tue 00:00-01:00")
    assert story.log == ["a at 50: ann 50-80, solved"]
    assert story.day("ann") == ["available 0-60", "overtime 60-80"]


def test_a_ticket_is_withdrawn_when_its_patience_ends_but_not_while_it_is_worked() -> None:
    story = desk(
        "who at handle wrap patience\na 0 20 . 10\nb 5 5 . 10\nc 6 5 . 14",
        ann="mon 00:00-01:00",
    )
    assert story.log == [
        "a at 0: ann 0-20, solved",
        "b at 5: withdrew 15",
        "c at 6: ann 20-25, solved",  # in the very tick
    ]
    assert story.ends["b"] == "gave_up 15"


def test_put_down_work_has_no_patience() -> None:
    story = desk("who at handle wrap patience\na 50 30 . 15\nb 51 5 . 15", ann="mon 00:00-01:00", bob="tue 00:00-01:00")
    assert story.log == [
        "a at 50: ann 50-60 put down (20 left), bob 1440-1460, solved",
        "b at 51: withdrew 66",
    ]


def test_a_break_waits_for_the_ticket_in_hand() -> None:
    story = told(
        """
channels: {ticket: {kind: deferred, handle_time: 1 min}}
teams:
  desk:
    serves: [ticket]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [5 min paid at 00:10]}}
""",
        "who at handle\na 8 12\nb 9 3",
    )
    assert story.log == ["a at 8: ann 8-20, solved", "b at 9: ann 25-28, solved"]


# -- outside the hours, and before the start ----------------------------------------------------------------
def test_outside_its_hours_nobody_new_reaches_a_mailbox_but_what_is_in_it_is_worked() -> None:
    story = told(
        """
channels: {ticket: {kind: deferred, handle_time: 1 min, open: {mon: 00:10-00:20}}}
teams: {ann: {serves: [ticket], agents: 1}}
""",
        "who at handle\na 5 1\nb 15 20\nc 16 5\nd 20 1",
    )
    assert story.log == [
        "a at 5: closed",
        "b at 15: ann 15-35, solved",
        "c at 16: ann 35-40, solved",
        "d at 20: closed",
    ]


def test_a_starting_backlog_waits_with_its_age_and_is_served_oldest_first() -> None:
    story = told(
        """
channels: {ticket: {kind: deferred, handle_time: 10 min, starting_backlog: {customers: 3, oldest: 60 min}}}
teams: {ann: {serves: [ticket], agents: 1}}
demand: {new: {channel: ticket, trace: rows.csv}}
""",
        "who at\nx 5",
        who=("oldest", "older", "old", "x"),
    )
    asked = [int(issue["asked"]) // MINUTE for issue in story.journal.issues]
    assert asked[0] == -60
    assert asked[3] == 5
    assert asked[1] - asked[0] == asked[2] - asked[1] > 0  # spread evenly
    assert story.log == [
        "oldest at -60: ann 0-10, solved",
        f"older at {asked[1]}: ann 10-20, solved",
        f"old at {asked[2]}: ann 20-30, solved",
        "x at 5: ann 30-40, solved",
    ]


def test_a_ticket_from_before_the_start_waits_already_even_where_the_mailbox_is_closed() -> None:
    story = told(
        """
channels: {ticket: {kind: deferred, handle_time: 1 min, open: {mon: 00:30-00:40}}}
teams: {ann: {serves: [ticket], agents: 1}}
""",
        "who at handle\na -20 5\nb -10 5\nc 3 1",
    )
    assert story.log == ["a at -20: ann 0-5, solved", "b at -10: ann 5-10, solved", "c at 3: closed"]


def test_a_call_from_before_the_start_is_on_the_line_at_the_first_tick_with_its_age() -> None:
    # b would have hung up after 12 minutes and has waited 10, c after 4: he is gone in the first tick
    rows = "who at handle wrap patience\na -20 5\nb -10 5 . 12\nc -10 5 . 4\nd 0 1"
    text = "channels: {phone: {kind: live, handle_time: 1 min}}\nteams: {ann: {serves: [phone], agents: 1}}\n"
    story = told(text, rows)
    assert story.log == [
        "a at -20: ann 0-5, solved",
        "b at -10: abandoned 2",
        "c at -10: abandoned 0",
        "d at 0: ann 5-6, solved",
    ]
    assert [int(i["asked"]) // MINUTE for i in story.journal.issues] == [-20, -10, -10, 0]
    closed = told(text.replace("handle_time", "open: {mon: 00:30-00:40}, handle_time"), rows)
    assert closed.log == ["a at -20: closed", "b at -10: closed", "c at -10: closed", "d at 0: closed"]


TEAM_OF_THREE = """
length: 1 day
channels: {ticket: {kind: deferred, handle_time: 1 min}}
teams:
  desk:
    serves: [ticket]
    pick: lowest id
    shifts:
      ann: {days: mon, hours: 00:00-01:00, agents: 1}
      bob: {days: mon, hours: 00:00-01:00, agents: 1}
      cat: {days: mon, hours: HOURS, agents: 1}
"""
THREE = "who at handle\nx 39 3\na 40 30\nb 45 30"


def test_of_two_tickets_put_down_at_one_tick_the_idle_takes_that_of_the_lower_agent() -> None:
    # shifts end one after the other, by agent: when ann's ticket is laid down, bob's is still in his hands
    assert told(TEAM_OF_THREE.replace("HOURS", "00:00-03:00"), THREE).log == [
        "x at 39: ann 39-42, solved",
        "a at 40: bob 40-60 put down (10 left), cat 75-85, solved",
        "b at 45: ann 45-60 put down (15 left), cat 60-75, solved",
    ]


def test_of_two_tickets_put_down_at_one_tick_who_begins_then_takes_the_older() -> None:
    assert told(TEAM_OF_THREE.replace("HOURS", "01:00-03:00"), THREE).log == [
        "x at 39: ann 39-42, solved",
        "a at 40: bob 40-60 put down (10 left), cat 60-70, solved",
        "b at 45: ann 45-60 put down (15 left), cat 70-85, solved",
    ]
