"""The command line: one thin door on top.  Commands import what they need, so that `--help` loads nothing.

stdout carries results only; progress, warnings and errors go to stderr.  Exit codes: see EXITS.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TextIO

from supportsim import __version__
from supportsim.cli_arguments import (
    USAGE,
    Parser,
    bridge_arguments,
    check_arguments,
    compare_arguments,
    erlang_arguments,
    init_arguments,
    ladder_arguments,
    months_arguments,
    required_arguments,
    run_arguments,
    schema_arguments,
    sensitivity_arguments,
    study_arguments,
    trace_arguments,
    verify_arguments,
    without_arguments,
)
from supportsim.show.progress import say, silence

if TYPE_CHECKING:
    from supportsim.scenario.model import Scenario
    from supportsim.show.made_options import Asked
    from supportsim.study.comparison import Comparison
    from supportsim.study.study import Study

DONE, INTERNAL, INVALID, UNWRITTEN, INCOMPLETE, INTERRUPTED = 0, 1, 3, 4, 5, 130
EXITS = """exit codes: 0 done · 1 internal error · 2 wrong usage or a missing library · 3 invalid input ·
            4 output could not be written · 5 incomplete · 130 interrupted"""
#: What libraries do when they are loaded and nothing here needs: threads for linear algebra, a search for plugins
#: through every installed package: a good part of the time of `check`.
SPARED = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
REPORT = "run again with -v and report it as CONTRIBUTING.md says"


def init(arguments: argparse.Namespace) -> int:
    from supportsim.show.starter import write

    folder = Path(arguments.folder)
    for file in write(folder):
        print(file)
    say(f"now: supportsim check {folder}/scenario.yaml, then: supportsim run {folder}/scenario.yaml")
    return DONE


def check(arguments: argparse.Namespace) -> int:
    gc.disable()  # a tenth of its time, for a process that ends before it could need any memory back
    try:
        return tell_findings(arguments)
    finally:
        gc.enable()


def tell_findings(arguments: argparse.Namespace) -> int:
    """Print the whole scenario, or what can be said about it."""
    scenario = read(arguments)
    if arguments.resolved and not arguments.json:
        from supportsim.scenario.load import resolved_yaml

        sys.stdout.write(resolved_yaml(scenario))
        return DONE
    if arguments.resolved:
        from supportsim.scenario.load import resolved
        from supportsim.show.as_json import print_json

        print_json(resolved(scenario))
        return DONE
    from supportsim.show.check import examine
    from supportsim.show.check_text import lines

    findings = examine(scenario)
    if arguments.json:
        from dataclasses import asdict

        from supportsim.show.as_json import print_json

        print_json(asdict(findings))
    else:
        print("\n".join(lines(findings, get_terminal_size().columns)))
    return DONE


def erlang(arguments: argparse.Namespace) -> int:
    from supportsim.show import erlang_text as say_it
    from supportsim.show.as_json import print_json
    from supportsim.study.erlang import TooManyAgents

    if arguments.word not in say_it.WORDS:
        arguments.parser.unknown(arguments.word, list(say_it.WORDS), "word")
    given = {name: getattr(arguments, name) for name in say_it.OPTIONS}
    asked = say_it.Question(arguments.word, **given)
    if wrong := say_it.fault(asked):
        arguments.parser.error(wrong)
    if arguments.decimal != "point" and (asked.csv is None or arguments.json):
        arguments.parser.error("--decimal is for the rows of --csv")
    if asked.csv is not None:
        rows = say_it.table(asked)
        print_json(rows) if arguments.json else print(say_it.csv_text(rows, arguments.decimal))
        return DONE
    try:
        told = say_it.told(asked)
    except TooManyAgents as many:
        arguments.parser.error(f"{many} would be needed")
    print_json(told.numbers) if arguments.json else print("\n".join(say_it.text(told)))
    return DONE


def schema(arguments: argparse.Namespace) -> int:
    from supportsim.show.as_json import print_json

    if arguments.study:
        from supportsim.study.study_schema import json_schema
    else:
        from supportsim.scenario.schema import json_schema

    print_json(json_schema())
    return DONE


def run(arguments: argparse.Namespace) -> int:
    scenario = read(arguments)
    from supportsim.show.running import EffectsMissing, simulate

    try:
        result = simulate(
            scenario,
            arguments.replications,
            arguments.seed,
            arguments.jobs,
            arguments.output,
            arguments.overwrite,
            not arguments.no_figures,
            arguments.json,
            arguments.engine,
            not arguments.no_journal,
            arguments.decimal,
            arguments.required,
            arguments.sensitivity,
        )
    except EffectsMissing:
        return INCOMPLETE
    if result.interrupted:
        return INTERRUPTED
    return DONE if result.complete else INCOMPLETE


def required(arguments: argparse.Namespace) -> int:
    scenario = read(arguments)
    from supportsim.show.requiring import told

    result = told(
        scenario, arguments.replications, arguments.seed, arguments.jobs, arguments.output, arguments.overwrite,
        arguments.json,
    )  # fmt: skip
    if result.interrupted:
        return INTERRUPTED
    return DONE if result.complete else INCOMPLETE


def compare(arguments: argparse.Namespace) -> int:
    if len(arguments.files) < 2:
        arguments.parser.error("a comparison needs a base and at least one other option")
    scenarios = read_all(arguments.files, arguments.changes)
    from supportsim.show.comparing import side_by_side
    from supportsim.show.running import EffectsMissing
    from supportsim.study.metrics import Incomparable

    try:
        found = side_by_side(
            scenarios,
            arguments.replications,
            arguments.seed,
            arguments.jobs,
            arguments.output,
            arguments.overwrite,
            arguments.metrics,
            not arguments.no_resize,
            not arguments.no_figures,
            arguments.json,
            arguments.engine,
            not arguments.no_journal,
            arguments.all_figures,
            arguments.decimal,
            arguments.flips,
            arguments.required,
            arguments.sensitivity,
        )
    except EffectsMissing:
        return INCOMPLETE
    except Incomparable as error:
        say(f"supportsim: {error}")
        return INVALID
    return ended(found)


def without(arguments: argparse.Namespace) -> int:
    scenario = read(arguments)
    from supportsim.scenario.thinning import NothingToRemove
    from supportsim.show.crowded_out_text import removed

    try:
        found = removed(scenario, arguments.names, arguments.thin, asked(arguments), not arguments.no_figures)
    except NothingToRemove as why:
        say(f"supportsim: {why}")
        return INVALID
    return ended(found.comparison)


def ladder(arguments: argparse.Namespace) -> int:
    if (arguments.segment is None) != arguments.all:
        arguments.parser.error("say either --segment NAME or --all")
    from supportsim.show.ladder_text import all_climbed, climbed
    from supportsim.study.ladder import NoLadder

    resize = not arguments.no_resize
    try:
        if arguments.all:
            every = all_climbed(
                arguments.file, arguments.changes, arguments.levels, resize, asked(arguments),
                not arguments.no_figures,
            )  # fmt: skip
            return ended(every.comparison)
        found = climbed(
            arguments.file, arguments.changes, arguments.segment, arguments.levels, resize, asked(arguments),
            not arguments.no_figures,
        )  # fmt: skip
    except NoLadder as why:
        say(f"supportsim: {why}")
        return INVALID
    return ended(found.comparison)


def sensitivity(arguments: argparse.Namespace) -> int:
    scenarios = read_all(arguments.files, arguments.changes)
    from supportsim.show.sensitivity_text import moved
    from supportsim.study.metrics import Incomparable

    try:
        found = moved(
            scenarios, arguments.by, arguments.measures, arguments.inputs, not arguments.no_figures, asked(arguments)
        )
    except Incomparable as error:
        say(f"supportsim: {error}")
        return INVALID
    if found.interrupted:
        return INTERRUPTED
    return DONE if found.complete else INCOMPLETE


def asked(arguments: argparse.Namespace) -> Asked:
    """What all commands that make their options are told."""
    from supportsim.show.made_options import Asked

    return Asked(
        arguments.replications, arguments.seed, arguments.jobs, arguments.output, arguments.overwrite, arguments.json,
        arguments.engine, not getattr(arguments, "no_journal", True), arguments.decimal,
    )  # fmt: skip


def ended(found: Comparison) -> int:
    """The exit code of a comparison."""
    if found.interrupted:
        return INTERRUPTED
    return DONE if found.complete else INCOMPLETE


def bridge(arguments: argparse.Namespace) -> int:
    scenario = read(arguments)
    from supportsim.show.bridging import explain
    from supportsim.study.bridge import Unfinished, chosen

    try:
        chosen(scenario, arguments.promise)
    except ValueError as wrong:
        arguments.parser.error(str(wrong))
    try:
        explain(
            scenario, arguments.promise, arguments.replications, arguments.seed, arguments.jobs, arguments.output,
            arguments.overwrite, arguments.json, arguments.decimal,
        )  # fmt: skip
    except Unfinished as why:
        say(str(why))
        return INCOMPLETE
    return DONE


def months(arguments: argparse.Namespace) -> int:
    scenarios = read_all(arguments.files, arguments.changes)
    from supportsim.show.months_text import told
    from supportsim.study.feedback import NobodyLeaves
    from supportsim.study.metrics import Incomparable

    try:
        found = told(scenarios, asked(arguments), not arguments.no_figures)
    except (NobodyLeaves, Incomparable) as why:
        say(f"supportsim: {why}")
        return INVALID
    if found.interrupted:
        return INTERRUPTED
    return DONE if found.complete else INCOMPLETE


def trace(arguments: argparse.Namespace) -> int:
    scenario = read(arguments)
    from supportsim.show.progress import announce_compilation

    announce_compilation(measures=False)
    from supportsim.show.trace import tell

    try:
        for line in tell(scenario, arguments.seed, arguments.rep, arguments.issue):
            print(line)
    except IndexError as none:
        arguments.parser.error(str(none))
    return DONE


def verify(arguments: argparse.Namespace) -> int:
    from supportsim.study.cases import CASES

    for name in arguments.ids:
        if not any(name in (case, case.split("_")[0]) for case in CASES):
            arguments.parser.unknown(name, list(CASES), "case")
    from supportsim.show.progress import announce_compilation

    announce_compilation()
    from supportsim.study.verify import verify as compare

    return DONE if compare(quick=arguments.quick, ids=arguments.ids) else INTERNAL


def study(arguments: argparse.Namespace) -> int:
    if arguments.dry_run:
        gc.disable()  # as in `check`
        try:
            return preview(arguments)
        finally:
            gc.enable()
    found = planned(arguments)
    from supportsim.show.studying import conduct

    result = conduct(found, arguments.output, arguments.jobs, arguments.only, arguments.json, arguments.decimal)
    if result.interrupted:
        return INTERRUPTED
    return DONE if result.complete else INCOMPLETE


def planned(arguments: argparse.Namespace) -> Study:
    """The study, and nothing but wrong usage where --only names no point of it."""
    from supportsim.study.study import Study

    found = Study.load(arguments.file)
    try:
        found.chosen(arguments.only)
    except ValueError as none:
        arguments.parser.error(str(none))
    return found


def preview(arguments: argparse.Namespace) -> int:
    from supportsim.show.studying import preview as tell

    tell(planned(arguments), arguments.only, arguments.json)
    return DONE


def doctor(arguments: argparse.Namespace) -> int:
    from supportsim.show.doctor import report

    print("\n".join(report()))
    return DONE


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], Callable[[Parser], None], str]] = {
    "init": (init, init_arguments, "write a commented starter scenario with its CSV"),
    "check": (check, check_arguments, "print what a scenario says, without simulating"),
    "erlang": (erlang, erlang_arguments, "answer a planner's question by Erlang B, C or A, without a scenario"),
    "schema": (schema, schema_arguments, "print the JSON Schema of scenario or study files, for editors"),
    "run": (run, run_arguments, "simulate a scenario and write its results"),
    "required": (required, required_arguments, "find the heads that keep the promises of live lines, by playing"),
    "study": (study, study_arguments, "play many points made from one scenario, and compare them"),
    "compare": (compare, compare_arguments, "play options on the same customers and write how they differ"),
    "without": (without, without_arguments, "take the issues of some away and tell what that does for the others"),
    "ladder": (
        ladder,
        ladder_arguments,
        "play what a segment could be offered, and what each level costs and keeps",
    ),
    "sensitivity": (
        sensitivity,
        sensitivity_arguments,
        "play every input a share lower and higher, and tell which ones the answer rests on",
    ),
    "bridge": (bridge, bridge_arguments, "tell step by step why a promise differs from an Erlang sheet"),
    "months": (months, months_arguments, "play customers who leave at low, stated and high odds, month by month"),
    "trace": (trace, trace_arguments, "tell one replication, or one issue, event by event"),
    "verify": (verify, verify_arguments, "compare the simulator with exact results"),
    "doctor": (doctor, lambda parser: None, "print versions, the machine, and whether machine code lies ready"),
}


def parser_of_all() -> Parser:
    parser = Parser(
        prog="supportsim",
        description="Simulate a support operation: who waits, what is promised, what it costs.",
        epilog=EXITS,
    )
    parser.add_argument("--version", action="version", version=f"supportsim {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (do, add_arguments, summary) in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".", epilog=EXITS)
        sub.add_argument("-v", "--verbose", action="store_true", help="show the traceback of an internal error")
        add_arguments(sub)
        sub.set_defaults(do=do, parser=sub)
    return parser


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments; unknown commands and options end here with the nearest known one."""
    parser = parser_of_all()
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(USAGE)
    if not words[0].startswith("-") and words[0] not in COMMANDS:
        parser.unknown(words[0], list(COMMANDS), "command")
    arguments, rest = parser.parse_known_args(list(words))
    if rest:
        sub: Parser = getattr(arguments, "parser", parser)
        sub.unknown(rest[0], [option for action in sub._actions for option in action.option_strings], "option")
    return arguments


