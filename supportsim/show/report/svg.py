"""Figures inside a page: the SVG that was drawn, with ids of its own, so that no two figures share one."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

from supportsim.show.letters import plain

_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_POINT_TO = re.compile(r"url\(#([^)]+)\)")
_LONG = re.compile(r"(\d+\.\d\d)\d+")
#: Attributes that hold nothing but coordinates: a hundredth of a point is finer than any printer.
_COORDINATES = ("d", "x", "y", "points", "transform", "width", "height")
#: What the plotting library says of every element in a style sheet would hold for the whole page.
_LINES = "stroke-linejoin: round; stroke-linecap: butt"
#: Letters of the same widths for those who have no DejaVu, instead of the reader's default.
_FONTS = "'DejaVu Sans', Verdana, sans-serif"


class Drawing(NamedTuple):
    """An SVG element for a page, its title in words, and how high it was drawn (points)."""

    title: str
    markup: str
    height: float


def inlined(svg: str, prefix: str) -> Drawing:
    """The root element of a drawing: no prolog, no metadata, ids begin with `prefix`, as wide as its place.

    Raises xml.etree.ElementTree.ParseError for what is no XML.
    """
    root = ET.fromstring(plain(svg))
    _drop(root, {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"})
    title, height = _told(root), _height(root)
    wanted = _pointed_at(root) | {"title", "desc"}
    for element in root.iter():
        _rename(element, prefix, wanted)
        _shorten(element)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("style", _LINES)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}title {prefix}desc")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK)
    return Drawing(title, ET.tostring(root, encoding="unicode"), height)


def _height(root: ET.Element) -> float:
    """By its view box; infinite where it has none."""
    box = re.findall(r"[\d.]+", root.get("viewBox", ""))
    return float(box[3]) if len(box) == 4 else math.inf


def _drop(root: ET.Element, tags: set[str]) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _told(root: ET.Element) -> str:
    """The title; title and description get names that the root can point at."""
    for name in ("desc", "title"):
        found = root.find(f"{{{_SVG}}}{name}")
        if found is None:
            found = ET.Element(f"{{{_SVG}}}{name}")
            root.insert(0, found)
        found.set("id", name)
    return root.findtext(f"{{{_SVG}}}title") or "Figure"


def _pointed_at(root: ET.Element) -> set[str]:
    """The ids that something refers to; the others only say what the plotting library calls its parts."""
    found: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            found.update(_POINT_TO.findall(value))
            if _is_link(name) and value.startswith("#"):
                found.add(value[1:])
    return found


def _is_link(name: str) -> bool:
    return name in ("href", f"{{{_LINK}}}href")


def _rename(element: ET.Element, prefix: str, wanted: set[str]) -> None:
    if element.get("id") in wanted:
        element.set("id", prefix + element.attrib["id"])
    else:
        element.attrib.pop("id", None)
    for name, value in element.attrib.items():
        if _is_link(name) and value.startswith("#"):
            element.set(name, f"#{prefix}{value[1:]}")
        elif "url(#" in value:
            element.set(name, _POINT_TO.sub(lambda found: f"url(#{prefix}{found[1]})", value))


def _shorten(element: ET.Element) -> None:
    """Fewer bytes that nobody sees."""
    for name in _COORDINATES:
        value = element.get(name)
        if value is not None:
            element.set(name, _LONG.sub(r"\1", " ".join(value.split())))
    style = element.get("style")
    if style is not None:
        element.set("style", style.replace("'DejaVu Sans'", _FONTS))
    if not element.tag.endswith(("text", "tspan", "title", "desc")) and not (element.text or "").strip():
        element.text = None
    if not (element.tail or "").strip():
        element.tail = None
