"""What is different when another team works: selectors that name a team, and proficiency."""

from __future__ import annotations

import pytest
from loader_texts import VALID

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.laws import mean
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Scenario, TeamWork, Work
from supportsim.scenario.resolve_cover import least_work
from supportsim.scenario.ticks import MINUTE

DESK = """name: teams
start: 2026-03-02
length: 1 week
segments:
  gold:   {customers: anonymous}
  silver: {customers: anonymous}
topics:
  how_to: {}
  bug:    {handle_time: x 2, resolves: x 0.5}
channels:
  phone:
    kind: live
    handle_time: 10 min
    wrap_up: 1 min
    patience: 4 min
    resolves: 80%
demand:
  gold_how_to:   {segment: gold, topic: how_to, rate: 1/h}
  gold_bug:      {segment: gold, topic: bug, rate: 1/h}
  silver_bug:    {segment: silver, topic: bug, rate: 1/h}
teams:
  juniors: {serves: phone, agents: 9}
  seniors: {serves: phone, agents: 9}
"""
GOLD_HOW_TO, GOLD_BUG, SILVER_BUG = ("gold", "how_to"), ("gold", "bug"), ("silver", "bug")


def changed(*changes: tuple[str, str]) -> Scenario:
    return load_text(DESK, changes=changes)


def of(scenario: Scenario, spot: tuple[str, str], team: str = "seniors") -> TeamWork:
    """What holds in a queue while a team works."""
    queue = next(each for each in scenario.queues if (each.segment, each.topic) == spot)
    own = next((each for each in queue.by_team if each.team == team), None)
    return own or TeamWork(team, queue.work, queue.resolves)


def minutes(work: Work) -> float:
    return mean(work.law) / MINUTE


# -- `by` with a team ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("by", "how_to", "bug"),  # handle times of gold in minutes while a senior works; the topic bug doubles
    [
        ("{seniors: {handle_time: 6 min}}", 6, 12),
        ("{seniors: {handle_time: x 0.8}}", 8, 16),
        ("{seniors bug: {handle_time: x 0.8}}", 10, 16),
        ("{juniors: {handle_time: 6 min}}", 10, 20),
        # what holds without the team is what x 0.8 multiplies, wherever it stands and however many words it took
        ("{seniors: {handle_time: x 0.8}, bug: {handle_time: 5 min}}", 8, 8),
        ("{seniors: {handle_time: x 0.8}, gold bug: {handle_time: 5 min}}", 8, 8),
        ("{gold bug: {handle_time: x 1.5}, seniors: {handle_time: x 0.8}}", 8, 24),
        # a value of the team: the most words win, of two alike the later
        ("{seniors: {handle_time: 6 min}, gold bug: {handle_time: 5 min}}", 6, 10),
        ("{seniors: {handle_time: 6 min}, bug: {handle_time: 5 min}}", 6, 10),
        ("{bug: {handle_time: 5 min}, seniors: {handle_time: 6 min}}", 6, 12),
        ("{seniors: {handle_time: 6 min}, gold bug: {handle_time: x 1.5}}", 6, 18),
        # factors of the team multiply one another, and are outdone by its more specific value
        ("{seniors: {handle_time: x 0.8}, seniors bug: {handle_time: x 0.5}}", 8, 8),
        ("{seniors: {handle_time: x 0.8}, seniors bug: {handle_time: 5 min}}", 8, 10),
        ("{seniors bug: {handle_time: 5 min}, seniors: {handle_time: x 0.8}}", 8, 10),
        ("{seniors: {handle_time: 6 min}, seniors bug: {handle_time: x 0.5}}", 6, 6),
        ("{seniors: {handle_time: x 0.8}, seniors bug: {talk_time: 5 min}}", 8, 10),
        ("{seniors phone gold bug: {handle_time: 4 min}, seniors phone bug: {handle_time: 5 min}}", 10, 8),
    ],
)
def test_work_of_a_team(by: str, how_to: float, bug: float) -> None:
    scenario = changed(("channels.phone.by", by))
    found = [minutes(of(scenario, spot).work) for spot in (GOLD_HOW_TO, GOLD_BUG)]
    assert found == pytest.approx([how_to, bug])


