"""`supportsim init`: a starter scenario with its CSV and a README, written where nothing is yet."""

from __future__ import annotations

import errno
import json
from importlib.resources import files
from pathlib import Path

FILES = ("scenario.yaml", "calls.csv", "README.md")
SCHEMA = "scenario.schema.json"


def schema_text() -> str:
    """The JSON Schema of scenario files, to which the first line of a scenario points."""
    from supportsim.scenario.schema import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def contents() -> dict[str, str]:
    """File name -> text of everything `init` writes."""
    templates = files("supportsim.show") / "templates"
    texts = {name: (templates / name).read_text(encoding="utf-8") for name in FILES}
    texts[SCHEMA] = schema_text()
    return texts


def write(folder: Path) -> list[Path]:
    """Write the starter into `folder`, which is made if absent; returns the files written.

    Raises FileExistsError, and writes nothing, if one of the files is there already.
    """
    texts = contents()
    for name in texts:
        if (folder / name).exists():
            raise FileExistsError(errno.EEXIST, "is there already; name another folder", str(folder / name))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        written.append(folder / name)
    return written
