"""Opening, closing, lines and waiting rooms."""

from __future__ import annotations

from storybook import told

ANN = "teams: {ann: {serves: [phone], agents: 1}}\n"


def phone(rules: str) -> str:
    return f"channels: {{phone: {{kind: live, handle_time: 1 min, {rules}}}}}\n"


def test_a_caller_is_admitted_at_the_tick_of_opening_and_turned_away_at_that_of_closing() -> None:
    story = told(phone("open: {mon: 00:10-00:20}") + ANN, "who at handle\na 0 5\nb 9 1\nc 10 1\nd 19 1\ne 20 1\nf 30 1")
    assert story.log == [
        "a at 0: closed",
        "b at 9: closed",
        "c at 10: ann 10-11, solved",
        "d at 19: ann 19-20, solved",
        "e at 20: closed",
        "f at 30: closed",
    ]
    assert story.ends["a"] == "gave_up 0"


def test_those_waiting_at_closing_are_served_until_the_last_eligible_agent_leaves() -> None:
    story = told(
        phone("open: {mon: 00:00-00:10}, at_close: serve those waiting")
        + "teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 00:00-00:20, agents: 1}}}}",
        "who at handle\na 0 12\nb 5 6\nc 6 7\nd 7 1\ne 10 1",
    )
    assert story.log == [
        "a at 0: ann 0-12, solved",
        "b at 5: ann 12-18, solved",
        "c at 6: ann 18-25, solved",
        "d at 7: disconnected 25",
        "e at 10: closed",
    ]
    assert story.day("ann") == ["available 0-20", "overtime 20-25"]


def test_an_agent_on_her_break_keeps_the_line_and_an_agent_for_other_work_does_not() -> None:
    # ann, the last for the phone, leaves at 21; who answers mails stays, but cannot keep the line
    story = told(
        """
channels:
  phone: {kind: live, handle_time: 1 min, open: {mon: 00:00-00:10}}
  email: {kind: deferred, handle_time: 1 min}
teams:
  calls:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-00:20, agents: 1, breaks: [10 min unpaid at 00:09]}
  mails: {serves: [email], agents: 1}
""",
        "who at channel handle wrap patience\na 9 phone 2\nb 9 phone 9\nc 9 phone 1",
    )
    assert story.log == [
        "a by phone at 9: calls/ann 19-21, solved",  # she was away when the line closed, but came back
        "b by phone at 9: disconnected 21",
        "c by phone at 9: disconnected 21",
    ]


def test_those_waiting_are_turned_away_at_closing_but_not_those_talking() -> None:
    story = told(
        phone("open: {mon: 00:00-00:10}, at_close: turn them away") + ANN,
        "who at handle\na 0 12\nb 5 6\nc 9 7",
    )
    assert story.log == ["a at 0: ann 0-12, solved", "b at 5: disconnected 10", "c at 9: disconnected 10"]


def test_the_line_is_cut_at_closing_when_nobody_eligible_is_present() -> None:
    story = told(
        "length: 2 days\n"
        + phone("open: {mon-tue: 00:00-00:10}")
        + "teams: {desk: {serves: [phone], shifts: {ann: {days: mon-tue, hours: 00:00-00:08, agents: 1}}}}",
        "who at handle\na 9 1\nb 1440 1",
    )
    assert story.log == ["a at 9: disconnected 10", "b at 1440: ann 1440-1441, solved"]


def test_while_the_line_is_open_one_waits_also_for_nobody() -> None:
    story = told(
        phone("open: {mon: 00:00-00:30}")
        + "teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 00:20-00:30, agents: 1}}}}",
        "who at handle\na 9 1",
    )
    assert story.log == ["a at 9: ann 20-21, solved"]


def test_a_patience_that_ends_at_closing_is_too_late_to_be_counted_as_abandoned() -> None:
    # the world comes first: the line is cut at 10, in the tick in which he would have hung up
    story = told(
        phone("open: {mon: 00:00-00:10}, at_close: turn them away") + ANN,
        "who at handle wrap patience\na 0 12\nb 5 6 . 5\nc 5 6 . 4",
    )
    assert story.log[1:] == ["b at 5: disconnected 10", "c at 5: abandoned 9"]


