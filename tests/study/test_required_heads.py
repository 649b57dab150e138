"""Heads required by this simulation: Erlang A where it holds, higher targets, lines apart, and who stands where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from supportsim.engine.audit import audit
from supportsim.engine.clocks import play
from supportsim.engine.layout import Layout
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR
from supportsim.study.erlang import ErlangA
from supportsim.study.estimate import student_each
from supportsim.study.live_lines import live_lines
from supportsim.study.pattern import pattern
from supportsim.study.required_desk import KEPT, Desk
from supportsim.study.required_heads import Required
from supportsim.study.required_plays import Cases, Tell
from supportsim.study.required_search import NEVER_KEPT, NOBODY_COMES, NOT_ASKED, Shares, required
from supportsim.study.result import Result
from supportsim.study.run import run

#: A desk without anything that Erlang A does not know; a day counted after 6 hours of run-in.
PHONE = """
name: phone
start: 2026-01-05
length: 1 day
warm_up: 6 h
run_out: 1 h
timezone: UTC
interval: 8 h
channels:
  phone: {kind: live, handle_time: {exponential: {mean: 4 min}}, patience: {exponential: {mean: 3 min}}}
demand:
  calls: {channel: phone, rate: 210/h}
teams:
  phones: {serves: [phone], agents: 9}
promises:
  phone: {of: phone, answer: 20 s, share: 80%, judged: all}
"""


def level(agents: int) -> float:
    """Share answered in 20 s by Erlang A, of all."""
    return ErlangA(agents, 210 / 3600, 240, 180).service_level(20)


#: Half way between what two numbers of agents reach, so that chance does not decide which is the first to do.
TARGETS = {n: (level(n) + level(n - 1)) / 2 for n in (12, 15)}


def found(text: str, replications: int) -> Result:
    return required(run(load_text(text), replications, keep_journal=False))


def line(result: Result, name: str) -> Required:
    return next(each for each in result.heads_required or () if each.line.name == name)


@pytest.mark.parametrize("agents", sorted(TARGETS))
def test_a_steady_desk_needs_what_erlang_a_says_exactly(agents: int) -> None:
    """Exactly, for the run-in takes the start from empty away; and so more for a higher target."""
    phone = line(found(PHONE.replace("80%", f"{100 * TARGETS[agents]:.3f}%"), 6), "phone")
    assert phone.net.tolist() == [agents] * 3
    assert phone.gross.tolist() == [agents] * 3  # nobody is ever away
    assert np.abs(phone.erlang(phone.line.erlang_a) - agents).max() <= 1  # of the calls that came
    assert phone.settled
    for kept, number in ((phone.kept, agents), (phone.fewer, agents - 1)):  # 3 x 6 intervals of 1680 calls each
        half = (kept.high - kept.low).mean() / 2 / np.sqrt(3)
        assert abs(kept.mean.mean() - level(number)) < 2 * half


#: Beside it a desk that shares nobody with it, and a line whose calls nobody may take in time.
CHAT = """
  chat:  {kind: live, handle_time: {exponential: {mean: 4 min}}, patience: {exponential: {mean: 3 min}}}
"""


def two(rate: str, agents: int) -> str:
    text = PHONE.replace("demand:", CHAT[1:] + "demand:\n  chats: {channel: chat, rate: " + rate + "}")
    text = text.replace("teams:", f"teams:\n  chats: {{serves: [chat], agents: {agents}}}")
    return text.replace("promises:", "promises:\n  chat: {of: chat, answer: 20 s, share: 80%}")


def test_lines_that_share_nobody_are_found_apart() -> None:
    one, other = found(two("30/h", 4), 2), found(two("90/h", 2), 2)
    phone, same = line(one, "phone"), line(other, "phone")
    assert phone.net.tolist() == same.net.tolist()
    assert phone.kept.mean.tolist() == same.kept.mean.tolist()  # to the last digit: the same plays
    assert (line(other, "chat").net > line(one, "chat").net).all()


#: Three times of 8 hours: calls, none, calls; standard ones are begun only where 60 agents would stay idle.
HELD_BACK = """
name: held_back
start: 2026-01-05
length: 1 day
run_out: 1 h
timezone: UTC
interval: 8 h
segments: {premium: {}, standard: {}}
channels:
  phone: {kind: live, handle_time: 4 min, patience: 1 min}
demand:
  early: {segment: premium, channel: phone, rate: {mon: {00:00-08:00: 20/h}}}
  late: {segment: standard, channel: phone, rate: {mon: {16:00-24:00: 20/h}}}
