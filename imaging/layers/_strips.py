"""The picture as narrow strips, side by side: one column each, so that speckle is averaged across and paths are quick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode

Floats = npt.NDArray[np.float32]

STRIP_MM = 0.35
"""Width of a strip, mm: about two lateral resolutions."""


@dataclass(frozen=True, slots=True)
class Strips:
    """`grey` (rows, strips): mean grey of what is valid; `known` (rows, strips): part of it that is; `width` of a strip, px;
    `px_per_mm` down a column; `noise`: standard deviation of `grey` where tissue is even (speckle), grey levels."""

    grey: Floats
    known: Floats
    width: float
    px_per_mm: float
    noise: float

    @property
    def middles(self) -> npt.NDArray[np.float64]:
        """Columns of the strips' middles, working px."""
        return np.asarray((np.arange(self.grey.shape[1]) + 0.5) * self.width - 0.5, np.float64)


def strips(picture: BMode) -> Strips:
    """`picture` in strips of `STRIP_MM`; colour and what lies outside of the picture is left out."""
    rows, columns = picture.grey.shape
    count = int(np.clip(round(columns / picture.pixels(STRIP_MM)), 12, 160))
    clear = (picture.valid & (1 - picture.coloured)).astype(np.float32)
    known = cv2.resize(clear, (count, rows), interpolation=cv2.INTER_AREA)
    grey = cv2.resize(picture.grey * clear, (count, rows), interpolation=cv2.INTER_AREA) / np.maximum(known, 1e-3)
    # What is covered takes the value of its row's neighbours: neither an edge nor a line.
    blurred = cv2.GaussianBlur(grey * known, (0, 0), sigmaX=6, sigmaY=1) / np.maximum(
        cv2.GaussianBlur(known, (0, 0), sigmaX=6, sigmaY=1), 1e-3
    )
    grey = np.where(known > 0.3, grey, blurred).astype(np.float32)
    difference = np.abs(np.diff(grey, axis=1))[:, 1:]
    dark = grey[:, 2:] > 8
    noise = 1.05 * float(np.median(difference[dark])) if dark.any() else 5.0
    return Strips(grey, known.astype(np.float32), columns / count, 1 / picture.nominal_mm, max(2.0, noise))


def mean_over(grey: Floats, start: int, stop: int, fill: float) -> Floats:
    """Mean of rows r+start to r+stop-1 for each row r of `grey` (rows, strips); rows beyond its ends count as `fill`."""
    rows = grey.shape[0]
    pad = max(abs(start), abs(stop)) + 1
    sums = np.cumsum(np.pad(grey, ((pad + 1, pad), (0, 0)), constant_values=fill), axis=0, dtype=np.float64)
    at = np.arange(rows) + pad
    return np.asarray((sums[at + stop] - sums[at + start]) / (stop - start), np.float32)
