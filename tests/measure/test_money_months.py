"""What months cost: by hand to the micro-unit, and adding up to the books exactly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from measure.by_arrays.replication import measured as by_arrays
from measure.prices import with_prices
from supportsim.engine.clocks import play
from supportsim.engine.layout import Layout
from supportsim.measure.money import KINDS
from supportsim.measure.money_months import cut
from supportsim.measure.replication import Yardstick, measured
from supportsim.scenario.load import load, load_text
from supportsim.study.run import run

#: One agent works from 22:00 on the last day of March to 06:00, with an unpaid break at 02:00; then nobody is there.
NIGHT = """
name: night
start: 2026-03-31
length: 2 days
segments: {members: {customers: 10, margin: 1/month, churn: 20%/year}}
experience: {lasts: 1 month, feedback: yes, unanswered: {low: x 1, stated: x 1, high: x 1}}
channels: {phone: {kind: live, handle_time: 5 min, patience: 1 h, cost: {contact: 0.10, month: 0.000076}}}
demand: {calls: {segment: members, channel: phone, trace: calls.csv}}
teams:
  desk:
    serves: [phone]
    shifts: {night: {days: tue, hours: 22:00-06:00, agents: 1, breaks: [30 min unpaid at 02:00]}}
    wage: 0.000001/h
    seat: 0.000076/month
    shrinkage: {leave: 20%}
promises:
  fast: {of: phone, answer: 1 min, share: 80%, judged: daily, penalty: 15/breach, penalty_lost: 4/contact,
         credit: 500/period}
"""
CALLS = """at,handle_min,patience_min
2026-03-31 23:50,5,60
2026-04-01 10:00,5,60
2026-04-01 10:05,5,60
"""


def test_a_night_over_the_end_of_a_month_by_hand(tmp_path: Path) -> None:
    """2 of 7.5 paid hours lie in March.

    Pay: 7.5 micro-units, 8 as one amount: 2.13 and 5.87, so 2 and 6.  Leave at a quarter of that: 1.875, so 2: 0.53 and
    1.47, so 1 and 1.  A seat and the month of the channel: 76 x 2 / 30.4375 = 4.99, so 5: 3 and 2, for equal days.
    """
    (tmp_path / "night.yaml").write_text(NIGHT)
    (tmp_path / "calls.csv").write_text(CALLS)
    scenario = load(tmp_path / "night.yaml")
    found = measured(play(Layout(scenario), 1, 1), Yardstick(scenario))
    march, april = (dict(zip(KINDS, month, strict=True)) for month in found.month_costs.tolist())
    assert march == {
        "pay": 2 + 1, "overtime_pay": 0, "seats": 3, "channel_cost": 100_000 + 3, "penalty": 0, "penalty_lost": 0,
        "credit": 0,
    }  # fmt: skip
    assert april == {
        "pay": 6 + 1, "overtime_pay": 0, "seats": 2, "channel_cost": 200_000 + 2, "penalty": 30_000_000,
        "penalty_lost": 8_000_000, "credit": 500_000_000,
    }  # fmt: skip
    assert found.month_costs.sum() == found.lines.sum()


def test_shifts_are_cut_where_months_begin_after_they_did() -> None:
    """Two agents: shifts from 0, 10 and 25; from 12 alone.  Months begin at 10 and 20."""
    found = cut((np.array([0, 3, 4]), np.array([0, 10, 25, 12])), np.array([5, 10, 20, 30]))
    assert found.first.tolist() == [0, 4, 6]
    assert found.begins.tolist() == [0, 10, 20, 25, 12, 20]
    assert found.shift.tolist() == [0, 1, 1, 2, 3, 3]
    assert found.month.tolist() == [0, 1, 2, 2, 1, 2]
    assert found.whole(np.array([[1], [2], [3], [4], [5], [6]])).tolist() == [[1], [5], [4], [11]]


DESK = """
start: 2026-03-16
length: 5 weeks
segments: {gold: {customers: 200, churn: 20%/year}, free: {}}
experience: {lasts: 1 month, feedback: yes, unanswered: {low: x 1, stated: x 3, high: x 9}}
channels:
  phone: {kind: live, handle_time: 5 min, wrap_up: 1 min, patience: 4 min}
  mail: {kind: deferred, handle_time: 8 min}
demand:
  calls: {segment: gold, channel: phone, per_customer: 9/month}
  mails: {segment: free, channel: mail, rate: {00:00-04:00: 3/h}}
teams:
  desk: {serves: [phone], shifts: {day: {days: mon-sun, hours: 08:00-20:00, agents: 2}}}
  writers: {serves: [mail], shifts: {night: {days: mon-sun, hours: 22:00-06:00, agents: 1}}}
  heads: {serves: [phone, mail], agents: 1}
promises:
  fast: {of: gold phone, answer: 20 s, share: 80%, judged: weekly}
  soon: {of: free mail, first_reply: 4 h, share: 80%, judged: monthly}
"""


def test_each_kind_adds_up_to_its_lines_and_is_that_of_the_other_side() -> None:
    scenario = with_prices(load_text(DESK), 3)
    found = run(scenario, 2)
    assert found.month_costs.shape == (2, 2, len(KINDS))
    for lines, months in zip(found.lines.tolist(), found.month_costs, strict=True):
        by_kind = Counter[str]()
        for (kind, _), amount in zip(found.yardstick.ledger.lines, lines, strict=True):
            by_kind[kind] += amount
        assert months.sum(axis=0).tolist() == [by_kind[kind] for kind in KINDS]
        assert (months.sum(axis=1) > 0).all()
    journal = play(Layout(scenario), 1, 1)
    assert by_arrays(journal, found.yardstick).month_costs.tolist() == found.month_costs[0].tolist()
    assert run(scenario, 2, keep_journal=False).month_costs.tolist() == found.month_costs.tolist()
