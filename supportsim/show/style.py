"""How every figure looks, and how it becomes a file that is the same on every run.

Colours are of the Okabe-Ito set, told apart by everybody, but its yellow, which white paper swallows: in its place
stands wine of the set *muted* by Tol. Nothing is said by red and green alone, no series by hue alone.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim import __version__
from supportsim.show.alt_text import described
from supportsim.show.letters import plain
from supportsim.study.result import Result
from supportsim.study.words import several

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

BLUE, SKY, ORANGE, VERMILION = "#0072B2", "#56B4E9", "#E69F00", "#D55E00"
GREEN, PURPLE, WINE, BLACK = "#009E73", "#CC79A7", "#882255", "#000000"
INK, GREY, PALE = "#222222", "#767676", "#D9D9D9"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, WINE)
MARKS = "os^DvPX*<>"  # ten, so that a mark and a colour come together again after seventy series
WIDTH = 12.0  # inches
#: Inches up to which a figure of that width has no letter under 6.5 points on paper: A4 across leaves 281 x 184 mm to
#: it, and no letter is drawn under 7.5 points.
TALLEST = 8.3
DPI = 130

_SETTINGS: Any = {
    "svg.hashsalt": "supportsim",  # ids inside an SVG would differ from run to run
    "svg.fonttype": "none",  # text stays text: it can be searched and read aloud
    "text.parse_math": False,  # a name such as $x$ is shown as it is
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.7,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "path.simplify": False,
}


_PIXELS = ContextVar("pixels", default=True)


@contextmanager
def without_pixels() -> Iterator[None]:
    """Inside, figures are saved as SVG only, in half the time."""
    token = _PIXELS.set(False)
    try:
        yield
    finally:
        _PIXELS.reset(token)


@contextmanager
def styled() -> Iterator[None]:
    """Everything drawn inside looks alike; the settings of the caller come back afterwards."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def footer(result: Result) -> str:
    """Scenario, version, hash, seed: what somebody needs to run it again."""
    days, name = len(result.yardstick.grid.dates), " ".join(result.scenario.name.split())
    return (
        f"{name if len(name) <= 60 else name[:59] + '…'} · supportsim {__version__} · scenario {result.hash[:12]} · "
        f"seed {result.seed} · n = {several(result.n, 'replication')} × {several(days, 'counted day')}"
    )


def look(number: int) -> dict[str, Any]:
    """Colour and mark of the series of that number, from 0 on."""
    return {"color": SERIES[number % len(SERIES)], "marker": MARKS[number % len(MARKS)]}


def legend(axes: Axes, handles: list[Any], labels: list[str], **more: Any) -> Legend:
    """A legend in which every label is shown as it is, also those that begin with `_`."""
    box: Legend = axes.legend(handles, [f"x{i}" for i in range(len(labels))], **more)
    for text, label in zip(box.get_texts(), labels, strict=True):
        text.set_text(label)
    return box


def upright(color: str, width: float) -> Any:
    """The key of a line that stands: as a level one it would look like an interval."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=color, linestyle="none", marker="|", markersize=10, markeredgewidth=width)


def save(figure: Figure, folder: Path, name: str, title: str, finding: str) -> list[Path]:
    """`name`.svg with its alternative text, and (`without_pixels` apart) `name`.png; the same bytes every time.

    `title`: what it shows, and of what · `finding`: what it finds, which its alternative text says with kind and axes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    vector = io.StringIO()
    figure.savefig(vector, format="svg", metadata={"Date": None, "Creator": None})
    files = [folder / f"{name}.svg", folder / f"{name}.png"]
    text = plain(_told(vector.getvalue(), title, described(figure, name, finding)))
    files[0].write_text(text, encoding="utf-8", newline="\n")
    if not _PIXELS.get():
        return files[:1]
    FigureCanvasAgg(figure)
    figure.savefig(files[1], format="png", dpi=DPI, metadata={"Software": None, "Title": title})
    return files


def _told(svg: str, title: str, description: str) -> str:
    """Put title and description where screen readers look for them."""
    words = f"<title>{html.escape(title)}</title>\n <desc>{html.escape(description)}</desc>\n"
    opening = re.search(r"<svg[^>]*>", svg)
    assert opening is not None
    tag = opening.group()
    return svg.replace(tag, f'{tag[:-1]} role="img">\n {words}', 1)
