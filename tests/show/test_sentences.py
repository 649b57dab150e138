"""Titles of figures are true sentences: each on numbers made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from measure.journals import Pen, promise, scenario
from study.players import Player, desk

from supportsim.measure.grid import Grid
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.measure.sums import Floats
from supportsim.scenario.model import Break, Scenario, Shift
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND
from supportsim.show import availability_figure, heatmap_figure, intraday_figure, net_figure, waits_figure
from supportsim.show.axes import below, bin_words, some_of, steps, wrapped
from supportsim.show.kept_panel import TOO_CLOSE, draw_kept, hidden
from supportsim.study.daypages import pages
from supportsim.study.pattern import Kept, days_called, pattern
from supportsim.study.run import run

NAN = float("nan")


def kept(*mean: float, target: float = 0.8) -> Kept:
    """A Monday from 8:00 on by the hour."""
    grid = Grid(scenario(1))
    hour = np.array([i.local.hour for i in grid.intervals])
    cut = pattern(grid, (hour >= 8) & (hour < 8 + len(mean)), HOUR)
    values: Floats = np.array(mean)
    missed = np.where(np.isnan(values), NAN, 100 * (1 - values))
    return Kept(cut, np.full(len(mean), 12.0), values, values, values, values, values, missed, target)


# ---------------- words


def test_bins_are_counted_in_words() -> None:
    assert [some_of(3, 20, HOUR // 2), some_of(20, 20, HOUR // 2)] == ["3 of 20 half-hours", "all 20 half-hours"]
    assert [some_of(2, 2, HOUR), some_of(1, 1, 2 * HOUR)] == ["both hours", "the one interval of 2 h"]
    assert bin_words(15 * MINUTE, several=True) == "intervals of 15 min"
    assert [days_called(days) for days in ((0,), (0, 1, 2, 3, 4), (0, 2, 3))] == ["Mon", "Mon–Fri", "Mon, Wed–Thu"]


def test_a_share_below_its_target_never_reads_as_the_target() -> None:
    assert [below(0.796, 0.8), below(0.35, 0.8), below(0.79996, 0.8)] == ["79.6 %", "35 %", "80.00 %"]


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    lines = wrapped("kept by 80 % in 20 s or half-hours", 10).split("\n")
    assert lines == ["kept by", "80 % in", "20 s or", "half-hours"]


# ---------------- the week


def test_the_heatmap_names_how_often_and_the_worst() -> None:
    said = heatmap_figure.finding(promise(), kept(0.9, 0.7, NAN, 0.795))
    assert said == (
        "p (answer in 20 s, target 80 %): below target on average in 2 of 3 hours of the day, worst 09:00 (70 %)"
    )
    assert heatmap_figure.finding(promise(), kept(0.9, 0.8)) == (
        "p (answer in 20 s, target 80 %): kept on average in both hours of the day"
    )
    assert heatmap_figure.finding(promise(), kept(NAN)).endswith(": nothing to judge")


def open_(means: list[float], half: float) -> Kept:
    """The same with an interval of ± half."""
    found = kept(*means)
    return replace(found, low=found.mean - half, high=found.mean + half)


def test_where_the_interval_holds_the_target_nothing_is_called() -> None:
    """79.5 % ± 1 is neither kept nor missed; 82 % ± 1 is kept, 70 % ± 1 is missed."""
    found = open_([0.9, 0.7, NAN, 0.795, 0.82], 0.01)
    assert found.close.tolist() == [False, False, False, True, False]
    assert found.below.tolist() == [False, True, False, False, False]
    assert heatmap_figure.finding(promise(), found).endswith(
        "below target on average in 1 of 4 hours of the day, too close to call in 1, worst 09:00 (70 %)"
    )
    assert heatmap_figure.finding(promise(), open_([0.9, 0.795], 0.01)).endswith(
        "kept on average in 1 of 2 hours of the day, too close to call in 1"
    )
    assert heatmap_figure.finding(promise(), open_([0.8, 0.795], 0.01)).endswith(
        "kept on average in no hour of the day, too close to call in 2"
    )
    assert intraday_figure._worst(promise(), open_([0.795], 0.01)).endswith("too close to call")
    assert not kept(0.79, 0.81).close.any()  # of one replication nobody knows an interval


def test_a_range_of_days_behind_the_interval_of_the_mean_is_drawn_on_top() -> None:
    found = open_([0.9, 0.7], 0.1)  # days as the mean: the interval covers them
    assert hidden(found)
    assert not hidden(kept(0.9, 0.7))
    figure = Figure()
    axes = figure.subplots()
    words = [text for _, text in draw_kept(axes, found, steps, "mean", "target")]
    assert any("its ends dotted" in text for text in words)
    assert len(axes.lines) == 4  # both ends, the mean, the target
    words = [text for _, text in draw_kept(figure.subplots(), kept(0.9, 0.7), steps, "mean", "target")]
    assert "5–95 % of single days" in words


def test_the_cells_and_the_strip_say_what_is_too_close_to_call() -> None:
    found, figure = open_([0.9, 0.7, 0.795], 0.01), Figure()
    axes = figure.subplots()
    heatmap_figure._panel(axes, found)
    assert [text.get_text() for text in axes.texts] == ["90", "70", "79?"]
    words = [text for _, text in draw_kept(figure.subplots(), found, steps, "mean", "target")]
    assert words[-1] == TOO_CLOSE
    unknown = replace(found, low=np.array([0.89, 0.69, np.nan]), high=np.array([0.91, 0.71, np.nan]))
    words = [text for _, text in draw_kept(figure.subplots(), unknown, steps, "mean", "target")]
    assert words[-1] == f"{TOO_CLOSE},\nor there is none"
    words = [text for _, text in draw_kept(figure.subplots(), kept(0.9), steps, "mean", "target")]
    assert TOO_CLOSE not in words


@pytest.mark.parametrize(("share", "shown"), [(0.8, "80"), (0.7996, "79"), (0.794, "79"), (0.999, "100"), (0.0, "0")])
def test_a_cell_is_never_rounded_up_to_the_target(share: float, shown: str) -> None:
    assert heatmap_figure._number(share, 0.8) == shown


# ---------------- the bridge


def broken() -> Scenario:
    """Two people from 8 to 12, each with half an hour of unpaid break."""
    pause = Break(30 * MINUTE, False, 10 * HOUR, 10 * HOUR)
    shift = Shift("day", tuple(range(7)), 8 * HOUR, 12 * HOUR, 2, (pause,))
    base = scenario(promises=(promise(),))
    return replace(base, teams=(replace(base.teams[0], agents=None, shifts=(shift,)),))


class Half:
    """One is absent; the other has his break and works for an hour and a half, a third of it wrap-up."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen = Pen(DAY)
        pen.span(0, "available", 8 * HOUR, 10 * HOUR)
        pen.span(0, "break_unpaid", 10 * HOUR, 10 * HOUR + 30 * MINUTE)
        pen.span(0, "available", 10 * HOUR + 30 * MINUTE, 12 * HOUR)
        pen.span(1, "absent", 8 * HOUR, 12 * HOUR)
        pen.served(8 * HOUR, 0, HOUR, 30 * MINUTE)
        return measured(pen.journal(replication), self.yardstick)


