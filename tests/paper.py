"""How large the letters of a figure are where it is printed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

ROOM = (281.0, 184.0)  # mm that report.css leaves for a figure on A4 across
SMALLEST = 6.5  # points
_SIZE = re.compile(r"font(?:-size)?: (?:[a-z]+ )*([\d.]+)px")


def smallest_letters(svg: Path) -> float:
    """Points of the smallest letters of a figure on paper."""
    text = svg.read_text(encoding="utf-8")
    width, height = (float(x) * 25.4 / 72 for x in ET.fromstring(text).attrib["viewBox"].split()[2:])
    scale = min(ROOM[0] / width, ROOM[1] / height)
    return min(float(size) for size in _SIZE.findall(text)) * scale
