"""The report: one page that is whole, the same every time, says what the tables say and distrusts its own words."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from study.players import desk

from show.report_pages import Page, compared, comparison_page, played, run_page
from supportsim.scenario.model import After, Law
from supportsim.scenario.ticks import MINUTE
from supportsim.show.report import files, unknown
from supportsim.show.report.svg import inlined
from supportsim.show.report.worst import worst

LOADS = ("src", "srcset", "action", "poster", "data", "background", "formaction", "ping")


@pytest.fixture(scope="module")
def of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_page(played(), tmp_path_factory.mktemp("run") / "out")


@pytest.fixture(scope="module")
def of_comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenarios = (replace(desk(), name="today", title="As it is"), replace(desk(), name="other", title="Another way"))
    return comparison_page(compared(*scenarios, resized=1), tmp_path_factory.mktemp("comparison") / "out")


@pytest.fixture(scope="module", params=["of_run", "of_comparison"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(request.getfixturevalue(request.param))


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    scenarios = (replace(desk(), name="today"), replace(desk(), name="other"))
    pages = [comparison_page(compared(*scenarios, n=2), tmp_path / name).read_bytes() for name in ("one", "two")]
    assert pages[0] == pages[1]


def test_nothing_in_it_is_fetched_from_anywhere(page: Page) -> None:
    for tag, attributes in page.elements:
        assert tag not in ("link", "iframe", "object", "embed", "base", "form", "audio", "video")
        for name, value in attributes.items():
            assert not name.startswith("on"), f"{tag} {name}"
            if name.endswith("href"):
                inside = "data:image/png" if tag == "image" else "data:text/csv"
                assert value.startswith(("#", inside)), value[:80]
            if name in LOADS:
                assert value.startswith("data:image/")
            assert all(part.startswith("#") for part in re.findall(r"url\(([^)]*)\)", value)), value[:80]
    assert "@import" not in page.source


def test_its_policy_lets_its_own_script_run_and_nothing_else(page: Page) -> None:
    (script,) = page.texts["script"]
    (policy,) = [meta["content"] for meta in page.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert len(script.splitlines()) < 50


def test_what_readers_of_the_screen_need_is_there(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "").split()) <= set(ids), attributes
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids
        if tag == "th":
            assert attributes.get("scope") in ("col", "row", "rowgroup")
        if tag == "svg":
            assert attributes["role"] == "img"
            assert attributes["aria-labelledby"]
    assert all(text.strip() for text in page.texts["caption"])
    assert len(page.texts["caption"]) == len(page.of("table"))
    assert len(page.of("h1")) == len(page.of("main")) == len(page.of("nav")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_reference_inside_a_figure_leads_to_something_of_its_own(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    used = {value[1:] for tag, attributes in page.elements for name, value in attributes.items()
            if "href" in name and tag == "use"}  # fmt: skip
    for _, attributes in page.elements:
        used.update(found for value in attributes.values() for found in re.findall(r"url\(#([^)]+)\)", value))
    assert used
    assert used <= ids
    assert "<metadata" not in page.source
    assert "dc:date" not in page.source


def test_two_figures_that_share_ids_do_not_when_they_stand_on_one_page() -> None:
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'width="9pt"><title>T</title><metadata>when</metadata><defs><clipPath id="c"><path id="p" d="M 1.23456 2"/>'
        '</clipPath></defs><g id="figure_1" clip-path="url(#c)"><use xlink:href="#p"/></g></svg>'
    )
    one, two = (inlined(svg, prefix).markup for prefix in ("a-", "b-"))
    assert set(re.findall(r'id="([^"]+)"', one)) == {"a-title", "a-desc", "a-c", "a-p"}
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', two))
    assert "url(#a-c)" in one
    assert 'href="#a-p"' in one
    assert 'd="M 1.23 2"' in one
    assert "when" not in one


def test_downloads_are_the_files_themselves(of_comparison: Path) -> None:
    page = Page(of_comparison)
    links = [attributes for attributes in page.of("a") if "download" in attributes]
    found = {file.path: file for file in files.files(of_comparison.parent)}
    assert {"options.csv", "differences.csv", "0-today/summary.csv", "figures/options.csv"} <= set(found)
    assert len(links) == len(found)
    for path, file in found.items():
        data = (of_comparison.parent / path).read_bytes()
        link = next(attributes["href"] for attributes in links if attributes["download"] == file.name)
        assert unquote_to_bytes(link.split(",", 1)[1]) == data
        assert file.sha256 == hashlib.sha256(data).hexdigest()
        assert file.sha256 in page.source


def test_files_too_large_to_carry_are_named_and_of_each_option_alike(
    of_comparison: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST", 30_000)
    found = files.files(of_comparison.parent)
    assert not all(file.href for file in found)
    assert sum(len(file.href) for file in found) <= 30_000
    for name in ("summary.csv", "replications.csv", "teams.csv"):
        assert len({bool(file.href) for file in found if file.path.endswith("/" + name)}) == 1


# ---------------- what it says

#: See the table of wording to distrust: what a page of ours never says.
NEVER = (
    r"\bsav(e|es|ing|ings)\b", r"\bprofit", r"\boptimal", r"low-value", r"bad customer", r"pays for itself",
    r"deflection",
)  # fmt: skip
#: What a director does not read on the first page.
JARGON = (
    r"replication", r"\bCRN\b", r"Weibull", r"\bHolm\b", r"\bp-value", r"\bp =", r"[α-ωΑ-Ω]", r"confidence",
    r"\bStudent\b",
)  # fmt: skip


def test_the_words_are_those_that_can_be_trusted(page: Page) -> None:
    words = " ".join(page.texts["main"])
    assert not [word for word in NEVER if re.search(word, words, flags=re.IGNORECASE)]


def test_the_first_page_has_no_jargon(page: Page) -> None:
    words = page.part('<section id="summary"', "<nav")
    first = words.split("Cost, promises and what is left")[0]
    assert "play" in first
    assert not [word for word in JARGON if re.search(word, first)]


def test_the_first_page_tells_mean_and_single_periods_under_two_names(of_run: Path) -> None:
    result = played()
    row = result.promises.to_dict("records")[0]
    said = Page(of_run).part('<section id="summary"', "<nav")
    half = max(row["kept_ci_high"] - row["kept_share"], row["kept_share"] - row["kept_ci_low"])
    assert f"{100 * row['kept_share']:.1f} % on average (known to ± {100 * half:.1f}); single days " in said
    assert f"worst day of 20 {100 * row['period_p05']:.0f} %" in said


def test_the_table_of_options_has_verdicts_with_marks_and_differences(of_comparison: Path) -> None:
    page = Page(of_comparison)
    said = page.part('<section id="summary"', "<nav")
    assert "2 options compared" in said
    assert any(f"{mark} {word}" in said for mark, word in (("✓", "kept"), ("✗", "missed"), ("?", "too close to call")))
    assert "other, roster resized by work" in said
    assert "same" in said
    assert "What a bad day looks like" in said
    assert "changes no paid hour" in said


def test_what_was_not_finished_is_said_first(tmp_path: Path) -> None:
    from supportsim.show.report import write
    from supportsim.study.result import write as write_tables

    result = replace(played(), requested=5, interrupted=True)
    write_tables(result, tmp_path / "out")
    page = Page(write.of_run(result, tmp_path / "out", [], "interrupted: 3 of 5 replications were finished"))
    assert "Not all of it is there: interrupted: 3 of 5" in page.part('<section id="summary"', "<nav")


def test_the_worst_intervals_are_those_with_most_customers_too_late() -> None:
    result = played()
    table = worst(result)
    assert table is not None
    late = (result.judged - result.kept).mean(axis=0)
    assert [float(row[3]) for row in table.rows if row[1] == "p"] == sorted(
        (round(float(value), 1) for value in late[0] if value > 0), reverse=True
    )[: len([row for row in table.rows if row[1] == "p"])]
    first = table.rows[0]
    begin = first[0].split()[0] + "T" + first[0].split()[2]
    line = next(
        row for row in result.intervals.to_dict("records")
        if row["start"].startswith(begin) and row["channel"] == "phone"
    )  # fmt: skip
    assert table.headings[6] == ("Erlang C", "required")  # these customers never hang up
    assert first[6] == f"{line['required_erlang_c']:.0f}"
    assert first[7] == f"{line['heads_rostered']:.1f}"
    assert first[8] == f"{line['heads_present']:.1f}"
    assert table.headings[9] == ("difference", "scheduled less Erlang C")  # nobody states or asks for another
    assert table.headings[5].name == "days missed"
    assert 0 < float(first[5]) <= 100


def test_no_promise_no_worst_interval(tmp_path: Path) -> None:
    result = played(replace(desk(), promises=()))
    assert worst(result) is None
    page = Page(run_page(result, tmp_path / "out"))
    assert "What a bad" not in page.source


def test_what_nobody_measured_is_listed_and_defaults_are_the_tools_own(tmp_path: Path) -> None:
    base = desk()
    again = After("abandoned", 0.5, 0.0, 0.0, 0.5, Law("constant", (float(10 * MINUTE),)), 3)
    channels = (replace(base.channels[0], after=(again,)), base.channels[1])
    queues = (replace(base.queues[0], patience=Law("exponential", (float(4 * MINUTE),))), base.queues[1])
    scenario = replace(base, channels=channels, queues=queues, defaults=("channels.phone.lines: no limit",))
    table = unknown.unmeasured(compared(scenario, replace(base, name="other")))
    assert table is not None
    rows = {row[0]: row[1:] for row in reversed(table.rows)}
    assert rows["patience on phone"] == ["exponential, mean 4.0 min", "all"]
    assert rows["on phone, after “abandoned”"][0] == "50 % come again, 50 % leave it; after constant, mean 10.0 min"
    assert rows["how days differ beyond chance (busyness)"][0].startswith("none: days differ by chance alone")
    assert ["patience on phone", "nobody ever leaves", "other"] in table.rows
    page = Page(run_page(played(scenario), tmp_path / "out", drawn=False))
    said = page.part('<section id="unknown"', '<section id="planner"')
    assert "Filled in by the tool" in said
    assert "channels.phone.lines: no limit" in said


def test_every_formula_of_a_service_level_stands_beside_who_is_in_none(of_run: Path) -> None:
    said = Page(of_run).part('<section id="planner"', '<section id="researcher"')
    assert "answered in time, of all offered" in said
    assert "heard busy" in said
    assert "turned away" in said


def test_a_table_it_does_not_know_is_shown_too(tmp_path: Path) -> None:
    from supportsim.show.report import write
    from supportsim.study.result import write as write_tables

    result = played()
    write_tables(result, tmp_path / "out")
    (tmp_path / "out" / "money.csv").write_text("what,amount\nseats,1234.5\n", encoding="utf-8")
    said = Page(write.of_run(result, tmp_path / "out", [])).part('<section id="planner"', '<section id="researcher"')
    assert "money.csv: means" in said
    assert "1 234" in said


def test_a_table_of_a_comparison_that_it_does_not_know_is_shown_too(tmp_path: Path) -> None:
    from supportsim.show.report import write

    comparison = compared(replace(desk(), name="today"), replace(desk(), name="other"))
    comparison_page(comparison, tmp_path / "out", drawn=False)
    (tmp_path / "out" / "money.csv").write_text("option,cash\ntoday,12\n", encoding="utf-8")
    said = Page(write.of_comparison(comparison, tmp_path / "out", [])).part('id="pictures"', "<nav")
    assert "money.csv: means" in said