teams:
  phones: {serves: [phone], agents: 3}
routing:
  reserve: {phones: 60 idle for premium phone}
promises:
  phone: {of: phone, answer: 20 s, share: 90%}
"""


def test_what_cannot_be_found_is_empty_and_says_why() -> None:
    result = found(HELD_BACK, 2)
    phone = line(result, "phone")
    most = 2 * int(np.ceil(phone.line.required[2])) + 10
    assert phone.why == ("", NOBODY_COMES, NEVER_KEPT.format(most))
    assert np.isnan(phone.net).tolist() == [False, True, True]
    assert np.isnan(phone.gross).tolist() == [False, True, True]
    assert phone.promise.tolist() == [0, -1, 0]
    assert result.required is not None
    assert result.required["why_none"].tolist() == list(phone.why)


def test_where_nobody_is_asked_in_time_nothing_is_searched() -> None:
    text = HELD_BACK.replace("reserve: {phones: 60 idle for premium phone}", "teams: {phone: [phones after 30 s]}")
    phone = line(found(text, 2), "phone")
    assert phone.why == (NOT_ASKED, NOBODY_COMES, NOT_ASKED)
    assert phone.rounds == 0


SHIFTS = """
name: shifts
start: 2026-01-05
length: 2 days
warm_up: 1 day
timezone: UTC
interval: 4 h
channels:
  phone: {kind: live, handle_time: 4 min}
  mail:  {kind: deferred, handle_time: 4 min}
demand:
  calls: {channel: phone, rate: 60/h}
  letters: {channel: mail, rate: 10/h}
teams:
  few:
    serves: [phone]
    shifts: {day: {days: mon-sun, hours: 08:00-16:00, agents: 2, breaks: [1 h unpaid at 09:00]}}
  many:
    serves: [phone]
    shifts: {day: {days: mon-sun, hours: 08:00-20:00, agents: 4}}
    activities: {letters: {days: mon-sun, hours: 12:00-14:00, agents: 1, works_as: mails}}
  mails:
    serves: [mail]
    shifts: {day: {days: mon-sun, hours: 08:00-16:00, agents: 2}}
    activities: {help: {days: mon-sun, hours: 10:00-11:00, agents: 1, works_as: many}}
promises:
  phone: {of: phone, answer: 20 s, share: 80%, judged: all}
