"""The edges of time: the horizon, the run-out, the warm-up."""

from __future__ import annotations

from storybook import told

ANN = """
channels: {phone: {kind: live, handle_time: 5 min, RULES}}
teams: {ann: {serves: [phone], agents: 1}}
"""
PLAIN = ANN.replace(", RULES", "")
REDIAL = ANN.replace("RULES", "after: {abandoned: {again: 100%, delay: 15 min}}")


def test_nothing_happens_at_the_tick_of_the_horizon() -> None:
    story = told(PLAIN, "who at handle wrap patience\na 50 10\nb 55 1 . 5\nc 60 1")
    assert story.log == ["a at 50: ann 50-", "b at 55: waits"]
    assert story.ends == {"a": "open", "b": "open"}
    assert story.end == "60"
    assert story.day("ann") == ["available 0-60"]


def test_what_ends_a_tick_before_the_horizon_has_happened() -> None:
    story = told(PLAIN, "who at handle\na 0 3599999999", time="us", unit=1)
    assert story.log == ["a at 0: ann 0-3599999999, solved"]


def test_a_wrap_up_that_goes_on_at_the_horizon_stays_open_but_the_customer_has_left() -> None:
    story = told(PLAIN, "who at handle wrap\na 50 15 8")
    assert story.log == ["a at 50: ann 50-57 wrap on, solved"]
    assert story.ends == {"a": "solved 57"}


def test_spans_of_the_roster_that_go_on_at_the_horizon_end_there() -> None:
    story = told(
        """
channels: {phone: {kind: live, handle_time: 5 min}}
teams:
  desk:
    serves: [phone]
    shifts:
      ann: {days: mon, hours: 00:00-02:00, agents: 1, breaks: [30 min unpaid at 00:50]}
      bob: {days: mon, hours: 00:00-00:50, agents: 1}
      cat: {days: mon, hours: 01:00-02:00, agents: 1}
""",
        "who at handle\na 0 1\nb 40 30",
    )
    assert story.log == ["a at 0: ann 0-1, solved", "b at 40: bob 40-"]
    assert story.day("ann") == ["available 0-50", "break 50-60"]
    assert story.day("bob") == ["available 0-50", "overtime 50-60"]
    assert story.day("cat") == []


def test_the_run_out_goes_on_with_demand_unless_it_stops() -> None:
    rows = "who at handle wrap patience\na 45 30\nb 50 1 . 5\nc 65 1\nd 110 60\ne 120 1"
    story = told(REDIAL + "run_out: 60 min", rows)
    assert story.log == [
        "a at 45: ann 45-75, solved",
        "b at 50: abandoned 55",
        "c at 65: ann 75-76, solved",
        "b redials at 70: ann 76-77, solved",
        "d at 110: ann 110-",
    ]
    assert story.end == "120"


def test_a_run_out_without_demand_cuts_repeats_that_are_due_in_it() -> None:
    rows = "who at handle wrap patience\na 45 30\nb 50 1 . 5\nc 60 1"
    story = told(REDIAL + "run_out: 60 min, demand stops", rows)
    assert story.log == ["a at 45: ann 45-75, solved", "b at 50: abandoned 55"]
    assert story.ends["b"].startswith("cut ")
    assert list(story.ends) == ["a", "b"]


def test_a_repeat_due_a_tick_before_the_run_out_is_not_cut() -> None:
    minute = 60_000_000
    at = "who at handle wrap patience\n"
    kept = at + f"a {40 * minute} {40 * minute}\nb {43 * minute} {minute} . {2 * minute - 1}"
    cut = at + f"a {40 * minute} {40 * minute}\nb {43 * minute} {minute} . {2 * minute}"
    story = told(REDIAL + "run_out: 60 min, demand stops", kept, time="us")
    assert len(story.contacts("b")) == 2
    story = told(REDIAL + "run_out: 60 min, demand stops", cut, time="us")
    assert len(story.contacts("b")) == 1  # due at 60, the first tick of the run-out
    assert story.ends["b"].startswith("cut ")


def test_until_empty_ends_a_tick_after_the_last_counted_work() -> None:
    story = told(PLAIN + "run_out: until empty, at most 1 day", "who at handle wrap\na 55 20 5\nb 70 3\nc 76 3")
    assert story.log == ["a at 55: ann 55-70 wrap 75, solved", "b at 70: ann 75-"]
    assert story.end == "75+1 us"


def test_until_empty_waits_for_redials_of_counted_issues() -> None:
    story = told(
        REDIAL + "run_out: until empty, at most 1 day",
        "who at handle wrap patience\na 50 8\nb 52 4 . 3\nc 69 3",
    )
    assert story.log == [
        "a at 50: ann 50-58, solved",
        "b at 52: abandoned 55",
        "c at 69: ann 69-72, solved",  # not counted, but in the way
        "b redials at 70: ann 72-76, solved",
    ]
    assert story.end == "76+1 us"


def test_until_empty_has_a_maximum() -> None:
    story = told(PLAIN + "run_out: until empty, at most 10 min", "who at handle\na 55 20\nb 56 5")
    assert story.log == ["a at 55: ann 55-", "b at 56: waits"]
    assert story.end == "70"


def test_until_empty_never_ends_before_the_counted_time() -> None:
    story = told(PLAIN + "run_out: until empty, at most 1 day", "who at handle\na 5 20")
    assert story.end == "60"


def test_the_warm_up_is_played_before_the_start() -> None:
    story = told(PLAIN + "warm_up: 60 min", "who at handle\na -70 1\nb -10 15\nc 2 5")
    # play begins at 23:00 of the day before: a waited already, 10 minutes by then
    assert story.log == ["a at -10: ann 0-1, solved", "b at 50: ann 50-65, solved", "c at 62: ann 65-70, solved"]
    assert story.end == "120"
