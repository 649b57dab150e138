"""Tells small days at a desk and writes down what happened in words, so that a test reads like a log kept by hand.

A story is a scenario of a few lines and a table of rows, one per issue, in whole minutes since Monday 00:00:

    who at handle wrap patience        (a dot or a missing cell: what the scenario says)
    a   0  5
    b   1  3      .    4

`story.log` then has one line per contact, in the order in which they came to be:

    a at 0: ann 0-5, solved
    b at 1: abandoned 5

`ann 0-4 wrap 5` is talk from 0 to 4 and wrap-up to 5, `put down (10 left)` is work laid aside, `(2 in hand)`
stands where the agent then had several, an open end (`ann 55-`) is what goes on at the horizon.  What is laid aside
for a call is `interrupted (4 left)`, what the system ends `timed out 12`; `(starved 2)` stands with the work, or the
wait, of a touch that was passed over twice for a further chat.  What is left of slowed work is said as the time it
would take alone.  Filler has no rows: its pieces are called `filler 1`, `filler 2`, in the order in which they begin.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np

from supportsim.engine import kernel as heap
from supportsim.engine.audit import audit
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS, Journal
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.engine.policy import Policy
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.roster import agents
from supportsim.scenario.ticks import MINUTE, NEVER

_HEADER = {"name": "story", "start": "2026-03-02", "length": "60 min"}
_MEASURED = ("at", "handle", "wrap", "patience")
_KINDS = {"first": "", "redial": " redials", "switch": " switches", "repeat": " comes back", "filler": ""}
_LAID_ASIDE = {"put_down": "put down", "interrupted": "interrupted"}
_SPANS = {
    "absent": "absent",
    "available": "available",
    "break_due": "break due",
    "break_paid": "paid break",
    "break_unpaid": "break",
    "block": "block",
    "overtime": "overtime",
    "break_lost": "break lost",
}


@dataclass(frozen=True)
class Story:
    """One replication, told.  `unit`: ticks of one unit in the words; `who`: a name per row of issues."""

    scenario: Scenario
    journal: Journal
    who: tuple[str, ...]
    unit: int = MINUTE

    # -- the log ------------------------------------------------------------------------------------------
    @property
    def log(self) -> list[str]:
        """One line per contact, in the order in which they came to be."""
        return [self._line(row) for row in range(len(self.journal.contacts))]

    @property
    def ends(self) -> dict[str, str]:
        """How each issue ended: `solved 5`, or `open`."""
        found = {}
        for name, issue in zip(self.who, self.journal.issues, strict=True):
            state = ISSUE_STATES[issue["state"]]
            assert (state == "open") == (issue["ended"] == NEVER)
            found[name] = state if state == "open" else f"{state} {self._clock(issue['ended'])}"
        return found

    @property
    def end(self) -> str:
        """The horizon."""
        return self._clock(self.journal.end)

    def day(self, agent: str) -> list[str]:
        """The spans of an agent's presence that have a length, and the breaks he lost; `as` another team."""
        found = []
        for span in self.journal.presence:
            what = SPANS[span["what"]]
            if self.agents[span["agent"]] != agent or (span["begin"] == span["end"] and what != "break_lost"):
                continue
            at = self._clock(span["begin"]) + ("" if what == "break_lost" else f"-{self._clock(span['end'])}")
            moved = span["team"] != agents(self.scenario)[span["agent"]].team
            found.append(f"{_SPANS[what]} {at}" + (f" as {self.scenario.teams[span['team']].name}" if moved else ""))
        return found

    # -- facts --------------------------------------------------------------------------------------------
    @property
    def agents(self) -> list[str]:
        """Short names: the team only where there are several, the number only where the line has several."""
        everybody = agents(self.scenario)
        lines = [(one.team, one.shift) for one in everybody]
        found = []
        for one in everybody:
            parts = one.name.split("/")
            several = lines.count((one.team, one.shift)) > 1
            kept = parts if several else parts[:-1]
            found.append("/".join(kept[1:] if len(self.scenario.teams) == 1 and len(kept) > 1 else kept))
        return found

    def contacts(self, who: str) -> list[Any]:
        """The contacts of an issue, first to last."""
        return [one for one in self.journal.contacts if self.who[one["issue"]] == who]

    def stretches(self, contact: int) -> list[Any]:
        """The stretches of the contact in this row of contacts, first to last."""
        return list(self.journal.touches[self.journal.touches["contact"] == contact])

    def work(self, who: str) -> list[int]:
        """Ticks of talk and wrap-up of every touch of an issue that was worked to its end."""
        found = []
        for row, one in enumerate(self.journal.contacts):
            if self.who[one["issue"]] == who:
                parts = self.stretches(row)
                if parts and ENDINGS[parts[-1]["how"]] == "worked":
                    found.append(int(sum(part["ended"] - part["started"] for part in parts)))
        return found

    def minutes(self, ticks: Any) -> Any:
        """Ticks as (whole or broken) minutes."""
        return np.asarray(ticks) / MINUTE

    # -- words --------------------------------------------------------------------------------------------
    def _line(self, row: int) -> str:
        contact = self.journal.contacts[row]
        parts = self.stretches(row)
        self._check(contact, parts)
        channel = self.scenario.channels[contact["channel"]].name
        kind = CONTACT_KINDS[contact["kind"]]
        by = f" {'to' if kind == 'switch' else 'by'} {channel}" if len(self.scenario.channels) > 1 else ""
        head = f"{self.who[contact['issue']]}{_KINDS[kind]}{by} at {self._clock(contact['created'])}"
        words = [self._stretch(part) for part in parts if part["agent"] >= 0]
        return f"{head}: " + ", ".join([*words, *self._outcome(contact, parts)])

    def _stretch(self, part: Any) -> str:
        several = (f" ({part['in_hand']} in hand)" if part["in_hand"] > 1 else "") + self._starved(part)
        words = f"{self.agents[part['agent']]} {self._clock(part['started'])}-"
        if how := _LAID_ASIDE.get(ENDINGS[part["how"]]):
            left = f"({self._clock(self._alone(part))} left)"
            return f"{words}{self._clock(part['ended'])} {how} {left}{self._starved(part)}"
        if part["talk_ended"] == NEVER:
            return words + several
        words += self._clock(part["talk_ended"])
        if part["ended"] != part["talk_ended"]:
            words += " wrap " + (self._clock(part["ended"]) if part["ended"] < NEVER else "on")
        return words + several

    def _starved(self, part: Any) -> str:
        return f" (starved {part['starved']})" if part["starved"] else ""

    def _alone(self, part: Any) -> int:
        """Ticks that what is left of a talk would take with nothing else in hand."""
        channel = self.scenario.channels[self.journal.contacts[part["contact"]]["channel"]]
        whole, odd = divmod(int(part["remaining"]), channel.speeds[0] if channel.speeds else 1)
        assert not odd, "tell a story in which whole ticks are left"
        return whole

    def _outcome(self, contact: Any, parts: Sequence[Any]) -> list[str]:
        outcome = OUTCOMES[contact["outcome"]]
        waited = self._starved(parts[-1]) if parts and parts[-1]["agent"] < 0 else ""
        if outcome == "open":
            return ["waits" + waited] if parts[-1]["agent"] < 0 else []
        if outcome in ("abandoned", "disconnected", "withdrew", "timed_out"):
            return [f"{outcome.replace('_', ' ')} {self._clock(contact['left'])}{waited}"]
        return [outcome]

    def _check(self, contact: Any, parts: Sequence[Any]) -> None:
        """What the columns say twice must agree."""
        outcome = OUTCOMES[contact["outcome"]]
        started = [part["started"] for part in parts if part["agent"] >= 0]
        assert contact["answered"] == (started[0] if started else NEVER)
        if outcome in ("busy", "closed"):
            assert not parts
            assert contact["row"] == -1
            assert contact["left"] == max(contact["created"], 0)
            return
        assert parts
        last = parts[-1]
        if outcome == "open":
            assert contact["left"] == NEVER
        elif outcome in ("solved", "unresolved"):
            assert contact["left"] == last["talk_ended"]
        else:
            assert contact["left"] == last["ended"]
            assert ENDINGS[last["how"]] == outcome

    def _clock(self, tick: int) -> str:
        """Minutes (units), exactly; odd ticks are said apart."""
        if tick >= NEVER:
            return "never"
        thousandths, odd = divmod(int(tick) * 1000, self.unit)
        whole, part = divmod(abs(thousandths), 1000)
        sign = "-" if thousandths < 0 else ""
        decimals = f".{part:03d}".rstrip("0") if part else ""
        return f"{sign}{whole}{decimals}" + (f"+{odd // 1000} us" if odd else "")


