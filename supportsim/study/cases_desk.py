"""Values and figures of the cases about the desk itself: blending, a day whose staff changes by the hour."""

from __future__ import annotations

from supportsim.study import observe as see
from supportsim.study.observe import Figure, measure, minutes

Values = dict[str, float]

#: A published 90 % interval is so many standard errors to either side.
NINETY = 1.645


def blending(reserve: int) -> Values:
    """E27: eight agents, one call a minute of 4 minutes, mail of 6 minutes that never runs out."""
    from supportsim.study.theory import blending_law, expected

    agents, mail = 8, 6.0
    law = blending_law(1.0, 4.0, mail, agents, reserve)
    queue = expected(law, lambda s: s[2])
    somebody_idle = expected(law, lambda s: s[0] + s[1] < agents)
    on_calls, on_mail = (expected(law, lambda s, k=k: s[k]) for k in (0, 1))  # type: ignore[misc]
    return {
        "mean_wait_calls_min": queue,  # Little: one call a minute
        "p_wait_calls": 1 - somebody_idle,
        "mails_per_hour": 60 * on_mail / mail,
        "mean_idle": expected(law, lambda s: agents - s[0] - s[1]),
        "calls_per_min": on_calls / 4,
    }


BLENDING = {
    "mean_wait_calls_min": minutes("phone", "wait_mean"),
    "p_wait_calls": measure("phone", "p_wait"),
    "mails_per_hour": see.worked_per_hour("mail"),
    "mean_idle": see.idle(agents=8),
    "calls_per_min": see.per_minute("phone", "answered"),
}


def published_day() -> tuple[Values, Values]:
    """P10: the published means of 1000 days, and their standard errors.  A day brings 1660 calls on average."""
    intervals = {
        "arrivals": (1639.507, 1612.789, 1666.225),
        "wait_per_expected_call_s": (11.834, 10.06, 13.608),
        "share_below_20s": (0.853, 0.844, 0.862),
        "share_lost": (0.0342, 0.0311, 0.0374),
    }
    values = {name: mean for name, (mean, _, _) in intervals.items()}
    return values, {name: (high - low) / 2 / NINETY for name, (_, low, high) in intervals.items()}


def per_expected(figure: Figure, expected: float, scale: float = 1.0) -> Figure:
    """A count or sum of a day, by the number of calls expected whatever the day."""
    return Figure(lambda seen: (scale * figure.view(seen)[0], expected), figure.share)


STAFF_BY_HOUR = {
    "arrivals": measure("phone", "contacts"),
    "wait_per_expected_call_s": per_expected(see.waited_in_all(), 1660, 60),
    "share_below_20s": per_expected(see.waited_at_most(1 / 3), 1660),
    "share_lost": per_expected(measure("phone", "abandoned_share"), 1660),
}
