"""Where on a screen text may stand, by classic means, so that the slow detector looks at little.

Text is drawn: strong edges on a flat ground. Tissue is speckle: edges everywhere, flat nowhere. Both are kept, apart:
text on a flat ground is looked at enlarged, text over tissue as large as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr

Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.bool_]

TILE: Final = 16  #: pixels
_EDGE: Final = 40  #: grey levels between neighbours, in any colour: dim grey text on a dark ground has 50 or more
_FLAT: Final = 10  #: grey levels: JPEG's noise on a plain ground is below
_LEAST_EDGES: Final = 3  #: pixels in a tile
_FLAT_PART: Final = 0.3  #: of the tiles around, for a ground
_LONG_RUN: Final = 61  #: pixels: an edge so long is a frame or a line of the picture, no letter
_FULL: Final = 0.6  #: a box so full of text tiles is not cut further
_WORTH: Final = 0.95  #: a cut that leaves less than this part is worth one more call of the detector
_LETTER: Final = (5, 64)  #: rows of a letter, pixels
_SEEN_ROWS: Final = 24.0  #: the detector sees letters best at about this height
_LARGEST_SCALE: Final = 3.0
_GROUND_PIXELS: Final = 1.1e6  #: looked at, at most: a second on one core
_TISSUE_PIXELS: Final = 0.5e6
_TISSUE_SCALE: Final = 1.0


@dataclass(frozen=True, slots=True)
class TextArea:
    """A box [x0, y0, x1, y1] in which text may stand, and how much it should be enlarged to be seen."""

    box: Box
    scale: float


def edges(picture: Bgr) -> npt.NDArray[np.uint8]:
    """The largest difference between a pixel and its eight neighbours, over the three colours, grey levels."""
    square = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(picture, square), cv2.erode(picture, square))
    return np.asarray(cv2.max(cv2.max(spread[..., 0], spread[..., 1]), spread[..., 2]), np.uint8)


def text_areas(picture: Bgr, only: Mask | None = None) -> list[TextArea]:
    """Boxes that hold all text of the screen, as few pixels as can be; with `only`, all text that stands there."""
    spread = edges(picture)
    strong = _without_lines((spread >= _EDGE).astype(np.uint8))
    flat = _per_tile((spread <= _FLAT).astype(np.uint8)) / TILE**2
    active = _per_tile(strong) >= _LEAST_EDGES
    around = cv2.blur(flat.astype(np.float32), (3, 3))
    ground = active & (around >= _FLAT_PART)
    tissue = active & ~ground
    asked = np.ones_like(active) if only is None else _per_tile(only.astype(np.uint8)) > 0
    shape = picture.shape[1], picture.shape[0]
    near = cv2.dilate(ground.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    areas = [TextArea(box, _scale(strong, box)) for box in _boxes(near & asked, shape)]
    areas = _within(areas, _GROUND_PIXELS)
    over = (cv2.dilate((tissue & ~near).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & asked
    return areas + _within([TextArea(box, _TISSUE_SCALE) for box in _boxes(over, shape)], _TISSUE_PIXELS)


def _without_lines(strong: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    across = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((1, _LONG_RUN), np.uint8))
    down = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((_LONG_RUN, 1), np.uint8))
    return np.asarray(cv2.subtract(strong, cv2.bitwise_or(across, down)), np.uint8)


def _per_tile(ones: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """How many ones each tile has."""
    rows, columns = (-(-side // TILE) * TILE for side in ones.shape)
    padded = np.zeros((rows, columns), np.uint8)
    padded[: ones.shape[0], : ones.shape[1]] = ones
    tiled = padded.reshape(rows // TILE, TILE, columns // TILE, TILE)
    return np.asarray(tiled.sum(axis=(1, 3)), np.int64)


def _scale(strong: npt.NDArray[np.uint8], box: Box) -> float:
    """How much the area should be enlarged: by the height of its letters."""
    x0, y0, x1, y1 = box
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(strong[y0:y1, x0:x1]), connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    heights = heights[(heights >= _LETTER[0]) & (heights <= _LETTER[1])]
    if not len(heights):
        return 1.5
    return float(np.clip(_SEEN_ROWS / np.median(heights), 0.75, _LARGEST_SCALE))


def _within(areas: list[TextArea], budget: float) -> list[TextArea]:
    """The same areas, less enlarged where together they are more pixels than the budget."""
    pixels = sum((x1 - x0) * (y1 - y0) * area.scale**2 for area in areas for x0, y0, x1, y1 in [area.box])
    shrink = min(1.0, (budget / pixels) ** 0.5) if pixels else 1.0
    return [TextArea(area.box, area.scale * shrink) for area in areas]


def _boxes(tiles: Mask, shape: tuple[int, int]) -> list[Box]:
    count, labels = cv2.connectedComponents(tiles.astype(np.uint8), connectivity=4)
    boxes = []
    for label in range(1, count):
        for top, left, bottom, right in _split(labels == label):
            boxes.append(
                (left * TILE, top * TILE, min(right * TILE, shape[0]), min(bottom * TILE, shape[1])),
            )
    return [box for box in boxes if box[2] - box[0] > 3 and box[3] - box[1] > 3]


def _split(tiles: Mask) -> list[tuple[int, int, int, int]]:
    """Boxes (top, left, bottom, right; tiles) that cover all true tiles and little else: cut where it saves most."""
    extent = _extent(tiles)
    if extent is None:
        return []
    top, left, bottom, right = extent
    inner = tiles[top:bottom, left:right]
    if inner.mean() >= _FULL or inner.size <= 12:
        return [extent]
    best = (inner.size * _WORTH, -1, 0)
    for axis in (0, 1):
        for cut in range(1, inner.shape[axis]):
            first, second = np.split(inner, [cut], axis)
            size = _size(first) + _size(second)
            if size < best[0]:
                best = (size, axis, cut)
    _, axis, cut = best
    if axis < 0:
        return [extent]
    boxes = []
    for part, offset in zip(np.split(inner, [cut], axis), (0, cut), strict=True):
        down, across = (offset, 0) if axis == 0 else (0, offset)
        for t, le, b, r in _split(part):
            boxes.append((t + top + down, le + left + across, b + top + down, r + left + across))
    return boxes


def _extent(tiles: Mask) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(tiles.any(axis=1)), np.flatnonzero(tiles.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _size(tiles: Mask) -> int:
    extent = _extent(tiles)
    return 0 if extent is None else (extent[2] - extent[0]) * (extent[3] - extent[1])
