"""A played week with wait limits, interruption, filler, heads and activities, counted again in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.measure.intervals import COLUMNS, rows
from supportsim.measure.replication import BRIDGE_COLUMNS, TEAM_COLUMNS, Measured, Yardstick, measured
from supportsim.scenario import load
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, NEVER, SECOND

HEADS = "start,heads\n2026-03-02 08:00,3\n2026-03-02 12:00,1\n2026-03-02 13:00,3\n2026-03-02 17:00,2\n"

WEEK = """
name: whole
start: 2026-03-02
length: 5 days
run_out: 1 day
timezone: Europe/London
currency: EUR
calendars:
  office: {mon-fri: 08:00-18:00}
segments: {premium: {plan: both}, basic: {plan: both}}
plans: {both: [50% phone, ticket]}
channels:
  phone:
    kind: live
    open: office
    handle_time: {exponential: {mean: 6 min}}
    patience: {exponential: {mean: 8 min}}
    wait_limit: 4 min
    at_close: turn them away
    after: {timed_out: {again: 50%, next_channel: 30%, give_up: 20%, delay: 10 min, tries: 3}}
  chat:
    kind: live
    open: office
    concurrency: 3
    slow_down: [1, 1.2, 1.5]
    handle_time: {exponential: {mean: 7 min}}
    wrap_up: 20%
    patience: {exponential: {mean: 3 min}}
    last_chat: 10 min
  ticket:
    kind: deferred
    handle_time: {exponential: {mean: 9 min}}
    interruptible: yes
demand:
  one: {segment: premium, rate: {mon-fri: {08:00-18:00: 8/h}}}
  two: {segment: basic, rate: {mon-fri: {08:00-18:00: 10/h}}}
  talk: {segment: basic, channel: chat, rate: {mon-fri: {08:00-18:00: 14/h}}}
  tidying: {segment: basic, channel: ticket, endless: yes}
promises:
  calls: {of: premium phone, answer: 30 s, share: 80%, counted: brief abandons credited, penalty: 12/breach}
  replies: {of: ticket, first_reply: 1 h, hours: office, share: 90%, judged: weekly, penalty: 2.5/breach}
teams:
  crowd: {serves: [phone, chat], heads: heads.csv, wage: 20/h, overtime: x 1.5}
  desk:
    serves: [phone, chat, ticket]
    wage: 25/h
    shrinkage: {absence: 10%}
    shifts:
      day: {days: mon-fri, hours: 08:00-18:00, agents: 3, breaks: [30 min unpaid between 11:30 and 13:30]}
    activities:
      coaching: {days: tue, hours: 10:00-11:00, agents: 1, off_desk: yes}
      inbox: {days: mon-fri, hours: 14:00-16:00, agents: 2, works_as: mailroom}
  mailroom: {serves: [ticket], agents: 0}
