"""The needle or cannula in the plane: its shaft, its tip, how far the tip is from each vessel, or why it is not told.

A shaft is a straight bright line at an angle to the layers that comes in from the picture's rim or from the skin, and
that was not there before: fascia, fibres and bone were. It is looked for in what is brighter than the background of the
earlier pictures, so the finder must see the tissue before the instrument, and tells nothing of a single picture.
After Zhao et al., "Automatic needle detection and tracking in 3D ultrasound" (ROI-based RANSAC and Kalman, Med Phys 2013) for
the use of motion, and Ding and Fenster (Med Phys 2003;30:222) for the projection along lines.

The end is told as the tip only while it goes forward or rests at its farthest place. One that goes back was drawn back, or
the tip left the plane: the two look the same, so nothing is told.

Limits: a shaft that enters the plane part by part, its tip outside, looks like one that is pushed in: its end is then told
wrongly. Bright filler around the end hides the tip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode
from imaging.layers.skin import SkinLine
from imaging.needle._background import Background
from imaging.needle._lines import STEEPEST, Line, ridges, strongest_lines
from imaging.needle._shaft import Shaft, measure, refine

Floats = npt.NDArray[np.float32]

SHORTEST_MM = 2.5
LEAST_TILT_DEG = 7.0
"""A still picture's line flatter than this against the skin is taken for a layer."""
CANDIDATES = 6
BACK_MM = 0.25
"""An end that is farther back than this from where it once was is no longer told as the tip, mm."""
TIP_RADIUS_MM = 0.3
"""Radius around the end that holds the tip with 95 % probability, mm."""
MOST_AROUND = 0.12
"""Part of the end's surroundings that may be new and bright; more is filler, whose edge would be taken for the tip."""
TINTED = 0.5
"""Part of the brightest twentieth of the picture that has colour, from which the whole grey scale is tinted."""
DEEPEST_START_MM = 2.0
"""A shaft is seen from the skin, or from this far below it at most, mm."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A shaft, and its tip where one is told. Points [column, row] of the screen. `tip_unsure` is the radius that holds the
    tip with 95 % probability, in `unit`; `angle_deg` between shaft and rows on the working picture (true where pixels are
    square), positive down to the right; `score` 0 to 1. `tip` None: `reason` says why.
    `phase`: "going in", "at rest" or "drawn back" where a whole clip was looked at (`follow_needle`); "drawn back" is
    assumed of an end that goes back after a rest."""

    start: tuple[float, float]
    end: tuple[float, float]
    tip: tuple[float, float] | None
    tip_unsure: float | None
    angle_deg: float
    length: float
    score: float
    unit: str
    reason: str | None
    phase: str | None = None


class Scan:
    """Shafts of one picture after the other, each against the background of those before."""

    def __init__(self) -> None:
        self._background = Background()
        self._before: Shaft | None = None

    def shafts(self, picture: BMode, skin: SkinLine | None) -> list[tuple[Shaft, bool]]:
        """Shafts of the next picture, the strongest first, and whether each comes from skin or rim."""
        grey = picture.grey
        mm = picture.pixels(1.0)
        noise = speckle_noise(grey)
        more = self._background.brighter(grey, mm)
        if more is None:
            self._before = None
            return []
        more[_not_tissue(picture) > 0] = 0
        lines = strongest_lines(ridges(more, max(1.0, 0.08 * mm)), SHORTEST_MM * mm, CANDIDATES)
        if self._before is not None:
            lines.append(self._before.line)
        found = []
        for line in lines:
            shaft = measure(grey, more, refine(more, line, mm), mm, noise)
            if shaft is not None and _is_shaft(shaft, skin, mm, noise):
                found.append((shaft, _from_outside(shaft, skin, mm)))
        # Of a shaft and its reverberations the upper one is the shaft: it is the brightest, or else the first.
        found.sort(key=lambda one: -one[0].level * one[0].length_px)
        first = next((shaft for shaft, outside in found if outside), found[0][0] if found else None)
        self._background.learn(grey, None if first is None else _place(first, grey.shape, mm))
        self._before = first
        return found


