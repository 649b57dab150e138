"""What a scenario file may say: the human model, from which the JSON Schema for editors is made."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from supportsim.scenario import units
from supportsim.scenario.frozen import frozen
from supportsim.scenario.nodes import Map, Node, Seq, Text
from supportsim.scenario.schema_base import (
    BAD,
    Entry,
    JsonSchema,
    Leaf,
    Reading,
    choice,
    entries,
    keyed,
    parse_text,
    sub,
    text,
)
from supportsim.scenario.schema_channels import (
    TEAM_SELECTOR_PATTERN,
    ByHour,
    Measured,
    ProficiencyTable,
    SlowDown,
    Speeds,
    team_selector,
)
from supportsim.scenario.schema_customers import PLAN_SCHEMA, Plan, Segment, Topic, read_plan
from supportsim.scenario.schema_experience import Experience
from supportsim.scenario.schema_fields import (
    CALENDAR,
    DURATION_PATTERN,
    FILE,
    NAME,
    PLACES,
    SELECTOR_PATTERN,
    Breaks,
    Count,
    CountFromOne,
    Currency,
    Day,
    Days,
    Factor,
    FileName,
    Heads,
    Hours,
    Money,
    MoneyPerBreach,
    MoneyPerContact,
    MoneyPerHour,
    MoneyPerMonth,
    MoneyPerPeriod,
    N,
    Name,
    OffDesk,
    Open,
    Places,
    PositiveTicks,
    RatePerMonth,
    RateTable,
    Selectors,
    Share,
    Span,
    Switch,
    Ticks,
    Title,
    Variation,
    Window,
    Zone,
    pattern,
    selector,
)
from supportsim.scenario.schema_laws import (
    LawField,
    Patience,
    ScaledPatience,
    ScaledShare,
    ScaledWork,
    WorkLaw,
    WrapUp,
    percent,
)
from supportsim.scenario.schema_roster import Activity, CurveFile, Weeks
from supportsim.scenario.schema_routing import Routing
from supportsim.scenario.ticks import DAY
from supportsim.scenario.units import Wrong

NAME_PATTERN = NAME["pattern"]
CUSTOMERS = "customers"  # the segment there is when none is written
GENERAL = "general"  # the topic there is when none is written


# -- time -------------------------------------------------------------------------------------------------
class RunOut(Entry):
    """Play after the counted time: a duration, or a maximum until nothing is open; demand may stop."""

    at_most: Span
    until_empty: Switch = False
    demand: Annotated[str, choice({"goes on": "goes on", "stops": "stops"})] = "goes on"

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        return parse_text(node, reading, run_out)

    @classmethod
    def short_schema(cls) -> JsonSchema:
        d = DURATION_PATTERN
        words = f"(?:until empty, at most )?{d}(?:, demand (?:stops|goes on))?"
        return pattern(words, ["3 days", "3 days, demand stops"])


def run_out(words: str) -> RunOut:
    """`3 days`, `3 days, demand stops`, `until empty, at most 3 days`, and both."""
    rule = "a duration, or: until empty, at most 3 days; either may end with: , demand stops"
    found = re.fullmatch(r"(until empty, at most )?(.+?)(, demand (?:stops|goes on))?", " ".join(words.split()))
    if not found or "," in found[2] or found[2].startswith("until"):
        raise Wrong(rule, "until empty needs a maximum" if words.startswith("until empty") else "")
    try:
        span = units.span(found[2])
    except Wrong as wrong:
        raise Wrong(rule, wrong.hint or wrong.expected) from None
    demand = "stops" if found[3] and found[3].endswith("stops") else "goes on"
    return RunOut.model_construct(at_most=span, until_empty=bool(found[1]), demand=demand)


# -- demand -----------------------------------------------------------------------------------------------
def _counts(words: str) -> tuple[str, float | None]:
    """(what is counted, share of returns to take out)."""
    rule = "what the numbers count: issues | first contacts | offered calls | offered calls, 22% returns"
    words = " ".join(words.split())
    if words in ("issues", "first contacts", "offered calls"):
        return words, None
    found = re.fullmatch(r"offered calls, (\S+ ?%) returns", words)
    if not found:
        raise Wrong(rule)
    share = units.share(found[1])
    if share >= 1:
        raise Wrong(rule, "returns below 100%")
    return "offered calls", share


COUNTS: JsonSchema = {
    "anyOf": [
        {"enum": ["issues", "first contacts", "offered calls"]},
        pattern(f"offered calls, {N} ?% returns"),
    ]
}
SOURCES = ("per_customer", "rate", "forecast", "daily", "trace", "endless")


class Stream(Entry):
    segment: Name | None = None
    topic: Name | None = None
    channel: Name | None = Field(None, description="where issues begin; without it by the segment's plan")
    per_customer: RatePerMonth | None = None
    rate: RateTable | None = None
    forecast: FileName | None = None
    daily: FileName | None = None
    trace: FileName | None = None
    endless: Switch = Field(False, description="filler work: there is always more of it")
    profile: Name | None = None
    counts: Annotated[Any, text(_counts, COUNTS)] = None
    exact: Switch = False
    gaps: Annotated[str | None, choice({"zero": "zero"})] = None
    volume: Factor = 1.0
    holiday_volume: Factor | None = None
    holidays: Name | None = None
    timezone: Zone | None = None
    busyness: Annotated[str | None, choice({"none": "none"})] = None


_SPREADS = ("per_day", "per_week", "per_replication")
_ONE_SPREAD: list[Any] = [{"required": [key]} for key in _SPREADS]
_SHARED: list[Any] = [*_ONE_SPREAD, {"required": ["shared"]}]  # `shared` is of one of them


class Busyness(Entry):
    model_config = ConfigDict(json_schema_extra={"oneOf": [*_ONE_SPREAD, {"not": {"anyOf": _SHARED}}]})
    per_day: Variation | None = None
    per_week: Variation | None = None
    per_replication: Variation | None = None
    shared: Share | None = None
    per_interval: Variation = 0.0

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        if node == "none":
            return cls.model_construct(per_day=0.0)
        if node.strip().endswith("%"):
            reading.wrong(node, "a mapping with the keys " + ", ".join(cls.keys()), f"write {{per_day: {node}}}")
            return BAD
        return super().short(node, reading)

    @classmethod
    def short_schema(cls) -> JsonSchema:
        return {"const": "none"}

    def checked(self) -> Any:
        given = [key for key in _SPREADS if key in self._node]
        if len(given) > 1:
            self.wrong(given[1], "one of per_day, per_week, per_replication")
        if not given and "shared" in self._node:
            self.wrong("shared", "per_day, per_week or per_replication beside it")
        return self


# -- channels ---------------------------------------------------------------------------------------------
class Next(Entry):
    """What customers do next after one outcome."""

    again: Share = 0.0
    at_opening: Share = 0.0
    next_channel: Share = 0.0
    give_up: Share = 0.0
    stays_solved: Share = 0.0
    delay: LawField = None
    tries: CountFromOne | None = None

    def checked(self) -> Any:
        shares = (self.again, self.at_opening, self.next_channel, self.give_up, self.stays_solved)
        if any(share is BAD for share in shares):
            return BAD
        if abs(sum(shares) - 1) > 1e-9:
            added = f"they add up to {percent(sum(shares))}"
            self.wrong("", "shares that add up to 100%", added, got=_written(self._node))
            return BAD
        if self.again > 0 and "delay" not in self._node:
            self.wrong("delay", "a delay where customers try again", "as delay: 15 min")
        if self.again == 0 and "delay" in self._node:
            self.wrong("delay", "no delay", "delay belongs to again, and nobody tries again here")
        return self


def _written(node: Map) -> str:
    return ", ".join(f"{key}: {value}" for key, value in node.items() if isinstance(value, str))


NEXT = sub(Next)


class After(Entry):
    """What customers do next, by outcome."""

    abandoned: Annotated[Next | None, NEXT] = None
    busy: Annotated[Next | None, NEXT] = None
    closed: Annotated[Next | None, NEXT] = None
    disconnected: Annotated[Next | None, NEXT] = None
    withdrew: Annotated[Next | None, NEXT] = None
    timed_out: Annotated[Next | None, NEXT] = None
    unresolved: Annotated[Next | None, NEXT] = None
    solved: Annotated[Next | None, NEXT] = None


class Cost(Entry):
    contact: Money = 0.0
    month: Money = 0.0


_BOTH_TIMES = "handle_time is talk + hold + wrap-up together; a variant removes the one of its base"
_ONE_TIME: JsonSchema = {"not": {"required": ["handle_time", "talk_time"]}}


def one_time(entry: Entry) -> Any:
    """The entry; a fault where it states how long a contact takes in both ways."""
    if "handle_time" in entry._node and "talk_time" in entry._node:
        entry.wrong("talk_time", "one of handle_time and talk_time", _BOTH_TIMES)
    return entry


class Override(Entry):
    """What differs for the segments, topics and teams of a selector."""

    model_config = ConfigDict(json_schema_extra=_ONE_TIME)
    handle_time: ScaledWork = None
    talk_time: ScaledWork = None
    wrap_up: WrapUp = None
    patience: ScaledPatience = None
    resolves: ScaledShare = None

    def checked(self) -> Any:
        return one_time(self)


@frozen
class Backlog:
    """Waiting when play begins: issues by selector of segment and topic, and the age of the oldest."""

    counts: dict[str, int]
    oldest: int


def _backlog(node: Node, reading: Reading) -> Any:
    if not isinstance(node, Map):
        reading.wrong(node, "issues by segment and their age, as {free: 120, oldest: 2 days}")
        return BAD
    counts: dict[str, Any] = {}
    oldest: Any = None
    for key, value in node.items():
        assert isinstance(key, Text)
        if key == "oldest":
            oldest = parse_text(value, reading, units.positive_duration)
            continue
        try:
            selector(key)
        except Wrong as wrong:
            reading.wrong_key(key, node, wrong.expected, wrong.hint)
            continue
        counts[str(key)] = parse_text(value, reading, units.whole(0, 10**7))
    if oldest is None:
        reading.wrong(node, "the key oldest", "as oldest: 2 days", got="nothing", key="oldest")
        return BAD
    return Backlog(counts, oldest)


_BACKLOG: JsonSchema = {
    "type": "object",
    "properties": {"oldest": pattern(DURATION_PATTERN)},
    "required": ["oldest"],
    "propertyNames": {"pattern": SELECTOR_PATTERN},
    "additionalProperties": {"type": "integer", "minimum": 0},
}


class Channel(Entry):
    model_config = ConfigDict(json_schema_extra=_ONE_TIME)
    kind: Annotated[Literal["live", "deferred"], choice({"live": "live", "deferred": "deferred"})]
    open: Open = "always"
    timezone: Zone | None = None
    at_close: Annotated[str | None, choice({"serve those waiting": "serve", "turn them away": "turn_away"})] = None
    lines: CountFromOne | None = Field(None, description="customers waiting or talking")
    waiting_room: Count | None = Field(None, description="customers waiting")
    concurrency: Places = Field(1, description="contacts one agent may hold at once")
    slow_down: SlowDown | None = Field(None, description="how much longer everything takes with 1, 2, 3 in hand")
    speeds: Speeds | None = Field(None, description="the same as whole numbers: how fast work goes")
    measured_at: Measured | None = Field(None, description="contacts in hand when the times were measured")
    last_chat: PositiveTicks | None = Field(None, description="before a shift ends, no new contact for so long")
    wait_limit: PositiveTicks | None = Field(None, description="after which the system ends a wait")
    interruptible: Switch = Field(False, description="laid aside when a live contact comes")
    handle_time: WorkLaw = Field(None, description="AHT: talk + hold + wrap-up")
    talk_time: WorkLaw = Field(None, description="without wrap-up; then wrap_up is a duration or law of its own")
    wrap_up: WrapUp = Field(None, description="a share or law of the handle time")
    patience: Patience = None
    keeps: Annotated[str | None, choice({"patience": "patience"})] = None
    resolves: Share | None = None
    by_hour: ByHour = ()
    after: Annotated[After | None, sub(After)] = None
    at_shift_end: Annotated[str | None, choice({"finish": "finish", "put down": "put_down"})] = None
    cost: Annotated[Cost | None, sub(Cost)] = None
    starting_backlog: Annotated[Any, Leaf(_backlog, _BACKLOG)] = None
    by: Annotated[dict[str, Override], entries(Override, team_selector, TEAM_SELECTOR_PATTERN)] = Field(
        default_factory=dict
    )

    def checked(self) -> Any:
        return one_time(self)


# -- promises ---------------------------------------------------------------------------------------------
FORMULAS = (
    "answered/offered",
    "short abandons are good",
    "short abandons excluded",
    "answered only",
    "brief abandons credited",
    "brief abandons excluded",
)


class Promise(Entry):
    of: Selectors
    answer: PositiveTicks | None = None
    first_reply: PositiveTicks | None = None
    hours: Open = "always"
    share: Share
    counted: Annotated[str | None, choice({each: each for each in FORMULAS})] = None
    judged: Annotated[str, choice({each: each for each in ("daily", "weekly", "monthly", "all")})] = "weekly"
    penalty: MoneyPerBreach | None = Field(None, description="price of each contact or issue that breaks it")
    penalty_lost: MoneyPerContact | None = Field(
        None, description="price of each contact abandoned, blocked, disconnected or timed out; with answer only"
    )
    credit: MoneyPerPeriod | None = Field(None, description="price of each judged period that misses the share")

    @classmethod
    def short(cls, node: Text, reading: Reading) -> Any:
        promise = units.service_level(node)
        if not promise:
            return super().short(node, reading)
        of = reading.path(node)[-1]
        keys = "a mapping with the keys " + ", ".join(cls.keys())
        reading.wrong(node, keys, f"write {{of: {of}, {promise}}}, of naming its queues")
        return BAD


# -- teams ------------------------------------------------------------------------------------------------
class Shrinkage(Entry):
    leave: Share = 0.0
    absence: Share = 0.0
    off_desk: OffDesk = (0.0, 0)

    def checked(self) -> Any:
        if self.leave is not BAD and self.leave >= 1:
            self.wrong("leave", "a share below 100%", "somebody must be left at work")
        return self


class Shift(Entry):
    days: Days
    hours: Window
    agents: Heads
    breaks: Breaks = Field(default_factory=list)
    on_holidays: Annotated[str | None, choice({"nobody": "nobody"})] = None
    holidays: Name | None = None
    weeks: Weeks | None = Field(None, description="in which calendar weeks, as 1 of 2")
    first: Day | None = Field(None, alias="from", description="first date on which it may begin")
    until: Day | None = Field(None, description="first date on which it no longer begins")

    def checked(self) -> Any:
        if isinstance(self.first, date) and isinstance(self.until, date) and self.until <= self.first:
            self.wrong("until", "a date after from", f"from is {self.first}")
        if self.breaks is BAD or self.hours is BAD:
            return self
        begin, end = self.hours
        for place, each in enumerate(self.breaks):
            if each is BAD:
                continue
            shifted = 0 if each.earliest >= begin else DAY
            latest = each.latest + shifted if each.latest > each.earliest else each.earliest + shifted + each.length
            if each.earliest + shifted < begin or latest > end:
                node = self.node("breaks")
                item = node[place] if isinstance(node, Seq) else node
                over_midnight = end > DAY and end - DAY <= each.earliest and each.earliest + each.length <= begin
                swapped = ", over midnight; were begin and end swapped?" if over_midnight else ""
                hint = f"the shift is {_clock(begin, end)}{swapped}"
                self._reading.wrong(item, "a break inside the shift", hint)
        return self


def _clock(begin: int, end: int) -> str:
    def words(ticks: int) -> str:
        minutes = ticks // 60_000_000
        return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02}:{minutes % 60:02}"

    return f"{words(begin)}-{words(end)}"


class Team(Entry):
    serves: Selectors
    agents: Heads | None = Field(None, description="always present")
    shifts: Annotated[dict[str, Shift] | None, entries(Shift, units.name, NAME_PATTERN)] = None
    heads: CurveFile | None = Field(None, description="a CSV curve of anonymous heads")
    timezone: Zone | None = None
    concurrency: Annotated[dict[str, int], keyed(PLACES.read, PLACES.schema, units.name, NAME_PATTERN)] = Field(
        default_factory=dict
    )
    proficiency: ProficiencyTable = Field(default_factory=dict)
    wage: MoneyPerHour | None = None
    overtime: Factor = 1.0
    seat: MoneyPerMonth | None = None
    shrinkage: Annotated[Shrinkage | None, sub(Shrinkage)] = None
    pick: Annotated[
        str | None, choice({"longest idle": "longest_idle", "lowest id": "lowest_id", "random": "random"})
    ] = None
    drain_for: Selectors | None = Field(None, description="while these wait, who holds chats takes no more of them")
    activities: Annotated[dict[str, Activity], entries(Activity, units.name, NAME_PATTERN)] = Field(
        default_factory=dict
    )


# -- the whole --------------------------------------------------------------------------------------------
class Human(Entry):
    """A scenario as people write it."""

    name: Name | None = None
    title: Title = ""
    start: Day = Field(description="the first counted day, as 2026-03-02")
    length: Span = Field(description="what is counted, as 4 weeks")
    warm_up: Span = (0, 0)
    run_out: Annotated[RunOut | None, sub(RunOut)] = None
    timezone: Zone | None = None
    currency: Currency | None = None
    interval: Ticks | None = None
    calendars: Annotated[dict[str, Hours], keyed(CALENDAR.read, CALENDAR.schema, units.name, NAME_PATTERN)] = Field(
        default_factory=dict
    )
    profiles: Annotated[dict[str, Text], keyed(FILE.read, FILE.schema, units.name, NAME_PATTERN)] = Field(
        default_factory=dict
    )
    segments: Annotated[dict[str, Segment], entries(Segment, units.name, NAME_PATTERN)] = Field(default_factory=dict)
    plans: Annotated[dict[str, Plan], keyed(read_plan, PLAN_SCHEMA, units.name, NAME_PATTERN)] = Field(
        default_factory=dict
    )
    topics: Annotated[dict[str, Topic], entries(Topic, units.name, NAME_PATTERN)] = Field(default_factory=dict)
    demand: Annotated[dict[str, Stream], entries(Stream, units.name, NAME_PATTERN)] = Field(
        description="the streams of issues, by name"
    )
    busyness: Annotated[Busyness | None, sub(Busyness)] = None
    channels: Annotated[dict[str, Channel], entries(Channel, units.name, NAME_PATTERN)] = Field(
        description="how contacts are served, by name"
    )
    promises: Annotated[dict[str, Promise], entries(Promise, units.name, NAME_PATTERN)] = Field(default_factory=dict)
    teams: Annotated[dict[str, Team], entries(Team, units.name, NAME_PATTERN)] = Field(
        description="who serves, by name"
    )
    routing: Annotated[Routing | None, sub(Routing)] = None
    experience: Annotated[Experience | None, sub(Experience)] = None
    required: FileName | None = None
    actuals: FileName | None = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files (draft 2020-12), for editors: keys, phrases and units as patterns."""
    from supportsim.scenario.schema_json import whole

    return whole(Human)