def test_the_customers_of_a_cut_line_go_on_in_queue_order() -> None:
    story = told(
        """
segments: {people: {plan: both}}
plans: {both: [phone, ticket]}
channels:
  phone:
    kind: live
    open: {mon: 00:05-00:10}
    at_close: turn them away
    handle_time: 1 min
    after: {closed: {again: 100%, delay: 3 min}, disconnected: {next_channel: 100%}}
  ticket: {kind: deferred, handle_time: 1 min}
teams: {ann: {serves: [phone, ticket], agents: 1}}
""",
        "who at channel handle\nb 3 phone\na 5 phone 30\nc 6 phone",
    )
    assert story.log == [
        "b by phone at 3: closed",
        "a by phone at 5: ann 5-35, solved",
        "c by phone at 6: disconnected 10",
        "b redials by phone at 8: disconnected 10",
        "c switches to ticket at 10: ann 35-36, solved",  # c was before b in the line
        "b switches to ticket at 10: ann 36-37, solved",
    ]


def test_a_channel_that_opens_at_the_tick_of_a_cut_is_open_to_who_is_cut_off() -> None:
    """Both changes of the doors come first, whichever channel is declared first."""
    phone = (
        "phone: {kind: live, open: {mon: 00:00-00:10}, at_close: turn them away, handle_time: 1 min, "
        "after: {disconnected: {next_channel: 100%}}}"
    )
    chat = "chat: {kind: live, open: {mon: 00:10-00:40}, handle_time: 1 min}"
    rest = "plans: {p: [phone, chat]}\nsegments: {s: {plan: p}}\nteams: {ann: {serves: [phone, chat], agents: 1}}\n"
    for channels in (f"{phone}, {chat}", f"{chat}, {phone}"):
        story = told(f"channels: {{{channels}}}\n{rest}", "who at channel handle\na 0 phone 30\nb 1 phone 3")
        assert story.log == [
            "a by phone at 0: ann 0-30, solved",
            "b by phone at 1: disconnected 10",
            "b switches to chat at 10: ann 30-33, solved",
        ]


def test_a_channel_that_closes_at_the_tick_of_a_cut_is_closed_to_who_is_cut_off() -> None:
    """Its line is full until its own are cut, but he finds it closed, not busy."""
    cut = "open: {mon: 00:00-00:10}, at_close: turn them away, handle_time: 1 min"
    story = told(
        f"""
channels:
  phone: {{kind: live, {cut}, after: {{disconnected: {{next_channel: 100%}}}}}}
  chat: {{kind: live, {cut}, lines: 1}}
plans: {{p: [phone, chat]}}
segments: {{s: {{plan: p}}}}
teams: {{ann: {{serves: [phone, chat], agents: 1}}}}
""",
        "who at channel handle\na 0 phone 30\nb 1 phone 3\nc 2 chat 3",
    )
    assert story.log == [
        "a by phone at 0: ann 0-30, solved",
        "b by phone at 1: disconnected 10",
        "c by chat at 2: disconnected 10",
        "b switches to chat at 10: closed",
    ]


def test_wrap_up_holds_no_line_but_waiting_and_talking_do() -> None:
    story = told(phone("lines: 1") + ANN, "who at handle wrap\na 0 10 4\nb 3 1\nc 6 1\nd 7 1\ne 10 1\nf 11 1")
    assert story.log == [
        "a at 0: ann 0-6 wrap 10, solved",
        "b at 3: busy",
        "c at 6: ann 10-11, solved",  # a hung up at 6
        "d at 7: busy",  # c waits on the line
        "e at 10: busy",  # c talks on it
        "f at 11: ann 11-12, solved",
    ]
    assert story.ends["b"] == "gave_up 3"


def test_without_a_waiting_room_one_is_served_at_once_or_hears_busy() -> None:
    story = told(phone("waiting_room: 0") + ANN, "who at handle wrap\na 0 10 4\nb 7 1\nc 10 1\nd 10 1")
    assert story.log == [
        "a at 0: ann 0-6 wrap 10, solved",
        "b at 7: busy",  # ann still wraps up
        "c at 10: ann 10-11, solved",
        "d at 10: busy",
    ]


def test_a_waiting_room_counts_those_waiting_only() -> None:
    story = told(phone("waiting_room: 1") + ANN, "who at handle\na 0 10\nb 1 5\nc 2 1\nd 10 1\ne 11 1")
    assert story.log == [
        "a at 0: ann 0-10, solved",
        "b at 1: ann 10-15, solved",
        "c at 2: busy",
        "d at 10: ann 15-16, solved",  # b had left the waiting room at 10
        "e at 11: busy",
    ]


