"""Keys of channels that say what a live or a laid-aside contact meets: slow-down, hours, limits, filler."""

from __future__ import annotations

from pathlib import Path

import pytest
from loader_texts import VALID

from supportsim.scenario.errors import ConfigError
from supportsim.scenario.load import load, load_text, scenario_hash
from supportsim.scenario.model import After, Hourly, Law, Queue, Scenario, Stream, Work
from supportsim.scenario.resolve_cover import least_work
from supportsim.scenario.ticks import DAY, HOUR, MINUTE, SECOND

CHATS = """name: chats
start: 2026-03-02
length: 1 week
channels:
  chat:
    kind: live
    open: {mon-fri: 09:00-17:00}
    concurrency: 3
    handle_time: 8 min
    patience: 4 min
  ticket:
    kind: deferred
    handle_time: 9 min
demand:
  chats: {channel: chat, rate: 20/h}
  mails: {channel: ticket, rate: 5/h}
teams:
  desk:
    serves: [chat, ticket]
    shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 5}}
"""
EVERY_DAY = tuple(range(7))


def changed(*changes: tuple[str, str]) -> Scenario:
    return load_text(CHATS, changes=[(f"channels.{path}", value) for path, value in changes])


def queue(scenario: Scenario, channel: str) -> Queue:
    return next(each for each in scenario.queues if each.channel == channel)


# -- contacts at once ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "text", "speeds"),
    [
        ("slow_down", "[1, 1.15, 1.35]", (621, 540, 460)),
        ("slow_down", "[1,1.15,1.35]", (621, 540, 460)),
        ("slow_down", "[1, 1, 1.5]", (3, 3, 2)),
        ("slow_down", "[1.000, 2, 4e0]", (4, 2, 1)),
        ("slow_down", "[1, 1, 1]", ()),
        ("speeds", "[621, 540, 460]", (621, 540, 460)),
        ("speeds", "[1242, 1080, 920]", (1242, 1080, 920)),
        ("speeds", "[7, 7, 7]", ()),
        ("slow_down", "[1, 1.25, 100]", (100, 80, 1)),
    ],
)
def test_speeds_are_whole_numbers(key: str, text: str, speeds: tuple[int, ...]) -> None:
    scenario = changed((f"chat.{key}", text))
    assert scenario.channels[0].speeds == speeds
    assert scenario.notes == ()


def test_speeds_and_slow_down_mean_the_same() -> None:
    assert scenario_hash(changed(("chat.slow_down", "[1, 1.15, 1.35]"))) == scenario_hash(
        changed(("chat.speeds", "[621, 540, 460]"))
    )


def test_large_speeds_are_rounded_and_it_is_said() -> None:
    scenario = changed(("chat.slow_down", "[1, 1.013, 1.019]"))  # least common multiple 1 032 247 000
    assert scenario.channels[0].speeds == (1_000_000, 987_167, 981_354)
    assert scenario.notes == (
        "channels.chat.slow_down: speeds are rounded to a millionth, exact whole numbers would be too large",
    )


def test_there_are_as_many_speeds_as_the_most_contacts_of_any_team() -> None:
    teams = "{serves: [chat, ticket], concurrency: {chat: 4}, agents: 1}"
    text = CHATS.replace("    handle_time: 8 min", "    slow_down: [1, 1.2, 1.4, 1.6]\n    handle_time: 8 min")
    assert len(load_text(text, changes=[("teams.fast", teams)]).channels[0].speeds) == 4
    with pytest.raises(ConfigError, match="4 numbers for concurrency 3"):
        load_text(text, changes=[("teams.fast", teams.replace("4", "2"))])


def test_no_slow_down_is_a_default_that_is_told() -> None:
    said = "channels.chat.slow_down: none, every contact is as fast as alone"
    assert said in changed().defaults
    assert said not in changed(("chat.slow_down", "[1, 1.15, 1.35]")).defaults
    assert said not in changed(("chat.concurrency", "1")).defaults


@pytest.mark.parametrize(
    ("at", "longer"),
    [("1", 1.0), ("1.5 chats", 1.075), ("2 chats", 1.15), ("2.1 chats", 1.17), ("3 contacts", 1.35)],
)
def test_times_measured_at_several_chats_are_divided_by_the_slow_down_there(at: str, longer: float) -> None:
    scenario = changed(
        ("chat.slow_down", "[1, 1.15, 1.35]"),
        ("chat.measured_at", at),
        ("chat.wrap_up", "1 min"),
        ("chat.by", "{desk: {handle_time: 6 min}}"),
    )
    here = queue(scenario, "chat")
    factors = [here.work.law.factor, here.by_team[0].work.law.factor]
    assert here.work.wrap_law is not None
    assert [*factors, here.work.wrap_law.factor] == pytest.approx([1 / longer] * 3, rel=1e-12)
    assert here.by_team[0].work.law.values == (360.0 * SECOND,)
    assert queue(scenario, "ticket").work.law.factor == 1.0


