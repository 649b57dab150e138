"""What `trace` says of a hand-made journal."""

from __future__ import annotations

from dataclasses import replace

from measure.journals import Pen, scenario

from supportsim.engine.layout import Layout
from supportsim.scenario import model
from supportsim.scenario.ticks import HOUR, MINUTE, NEVER, SECOND
from supportsim.show.trace import Teller, entries


def told(pen: Pen, desk: model.Scenario) -> list[str]:
    teller = Teller(Layout(desk), pen.journal())
    return [line.strip() for line in teller.lines(entries(teller, None))]


def desk(*streams: model.Stream) -> model.Scenario:
    return scenario(streams=streams or (model.Stream("calls", "rate", "customers", "general", "phone"),))


def test_a_wait_that_the_system_ends() -> None:
    pen = Pen()
    pen.lost(HOUR, 10 * MINUTE, "timed_out", patience=NEVER)
    assert told(pen, desk())[-1] == "01:10:00  issue 0: is cut off by the wait limit after 10 min"


def test_work_that_is_laid_aside_for_a_call_and_taken_up_again() -> None:
    pen = Pen()
    row = pen.contact(HOUR, "solved", HOUR, HOUR + 35 * MINUTE, queue=1)
    at, back = HOUR + 10 * MINUTE, HOUR + 15 * MINUTE
    first = pen.touch(row, HOUR, HOUR, NEVER, at, how="interrupted", remaining=20 * MINUTE)
    pen.served(at, 0, 5 * MINUTE)
    pen.touch(row, at, back, back + 20 * MINUTE, back + 20 * MINUTE, touch=first, entered=HOUR)
    assert told(pen, desk())[1:] == [
        "01:00:00  issue 0: an anonymous customer of customers has a general issue (calls)",
        "01:00:00  issue 0: first contact 1, by ticket",
        "01:00:00  issue 0: desk/1 takes it at once",
        "01:10:00  issue 1: an anonymous customer of customers has a general issue (calls)",
        "01:10:00  issue 1: first contact 1, by phone",
        "01:10:00  issue 0: desk/1 lays it aside for a live contact, 20 min of work left",
        "01:10:00  issue 1: desk/1 takes it at once",
        "01:15:00  issue 1: the phone contact is over, solved",
        "01:15:00  issue 0: desk/1 takes it after a wait of 5 min",
        "01:35:00  issue 0: the ticket contact is over, solved",
    ]


def test_what_is_left_is_told_as_time_alone() -> None:
    pen = Pen()
    row = pen.contact(HOUR, "open", HOUR, queue=0)
    pen.touch(row, HOUR, HOUR, NEVER, 2 * HOUR, how="put_down", remaining=620 * 90 * SECOND)
    base = desk()
    slow = replace(base.channels[0], concurrency=2, speeds=(620, 310))
    text = told(pen, replace(base, channels=(slow, base.channels[1])))
    assert text[-1] == "02:00:00  issue 0: desk/1 puts it down, 1 min 30 s of work left"


def test_filler_is_no_customers() -> None:
    pen = Pen()
    pen.filler(HOUR, 20 * MINUTE)
    assert told(pen, desk(model.Stream("tidying", "endless", "customers", "general", "ticket")))[1:] == [
        "01:00:00  issue 0: a piece of filler (tidying)",
        "01:00:00  issue 0: desk/1 takes it at once",
        "01:20:00  issue 0: this piece of filler is done",
    ]


def test_who_moves_to_another_team_and_back() -> None:
    base = desk()
    shift = model.Shift("day", tuple(range(7)), 8 * HOUR, 16 * HOUR, 1)
    inbox = model.Activity("inbox", tuple(range(7)), 10 * HOUR, 11 * HOUR, 1, "mailroom")
    callers = model.Team("desk", ("phone",), (0, -1), None, (shift,), activities=(inbox,))
    pen = Pen()
    pen.span(0, "available", 8 * HOUR, 10 * HOUR)
    pen.span(0, "available", 10 * HOUR, 11 * HOUR, team=1)
    pen.span(0, "available", 11 * HOUR, 16 * HOUR)
    text = told(pen, replace(base, teams=(callers, model.Team("mailroom", ("ticket",), (-1, 0), 0, ()))))
    assert text[1:] == [
        "08:00:00  desk/day/1 is open to work (until 10:00:00)",
        "10:00:00  desk/day/1 is open to work, working as mailroom (until 11:00:00)",
        "11:00:00  desk/day/1 is open to work, with his own team again (until 16:00:00)",
    ]


