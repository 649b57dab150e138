"""Reports made without an engine, hostile names, and a reader of HTML that keeps what tests ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from measure.journals import promise
from study.players import Player, desk

from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import HOUR
from supportsim.show import comparison_figures, figures, option_files, style
from supportsim.show.report.write import of_comparison, of_run
from supportsim.study import comparison_folder
from supportsim.study.compare import RESIZED
from supportsim.study.comparison import Comparison, Option
from supportsim.study.result import Result, write
from supportsim.study.run import run

#: What somebody may write as a title, or as a name where a name could hold it.
HOSTILE = (
    "<script>alert(1)</script>", "</title><script>alert(2)</script>", "</style><script>alert(3)</script>",
    "</script><script>alert(4)</script>", "<img src=x onerror=alert(5)>", "<svg onload=alert(6)>",
    "<svg><script>alert(7)</script></svg>", "<iframe src='javascript:alert(8)'></iframe>", "<!-- open", "--><b>x",
    "--&gt;", "<![CDATA[x]]>", "]]><script>alert(9)</script>", "&lt;script&gt;", "&amp;amp;", "&#x3c;b&#x3e;", "&",
    "\"><script>alert(10)</script>", "'><script>alert(11)</script>", "\" onmouseover=\"alert(12)",
    "' autofocus onfocus='x",
    "`onclick=alert(13)`", "javascript:alert(14)", "data:text/html,<script>alert(15)</script>", "http://example.org/x",
    "//example.org/x.png", "url(http://example.org/x)", "url(#clip)", "@import 'http://example.org/x.css'",
    "}*{background:url(//example.org)}", "expression(alert(16))", "{{ 7 * 7 }}", "{% raw %}", "{{ self.__init__ }}",
    "{# comment #}", "${7*7}", "%(name)s %s %d", "{0} {name}", "$x_1^2$", "$\\frac{1}{2}$", "\\textbf{x}", "_hidden",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\u202etfel ot thgir", "\u2066isolated",
    "\u200f\u200emarks",
    "مرحبا", "Zürich ß", "日本語の名前", "👩‍🚒🔥", "e\u0301\u0301\u0301\u0301", "a\u0000b\u001b[31mred",
    "x" * 3000, "word " * 400,
    "two\nlines", "a,b;c\"d\"", "<foreignObject><body onload=alert(17)>", "<math><mtext><script>alert(18)</script>",
)  # fmt: skip


def named(names: Sequence[str]) -> Scenario:
    """The desk with ten names of its own, some more than once where there are fewer."""
    n = [f"{name}{'' if i < len(names) else i}" for i, name in enumerate((list(names) * 10)[:10])]
    base = desk()
    promises = (
        promise(n[2], (base.channels[0].name,)), replace(promise(n[3], ("ticket",), limit=HOUR), of=(n[5],)),
    )  # fmt: skip
    channels = tuple(replace(c, name=name) for c, name in zip(base.channels, n[4:6], strict=True))
    queues = tuple(
        replace(q, channel=c.name, segment=n[6], topic=n[7], teams=((n[8],),))
        for q, c in zip(base.queues, channels, strict=True)
    )
    return replace(
        base, title=n[0], name=n[1], promises=promises, channels=channels, queues=queues, currency=n[9][:40],
        segments=(replace(base.segments[0], name=n[6]),), topics=(replace(base.topics[0], name=n[7]),),
        teams=(replace(base.teams[0], name=n[8]),), notes=(n[0],), defaults=(n[1],),
    )  # fmt: skip


def played(scenario: Scenario | None = None, n: int = 3) -> Result:
    return run(scenario or desk(), n, jobs=1, make=Player)


def compared(*scenarios: Scenario, names: Sequence[str] = (), resized: int = 0, n: int = 3) -> Comparison:
    """Played without an engine; the last `resized` are said to be the one before them with its roster resized."""
    options: list[Option] = []
    for i, scenario in enumerate(scenarios):
        name = names[i] if names else scenario.name
        options.append(Option(name, played(scenario, n)))
    for before in options[len(options) - resized :]:
        options.append(Option(before.name + RESIZED, before.result, before.name))
    metrics = tuple((p.name, "kept_share") for p in scenarios[0].promises)
    return Comparison(tuple(options), metrics)


def run_page(result: Result, folder: Path, drawn: bool = True) -> Path:
    """The report of a run, in a folder of results."""
    write(result, folder)
    with style.without_pixels():
        return of_run(result, folder, figures.write_all(result, folder) if drawn else [])


def comparison_page(comparison: Comparison, folder: Path, drawn: bool = True) -> Path:
    """The report of a comparison, in its folder."""
    comparison_folder.write(comparison, folder)
    with style.without_pixels():
        if not drawn:
            return of_comparison(comparison, folder, [])
        given = [option for option in comparison.options if not option.resized_from]
        below = [folder / place for place in comparison_folder.places(comparison)[: len(comparison.options)]]
        tasks = [(o.result, at) for o, at in zip(comparison.options, below, strict=True) if o in given]
        of_options = dict(zip([o.name for o in given], option_files.write_all(tasks), strict=True))
        return of_comparison(comparison, folder, comparison_figures.write_all(comparison, folder), "", of_options)


class Page(HTMLParser):
    """Every element with its attributes, and the text of some."""

    VOID = ("meta", "br", "hr", "img", "input", "wbr", "link")

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.source = file.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.pieces: dict[str, list[list[str]]] = {}  # of each element, in the order they came
        self.open: list[str] = []
        self.comments: list[str] = []
        self.feed(self.source)
        self.close()
        self.texts = {tag: ["".join(each) for each in found] for tag, found in self.pieces.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)
            self.pieces.setdefault(tag, []).append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.pieces[tag][-1].append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    def part(self, begin: str, end: str) -> str:
        """The visible words between two places of the source."""
        import html
        import re

        cut = self.source[self.source.index(begin) : self.source.index(end)]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", cut)).split())