def test_chats_that_do_not_slow_each_other_down_may_be_measured_anywhere() -> None:
    scenario = changed(("chat.slow_down", "[1, 1, 1]"), ("chat.measured_at", "2.1 chats"))
    assert queue(scenario, "chat").work == queue(changed(), "chat").work


@pytest.mark.parametrize("text", ["2.1 chats per agent", "chats", "2,1 chats", "-2", "0", "2.1chats", "x 2"])
def test_what_is_no_number_of_chats_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"channels\.chat\.measured_at.*as 2\.1 chats"):
        changed(("chat.slow_down", "[1, 1.15, 1.35]"), ("chat.measured_at", text))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chat", "2 chat"),
        ("chat", "2 Chats"),
        ("chats", "2 chat"),
        ("web_chat", "2 web_chats"),
        ("query", "2 queries"),
        ("inbox", "2 inboxes"),
        ("line-2", "2  line-2s"),
        ("chat", "2 contacts"),
    ],
)
def test_what_is_measured_may_be_named_by_the_channel_or_its_plural(name: str, words: str) -> None:
    text = CHATS.replace("chat:\n", f"{name}:\n").replace("channel: chat,", f"channel: {name},")
    text = text.replace("[chat, ticket]", f"[{name}, ticket]").replace("chats: {channel", "stream: {channel")
    text = text.replace("concurrency: 3", f"concurrency: 3\n    slow_down: [1, 2, 3]\n    measured_at: {words}")
    assert queue(load_text(text), name).work.law.factor == 0.5


@pytest.mark.parametrize(("word", "plural"), [("chat", "chats"), ("query", "queries"), ("day", "days")])
def test_of_another_word_the_right_one_is_told(word: str, plural: str) -> None:
    text = CHATS.replace("chat:\n", f"{word}:\n").replace("channel: chat,", f"channel: {word},")
    text = text.replace("[chat, ticket]", f"[{word}, ticket]").replace("chats: {channel", "stream: {channel")
    text = text.replace("concurrency: 3", "concurrency: 3\n    slow_down: [1, 2, 3]\n    measured_at: 2.5 tickets")
    rule = f"got 2.5 tickets; expected a number of contacts of {word}; write 2.5 {plural}"
    with pytest.raises(ConfigError, match=rule):
        load_text(text)


def test_a_share_of_wrap_up_is_the_same_wherever_times_were_measured() -> None:
    both = [("chat.speeds", "[2, 2, 1]"), ("chat.wrap_up", "20%")]
    scenario = changed(*both, ("chat.measured_at", "3"))
    assert queue(scenario, "chat").work == Work(Law("constant", (480.0 * SECOND,), factor=0.5), True, 0.2)


def test_talk_time_and_its_wrap_up_are_measured_together() -> None:
    text = CHATS.replace("    handle_time: 8 min", "    talk_time: 7 min\n    wrap_up: 1 min\n    speeds: [4, 3, 2]")
    work = queue(load_text(text, changes=[("channels.chat.measured_at", "3 chats")]), "chat").work
    assert (work.law.factor, work.wrap_inside) == (0.5, False)
    assert work.wrap_law == Law("constant", (60.0 * SECOND,), factor=0.5)


def test_chats_that_slow_each_other_down_are_fewer_an_hour() -> None:
    text = CHATS.replace("    patience: 4 min\n", "")
    assert not [note for note in load_text(text).notes if "queues will grow" in note]
    slow = load_text(text, changes=[("channels.chat.slow_down", "[1, 1.9, 2.8]")])
    (note,) = [note for note in slow.notes if "queues will grow" in note]
    assert note == "first contacts hold 574 h of work, teams have 214 h: queues will grow"


# -- waiting ---------------------------------------------------------------------------------------------
def test_limits_of_waiting_and_of_the_last_chat() -> None:
    chat = changed(
        ("chat.wait_limit", "10 min"),
        ("chat.last_chat", "15 min"),
        ("chat.keeps", "patience"),
        ("chat.after", "{timed_out: {again: 40%, give_up: 60%, delay: 1 h, tries: 2}}"),
    ).channels[0]
    assert (chat.wait_limit, chat.last_chat, chat.keeps_patience) == (10 * MINUTE, 15 * MINUTE, True)
    assert chat.after == (After("timed_out", 0.4, 0.0, 0.0, 0.6, Law("constant", (3600.0 * SECOND,)), 2),)


