"""What each column of a comparison's CSV files holds, for docs/measures.md."""

from __future__ import annotations

from supportsim.show.columns import Column, File


def _columns(*lines: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*line) for line in lines)


OPTIONS = _columns(
    ("option", "", "its name; `…, roster resized by work` is the option played again so"),
    ("selector", "", "a promise, or `all`"),
    ("measure", "", "an id of the tables above; `released_hours`: paid hours that less work than in the base sets "
     "free at the same roster (docs/model.md, section 11)"),
    ("unit", "", "of means and ranges; empty for a number"),
    ("per", "", "`week`, or `run` where counted time is less than a week; empty for what is no sum"),
    ("mean", "the row's", "mean over replications"),
    ("mean_ci_low", "the row's", "low end of its 95 % Student interval"),
    ("mean_ci_high", "the row's", "high end of the same"),
    ("single", "", "of which single ones the next two columns speak: judged periods (days, weeks, months) or runs"),
    ("single_p05", "the row's", "5 % quantile of single ones, over all replications: of weeks the worst of twenty"),
    ("single_p95", "the row's", "95 % quantile of the same"),
    ("target", "share", "what was promised"),
    ("verdict", "", "met or missed: the whole interval lies on one side of the target; else too close to call"),
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

FILES = (
    File("options.csv", "A row for each option and promise, share abandoned, hours and pay: what is looked at first.",
         OPTIONS),
    File("differences.csv", "A row for each option but the base, and each measure both have.", DIFFERENCES),
    File("flips.csv", "Contribution after churn against the base at all odds; there where `experience` is stated (see "
         "[model.md](model.md#13-experience-and-churn)).", FLIPS),
)  # fmt: skip
