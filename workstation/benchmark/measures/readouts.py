"""The settings that a screen prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from workstation.benchmark.case import Case, Observed, draw_case
from workstation.benchmark.figures import Goal
from workstation.benchmark.scenarios import named

NAME: Final = "readouts"
_RIGHT: Final = Goal("read-outs: right, of all that are printed", "share", least=0.99)
_INVENTED: Final = Goal("read-outs: a value that is not printed, or another than is printed", "share", most=0.0)
GOALS: Final = (_RIGHT, _INVENTED)
#: The numbers of the contract; names and presets are words, and words may be read in more than one way.
_KEYS: Final = (
    *("mechanical_index", "thermal_index_soft_tissue", "thermal_index_bone", "thermal_index_cranial", "depth_mm"),
    *("gain", "frequency_mhz", "frame_rate_hz", "dynamic_range_db"),
)


def draw(rng: np.random.Generator, *, open_only: bool) -> Case:
    """One frame of any mapping on any screen."""
    return draw_case(rng, named("-b", "-colour", "-power", "-spectral"), fps=20.0, seconds=0.05, open_only=open_only)


def observe(case: Case) -> Iterable[Observed]:
    """Each number that is printed, and each that was read."""
    from imaging.readout import ScreenReader

    picture, truth = next(case.frames())
    printed = {key: said["value"] for key, said in truth["readouts"].items() if key in _KEYS}
    read = {key: one.value for key, one in ScreenReader().read(picture).settings.items() if key in _KEYS}
    for key, value in printed.items():
        yield _RIGHT.what, float(key in read and _same(read[key], value))
    for key, got in read.items():
        yield _INVENTED.what, float(key not in printed or not _same(got, printed[key]))


def _same(read: object, printed: float) -> bool:
    return isinstance(read, (int, float)) and abs(read - printed) <= 1e-6 + 1e-4 * abs(printed)
