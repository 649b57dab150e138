"""Syntax errors of YAML in plain words: (line, column, got, expected, hint)."""

from __future__ import annotations

import re

import yaml

#: part of PyYAML's problem -> (what was expected, hint)
_WORDS = (
    (
        "mapping values are not allowed",
        "one `key: value` a line",
        "a second colon, or wrong indentation above",
    ),
    ("expected ',' or '}'", "a comma or }", "a { is not closed, or a comma is missing"),
    ("expected ',' or ']'", "a comma or ]", "a [ is not closed, or a comma is missing"),
    ("could not find expected ':'", "a colon and a blank after the key", "write key: value"),
    ("found unexpected end of stream", "a closing quote", "a quote is opened and never closed"),
    ("found unexpected document separator", "a closing quote", "a quote is opened and never closed"),
    (
        "found unknown escape character",
        "text",
        "in double quotes a backslash begins an escape: use single quotes",
    ),
    ("found undefined tag", "a value", "tags are refused"),
    ("found undefined alias", "a value", "aliases are refused"),
    (
        "expected <block end>",
        "the same indentation as its neighbours",
        "is a line moved in or out by mistake?",
    ),
    ("did not find expected key", "the same indentation as its neighbours", "is a line moved in or out?"),
    (
        "expected the node content",
        "a value",
        "a value is missing, or begins with a sign YAML keeps for itself",
    ),
    ("expected alphabetic or numeric", "a value", ""),
    ("block sequence entries are not allowed", "a value", "a list begins on its own line, or write [a, b]"),
    ("found a tab character", "blanks", "indent with blanks, never with tabs"),
    ("unacceptable character", "printable text", "remove the control character"),
)

_FIRST = re.compile(r"(?:[:,\[{-]\s+|[\[{]|^\s*)([@%`>|*!&][^\s,}\]]*)")


def explain(error: BaseException, text: str) -> tuple[int | None, int | None, str, str, str]:
    """Translate a YAMLError; `got` is the line it stands in."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or error)
    if mark is None:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return line, None, "text that is not YAML", "YAML", problem.split("\n")[0][:60]
    line, col, got = _spot(text, mark.line, mark.column)
    begins = _first_letter(text, mark)
    if begins and not problem.startswith("mapping values"):
        where, column, word = begins
        return where, column, word, "a value", FIRST_LETTERS
    for part, expected, hint in _WORDS:
        if part in problem:
            return line, col, got, expected, hint
    return line, col, got, "YAML", problem


def _spot(text: str, line: int, column: int) -> tuple[int, int, str]:
    lines = text.split("\n")
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line -= 1  # an error at the end of the file is told at its last written line
        column = len(lines[line].rstrip())
    return line + 1, column + 1, lines[line].strip() or "nothing"


def _first_letter(text: str, mark: yaml.Mark) -> tuple[int, int, str] | None:
    """The value beginning with a sign of YAML that ends at or stands just before the error."""
    lines = text.split("\n")
    if mark.line >= len(lines):
        return None
    line = lines[mark.line]
    found = [each for each in _FIRST.finditer(line) if each.start(1) <= mark.column <= each.end(1)]
    return (mark.line + 1, found[-1].start(1) + 1, found[-1][1]) if found else None


FIRST_LETTERS = "a value cannot begin with > @ % * ! & | ` (write it in quotes if it is text)"
