"""Stories on SimPy's clock: generators that yield moments, and the moments they yield.

A `Story` does what `simpy.Process` does for what our model needs, with half the events: it begins at a moment
instead of at an initialisation of its own, and its end is no event, because nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any

from simpy import Environment
from simpy.events import Event

from supportsim.scenario.ticks import NEVER

Telling = Generator[Event, Any, None]


class Moment(Event):
    """An appointment on a `Clock`; whoever waits for it is woken with its value."""

    def __init__(self, env: Environment, value: int | None) -> None:
        self.env = env
        self.callbacks = []
        self._ok, self._value = True, value

    def instead_of(self, other: Event) -> None:
        """Whoever waits for `other` waits for this moment."""
        self.callbacks, other.callbacks = other.callbacks, []


class Clock(Environment):
    """SimPy's environment on whole ticks, with appointments in the order of (tick, order, made first)."""

    def __init__(self) -> None:
        super().__init__()
        self._appointments: list[Any] = self._queue

    def at(self, tick: int, order: int, value: int | None = None) -> Moment:
        """An appointment; at NEVER nobody keeps it unless it is moved."""
        moment = Moment(self, value)
        if tick < NEVER:
            assert tick >= self._now, "SimPy would go back in time without a word"
            heappush(self._appointments, (tick, order, next(self._eid), moment))
        return moment

    def sooner(self, moment: Moment, ticks: int) -> None:
        """The appointment comes so many ticks from now, before anything else of that tick."""
        heappush(self._appointments, (self._now + ticks, 0, next(self._eid), moment))


class Story:
    """Tells a generator from the moment `begins` on; each moment it yields wakes it with its value."""

    __slots__ = ("_go_on",)

    def __init__(self, telling: Telling, begins: Moment) -> None:
        self._go_on = telling.send
        begins.callbacks.append(self)

    def __call__(self, moment: Event) -> None:
        try:
            self._go_on(moment._value).callbacks.append(self)
        except StopIteration:
            return
