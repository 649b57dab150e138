"""For which measures more is better, for which less; of the others nobody can say so without knowing why."""

from __future__ import annotations

from typing import Literal

Direction = Literal["more", "less", ""]

_MORE = (
    "kept_share", "periods_kept_share", "answered_of_offered", "short_abandons_good", "short_abandons_excluded",
    "of_answered", "brief_abandons_credited", "brief_abandons_excluded", "solved_share", "solved_first_share",
    "margin", "support_price", "contribution", "contribution_after_churn_low", "contribution_after_churn",
    "contribution_after_churn_high", "customers_end",
)  # fmt: skip
_LESS = (
    "abandoned", "disconnected", "timed_out", "withdrawn", "blocked", "turned_away", "still_waiting",
    "still_waiting_age_mean", "still_waiting_age_max", "abandoned_share", "blocked_share", "turned_away_share",
    "timed_out_share", "p_wait", "redials_share", "starved", "starved_share", "gave_up_share", "never_served_share",
    "open_share", "people_never_served", "queue_length", "overtime_hours", "pay", "lost_breaks", "channel_cost",
    "breaches", "penalty", "penalty_lost", "credit", "cost", "cost_per_contact", "cost_per_solved", "broken",
    "customers_lost_low", "customers_lost", "customers_lost_high", "churn_cost_low", "churn_cost", "churn_cost_high",
    "customers_left",
    "broken_open", "open_age_mean", "open_age_max", "people_broken",
)  # fmt: skip


def better(measure: str) -> Direction:
    """`more` or `less`, "" where it depends: volumes, occupancy, handle times."""
    waits = measure.startswith(("wait_", "served_wait_"))
    if measure in _MORE:
        return "more"
    return "less" if measure in _LESS or waits else ""
