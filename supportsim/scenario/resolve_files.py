"""The CSV files a scenario names: found beside it, their faults noted with its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.model import Cells, Law, Profile, Stream, Times, Trace
from supportsim.scenario.nodes import Text
from supportsim.scenario.resolve_tree import inside
from supportsim.scenario.schema import Stream as HumanStream
from supportsim.scenario.schema_base import BAD, Reading, solid

if TYPE_CHECKING:
    from supportsim.scenario.csv_text import Own
    from supportsim.scenario.resolve_names import Desk
    from supportsim.scenario.timeline import Timeline

T = TypeVar("T")


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
        from supportsim.scenario.csv_profile import read_profile

        for name, node in self.desk.human.profiles.items():
            with self.desk.passing():
                found = self._read(
                    node,
                    lambda path, file, name=name: read_profile(path, file, self.desk.reading.faults, name),
                )
                self.profiles[name] = found
        return tuple(self.profiles.values())

    def forecast(self, each: HumanStream, stream: Stream) -> Cells:
        """The cells of a forecast."""
        from supportsim.scenario.csv_forecast import read_forecast

        assert each.forecast is not None
        days, known = self._days(stream), self._known()
        return self._read(
            each.forecast,
            lambda path, file: read_forecast(
                path,
                file,
                self.desk.reading.faults,
                days=days,
                gaps_zero=each.gaps is not None,
                own=self._own(each),
                known=known,
            ),
        )

    def daily(self, each: HumanStream, stream: Stream) -> Cells:
        """Totals of days spread by a profile."""
        from supportsim.scenario.csv_forecast import read_daily

        assert each.daily is not None
        if each.profile not in self.profiles:
            return BAD  # type: ignore[no-any-return]
        profile, days, known = self.profiles[each.profile], self._days(stream), self._known()
        return self._read(
            each.daily,
            lambda path, file: read_daily(
                path,
                file,
                self.desk.reading.faults,
                profile,
                days=days,
                gaps_zero=each.gaps is not None,
                own=self._own(each),
                known=known,
            ),
        )

    def trace(self, each: HumanStream, stream: Stream) -> Trace:
        """Exact rows."""
        from supportsim.scenario.csv_trace import read_trace

        assert each.trace is not None
        timeline = self.timeline
        known = self._known()
        own = self._own(each, known)
        return self._read(
            each.trace,
            lambda path, file: read_trace(
                path,
                file,
                self.desk.reading.faults,
                timeline=timeline,
                zone=stream.zone,
                segments=known["segment"],
                topics=known["topic"],
                channels=known["channel"],
                own=own,
            ),
        )

    def required(self, node: Text) -> tuple[tuple[int, float], ...]:
        """Rows (tick since counted start, heads), drawn beside the results."""
        from supportsim.scenario.csv_beside import read_required

        timeline = self.timeline
        found: tuple[tuple[int, float], ...] = solid(
            self._read(node, lambda path, file: read_required(path, file, self.desk.reading.faults, timeline))
        )
        return found

    def actuals(self, node: Text) -> Any:
        """(header, rows of text), drawn beside the results."""
        from supportsim.scenario.csv_beside import read_actuals

        return solid(self._read(node, lambda path, file: read_actuals(path, file, self.desk.reading.faults)))

    def _known(self) -> dict[str, list[str]]:
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
        assert self.times is not None
        until = timeline.end if self.times.run_out_demand else timeline.counted_to
        return [day for day, midnight in timeline.days(stream.zone) if midnight < until]

    def _read(self, node: Text, read: Callable[[Path, str], Any]) -> Any:
        return read_through(node, self.desk.reading, read, self.desk.notes)


def read_through(
    node: Text, reading: Reading, read: Callable[[Path, str], Any], notes: list[str] | None = None
) -> Any:
    """What `read(path, shown name)` finds in the file a text names; BAD if it has faults."""
    folder = node.place.folder
    path = inside(node, folder) if folder is not None else None
    if path is None:
        reading.wrong(node, "a file in the folder of this one, or below it")
        return BAD
    if not path.is_file():
        what = "there is no such file" if not path.exists() else "it is no plain file"
        reading.wrong(node, "a CSV file, named relative to this file", _near(path) or what)
        return BAD
    count = len(reading.faults)
    shown = str(Path(node.place.file).parent / node) if not node.place.file.startswith("--") else str(node)
    try:
        found = read(path, shown)
    except ConfigError as error:
        reading.faults.extend(error.faults)
        return BAD
    except OSError as error:
        reading.wrong(node, "a file that can be read", (error.strerror or "").lower())
        return BAD
    if notes is not None:
        notes.extend(found.notes)
    if len(reading.faults) == count and found.value is not None:
        return found.value
    return BAD


def _near(path: Path) -> str:
    from supportsim.scenario.errors import nearest

    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_file())
    except OSError:
        return ""
    hint = nearest(path.name, names)
    return hint if hint.startswith("did") else ""


def read_curve(node: Text, reading: Reading, tail_mean: int | None) -> Law:
    """The empirical law of a survival curve."""
    from supportsim.scenario.csv_profile import read_curve as read

    found: Law = read_through(node, reading, lambda path, file: read(path, file, reading.faults, tail_mean))
    return found
