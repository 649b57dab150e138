"""Stories on SimPy's clock: generators that yield moments, and the moments they yield.

A `Story` does what `simpy.Process` does for what our model needs, with half the events: it begins at a moment
instead of at an initialisation of its own, and its end is no event, because nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment
from simpy.events import Event

from supportsim.scenario.ticks import NEVER

Telling = Generator[Event, Any, None]


class Clock(Environment):
    """SimPy's environment on whole ticks, for moments: none of them can fail."""

    def __init__(self) -> None:
        super().__init__()
        self.appointments: list[Any] = self._queue
        self.numbers = self._eid

    def sooner(self, moment: Moment, ticks: int) -> None:
        """The appointment comes so many ticks from now, before anything else of that tick."""
        heappush(self.appointments, (self._now + ticks, 0, next(self.numbers), moment))

    def run_to(self, end: Moment) -> int:
        """What `run(until=end)` does, without asking after every event whether it failed.  Returns the tick."""
        appointments = self.appointments
        while True:
            self._now, _, _, moment = heappop(appointments)
            if moment is end:
                return int(self._now)
            callbacks, moment.callbacks = moment.callbacks, None
            for callback in callbacks:
                callback(moment)


class Moment(Event):
    """An appointment at (tick, order); whoever waits for it is woken with its value.

    At NEVER nobody keeps it unless it is moved.
    """

    _ok = True

    def __init__(self, clock: Clock, tick: int, order: int, value: int | None = None) -> None:
        self.callbacks = []
        self._value = value
        if tick < NEVER:
            assert tick >= clock._now, "SimPy would go back in time without a word"
            heappush(clock.appointments, (tick, order, next(clock.numbers), self))

    def instead_of(self, other: Event) -> None:
        """Whoever waits for `other` waits for this moment."""
        self.callbacks, other.callbacks = other.callbacks, []


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