def told(
    scenario: str,
    rows: str = "",
    who: Sequence[str] = (),
    *,
    changes: dict[str, str] | None = None,
    seed: int = 1,
    time: str = "min",
    unit: int = MINUTE,
    files: dict[str, str] | None = None,
    policy: Policy | None = None,
) -> Story:
    """Play a scenario (keys of `_HEADER` may be left out) with the rows of a trace, times in `time`.

    `who` names the issues where they do not come from the table; `files` are texts that lie beside the scenario.
    The audit must be clean as well.
    """
    text, header = dedent(scenario), "".join(f"{key}: {value}\n" for key, value in _HEADER.items())
    header = "".join(line + "\n" for line in header.splitlines() if f"\n{line.split(':')[0]}:" not in f"\n{text}")
    with tempfile.TemporaryDirectory() as folder:
        names: Sequence[str] = who
        for name, lines in (files or {}).items():
            (Path(folder) / name).write_text(dedent(lines).lstrip())
        if rows:
            written = _write(rows, Path(folder) / "rows.csv", time)
            names = who or written
            text += "" if "demand:" in text else "\ndemand: {calls: {trace: rows.csv}}\n"
        loaded = load_text(header + text, "story.yaml", folder, changes or {})
    layout = Layout(loaded, policy)
    journal = play(layout, seed, 0)
    assert heap.play(layout, seed, 0).xxh128() == journal.xxh128(), "the compiled clock tells it otherwise"
    if policy is not None:
        plain = Layout(loaded, Policy(policy.function, policy.inside_queues, is_compiled=False))
        assert play(plain, seed, 0).xxh128() == journal.xxh128(), "plain Python decides otherwise"
    faults = audit(journal, loaded, policy)
    assert not faults, faults
    return Story(loaded, journal, _named(journal, names), unit)


def _named(journal: Journal, names: Sequence[str]) -> tuple[str, ...]:
    """A name for every issue: the given ones, then numbers, and `filler n` for the pieces of filler behind them."""
    filler = set(journal.contacts["issue"][journal.contacts["kind"] == CONTACT_KINDS.index("filler")])
    others = len(journal.issues) - len(filler)
    assert filler == set(range(others, len(journal.issues))), "filler stands behind all other issues"
    given = [*names, *(str(n + 1) for n in range(len(names), others))][:others]
    return (*given, *(f"filler {n + 1}" for n in range(len(filler))))


def _write(rows: str, file: Path, time: str) -> list[str]:
    """The table as a trace; the names in its first column."""
    lines = [line.split() for line in rows.strip().splitlines()]
    columns = [f"{name}_{time}" if name in _MEASURED else name for name in lines[0]]
    assert columns[0] == "who"
    cells = [[*line, *["."] * (len(columns) - len(line))] for line in lines[1:]]
    body = [",".join("" if cell == "." else cell for cell in line[1:]) for line in cells]
    file.write_text("\n".join([",".join(columns[1:]), *body]) + "\n")
    return [line[0] for line in cells]
