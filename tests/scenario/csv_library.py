"""How the files of `invalid_csv` are read: one way per word in the column `read as` of its INDEX.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from supportsim.scenario.csv_forecast import read_daily, read_forecast
from supportsim.scenario.csv_heads import Roster, read_heads
from supportsim.scenario.csv_profile import read_curve, read_profile
from supportsim.scenario.csv_text import Own, Reading
from supportsim.scenario.csv_trace import read_trace
from supportsim.scenario.errors import Faults
from supportsim.scenario.model import Profile, Times
from supportsim.scenario.ticks import HOUR
from supportsim.scenario.timeline import Timeline

HERE = Path(__file__).parents[1] / "scenarios" / "invalid_csv"
MONDAY = date(2026, 3, 2)
KNOWN = {"segment": ["free", "gold"], "topic": ["general"], "channel": ["phone", "chat"]}
OWN = Own("phone", "free", "general")
#: half of a day's contacts at 09:00, half at 10:00, Monday to Saturday
WORKDAYS = Profile("workdays", HOUR, tuple(1 / 12 if h % 24 in (9, 10) and h < 144 else 0.0 for h in range(168)))


def timeline(days: int = 1, start: date = MONDAY, zone: str = "Europe/London", **more: int) -> Timeline:
    return Timeline(Times(start=start, zone=zone, length_days=days, length_ticks=0, **more))


DESK = Roster("desk", ("desk", "late"), timeline(), "Europe/London")


def _forecast(path: Path, faults: Faults, own: Own = OWN, **more: Any) -> Reading[Any]:
    return read_forecast(path, path.name, faults, days=[MONDAY], own=own, known=KNOWN, **more)


def _trace(path: Path, faults: Faults) -> Reading[Any]:
    names = {"segments": KNOWN["segment"], "topics": KNOWN["topic"], "channels": KNOWN["channel"]}
    return read_trace(path, path.name, faults, timeline=timeline(), zone="Europe/London", own=OWN, **names)


WAYS: dict[str, Callable[[Path, Faults], Reading[Any]]] = {
    "forecast": _forecast,
    "forecast gaps: zero": lambda path, faults: _forecast(path, faults, gaps_zero=True),
    "forecast by plan": lambda path, faults: _forecast(path, faults, Own(None, "free", "general")),
    "daily": lambda path, faults: read_daily(path, path.name, faults, WORKDAYS, days=[MONDAY], own=OWN),
    "profile": lambda path, faults: read_profile(path, path.name, faults, "workday"),
    "curve": lambda path, faults: read_curve(path, path.name, faults),
    "trace": _trace,
    "heads": lambda path, faults: read_heads(path, path.name, faults, DESK),
}
