"""Policies of the user: whichever clock plays, whatever compiles them, the journal is the same; who decides is told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from supportsim.demand.compiling import PLAIN
from supportsim.engine import kernel, operation
from supportsim.engine.audit import audit
from supportsim.engine.layout import Layout
from supportsim.engine.policy import Policy
from supportsim.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parent))
from generator import made
from journals_compared import difference
from naive_desk import naive
from own_policies import OWN, all_alike, as_the_file_ranks, by_class, everything, grows_with_the_wait

MANY, BLOCK = (20, 10) if PLAIN else (100, 50)
#: The others in `make verify`.
MORE = [pytest.param(first, marks=pytest.mark.slow) for first in range(MANY, MANY + 200, 50)]
#: Policies that the naive desk can play: it has no column for each that one of them looks at.
NAIVE = [own for own in OWN if own is not everything]
RESTATED = {"priority": by_class, "fifo": all_alike, "own_first": as_the_file_ranks, "ageing": grows_with_the_wait}


def in_plain_python(policy: Policy) -> Policy:
    return Policy(policy.function, policy.inside_queues, is_compiled=False)


def own_differs(scenario: Scenario, policy: Policy) -> str | None:
    """What is wrong with a scenario under a policy: clocks that differ, plain Python that differs, an unclean audit."""
    journal = kernel.play(Layout(scenario, policy), 1, 1)
    for name, other in (("SimPy's clock", policy), ("plain Python", in_plain_python(policy))):
        read = operation.play(Layout(scenario, other), 1, 1)
        if read.xxh128() != journal.xxh128():
            return f"{name}: {difference(read, journal)}"
    faults = audit(journal, scenario, policy)
    return f"the audit: {faults[:2]}" if faults else None


@pytest.mark.parametrize("first", [*range(0, MANY, BLOCK), *MORE])
def test_both_clocks_plain_python_and_the_audit_agree_under_every_policy(first: int) -> None:
    wrong = []
    for number in range(first, first + BLOCK):
        for policy in (everything, OWN[number % len(OWN)]):
            if found := own_differs(made(number), policy):
                wrong.append(f"made({number}), {policy.name}: {found}")
    assert not wrong, "\n".join(wrong[:3])


@pytest.mark.parametrize("first", range(5_000, 5_000 + MANY, BLOCK))
def test_the_naive_desk_plays_the_same(first: int) -> None:
    wrong = []
    for number in range(first, first + BLOCK):
        policy, scenario = NAIVE[number % len(NAIVE)], made(number)
        engine = kernel.play(Layout(scenario, policy), 1, 1)
        if found := difference(engine, naive(scenario, 1, 1, policy)):
            wrong.append(f"made({number}), {policy.name}: {found}")
    assert not wrong, "\n".join(wrong[:3])


@pytest.mark.parametrize("inside_queues", [True, False])
@pytest.mark.parametrize("name", RESTATED)
def test_a_policy_of_the_table_said_again_leaves_the_same_bytes(name: str, inside_queues: bool) -> None:
    from dataclasses import replace

    said_again = Policy(RESTATED[name].function, inside_queues)
    for number in range(8_000, 8_000 + (10 if PLAIN else 60)):
        scenario = replace(made(number), policy=name)
        ours = kernel.play(Layout(scenario, said_again), 1, 1).xxh128()
        assert ours == kernel.play(Layout(scenario), 1, 1).xxh128(), number


@pytest.mark.skipif(PLAIN, reason="played with compiled rules in seconds, without in minutes")
def test_policies_decide_something() -> None:
    """Else the tests above would say nothing."""
    found: dict[str, int] = dict.fromkeys((own.name for own in OWN), 0)
    for number in range(40):
        layout = Layout(made(number))
        usual = kernel.play(layout, 1, 1).xxh128()
        for own in (own for own in OWN if not found[own.name]):
            found[own.name] += kernel.play(Layout(made(number), own), 1, 1).xxh128() != usual
    assert min(many for name, many in found.items() if name not in ("as_the_file_ranks", "by_class")) >= 1, found


# ---------------------------------------------------------------- the audit asks again


@pytest.mark.skipif(PLAIN, reason="played with compiled rules in seconds, without in minutes")
def test_the_audit_notices_who_went_first_against_the_policy() -> None:
    def backwards(T: Any, agent: int, touch: int, now: int) -> float:
        return -everything.function(T, agent, touch, now)

    noticed = 0
    for number in range(60):
        journal = kernel.play(Layout(made(number), everything), 1, 1)
        other = Policy(backwards, is_compiled=False)
        noticed += any("order" in fault for fault in audit(journal, made(number), other))
    assert noticed >= 3
