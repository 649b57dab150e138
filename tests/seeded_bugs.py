"""Faults put into the rules on purpose: each must be noticed by the naive desk or by a story.

Those in the compiled clock, which holds no rule, must be noticed by the other clock: their journals differ.  Those in
what is measured leave the journal as it is: they must be noticed by tests that know another way to the same numbers.

`python tests/seeded_bugs.py` plants one after the other into a copy of the package, plays the copy in plain Python and
says who noticed it, and whether the audit did, too.  It ends with 1 if a fault stays unnoticed or has no verdict.
`python tests/seeded_bugs.py NAME…` plants only these.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from seeded_bug import Bug
from seeded_clock import OF_THE_CLOCK
from seeded_leaving import OF_LEAVING
from seeded_measures import OF_THE_MEASURES

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = 300
RARE = ((102_805, 1),)  # scenarios and replications in which something happens that hundreds do not show
AT_ONCE = int(os.environ.get("AT_ONCE", "2"))
SECONDS = 240
SECONDS_TO_THE_END = 1800  # where nothing is noticed, and of tests, which run long in plain Python


BUGS = (
    Bug("a policy of the user turns no queue round", "choice.py", "T.world[0].key_of_policy == OWN else", "False else"),
    Bug("ties under a user policy go to the last", "choice.py", "is_later(T, best, row))", "is_later(T, row, best))"),
    Bug("starved: nobody asks the policy", "choice.py", "least = ask(T, agent, taken, now)", "least = 0.0"),
    Bug(
        "chat work is not counted before the number in hand grows",
        "hands.py",
        "        count_work(T, agent, now)\n    withhold",
        "    withhold",
    ),
    Bug(
        "ends are not set anew when a chat leaves",
        "hands.py",
        "    _set_ends(T, agent, now)\n    note_loose(T, agent)",
        "    note_loose(T, agent)",
    ),
    Bug("an end is rounded down", "hands.py", "(amount + speed - 1) // speed", "amount // speed"),
    Bug(
        "wrap-up is not slowed",
        "hands.py",
        "            T.contacts[contact].wrap = max(T.contacts[contact].wrap - done, 0)",
        "            pass",
    ),
    Bug(
        "work begins without the wrap-up taken out",
        "work.py",
        "talk = handle - wrap if _is_inside(T, way, given) else handle",
        "talk = handle",
    ),
    Bug(
        "the hour is looked up one row early",
        "work.py",
        "if T.hours[middle].begin <= now:",
        "if T.hours[middle].begin < now:",
    ),
    Bug(
        "pace holds for the talk alone",
        "work.py",
        "T.contacts[contact].wrap = speed * min(_times(wrap, T.works[way].pace), WORK_LIMIT)",
        "T.contacts[contact].wrap = speed * wrap",
    ),
    Bug("patience is kept on every channel", "work.py", "keeps_patience == 1:", "keeps_patience >= 0:"),
    Bug(
        "a team's chance to solve is the queue's",
        "work.py",
        "T.contacts[contact].way = way",
        "T.contacts[contact].way = _way(T, NONE, T.contacts[contact].queue)",
    ),
    Bug(
        "last chat is one tick late",
        "available.py",
        "now >= T.agents[agent].shift_end - before",
        "now > T.agents[agent].shift_end - before",
    ),
    Bug(
        "reservation counts the one who starts",
        "available.py",
        "return T.teams[team].idle > hold",
        "return T.teams[team].idle >= hold",
    ),
    Bug(
        "reservation does not hold for who has chats",
        "available.py",
        "return T.teams[team].idle >= hold and not drains",
        "return not drains",
    ),
    Bug(
        "nobody drains",
        "available.py",
        "first_asked(T, q, T.drains[k].delay, now) != NONE:",
        "first_asked(T, q, T.drains[k].delay, now) == -7:",
    ),
    Bug(
        "longest idle takes the last",
        "available.py",
        "return T.agents[one].changed > T.agents[other].changed",
        "return T.agents[one].changed < T.agents[other].changed",
    ),
    Bug("random takes the largest fate", "available.py", "return first < second", "return first > second"),
    Bug(
        "a delay must have passed by a tick",
        "available.py",
        "        if T.asked[k].delay > 0 and entered + T.asked[k].delay > now:\n            continue",
        "        if T.asked[k].delay > 0 and entered + T.asked[k].delay >= now:\n            continue",
    ),
    Bug(
        "the first begun is interrupted",
        "interrupts.py",
        "return T.touches[row].started > T.touches[other].started",
        "return T.touches[row].started < T.touches[other].started",
    ),
    Bug(
        "work that ends now is interrupted", "interrupts.py", "T.touches[row].due <= now:", "T.touches[row].due < now:"
    ),
    Bug(
        "wrap-up is interrupted",
        "interrupts.py",
        "T.touches[row].talk_ended != NEVER or T.touches[row].due <= now",
        "T.touches[row].due <= now",
    ),
    Bug(
        "interruptible work goes before live work",
        "available.py",
        "live != NONE and gives_way(T, best)",
        "False",
    ),
    Bug(
        "a chat that is taken is no live touch to what is starved",
        "available.py",
        "            live, live_rank = taken, best_rank",
        "            live, live_rank = NONE, best_rank",
    ),
    Bug(
        "what is taken has the best rank, so nothing is starved",
        "available.py",
        "best_rank = T.ranked[T.places[team * len(T.queues) + T.touches[taken].queue].value].rank",
        "best_rank = -1",
    ),
    Bug(
        "what is taken has the worst rank, so all is starved",
        "available.py",
        "best_rank = T.ranked[T.places[team * len(T.queues) + T.touches[taken].queue].value].rank",
        "best_rank = 1 << 40",
    ),
    Bug(
        "ageing forgets the bonus",
        "queues.py",
        "(now - T.touches[row].entered) + T.queues[q].bonus",
        "(now - T.touches[row].entered)",
    ),
    Bug("ageing takes the lowest score", "queues.py", "return one > two", "return one < two"),
    Bug(
        "work comes back at the end of the queue",
        "queues.py",
        "return T.touches[row].entered > T.touches[other].entered",
        "return T.touches[row].joined > T.touches[other].joined",
    ),
    Bug(
        "put down work loses its entry time",
        "desk.py",
        "T.touches[row].touch, T.touches[row].entered, now)\n    tell",
        "T.touches[row].touch, now, now)\n    tell",
    ),
    Bug("put down work begins anew", "desk.py", "T.contacts[contact].talk = T.touches[row].due - now", "pass"),
    Bug("an overflow delay wakes nobody", "desk.py", "    if soonest < NEVER:", "    if soonest < 0:"),
    Bug(
        "the wait limit gives way to patience",
        "desk.py",
        "if limit_ends <= patience_ends and",
        "if limit_ends < patience_ends and",
    ),
    Bug(
        "waiting room holds one more",
        "desk.py",
        "T.channels[c].waiting < T.channels[c].waiting_room",
        "T.channels[c].waiting <= T.channels[c].waiting_room",
    ),
    Bug(
        "wrap-up holds the line",
        "people.py",
        "    T.channels[T.contacts[contact].channel].on_line -= 1\n    T.touches[row].due",
        "    T.touches[row].due",
    ),
    Bug(
        "filler begins while the channel is closed",
        "desk.py",
        "if T.channels[channel].is_open == 1 and somebody_may",
        "if somebody_may",
    ),
    Bug(
        "what was drained for wakes nobody",
        "desk.py",
        "    while T.world[0].drained == 1:",
        "    while T.world[0].drained == 7:",
    ),
    Bug(
        "a first reply counts from the last contact",
        "due.py",
        "        first = T.contacts[at].created",
        "        first = T.contacts[contact].created",
    ),
    Bug(
        "business hours are forgotten",
        "due.py",
        "if T.promised[p].always == 1 or limit == 0",
        "if T.promised[p].always >= 0 or limit == 0",
    ),
    Bug(
        "a lost break leaves no trace",
        "people.py",
        "        note(T, agent, BREAK_LOST, now, now)\n    T.agents[agent].state = OVER",
        "        pass\n    T.agents[agent].state = OVER",
    ),
    Bug(
        "a block outlives its activity",
        "people.py",
        "T.agents[agent].back = min(back, T.rests[rest].until)",
        "T.agents[agent].back = back",
    ),
    Bug(
        "work that ends with the shift is put down",
        "people.py",
        "T.touches[row].talk_ended == NEVER and T.touches[row].due > now",
        "T.touches[row].talk_ended == NEVER",
    ),
    Bug(
        "coming back is no change",
        "people.py",
        "    T.agents[agent].changed = now\n    _resume(T, agent, now)\n    release(T, now)\n\n\n@rule\ndef _stop",
        "    _resume(T, agent, now)\n    release(T, now)\n\n\n@rule\ndef _stop",
    ),
    Bug(
        "heads go by their number, not by their idleness",
        "people.py",
        "T.agents[agent].changed < T.agents[best].changed",
        "T.agents[agent].changed < 0",
    ),
    Bug(
        "the last to finish goes first",
        "people.py",
        "if best == NOBODY or done < soonest:",
        "if best == NOBODY or done > soonest:",
    ),
    Bug(
        "newcomers come before those still finishing", "people.py", "agent = _in_state(T, team, OVER)", "agent = NOBODY"
    ),
    Bug(
        "heads that come together draw supply one after the other",
        "people.py",
        "                _come(T, agent, 0, 0, NEVER, now)\n    release(T, now)",
        "                _come(T, agent, 0, 0, NEVER, now)\n        release(T, now)",
    ),
    Bug(
        "who moves takes nothing new",
        "people.py",
        "    _cut_deserted_lines(T, before, now)\n    _settle(T, agent, now)",
        "    _cut_deserted_lines(T, before, now)",
    ),
    Bug(
        "a redial counts as two tries",  # one that counts as none would redial for ever
        "journey.py",
        "    T.issues[issue].tries += 1\n",
        "    T.issues[issue].tries += 2 if T.issues[issue].kind == REDIAL else 1\n",
    ),
    Bug(
        "between two activities he is back with his own team",
        "days.py",
        "_straight_on(elsewhere))",
        "elsewhere)",
    ),
    Bug(
        "days that touch are two",
        "days.py",
        "(begin[1:] > end[:-1])",
        "(begin[1:] >= end[:-1])",
    ),
    Bug(
        "a share of a block off the desk is taken as often as not",
        "days.py",
        "fates.BLOCK_COUNT) < o.rest",
        "fates.BLOCK_COUNT) < 0.5",
    ),
    Bug(
        "hours that touch are said to overlap",
        "activities.py",
        "all(end <= b or e <= begin for b, e in taken)",
        "all(end < b or e < begin for b, e in taken)",
        "scenario",
    ),
    Bug(
        "hours that begin with the end of a shift are its agents' too",
        "activities.py",
        "if span.begin <= begin < span.end}",
        "if span.begin <= begin <= span.end}",
        "scenario",
    ),
    Bug(
        "hours of two moves may overlap",
        "activities.py",
        "elif all(end <= b or e <= begin for b, e in taken):",
        "else:",
        "scenario",
    ),
    Bug(
        "breaks are over before agents come",
        "ranks.py",
        "SHIFT_BEGINS, BREAK_ENDS = (rank + 1 << 56 for rank in range(6))",
        "BREAK_ENDS, SHIFT_BEGINS = (rank + 1 << 56 for rank in range(6))",
    ),
    Bug(
        "he gives up before he returns",
        "ranks.py",
        "DELAY_PASSES, RETURNS, GIVES_UP, ARISES = (rank + 1 << 56 for rank in (6, 7, 8, 11))",
        "DELAY_PASSES, RETURNS, GIVES_UP, ARISES = (rank + 1 << 56 for rank in (6, 8, 7, 11))",
    ),
    Bug(
        "who asks is drawn with where he begins",
        "journey.py",
        "uniform(T.world[0].key, T.issues[issue].key, 0, ASKS) >=",
        "uniform(T.world[0].key, T.issues[issue].key, 0, CHANNEL) >=",
    ),
    Bug(
        "what is not asked counts as not served",
        "journey.py",
        "return _end(T, issue, UNASKED, now)",
        "return _end(T, issue, UNSERVED, now)",
    ),
    Bug(
        "the first plan is everybody's",
        "points.py",
        'u, last = uniform(world, whose, 0, _PLAN), place + cell["offers"] - 1',
        'u, last = 0.0, place + cell["offers"] - 1',
        "demand",
    ),
    Bug(
        "filler is begun that was taken away",
        "layout.py",
        'if stream.kind == "endless" and stream.channel is not None and not is_gone(self.scenario, stream):',
        'if stream.kind == "endless" and stream.channel is not None:',
    ),
    Bug(
        "what is taken away is kept of one topic",
        "cells.py",
        'cells["expected"][cells[thin.kind] == of_kind[thin.name]] *= 1 - thin.share',
        'cells["expected"][(cells[thin.kind] == of_kind[thin.name]) & (cells["topic"] == 0)] *= 1 - thin.share',
        "demand",
    ),
)


def planted(bug: Bug | None, folder: Path) -> None:
    """A copy of the package with the fault in it.  Raises ValueError where the text is not there exactly once."""
    shutil.copytree(ROOT / "supportsim", folder / "supportsim", ignore=shutil.ignore_patterns("__pycache__"))
    if bug is None:
        return
    file = folder / "supportsim" / bug.floor / bug.file
    text = file.read_text(encoding="utf-8")
    if text.count(bug.right) != 1:
        raise ValueError(f"{bug.name}: {bug.file} holds the text {text.count(bug.right)} times")
    file.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")


def tried(folder: Path, of_the_clock: bool, files: tuple[str, ...], seconds: int) -> str:
    """Who notices the fault in a copy; empty: nobody.

    Noticed is a journal that differs from the naive desk's, or a story that fails, or one of the test files named; a
    program that does not even start, or does not end in time, proves nothing.  Raises RuntimeError then.
    """
    paths = os.pathsep.join(str(p) for p in (folder, ROOT / "tests", ROOT / "tests" / "engine"))
    environment = {**os.environ, "PYTHONPATH": paths, "SUPPORTSIM_PLAIN": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    for judge, command in _judges(of_the_clock, files).items():
        try:
            done = subprocess.run(
                command, env=environment, cwd=folder, capture_output=True, text=True, check=False,
                timeout=seconds,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{judge}: no end in time") from None
        told = "FAILED " if "pytest" in command else "scenario "
        said = [line for line in done.stdout.splitlines() if line.startswith(told)]
        if done.returncode == 1 and said:
            return f"{judge}: {said[0][:150]}"
        if done.returncode != 0:
            raise RuntimeError(f"{judge} ended with {done.returncode}: {_last_line(done.stderr or done.stdout)}")
    return ""


def _judges(of_the_clock: bool, files: tuple[str, ...]) -> dict[str, list[str]]:
    """Who is asked, and how."""
    tests = [sys.executable, "-m", "pytest", "-xq", "-p", "no:cacheprovider", "-p", "no:xdist"]
    if files:
        return {"measures": [*tests, *(str(ROOT / "tests" / file) for file in files)]}
    if of_the_clock:
        return {"the other clock": [sys.executable, __file__, "--clocks"]}
    stories = [*tests, str(ROOT / "tests/engine/stories")]
    return {"naive desk": [sys.executable, __file__, "--compare"], "stories": stories}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:150] if lines else ""


def compare() -> int:
    """Whether the engine on the path plays generated scenarios as the naive desk does; 1 at the first difference."""
    from generator import made
    from journals_compared import difference
    from naive_desk import naive

    import supportsim
    from supportsim.engine.audit import audit
    from supportsim.engine.layout import Layout
    from supportsim.engine.operation import play

    assert Path(supportsim.__file__).parents[1] != ROOT, "the fault is to be found, not the original"
    for number, replication in (*((n, n) for n in range(SCENARIOS)), *RARE):
        scenario = made(number)
        try:
            journal = play(Layout(scenario), 1, replication)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            print(f"scenario {number}: the engine stops: {type(error).__name__}: {error}")
            return 1
        if found := difference(journal, naive(scenario, 1, replication)):
            by = "the audit too" if audit(journal, scenario) else "not by the audit"
            print(f"scenario {number} ({by}): {found}".replace("\n", " "))
            return 1
    return 0


#: Enough customers that piles are high and what one issue has behind it lies on several pages.
BUSY = """
name: busy
start: 2026-03-02
length: 6 h
channels:
  phone: {kind: live, handle_time: {exponential: {mean: 3 min}}, patience: {exponential: {mean: 2 min}}}
  email:
    kind: deferred
    handle_time: {exponential: {mean: 4 min}}
    patience: {exponential: {mean: 20 min}}
    after: {withdrew: {again: 90%, give_up: 10%, delay: {exponential: {mean: 20 min}}, tries: 4}}