def test_within_a_tick_what_ends_is_told_before_what_begins_of_it() -> None:
    pen = Pen()
    pen.span(0, "available", 2 * HOUR, 3 * HOUR)
    late = pen.served(HOUR, HOUR, HOUR, issue=pen.issue(HOUR, "solved"))  # waits until desk/1 comes
    pen.served(HOUR, 0, 45 * MINUTE, wrap=15 * MINUTE, agent=1)
    cut = pen.lost(HOUR + 30 * MINUTE, 30 * MINUTE, "disconnected")
    pen.served(2 * HOUR, 0, MINUTE, agent=1, queue=1, number=2, kind="switch", issue=int(pen.contacts[cut][0]))
    assert late == 0
    at = [line for line in told(pen, desk()) if line.startswith("02:00:00")]
    assert at == [
        "02:00:00  issue 1: desk/2 has wrapped up",
        "02:00:00  desk/1 is open to work (until 03:00:00)",
        "02:00:00  issue 2: is cut off after 30 min",
        "02:00:00  issue 2: switch contact 2, by ticket",
        "02:00:00  issue 0: desk/1 takes it after a wait of 1 h",
        "02:00:00  issue 2: desk/2 takes it at once",
    ]


def test_within_a_tick_a_customer_comes_before_he_leaves() -> None:
    pen = Pen()
    for issue in range(2):  # no patience at all, and the next channel is closed
        pen.lost(HOUR, 0, issue=pen.issue(HOUR, "gave_up"))
        pen.contact(HOUR, "closed", left=HOUR, issue=issue, number=2, kind="switch", queue=1)
        pen.issues[issue] = (*pen.issues[issue][:-1], HOUR)
    assert told(pen, desk())[1:] == [
        "01:00:00  issue 0: an anonymous customer of customers has a general issue (calls)",
        "01:00:00  issue 1: an anonymous customer of customers has a general issue (calls)",
        "01:00:00  issue 0: first contact 1, by phone",
        "01:00:00  issue 0: gives up and hangs up after 0 s",
        "01:00:00  issue 0: switch contact 2, by ticket",
        "01:00:00  issue 1: first contact 1, by phone",
        "01:00:00  issue 1: gives up and hangs up after 0 s",
        "01:00:00  issue 1: switch contact 2, by ticket",
        "01:00:00  issue 0: finds it closed",
        "01:00:00  issue 1: finds it closed",
        "01:00:00  issue 0: gives up for good",
        "01:00:00  issue 1: gives up for good",
    ]


def test_work_of_no_length_is_told_before_the_work_that_follows_it() -> None:
    pen = Pen()
    pen.served(HOUR, MINUTE, 5 * MINUTE)
    pen.served(HOUR, MINUTE, 0)
    assert told(pen, desk())[-4:] == [
        "01:01:00  issue 1: desk/1 takes it after a wait of 1 min",
        "01:01:00  issue 1: the phone contact is over, solved",
        "01:01:00  issue 0: desk/1 takes it after a wait of 1 min",
        "01:06:00  issue 0: the phone contact is over, solved",
    ]


def test_a_call_put_down_on_a_closed_line_is_cut_off_after_that() -> None:
    pen = Pen()
    row = pen.contact(HOUR, "disconnected", HOUR, 2 * HOUR)
    first = pen.touch(row, HOUR, HOUR, NEVER, 2 * HOUR, how="put_down", remaining=5 * MINUTE)
    pen.touch(row, 2 * HOUR, NEVER, NEVER, 2 * HOUR, how="disconnected", touch=first, entered=HOUR)
    pen.span(0, "available", HOUR, 2 * HOUR)
    pen.span(0, "overtime", 2 * HOUR, 3 * HOUR)
    assert told(pen, desk())[-3:] == [
        "02:00:00  desk/1 has finished the shift, not the work (until 03:00:00)",
        "02:00:00  issue 0: desk/1 puts it down, 5 min of work left",
        "02:00:00  issue 0: is cut off after 1 h",
    ]
