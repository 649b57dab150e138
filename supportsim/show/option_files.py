"""Figures of single options of a comparison, as files in the folder of each, drawn on several cores."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from supportsim.show.figures import FIGURES
from supportsim.show.net_figure import draw_net
from supportsim.show.promise_figure import draw_promises
from supportsim.show.waits_figure import draw_waits
from supportsim.study.result import Result

Draw = Callable[[Result, Path], list[Path]]
#: Drawn of every option: those that tell options apart. All that a run draws take ten seconds and more of each.
USUAL: tuple[Draw, ...] = (draw_promises, draw_net, draw_waits)
Task = tuple[Result, Path]


def write_all(tasks: Sequence[Task], every: bool = False, processes: int = 1) -> list[list[Path]]:
    """Draw into `figures` below the folder of each option; the files of each, the same whatever `processes` is."""
    some = min(processes, len(tasks))
    if some < 2:
        return [_write(task, every) for task in tasks]
    try:
        with ProcessPoolExecutor(some, get_context("spawn"), _begin) as pool:
            return list(pool.map(_write, tasks, [every] * len(tasks)))
    except BrokenProcessPool:  # a script without its guard, or too little memory: slower, but drawn
        return [_write(task, every) for task in tasks]


def _begin() -> None:
    """Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _write(task: Task, every: bool) -> list[Path]:
    result, folder = task
    target = folder / "figures"
    target.mkdir(parents=True, exist_ok=True)
    return [file for draw in (FIGURES if every else USUAL) for file in draw(result, target)]
