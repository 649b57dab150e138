"""What each column of the CSV files of a result holds, for docs/measures.md."""

from __future__ import annotations

from typing import NamedTuple

from supportsim.measure import ages, catalogue


class Column(NamedTuple):
    """A column of a table: its unit (empty for text) and its meaning in words."""

    name: str
    unit: str
    meaning: str


class File(NamedTuple):
    """A CSV file of the result folder: what a row is, and its columns in order."""

    name: str
    words: str
    columns: tuple[Column, ...]


def _columns(*lines: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*line) for line in lines)


SUMMARY = _columns(
    ("selector", "", "whom the measure speaks of: `all`, a channel, a segment, `segment channel`, a team, a promise"),
    ("measure", "", "an id of the tables above"),
    ("unit", "", "of means and ranges; empty for a number"),
    (
        "mean",
        "the row's",
        "mean of the values of the replications that have one; a count or a sum is that of all counted time",
    ),
    ("mean_ci_low", "the row's", "low end of its 95 % Student interval; empty for one replication"),
    ("mean_ci_high", "the row's", "high end of the same"),
    (
        "day_mean",
        "the row's",
        "mean of the values of single days, over all replications; for some measures. A count "
        "or a sum is that of one day, a ratio that of the day's sums",
    ),
    ("day_p05", "the row's", "5 % quantile of the same values"),
    ("day_p95", "the row's", "95 % quantile of the same values"),
    ("n", "replications", "how many have a value"),
    ("method", "", "how mean and interval were made, in words"),
)

REPLICATIONS = _columns(
    ("scenario", "", "its name"),
    ("replication", "", "its number, from 1"),
    ("selector", "", "as in `summary.csv`"),
    ("measure", "", "an id of the tables above"),
    ("numerator", "", "of the ratio, or the count itself; empty for a quantile or a variance"),
    ("denominator", "", "of the ratio, or the number of cases behind it; empty for a count"),
    ("value", "the measure's", "with all its digits; empty where there is no case"),
)

INTERVALS = _columns(
    ("start", "local time", "begin of the interval, with its offset from UTC"),
    ("channel", "", "a channel, or `all`"),
    ("segment", "", "a segment, or `all`"),
    ("offered", "number", "contacts created here and offered: answered, abandoned, disconnected, timed out or "
     "withdrawn; no filler"),
    ("first_tries", "number", "of offered: the first contact of an issue"),
    ("returns", "number", "of offered: redials, repeats and switches of channel"),
    ("answered", "number", "contacts created here on which work began, whenever that was"),
    ("answered_in_limit", "number", "of answered: in time for the first promise that covers the whole row"),
    ("abandoned", "number", "contacts created here that left a live line while waiting"),
    ("short_abandoned", "number", "of abandoned: within 5 s"),
    ("timed_out", "number", "contacts created here whose wait the system ended"),
    ("blocked", "number", "heard busy; not offered"),
    ("turned_away", "number", "came while the channel was closed; not offered"),
    ("asa_s", "s", "mean wait of the answered: a ratio of sums over all replications"),
    ("wait_p95_s", "s", "95 % quantile of the waits of the offered, mean over the replications that have one"),
    ("aht_s", "s", "talk and wrap-up per handled contact: a ratio of sums over all replications"),
    ("promise", "", "the first promise that covers the whole row; empty where none does"),
    ("kept_share", "share", "of it kept: sum kept / sum judged over all replications, as the promise counts"),
    ("kept_ci_low", "share", "low end of its 95 % interval (Fieller), of the replications with a case; empty where "
     "there is none"),
    ("kept_ci_high", "share", "high end of the same"),
    ("heads_rostered", "agents", "mean number on the roster, of all teams that can serve the row, with those who work"
     " as one of them at that time"),
    ("heads_present", "agents", "mean number at the desk, of the same teams; overtime is not in it"),
    ("occupancy", "share", "work / (work + idle) of the same teams, filler counted as work: a ratio of sums over all "
     "replications, because single intervals are often empty"),
    ("backlog", "number", "contacts open at the end of the interval: not answered (live), not replied to (deferred); "
     "no filler"),
    ("oldest_h", "h", "age of the oldest of them, mean over the replications that have one"),
    ("required_erlang_c", "agents", "smallest number that keeps the row's `answer` promise by Erlang C for the volume "
     "played (offered and blocked, mean over replications) at the interval's AHT (slow-down included), over the "
     "contacts an agent holds at once; breaks and absence not added"),
    ("required_erlang_a", "agents", "the same by Erlang A with the mean patience; empty where nobody ever leaves"),
    ("required_simulated", "agents", "fewest heads at the desk with which this simulation keeps the `answer` promises "
     "of the live line to which the channel belongs, as in `required.csv`; in the row of all segments, with "
     "`--required`, else empty"),
    ("required_yours", "agents", "what the scenario states under `required`"),
    ("actual_sl", "share", "what the scenario states under `actuals`"),
)  # fmt: skip

