"""Who sees no hue, or nothing at all, is told the same: the palette, keys in grey, alternative text."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from paper import confused, hidden_words, lightness

from supportsim.show import style
from supportsim.show.alt_text import KINDS, described, kind_of
from supportsim.show.axes import foot

SHOW = Path(style.__file__).parent
#: Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
SEEN = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
}  # fmt: skip
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]])


def lab(color: str, matrix: Any) -> Any:
    """CIELAB (D65) of a colour as it is seen."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = XYZ @ np.clip(matrix @ linear, 0, 1) / (0.95047, 1, 1.08883)
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", SEEN)
def test_any_two_colours_of_series_are_far_apart_for_everybody(eyes: str) -> None:
    """About 2 is the least that is seen side by side."""
    colours = {color: lab(color, SEEN[eyes]) for color in style.SERIES}
    near = {(a, b): float(np.linalg.norm(colours[a] - colours[b])) for a, b in combinations(colours, 2)}
    assert min(near.values()) > 15, near


def test_no_colour_of_a_series_is_lost_on_white_paper() -> None:
    assert lightness("#FFFFFF") == pytest.approx(100)
    assert lightness("#000000", 0.5) == pytest.approx(53.4, abs=0.1)
    assert max(map(lightness, style.SERIES)) < 75  # the yellow of Okabe and Ito has 89


def figure(*looks: dict[str, Any]) -> Figure:
    found = Figure(figsize=(8, 4))
    axes = found.subplots()
    lines = [axes.plot([0, 1], [i, i + 1], **look)[0] for i, look in enumerate(looks)]
    axes.legend(lines, [f"line {i}" for i in range(len(lines))])
    axes.set(xlabel="hours", ylabel="share")
    foot(found, "made up · seed 1 · n = 3 replications × 2 counted days")
    return found


@pytest.mark.parametrize(
    ("other", "told_apart"),
    [
        ({"color": style.VERMILION}, False),  # as dark as blue
        ({"color": style.VERMILION, "linestyle": "--"}, True),
        ({"color": style.VERMILION, "marker": "o"}, True),
        ({"color": style.VERMILION, "linewidth": 4}, True),
        ({"color": style.SKY}, True),
        ({"color": style.BLUE, "alpha": 0.3}, True),
    ],
)
def test_two_lines_that_only_hue_tells_apart_are_found(other: dict[str, Any], told_apart: bool) -> None:
    assert (confused(figure({"color": style.BLUE}, other)) == []) == told_apart


def test_a_title_over_another_is_found() -> None:
    found = figure({})
    assert hidden_words(found) == []
    found.axes[0].set_title("of a panel", loc="left")
    assert hidden_words(found) == []
    found.text(0.1, 0.94, "of all panels, a long line to the right", va="top")
    assert hidden_words(found) == ["'of a panel' over 'of all panels, a long line to the right'"]
    found.axes[0].set_ylabel("a long name of an axis " * 3)
    assert hidden_words(found)[1].endswith("is cut")


def test_a_figure_is_told_by_kind_finding_axes_and_n() -> None:
    assert described(figure({}, {}), "net_2", "2 are\nmissing") == (
        f"{KINDS['net']}. 2 are missing. Horizontal axis: hours. Vertical axis: share. "
        "n = 3 replications × 2 counted days."
    )
    rows = Figure()
    rows.subplots().set_yticks([0, 1], ["pay", "seats"])
    assert described(rows, "else", "Who pays?") == "Who pays? Rows: pay, seats."
    titled = figure({})
    titled.axes[0].set_ylabel("")
    titled.axes[0].set_title("what is kept", loc="left")
    assert "Horizontal axis: hours. Vertical axis: what is kept." in described(titled, "ladder", "All of it")


def test_every_kind_that_is_drawn_is_told() -> None:
    names = {
        name
        for file in SHOW.glob("*.py")
        if "style.save(" in (text := file.read_text(encoding="utf-8")) or "sheet.publish(" in text
        for name in re.findall(r'^NAME = "(\w+)"', text, flags=re.M)
    }
    assert len(names) > 15
    assert {name for name in names if kind_of(name) != name} == set()
    assert kind_of("intraday_phone_Mon_2") == "intraday"
