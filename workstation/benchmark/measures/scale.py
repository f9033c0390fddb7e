"""Millimetres per pixel from a screen that was never seen before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, Truth, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "scale"
_FINE: Final = Goal("scale: error at most 0.5 %", "share", least=0.99)
_WRONG: Final = Goal("scale: wrong by more than 2 %", "share", most=0.0)
_REFUSED: Final = Goal("scale: refused though a ruler is there", "share", most=0.02)
_HELD: Final = Goal("scale: the 95 % interval holds the truth", "share", least=0.93, most=0.97)
GOALS: Final = (_FINE, _WRONG, _REFUSED, _HELD)


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """One frame of any mapping on any screen."""
    return draw_case(rng, named("-b", "-colour", "-power", "-spectral"), fps=20.0, seconds=0.05, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """The scale of the first frame."""
    from imaging import CannotTell
    from imaging.scale import read_scale

    picture, truth = next(case.frames())
    try:
        reading = read_scale(picture)
    except CannotTell:
        if _tells(truth):
            yield _REFUSED.what, 1.0
        return
    if _tells(truth):
        yield _REFUSED.what, 0.0
    x, y = truth["mm_per_pixel"]
    worst = abs(reading.scale.mm_per_pixel_y / y - 1)
    # Without a ruler across no one can tell whether pixels are square, and the reading says that it takes them to be. Where
    # the truth says that one is drawn (`ruler_across`), one that was missed counts as well.
    drawn = truth.get("ruler_across")
    if (drawn is not None and len(drawn["points"]) > 2) or any(
        piece.kind == "ruler-across" and piece.agrees for piece in reading.evidence
    ):
        worst = max(worst, abs(reading.scale.mm_per_pixel_x / x - 1))
    yield _FINE.what, float(worst <= 0.005)
    yield _WRONG.what, float(worst > 0.02)
    yield _HELD.what, float(abs(reading.scale.mm_per_pixel_y - y) <= reading.half_y)


def _tells(truth: Truth) -> bool:
    """Whether a person could tell the scale: there is a ruler of more than two marks."""
    ruler = truth.get("ruler")
    return ruler is not None and len(ruler["points"]) > 2