_BRIDGE = _columns(
    ("rostered_h", "h", "on the roster (heads: their curve) = absent + off desk + breaks + present; not overtime"),
    ("absent_h", "h", "rostered and absent"),
    ("off_desk_h", "h", "rostered and in a block or an activity off the desk: meetings, training"),
    ("breaks_paid_h", "h", "on a paid break"),
    ("breaks_unpaid_h", "h", "on an unpaid break"),
    ("present_h", "h", "on shift and at the desk = handling + wrap-up + idle"),
    ("handling_h", "h", "present and talking or writing with at least one customer; wrap-up is not in it"),
    ("wrap_up_h", "h", "present and in wrap-up only"),
    ("idle_h", "h", "present with no work in hand"),
    ("filler_h", "h", "of handling and wrap-up: with nothing but filler in hand"),
    ("overtime_h", "h", "between the end of a shift and leaving; outside `present_h` and `rostered_h`"),
)

BRIDGE = (
    *_columns(("start", "local time", "begin of the interval, with its offset from UTC"), ("team", "", "its name")),
    *_BRIDGE,
)

TEAMS = (
    *_columns(("team", "", "its name, or `all` where there are several")),
    *_BRIDGE,
    *_columns(
        ("lost_breaks", "number", "breaks and blocks that never began"),
        ("leave_h", "h", "paid and nobody works: (rostered hours less unpaid breaks) x leave / (1 - leave)"),
        ("paid_h", "h", "rostered hours less unpaid breaks, and leave; overtime apart"),
        ("currency", "", "of pay, overtime_pay and seats"),
        *((name, "currency", catalogue.measure(name).formula) for name in ("pay", "overtime_pay", "seats")),
        ("occupancy", "share", "as in `summary.csv`: the ratio in each replication, mean over replications"),
        ("utilisation", "share", "as in `summary.csv`: the ratio in each replication, mean over replications"),
    ),
)

