"""Hours in which somebody works as another team, or is off the desk."""

from __future__ import annotations

from storybook import told

MOVED = """
channels:
  phone: {kind: live, handle_time: 1 min}
  mail:  {kind: deferred, handle_time: 1 min}
teams:
  front:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}, bob: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {inbox: {days: mon, hours: 00:10-00:30, agents: 1, works_as: mailroom}}
  mailroom: {serves: [mail], agents: 0}
"""


def test_who_works_as_another_team_takes_what_that_team_takes_and_nothing_else() -> None:
    rows = """
    who at channel handle
    e   5  mail    4
    p   12 phone   8
    q   13 phone   5
    s   26 phone   10
    t   28 phone   2
    f   31 mail    1
    """
    story = told(MOVED, rows)
    assert story.log == [
        "e by mail at 5: front/ann 10-14, solved",  # the first in the roster moves
        "p by phone at 12: front/bob 12-20, solved",
        "q by phone at 13: front/bob 20-25, solved",
        "s by phone at 26: front/bob 26-36, solved",
        "t by phone at 28: front/ann 30-32, solved",  # when she is back
        "f by mail at 31: waits",
    ]
    assert story.day("front/ann") == ["available 0-10", "available 10-30 as mailroom", "available 30-60"]
    assert story.day("front/bob") == ["available 0-60"]


def test_moving_ends_nothing_in_hand() -> None:
    rows = """
    who at channel handle
    p   8  phone   7
    e   9  mail    20
    q   33 phone   6
    r   34 phone   1
    """
    story = told(MOVED, rows)
    assert story.log == [
        "p by phone at 8: front/ann 8-15, solved",  # the call goes on when she moves at 10
        "e by mail at 9: front/ann 15-35, solved",  # and so does the mail at 30
        "q by phone at 33: front/bob 33-39, solved",
        "r by phone at 34: front/ann 35-36, solved",
    ]


def test_a_move_counts_as_a_change_of_what_one_holds() -> None:
    # bob is idle since 9; ann since 3, but she moved back at 30
    assert told(MOVED, "who at channel handle\na 2 phone 1\nb 3 phone 6\nc 40 phone 1").log == [
        "a by phone at 2: front/ann 2-3, solved",
        "b by phone at 3: front/bob 3-9, solved",
        "c by phone at 40: front/bob 40-41, solved",
    ]


def test_how_much_one_may_hold_is_what_the_team_may_for_which_one_works() -> None:
    text = """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams:
  front:
    serves: [chat]
    concurrency: {chat: 1}
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {rush: {days: mon, hours: 00:10-00:30, agents: 1, works_as: chatroom}}
  chatroom: {serves: [chat], agents: 0}
"""
    assert told(text, "who at handle\na 0 20\nb 5 10\nc 22 20\nd 23 20\ne 31 2").log == [
        "a at 0: front/ann 0-20, solved",
        "b at 5: front/ann 10-20 (2 in hand), solved",  # when two are allowed
        "c at 22: front/ann 22-42, solved",
        "d at 23: front/ann 23-43 (2 in hand), solved",
        "e at 31: front/ann 43-45, solved",  # back in front one is the most, and she holds two, then one
    ]


def test_who_is_moved_is_asked_as_the_other_team_and_interrupted_as_it() -> None:
    # email is answered by the mailroom, which answers calls only after two minutes
    text = """
channels:
  phone: {kind: live, handle_time: 1 min}
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
routing: {teams: {phone: [front, mailroom after 2 min]}}
teams:
  front:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}, bob: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {inbox: {days: mon, hours: 00:10-00:30, agents: 1, works_as: mailroom}}
  mailroom: {serves: [phone, email], agents: 0}
"""
    assert told(text, "who at channel handle\np 11 phone 9\ne 12 email 10\nq 13 phone 3").log == [
        "p by phone at 11: front/bob 11-20, solved",
        "e by email at 12: front/ann 12-15 interrupted (7 left), front/ann 18-25, solved",
        "q by phone at 13: front/ann 15-18, solved",
    ]


