"""The CSV files a scenario names: found beside it, their faults noted with its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.scenario.errors import nearest
from supportsim.scenario.model import Cells, Law, Profile, Stream, Times, Trace
from supportsim.scenario.nodes import Text
from supportsim.scenario.resolve_tree import inside
from supportsim.scenario.schema import Stream as HumanStream
from supportsim.scenario.schema_base import BAD, Hole, Reading, solid

if TYPE_CHECKING:
    from supportsim.scenario.csv_text import Own
    from supportsim.scenario.resolve_names import Desk
    from supportsim.scenario.timeline import Timeline

#: a reader of CSV: (path, shown name, faults, what it needs) -> what the file holds, and warnings
Read = Callable[..., Any]


class Files:
    """Reads the files of one scenario."""

    def __init__(self, desk: Desk, times: Times | None) -> None:
        self.desk = desk
        self.times = times
        self._timeline: Timeline | None = None
        self.profiles: dict[str, Profile] = {}

    @property
    def timeline(self) -> Timeline:
        """The timeline of the scenario; BAD where its times could not be read."""
        from supportsim.scenario.timeline import Timeline

        if self.times is None:
            return BAD  # type: ignore[no-any-return]
        if self._timeline is None:
            self._timeline = Timeline(self.times)
        return self._timeline

    def all_profiles(self) -> tuple[Profile, ...]:
        """Every profile of the scenario."""
        if not self.desk.human.profiles:
            return ()  # without a CSV file nothing is loaded that reads one
        from supportsim.scenario.csv_profile import read_profile

        for name, node in self.desk.human.profiles.items():
            with self.desk.passing():
                self.profiles[name] = self._read(node, read_profile, name)
        return tuple(self.profiles.values())

    def forecast(self, each: HumanStream, stream: Stream) -> Cells:
        """The cells of a forecast."""
        from supportsim.scenario.csv_forecast import read_forecast

        cells: Cells = self._read(each.forecast, read_forecast, **self._of_cells(each, stream))
        return cells

    def daily(self, each: HumanStream, stream: Stream) -> Cells:
        """Totals of days spread by a profile."""
        from supportsim.scenario.csv_forecast import read_daily

        profile = self.profiles.get(each.profile or "", BAD)
        cells: Cells = self._read(each.daily, read_daily, solid(profile), **self._of_cells(each, stream))
        return cells

    def trace(self, each: HumanStream, stream: Stream) -> Trace:
        """Exact rows."""
        from supportsim.scenario.csv_trace import read_trace

        known = self._known()
        trace: Trace = self._read(
            each.trace,
            read_trace,
            timeline=self.timeline,
            zone=stream.zone,
            segments=known["segment"],
            topics=known["topic"],
            channels=known["channel"],
            own=self._own(each, known),
        )
        return trace

    def heads(self, node: Text, team: str, zone_name: str) -> tuple[tuple[int, int], ...]:
        """(tick since the counted start, heads from then on) of a team."""
        from supportsim.scenario.csv_heads import Roster, read_heads

        if "team" in self.desk.lost:
            raise Hole
        roster = Roster(team, self.desk.of_kind("team"), solid(self.timeline), solid(zone_name))
        found: tuple[tuple[int, int], ...] = solid(self._read(node, read_heads, roster))
        return found

    def required(self, node: Text) -> tuple[tuple[int, float], ...]:
        """Rows (tick since counted start, heads), drawn beside the results."""
        from supportsim.scenario.csv_beside import read_required

        found: tuple[tuple[int, float], ...] = solid(self._read(node, read_required, self.timeline))
        return found

    def actuals(self, node: Text) -> Any:
        """(header, rows of text), drawn beside the results."""
        from supportsim.scenario.csv_beside import read_actuals

        return solid(self._read(node, read_actuals))

    def _of_cells(self, each: HumanStream, stream: Stream) -> dict[str, Any]:
        """What the readers of expected counts need to know."""
        return {
            "days": self._days(stream),
            "start": solid(self.times).start,
            "gaps_zero": each.gaps is not None,
            "own": self._own(each),
            "known": self._known(),
        }

    def _known(self) -> dict[str, list[str]]:
        """The names that columns may hold; Hole where some of them could not be read."""
        if self.desk.lost.intersection(("channel", "segment", "topic")):
            raise Hole
        return {kind: self.desk.of_kind(kind) for kind in ("channel", "segment", "topic")}

    def _own(self, each: HumanStream, known: dict[str, list[str]] | None = None) -> Own:
        """What the stream says of itself; where it must be complete, with the only names there are."""
        from supportsim.scenario.csv_text import Own

        found: dict[str, Any] = {}
        for kind in ("channel", "segment", "topic"):
            value = getattr(each, kind)
            if known is not None and value is None and kind != "channel" and len(known[kind]) == 1:
                value = known[kind][0]
            if known is not None and value is not None and value not in known[kind]:
                return BAD  # type: ignore[no-any-return]
            found[kind] = None if value is None else str(value)
        return Own(**found)

    def _days(self, stream: Stream) -> Sequence[date]:
        """The dates in the stream's zone on which its demand is played."""
        timeline = self.timeline
        if self.times is None:
            raise Hole
        until = timeline.end if self.times.run_out_demand else timeline.counted_to
        return [day for day, midnight in timeline.days(stream.zone) if midnight < until]

    def _read(self, node: Text | None, read: Read, *args: Any, **more: Any) -> Any:
        found = None if node is None else read_through(node, self.desk.reading, read, *args, **more)
        if found is None:
            return BAD
        for note in found.notes:
            self.desk.note(note)
        return BAD if found.value is None else found.value