PROMISES = (
    *_columns(
        ("promise", "", "its name"),
        ("selector", "", "`all` it covers, or a segment on a channel of it"),
        ("clock", "", "`answer` or `first_reply`"),
        ("limit", "", "the time promised"),
        ("hours", "", "the calendar in which the clock runs"),
        ("counted", "", "the formula that judges it"),
        ("judged", "", "daily, weekly, monthly or all counted time at once"),
        ("target", "share", "what was promised"),
        ("n", "number", "judged cases per replication"),
        ("kept_share", "share", "share kept in each replication, mean over replications"),
        ("kept_ci_low", "share", "low end of its 95 % Student interval, not below 0"),
        ("kept_ci_high", "share", "high end of the same, not above 1"),
        ("period_p05", "share", "5 % quantile of the shares of single judged periods, over all replications"),
        ("period_p95", "share", "95 % quantile of the same"),
        ("periods_kept_share", "share", "judged periods that reach the target, of those of all replications with a "
         "case"),
        ("replications", "number", "how many have a case"),
        ("verdict", "", "kept or missed: the whole interval lies on one side of the target; else too close to call"),
        ("replications_to_decide", "number", "a rough guess of how many would be decisive, at least twice as many, "
         "in steps of 1, 2 and 5; only where it is too close to call, empty where not even 10,000 would do"),
    ),
    *(Column(name, "share", f"{formula}; for `answer`") for name, _, formula in catalogue.FORMULAS),
    *_columns(
        ("answered", "number", "contacts the promise covers that were answered; for `answer`"),
        ("abandoned", "number", "that left while waiting; for `answer`"),
        ("disconnected", "number", "that were cut off at closing time; for `answer`"),
        ("timed_out", "number", "whose wait the system ended; for `answer`"),
        ("blocked", "number", "that heard busy; for `answer`"),
        ("turned_away", "number", "that came while the channel was closed; for `answer`"),
        ("still_waiting", "number", "neither answered nor gone at the end of the run-out; for `answer`"),
    ),
    *_columns(
        ("breaches", "number", catalogue.measure("breaches").formula),
        ("currency", "", "of penalty, penalty_lost and credit"),
        *((name, "currency", catalogue.measure(name).formula) for name in ("penalty", "penalty_lost", "credit")),
    ),
    *(Column(m.id, m.unit or "number", m.formula) for m in catalogue.PROMISE_MEASURES
      if m.basis in ("issues", "people")),
)  # fmt: skip

COSTS = _columns(
    ("kind", "", "pay, overtime_pay, seats, channel_cost, penalty, penalty_lost, credit: measures above; or `cost`, "
     "the sum of all other rows"),
    ("of", "", "the team, channel or promise; empty for `cost`"),
    ("currency", "", "of mean, range and week"),
    ("mean", "currency", "per replication, in whole millionths; `cost` is the sum of the rows, exactly"),
    ("mean_ci_low", "currency", "low end of its 95 % Student interval, not below 0; empty for one replication"),
    ("mean_ci_high", "currency", "high end of the same"),
    ("per_week", "currency", "mean / weeks counted (seven calendar days each), made whole as the mean; empty where "
     "less than a week is counted"),
    ("n", "replications", "behind it"),
)  # fmt: skip

ALLOCATION = _columns(
    ("whose", "", "`segment`, `filler`, `unallocated` (no segment caused it), or `company`, the sum of all other rows"),
    ("segment", "", "its name"),
    ("currency", "", "of all amounts"),
    ("agents", "currency", "pay and overtime pay of time at work for the segment, 1/n of the time of an agent with n "
     "contacts in hand; unallocated: idle, away and absent time, leave and seats"),
    ("channel_cost", "currency", "price of its contacts; unallocated: months of channels"),
    ("penalty", "currency", "of its contacts and issues"),
    ("penalty_lost", "currency", "of its contacts"),
    ("credit", "currency", "of promises as a whole: unallocated"),
    ("cost", "currency", "agents + channel_cost + penalty + penalty_lost + credit, exactly, row by row and in all"),
    ("cost_ci_low", "currency", "low end of its 95 % Student interval, not below 0; empty for one replication"),
    ("cost_ci_high", "currency", "high end of the same"),
    ("cost_per_week", "currency", "cost / weeks counted, as in `costs.csv`; empty where less than a week is counted"),
    ("handled", "number", "contacts handled: worked to the end, wrap-up included"),
    ("cost_per_contact", "currency", "as in `summary.csv`: the ratio in each replication, mean over replications"),
    ("solved", "number", "issues solved"),
    ("cost_per_solved", "currency", "as in `summary.csv`: the ratio in each replication, mean over replications"),
)  # fmt: skip