def test_a_selector_with_a_team_changes_nothing_for_others() -> None:
    scenario = changed(("channels.phone.by", "{seniors: {handle_time: 6 min, resolves: 90%, wrap_up: 10%}}"))
    plain = load_text(DESK)
    for queue, before in zip(scenario.queues, plain.queues, strict=True):
        assert (queue.work, queue.patience, queue.resolves) == (before.work, before.patience, before.resolves)
        assert [each.team for each in queue.by_team] == ["seniors"]
        assert queue.by_team[0].work.wrap_share == 0.1


@pytest.mark.parametrize(
    ("by", "how_to", "bug"),
    [
        ("{seniors: {resolves: 90%}}", 0.9, 0.45),
        ("{seniors: {resolves: x 0.5}}", 0.4, 0.2),
        ("{seniors: {resolves: x 0.5}, bug: {resolves: 100%}}", 0.4, 0.25),
        ("{seniors: {resolves: x 2}}", 1.0, 0.8),  # cut at 100 % once all factors are in
        ("{seniors bug: {resolves: 60%}, gold: {resolves: 100%}}", 1.0, 0.3),
    ],
)
def test_the_chance_of_a_team_to_solve(by: str, how_to: float, bug: float) -> None:
    scenario = changed(("channels.phone.by", by))
    assert [of(scenario, spot).resolves for spot in (GOLD_HOW_TO, GOLD_BUG)] == pytest.approx([how_to, bug])


def test_a_team_may_talk_longer() -> None:
    text = DESK.replace("handle_time: 10 min", "talk_time: 9 min")
    work = of(load_text(text, changes=[("channels.phone.by", "{seniors: {talk_time: x 2}}")]), GOLD_HOW_TO).work
    assert (minutes(work), work.wrap_inside) == (18, False)
    assert work.wrap_law is not None
    assert mean(work.wrap_law) == MINUTE


def test_a_team_may_talk_and_wrap_up_apart() -> None:
    scenario = changed(("channels.phone.by", "{seniors: {talk_time: 7 min, wrap_up: 2 min}}"))
    work = of(scenario, GOLD_HOW_TO).work
    assert (minutes(work), work.wrap_inside) == (7, False)
    assert work.wrap_law is not None
    assert mean(work.wrap_law) == 2 * MINUTE


# -- proficiency -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "how_to", "bug"),  # (pace, chance to solve) of a senior in two queues of gold
    [
        ("{handle_time: x 0.8}", (0.8, 0.8), (0.8, 0.4)),
        ("{resolves: x 1.1}", (1.0, 0.88), (1.0, 0.44)),
        ("{resolves: x 2}", (1.0, 1.0), (1.0, 0.8)),
        ("{bug: {handle_time: x 0.8, resolves: x 1.5}}", (1.0, 0.8), (0.8, 0.6)),
        ("{handle_time: x 0.9, bug: {handle_time: x 0.8}}", (0.9, 0.8), (0.8, 0.4)),
        ("{bug: {handle_time: x 0.8}, handle_time: x 0.9, resolves: x 0.5}", (0.9, 0.4), (0.8, 0.2)),
        ("{gold bug: {handle_time: x 0.7}, bug: {handle_time: x 0.8, resolves: x 0}}", (1.0, 0.8), (0.7, 0.0)),
        ("{bug: {handle_time: x 0.7}, phone: {handle_time: x 0.8}}", (0.8, 0.8), (0.8, 0.4)),
    ],
)
def test_proficiency_value_by_value(text: str, how_to: tuple[float, float], bug: tuple[float, float]) -> None:
    scenario = changed(("teams.seniors.proficiency", text))
    for spot, expected in ((GOLD_HOW_TO, how_to), (GOLD_BUG, bug)):
        own = of(scenario, spot)
        assert (own.pace, own.resolves) == pytest.approx(expected)
        assert own.work == of(load_text(DESK), spot).work


def test_proficiency_goes_upon_what_by_gives_the_team() -> None:
    scenario = changed(
        ("channels.phone.by", "{seniors: {handle_time: 6 min, resolves: 60%}}"),
        ("teams.seniors.proficiency", "{handle_time: x 0.5, resolves: x 1.5}"),
    )
    own = of(scenario, GOLD_HOW_TO)
    assert (minutes(own.work), own.pace, own.resolves) == (6, 0.5, pytest.approx(0.9))
    queue = next(each for each in scenario.queues if (each.segment, each.topic) == GOLD_HOW_TO)
    assert least_work(queue) == 3 * MINUTE


