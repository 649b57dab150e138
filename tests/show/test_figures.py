"""The figures of a run: deterministic files, names shown as they are, numbers beside them."""

from __future__ import annotations

import csv
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from measure.journals import Pen, promise, scenario
from paper import SMALLEST, smallest_letters
from study.players import Player, desk

from supportsim.measure.grid import Grid
from supportsim.measure.replication import Measured, Yardstick, measured
from supportsim.scenario.model import Activity, Hourly, Law, Scenario, Shift
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND
from supportsim.show.axes import fitting_columns
from supportsim.show.figures import write_all
from supportsim.show.net_figure import finding, nets
from supportsim.show.sheet import short
from supportsim.show.staffed_teams import staffing
from supportsim.show.style import without_pixels
from supportsim.study.daypages import pages
from supportsim.study.pattern import fitting_length, kept_by_bin, pattern
from supportsim.study.result import Result
from supportsim.study.run import run

FIGURES = [
    "availability", "backlog", "crowding", "heatmap", "intraday_phone_Mon", "net", "oldest", "promises", "staffing",
    "waits",
]  # fmt: skip
NAMES = [f"{name}.{kind}" for name in FIGURES for kind in ("csv", "png", "svg")]
HOSTILE = ("_hidden", "$x$", "a_b^c", "<b>&", "%s {0}", "Zürich")


def result(of: Scenario | None = None, n: int = 3) -> Result:
    return run(of or desk(), n, jobs=1, make=Player)


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def words(svg: Path) -> str:
    return " ".join(text for text in ET.parse(svg).getroot().itertext())


def test_every_figure_comes_as_svg_png_and_csv_and_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_all(result(), tmp_path / name)
    folders = [tmp_path / name / "figures" for name in ("one", "two")]
    assert sorted(f.name for f in folders[0].iterdir()) == NAMES
    for name in NAMES:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()


@pytest.mark.usefixtures("without_pixels")
def test_names_that_mean_something_to_a_plotting_library_are_shown_as_they_are(tmp_path: Path) -> None:
    base = desk()
    promises = tuple(replace(base.promises[0], name=name) for name in HOSTILE)
    channels = (replace(base.channels[0], name="$x_1$"), replace(base.channels[1], name="_mail"))
    queues = tuple(replace(q, channel=c.name) for q, c in zip(base.queues, channels, strict=True))
    hostile = replace(base, name="__all__", promises=promises, channels=channels, queues=queues)
    write_all(result(hostile), tmp_path)
    shown = "".join(words(file) for file in (tmp_path / "figures").glob("promises*.svg"))
    assert all(f"{name} (answer in 20 s)" in shown for name in HOSTILE)
    assert "__all__ ·" in shown
    assert "load that may come: $x_1$ + _mail" in words(tmp_path / "figures" / "staffing.svg")
    shown = "".join(words(file) for file in (tmp_path / "figures").glob("heatmap*.svg"))
    assert all(f"{name} (answer in 20 s" in shown for name in HOSTILE)
    assert "$x_1$: 13 % do not wait" in words(tmp_path / "figures" / "waits.svg")
    assert "_mail: open contacts" in words(tmp_path / "figures" / "backlog.svg")
    pages_ = [words(tmp_path / "figures" / f"intraday_x_1_Mon{number}.svg") for number in ("", "_2")]
    assert all("$x_1$, Mon: " in page for page in pages_)
    assert all(name in "".join(pages_) for name in HOSTILE)


