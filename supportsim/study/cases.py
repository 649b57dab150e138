"""The cases of `supportsim verify`: a scenario file, what theory says, and where the journal shows it.

The names of figures are those of the collection the cases were taken from; times are in minutes unless the
scenario says otherwise (P01, P16, P17: a mean service time, or a minute, is 1).  `quick` and `full` are
numbers of replications; `lead` names the figure whose standardised errors enter the test of their population: a
share where there is one, since its replications are nearer to normal than those of a wait.  A published value is
an estimate itself: `errors` then gives its standard errors, and the case does not enter that test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from supportsim.study import cases_desk as desk_cases
from supportsim.study import observe as see
from supportsim.study.observe import Figure, measure, minutes

Values = dict[str, float]
SECONDS_20 = 1 / 3


@dataclass(frozen=True)
class Case:
    id: str
    theory: Callable[[], Values]
    figures: Mapping[str, Figure]
    lead: str
    full: int
    quick: int = 0  # 0: not in the quick subset
    errors: Mapping[str, float] = field(default_factory=dict)  # standard errors of values that are estimates

    @property
    def file(self) -> str:
        """Scenario file below configs/verification."""
        return f"{self.id}.yaml"


def _loss() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=2.5, service=4, agents=13, room=0)
    return {"p_blocked": desk.p_blocked, "occupancy": desk.occupancy, "mean_busy": desk.mean(desk.busy)}


LOSS = {
    "p_blocked": measure("phone", "blocked_share"),
    "occupancy": measure("desk", "occupancy"),
    "mean_busy": measure("desk", "busy_agents"),
}


def _delay() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=200 / 60, service=4, agents=16)
    found = {
        "occupancy": desk.occupancy,
        "p_wait": desk.p_wait,
        "asa": desk.mean_wait,
        "mean_queue": desk.mean_queue,
        "mean_wait_given_wait": desk.mean_wait / desk.p_wait,
    }
    found |= {f"p_wait_le_{t:.6g}": desk.p_served_within(t) for t in (1 / 6, SECONDS_20, 1, 2)}
    return found | {f"wait_quantile_{q:g}": desk.wait_quantile(q) for q in (0.5, 0.8, 0.9, 0.95, 0.99)}


DELAY = {
    "occupancy": measure("desk", "occupancy"),
    "p_wait": measure("phone", "p_wait"),
    "asa": minutes("phone", "served_wait_mean"),
    "mean_queue": measure("phone", "queue_length"),
    "mean_wait_given_wait": Figure(lambda s: (float(s.waits.sum()), float((s.waits > 0).sum()))),
    "p_wait_le_0.166667": measure("ten_seconds", "kept_share"),
    "p_wait_le_0.333333": measure("twenty_seconds", "kept_share"),
    "p_wait_le_1": measure("one_minute", "kept_share"),
    "p_wait_le_2": measure("two_minutes", "kept_share"),
    "wait_quantile_0.5": minutes("phone", "wait_p50"),
    "wait_quantile_0.8": minutes("phone", "wait_p80"),
    "wait_quantile_0.9": minutes("phone", "wait_p90"),
    "wait_quantile_0.95": minutes("phone", "wait_p95"),
    "wait_quantile_0.99": minutes("phone", "wait_p99"),
}


def _patience() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=3.5, service=4, agents=13, patience=3)
    brief = desk.p_left_within(5 / 60)
    found = {
        "p_all_busy_on_arrival": desk.p_wait,
        "p_abandon": desk.p_abandon,
        "mean_wait_all": desk.mean_wait,
        "mean_queue": desk.mean_queue,
        "mean_offered_wait": desk.mean_offered_wait,
        "occupancy": desk.occupancy,
        "mean_wait_served": desk.wait_given(desk.served)[0],
        "mean_wait_abandoned": desk.wait_given(desk.left)[0],
    }
    for limit in (SECONDS_20, 1.0):
        served, left, name = desk.p_served_within(limit), desk.p_left_within(limit), f"{limit:.6g}"
        found |= {
            f"p_served_within_{name}_of_all_arrivals": served,
            f"p_served_within_{name}_of_served": served / (1 - desk.p_abandon),
            f"p_abandon_within_{name}_of_all_arrivals": left,
            f"p_served_within_{name}_excl_short_abandons": served / (1 - left),
            f"served_or_left_within_{name}": served + left,
            f"served_within_{name}_or_left_in_5_s": served + brief,
            f"served_within_{name}_excl_5_s": served / (1 - brief),
        }
    return found


def _six(promise: str, name: str) -> dict[str, Figure]:
    """The ways of counting, each by its own measure."""
    return {
        f"p_served_within_{name}_of_all_arrivals": measure(promise, "answered_of_offered"),
        f"p_served_within_{name}_of_served": measure(promise, "of_answered"),
        f"p_served_within_{name}_excl_short_abandons": measure(promise, "short_abandons_excluded"),
        f"served_or_left_within_{name}": measure(promise, "short_abandons_good"),
        f"served_within_{name}_or_left_in_5_s": measure(promise, "brief_abandons_credited"),
        f"served_within_{name}_excl_5_s": measure(promise, "brief_abandons_excluded"),
        f"p_abandon_within_{name}_of_all_arrivals": Figure(
            lambda s: (
                s.row(promise, "short_abandons_good")[0] - s.row(promise, "answered_of_offered")[0],
                s.row(promise, "short_abandons_good")[1],
            ),
            share=True,
        ),
    }


PATIENCE = {
    "p_all_busy_on_arrival": measure("phone", "p_wait"),
    "p_abandon": measure("phone", "abandoned_share"),
    "mean_wait_all": minutes("phone", "wait_mean"),
    "mean_queue": measure("phone", "queue_length"),
    "mean_offered_wait": see.offered_wait(),
    "occupancy": measure("desk", "occupancy"),
    "mean_wait_served": minutes("phone", "served_wait_mean"),
    "mean_wait_abandoned": minutes("phone", "abandoned_wait_mean"),
    **_six("twenty_seconds", "0.333333"),
    **_six("one_minute", "1"),
}

CONSTANT_LIMITS = {"two_min": 2, "five_min": 5, "ten_min": 10, "twenty_min": 20, "thirty_min": 30}


def _constant() -> Values:
    from supportsim.study.theory import constant_work_within, pollaczek

    mean, spread = pollaczek(0.16, (5, 25, 125))
    found = {"mean_wait": mean, "var_wait": spread, "mean_queue": 0.16 * mean}
    found["p_wait_zero"] = constant_work_within(0.16, 5, 0)
    return found | {f"p_wait_le_{t}min": constant_work_within(0.16, 5, t) for t in CONSTANT_LIMITS.values()}


CONSTANT = {
    "mean_wait": minutes("phone", "wait_mean"),
    "var_wait": see.wait_variance(),
    "p_wait_zero": see.complement(measure("phone", "p_wait")),
    "mean_queue": measure("phone", "queue_length"),
    **{f"p_wait_le_{t}min": measure(promise, "kept_share") for promise, t in CONSTANT_LIMITS.items()},
}


def _wrap_up() -> Values:
    from supportsim.study.theory import expected, wrap_up_law

    rate, talk, agents = 0.85, 3.0, 4
    law = wrap_up_law(rate, talk, 1.0, agents)
    queue = expected(law, lambda s: s[2])
    return {
        "p_wait": expected(law, lambda s: s[0] + s[1] == agents),
        "mean_queue": queue,
        "mean_wait": queue / rate,
        "p_all_idle": law[0, 0, 0],
        "occupancy": expected(law, lambda s: s[0] + s[1]) / agents,
        "mean_customer_time_in_system": queue / rate + talk,
        "mean_agents_talking": expected(law, lambda s: s[0]),
        "mean_agents_in_wrapup": expected(law, lambda s: s[1]),
    }


WRAP_UP = {
    "p_wait": measure("phone", "p_wait"),
    "mean_queue": measure("phone", "queue_length"),
    "mean_wait": minutes("phone", "wait_mean"),
    "p_all_idle": see.nobody_busy(),
    "occupancy": measure("desk", "occupancy"),
    "mean_customer_time_in_system": see.minutes_in_system(),
    "mean_agents_talking": see.talking(),
    "mean_agents_in_wrapup": see.wrapping_up(),
}


def _cost(in_time: float) -> float:
    """Five agents at 30 an hour, and 5 for each of six gold calls an hour that waits longer than 20 s."""
    return 5 * 30 + 5 * 6 * (1 - in_time)


def _one_line() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=1.1, service=4, agents=5)
    in_time = desk.p_served_within(SECONDS_20)
    return {
        "mean_wait_both": desk.mean_wait,
        "p_wait": desk.p_wait,
        "sl20s_both": in_time,
        "cost_per_hour": _cost(in_time),
    }


def _gold_first() -> Values:
    from supportsim.study.theory import Desk, cobham, first_class_within

    gold, regular = cobham((0.1, 1.0), 4, 5)
    in_time = first_class_within(0.1, 1.0, 4, 5, SECONDS_20)
    return {
        "mean_wait_valuable": gold,
        "mean_wait_low": regular,
        "p_wait": Desk(1.1, 4, 5).p_wait,
        "sl20s_valuable": in_time,
        "cost_per_hour": _cost(in_time),
    }


def _gold_alone() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=0.1, service=4, agents=5)
    return {
        "mean_wait_valuable": desk.mean_wait,
        "p_wait": desk.p_wait,
        "sl20s": desk.p_served_within(SECONDS_20),
    }


def _gold_apart() -> Values:
    """Gold has an agent to itself: M/M/1.  The rest of the desk has no steady state, and no figure."""
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=0.1, service=4, agents=1)
    return {"valuable_mean_wait": desk.mean_wait, "valuable_p_wait": desk.p_wait}


ONE_LINE = {
    "mean_wait_both": minutes("phone", "wait_mean"),
    "p_wait": measure("phone", "p_wait"),
    "sl20s_both": see.waited_at_most(SECONDS_20),
    "cost_per_hour": see.cost_per_hour("gold_twenty_seconds", each=5),
}
GOLD_FIRST = {
    "mean_wait_valuable": minutes("gold phone", "wait_mean"),
    "mean_wait_low": minutes("regular phone", "wait_mean"),
    "p_wait": measure("phone", "p_wait"),
    "sl20s_valuable": measure("gold_twenty_seconds", "kept_share"),
    "cost_per_hour": see.cost_per_hour("gold_twenty_seconds", each=5),
}
GOLD_ALONE = {
    "p_wait": measure("gold phone", "p_wait"),
    "sl20s": measure("gold_twenty_seconds", "kept_share"),
}
GOLD_APART = {
    "valuable_mean_wait": minutes("gold phone", "wait_mean"),
    "valuable_p_wait": measure("gold phone", "p_wait"),
}


def _unequal() -> Values:
    from supportsim.study.theory import TwoClasses, expected

    rates = (0.2, 0.15)
    law = TwoClasses(rates, service=(6, 3), agents=2, most_waiting=(60, 280)).law
    queues = [expected(law, lambda s, c=c: s[2 + c]) for c in (0, 1)]  # type: ignore[misc]
    busy = [expected(law, lambda s, c=c: s[c]) for c in (0, 1)]  # type: ignore[misc]
    found = {"p_all_busy": expected(law, lambda s: s[0] + s[1] == 2)}
    for c in (0, 1):
        found |= {
            f"mean_queue.{c}": queues[c],
            f"mean_wait_all.{c}": queues[c] / rates[c],
            f"served_per_min.{c}": busy[c] / (6, 3)[c],
            f"busy_agents.{c}": busy[c],
        }
    return found


def _by_class(c: int, name: str) -> dict[str, Figure]:
    return {
        f"mean_queue.{c}": measure(name, "queue_length"),
        f"mean_wait_all.{c}": minutes(name, "wait_mean"),
        f"served_per_min.{c}": see.per_minute(name, "answered"),
        f"busy_agents.{c}": measure(name, "workload"),
    }


UNEQUAL = {
    **_by_class(0, "first phone"),
    **_by_class(1, "second phone"),
    "p_all_busy": measure("phone", "p_wait"),
}


def _redials() -> Values:
    from supportsim.study.theory import Desk, expected, redial_law

    new, again, delay = 2.0, 0.75, 20.0
    desk = Desk(arrivals=new, service=5, agents=9, patience=2)
    law = redial_law(desk, again, delay, most_present=70, most_away=110)
    queue, away = expected(law, lambda s: max(s[0] - desk.agents, 0)), expected(law, lambda s: s[1])
    offered = new + away / delay
    return {
        "offered_per_min_incl_redials": offered,
        "redial_share": away / delay / offered,
        "p_abandon_per_attempt": queue / desk.patience / offered,
        "p_person_finally_lost": (1 - again) * queue / desk.patience / new,
        "mean_queue": queue,
        "mean_orbit": away,
        "occupancy": expected(law, lambda s: min(s[0], desk.agents)) / desk.agents,
    }


REDIALS = {
    "offered_per_min_incl_redials": see.per_minute("phone", "offered"),
    "redial_share": measure("phone", "redials_share"),
    "p_abandon_per_attempt": measure("phone", "abandoned_share"),
    "p_person_finally_lost": measure("phone", "never_served_share"),
    "mean_queue": measure("phone", "queue_length"),
    "mean_orbit": see.between_calls(),
    "occupancy": measure("desk", "occupancy"),
}


def _day_from_empty(patience: float = math.inf, room: int | None = None) -> Values:
    from supportsim.study.theory import Desk, day

    length = 480.0
    desk = Desk(arrivals=4.2, service=2, agents=12, patience=patience, room=room)
    seen = day(desk, length)
    arrivals = float(seen.seen.sum())
    served, left = float(seen.seen @ desk.served.chance), float(seen.seen @ desk.left.chance)
    in_time = float(seen.seen @ desk.served_within(SECONDS_20))
    left_in_time = float(seen.seen @ desk.left_within(SECONDS_20))
    return {
        "arrivals": arrivals,
        "in_target": in_time,
        "service_level": in_time / arrivals,
        "sl_of_served": in_time / served,
        "sl_served_plus_late_abandons": in_time / (served + left - left_in_time),
        "sl_incl_blocked": in_time / arrivals,
        "abandoned": left,
        "blocked": arrivals - served - left,
        "speed_of_answer_min": float(seen.seen @ desk.served.first) / served,
        "occupancy": float(seen.spent @ desk.busy) / length / desk.agents,
    }


IN_TARGET = {
    "in_target": see.kept("twenty_seconds"),
    "speed_of_answer_min": minutes("phone", "served_wait_mean"),
    "occupancy": measure("desk", "occupancy"),
}
BY_HOUR = tuple((60 * h, 60 * h + 60) for h in range(8))
HOURS_SEEN = (60, 120, 180, 240, 360, 480)


def _sine(t: float) -> float:
    return 4 + 2.5 * math.sin(2 * math.pi * t / 480)


def _endless() -> Values:
    from scipy.integrate import quad

    from supportsim.study.theory import endless_agents

    arrivals = {f"expected_arrivals_by_hour.{a}-{b}": quad(_sine, a, b)[0] for a, b in BY_HOUR}
    busy = {f"infinite_agents_mean_busy.{t}": endless_agents(10, 4, 2.5, 480, t) for t in HOURS_SEEN}
    return arrivals | busy


def _fifty() -> Values:
    from supportsim.study.theory import Desk, day

    desk = Desk(arrivals=6.5, service=10, agents=50, patience=6)
    seen = day(desk, 480, _sine, HOURS_SEEN)
    arrivals, waited = float(seen.seen.sum()), float(seen.spent @ desk.waiting)
    return {
        **{f"mean_in_system.{t}": float(seen.at[t] @ desk.states) for t in HOURS_SEEN},
        "expected_abandonments": waited / desk.patience,
        "share_of_arrivals_that_wait": float(seen.seen[desk.agents :].sum()) / arrivals,
        "mean_wait_all_min": waited / arrivals,
        "occupancy": float(seen.spent @ desk.busy) / 480 / desk.agents,
    }


ENDLESS = {
    **{f"expected_arrivals_by_hour.{a}-{b}": see.arrivals_between(a, b) for a, b in BY_HOUR},
    **{f"infinite_agents_mean_busy.{t}": see.present_at(t) for t in HOURS_SEEN},
}
FIFTY = {
    **{f"mean_in_system.{t}": see.present_at(t) for t in HOURS_SEEN},
    "expected_abandonments": see.abandoned_inside(),
    "share_of_arrivals_that_wait": see.had_to_wait(),
    "mean_wait_all_min": see.minutes_waited(),
    "occupancy": measure("desk", "occupancy"),
}


def _whitt() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=102, service=1, agents=100, patience=1, room=200)
    served, left = desk.wait_given(desk.served), desk.wait_given(desk.left)
    found = {
        "p_wait_zero": 1 - desk.p_wait,
        "p_abandon": desk.p_abandon,
        "mean_queue": desk.mean_queue,
        "var_queue": desk.var_queue,
        "mean_in_system": desk.mean(desk.states),
        "mean_wait_served": served[0],
        "var_wait_served": served[1],
        "mean_wait_abandoned": left[0],
        "var_wait_abandoned": left[1],
    }
    for limit in (0.1, 0.2):
        found[f"p_wait_le_{limit}_given_served"] = desk.p_served_within(limit) / (1 - desk.p_abandon)
        found[f"p_wait_le_{limit}_given_abandoned"] = desk.p_left_within(limit) / desk.p_abandon
    return found


WHITT = {
    "p_wait_zero": see.complement(measure("phone", "p_wait")),
    "p_abandon": measure("phone", "abandoned_share"),
    "mean_queue": measure("phone", "queue_length"),
    "var_queue": see.queue_variance(),
    "mean_in_system": measure("phone", "in_system"),
    "mean_wait_served": minutes("phone", "served_wait_mean"),
    "var_wait_served": see.wait_variance("served"),
    "mean_wait_abandoned": minutes("phone", "abandoned_wait_mean"),
    "var_wait_abandoned": see.wait_variance("abandoned"),
    "p_wait_le_0.1_given_served": measure("tenth", "of_answered"),
    "p_wait_le_0.1_given_abandoned": see.waited_at_most_given(0.1, "abandoned"),
    "p_wait_le_0.2_given_served": measure("two_tenth", "of_answered"),
    "p_wait_le_0.2_given_abandoned": see.waited_at_most_given(0.2, "abandoned"),
}


def _positions() -> Values:
    from supportsim.study.erlang import ErlangC

    desk = ErlangC(agents=14, rate=100 / 30, service=3)
    return {
        "service_level": desk.service_level(SECONDS_20),
        "occupancy": desk.occupancy,
        "waiting_probability": desk.p_wait,
        "asa_s": 60 * desk.asa,
    }


POSITIONS = {
    "service_level": measure("twenty_seconds", "kept_share"),
    "occupancy": measure("desk", "occupancy"),
    "waiting_probability": measure("phone", "p_wait"),
    "asa_s": measure("phone", "served_wait_mean"),
}


def _one_agent() -> Values:
    from supportsim.study.theory import cobham

    return {f"mean_time_in_system.{c}": 1 + wait for c, wait in enumerate(cobham((0.2, 0.6), 1, 1))}


ONE_AGENT = {
    "mean_time_in_system.0": see.minutes_in_system("first phone"),
    "mean_time_in_system.1": see.minutes_in_system("second phone"),
}


def _gas_station() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=0.15, service=0.75 * 8 + 0.25 * 3, agents=1, room=0)  # the law of work is immaterial
    return {"loss_mean_in_system": desk.mean(desk.states)}


def _three_places() -> Values:
    from supportsim.study.theory import Desk

    desk = Desk(arrivals=3, service=1 / 4, agents=2, room=1)
    return {"mm23_mean_in_system": desk.mean(desk.states)}


_TABLE = (
    Case("E01", _loss, LOSS, "p_blocked", full=100, quick=24),
    Case("E01_constant", _loss, LOSS, "p_blocked", full=100),
    Case("E01_lognormal", _loss, LOSS, "p_blocked", full=200),
    Case("E02", _delay, DELAY, "p_wait", full=350),
    Case("E04", _patience, PATIENCE, "p_abandon", full=100, quick=24),
    Case("E07", _constant, CONSTANT, "p_wait_zero", full=250),
    Case("E11", _wrap_up, WRAP_UP, "p_wait", full=150),
    Case("E13_A", _one_line, ONE_LINE, "p_wait", full=200),
    Case("E13_B", _gold_first, GOLD_FIRST, "p_wait", full=200),
    Case("E13_C", _gold_alone, GOLD_ALONE, "sl20s", full=25),
    Case("E13_D", _gold_apart, GOLD_APART, "valuable_p_wait", full=100),
    Case("E15", _unequal, UNEQUAL, "p_all_busy", full=150),
    Case("E22", _redials, REDIALS, "p_abandon_per_attempt", full=100, quick=24),
    *(Case(f"E27_reserve_{held}", partial(desk_cases.blending, held), desk_cases.BLENDING,
           "p_wait_calls" if held else "mails_per_hour", full=75, quick=30 if held == 1 else 0)
      for held in (0, 1, 2)),
    Case("E29", _day_from_empty, {
        **IN_TARGET,
        "arrivals": measure("phone", "contacts"),
        "service_level": measure("twenty_seconds", "kept_share"),
    }, "service_level", full=1200),
    Case("E29_patience", lambda: _day_from_empty(patience=1), {
        **IN_TARGET,
        "abandoned": measure("phone", "abandoned"),
        "sl_of_served": measure("twenty_seconds", "of_answered"),
        "sl_served_plus_late_abandons": measure("twenty_seconds", "short_abandons_excluded"),
    }, "sl_of_served", full=1000),
    Case("E29_five_places", lambda: _day_from_empty(room=5), {
        **IN_TARGET,
        "blocked": measure("phone", "blocked"),
        "sl_of_served": measure("twenty_seconds", "of_answered"),
        "sl_incl_blocked": see.kept_of_contacts("twenty_seconds", "phone"),
    }, "sl_incl_blocked", full=1000),
    Case("E33", _endless, ENDLESS, "infinite_agents_mean_busy.240", full=500),
    Case("E33_fifty", _fifty, FIFTY, "share_of_arrivals_that_wait", full=500),
    Case("P01", _whitt, WHITT, "p_wait_zero", full=80),
    Case("P10", lambda: desk_cases.published_day()[0], desk_cases.STAFF_BY_HOUR, "", full=1600,
         errors=desk_cases.published_day()[1]),
    Case("P13", _positions, POSITIONS, "service_level", full=100),
    Case("P16", _one_agent, ONE_AGENT, "mean_time_in_system.0", full=100, quick=24),
    Case("P17_loss", _gas_station, {"loss_mean_in_system": measure("pump", "in_system")},
         "loss_mean_in_system", full=100, quick=24),
    Case("P17_three_places", _three_places, {"mm23_mean_in_system": measure("phone", "in_system")},
         "mm23_mean_in_system", full=100, quick=24),
)  # fmt: skip

CASES: dict[str, Case] = {case.id: case for case in _TABLE}
