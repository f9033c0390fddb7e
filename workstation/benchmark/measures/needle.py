"""The tip of a needle or cannula."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

from workstation.benchmark.case import Case, Observed, Truth, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

if TYPE_CHECKING:
    from imaging.bmode import BMode
    from imaging.layers.skin import SkinLine

NAME: Final = "needle"
_NEAR: Final = Goal("tip: within 0.5 mm, of the frames in which it is visible", "share", least=0.95)
_NONE: Final = Goal("tip: none claimed, of the frames in which there is none", "share", least=0.98)
_HELD: Final = Goal("tip: the 95 % circle holds the truth", "share", least=0.93, most=0.97)
GOALS: Final = (_NEAR, _NONE, _HELD)
_INJECTIONS: Final = ("injection-ha", "injection-caha", "blind-tip")


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """Two seconds with an instrument, or one without."""
    with_one = rng.random() < 0.6
    return draw_case(
        rng, _INJECTIONS if with_one else named("-b"), fps=10.0, seconds=3.0 if with_one else 1.0, open_only=open_only
    )


def observe(case: Case) -> Iterable[Observed]:
    """The whole clip, as `sonofill needle` takes it. A tip that is visible and not told counts as not within 0.5 mm."""
    from imaging import CannotTell
    from imaging.layers import skin_line
    from imaging.needle import follow_needle
    from workstation.benchmark.pictures import b_mode_of

    clip: list[tuple[BMode | None, SkinLine | None]] = []
    truths: list[Truth] = []
    for picture, truth in case.frames():
        b = b_mode_of(picture, truth)
        try:
            skin = skin_line(b)
        except CannotTell:
            skin = None
        clip.append((b, skin))
        truths.append(truth)
    for found, truth in zip(follow_needle(clip), truths, strict=True):
        tip = found.tip if found is not None else None
        true = truth["needle"]
        if true is None or not true["tip_visible"]:
            yield _NONE.what, float(tip is None)
            continue
        if tip is None:
            yield _NEAR.what, 0.0
            continue
        x, y = truth["mm_per_pixel"]
        apart_mm = math.hypot((tip[0] - true["tip"][0]) * x, (tip[1] - true["tip"][1]) * y)
        yield _NEAR.what, float(apart_mm <= 0.5)
        if found is not None and found.tip_unsure is not None:
            yield _HELD.what, float(apart_mm <= found.tip_unsure)
