"""Agents who are kept idle for better work."""

from __future__ import annotations

from storybook import told

GOLD = """
segments: {gold: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {classes: [gold, basic], reserve: {desk: 1 idle for gold phone}}
teams: {desk: TEAM}
"""


def test_one_stays_idle_for_gold_and_a_second_one_who_gets_free_releases_what_is_below() -> None:
    text = GOLD.replace("TEAM", "{serves: [phone], agents: 2}")
    assert told(text, "who at segment handle\na 0 basic 10\nb 1 basic 5\ng 2 gold 3").log == [
        "a at 0: 1 0-10, solved",
        "b at 1: 2 10-15, solved",  # at 5 nobody would have stayed; at 10 two are free, and 2 is idle since 5
        "g at 2: 2 2-5, solved",
    ]


def test_who_is_away_does_not_count_as_idle() -> None:
    people = (
        "ann: {days: mon, hours: 00:00-01:00, agents: 1}, "
        "bob: {days: mon, hours: 00:00-01:00, agents: 1, breaks: [10 min paid at 00:10]}"
    )
    text = GOLD.replace("TEAM", f"{{serves: [phone], shifts: {{{people}}}}}")
    assert told(text, "who at segment handle\nb 12 basic 4\ng 13 gold 9\nc 21 basic 2").log == [
        "b at 12: bob 22-26, solved",  # bob, back at 20, was alone until ann got free
        "g at 13: ann 13-22, solved",
        "c at 21: ann 26-28, solved",
    ]


def test_the_work_of_a_team_without_reservation_goes_on() -> None:
    text = GOLD.replace("{desk: TEAM}", "{desk: {serves: [phone], agents: 1}, rest: {serves: [basic], agents: 1}}")
    assert told(text, "who at segment handle\na 0 basic 5\nb 1 basic 2\ng 2 gold 1").log == [
        "a at 0: rest 0-5, solved",
        "b at 1: rest 5-7, solved",  # the one of the desk is for gold only
        "g at 2: desk 2-3, solved",
    ]


def test_a_second_chat_of_one_agent_leaves_another_empty_handed() -> None:
    text = """
channels:
  phone: {kind: live, handle_time: 1 min}
  chat:  {kind: live, concurrency: 2, handle_time: 1 min}
routing: {classes: [phone, chat], reserve: {desk: 1 idle for phone}}
teams: {desk: {serves: [phone, chat], agents: 2}}
"""
    rows = """
    who at channel handle
    a   0  chat    10
    b   1  chat    12
    c   2  chat    5
    p   3  phone   4
    """
    assert told(text, rows).log == [
        "a by chat at 0: 1 0-10, solved",
        "b by chat at 1: 1 1-13 (2 in hand), solved",  # 2 holds less, but nobody would be left
        "c by chat at 2: 1 10-15 (2 in hand), solved",
        "p by phone at 3: 2 3-7, solved",
    ]


TWO_LEVELS = """
segments: {gold: {}, silver: {}, basic: {}}
channels: {phone: {kind: live, handle_time: 1 min}}
routing: {classes: [gold, silver, basic], reserve: {desk: [1 idle for gold, 2 idle for silver]}}
teams: {desk: {serves: [phone], agents: 3}}
"""


def test_with_two_levels_each_must_hold() -> None:
    # silver is below one level (1 idle), basic below both (2 idle), gold below none
    rows = """
    who at segment handle
    a   0  basic   20
    b   1  basic   4
    c   2  silver  10
    d   3  silver  5
    e   4  gold    4
    """
    assert told(TWO_LEVELS, rows).log == [
        "a at 0: 1 0-20, solved",  # two stay
        "b at 1: 2 20-24, solved",  # three are free: since 12 and 17, and now
        "c at 2: 2 2-12, solved",  # one stays
        "d at 3: 3 12-17, solved",  # 3 is idle since 8, but alone until 12
        "e at 4: 3 4-8, solved",
    ]
    # without the second level one idle agent is enough for basic as well
    looser = TWO_LEVELS.replace("[1 idle for gold, 2 idle for silver]", "1 idle for gold")
    assert told(looser, rows).log[1] == "b at 1: 2 1-5, solved"
