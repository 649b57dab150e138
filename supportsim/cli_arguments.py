"""What each command of the command line may be told.  Nothing is imported here that `--help` does not need."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Sequence
from typing import NoReturn

from supportsim.engine.clocks import ENGINES
from supportsim.study.arguments import LARGEST_SEED, MOST_JOBS, MOST_REPLICATIONS

USAGE = 2  # exit code of wrong usage


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that names the nearest command or option, and never guesses an abbreviation."""

    def __init__(self, *arguments: object, **settings: object) -> None:
        settings.setdefault("allow_abbrev", False)
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*arguments, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\nsee: {self.prog} --help\n")

    def unknown(self, word: str, known: Sequence[str], what: str) -> NoReturn:
        """Refuse `word` as no known command or option, with the nearest one."""
        near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
        self.error(f"no {what} '{word}'" + (f"; did you mean '{near[0]}'?" if near else ""))


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A parser of whole numbers between two limits, for argparse."""

    def parse(text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) <= 20  # int() of endless digits takes endless time
        if not digits or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"got {text[:40]!r}; expected a whole number {lowest} to {highest}")
        return int(text)

    return parse


def jobs(text: str) -> str | int:
    """`auto` or the number of processes."""
    return text if text == "auto" else whole(1, MOST_JOBS)(text)


def change(text: str) -> tuple[str, str]:
    """`path=value` as (path, value)."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        example = "teams.frontline.shifts.late.agents=9"
        raise argparse.ArgumentTypeError(f"got {text[:80]!r}; expected path=value, e.g. {example}")
    return path.strip(), value.strip()


def scenario_arguments(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="the scenario, a YAML file")
    change_argument(parser)


def change_argument(parser: Parser) -> None:
    parser.add_argument(
        "--set", dest="changes", action="append", type=change, default=[], metavar="PATH=VALUE",
        help="change one value, e.g. --set demand.phone_queue.volume='x 1.1'; may be repeated",
    )  # fmt: skip


def seed_argument(parser: Parser) -> None:
    parser.add_argument("--seed", type=whole(0, LARGEST_SEED), default=1, help="which world is played (default 1)")


def playing_arguments(parser: Parser, output: str, what: str) -> None:
    """How many replications, which, how, and the folder of `what` comes of them; `output`: help on that folder."""
    parser.add_argument("-n", "--replications", type=whole(1, MOST_REPLICATIONS), default=30, help="default 30")
    seed_argument(parser)
    parser.add_argument("--jobs", type=jobs, default="auto", help="processes: auto (default) or a number")
    parser.add_argument("-o", "--output", metavar="DIR", help=output)
    parser.add_argument("--overwrite", action="store_true", help=f"replace an existing {what} in DIR")


def decimal_argument(parser: Parser) -> None:
    parser.add_argument(
        "--decimal", choices=("point", "comma"), default="point",
        help="of numbers in CSV files: comma writes 1,5 with ; between columns, as many spreadsheets expect",
    )  # fmt: skip


def sensitivity_argument(parser: Parser) -> None:
    parser.add_argument(
        "--sensitivity", action="store_true",
        help="also play every input 20%% lower and higher, which takes some fifty times as long: on which of them the "
        "answer rests, in sensitivity.csv, inputs.csv and the report",
    )  # fmt: skip


def engine_argument(parser: Parser) -> None:
    parser.add_argument(
        "--engine", choices=ENGINES, default="auto",
        help="which clock plays: compiled (auto) or the slower one that is read (simpy); the results are the same",
    )  # fmt: skip


def init_arguments(parser: Parser) -> None:
    parser.add_argument("folder", metavar="DIR", nargs="?", default="my-desk", help="made if absent (default my-desk)")


def check_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    parser.add_argument("--resolved", action="store_true", help="print the whole scenario with every default")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def required_argument(parser: Parser) -> None:
    parser.add_argument(
        "--required", action="store_true",
        help="also find the heads that this simulation requires, interval by interval, which takes as long as 4 to 15 "
        "runs for each live line",
    )  # fmt: skip


