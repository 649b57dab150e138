"""Waits that the system ends, and patience that lasts from one contact to the next."""

from __future__ import annotations

from storybook import told

from supportsim.demand import fates


def phone(rules: str) -> str:
    return f"""
channels: {{phone: {{kind: live, handle_time: 1 min, {rules}}}}}
teams: {{ann: {{serves: [phone], agents: 1}}}}
"""


def test_the_limit_ends_a_wait_before_patience_does_in_one_tick_and_the_caller_redials() -> None:
    story = told(
        phone("wait_limit: 10 min, after: {timed_out: {again: 100%, delay: 5 min, tries: 2}}"),
        "who at handle wrap patience\na 0 40\nb 1 5 . 10\nc 2 5 . 9.5\nd 30.5 2",
    )
    assert story.log == [
        "a at 0: ann 0-40, solved",
        "b at 1: timed out 11",
        "c at 2: abandoned 11.5",
        "b redials at 16: timed out 26",
        "d at 30.5: ann 40-42, solved",
    ]
    assert story.ends == {"a": "solved 40", "b": "gave_up 26", "c": "gave_up 11.5", "d": "solved 42"}


def test_who_is_answered_in_the_tick_of_the_limit_is_answered() -> None:
    story = told(phone("wait_limit: 10 min"), "who at handle\na 0 10\nb 0 5\nc 0 1")
    assert story.log == ["a at 0: ann 0-10, solved", "b at 0: ann 10-15, solved", "c at 0: timed out 10"]


def test_whose_wait_was_ended_may_take_the_next_channel_at_once() -> None:
    story = told(
        """
segments: {people: {plan: both}}
plans: {both: [phone, ticket]}
channels:
  phone:  {kind: live, handle_time: 1 min, wait_limit: 4 min, after: {timed_out: {next_channel: 100%}}}
  ticket: {kind: deferred, handle_time: 3 min}
teams: {ann: {serves: [phone, ticket], agents: 1}}
""",
        "who at channel handle\na 0 phone 6\nb 1 phone",
    )
    assert story.log == [
        "a by phone at 0: ann 0-6, solved",
        "b by phone at 1: timed out 5",
        "b switches to ticket at 5: ann 6-9, solved",
    ]


def test_the_limit_runs_from_the_creation_of_a_call_that_was_there_before_play_began() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min, wait_limit: 10 min}}
teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 00:02-01:00, agents: 1}}}}
""",
        "who at handle\na -12 1\nb -4 10\nc -3 1",
    )
    assert story.log == ["a at -12: timed out 0", "b at -4: ann 2-12, solved", "c at -3: timed out 7"]


def test_a_call_that_was_answered_and_put_down_has_no_limit_any_more() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min, wait_limit: 5 min, at_shift_end: put down}}
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-00:10, agents: 1}
      bob: {days: mon, hours: 00:30-01:00, agents: 1}
""",
        "who at handle\na 8 10\nb 9 1",
    )
    assert story.log == ["a at 8: ann 8-10 put down (8 left), bob 30-38, solved", "b at 9: timed out 14"]


def test_an_overflow_delay_passes_before_a_limit_in_one_tick() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min, wait_limit: 5 min}}
teams: {front: {serves: [phone], agents: 1}, back: {serves: [phone], agents: 1}}
routing: {teams: {phone: [front, back after 5 min]}}
"""
    assert told(text, "who at handle\na 0 20\nb 1 3\nc 1 3\nd 3 2").log == [
        "a at 0: front 0-20, solved",
        "b at 1: back 6-9, solved",
        "c at 1: timed out 6",
        "d at 3: timed out 8",
    ]


def test_a_limit_that_passed_before_play_leaves_the_first_tick_to_who_is_free() -> None:
    text = phone("wait_limit: 10 min")
    assert told(text, "who at handle\na -30 5\nb -20 1\nc -4 1").log == [
        "a at -30: ann 0-5, solved",
        "b at -20: timed out 0",
        "c at -4: ann 5-6, solved",
    ]


# -- keeps: patience ----------------------------------------------------------------------------------------
REDIALS = "patience: 2 min, after: {abandoned: {again: 100%, delay: 5 min, tries: 3}}"


def test_who_keeps_his_patience_has_that_of_his_row_each_time() -> None:
    rows = "who at handle wrap patience\na 0 60 . never\nb 1 1 . 3"
    assert told(phone("keeps: patience, " + REDIALS), rows).log[1:] == [
        "b at 1: abandoned 4",
        "b redials at 9: abandoned 12",
        "b redials at 17: abandoned 20",
    ]
    assert told(phone(REDIALS), rows).log[1:] == [
        "b at 1: abandoned 4",
        "b redials at 9: abandoned 11",  # what the channel says
        "b redials at 16: abandoned 18",
    ]


def test_a_patience_that_is_drawn_and_kept_is_that_of_the_first_contact() -> None:
    rules = "keeps: patience, " + REDIALS.replace("2 min", "{uniform: {low: 0 min, high: 4 min}}")
    story = told(phone(rules), "who at handle wrap patience\na 0 60 . never\nb 1 1")
    waits = [int(contact["patience"]) for contact in story.contacts("b")]
    issue = next(row for row, name in zip(story.journal.issues, story.who, strict=True) if name == "b")
    drawn = fates.uniform(fates.world(1, 0), int(issue["key"]), 1, fates.PATIENCE) * 240_000_000
    assert len(waits) == 3
    assert all(abs(wait - drawn) <= 0.5 for wait in waits)


def test_the_patience_of_the_first_contact_holds_where_another_channel_came_first() -> None:
    # the phone keeps patience, and this is the second contact: its law is asked with the counter of the first
    story = told(
        """
segments: {people: {plan: both}}
plans: {both: [chat, phone]}
channels:
  chat:  {kind: live, handle_time: 1 min, waiting_room: 0, after: {busy: {next_channel: 100%}}}
  phone: {kind: live, handle_time: 1 min, keeps: patience, patience: {uniform: {low: 0 min, high: 4 min}}}
teams: {ann: {serves: [chat, phone], agents: 1}}
""",
        "who at channel handle\na 0 chat 60\nb 1 chat 1",
    )
    first, second = story.contacts("b")
    drawn = fates.uniform(fates.world(1, 0), int(story.journal.issues[1]["key"]), 1, fates.PATIENCE) * 240_000_000
    assert story.log[1] == "b by chat at 1: busy"
    assert second["created"] == first["created"]
    assert abs(int(second["patience"]) - drawn) <= 0.5
