"""The report in a browser: asks for nothing, complains of nothing, can be read large, by keyboard and on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from measure.journals import promise
from paper import ROOM, SMALLEST
from study.players import desk

from show.report_pages import HOSTILE, compared, comparison_page, named, run_page
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR
from supportsim.show.report.table import Table, headings
from supportsim.show.report.write import Told, of_made
from supportsim.study import comparison_folder

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGE_WIDTH, PAGE_HEIGHT = 188, 277  # mm of A4 inside the margins
PAGE_ACROSS = 194  # its height across
MM = 96 / 25.4
pytestmark = pytest.mark.filterwarnings("ignore:Glyph")


def wide() -> list[Scenario]:
    """Four options, two of them once more with a resized roster, and seven promises: as much as a first page holds."""
    names = ("premium_phone", "standard_phone", "standard_chat", "free_chat")
    late = ("premium_tickets", "standard_tickets", "free_tickets")
    promises = [promise(name, share=0.3 + 0.2 * i) for i, name in enumerate(names)]
    promises += [promise(name, ("ticket",), limit=HOUR) for name in late]
    titles = ("support as it is", "premium is served first", "an agent held back for premium", "tickets only")
    return [
        replace(desk(), name=f"saas-{title.split()[0]}-{i}", title=f"Freemium software company, {title}",
                promises=tuple(promises))
        for i, title in enumerate(titles)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    short = [name for name in HOSTILE if len(name) < 100]
    hostile = [named([" ".join(short[i::10]) for i in range(10)]), named(HOSTILE[::6]), named(HOSTILE[5::6])]
    found = {
        "comparison": comparison_page(compared(*wide(), resized=2), folder / "comparison"),
        "run": run_page(compared(desk()).base.result, folder / "run"),
    }
    both = compared(*wide()[:2], resized=1, names=(HOSTILE[0], "as it is"))
    caption = Table(HOSTILE[1], headings("of whom", "difference"), [[HOSTILE[2], "+1.0 points"]])
    comparison_folder.write(both, folder / "made")
    told = Told(f"Desk: {HOSTILE[3]}", [f"Without {HOSTILE[4]}: all wait less."], [caption], (HOSTILE[0], "as it is"))
    found["made"] = of_made(both, told, folder / "made", [])
    for i, scenario in enumerate(hostile):
        both = compared(scenario, replace(scenario, title=HOSTILE[i]), names=(HOSTILE[i], HOSTILE[-i - 1]))
        found[f"hostile {i}"] = comparison_page(both, folder / f"hostile{i}")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium here: make browser installs it where that is possible")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


class Seen:
    """A page that is open, and all that it did."""

    def __init__(self, browser: Any, file: Path, width: int = 1280, height: int = 900) -> None:
        self.file = file
        self.requests: list[str] = []
        self.said: list[str] = []
        self.dialogs: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": height}, offline=True)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda said: self.said.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", self._dismiss)
        self.page.goto(file.as_uri())

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.page.close()
        assert self.requests == [self.file.as_uri()]
        assert not self.said
        assert not self.dialogs


NAMES = ["comparison", "run", "made", *(f"hostile {i}" for i in range(3))]


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_nothing_and_complains_of_nothing(name: str, browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages[name]) as page:
        assert page.locator("h1").count() == 1
        page.mouse.move(200, 200)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(50)
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, form').length") == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(320, 256), (390, 844), (1280, 900)])
def test_nothing_is_wider_than_the_window(
    name: str, size: tuple[int, int], browser: Any, pages: dict[str, Path]
) -> None:
    with Seen(browser, pages[name], *size) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_tables_of_the_first_page_do_not_scroll_on_a_laptop(browser: Any, pages: dict[str, Path]) -> None:
    """Six rows of options, seven promises, and numbers as wide as of a company: all of it is seen at once."""
    with Seen(browser, pages["comparison"]) as page:
        page.evaluate(
            """() => {
                const fill = (cells, text) => document.querySelectorAll(cells).forEach(
                    cell => { cell.firstChild.data = text });
                fill(".others td", "43 466 ± 149");
                fill("#people td:not(.t)", "5\u00a0554\u00a0±\u00a036 (+1\u00a0121\u00a0±\u00a026)");
            }"""
        )
        wider = """() => [...document.querySelectorAll("#summary .box, #people .box")].map(
            box => box.scrollWidth - box.clientWidth)"""
        found = page.evaluate(wider)
        assert len(found) == 3
        assert max(found) <= 0


def test_the_keyboard_reaches_contents_and_downloads_and_shows_where_it_is(
    browser: Any, pages: dict[str, Path]
) -> None:
    with Seen(browser, pages["run"]) as page:
        reached = []
        for _ in range(400):
            page.keyboard.press("Tab")
            found = page.evaluate(
                "(() => {const e = document.activeElement; const s = getComputedStyle(e);"
                "return [e.tagName, e.getAttribute('href') || '', s.outlineStyle, parseFloat(s.outlineWidth)]})()"
            )
            if found[0] == "BODY":
                break
            reached.append(found)
            assert found[2] not in ("none", ""), found
            assert found[3] >= 2, found
        links = [href for tag, href, _, _ in reached if tag == "A"]
        assert links[0] == "#summary"
        assert {"#planner", "#researcher", "#provenance"} <= set(links)
        assert sum(href.startswith("data:text/csv") for href in links) >= 6
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")


def test_a_download_is_saved_under_the_name_of_its_file(browser: Any, pages: dict[str, Path]) -> None:
    seen = Seen(browser, pages["run"])
    with seen.page.expect_download() as saved:
        seen.page.locator("a[download='summary.csv']").click()
    assert saved.value.suggested_filename == "summary.csv"
    assert Path(saved.value.path()).read_bytes() == (pages["run"].parent / "summary.csv").read_bytes()
    assert not seen.said
    seen.page.close()


def test_a_table_is_sorted_by_a_press_and_a_long_one_filtered_by_words(browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages["run"]) as page:
        table = page.locator("#researcher .long table")
        table.locator("th button", has_text="mean").first.click()
        means = table.locator("tbody tr td:nth-child(3)").all_inner_texts()
        values = [float(text.replace(" ", "").replace("−", "-")) for text in means if text != "–"]
        assert values == sorted(values)
        assert table.locator("th[aria-sort=ascending]").count() == 1
        page.locator(".filter input").first.fill("phone wait_p95")
        shown = table.locator("tbody tr:visible")
        assert 0 < shown.count() < table.locator("tbody tr").count()
        assert all("wait_p95" in text for text in shown.all_inner_texts())


@pytest.mark.parametrize("name", ["comparison", "run"])
def test_everything_has_a_name_and_enough_contrast(name: str, browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages[name]) as page:
        assert page.evaluate("document.documentElement.lang") == "en"
        nameless = page.evaluate(
            "Array.from(document.querySelectorAll('svg, [role=region], nav, section, input, button, a')).filter(e => "
            "!(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length || "
            "(e.getAttribute('aria-labelledby') || '').split(' ').some(i => document.getElementById(i)?.textContent))"
            ").map(e => e.outerHTML.slice(0, 80))"
        )
        assert not nameless
        pale = page.evaluate(
            "(() => {const light = c => {const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => {x /= 255;"
            "return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4});"
            "return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]};"
            "const all = document.querySelectorAll('main p, td, th, small, li, dd, a, caption, figcaption');"
            "return Array.from(all).filter(e => 1.05 / (light(getComputedStyle(e).color) + 0.05) < 4.8)"
            ".map(e => e.outerHTML.slice(0, 80))})()"
        )
        assert not pale


@pytest.mark.parametrize("name", ["comparison", "run"])
def test_the_first_page_is_one_page_on_paper_and_no_table_is_cut(
    name: str, browser: Any, pages: dict[str, Path]
) -> None:
    with Seen(browser, pages[name], round(PAGE_WIDTH * MM), 1000) as page:
        page.emulate_media(media="print")
        assert page.evaluate("document.querySelector('.first').getBoundingClientRect().height") <= PAGE_HEIGHT * MM
        tables = page.evaluate("Array.from(document.querySelectorAll('table')).map(e => e.offsetWidth)")
        assert max(tables) <= PAGE_WIDTH * MM + 1
        page.evaluate("document.querySelectorAll('main > :not(.first), footer').forEach(e => e.remove())")
        paper = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1


def test_on_paper_small_figures_share_a_page_and_letters_stay_readable(browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages["run"], round(ROOM[0] * MM), 1000) as page:
        page.emulate_media(media="print")
        figures = page.evaluate(
            "Array.from(document.querySelectorAll('figure')).map(f => {const s = f.querySelector('svg');"
            "const letters = Array.from(s.querySelectorAll('text')).map(t => parseFloat(getComputedStyle(t).fontSize));"
            "const box = s.viewBox.baseVal, own = s.getBoundingClientRect();"
            "const scale = Math.min(own.width / box.width, own.height / box.height);"
            "return [f.className, f.getBoundingClientRect().height, Math.min(...letters) * scale]})"
        )
    assert min(letters for *_, letters in figures) * 72 / 96 >= SMALLEST
    halves = [height for name, height, _ in figures if name == "half"]
    assert halves
    assert 2 * max(halves) <= PAGE_ACROSS * MM
    assert max(height for _, height, _ in figures) <= PAGE_ACROSS * MM


def test_a_table_is_not_drawn_once_more_as_a_figure(browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages["comparison"]) as page:
        assert page.locator("figcaption", has_text="Cost against promises").count() == 2  # seven promises, two files
        assert page.locator("figcaption", has_text="Options side by side").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_letters_of_figures_are_not_shrunk_on_a_screen(width: int, browser: Any, pages: dict[str, Path]) -> None:
    with Seen(browser, pages["run"], width) as page:
        scales = page.evaluate(
            "Array.from(document.querySelectorAll('figure svg')).map(s => s.getBoundingClientRect().width / "
            "s.viewBox.baseVal.width)"
        )
        assert 7.5 * min(scales) >= 8.5  # px
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_long_caption_stands_beside_a_narrow_table_and_does_not_widen_it(
    browser: Any, pages: dict[str, Path]
) -> None:
    with Seen(browser, pages["run"]) as page:
        table, caption = page.evaluate(
            "['table.kept', 'table.kept caption span'].map(s => document.querySelector(s).offsetWidth)"
        )
        assert table < 600 < caption