class NeedleFinder:
    """Looks for an instrument from picture to picture: it must come into a picture that was seen without it."""

    def __init__(self) -> None:
        self._scan = Scan()
        self._way: Line | None = None
        self._farthest = -np.inf

    def look(self, picture: BMode, skin: SkinLine | None = None) -> Needle | None:
        """The needle of the next picture; None where none is seen."""
        shafts = [shaft for shaft, outside in self._scan.shafts(picture, skin) if outside]
        if not shafts:
            return None
        return self._told(picture, shafts[0], speckle_noise(picture.grey), picture.pixels(1.0))

    def _told(self, picture: BMode, shaft: Shaft, noise: float, mm: float) -> Needle:
        ends = picture.to_screen(np.vstack([shaft.start, shaft.end]))
        reason: str | None = None
        if shaft.end_at_rim:
            reason = "the shaft leaves the picture: its tip is outside"
        elif shaft.drop < max(2.0 * noise, 0.3 * shaft.contrast):
            reason = "the shaft fades out: no sharp end is seen"
        elif shaft.around_end > MOST_AROUND:
            reason = "bright material lies around the end: filler hides the tip"
        elif not self._goes_on(shaft, mm):
            reason = "the end went back: drawn back, or out of the plane"
        unit = picture.unit_per_pixel
        tip = None if reason else (float(ends[1, 0]), float(ends[1, 1]))
        return Needle(
            start=(float(ends[0, 0]), float(ends[0, 1])),
            end=(float(ends[1, 0]), float(ends[1, 1])),
            tip=tip,
            tip_unsure=None if tip is None else TIP_RADIUS_MM * mm * unit,
            angle_deg=shaft.line.angle_deg,
            length=shaft.length_px * unit,
            score=float(np.clip(shaft.contrast / (8 * noise), 0, 1) * shaft.filled),
            unit=picture.unit,
            reason=reason,
        )

    def _goes_on(self, shaft: Shaft, mm: float) -> bool:
        """Whether the end is as far along its way as it ever was: one that went back may have left the plane."""
        inward = (shaft.end - shaft.start) / max(1e-9, float(np.linalg.norm(shaft.end - shaft.start)))
        way = Line(shaft.start, inward, 0.0)
        if self._way is None or not _same_way(self._way, way, mm):
            self._way, self._farthest = way, -np.inf
        reached = float((shaft.end - self._way.point) @ self._way.along)
        if reached < self._farthest - BACK_MM * mm:
            return False
        self._farthest = max(self._farthest, reached)
        return True


def _same_way(one: Line, other: Line, mm: float) -> bool:
    apart = other.point - one.point
    across = abs(float(apart[0] * one.along[1] - apart[1] * one.along[0]))
    return float(one.along @ other.along) > np.cos(np.radians(15.0)) and across < 3.0 * mm


def _place(shaft: Shaft, shape: tuple[int, ...], mm: float) -> npt.NDArray[np.uint8]:
    """1 where the shaft and its reverberations are, and a little beyond its end."""
    drawn = np.zeros(shape[:2], np.uint8)
    ahead = shaft.end + (shaft.end - shaft.start) / max(1.0, shaft.length_px) * mm
    back = shaft.start - (shaft.end - shaft.start) / max(1.0, shaft.length_px) * mm
    ends = [tuple(int(v) for v in np.rint(point)) for point in (back, ahead)]
    for down in (0.0, 0.5, 1.0, 1.5):
        low = round(down * mm)
        cv2.line(drawn, (ends[0][0], ends[0][1] + low), (ends[1][0], ends[1][1] + low), 1, max(3, round(0.8 * mm)))
    return drawn


def _is_shaft(shaft: Shaft, skin: SkinLine | None, mm: float, noise: float) -> bool:
    """Whether it is long, straight, filled, clearly brighter, and tilted against the skin."""
    slope = 0.0 if skin is None else float(skin.slope_deg(shaft.start[0]))
    if abs(shaft.line.angle_deg - slope) < LEAST_TILT_DEG or abs(shaft.line.angle_deg) > STEEPEST:
        return False
    return (
        shaft.length_px >= SHORTEST_MM * mm
        and shaft.straightness_px <= 1.6
        and shaft.filled >= 0.7
        and shaft.contrast >= 3 * noise
    )


def _from_outside(shaft: Shaft, skin: SkinLine | None, mm: float) -> bool:
    """Whether it begins at the skin or at the rim."""
    below = shaft.start[1] if skin is None else shaft.start[1] - float(skin.at(shaft.start[0]))
    return bool(shaft.start_at_rim or below < DEEPEST_START_MM * mm)


def _not_tissue(picture: BMode) -> npt.NDArray[np.uint8]:
    """1 where colour covers the tissue, or outside of the picture. On a tinted screen all that is bright has colour."""
    bright = picture.grey > float(np.percentile(picture.grey, 95))
    if bright.any() and float(picture.coloured[bright].mean()) > TINTED:
        return np.asarray(1 - picture.valid, np.uint8)
    return np.asarray(np.maximum(picture.coloured, 1 - picture.valid), np.uint8)


def speckle_noise(grey: Floats) -> float:
    """Standard deviation of the picture's fine structure where there is any, grey levels."""
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 3.0)
    return max(3.0, 1.48 * float(np.median(np.abs(fine[grey > 8])))) if (grey > 8).any() else 5.0
