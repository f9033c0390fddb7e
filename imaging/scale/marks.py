"""Small marks on a screen: the ticks and dots that rulers are made of, wherever they stand.

A mark is thin: a white (or, on light themes, black) top-hat keeps it over tissue and over any theme. A ruler's spine joins
its ticks to one piece, so long lines along the ruler are taken away first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Contrast = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
Direction = Literal["down", "across", "slanted"]

#: Contrast of 255 that a mark has at least. JPEG's ringing around text stays below 20.
LEAST_CONTRAST: Final = 26
_CROSS: Final = 5  #: pixels, side of the smallest cross
_CELL: Final = 48  #: pixels, side of the cells in which marks are counted
_CROWD: Final = 18  #: marks in a cell: the finest ruler has one each 3.5 pixels, and a few letters stand beside it


@dataclass(frozen=True, slots=True)
class Marks:
    """n marks, one a row: `boxes` (n, 4) x0, y0, x1, y1 in pixels, x1 and y1 exclusive; `peak` (n,) greatest contrast."""

    boxes: npt.NDArray[np.int32]
    peak: npt.NDArray[np.float64]

    @property
    def centres(self) -> Values:
        """(n, 2) [column, row], pixel centres whole numbers; to half a pixel."""
        return np.column_stack(
            [(self.boxes[:, 0] + self.boxes[:, 2] - 1) / 2, (self.boxes[:, 1] + self.boxes[:, 3] - 1) / 2]
        )

    def __len__(self) -> int:
        return len(self.boxes)


def contrasts(bgr: Bgr) -> list[Contrast]:
    """How far each pixel stands out from its surroundings: for light ink and, where the screen has light areas, for dark."""
    side = _kernel_side(bgr.shape)
    kernel = np.ones((side, side), np.uint8)
    brightest = np.ascontiguousarray(bgr.max(axis=2))
    light = cv2.morphologyEx(brightest, cv2.MORPH_TOPHAT, kernel)
    if float((brightest[::4, ::4] > 140).mean()) < 0.15:
        return [light]
    grey = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    return [light, cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)]


def _kernel_side(shape: tuple[int, ...]) -> int:
    return max(9, round(min(shape[:2]) * 0.016)) | 1


def marks_of(contrast: Contrast, direction: Direction, least: float = LEAST_CONTRAST) -> Marks:
    """The marks that could belong to a ruler that runs in `direction`: not long across it, and thin along it.

    `least` is the contrast from which on a pixel is ink: over tissue only a high one parts a tick from the speckle about it.
    """
    rows, columns = contrast.shape
    ink = (contrast >= least).astype(np.uint8)
    if direction != "slanted":
        length = max(25, round((rows if direction == "down" else columns) * 0.05))
        shape = (length, 1) if direction == "down" else (1, length)
        spine = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = ink & ~spine
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, w, h, area = (stats[1:, k] for k in range(5))
    along, across = (h, w) if direction == "down" else (w, h)
    if direction == "slanted":
        across = np.maximum(w, h)
        along = area / across
    thick = max(4, round(min(rows, columns) * 0.012))
    long = max(14, round(min(rows, columns) * 0.045))
    fits = (along <= thick) & (across <= long) & (area >= 1)
    if direction != "slanted":
        fits &= (across >= 0.6 * along) & (area >= 0.5 * w * h)
        fits |= _crosses(labels, stats[1:], long)
    x, y, w, h = x[fits], y[fits], w[fits], h[fits]
    boxes = np.column_stack([x, y, x + w, y + h]).astype(np.int32).reshape(-1, 4)
    centre_c = np.clip((boxes[:, 0] + boxes[:, 2]) // 2, 0, columns - 1)
    centre_r = np.clip((boxes[:, 1] + boxes[:, 3]) // 2, 0, rows - 1)
    alone = _not_crowded(centre_c, centre_r, contrast.shape)
    return Marks(boxes[alone], contrast[centre_r[alone], centre_c[alone]].astype(float))


def _crosses(labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], long: int) -> npt.NDArray[np.bool_]:
    """Which pieces are crosses of an upright and a level stroke of one length, as some rulers are made of."""
    x, y, w, h, area = (stats[:, k] for k in range(5))
    found = (np.abs(w - h) <= 1) & (w >= _CROSS) & (w <= long) & (area <= 0.62 * w * h) & (area >= w + h - 3)
    for k in np.flatnonzero(found):
        piece = labels[y[k] : y[k] + h[k], x[k] : x[k] + w[k]] == k + 1
        level, upright = np.flatnonzero(piece.mean(axis=1) >= 0.85), np.flatnonzero(piece.mean(axis=0) >= 0.85)
        strokes = len(level) and len(upright)
        if strokes:
            rest = piece.copy()
            rest[level[0] - 1 if level[0] else 0 : level[-1] + 2] = rest[
                :, max(0, upright[0] - 1) : upright[-1] + 2
            ] = False
            central = (abs(level.mean() - (h[k] - 1) / 2) <= 1, abs(upright.mean() - (w[k] - 1) / 2) <= 1)
            strokes = not rest.any() and all(central) and max(len(level), len(upright)) <= 0.34 * w[k]
        found[k] = bool(strokes)
    return np.asarray(found)


def _not_crowded(
    columns: npt.NDArray[np.int32], rows: npt.NDArray[np.int32], shape: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    """Which marks do not stand in a crowd: a spectrum's noise and tissue are full of specks, a ruler is one line of ticks."""
    grid = np.zeros((shape[0] // _CELL + 1, shape[1] // _CELL + 1), np.float32)
    np.add.at(grid, (rows // _CELL, columns // _CELL), 1.0)
    return np.asarray(grid[rows // _CELL, columns // _CELL] <= _CROWD)


def refined(contrast: Contrast, box: npt.NDArray[np.int32]) -> tuple[float, float]:
    """The mark's centre [column, row] to a fraction of a pixel: the centroid of its contrast, its soft rim included."""
    x0, y0 = max(0, int(box[0]) - 1), max(0, int(box[1]) - 1)
    part = contrast[y0 : int(box[3]) + 1, x0 : int(box[2]) + 1].astype(float)
    total = float(part.sum())
    if total <= 0:
        return (float(box[0] + box[2]) - 1) / 2, (float(box[1] + box[3]) - 1) / 2
    column = float((part.sum(axis=0) * np.arange(part.shape[1])).sum()) / total + x0
    row = float((part.sum(axis=1) * np.arange(part.shape[0])).sum()) / total + y0
    return column, row
