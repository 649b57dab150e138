"""What a figure must be where it is printed, whoever reads it: letters large enough, series told apart without hue."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supportsim.show.alt_text import KINDS, kind_of
from supportsim.show.letters import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

ROOM = (281.0, 184.0)  # mm that report.css leaves for a figure on A4 across
SMALLEST = 6.5  # points
STEP = 10.0  # of CIELAB lightness, 0 to 100, between two tones that nothing else tells apart
THICKER = 1.6  # times as wide is another line
_SIZE = re.compile(r"font(?:-size)?: (?:[a-z]+ )*([\d.]+)px")


def smallest_letters(svg: Path) -> float:
    """Points of the smallest letters of a figure on paper."""
    text = svg.read_text(encoding="utf-8")
    width, height = (float(x) * 25.4 / 72 for x in ET.fromstring(text).attrib["viewBox"].split()[2:])
    scale = min(ROOM[0] / width, ROOM[1] / height)
    return min(float(size) for size in _SIZE.findall(text)) * scale


def lightness(color: Any, alpha: float | None = None) -> float:
    """CIELAB L* (D65) of a colour on white paper; what a grey print leaves of it."""
    from matplotlib.colors import to_rgba

    red, green, blue, opaque = to_rgba(color, alpha)
    on_paper = np.array([red, green, blue]) * opaque + (1 - opaque)
    linear = np.where(on_paper <= 0.04045, on_paper / 12.92, ((on_paper + 0.055) / 1.055) ** 2.4)
    y = float(linear @ (0.2126, 0.7152, 0.0722))
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


class Look(NamedTuple):
    """How a key of a legend looks without its hue."""

    shape: tuple[Any, ...]  # line or area, dashes, mark and whether it is hollow, hatching
    tone: float  # CIELAB lightness
    width: float


def _line(key: Any) -> Look:
    mark = str(key.get_marker())
    drawn = key.get_linestyle() not in ("None", " ", "") and key.get_linewidth() > 0
    dashes = tuple(np.round(key._unscaled_dash_pattern[1] or (), 1)) if drawn else None
    hollow = mark not in ("None", "", " ") and lightness(key.get_markerfacecolor(), key.get_alpha()) > 98
    color = key.get_color() if drawn or mark in "|_" else key.get_markeredgecolor()
    return Look(("line", drawn, dashes, mark, hollow), lightness(color, key.get_alpha()), key.get_linewidth())


def _area(key: Any) -> Look:
    face, edge = key.get_facecolor(), key.get_edgecolor()
    face, edge = (np.atleast_2d(each) for each in (face, edge))
    filled = len(face) > 0 and face[0][3] > 0
    return Look(("area", key.get_hatch(), filled), lightness(face[0] if filled else edge[0]), 0.0)


def looks(legend: Legend) -> dict[str, Look]:
    """The keys of a legend by their words; keys without a mark, for words alone, are left out."""
    found = {}
    for key, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        if key is None or key.get_alpha() == 0:
            continue
        found[text.get_text()] = _line(key) if hasattr(key, "get_marker") else _area(key)
    return found


def alike(one: Look, other: Look) -> bool:
    """Whether two keys are the same without hue: of one shape, about as dark, lines about as wide."""
    narrow, wide = sorted((one.width, other.width))
    return one.shape == other.shape and abs(one.tone - other.tone) < STEP and wide < THICKER * max(narrow, 0.1)


def confused(figure: Figure) -> list[str]:
    """Pairs of series that a legend of the figure names and that a reader without colours would take for each other."""
    from matplotlib.legend import Legend

    legends = [each for each in figure.findobj(Legend) if isinstance(each, Legend)]
    return [
        f"{a!r} and {b!r}"
        for legend in legends
        for (a, one), (b, other) in combinations(looks(legend).items(), 2)
        if alike(one, other)
    ]


def shown_words(figure: Figure) -> dict[Any, str]:
    """Titles, names of axes, lines of the figure itself and legends, with what they say."""
    from matplotlib.legend import Legend

    shown = [axes for axes in figure.axes if axes.get_visible()]
    words: list[Any] = [text for axes in shown for text in (axes.title, axes._left_title)]  # type: ignore[attr-defined]
    words += [axis.label for axes in shown if axes.axison for axis in (axes.xaxis, axes.yaxis)] + figure.texts
    found = {each: each.get_text() for each in words if each.get_text().strip()}
    for each in figure.findobj(Legend):
        found[each] = " / ".join(text.get_text() for text in each.get_texts())  # type: ignore[attr-defined]
    return found


def hidden_words(figure: Figure) -> list[str]:
    """Which of the `shown_words` lie over each other or leave the figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    for axes in (axes for axes in figure.axes if axes.get_visible() and axes.axison):
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_tightbbox(renderer)  # places its name, which was placed for another number of dots per inch
        axes._update_title_position(renderer)  # type: ignore[attr-defined]
    found = [(name[:60], each.get_window_extent(renderer)) for each, name in shown_words(figure).items()]
    over = [f"{a!r} over {b!r}" for (a, x), (b, y) in combinations(found, 2) if x.padded(-2).overlaps(y.padded(-2))]
    page = figure.bbox.padded(1.0)
    return over + [f"{a!r} is cut" for a, x in found if not all(map(page.contains, *zip(x.p0, x.p1, strict=True)))]


def unsaid(svg: Path, name: str, finding: str) -> list[str]:
    """What the alternative text of a figure leaves out: its kind, the finding, axes (rows and columns), n."""
    told = ET.fromstring(svg.read_text(encoding="utf-8")).findtext("{http://www.w3.org/2000/svg}desc", "")
    axes = all(re.search(rf"\b({words}): \S", told) for words in ("Horizontal axis|Columns", "Vertical axis|Rows"))
    needed = {
        "kind": KINDS.get(kind_of(name), "no kind") in told, "finding": " ".join(plain(finding).split()) in told,
        "axes": axes, "n": re.search(r"\bn = \d", told) is not None,
    }  # fmt: skip
    return [what for what, said in needed.items() if not said]