def required_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    playing_arguments(parser, "also write required.csv there", "required.csv")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def run_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    playing_arguments(parser, "default results/<name>-<hash>-s<seed>-n<replications>", "result")
    required_argument(parser)
    parser.add_argument("--no-figures", action="store_true", help="write tables only, no figures and no report")
    decimal_argument(parser)
    parser.add_argument(
        "--no-journal", action="store_true",
        help="keep no journal: a long play needs little memory; every number stays the same, but the result carries no "
        "hash of what happened",
    )  # fmt: skip
    sensitivity_argument(parser)
    engine_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def compare_arguments(parser: Parser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="the base, then at least one other option")
    change_argument(parser)
    playing_arguments(parser, "default results/compare-<base>-<hash>-s<seed>-n<n>", "comparison")
    parser.add_argument(
        "--metric", dest="metrics", action="append", default=[], metavar="SELECTOR.MEASURE",
        help="what is judged together (Holm), as named in summary.csv, e.g. 'premium phone.wait_p95'; may be repeated; "
        "default: each promise, the share abandoned of each live channel, cost",
    )  # fmt: skip
    parser.add_argument("--no-resize", action="store_true", help="play no option again with its roster resized by work")
    parser.add_argument(
        "--flips", action="store_true",
        help="play options again with what plans ask for, and shares of customers on them, at half and at twice as "
        "stated, to see whether another option becomes the better one; where margins are known",
    )  # fmt: skip
    required_argument(parser)
    parser.add_argument("--no-figures", action="store_true", help="write tables only, no figures and no report")
    parser.add_argument(
        "--all-figures", action="store_true",
        help="draw of every option all figures that run draws, also of those with a resized roster: a minute or more; "
        "default: promises, net staffing and waits of each option as given",
    )  # fmt: skip
    decimal_argument(parser)
    parser.add_argument("--no-journal", action="store_true", help="keep no journals: long plays need little memory")
    sensitivity_argument(parser)
    engine_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def part(text: str) -> float:
    """A share above 0 and below 100 %, for argparse."""
    from supportsim.scenario.units import Wrong, share

    try:
        found = share(text)
    except Wrong as wrong:
        hint = f"; {wrong.hint}" if wrong.hint else ""
        raise argparse.ArgumentTypeError(f"got {text[:80]!r}; expected {wrong.expected}{hint}") from None
    if not 0 < found < 1:
        raise argparse.ArgumentTypeError(f"got {text[:80]!r}; expected more than 0 % and less than 100 %")
    return found


def options_arguments(parser: Parser, name: str) -> None:
    """What is the same wherever options that are made here are compared; `name`: of the folder."""
    playing_arguments(parser, f"default results/{name}-<name>-<hash>-s<seed>-n<n>", "result")
    parser.add_argument("--no-figures", action="store_true", help="write tables only, no figures and no report")
    decimal_argument(parser)
    parser.add_argument("--no-journal", action="store_true", help="keep no journals: long plays need little memory")
    engine_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def without_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    parser.add_argument("names", metavar="NAME", nargs="+", help="a segment, a topic, or a channel that streams name")
    parser.add_argument(
        "--thin", type=part, metavar="SHARE",
        help="take only so much of the issues away, e.g. 10%%: what one contact less does for the others",
    )  # fmt: skip
    options_arguments(parser, "without")


def ladder_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    parser.add_argument("--segment", metavar="NAME", help="whose levels are played")
    parser.add_argument(
        "--all", action="store_true", help="instead: every segment on every level, at most 64 assignments"
    )
    parser.add_argument(
        "--level", dest="levels", action="append", default=[], metavar="LEVEL",
        help="only this one, as the table names it, e.g. none, 'phone, then ticket', 'plan basic'; may be repeated; "
        "default: all",
    )  # fmt: skip
    parser.add_argument("--no-resize", action="store_true", help="play no level again with the roster resized by work")
    options_arguments(parser, "ladder")


