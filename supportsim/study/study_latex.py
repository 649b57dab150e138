"""A table of points and metrics for LaTeX (booktabs), every text escaped."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supportsim import __version__
from supportsim.measure import catalogue

if TYPE_CHECKING:
    from supportsim.study.study import StudyResult

_SPECIAL = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}",
}  # fmt: skip


def escaped(text: str) -> str:
    """The text as LaTeX prints it."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def table(result: StudyResult) -> str:
    """Rows: points.  Columns: factors, then each metric as mean ± half its 95 % interval; shares in per cent."""
    plan = result.plan
    factors = plan.factors or ("point",)
    heads = [*factors, *(f"{selector} {measure}" for selector, measure in plan.metrics)]
    units = ["" for _ in factors] + [_unit(measure) for _, measure in plan.metrics]
    lines = [
        f"% {plan.name}, supportsim {__version__}, seed {plan.seed}, n = {result.n}; needs \\usepackage{{booktabs}}",
        "% mean and half its 95 % Student interval over replications",
        "\\begin{tabular}{" + "l" * len(factors) + "r" * len(plan.metrics) + "}",
        "\\toprule",
        _row([escaped(each) for each in heads]),
        _row([escaped(each) for each in units]),
        "\\midrule",
        *_body(result),
        "\\bottomrule",
        "\\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def _body(result: StudyResult) -> list[str]:
    found = {(r["point"], r["selector"], r["measure"]): r for r in result.summary.to_dict("records")}
    rows = []
    for point in result.plan.points:
        cells = [escaped(level) for level in (point.levels or (point.name,))]
        for selector, measure in result.plan.metrics:
            row = found.get((point.name, selector, measure))
            cells.append(_cell(row["mean"], row["mean_ci_low"], row["mean_ci_high"], measure) if row else "--")
        rows.append(_row(cells))
    return rows


def _row(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"


def _unit(measure: str) -> str:
    unit = catalogue.measure(measure).unit
    return "%" if unit == "share" else unit


def _cell(mean: float, low: float, high: float, measure: str) -> str:
    scale = 100.0 if catalogue.measure(measure).unit == "share" else 1.0
    half = max(high - mean, mean - low) * scale
    text = f"{mean * scale:.{_digits(half)}f}"
    return f"${text}$" if math.isnan(half) else f"${text} \\pm {half:.{_digits(half)}f}$"


def _digits(half: float) -> int:
    """As many as the interval bears: two figures of its half."""
    if math.isnan(half) or half <= 0:
        return 1
    return max(0, min(6, 1 - math.floor(math.log10(half))))
