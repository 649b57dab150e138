"""`supportsim erlang`: which inputs each word needs, and its answer in words, as CSV or as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from supportsim.scenario.ticks import SECOND
from supportsim.show.check_text import number
from supportsim.study.erlang import p_blocked
from supportsim.study.erlang_answers import Answers, answers, capacity, needed, rostered, traffic, trunks
from supportsim.study.erlang_table import Asked, Row, lines, read, rows, shares
from supportsim.study.erlang_words import Target
from supportsim.study.words import duration

T = TypeVar("T")
LIMITS = "steady, exponential work, one line; all are present: no breaks, no absence, no hour before, no redials"
LINE_LIMITS = "steady; who hears busy does not call again; the handle time given is taken as time on the line"


class Word(NamedTuple):
    """Options without which a word has no answer, those it takes besides, and what it tells."""

    needs: tuple[str, ...]
    takes: tuple[str, ...]
    tells: str


_DESK = ("calls", "aht", "agents")
WORDS = {
    "agents": Word(("calls", "aht", "target"), ("patience", "shrinkage", "max_occupancy"), "agents for a target"),
    "sla": Word((*_DESK, "target"), ("patience",), "share answered in time"),
    "asa": Word(_DESK, ("patience", "target"), "average speed of answer"),
    "occupancy": Word(_DESK, ("patience", "target"), "share of the agents' time at work"),
    "queued": Word(_DESK, ("patience", "target"), "share of calls that wait"),
    "abandoned": Word((*_DESK, "patience"), ("target",), "share of calls whose callers hang up"),
    "capacity": Word(
        ("agents", "aht", "target"), ("patience", "max_occupancy"), "calls that so many agents take at a target"
    ),
    "trunks": Word(("busy",), ("calls", "aht", "traffic", "agents", "patience"), "lines, so that few hear busy"),
}
OPTIONS = ("calls", "aht", "agents", "target", "patience", "shrinkage", "max_occupancy", "busy", "traffic", "csv")


@dataclass(frozen=True)
class Question:
    """What was asked, read: rates per second, times in seconds, shares as fractions; None: not stated."""

    word: str
    calls: float | None = None
    aht: float | None = None
    agents: int | None = None
    target: Target | None = None
    patience: float | None = None
    shrinkage: float | None = None
    max_occupancy: float | None = None
    busy: float | None = None
    traffic: float | None = None
    csv: str | None = None

    @property
    def most(self) -> float:
        return 1.0 if self.max_occupancy is None else self.max_occupancy

    def inputs(self) -> dict[str, Any]:
        """What was stated, with units in the names."""
        share, within = self.target or (None, None)
        per_hour = None if self.calls is None else 3600 * self.calls
        found = {
            "calls_per_h": per_hour, "aht_s": self.aht, "agents": self.agents, "target_share": share,
            "target_s": within, "patience_s": self.patience, "shrinkage_share": self.shrinkage,
            "max_occupancy_share": self.max_occupancy, "busy_share": self.busy, "traffic_erlangs": self.traffic,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}


def fault(asked: Question) -> str:
    """What is missing or too much; empty where the question can be answered."""
    word = WORDS[asked.word]
    stated = [name for name in OPTIONS if getattr(asked, name) is not None]
    if asked.csv is not None:
        return _fault_of_table(asked, stated)
    if asked.word == "trunks":
        if asked.traffic is not None and any(name in stated for name in ("calls", "aht", "agents", "patience")):
            return "--traffic says all there is: leave --calls, --aht, --agents and --patience out"
        if asked.traffic is None and not (asked.calls and asked.aht):
            return "trunks needs --calls and --aht, or --traffic"
    return _fault_of_options(asked, word.needs, word.needs + word.takes, stated)


def _fault_of_table(asked: Question, stated: list[str]) -> str:
    word = WORDS[asked.word]
    if asked.word == "capacity" or asked.traffic is not None:
        return f"--csv holds calls by interval: {asked.word} does not ask for it here"
    if asked.calls is not None:
        return "calls are in the file: leave --calls out"
    needs = tuple(name for name in word.needs if name not in ("calls", "aht"))
    return _fault_of_options(asked, needs, (*word.needs, *word.takes, "csv"), stated)


def _fault_of_options(asked: Question, needs: tuple[str, ...], known: tuple[str, ...], stated: list[str]) -> str:
    missing = [name for name in needs if name not in stated]
    if missing:
        return f"{asked.word} needs {' and '.join(map(option, missing))}"
    if unknown := [name for name in stated if name not in known]:
        return f"{asked.word} makes no use of {' and '.join(map(option, unknown))}"
    level_asked = asked.word in ("agents", "capacity")
    if level_asked and asked.target is not None and asked.target.share is None:
        return f"{asked.word} needs a share and a time in --target, as 80/20s"
    if asked.word == "trunks" and asked.patience is not None and asked.agents is None:
        return "--patience is of callers who wait: trunks needs --agents with it"
    return ""


def option(name: str) -> str:
    return "--" + name.replace("_", "-")


# -- a table of intervals ---------------------------------------------------------------------------------
def table(asked: Question) -> list[Row]:
    """A row per interval of the file.  Raises ConfigError."""
    assert asked.csv is not None
    share, within = asked.target or (None, None)
    what = Asked(asked.agents, share, within, asked.patience, asked.most, asked.shrinkage, asked.busy)
    return list(rows(read(asked.csv, asked.aht), what, asked.csv))


def csv_text(found: list[Row], decimal: str = "point") -> str:
    """The table as CSV, with the decimal sign of `--decimal`; no line end behind the last row."""
    text = "\n".join(lines(found))
    if decimal == "point":
        return text
    from supportsim.study.decimal_comma import with_comma

    return with_comma(text).removesuffix("\n")


# -- one answer -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """One answer: names and numbers for programs, rows of (what, how much, in words) for people."""

    numbers: dict[str, Any]
    rows: tuple[tuple[str, str, str], ...]


def told(asked: Question) -> Told:
    """The answer, the number asked for first.  Raises TooManyAgents."""
    if asked.word == "trunks":
        return _lines(asked)
    if asked.word == "capacity":
        return _capacity(asked)
    rate, service, within = have(asked.calls), have(asked.aht), asked.target.within if asked.target else None
    n = asked.agents
    if n is None:
        n = needed(rate, service, have(have(asked.target).share), have(within), asked.patience, asked.most)
    found = answers(n, rate, service, asked.patience, within)
    numbers: dict[str, Any] = {"agents": n}
    if asked.shrinkage is not None:
        numbers["rostered"] = rostered(n, asked.shrinkage)
    numbers |= shares(found, within is not None) | {"erlangs": found.load}
    shown = dict(_people(asked, n)) | dict(_reached(asked, found))
    first = next(name for name in shown if name.startswith(_LABELS.get(asked.word, asked.word)))
    order = [first, *(name for name in shown if name != first)]
    return _signed(asked, numbers, [(name, *shown[name]) for name in order])


_LABELS = {"sla": "answered in", "asa": "speed of answer"}  # elsewhere the word itself
_Shown = Iterator[tuple[str, tuple[str, str]]]


def _people(asked: Question, n: int) -> _Shown:
    words = "as stated"
    if asked.word == "agents":
        most = f" at an occupancy of at most {share(asked.max_occupancy)}" if asked.max_occupancy else ""
        words = f"the fewest that answer {_goal(asked)} of all offered{most}"
    yield "agents", (number(n), words)
    if asked.shrinkage is not None:
        yield "to roster", (number(rostered(n, asked.shrinkage)), f"{n} / (1 - {share(asked.shrinkage)}), rounded up")


def _reached(asked: Question, found: Answers) -> _Shown:
    patient = asked.patience is None
    if asked.target:
        goal = "" if asked.target.share is None or asked.word == "agents" else f"; target {share(asked.target.share)}"
        yield f"answered in {seconds(asked.target.within)}", (percent(found.sla), f"of all offered{goal}")
    who = "all" if patient else "those answered"
    wait = "no end" if math.isinf(found.asa) else "–" if math.isnan(found.asa) else f"{found.asa:.1f} s"
    yield "speed of answer", (wait, f"mean wait of {who}, those who did not wait included")
    yield "occupancy", (percent(found.occupancy), "work / (work + idle)")
    yield "queued", (percent(found.queued), "of all offered find nobody free")
    words = "nobody hangs up by this formula" if patient else "of all offered hang up"
    yield "abandoned", (percent(found.abandoned), words)
    over = patient and found.load >= found.agents > 0
    yield "load", (f"{found.load:.2f} erlang", "calls x handle time" + ("; more than the agents: no balance" * over))


def _capacity(asked: Question) -> Told:
    n, service, target = have(asked.agents), have(asked.aht), have(asked.target)
    rate = capacity(n, service, have(target.share), target.within, asked.patience, asked.most)
    found = answers(n, rate, service, asked.patience, target.within)
    half = f"{number(math.floor(rate * 18000) / 10, 1)} in 30 min; the most at {_goal(asked)} of all offered"
    first = ("capacity", f"{number(math.floor(rate * 36000) / 10, 1)}/h", half)
    shown = [(name, *words) for name, words in (*_people(asked, n), *_reached(asked, found))]
    numbers = {"calls_per_h": 3600 * rate, "agents": n, **shares(found, True), "erlangs": found.load}
    return _signed(asked, numbers, [first, *shown])


def _lines(asked: Question) -> Told:
    load, busy = asked.traffic, have(asked.busy)
    words = "as stated"
    if load is None:
        load = traffic(have(asked.calls), have(asked.aht), asked.agents, asked.patience)
        words = "calls x time on the line" if asked.agents is None else "calls served and calls that wait, on average"
    needed_lines = trunks(load, busy)
    hears = p_blocked(needed_lines, load)
    numbers = {"lines": needed_lines, "busy_share": hears, "erlangs": load}
    shown = [
        ("lines", number(needed_lines), f"the fewest on which at most {share(busy)} of calls hear busy"),
        ("hear busy", f"{100 * hears:.2f} %", "of all calls"),
        ("traffic", f"{load:.2f} erlang", words),
    ]
    model = "Erlang B (M/M/n/n): who finds no line is lost"
    return Told(_document(asked, numbers, "B"), (*shown, ("model", "", model), ("limits", "", LINE_LIMITS)))


def _document(asked: Question, numbers: dict[str, Any], model: str) -> dict[str, Any]:
    return {"word": asked.word, "model": f"Erlang {model}", "inputs": asked.inputs(), "answer": numbers}


def _signed(asked: Question, numbers: dict[str, Any], shown: list[tuple[str, str, str]]) -> Told:
    """With the model and its limits."""
    if asked.patience is None:
        name, words = "C", "Erlang C (M/M/n): everybody waits, nobody hangs up; --patience allows for that"
    else:
        name = "A"
        words = f"Erlang A (M/M/n+M): who waits hangs up after {seconds(asked.patience)} on average, exponentially"
    return Told(_document(asked, numbers, name), (*shown, ("model", "", words), ("limits", "", LIMITS)))


def text(found: Told) -> list[str]:
    """The rows in columns."""
    label = max(len(row[0]) for row in found.rows) + 2
    value = max(len(row[1]) for row in found.rows)
    return [f"{a:<{label}}{b:>{value}}  {c}" if b else f"{a:<{label}}{c}" for a, b, c in found.rows]


def _goal(asked: Question) -> str:
    target = have(asked.target)
    return f"{share(target.share)} in {seconds(target.within)}"


def have(value: T | None) -> T:
    """What `fault` has made sure is stated."""
    assert value is not None
    return value


def percent(value: float) -> str:
    """`81.3 %`, a dash for no value."""
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"


def share(value: float | None) -> str:
    """`80 %`, `82.5 %`."""
    return f"{100 * (value or 0.0):.6g} %"


def seconds(value: float) -> str:
    return duration(round(value * SECOND))