"""


@lru_cache(maxsize=1)
def played() -> tuple[Scenario, Journal, Yardstick, Measured]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "heads.csv").write_text(HEADS, encoding="utf-8")
        scenario = load.load_text(WEEK, folder=Path(folder))
    yardstick = Yardstick(scenario)
    journal = play(Layout(scenario), 3, 1)
    return scenario, journal, yardstick, measured(journal, yardstick)


def value(selector: str, measure: str) -> float:
    _, _, yardstick, found = played()
    return float(found.rows[yardstick.places[selector, measure], 2])


def table(name: str) -> list[dict[str, Any]]:
    """Rows of a table of the journal as dictionaries."""
    rows_ = getattr(played()[1], name)
    return [dict(zip(rows_.dtype.names, row.tolist(), strict=True)) for row in rows_]


def contacts(channel: str, segment: str | None = None) -> list[dict[str, Any]]:
    """The contacts of customers created in counted time; outcome as a word in `what`, stretches in `stretches`."""
    scenario, _, yardstick, _ = played()
    every = table("contacts")
    for row in every:
        row |= {"what": OUTCOMES[row["outcome"]], "of": scenario.queues[row["queue"]], "stretches": []}
    for stretch in table("touches"):
        every[stretch["contact"]]["stretches"].append(stretch)
    low, high = yardstick.grid.counted_from, yardstick.grid.counted_to
    return [
        row
        for row in every
        if low <= row["created"] < high
        and CONTACT_KINDS[row["kind"]] != "filler"
        and row["of"].channel == channel
        and segment in (None, row["of"].segment)
    ]


@pytest.mark.parametrize("channel", ["phone", "chat", "ticket"])
def test_counts_and_waits(channel: str) -> None:
    found = contacts(channel)
    number: dict[str, int] = defaultdict(int)
    for row in found:
        number[row["what"]] += row["answered"] == NEVER
    if channel == "phone":
        assert min(number["timed_out"], number["abandoned"]) > 3
    answered = [(row["answered"] - row["created"]) / SECOND for row in found if row["answered"] < NEVER]
    ends = ("abandoned", "disconnected", "timed_out", "withdrew")
    gone = [(r["left"] - r["created"]) / SECOND for r in found if r["answered"] == NEVER and r["what"] in ends]
    assert value(channel, "contacts") == len(found)
    assert value(channel, "offered") == len(answered) + len(gone)
    for name in ("timed_out", "abandoned", "disconnected"):
        assert value(channel, name) == number[name]
    assert value(channel, "timed_out_share") == number["timed_out"] / (len(answered) + len(gone))
    assert value(channel, "wait_mean") == pytest.approx(np.mean(answered + gone))
    assert value(channel, "wait_p95") == pytest.approx(np.quantile(answered + gone, 0.95), rel=1e-3)


def test_nobody_waits_longer_than_the_limit_and_all_who_time_out_do() -> None:
    waits = [row["left"] - row["created"] for row in contacts("phone") if row["what"] == "timed_out"]
    assert set(waits) == {240 * SECOND}


def test_interrupted_work_is_handled_and_every_stretch_in_the_queue_is_waiting() -> None:
    _, journal, yardstick, _ = played()
    low, high = yardstick.grid.counted_from, yardstick.grid.counted_to
    found = contacts("ticket")
    endings = [ENDINGS[stretch["how"]] for row in found for stretch in row["stretches"]]
    assert endings.count("interrupted") > 3
    done = [row for row in found if row["what"] in ("solved", "unresolved")]
    done = [row for row in done if all(s["ended"] < NEVER or s["started"] >= NEVER for s in row["stretches"])]
    work = sum(
        min(s["ended"], journal.end) - s["started"] for row in done for s in row["stretches"] if s["started"] < NEVER
    )
    assert value("ticket", "aht") == pytest.approx(work / SECOND / len(done))
    filler = {i for i, row in enumerate(table("contacts")) if CONTACT_KINDS[row["kind"]] == "filler"}
    scenario = played()[0]
    tickets = [s for s in table("touches") if scenario.queues[s["queue"]].channel == "ticket"]
    waiting = sum(
        max(0, min(s["started"], s["ended"], journal.end, high) - max(s["joined"], low))
        for s in tickets
        if s["contact"] not in filler
    )
    assert value("ticket", "queue_length") == pytest.approx(waiting / (high - low))


def test_filler_is_counted_apart() -> None:
    _, _, yardstick, _ = played()
    pieces = [row for row in table("contacts") if CONTACT_KINDS[row["kind"]] == "filler"]
    counted = [row for row in pieces if yardstick.grid.counted(row["created"])]
    assert len(counted) > 50
    assert value("ticket", "fillers") == value("all", "fillers") == len(counted)
    theirs = {row["issue"] for row in pieces}
    asked = [i for i, row in enumerate(table("issues")) if yardstick.grid.counted(row["asked"])]
    assert value("all", "issues") == len([i for i in asked if i not in theirs])
    assert value("all", "people") == value("all", "issues")


def test_starved_contacts() -> None:
    every = [row for channel in ("phone", "chat", "ticket") for row in contacts(channel)]
    joined = [row for row in every if row["stretches"]]
    passed = [row for row in joined if sum(stretch["starved"] for stretch in row["stretches"])]
    assert len(passed) > 3
    assert value("all", "starved") == len(passed)
    assert value("all", "starved_share") == pytest.approx(len(passed) / len(joined))


def test_the_penalty_of_calls_contact_by_contact() -> None:
    kept = breaches = 0
    for call in contacts("phone", "premium"):
        waited = min(call["answered"], call["left"]) - call["created"]
        if call["answered"] < NEVER:
            good = waited <= 30 * SECOND
        elif call["what"] == "abandoned":
            good = waited <= 5 * SECOND
        elif call["what"] in ("disconnected", "timed_out"):
            good = False
        else:
            continue
        kept += good
        breaches += not good
    assert min(kept, breaches) > 5
    assert value("calls", "kept_share") == kept / (kept + breaches)
    assert value("calls", "breaches") == breaches
    assert value("calls", "penalty") == 12 * breaches


def test_the_penalty_of_replies_issue_by_issue() -> None:
    scenario, journal, yardstick, _ = played()
    hours = open_ticks(scenario.promises[1].hours, yardstick.grid.timeline)
    by_issue = defaultdict(list)
    for row in table("contacts"):
        if scenario.queues[row["queue"]].channel == "ticket" and CONTACT_KINDS[row["kind"]] != "filler":
            by_issue[row["issue"]].append(row)
    late = judged = 0
    for tickets in by_issue.values():
        start = tickets[0]["created"]
        if not yardstick.grid.counted(start):
            continue
        replies = [row["left"] for row in tickets if OUTCOMES[row["outcome"]] in ("solved", "unresolved")]
        broken = hours.elapsed(start, min(replies, default=journal.end)) > HOUR
        late += broken
        judged += broken or bool(replies)
    assert 0 < late < judged
    assert value("replies", "kept_share") == 1 - late / judged
    assert value("replies", "penalty") == 2.5 * late


# ---------------- people


def pieces() -> Iterator[tuple[int, int, int, set[str]]]:
    """(agent, begin, end, what) in the smallest pieces: his span and team, `talk`, `wrap`, `filler`, `theirs`."""
    _, journal, yardstick, _ = played()
    marks: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for span in table("presence"):
        what = SPANS[span["what"]]
        marks[span["agent"]] += [
            (span["begin"], span["end"], what),
            (span["begin"], span["end"], f"team {span['team']}"),
        ]
    kinds = [CONTACT_KINDS[row["kind"]] for row in table("contacts")]
    for s in table("touches"):
        if s["started"] < NEVER:
            end = min(s["ended"], journal.end)
            talked = min(s["talk_ended"], end)
            whose = "filler" if kinds[s["contact"]] == "filler" else "theirs"
            parts = ((s["started"], talked, "talk"), (talked, end, "wrap"), (s["started"], end, whose))
            marks[s["agent"]] += [part for part in parts if part[0] < part[1]]
    edges = yardstick.grid.interval_edges.tolist()
    for agent, mine in marks.items():
        cuts = sorted({at for begin, end, _ in mine for at in (begin, end)} | set(edges))
        starts: dict[int, list[str]] = defaultdict(list)
        ends: dict[int, list[str]] = defaultdict(list)
        for begin, end, what in mine:
            if begin < end:
                starts[begin].append(what)
                ends[end].append(what)
        on: dict[str, int] = defaultdict(int)
        for begin, end in pairwise(cuts):
            for what in ends[begin]:
                on[what] -= 1
            for what in starts[begin]:
                on[what] += 1
            if edges[0] <= begin < edges[-1]:
                yield agent, begin, end, {what for what, count in on.items() if count > 0}


def parts_of(what: set[str]) -> Iterator[str]:
    """Names of the parts of the bridge a piece of time belongs to."""
    at_desk = bool(what & {"available", "break_due"})
    away = {"absent": "absent", "block": "off_desk", "break_paid": "breaks_paid", "break_unpaid": "breaks_unpaid"}
    yield from (name for span, name in away.items() if span in what)
    yield from ["rostered"] * (at_desk or bool(what & set(away)))
    yield from ["overtime"] * ("overtime" in what)
    if at_desk:
        yield "present"
        yield "handling" if "talk" in what else "wrap_up" if "wrap" in what else "idle"
        yield from ["filler"] * ("filler" in what and "theirs" not in what)


def test_the_bridge_of_every_team_and_interval_tick_by_tick() -> None:
    _, _, yardstick, found = played()
    edges = yardstick.grid.interval_edges
    expected = np.zeros((len(BRIDGE_COLUMNS), 3, len(edges) - 1), dtype=np.int64)
    for agent, begin, end, what in pieces():
        slot = int(np.searchsorted(edges, begin, side="right")) - 1
        for name in parts_of(what):
            expected[BRIDGE_COLUMNS.index(name), yardstick.desk.team_of[agent], slot] += end - begin
    for i, name in enumerate(BRIDGE_COLUMNS):
        assert (found.bridge[i] == expected[i]).all(), name
    part = dict(zip(BRIDGE_COLUMNS, found.bridge, strict=True))
    away = part["absent"] + part["off_desk"] + part["breaks_paid"] + part["breaks_unpaid"]
    assert (part["rostered"] == away + part["present"]).all()
    assert (part["present"] == part["handling"] + part["wrap_up"] + part["idle"]).all()
    assert min(part[name].sum() for name in ("absent", "off_desk", "breaks_unpaid", "overtime", "filler")) > 0
    assert not part["rostered"][2].any()  # who works as the mailroom stands with his own team


def test_heads_are_their_curve_to_the_tick_and_paid_like_it() -> None:
    scenario, _, yardstick, found = played()
    curve = scenario.teams[0].heads
    assert curve is not None
    edges = yardstick.grid.interval_edges - yardstick.grid.counted_from
    expected = [0] * (len(edges) - 1)
    for i, (begin, end) in enumerate(pairwise(edges.tolist())):
        for (at, heads), to in zip(curve, [*(at for at, _ in curve[1:]), end], strict=True):
            expected[i] += heads * max(0, min(to, end) - max(at, begin))
    assert found.bridge[BRIDGE_COLUMNS.index("rostered"), 0].tolist() == expected
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    assert part["paid"] == part["rostered"] == pytest.approx(sum(expected) / HOUR)
    assert part["pay"] == pytest.approx(20 * part["paid"])
    assert part["overtime_pay"] == pytest.approx(30 * part["overtime"])
    assert part["overtime"] > 0


def test_the_heads_of_a_channel_are_those_who_work_for_it() -> None:
    scenario, _, yardstick, found = played()
    edges = yardstick.grid.interval_edges
    names = [team.name for team in scenario.teams]
    expected: dict[str, Any] = defaultdict(lambda: np.zeros(len(edges) - 1, dtype=np.int64))
    for _, begin, end, what in pieces():
        slot = int(np.searchsorted(edges, begin, side="right")) - 1
        team = next((names[int(each.split()[1])] for each in what if each.startswith("team ")), None)
        busy = bool(what & {"talk", "wrap"})
        if what & {"available", "break_due"}:
            expected[f"{team} present_h"][slot] += end - begin
        if what & {"available", "break_due", "overtime"} and busy:
            expected[f"{team} busy_h"][slot] += end - begin
            if "theirs" not in what:
                expected[f"{team} filler_only_h"][slot] += end - begin
    serving = {"phone": ("crowd", "desk"), "ticket": ("desk", "mailroom"), "all": names}
    place = {row.channel: i for i, row in enumerate(rows(scenario)) if row.segment == "all"}
    for channel, teams in serving.items():
        for column in ("present_h", "busy_h", "filler_only_h"):
            whole = sum(expected[f"{team} {column}"] for team in teams) / HOUR
            assert found.intervals[COLUMNS.index(column), place[channel]] == pytest.approx(whole), (channel, column)
    assert expected["mailroom present_h"].sum() > 10 * HOUR
    assert expected["mailroom busy_h"].sum() > HOUR


def test_occupancy_with_and_without_filler() -> None:
    busy = idle = only = 0
    for _, begin, end, what in pieces():
        at_desk, over = bool(what & {"available", "break_due"}), "overtime" in what
        at_work = bool(what & {"talk", "wrap"}) and (at_desk or over)
        busy += (end - begin) * at_work
        idle += (end - begin) * (at_desk and not at_work)
        only += (end - begin) * (at_work and "theirs" not in what)
    assert value("all", "occupancy") == pytest.approx(busy / (busy + idle))
    assert value("all", "filler_share") == pytest.approx(only / (busy + idle))
    assert 0.05 < only / (busy + idle) < busy / (busy + idle)