CONTRIBUTION = _columns(
    ("whose", "", "as in `allocation.csv`"),
    ("segment", "", "its name"),
    ("currency", "", "of all amounts"),
    ("customers", "number", "mean over counted time; empty where a segment is anonymous"),
    ("margin", "currency", "mean, in whole millionths; empty where it is not stated, and then of the company, too"),
    ("support_price", "currency", "of plans; likewise"),
    ("cost", "currency", "as in `allocation.csv`"),
    ("contribution", "currency", "margin + support_price - cost, exactly; the company is the sum of all other rows"),
    ("contribution_ci_low", "currency", "low end of its 95 % Student interval; empty for one replication"),
    ("contribution_ci_high", "currency", "high end of the same"),
    ("contribution_per_year", "currency", "x 365.25 / days counted, made whole as the mean; empty where less than a "
     "week is counted"),
    ("cost_per_customer_year", "currency", "cost / customer-years"),
    ("issues_per_customer_year", "number", "issues that arose / customer-years"),
    ("break_even_issues", "number", "issues a customer-year that use up what he brings: (margin + support_price) / "
     "customer-years / (cost / issues)"),
    ("months_of_margin", "number", "cost_per_contact of `allocation.csv` / margin of a customer-month"),
    ("churn_cost_low", "currency", "as in `experience.csv`, odds as low; expected, no cash; 0 of segments that take "
     "no part; empty where nobody does"),
    ("churn_cost", "currency", "the same, odds as stated"),
    ("churn_cost_high", "currency", "the same, odds as high"),
    ("after_churn_low", "currency", "contribution - churn_cost_low, exactly; the company is the sum of all other rows"),
    ("after_churn", "currency", "contribution - churn_cost"),
    ("after_churn_high", "currency", "contribution - churn_cost_high"),
    ("n", "replications", "behind it"),
)  # fmt: skip

CASH = _columns(
    ("view", "", "`cash`: what is earned and paid; `allocated`: the same divided among those who caused it. Never "
     "added to each other: the last row of both is the same amount. `expected`: what customers are expected to be "
     "worth less, part of neither"),
    ("line", "", "margin, support_price, then kinds of cost as in `costs.csv`, negative, and `cash`, their sum; "
     "contributions of `segment`, `filler` and `unallocated`, and `contribution`, their sum; `churn_cost`, negative"),
    ("of", "", "the segment; of `churn_cost` the opinion: low, stated, high"),
    ("currency", "", "of mean, range and year"),
    ("mean", "currency", "per replication, in whole millionths; empty where it is not known"),
    ("mean_ci_low", "currency", "low end of its 95 % Student interval; empty for one replication"),
    ("mean_ci_high", "currency", "high end of the same"),
    ("per_year", "currency", "as in `contribution.csv`"),
    ("n", "replications", "behind it"),
)  # fmt: skip

YEAR = _columns(
    ("line", "", "`posts`, `paid_hours`, kinds of cost as in `costs.csv` and `cost`, their sum; `support_price`; "
     "`left`: support_price - cost"),
    ("of", "", "the team, channel, promise or segment; empty for all"),
    ("unit", "", "`FTE`: posts of 40 paid hours a week, leave included, overtime not; `h`; or the currency"),
    ("month", "the row's", "a twelfth of the year (of posts the same): every month alike, for of the seasons of a year "
     "nothing is known but what counted time holds"),
    ("year", "the row's", "counted time x 365.25 / days counted, made whole as in `costs.csv`; empty where it is not "
     "known"),
    ("year_ci_low", "the row's", "low end of its 95 % Student interval: chance alone; empty for one replication"),
    ("year_ci_high", "the row's", "high end of the same"),
    ("n", "replications", "behind it"),
)  # fmt: skip