def read_through(node: Text, reading: Reading, read: Read, *args: Any, **more: Any) -> Any:
    """What `read(path, shown name, faults, …)` finds in the file a text names; None if it has faults."""
    folder = node.place.folder
    path = inside(node, folder) if folder is not None else None
    if path is None:
        reading.wrong(node, "a file in the folder of this one, or below it")
        return None
    what = _trouble(path)
    if what:
        reading.wrong(node, "a CSV file, named relative to this file", _near(path) or what)
        return None
    shown = str(node) if node.place.file.startswith("--") else str(Path(node.place.file).parent / node)
    key = None if reading.files is None else _key((read, path, shown, args, more))
    if key is not None and reading.files is not None and key in reading.files:
        return reading.files[key]
    known = len(reading.faults)
    try:
        found = read(path, shown, reading.faults, *args, **more)
    except OSError as error:
        reading.wrong(node, "a file that can be read", (error.strerror or "").lower())
        return None
    if key is not None and reading.files is not None and len(reading.faults) == known:
        reading.files[key] = found
    return found


def _key(value: Any) -> Any:
    """What a reader was asked, as a key of a table: alike where the answer is; None where that cannot be known."""
    try:
        key = _hashable(value)
        hash(key)
    except (TypeError, Hole):
        return None
    return key


def _hashable(value: Any) -> Any:
    if value is BAD:
        raise Hole
    if isinstance(value, dict):
        return tuple((name, _hashable(part)) for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(_hashable(part) for part in value)
    return value.times if type(value).__name__ == "Timeline" else value


def _trouble(path: Path) -> str:
    """Why a path is no file that can be read; empty if it is one."""
    try:
        return "" if path.is_file() else "it is no plain file" if path.exists() else "there is no such file"
    except OSError as error:  # a name too long for any file
        return (error.strerror or "no such file").lower()


def _near(path: Path) -> str:
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_file())
    except OSError:
        return ""
    hint = nearest(path.name, names)
    return hint if hint.startswith("did") else ""


def read_curve(node: Text, reading: Reading, tail_mean: int | None) -> Law:
    """The empirical law of a survival curve; BAD if it has faults."""
    from supportsim.scenario.csv_profile import read_curve as read

    found = read_through(node, reading, read, tail_mean)
    law: Law = BAD if found is None or found.value is None else found.value
    return law
