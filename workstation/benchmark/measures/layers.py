"""Boundaries of layers on B-mode pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "layers"
_ERROR: Final = Goal("layers: mean boundary error", "mean", most=0.3, unit=" mm")
_HELD: Final = Goal("layers: the 95 % interval of a boundary holds the truth", "share", least=0.93, most=0.97)
GOALS: Final = (_ERROR, _HELD)
_COLUMNS: Final = 40


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """One frame in B-mode of any region."""
    return draw_case(rng, named("-b"), fps=20.0, seconds=0.05, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """Each boundary that is named, against the true one of that name; a name that is not there counts 5 mm."""
    from imaging import CannotTell
    from imaging.layers import find_layers
    from workstation.benchmark.pictures import b_mode_of, rows_at

    picture, truth = next(case.frames())
    try:
        found = find_layers(b_mode_of(picture, truth), case.scenario.split("-")[1])
    except CannotTell:
        return
    mm = truth["mm_per_pixel"][1]
    region = truth["region"]
    margin = 0.04 * (region["x1"] - region["x0"])
    columns = np.linspace(region["x0"] + margin, region["x1"] - margin, _COLUMNS)
    true = {layer["id"]: layer["points"] for layer in truth["layers"]}
    for layer in found.layers:
        if layer.id not in true:
            yield _ERROR.what, 5.0
            continue
        apart = (rows_at(layer.points, columns) - rows_at(true[layer.id], columns)) * mm
        apart = apart[~np.isnan(apart)]
        if apart.size:
            yield _ERROR.what, float(np.abs(apart).mean())
            yield _HELD.what, float(abs(np.median(apart)) <= layer.unsure)
