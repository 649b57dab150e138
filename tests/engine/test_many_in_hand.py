"""Events that change the pace of very much work at once: the clock must hear of all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportsim.engine.audit import audit
from supportsim.engine.layout import Layout
from supportsim.engine.operation import play
from supportsim.scenario.load import load_text

CHATS = """
name: crowd
start: 2026-03-02
length: 3 h
channels:
  chat:
    kind: live
    concurrency: {places}
    slow_down: [{factors}]
    handle_time: 40 min
    wrap_up: 10%
demand: {{chats: {{channel: chat, rate: {rate}/h}}}}
teams: {{desk: {{serves: [chat], heads: heads.csv}}}}
"""


@pytest.mark.parametrize(("heads", "places", "rate"), [(60, 8, 600), (1, 100, 120)])
def test_all_heads_come_at_once_and_fill_their_hands(tmp_path: Path, heads: int, places: int, rate: int) -> None:
    (tmp_path / "heads.csv").write_text(f"start,heads\n2026-03-02 00:00,0\n2026-03-02 01:00,{heads}\n")
    factors = ", ".join(f"{1 + n / 100:.2f}" for n in range(places))
    scenario = load_text(CHATS.format(places=places, factors=factors, rate=rate), folder=tmp_path)
    journal = play(Layout(scenario), 1, 1)
    begun = journal.touches["started"] == 3_600_000_000
    assert begun.sum() == min(heads * places, (journal.touches["joined"] <= 3_600_000_000).sum())
    assert journal.touches["in_hand"].max() >= min(places, 80)
    assert audit(journal, scenario) == []
