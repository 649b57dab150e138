"""Customers who leave (`feedback`): docs/model.md, section 13.  One member, who leaves at 50 % a year: hazard ln 2."""

from __future__ import annotations

from storybook import Story, told

from supportsim.demand import fates
from supportsim.demand.customers import thresholds
from supportsim.engine.journal import ISSUE_STATES
from supportsim.scenario.model import Segment
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, NEVER

DESK = """
length: 100 days
segments: {members: {customers: 1, churn: 50%/year}}
teams: {ann: {serves: [phone], agents: 1}}
"""
#: Closed at night, and nobody calls again: he gives up.
OFFICE = (
    DESK
    + """
channels: {phone: {kind: live, handle_time: 5 min, open: {mon-sun: 08:00-18:00}}}
experience:
  feedback: yes
  gave_up: {low: x 1, stated: x 3, high: x 9, lasts: 30 days}
  solved: {low: x 0.4, stated: x 0.5, high: x 1, lasts: 60 days}
"""
)


def left(story: Story) -> int:
    """The tick at which the only member leaves."""
    assert story.journal.customers is not None
    ((segment, customer, joined, at),) = story.journal.customers.tolist()
    assert (segment, customer, joined) == (0, 0, 0)
    return int(at)


def bears(seed: int) -> int:
    """How much hazard the member bears, in ticks at a hazard of one a year."""
    return int(thresholds(fates.world(seed, 0), Segment("members", 1), 1)[0])


def test_he_leaves_when_what_he_has_borne_reaches_his_threshold() -> None:
    """Gave up on day 10, solved at noon of day 20: odds 1, 3, 1.5, so p is 1/2, 3/4, 3/5 and h is ln 2, ln 4, ln 2.5.

    10 days x ln 2 + 10.5 days x ln 4 are 21.48757 days; he bears 3,086,299,460,834 us = 35.72106 days, and the other
    14.23349 at ln 2.5 take 15.53382 days, to day 36.03382.
    """
    story = told(OFFICE, "who at handle\na 240\nb 491 1", time="h", seed=8)
    assert story.ends == {"a": f"gave_up {240 * 60}", "b": f"solved {492 * 60}"}
    assert bears(8) == 3_086_299_460_834
    assert left(story) == 3_113_322_112_168


def test_what_he_felt_weighs_as_long_as_it_lasts_each_kind_its_own_time() -> None:
    """On day 40 the odds fall to 1/2 (p 1/3, h ln 1.5), on day 80.5 they are 1 again.

    21.48757 + 19.5 days x ln 2.5 + 40.5 days x ln 1.5 = 55.77659; he bears 5,571,296,322,017 us = 64.48260 days, and
    the other 8.70601 at ln 2 take 12.56014 days, to day 93.06014.
    """
    story = told(OFFICE, "who at handle\na 240\nb 491 1", time="h", seed=34)
    assert bears(34) == 5_571_296_322_017
    assert left(story) == 8_040_396_338_308


def test_whose_time_does_not_come_stays() -> None:
    story = told(OFFICE, "who at handle\na 240\nb 491 1", time="h", seed=1)
    assert left(story) == NEVER


# ---------------------------------------------------------------- what becomes of his issues

#: He bears 284,034,495,585 us: at ln 2 he leaves on day 4.7427680, in the middle of a tick, so at the next.
LEAVES = 409_775_158_222
CALLS = (
    DESK
    + """
channels:
  phone: {kind: live, handle_time: 5 min, resolves: 0%, after: {unresolved: {again: 100%, delay: 1 day, tries: 2}}}
experience: {feedback: yes, solved: {low: x 1, stated: x 1, high: x 1, lasts: 1 day}}
"""
)


def calls(rows: list[tuple[int, int]], text: str = CALLS) -> Story:
    """Calls at these ticks, that take so many."""
    lines = [f"{'abcd'[k]} {at} {handle}" for k, (at, handle) in enumerate(rows)]
    return told(text, "\n".join(["who at handle", *lines]), time="us", seed=7, unit=1)


def test_nothing_of_his_arises_from_the_tick_on_at_which_he_leaves() -> None:
    story = calls([(LEAVES - 1, MINUTE), (LEAVES, MINUTE), (LEAVES + DAY, MINUTE)])
    assert left(story) == LEAVES
    assert list(story.ends) == ["a", "b", "c"]
    assert [story.ends[who] for who in "bc"] == [f"gone {LEAVES}", f"gone {LEAVES + DAY}"]
    assert story.journal.issues["contacts"].tolist() == [1, 0, 0]


def test_what_he_has_at_the_desk_runs_on_and_nothing_of_it_returns() -> None:
    """a talks as he leaves, b waits behind him; both would call again a day later."""
    story = calls([(LEAVES - HOUR, 2 * HOUR), (LEAVES - MINUTE, HOUR)])
    assert [str(line).partition(": ")[2] for line in story.log] == [
        f"ann {LEAVES - HOUR}-{LEAVES + HOUR}, unresolved",
        f"ann {LEAVES + HOUR}-{LEAVES + 2 * HOUR}, unresolved",
    ]
    assert story.ends == {"a": f"gone {LEAVES + HOUR + DAY}", "b": f"gone {LEAVES + 2 * HOUR + DAY}"}


def test_he_still_returns_at_the_very_tick_at_which_he_leaves_and_not_at_the_next() -> None:
    there, late = calls([(LEAVES - DAY - MINUTE, MINUTE)]), calls([(LEAVES - DAY - MINUTE + 1, MINUTE)])
    assert left(there) == left(late) == LEAVES
    assert there.ends == {"a": f"gave_up {LEAVES + 5 * MINUTE}"}  # his last try
    assert late.ends == {"a": f"gone {LEAVES + 1}"}


def test_nobody_switches_once_he_has_left_and_who_does_at_that_tick_is_let_in() -> None:
    text = CALLS.replace("again: 100%, delay: 1 day, tries: 2", "next_channel: 100%").replace(
        "\nexperience", "\n  ticket: {kind: deferred, handle_time: 1 min}\nplans: {both: [phone, ticket]}\nexperience"
    )
    text = text.replace("50%/year", "50%/year, plan: both").replace("[phone], agents", "[phone, ticket], agents")
    there, late = calls([(LEAVES - MINUTE, MINUTE)], text), calls([(LEAVES - MINUTE + 1, MINUTE)], text)
    assert there.ends == {"a": f"solved {LEAVES + MINUTE}"}
    assert late.ends == {"a": f"gone {LEAVES + 1}"}


def test_the_clock_begins_with_counted_time_and_what_was_felt_before_weighs_on() -> None:
    """Gave up an hour before counted time, for three days: odds 3, h ln 4 for 2 days and 23 hours, then ln 2.

    He bears 3.28744 days: 2.95833 x ln 4 = 4.10112 are more, so he leaves after 3.28744 / ln 4 = 2.37138 days.
    """
    text = OFFICE.replace("30 days}", "3 days}") + "\nwarm_up: 1 day\n"
    story = told(text, "who at\na -1", time="h", seed=7)
    assert [ISSUE_STATES[state] for state in story.journal.issues["state"]] == ["gave_up"]
    assert story.journal.customers is not None
    ((_, _, joined, at),) = story.journal.customers.tolist()
    assert joined == DAY
    assert at == DAY + 204_887_579_111
