"""Speeds, resistance and heart rate from a spectral trace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "spectrum"
_PSV: Final = Goal("spectrum: peak systolic velocity within 5 %", "share", least=0.95)
_EDV: Final = Goal("spectrum: end diastolic velocity within 5 %", "share", least=0.95)
_RATE: Final = Goal("spectrum: heart rate within 2/min", "share", least=0.95)
_HELD: Final = Goal("spectrum: the 95 % interval of the peak velocity holds the truth", "share", least=0.93, most=0.97)
_REFUSED: Final = Goal("spectrum: refused (told, no goal)", "share", most=1.0)
GOALS: Final = (_PSV, _EDV, _RATE, _HELD, _REFUSED)


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """The last frame of a trace that has run for a while."""
    return draw_case(rng, named("-spectral"), fps=5.0, seconds=4.0, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """What the last frame tells."""
    from imaging import CannotTell
    from imaging.spectrum import measure_spectrum
    from imaging.text import TextReader

    frames = list(case.frames())
    picture, truth = frames[-1]
    true = truth["spectrum"]
    if true is None:
        return
    try:
        read = measure_spectrum(picture, TextReader())
    except CannotTell:
        yield _REFUSED.what, 1.0
        return
    yield _REFUSED.what, 0.0
    peak, end, rate = (
        read.peak_systolic_velocity_cm_s,
        read.end_diastolic_velocity_cm_s,
        read.heart_rate_per_min,
    )
    if peak is not None:
        psv = abs(true["psv_cm_s"])
        yield _PSV.what, float(abs(peak.value / psv - 1) <= 0.05)
        yield _HELD.what, float(peak.ci95[0] <= psv <= peak.ci95[1])
    if end is not None and abs(true["edv_cm_s"]) > 0:
        yield _EDV.what, float(abs(end.value / abs(true["edv_cm_s"]) - 1) <= 0.05)
    if rate is not None:
        yield _RATE.what, float(abs(rate.value - true["heart_rate_per_min"]) <= 2)
