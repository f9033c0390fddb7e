"""The colour box: the outline inside which the machine looked for flow.

Boxes that are drawn through (`_sided_box`: a linear probe's, upright or steered, and a convex or sector probe's between arcs)
and dashed ones (`_dashed_box`) are held against the flow: the likeliest is the one that is drawn best and holds most of it.
Outlines of corner marks alone are not found.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.flow._colour import Mask
from imaging.flow._dashed_box import dashed_boxes
from imaging.flow._lines import clear, ridges
from imaging.flow._sided_box import Points, Scene, sided_boxes, widened
from imaging.flow.bar import Box
from imaging.pictures import Bgr

_WHOLE: Final = 0.93  #: part of a patch of flow that must lie in the box
_OUTLINE: Final = 3  #: pixels from the middle of an outline to where its stroke has ended
_MOSTLY: Final = 0.5  #: part of the flow that any rectangle holds, that the box must hold
_FEW: Final = 0.05  #: part of all the flow on the picture that no box of its own would hold
_STROKE: Final = 110  #: rows of a screen for each pixel of the thickest strokes of its letters
_SIZE: Final = 0.2  #: what being as large as colour boxes are counts: rows of letters make small ones
_LITTLE: Final = 0.08  #: part of the picture from which a box is large
_HOLDS: Final = 0.8  #: what holding the flow counts
_LARGE: Final = 900  #: rows of a screen from which outlines are drawn thick
_SHORTEST: Final = 0.04  #: part of the picture's width that a dashed top or bottom is long
_RHYTHM: Final = 0.6  #: what a dashed outline's rhythm counts: as much as that a line drawn through ends at its corners
_BEST: Final = 40  #: boxes that are held against the flow
_PLAINLY: Final = 1.6  #: score that lines in speckle do not reach: such an outline needs no flow to be believed


@dataclass(frozen=True, slots=True)
class ColourBox:
    """`polygon` (n, 2) column and row in pixels; `drawn` is the part of its outline that was seen, 0 to 1; `holds` the part
    of the flow that lies in it, 0 where no flow is seen."""

    polygon: Points = field(repr=False, compare=False)
    drawn: float
    score: float
    holds: float = 0.0

    @property
    def believed(self) -> bool:
        """Whether the outline is plain, or holds the flow: speckle has boxes of lines and dashes too, but of neither kind."""
        return self.score >= _PLAINLY or self.holds >= _MOSTLY

    @property
    def box(self) -> Box:
        """[x0, y0, x1, y1] round the polygon, x1 and y1 exclusive."""
        low, high = self.polygon.min(axis=0), self.polygon.max(axis=0)
        return round(float(low[0])), round(float(low[1])), round(float(high[0])) + 1, round(float(high[1])) + 1

    def mask(self, shape: tuple[int, ...], shrink: int = 0) -> Mask:
        """(rows, columns): 1 inside the polygon, `shrink` pixels in from its outline (negative: beyond it)."""
        inside = np.zeros(shape[:2], np.uint8)
        cv2.fillPoly(inside, [np.rint(self.polygon).astype(np.int32)], 1)
        if shrink < 0:
            return np.asarray(cv2.dilate(inside, np.ones((1 - 2 * shrink, 1 - 2 * shrink), np.uint8)), np.uint8)
        if shrink:
            kernel = np.ones((2 * shrink + 1, 2 * shrink + 1), np.uint8)
            inside = np.asarray(cv2.erode(inside, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1), np.uint8)
        return inside


def find_box(bgr: Bgr, flow: Mask, avoid: list[Box], rows: int | None = None) -> ColourBox | None:
    """The colour box of a screen, or None.

    `flow` (rows, columns): pixels of the bar's colours, to choose among rectangles of a screen; `avoid`: places of no
    interest, such as colour bars; `rows`: of the whole screen, where `bgr` is a part of it.
    """
    height, width = bgr.shape[:2]
    rows = height if rows is None else rows
    standing, lying = (ridges(bgr, axis, rows >= _LARGE) for axis in (1, 0))
    for x0, y0, x1, y1 in avoid:
        place = (slice(max(0, y0 - 4), max(0, y1 + 4)), slice(max(0, x0 - 4), max(0, x1 + 4)))
        standing[place] = 0
        lying[place] = 0
    # Stripes of flow are no lines; the outline is not of flow's colours where it borders on it.
    # An outline may have a flow's colour itself: what is as thin as one does not hide.
    thick = 3 if rows < 500 else 5 if rows < 900 else 9
    closed = cv2.morphologyEx(flow, cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8))
    stripes = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8)) > 0
    standing[stripes] = 0
    lying[stripes] = 0
    lit = bgr.max(axis=2) > 12
    standing, lying = clear(standing, lit), clear(lying, lit)
    scene = Scene(standing, lying, widened(standing, 1, stripes), widened(lying, 0, stripes))
    boxes = [ColourBox(*found) for found in sided_boxes(scene)]
    # Coloured letters are no flow to hold: their strokes are thinner than vessels, where there are thicker ones at all.
    stroke = max(thick, rows // _STROKE)
    solid = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8))
    solid = solid if solid.any() else stripes.astype(np.uint8)
    boxes.sort(key=lambda box: -box.score)
    whole = [box for box in boxes[:_BEST] if box.score >= _PLAINLY]
    if not whole or max(_held(whole, solid)) < _WHOLE * float(solid.sum()):
        boxes += _dashed(scene, max(24, int(_SHORTEST * width)))
        boxes.sort(key=lambda box: -box.score)
    if not boxes:
        return None
    boxes = boxes[:_BEST]
    held = _held(boxes, solid)
    most = max(max(held), 1.0)
    sizes = [float(cv2.contourArea(box.polygon.astype(np.float32))) / (height * width) for box in boxes]
    worth = [
        box.score + _HOLDS * kept / most + _SIZE * min(1.0, size / _LITTLE)
        for box, kept, size in zip(boxes, held, sizes, strict=True)
    ]
    best = int(np.argmax(worth))
    # A rectangle that leaves out most of the flow is another rectangle.
    all_of_it = float(solid.sum())
    idle = all_of_it > 0.001 * solid.size and held[best] <= _FEW * all_of_it
    if idle or held[best] < _MOSTLY * (most if most > 1 else 0):
        return None
    return replace(boxes[best], holds=held[best] / max(all_of_it, 1.0))


def _dashed(scene: Scene, shortest: int) -> list[ColourBox]:
    """Boxes whose outline is dashed, with a score like that of one that is drawn through: their rhythm is as telling."""
    found = []
    for corners, seen in dashed_boxes(scene.lying, scene.standing, shortest):
        if np.ptp(corners[:, 0]) >= shortest:
            found.append(ColourBox(corners, seen, seen + 0.25 * seen + _RHYTHM))
    return found


def _held(boxes: list[ColourBox], flow: Mask) -> list[float]:
    """For each box the area of the flow that lies in it whole: colour that goes on outside is none of its flow."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flow, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].astype(float)
    areas[0] = np.inf
    held = []
    for box in boxes:
        # Flow that ends at an outline of its own colour goes on through the stroke.
        inside = np.bincount(labels[box.mask(flow.shape, -_OUTLINE) > 0], minlength=count)
        held.append(float(inside[inside >= _WHOLE * areas].sum()))
    return held
