"""`pick: random`: whose fate for this contact is smallest."""

from __future__ import annotations

from collections.abc import Sequence

from storybook import Story, told

from supportsim.demand import fates
from supportsim.scenario.roster import agents

DESK = """
channels: {phone: {kind: live, handle_time: 1 min, RULES}}
teams: {desk: {serves: [phone], agents: 4, pick: random}}
"""


def fate(story: Story, issue: int, agent: int, number: int) -> float:
    """The uniform of an agent for a contact of an issue, from the documented keys."""
    own = int(story.journal.issues[issue]["key"])
    name = fates.entity("agent", agents(story.scenario)[agent].name)
    return float(fates.uniform(fates.world(1, 0), own ^ name, number, fates.PICK))


def smallest(story: Story, issue: int, number: int = 1, who: Sequence[int] = range(4)) -> int:
    """Whose fate is smallest."""
    return min(who, key=lambda agent: fate(story, issue, agent, number))


def picked(story: Story) -> list[int]:
    """Who took each contact that was taken, in the order of contacts."""
    first = story.journal.touches[story.journal.contacts["row"]]
    return [int(part["agent"]) for part in first]


def test_of_four_idle_agents_the_one_with_the_smallest_fate_takes_the_call() -> None:
    rows = "who at handle\n" + "\n".join(f"c{n} {2 * n} 1" for n in range(12))
    story = told(DESK.replace(", RULES", ""), rows)
    expected = [smallest(story, n) for n in range(12)]
    assert picked(story) == expected
    assert len(set(expected)) > 1


def test_those_who_are_busy_are_left_out_and_who_frees_first_takes_who_waits() -> None:
    story = told(DESK.replace(", RULES", ""), "who at handle\na 0 20\nb 1 20\nc 2 20\nd 3 10\ne 4 5")
    free, order = [0, 1, 2, 3], []
    for issue in range(4):
        order.append(smallest(story, issue, who=free))
        free.remove(order[-1])
    assert picked(story) == [*order, order[3]]


def test_a_redial_has_another_fate_than_the_first_call() -> None:
    text = DESK.replace("RULES", "resolves: 0%, after: {unresolved: {again: 100%, delay: 1 min, tries: 8}}")
    story = told(text, "who at\na 0")
    expected = [smallest(story, 0, number) for number in range(1, 9)]
    assert picked(story) == expected
    assert len(set(expected)) > 1


def test_a_pool_picks_as_its_first_team_does() -> None:
    text = """
channels: {phone: {kind: live, handle_time: 1 min}}
teams: {north: {serves: [phone], agents: 2, pick: NORTH}, south: {serves: [phone], agents: 2, pick: SOUTH}}
routing: {teams: {phone: [[north, south]]}}
"""
    rows = "who at handle\n" + "\n".join(f"c{n} {2 * n} 1" for n in range(12))
    story = told(text.replace("NORTH", "random").replace("SOUTH", "lowest id"), rows)
    expected = [smallest(story, n) for n in range(12)]
    assert picked(story) == expected
    assert max(expected) > 1
    assert picked(told(text.replace("NORTH", "lowest id").replace("SOUTH", "random"), rows)) == [0] * 12
