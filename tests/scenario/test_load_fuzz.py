"""Whatever is in a file: the loader gives a scenario or a ConfigError, and nothing else leaves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from loader_texts import scalars

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load_text
from supportsim.scenario.model import Scenario
from supportsim.scenario.text_file import decoded

VALID = Path(__file__).parent / "valid"
TEXTS = {path.stem: path.read_bytes() for path in sorted(VALID.glob("*.yaml"))}
WORDS = sorted({word for raw in TEXTS.values() for word in re.findall(r"[\w.%/-]+", raw.decode())})
ODD = ["{", "}", "[", "]", ":", ": ", ",", "- ", "#", "&a", "*a", "!x", "|", ">", "'", '"', "\n", "\t", "~", "%", "x 2"]
ODD += ["-> ", "1e999", "nan", "9" * 99, "\0", "\u202e", "٣", "00:00-00:00", "0 s", "-1", "null", "{{x}}", "<<"]
ODD += ['"\\e"', "x: 1, x: 2", "\u2028", "1,5", "!!map {}"]


def only_config_errors(raw: bytes) -> None:
    found = outcome(raw)
    if isinstance(found, ConfigError):
        assert found.faults
        assert all(len(line) < 1000 and line.isprintable() for line in str(found).split("\n"))


def outcome(raw: bytes, changes: Sequence[tuple[str, str]] = ()) -> Scenario | ConfigError:
    """What becomes of a file; anything but these two leaves the test."""
    try:
        return load_text(decoded(raw, "fuzz.yaml"), "fuzz.yaml", VALID, changes)
    except ConfigError as error:
        return error


files = st.sampled_from(sorted(TEXTS)).map(TEXTS.__getitem__)


def fuzzed(examples: int) -> settings:
    """The same examples on every run."""
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None)


@fuzzed(150)
@given(files, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes(raw: bytes, changes: list[tuple[int, int]]) -> None:
    mutable = bytearray(raw)
    for place, value in changes:
        mutable[place % len(mutable)] = value
    only_config_errors(bytes(mutable))


@fuzzed(120)
@given(files, st.lists(st.integers(0, 10**6), min_size=1, max_size=3), st.booleans())
def test_lost_or_doubled_lines(raw: bytes, places: list[int], double: bool) -> None:
    lines = raw.decode().split("\n")
    for place in places:
        i = place % len(lines)
        lines[i : i + 1] = [lines[i], lines[i]] if double else []
        lines = lines or [""]
    only_config_errors("\n".join(lines).encode())


@fuzzed(200)
@given(files, st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(WORDS + ODD)), min_size=1, max_size=3))
def test_swapped_words(raw: bytes, swaps: list[tuple[int, str]]) -> None:
    text = raw.decode()
    for place, word in swaps:
        found = list(re.finditer(r"[\w.%/-]+", text))
        if found:
            match = found[place % len(found)]
            text = text[: match.start()] + word + text[match.end() :]
    only_config_errors(text.encode())


@fuzzed(100)
@given(files, st.integers(0, 10**6), st.text(max_size=20))
def test_any_text_anywhere(raw: bytes, place: int, text: str) -> None:
    whole = raw.decode()
    i = place % len(whole)
    only_config_errors((whole[:i] + text + whole[i:]).encode("utf-8", "surrogatepass"))


@fuzzed(80)
@given(st.lists(st.sampled_from([*WORDS, *ODD, " ", "\n", "\n  "]), max_size=60))
def test_words_in_any_order(words: list[str]) -> None:
    only_config_errors(" ".join(words).encode())


WAYS = ["&x {}", "!x {}", "*x", '"\\e"', '"{}\\u202e"', "{}, y", "{}, 000", "[{}", "{{{}}}", "{}: {}", "{}\u202e"]
SPOTS = {name: list(scalars(raw.decode())) for name, raw in TEXTS.items()}


@fuzzed(200)
@given(st.sampled_from(sorted(TEXTS)), st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(WAYS)), max_size=4))
def test_damage_that_yaml_reads_on_over(name: str, damages: list[tuple[int, str]]) -> None:
    text = TEXTS[name].decode()
    spots = SPOTS[name]
    for place, way in sorted(damages, key=lambda damage: -(damage[0] % len(spots))):  # from the end to the begin
        begin, end, _ = spots[place % len(spots)]
        text = text[:begin] + way.replace("{}", text[begin:end]) + text[end:]
    only_config_errors(text.encode())


@fuzzed(60)
@given(files, st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=3))
def test_lines_that_stand_twice_elsewhere(raw: bytes, copies: list[tuple[int, int]]) -> None:
    lines = raw.decode().split("\n")
    for from_, to in copies:
        lines.insert(to % len(lines), lines[from_ % len(lines)])
    only_config_errors("\n".join(lines).encode())


PATHS = ["teams.frontline", "demand.*", "demand.*.volume", "channels.phone.handle_time", "run_out.at_most", "*", "*.*"]
PATHS += ["channels.phone.by_hour", "channels.chat.slow_down", "channels.ticket.by_hour.sat.handle_time"]
PATHS += ["teams.frontline.proficiency", "teams.frontline.proficiency.phone.resolves", "demand.*.endless"]
PATHS += ["promises.chat.of", "routing.teams.ticket", "channels.phone.by.bug", "plans.paid", "start", "a.b.c", ""]


@fuzzed(80)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(WORDS + ODD)), min_size=1, max_size=3))
def test_any_change(changes: list[tuple[str, str]]) -> None:
    found = outcome(TEXTS["desk"], changes)
    assert isinstance(found, Scenario) or found.faults
