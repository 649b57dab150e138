"""What `check` says of intervals that are short, and how hours add up: every number against a sum done by hand."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from supportsim.scenario.load import load_text
from supportsim.scenario.timeline import timeline_of
from supportsim.show.check import Findings, examine
from supportsim.show.check_text import lines
from supportsim.show.shortfall import Short
from supportsim.show.staffing import staffing
from supportsim.study.erlang import agents_for

#: Sixty calls an hour from 09:00, thirty from 10:00, of five minutes; the line is open from 09:00 to 11:00.
DESK = """
name: short
start: 2026-03-02
length: {length}
channels:
  phone: {{kind: live, open: {{mon-fri: 09:00-11:00}}, handle_time: 5 min, patience: {{exponential: {{mean: 3 min}}}}}}
demand: {{calls: {{channel: phone, rate: {{mon-fri: {{09:00-10:00: 60/h, 10:00-11:00: 30/h}}}}}}}}
promises: {{fast: {{of: phone, answer: 20 s, share: 80%}}}}
teams:
  early: {{serves: [phone], shrinkage: {{absence: 10%}}, shifts: {{
    day: {{days: mon-fri, hours: 08:30-11:00, agents: {agents}, breaks: [30 min unpaid at 09:30]}}}}}}
"""


def found(length: str = "1 day", agents: int = 5, **more: str) -> Findings:
    text = DESK.format(length=length, agents=agents)
    for old, new in more.items():
        text = text.replace(old, new)
    return examine(load_text(text))


def needed(per_hour: int) -> int:
    return agents_for(per_hour / 3600, 300, 0.8, 20, 180)


def test_each_half_hour_has_who_is_needed_and_who_is_present_by_hand() -> None:
    """4.5 of five are present on average, from 09:30 to 10:00 nobody: all have their break then."""
    (short,) = found().short
    busy, slack = needed(60), needed(30)
    assert (busy, slack) == (7, 4)
    assert short.short == (
        Short("Mon 02 Mar 09:30", 7, 0.0, 1, 1),
        Short("Mon 02 Mar 09:00", 7, 4.5, 1, 1),
    )
    assert short.intervals == 4
    assert short.agent_hours == pytest.approx((7 + 2.5) / 2)
    assert not short.patient


def test_without_patience_it_is_erlang_c() -> None:
    text = DESK.format(length="1 day", agents=5).replace(", patience: {exponential: {mean: 3 min}}", "")
    (short,) = examine(load_text(text)).short
    assert short.patient
    assert {each.needed for each in short.short} == {agents_for(n / 3600, 300, 0.8, 20) for n in (30, 60)}


def test_weeks_are_told_together_by_weekday_with_the_worst_of_them() -> None:
    (short,) = found("3 weeks", hours="weeks: 1 of 3, hours").short
    assert short.intervals == 20
    by_when = {each.when: each for each in short.short}
    assert by_when["Tue 09:00"] == Short("Tue 09:00", 7, 0.0, 3, 3)
    assert by_when["Tue 10:00"] == Short("Tue 10:00", 4, 0.0, 2, 3)
    a_day = (7 + 2.5) / 2, (7 + 7 + 4 + 4) / 2
    assert short.agent_hours == pytest.approx(5 * (a_day[0] + 2 * a_day[1]) / 3)


def test_enough_people_are_told_as_such_and_the_worst_five_are_named() -> None:
    text = "\n".join(lines(found(agents=20)))
    assert "too few in 1 of 4 half-hours with contacts, 3.5 h of agents in 1 day" in " ".join(text.split())
    quiet = DESK.format(length="1 day", agents=20).replace("breaks: [30 min unpaid at 09:30]", "breaks: []")
    told = " ".join(" ".join(lines(examine(load_text(quiet)))).split())
    assert "enough are present in all 4 half-hours with contacts" in told
    many = lines(found("1 week"))
    assert sum(" needed, " in line for line in many) == 5
    assert any(line.strip() == "and 5 more, 2.5 short each" for line in many)


def test_other_channels_of_the_same_agents_are_named() -> None:
    both = DESK.format(length="1 day", agents=5).replace("serves: [phone]", "serves: [phone, mail]")
    both = both.replace("channels:\n", "channels:\n  mail: {kind: deferred, handle_time: 5 min}\n")
    both = both.replace("demand: {", "demand: {mails: {channel: mail, rate: 1/h}, ")
    (short,) = examine(load_text(both)).short
    assert short.beside == ("mail",)


def test_no_promise_no_number() -> None:
    text = "\n".join(line for line in DESK.format(length="1 day", agents=5).splitlines() if "promises" not in line)
    assert examine(load_text(text)).short == ()


SENT = """
start: 2026-03-02
length: 3 days
timezone: Europe/London
channels: {phone: {kind: live, handle_time: 5 min}, chat: {kind: live, handle_time: 5 min}}
demand: {calls: {channel: phone, rate: 30/h}, chats: {channel: chat, rate: 10/h}}
teams:
  one: {serves: [phone], shrinkage: {absence: 7%, off_desk: 12% in 20 min blocks}, shifts: {
    day: {days: mon-sun, hours: 07:40-16:10, agents: 4,
      breaks: [30 min unpaid between 11:00 and 13:30, 10 min paid at 09:05]},
    night: {days: mon-sun, hours: 22:00-06:00, agents: 3, breaks: [30 min unpaid at 01:45]}},
    activities: {help: {days: mon-sun, hours: 10:45-13:20, agents: 2, works_as: two},
      meet: {days: mon, hours: 08:50-09:20, agents: 4, off_desk: yes}}}
  two: {serves: [chat], shrinkage: {absence: 3%}, shifts: {
    day: {days: mon-sun, hours: 09:15-21:00, agents: 1}}}
