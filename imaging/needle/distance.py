"""How far the tip of a needle or cannula is from the wall of each vessel candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devices.cv import cv2
from imaging.bmode import BMode
from imaging.needle.find import Needle
from imaging.vessels import Vessel


@dataclass(frozen=True, slots=True)
class TipDistance:
    """From the tip to the nearest point of the wall of the candidate at `centre` ([column, row] of the screen), with its 95 %
    interval, in the needle's unit; negative inside the lumen. It is a distance in this plane: the true one may be shorter."""

    centre: tuple[float, float]
    value: float
    low: float
    high: float


def tip_distances(picture: BMode, needle: Needle, vessels: Sequence[Vessel]) -> tuple[TipDistance, ...]:
    """The distance to each candidate, the nearest first; none where no tip is told."""
    if needle.tip is None or needle.tip_unsure is None:
        return ()
    tip = picture.from_screen([needle.tip])[0]
    told = []
    for vessel in vessels:
        outline = picture.from_screen(vessel.outline).astype(np.float32).reshape(-1, 1, 2)
        away = -cv2.pointPolygonTest(outline, (float(tip[0]), float(tip[1])), True) * picture.unit_per_pixel
        wall = 0.5 * (vessel.diameter.high - vessel.diameter.low) / 2
        half = float(np.hypot(needle.tip_unsure, wall))
        told.append(TipDistance(vessel.centre, float(away), float(away - half), float(away + half)))
    return tuple(sorted(told, key=lambda one: one.value))
