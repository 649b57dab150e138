"""What customers do next: redial, come back, switch, give up."""

from __future__ import annotations

from storybook import told


def phone(rules: str) -> str:
    return f"""
channels: {{phone: {{kind: live, handle_time: 5 min, {rules}}}}}
teams: {{ann: {{serves: [phone], agents: 1}}}}
"""


def both(rules: str) -> str:
    """Phone, then ticket."""
    return f"""
segments: {{people: {{plan: both}}}}
plans: {{both: [phone, ticket]}}
channels:
  phone:  {{kind: live, handle_time: 5 min, {rules}}}
  ticket: {{kind: deferred, handle_time: 3 min}}
teams: {{ann: {{serves: [phone, ticket], agents: 1}}}}
"""


def test_a_redial_joins_before_an_issue_that_arises_at_its_tick() -> None:
    story = told(
        phone("after: {abandoned: {again: 100%, delay: 5 min}}"),
        "who at handle wrap patience\na 0 12\nb 1 1 . 4\nc 10 1",
    )
    assert story.log == [
        "a at 0: ann 0-12, solved",
        "b at 1: abandoned 5",
        "b redials at 10: ann 12-13, solved",
        "c at 10: ann 13-14, solved",
    ]


def test_who_came_to_a_closed_line_returns_exactly_at_the_opening() -> None:
    story = told(
        phone("open: {mon: 00:10-00:20}, after: {closed: {at_opening: 100%}}"),
        "who at handle\na 3 2\nb 10 2\nc 30 1",
    )
    assert story.log == [
        "a at 3: closed",
        "a redials at 10: ann 10-12, solved",
        "b at 10: ann 12-14, solved",
        "c at 30: closed",
    ]
    assert story.ends["c"] == "open"  # until next Monday


def test_a_delay_after_closed_runs_from_the_next_opening() -> None:
    story = told(
        phone("open: {mon: 00:10-00:20}, after: {closed: {again: 100%, delay: 2 min}}"), "who at handle\na 3 2"
    )
    assert story.log == ["a at 3: closed", "a redials at 12: ann 12-14, solved"]


def test_who_came_to_a_closed_line_takes_the_next_channel_at_once() -> None:
    story = told(both("open: {mon: 00:10-00:20}, after: {closed: {next_channel: 100%}}"), "who at channel\na 3 phone")
    assert story.log == ["a by phone at 3: closed", "a switches to ticket at 3: ann 3-6, solved"]
    assert story.ends == {"a": "solved 6"}


def test_who_hears_busy_or_hangs_up_takes_the_next_channel_at_once() -> None:
    story = told(
        both("waiting_room: 1, patience: 2 min, after: {busy: {next_channel: 100%}, abandoned: {next_channel: 100%}}"),
        "who at channel\na 0 phone\nb 1 phone\nc 2 phone",
    )
    assert story.log == [
        "a by phone at 0: ann 0-5, solved",
        "b by phone at 1: abandoned 3",
        "c by phone at 2: busy",
        "c switches to ticket at 2: ann 5-8, solved",
        "b switches to ticket at 3: ann 8-11, solved",
    ]


def test_after_the_last_channel_there_is_no_next_one() -> None:
    story = told(
        both("resolves: 0%, after: {unresolved: {next_channel: 100%}}").replace(
            "handle_time: 3 min", "handle_time: 3 min, resolves: 0%, after: {unresolved: {next_channel: 100%}}"
        ),
        "who at channel\na 0 phone",
    )
    assert story.log == ["a by phone at 0: ann 0-5, unresolved", "a switches to ticket at 5: ann 5-8, unresolved"]
    assert story.ends == {"a": "gave_up 8"}


def test_after_the_last_try_the_again_share_gives_up() -> None:
    story = told(
        phone("patience: 2 min, after: {abandoned: {again: 100%, delay: 5 min, tries: 2}}"),
        "who at handle wrap patience\na 0 60 . never\nb 1 1",
    )
    assert story.log == ["a at 0: ann 0-", "b at 1: abandoned 3", "b redials at 8: abandoned 10"]
    assert story.ends == {"a": "open", "b": "gave_up 10"}


def test_who_has_one_try_gives_up_after_it() -> None:
    story = told(
        phone("patience: 2 min, after: {abandoned: {again: 100%, delay: 5 min, tries: 1}}"),
        "who at handle wrap patience\na 0 50 . never\nb 1 1",
    )
    assert story.ends == {"a": "solved 50", "b": "gave_up 3"}


