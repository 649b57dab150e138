"""Every default that was filled in is told: no key of the language can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportsim.scenario import schema, schema_experience, schema_laws, schema_margin
from supportsim.scenario.load import load_text
from supportsim.scenario.model import EXPERIENCES
from supportsim.scenario.resolve_defaults import TABLE
from supportsim.scenario.schema_base import Entry
from supportsim.scenario.schema_channels import HourFactors, Proficiency
from supportsim.scenario.schema_roster import Activity
from supportsim.scenario.schema_routing import Routing

#: keys of which another part of the loader speaks, because it knows what they come to
ELSEWHERE: dict[type[Entry], set[str]] = {
    schema.Human: {
        "name", "warm_up", "run_out", "timezone", "currency", "interval", "segments", "topics", "routing",
    },
    schema.Segment: {"customers", "plan"},
    schema.After: {"abandoned", "busy", "closed", "disconnected", "withdrew", "timed_out", "unresolved"},
    schema.Channel: {
        "open", "at_close", "slow_down", "wrap_up", "patience", "resolves", "after", "at_shift_end",
    },
    schema.Promise: {"hours", "counted", "judged"},
    schema.Team: {"pick", "wage", "overtime", "shrinkage"},
    Routing: {"policy", "classes"},
}  # fmt: skip
#: keys without which nothing is filled in: things that then are not there, and alternatives of which one is written
NOTHING: dict[type[Entry], set[str]] = {
    schema.Human: {"title", "calendars", "profiles", "plans", "promises", "required", "actuals", "experience"},
    schema_experience.Experience: {"lasts", *EXPERIENCES},  # no odds, no churn of it
    schema.Segment: {"margin", "churn"},  # where it is not known, nothing is said of money that is earned
    schema.Stream: {*schema.SOURCES, "segment", "topic", "channel", "profile", "counts", "holidays"},
    schema.Busyness: {"per_day", "per_week", "per_replication"},
    schema.Next: {"again", "at_opening", "next_channel", "give_up", "stays_solved", "delay"},
    schema.After: {"solved"},
    schema.Override: set(schema.Override.model_fields),  # what is not written there holds as everywhere
    schema.Channel: {"handle_time", "talk_time", "speeds"},
    schema.Promise: {"answer", "first_reply"},
    schema.Shift: {"holidays"},
    schema.Team: {"agents", "shifts", "heads"},
    Activity: {"off_desk", "works_as"},
    HourFactors: set(HourFactors.model_fields),
    Proficiency: set(Proficiency.model_fields),
}


LAWS = (schema_laws.__name__, schema_margin.__name__)


def models(of: type[Entry] = Entry) -> Iterator[type[Entry]]:
    for each in of.__subclasses__():
        if each.__module__.startswith("supportsim.scenario.") and each.__module__ not in LAWS:
            yield each
            yield from models(each)


@pytest.mark.parametrize("model", sorted(models(), key=lambda each: each.__name__), ids=lambda each: each.__name__)
def test_every_key_that_may_be_left_out_has_its_place(model: type[Entry]) -> None:
    optional = {key for key, name in model.keys().items() if not model.model_fields[name].is_required()}
    told = [set(TABLE.get(model, {})), ELSEWHERE.get(model, set()), NOTHING.get(model, set())]
    assert set.union(*told) == optional
    assert sum(len(each) for each in told) == len(optional), "each key in one of the three"


BARE = """
start: 2026-03-02
length: 1 week
segments: {all_of_them: {customers: 10}, others: {}}
channels:
  phone: {kind: live, handle_time: 5 min}
  mail: {kind: deferred, handle_time: 5 min}
demand:
  calls: {channel: phone, segment: others, rate: 20/h}
  mails: {channel: mail, segment: others, rate: 2/h}
teams: {desk: {serves: [phone, mail], shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 3}}}}
promises: {fast: {of: phone, answer: 20 s, share: 80%}}
plans: {both: {channels: [phone, mail]}}
experience:
  lasts: 3 months
  gave_up: {low: x 1.1, stated: x 1.3, high: x 1.6}
  waited: {each: 10 min, low: x 1, stated: x 1.1, high: x 1.3}
