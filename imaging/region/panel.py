"""How far the picture may reach beyond its last echo: to the end of the dark panel that it stands on.

Behind bone, and beyond the depth to which a probe penetrates, a picture is black. Where it ends cannot be told by its
echoes then. A screen draws the picture on a panel of one even colour; the picture ends no farther than that panel does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.pictures import Bgr
from imaging.region.ultrasound import Box

_DARK: Final = 70  #: level of 255 up to which the ground of a picture is dark
_SAME: Final = 3.0  #: difference of 255 in any channel up to which two rows have one ground
_FOLLOW: Final = 0.15  #: part of a row's difference by which the ground that is expected follows it
_GROUND: Final = 30  #: percentile of a row that is its ground: a colour box's edge, a ruler or words stand above it
_LINE: Final = 12  #: levels of 255 by which a frame's line stands out from the ground


def panel_end(bgr: Bgr, box: Box) -> int:
    """The row (exclusive) down to which the ground right below `box` goes on, at least the box's own last one."""
    x0, _, x1, y1 = box
    inset = (x1 - x0) // 20
    return y1 + _run(bgr[y1:, x0 + inset : x1 - inset], _gap(bgr))


def panel_start(bgr: Bgr, box: Box) -> int:
    """The row from which on the ground right above `box` goes, at most the box's own first one."""
    x0, y0, x1, _ = box
    inset = (x1 - x0) // 20
    return y0 - _run(bgr[:y0, x0 + inset : x1 - inset][::-1], _gap(bgr))


def _gap(bgr: Bgr) -> int:
    """Rows of something else, in a run, that end a panel: more than a colour box's edge, less than a line of text."""
    return max(7, int(bgr.shape[0]) // 110)


def _run(part: Bgr, gap: int) -> int:
    """How many rows from the first on stand on one ground. It is followed slowly: a picture's noise changes with depth,
    a theme at once."""
    if len(part) <= gap or part.shape[1] < 8:
        return 0
    ground: npt.NDArray[np.float64] = np.percentile(part, _GROUND, axis=1)
    base = ground[: 2 * gap].min(axis=0)
    if float(base.max()) > _DARK:
        return 0
    begin = int(np.argmax(np.abs(ground - base).max(axis=1) <= _SAME))  # after the picture's own last bright line
    foreign = np.zeros(len(part), bool)
    for row, level in enumerate(ground[begin:], begin):
        if float(np.abs(level - base).max()) <= _SAME:
            base += _FOLLOW * (level - base)
        else:
            foreign[row] = True
    begins = np.convolve(foreign, np.ones(gap), "valid") >= gap
    end = int(np.argmax(begins)) if begins.any() else len(part) - int(np.argmin(foreign[::-1]))
    lines = np.flatnonzero(_lines(part[begin:end]))
    return begin + int(lines[0]) if len(lines) else end


def _lines(part: Bgr) -> npt.NDArray[np.bool_]:
    """Which rows are an even line from one end to the other, unlike the ground: a frame around the picture."""
    if len(part) < 3:
        return np.zeros(len(part), bool)
    level = part.max(axis=2).astype(np.float64)
    base = float(np.median(level[:8]))
    found = np.percentile(level, 2, axis=1) > base + _LINE
    found[:2] = False  # the picture's own last line
    return np.asarray(found)
