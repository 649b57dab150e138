"""supportsim: a discrete-event simulator of support operations.

    import supportsim
    scenario = supportsim.load("monday.yaml")
    result = supportsim.run(scenario, replications=30, seed=1)
    print(result.summary)

Names are loaded when they are first used, so importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from supportsim import erlang as erlang
    from supportsim.engine.audit import audit as audit
    from supportsim.engine.clocks import play as play
    from supportsim.engine.journal import Journal as Journal
    from supportsim.engine.layout import Layout as Layout
    from supportsim.engine.policy import Policy as Policy
    from supportsim.engine.policy import PolicyError as PolicyError
    from supportsim.engine.policy import PolicyWarning as PolicyWarning
    from supportsim.engine.policy import policy as policy
    from supportsim.scenario.errors import ConfigError as ConfigError
    from supportsim.scenario.load import load as load
    from supportsim.scenario.load import load_text as load_text
    from supportsim.scenario.load import resolved as resolved
    from supportsim.scenario.load import scenario_hash as scenario_hash
    from supportsim.scenario.model import Scenario as Scenario
    from supportsim.study.bridge import bridge as bridge
    from supportsim.study.compare import compare as compare
    from supportsim.study.comparison import Comparison as Comparison
    from supportsim.study.crowded_out import CrowdedOut as CrowdedOut
    from supportsim.study.crowded_out import without as without
    from supportsim.study.feedback import Months as Months
    from supportsim.study.feedback import months as months
    from supportsim.study.ladder import Ladder as Ladder
    from supportsim.study.ladder import ladder as ladder
    from supportsim.study.required_search import required as required
    from supportsim.study.result import Result as Result
    from supportsim.study.result import write as write
    from supportsim.study.run import run as run
    from supportsim.study.sensitivity import Sensitivity as Sensitivity
    from supportsim.study.sensitivity import sensitivity as sensitivity
    from supportsim.study.study import Study as Study
    from supportsim.study.study import StudyResult as StudyResult

#: name -> the module it lives in
_HOMES = {
    "Comparison": "study.comparison",
    "CrowdedOut": "study.crowded_out",
    "ConfigError": "scenario.errors",
    "Journal": "engine.journal",
    "Ladder": "study.ladder",
    "Layout": "engine.layout",
    "Months": "study.feedback",
    "Policy": "engine.policy",
    "PolicyError": "engine.policy",
    "PolicyWarning": "engine.policy",
    "Result": "study.result",
    "Scenario": "scenario.model",
    "Sensitivity": "study.sensitivity",
    "Study": "study.study",
    "StudyResult": "study.study",
    "audit": "engine.audit",
    "bridge": "study.bridge",
    "compare": "study.compare",
    "ladder": "study.ladder",
    "load": "scenario.load",
    "load_text": "scenario.load",
    "months": "study.feedback",
    "play": "engine.clocks",
    "policy": "engine.policy",
    "required": "study.required_search",
    "resolved": "scenario.load",
    "run": "study.run",
    "scenario_hash": "scenario.load",
    "sensitivity": "study.sensitivity",
    "without": "study.crowded_out",
    "write": "study.result",
}

#: Modules of the package's own that are names of it, too.
_MODULES = ("erlang",)

__all__ = ["__version__", *_MODULES, *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Import the home of `name` on first use."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES) | set(_MODULES))
