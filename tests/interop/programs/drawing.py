"""Labels as lines of one pixel, and how far another program's drawing of them lies from ours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annotation import Finding, Point
from annotation.canvas.hit import outline
from devices.cv import cv2
from dicom_io.report.shapes import POINT_RADIUS_PX
from tests.dicom_io.labelled_material import COLUMNS, ROWS

#: At the ends of a line of two points a viewer may draw marks of its own, so many pixels of the screen long.
_MARK_PX = 12


def apart(theirs: NDArray[np.uint8], findings: Sequence[Finding]) -> float:
    """How far, in pixels of the screen, their drawing (opaque where something is drawn) is from our labels' outlines.

    The farthest point of ours from any of theirs, or of theirs from any of ours, whichever is more.
    """
    zoom = theirs.shape[1] // COLUMNS
    there = theirs[..., 3] > 127
    if not there.any():
        return float("inf")
    ours = np.zeros((ROWS * zoom, COLUMNS * zoom), np.uint8)
    ends = np.zeros_like(ours)
    for finding in findings:
        points = (np.array(outline(finding.shape)) * zoom - 0.5).round().astype(np.int32)
        if isinstance(finding.shape, Point):
            cv2.circle(ours, points[0].tolist(), round(POINT_RADIUS_PX * zoom), 255)
            continue
        cv2.polylines(ours, [points], False, 255)
        for end in points if len(points) == 2 else ():
            cv2.circle(ends, end.tolist(), _MARK_PX, 255, -1)
    to_theirs = cv2.distanceTransform((~there).astype(np.uint8), cv2.DIST_L2, 5)
    to_ours = cv2.distanceTransform((ours == 0).astype(np.uint8), cv2.DIST_L2, 5)
    return max(float(to_theirs[ours > 0].max()), float(to_ours[there & (ends == 0)].max()))
