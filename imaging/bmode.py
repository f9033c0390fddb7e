"""The B-mode picture alone, in grey, at the resolution at which anatomy is looked for.

A 1080p screen has more pixels than a probe of 10 to 18 MHz resolves: what is finer than `WORKING_MM` is speckle. Where the
scale is known a working pixel is a square of millimetres, whatever the screen's pixels are; where not, of screen pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.errors import CannotTell
from imaging.interval import Unit
from imaging.pictures import Bgr

Floats = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]
Box = tuple[int, int, int, int]


WORKING_MM = 0.06
"""Size of a working pixel where the scale is known, mm: about half of what an 18 MHz probe resolves along the beam."""
GUESSED_DEPTH_MM = 20.0
"""Depth that a picture without a scale is taken to show when windows are chosen; no result is told in it. Aesthetic scans
show 10 to 30 mm (clinical.md 1.8)."""
MOST_PIXELS = 700 * 500
COLOURED = 36
"""Largest less smallest channel from which a pixel is colour, not grey tinted by chroma subsampling (0 to 255)."""


@dataclass(frozen=True, slots=True)
class BMode:
    """One B-mode picture at working resolution.

    `grey`: (rows, columns), 0 to 255. `valid`: uint8, 1 inside the picture. `coloured`: uint8, 1 where colour covers the
    grey (flow, overlays). `nominal_mm`: size of a working pixel in mm, guessed where `unit` is "px". `unit_per_pixel`: what
    a length of one working pixel is in `unit` (mm, or screen pixels across and down averaged).
    """

    grey: Floats = field(repr=False)
    valid: npt.NDArray[np.uint8] = field(repr=False)
    coloured: npt.NDArray[np.uint8] = field(repr=False)
    box: Box
    step: tuple[float, float]
    nominal_mm: float
    unit: Unit
    unit_per_pixel: float

    def to_screen(self, points: npt.ArrayLike) -> Points:
        """Working points (n, 2) [column, row] as the screen's."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        return (p + 0.5) * self.step - 0.5 + (self.box[0], self.box[1])

    def from_screen(self, points: npt.ArrayLike) -> Points:
        """Screen points (n, 2) [column, row] as working ones."""
        p = np.asarray(points, np.float64).reshape(-1, 2)
        return (p - (self.box[0], self.box[1]) + 0.5) / self.step - 0.5

    def mask_from_screen(self, mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """A mask (h, w) of the whole screen, cut and scaled to the working picture; 1 where half or more is set."""
        x0, y0, x1, y1 = self.box
        part = (mask[y0:y1, x0:x1] > 0).astype(np.float32)
        rows, columns = self.grey.shape
        return np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA) >= 0.5, np.uint8)

    def pixels(self, nominal_mm: float) -> float:
        """How many working pixels `nominal_mm` are: for windows and limits, never for results."""
        return nominal_mm / self.nominal_mm


def b_mode(
    bgr: Bgr,
    box: Box | None = None,
    mm_per_pixel: tuple[float, float] | None = None,
    mask: npt.NDArray[np.uint8] | None = None,
) -> BMode:
    """Cut `box` ([x0, y0, x1, y1], exclusive; the whole picture by default) out of `bgr` and scale it.

    `mm_per_pixel` is [x, y] of the screen's pixels; `mask` (h, w) is 1 inside the ultrasound picture (convex, sector).
    Raises CannotTell where the box holds no picture.
    """
    height, width = bgr.shape[:2]
    x0, y0, x1, y1 = box if box is not None else (0, 0, width, height)
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
    if x1 - x0 < 32 or y1 - y0 < 32:
        raise CannotTell("The picture of the tissue is smaller than 32 pixels: choose its region.")
    part = bgr[y0:y1, x0:x1]
    if mm_per_pixel is not None:
        mm_x, mm_y = mm_per_pixel
        working = max(WORKING_MM, mm_x, mm_y)
        working = max(working, float(np.sqrt((x1 - x0) * mm_x * (y1 - y0) * mm_y / MOST_PIXELS)))
        columns, rows = max(16, round((x1 - x0) * mm_x / working)), max(16, round((y1 - y0) * mm_y / working))
        nominal = working
    else:
        shrink = min(1.0, float(np.sqrt(MOST_PIXELS / ((x1 - x0) * (y1 - y0)))))
        shrink = min(shrink, GUESSED_DEPTH_MM / WORKING_MM / (y1 - y0))
        columns, rows = max(16, round((x1 - x0) * shrink)), max(16, round((y1 - y0) * shrink))
        nominal = GUESSED_DEPTH_MM / rows
    step = ((x1 - x0) / columns, (y1 - y0) / rows)
    # The extremes are taken at full size: averaging first would mix colour and grey at the rim of flow.
    most, least = part.max(axis=2), part.min(axis=2)
    colour = (most - least > COLOURED).astype(np.uint8)
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32)
    small_colour = (cv2.resize(colour * 255, (columns, rows), interpolation=cv2.INTER_AREA) > 96).astype(np.uint8)
    valid = np.ones((rows, columns), np.uint8)
    if mask is not None:
        inside = np.where(mask[y0:y1, x0:x1] > 0, 255, 0).astype(np.uint8)
        valid = (cv2.resize(inside, (columns, rows), interpolation=cv2.INTER_AREA) > 127).astype(np.uint8)
    return BMode(
        small,
        valid,
        small_colour,
        (x0, y0, x1, y1),
        step,
        nominal,
        "mm" if mm_per_pixel is not None else "px",
        nominal if mm_per_pixel is not None else float(np.sqrt(step[0] * step[1])),
    )