demand: {calls: {channel: phone, rate: 150/h}, mails: {channel: email, rate: 60/h}}
teams: {desk: {serves: [phone, email], agents: 9}}
promises: {calls: {of: phone, answer: 20 s, share: 80%}, mails: {of: email, first_reply: 30 min, share: 80%}}
routing: {policy: deadline}
"""


def compare_clocks() -> int:
    """Whether both clocks on the path play generated scenarios alike, on pages of nothing; 1 where they do not."""
    from generator import made
    from journals_compared import clocks_differ

    import supportsim
    from supportsim.demand import blocks
    from supportsim.engine import keeper
    from supportsim.scenario.load import load_text

    assert Path(supportsim.__file__).parents[1] != ROOT, "the fault is to be found, not the original"
    blocks._ENOUGH = keeper.A_PAGE = 1
    keeper.FOR_EACH = 0
    played = (
        *((str(number), made(number)) for number in range(SCENARIOS)),
        ("busy", load_text(BUSY)),
    )
    for name, scenario in played:
        try:
            found = clocks_differ(scenario)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            found = f"the clock stops: {type(error).__name__}: {error}"
        if found:
            print(f"scenario {name}: {found}".replace("\n", " "))
            return 1
    return 0


def report(bug: Bug) -> bool:
    """Plant it, try it, say who noticed.  Without a verdict it counts as unnoticed, and the others go on."""
    begun = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            planted(bug, Path(folder))
            said = tried(Path(folder), bug in OF_THE_CLOCK, bug.judges, SECONDS_TO_THE_END if bug.judges else SECONDS)
        verdict = "noticed" if said else "UNNOTICED"
    except (RuntimeError, ValueError) as error:
        verdict, said = "NO VERDICT", str(error)
    print(f"{verdict:11}{time.monotonic() - begun:4.0f} s  {bug.name} -> {said}", flush=True)
    return verdict == "noticed"


def unharmed(of_the_clock: bool, files: tuple[str, ...]) -> str:
    """Who notices a fault where there is none; empty: nobody, as it should be."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            planted(None, Path(folder))
            return tried(Path(folder), of_the_clock, files, SECONDS_TO_THE_END)
    except RuntimeError as error:
        return str(error)


def main(names: list[str]) -> int:
    """All of them, or those named; 0 if each is noticed, and nobody notices anything without them."""
    chosen = [bug for bug in (*BUGS, *OF_LEAVING, *OF_THE_CLOCK, *OF_THE_MEASURES) if not names or bug.name in names]
    judges = dict.fromkeys((bug in OF_THE_CLOCK, bug.judges) for bug in chosen)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sound = [pool.submit(unharmed, *each) for each in judges]  # first: it takes longest where nothing is found
        reports = [pool.submit(report, bug) for bug in chosen]
        if said := next(filter(None, (each.result() for each in sound)), ""):
            pool.shutdown(cancel_futures=True)
            print(f"without any fault planted one is noticed: {said}")
            return 1
        noticed = [each.result() for each in reports]
    print(f"{sum(noticed)} of {len(chosen)} planted faults noticed")
    return 0 if chosen and all(noticed) else 1


if __name__ == "__main__":
    asked = {"--compare": compare, "--clocks": compare_clocks}
    sys.exit(asked[sys.argv[1]]() if sys.argv[1:2] and sys.argv[1] in asked else main(sys.argv[1:]))