@pytest.mark.parametrize("text", ["{handle_time: x 1, resolves: x 1}", "{bug: {handle_time: x 1}}"])
def test_a_team_that_works_as_the_queue_says_is_not_named(text: str) -> None:
    assert all(each.by_team == () for each in changed(("teams.seniors.proficiency", text)).queues)


def test_only_teams_that_are_asked_are_named() -> None:
    scenario = changed(
        ("teams.seniors.proficiency", "{handle_time: x 0.8}"),
        ("teams.juniors.proficiency", "{handle_time: x 1.2}"),
        ("routing.teams", "{gold: [seniors, juniors], silver: juniors}"),
    )
    named = {(each.segment, each.topic): [own.team for own in each.by_team] for each in scenario.queues}
    assert named == {
        GOLD_HOW_TO: ["juniors", "seniors"],
        GOLD_BUG: ["juniors", "seniors"],
        SILVER_BUG: ["juniors"],
    }


def test_a_variant_changes_the_proficiency_of_a_selector() -> None:
    text = DESK.replace(
        "seniors: {serves: phone,", "seniors: {serves: phone, proficiency: {bug: {handle_time: x 0.8}},"
    )
    path = "teams.seniors.proficiency.bug.handle_time"
    assert of(load_text(text, changes=[(path, "x 0.5")]), GOLD_BUG).pace == pytest.approx(0.4)
    with pytest.raises(ConfigError, match="did you mean bug"):
        load_text(text, changes=[(path.replace("bug", "bugs"), "x 0.5")])


# -- notes and checks ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "value", "note"),
    [
        ("channels.phone.by", "{seniors silver: {resolves: 9%}}", "by: seniors silver holds for nobody, seniors is"),
        ("channels.phone.by", "{silver how_to: {resolves: 9%}}", "by: silver how_to names no queue that contacts"),
        ("teams.seniors.proficiency", "{silver: {resolves: x 1.1}}", "proficiency: silver holds for nobody, seniors"),
        ("teams.seniors.proficiency", "{silver how_to: {resolves: x 1.1}}", "silver how_to names no queue that"),
        ("teams.seniors.proficiency", "{gold: {resolves: x 1.1}}", ""),
    ],
)
def test_what_holds_for_nobody_is_noted(path: str, value: str, note: str) -> None:
    notes = changed((path, value), ("routing.teams", "{silver: juniors}")).notes
    assert len(notes) == (1 if note else 0)
    assert note in "".join(notes)


def test_a_strange_handle_time_of_a_team_is_noted() -> None:
    (note,) = changed(("channels.phone.by", "{seniors: {handle_time: 6 s}}")).notes[:1]
    assert note == "channels.phone: a handle time of 6 s on average: is the unit right?"


def test_customers_of_a_team_that_solves_nothing_may_not_come_back_for_ever() -> None:
    after = ("channels.phone.after", "{unresolved: {again: 100%, delay: 1 h}}")
    assert changed(after, ("channels.phone.resolves", "90%")).channels
    with pytest.raises(ConfigError, match="at most 50 contacts an issue"):
        changed(after, ("channels.phone.by", "{seniors: {resolves: 0%}}"))
    both = "{seniors: {resolves: 90%}, juniors: {resolves: 50%}}"  # nobody works as the channel says
    assert changed(after, ("channels.phone.resolves", "0%"), ("channels.phone.by", both)).channels


def test_work_from_a_forecast_needs_one_for_every_team() -> None:
    law = "{seniors: {handle_time: {exponential: {mean: from forecast}}}}"
    with pytest.raises(ConfigError, match="a forecast with a column aht_s"):
        changed(("channels.phone.by", law))


def test_the_teams_of_a_blended_desk() -> None:
    scenario = load(VALID / "blended.yaml")
    phone, chat = (next(q for q in scenario.queues if q.channel == name) for name in ("phone", "chat"))
    assert [(own.team, own.pace) for own in phone.by_team] == [("frontline", 1.1), ("seniors", 1.0)]
    assert phone.by_team[1].resolves == pytest.approx(0.9 * 0.8 * 1.1)  # stated, of the topic, of the team
    assert phone.by_team[1].work.wrap_share == 0.1
    assert [(own.team, own.pace) for own in chat.by_team] == [("frontline", 1.1), ("seniors", 0.8)]
