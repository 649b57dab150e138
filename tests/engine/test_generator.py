"""The generator of nasty scenarios: every one is valid, every flag is frequent, and every two flags meet."""

from __future__ import annotations

import sys
from collections import Counter
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pytest

from supportsim.demand.compiling import PLAIN
from supportsim.engine.journal import CONTACT_KINDS, ENDINGS, ISSUE_STATES, OUTCOMES, SPANS
from supportsim.engine.kernel import play
from supportsim.engine.layout import Layout
from supportsim.scenario.load import load

sys.path.insert(0, str(Path(__file__).parent))
from generator import flags, made
from generator_flags import written
from generator_valid import faults

MANY = 1000
PLAYED = 500

#: Every flag of the resolved scenario, as generator_flags.py names it.
FLAGS = frozenset((
    *(f"policy {name}" for name in ("priority", "fifo", "own_first", "ageing", "deadline", "shortest")),
    "policy value", "policy easiest", "several plans", "asks", "issues of a plan",
    "1 teams", "2 teams", "3 teams", "1 channels", "2 channels", "3 channels", "4 channels",
    "run-out until empty", "run-out with demand", "run-out without demand", "no run-out", "warm-up", "two days",
    "two clocks of day", "customers", "busyness", "volume",
    *(f"stream {name}" for name in ("population", "rate", "forecast", "trace", "backlog", "endless")),
    "returns within", "work from forecast", "plan without steps", "feedback",
    *(f"{kind}, {n} at once" for kind in ("live", "deferred") for n in (1, 2, 3)),
    "live finish", "live put_down", "at shift end finish", "at shift end put_down", "hours", "holidays",
    "closing: serve", "closing: turn_away", "1 lines", "2 lines", "3 lines", "waiting room 0", "waiting room 1",
    *(f"after {name}" for name in ("abandoned", "timed_out", "busy", "closed", "disconnected", "withdrew")),
    "after unresolved", "after solved", "at opening", "one try", "any number of tries",
    "speeds", "last chat", "wait limit", "keeps patience", "interruptible",
    "work by hour", "patience by hour", "resolves by hour",
    "several steps", "pool", "pool of two rules", "delays", "first step later", "delays in no order",
    "bonus", "rate", "rate 0", "never impatient", "wrap up of its own law",
    "law of a team", "resolves of a team", "pace",
    *(f"law {name}" for name in ("uniform", "triangular", "exponential", "lognormal", "weibull", "gamma", "erlang")),
    "law empirical", "law mixture",
    "no agent", "one agent", "several agents", "always present", "shifts", "heads", "heads rise", "heads fall",
    "heads to 0", "pick longest_idle", "pick lowest_id", "pick random", "absence 0%", "absence 50%", "absence 100%",
    "blocks 25%", "blocks 50%", "blocks 100%", "concurrency of a team", "holds", "drains", "works as", "off the desk",
    "shift past midnight", "weeks", "shift from", "shift until", "off days", "break at a time", "break spread",
    "promise answer", "promise first_reply", "penalty", "thinned", "taken away", "filler taken away",
))  # fmt: skip

#: Everything that has to happen in at least one of two hundred of them.  (126 flags spread what happens over more
#: kinds of scenarios than 40 did; the flags themselves are kept at one in a hundred above.)
HAPPENS = frozenset((
    *(f"outcome {name}" for name in OUTCOMES), *(f"ended {name}" for name in ENDINGS),
    *(f"kind {name}" for name in CONTACT_KINDS), *(f"state {name}" for name in ISSUE_STATES),
    *(f"span {name}" for name in SPANS), "in hand 1", "in hand 2", "in hand 3",
    "work of length zero", "work of a fraction of a minute", "wrap-up", "wrap-up only", "waited, then served",
    "left at the tick of joining", "in talk at the horizon", "in wrap-up at the horizon", "waits at the horizon",
    "resumed", "resumed by another", "laid aside with several in hand", "starved", "works for another team",
    "filler after play has begun", "filler laid aside", "begins before play", "absent right after a shift",
    "overtime into the next shift", "two contacts at one tick", "one ends as another comes",
    "served as his patience ends", "served as his wait limit ends", "served as a delay passes",
    "wait limit and patience end together", "patience ends at the horizon", "a span and a touch end together",
    "talk ends with the span of its agent", "shift ends at the horizon", "gone when it arises",
    "gone when it is due again",
))  # fmt: skip

