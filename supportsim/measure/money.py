"""What the roster and the channels cost, as stated in the scenario; no allocation to segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supportsim.measure.grid import Grid
from supportsim.measure.heads import people
from supportsim.measure.leave import with_leave
from supportsim.measure.selectors import cover
from supportsim.measure.spans import Ticks
from supportsim.measure.sums import Cube
from supportsim.scenario.model import Scenario
from supportsim.scenario.ticks import MONTH

Floats = NDArray[np.float64]


def pay(scenario: Scenario, hours: dict[str, Floats], grid: Grid) -> None:
    """Add leave (hours), pay, overtime pay and seats (currency) to the hours by team and day, in place.

    Paid hours are those on the roster less unpaid breaks; leave adds hours nobody works (`leave`).
    pay = wage * (paid + leave); overtime pay = wage * factor * overtime hours; seats = price * people on the
    roster * months.
    """
    leave = _column(scenario, [with_leave(team.leave) - 1 for team in scenario.teams])
    wage = _column(scenario, [team.wage_per_hour for team in scenario.teams])
    factor = _column(scenario, [team.overtime_factor for team in scenario.teams])
    seat = _column(scenario, [people(team) * team.seat_per_month for team in scenario.teams])
    months = np.diff(grid.day_edges) / MONTH
    hours["leave"] = hours["paid"] * leave
    hours["pay"] = (hours["paid"] + hours["leave"]) * wage
    hours["overtime_pay"] = hours["overtime"] * wage * factor
    hours["seats"] = seat * months


def _column(scenario: Scenario, values: list[float]) -> Floats:
    return np.array(values, dtype=np.float64).reshape(len(scenario.teams), 1)


def channel_costs(scenario: Scenario, cube: Cube, grid: Grid) -> dict[str, float]:
    """Per channel name, and `all`: price per contact that got through, and per month of counted time."""
    months = float(_length(grid.span)) / MONTH
    through = cube["contacts"] - cube["blocked"] - cube["turned_away"]
    costs = {
        c.name: c.cost_per_contact * float(through[cover(scenario, channel=c.name)].sum()) + c.cost_per_month * months
        for c in scenario.channels
    }
    return costs | {"all": sum(costs.values())}


def _length(span: Ticks) -> int:
    return int(span[1] - span[0])