def test_an_activity_off_the_desk_falls_due_like_a_break_and_ends_with_its_hours() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}, bob: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities: {training: {days: mon, hours: 00:10-00:30, agents: 2, off_desk: yes}}
"""
    story = told(text, "who at handle\na 8 6\nb 9 1\nc 12 3\nd 29 2")
    assert story.log == [
        "a at 8: ann 8-14, solved",
        "b at 9: bob 9-10, solved",
        "c at 12: ann 30-33, solved",
        "d at 29: bob 30-32, solved",
    ]
    assert story.day("ann") == ["available 0-10", "break due 10-14", "block 14-30", "available 30-60"]
    assert story.day("bob") == ["available 0-10", "block 10-30", "available 30-60"]


def test_only_those_move_whose_shift_holds_the_begin_and_no_longer_than_it_lasts() -> None:
    text = MOVED.replace("ann: {days: mon, hours: 00:00-01:00", "ann: {days: mon, hours: 00:11-01:00").replace(
        "bob: {days: mon, hours: 00:00-01:00", "bob: {days: mon, hours: 00:00-00:20"
    )
    story = told(text, "who at channel handle\ne 12 mail 2\np 13 phone 4\nf 19 mail 5")
    assert story.log == [
        "e by mail at 12: front/bob 12-14, solved",  # ann was not there at 10
        "p by phone at 13: front/ann 13-17, solved",
        "f by mail at 19: front/bob 19-20 put down (4 left), waits",
    ]
    assert story.day("front/ann") == ["available 11-60"]
    assert story.day("front/bob") == ["available 0-10", "available 10-20 as mailroom"]


def test_a_break_that_falls_due_with_the_move_begins_before_it() -> None:
    text = MOVED.replace(
        "ann: {days: mon, hours: 00:00-01:00, agents: 1}",
        "ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [5 min paid at 00:10, 4 min unpaid at 00:28]}",
    )
    story = told(text, "who at channel handle\ne 5 mail 4\np 31 phone 6\nq 31 phone 1")
    assert story.log == [
        "e by mail at 5: front/ann 15-19, solved",
        "p by phone at 31: front/bob 31-37, solved",
        "q by phone at 31: front/ann 32-33, solved",  # at 30 she moved back, in her break
    ]
    assert story.day("front/ann") == [
        "available 0-10",
        "paid break 10-15",
        "available 15-28 as mailroom",
        "break 28-32 as mailroom",
        "available 32-60",
    ]


TOUCHING = """
channels:
  phone: {kind: live, handle_time: 1 min}
  mail:  {kind: deferred, handle_time: 1 min, at_shift_end: finish}
  post:  {kind: deferred, handle_time: 1 min}
teams:
  front:
    serves: [phone]
    shifts: {ann: {days: mon, hours: 00:00-01:00, agents: 1}}
    activities:
      first:  {days: mon, hours: 00:05-00:10, agents: 1, works_as: mailroom}
      second: {days: mon, hours: 00:10-00:20, agents: 1, works_as: mailroom}
  mailroom: {serves: [mail], agents: 0}
  archive:  {serves: [post], agents: 0}
"""


def test_between_two_activities_that_touch_nobody_is_back_with_his_own_team() -> None:
    story = told(TOUCHING, "who at channel handle\na 7 phone 30\nb 12 mail 5")
    assert story.log == [
        "a by phone at 7: front/ann 20-50, solved",  # not at 10, when one activity ends and the next begins
        "b by mail at 12: front/ann 12-17, solved",
    ]
    assert story.day("front/ann") == ["available 0-5", "available 5-20 as mailroom", "available 20-60"]


def test_from_one_activity_to_the_next_one_goes_straight_from_team_to_team() -> None:
    text = TOUCHING.replace(
        "hours: 00:10-00:20, agents: 1, works_as: mailroom", "hours: 00:10-00:20, agents: 1, works_as: archive"
    )
    story = told(text, "who at channel handle\na 7 phone 4\nb 8 mail 2\nc 9 post 3\nd 11 mail 1")
    assert story.log == [
        "a by phone at 7: front/ann 20-24, solved",
        "b by mail at 8: front/ann 8-10, solved",
        "c by post at 9: front/ann 10-13, solved",
        "d by mail at 11: waits",
    ]
    assert story.day("front/ann") == [
        "available 0-5",
        "available 5-10 as mailroom",
        "available 10-20 as archive",
        "available 20-60",
    ]


def test_who_goes_on_for_the_same_team_has_not_moved_and_keeps_her_idle_time() -> None:
    text = TOUCHING.replace("mailroom: {serves: [mail], agents: 0}", "mailroom: {serves: [mail], agents: 1}")
    assert told(text, "who at channel handle\na 6 mail 1\nb 12 mail 2").log == [
        "a by mail at 6: mailroom 6-7, solved",  # idle since 0, ann since she moved at 5
        "b by mail at 12: front/ann 12-14, solved",  # since 5, and not since 10
    ]


def test_what_is_due_or_in_hand_goes_on_where_two_activities_touch() -> None:
    text = TOUCHING.replace(
        "hours: 00:00-01:00, agents: 1", "hours: 00:00-00:20, agents: 1, breaks: [2 min paid at 00:08]"
    )
    story = told(text.replace("00:10-00:20", "00:10-00:18"), "who at channel handle\na 6 mail 13")
    assert story.log == ["a by mail at 6: front/ann 6-19, solved"]
    assert story.day("front/ann") == [
        "available 0-5",
        "available 5-8 as mailroom",
        "break due 8-18 as mailroom",
        "break due 18-19",
        "paid break 19-20",
    ]
