"""A played week, counted again contact by contact in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache

import numpy as np
import pytest

from supportsim.engine.journal import OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.measure.intervals import COLUMNS, rows
from supportsim.measure.replication import BRIDGE_COLUMNS, TEAM_COLUMNS, Measured, Yardstick, measured
from supportsim.scenario import load
from supportsim.scenario.business_clock import open_ticks
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR, NEVER, SECOND

#: How far a quantile may be from that of the waits themselves (docs/model.md, section 11).
QUANTILE = 1e-3

WEEK = """
name: counted
start: 2026-03-02
length: 1 week
warm_up: 1 day
run_out: 1 day
timezone: Europe/London
calendars:
  office: {mon-fri: 09:00-17:00}
segments: {premium: {customers: 40, plan: both_ways}, free: {plan: both_ways}}
plans: {both_ways: [60% phone, ticket]}
channels:
  phone:
    kind: live
    open: office
    at_close: turn them away
    lines: 8
    handle_time: {exponential: {mean: 6 min}}
    wrap_up: 20%
    patience: {exponential: {mean: 3 min}, leave_at_once: 5%}
    resolves: 70%
    after:
      abandoned: {again: 50%, next_channel: 30%, give_up: 20%, delay: 10 min, tries: 3}
      busy: {again: 60%, give_up: 40%, delay: 5 min, tries: 3}
      closed: {at_opening: 30%, next_channel: 50%, give_up: 20%}
      unresolved: {again: 60%, give_up: 40%, delay: 5 h, tries: 2}
  ticket:
    kind: deferred
    handle_time: {exponential: {mean: 9 min}}
    resolves: 80%
    patience: {exponential: {mean: 30 h}}
    at_shift_end: put down
demand:
  one: {segment: premium, per_customer: 25/month}
  two: {segment: free, rate: {mon-fri: {08:00-12:00: 16/h, 12:00-18:00: 12/h}, sat: 3/h}}
promises:
  calls: {of: phone, answer: 30 s, share: 80%, counted: short abandons excluded, judged: daily}
  replies: {of: ticket, first_reply: 1 h, hours: office, share: 90%, judged: weekly}
teams:
  both:
    serves: [phone, ticket]
    wage: 20/h
    shrinkage: {absence: 10%, off_desk: 10% in 30 min blocks}
    shifts:
      day: {days: mon-fri, hours: 09:00-17:00, agents: 6, breaks: [30 min unpaid between 11:30 and 14:00]}