@pytest.mark.usefixtures("without_pixels")
def test_long_names_are_cut_where_they_would_not_fit(tmp_path: Path) -> None:
    base, long = desk(), "word " * 39 + "end"
    promises = tuple(replace(p, name=f"{long} {p.name}") for p in base.promises)
    channels = tuple(replace(c, name=f"{long} {c.name}") for c in base.channels)
    queues = tuple(replace(q, channel=c.name) for q, c in zip(base.queues, channels, strict=True))
    teams = (replace(base.teams[0], name=long),)
    queues = tuple(replace(q, teams=((long,),)) for q in queues)
    hostile = replace(base, name=long, promises=promises, channels=channels, queues=queues, teams=teams)
    files = write_all(result(hostile), tmp_path)
    texts = [text for file in files if file.suffix == ".svg" for text in ET.parse(file).getroot().itertext()]
    drawn = [text for text in texts if "word" in text and "A small desk" not in text]
    assert drawn
    assert max(text.count("word") for text in drawn if len(text) < 200) < 39
    assert short("abc", 3) == "abc"
    assert short("abcd", 3) == "ab…"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A result, and the folder of its figures."""
    found, folder = result(), tmp_path_factory.mktemp("drawn")
    with without_pixels():
        write_all(found, folder)
    return found, folder / "figures"


def test_a_figure_says_what_it_shows_and_how_to_run_it_again(drawn: tuple[Result, Path]) -> None:
    found, figures = drawn
    root = ET.parse(figures / "promises.svg").getroot()
    tags = [child.tag.rpartition("}")[2] for child in root]
    assert tags[:2] == ["title", "desc"]
    assert "kept of 80 % promised" in (root[1].text or "")
    assert root.get("role") == "img"
    shown = words(figures / "staffing.svg")
    assert f"scenario {found.hash[:12]} · seed 1 · n = 3 replications × 2 counted days" in shown


def test_the_numbers_of_a_figure_are_those_of_the_tables(drawn: tuple[Result, Path]) -> None:
    _, figures = drawn
    rows = [row for row in read(figures / "promises.csv") if row["promise"] == "tickets"]
    assert {row["kept_share"] for row in rows if row["kept_share"]} == {"1"}
    assert {row["days_missed_in_100"] for row in rows if row["days_missed_in_100"]} == {"0"}
    heads = read(figures / "staffing.csv")
    assert {row["heads_present"] for row in heads} == {"2"}


def test_without_promises_there_are_fewer_figures_and_without_replications_none(tmp_path: Path) -> None:
    files = write_all(result(scenario(2)), tmp_path)
    left = ["staffing", "intraday_phone_Mon", "waits", "crowding", "backlog", "oldest", "availability"]
    assert [f.name for f in files] == [f"{name}.{kind}" for name in left for kind in ("svg", "png", "csv")]
    assert write_all(replace(result(), finished=()), tmp_path / "none") == []


class Quiet:
    """Nobody calls."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.yardstick = Yardstick(scenario)

    def __call__(self, replication: int) -> Measured:
        return measured(Pen(2 * DAY).journal(replication), self.yardstick)


@pytest.mark.usefixtures("without_pixels")
def test_nobody_calls_and_nobody_is_there(tmp_path: Path) -> None:
    found = run(desk(), 1, jobs=1, make=Quiet)
    drawn = ["promises", "heatmap", "staffing", "backlog", "oldest", "availability"]
    assert [f.stem for f in write_all(found, tmp_path)[::2]] == drawn
    shown = words(tmp_path / "figures" / "promises.svg")
    assert "nothing to judge" in shown
    assert "nobody at work" in words(tmp_path / "figures" / "staffing.svg").lower()
    assert "desk: nobody is rostered" in words(tmp_path / "figures" / "availability.svg")
    assert "hardly ever is anything left open" in words(tmp_path / "figures" / "oldest.svg")
    assert "ticket: nothing is ever left waiting" in words(tmp_path / "figures" / "backlog.svg")


def test_closed_nights_take_no_room_and_weeks_lie_over_each_other() -> None:
    grid = Grid(scenario(14))
    hour = np.array([i.local.hour for i in grid.intervals])
    day = np.array([i.local.weekday() for i in grid.intervals])
    cut = pattern(grid, (hour >= 8) & (hour < 18) & (day < 5))
    assert cut.days == ("Mon", "Tue", "Wed", "Thu", "Fri")
    assert cut.bins == 5 * 20
    assert (cut.labels[0], cut.labels[-1]) == ("Mon 08:00", "Fri 17:30")
    counted = cut.merged(np.ones(len(grid.intervals)))
    assert counted.tolist() == [2.0] * 100


def test_a_single_day_is_labelled_by_the_clock() -> None:
    cut = pattern(Grid(scenario(1)), np.ones(48, dtype=bool))
    assert cut.labels[:2] == ("00:00", "00:30")
    assert cut.days == ("Mon 2026-03-02",)


def test_the_mean_is_over_replications_and_the_range_over_single_days() -> None:
    grid = Grid(scenario(14))  # two Mondays in each of two replications
    judged = np.zeros((2, len(grid.intervals)), dtype=np.int32)
    kept = np.zeros_like(judged)
    first, second = 18, 18 + 7 * 48  # Monday 09:00
    judged[0, [first, second]], kept[0, [first, second]] = (30, 10), (30, 0)
    judged[1, [first, second]], kept[1, [first, second]] = (20, 20), (10, 20)
    found = kept_by_bin(grid, kept, judged, 0.8)
    assert found.cut.labels == ("Mon 09:00",)
    assert found.mean[0] == pytest.approx((0.75 + 0.75) / 2)
    assert (found.low[0], found.high[0]) == (0.75, 0.75)
    assert found.days_missed[0] == 50
    assert found.p95[0] == 1.0
    assert found.cases[0] == 20


