"""People on the first page: each customer once, by hand."""

from __future__ import annotations

from pathlib import Path

import supportsim
from supportsim.show.report.people import people
from supportsim.study.compare import compare

# Three callers at 9:00, 9:01 and 9:02, two of them premium; four minutes each.  One agent: waits of 0, 3 and 6 minutes.
CALLS = "at_min,segment,handle_min,patience_min\n540,premium,4,never\n541,premium,4,never\n542,free,4,never\n"
DESK = """
name: one
start: 2026-03-02
length: 1 day
segments: {premium: {}, free: {}}
channels: {phone: {kind: live, handle_time: 4 min, patience: never}}
demand: {calls: {channel: phone, trace: calls.csv}}
promises:
  gold: {of: premium phone, answer: 60 s, share: 80%, judged: daily}
  all_calls: {of: phone, answer: 60 s, share: 80%, judged: daily}
teams: {desk: {serves: [phone], shifts: {day: {days: mon-fri, hours: 08:00-10:00, agents: 1}}}}
"""


def test_customers_are_counted_by_segment_and_option(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(CALLS)
    one, two = (
        supportsim.load_text(DESK, folder=tmp_path, changes={"teams.desk.shifts.day.agents": n, "name": name})
        for n, name in (("1", "one"), ("2", "two"))
    )
    table = people(compare([one, two], replications=2))
    assert table is not None
    assert [heading.name for heading in table.headings] == ["who", "what", "one", "two"]
    assert table.rows == [
        ["premium", "customers with an issue", "2.0", "2.0 (same)"],
        ["premium", "gold not kept to them, at least once", "1.0", "0.0 (−1.0)"],
        ["premium", "all_calls not kept to them on phone, at least once", "1.0", "0.0 (−1.0)"],
        ["premium", "customers with an issue never answered", "0.0", "0.0 (same)"],
        ["premium", "issues solved at the first try", "2.0", "2.0 (same)"],
        ["free", "customers with an issue", "1.0", "1.0 (same)"],
        ["free", "all_calls not kept to them on phone, at least once", "1.0", "1.0 (same)"],
        ["free", "customers with an issue never answered", "0.0", "0.0 (same)"],
        ["free", "issues solved at the first try", "1.0", "1.0 (same)"],
    ]
    assert "An anonymous customer is another one with every issue." in table.note
