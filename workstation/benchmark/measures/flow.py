"""Where colour and power Doppler show flow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "flow"
_DICE: Final = Goal("flow: Dice of the flow seen and the flow shown", "mean", least=0.90)
_NOTHING: Final = Goal("flow: claimed on a picture without Doppler", "share", most=0.0)
GOALS: Final = (_DICE, _NOTHING)


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """A third of a second; one in five without Doppler."""
    scenarios = named("-b") if rng.random() < 0.2 else named("-colour", "-power")
    return draw_case(rng, scenarios, fps=18.0, seconds=0.34, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """The first frame, and the others with the layout that the first had."""
    from imaging.flow import FlowWatch
    from imaging.text import TextReader

    watch = FlowWatch(TextReader())
    for picture, truth in case.frames():
        seen = watch.look(picture)
        if truth["doppler"]["kind"] == "none":
            yield _NOTHING.what, float(seen.layout is not None)
            return
        shown = truth["doppler"]["mask"] > 0
        found = np.zeros(shown.shape, bool)
        if seen.layout is not None:
            x0, y0, x1, y1 = seen.layout.area
            found[y0:y1, x0:x1] = seen.flow > 0
        total = int(shown.sum()) + int(found.sum())
        if total >= 60:  # below that, one pixel more or less decides
            yield _DICE.what, 2 * int((shown & found).sum()) / total
