"""Faults of every stage of reading are told together, each once, and what is damaged is told of once only."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from loader_texts import PHONES, VALID, scalars

from supportsim.scenario.errors import ConfigError, Fault
from supportsim.scenario.load import load_text

DESK = (VALID / "desk.yaml").read_text(encoding="utf-8")


def faults_of(text: str, folder: Path = VALID, changes: tuple[tuple[str, str], ...] = ()) -> list[Fault]:
    try:
        load_text(text, "desk.yaml", folder, changes)
    except ConfigError as error:
        return list(error.faults)
    return []


# -- faults of several stages -----------------------------------------------------------------------------
#: name -> (what stands in the file, what is written there); each by itself gives one fault
FAULTS = {
    "tab": ("warm_up: 1 week", "warm_up:\t1 week"),
    "control character": ("title: A whole", "title: \u202eA whole"),
    "escape": ("currency: GBP", 'currency: "GB\\x1b"'),
    "thousands comma": ("customers: 60000", "customers: 60,000"),
    "list in braces": ("days: mon-fri, hours: 08", "days: mon, wed, fri, hours: 08"),
    "decimal comma": ("mean: 6.5 min", "mean: 6,5 min"),
    "anchor": ("agents: 4", "agents: &four 4"),
    "alias": ("joins: 40/month", "joins: *forty"),
    "tag": ("lines: 40", "lines: !many 40"),
    "key twice": ("  standard: {customers", "  free: {customers: 5}\n  standard: {customers"),
    "unknown key": ("run_out: 3 days", "run_oot: 3 days"),
    "value": ("resolves: 70%", "resolves: 0.7"),
    "zone": ("timezone: Europe/London", "timezone: Europe/Londn"),
    "shares": ("again: 50%, next_channel: 30%", "again: 50%, next_channel: 31%"),
    "break": ("between 11:30 and 13:30", "between 21:30 and 23:30"),
    "file": ("work: data/working_hours.csv", "work: data/no.csv"),
    "profile": ("profile: evening", "profile: evenin"),
    "promise": ("of: [standard ticket, premium ticket]", "of: [standard tickt, premium ticket]"),
    "calendar": ("hours: office", "hours: offic"),
    "class": ("classes: [premium phone, chat", "classes: [premum phone, chat"),
    "holidays": ("holidays: office\n    busyness", "holidays: offise\n    busyness"),
    "backlog": ("starting_backlog: {free: 120", "starting_backlog: {fre: 120"),
    "unserved": ("serves: [phone, chat, ticket]\n    concurrency", "serves: [phone, ticket]\n    concurrency"),
}


def with_faults(*names: str) -> str:
    text = DESK
    for name in names:
        old, new = FAULTS[name]
        assert text.count(old) == 1, name
        text = text.replace(old, new)
    return text


@cache
def alone(name: str) -> list[Fault]:
    return faults_of(with_faults(name))


def said(fault: Fault) -> tuple[str, ...]:
    """What a fault says but for its line, which another fault may move."""
    return fault.path, fault.got, fault.expected


def test_faults_of_all_stages_are_told_at_once_each_once_in_order_of_position() -> None:
    alone = [faults_of(with_faults(name)) for name in FAULTS]
    assert [len(each) for each in alone] == [1] * len(FAULTS)
    together = faults_of(with_faults(*FAULTS))
    assert sorted(map(said, together)) == sorted(said(each) for (each,) in alone)
    places = [(each.line or 0, each.col or 0) for each in together]
    assert places == sorted(places)


@pytest.mark.parametrize("first", FAULTS)
def test_no_fault_hides_another_or_makes_one(first: str) -> None:
    (own,) = alone(first)
    for other in [name for name in FAULTS if name > first]:
        (its,) = alone(other)
        assert sorted(map(said, faults_of(with_faults(first, other)))) == sorted([said(own), said(its)]), other


def test_faults_of_a_variant_its_base_and_a_change_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        PHONES.replace("answer: 20 s", "answer: 20,5 s").replace("agents: 3", "agents: three")
    )
    variant = "extends: base.yaml\nname: &x other\nchange: {teams.desk.wage: 27,50/h, teams.dask.wage: 1/h}\n"
    found = faults_of(
        variant, tmp_path, (("channels.phone.patience", ""), ("channels.phone.lines", "*x"), ("topics", "["))
    )
    assert [(each.file, each.line, each.path) for each in found] == [
        ("desk.yaml", 2, ""),
        ("desk.yaml", 3, "change.teams.desk.wage"),
        ("desk.yaml", 3, ""),
        ("base.yaml", 20, "teams.desk.shifts.day.agents"),
        ("base.yaml", 22, "promises.fast.answer"),
        ("--set channels.phone.patience", None, ""),
        ("--set channels.phone.lines", None, ""),
        ("--set topics", None, ""),
    ]


def test_a_text_that_ends_the_reading_is_told_with_all_before_it() -> None:
    found = faults_of(with_faults("anchor", "control character") + "{")
    assert [each.got.split(",")[0] for each in found] == ["the character U+202E", "&four 4", "{"]


# -- what is damaged is told of once ----------------------------------------------------------------------
DAMAGED = {
    "anchor": lambda text: f"&x {text}",
    "tag": lambda text: f"!x {text}",
    "alias": lambda text: "*x",
    "escape": lambda text: '"\\a"',
    "bidi": lambda text: f"{text}\u202e",
}


def test_a_damaged_value_or_key_is_one_fault_wherever_it_stands() -> None:
    """Every third scalar is damaged in one of the ways, in turn; a key goes on naming what it names."""
    ways = list(DAMAGED.values())
    of_keys = [DAMAGED[way] for way in ("anchor", "tag", "bidi")]
    for place, (begin, end, is_key) in enumerate(list(scalars(DESK))[::3]):
        damage = of_keys[place % 3] if is_key else ways[place % len(ways)]
        text = DESK[:begin] + damage(DESK[begin:end]) + DESK[end:]
        assert len(faults_of(text)) == 1, text[max(begin - 40, 0) : end + 10]


def test_a_key_that_stands_twice_is_one_fault_and_both_values_are_looked_at() -> None:
    lines = DESK.split("\n")
    whole = [i for i, line in enumerate(lines) if line.startswith("  ") and ":" in line and not line.endswith(":")]
    for i in whole:
        (fault,) = faults_of("\n".join([*lines[: i + 1], lines[i], *lines[i + 1 :]]))
        assert (fault.line, fault.expected) == (i + 2, "every key once")
    again = "channels: {phone: {resolves: 0.5}, mail: {kind: deferred, handle_time: soon}}\n"
    assert [fault.path for fault in faults_of(DESK + again)] == ["channels", "channels.mail.handle_time"]
