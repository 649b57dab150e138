"""What a run may be asked for: one set of limits for the command line and for Python, and words for what is none."""

from __future__ import annotations

import os
from operator import index
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supportsim.engine.policy import Policy
    from supportsim.scenario.model import Scenario

MOST_REPLICATIONS = 1_000_000
MOST_JOBS = 1024
LARGEST_SEED = 2**63 - 1


def cores() -> int:
    """The cores this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def whole(name: str, value: Any, lowest: int, highest: int, other: str = "") -> int:
    """`value` as an int.  Raises TypeError where it is no whole number (True is none), ValueError out of range."""
    rule = f"{name}: got {value!r}; expected a whole number {lowest} to {highest}{other}"
    try:
        number = index(value)
    except TypeError:
        raise TypeError(rule) from None
    if isinstance(value, bool):
        raise TypeError(rule)
    if not lowest <= number <= highest:
        raise ValueError(rule)
    return number


def jobs(value: Any) -> int | None:
    """The number of processes, None for `auto`.  Raises as `whole`; another word is a wrong value, too."""
    if isinstance(value, str):
        if value == "auto":
            return None
        raise ValueError(f"jobs: got {value!r}; expected 'auto' or a whole number 1 to {MOST_JOBS}")
    return whole("jobs", value, 1, MOST_JOBS, " or 'auto'")


def policy(value: Any, must_travel: bool) -> Policy | None:
    """A policy of the user, None for that of the file; `must_travel`: to other processes.

    Raises TypeError for what is none; PolicyError where it cannot travel and must.
    """
    from supportsim.engine.policy import PolicyError, meant

    found = meant(value)
    if found is not None and must_travel and not found.travels:
        raise PolicyError(
            f"policy {found.name!r} cannot be sent to other processes: define it at the top of a module or script, "
            "not inside a function or an interactive session, or use jobs=1"
        )
    return found


def scenario(value: Any) -> Scenario:
    """A scenario that has been read.  Raises TypeError."""
    from supportsim.scenario.model import Scenario

    if not isinstance(value, Scenario):
        hint = f": call load({value!r}) first" if isinstance(value, str) else ""
        raise TypeError(f"scenario: got {value!r:.80}; expected a Scenario, as load() gives{hint}")
    return value
