"""Who takes whom: the agent picked, the touch chosen, pools and ordered teams."""

from __future__ import annotations

import pytest
from storybook import told

TWO = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {desk: {serves: [phone], agents: 2, pick: PICK}}
"""


def agents(log: list[str]) -> list[str]:
    """Who served the contacts, in order."""
    return [line.split(": ")[1].split()[0] for line in log]


def test_the_agent_idle_for_longest_is_picked_and_ties_go_to_the_lower_id() -> None:
    story = told(TWO.replace("PICK", "longest idle"), "who at handle\na 0 2\nb 5 1\nc 7 1\nd 9 1")
    assert story.log == [
        "a at 0: 1 0-2, solved",  # both idle since 0
        "b at 5: 2 5-6, solved",  # since 0, the other since 2
        "c at 7: 1 7-8, solved",  # since 2, the other since 6
        "d at 9: 2 9-10, solved",  # since 6, the other since 8
    ]


def test_the_lowest_id_may_be_picked_instead() -> None:
    story = told(TWO.replace("PICK", "lowest id"), "who at handle\na 0 2\nb 5 1\nc 5 1\nd 9 1")
    assert agents(story.log) == ["1", "1", "2", "1"]


def test_a_return_from_a_break_counts_as_a_change() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [2 min paid at 00:08]}
      bob: {days: mon, hours: 00:00-01:00, agents: 1}
""",
        "who at handle\na 0 1\nb 1 4\nc 12 1",
    )
    assert agents(story.log) == ["ann", "bob", "bob"]  # ann: changed at 10, bob: at 5


def test_clocking_in_counts_as_a_change() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min}}
teams:
  desk:
    serves: [phone]
    shifts:
      late:  {days: mon, hours: 00:10-01:00, agents: 1}
      early: {days: mon, hours: 00:00-01:00, agents: 1}
""",
        "who at handle\na 0 5\nb 13 5\nc 14 1",
    )
    assert agents(story.log) == ["early", "early", "late"]  # idle since 5, the other since 10


CHATS = """
channels: {chat: {kind: live, concurrency: 2, handle_time: 1 min}}
teams: {desk: {serves: [chat], agents: 2, pick: PICK}}
"""


def test_fewest_chats_in_hand_come_before_longest_idle() -> None:
    story = told(CHATS.replace("PICK", "longest idle"), "who at handle\na 0 20\nb 1 1\nc 3 20\nd 4 20\ne 5 20")
    assert story.log == [
        "a at 0: 1 0-20, solved",
        "b at 1: 2 1-2, solved",  # nothing in hand
        "c at 3: 2 3-23, solved",  # nothing in hand since 2, the other has one since 0
        "d at 4: 1 4-24 (2 in hand), solved",  # one each: since 0, the other since 3
        "e at 5: 2 5-25 (2 in hand), solved",
    ]


def test_the_lowest_id_fills_up_with_chats_before_the_next() -> None:
    story = told(CHATS.replace("PICK", "lowest id"), "who at handle\na 0 20\nb 1 20\nc 3 20")
    assert story.log == [
        "a at 0: 1 0-20, solved",
        "b at 1: 1 1-21 (2 in hand), solved",
        "c at 3: 2 3-23, solved",
    ]


# -- policies -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("fifo", "abcde"),  # by the wait alone
        ("priority", "acebd"),  # gold first, inside a class by the wait
        ("own_first", "aedcb"),  # billing first, there gold first; then tech, gold first
    ],
)
def test_the_same_calls_are_served_in_three_orders_by_three_policies(policy: str, order: str) -> None:
    story = told(
        f"""
segments: {{gold: {{}}, basic: {{}}}}
topics: {{billing: {{}}, tech: {{}}}}
channels: {{phone: {{kind: live, handle_time: 1 min}}}}
routing: {{policy: {policy}, classes: [gold, basic]}}
teams: {{ann: {{serves: [billing, tech], agents: 1}}}}
""",
        """
        who at segment topic   handle
        a   0  basic   tech    10
        b   1  basic   tech    1
        c   2  gold    tech    1
        d   3  basic   billing 1
        e   4  gold    billing 1
        """,
    )
    started = sorted((int(c["answered"]), story.who[c["issue"]]) for c in story.journal.contacts)
    assert "".join(who for _, who in started) == order
    assert [tick // 60_000_000 for tick, _ in started] == [0, 10, 11, 12, 13]


def test_live_work_goes_before_deferred_unless_said_otherwise() -> None:
    text = """
channels: {ticket: {kind: deferred, handle_time: 1 min}, phone: {kind: live, handle_time: 1 min}}
teams: {ann: {serves: [ticket, phone], agents: 1}}
"""
    rows = "who at channel handle\na 0 phone 10\nt 1 ticket 1\np 2 phone 1"
    assert told(text, rows).log[1:] == ["t by ticket at 1: ann 11-12, solved", "p by phone at 2: ann 10-11, solved"]
    turned = told(text + "routing: {classes: [ticket, phone]}\n", rows)
    assert turned.log[1:] == ["t by ticket at 1: ann 10-11, solved", "p by phone at 2: ann 11-12, solved"]


# -- teams --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("order", "who"),
    [
        ("[[north, south]]", "north south north"),  # a pool: whoever is idle for longest
        ("[north, south]", "north north south"),  # north if it can
        ("[south, north]", "south south north"),
        ("[[south, north]]", "north south north"),  # inside a pool the order of writing is nothing
    ],
)
def test_a_pool_picks_across_teams_and_ordered_teams_prefer_the_first(order: str, who: str) -> None:
    story = told(
        f"""
channels: {{phone: {{kind: live, handle_time: 1 min}}}}
teams: {{north: {{serves: [phone], agents: 1}}, south: {{serves: [phone], agents: 1}}}}
routing: {{teams: {{phone: {order}}}}}
""",
        "who at handle\na 0 1\nb 5 2\nc 6 2",
    )
    assert " ".join(agents(story.log)) == who


def test_when_an_agent_gets_free_he_takes_who_waits_although_another_team_is_asked_first() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {north: {serves: [phone], agents: 1}, south: {serves: [phone], agents: 1}}
routing: {teams: {phone: [south, north]}}
""",
        "who at handle\na 0 10\nb 0 5\nc 1 1",
    )
    assert story.log == ["a at 0: south 0-10, solved", "b at 0: north 0-5, solved", "c at 1: north 5-6, solved"]


def test_an_agent_who_cannot_serve_a_queue_stays_idle_beside_it() -> None:
    story = told(
        """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {some: {serves: [gold], agents: 1}, rest: {serves: [gold, basic], agents: 1}}
""",
        "who at segment handle\na 0 basic 10\nb 1 basic 5\nc 2 gold 5\nd 3 gold 5",
    )
    assert story.log == [
        "a at 0: rest 0-10, solved",
        "b at 1: rest 10-15, solved",
        "c at 2: some 2-7, solved",
        "d at 3: some 7-12, solved",
    ]
