"""The manual says what is there: keys, measures, commands, files; and what it shows runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supportsim.cli import COMMANDS, main, parse
from supportsim.study.folder import OF_JOURNALS, TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), *sorted(ROOT.glob("*.md"))]
PAGES += sorted((ROOT / "supportsim" / "show" / "templates").glob("*.md"))
README = ROOT / "README.md"


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks of a language; for `shell` the indented lines."""
    if language == "shell":
        return [line[4:] for line in text(page).splitlines() if line.startswith("    ")]
    return re.findall(rf"```{language}\n(.*?)```", text(page), flags=re.S)


def commands(page: Path) -> Iterator[list[str]]:
    """Every `supportsim …` shown, in a block or between back-ticks, as words."""
    shown = [*blocks(page, "shell"), *re.findall(r"`([^`\n]+)`", text(page))]
    for line in shown:
        if line.startswith("supportsim "):
            yield shlex.split(line, comments=True)[1:]


def keys(schema: Any) -> Iterator[str]:
    """Names of all properties anywhere in a JSON Schema."""
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        yield from properties
        for name, item in schema.items():
            yield from keys(list(item.values()) if name in ("properties", "$defs") else item)
    elif isinstance(schema, list):
        for item in schema:
            yield from keys(item)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(#[^)]*)?\)", text(page))
    local = [target for target, _ in targets if not target.startswith("http")]
    assert not [target for target in local if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_into_a_page_meet_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", text(page)):
        goal = page.parent / target if target else page
        if target.startswith("http"):
            continue
        headings = re.findall(r"^#+ (.*)$", text(goal), flags=re.M)
        slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in slugs, f"{page.name}: #{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_shown_are_commands_there_are(page: Path) -> None:
    for words in commands(page):
        if words[0].startswith("-"):
            assert words == ["--version"]
            continue
        assert words[0] in COMMANDS, f"{page.name}: supportsim {' '.join(words)}"
        if len(words) > 1 and "ID" not in words:
            assert parse(words).command == words[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_shown_are_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", text(ROOT / "Makefile"), flags=re.M))
    shown = set(re.findall(r"`?\bmake (?:PYTHON=\S+ )?(demo|test|[a-z]+)`", text(page)))
    shown |= {line.split()[1] for line in blocks(page, "shell") if line.startswith("make ")}
    assert shown <= targets


def test_every_key_of_the_language_is_in_its_page() -> None:
    from supportsim.scenario.schema import json_schema

    page = text(DOCS / "language.md")
    missing = {key for key in keys(json_schema()) if not re.search(rf"\b{re.escape(key)}\b", page)}
    assert not missing


def test_every_policy_and_outcome_is_in_the_manual() -> None:
    from supportsim.engine.journal import OUTCOMES
    from supportsim.scenario.policies import POLICIES

    language, model = text(DOCS / "language.md"), text(DOCS / "model.md")
    assert not [name for name in POLICIES if f"`{name}`" not in language or f"`{name}`" not in model]
    named = [outcome for outcome in OUTCOMES if outcome != "open"]
    assert not [outcome for outcome in named if f"`{outcome}`" not in language]


def test_the_page_of_measures_is_the_one_made_from_the_code() -> None:
    from supportsim.show.manual import measures_page

    assert text(DOCS / "measures.md") == measures_page(), "run: python -m supportsim.show.manual"


@pytest.mark.parametrize("name", [*TABLES, *OF_JOURNALS])
def test_every_column_of_a_result_is_in_the_page_of_measures(name: str, tmp_path: Path) -> None:
    from study.players import Player, desk

    from supportsim.study.result import write
    from supportsim.study.run import run

    folder = write(run(desk(), 2, make=Player), tmp_path / "out")
    columns = text(folder / f"{name}.csv").splitlines()[0].split(",")
    part = text(DOCS / "measures.md").split(f"\n### {name}.csv\n")[1].split("\n### ")[0]
    assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == columns


@pytest.mark.usefixtures("without_pixels")
def test_every_column_of_a_figure_is_in_the_page_of_measures(tmp_path: Path) -> None:
    from study.players import Player, desk

    from supportsim.show.figures import write_all
    from supportsim.study.run import run

    page = text(DOCS / "measures.md").split("\n## Figures\n")[1].split("\n## Columns of a comparison\n")[0]
    files = [file for file in write_all(run(desk(), 2, make=Player), tmp_path) if file.suffix == ".csv"]
    assert len(files) == page.count("\n### ") == 10
    for file in files:
        columns = [name for name in text(file).splitlines()[0].split(",") if not name.startswith("load_")]
        name = "intraday_<channel>_<days>" if file.stem.startswith("intraday") else file.stem
        part = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
        assert re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", part, flags=re.M) == columns, name


def test_every_exit_code_is_in_the_design() -> None:
    from supportsim import cli

    page = text(DOCS / "design.md")
    codes = [cli.DONE, cli.INTERNAL, cli.USAGE, cli.INVALID, cli.UNWRITTEN, cli.INCOMPLETE, cli.INTERRUPTED]
    assert all(re.search(rf"\b{code} [a-z]", page) for code in codes)


def test_every_dependency_has_its_sentence() -> None:
    import tomllib

    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    names = {re.split(r"[^\w-]", line)[0] for line in project["dependencies"]}
    page = text(DOCS / "design.md")
    assert not [name for name in names if f"| {name} |" not in page]
    assert not [extra for extra in project["optional-dependencies"] if f"`{extra}`" not in page]


@pytest.mark.parametrize("number", range(len(blocks(DOCS / "language.md", "yaml"))))
def test_scenarios_of_the_language_page_load(number: int, tmp_path: Path) -> None:
    from supportsim.scenario.load import load
    from supportsim.show.starter import write

    write(tmp_path)
    file = tmp_path / "shown.yaml"
    file.write_text(blocks(DOCS / "language.md", "yaml")[number], encoding="utf-8")
    assert load(file).streams


def test_every_key_of_studies_is_in_their_page() -> None:
    from supportsim.study.study_schema import OUTPUTS, json_schema

    page = text(DOCS / "studies.md")
    words = {*keys(json_schema()), *OUTPUTS}
    assert not {word for word in words if not re.search(rf"`[^`\n]*\b{re.escape(word)}\b", page)}


@pytest.mark.parametrize("number", range(len(blocks(DOCS / "studies.md", "yaml"))))
def test_studies_of_their_page_are_played(number: int, tmp_path: Path) -> None:
    from supportsim.show.starter import write
    from supportsim.study.study import Study

    write(tmp_path)
    file = tmp_path / "study.yaml"
    shown = blocks(DOCS / "studies.md", "yaml")[number].replace("replications: 20", "replications: 2")
    shown = shown.replace("at_least: 20, at_most: 400", "at_least: 10, at_most: 10")
    file.write_text(shown, encoding="utf-8")
    study = Study.load(file)
    assert not [note for point in study.points for note in point.notes]
    assert len(study.run(jobs=1, only=[study.points[0].name]).differences)


def for_two_days(folder: Path) -> None:
    """Below the folder the scenarios that pages show, played for two days instead of five weeks."""
    shutil.copytree(ROOT / "configs" / "saas", folder / "configs" / "saas")
    file = folder / "configs" / "saas" / "today.yaml"
    short, changed = re.subn(r"(?m)^(length|warm_up): [^#\n]*", lambda m: f"{m[1]}: {DAYS[m[1]]}  ", text(file))
    assert changed == len(DAYS)
    file.write_text(short, encoding="utf-8")


DAYS = {"length": "2 days", "warm_up": "1 h"}


def test_what_the_page_of_crowding_shows_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for_two_days(tmp_path)
    monkeypatch.chdir(tmp_path)
    shown = [words for words in commands(DOCS / "crowding.md") if len(words) > 2]
    assert shown
    for number, words in enumerate(shown):
        few = [*words[: words.index("-n")], "-n", "2", "--no-figures", "-o", str(number)]
        few += ["--no-resize"] if words[0] == "ladder" else []  # the Python below resizes
        if "--all" in words:  # a level fewer: eight assignments instead of 27
            del few[few.index("ticket") - 1 : few.index("ticket") + 1]
        assert main(few) == 0
        assert Path(str(number), "verdict.txt").is_file()
    python = blocks(DOCS / "crowding.md", "python")
    assert python
    for block in python:
        exec(re.sub(r"replications=\d+", "replications=2", block).replace("104 weeks", "2 days"), {})


def test_the_python_of_studies_runs_as_a_script(tmp_path: Path) -> None:
    from supportsim.show.starter import write

    write(tmp_path / "my-desk")
    shown = blocks(DOCS / "studies.md", "yaml")[0].replace("replications: 20", "replications: 2")
    (tmp_path / "my-desk" / "study.yaml").write_text(shown, encoding="utf-8")
    (tmp_path / "script.py").write_text(blocks(DOCS / "studies.md", "python")[0], encoding="utf-8")
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "kept_share" in done.stdout


def test_the_columns_of_a_study_are_in_their_page(tmp_path: Path) -> None:
    from study.study_texts import Made, written

    from supportsim.study.study import Study

    found = Study.load(written(tmp_path)).run(jobs=1, make=Made)
    page = text(DOCS / "studies.md")
    tables = {"points": found.points, "replications": found.results, "summary": found.summary}
    for name, table in {**tables, "differences": found.differences}.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}.csv` |"))
        own = [column for column in table.columns if column not in ("load", "people")]
        assert [column for column in own if f"`{column}`" not in row] == [], name


def test_the_five_minutes_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = [shlex.split(line, comments=True)[1:] for line in blocks(README, "shell") if "supportsim " in line]
    shown = [words for words in shown if words and words[0] in ("init", "check", "run", "compare", "trace")]
    assert [words[0] for words in shown] == ["init", "check", "run", "run", "compare", "trace"]
    (option,) = blocks(README, "yaml")
    assert option.startswith("# my-desk/two_more.yaml\n")
    for words in shown:
        more = ["-n", "2", "--jobs", "1", "--no-figures"] if words[0] in ("run", "compare") else []
        assert main([*words, *more]) == 0, words
        if words[0] == "init":
            Path("my-desk/two_more.yaml").write_text(option, encoding="utf-8")
    assert len(list((tmp_path / "results").iterdir())) == 3


def test_the_python_of_the_readme_runs_as_a_script(tmp_path: Path) -> None:
    from supportsim.show.starter import write

    write(tmp_path / "my-desk")
    code = "\n".join(blocks(README, "python"))
    script = tmp_path / "script.py"
    script.write_text(code.replace("replications=10", "replications=2") + "print(result.n)\n", encoding="utf-8")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "promise" in done.stdout
    assert "two-more keeps" in done.stdout
    assert done.stdout.splitlines()[-1] == "2"


def test_the_columns_that_a_policy_sees_are_those_of_the_manual() -> None:
    from supportsim.engine.seen import SEEN

    shown = re.findall(r"^\| `(\w+)\.(\w+)` \| (.*) \|$", text(DOCS / "policies.md"), flags=re.M)
    assert shown == [(table, name, words) for table, columns in SEEN.items() for name, words in columns.items()]


def test_the_policy_of_the_manual_runs_as_a_script(tmp_path: Path) -> None:
    from supportsim.demand.compiling import PLAIN

    if PLAIN:
        pytest.skip("weeks of a real desk take minutes in plain Python")
    (code,) = blocks(DOCS / "policies.md", "python")
    script = tmp_path / "script.py"
    script.write_text(code.replace("replications=2", "replications=1"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    usual, own = (line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert usual[0] == "None"
    assert own[0].startswith("<policy free_last_for_a_day ")
    assert float(own[1]) > float(usual[1]), "free customers wait longer"


ANSWERS = re.findall(r"\n    ([^\n]+)\n\n```text\n(.*?)```", text(DOCS / "erlang.md"), re.S)


@pytest.mark.parametrize(("line", "shown"), ANSWERS)
def test_the_erlang_page_shows_what_is_printed(
    line: str, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(line)[1:]) == 0
    assert capsys.readouterr().out == shown


def test_the_python_of_the_erlang_page_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    formulas, bridge, required = blocks(DOCS / "erlang.md", "python")
    exec(formulas, {})
    assert capsys.readouterr().out.split()[:5] == ["14", "0.826", "20", "217", "18"]
    exec(bridge, {})
    assert capsys.readouterr().out.splitlines()[-1] == "+ breaks and shrinkage"
    exec(required, {})
    assert capsys.readouterr().out.split()[:5] == ["bin", "required_erlang_a", "required_simulated",
                                                   "one_fewer_kept_share", "0"]  # fmt: skip


def test_every_column_and_line_of_a_bridge_is_in_its_page() -> None:
    from supportsim.study.bridge import COLUMNS, NAMES

    page = text(DOCS / "erlang.md").split("\n| column of `erlang_bridge.csv` |")[1].split("\n\n")[0]
    assert re.findall(r"`(\w+)`", page.replace(", and in words", ""))[:4] == ["promise", "target", "line", "name"]
    assert not [name for name in (*COLUMNS, *NAMES) if f"`{name}`" not in page]


def test_every_word_and_option_of_erlang_is_in_its_page() -> None:
    from supportsim.cli_arguments import ERLANG_OPTIONS
    from supportsim.show.erlang_text import WORDS

    page = text(DOCS / "erlang.md")
    assert not [word for word in WORDS if f"| `{word}` |" not in page]
    assert not [name for name in ERLANG_OPTIONS if f"`--{name}`" not in page]


def test_the_csv_of_the_readme_begins_like_the_starter_csv() -> None:
    head = text(ROOT / "supportsim" / "show" / "templates" / "calls.csv").splitlines()[:2]
    assert all(f"    {line}" in text(README).splitlines() for line in head)