def test_what_is_not_written_is_off() -> None:
    for channel in changed().channels:
        assert (channel.speeds, channel.last_chat, channel.wait_limit, channel.by_hour) == ((), 0, None, ())
        assert (channel.keeps_patience, channel.interruptible) == (False, False)


def test_where_a_wait_limit_ends_waits_the_issue_ends_by_default() -> None:
    said = "channels.chat.after.timed_out: give up, the issue ends there"
    assert said in changed(("chat.wait_limit", "10 min")).defaults
    assert said not in changed().defaults
    after = ("chat.after", "{timed_out: {give_up: 100%}}")
    assert said not in changed(("chat.wait_limit", "10 min"), after).defaults


def test_a_promise_longer_than_the_wait_limit_is_noted() -> None:
    text = CHATS + "promises: {fast: {of: chat, answer: 60 s, share: 80%}}\n"
    assert load_text(text, changes=[("channels.chat.wait_limit", "61 s")]).notes == ()
    assert load_text(text, changes=[("channels.chat.wait_limit", "60 s")]).notes == (
        "promises.fast: chat ends every wait after 1 min, its limit is 1 min",
    )


def test_redials_after_a_wait_limit_are_bounded_by_the_time_played() -> None:
    again = ("chat.after", "{timed_out: {again: 100%, delay: 30 s}}")
    assert changed(("chat.wait_limit", "40 s"), again).channels[0].wait_limit == 40 * SECOND  # 8 641 in a week
    with pytest.raises(ConfigError, match="at most 10 000 contacts"):
        changed(("chat.wait_limit", "30 s"), again)  # 10 081


def test_patience_may_be_kept_wherever_somebody_loses_it() -> None:
    text = CHATS.replace("    patience: 4 min\n", "    keeps: patience\n    by: {ticket: {patience: 9 min}}\n")
    assert load_text(text).channels[0].keeps_patience
    with pytest.raises(ConfigError, match="nobody loses patience here"):
        load_text(CHATS.replace("    patience: 4 min\n", "    keeps: patience\n    patience: never\n"))


def test_a_shift_no_longer_than_the_last_chat_is_noted() -> None:
    short = ("teams.desk.shifts.short", "{days: sat, hours: 09:00-10:00, agents: 1}")
    changes = [("channels.chat.last_chat", "59 min"), short]
    assert load_text(CHATS, changes=changes).notes == ()
    assert load_text(CHATS, changes=[("channels.chat.last_chat", "1 h"), short]).notes == (
        "channels.chat.last_chat: chat is not for teams.desk.shifts.short, which is no longer than that",
    )


def test_a_last_chat_of_those_who_have_no_shift_is_noted() -> None:
    last = ("channels.chat.last_chat", "15 min")
    always = CHATS.replace("shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 5}}", "agents: 5")
    told = "channels.chat.last_chat: nobody who takes chat has a shift that ends, so it does nothing"
    assert load_text(always, changes=[last]).notes == (told,)
    mails = """  mailers:
    serves: ticket
    shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 5}}
    activities: {help: {days: mon, hours: 09:00-12:00, agents: 2, works_as: desk}}
"""
    assert load_text(always + mails, changes=[last]).notes == ()
    nobody = ("teams.mailers.activities.help.agents", "0")
    assert told in load_text(always + mails, changes=[last, nobody]).notes


def test_a_last_chat_of_heads_is_noted(tmp_path: Path) -> None:
    (tmp_path / "heads.csv").write_text("day,start,heads\nmon,09:00,5\nfri,17:00,0\n", encoding="utf-8")
    text = CHATS.replace("shifts: {day: {days: mon-fri, hours: 09:00-17:00, agents: 5}}", "heads: heads.csv")
    told = "channels.chat.last_chat: nobody who takes chat has a shift that ends, so it does nothing"
    assert load_text(text, folder=tmp_path, changes=[("channels.chat.last_chat", "15 min")]).notes == (told,)


def test_laid_aside_is_what_is_written_so() -> None:
    assert [each.interruptible for each in changed(("ticket.interruptible", "yes")).channels] == [False, True]
    assert [each.interruptible for each in changed(("ticket.interruptible", "no")).channels] == [False, False]


