"""Who wants to be told how far a play in this process is: long plays are watched, short ones are over first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

Listener = Callable[[float], None]
_listeners: list[Listener] = []


@contextmanager
def watched(listener: Listener) -> Iterator[None]:
    """Meanwhile `listener` is told now and then which share of simulated time, 0 to 1, a play is through."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(share: float) -> None:
    """A play is so far; costs nothing while nobody listens.  Of several at once, in threads, none tells."""
    if _listeners and current_thread() is main_thread():
        for listener in _listeners:
            listener(share)
