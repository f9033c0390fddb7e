"""Find the ultrasound pictures on a screen: textured areas, their outline, and whether they can be ultrasound."""

from __future__ import annotations

from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.region.outline import outline_of
from imaging.region.panel import panel_end, panel_start
from imaging.region.parting import parted
from imaging.region.texture import Flags, coarse, grey_of, texture
from imaging.region.tissue import grain_of
from imaging.region.ultrasound import Box, Mask, UltrasoundRegion

_LEAST_AREA: Final = 0.025  #: of the screen, for a picture
_LEAST_SIDE: Final = 40  #: pixels


def find_region(bgr: Bgr) -> UltrasoundRegion | None:
    """The ultrasound picture on a screen (rows, columns, 3), the most likely where there are several; None without one.

    About 30 ms for 1920x1080. Limits: a picture pasted on a photograph, and a screen filmed at an angle, are not found;
    the lower edge is where the echoes end, which may lie above the deepest line of the true picture.
    """
    found = find_regions(bgr)
    return found[0] if found else None


def find_regions(bgr: Bgr) -> list[UltrasoundRegion]:
    """Every ultrasound picture on a screen (split screens have more than one), the most likely first."""
    if bgr.ndim != 3 or bgr.shape[2] != 3 or min(bgr.shape[:2]) < _LEAST_SIDE:
        return []
    grey = grey_of(bgr)
    flags = texture(grey)
    found = []
    for hull, box in _areas(flags):
        region = _region(bgr, grey, flags, hull, box)
        if region is not None:
            found.append(region)
    return sorted(found, key=lambda region: -region.confidence)


def _areas(flags: Flags) -> list[tuple[Mask, Box]]:
    """The convex hulls (whole frame) of the large areas that are textured throughout, and their boxes."""
    cells, cell = coarse(flags)
    rows, columns = cells.shape
    size = max(5, round(min(rows, columns) * 0.055)) | 1
    dense = cv2.morphologyEx(cells, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    core = cv2.morphologyEx(dense, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    core = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    contours, _ = cv2.findContours(core, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    areas = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:6]:
        around = cv2.convexHull(contour)
        if cv2.contourArea(around) < _LEAST_AREA * rows * columns:
            continue
        hull: Mask = np.zeros(flags.shape, np.uint8)
        # A cell's outer border: its far side for the hull's right and lower points.
        points = around[:, 0, :].astype(float)
        centre = points.mean(axis=0)
        spread = np.where(points > centre, points + 1, points) * cell
        corners = np.rint(spread).astype(np.int32)
        cv2.fillConvexPoly(hull, corners, (255,))
        x, y, w, h = cv2.boundingRect(corners)
        box = (max(0, x), max(0, y), min(flags.shape[1], x + w), min(flags.shape[0], y + h))
        if box[2] - box[0] >= _LEAST_SIDE and box[3] - box[1] >= _LEAST_SIDE:
            areas.append((hull, box))
    return areas


def _region(bgr: Bgr, grey: Flags, flags: Flags, hull: Mask, box: Box) -> UltrasoundRegion | None:
    own = parted(flags, box)
    if own != box:
        x0, y0, x1, y1 = box = own
        whole, hull = hull, np.zeros_like(hull)
        hull[y0:y1, x0:x1] = whole[y0:y1, x0:x1]
    outline = outline_of(bgr, flags, hull, box)
    x0, y0, x1, y1 = outline.box
    if min(x1 - x0, y1 - y0) < _LEAST_SIDE:
        return None
    grain = grain_of(bgr, grey, outline.mask, outline.box)
    if (
        grain.coloured > 0.45
        or grain.tint > 40
        or grain.likeness < 0.12
        or grain.flat > 0.8
        or grain.upright > 0.85
        or grain.bright > 170
    ):
        return None
    area = (x1 - x0) * (y1 - y0) / flags.size
    # A spectrum below the picture is as large, and changes as much along its rows as down its columns.
    confidence = min(1.0, area * 4) * (1 - grain.coloured) * max(0.0, 1 - grain.upright) ** 2
    return UltrasoundRegion(
        outline.box, outline.kind, outline.mask, outline.left, outline.right, outline.apex, None, None, confidence,
        (panel_start(bgr, outline.box), panel_end(bgr, outline.box)),
    )  # fmt: skip