_OPINIONS = ("low", "stated", "high")
EXPERIENCE = _columns(
    ("whose", "", "`segment`, or `company`, the sum of the rows above it"),
    ("segment", "", "its name"),
    ("currency", "", "of all amounts"),
    ("customers", "number", "mean over counted time"),
    ("closings", "number", "issues that arose in counted time, each closed once, or open at the end"),
    ("still_open", "number", "of these: open at the end or cut; they count with what they have suffered"),
    ("promise_broken", "number", "promises broken per customer"),
    ("waited_min", "min", "waited per customer"),
    ("contact_again", "number", "contacts after the first of an issue, per customer"),
    ("switched", "number", "switches of channel per customer"),
    ("unanswered", "number", "contacts that ended without an answer, per customer"),
    *((kind, "number", f"issues that ended {words}, per customer") for kind, words in (
        ("gave_up", "given up"), ("unasked", "unasked"), ("unserved", "unserved"), ("solved", "solved"))),
    ("leaving_per_year", "number", "customers x the churn stated: who leaves a year were support neither good nor bad"),
    *((f"lost_per_year_{each}", "number", f"customers expected to be lost beside these, odds as {each}: x 365.25 / "
       "days counted; empty where less than a week is counted") for each in _OPINIONS),
    *((f"{name}_{each}{end}", unit, words + f", odds as {each}" if not end else words_of_end)
      for name, unit, words in (("customers_lost", "number", "lost in counted time"),
                                ("churn_cost", "currency", "what they were worth; empty where a margin is not stated"))
      for each in _OPINIONS
      for end, words_of_end in (("", ""), ("_ci_low", "low end of its 95 % Student interval: chance alone"),
                                ("_ci_high", "high end of the same"))),
    ("n", "replications", "behind it"),
)  # fmt: skip

_OF_MONTHS = (
    ("customers_begin", "number", "customers there at its begin"),
    ("joined", "number", "customers who joined in it"),
    ("left", "number", "customers who left in it"),
    ("customers_end", "number", "customers at its end = customers_begin + joined - left"),
    ("customers_mean", "number", "mean number there: their time / its counted time"),
    ("issues", "number", "issues that arose in it"),
    ("not_arisen", "number", "issues `gone` in it without a contact: whose customer had left when they would have "
     "arisen"),
    ("not_returned", "number", "issues `gone` in it after a contact: whose customer had left when the next was due"),
    ("margin", "currency", "margin of customers while they were there; empty where it is not stated"),
    ("support_price", "currency", "prices of plans of customers while they were there"),
)  # fmt: skip
MONTHS = _columns(
    ("whose", "", "`segment`, or `all`: all segments of the file that are told here"),
    ("segment", "", "its name"),
    ("month", "", "calendar month in the zone of the scenario, as 2026-03"),
    ("days", "number", "days of it that are counted"),
    ("currency", "", "of all amounts"),
    *((name + end, unit, words if not end else words_of_end)
      for name, unit, words in _OF_MONTHS
      for end, words_of_end in (("", ""), ("_ci_low", "low end of its 95 % Student interval"),
                                ("_ci_high", "high end of the same"))),
    ("n", "replications", "behind it"),
)  # fmt: skip

BACKLOG = _columns(
    ("start", "local time", "begin of the interval, with its offset from UTC"),
    ("channel", "", "a deferred channel"),
    ("segment", "", "a segment, or `all`"),
    *((name, "number", f"contacts open at the end of the interval, {words} after their creation (elapsed time)")
      for name, words in zip(ages.BANDS, ("less than 8 h", "8 to 24 h", "24 to 72 h", "72 h and more"), strict=True)),
    ("oldest_h", "h", "age of the oldest of them, mean over the replications that have one"),
)  # fmt: skip

CAUSES = _columns(
    ("promise", "", "an `answer` promise"),
    ("bin", "", "interval of the typical day or week, by the local clock"),
    ("cases", "number", "occurrences (replication x interval) with a contact to judge, of all replications"),
    ("missed", "number", "of these: the share kept was below the target; all hours are means over them"),
    ("days_missed_in_100", "number", "missed of 100 cases"),
    ("volume_h", "h", "more contacts than expected x expected AHT / contacts held at once"),
    ("handle_time_h", "h", "work beyond contacts handled x expected AHT, / contacts held at once"),
    ("absence_h", "h", "absent beyond what is expected"),
    ("off_desk_h", "h", "in blocks and activities off the desk, beyond an even share of rostered hours"),
    ("breaks_h", "h", "breaks the roster has here, of those who came, beyond an even share of rostered hours"),
    ("late_h", "h", "on a break less the breaks the roster has here"),
    ("roster_h", "h", "asked by Erlang for the expected volume, less whom the roster leaves at the desk: rostered "
     "without expected absence and without even shares of breaks and of time off the desk"),
    ("needed_h", "h", "asked by Erlang for the expected volume + volume + handle_time"),
    ("present_h", "h", "at the desk, of the teams asked before the limit has passed"),
    ("shortage_h", "h", "needed - present = the sum of the seven parts"),
    ("cause", "", "the largest part; empty where nothing was missed, or nothing was short"),
)  # fmt: skip

