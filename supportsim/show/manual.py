"""What is made from the code for docs/: `python -m supportsim.show.manual` writes it again."""

from __future__ import annotations

from pathlib import Path

from supportsim.measure import catalogue
from supportsim.measure.catalogue import Measure
from supportsim.show.columns import FILES, File
from supportsim.show.comparison_columns import FILES as COMPARED
from supportsim.show.figure_columns import FIGURES
from supportsim.show.starter import SCHEMA, schema_text

HEAD = """# Measures

Made from `supportsim/measure/catalogue.py` and `supportsim/show/columns.py` by
`python -m supportsim.show.manual`; do not edit.

A is the number answered, B abandoned, D disconnected at closing or timed out; A_T and B_T those within the
limit T of a promise, B_s abandoned within 5 s. Sums run over contacts (issues, touches) created in counted
time and followed to the end of the run-out; times are those of counted time. Pieces of filler are nobody's
contact: they stand in `fillers`, in `filler_work` and in the hours of teams, and in nothing else. In each
replication a measure is a ratio of sums (or a count, or a quantile); `summary.csv` holds its mean over
replications with a 95 % Student interval, `replications.csv` the values behind it with numerator and
denominator. No case, no value.
"""

SECTIONS = (
    (
        "By selector: contacts",
        "`all`, each channel, each segment, each segment on a channel.",
        catalogue.CONTACT_MEASURES,
    ),
    ("By selector: issues", "An issue belongs to the queue of its first contact.", catalogue.ISSUE_MEASURES),
    ("By selector: time", "", catalogue.TIME_MEASURES),
    ("By team", "And for `all`.", catalogue.TEAM_MEASURES),
    (
        "By promise",
        "And by `promise segment channel` where a promise covers several.",
        catalogue.PROMISE_MEASURES,
    ),
    (
        "Cost",
        "`all` and each segment. Whole micro-units of the currency in each replication: docs/model.md, section 12.",
        catalogue.MONEY_MEASURES,
    ),
    (
        "Income",
        "`all` and each segment, where a margin or a price of a plan is known: docs/model.md, section 12.",
        catalogue.INCOME_MEASURES,
    ),
    (
        "Churn",
        "`all` and each segment, where `experience` and a `churn` are stated: docs/model.md, section 13.",
        catalogue.CHURN_MEASURES,
    ),
    (
        "Customers who leave",
        "`all` and each segment whose customers may leave, where `experience` has `feedback`: docs/model.md, "
        "section 13.",
        catalogue.LEAVING_MEASURES,
    ),
)

FILES_HEAD = """## Columns of the files

Counts, hours and money are means per replication, for counted time, unless a column says otherwise; an empty cell
is a value that does not exist. Ratios are taken in each replication and then averaged, in `summary.csv` and in
`teams.csv` alike; only intervals (`intervals.csv`, figures by interval, `interval_differences.csv`, `required.csv`) and
`periods_kept_share` in `promises.csv` divide sums over all replications.

Columns stand apart by commas, numbers have a decimal point. `--decimal comma` of `run`, `compare`, `study`,
`without`, `ladder`, `bridge` and `erlang` (of a file of calls) writes every CSV file with a decimal comma, `;` between
columns and a byte order mark, as spreadsheets of many countries expect them; numbers, names and order are the same.
JSON, LaTeX and what a study keeps to go on from stay as they are.
"""

COMPARISON_HEAD = """## Columns of a comparison

`supportsim compare` writes the first three beside `verdict.txt`, `manifest.json`, figures, and a result folder with the
files above for each option; of each option as given the figures `promises`, `net` and `waits` lie in it, with
`--all-figures` all of them, those of resized rosters included. The commands `without` and `ladder` write the
same, without these figures, a table of their own, and `report.html`.
"""


FIGURES_HEAD = """## Figures

Each lies in `figures/` as SVG, PNG and a CSV of the numbers in it; where there is nothing to show it is left out. One
with more panels than a printed page holds goes on in `promises_2`, `promises_3`; the CSV of the first has all. Bins
lie over each other by weekday and local time: the typical day or week. Below each stand scenario, version, hash, seed
and n = replications × counted days.
"""


def measures_page() -> str:
    """docs/measures.md."""
    tables, figures = [_file(file) for file in FILES], [_file(file) for file in FIGURES]
    compared = [_file(file) for file in COMPARED]
    sections = [_section(*section) for section in SECTIONS]
    return "\n".join([HEAD, *sections, FILES_HEAD, *tables, FIGURES_HEAD, *figures, COMPARISON_HEAD, *compared])


def _section(title: str, words: str, measures: tuple[Measure, ...]) -> str:
    rows = [f"| `{m.id}` | {m.unit or 'number'} | {m.basis} | {m.formula.replace('|', '&#124;')} |" for m in measures]
    head = [f"## {title}", "", *([words, ""] if words else [])]
    return "\n".join([*head, "| id | unit | basis | formula |", "|---|---|---|---|", *rows, ""])


def _file(file: File) -> str:
    rows = [f"| `{c.name}` | {c.unit or 'text'} | {c.meaning.replace('|', '&#124;')} |" for c in file.columns]
    head = [f"### {file.name}", "", file.words, "", "| column | unit | meaning |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Write them into docs/ beside the package."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    for name, text in (("measures.md", measures_page()), (SCHEMA, schema_text())):
        (docs / name).write_text(text, encoding="utf-8", newline="\n")
        print(docs / name)


if __name__ == "__main__":
    main()
