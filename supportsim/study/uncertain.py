"""What a scenario takes for known and nobody may have measured: each input, and the scenario with more or less of it.

Every input is a change of the resolved scenario, so customers, problems and all that it does not touch stay the same.
Which there are, and what a share of each means, is in docs/model.md, section 11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from supportsim.scenario.laws import mean
from supportsim.scenario.model import Law, Scenario, Segment, Team
from supportsim.scenario.policies import POLICIES
from supportsim.scenario.resolve_figures import ranked
from supportsim.study import uncertain_channels as on
from supportsim.study.words import about, per_cent

#: How inputs are called, here and where `study.flip_inputs` moves them through a range.
NAMES = {
    "margin": "margin of {}", "support_price": "prices of plans of {}", "wage": "wage of {}",
    "asks": "what plan {} asks for", "issues": "issues of customers on plan {}", "share": "customers of {} on {}",
    "odds": "odds of leaving ({})",
}  # fmt: skip
#: A scenario with an input multiplied by a factor; the same one where that changes nothing.
Change = Callable[[Scenario, float], Scenario]


class Uncertain(NamedTuple):
    """One input.

    path: where it stands in a scenario file; rows of inputs.csv at or below it are its own, or those of `rows` (a
    pattern of their paths).  stated: its value in a scenario, in words.  priced: nothing that happens depends on it.
    """

    path: str
    name: str
    change: Change
    stated: Callable[[Scenario], str]
    priced: bool = False
    rows: str = ""

    def owns(self, path: str) -> bool:
        """Whether a row of inputs.csv is one of this input."""
        return re.fullmatch(self.rows or re.escape(self.path) + r"([.\[].*)?", path) is not None

    def supplied(self, scenario: Scenario) -> bool:
        """Whether the tool filled it in: nobody wrote any of it."""
        return not any(self.owns(each.path) for each in scenario.written)


def uncertain(scenario: Scenario) -> list[Uncertain]:
    """All inputs of a scenario of which a share more or less would be something else."""
    found = [*_volumes(scenario), *_busyness(scenario), *_channels(scenario), *_plans(scenario)]
    for team in scenario.teams:
        found += _team(team)
    for segment in scenario.segments:
        found += _segment(scenario, segment)
    found += _experience(scenario)
    return [each for each in found if any(each.change(scenario, f) != scenario for f in (0.9, 1.1))]


#: Keys of a stream that say how much comes.
_SOURCES = r"\.(volume|per_customer|rate|forecast|daily|trace)([.\[].*)?"


# -- demand ---------------------------------------------------------------------------------------------------
def _volumes(scenario: Scenario) -> Iterator[Uncertain]:
    for stream in scenario.streams:
        if stream.kind in ("endless", "backlog"):
            continue
        path = f"demand.{stream.name}"
        yield Uncertain(f"{path}.volume", f"volume of {stream.name}", partial(_volume, names=(stream.name,)),
                        partial(_volume_words, name=stream.name),
                        rows=re.escape(path) + _SOURCES)  # fmt: skip
    for channel in scenario.channels:
        names = tuple(s.name for s in scenario.streams if s.kind == "backlog" and s.channel == channel.name)
        if names:
            yield Uncertain(f"channels.{channel.name}.starting_backlog", f"starting backlog of {channel.name}",
                            partial(_volume, names=names), partial(_backlog_words, names=names))  # fmt: skip


def _volume(scenario: Scenario, by: float, names: tuple[str, ...]) -> Scenario:
    return replace(scenario, streams=tuple(
        replace(each, volume=each.volume * by) if each.name in names else each for each in scenario.streams
    ))  # fmt: skip


def _volume_words(scenario: Scenario, name: str) -> str:
    stream = next(each for each in scenario.streams if each.name == name)
    if stream.kind == "population":
        return f"{stream.per_customer_month * stream.volume:.4g}/month a customer"
    return f"x {stream.volume:.4g}"


def _backlog_words(scenario: Scenario, names: tuple[str, ...]) -> str:
    return str(sum(round(s.backlog.count * s.volume) for s in scenario.streams if s.name in names and s.backlog))


def _busyness(scenario: Scenario) -> Iterator[Uncertain]:
    busy = scenario.busyness
    names = {f"per_{busy.per}": "cv", "per_interval": "cv_interval", "shared": "shared"}
    words = {"cv": f"spread of {busy.per}s (busyness)", "cv_interval": "spread within days (busyness)",
             "shared": "spread that streams share"}  # fmt: skip
    for key, field in names.items():
        most = 1.0 if field == "shared" else 1e9
        if field != "shared" or len(scenario.streams) > 1:
            yield Uncertain(f"busyness.{key}", words[field], partial(_spread, field=field, most=most),
                            partial(_spread_words, field=field))  # fmt: skip


def _spread(scenario: Scenario, by: float, field: str, most: float) -> Scenario:
    if field == "shared" and not scenario.busyness.cv:
        return scenario
    value = min(most, getattr(scenario.busyness, field) * by)
    return replace(scenario, busyness=replace(scenario.busyness, **{field: value}))


def _spread_words(scenario: Scenario, field: str) -> str:
    return per_cent(getattr(scenario.busyness, field))


# -- channels -------------------------------------------------------------------------------------------------
#: Key of a channel -> words, the change of its queues or of itself, its value in words, keys of its rows.
_OF_CHANNELS: dict[str, tuple[str, on.Change, on.Words, str]] = {
    "handle_time": ("time of work on", on.handled, on.handle_words, "handle_time|talk_time"),
    "wrap_up": ("wrap-up on", on.wrapped, on.wrap_words, "wrap_up"),
    "patience": ("patience on", on.patient, on.patience_words, "patience"),
    "resolves": ("resolution on", on.resolving, on.resolve_words, "resolves"),
    "slow_down": ("slow-down on", on.slowed, on.slow_words, "slow_down|speeds"),
}


def _channels(scenario: Scenario) -> Iterator[Uncertain]:
    for channel in (each.name for each in scenario.channels):
        for key, (words, change, stated, keys) in _OF_CHANNELS.items():
            where = rf"channels\.({re.escape(channel)}|\*)\.(by\.[^.]+\.)?({keys})([.\[].*)?"
            yield Uncertain(f"channels.{channel}.{key}", f"{words} {channel}", partial(_ranked, change, channel),
                            partial(stated, channel=channel), rows=where)  # fmt: skip
    for own in scenario.channels:
        for after in own.after:
            path, words = f"channels.{own.name}.after.{after.outcome}", after.outcome.replace("_", " ")
            whose: dict[str, Any] = {"channel": own.name, "outcome": after.outcome}
            back = re.escape(path) + r"\.(again|at_opening)"
            yield Uncertain(f"{path}.again", f"who comes back to {own.name}, {words}", partial(on.again, **whose),
                            partial(on.again_words, **whose), rows=back)  # fmt: skip
            yield Uncertain(f"{path}.next_channel", f"who leaves {own.name} for the next channel, {words}",
                            partial(on.moving, **whose), partial(on.moving_words, **whose))  # fmt: skip


def _ranked(change: on.Change, channel: str, scenario: Scenario, by: float) -> Scenario:
    return ranked(change(scenario, by, channel))


# -- plans ----------------------------------------------------------------------------------------------------
def _plans(scenario: Scenario) -> Iterator[Uncertain]:
    for plan in scenario.plans:
        for field in ("asks", "issues"):
            if getattr(plan, field) != 1:
                whose: dict[str, Any] = {"name": plan.name, "field": field}
                yield Uncertain(f"plans.{plan.name}.{field}", NAMES[field].format(plan.name), partial(of_plan, **whose),
                                partial(_plan_words, **whose))  # fmt: skip
    for segment in scenario.segments:
        for own in segment.plans[1:]:  # the first has what the others leave
            of: dict[str, Any] = {"name": segment.name, "plan": own.plan}
            yield Uncertain(f"segments.{segment.name}.plan.{own.plan}", NAMES["share"].format(segment.name, own.plan),
                            partial(take_up, **of), partial(_take_up_words, **of))  # fmt: skip


def of_plan(scenario: Scenario, by: float, name: str, field: str) -> Scenario:
    """`asks` of a plan, at most 100 %, or `issues` of its customers."""
    most = 1.0 if field == "asks" else 1e9
    return replace(scenario, plans=tuple(
        replace(each, **{field: min(most, getattr(each, field) * by)}) if each.name == name else each
        for each in scenario.plans
    ))  # fmt: skip


def _plan_words(scenario: Scenario, name: str, field: str) -> str:
    value = next(getattr(each, field) for each in scenario.plans if each.name == name)
    return per_cent(value) if field == "asks" else f"x {value:.4g}"


def take_up(scenario: Scenario, by: float, name: str, plan: str) -> Scenario:
    """More or fewer customers of a segment on one of its plans; the others keep their proportions."""

    def change(segment: Segment) -> Segment:
        old = next(each.share for each in segment.plans if each.plan == plan)
        if not 0 < old < 1:
            return segment
        new = min(1.0, old * by)
        rest = (1 - new) / (1 - old)
        return replace(segment, plans=tuple(
            replace(each, share=new if each.plan == plan else each.share * rest) for each in segment.plans
        ))  # fmt: skip

    return _of_segment(scenario, name, change)


def _take_up_words(scenario: Scenario, name: str, plan: str) -> str:
    own = next(each for each in scenario.segments if each.name == name)
    return per_cent(next(each.share for each in own.plans if each.plan == plan))


# -- teams ----------------------------------------------------------------------------------------------------
#: Field of a team -> key below it, words, whether only money depends on it, the most it may be.
_OF_TEAMS = {
    "absence": ("shrinkage.absence", "absence of", False, 0.99),
    "off_desk": ("shrinkage.off_desk", "time off the desk of", False, 0.99),
    "leave": ("shrinkage.leave", "leave of", True, 0.99),
    "wage_per_hour": ("wage", "wage of", True, 1e12),
}


def _team(team: Team) -> Iterator[Uncertain]:
    for field, (key, words, priced, most) in _OF_TEAMS.items():
        whose: dict[str, Any] = {"name": team.name, "field": field}
        yield Uncertain(f"teams.{team.name}.{key}", f"{words} {team.name}", partial(_of_team, most=most, **whose),
                        partial(_team_words, **whose), priced)  # fmt: skip
    yield Uncertain(f"teams.{team.name}.proficiency", f"pace of {team.name}", partial(on.paced, team=team.name),
                    partial(on.pace_words, team=team.name))  # fmt: skip


def _of_team(scenario: Scenario, by: float, name: str, field: str, most: float) -> Scenario:
    return replace(scenario, teams=tuple(
        replace(each, **{field: min(most, getattr(each, field) * by)}) if each.name == name else each
        for each in scenario.teams
    ))  # fmt: skip


def _team_words(scenario: Scenario, name: str, field: str) -> str:
    value = next(getattr(each, field) for each in scenario.teams if each.name == name)
    return f"{value:.6g}/h" if field == "wage_per_hour" else per_cent(value)


# -- segments and experience ----------------------------------------------------------------------------------
def _segment(scenario: Scenario, segment: Segment) -> Iterator[Uncertain]:
    path, name = f"segments.{segment.name}", segment.name
    by_value = POLICIES[scenario.policy].figure == "value"
    yield Uncertain(f"{path}.joins", f"customers who join {name}", partial(_joins, name=name),
                    partial(_joins_words, name=name))  # fmt: skip
    yield Uncertain(f"{path}.margin", NAMES["margin"].format(name), partial(_margin, name=name),
                    partial(_margin_words, name=name), priced=not by_value)  # fmt: skip
    if scenario.experience is not None:
        yield Uncertain(f"{path}.churn", f"churn of {name}", partial(_churn, name=name),
                        partial(_churn_words, name=name), priced=_only_expected(scenario))  # fmt: skip


def _only_expected(scenario: Scenario) -> bool:
    """Whether leaving is expected only, so that nothing that happens depends on it."""
    return scenario.experience is None or not scenario.experience.feedback


def _of_segment(scenario: Scenario, name: str, change: Callable[[Segment], Segment]) -> Scenario:
    return replace(scenario, segments=tuple(change(s) if s.name == name else s for s in scenario.segments))


def _joins(scenario: Scenario, by: float, name: str) -> Scenario:
    return _of_segment(scenario, name, lambda s: replace(s, joins_per_month=s.joins_per_month * by))


def _joins_words(scenario: Scenario, name: str) -> str:
    return f"{_named(scenario, name).joins_per_month:.4g}/month"


def _margin(scenario: Scenario, by: float, name: str) -> Scenario:
    return ranked(_of_segment(
        scenario, name, lambda s: s if s.margin is None else replace(s, margin=on.times(s.margin, by))
    ))  # fmt: skip


def _margin_words(scenario: Scenario, name: str) -> str:
    law: Law | None = _named(scenario, name).margin
    return "none" if law is None else f"{mean(law):.4g}/month"


def _churn(scenario: Scenario, by: float, name: str) -> Scenario:
    return _of_segment(
        scenario, name, lambda s: s if s.churn is None else replace(s, churn=min(0.99, s.churn * by))
    )  # fmt: skip


def _churn_words(scenario: Scenario, name: str) -> str:
    churn = _named(scenario, name).churn
    return "none" if churn is None else f"{per_cent(churn)}/year"


def _named(scenario: Scenario, name: str) -> Segment:
    return next(each for each in scenario.segments if each.name == name)


def _experience(scenario: Scenario) -> Iterator[Uncertain]:
    experience, priced = scenario.experience, _only_expected(scenario)
    if experience is None or not any(each.churn for each in scenario.segments):
        return
    yield Uncertain("experience.lasts", "how long experiences last", _lasts, _lasts_words, priced,
                    r"experience\.([^.]+\.)?lasts")  # fmt: skip
    for felt in experience.felt:
        yield Uncertain(f"experience.{felt.kind}", NAMES["odds"].format(felt.kind.replace("_", " ")),
                        partial(_odds, kind=felt.kind), partial(_odds_words, kind=felt.kind), priced)  # fmt: skip
    yield Uncertain("experience.discount", "discount of margins to come", _discount, _discount_words, priced)


def _odds(scenario: Scenario, by: float, kind: str) -> Scenario:
    """All three opinions on one kind, their logarithms multiplied."""
    experience = scenario.experience
    assert experience is not None
    return replace(scenario, experience=replace(experience, felt=tuple(
        replace(each, low=each.low**by, stated=each.stated**by, high=each.high**by) if each.kind == kind else each
        for each in experience.felt
    )))  # fmt: skip


def _odds_words(scenario: Scenario, kind: str) -> str:
    experience = scenario.experience
    assert experience is not None
    return f"x {next(each.stated for each in experience.felt if each.kind == kind):.4g}"


def _lasts(scenario: Scenario, by: float) -> Scenario:
    experience = scenario.experience
    assert experience is not None
    felt = tuple(replace(each, lasts=round(each.lasts * by)) for each in experience.felt)
    return replace(scenario, experience=replace(experience, felt=felt))


def _lasts_words(scenario: Scenario) -> str:
    experience = scenario.experience
    assert experience is not None
    ends = dict.fromkeys(about(each.lasts) for each in experience.felt)
    return ", ".join(ends)


def _discount(scenario: Scenario, by: float) -> Scenario:
    experience = scenario.experience
    assert experience is not None
    return replace(scenario, experience=replace(experience, discount=experience.discount * by))


def _discount_words(scenario: Scenario) -> str:
    experience = scenario.experience
    assert experience is not None
    return f"{per_cent(experience.discount)}/year"
