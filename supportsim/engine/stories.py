"""Stories on SimPy's clock: generators that yield moments, and the moments they yield.

A story told by `Clock.tell` does what `simpy.Process` does for what our model needs, with half the events: it
begins at a moment instead of at an initialisation of its own, and its end is no event, because nobody waits for
it.  A `Moment` is what `simpy.Timeout` is, less what nobody asks it: it cannot fail, and one story at most waits
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

from simpy import Environment

from supportsim.scenario.ticks import NEVER

GoOn = Callable[[Any], "Moment | None"]


class Moment:
    """An appointment at (tick, order); the story that waits for it goes on with its value.

    At NEVER nobody keeps it unless it is moved.
    """

    __slots__ = ("story", "value")

    def __init__(self, clock: Clock, tick: int, order: int, value: int | None = None) -> None:
        self.story: GoOn | None = None
        self.value = value
        if tick < NEVER:
            assert tick >= clock.now, "SimPy would go back in time without a word"
            heappush(clock.appointments, (tick, order, next(clock.numbers), self))

    def instead_of(self, other: Moment) -> Moment:
        """Whoever waits for `other` waits for this moment."""
        self.story, other.story = other.story, None
        return self


Telling = Generator[Moment, Any, None]


class Clock(Environment):
    """SimPy's environment on whole ticks, for moments and stories."""

    now: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = 0  # an attribute: it is asked for at every step of every story
        self.appointments: list[Any] = self._queue
        self.numbers = self._eid

    def tell(self, telling: Telling, tick: int, order: int) -> Moment:
        """A story begins at (tick, order), the moment returned."""
        begin = Moment(self, tick, order)
        begin.story = telling.send
        return begin

    def remind(self, act: Callable[[Any], None], value: int, tick: int, order: int) -> None:
        """Something short happens at (tick, order): `act` is called with the value."""
        Moment(self, tick, order, value).story = act

    def sooner(self, moment: Moment, ticks: int) -> None:
        """The appointment comes so many ticks from now, before anything else of that tick."""
        heappush(self.appointments, (self.now + ticks, 0, next(self.numbers), moment))

    def run_to(self, end: Moment) -> int:
        """What `run(until=end)` does for moments.  Returns the tick."""
        appointments = self.appointments
        while True:
            self.now, _, _, moment = heappop(appointments)
            if moment is end:
                return self.now
            go_on = moment.story
            if go_on is not None:
                try:
                    following = go_on(moment.value)
                except StopIteration:
                    continue
                if following is not None:
                    following.story = go_on