"""
#: as bare, with the keys without which others have no default to speak of
SOME = (
    BARE.replace("length: 1 week", "length: 1 week\nrun_out: {at_most: 3 days}\nbusyness: {per_day: 8%}")
    .replace("{kind: live,", "{kind: live, open: {mon-fri: 09:00-17:00}, concurrency: 2, wait_limit: 9 min, lines: 9,"
             " resolves: 90%, patience: 5 min, after: {abandoned: {again: 10%, give_up: 90%, delay: 1 h}},")
    .replace("{kind: deferred,", "{kind: deferred, patience: 2 days, cost: {},")
    .replace("{serves: [phone, mail],", "{serves: [phone, mail], wage: 20/h, shrinkage: {},")
) + "routing: {policy: ageing, ageing: {phone: {rate: x 2}}}\n"  # fmt: skip
SLOWED = SOME.replace("concurrency: 2", "concurrency: 2, slow_down: [1, 1.2]").replace(
    "ageing: {phone: {rate: x 2}}", ""
)
SLOWED = SLOWED.replace("policy: ageing, ", "policy: ageing")

ALONE = """
start: 2026-03-02
length: 1 week
channels: {phone: {kind: live, handle_time: 5 min, patience: 4 min}}
demand: {calls: {rate: 20/h}}
teams: {desk: {serves: phone, agents: 2}}
routing: {policy: ageing, ageing: {phone: {bonus: 1 min}}}
"""


def told() -> list[tuple[str, set[str], str]]:
    """(path, keys, words) of every default of the scenarios above."""
    sentences = [each for text in (BARE, SOME, SLOWED, ALONE) for each in load_text(text).defaults]
    split = [re.fullmatch(r"((?:[\w*+-]+\.)*)([\w, -]+): (.+)", each) for each in sentences]
    assert all(split), [sentence for sentence, found in zip(sentences, split, strict=True) if not found]
    return [(each[1].rstrip("."), set(each[2].split(", ")), each[3]) for each in split if each]


def test_every_key_of_the_table_and_of_the_others_is_told_where_it_is_left_out() -> None:
    found = set().union(*(keys for _, keys, _ in told()))
    wanted = set().union(*(set(keys) for keys in TABLE.values()), *ELSEWHERE.values())
    assert wanted - found == {"after", "exact", "gaps", "routing"}  # by outcome; with a forecast; by its keys
    (exact, gaps) = (TABLE[schema.Stream][key] for key in ("exact", "gaps"))
    assert (exact[0], gaps[0]) == ("no, busyness spreads it", "none may be")


def documented(heading: str) -> Iterator[str]:
    """The keys in a table of the manual that have a default."""
    page = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
    part = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    for keys, default in re.findall(r"^\| (`[^|]+) \| ([^|]*) \|", part, re.M):
        if default.strip() not in ("", "needed") and "is needed" not in default:
            yield from re.findall(r"`([a-z_]+)`", keys)


@pytest.mark.parametrize("heading", ["At the top", "`channels`", "`promises`", "`teams`", "`routing`"])
def test_every_default_of_the_manual_is_told(heading: str) -> None:
    place = heading.strip("`") if heading != "At the top" else ""
    keys = {key for path, keys, _ in told() for key in keys if path.split(".")[0] == place}
    wanted = set(documented(heading)) - {"title", "after"}
    assert len(wanted) >= 3
    assert wanted <= keys


def test_alike_defaults_stand_in_one_sentence_with_a_star_for_all_of_a_kind() -> None:
    bare = load_text(BARE).defaults
    assert "channels.*.timezone: the scenario's" in bare
    assert "channels.phone.lines, waiting_room: no limit" in bare
    assert "channels.mail.interruptible: no" in bare
    assert "busyness: none" in bare
    assert "demand.*.volume, holiday_volume: x 1" in bare
    assert "promises.fast.penalty, penalty_lost, credit: none" in bare
    assert len(set(bare)) == len(bare)


def test_what_is_written_is_no_default() -> None:
    text = BARE.replace("rate: 20/h", "rate: 20/h, volume: x 1, holiday_volume: x 1, holidays: off")
    written = load_text(text + "calendars: {off: {holidays: 2026-04-03}}\nbusyness: none\n").defaults
    assert "demand.mails.volume, holiday_volume: x 1" in written
    assert not any(each.startswith(("busyness", "demand.*.volume", "demand.calls.volume")) for each in written)
