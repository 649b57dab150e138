"""Work without end for who has nothing better to do."""

from __future__ import annotations

import pytest
from storybook import told

FILLER = """
length: 25 min
channels:
  phone: {kind: live, handle_time: 1 min}
  tidy:  {kind: deferred, handle_time: 10 min, MAY}
demand: {calls: {trace: rows.csv}, shelves: {channel: tidy, endless: yes}}
teams: {ann: {serves: [phone, tidy], agents: 1}}
"""
INTERRUPTED = FILLER.replace("MAY", "interruptible: yes")
WHOLE = FILLER.replace(", MAY", "")


def test_a_piece_of_filler_begins_whenever_nothing_else_waits() -> None:
    story = told(WHOLE, "who at channel handle\np 4 phone 3\nq 5 phone 2")
    assert story.log == [
        "filler 1 by tidy at 0: ann 0-10, solved",
        "p by phone at 4: ann 10-13, solved",
        "q by phone at 5: ann 13-15, solved",
        "filler 2 by tidy at 15: ann 15-",
    ]
    assert story.ends == {"p": "solved 13", "q": "solved 15", "filler 1": "solved 10", "filler 2": "open"}


def test_filler_is_laid_aside_for_a_call_and_finished_before_new_filler() -> None:
    assert told(INTERRUPTED, "who at channel handle\np 4 phone 3\nq 9 phone 2").log == [
        "filler 1 by tidy at 0: ann 0-4 interrupted (6 left), ann 7-9 interrupted (4 left), ann 11-15, solved",
        "p by phone at 4: ann 4-7, solved",
        "q by phone at 9: ann 9-11, solved",
        "filler 2 by tidy at 15: ann 15-",
    ]


def test_a_reserved_agent_begins_no_filler() -> None:
    text = WHOLE.replace("agents: 1", "agents: 2") + "routing: {reserve: {ann: 1 idle for phone}}\n"
    assert told(text, "who at channel handle\np 3 phone 5").log == [
        "filler 1 by tidy at 0: 1 0-10, solved",
        "p by phone at 3: 2 3-8, solved",
        "filler 2 by tidy at 10: 2 10-20, solved",  # idle since 8, and the other stays
        "filler 3 by tidy at 20: 1 20-",
    ]


def test_filler_begins_only_while_its_channel_is_open() -> None:
    text = WHOLE.replace("handle_time: 10 min", "handle_time: 4 min, open: {mon: 00:03-00:12}")
    assert told(text, "who at channel handle\np 9 phone 1\nq 20 phone 1").log == [
        "filler 1 by tidy at 3: ann 3-7, solved",
        "filler 2 by tidy at 7: ann 7-11, solved",
        "p by phone at 9: ann 11-12, solved",  # at 12 it is closed
        "q by phone at 20: ann 20-21, solved",
    ]


def test_filler_that_was_laid_aside_is_finished_although_its_channel_is_closed() -> None:
    text = INTERRUPTED.replace("handle_time: 10 min", "handle_time: 10 min, open: {mon: 00:00-00:05}")
    assert told(text, "who at channel handle\np 4 phone 3").log == [
        "filler 1 by tidy at 0: ann 0-4 interrupted (6 left), ann 7-13, solved",
        "p by phone at 4: ann 4-7, solved",
    ]


def test_filler_is_put_down_at_shift_end_and_goes_on_with_the_next() -> None:
    people = "{ann: {days: mon, hours: 00:00-00:15, agents: 1}, bob: {days: mon, hours: 00:15-01:00, agents: 1}}"
    text = f"""
length: 25 min
channels: {{tidy: {{kind: deferred, handle_time: 10 min}}}}
demand: {{shelves: {{endless: yes, channel: tidy}}}}
teams: {{desk: {{serves: [tidy], shifts: {people}}}}}
"""
    story = told(text)
    assert story.log == [
        "filler 1 at 0: ann 0-10, solved",
        "filler 2 at 10: ann 10-15 put down (5 left), bob 15-20, solved",
        "filler 3 at 20: bob 20-",
    ]
    assert story.day("ann") == ["available 0-15"]


def test_a_team_that_is_asked_only_after_a_delay_begins_no_filler() -> None:
    text = WHOLE.replace("{ann: {", "{front: {serves: [tidy], agents: 1}, back: {") + (
        "routing: {teams: {tidy: [front, back after 1 min], phone: [back]}}\n"
    )
    assert told(text, "who at channel handle\np 5 phone 1").log == [
        "filler 1 by tidy at 0: front 0-10, solved",
        "p by phone at 5: back 5-6, solved",
        "filler 2 by tidy at 10: front 10-20, solved",
        "filler 3 by tidy at 20: front 20-",
    ]


@pytest.mark.parametrize(("classes", "second"), [("[tidy, mail]", "filler"), ("[mail, tidy]", "m")])
def test_a_piece_that_waits_has_the_class_of_its_queue_but_a_new_one_comes_last(classes: str, second: str) -> None:
    text = INTERRUPTED.replace("demand:", "  mail:  {kind: deferred, handle_time: 1 min}\ndemand:").replace(
        "[phone, tidy]", "[phone, mail, tidy]"
    )
    story = told(
        text + f"routing: {{classes: [phone, {classes[1:]}}}\n",
        "who at channel handle\np 2 phone 3\nm 3 mail 4\nn 14 mail 2",
    )
    log = {
        # at 5 the piece waits: a class is a class
        "filler": [
            "filler 1 by tidy at 0: ann 0-2 interrupted (8 left), ann 5-13, solved",
            "p by phone at 2: ann 2-5, solved",
            "m by mail at 3: ann 13-17, solved",
            "n by mail at 14: ann 17-19, solved",
            "filler 2 by tidy at 19: ann 19-",
        ],
        "m": [
            "filler 1 by tidy at 0: ann 0-2 interrupted (8 left), ann 9-17, solved",
            "p by phone at 2: ann 2-5, solved",
            "m by mail at 3: ann 5-9, solved",
            "n by mail at 14: ann 17-19, solved",
            "filler 2 by tidy at 19: ann 19-",
        ],
    }
    assert story.log == log[second]


def test_channels_that_open_at_one_tick_are_all_open_before_filler_begins() -> None:
    # mail opens first, but supply grows for team one first, and post is open as well
    story = told(
        """
length: 20 min
channels:
  mail: {kind: deferred, handle_time: 30 min, open: {mon: 00:10-00:40}}
  post: {kind: deferred, handle_time: 30 min, open: {mon: 00:10-00:40}}
demand: {letters: {channel: post, endless: yes}, mails: {channel: mail, endless: yes}}
teams: {one: {serves: [post], agents: 1}, two: {serves: [mail], agents: 1}}
"""
    )
    assert story.log == ["filler 1 by post at 10: one 10-", "filler 2 by mail at 10: two 10-"]
