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
        "01:15:00  issue 0: desk/1 takes it after a wait of 5 min",
        "01:15:00  issue 1: the phone contact is over, solved",
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