def test_the_bridge_says_where_the_hours_went_and_adds_up() -> None:
    (found,) = availability_figure.bridges(run(broken(), 2, jobs=1, make=Half))
    assert availability_figure.finding(found) == (
        "desk: of 8.0 hours rostered in counted time 44 % are spent at the desk (50 % absent, 6 % unpaid breaks), "
        "19 % at work, 25 % idle"
    )
    table = availability_figure.numbers((found,)).set_index("step")["hours"]
    away = ["absent", "off_desk", "breaks_paid", "breaks_unpaid", "present"]
    assert table["rostered"] == pytest.approx(table[away].sum()) == 8
    assert table["present"] == pytest.approx(table[["handling", "wrap_up", "idle"]].sum()) == 3.5
    assert found.floor("breaks_unpaid") == pytest.approx(found.mean["present"])
    assert found.floor("idle") == pytest.approx(0)


# ---------------- net staffing


def net(required: list[float], rostered: list[float], present: list[float], deferred: float = 0.0) -> net_figure.Net:
    cut = kept(*([0.5] * len(required))).cut
    heads = (np.array(values) for values in (required, rostered, present))
    return net_figure.Net("desk", cut, "your requirement", *heads, deferred)


def test_net_staffing_counts_hours_under_and_over() -> None:
    found = net([4, 4, NAN, 2], [3, 6, 0, 2], [2, 5, 0, 1.5])
    assert net_figure.finding(found) == (
        "Those present are under your requirement in 2 of 3 hours: 2.5 agent-hours under and 1.0 over a day"
    )
    # rostered heads are set against rostered heads: 6, 6 and 3 for as many at the desk, 3, 6 and 2 there are
    played = replace(found, words="what this simulation requires", gross=np.array([6, 6, NAN, 3]), played=True)
    assert net_figure.finding(played).endswith("; 4.0 agent-hours of rostered heads are missing for these")
    fine = net([4, 4], [4, 6], [4, 4], deferred=3.0)
    assert net_figure.finding(fine, named=True) == (
        "desk: those present reach your requirement in both hours: 0 agent-hours under and 0 over a day. "
        "Not in this figure: 3.0 h of deferred work that may come to the same teams"
    )


