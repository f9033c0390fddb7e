"""Does the probe press? How much thinner the tissue is than it was.

Points of the tissue are followed (Lucas and Kanade 1981, pyramids after Bouguet) from a key picture to each new one, and
their depths fitted by one straight line: its slope is the mean thickness against the key's. The thickest state of the last
`_LOOK_BACK_S` is what the tissue is compared with, because nobody knows how thick it is at rest: a probe that pressed all
the time is not noticed. A picture that changes its width as much is a change of depth or zoom, no pressure.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_GRID: Final = (12, 8)
_KEPT: Final = 0.5  #: part of the points that has to be followed, else the picture is a new key
_LOOK_BACK_S: Final = 20.0
_ZOOM: Final = 0.03  #: change of width from which on it is no pressure
_JUMP: Final = 0.08  #: change of thickness from one picture to the next that no hand makes
_STOP: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.02)


class Pressing:
    """Follows the thickness of the tissue over the pictures of one region at reduced size."""

    def __init__(self) -> None:
        self._key: Grey | None = None
        self._points: Floats = np.zeros((0, 2), np.float32)
        self._now: Floats = self._points
        self._scale_of_key = 1.0
        self._last = 1.0
        self._seen: deque[tuple[float, float]] = deque()

    def add(self, grey: Grey, tissue_rows: tuple[int, int], time_s: float) -> float | None:
        """By what part the tissue is thinner than at its thickest in the last seconds (0 to 1); None: cannot be told.

        `grey` (rows, columns) of the region at reduced size; `tissue_rows` where the tissue begins and ends in it.
        """
        if self._key is None or self._key.shape != grey.shape:
            self._begin(grey, tissue_rows, time_s)
            return None
        found = self._slope(grey)
        if found is None:
            # Followed from the last key no longer: go on from here, with what is known of the thickness so far.
            self._rekey(grey, tissue_rows)
            return None
        down, across = found
        scale = self._scale_of_key * down
        if abs(across - 1) > _ZOOM or abs(scale / self._last - 1) > _JUMP:
            self._begin(grey, tissue_rows, time_s)
            return None
        self._last = scale
        self._seen.append((time_s, scale))
        while self._seen and time_s - self._seen[0][0] > _LOOK_BACK_S:
            self._seen.popleft()
        # The second thickest, as one bad fit would count for all that follow.
        most = sorted(value for _, value in self._seen)[-2:][0]
        return max(0.0, 1 - scale / most)

    def _begin(self, grey: Grey, tissue_rows: tuple[int, int], time_s: float) -> None:
        self._last = 1.0
        self._seen.clear()
        self._seen.append((time_s, 1.0))
        self._rekey(grey, tissue_rows)

    def _rekey(self, grey: Grey, tissue_rows: tuple[int, int]) -> None:
        first, last = tissue_rows
        self._key = grey
        self._scale_of_key = self._last
        columns, rows = _GRID
        across = np.linspace(0.08, 0.92, columns) * grey.shape[1]
        down = np.linspace(first + 0.05 * (last - first), last - 0.02 * (last - first), rows)
        grid = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        self._points = grid.astype(np.float32)
        self._now = self._points.copy()

    def _slope(self, grey: Grey) -> tuple[float, float] | None:
        """The scale down and across against the key picture."""
        if self._key is None:
            return None
        moved, found, error = cv2.calcOpticalFlowPyrLK(
            self._key,
            grey,
            self._points,
            self._now.copy(),
            winSize=(15, 15),
            maxLevel=2,
            criteria=_STOP,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        good = (found[:, 0] > 0) & (error[:, 0] < 24)
        if good.mean() < _KEPT:
            return None
        before, after = self._points[good].astype(np.float64), moved[good].astype(np.float64)
        down = _scale(before[:, 1], after[:, 1])
        across = _scale(before[:, 0], after[:, 0])
        if down is None or across is None:
            return None
        self._now = np.where(good[:, None], moved, self._now).astype(np.float32)
        return down, across


def _scale(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> float | None:
    """The slope of after over before, without what lies off the line (twice)."""
    keep = np.ones(len(before), bool)
    slope = 1.0
    for _ in range(3):
        if keep.sum() < 12 or np.ptp(before[keep]) < 10:
            return None
        slope, middle = np.polyfit(before[keep], after[keep], 1)
        off = np.abs(after - slope * before - middle)
        keep = off <= max(0.5, 2.5 * float(np.median(off)))
    return float(slope)
