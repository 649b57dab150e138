"""From what a report says to one HTML file that asks for nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supportsim.show.report.plain import shown

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_PLACE = "templates/report"
#: Where a name may be broken: after these, between letters.
_ENDS = re.compile(r"(?<=[^\W\d])([_./])(?=[^\W\d])")


def render(**said: Any) -> str:
    """The page; names are escaped wherever they stand, and nothing in it is ever loaded or run but what is ours."""
    from markupsafe import Markup

    texts = _texts()
    script = texts["report.js"]
    page = (
        _environment()
        .get_template("report.html")
        .render(style=Markup(texts["report.css"]), script=Markup(script), script_hash=_hash(script), **said)
    )
    return page + "\n"


@cache
def _environment() -> Environment:
    """What reads our templates; each is compiled once a process, which takes as long as filling them in."""
    from jinja2 import DictLoader, StrictUndefined
    from jinja2 import Environment as Made

    environment = Made(
        loader=DictLoader({name: text for name, text in _texts().items() if name.endswith(".html")}),
        autoescape=True, finalize=shown, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["breakable"] = breakable
    return environment


def breakable(text: str, as_it_is: bool = False) -> Markup:
    """Escaped; a long name may be broken after `_`, `.` and `/`, unless `as_it_is`."""
    from markupsafe import Markup, escape

    found = escape(text)
    return found if as_it_is else Markup(_ENDS.sub(r"\1<wbr>", str(found)))


@cache
def _texts() -> dict[str, str]:
    """The templates by name."""
    folder = files("supportsim.show") / _PLACE
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}


def _hash(script: str) -> str:
    """What the page's policy allows to run: this and nothing else."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def write(page: str, file: Path) -> Path:
    """UTF-8 with LF; a letter that no file can hold becomes ?."""
    file.write_bytes(page.encode("utf-8", errors="replace"))
    return file