# ---------------- waits


class Lines:
    """Ten calls: five at once, four after 30 s, one leaves after 10 s."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen = Pen(DAY)
        for k in range(9):
            pen.served(9 * HOUR + k * MINUTE, 0 if k < 5 else 30 * SECOND, MINUTE)
        pen.lost(10 * HOUR, 10 * SECOND)
        return measured(pen.journal(replication), self.yardstick)


def test_the_waits_say_who_does_not_wait_and_how_long_one_in_ten_would() -> None:
    (found,) = waits_figure.channels(run(scenario(promises=(promise(),)), 2, jobs=1, make=Lines))
    assert waits_figure.finding(found) == (
        "phone: 50 % do not wait; if nobody left, one in ten would wait 30 s or longer"
    )
    assert found.limits == {20.0: "p"}
    curve = found.curves["customers"]
    assert (curve.at_once, curve.gone) == (0.5, 0.1)
    table = waits_figure.numbers((found,))
    assert table["answered"].iloc[-1] + table["censored"].iloc[-1] == 20


def test_waits_are_told_in_the_unit_that_fits() -> None:
    assert [waits_figure.told(s) for s in (0.4, 20, 89, 120, 5400, 180_000)] == [
        "0.4 s", "20 s", "89 s", "2.0 min", "1.5 h", "2.1 days"
    ]  # fmt: skip


# ---------------- intraday pages


class Busy:
    """A call every minute from 9 to 10 on weekdays, half as many on Tuesdays; one in four has been lost before."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        pen = Pen(7 * DAY)
        for day in range(7):
            pen.span(0, "available", day * DAY + 8 * HOUR, day * DAY + 12 * HOUR)
        for day in range(5):
            for k in range(0, 60, 2 if day == 1 else 1):
                kind = "redial" if k % 4 == 0 else "first"
                at = day * DAY + 9 * HOUR + k * MINUTE
                pen.served(at, 0 if k < 30 else 30 * SECOND, 30 * SECOND, kind=kind)
        return measured(pen.journal(replication), self.yardstick)


def test_weekdays_that_are_alike_share_a_page() -> None:
    shift = Shift("day", tuple(range(7)), 8 * HOUR, 12 * HOUR, 1)
    base = scenario(7, promises=(promise(),))
    found = run(replace(base, teams=(replace(base.teams[0], agents=None, shifts=(shift,)),)), 2, jobs=1, make=Busy)
    mine = pages(found, {"phone": np.zeros(7 * 48), "ticket": np.zeros(7 * 48)})
    assert [page.days for page in mine] == ["Mon", "Tue", "Wed–Fri"]
    last = mine[-1]
    assert (last.first + last.returns).tolist() == [30, 30]
    assert intraday_figure.finding(last) == (
        "phone, Wed–Fri: 60 contacts a day, 25 % of them returns; p is below 80 % on average in 1 of 2 half-hours, "
        "worst 09:30 (0 %, missed on 100 days in 100)"
    )
    table = intraday_figure.numbers(last)
    assert table["row"].tolist() == ["desk", "desk", "p", "p"]
    assert table["heads_rostered"].tolist()[:2] == [1, 1]


def test_a_single_date_is_one_page() -> None:
    one = scenario(1, promises=(promise(),))
    found = run(one, 1, jobs=1, make=Lines)
    (page,) = pages(found, {"phone": np.zeros(48), "ticket": np.zeros(48)})
    assert page.days == "Mon 2026-03-02"
    assert intraday_figure.finding(page) == (
        "phone, Mon 2026-03-02: 10 contacts; p is kept for 50 % (80 % promised), missed on 100 days in 100"
    )


def test_the_forecast_of_a_page_is_what_the_demand_states() -> None:
    found = run(desk(), 1, jobs=1, make=Player)  # without a stream
    assert not any(values.any() for values in intraday_figure.expected_contacts(found).values())
