"""`report.html`: one file for the manager, the planner and the researcher, written into the folder of its results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from supportsim import __version__
from supportsim.show.report import definitions, drawn, moved, planner, researcher, unknown
from supportsim.show.report.changed import changed
from supportsim.show.report.drawn import Figure
from supportsim.show.report.files import files
from supportsim.show.report.manager import first_page
from supportsim.show.report.page import render, write
from supportsim.show.report.table import Table
from supportsim.study import interval_changes
from supportsim.study.comparison import Comparison, Option
from supportsim.study.comparison_folder import places
from supportsim.study.result import Result
from supportsim.study.sensitivity import Sensitivity

NAME = "report.html"
#: Figures of a comparison that stand elsewhere: in the table of the first page, in the researcher's part.
_AS_TABLE, _FOR_RESEARCHERS = "options", "forest"


#: What inputs move, and the files of its figures.
Effects = tuple[Sensitivity, list[Path]] | None


class Told(NamedTuple):
    """What a report says first where the options were made to answer one question.

    tables: below the figures.  shown: the options it tells of, the base among them; of many not all.
    """

    title: str
    verdict: list[str]
    tables: list[Table]
    shown: tuple[str, ...]


class Part(NamedTuple):
    """The planner's part on one option."""

    id: str
    name: str
    title: str
    differs: str  # from the base, in words
    intervals: str  # how many are below target in base and option; empty for a run and for the base
    resized_from: str
    figures: list[Figure]
    tables: list[Table]
    unsaid: list[str]  # why tables somebody may look for are not there


def of_comparison(
    comparison: Comparison, folder: Path, figures: Iterable[Path], incomplete: str = "",
    of_options: Mapping[str, Iterable[Path]] | None = None, effects: Effects = None,
) -> Path:  # fmt: skip
    """Write the report of a comparison whose tables lie in `folder`; `figures`: the files of its own figures,
    `of_options`: those of single options by their names, `effects`: what inputs move, where that was tried."""
    files_of = of_options or {}
    by_option = {
        option.name: drawn.figures(files_of[option.name], f"o{i}f", drawn.OF_OPTIONS)
        for i, option in enumerate(comparison.options)
        if option.name in files_of and not option.resized_from
    }
    kept, left = drawn.fitting(by_option)
    parts = [
        _part(comparison, i, option, kept.get(option.name, []), folder / place)
        for i, (option, place) in enumerate(zip(comparison.options, places(comparison), strict=True))
    ]
    return _write(comparison, folder, drawn.figures(figures, "c"), parts, left, incomplete, effects)


def of_made(comparison: Comparison, told: Told, folder: Path, figures: Iterable[Path], incomplete: str = "") -> Path:
    """Write the report of options that were made to answer one question, whose tables lie in `folder`.

    Where not all of them are shown, they were chosen after the fact: then nothing was named beforehand.
    """
    at = dict(zip([option.name for option in comparison.options], places(comparison), strict=False))
    options = tuple(option for option in comparison.options if option.name in told.shown)
    if len(options) < len(comparison.options):
        comparison = replace(comparison, options=options, metrics=())
    parts = [_part(comparison, i, option, [], folder / at[option.name]) for i, option in enumerate(comparison.options)]
    below = [at[option.name] for option in comparison.options]
    return _write(comparison, folder, drawn.figures(figures, "c"), parts, [], incomplete, told=told, below=below)


def of_run(
    result: Result, folder: Path, figures: Iterable[Path], incomplete: str = "", effects: Effects = None
) -> Path:  # fmt: skip
    """Write the report of a run whose tables lie in `folder`; `figures` are the files of its figures, `effects`: what
    inputs move, where that was tried."""
    comparison = Comparison((Option(result.scenario.name, result),), ())
    part = _part(comparison, 0, comparison.base, drawn.figures(figures, "o0f"), folder)
    return _write(comparison, folder, [], [part], [], incomplete, effects)


def _part(comparison: Comparison, i: int, option: Option, figures: list[Figure], folder: Path) -> Part:
    title = option.result.scenario.title
    tables = planner.tables(comparison, option, folder)
    differs = ", ".join(changed(comparison.base.result.scenario, option.result.scenario))
    intervals = "" if option is comparison.base else interval_changes.sentence(comparison, option)
    return Part(
        f"o{i}", option.name, title, differs, intervals, option.resized_from, figures, tables, planner.unsaid(option)
    )  # fmt: skip


def _write(
    comparison: Comparison, folder: Path, own: list[Figure], parts: list[Part], left: list[str], incomplete: str,
    effects: Effects = None, told: Told | None = None, below: Iterable[str] | None = None,
) -> Path:  # fmt: skip
    alone, first, more = not comparison.others, first_page(comparison), list(planner.more(folder))
    if told:
        first = first._replace(title=told.title, verdict=told.verdict, details=[], options=[])
        more = [*told.tables, *([] if alone else more)]
    page = render(
        first=first, drawn=any(part.figures for part in parts), incomplete=incomplete, alone=alone, parts=parts,
        left=left,
        figures=[figure for figure in own if figure.kind not in (_AS_TABLE, _FOR_RESEARCHERS)],
        tables=more if told or not alone else [],
        forest=[figure for figure in own if figure.kind == _FOR_RESEARCHERS],
        named=researcher.named(comparison),
        everything=[researcher.summary(comparison.base)] if alone
        else [researcher.all_of(comparison, option) for option in comparison.others],
        facts=researcher.facts(comparison), played=researcher.played(comparison),
        moved=moved.tables(effects[0]) if effects else [],
        moving=drawn.figures(effects[1], "s") if effects else [],
        unmeasured=unknown.unmeasured(comparison, effects is not None), defaults=unknown.defaults(comparison),
        warnings=unknown.warnings(comparison), missing=unknown.missing(comparison),
        formulas=definitions.formulas(), measures=definitions.measures(),
        files=files(folder, below), version=__version__, name=comparison.base.result.scenario.name,
        hash=comparison.base.result.hash, seed=comparison.base.result.seed,
    )  # fmt: skip
    return write(page, folder / NAME)
