"""The views of a replication, on a quarter of an hour worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.study import observe as see
from supportsim.study.observe import Figure, Seen

DESK = """
name: quarter
start: 2026-03-02
length: 15 min
run_out: until empty, at most 1 h, demand stops
timezone: UTC
channels:
  phone: {kind: live, after: {abandoned: {again: 100%, delay: 6 min, tries: 2}}}
demand:
  calls: {channel: phone, trace: calls.csv}
teams:
  desk: {serves: [phone], agents: 1}
promises:
  two_minutes: {of: phone, answer: 2 min, share: 80%, judged: all}
"""
# 0: served 0 to 5 · 1: comes at 1, hangs up at 3, calls again at 9 and is served at once, to 10 ·
# 2: comes at 2, waits until 5, served to 9 (a minute of it wrap-up) · 3: comes at 14, served to 16
CALLS = """at_min,handle_min,wrap_min,patience_min
0,5,0,never
1,1,0,2
2,4,1,never
14,2,0,never
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    from supportsim.engine.layout import Layout
    from supportsim.engine.operation import play
    from supportsim.measure.replication import Yardstick, measured
    from supportsim.scenario.load import load_text

    folder: Path = tmp_path_factory.mktemp("quarter")
    (folder / "calls.csv").write_text(CALLS, encoding="utf-8")
    scenario = load_text(DESK.replace("phone: {kind: live,", "phone: {kind: live, handle_time: 1 min,"), folder=folder)
    yardstick = Yardstick(scenario)
    journal = play(Layout(scenario), seed=1, replication=1)
    return Seen(journal, yardstick, measured(journal, yardstick))


def value(figure: Figure, seen: Seen) -> float:
    import numpy as np

    return figure.combine(np.array(figure.view(seen)))


def test_who_comes_and_goes(seen: Seen) -> None:
    assert len(seen.journal.contacts) == 5
    assert value(see.arrivals_between(1, 14), seen) == 2
    assert value(see.arrivals_between(0, 15), seen) == 4
    assert [value(see.present_at(minute), seen) for minute in (0, 2.5, 4, 8.5, 14.5)] == [1, 3, 2, 0, 1]
    assert value(see.abandoned_inside(), seen) == 1


def test_waits(seen: Seen) -> None:
    assert sorted(seen.waits) == [0, 0, 0, 2, 3]
    assert value(see.waited_at_most(2), seen) == pytest.approx(4 / 5)
    assert value(see.had_to_wait(), seen) == pytest.approx(2 / 5)
    assert value(see.wait_variance("served"), seen) == pytest.approx(9 / 4 - 9 / 16)
    assert value(see.waited_at_most_given(2.5, "abandoned"), seen) == 1
    assert value(see.waited_at_most_given(2.5, "served"), seen) == pytest.approx(3 / 4)
    assert value(see.minutes_waited(), seen) == pytest.approx(5 / 4)


def test_he_who_hung_up_would_have_been_next(seen: Seen) -> None:
    assert value(see.offered_wait(), seen) == pytest.approx((0 + 4 + 3 + 0 + 0) / 5)


def test_what_the_line_looked_like(seen: Seen) -> None:
    mean, square = 5 / 15, 7 / 15  # one waits from 1 to 2 and 3 to 5, two from 2 to 3
    assert value(see.queue_variance(), seen) == pytest.approx(square - mean**2)


def test_what_the_agent_did(seen: Seen) -> None:
    assert value(see.talking(), seen) == pytest.approx((5 + 3 + 1 + 1) / 15)
    assert value(see.wrapping_up(), seen) == pytest.approx(1 / 15)
    assert value(see.nobody_busy(), seen) == pytest.approx(4 / 15)


def test_time_from_call_to_hanging_up(seen: Seen) -> None:
    assert value(see.minutes_in_system(), seen) == pytest.approx((5 + 6 + 1 + 2) / 4)
    assert value(see.minutes_in_system("phone"), seen) == pytest.approx(14 / 4)


def test_between_hanging_up_and_calling_again(seen: Seen) -> None:
    assert value(see.between_calls(), seen) == pytest.approx(6 / 15)


def test_promises_and_money(seen: Seen) -> None:
    assert value(see.kept("two_minutes"), seen) == 3
    assert value(see.kept_of_contacts("two_minutes", "phone"), seen) == pytest.approx(3 / 5)
    assert value(see.per_minute("phone", "answered"), seen) == pytest.approx(4 / 15)
    assert value(see.cost_per_hour("two_minutes", each=5), seen) == pytest.approx(5 * 2 * 4)
    assert value(see.minutes("phone", "served_wait_mean"), seen) == pytest.approx(3 / 4)
    assert value(see.complement(see.measure("phone", "p_wait")), seen) == pytest.approx(3 / 5)
