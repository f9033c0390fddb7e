"""Artery or vein, from how flow pulsates in a clip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, Truth, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "kinds"
_RIGHT: Final = Goal("flow: artery or vein right, where not 'unknown'", "share", least=0.95)
GOALS: Final = (_RIGHT,)


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """Three seconds of colour or power Doppler."""
    return draw_case(rng, named("-colour", "-power"), fps=20.0, seconds=3.0, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """Each vessel that was classified, against the true vessel whose lumen is within its bounds."""
    from imaging import Picture
    from imaging.flow import analyse
    from imaging.text import TextReader

    truths: list[Truth] = []

    def pictures() -> Iterable[Picture]:
        for number, (picture, truth) in enumerate(case.frames()):
            truths.append(truth)
            yield Picture(number, number / case.fps, picture)

    found = analyse(pictures(), case.fps, TextReader())
    for vessel in found.vessels:
        if vessel.kind == "unknown":
            continue
        kind = _true_kind(vessel.bounds, truths)
        if kind is not None:
            yield _RIGHT.what, float(vessel.kind == kind)


def _true_kind(bounds: tuple[int, int, int, int], truths: list[Truth]) -> str | None:
    """'artery' or 'vein' of the vessels whose middle is inside the bounds; None where there is none, or one of each."""
    x0, y0, x1, y1 = bounds
    kinds = {
        str(v["kind"])
        for truth in truths
        for v in truth["vessels"]
        if x0 <= v["centre"][0] < x1 and y0 <= v["centre"][1] < y1
    }
    return kinds.pop() if len(kinds) == 1 else None
