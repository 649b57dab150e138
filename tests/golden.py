"""Small stored results of every shipped scenario: `make golden` plays them and writes them again, on purpose.

They are no truth (the exact results are in `supportsim verify`): they say that nothing has changed unnoticed.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "golden"
SCENARIOS = sorted((ROOT / "configs").rglob("*.yaml"))
REPLICATIONS, SEED, DIGITS = 2, 1, 10
#: What is stored, of everybody, of each channel, of each team, of each promise.
OF_CONTACTS = (
    "contacts", "answered", "abandoned", "blocked", "turned_away", "served_wait_mean", "wait_p95", "redials_share",
    "repeats_share", "aht", "starved", "fillers", "issues", "solved_share", "gave_up_share", "people", "queue_length",
)  # fmt: skip
OF_TEAMS = ("occupancy", "present_agents", "rostered_hours", "overtime_hours", "paid_hours", "pay", "lost_breaks")
OF_PROMISES = ("kept_share", "periods_kept_share", "breaches", "penalty", "not_yet_due", "people_broken")


def place(scenario: Path) -> Path:
    """Where the result of a scenario is stored."""
    return FOLDER / f"{'-'.join(scenario.relative_to(ROOT).with_suffix('').parts)}.csv"


def played(scenario: Path) -> str:
    """selector, measure, mean of two replications."""
    from supportsim.scenario.load import load
    from supportsim.study.run import run

    found = run(load(scenario), REPLICATIONS, SEED)
    names = {
        **dict.fromkeys(("all", *(channel.name for channel in found.scenario.channels)), OF_CONTACTS),
        **{team.name: OF_TEAMS for team in found.scenario.teams},
        **{promise.name: OF_PROMISES for promise in found.scenario.promises},
    }
    lines = ["selector,measure,mean"]
    for selector, measures in names.items():
        for measure in measures:
            value = float(found.rows[:, found.yardstick.places[selector, measure], 2].mean())
            lines.append(f"{selector},{measure},{'' if math.isnan(value) else f'{value:.{DIGITS}g}'}")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write all of them; say which have changed."""
    FOLDER.mkdir(exist_ok=True)
    wanted = {place(scenario): scenario for scenario in SCENARIOS}
    for stale in set(FOLDER.glob("*.csv")) - wanted.keys():
        stale.unlink()
        print(f"gone: {stale.relative_to(ROOT)}")
    for file, scenario in wanted.items():
        new = played(scenario)
        old = file.read_text(encoding="utf-8") if file.exists() else None
        file.write_text(new, encoding="utf-8", newline="\n")
        if old != new:
            print(f"{'new' if old is None else 'changed'}: {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