# -- hours -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("{18:00-22:00: {handle_time: x 1.2}}", (Hourly(EVERY_DAY, 18 * HOUR, 22 * HOUR, work=1.2),)),
        ("{sat: {resolves: x 0.9, patience: x 2}}", (Hourly((5,), 0, DAY, 1.0, 2.0, 0.9),)),
        (
            "{mon-fri: {18:00-22:00: {patience: x 0.8}, 22:00-24:00: {patience: x 0.5}}, sun: {resolves: x 0}}",
            (
                Hourly((0, 1, 2, 3, 4), 18 * HOUR, 22 * HOUR, patience=0.8),
                Hourly((0, 1, 2, 3, 4), 22 * HOUR, DAY, patience=0.5),
                Hourly((6,), 0, DAY, resolves=0.0),
            ),
        ),
        (
            "{fri-sun: {22:00-02:00: {handle_time: x 2}}}",
            (
                Hourly((0, 5, 6), 0, 2 * HOUR, work=2.0),
                Hourly((4, 5, 6), 22 * HOUR, DAY, work=2.0),
            ),
        ),
        ("{sun-mon: {handle_time: x 2}}", (Hourly((0, 6), 0, DAY, work=2.0),)),
        ("{09:00-12:00: {handle_time: x 1}}", ()),
    ],
)
def test_factors_by_hour(text: str, hours: tuple[Hourly, ...]) -> None:
    assert changed(("chat.by_hour", text)).channels[0].by_hour == hours


def test_hours_that_touch_do_not_overlap() -> None:
    rows = changed(("chat.by_hour", "{mon: {20:00-02:00: {patience: x 2}}, tue: {02:00-03:00: {patience: x 3}}}"))
    assert [(each.weekdays, each.begin) for each in rows.channels[0].by_hour] == [
        ((0,), 20 * HOUR),
        ((1,), 0),
        ((1,), 2 * HOUR),
    ]


# -- filler ----------------------------------------------------------------------------------------------
def filler(**keys: str) -> Scenario:
    more = "".join(f", {key}: {value}" for key, value in keys.items())
    return load_text(CHATS.replace("teams:\n", f"  reading: {{endless: yes, channel: ticket{more}}}\nteams:\n"))


def test_filler_is_a_stream_of_its_own() -> None:
    scenario = filler()
    assert scenario.streams[2] == Stream("reading", "endless", "customers", "general", channel="ticket", busy=False)
    assert scenario.notes == ()
    assert len(scenario.queues) == 2


def test_a_queue_of_filler_alone_exists_and_leads_nowhere() -> None:
    text = (VALID / "blended.yaml").read_text(encoding="utf-8")
    scenario = load_text(text, folder=VALID)
    assert [each.channel for each in scenario.queues if each.topic == "news"] == ["ticket"]


def test_filler_without_end_may_not_be_without_work() -> None:
    for own in ("x 0", "x 0.000000000001"):
        with pytest.raises(ConfigError, match="work of 1 us or more"):
            load_text(
                CHATS.replace("teams:\n", "  reading: {endless: yes, channel: ticket}\nteams:\n"),
                changes=[("channels.ticket.by", f"{{ticket: {{handle_time: {own}}}}}")],
            )
    with pytest.raises(ConfigError, match="work of 1 us or more"):
        load_text(
            CHATS.replace("teams:\n", "  reading: {endless: yes, channel: ticket}\nteams:\n"),
            changes=[("channels.ticket.by_hour", "{sat: {handle_time: x 0.000000001}}")],
        )


def test_a_backlog_without_a_topic_is_not_about_filler() -> None:
    text = CHATS.replace("channels:\n", "topics: {news: {}, bug: {}}\nchannels:\n").replace(
        "rate:", "topic: bug, rate:"
    )
    text = text.replace("teams:\n", "  reading: {endless: yes, channel: ticket, topic: news}\nteams:\n")
    scenario = load_text(text, changes=[("channels.ticket.starting_backlog", "{customers: 7, oldest: 1 day}")])
    assert [each.topic for each in scenario.streams if each.kind == "backlog"] == ["bug"]


def test_an_endless_no_is_no_source() -> None:
    text = CHATS.replace("mails: {channel: ticket, rate: 5/h}", "mails: {channel: ticket, rate: 5/h, endless: no}")
    assert load_text(text).streams == load_text(CHATS).streams


def test_a_promise_may_have_three_prices() -> None:
    prices = "penalty: 15/breach, penalty_lost: 4.25/contact, credit: 500/period"
    text = CHATS + f"promises: {{fast: {{of: chat, answer: 60 s, share: 80%, {prices}}}}}\n"
    priced = load_text(text).promises[0]
    assert (priced.penalty, priced.penalty_lost, priced.credit) == (15.0, 4.25, 500.0)


# -- the whole -------------------------------------------------------------------------------------------
def test_a_blended_desk_loads_without_notes() -> None:
    scenario = load(VALID / "blended.yaml")
    assert scenario.notes == ()
    assert [each.penalty for each in scenario.promises] == [15.0, 0.0]
    assert min(least_work(each) for each in scenario.queues) > 0