def read(arguments: argparse.Namespace) -> Scenario:
    from supportsim.scenario.load import load

    return load(arguments.file, arguments.changes)


def read_all(files: Sequence[str], changes: list[tuple[str, str]]) -> list[Scenario]:
    """Several scenarios; the faults of all of them at once.  Raises ConfigError."""
    from supportsim.scenario.errors import ConfigError
    from supportsim.scenario.load import load

    scenarios, faults = [], []
    for file in files:
        try:
            scenarios.append(load(file, changes))
        except ConfigError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise ConfigError(faults)
    return scenarios


def failed(error: Exception, verbose: bool) -> int:
    """Say what went wrong on stderr; returns the exit code."""
    from supportsim.scenario.errors import ConfigError

    if isinstance(error, ConfigError):
        say(str(error))
        return INVALID
    if verbose:
        import traceback

        traceback.print_exc()
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("supportsim"):
        say(f"supportsim: the library '{error.name}' is missing; python -m pip install supportsim brings it")
        return USAGE
    if type(error).__name__ in ("ResultExists", "StoreBusy"):  # their homes load much; their names will do
        say(f"supportsim: {error}")
        return UNWRITTEN
    if isinstance(error, OSError):
        if error.errno is None:  # not the system's words but ours
            say(f"supportsim: {error}")
            return USAGE
        where = f"{error.filename}: " if error.filename else ""
        say(f"supportsim: could not write: {where}{error.strerror}")
        return UNWRITTEN
    first = str(error).splitlines()[0] if str(error) else ""
    say(f"supportsim: internal error: {type(error).__name__}: {first}; {REPORT}")
    return INTERNAL


def never_fail_to_print(stream: TextIO) -> None:
    """Print ? for what the console has no letter for, instead of failing after the work is done."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    verbose = False
    for name, value in SPARED.items():
        os.environ.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        never_fail_to_print(stream)
    try:
        arguments = parse(sys.argv[1:] if words is None else words)
        verbose = arguments.verbose
        code: int = arguments.do(arguments)
        sys.stdout.flush()
        return code
    except SystemExit as leaving:  # argparse leaves this way for --help, --version and wrong usage
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except KeyboardInterrupt:
        say("supportsim: interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of stdout (head, less) has gone: nothing more to say to it
        silence(sys.stdout)
        return DONE
    except Exception as error:
        return failed(error, verbose)


if __name__ == "__main__":
    sys.exit(main())