def test_an_outcome_without_a_rule_ends_the_issue() -> None:
    story = told(phone("resolves: 0%"), "who at handle wrap patience\na 0 5\nb 1 5 . 2")
    assert story.log == ["a at 0: ann 0-5, unresolved", "b at 1: abandoned 3"]
    assert story.ends == {"a": "gave_up 5", "b": "gave_up 3"}


def test_an_unresolved_issue_comes_back_after_its_delay_counted_from_the_end_of_the_talk() -> None:
    story = told(
        phone("wrap_up: 20%, resolves: 0%, after: {unresolved: {again: 100%, delay: 30 min, tries: 2}}"),
        "who at\na 0\nb 34",
    )
    assert story.log == [
        "a at 0: ann 0-4 wrap 5, unresolved",
        "a comes back at 34: ann 34-38 wrap 39, unresolved",
        "b at 34: ann 39-43 wrap 44, unresolved",
    ]
    assert story.ends["a"] == "gave_up 38"
    assert story.ends["b"] == "open"  # due again at 73


def test_a_solved_issue_may_come_back_and_stays_solved_after_the_last_try() -> None:
    story = told(phone("after: {solved: {again: 100%, stays_solved: 0%, delay: 10 min, tries: 2}}"), "who at\na 0")
    assert story.log == ["a at 0: ann 0-5, solved", "a comes back at 15: ann 15-20, solved"]
    assert story.ends == {"a": "solved 20"}


def test_a_ticket_taken_back_may_be_sent_again_as_a_redial() -> None:
    story = told(
        """
channels:
  ticket: {kind: deferred, handle_time: 5 min, patience: 4 min, after: {withdrew: {again: 100%, delay: 8 min}}}
teams: {ann: {serves: [ticket], agents: 1}}
""",
        "who at handle wrap patience\na 0 12\nb 1",
    )
    assert story.log == ["a at 0: ann 0-12, solved", "b at 1: withdrew 5", "b redials at 13: ann 13-18, solved"]


def test_a_delay_is_at_least_one_tick() -> None:
    story = told(
        phone("waiting_room: 0, after: {busy: {again: 100%, delay: 0 s, tries: 3}}"), "who at handle\na 0 5\nb 1 1"
    )
    assert story.log[1:] == ["b at 1: busy", "b redials at 1+1 us: busy", "b redials at 1+2 us: busy"]


def test_an_empty_plan_leaves_the_issue_unserved() -> None:
    story = told(
        """
segments: {free: {plan: nothing}, paid: {plan: calls}}
plans: {nothing: [], calls: [phone]}
channels: {phone: {kind: live, handle_time: 5 min}}
teams: {ann: {serves: [phone], agents: 1}}
""",
        "who at segment\na 3 free\nb 4 paid",
    )
    assert story.log == ["b at 4: ann 4-9, solved"]
    assert story.ends == {"a": "unserved 3", "b": "solved 9"}


def test_a_redial_finds_the_line_that_was_freed_in_its_tick() -> None:
    story = told(phone("lines: 1, after: {busy: {again: 100%, delay: 4 min}}"), "who at handle\na 0 5\nb 1 2\nc 5 2")
    assert story.log == [
        "a at 0: ann 0-5, solved",
        "b at 1: busy",
        "b redials at 5: ann 5-7, solved",
        "c at 5: busy",
        "c redials at 9: ann 9-11, solved",
    ]


def test_of_two_who_return_at_one_tick_the_older_issue_joins_first() -> None:
    story = told(
        phone("waiting_room: 1, after: {busy: {again: 100%, delay: 6 min, tries: 2}}"),
        "who at handle\na 0 5\nb 1 8\nc 2 2\nd 2 2\ne 3 1",
    )
    assert story.log == [
        "a at 0: ann 0-5, solved",
        "b at 1: ann 5-13, solved",
        "c at 2: busy",
        "d at 2: busy",
        "e at 3: busy",
        "c redials at 8: ann 13-15, solved",
        "d redials at 8: busy",
        "e redials at 9: busy",
    ]


def test_who_hangs_up_and_writes_instead_is_before_an_issue_that_arises_at_that_tick() -> None:
    story = told(
        both("after: {abandoned: {next_channel: 100%}}"),
        "who at channel handle wrap patience\na 0 phone 10\nb 1 phone . . 4\nc 5 ticket",
    )
    assert story.log == [
        "a by phone at 0: ann 0-10, solved",
        "b by phone at 1: abandoned 5",
        "b switches to ticket at 5: ann 10-13, solved",
        "c by ticket at 5: ann 13-16, solved",
    ]