def test_windows_that_touch_at_midnight_are_one_and_nobody_is_cut_there() -> None:
    story = told(
        "length: 2 days\n" + phone("open: {mon-tue: 00:00-24:00}, at_close: turn them away") + ANN,
        "who at handle\na 1430 20\nb 1435 1\nc 1440 1",
    )
    assert story.log == [
        "a at 1430: ann 1430-1450, solved",
        "b at 1435: ann 1450-1451, solved",
        "c at 1440: ann 1451-1452, solved",
    ]


def test_a_holiday_closes_the_whole_day() -> None:
    story = told(
        "length: 2 days\ncalendars: {office: {mon-fri: 00:00-01:00, holidays: [2026-03-02]}}\n"
        + phone("open: office, after: {closed: {at_opening: 100%}}")
        + ANN,
        "who at handle\na 30 2",
    )
    assert story.log == ["a at 30: closed", "a redials at 1440: ann 1440-1442, solved"]


def test_absent_agents_are_not_present_and_do_not_keep_a_line() -> None:
    story = told(
        phone("open: {mon: 00:00-00:10}")
        + "teams: {desk: {serves: [phone], shrinkage: {absence: 100%}, "
        + "shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}}}",
        "who at handle\na 5 1",
    )
    assert story.log == ["a at 5: disconnected 10"]


def test_the_line_is_cut_when_the_shift_of_the_last_agent_ends_during_his_break() -> None:
    story = told(
        phone("open: {mon: 00:00-00:10}")
        + "teams: {desk: {serves: [phone], shifts: {ann: "
        + "{days: mon, hours: 00:00-00:20, agents: 1, breaks: [12 min paid at 00:08]}}}}",
        "who at handle\na 9 1",
    )
    assert story.log == ["a at 9: disconnected 20"]


def test_each_queue_of_a_closed_line_is_cut_when_its_own_last_agent_leaves() -> None:
    story = told(
        """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min, open: {mon: 00:00-00:10}}}
teams:
  some: {serves: [gold],  shifts: {ann: {days: mon, hours: 00:00-00:20, agents: 1}}}
  rest: {serves: [basic], shifts: {bob: {days: mon, hours: 00:00-00:30, agents: 1}}}
""",
        """
        who at segment handle
        a   0  gold    25
        b   1  basic   18
        c   2  gold    1
        d   3  basic   1
        e   4  basic   15
        f   5  basic   1
        """,
    )
    assert story.log == [
        "a at 0: some/ann 0-25, solved",
        "b at 1: rest/bob 1-19, solved",
        "c at 2: disconnected 25",
        "d at 3: rest/bob 19-20, solved",
        "e at 4: rest/bob 20-35, solved",
        "f at 5: disconnected 35",
    ]


def test_at_closing_time_who_returns_is_turned_away_at_opening_time_he_is_let_in() -> None:
    rules = "open: {mon: [00:00-00:10, 00:20-00:30]}, patience: 2 min, after: {abandoned: {again: 100%, delay: DELAY}}"
    rows = "who at handle wrap patience\na 0 25 . never\nb 1 1"
    assert told(phone(rules.replace("DELAY", "7 min")) + ANN, rows).log[1:] == [
        "b at 1: abandoned 3",
        "b redials at 10: closed",
    ]
    assert told(phone(rules.replace("DELAY", "17 min")) + ANN, rows).log[1:3] == [
        "b at 1: abandoned 3",
        "b redials at 20: abandoned 22",
    ]


def test_a_call_that_is_put_down_on_a_closed_line_is_cut_if_nobody_on_duty_can_go_on_with_it() -> None:
    rules = "open: {mon: 00:00-00:05}, at_shift_end: put down"
    ann = "ann: {days: mon, hours: 00:00-00:10, agents: 1}"
    bob = "bob: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [5 min paid at 00:08]}"
    text = phone(rules) + "teams: {desk: {serves: [phone], shifts: {PEOPLE}}}"
    rows = "who at handle\na 0 12\nb 11 1"
    assert told(text.replace("PEOPLE", ann), rows).log == [
        "a at 0: ann 0-10 put down (2 left), disconnected 10",
        "b at 11: closed",
    ]
    assert told(text.replace("PEOPLE", f"{ann}, {bob}"), rows).log == [
        "a at 0: ann 0-10 put down (2 left), bob 13-15, solved",  # on his break, but on duty
        "b at 11: closed",
    ]
