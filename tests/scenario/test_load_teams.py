"""Teams and routing resolved: curves, weeks, activities, draining, delays, ageing, reservations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from loader_texts import PHONES, VALID

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, load_text
from supportsim.scenario.model import Activity, Queue, Scenario, Team
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.roster import agents, shifts
from supportsim.scenario.schema import json_schema
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND, WEEK
from supportsim.scenario.timeline import Timeline


@pytest.fixture(scope="module")
def roster() -> Scenario:
    return load(VALID / "roster.yaml")


def team(scenario: Scenario, name: str) -> Team:
    return next(each for each in scenario.teams if each.name == name)


def queue(scenario: Scenario, *names: str) -> Queue:
    return next(each for each in scenario.queues if (each.channel, each.segment) == names)


def by_queue(scenario: Scenario, values: tuple[int, ...] | tuple[bool, ...]) -> dict[str, int]:
    return {f"{q.segment} {q.channel}": value for q, value in zip(scenario.queues, values, strict=True) if value}


def changed(*changes: tuple[str, str]) -> Scenario:
    return load(VALID / "roster.yaml", changes)


def fault(*changes: tuple[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        changed(*changes)
    (one,) = caught.value.faults
    return str(one)


# -- who is there -----------------------------------------------------------------------------------------
def test_a_file_with_every_key_has_no_notes(roster: Scenario) -> None:
    assert roster.notes == ()


def test_weeks_and_dates_of_shifts(roster: Scenario) -> None:
    lines = {each.name: (each.weeks, each.first, each.until) for each in team(roster, "frontline").shifts}
    assert lines == {
        "early": ((1, 1), None, None),
        "late": ((1, 2), None, None),
        "evenings": ((2, 2), None, None),
        "spring": ((2, 3), date(2026, 3, 12), date(2026, 6, 1)),
    }
    people = agents(roster)
    spring = [n for n, each in enumerate(people) if each.name == "frontline/spring/1"]
    dates = [span.date for span in shifts(roster, Timeline(roster.times)) if span.agent in spring]
    assert dates == [date(2026, 3, 17), date(2026, 3, 19)]  # the second of three weeks, from that of 12 March


def test_heads_of_a_week_that_repeats(roster: Scenario) -> None:
    partner = team(roster, "partner")
    assert partner.heads is not None
    assert (partner.agents, partner.shifts, partner.leave) == (None, (), 0.1)
    assert partner.heads[:5] == (
        (8 * HOUR, 3),
        (12 * HOUR + 15 * MINUTE, 5),
        (18 * HOUR, 0),
        (2 * DAY + 9 * HOUR, 2),
        (2 * DAY + 17 * HOUR, 0),
    )
    assert [tick - WEEK for tick, _ in partner.heads[5:10]] == [tick for tick, _ in partner.heads[:5]]
    assert len(partner.heads) == 20


def test_teams_share_a_file_and_read_it_in_their_own_zone(roster: Scenario) -> None:
    assert team(roster, "agency").heads == ((8 * HOUR, 2), (16 * HOUR, 0))  # 09:00 in Berlin is 08:00 in London
    spring = 27 * DAY
    assert team(roster, "night_agency").heads == (
        (18 * HOUR, 1),
        (26 * HOUR, 0),
        (spring + 30 * MINUTE, 4),
        (spring + 2 * HOUR, 0),  # 03:00 of a night that has no 01:00 to 02:00
    )


def test_people_of_heads_are_named_after_them(roster: Scenario) -> None:
    names = [each.name for each in agents(roster)]
    assert [name for name in names if name.startswith("partner")] == [f"partner/heads/{k}" for k in range(1, 6)]
    assert [name for name in names if name.startswith("mailroom")] == []


def test_activities(roster: Scenario) -> None:
    assert team(roster, "frontline").activities == (
        Activity("training", (1,), 14 * HOUR, 15 * HOUR, 2, None),
        Activity("inbox", (0, 1, 2, 3, 4), 13 * HOUR, 15 * HOUR, 3, "mailroom"),
    )
    assert (team(roster, "mailroom").agents, team(roster, "mailroom").activities) == (0, ())


def test_an_activity_may_have_nobody() -> None:
    assert team(changed(("teams.frontline.activities.inbox.agents", "0")), "frontline").activities[1].agents == 0


def test_a_key_that_is_no_name_in_python_is_read_before_and_after_the_schema_is_made() -> None:
    dated = ("teams.desk.shifts.day.from", "2026-03-04")
    first = load_text(PHONES, changes=[dated]).teams[0].shifts[0].first
    assert json_schema()["$defs"]["Shift"]["properties"].keys() >= {"from", "until"}
    assert "first" not in json_schema()["$defs"]["Shift"]["properties"]
    assert load_text(PHONES, changes=[dated]).teams[0].shifts[0].first == first == date(2026, 3, 4)


# -- who gets and takes what ------------------------------------------------------------------------------
def test_picks(roster: Scenario) -> None:
    assert [each.pick for each in roster.teams] == ["random", "lowest_id", *["longest_idle"] * 3]


def test_draining(roster: Scenario) -> None:
    assert by_queue(roster, team(roster, "frontline").drains) == {"premium phone": True}
    assert by_queue(roster, team(roster, "agency").drains) == {
        "premium phone": True,
        "free phone": True,
        "free chat": True,  # one chat at a time in this team
    }
    assert team(roster, "partner").drains == ()


def test_overflow_delays(roster: Scenario) -> None:
    asked = {(q.channel, q.segment): (q.teams, q.delays) for q in roster.queues}
    assert asked == {
        ("phone", "premium"): ((("frontline", "partner"), ("agency",)), (0, 90 * SECOND)),
        ("phone", "free"): (
            (("frontline",), ("partner",), ("agency", "night_agency")),
            (0, 30 * SECOND, MINUTE),
        ),
        ("chat", "free"): ((("frontline",), ("agency",)), ()),
        ("messages", "free"): ((("frontline",), ("agency",)), ()),
        ("ticket", "free"): ((("mailroom",), ("partner",)), (0, HOUR)),
    }


def test_a_delay_of_nothing_is_none() -> None:
    found = queue(changed(("routing.teams.phone", "[frontline, partner after 0 s]")), "phone", "free")
    assert (found.teams, found.delays) == ((("frontline",), ("partner",)), ())


def test_ageing_by_the_first_selector_that_matches(roster: Scenario) -> None:
    assert {(q.channel, q.segment): (q.bonus, q.rate) for q in roster.queues} == {
        ("phone", "premium"): (10 * MINUTE, 200),
        ("phone", "free"): (30 * SECOND, 100),
        ("chat", "free"): (0, 25),
        ("messages", "free"): (0, 100),
        ("ticket", "free"): (0, 100),
    }


@pytest.mark.parametrize(("written", "rate"), [("x 0", 0), ("x 20", 2000), ("x 0.29", 29), ("x 1.10", 110)])
def test_rates_are_hundredths(written: str, rate: int) -> None:
    assert queue(changed(("routing.ageing.phone.rate", written)), "phone", "free").rate == rate


# -- reservations -----------------------------------------------------------------------------------------
def test_a_queue_is_held_back_by_the_largest_reservation_it_is_below(roster: Scenario) -> None:
    # classes: premium phone, free chat, free phone, the others; chat is in the level of chat, premium above it
    others = {"free messages": 2, "free ticket": 2}
    assert by_queue(roster, team(roster, "frontline").holds) == {"free chat": 1, "free phone": 2, **others}
    assert by_queue(roster, team(roster, "partner").holds) == {"free chat": 2, **others}
    assert team(roster, "agency").holds == ()


def test_a_level_holds_what_it_names_and_classes_better_than_the_best_of_them() -> None:
    found = changed(
        ("routing.classes", "[chat, premium phone, ticket, phone]"), ("routing.reserve.partner", "1 idle for phone")
    )
    # the best queue of the level is the premium phone: chat is better, free phone is named, tickets are below
    assert by_queue(found, team(found, "partner").holds) == {"free messages": 1, "free ticket": 1}


def test_filler_is_below_every_reservation() -> None:
    filler = ("demand.filler", "{segment: premium, channel: ticket, endless: yes}")
    best = ("routing.classes", "[premium ticket, premium phone, chat, phone, ticket]")
    found = changed(filler, best, ("routing.reserve", "{partner: 1 idle for premium phone}"))
    assert by_queue(found, team(found, "partner").holds)["premium ticket"] == 1


# -- policies ---------------------------------------------------------------------------------------------
def test_every_policy_can_be_written_and_has_a_key() -> None:
    assert {name: policy.key for name, policy in POLICIES.items()} == {
        "priority": "none",
        "fifo": "none",
        "own_first": "none",
        "ageing": "ageing",
        "deadline": "due",
        "value": "none",
        "easiest": "none",
        "shortest": "work",
    }
    for name in POLICIES:
        worth = "segments: {callers: {margin: 9/month}}\n" if name == "value" else ""
        assert load_text(PHONES + worth + f"routing: {{policy: {name}}}\n").policy == name


@pytest.mark.parametrize(
    ("policy", "ranks"),
    [
        ("priority", [0, 1, 0, 1]),
        ("own_first", [0, 1, 1_000_000, 1_000_001]),
        ("fifo", [0] * 4),
        ("ageing", [0] * 4),
        ("deadline", [0] * 4),
        ("shortest", [0] * 4),
        ("value", [7] * 4),
        ("easiest", [7] * 4),
    ],
)
def test_ranks_by_place_and_class(policy: str, ranks: list[int]) -> None:
    assert [POLICIES[policy].rank(place, own, 7) for place in (0, 1) for own in (0, 1)] == ranks


# -- notes ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "value", "note"),
    [
        (
            "routing.reserve",
            "{mailroom: 3 idle for ticket}",
            "routing.reserve.mailroom: 3 idle for ticket: all that the team serves is as good or better, so it does "
            "nothing",
        ),
        (
            "routing.reserve.frontline",
            "1 idle for premium chat",
            "routing.reserve.frontline: premium chat names no queue that contacts come to",
        ),
        (
            "teams.frontline.activities.training.agents",
            "12",
            "teams.frontline.activities.training: 12 agents, and 11 on shift tue 14:00 in some weeks",
        ),
        (
            "teams.frontline.activities.training.days",
            "sat",
            "teams.frontline.activities.training: 2 agents, and 0 on shift sat 14:00 in some weeks",
        ),
        (
            "teams.frontline.activities.calls",
            "{days: fri, hours: 14:59-16:00, agents: 2, works_as: partner}",
            "teams.frontline.activities: inbox and calls overlap: who works as mailroom is not there for the second",
        ),
        (
            "teams.frontline.shifts.spring.from",
            "2026-05-01",
            "teams.frontline.shifts.spring: it begins after the end of play",
        ),
        (
            "teams.frontline.shifts.early.until",
            "2026-03-01",
            "teams.frontline.shifts.early: it is over before play begins",
        ),
        (
            "teams.frontline.drain_for",
            "premium chat",
            "teams.frontline.drain_for: premium chat names no queue that contacts come to",
        ),
        (
            "teams.partner.drain_for",
            "phone",
            "teams.partner.drain_for: nobody there holds several contacts at once, so it does nothing",
        ),
        (
            "teams.frontline.activities.training.agents",
            "0",
            "teams.frontline.activities.training: 0 agents, so nobody does it",
        ),
        ("routing.teams.chat", "[frontline after 20 s]", "routing.teams.chat: nobody is asked in the first 20 s"),
        (
            "routing.ageing.free phone",
            "{rate: x 3}",
            "routing.ageing: free phone is empty, entries before it take all of it",
        ),
        ("routing.ageing.premium chat", "{rate: x 3}", "routing.ageing: premium chat is empty, no contact comes there"),
        ("teams.spare", "{serves: ticket, agents: 0}", "teams.spare: nobody is in it"),
    ],
)
def test_a_note_is_made(path: str, value: str, note: str) -> None:
    assert note in changed((path, value)).notes


def test_draining_for_what_never_asks_the_team_is_noted() -> None:
    only_premium = ("routing.teams.phone", "[frontline, partner after 30 s]")
    assert changed(only_premium).notes == ()  # its `phone` is the premium one then
    told = "teams.agency.drain_for: free phone never asks agency, see routing.teams, so it does nothing"
    assert changed(only_premium, ("teams.agency.drain_for", "[premium phone, free phone]")).notes == (told,)


def test_open_hours_of_the_weeks_without_a_shift_are_noted() -> None:
    path = "teams.desk.shifts.day"
    two = ("length", "2 weeks")
    (note,) = load_text(PHONES, changes=[(f"{path}.weeks", "2 of 2"), two]).notes
    told = "channels.phone: open 40 h in 14 days of play with nobody on shift: 2026-03-02 09:00-17:00, 2026-03-03"
    assert note.startswith(told)
    other = ("teams.desk.shifts.other", "{days: mon-fri, hours: 09:00-17:00, agents: 1, weeks: 1 of 2}")
    assert load_text(PHONES, changes=[(f"{path}.weeks", "2 of 2"), two, other]).notes == ()


def test_hours_in_which_people_of_another_team_come_are_covered() -> None:
    moved = "{days: mon-thu, hours: 09:00-17:00, agents: 1, works_as: line}"
    changes = [("teams.desk.serves", "[mail]"), ("teams.line", "{serves: phone, agents: 0}")]
    changes += [
        ("channels.mail", "{kind: deferred, handle_time: 1 min}"),
        ("teams.desk.activities", f"{{calls: {moved}}}"),
    ]
    changes += [("demand.mails", "{channel: mail, rate: 1/h}"), ("demand.calls.channel", "phone")]
    (note,) = load_text(PHONES, changes=changes).notes
    assert note == "channels.phone: open 8 h a week with nobody on shift: fri 09:00-17:00"


def test_ageing_of_nothing_is_fifo_and_noted() -> None:
    (note,) = load_text(PHONES + "routing: {policy: ageing}\n").notes
    assert note == "routing.policy: ageing without routing.ageing serves like fifo"


def test_deadlines_of_nothing_are_fifo_and_noted() -> None:
    assert load_text(PHONES + "routing: {policy: deadline}\n").notes == ()
    (note,) = load_text(PHONES[: PHONES.index("promises:")] + "routing: {policy: deadline}\n").notes
    assert note == "routing.policy: deadline without promises serves like fifo"


def test_hours_of_heads_and_of_those_who_come_to_work_count_as_hours(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("day,start,heads\nmon,09:00,2\nmon,17:00,0\n")
    text = PHONES[: PHONES.index("    shifts:")] + "    heads: heads.csv\n"
    text = text.replace("    patience: 4 min\n", "").split("    after:")[0] + text[text.index("demand:") :]
    notes = load_text(text, "x.yaml", tmp_path).notes
    alone = "open 32 h a week with nobody on shift: tue 09:00-17:00, wed 09:00-17:00, thu 09:00-17:00, …"
    grow = "first contacts hold 308 h of work, teams have 16 h: queues will grow"
    assert notes == (f"channels.phone: {alone}", grow)


# -- changes ----------------------------------------------------------------------------------------------
def test_new_keys_are_changed_by_path() -> None:
    found = changed(
        ("teams.frontline.activities.inbox.agents", "3 -> 1"),
        ("teams.frontline.shifts.late.until", "2026-04-01"),
        ("routing.ageing.chat.rate", "x 2"),
        ("routing.reserve.agency", "1 idle for premium phone"),
    )
    frontline = team(found, "frontline")
    assert (frontline.activities[1].agents, frontline.shifts[1].until) == (1, date(2026, 4, 1))
    assert queue(found, "chat", "free").rate == 50  # x 2 upon x 0.25
    assert all(
        hold == (q.segment != "premium") for q, hold in zip(found.queues, team(found, "agency").holds, strict=True)
    )


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "teams.frontline.activities.inbocks.agents",
            "3",
            "--set: got teams.frontline.activities.inbocks.agents; "
            "expected a path of the base: there is no teams.frontline.activities.inbocks; "
            "did you mean inbox?",
        ),
        (
            "routing.ageing.fone.rate",
            "x 3",
            "--set: got routing.ageing.fone.rate; expected a path of the base: there is no routing.ageing.fone; did "
            "you mean phone?",
        ),
    ],
)
def test_a_path_to_what_the_base_does_not_have_is_a_fault(path: str, value: str, message: str) -> None:
    assert fault((path, value)) == message