"""


def by_day(*days: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """(hour, heads) of the day before the counted start, and the days after it."""
    return tuple(((24 * day + hour) * HOUR, heads) for day, changes in enumerate(days, -1) for hour, heads in changes)


def test_who_stands_where() -> None:
    """From 8 to 12 `few` are 1.5 (2 less an hour each) and `many` 4: of 5 heads 1.4 and 3.6, that is 1 and 4; from 12
    to 16 they are 2 and 4: of 5 heads 2 and 3; then `many` are alone.  Sunday, not counted, is like Tuesday."""
    scenario = load_text(SHIFTS)
    result = run(scenario, 1, keep_journal=False)
    (found,) = live_lines(result)
    every = pattern(result.yardstick.grid, np.ones(12, dtype=bool))
    searched = np.array([0, 0, 1, 1, 1, 0] * 2, dtype=bool)
    desk = Desk(result, found.teams, frozenset(found.channels), every, searched)
    played = desk.staffed(np.array([9, 9, 5, 5, 3, 9, 9, 9, 5, 6, 3, 9]))
    few, many, mails, letters = played.teams
    tuesday = ((8, 4), (16, 3), (20, 0))
    assert few.heads == by_day(*[((8, 1), (12, 2), (16, 0))] * 3)
    assert many.heads == by_day(tuesday, ((8, 4), (12, 3), (20, 0)), tuesday)
    # those of `many` who write letters go on with that, and with nothing else; nobody comes to `many`
    assert letters.name == "many" + KEPT
    assert letters.shifts == scenario.teams[1].shifts
    assert letters.places == (-1, -1)
    assert [each.works_as for each in (*few.activities, *many.activities, *letters.activities)] == ["mails"]
    assert [each.works_as for each in mails.activities] == [None]
    assert [channel.at_shift_end for channel in played.channels] == ["put_down", scenario.channels[1].at_shift_end]
    assert audit(play(Layout(played), 1, 1), played) == []


class Known:
    """In place of plays: an interval needs so many heads, and one more than the target allows is 4 points of its share
    each; who lacks heads leaves 3 points less to the next."""

    def __init__(self, needed: list[int]) -> None:
        self.needed = np.array(needed)
        self.asked: list[int] = []

    def __call__(self, scenario: Scenario, promises: Sequence[int], numbers: Sequence[int], tell: Tell) -> Cases:
        self.asked.append(len(numbers))
        curve = scenario.teams[0].heads or ()
        at = np.searchsorted([tick for tick, _ in curve], np.arange(24) * HOUR, side="right") - 1
        lacking = self.needed - np.array([curve[i][1] for i in at])
        share = 81 - 4 * lacking - 3 * np.append(0, lacking[:-1] > 0)
        kept = np.broadcast_to(np.clip(share, 0, 100), (len(numbers), 1, 24))
        return Cases(kept, np.full_like(kept, 100))


def hourly(replications: int = 6) -> Result:
    text = PHONE.replace("interval: 8 h", "interval: 1 h").replace("warm_up: 6 h\n", "")
    return run(load_text(text), replications, keep_journal=False)


def test_the_fewest_heads_are_found_from_afar() -> None:
    needed = [12 + (7 * hour) % 13 for hour in range(24)]  # Erlang says 14 or so everywhere
    known = Known(needed)
    result = required(hourly(2), play=known)
    (phone,) = result.heads_required or ()
    assert phone.settled
    assert phone.net.tolist() == needed
    assert phone.kept.mean.tolist() == [0.81] * 24
    assert phone.fewer.mean.tolist() == [0.77] * 24
    assert phone.rounds == len(known.asked) < 40
    assert result.intervals["required_simulated"].tolist() == needed  # the only row: one channel, one segment
    assert result.required is not None
    assert result.required["present_less_required"].tolist() == [9 - heads for heads in needed]


def test_without_being_asked_nothing_is_required() -> None:
    result = hourly()
    assert result.required is None
    assert result.intervals["required_simulated"].isna().all()


def test_replications_all_alike_say_nothing_for_sure_before_there_are_six() -> None:
    """Shares of 81 and 77 % in each; ten would decide: twice as many as are, six at least, in steps of 1, 2, 5."""
    for replications, sure, doubtful in ((2, (24, 0, 0), (24, 10)), (6, (24, 24, 24), (0, None))):
        (phone,) = required(hourly(replications), play=Known([12] * 24)).heads_required or ()
        assert (phone.certain(), phone.to_decide()) == (sure, doubtful)


def one_bin(values: list[float], target: float) -> Required:
    """What 12 heads keep in the only bin, by replication (NaN: no case); nothing is known of 11."""
    each = np.array(values)[:, None]
    n = np.count_nonzero(~np.isnan(each), axis=0).astype(np.float64)
    shares = Shares(*(cell[None] for cell in (*student_each(each), n)))
    kept, nothing = (Shares(*cells).of(np.array([0])) for cells in (shares, np.full((4, 1, 1), np.nan)))
    (phone,) = required(hourly(2), play=Known([12] * 24)).heads_required or ()
    return replace(phone, net=np.array([12.0]), target=np.array([target]), kept=kept, fewer=nothing,
                   replications=len(values))  # fmt: skip


def test_replications_without_a_case_do_not_count_as_alike() -> None:
    assert one_bin([0.1] * 3 + [np.nan] * 9, 0.05).certain() == (1, 0, 0)  # the mean of three 0.1 is not quite 0.1
    assert one_bin([0.1] * 6 + [np.nan] * 6, 0.05).certain() == (1, 1, 0)


def test_what_would_decide_follows_from_the_whole_width() -> None:
    """Mean 0.95, s = 0.12247, t(5) = 2.5706: half 0.1285, up to 1.0785; 6 x (0.1285 / 0.05)^2 = 39.7, so 50.

    Of an interval cut at 1 half would be 0.089, and 20 replications were said to do.
    """
    assert one_bin([1.0] * 5 + [0.7], 0.9).to_decide() == (1, 50)


def test_without_an_interval_nobody_knows_what_would_decide() -> None:
    """One replication with a case has no spread; that is not to need more replications than are any advice."""
    number, enough = one_bin([0.7] + [np.nan] * 5, 0.9).to_decide()
    assert (number, enough) == (1, pytest.approx(np.nan, nan_ok=True))
    assert one_bin([1.0, 0.8] * 3, 0.9).to_decide() == (1, None)  # its mean is the target
