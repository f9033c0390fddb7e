"""Takes measures on fresh clips until the time is up, in as many processes as there are cores."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, cast

from workstation.benchmark.case import Case, Measure, Observed
from workstation.benchmark.figures import Row

MEASURES: Final = (
    "scale",
    "readouts",
    "flow",
    "kinds",
    "vessels",
    "spectrum",
    "layers",
    "needle",
    "tracking",
    "quality",
)
Progress = Callable[[float, float], None]
_UNKNOWN_COST_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The table, and the number from which all clips were drawn."""

    rows: tuple[Row, ...]
    drawn_from: int
    clips: int

    @property
    def ok(self) -> bool:
        """Whether every row holds."""
        return all(row.holds for row in self.rows)

    def to_json(self) -> dict[str, object]:
        """As the contract has it, with the number that draws the same clips again."""
        return {
            "rows": [row.to_json() for row in self.rows],
            "ok": self.ok,
            "drawn_from": self.drawn_from,
            "clips": self.clips,
            "note": "Simulated faces: not clinical figures.",
        }


@dataclass(frozen=True, slots=True)
class _Taken:
    name: str
    case: Case
    observed: tuple[Observed, ...]
    spent_s: float


def run_campaign(
    minutes: float,
    *,
    drawn_from: int | None = None,
    names: Sequence[str] = MEASURES,
    open_only: bool = False,
    on_progress: Progress = lambda _done, _all: None,
    on_miss: Callable[[str, Case], None] = lambda _what, _case: None,
) -> Outcome:
    """Draw and measure for `minutes`; each measure gets the same share of the time.

    `open_only` keeps to the seeds and styles that may be looked at while imaging is written. `drawn_from` draws the clips of
    an earlier run again (how many come depends on the machine). `on_miss` is told each clip on which something was wrong,
    with what it was.
    """
    began_from = secrets.randbelow(2**32) if drawn_from is None else drawn_from
    observed: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in names}
    spent_s = dict.fromkeys(names, 0.0)
    begun, finished = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    deadline = time.monotonic() + 60 * minutes
    workers = max(1, os.cpu_count() or 1)
    running: dict[Future[_Taken], tuple[str, float]] = {}  # with what it is expected to cost, s
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        while True:
            while len(running) < workers + 1 and time.monotonic() < deadline:
                # What is under way counts as much as its kind cost before, else one measure would fill every place.
                due_s = {n: spent_s[n] + sum(s for other, s in running.values() if other == n) for n in names}
                name = min(names, key=due_s.__getitem__)
                expected_s = spent_s[name] / finished[name] if finished[name] else _UNKNOWN_COST_S
                running[pool.submit(_take, name, began_from, begun[name], open_only)] = name, expected_s
                begun[name] += 1
            if not running:
                break
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                del running[future]
                result = future.result()
                finished[result.name] += 1
                spent_s[result.name] += result.spent_s
                goals = {goal.what: goal for goal in _measure(result.name).GOALS}
                for what, value in result.observed:
                    observed[result.name][what].append(value)
                    if goals[what].is_miss(value):
                        on_miss(what, result.case)
            on_progress(60 * minutes - max(0.0, deadline - time.monotonic()), 60 * minutes)
    rows = tuple(goal.row(observed[name][goal.what]) for name in names for goal in _measure(name).GOALS)
    return Outcome(rows, began_from, sum(finished.values()))


def _measure(name: str) -> Measure:
    return cast(Measure, importlib.import_module(f"workstation.benchmark.measures.{name}"))


def _take(name: str, drawn_from: int, number: int, open_only: bool) -> _Taken:
    """In a process of its own: draw the clip with this number of this measure, and observe it."""
    import numpy as np

    from devices.cv import cv2

    cv2.setNumThreads(1)
    measure = _measure(name)
    case = measure.draw(np.random.default_rng([drawn_from, *name.encode(), number]), open_only=open_only)
    before_s = time.process_time()
    observed = tuple(measure.observe(case))
    return _Taken(name, case, observed, time.process_time() - before_s)
