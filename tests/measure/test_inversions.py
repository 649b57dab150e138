"""Priority inversions: a day by hand, none where there can be none, and a naive count of generated days."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import supportsim
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, SPANS, Journal
from supportsim.engine.kernel import play
from supportsim.engine.layout import Layout
from supportsim.measure.inversions import Inversions
from supportsim.scenario.model import Law, Scenario
from supportsim.scenario.roster import agents, joined, shifts
from supportsim.scenario.ticks import MINUTE, NEVER
from supportsim.scenario.timeline import Timeline
from supportsim.study.result import write
from supportsim.study.run import run

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from generator import made

CONFIGS = Path(__file__).parents[2] / "configs"
# One agent, at the desk from 9:00; free calls at 8:00, 8:01 and 9:03, gold at 8:02.  Each takes 4 minutes.
DESK = """
name: desk
start: 2026-03-02
length: 1 day
segments: {gold: {margin: 20/month}, free: {margin: 1/month}}
channels: {phone: {kind: live, handle_time: 4 min, patience: never}}
demand: {rows: {channel: phone, trace: rows.csv}}
teams: {desk: {serves: [phone], shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 1}}}}
routing: {policy: fifo}
"""
ROWS = "at_min,segment\n480,free\n481,free\n482,gold\n543,free\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text(ROWS)
    return tmp_path


def desk(folder: Path, **changes: str) -> Scenario:
    pairs = {path.replace("__", "."): value for path, value in changes.items()}
    return supportsim.load_text(DESK, folder=folder, changes=pairs)


def test_first_come_first_served_by_hand(folder: Path) -> None:
    """At 9:00 and 9:04 free is begun while gold waits, who came at 8:02: 58 and 62 min.  The third comes after her."""
    found = run(desk(folder), 2).inversions
    assert found is not None
    assert found["passed_over"].tolist() == ["gold", "any"]
    for row in found.to_dict("records"):
        assert (row["segment"], row["starts"], row["inversions"], row["passed"]) == ("free", 3, 2, 2)
        assert row["inversions_share"] == pytest.approx(2 / 3)
        assert row["waited_min"] == 60


@pytest.mark.parametrize(
    ("changes", "inversions"),
    [
        ({"routing__policy": "priority", "routing__classes": "[gold phone, free phone]"}, 0),
        ({"routing__policy": "priority", "routing__classes": "[free phone, gold phone]"}, 3),  # 9:08, too
        ({"routing__policy": "value"}, 0),
        ({"teams__desk__serves": "[free phone]", "teams__golden": "{serves: [gold phone], agents: 0}"}, 0),
        ({"routing__teams": "{gold phone: [desk after 59 min]}"}, 1),  # only at 9:04 has her delay passed
        ({"segments__free__margin": "20/month"}, 0),
    ],
)
def test_by_hand_what_he_could_not_take_or_did_not_pass_over(
    folder: Path, changes: dict[str, str], inversions: int
) -> None:
    scenario = desk(folder, **changes)
    found = Inversions(scenario).count(play(Layout(scenario), 1, 1))
    assert found[1, 0, 1] == inversions


def test_without_margins_or_journal_there_is_no_table(folder: Path, tmp_path: Path) -> None:
    silent = supportsim.load_text(DESK.replace("{margin: 20/month}", "{}"), folder=folder)
    for found in (run(silent, 1), run(desk(folder), 1, keep_journal=False)):
        assert found.inversions is None
    assert not (write(run(silent, 1), tmp_path / "none") / "inversions.csv").exists()
    assert (write(run(desk(folder), 1), tmp_path / "some") / "inversions.csv").exists()


def test_one_team_and_classes_by_margin_leave_none_and_fifo_many() -> None:
    margins = {f"segments.{name}.margin": f"{n}/month" for name, n in (("premium", 40), ("standard", 8), ("free", 0))}
    shares = []
    for name in ("today", "premium_first"):
        scenario = supportsim.load(CONFIGS / "saas" / f"{name}.yaml", {**margins, "length": "1 week"})
        found = run(scenario, 1).inversions
        assert found is not None
        shares.append(found["inversions_share"])
    assert shares[0].min() > 0.05
    assert shares[1].max() == 0


def test_every_column_is_in_the_page_of_measures(folder: Path) -> None:
    page = (CONFIGS.parent / "docs" / "measures.md").read_text(encoding="utf-8")
    part = page.split("\n### inversions.csv\n")[1].split("\n### ")[0].split("\n## ")[0]
    found = run(desk(folder), 1).inversions
    assert found is not None
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == list(found.columns)


# ---------------------------------------------------------------- counted naively


class Naive:
    """Start by start, touch by touch, from docs/model.md; no table of the measure is used.  `why`: what decided."""

    def __init__(self, scenario: Scenario, journal: Journal) -> None:
        self.scenario, self.journal, self.timeline = scenario, journal, Timeline(scenario.times)
        self.touches = [
            dict(zip(journal.touches.dtype.names or (), row, strict=True)) for row in journal.touches.tolist()
        ]
        self.spans = [tuple(row) for row in journal.presence[["agent", "what", "team", "begin", "end"]].tolist()]
        self.kind = journal.contacts["kind"].tolist()
        self.people = agents(scenario)
        self.shifts = shifts(scenario, self.timeline)
        self.channel = {channel.name: channel for channel in scenario.channels}
        self.margin = {s.name: s.margin.values[0] for s in scenario.segments if s.margin}
        self.why: Counter[str] = Counter()

    def count(self) -> dict[tuple[str, str], list[float]]:
        """(begun, passed over or any) -> starts with one, touches passed over, minutes they had waited."""
        found: dict[tuple[str, str], list[float]] = {}
        for start in self.touches:
            if not self.looked_at(start):
                continue
            passed = [other for other in self.touches if self.is_passed(start, other)]
            begun = self.queue(start).segment
            for of in {"any", *(self.queue(each).segment for each in passed)} if passed else ():
                those = [each for each in passed if of in ("any", self.queue(each).segment)]
                cell = found.setdefault((begun, of), [0, 0, 0.0])
                cell[0] += 1
                cell[1] += len(those)
                cell[2] += sum((start["started"] - each["entered"]) / MINUTE for each in those)
        return found

    def queue(self, touch: dict[str, int]) -> supportsim.scenario.model.Queue:
        return self.scenario.queues[touch["queue"]]

    def looked_at(self, start: dict[str, int]) -> bool:
        counted = self.timeline.counted_from <= start["started"] < self.timeline.counted_to
        return counted and not self.is_filler(start) and self.team(start) is not None

    def is_filler(self, touch: dict[str, int]) -> bool:
        return CONTACT_KINDS[self.kind[touch["contact"]]] == "filler"

    def team(self, start: dict[str, int]) -> int | None:
        """The team he is available for; None in a tick in which he is moved, or falls due."""
        tick = start["started"]
        own = [each for each in self.spans if each[0] == start["agent"] and SPANS[each[1]] != "break_lost"]
        for _, what, team, begin, end in own:
            if SPANS[what] == "available" and begin <= tick < end:
                turned = begin == tick and any(e == tick and t != team for _, _, t, b, e in own if b < tick)
                return None if turned else team
        return None

    def is_passed(self, start: dict[str, int], other: dict[str, int]) -> bool:
        tick, mine, theirs = start["started"], self.queue(start), self.queue(other)
        if self.is_filler(other) or not other["joined"] < tick < min(other["started"], other["ended"]):
            return False
        if theirs.segment not in self.margin or mine.segment not in self.margin:
            return False
        if not self.margin[mine.segment] < self.margin[theirs.segment]:
            return False
        for rule in ("asked", "hands", "interruption", "last chat", "reservation"):
            if not getattr(self, f"by_{rule.replace(' ', '_')}")(start, other):
                self.why[rule] += 1
                return False
        self.why["passed"] += 1
        return True

    def by_asked(self, start: dict[str, int], other: dict[str, int]) -> bool:
        team = self.scenario.teams[self.team(start) or 0]
        queue = self.queue(other)
        if team.places[other["queue"]] < 0:
            return False
        steps = zip(queue.teams, queue.delays or (0,) * len(queue.teams), strict=True)
        return any(team.name in pool and other["entered"] + delay <= start["started"] for pool, delay in steps)

    def by_hands(self, start: dict[str, int], other: dict[str, int]) -> bool:
        return start["in_hand"] == 1 or self.queue(start).channel == self.queue(other).channel

    def by_interruption(self, start: dict[str, int], other: dict[str, int]) -> bool:
        laid = any(
            each["agent"] == start["agent"]
            and ENDINGS[each["how"]] == "interrupted"
            and each["ended"] == start["started"]
            for each in self.touches
        )
        return not laid or self.channel[self.queue(other).channel].kind == "live"

    def by_last_chat(self, start: dict[str, int], other: dict[str, int]) -> bool:
        last = self.channel[self.queue(other).channel].last_chat
        if not last or self.people[start["agent"]].shift < 0:
            return True
        own = joined([span for span in self.shifts if span.agent == start["agent"]])
        until = next(span.end for span in own if span.begin <= start["started"] < span.end)
        return start["started"] < until - last

    def by_reservation(self, start: dict[str, int], other: dict[str, int]) -> bool:
        """What was kept back for the start itself is kept back for the other; more, by the end of the tick."""
        team, tick = self.team(start), start["started"]
        assert team is not None
        holds = self.scenario.teams[team].holds or (0,) * len(self.scenario.queues)
        if holds[other["queue"]] <= holds[start["queue"]]:
            return True
        idle = {
            agent for agent, what, of, begin, end in self.spans
            if of == team and SPANS[what] == "available" and begin <= tick < end
        }  # fmt: skip
        idle -= {t["agent"] for t in self.touches if t["started"] != NEVER and t["started"] <= tick < t["ended"]}
        return len(idle) >= holds[other["queue"]]


def valued(number: int) -> Scenario:
    """A generated scenario with six times the issues, so that there are lines, whose segments are worth something.

    In two of three the line is one for all.
    """
    scenario = made(number)
    worth = [Law("constant", (float((7 * (i + number)) % 3 + 1),)) for i in range(len(scenario.segments))]
    pairs = zip(scenario.segments, worth, strict=True)
    segments = tuple(replace(segment, margin=margin) for segment, margin in pairs)
    streams = tuple(replace(stream, volume=6 * stream.volume) for stream in scenario.streams)
    return replace(scenario, segments=segments, streams=streams, policy="fifo" if number % 3 else scenario.policy)


DECIDES = ("asked", "hands", "interruption", "last chat", "reservation", "passed")


def test_generated_days_counted_naively() -> None:
    """At least a hundred with several segments; every rule has decided somewhere."""
    why: Counter[str] = Counter()
    looked = 0
    for number in range(1, 1500):
        scenario = valued(number)
        inversions = Inversions(scenario)
        if not inversions.stated:
            continue
        journal = play(Layout(scenario), 1, 1)
        naive = Naive(scenario, journal)
        wanted, found = naive.count(), inversions.count(journal)
        names = [segment.name for segment in scenario.segments]
        for i, begun in enumerate(names):
            for j, of in enumerate([*names, "any"]):
                cell = wanted.get((begun, of), [0, 0, 0.0])
                assert found[i, j, 1:].tolist() == pytest.approx(cell), (number, begun, of)
        looked += 1
        why += naive.why
        if looked >= 150 and min(why[rule] for rule in DECIDES) > 1 and why["passed"] > 100:
            break
    assert looked >= 150
    assert min(why[rule] for rule in DECIDES) > 1, why
    assert why["passed"] > 100