OLDEST = _columns(
    ("channel", "", "a deferred channel"),
    ("segment", "", "a segment, or `all`"),
    ("at", "", "weekday and local time, at the end of an interval: full hours, and ends of working days"),
    ("open", "number", "contacts open then, not replied to: mean over replications and dates"),
    ("oldest_h", "h", "age of the oldest of them, elapsed: mean over those replications and dates that have one"),
    ("oldest_max_h", "h", "the greatest of these ages"),
    ("some_open_in_100", "number", "of 100 replications and dates, those with anything open"),
    ("ends_working_day", "", "1: on some date the last who are rostered for it leave then"),
    ("occasions", "number", "replications x dates"),
)  # fmt: skip

REPLY_CAUSES = _columns(
    ("promise", "", "a `first_reply` promise"),
    ("day", "", "weekday, or the one date"),
    ("cases", "number", "such days (replication x date) on which a judged case fell due, of all replications"),
    ("missed", "number", "of these: fewer of the cases due were in time than promised; all that follows are means over "
     "them"),
    ("days_missed_in_100", "number", "missed of 100 cases"),
    ("due", "number", "judged cases that fell due"),
    ("late", "number", "of these: broken"),
    ("carried_in_h", "h", "contacts covered that were open as the day began x expected handle time"),
    ("volume_h", "h", "more of them came than expected x expected handle time"),
    ("handle_time_h", "h", "work on them beyond those gone (replied to or withdrawn) x expected handle time"),
    ("absence_h", "h", "absent beyond what is expected"),
    ("off_desk_h", "h", "in blocks and activities off the desk, likewise"),
    ("breaks_h", "h", "on a break, likewise"),
    ("live_h", "h", "at work on live channels, and on deferred contacts that other teams serve as well, likewise"),
    ("other_h", "h", "at work on other deferred contacts, likewise"),
    ("overtime_h", "h", "at work after shifts less than expected; negative: more"),
    ("idle_h", "h", "idle, or with nothing but filler in hand, at other hours of these days; never the cause"),
    ("roster_h", "h", "work expected to come less the hours left for it by those rostered, without expected absence, "
     "time off the desk, breaks and other work; negative where the desk catches up on such a day"),
    ("left_h", "h", "the sum of these eleven: open at the end of the day x expected handle time"),
    ("left", "number", "contacts covered that were open at the end of the day"),
    ("cause", "", "the largest part but `idle`; empty where nothing was missed, or nothing else is above 0"),
)  # fmt: skip

INVERSIONS = _columns(
    ("segment", "", "whose work was begun"),
    ("passed_over", "", "a segment of a higher margin, or `any` of these"),
    ("starts", "number", "stretches of work of `segment` that an available agent began in counted time"),
    ("inversions", "number", "of these: begun while a contact of `passed_over` waited that this agent could have "
     "served (docs/model.md, section 11)"),
    ("inversions_share", "share", "inversions / starts, in each replication, mean over those with a start"),
    ("inversions_share_ci_low", "share", "low end of its 95 % Student interval"),
    ("inversions_share_ci_high", "share", "high end of the same"),
    ("passed", "number", "contacts passed over, one that was passed over at several starts at each of them"),
    ("waited_min", "min", "mean time that these had waited by then, of all replications together"),
    ("n", "replications", "how many have a start"),
)  # fmt: skip

INPUTS = _columns(
    ("what", "", "the path of the input as in the scenario file, list items from 1: `channels.phone.patience`; `*` "
     "stands for every name"),
    ("segment", "", "the segment it speaks of, where it is one"),
    ("channel", "", "the channel it speaks of, where it is one"),
    ("value", "", "a number, or text: days, hours, selectors, file names, a default in words"),
    ("unit", "", "of a number: as written, `%`, `min`, `/h`; `x` for a factor"),
    ("source", "", "`written` (in the file, its base or `--set`), `default`, or `resized`: a number of people that a "
     "comparison changed"),
    ("share", "share", "of all that inputs move, when each is a share less and more, what the input of this row moves "
     "(see `sensitivity.csv`); empty where that was not tried, or the row is none of these"),
)  # fmt: skip

