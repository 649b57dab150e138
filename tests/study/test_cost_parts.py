"""What makes an option cheaper at the same paid hours: three callers, one agent, a price for each broken promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from study.test_compare import CALLS, at, by_hand
from supportsim.show.report.brief import brief
from supportsim.study import cost_parts
from supportsim.study.compare import compare
from supportsim.study.verdicts import costs

__all__ = ["by_hand"]
FINED = "{of: phone, answer: 60 s, share: 80%, judged: daily, penalty: 15/breach, credit: 7/period}"


def test_pay_stays_and_penalties_fall_by_hand(by_hand: Path) -> None:
    """At four minutes each two of three wait too long: 2 x 15 and a credit of 7; at half a minute nobody does."""
    slow = at(by_hand, "slow", promises__minute=FINED)
    (by_hand / "calls.csv").write_text(CALLS.replace(",4,", ",0.5,"))
    fast = at(by_hand, "fast", promises__minute=FINED)
    found = compare([slow, fast], replications=2, resize=False)
    assert cost_parts.parts(found) == ["pay", "penalties and credits"]
    assert [cost_parts.mean(found, option, "pay") for option in found.options] == [40, 40]  # 2 h at 20
    assert [cost_parts.mean(found, option, "penalties and credits") for option in found.options] == [37, 0]
    said = costs(found, found.others[0])
    assert said == "fast: of cost −37.0 EUR a run, pay is the same, penalties and credits −37.0 EUR (known to ± 0)."
    assert said in found.verdict()
    table = found.table.set_index(["option", "measure"])
    assert table.loc[("slow", "penalties"), "mean"] == 37
    assert table.loc[("fast", "penalties"), "difference"] == -37


def test_an_amount_that_moves_no_number_shown_is_not_told(by_hand: Path) -> None:
    """Pay of 40 is told to a tenth: five hundredths of a unit are told, four are not, and stand in the table."""
    base, small = (
        at(by_hand, name, promises__minute=FINED, teams__desk__wage=f"{wage}/h")
        for name, wage in (("base", "20"), ("small", "20.018"))
    )
    (by_hand / "calls.csv").write_text(CALLS.replace(",4,", ",0.5,"))
    fast, fine = (
        at(by_hand, name, promises__minute=FINED, teams__desk__wage=f"{wage}/h")
        for name, wage in (("fast", "20.018"), ("fine", "20.03"))
    )
    found = compare([base, fast, fine, small], replications=2, resize=False)
    assert "pay no difference to speak of, penalties and credits −37.0 EUR" in costs(found, found.others[0])
    assert "pay +0.060 EUR" in costs(found, found.others[1])
    differences = found.differences.set_index(["option", "selector", "measure"])["difference"]
    assert differences["fast", "all", "pay"] == pytest.approx(0.036)
    assert "Worse: cost (no difference to speak of)" in " ".join(found.verdict())


def test_money_of_one_contact_goes_by_itself_not_by_the_sum(by_hand: Path) -> None:
    """2 h at 75 are told in whole units, and 1.2 more of them; of three contacts 50.0 each, to a tenth, 0.4 more."""
    base, dear = (at(by_hand, name, teams__desk__wage=f"{wage}/h") for name, wage in (("base", "75"), ("dear", "75.6")))
    found = compare([base, dear], replications=2, metrics=["all.pay", "all.cost_per_contact"], resize=False)
    assert "pay +1.2 EUR a run (known to ± 0); cost_per_contact +0.400 EUR (known to ± 0)." in found.verdict()[1]


def test_a_report_names_what_gets_worse_by_nothing_to_speak_of(by_hand: Path) -> None:
    """Pay of 150 becomes 150.4: the same to whole units, but more by more than chance."""
    base = at(by_hand, "base", teams__desk__wage="75/h")
    (by_hand / "calls.csv").write_text(CALLS.replace(",4,", ",0.5,"))
    fast = at(by_hand, "fast", teams__desk__wage="75.2/h")
    found = compare([base, fast], replications=6, metrics=["all.pay"], resize=False)
    assert "Worse by more than chance: pay (no difference to speak of);" in " ".join(brief(found))


def test_without_a_price_for_promises_nothing_is_split(by_hand: Path) -> None:
    found = compare([at(by_hand, "a"), at(by_hand, "b", teams__desk__shifts__day__agents="2")], replications=2)
    assert cost_parts.parts(found) == []
    assert costs(found, found.others[0]) == ""
    assert "penalties" not in set(found.table["measure"])
