"""What each figure of a result shows, and the columns of the CSV beside it, for docs/measures.md."""

from __future__ import annotations

from supportsim.measure.ages import BANDS
from supportsim.show.columns import Column, File

_KEPT = (
    Column("target", "share", "what was promised"),
    Column("cases_per_day", "number", "judged cases per replication and date"),
    Column("kept_share", "share", "sum kept / sum judged, over replications and dates"),
    Column("kept_ci_low", "share", "low end of its 95 % interval (Fieller): the dark band"),
    Column("kept_ci_high", "share", "high end of the same"),
    Column("day_p05", "share", "5 % quantile of the shares of single days, over all replications: the pale band"),
    Column("day_p95", "share", "95 % quantile of the same"),
    Column("days_missed_in_100", "number", "single days with a case whose share is below the target"),
)
_BIN = Column("bin", "", "interval of the typical day or week, by the local clock; begin")
_MINUTES = Column("bin_minutes", "min", "its length: longer than the reporting interval where cases are few")
_PROMISE = Column("promise", "", "its name")
_ERLANG = (
    Column("required_erlang_c", "agents", "as in `intervals.csv`, summed over live channels"),
    Column("required_erlang_a", "agents", "the same by Erlang A"),
    Column("required_yours", "agents", "what the scenario states under `required`"),
)

