"""Every measure by its id: unit, formula in words, and what it counts.  The manual is made from this table.

A is the number answered, B abandoned, D disconnected at closing or timed out; A_T and B_T those within the limit T
of a promise; B_s abandoned within 5 s (the brief limit).  Sums run over contacts (issues, touches) created in
counted time and followed to the end of the run-out; times over counted time.  Pieces of filler are counted by
`fillers` and `filler_work` and by nothing else here; the time of agents holds them.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Basis = Literal["issues", "contacts", "touches", "time", "people", "hours", "money"]


class Measure(NamedTuple):
    """`numerator` and `denominator` name summed columns (None: a count as it stands)."""

    id: str
    unit: str
    basis: Basis
    formula: str
    numerator: str = ""
    denominator: str | None = None


QUANTILES = (0.5, 0.8, 0.9, 0.95, 0.99)
_WAITS = (
    ("wait", "offered", "of all offered contacts (answered, abandoned, disconnected, timed out or withdrawn)"),
    ("served_wait", "answered", "of answered contacts, to their first answer; its mean is the speed of answer (ASA)"),
    ("abandoned_wait", "abandoned", "of abandoned contacts"),
)


def _wait_measures() -> tuple[Measure, ...]:
    found = []
    for name, whom, words in _WAITS:
        found.append(Measure(f"{name}_mean", "s", "contacts", f"mean wait {words}", f"{name}_s", whom))
        words_var = f"sum of (wait - mean)^2 / number, waits {words}"
        found.append(Measure(f"{name}_var", "s2", "contacts", words_var))
        for q in QUANTILES:
            words_q = f"{q:.0%} quantile of waits {words}, linear between order statistics, to 0.1 %"
            found.append(Measure(f"{name}_p{round(100 * q)}", "s", "contacts", words_q))
    return tuple(found)


def _count(name: str, basis: Basis, words: str) -> Measure:
    return Measure(name, "", basis, words, name)


def _share(name: str, basis: Basis, words: str, top: str, bottom: str) -> Measure:
    return Measure(name, "share", basis, words, top, bottom)


#: By selector, from the table of contacts.
CONTACT_MEASURES = (
    _count("contacts", "contacts", "contacts created, whatever became of them"),
    _count("offered", "contacts", "answered + abandoned + disconnected + timed out + withdrawn"),
    _count("answered", "contacts", "contacts on which work began"),
    _count("abandoned", "contacts", "left a live line while waiting, zero patience included"),
    _count("balked", "contacts", "abandoned with patience 0; part of abandoned"),
    _count("disconnected", "contacts", "waiting when the line was cut at closing time"),
    _count("timed_out", "contacts", "live contacts whose wait the system ended at the wait limit of the channel"),
    _count("withdrawn", "contacts", "deferred contacts taken back unanswered"),
    _count("blocked", "contacts", "heard busy: all lines or the waiting room full; not offered"),
    _count("turned_away", "contacts", "came while the channel was closed; not offered"),
    _count("still_waiting", "contacts", "neither answered nor gone at the end of the run-out; not offered"),
    Measure("still_waiting_age_mean", "s", "contacts", "mean age, at the end of the run-out, of those still waiting",
            "still_waiting_s", "still_waiting"),
    Measure("still_waiting_age_max", "s", "contacts", "age of the oldest of them"),
    _share("abandoned_share", "contacts", "abandoned / offered", "abandoned", "offered"),
    _share("blocked_share", "contacts", "blocked / contacts", "blocked", "contacts"),
    _share("turned_away_share", "contacts", "turned away / contacts", "turned_away", "contacts"),
    _share("timed_out_share", "contacts", "timed out / offered", "timed_out", "offered"),
    _share("p_wait", "contacts", "offered contacts that waited longer than 0 / offered", "waited", "offered"),
    *_wait_measures(),
    _share("redials_share", "contacts", "offered redials (unserved before) / offered", "redials", "offered"),
    _share("repeats_share", "contacts", "offered repeats (served before) / offered", "repeats", "offered"),
    _share("switches_share", "contacts", "offered switches of channel / offered", "switches", "offered"),
    Measure("aht", "s", "contacts", "(talk + wrap-up) of handled contacts / handled contacts; elapsed time, "
            "with several chats in hand longer than the agent's share", "work_s", "handled"),
    Measure("talk_mean", "s", "contacts", "talk of handled contacts / handled contacts", "talk_s", "handled"),
    Measure("wrap_up_mean", "s", "contacts", "wrap-up of handled contacts / handled contacts", "wrap_s",
            "handled"),
    _count("starved", "contacts", "contacts passed over at least once: an agent who held chats took another one, and "
           "with empty hands would have taken this contact of another channel instead"),
    _share("starved_share", "contacts", "starved / contacts that joined a queue (neither blocked nor turned away)",
           "starved", "joined"),
    _count("fillers", "contacts", "pieces of filler begun; no contact of a customer, and in no other count of "
           "contacts, issues or touches"),
    Measure("channel_cost", "currency", "money", "contacts that got through (not busy or closed) x price "
            "per contact, plus the monthly price of the channel x counted months (channels and all only)"),
)  # fmt: skip

#: By selector, from the table of issues; an issue belongs to the queue of its first contact.
ISSUE_MEASURES = (
    _count("issues", "issues", "issues that arose"),
    _count("touches", "touches", "touches (agent work on a contact, started or waiting) that joined a queue"),
    _share("solved_share", "issues", "issues solved / issues", "solved", "issues"),
    _share("solved_first_share", "issues", "issues solved with one contact / issues", "solved_first",
            "issues"),
    _share("gave_up_share", "issues", "issues given up / issues", "gave_up", "issues"),
    _share("never_served_share", "issues", "issues over without one answered contact / issues (level none "
           "included)", "never_served", "issues"),
    _share("unasked_share", "issues", "issues that their customers kept to themselves (`asks`) / issues", "unasked",
            "issues"),
    _share("open_share", "issues", "issues still open at the end / issues", "open", "issues"),
    _share("cut_share", "issues", "issues whose next contact fell in a run-out without demand / issues",
           "cut", "issues"),
    Measure("contacts_per_issue", "", "issues", "contacts of counted issues / issues", "contacts_made",
            "issues"),
    _count("people", "people", "customers with at least one issue; an anonymous issue is a customer of its own"),
    _count("people_never_served", "people", "customers with an issue over and never answered, counted like people"),
)  # fmt: skip

#: By selector, from the table of touches.
TIME_MEASURES = (
    Measure("queue_length", "contacts", "time", "time average of contacts waiting (counted time)",
            "waiting_h", "counted_h"),
    Measure("in_system", "contacts", "time", "time average of contacts waiting or talking; wrap-up is over "
            "for the customer", "system_h", "counted_h"),
    Measure("workload", "agents", "time", "agent-hours of talk and wrap-up / counted hours; a chat beside "
            "others counts in full; filler apart", "work_h", "counted_h"),
    Measure("filler_work", "agents", "time", "agent-hours of work on filler / counted hours", "filler_h",
            "counted_h"),
)  # fmt: skip

#: By team and for all.
TEAM_MEASURES = (
    Measure("busy_agents", "agents", "time", "time average of agents with work in hand, overtime included",
            "busy_h", "counted_h"),
    Measure("present_agents", "agents", "time", "time average of agents present: on shift and at the desk (not "
            "absent or away); overtime is not in it", "present_h", "counted_h"),
    Measure("away_agents", "agents", "time", "time average of agents on a break or in a block",
            "away_h", "counted_h"),
    Measure("occupancy", "share", "hours", "(talk + wrap-up) / (talk + wrap-up + idle); overtime work counts "
            "above and below, so it is never over 100 %; several chats in hand count as one, filler counts as work",
            "busy_h", "busy_or_idle_h"),
    Measure("filler_share", "share", "hours", "time with nothing but filler in hand / (talk + wrap-up + idle); "
            "occupancy less this is what customers keep agents busy", "filler_only_h", "busy_or_idle_h"),
    Measure("utilisation", "share", "hours", "(talk + wrap-up) / paid hours, leave left out and overtime "
            "included", "busy_h", "paid_worked_h"),
    Measure("rostered_hours", "h", "hours", "hours on the roster, overtime not included", "rostered_h"),
    Measure("overtime_hours", "h", "hours", "hours between the end of a shift and leaving", "overtime_h"),
    Measure("paid_hours", "h", "hours", "rostered hours less unpaid breaks, / (1 - leave); overtime apart",
            "paid_h"),
    Measure("pay", "currency", "money", "wage x paid hours, those of leave included; whole micro-units by "
            "agent-shift, as all money"),
    Measure("overtime_pay", "currency", "money", "wage x overtime factor x overtime hours"),
    Measure("seats", "currency", "money", "price of a seat x people (of heads: the most there ever are) x months of "
            "counted time"),
    Measure("lost_breaks", "", "hours", "breaks and blocks that never began", "lost_breaks"),
)  # fmt: skip

#: id -> the words a report writes, the formula, and its name in a scenario file (`counted:`).
FORMULAS = (
    ("answered_of_offered", "answered/offered", "A_T / (A + B + D)"),
    ("short_abandons_good", "short abandons are good", "(A_T + B_T) / (A + B + D)"),
    ("short_abandons_excluded", "short abandons excluded", "A_T / (A + B + D - B_T)"),
    ("of_answered", "answered only", "A_T / A"),
    ("brief_abandons_credited", "brief abandons credited", "(A_T + B_s) / (A + B + D), B_s within 5 s"),
    ("brief_abandons_excluded", "brief abandons excluded", "A_T / (A + B + D - B_s), B_s within 5 s"),
)

#: By promise, and by promise and `segment channel` where it covers several.
PROMISE_MEASURES = (
    _share("kept_share", "contacts", "share kept by the promise's own formula: one of the six for `answer`; "
           "issues replied to in time / (in time + broken) for `first_reply`", "kept", "judged"),
    *(_share(name, "contacts", words, f"{name}_top", f"{name}_bottom") for name, _, words in FORMULAS),
    _share("periods_kept_share", "contacts", "judged periods whose share reaches the target / periods with a "
           "case", "periods_kept", "periods"),
    _count("breaches", "contacts", "cases judged and not kept: contacts for `answer`, issues for `first_reply`"),
    Measure("penalty", "currency", "money", "price of a breach x breaches"),
    Measure("penalty_lost", "currency", "money", "answer: price of a lost contact x (abandoned + blocked + "
            "disconnected + timed out)"),
    Measure("credit", "currency", "money", "price of a missed period x judged periods with a case that miss the "
            "target; of a promise as a whole"),
    _count("broken", "issues", "first_reply: replied too late, open or withdrawn with the due tick past"),
    _count("broken_open", "issues", "first_reply: open at the end and past due; part of broken"),
    _count("not_yet_due", "issues", "first_reply: open at the end and not past due: censored, not judged"),
    Measure("open_age_mean", "h", "issues", "mean age at the end of what is open then: issues without a reply, from "
            "the contact that started the clock; for `answer` contacts still waiting", "open_h", "open"),
    Measure("open_age_max", "h", "issues", "age of the oldest of them"),
    _count("withdrawn_before_due", "issues", "first_reply: withdrawn before it was due: not judged"),
    _count("people_broken", "people", "customers with at least one case not kept, counted like people"),
)  # fmt: skip

#: For all and by segment.
MONEY_MEASURES = (
    Measure("cost", "currency", "money", "of the company: pay + overtime_pay + seats + channel_cost + penalty + "
            "penalty_lost + credit of everybody (all only) = allocated + filler + unallocated, exactly"),
    Measure("allocated_cost", "currency", "money", "pay and overtime pay of time at work for the segment (1/n of the "
            "time of an agent with n contacts in hand) + price of its contacts + its penalties; all: of all segments"),
    Measure("filler_cost", "currency", "money", "pay and overtime pay of time at work on filler (all only)"),
    Measure("unallocated_cost", "currency", "money", "idle, away and absent time, leave, seats, months of channels, "
            "credits (all only)"),
    Measure("cost_per_contact", "currency", "money", "all: cost / contacts handled (worked to the end); of a segment: "
            "allocated_cost / its contacts handled", "cost", "handled"),
    Measure("cost_per_solved", "currency", "money", "all: cost / issues solved; of a segment: allocated_cost / its "
            "issues solved", "cost", "solved"),
)  # fmt: skip

#: For all and by segment, where something is known of what customers bring.
INCOME_MEASURES = (
    Measure("margin", "currency", "money", "sum over customers of margin a month x months there; all: of every "
            "segment, no value where one does not state it or is anonymous"),
    Measure("support_price", "currency", "money", "price of a plan a month x customer-months on it; all: likewise"),
    Measure("contribution", "currency", "money", "margin + support_price - cost; of a segment - allocated_cost"),
)  # fmt: skip


def _opinions(name: str, unit: str, basis: Basis, words: str) -> tuple[Measure, ...]:
    """The same for the three opinions of what experiences do."""
    ends = (("_low", "low"), ("", "stated"), ("_high", "high"))
    return tuple(Measure(name + end, unit, basis, f"{words}, odds as {opinion}") for end, opinion in ends)


#: For all and by segment, where a segment states its churn and experiences are stated.
CHURN_MEASURES = (
    *_opinions("customers_lost", "", "people", "expected customers lost by closings of counted issues: sum of yearly "
               "leaving probability after - before"),
    *_opinions("churn_cost", "currency", "money", "the same, each x what its customer is worth"),
    *_opinions("contribution_after_churn", "currency", "money", "contribution - churn_cost"),
)  # fmt: skip

#: For all and by segment, where customers leave in the play.
LEAVING_MEASURES = (
    _count("customers_left", "people", "customers who left in counted time (`feedback`)"),
    _count("customers_end", "people", "customers there at the end of counted time (`feedback`)"),
)

MEASURES = (
    *CONTACT_MEASURES, *ISSUE_MEASURES, *TIME_MEASURES, *TEAM_MEASURES, *PROMISE_MEASURES, *MONEY_MEASURES,
    *INCOME_MEASURES, *CHURN_MEASURES, *LEAVING_MEASURES,
)  # fmt: skip

#: Those whose values of single days are kept, for the range of days in `summary.csv`.
DAILY = (
    "contacts", "offered", "answered", "abandoned", "blocked", "turned_away", "abandoned_share",
    "blocked_share", "turned_away_share",
    "p_wait", "wait_mean", "served_wait_mean", "aht", "queue_length", "workload", "occupancy", "kept_share",
    "issues", "overtime_hours", "paid_hours",
)  # fmt: skip
#: And of the company as a whole.
DAILY_OF_ALL = ("cost",)


def is_sum(name: str) -> bool:
    """Whether a value of single days is a part of that of counted time: a count, hours, money; no ratio."""
    return measure(name).denominator is None


def measure(name: str) -> Measure:
    """The entry of an id.  Raises KeyError."""
    return _BY_ID[name]


_BY_ID = {entry.id: entry for entry in MEASURES}

#: Those that may be below 0: what is left may be a debt, and an experience may keep a customer.
SIGNED = ("contribution", *(entry.id for entry in CHURN_MEASURES))


def limits(name: str) -> tuple[float, float]:
    """The least and the most that a measure can be: 0 and no limit for most, 1 at most for a share."""
    return -math.inf if name in SIGNED else 0.0, 1.0 if measure(name).unit == "share" else math.inf