def test_bins_grow_until_they_hold_enough_cases() -> None:
    grid = Grid(scenario(7))
    few = np.zeros((1, len(grid.intervals)), dtype=np.int32)
    few[0, ::2] = 3  # three an hour
    assert fitting_length(grid, few, at_least=3) == 30 * MINUTE
    assert fitting_length(grid, few, at_least=4) == 90 * MINUTE
    assert fitting_length(grid, few, at_least=1000) == 24 * HOUR


def test_teams_that_share_no_work_are_drawn_apart() -> None:
    base = desk()
    phones = replace(base.teams[0], name="phones", serves=("phone",), places=(0, -1), agents=1)
    mail = replace(base.teams[0], name="mail", serves=("ticket",), places=(-1, 0), agents=1)
    found = staffing(result(replace(base, teams=(phones, mail))))
    assert [(group.name, list(group.loads)) for group in found] == [("phones", ["phone"]), ("mail", ["ticket"])]
    assert [group.rostered.max() for group in found] == [1.0, 1.0]
    both = staffing(result(base))
    assert [(group.name, list(group.loads)) for group in both] == [("desk", ["phone", "ticket"])]


class Busy(Quiet):
    """A hundred calls an hour of 3 min each from 9 to 10, two agents."""

    def __call__(self, replication: int) -> Measured:
        pen = Pen(2 * DAY)
        for agent in (0, 1):
            pen.span(agent, "available", 0, 2 * DAY)
        for i in range(100):
            pen.served(9 * HOUR + i * 36 * SECOND, 30 * SECOND, 3 * MINUTE, agent=i % 2)
        return measured(pen.journal(replication), self.yardstick)


def test_load_and_requirement_stand_beside_the_heads() -> None:
    group = staffing(run(scenario(2, promises=(promise(),)), 2, jobs=1, make=Busy))[0]
    at = group.cut.labels.index("Mon 09:00")
    assert group.loads["phone"][at] == pytest.approx(100 * 3 / 60)
    assert group.erlang_c[at] > group.loads["phone"][at] > group.present[at] == 2
    assert math.isnan(group.erlang_a[at])  # these customers never leave
    assert math.isnan(group.erlang_c[0])  # nothing comes at midnight


class Filling(Quiet):
    """A call of half an hour at 9:00 and filler in the half hour after it; one agent of two is lent to tickets."""

    def __call__(self, replication: int) -> Measured:
        pen = Pen(2 * DAY)
        pen.span(0, "available", 8 * HOUR, 12 * HOUR)
        pen.span(1, "available", 8 * HOUR, 10 * HOUR)
        pen.span(1, "available", 10 * HOUR, 12 * HOUR, team=1)
        pen.served(9 * HOUR, 0, 30 * MINUTE)
        pen.filler(9 * HOUR + 30 * MINUTE, 30 * MINUTE)
        return measured(pen.journal(replication), self.yardstick)


def lending() -> Scenario:
    """Two callers until 12:00, one of whom works as the mailroom from 10:00 on."""
    base = desk()
    shift = Shift("day", tuple(range(7)), 8 * HOUR, 12 * HOUR, 2)
    inbox = Activity("inbox", tuple(range(7)), 10 * HOUR, 12 * HOUR, 1, "mailroom")
    phones = replace(
        base.teams[0], serves=("phone",), places=(0, -1), agents=None, shifts=(shift,), activities=(inbox,)
    )
    mail = replace(base.teams[0], name="mailroom", serves=("ticket",), places=(-1, 0), agents=0)
    return replace(base, teams=(phones, mail))


@pytest.mark.usefixtures("without_pixels")
def test_heads_are_drawn_with_whom_they_work_for_and_filler_is_no_occupancy(tmp_path: Path) -> None:
    found = run(lending(), 1, jobs=1, make=Filling)
    phones, mail = staffing(found)
    at = phones.cut.labels.index("Mon 10:00")
    for group, heads in ((phones, [2, 2, 1, 1]), (mail, [0, 0, 1, 1])):
        assert (group.rostered[at - 2 : at + 2]).tolist() == heads
        assert (group.present[at - 2 : at + 2]).tolist() == heads
    assert phones.occupancy[at - 2 : at].tolist() == [0.5, 0.0]
    table = found.intervals[(found.intervals.channel == "phone")].set_index("start")
    assert table.occupancy["2026-03-02T09:30:00+00:00"] == 0.5
    write_all(found, tmp_path)
    assert "occupancy: work / (work + idle), filler counted as idle" in words(tmp_path / "figures" / "staffing.svg")


