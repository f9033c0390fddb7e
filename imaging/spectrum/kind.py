"""Artery, vein or unknown, from the outline of a trace, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from imaging.spectrum.beats import Floats, Rhythm

#: Pulsatility (peak less end over mean) from which a trace is an artery's, and variation up to which it is a vein's.
_PULSATILE: Final = 0.5
_STEADY: Final = 0.35
_LONG_ENOUGH_S: Final = 2.0
_ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` with its reason in a sentence."""

    name: Literal["artery", "vein", "unknown"]
    reason: str


def kind_of(outline: Floats, rhythm: Rhythm | None, s_per_pixel: float | None, columns: int, both: bool) -> Kind:
    """What a trace speaks for. `outline` heights in pixels; `columns` of trace seen; `both`: flow on both sides.

    Pulsatile and regular at a heart's rate: artery. Steady over two seconds and more: vein. A vein near the heart pulses,
    an artery beyond a narrowing hardly does: so what lies between is unknown, and a known answer is no proof.
    """
    seconds = columns * s_per_pixel if s_per_pixel is not None else None
    mean = float(np.mean(outline))
    if mean <= 0:
        return Kind("unknown", "There is no flow on the trace.")
    if both:
        return Kind("unknown", "Flow in both directions: one vessel or two cannot be told.")
    if rhythm is not None and rhythm.beats:
        peak = float(np.mean([beat.peak_px for beat in rhythm.beats]))
        end = float(np.mean([beat.end_px for beat in rhythm.beats]))
        pulsatility = (peak - end) / mean
        if rhythm.alike >= _ALIKE and pulsatility >= _PULSATILE:
            index = 1 - end / peak
            return Kind("artery", f"Regular pulses over {len(rhythm.beats)} whole beats, resistance index {index:.2f}.")
        return Kind("unknown", f"Weak or irregular pulses (pulsatility {pulsatility:.2f}).")
    spread = float(np.percentile(outline, 95) - np.percentile(outline, 5)) / mean
    if seconds is None:
        return Kind("unknown", "No pulses are seen, and without a time scale the trace may be too short for one.")
    if seconds < _LONG_ENOUGH_S:
        return Kind("unknown", f"No whole beat is seen in {seconds:.1f} s: too short to tell.")
    if spread <= _STEADY:
        return Kind("vein", f"Steady flow without pulses over {seconds:.1f} s.")
    return Kind("unknown", f"Flow that varies without a regular pulse over {seconds:.1f} s.")
