"""One ultrasound picture on a screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["linear", "convex", "sector"]
Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class UltrasoundRegion:
    """The B-mode picture on one frame.

    `box` [x0, y0, x1, y1] in pixels, x1 and y1 exclusive. `kind`: "linear" for straight top and (nearly) straight sides,
    "convex" for a fan with a wide top, "sector" for a fan with a narrow one. `mask` (rows, columns) of the whole frame is
    255 inside the picture, 0 outside. `left_edge` and `right_edge` are the sides as lines: column = a * row + b, in pixels.
    `apex` [column, row] is where the sides of a fan meet, None for linear pictures. `marker` is the side of the probe's
    orientation mark, None where none is seen; `mirrored` is only a hint: True where the mark stands on the side that is
    unusual for this kind of picture, None where nothing tells. `confidence` 0 to 1 orders candidates; it is no probability.
    `panel` are the rows [first, last) of the even dark ground that the picture stands on: it may reach so far where echoes
    do not (behind bone, beyond the penetration), and no farther.
    """

    box: Box
    kind: Kind
    mask: Mask = field(repr=False)
    left_edge: tuple[float, float]
    right_edge: tuple[float, float]
    apex: tuple[float, float] | None
    marker: Literal["left", "right"] | None
    mirrored: bool | None
    confidence: float
    panel: tuple[int, int] = (0, 0)

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]

    def contains(self, point: tuple[float, float]) -> bool:
        """Whether [column, row] lies inside the picture's outline."""
        column, row = round(point[0]), round(point[1])
        rows, columns = self.mask.shape
        return 0 <= column < columns and 0 <= row < rows and bool(self.mask[row, column])
