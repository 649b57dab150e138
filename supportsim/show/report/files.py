"""The CSV files beside a report: each with its hash, and as a download inside the page where there is room."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

MOST = 2_000_000  # letters of downloads in one page
#: Left as they are in a data URL; everything else (blanks, line ends, %, #, quotes) is written as %XX.
_SAFE = "/:;,+()*!@$=?[]{}|~"


class File(NamedTuple):
    """`path` below the folder of the results; `href` is empty where the file is too large to carry."""

    path: str
    name: str  # as which it is saved
    size: int
    sha256: str
    href: str


def files(folder: Path, below: Iterable[str] | None = None) -> list[File]:
    """Every CSV below `folder`, those at the top first, then folder by folder; of some folders `below` it only."""
    every = (p.relative_to(folder) for p in folder.rglob("*.csv"))
    wanted = None if below is None else {*below, "figures"}
    paths = [p for p in every if wanted is None or len(p.parts) == 1 or p.parts[0] in wanted]
    paths.sort(key=lambda p: (len(p.parts), p.parts))
    content = {path: (folder / path).read_bytes() for path in paths}
    links = _links(content)
    return [
        File(path.as_posix(), "-".join(path.parts), len(data), hashlib.sha256(data).hexdigest(), links.get(path, ""))
        for path, data in content.items()
    ]


def _links(content: dict[Path, bytes]) -> dict[Path, str]:
    """Data URLs, as many as fit: those at the top first, then the small ones; one file of each option or none."""
    groups: dict[str, list[Path]] = {}
    for path in content:
        groups.setdefault("/".join(path.parts[-2:] if "figures" in path.parts else path.parts[-1:]), []).append(path)
    size = {name: sum(len(content[path]) for path in paths) for name, paths in groups.items()}
    room = MOST
    found: dict[Path, str] = {}
    for name in sorted(groups, key=lambda name: (not _at_top(groups[name]), size[name], name)):
        if size[name] > room:
            continue
        links = {path: _link(content[path]) for path in groups[name]}
        need = sum(map(len, links.values()))
        if need <= room:
            room -= need
            found |= links
    return found


def _at_top(paths: Iterable[Path]) -> bool:
    return all(len(path.parts) == 1 for path in paths)


def _link(data: bytes) -> str:
    return "data:text/csv;charset=utf-8," + quote(data, safe=_SAFE)