"""


@lru_cache(maxsize=1)
def played() -> tuple[Scenario, Journal, Yardstick, Measured]:
    scenario = load.load_text(WEEK)
    yardstick = Yardstick(scenario)
    journal = play(Layout(scenario), 4, 2)
    return scenario, journal, yardstick, measured(journal, yardstick)


def value(selector: str, measure: str) -> float:
    _, _, yardstick, found = played()
    return float(found.rows[yardstick.places[selector, measure], 2])


def contacts(channel: str, segment: str | None = None) -> list[dict[str, int]]:
    """The counted contacts of a channel as dictionaries; outcome as a word in `what`."""
    scenario, journal, yardstick, _ = played()
    low, high = yardstick.grid.counted_from, yardstick.grid.counted_to
    names = journal.contacts.dtype.names
    found = [dict(zip(names, row.tolist(), strict=True)) for row in journal.contacts]
    for row in found:
        row["what"] = OUTCOMES[row["outcome"]]
        row["of"] = scenario.queues[row["queue"]]
    return [
        row
        for row in found
        if low <= row["created"] < high and row["of"].channel == channel and segment in (None, row["of"].segment)
    ]


@pytest.mark.parametrize("segment", [None, "premium", "free"])
def test_counts_and_waits_of_calls(segment: str | None) -> None:
    calls = contacts("phone", segment)
    name = "phone" if segment is None else f"{segment} phone"
    number: dict[str, int] = defaultdict(int)
    for call in calls:
        number[call["what"]] += 1
    assert min(number[what] for what in ("abandoned", "busy", "closed", "solved")) > 0
    answered = [c for c in calls if c["answered"] < NEVER]
    gone = [c for c in calls if c["answered"] >= NEVER and c["what"] in ("abandoned", "disconnected")]
    waits = [(c["answered"] - c["created"]) / SECOND for c in answered]
    every = waits + [(c["left"] - c["created"]) / SECOND for c in gone]
    assert value(name, "contacts") == len(calls)
    assert value(name, "offered") == len(every)
    assert value(name, "blocked") == number["busy"]
    assert value(name, "turned_away") == number["closed"]
    assert value(name, "abandoned") == number["abandoned"]
    assert value(name, "served_wait_mean") == pytest.approx(np.mean(waits))
    assert value(name, "wait_var") == pytest.approx(np.var(every))
    for q in (50, 80, 90, 95, 99):
        assert value(name, f"wait_p{q}") == pytest.approx(np.quantile(every, q / 100), rel=QUANTILE)


def test_the_promise_of_calls_by_its_own_formula() -> None:
    calls = contacts("phone")
    limit = 30 * SECOND
    answered = [c["answered"] - c["created"] for c in calls if c["answered"] < NEVER]
    left = [c["left"] - c["created"] for c in calls if c["what"] == "abandoned"]
    cut = sum(c["what"] == "disconnected" for c in calls)
    fast, early = sum(w <= limit for w in answered), sum(w <= limit for w in left)
    assert value("calls", "kept_share") == fast / (len(answered) + len(left) + cut - early)


def test_the_promise_of_replies_issue_by_issue() -> None:
    scenario, journal, yardstick, _ = played()
    hours = open_ticks(scenario.promises[1].hours, yardstick.grid.timeline)
    by_issue = defaultdict(list)
    for row in journal.contacts:
        if scenario.queues[row["queue"]].channel == "ticket":
            by_issue[int(row["issue"])].append(row)
    fate: dict[str, int] = defaultdict(int)
    for rows_ in by_issue.values():
        start = int(rows_[0]["created"])
        if not yardstick.grid.counted_from <= start < yardstick.grid.counted_to:
            continue
        replies = [int(r["left"]) for r in rows_ if OUTCOMES[r["outcome"]] in ("solved", "unresolved")]
        waiting = any(OUTCOMES[r["outcome"]] == "open" for r in rows_)
        last = min(replies) if replies else journal.end if waiting else max(int(r["left"]) for r in rows_)
        late = hours.elapsed(start, last) > HOUR
        fate["broken" if late else "kept" if replies else "open" if waiting else "withdrawn"] += 1
    assert min(fate["kept"], fate["broken"], fate["withdrawn"]) > 0
    assert value("replies", "kept_share") == fate["kept"] / (fate["kept"] + fate["broken"])
    assert value("replies", "withdrawn_before_due") == fate["withdrawn"]
    assert value("replies", "not_yet_due") == fate["open"]


def test_what_is_open_at_the_end_is_as_old_as_it_is() -> None:
    scenario = load.load_text(WEEK.replace("run_out: 1 day\n", ""))  # over at midnight of a Sunday
    yardstick = Yardstick(scenario)
    journal = play(Layout(scenario), 4, 2)
    found = measured(journal, yardstick)
    waits: dict[str, list[int]] = defaultdict(list)
    clocks: dict[int, int] = {}  # issue -> begin of its clock
    replied = set()
    for row in journal.contacts:
        queue, created, issue = scenario.queues[row["queue"]], int(row["created"]), int(row["issue"])
        if queue.channel != "ticket":
            continue
        clocks.setdefault(issue, created)
        replied |= {issue} if OUTCOMES[row["outcome"]] in ("solved", "unresolved") else set()
        if OUTCOMES[row["outcome"]] == "open" and row["answered"] >= NEVER and created >= yardstick.grid.counted_from:
            waits[f"{queue.segment} ticket"].append(journal.end - created)
            waits["ticket"].append(journal.end - created)
    assert min(len(waits[f"{segment} ticket"]) for segment in ("premium", "free")) > 1
    for name, ages in waits.items():
        mean, oldest = (
            found.rows[yardstick.places[name, f"still_waiting_age_{which}"], 2] for which in ("mean", "max")
        )
        assert found.rows[yardstick.places[name, "still_waiting"], 2] == len(ages)
        assert mean == pytest.approx(sum(ages) / len(ages) / SECOND)
        assert oldest == max(ages) / SECOND
    open_ = {
        int(row["issue"])
        for row in journal.contacts
        if OUTCOMES[row["outcome"]] == "open" and scenario.queues[row["queue"]].channel == "ticket"
    } - replied
    begun = [journal.end - clocks[issue] for issue in open_ if clocks[issue] >= yardstick.grid.counted_from]
    mean, oldest = (found.rows[yardstick.places["replies", f"open_age_{which}"], 2] for which in ("mean", "max"))
    assert mean == pytest.approx(sum(begun) / len(begun) / HOUR)
    assert oldest == max(begun) / HOUR


def test_the_time_average_of_the_queue_is_the_sum_of_its_waits() -> None:
    """Exact because nobody waits across the edges of counted time on the phone."""
    _, _, yardstick, _ = played()
    hours = (yardstick.grid.counted_to - yardstick.grid.counted_from) / HOUR
    waits = sum(min(c["answered"], c["left"]) - c["created"] for c in contacts("phone") if c["row"] >= 0)
    assert value("phone", "queue_length") * hours == pytest.approx(waits / HOUR)


def test_the_bridge_tick_by_tick_over_the_spans() -> None:
    _, journal, yardstick, found = played()
    low, high = yardstick.grid.counted_from, yardstick.grid.counted_to
    hours: dict[str, int] = defaultdict(int)
    for row in journal.presence:
        hours[SPANS[row["what"]]] += max(0, min(int(row["end"]), high) - max(int(row["begin"]), low))
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    assert part["absent"] == pytest.approx(hours["absent"] / HOUR)
    assert part["off_desk"] == pytest.approx(hours["block"] / HOUR)
    assert part["breaks_unpaid"] == pytest.approx(hours["break_unpaid"] / HOUR)
    assert part["present"] == pytest.approx((hours["available"] + hours["break_due"]) / HOUR)
    assert part["overtime"] == pytest.approx(hours["overtime"] / HOUR)
    assert part["rostered"] == pytest.approx(6 * 5 * 8)
    assert part["rostered"] == pytest.approx(sum(part[name] for name in (
        "absent", "off_desk", "breaks_paid", "breaks_unpaid", "handling", "wrap_up", "idle")))  # fmt: skip
    assert part["idle"] >= 0
    assert part["overtime_work"] == pytest.approx(part["overtime"])
    assert part["paid"] <= 6 * 5 * 7.5 + 1e-9 + hours["break_lost"]


def test_the_bridge_of_each_interval_adds_up_to_the_tick_and_all_of_them_to_the_week() -> None:
    _, _, _, found = played()
    part = dict(zip(BRIDGE_COLUMNS, found.bridge[:, 0], strict=True))
    away = part["absent"] + part["off_desk"] + part["breaks_paid"] + part["breaks_unpaid"]
    assert min(part[name].sum() for name in ("absent", "off_desk", "breaks_unpaid", "overtime")) > 0
    assert (part["rostered"] == away + part["present"]).all()
    assert (part["present"] == part["handling"] + part["wrap_up"] + part["idle"]).all()
    whole = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    for name, ticks in part.items():
        assert ticks.min() >= 0
        assert ticks.sum() / HOUR == pytest.approx(whole[name])


def test_every_interval_adds_up_to_the_week() -> None:
    scenario, _, _, found = played()
    for i, row in enumerate(rows(scenario)):
        if row.channel == "all":
            name = "all"
        else:
            name = row.channel if row.segment == "all" else f"{row.segment} {row.channel}"
        for column in ("offered", "answered", "abandoned", "blocked", "turned_away"):
            assert found.intervals[COLUMNS.index(column), i].sum() == value(name, column)
    busy = found.intervals[COLUMNS.index("busy_h"), 0].sum()
    part = dict(zip(TEAM_COLUMNS, found.teams[:, 0], strict=True))
    assert busy == pytest.approx(part["busy"])


def test_the_backlog_at_the_end_of_each_interval() -> None:
    scenario, journal, yardstick, found = played()
    row = next(i for i, r in enumerate(rows(scenario)) if (r.channel, r.segment) == ("ticket", "all"))
    backlog, oldest = (found.intervals[COLUMNS.index(name), row] for name in ("backlog", "oldest_h"))
    tickets = [r for r in journal.contacts if scenario.queues[r["queue"]].channel == "ticket" and r["row"] >= 0]
    for i in range(0, len(backlog), 7):
        at = int(yardstick.grid.interval_edges[i + 1])
        open_ = [int(r["created"]) for r in tickets if r["created"] < at <= r["left"]]
        assert backlog[i] == len(open_)
        assert math.isclose(oldest[i], (at - min(open_)) / HOUR if open_ else 0.0, abs_tol=1e-12)
    assert backlog.max() > 5


def test_people_and_first_time_solutions() -> None:
    scenario, journal, yardstick, _ = played()
    counted = [i for i in journal.issues if yardstick.grid.counted(i["asked"])]
    named = {(int(i["segment"]), int(i["customer"])) for i in counted if i["customer"] >= 0}
    nameless = sum(i["customer"] < 0 for i in counted)
    assert min(len(named), nameless) > 0
    assert value("all", "people") == len(named) + nameless
    assert value("free", "people") == nameless
    assert scenario.segments[0].name == "premium"
    solved = sum(i["state"] == 1 and i["contacts"] == 1 for i in counted)
    assert value("all", "solved_first_share") == solved / len(counted)
