"""Who goes first: ageing, deadline, shortest, and calls before work that could be interrupted."""

from __future__ import annotations

import pytest
from storybook import Story, told

from supportsim.scenario.ticks import MINUTE


def order(story: Story) -> str:
    """The names of the issues in the order in which they were answered."""
    started = sorted((int(c["answered"]), story.who[c["issue"]]) for c in story.journal.contacts)
    return " ".join(who for _, who in started)


# -- ageing -------------------------------------------------------------------------------------------------
AGEING = """
segments: {gold: {}, silver: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {policy: ageing, ageing: {gold: {rate: x 2}, silver: {bonus: 10 min}}}
teams: {ann: {serves: [phone], agents: 1}}
"""


@pytest.mark.parametrize(
    ("busy", "who"),
    [
        # scores in minutes when ann gets free, then a minute later, after the first of them
        (26, "a b s g"),  # b 21, s 9 + 10, g 2 x 8; then s 20, g 18
        (28, "a b s g"),  # b 23, s 11 + 10, g 2 x 10; then s 22, g 22: the longer wait decides
        (29, "a b g s"),  # b 24, s 12 + 10, g 2 x 11; then s 23, g 24
        (34, "a g b s"),  # b 29, s 17 + 10, g 2 x 16; then b 30, s 28
    ],
)
def test_a_score_that_grows_twice_as_fast_overtakes_a_bonus(busy: int, who: str) -> None:
    rows = f"who at segment handle\na 0 basic {busy}\nb 5 basic 1\ns 17 silver 1\ng 18 gold 1"
    assert order(told(AGEING, rows)) == who


def test_a_rate_of_nought_lets_everybody_else_go_first() -> None:
    rows = "who at segment handle\na 0 gold 20\nb 1 basic 1\nc 2 basic 1\ng 19 gold 2\ns 21 silver 1"
    text = AGEING.replace("{gold: {rate: x 2}, silver: {bonus: 10 min}}", "{basic: {rate: x 0}}")
    assert order(told(text, rows)) == "a g s b c"  # b and c have 0 for ever, and keep their order
    assert order(told(text.replace("x 0", "x 1"), rows)) == "a b c g s"


# -- deadline -----------------------------------------------------------------------------------------------
DEADLINE = """
segments: {gold: {}, basic: {}, plain: {}}
channels: {ticket: {kind: deferred, handle_time: 1 min}}
routing: {policy: deadline}
promises:
  gold:  {of: gold ticket, first_reply: 15 min, share: 90%, hours: {mon: [00:00-00:10, 00:30-01:00]}}
  basic: {of: basic ticket, first_reply: 25 min, share: 90%}
teams: {ann: {serves: [ticket], agents: 1}}
"""


def test_the_earliest_due_tick_in_business_hours_goes_first_and_none_last() -> None:
    rows = """
    who at segment handle
    a   0  plain   13
    n   1  plain   2
    g   4  gold    2
    h   5  gold    1
    b   12 basic   2
    f   14 basic   1
    """
    assert told(DEADLINE, rows).log == [
        "a at 0: ann 0-13, solved",
        "n at 1: ann 19-21, solved",  # nothing was promised
        "g at 4: ann 15-17, solved",  # due at 39: 6 minutes until 10, 9 from 30 on; as f, but waits longer
        "h at 5: ann 18-19, solved",  # due at 40
        "b at 12: ann 13-15, solved",  # due at 37
        "f at 14: ann 17-18, solved",  # due at 39
    ]


def test_a_due_tick_that_has_passed_stays_the_earliest() -> None:
    text = """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {policy: deadline, classes: [gold, basic]}
promises:
  gold:  {of: gold phone, answer: 2 min, share: 90%}
  basic: {of: basic phone, answer: 10 min, share: 90%}
teams: {ann: {serves: [phone], agents: 1}}
"""
    rows = "who at segment handle\na 0 gold 20\nb 1 basic 2\ng 8 gold 2\nh 19 gold 1"
    assert told(text, rows).log[1:] == [
        "b at 1: ann 22-24, solved",  # was due at 11
        "g at 8: ann 20-22, solved",  # was due at 10
        "h at 19: ann 24-25, solved",  # is due at 21
    ]


def test_a_message_sent_again_is_due_as_the_first_one_was() -> None:
    text = """
channels: {ticket: {kind: deferred, handle_time: 1 min, after: {withdrew: {again: 100%, delay: 10 min}}}}
routing: {policy: deadline}
promises: {all: {of: ticket, first_reply: 30 min, share: 90%}}
teams: {ann: {serves: [ticket], agents: 1}}
"""
    rows = "who at handle wrap patience\na 0 20\nx 1 2 . 4\ny 3 2"
    assert told(text, rows).log == [
        "a at 0: ann 0-20, solved",
        "x at 1: withdrew 5",
        "y at 3: ann 22-24, solved",  # due at 33
        "x redials at 15: ann 20-22, solved",  # due at 31
    ]


def test_who_has_had_a_reply_is_not_due_any_more() -> None:
    text = """
channels:
  ticket: {kind: deferred, handle_time: 1 min, resolves: 0%, after: {unresolved: {again: 100%, delay: 5 min, tries: 2}}}
routing: {policy: deadline}
promises: {all: {of: ticket, first_reply: 30 min, share: 90%}}
teams: {ann: {serves: [ticket], agents: 1}}
"""
    assert told(text, "who at handle\nr 0 3\nw 3 10\ny 12 2").log == [
        "r at 0: ann 0-3, unresolved",
        "w at 3: ann 3-13, unresolved",
        "r comes back at 8: ann 15-16, unresolved",  # before y, but nothing is due
        "y at 12: ann 13-15, unresolved",
        "w comes back at 18: ann 18-19, unresolved",
        "y comes back at 20: ann 20-21, unresolved",
    ]


