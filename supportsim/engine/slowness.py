"""How much slower a plain Python policy plays than the compiled clock would: measured, then said once."""

from __future__ import annotations

import time
import warnings
from typing import Any, NamedTuple

from supportsim.demand.compiling import PLAIN
from supportsim.engine.layout import Layout
from supportsim.engine.policy import Policy, PolicyWarning
from supportsim.engine.ranks import AT_ONCE

#: Seconds that a piece takes on the slower clock: at least, unless the whole of play takes less, and at most.
ENOUGH, TOO_MUCH = 0.3, 1.0
#: Pieces of play that are tried, as parts of the whole.
PARTS = (4096, 1024, 256, 64, 16, 4, 1)
REPEATS = 3


class Slowness(NamedTuple):
    """Contacts per second, and how many contacts that was measured on with the policy."""

    with_policy: float
    compiled: float
    contacts: int


def warn_if_slow(layout: Layout, seed: int, engine: str, stacklevel: int = 3) -> None:
    """A PolicyWarning, once for each policy, where plain Python is what keeps the compiled clock from playing."""
    policy = layout.policy
    if policy is None or policy.is_compiled or policy.is_told or engine != "auto":
        return
    policy.is_told = True
    warnings.warn(_words(policy, layout, seed), PolicyWarning, stacklevel)


def _words(policy: Policy, layout: Layout, seed: int) -> str:
    return (
        f"the policy {policy.name!r} is plain Python, so SimPy's clock plays instead of the compiled one: "
        f"{_how_much(layout, seed)}.  Put @supportsim.policy above the function to have it compiled"
    )


def _how_much(layout: Layout, seed: int) -> str:
    if PLAIN:
        return "how much slower that is cannot be said while nothing is compiled (SUPPORTSIM_PLAIN=1)"
    try:
        found = slowness(layout, seed)
    except Exception as error:  # play itself will raise it, and say where
        return f"how much slower that is could not be measured ({type(error).__name__})"
    if found is None:
        return "how much slower that is could not be measured, because nobody comes"
    times, many = found.compiled / found.with_policy, f"{found.contacts:,} contacts"
    return (
        f"{times:.3g} times slower, measured on {many} of this scenario ({found.with_policy:,.0f} contacts per second "
        f"against {found.compiled:,.0f} with the policy of the file)"
    )


def slowness(layout: Layout, seed: int) -> Slowness | None:
    """Both clocks play the first piece of replication 1 that takes long enough; None where no contact is made.

    Raises what the policy raises.
    """
    end, took, contacts = 0, 0.0, 0
    for part in PARTS:
        took, contacts, end = _read(layout, seed, max(1, layout.timeline.end // part))
        if took >= ENOUGH:
            break
    compiled = Layout(layout.scenario)
    found = [_compiled(compiled, seed, end) for _ in range(REPEATS)]
    if not contacts or not found[0][1]:
        return None
    best, made = min(found)
    return Slowness(contacts / took, made / best, contacts)


class _TooMuch(Exception):  # noqa: N818 - no error
    """The piece has taken long enough; its argument: the tick."""


def _read(layout: Layout, seed: int, end: int) -> tuple[float, int, int]:
    """Seconds, contacts and end of a piece on SimPy's clock; a policy that takes long ends it early."""
    from supportsim.engine.operation import Operation
    from supportsim.engine.stories import Moment

    assert layout.policy is not None
    operation = Operation(Layout(layout.scenario, _limited(layout.policy)), seed, 1)
    operation.over = Moment(operation.clock, end, AT_ONCE)
    begin = time.perf_counter()
    try:
        operation.play()
    except _TooMuch as early:
        end = int(early.args[0]) + 1
    return time.perf_counter() - begin, int(operation.state.tables["world"]["contacts"][0]), end


def _limited(policy: Policy) -> Policy:
    """The same policy until its time is over."""
    until, function = time.perf_counter() + TOO_MUCH, policy.function

    def asked(T: Any, agent: int, touch: int, now: int) -> float:
        if time.perf_counter() > until:
            raise _TooMuch(now)
        return function(T, agent, touch, now)

    return Policy(asked, policy.inside_queues, is_compiled=False)


def _compiled(layout: Layout, seed: int, end: int) -> tuple[float, int]:
    from supportsim.engine.kernel import Kernel

    kernel = Kernel(layout, seed, 1)
    kernel.tables["clock"]["end"] = end
    begin = time.perf_counter()
    journal = kernel.play()
    return time.perf_counter() - begin, len(journal.contacts)