#: The rules that the whole desk has and a plain one has not.
WHOLE_DESK = frozenset((
    "policy ageing", "bonus", "rate", "speeds", "last chat", "wait limit", "keeps patience", "interruptible",
    "work by hour", "patience by hour", "law of a team", "pace", "concurrency of a team", "pick random",
    "live put_down", "stream endless", "heads", "heads rise", "heads fall", "works as", "off the desk", "weeks",
    "shift from", "shift until", "several steps", "pool", "delays", "holds", "drains",
))  # fmt: skip

#: Of each group only one at a time.
EITHER = (
    tuple(name for name in sorted(FLAGS) if name.startswith("policy ")),
    ("1 teams", "2 teams", "3 teams"),
    ("1 channels", "2 channels", "3 channels", "4 channels"),
    ("no run-out", "run-out with demand", "run-out without demand"),
    ("no run-out", "run-out until empty"),
    *((one, f"policy {name}") for one in ("bonus", "rate", "rate 0")
      for name in ("priority", "fifo", "own_first", "deadline", "value", "easiest", "shortest")),
    *(("1 teams", many) for many in ("several steps", "pool", "pool of two rules", "delays in no order", "works as")),
    *(("work from forecast", f"stream {kind}") for kind in ("population", "rate", "backlog")),
    ("work from forecast", "wrap up of its own law"),
)  # fmt: skip


@lru_cache(maxsize=1)
def used() -> tuple[frozenset[str], ...]:
    """Flags of each of the first scenarios."""
    return tuple(flags(made(number)) for number in range(MANY))


def able_to_meet() -> set[tuple[str, str]]:
    """Every pair of flags that one scenario may have."""
    apart = {pair for group in EITHER for pair in combinations(sorted(group), 2)}
    return set(combinations(sorted(FLAGS), 2)) - apart


def test_every_scenario_is_one_that_a_file_could_say() -> None:
    wrong = {number: found for number in range(MANY) if (found := faults(made(number)))}
    assert not wrong


def test_a_number_names_one_scenario() -> None:
    assert [made(number) for number in range(50)] == [made(number) for number in range(50)]
    assert len({repr(made(number)) for number in range(50)}) == 50


def test_every_flag_is_in_one_of_a_hundred() -> None:
    counted = Counter(name for each in used() for name in each)
    assert set(counted) == FLAGS
    assert not {name: count for name, count in counted.items() if count < MANY / 100}


def test_the_benchmark_of_the_whole_desk_has_every_rule_of_it() -> None:
    """What its title says; of choices (policies, ways to pick) it has one."""
    whole = load(Path(__file__).parents[2] / "benchmarks" / "w2_all.yaml")
    assert not WHOLE_DESK - set(written(whole))


def test_every_two_flags_meet() -> None:
    """All pairs but those that cannot, and a few that need more than a thousand scenarios (below: ten thousand)."""
    met = {pair for each in used() for pair in combinations(sorted(each), 2)}
    able = able_to_meet()
    assert len(able) > 7500
    assert not met - able
    assert len(met) >= 0.995 * len(able), f"{len(met)} of {len(able)} pairs met; not {sorted(able - met)}"


@pytest.mark.skipif(PLAIN, reason="without compiling the engine takes a minute for it")
def test_everything_happens_and_the_scenarios_are_small() -> None:
    counted: Counter[str] = Counter()
    sizes: list[int] = []
    for number in range(PLAYED):
        scenario = made(number)
        journal = play(Layout(scenario), 1, 1)
        counted.update(flags(scenario, journal))
        sizes.append(len(journal.contacts))
    assert not {name: counted[name] for name in HAPPENS if counted[name] < PLAYED / 200}
    # up to four channels, filler and chats by the dozen: every fifth may be longer, few much longer
    assert sum(size <= 40 for size in sizes) >= 0.8 * PLAYED
    assert sum(size <= 100 for size in sizes) >= 0.97 * PLAYED


@pytest.mark.slow
def test_every_two_flags_meet_in_one_of_two_thousand() -> None:
    many = 10_000
    met = Counter(pair for number in range(many) for pair in combinations(sorted(flags(made(number))), 2))
    assert not {pair for pair in able_to_meet() if met[pair] < many / 2000}