_BECAUSE = (
    ("because_of", "", "a segment for which agents worked, or `filler`, `away`, `reservation`, `draining`, "
     "`last chat`, `overflow delay`, `nobody on shift`"),
    ("kind", "", "`segment`, `filler`, `away`, `rule` or `nobody`: what that is"),
)  # fmt: skip
CROWDING = _columns(
    ("segment", "", "who waited: a segment, or `all`"),
    ("channel", "", "where: a channel, or `all`"),
    *_BECAUSE[:1], ("kind", "", "`segment`, `filler`, `away`, `rule` or `nobody`; `all`: the sum of these rows"),
    ("hours", "h", "waited because of it by contacts created in counted time, to the end of the run-out"),
    ("hours_ci_low", "h", "low end of its 95 % Student interval, not below 0; empty for one replication"),
    ("hours_ci_high", "h", "high end of the same"),
    ("hours_per_week", "h", "hours x 7 days / counted time; empty where less than a week is counted"),
    ("minutes_per_waiting_contact", "min", "hours / contacts that waited"),
    ("share_of_waiting", "share", "hours / all hours that the segment waited on the channel"),
    ("waiting_contacts", "number", "contacts that waited at all"),
    ("blocked_contacts", "number", "contacts that heard busy, in equal parts by the segments of those who held the "
     "lines; `all`: with those whom nobody blocked; empty for what is no segment"),
    ("n", "replications", "behind it"),
)  # fmt: skip

CROWDING_INTERVALS = _columns(
    ("segment", "", "who waited"),
    ("channel", "", "where"),
    ("bin", "", "interval of the typical day or week in which the contacts were created, by the local clock"),
    *_BECAUSE,
    ("hours", "h", "waited because of it by contacts created in one such interval, whenever they waited: mean over "
     "replications and dates"),
    ("minutes_per_waiting_contact", "min", "sum of hours / sum of contacts that waited"),
    ("waiting_contacts", "number", "contacts created in one such interval that waited at all"),
)  # fmt: skip

REQUIRED = _columns(
    ("line", "", "its live channels: those that come to the teams asked before the limit of a promise has passed"),
    ("teams", "", "names of these teams"),
    ("bin", "", "interval of the typical day or week, by the local clock"),
    ("heads_rostered", "agents", "of these teams in the scenario as it is, mean over replications and dates"),
    ("heads_present", "agents", "the same at the desk"),
    ("required_erlang_c", "agents", "by Erlang C, as in `intervals.csv`, summed over the channels of the line; mean "
     "over dates"),
    ("required_erlang_a", "agents", "the same by Erlang A; empty where on some channel nobody ever leaves"),
    ("required_simulated", "agents", "fewest heads at the desk with which every promise of the line is kept here"),
    ("required_simulated_gross", "agents", "rostered heads of whom so many are at the desk: × heads_rostered / "
     "heads_present, where nobody is present by those of the whole line; not rounded"),
    ("rostered_less_required", "agents", "heads_rostered - required_simulated_gross"),
    ("present_less_required", "agents", "heads_present - required_simulated"),
    ("promise", "", "the one that lacks most with one head fewer"),
    ("target", "share", "its share promised"),
    ("cases_per_day", "number", "contacts judged by it per replication and date, in the scenario as it is"),
    ("kept_share", "share", "of it kept with so many heads: sum kept / sum judged over all replications and dates"),
    ("kept_ci_low", "share", "low end of its 95 % interval (Fieller)"),
    ("kept_ci_high", "share", "high end of the same"),
    ("one_fewer_kept_share", "share", "the same with one head fewer there; empty where one head is all"),
    ("one_fewer_ci_low", "share", "low end of its 95 % interval (Fieller)"),
    ("one_fewer_ci_high", "share", "high end of the same"),
    ("why_none", "", "why there is no number; empty where there is one"),
)  # fmt: skip

