"""Shifts in some weeks only, from a date on, until a date."""

from __future__ import annotations

from storybook import Story, told

from supportsim.scenario.ticks import DAY


def weeks(start: str, length: str = "4 weeks", **lines: str) -> Story:
    """Nobody calls; shift lines from 00:00 to 12:00, in days since the begin of play."""
    shifts = ", ".join(f"{name}: {{hours: 00:00-12:00, agents: 1, {rules}}}" for name, rules in lines.items())
    return told(
        f"""
start: {start}
length: {length}
channels: {{phone: {{kind: live, handle_time: 1 min}}}}
teams: {{desk: {{serves: [phone], shifts: {{{shifts}}}}}}}
demand: {{calls: {{channel: phone, rate: 0/h}}}}
""",
        unit=DAY,
    )


def days(story: Story, name: str) -> list[float]:
    """The days since the begin of play on which a shift of twelve hours began."""
    spans = [one.removeprefix("available ").split("-") for one in story.day(name)]
    assert all(float(end) - float(begin) == 0.5 for begin, end in spans)
    return [float(begin) for begin, _ in spans]


def test_every_other_week_counts_from_the_week_of_the_start() -> None:
    odd, even = "days: mon, weeks: 1 of 2", "days: [mon, sun], weeks: 2 of 2"
    story = weeks("2026-03-02", odd=odd, even=even, each="days: mon")
    assert days(story, "odd") == [0, 14]
    assert days(story, "even") == [7, 13, 21, 27]
    assert days(story, "each") == [0, 7, 14, 21]


def test_a_week_begins_on_monday_also_where_play_begins_on_wednesday() -> None:
    odd, even = "days: [mon, fri], weeks: 1 of 2", "days: [mon, fri], weeks: 2 of 2"
    story = weeks("2026-03-04", "3 weeks", odd=odd, even=even)
    assert days(story, "odd") == [2, 12, 16]  # Friday 6, then Monday 16 and Friday 20
    assert days(story, "even") == [5, 9, 19]  # Monday 9 and Friday 13, then Monday 23


def test_the_warm_up_counts_backwards() -> None:
    one, three = "days: mon, weeks: 1 of 3", "days: mon, weeks: 3 of 3"
    story = weeks("2026-03-02", "2 weeks\nwarm_up: 2 weeks", one=one, three=three)
    assert days(story, "one") == [14]  # 2 March; play began on 16 February
    assert days(story, "three") == [7]  # 23 February, the week before the first


def test_from_and_until_are_the_first_dates_with_and_without() -> None:
    story = weeks(
        "2026-03-02",
        new="days: mon-sun, from: 2026-03-25",
        old="days: [mon, tue], until: 2026-03-10",
        guest="days: mon, from: 2026-03-09, until: 2026-03-23",
    )
    assert days(story, "new") == [23, 24, 25, 26, 27]
    assert days(story, "old") == [0, 1, 7]
    assert days(story, "guest") == [7, 14]


def test_with_from_the_weeks_count_from_its_own() -> None:
    story = weeks("2026-03-02", wed="days: mon-wed, weeks: 1 of 2, from: 2026-03-11")
    assert days(story, "wed") == [9, 21, 22, 23]  # Wednesday 11, then Monday 23 to Wednesday 25
