"""From what the detector marks to whole lines: no letter cut off at an end, no line twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.pictures import Bgr
from imaging.text._areas import edges

Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.bool_]
Found = tuple[float, float, float, float]

_EDGE: Final = 32  #: grey levels: ink of a letter at the end of a line
_GAP: Final = 0.45  #: of the line's height: a letter nearer than this belongs to the line
_SAME_ROW: Final = 0.6  #: part of the lower box's height that two boxes share on one line
_TALLER: Final = 1.7  #: of two boxes on one line, at most
_REACH: Final = 2.0  #: heights: no line grows further at an end
_MARGIN: Final = 0.12  #: of the height, around the ink


def line_boxes(found: Sequence[Found], picture: Bgr) -> list[Box]:
    """Boxes [x0, y0, x1, y1] of whole lines, each once, within the picture."""
    if not found:
        return []
    ink: Mask = np.asarray(edges(picture) >= _EDGE, np.bool_)
    merged = _merged([_grown(box, ink) for box in found])
    return [box for box in merged if box[2] - box[0] >= 4 and box[3] - box[1] >= 5]


def _grown(box: Found, ink: Mask) -> Box:
    """The box, wider where ink goes on past its ends with no gap of a blank's width."""
    rows, columns = ink.shape
    x0, y0 = max(0, int(np.floor(box[0]))), max(0, int(np.floor(box[1])))
    x1, y1 = min(columns, int(np.ceil(box[2]))), min(rows, int(np.ceil(box[3])))
    height = y1 - y0
    inner = np.asarray(np.any(ink[y0 + height // 6 : max(y0 + 1, y1 - height // 6)], axis=0), np.bool_)
    reach, gap = round(height * _REACH), max(2, round(height * _GAP))
    x0 = x0 - _ahead(inner[max(0, x0 - reach) : x0][::-1], gap)
    x1 = x1 + _ahead(inner[x1 : x1 + reach], gap)
    margin = round(height * _MARGIN)
    return max(0, x0 - margin), y0, min(columns, x1 + margin), y1


def _ahead(inked: Mask, gap: int) -> int:
    """How many columns of ink go on from the end, over gaps smaller than `gap`; 0 where it does not stop (a line)."""
    last = 0
    for column in np.flatnonzero(inked):
        if column - last >= gap:
            return last
        last = int(column) + 1
    return 0 if len(inked) - last < gap else last


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that overlap on one line are one line."""
    left = sorted(boxes)
    done: list[Box] = []
    while left:
        box = left.pop(0)
        again = True
        while again:
            again = False
            for other in left:
                if _one_line(box, other):
                    left.remove(other)
                    box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
                    again = True
                    break
        done.append(box)
    return done


def _one_line(a: Box, b: Box) -> bool:
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    lower, higher = sorted((a[3] - a[1], b[3] - b[1]))
    if higher > _TALLER * lower:  # a logo beside two lines, a line beside a large figure
        return False
    inside = across >= 0.8 * min(a[2] - a[0], b[2] - b[0])
    return down >= _SAME_ROW * lower and (inside or across > 0.3 * lower)