def sensitivity_arguments(parser: Parser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="the scenario; more: options told by their difference")
    change_argument(parser)
    parser.add_argument(
        "--by", type=part, metavar="SHARE", default=0.2, help="how much lower and higher (default 20%%)"
    )
    parser.add_argument(
        "--measure", dest="measures", action="append", default=[], metavar="SELECTOR.MEASURE",
        help="what is watched, as named in summary.csv; may be repeated; default: each promise, cost, contribution",
    )  # fmt: skip
    parser.add_argument(
        "--input", dest="inputs", action="append", default=[], metavar="PATH",
        help="only these inputs, as sensitivity.csv names them, * stands for anything; may be repeated",
    )  # fmt: skip
    parser.add_argument("--no-figures", action="store_true", help="write tables only, no figure")
    playing_arguments(parser, "default results/sensitivity-<name>-<hash>-by<share>-s<seed>-n<n>", "result")
    decimal_argument(parser)
    engine_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def bridge_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    parser.add_argument("--promise", metavar="NAME", help="one promise of an answer (default: each of them)")
    playing_arguments(parser, "also write erlang_bridge.csv and its figure there", "erlang_bridge")
    decimal_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def months_arguments(parser: Parser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="the scenario, or several options")
    change_argument(parser)
    parser.add_argument("--no-figures", action="store_true", help="write tables only, no figure and no report")
    playing_arguments(parser, "also write tables, figure and report there", "result")
    decimal_argument(parser)
    engine_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def trace_arguments(parser: Parser) -> None:
    scenario_arguments(parser)
    parser.add_argument("--rep", type=whole(1, MOST_REPLICATIONS), required=True, help="which replication, from 1")
    parser.add_argument("--issue", type=whole(0, 2**63 - 1), help="one issue only, by its row number")
    seed_argument(parser)


def verify_arguments(parser: Parser) -> None:
    parser.add_argument("ids", metavar="ID", nargs="*", help="cases, e.g. E02 (default: all)")
    parser.add_argument("--quick", action="store_true", help="the subset that belongs to `make test`")


def told_by(name: str) -> Callable[[str], object]:
    """A parser of one input of Erlang formulas, for argparse; loaded when there is one to read."""

    def parse(text: str) -> object:
        from supportsim.scenario.units import Wrong
        from supportsim.study import erlang_words

        try:
            return getattr(erlang_words, name)(text)
        except Wrong as wrong:
            hint = f"; {wrong.hint}" if wrong.hint else ""
            raise argparse.ArgumentTypeError(f"got {text[:80]!r}; expected {wrong.expected}{hint}") from None

    return parse


#: option -> how it is read, and what it means
ERLANG_OPTIONS = {
    "calls": (told_by("rate"), "calls per time, as 100/30min or 200/h"),
    "aht": (told_by("seconds"), "handle time of a call: talk, hold and wrap-up, as '3 min'"),
    "agents": (whole(0, 100_000), "how many are at the desk"),
    "target": (told_by("target"), "share and time, as 80/20s or '80%% in 20 s'"),
    "patience": (told_by("seconds"), "how long callers wait on average before they hang up (Erlang A)"),
    "shrinkage": (told_by("shrinkage"), "share of paid time that is not at the desk: adds people to roster"),
    "max-occupancy": (told_by("above_nothing"), "agents are never busier than that"),
    "busy": (told_by("busy"), "share of calls that may hear busy, as 1%%"),
    "traffic": (told_by("erlangs"), "erlangs on the lines, instead of calls and handle time"),
}


def erlang_arguments(parser: Parser) -> None:
    """Words are described where they are answered; here only their names, so that help loads nothing."""
    words = "agents, sla, asa, occupancy, queued, abandoned, capacity or trunks"
    parser.add_argument("word", metavar="WORD", help=f"what is asked: {words}")
    for name, (read_as, meaning) in ERLANG_OPTIONS.items():
        parser.add_argument(f"--{name}", type=read_as, metavar="X", help=meaning)
    parser.add_argument("--csv", metavar="FILE", help="start,offered,aht_s: a row per interval, to stdout as CSV")
    decimal_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")


def schema_arguments(parser: Parser) -> None:
    parser.add_argument("--study", action="store_true", help="of study files")


def study_arguments(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="the study, a YAML file")
    parser.add_argument(
        "-o", "--output", metavar="DIR", help="default results/<name>; what it holds is not played again"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what each point changes, and play nothing")
    parser.add_argument("--jobs", type=jobs, default="auto", help="replications at once: auto (default) or a number")
    parser.add_argument(
        "--only", metavar="POINT", nargs="+", default=[], help="play these points, * stands for anything"
    )
    decimal_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
