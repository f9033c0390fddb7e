"""What one still picture tells of its quality: gain, contact, depth.

Measured on the ultrasound region at reduced size, so that speckle is averaged. The limits are plain counts of black and
white, chosen on real screens and on drawn ones, not on a maker's grey map; so each hint says how sure it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Name = Literal["gain-high", "gain-low", "contact-loss", "depth-wasted", "motion"]
Grey = npt.NDArray[np.uint8]

_WHITE: Final = 240
_BLACK: Final = 14
_TOO_WHITE: Final = 0.12  #: part of the region that is white
_TOO_BLACK: Final = 0.80  #: part of the region's upper half that is black
_LOST: Final = 0.10  #: part of the face's width that is dark from the surface on
_WASTED: Final = 0.35  #: part of the depth below the last echo


@dataclass(frozen=True, slots=True)
class Hint:
    """`measure` is a part (0 to 1) of what the sentence speaks of, or pixels a frame for motion; `confidence` 0.5 to 1
    grows with the distance from the limit: it orders hints and is no probability."""

    name: Name
    measure: float
    confidence: float
    sentence: str


def still_hints(grey: Grey, inside: npt.NDArray[np.bool_], mm_per_row: float | None = None) -> list[Hint]:
    """The hints of one picture. `grey` (rows, columns) of the region's box, averaged down to some hundred columns;
    `inside` the same shape, True within the picture's outline; `mm_per_row` of this reduced picture where it is known."""
    hints: list[Hint] = []
    if inside.sum() < 100:
        return hints
    white = float((grey[inside] >= _WHITE).mean())
    half = inside.copy()
    half[grey.shape[0] // 2 :] = False
    black = float((grey[half] <= _BLACK).mean()) if half.any() else 0.0
    if white > _TOO_WHITE:
        sentence = f"{white:.0%} of the picture is white: the gain may be too high."
        hints.append(Hint("gain-high", white, _sure(white, _TOO_WHITE), sentence))
    lost = contact_loss(grey, inside)
    if lost > _LOST:
        sentence = f"{lost:.0%} of the probe's width is dark from the surface on: contact or gel may be missing there."
        hints.append(Hint("contact-loss", lost, _sure(lost, _LOST), sentence))
    elif black > _TOO_BLACK:
        sentence = f"{black:.0%} of the upper half is black: the gain may be too low."
        hints.append(Hint("gain-low", black, _sure(black, _TOO_BLACK), sentence))
    wasted = wasted_depth(grey, inside)
    if wasted > _WASTED:
        rest = (1 - wasted) * grey.shape[0]
        where = (
            f"below {rest * mm_per_row:.0f} mm"
            if mm_per_row is not None
            else f"in the lowest {wasted:.0%} of the picture"
        )
        sentence = f"There are no echoes {where}: less depth would show more."
        hints.append(Hint("depth-wasted", wasted, _sure(wasted, _WASTED), sentence))
    return hints


def contact_loss(grey: Grey, inside: npt.NDArray[np.bool_]) -> float:
    """The part of the face's width whose columns are dark below the first band of reverberations: 0 to 1.

    A column is lost where its upper third, without the first tenth, has no echo (a bone's shadow begins deeper).
    """
    rows = grey.shape[0]
    stretch = slice(max(1, rows // 10), max(2, rows // 3))
    part, seen = grey[stretch].astype(np.float32), inside[stretch]
    counts = seen.sum(axis=0)
    used = counts >= 0.6 * part.shape[0]
    if used.sum() < 8:
        return 0.0
    means = np.where(seen, part, 0).sum(axis=0)[used] / counts[used]
    bright = float(np.percentile(means, 90))
    if bright < 25:
        return 0.0  # dark all over: that is gain, or nothing
    dark = means < max(8.0, 0.15 * bright)
    # A vessel or a hair makes a narrow gap; lost contact is wide.
    wide = np.convolve(dark, np.ones(5), "same") >= 4
    return float((dark & wide).mean())


def wasted_depth(grey: Grey, inside: npt.NDArray[np.bool_]) -> float:
    """The part of the region's height below the deepest row with echoes: 0 to 1.

    An echo differs from noise in that it is bright and wide: the 95th percentile of the row over its own deepest rows.
    """
    rows = grey.shape[0]
    levels = np.array(
        [float(np.percentile(grey[r][inside[r]], 95)) if inside[r].sum() > 4 else 0.0 for r in range(rows)]
    )
    smooth = np.convolve(np.pad(levels, 2, mode="edge"), np.ones(5) / 5, "valid")
    floor = float(np.percentile(smooth, 5))
    limit = floor + 0.2 * (float(np.percentile(smooth, 95)) - floor) + 6
    echoes = np.flatnonzero(smooth > limit)
    return 0.0 if not echoes.size else 1 - (int(echoes[-1]) + 1) / rows


def _sure(value: float, limit: float) -> float:
    return 1 / (1 + math.exp(-4 * (value - limit) / limit))
