"""What each column of a comparison's CSV files holds, for docs/measures.md."""

from __future__ import annotations

from supportsim.show.columns import Column, File


def _columns(*lines: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*line) for line in lines)


OPTIONS = _columns(
    ("option", "", "its name; `…, roster resized by work` is the option played again so"),
    ("selector", "", "a promise, or `all`"),
    ("measure", "", "an id of the tables above; `released_hours`: paid hours that less work than in the base sets "
     "free at the same roster (docs/model.md, section 11); `penalties`: penalty + penalty_lost + credit of all "
     "promises, a part of `cost`"),
    ("unit", "", "of means and ranges; empty for a number"),
    ("per", "", "`week`, or `run` where counted time is less than a week; empty for what is no sum"),
    ("mean", "the row's", "mean over replications"),
    ("mean_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("mean_ci_high", "the row's", "high end of the same"),
    ("single", "", "of which single ones the next three columns speak: of a promise judged periods (days, weeks, "
     "months); weeks (seven counted days from the first) of a sum told by the week, else days; `runs` where single "
     "days are not kept"),
    ("single_mean", "the row's", "mean of single ones, over all replications"),
    ("single_p05", "the row's", "5 % quantile of the same: one in twenty is as low or lower"),
    ("single_p95", "the row's", "95 % quantile of the same: one in twenty is as high or higher"),
    ("target", "share", "what was promised"),
    ("verdict", "", "kept or missed: the whole interval lies on one side of the target; else too close to call"),
    ("replications_to_decide", "number", "a rough guess of how many would be decisive; empty where not even 10,000 "
     "would do"),
    ("difference", "the row's", "mean of option minus base, replication by replication"),
    ("difference_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("difference_ci_high", "the row's", "high end of the same"),
    ("n", "replications", "how many have a value"),
)  # fmt: skip

DIFFERENCES = _columns(
    ("option", "", "its name"),
    ("selector", "", "as in `summary.csv`"),
    ("measure", "", "an id of the tables above"),
    ("unit", "", "of means and differences; empty for a number"),
    ("better", "", "`more` or `less` is better; empty where nobody can say"),
    ("base", "the row's", "mean of the base over the replications that both finished"),
    ("option_mean", "the row's", "mean of the option over the same"),
    ("difference", "the row's", "mean of option minus base, replication by replication"),
    ("difference_ci_low", "the row's", "low end of its 95 % Student interval, which stands alone"),
    ("difference_ci_high", "the row's", "high end of the same"),
    ("day_difference_p05", "the row's", "5 % quantile of the differences of single days, over all replications"),
    ("day_difference_p95", "the row's", "95 % quantile of the same"),
    ("correlation", "", "of base and option over replications"),
    ("variance_reduction", "", "how many times as many replications the same interval would take without common "
     "customers; empty where nothing varies or only the difference is constant"),
    ("p", "", "probability of such a difference by chance alone, two-sided"),
    ("p_holm", "", "the same, adjusted by Holm over all options and the measures named beforehand; empty for others"),
    ("n", "replications", "how many have a value in both"),
    ("verdict", "", "better, worse, more, less, no difference, or too close to call: by `p_holm` where there is one, "
     "else by `p`, at 5 %"),
    ("adjusted", "", "`together`: the measure was named beforehand, and all verdicts called so hold at once at 95 %; "
     "`alone`: not adjusted, so that about five in a hundred rows in which nothing changes are called something"),
    ("family", "number", "tests adjusted together; 1: alone"),
    ("replications_to_decide", "number", "a rough guess of how many would be decisive; empty where not even 10,000 "
     "would do"),
)  # fmt: skip

INTERVAL_DIFFERENCES = _columns(
    ("option", "", "its name"),
    ("promise", "", "an `answer` promise that base and option both have"),
    ("day", "", "weekday, or the one date"),
    ("bin", "", "interval of the typical day or week, by the local clock; begin"),
    ("bin_minutes", "min", "its length: the reporting interval"),
    ("target", "share", "what the base promises"),
    ("cases_per_day", "number", "judged cases of the base per replication and date"),
    ("base", "share", "share kept by the base: sum kept / sum judged over all replications and dates of the bin"),
    ("base_ci_low", "share", "low end of its 95 % interval (Fieller)"),
    ("base_ci_high", "share", "high end of the same"),
    ("base_verdict", "", "kept, missed or too close to call, by that interval"),
    ("option_mean", "share", "share kept by the option, in the same way"),
    ("option_mean_ci_low", "share", "low end of its 95 % interval (Fieller)"),
    ("option_mean_ci_high", "share", "high end of the same"),
    ("option_verdict", "", "kept, missed or too close to call, by that interval"),
    ("difference", "share", "share of the option minus that of the base, over the replications that both finished"),
    ("difference_ci_low", "share", "low end of its 95 % interval, replication by replication (docs/model.md, section "
     "11); empty where one of the shares has none"),
    ("difference_ci_high", "share", "high end of the same"),
    ("n", "replications", "how many both finished and have a case in either"),
    ("verdict", "", "better, worse, no difference or too close to call, by the difference"),
    ("base_asa_s", "s", "mean wait of the answered in the base, of all contacts that the promise covers: seconds "
     "waited / contacts answered, over all replications and dates of the bin"),
    ("option_asa_s", "s", "the same in the option"),
    ("asa_difference_s", "s", "that of the option minus that of the base, over the replications that both finished"),
    ("asa_difference_ci_low", "s", "low end of its 95 % interval, as that of `difference`"),
    ("asa_difference_ci_high", "s", "high end of the same"),
    ("asa_n", "replications", "how many both finished and have somebody answered in either"),
    ("asa_verdict", "", "better (shorter), worse, no difference or too close to call, by that difference"),
)  # fmt: skip

CROWDING_OUT = _columns(
    ("removed", "", "the segment, topic or channel whose issues were taken away"),
    ("kind", "", "`segment`, `topic` or `channel`"),
    ("share", "share", "of its issues that were taken away"),
    ("of", "", "of whom the row speaks: `others` (all segments that lose no issue), a segment, a channel, a segment "
     "on a channel, a promise, `all`"),
    ("measure", "", "an id of the tables above; `waiting_minutes`: minutes in queues in counted time"),
    ("unit", "", "of the row; empty for a number"),
    ("same_issues", "number", "1: the same issues in both, so the difference is what those removed did to them; 0: "
     "those removed are in `as_is`"),
    ("as_is", "the row's", "mean over the replications that both finished"),
    ("without", "the row's", "the same without the issues taken away"),
    ("difference", "the row's", "mean of `without` minus `as_is`, replication by replication"),
    ("difference_ci_low", "the row's", "low end of its 95 % Student interval, which stands alone"),
    ("difference_ci_high", "the row's", "high end of the same"),
    ("p", "", "probability of such a difference by chance alone, two-sided, not adjusted"),
    ("n", "replications", "how many have a value in both"),
    ("contacts_removed", "number", "contacts fewer of the segments that lose issues, returns included"),
    ("per_removed", "the row's", "of sums: -`difference` / `contacts_removed` (means of both): what each contact taken "
     "away had brought upon them"),
    ("per_removed_ci_low", "the row's", "low end of its 95 % interval (Fieller: both vary, together)"),
    ("per_removed_ci_high", "the row's", "high end of the same; no interval where the contacts removed cannot be told "
     "from none"),
)  # fmt: skip

LADDER = _columns(
    ("level", "", "`as it is`, `none`, channels in the order in which they are tried, or a plan of the file"),
    ("roster", "", "`as it is`, or `resized by work`"),
    ("state", "", "`played`, or `not staffed`: no team serves it, so it has no cost, and all else is empty"),
    ("of", "", "of whom the row speaks: the segment, `others` (all other segments), a promise, another segment (on a "
     "channel), `all`"),
    ("measure", "", "an id of the tables above; `cost_to_serve`: allocated cost / (mean number of customers x years of "
     "counted time), of anonymous customers / issues; `kept_together`: the share kept of all cases of promises to the "
     "segment, or to the others"),
    ("unit", "", "of the row; empty for a number"),
    ("mean", "the row's", "mean over replications"),
    ("mean_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("mean_ci_high", "the row's", "high end of the same"),
    ("difference", "the row's", "mean of the level minus the scenario as it is, replication by replication; empty for "
     "that itself"),
    ("difference_ci_low", "the row's", "low end of its 95 % Student interval, which stands alone"),
    ("difference_ci_high", "the row's", "high end of the same"),
    ("p", "", "probability of such a difference by chance alone, two-sided, not adjusted"),
    ("n", "replications", "how many have a value"),
)  # fmt: skip

ASSIGNMENTS = _columns(
    ("assignment", "", "which segment is on which level; who is not named has what it has"),
    ("roster", "", "`as it is`, or `resized by work`"),
    ("state", "", "`played`, or `not staffed`: all else is empty then"),
    ("cost", "currency", "of the company, mean over replications"),
    ("cost_ci_low", "currency", "low end of its 95 % Student interval"),
    ("cost_ci_high", "currency", "high end of the same"),
    ("contribution", "currency", "of the company, mean over replications; empty where it is not known"),
    ("contribution_ci_low", "currency", "low end of its 95 % Student interval"),
    ("contribution_ci_high", "currency", "high end of the same"),
    ("after_churn", "currency", "contribution after churn at stated odds; empty where none is stated"),
    ("after_churn_ci_low", "currency", "low end of its 95 % Student interval"),
    ("after_churn_ci_high", "currency", "high end of the same"),
    ("per", "", "`week`, or `run` where counted time is less than a week"),
    ("currency", "", "that of the scenario"),
    ("segment", "", "the segment of the highest margin"),
    ("kept", "share", "of all cases of promises to it, mean over replications; empty without a case"),
    ("kept_ci_low", "share", "low end of its 95 % Student interval"),
    ("kept_ci_high", "share", "high end of the same"),
    ("gap", "share", "kept - the share kept of all cases of promises to the other segments, in each replication; below "
     "0 these are served better; empty without a case"),
    ("gap_ci_low", "share", "low end of its 95 % Student interval"),
    ("gap_ci_high", "share", "high end of the same"),
    ("frontier", "number", "1: by means none costs less and keeps no less, or costs no more and keeps more"),
    ("frontier_contribution", "number", "the same with contribution after churn, else contribution, in the place of "
     "cost: none leaves more and keeps no less, or leaves no less and keeps more; empty where neither is known"),
    ("n", "replications", "how many finished"),
)  # fmt: skip

FLIPS = _columns(
    ("option", "", "its name"),
    ("odds", "", "`low`, `stated`, `high`, or `factor`"),
    ("factor", "number", "on the logarithm of the stated odds: 0 nobody minds, 1 as stated; empty for low and high"),
    ("unit", "", "of the difference"),
    ("difference", "currency", "option minus base, mean over replications; per week, or per run where less is counted"),
    ("difference_ci_low", "currency", "low end of its 95 % Student interval, which stands alone"),
    ("difference_ci_high", "currency", "high end of the same"),
    ("n", "replications", "how many have a value in both"),
)  # fmt: skip

WATERFALL = _columns(
    ("option", "", "its name"),
    ("line", "", "pay, overtime_pay, seats, channel_cost, penalties (breaches, lost contacts and credits), "
     "support_price, margin; `cash`, their sum; `margin_kept`: expected cost of churn, negative; "
     "`cash_and_margin_kept`, the sum of both"),
    ("currency", "", "that of the scenario"),
    ("base", "currency", "mean of the base in counted time, as in `cash.csv`; what is paid is negative"),
    ("option_mean", "currency", "the same of the option"),
    ("difference", "currency", "option_mean - base, exactly"),
    ("difference_ci_low", "currency", "low end of the 95 % Student interval of the paired difference, which stands "
     "alone"),
    ("difference_ci_high", "currency", "high end of the same"),
    ("difference_low_odds", "currency", "the difference with all odds of leaving at `low`; empty where none matter"),
    ("difference_high_odds", "currency", "the same at `high`"),
    ("per", "", "`week`, or `run` where counted time is less than a week"),
    ("difference_per", "currency", "difference per week or run: what is drawn"),
    ("n", "replications", "how many both finished"),
)  # fmt: skip

FLIP_INPUTS = _columns(
    ("option", "", "its name"),
    ("input", "", "odds, odds_factor (of the logarithm of all odds), margin, support_price, wage; if played for: asks, "
     "share"),
    ("of", "", "the kind of experience, segment, team, plan, or segment and plan; empty: all"),
    ("unit", "", "`low to high`: all odds together; `odds ratio`; `times ln odds`; `times as stated`: 1 is what "
     "each of the two options states"),
    ("low", "the row's", "where its range begins; empty for all odds from low to high"),
    ("stated", "the row's", "its value as stated; 1 of `times as stated`"),
    ("high", "the row's", "where its range ends"),
    ("difference_low", "currency", "contribution after churn (where none is stated, contribution), option minus base, "
     "mean over replications, with the input at its low end; per week, or per run where less is counted"),
    ("difference_stated", "currency", "the same as stated"),
    ("difference_high", "currency", "the same at its high end"),
    ("flips", "number", "1: the sign of the difference changes within the range"),
    ("flips_from", "the row's", "the value tried before the first such change; empty for all odds from low to high"),
    ("flips_to", "the row's", "the value tried after it"),
    ("flips_at", "the row's", "where the difference is 0, of what is proportional to the input"),
    ("flips_at_ci_low", "the row's", "low end of its 95 % interval (Fieller)"),
    ("flips_at_ci_high", "the row's", "high end of the same"),
    ("played", "number", "1: options were played again for it"),
    ("n", "replications", "how many both finished"),
)  # fmt: skip

BEST = _columns(
    ("input", "", "as in `flip_inputs.csv`"),
    ("of", "", "as there"),
    ("unit", "", "as there"),
    ("at", "the row's", "a value of the input; empty for all odds at low, stated and high, in that order"),
    ("is_stated", "number", "1: the value stated"),
    ("option", "", "which leaves most there, by means of the replications that all options finished"),
    ("sure", "number", "1: better than all others together at 95 % (Bonferroni); 0: too close to call"),
    ("runner_up", "", "the next one by means"),
    ("ahead", "currency", "of that one, mean of the paired differences; per week, or per run where less is counted"),
    ("ahead_ci_low", "currency", "low end of its Student interval at 1 - 5 % / (options - 1)"),
    ("ahead_ci_high", "currency", "high end of the same"),
    ("best_from", "the row's", "in the first row of another option than before: from where it is the best, of what is "
     "proportional to the input"),
    ("best_from_ci_low", "the row's", "low end of its 95 % interval (Fieller)"),
    ("best_from_ci_high", "the row's", "high end of the same"),
    ("played", "number", "1: options were played again for it"),
    ("n", "replications", "how many all of them finished"),
)  # fmt: skip

FLIP_CHART = _columns(
    ("option", "", "its name"),
    ("input", "", "as in `flip_inputs.csv`"),
    ("of", "", "as there"),
    ("unit", "", "as there"),
    ("at", "", "a value of the input that was tried, in words"),
    ("currency", "", "that of the scenario"),
    ("per", "", "`week`, or `run`"),
    ("difference", "currency", "option minus base with the input at that value, mean over replications"),
    ("difference_ci_low", "currency", "low end of its 95 % Student interval, which stands alone"),
    ("difference_ci_high", "currency", "high end of the same"),
    ("flips", "number", "1: the input flips the choice within its range"),
    ("played", "number", "1: options were played again for it"),
    ("n", "replications", "how many both finished"),
)  # fmt: skip

SENSITIVITY = _columns(
    ("option", "", "its name"),
    ("against", "", "the base, where the row speaks of the difference from it; empty: of the option itself"),
    ("selector", "", "as in `summary.csv`"),
    ("measure", "", "an id of the tables above"),
    ("unit", "", "of all amounts of the row"),
    ("per", "", "`week` where sums are told per week, `run` where less is counted; empty for what is no sum"),
    ("input", "", "its path in the scenario file"),
    ("name", "", "in words"),
    ("value", "", "as stated, in words; of several queues each that differs"),
    ("value_low", "", "with less of it; probabilities no further than they can go"),
    ("value_high", "", "with more of it"),
    ("source", "", "`written`, or `default`: supportsim filled it in; empty: the option has no such input"),
    ("played", "", "1: played again; 0: only money depends on it, what happened was priced again"),
    ("as_stated", "the row's", "the measure, or the difference, with all inputs as stated: mean over replications"),
    ("change_low", "the row's", "with less of the input minus as stated, mean of the paired differences"),
    ("change_low_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("change_low_ci_high", "the row's", "high end of the same"),
    ("change_high", "the row's", "with more of the input minus as stated"),
    ("change_high_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("change_high_ci_high", "the row's", "high end of the same"),
    ("movement", "the row's", "half of |change_low| + |change_high|"),
    ("share", "share", "movement / sum of the movements of all inputs; empty where nothing moves"),
    ("p", "", "twice the smaller p of both changes, at most 1"),
    ("p_holm", "", "the same, adjusted for all inputs of the measure (Holm)"),
    ("told", "", "1: p_holm is at most 5 %"),
    ("n", "replications", "how many have a value in all three"),
)  # fmt: skip

MONTHS_AHEAD = _columns(
    ("option", "", "its name"),
    ("against", "", "the first option"),
    ("odds", "", "`low`, `stated`, `high`: of both"),
    ("month", "", "calendar month in the zone of the scenario, as 2026-03"),
    ("currency", "", "that of the scenario"),
    *((name + end, unit, words if not end else words_of_end)
      for name, unit, words in (
          ("customers_end", "number", "customers at its end, option minus first: mean of the paired differences"),
          ("income", "currency", "margin and prices received in it, likewise"),
          ("cost", "currency", "cost booked in it, likewise"),
          ("ahead", "currency", "income - cost, added up from the begin of counted time"))
      for end, words_of_end in (("", ""), ("_ci_low", "low end of its 95 % Student interval"),
                                ("_ci_high", "high end of the same"))),
    ("n", "replications", "how many both finished"),
)  # fmt: skip

FILES = (
    File("options.csv", "A row for each option and promise, share abandoned, hours and pay: what is looked at first.",
         OPTIONS),
    File("differences.csv", "A row for each option but the base, and each measure both have.", DIFFERENCES),
    File("interval_differences.csv", "A row for each option but the base, each `answer` promise and each interval of "
         "the typical day or week in which the base or some option misses the target or is too close to call; where "
         "all keep it, it is left out. Bins are those of `causes.csv`. Every row stands alone: of a hundred in which "
         "nothing changes about five are called better or worse.", INTERVAL_DIFFERENCES),
    File("crowding_out.csv", "The command `without` alone: a row for each name removed, measure and whose it is (see "
         "[crowding.md](crowding.md)).", CROWDING_OUT),
    File("ladder.csv", "The command `ladder` alone: a row for each level, roster, measure and whose it is (see "
         "[crowding.md](crowding.md#levels-against-value)). The figure `ladder` holds the same means.", LADDER),
    File("assignments.csv", "The command `ladder` with `--all` alone: a row for each assignment of levels to segments "
         "and each roster.", ASSIGNMENTS),
    File("figures/assignments.csv", "The same rows: what each leaves against the promises to the segment and "
         "against the gap.", ASSIGNMENTS),
    File("sensitivity.csv", "The command `sensitivity`, and `run` and `compare` with `--sensitivity`: a row for each "
         "option, measure and input, the largest movement of each measure first (see "
         "[model.md](model.md#11-from-the-journal-to-numbers)). The figure `sensitivity` draws the first eight of each "
         "measure that it moves.", SENSITIVITY),
    File("months_ahead.csv", "The command `months` with several options: each against the first one, month by month "
         "(see [model.md](model.md#customers-who-do-leave)).", MONTHS_AHEAD),
    File("flips.csv", "Contribution after churn against the base at all odds; there where `experience` is stated (see "
         "[model.md](model.md#13-experience-and-churn)).", FLIPS),
    File("flip_inputs.csv", "Which uncertain input changes the better of base and option, moved by itself; there where "
         "contribution is known in both (see [model.md](model.md#13-experience-and-churn)).", FLIP_INPUTS),
    File("best.csv", "Which of all options leaves most along each uncertain input, moved by itself; there where that "
         "is known of more than two (see [model.md](model.md#13-experience-and-churn)).", BEST),
    File("figures/best.csv", "The same rows, as drawn.", BEST),
    File("figures/flips.csv", "The flip chart: every value tried.", FLIP_CHART),
    File("figures/contribution.csv", "The waterfall from base to option; there where contribution is known in both "
         "(see [model.md](model.md#12-money)).", WATERFALL),
)  # fmt: skip