# -- shortest -----------------------------------------------------------------------------------------------
def test_the_least_work_goes_first_wrap_up_included() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {policy: shortest}
teams: {ann: {serves: [phone], agents: 1}}
"""
    rows = "who at handle wrap\na 0 10\nb 1 6\nc 2 5 4\nd 3 4\ne 4 5"
    assert told(text, rows).log == [
        "a at 0: ann 0-10, solved",
        "b at 1: ann 24-30, solved",
        "c at 2: ann 14-15 wrap 19, solved",  # its talk is the shortest, its work is not; as e, but waits longer
        "d at 3: ann 10-14, solved",
        "e at 4: ann 19-24, solved",
    ]


def test_of_work_that_was_begun_counts_what_is_left() -> None:
    text = """
channels: {ticket: {kind: deferred, handle_time: 1 min}}
routing: {policy: shortest}
teams:
  desk:
    serves: [ticket]
    shifts:
      ann: {days: mon, hours: 00:00-00:10, agents: 1}
      bob: {days: mon, hours: 00:10-01:00, agents: 1}
"""
    assert told(text, "who at handle wrap\na 0 12 1\nb 1 3\nc 2 1.5").log == [
        "a at 0: ann 0-10 put down (1 left), bob 11.5-12.5 wrap 13.5, solved",  # 2 with its wrap-up
        "b at 1: bob 13.5-16.5, solved",
        "c at 2: bob 10-11.5, solved",
    ]


def test_what_a_team_makes_of_the_work_does_not_count() -> None:
    # for slow hands bugs take four times as long; drawn they are shorter
    text = """
topics: {bug: {}, how_to: {}}
channels: {phone: {kind: live, handle_time: 4 min, by: {bug: {handle_time: 2 min}}}}
routing: {policy: shortest}
teams: {slow: {serves: [phone], agents: 1, proficiency: {bug: {handle_time: x 4}}}}
"""
    assert told(text, "who at topic\na 0 how_to\nh 1 how_to\nb 2 bug").log == [
        "a at 0: slow 0-4, solved",
        "h at 1: slow 12-16, solved",
        "b at 2: slow 4-12, solved",
    ]


# -- live before interruptible ------------------------------------------------------------------------------
@pytest.mark.parametrize(("interruptible", "who"), [("yes", "a p q e"), ("no", "a e p q")])
def test_calls_go_before_work_that_they_would_interrupt_even_first_in_first_out(interruptible: str, who: str) -> None:
    text = f"""
channels:
  email: {{kind: deferred, handle_time: 1 min, interruptible: {interruptible}}}
  phone: {{kind: live, handle_time: 1 min}}
routing: {{policy: fifo}}
teams: {{ann: {{serves: [phone, email], agents: 1}}}}
"""
    story = told(text, "who at channel handle\na 0 phone 10\ne 1 email 5\np 4 phone 2\nq 6 phone 2")
    assert order(story) == who
    assert int(story.journal.touches["started"].max()) == (14 if interruptible == "yes" else 17) * MINUTE


# -- by a figure known beforehand ----------------------------------------------------------------------------
FIGURES = """
segments: {free: {margin: 1/month}, paid: {margin: 10/month}, gold: {margin: 40/month}}
channels: {phone: {kind: live, handle_time: 2 min, by: {paid: {handle_time: 4 min}, gold: {handle_time: 20 min}}}}
routing: {policy: value}
teams: {ann: {serves: [phone], agents: 1}}
"""
CALLS = """
who at segment handle
a 0 free 9
f 1 free 5
g 2 gold 5
p 3 paid 5
q 4 paid 5
h 5 gold 5
"""


def test_value_is_margin_by_expected_minutes_whatever_the_work_turns_out_to_be() -> None:
    # free 1 / 2 min = 0.5, paid 10 / 4 min = 2.5, gold 40 / 20 min = 2; in one segment the longer wait
    assert order(told(FIGURES, CALLS)) == "a p q g h f"


def test_equal_value_is_one_class() -> None:
    assert order(told(FIGURES.replace("40/month", "50/month"), CALLS)) == "a g p q h f"


def test_easiest_takes_the_least_expected_work_first_whoever_it_is_of() -> None:
    assert order(told(FIGURES.replace("value", "easiest"), CALLS)) == "a f p q g h"


# -- plans ----------------------------------------------------------------------------------------------------
OFFERED = """
segments: {people: {plan: basic}}
plans: {basic: {channels: [phone], asks: 40%}}
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [phone], agents: 1}}
"""


def test_who_keeps_it_to_himself_makes_no_contact_and_more_is_brought_where_more_is_asked() -> None:
    rows = "who at\n" + "".join(f"i{n} {n}\n" for n in range(40))
    asked: list[set[str]] = []
    for share in ("0%", "40%", "70%", "100%"):
        story = told(OFFERED.replace("40%", share), rows)
        kept = {who for who, end in story.ends.items() if end.startswith("unasked")}
        assert all(story.ends[who] == f"unasked {who[1:]}" for who in kept)
        assert {line.split()[0] for line in story.log} == set(story.ends) - kept
        asked.append(set(story.ends) - kept)
    assert asked[0] == set()
    assert asked[0] < asked[1] < asked[2] < asked[3] == {f"i{n}" for n in range(40)}


def test_who_names_the_channel_has_asked() -> None:
    text = OFFERED.replace("40%", "0%")
    assert told(text, "who at channel\na 0 phone\nb 5 .\n").ends == {"a": "solved 1", "b": "unasked 5"}