def test_erlang_a_hears_of_the_patience_of_the_hour() -> None:
    base = scenario(2, promises=(promise(),))
    patient = tuple(replace(q, patience=Law("exponential", (float(10 * MINUTE),))) for q in base.queues)
    window = Hourly((0,), 9 * HOUR, 9 * HOUR + 30 * MINUTE, patience=0.1)
    short = (replace(base.channels[0], by_hour=(window,)), base.channels[1])
    found = [
        run(replace(base, queues=patient, channels=channels), 1, jobs=1, make=Busy).intervals
        for channels in (base.channels, short)
    ]
    plain, hurried = (table[table.channel == "phone"].set_index("start").required_erlang_a for table in found)
    first, second = "2026-03-02T09:00:00+00:00", "2026-03-02T09:30:00+00:00"
    assert hurried[first] < plain[first]
    assert hurried[second] == plain[second] > 0


def test_a_legend_has_as_many_columns_as_fit() -> None:
    assert fitting_columns(["short"] * 5) == 5
    assert fitting_columns(["a label of forty letters, more or less.."] * 6) == 3
    assert fitting_columns(["x" * 300, "y"]) == 1


@pytest.mark.usefixtures("without_pixels")
def test_on_paper_every_word_of_a_figure_can_be_read(tmp_path: Path) -> None:
    base = desk()
    many = tuple(replace(base.promises[0], name=f"p{i}") for i in range(7))
    write_all(result(replace(base, promises=many)), tmp_path)
    assert (tmp_path / "figures" / "promises_3.svg").exists()
    assert not (tmp_path / "figures" / "promises_2.csv").exists()
    kinds = {re.sub(r"(_Mon)?(_\d+)?$", "", file.stem) for file in (tmp_path / "figures").glob("*.svg")}
    assert len(kinds) == len(FIGURES)  # conftest measures the letters of each when it is drawn
    assert min(map(smallest_letters, (tmp_path / "figures").glob("*.svg"))) >= SMALLEST


class Callers(Quiet):
    """Thirty calls an hour of 3 min each from 9 to 10, all answered by the first agent, and tickets."""

    def __call__(self, replication: int) -> Measured:
        pen = Pen(2 * DAY)
        for agent in range(5):
            pen.span(agent, "available", 8 * HOUR, 17 * HOUR)
        for i in range(30):
            pen.served(9 * HOUR + i * 2 * MINUTE, 5 * SECOND, 115 * SECOND, agent=0)
        return measured(pen.journal(replication), self.yardstick)


def shared() -> Scenario:
    """Two on the phones; three on tickets, who are asked for calls after two minutes."""
    base = scenario(2, promises=(promise(),))
    phones = replace(base.teams[0], name="phones", serves=("phone",), places=(0, -1), agents=2)
    mail = replace(base.teams[0], name="mail", agents=3)
    phone = replace(base.queues[0], teams=(("phones",), ("mail",)), delays=(0, 2 * MINUTE))
    ticket = replace(base.queues[1], teams=(("mail",),))
    return replace(base, teams=(phones, mail), queues=(phone, ticket))


def test_net_staffing_counts_those_who_are_asked_in_time_as_the_intraday_page_does() -> None:
    found = run(shared(), 2, jobs=1, make=Callers)
    (net,) = nets(found)
    (page, *_) = pages(found, {channel.name: np.zeros(96) for channel in found.scenario.channels})
    assert (net.name, net.teams, net.whose) == ("phone", "phones", "teams asked within 20 s")
    assert net.rostered.max() == page.rostered.max() == 2
    line, others = staffing(found)
    assert (line.line, line.name, line.rostered.max()) == ("phone", "phones", 2)
    assert (others.line, others.name, others.rostered.max()) == ("", "mail", 3)
    assert list(others.loads) == ["phone", "ticket"]  # they may be asked for calls, too
    assert np.isnan(others.erlang).all()
    np.testing.assert_array_equal(np.nan_to_num(line.erlang), np.nan_to_num(net.required))
    assert np.nanmax(net.required) == np.nanmax(page.erlang)
    assert finding(net).startswith("phone (teams asked within 20 s): ")