FIGURES = (
    File("promises", "Share of each promise kept over the typical day or week, with both bands; a dotted strip below "
         "marks bins too close to call, whose 95 % interval holds the target or which have none. Where the dark band "
         "covers much of the pale one, as with few replications of one day, the ends of the pale one are dotted.",
         (_PROMISE, _BIN, _MINUTES, *_KEPT)),
    File("heatmap", "The same shares by weekday and time, a number in every cell; cells hold 60 cases or more, of all "
         "replications and dates, where days allow it. A cell too close to call has a question mark and no "
         "hatching.",
         (_PROMISE, Column("day", "", "weekday, or the one date"), _BIN, _MINUTES, *_KEPT)),
    File("staffing", "Load, heads and occupancy of each live line, whose teams and requirement are those of `net`, and "
         "of the teams that no line rests on, those that share work together (where lines share teams, nothing is "
         "drawn of the others). `load_` columns are one for each channel, in agents: all that may come to these "
         "teams, also what others may take before.",
         (Column("line", "", "its live channels; empty of teams in none"),
          Column("teams", "", "names of the teams"), _BIN,
          Column("heads_rostered", "agents", "on the roster"), Column("heads_present", "agents", "at the desk"),
          *_ERLANG, Column("occupancy", "share", "work / (work + idle), filler counted as idle"))),
    File("net", "Agents present, and rostered, less those required, of each live line: the live channels that come "
         "to the teams asked before the limit of a promise of an answer has passed (the longest where there are "
         "several), and these teams. Teams and load are those of `causes.csv` and of the page `intraday`. Required is "
         "what Erlang A asks for (C where A is not known on every channel when customers give up), summed over the "
         "channels of the line; a channel without a promise counts with its load. Where there is one line only and "
         "the scenario states `required`, that; where nothing live is promised, everybody against that. With "
         "`--required`, what this simulation requires (`required.csv`) instead of all of these. Deferred "
         "work is not in it: the title says how many hours of it may come to the same teams.",
         (Column("line", "", "its live channels"), Column("teams", "", "names of the teams asked in time"),
          _BIN, Column("required_by", "", "who asks, in words"),
          Column("required", "agents", "by the above"), Column("rostered", "agents", "on the roster"),
          Column("present", "agents", "at the desk"), Column("net_rostered", "agents", "rostered - required"),
          Column("net_present", "agents", "present - required"))),
    File("intraday_<channel>_<days>", "A page for each live channel and group of weekdays: those that follow each "
         "other, with the same heads at every time (to half an agent) and contacts within a tenth. Rows `desk` first, "
         "then rows of each promise of an answer on the channel.",
         (Column("row", "", "`desk`, or a promise"), _BIN, _MINUTES,
          Column("offered_first_tries", "number", "first contacts of issues per bin and date"),
          Column("offered_returns", "number", "redials, repeats and switches per bin and date"),
          Column("forecast", "number", "contacts the demand states, none drawn, returns left out"),
          Column("heads_rostered", "agents", "of the teams asked before the longest limit promised has passed; of all "
                 "that may serve the channel where nothing is promised"),
          Column("heads_present", "agents", "the same at the desk"),
          Column("required_erlang", "agents", "of the formula that speaks for the whole desk: Erlang A where it is "
                 "known on every channel when customers give up, else C"),
          Column("required_simulated", "agents", "heads required by this simulation of the channel's live line, mean "
                 "over the weekdays of the page; with `--required`, else empty"),
          Column("required_yours", "agents", "what the scenario states under `required`"),
          Column("occupancy", "share", "work / (work + idle) of the same teams, filler counted as idle"), *_KEPT)),
    File("waits", "The share without an answer after so long, by channel and segment; who left before is censored "
         "(Kaplan and Meier, see [model.md](model.md#11-from-the-journal-to-numbers)).",
         (Column("channel", "", "its name"), Column("segment", "", "its name"),
          Column("wait_s", "s", "middle of a class of waits; rows enough to draw the curve"),
          Column("waiting_share", "share", "without an answer yet after this wait, if nobody left"),
          Column("at_risk", "number", "contacts of all replications that waited at least so long"),
          Column("answered", "number", "of all replications, answered by then"),
          Column("censored", "number", "left, or still waiting at the end, by then"),
          Column("waiting_ci_low", "share", "low end of the 95 % interval of the mean over replications: the dark "
                 "band; between 16 waits to each power of ten it is linear"),
          Column("waiting_ci_high", "share", "high end of the same"),
          Column("replication_p05", "share", "5 % quantile of single replications: the pale band"),
          Column("replication_p95", "share", "95 % quantile of the same"))),
    File("crowding", "Who waits for whom: segments on channels by what they waited because of (see "
         "[model.md](model.md#14-who-waits-for-whom)); of many rows those that waited most, of many columns the "
         "largest, the others as one. Absent where no journal is kept.",
         (Column("segment", "", "who waited"), Column("channel", "", "where"),
          Column("because_of", "", "as in `crowding.csv`; `others`: columns that are not shown"),
          Column("per", "", "`a week`, or `in counted time`"),
          Column("hours", "h", "as in `crowding.csv`, mean over replications"),
          Column("minutes_per_waiting_contact", "min", "as in `crowding.csv`"),
          Column("share_of_waiting", "share", "of the row's hours: the colour"))),
    File("backlog", "Contacts open on each deferred channel over the typical day or week, by age; the line is when "
         "half of the piles of weekends (gaps of a day or more in the roster, else nights) are cleared.",
         (Column("channel", "", "its name"), _BIN,
          *(Column(name, "number", "as in `backlog.csv`, mean over dates") for name in BANDS),
          Column("all", "number", "the four together"),
          Column("ci_low", "number", "low end of the 95 % interval of their mean"),
          Column("ci_high", "number", "high end of the same"),
          Column("day_p05", "number", "5 % quantile of single dates, over all replications"),
          Column("day_p95", "number", "95 % quantile of the same"),
          Column("nobody_rostered", "number", "1: nobody is rostered who may answer"))),
    File("oldest", "How old the oldest open contact of each segment on a deferred channel is over the typical day or "
         "week, and from which age on a contact is late, see [model.md](model.md#11-from-the-journal-to-numbers).",
         (Column("channel", "", "its name"), Column("segment", "", "its name"), _BIN,
          Column("oldest_median_h", "h", "age at the end of the bin, median of all replications and dates, 0 where "
                 "nothing is open"),
          Column("ci_low", "h", "low end of its 95 % interval (Woodruff)"),
          Column("ci_high", "h", "high end of the same"),
          Column("day_p05", "h", "5 % quantile of single dates, over all replications"),
          Column("day_p95", "h", "95 % quantile of the same"),
          Column("promise", "", "the first that covers all of the segment there"),
          Column("late_from_h", "h", "so old is a first contact that has just passed its limit, in its hours"),
          Column("nobody_rostered", "number", "1: nobody is rostered who may answer"))),
    File("availability", "The hours of `teams.csv` as a waterfall, a week where a week or more is counted.",
         (Column("team", "", "its name, or `all teams`"),
          Column("step", "", "of the bridge"), Column("per", "", "`a week`, or `in counted time`"),
          Column("hours", "h", "mean over replications"), Column("ci_low", "h", "low end of its 95 % interval"),
          Column("ci_high", "h", "high end of the same"),
          Column("share_of_rostered", "share", "hours / rostered hours"))),
)  # fmt: skip
