"""A policy of one's own: who goes first is what its function says, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from storybook import told

from supportsim.engine.policy import Policy, policy
from supportsim.scenario.ticks import MINUTE

PREMIUM, FREE = 0, 1
PHONE = """
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [phone], agents: 1}}
"""


@policy
def premium_unless_free_waited_ten_minutes(T: Any, agent: int, touch: int, now: int) -> float:
    issue = T.contacts[T.touches[touch].contact].issue
    if T.issues[issue].segment == PREMIUM or now - T.touches[touch].entered > 10 * MINUTE:
        return 0
    return 1


def test_premium_goes_first_unless_free_has_waited_over_ten_minutes() -> None:
    rows = """
    who at segment handle
    a   0  premium 12
    f   2  free    3
    p   5  premium 4
    g   6  free    2
    q   16 premium 3
    r   17 premium 3
    """
    assert told(PHONE, rows, policy=premium_unless_free_waited_ten_minutes).log == [
        "a at 0: ann 0-12, solved",
        "f at 2: ann 16-19, solved",  # at 12 it has waited ten minutes, not more; at 16 fourteen, longer than all
        "p at 5: ann 12-16, solved",
        "g at 6: ann 19-21, solved",  # at 19 it has waited thirteen: both keys are 0, the longer wait decides
        "q at 16: ann 21-24, solved",
        "r at 17: ann 24-27, solved",
    ]


@policy
def last_come_first_served(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


@policy(inside_queues=False)
def last_of_the_first(T: Any, agent: int, touch: int, now: int) -> int:
    return -T.touches[touch].entered


ROWS = "who at segment handle\na 0 premium 10\nb 1 premium 2\nc 2 premium 2\nf 3 free 2\ng 4 free 2"


@pytest.mark.parametrize(
    ("own", "who"),
    [
        (last_come_first_served, ["b 16", "c 14", "f 12", "g 10"]),
        (last_of_the_first, ["b 14", "c 16", "f 10", "g 12"]),  # f before b; then g before b; then b before c
    ],
)
def test_a_policy_may_turn_queues_round_or_compare_the_first_of_each(own: Policy, who: list[str]) -> None:
    story = told(PHONE, ROWS, policy=own)
    answered = {story.who[c["issue"]]: int(c["answered"]) // MINUTE for c in story.journal.contacts}
    assert [f"{name} {answered[name]}" for name in "bcfg"] == who


@policy
def short_calls_for_who_leaves_soon(T: Any, agent: int, touch: int, now: int) -> int:
    if T.agents[agent].shift_end - now <= 5 * MINUTE:
        return T.issues[T.contacts[T.touches[touch].contact].issue].handle
    return 0


def test_it_sees_the_agent_who_would_take_the_touch() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {desk: {serves: [phone], shifts: {ann: {days: mon, hours: 00:00-00:15, agents: 1}}}}
"""
    rows = "who at handle\na 0 5\nb 1 6\nc 2 3\nd 3 1"
    assert told(text, rows, policy=short_calls_for_who_leaves_soon).log == [
        "a at 0: ann 0-5, solved",
        "b at 1: ann 5-11, solved",  # ten minutes of the shift are left: the longest wait
        "c at 2: ann 12-15, solved",
        "d at 3: ann 11-12, solved",  # four are left: the shortest
    ]


TWO_TEAMS = """
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {teams: {phone: [ann, bob after 4 min]}}
teams: {ann: {serves: [phone], agents: 1}, bob: {serves: [phone], agents: 1}}
"""


@policy
def free_for_bob(T: Any, agent: int, touch: int, now: int) -> bool:
    is_free = T.issues[T.contacts[T.touches[touch].contact].issue].segment == FREE
    return (T.agents[agent].team == 1) != is_free


def test_where_touches_overflow_it_is_asked_with_whoever_would_take_each() -> None:
    rows = """
    who at segment handle
    a   0  premium 12
    b   0  premium 6
    c   2  premium 1
    d   3  free    1
    e   5  premium 1
    f   5  free    1
    """
    assert told(TWO_TEAMS, rows, policy=free_for_bob).log == [
        "a at 0: ann 0-12, solved",
        "b at 0: bob 4-10, solved",  # asks bob when its delay has passed
        "c at 2: ann 12-13, solved",
        "d at 3: bob 10-11, solved",  # bob would rather have free than premium, however long that waits
        "e at 5: bob 12-13, solved",  # ann was asked first at 12, and c waits longer
        "f at 5: bob 11-12, solved",
    ]


CHATS = """
channels:
  chat: {kind: live, handle_time: 10 min, concurrency: 2}
  email: {kind: deferred, handle_time: 1 min}
routing: {policy: fifo}
teams: {ann: {serves: [chat, email], agents: 1}}
"""


@pytest.mark.parametrize(("chats_first", "starved"), [(True, ""), (False, " (starved 1)")])
def test_who_is_starved_by_a_further_chat_is_what_the_policy_says(chats_first: bool, starved: str) -> None:
    def by_channel(T: Any, agent: int, touch: int, now: int) -> int:
        return (T.touches[touch].queue == 0) != chats_first

    log = told(CHATS, "who at channel\na 0 chat\ne 1 email\nb 2 chat", policy=policy(by_channel)).log
    assert log == [
        "a by chat at 0: ann 0-10, solved",
        f"e by email at 1: ann 12-13{starved}, solved",
        "b by chat at 2: ann 2-12 (2 in hand), solved",
    ]


def test_live_touches_go_before_interruptible_work_whatever_it_says() -> None:
    text = """
channels:
  email: {kind: deferred, handle_time: 1 min, interruptible: yes}
  phone: {kind: live, handle_time: 1 min}
teams: {ann: {serves: [phone, email], agents: 1}}
"""
    rows = "who at channel handle\na 0 phone 10\np 4 phone 2\nq 6 phone 2\ne 7 email 5"
    assert told(text, rows, policy=last_come_first_served).log[1:] == [
        "p by phone at 4: ann 12-14, solved",
        "q by phone at 6: ann 10-12, solved",  # the e-mail came last, but of the calls the last goes first
        "e by email at 7: ann 14-19, solved",
    ]


@policy
def first_come_first_served(T: Any, agent: int, touch: int, now: int) -> int:
    return int(T.touches[touch].entered)


@pytest.mark.parametrize(
    ("own", "starved"), [(first_come_first_served, " (starved 2)"), (last_come_first_served, "")], ids=["first", "last"]
)
def test_a_call_is_starved_by_chats_that_the_policy_would_have_taken_after_it(own: Policy, starved: str) -> None:
    text = """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}, phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [phone, chat], agents: 1}}
"""
    rows = "who at channel handle\na 0 chat 10\np 1 phone 5\nb 5 chat 10\nc 11 chat 10"
    assert told(text, rows, policy=own).log == [
        "a by chat at 0: ann 0-10, solved",
        f"p by phone at 1: ann 21-26{starved}, solved",
        "b by chat at 5: ann 5-15 (2 in hand), solved",
        "c by chat at 11: ann 11-21 (2 in hand), solved",
    ]
