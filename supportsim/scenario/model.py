"""The resolved scenario: complete, immutable, printable; the only form read downstream.

Every time is in ticks (microseconds, int); a time of day counts ticks since local midnight and may exceed
24 h where a shift crosses midnight.  Shares and probabilities are fractions 0..1.  Money is in units of
the scenario's currency.  Names are unique across segments, topics, channels, plans and teams; the index of
a thing is its position in its tuple here, and the journal speaks in these indices.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import Any, Literal, NamedTuple

from supportsim.scenario.frozen import frozen

LawKind = Literal[
    "constant",  # (value,)
    "uniform",  # (low, high)
    "triangular",  # (low, mode, high)
    "exponential",  # (mean,)
    "lognormal",  # (mean, cv)
    "weibull",  # (mean, shape)
    "gamma",  # (mean, shape)
    "erlang",  # (mean, stages)
    "empirical",  # knots (increasing), with `shares` = cumulated probability at each knot
    "mixture",  # no values; `parts` with `shares` adding up to 1
    "never",  # no values
]


@frozen
class Law:
    """A distribution of one duration in ticks, drawn from one uniform by its inverse cdf.

    With u in (0, 1): below `at_zero` the draw is 0; otherwise u' = (u - at_zero) / (1 - at_zero), the draw is
    factor * quantile(u'), then raised to `at_least` and cut to `at_most` (values beyond are set to the limit).
    `empirical`: linear between knots; below the first cumulated probability the first knot; above the last
    one (where it is below 1) last knot + an exponential of mean `tail_mean`.
    `from_forecast`: the law is stated for mean 1 tick and multiplied by the AHT of the issue's forecast row.
    """

    kind: LawKind
    values: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()
    parts: tuple[Law, ...] = ()
    tail_mean: float = 0.0
    at_zero: float = 0.0
    at_least: float = 0.0
    at_most: float | None = None
    factor: float = 1.0
    from_forecast: bool = False


NOTHING = Law("constant", (0.0,))
NEVER_LAW = Law("never")


@frozen
class Work:
    """How long a touch takes.  `law` is the handle time (AHT) if `wrap_inside`, else the talk time.

    wrap-up = wrap_share * draw of `law` if `wrap_law` is None, else its own draw; when `wrap_inside` it is cut
    to the draw of `law` and taken out of it: talk = handle - wrap.  A trace row's own work replaces the first draw.
    """

    law: Law
    wrap_inside: bool = True
    wrap_share: float = 0.0
    wrap_law: Law | None = None


@frozen
class Calendar:
    """Weekly opening hours: per weekday (0 = Monday) the windows (begin, end) in ticks since local midnight."""

    name: str
    days: tuple[tuple[tuple[int, int], ...], ...]  # 7 entries
    holidays: tuple[date, ...] = ()
    zone: str = "UTC"
    always: bool = False  # open at every tick; `days` are then empty


@frozen
class Times:
    """`start` and `length` are the counted time; `warm_up` lies before, `run_out` after."""

    start: date  # first counted day, 00:00 local time
    zone: str
    length_days: int  # calendar days of the counted time ...
    length_ticks: int  # ... plus elapsed ticks (a length of 90 min is 0 days and 90 min)
    warm_up_days: int = 0
    warm_up_ticks: int = 0
    run_out_days: int = 0  # a maximum if `run_out_until_empty`
    run_out_ticks: int = 0
    run_out_until_empty: bool = False
    run_out_demand: bool = True  # False: no issue arises in the run-out, and repeats due in it are cut


@frozen
class PlanShare:
    plan: str
    share: float  # of the customers of the segment


@frozen
class Segment:
    """`plans`: those its customers are on, shares adding up to 1; () where nobody is offered any."""

    name: str
    customers: int | None  # None: anonymous, every issue its own customer
    joins_per_month: float = 0.0
    plans: tuple[PlanShare, ...] = ()
    margin: Law | None = None  # among its customers, currency per month (no ticks), before any support cost
    churn: float | None = None  # probability that a customer leaves within a year, were support neither good nor bad


@frozen
class PlanStep:
    channel: str
    share: float  # of customers who start here


@frozen
class Plan:
    """Channels in the order they are tried; no steps is the level *none*."""

    name: str
    steps: tuple[PlanStep, ...]
    asks: float = 1.0  # share of the issues that begin by this plan that customers bring at all
    issues: float = 1.0  # factor on the issues of its customers, in streams per customer
    price: float = 0.0  # currency per customer-month


@frozen
class Topic:
    name: str


Outcome = Literal["abandoned", "busy", "closed", "disconnected", "withdrew", "timed_out", "unresolved", "solved"]


@frozen
class After:
    """What customers do next after one outcome; the four shares add up to 1.

    `stop` is give_up (for `solved`: stays_solved).  `at_opening` exists for `closed` only: again, exactly at
    the next opening.  `delay` belongs to `again` (after `closed` it runs from the next opening).
    `tries`: at most so many contacts of the issue on that channel, the first included; None: no limit.
    """

    outcome: Outcome
    again: float
    at_opening: float
    next_channel: float
    stop: float
    delay: Law
    tries: int | None


@frozen
class Hourly:
    """Factors on drawn work and patience and on `resolves` in local hours of a channel (its zone)."""

    weekdays: tuple[int, ...]  # 0 = Monday
    begin: int  # ticks since local midnight
    end: int  # not beyond 24 h; windows of one channel do not overlap
    work: float = 1.0
    patience: float = 1.0
    resolves: float = 1.0


@frozen
class Channel:
    """`speeds`: work done per tick by an agent with 1, 2, … contacts in hand (docs/model.md); (): ever the same."""

    name: str
    kind: Literal["live", "deferred"]
    hours: Calendar
    at_close: Literal["serve", "turn_away"] = "serve"
    lines: int | None = None  # customers waiting or talking; None: no limit
    waiting_room: int | None = None  # customers waiting; None: no limit
    concurrency: int = 1  # contacts one agent may hold at once
    speeds: tuple[int, ...] = ()  # as many as the highest concurrency of any team, none above the one before
    last_chat: int = 0  # ticks before his shift end from which an agent takes no new one; 0: none
    wait_limit: int | None = None  # live: ticks after which the system ends a wait
    keeps_patience: bool = False  # every contact of an issue here has the patience of the first draw
    interruptible: bool = False  # deferred, concurrency 1: laid aside for live work
    by_hour: tuple[Hourly, ...] = ()
    at_shift_end: Literal["finish", "put_down"] = "finish"
    after: tuple[After, ...] = ()  # an outcome not named here ends the issue
    cost_per_contact: float = 0.0
    cost_per_month: float = 0.0


@frozen
class TeamWork:
    """What is different in a queue when this team works: the law, the chance to solve, and the pace.

    `pace` multiplies the drawn (or a trace row's) talk and wrap-up, each rounded to ticks (proficiency).
    """

    team: str
    work: Work
    resolves: float
    pace: float = 1.0


@frozen
class Queue:
    """Channel x segment x topic: where touches wait, and the laws that hold there (most specific ones)."""

    channel: str
    segment: str
    topic: str
    work: Work
    patience: Law
    resolves: float
    priority_class: int  # 0 is served first
    teams: tuple[tuple[str, ...], ...]  # steps in the order a contact asks them; a step is a pool of teams
    delays: tuple[int, ...] = ()  # per step: ticks after entry from which it is asked; (): all at once
    by_team: tuple[TeamWork, ...] = ()  # a team not named here works as the queue says
    bonus: int = 0  # policy `ageing`: ticks of wait a touch of this queue begins with ...
    rate: int = 100  # ... and how fast its wait counts, in hundredths
    figure_class: int = 0  # policies `value` and `easiest`: place by its figure, 0 is served first


@frozen
class Break:
    """Away for `length`, beginning at `earliest` (or, when latest > earliest, spread evenly up to `latest`)."""

    length: int
    paid: bool
    earliest: int  # ticks since local midnight of the shift's first day
    latest: int  # last allowed END of the break when spread; equals `earliest` when at a fixed time


@frozen
class Shift:
    name: str
    weekdays: tuple[int, ...]  # 0 = Monday; the day on which the shift begins
    begin: int
    end: int
    agents: int
    breaks: tuple[Break, ...] = ()
    zone: str = "UTC"
    off_days: tuple[date, ...] = ()  # dates on which nobody of this shift works (`on_holidays: nobody`)
    weeks: tuple[int, int] = (1, 1)  # (k, n): week k of every n, counted from that of `first`, else of the start
    first: date | None = None  # first date on which the shift may begin
    until: date | None = None  # first date on which it no longer begins


@frozen
class Activity:
    """In these local hours `agents` of the team do something else: work as another team, or off the desk.

    They are the first so many, in the order of the roster, whose shift that day holds the begin of the hours.
    """

    name: str
    weekdays: tuple[int, ...]
    begin: int  # ticks since local midnight, in the zone of the team
    end: int
    agents: int
    works_as: str | None  # a team; None: off the desk


@frozen
class Team:
    """`agents` of them always present, people in `shifts`, or anonymous `heads` (exactly one of the three)."""

    name: str
    serves: tuple[str, ...]  # selectors as written
    places: tuple[int, ...]  # per queue: place in `serves` of the first selector that matches, -1 if none
    agents: int | None
    shifts: tuple[Shift, ...]
    concurrency: tuple[tuple[str, int], ...] = ()  # channel -> contacts at once, where it differs
    heads: tuple[tuple[int, int], ...] | None = None  # (ticks since the counted start, heads from then on)
    pick: Literal["longest_idle", "lowest_id", "random"] = "longest_idle"
    holds: tuple[int, ...] = ()  # per queue: agents who must be empty-handed after a start (reservation); (): 0
    drains: tuple[bool, ...] = ()  # per queue: while a touch waits there, who holds chats takes no other
    activities: tuple[Activity, ...] = ()
    leave: float = 0.0
    absence: float = 0.0
    off_desk: float = 0.0
    off_desk_block: int = 0
    wage_per_hour: float = 0.0
    overtime_factor: float = 1.0
    seat_per_month: float = 0.0
    zone: str = "UTC"


@frozen
class Profile:
    """Shares of a week by cell: `cell` ticks long from local midnight Monday; adds up to 1."""

    name: str
    cell: int
    shares: tuple[float, ...]  # 7 days x (24 h / cell)


@frozen
class Cells:
    """Expected counts given cell by cell.  Row i: local day `days[i]`, begin `starts[i]` ticks since midnight."""

    cell: int  # length of every cell, ticks
    days: tuple[int, ...]  # proleptic ordinals of local dates; 0..6 = weekday when `repeats`
    starts: tuple[int, ...]
    counts: tuple[float, ...]
    aht: tuple[float, ...] = ()  # ticks per row, empty if not given
    repeats: bool = False  # a week without dates, repeated over the horizon


@frozen
class Trace:
    """Exact rows.  Arrays are numpy, read-only; -1 where a row does not say.  `sha256` of the canonical bytes.

    Two traces are equal when their hashes are.
    """

    at: Any = field(compare=False)  # int64 ticks since the start of COUNTED time (may be negative)
    segment: Any = field(compare=False)  # int32 index of the segment
    topic: Any = field(compare=False)  # int32
    channel: Any = field(compare=False)  # int32, -1: by plan
    handle: Any = field(compare=False)  # int64 ticks of talk + wrap-up, -1: drawn
    wrap: Any = field(compare=False)  # int64 ticks of wrap-up inside handle, -1: by the queue's rule
    patience: Any = field(compare=False)  # int64 ticks, -1: drawn, NEVER allowed
    sha256: str


@frozen
class Backlog:
    """Issues already waiting at tick 0: `count` of them, ages oldest * (count - i) / count for i = 0, 1, …"""

    count: int
    oldest: int


StreamKind = Literal["population", "rate", "forecast", "trace", "backlog", "endless"]


@frozen
class Stream:
    """One named source of issues.  Exactly one source is set, as `kind` says.

    `endless`: filler work of a deferred channel; no issue of it arises by itself, an agent with nothing better to do
    begins one.
    """

    name: str
    kind: StreamKind
    segment: str
    topic: str
    channel: str | None = None  # issues begin here; None: by the segment's plan
    volume: float = 1.0
    zone: str = "UTC"
    per_customer_month: float = 0.0  # population
    profile: str | None = None  # population; None: every hour of the week alike
    rates: tuple[tuple[int, int, int, float], ...] = ()  # rate: (weekday, begin, end, issues per hour)
    cells: Cells | None = None  # forecast
    trace: Trace | None = None
    backlog: Backlog | None = None
    counts: Literal["issues", "first contacts", "offered calls"] = "issues"
    returns_within: bool = False  # offered calls already hold redials and repeats: returns are switched off
    busy: bool = True  # takes part in busyness
    holiday_volume: float = 1.0
    holidays: tuple[date, ...] = ()


@frozen
class Busyness:
    """Overdispersion: coefficients of variation beyond chance; `shared` = correlation between streams."""

    cv: float = 0.0  # of the factor of a period
    shared: float = 0.0
    per: Literal["day", "week", "replication"] = "day"
    cv_interval: float = 0.0  # of a further factor of each (cell, stream)


AnswerFormula = Literal[  # A answered, B abandoned, D disconnected at closing
    "answered/offered",  # A_T / (A + B + D)
    "short abandons are good",  # (A_T + B_T) / (A + B + D)
    "short abandons excluded",  # A_T / (A + B + D - B_T)
    "answered only",  # A_T / A
    "brief abandons credited",  # (A_T + B_s) / (A + B + D), B_s within 5 s
    "brief abandons excluded",  # A_T / (A + B + D - B_s)
]


@frozen
class Promise:
    name: str
    of: tuple[str, ...]  # selectors
    queues: tuple[bool, ...]  # per queue: covered
    clock: Literal["answer", "first_reply"]
    limit: int  # ticks, inclusive
    share: float
    hours: Calendar  # the limit counts open ticks of this calendar
    counted: AnswerFormula = "answered/offered"
    judged: Literal["daily", "weekly", "monthly", "all"] = "weekly"
    penalty: float = 0.0  # price of each contact (issue) that breaks it
    penalty_lost: float = 0.0  # `answer` only: price of each contact abandoned, blocked, disconnected or timed out
    credit: float = 0.0  # price of each judged period whose share is below `share`


@frozen
class Thin:
    """Issues that are taken away: a share of those of a segment, a topic or a channel (that their stream names).

    A smaller share takes some of the issues that a larger one takes, and never another (`demand/cells.py`).
    """

    kind: Literal["segment", "topic", "channel"]
    name: str
    share: float = 1.0


#: Kinds of experience, in the order in which they are counted (measure/booking_experience.py).
EXPERIENCES = (
    "promise_broken", "waited", "contact_again", "switched", "unanswered", "gave_up", "unasked", "unserved", "solved",
)  # fmt: skip


@frozen
class Felt:
    """One kind of experience: factors on the odds of leaving within a year, in three opinions; how long it lasts."""

    kind: str  # of EXPERIENCES
    low: float
    stated: float
    high: float
    lasts: int  # ticks
    each: int = 0  # `waited`: ticks of waiting that multiply the odds once


@frozen
class Experience:
    """What a closed issue leaves with its customer."""

    felt: tuple[Felt, ...]  # at most one of each kind, in the order of EXPERIENCES
    discount: float = 0.0  # by the year
    feedback: bool = False  # customers leave in the play for what they experience


#: Fields of a scenario that say something about it: they are in no hash, and nothing is played by them.
ABOUT = ("defaults", "notes", "source", "written")


class Written(NamedTuple):
    """A value as somebody wrote it, and where: `channels.phone.patience`, list items from 1."""

    path: str
    text: str
    source: str = "written"  # or `resized`: the number of people was multiplied by a comparison


@frozen
class Scenario:
    """One complete description of a support operation, and of the time over which it is played."""

    name: str
    title: str
    times: Times
    currency: str
    interval: int  # of tables and plots only
    segments: tuple[Segment, ...]
    topics: tuple[Topic, ...]
    channels: tuple[Channel, ...]
    plans: tuple[Plan, ...]
    queues: tuple[Queue, ...]
    teams: tuple[Team, ...]
    profiles: tuple[Profile, ...]
    streams: tuple[Stream, ...]
    busyness: Busyness
    promises: tuple[Promise, ...]
    policy: str
    classes: tuple[str, ...]  # selectors in order, as written or by default
    required: tuple[tuple[int, float], ...] = ()  # (tick since counted start, heads): drawn, never used
    actuals: Any = None  # table drawn beside the results, never used
    thinned: tuple[Thin, ...] = ()  # set by `without`, never by a file
    experience: Experience | None = None  # nothing that happens depends on it without `feedback`
    defaults: tuple[str, ...] = field(default=(), compare=False)  # sentences: every default filled in
    notes: tuple[str, ...] = field(default=(), compare=False)  # warnings that do not stop anything
    source: str = field(default="", compare=False)  # file name as given
    written: tuple[Written, ...] = field(default=(), compare=False)  # every value that is not a default
