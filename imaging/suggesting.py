"""What one picture suggests to whoever labels it: layers and vessel candidates as shapes to confirm, move or throw away.

    for one in suggestions(bgr, scale, region="nlf"): one.kind, one.term, one.points

The front door to `imaging.layers` and `imaging.vessels` for a picture that a person has before them. Nothing here is a
finding: none suggested never means that none is there. Slow (up to a few seconds for a new screen): for a worker thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.bmode import BMode, b_mode
from imaging.errors import CannotTell
from imaging.flow import FlowWatch
from imaging.interval import Unit
from imaging.layers import find_layers, skin_line
from imaging.layers.priors import REGIONS
from imaging.pictures import Bgr
from imaging.region import find_region
from imaging.scale import Scale
from imaging.vessels import Vessel, find_vessels

Points = npt.NDArray[np.float64]

MOST = 24
"""Suggestions of one picture at most: more than a person goes through one by one."""
ROUND = 3.0
"""An outline less than so many times as long as it is wide is told as an ellipse too."""
BEND_PX = 0.6
"""How far a boundary's points may lie off the line that is told, screen px: few points are easier to move."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One shape, in pixels as annotation counts them: [column, row] floats, 0.5, 0.5 the centre of the first pixel.

    `points` (n, 2): an open line (a layer's upper boundary) or, `closed`, an outline (a lumen). `ellipse`: centre [column,
    row], half axes in px, direction of the first in degrees from the columns towards the rows; None where an outline is no
    ellipse. `term`: the layer's id (clinical.md 1.2); None for vessels (their course differs too much between people) and for
    boundaries without a name. `unsure`: half the 95 % interval of a boundary's place or a lumen's diameter, in `unit`,
    without the scale's own. `evidence`: in words, what it was seen by.
    """

    kind: Literal["layer", "vessel"]
    term: str | None
    points: Points
    closed: bool
    ellipse: tuple[tuple[float, float], tuple[float, float], float] | None
    unsure: float
    unit: Unit
    evidence: str


def suggestions(bgr: Bgr, scale: Scale | None = None, region: str | None = None) -> tuple[Suggestion, ...]:
    """Layers from the skin down, then vessel candidates, the likeliest first. `bgr` (rows, columns, 3) uint8.

    `region`: id of clinical.md 1.3 where the face's region is known; other ids are as good as none. Raises CannotTell where
    no ultrasound picture or no skin line is seen.
    """
    found = find_region(bgr)
    if found is None:
        raise CannotTell("No ultrasound picture is seen: nothing is suggested.")
    x0, y0, x1, y1 = found.box
    mm = None if scale is None else (scale.mm_per_pixel_x, scale.mm_per_pixel_y)
    picture = b_mode(bgr, (x0, y0, x1, y1), mm, found.mask)
    told = [*_layers(picture, region if region in REGIONS else None), *_vessels(picture, bgr)]
    return tuple(told[:MOST])


def _layers(picture: BMode, region: str | None) -> list[Suggestion]:
    found = find_layers(picture, region)
    return [
        Suggestion(
            kind="layer",
            term=None if layer.id == "unknown" else layer.id,
            points=_few(layer.points) + 0.5,
            closed=False,
            ellipse=None,
            unsure=layer.unsure,
            unit=found.unit,
            evidence="the first bright echo" if layer.id == "epi" else "a boundary in the picture",
        )
        for layer in found.layers
    ]


def _vessels(picture: BMode, bgr: Bgr) -> list[Suggestion]:
    flow = np.zeros(bgr.shape[:2], np.uint8)
    seen = FlowWatch().look(bgr)
    if seen.layout is not None:
        x0, y0, x1, y1 = seen.layout.area
        flow[y0:y1, x0:x1] = seen.flow
    words = {"b-mode": "dark with walls", "doppler": "colour", "both": "dark with walls, and colour"}
    return [
        Suggestion(
            kind="vessel",
            term=None,
            points=_few(vessel.outline, closed=True) + 0.5,
            closed=True,
            ellipse=_ellipse(vessel),
            unsure=(vessel.diameter.high - vessel.diameter.low) / 2,
            unit=vessel.diameter.unit,
            evidence=words[vessel.evidence],
        )
        for vessel in find_vessels(picture, skin_line(picture), flow)
    ]


def _few(points: Points, *, closed: bool = False) -> Points:
    line = cv2.approxPolyDP(points.astype(np.float32).reshape(-1, 1, 2), BEND_PX, closed)
    return np.asarray(line, np.float64).reshape(-1, 2)


def _ellipse(vessel: Vessel) -> tuple[tuple[float, float], tuple[float, float], float] | None:
    if vessel.width.value > ROUND * vessel.diameter.value:
        return None
    (column, row), (wide, high), angle = cv2.fitEllipse(vessel.outline.astype(np.float32))
    return (float(column) + 0.5, float(row) + 0.5), (float(wide) / 2, float(high) / 2), float(angle)
