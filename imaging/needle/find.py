"""The needle or cannula in the plane: its shaft, its tip, how far the tip is from each vessel, or why it is not told.

A shaft is a straight bright line, thinner than tissue's lines are even, at an angle to the layers, that comes in from the
picture's rim or from the skin; over a clip it moves along itself while tissue does not. Fascia, bone and reverberations
under the skin are bright too: they follow the layers, bend, or stand still. The tip is told only where the shaft ends
sharply.
After Zhao et al., "Automatic needle detection and tracking in 3D ultrasound" (ROI-based RANSAC and Kalman, Med Phys 2013) for
the use of motion, and Ding and Fenster (Med Phys 2003;30:222) for the projection along lines.

Limits: a shaft out of the plane is not seen, and what is seen of an oblique one ends where it leaves the plane: that end
looks like a tip. A shaft parallel to the layers is told only once it has moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode
from imaging.layers.skin import SkinLine
from imaging.needle._lines import ridges, strongest_lines
from imaging.needle._shaft import Shaft, measure, refine

Floats = npt.NDArray[np.float32]

SHORTEST_MM = 3.0
LEAST_TILT_DEG = 7.0
"""A still picture's line flatter than this against the skin is taken for a layer."""
CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Needle:
    """A shaft, and its tip where one is told. Points [column, row] of the screen. `tip_unsure` is the radius that holds the
    tip with 95 % probability, in `unit`; `angle_deg` between shaft and rows on the working picture (true where pixels are
    square), positive down to the right; `score` 0 to 1. `tip` None: `reason` says why."""

    start: tuple[float, float]
    end: tuple[float, float]
    tip: tuple[float, float] | None
    tip_unsure: float | None
    angle_deg: float
    length: float
    score: float
    unit: str
    reason: str | None


class NeedleFinder:
    """Looks for a needle from picture to picture; what moved lately counts more than what stood still."""

    def __init__(self) -> None:
        self._slow: Floats | None = None
        self._before: Shaft | None = None
        self._still = 0

    def look(self, picture: BMode, skin: SkinLine | None = None) -> Needle | None:
        """The needle of the next picture; None where none is seen."""
        grey = picture.grey
        mm = picture.pixels(1.0)
        noise = _speckle_noise(grey)
        if self._slow is not None and self._slow.shape != grey.shape:
            self._slow, self._before = None, None
        found = ridges(grey, max(1.2, 0.12 * mm))
        skip = np.maximum(picture.coloured, 1 - picture.valid).astype(np.float32)
        if skin is not None:
            depth = np.arange(grey.shape[0])[:, None] - skin.at(np.arange(grey.shape[1]))[None]
            skip = np.maximum(skip, (depth < 0.3 * mm).astype(np.float32))
            tilt = skin.slope_deg(np.arange(grey.shape[1]))[None]
        else:
            tilt = np.zeros((1, grey.shape[1]))
        flat = np.abs(found.angle - tilt) < LEAST_TILT_DEG
        lines = strongest_lines(found, SHORTEST_MM * mm, CANDIDATES, np.maximum(skip, flat.astype(np.float32)))
        if self._before is not None:
            lines.append(self._before.line)
        best: tuple[float, Shaft] | None = None
        for line in lines:
            shaft = measure(grey, refine(grey, line, mm), mm, noise)
            if shaft is None:
                continue
            score = _score(shaft, mm, noise, grey)
            if best is None or score > best[0]:
                best = (score, shaft)
        self._slow = grey.copy() if self._slow is None else (0.85 * self._slow + 0.15 * grey).astype(np.float32)
        if best is None or best[0] < 0.5:
            self._before = None
            return None
        self._before = best[1]
        return self._told(picture, best[1], best[0], noise)

    def _told(self, picture: BMode, shaft: Shaft, score: float, noise: float) -> Needle:
        ends = picture.to_screen(np.vstack([shaft.start, shaft.end]))
        reason = None
        if shaft.end_at_rim:
            reason = "the shaft leaves the picture: its tip is outside"
        elif shaft.drop < max(2.0 * noise, 0.35 * shaft.contrast):
            reason = "the shaft fades out: no sharp end is seen"
        unit = picture.unit_per_pixel
        tip = None if reason else (float(ends[1, 0]), float(ends[1, 1]))
        return Needle(
            start=(float(ends[0, 0]), float(ends[0, 1])),
            end=(float(ends[1, 0]), float(ends[1, 1])),
            tip=tip,
            tip_unsure=None if tip is None else 2.45 * shaft.end_unsure_px * unit,
            angle_deg=shaft.line.angle_deg,
            length=shaft.length_px * unit,
            score=score,
            unit=picture.unit,
            reason=reason,
        )


def _speckle_noise(grey: Floats) -> float:
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 3.0)
    return max(3.0, 1.48 * float(np.median(np.abs(fine[grey > 8])))) if (grey > 8).any() else 5.0


def _score(shaft: Shaft, mm: float, noise: float, grey: Floats) -> float:
    bright = float(np.percentile(grey, 97))
    parts = (
        np.clip((shaft.length_px / mm - 2.0) / 3.0, 0, 1),
        np.clip(shaft.contrast / (5 * noise), 0, 1),
        np.clip((shaft.filled - 0.6) / 0.3, 0, 1),
        np.clip(1.6 - shaft.straightness_px / (0.08 * mm), 0, 1),
        np.clip(0.4 + shaft.level / max(bright, 1.0) - 0.6, 0, 1) if shaft.level < bright else 1.0,
        1.0 if shaft.start_at_rim else 0.75,
    )
    return float(np.prod(parts) ** (1 / len(parts)))