"""


@pytest.mark.parametrize("teams", [(0,), (1,), (0, 1)])
def test_presence_in_all_intervals_is_that_of_each(teams: tuple[int, ...]) -> None:
    scenario = load_text(SENT)
    timeline = timeline_of(scenario.times)
    people = staffing(scenario, timeline, 1.0)
    edges = timeline.edges(scenario.interval)
    each = [people.present(teams, begin, end) for begin, end in pairwise(edges)]
    assert people.present_in(teams, edges) == pytest.approx(each)
    assert len(set(each)) > 4


ALL_PARTS = """wage: 20/h, shrinkage: {leave: 10%, absence: 5%, off_desk: 10% in 15 min blocks},
    shifts: {day: {days: mon, hours: 08:00-16:00, agents: 4, breaks: [30 min unpaid at 12:00, 15 min paid at 10:00]}},
    activities: {meet: {days: mon, hours: 14:00-15:00, agents: 4, off_desk: yes}}"""


def test_hours_add_up_by_hand_from_rostered_to_paid_and_present() -> None:
    """32 rostered, 2 and 1 of breaks, 4 of the meeting leave 25: 1.25 absent, and a tenth of 23.75 off the desk."""
    text = f"""
start: 2026-03-02
length: 1 day
channels: {{phone: {{kind: live, handle_time: 5 min}}}}
demand: {{calls: {{channel: phone, rate: {{mon: {{08:00-16:00: 20/h}}}}}}}}
teams: {{frontline: {{serves: [phone], {ALL_PARTS}}}}}
"""
    told = lines(examine(load_text(text)), 200)
    (paid,) = (line.strip() for line in told if line.strip().startswith("paid "))
    (present,) = (line.strip() for line in told if line.strip().startswith("present "))
    assert paid == "paid 33.3 h = 32.0 rostered - 2.0 unpaid breaks + 3.3 leave"
    assert present == (
        "present 21.4 h = 32.0 rostered - 2.0 unpaid breaks - 1.0 paid breaks - 4.0 activities off the desk "
        "- 1.2 absent - 2.4 off desk"
    )
    for line in (paid, present):
        total, *parts = (float(sign + digits) for sign, digits in re.findall(r"(-?) ?(\d+\.\d)", line))
        assert sum(parts) == pytest.approx(total, abs=1e-9)


def test_lines_fit_into_80_columns_and_numbers_stay_whole() -> None:
    text = DESK.format(length="4 weeks", agents=5).replace("name: short", f"name: short\ntitle: {'word ' * 40}")
    text = text.replace("60/h", "1234567/h")
    told = lines(examine(load_text(text)))
    assert max(len(line) for line in told) <= 80
    assert not any(re.search(r"\d$", line) and re.match(r"\s+\d{3}\b", after) for line, after in pairwise(told))
    assert "\u00a0" not in "".join(told)
    wide = lines(examine(load_text(text)), 300)
    assert " ".join(" ".join(told).split()) == " ".join(" ".join(wide).split())


def test_warnings_come_before_defaults() -> None:
    told = [line.split()[0] for line in lines(found(agents=1)) if not line.startswith(" ")]
    assert told.index("warnings") < told.index("defaults") == len(told) - 1


def test_the_occupancy_expected_says_why_a_run_has_another() -> None:
    told = " ".join(" ".join(lines(found())).split())
    assert "this is expected work / present hours, everybody served; a run measures work / (work + idle)" in told
    assert "higher where" not in told
    again = found(patience="after: {abandoned: {again: 40%, give_up: 60%, delay: 5 min}}, patience")
    assert "higher where redials come on top" in " ".join(" ".join(lines(again)).split())
    chats = " ".join(" ".join(lines(found(handle_time="concurrency: 3, handle_time"))).split())
    assert "agents hold fewer contacts than they may" in chats