FILES = (
    File("inputs.csv", "A row for each value of the scenario as written, with its base and all changes, and for each "
         "default that was filled in. What its CSV files say, number by number, is in `manifest.json`.", INPUTS),
    File("summary.csv", "A row for each selector and measure.", SUMMARY),
    File("replications.csv", "A row for each replication, selector and measure.", REPLICATIONS),
    File("intervals.csv", "A row for each channel and segment (and `all`) and interval; contacts are booked to the "
         "interval of their creation, work and presence to where they fell.", INTERVALS),
    File("bridge.csv", "A row for each team and interval: where its hours went; whoever works as another team stands "
         "with his own. The intervals of a team add up to its "
         "row in `teams.csv`.", BRIDGE),
    File("teams.csv", "A row for each team; counted time as a whole.", TEAMS),
    File("promises.csv", "A row for each promise, and for each segment and channel of it.", PROMISES),
    File("costs.csv", "A row for each kind of cost and team, channel or promise, and one for all.", COSTS),
    File("allocation.csv", "A row for each segment, filler, what is unallocated, and the company: the same total.",
         ALLOCATION),
    File("contribution.csv", "A row for each segment, filler, what is unallocated, and the company: what they bring, "
         "cost and leave (see [model.md](model.md#12-money)).", CONTRIBUTION),
    File("cash.csv", "The bridge from what is earned and paid to what each segment leaves.", CASH),
    File("year.csv", "The budget of a year: a row for the posts and paid hours of each team, each line of cost, what "
         "the plans of each segment bring, and what is left. No rows where less than a week is counted (see "
         "[model.md](model.md#12-money)).", YEAR),
    File("experience.csv", "A row for each segment that states its churn, and the company, where `experience` is "
         "stated (see [model.md](model.md#13-experience-and-churn)); all of it for three opinions of the odds.",
         EXPERIENCE),
    File("backlog.csv", "A row for each deferred channel and segment (and `all`) and interval; the four ages add up to "
         "`backlog` of `intervals.csv`.", BACKLOG),
    File("oldest_ages.csv", "A row for each deferred channel and segment (and `all`) and hour of the week: how old the "
         "oldest contact is, in the mean and at most, and as the working day ends.", OLDEST),
    File("causes.csv", "A row for each `answer` promise and interval of the typical day or week: what was missing in "
         "agent-hours where it was missed (see [model.md](model.md#11-from-the-journal-to-numbers)).", CAUSES),
    File("reply_causes.csv", "A row for each `first_reply` promise and weekday: what was missing in agent-hours on "
         "days on which too few of the replies due were in time (see "
         "[model.md](model.md#11-from-the-journal-to-numbers)).", REPLY_CAUSES),
    File("crowding.csv", "Who waits for whom: a row for each segment on each channel (and `all`) and all that it "
         "waited because of (see [model.md](model.md#14-who-waits-for-whom)). Absent where no journal is kept.",
         CROWDING),
    File("crowding_intervals.csv", "The same by interval of the typical day or week; what is 0 has no row. Absent "
         "where no journal is kept.", CROWDING_INTERVALS),
    File("inversions.csv", "Only where two segments or more state a `margin` and journals are kept: a row for each "
         "segment and each of a higher margin: how often the lower one was begun while the higher one waited.",
         INVERSIONS),
    File("months.csv", "Only where customers leave in the play (`experience.feedback`): a row for each segment that "
         "states `customers` and `churn`, and all of them, and each calendar month of counted time (see "
         "[model.md](model.md#customers-who-do-leave)).", MONTHS),
    File("required.csv", "Only with `--required`, and by the command `required` with `-o`: a row for each live line "
         "and interval of the typical day or week: the heads with which this simulation keeps promises there (see "
         "[model.md](model.md#11-from-the-journal-to-numbers)).", REQUIRED),
)  # fmt: skip
