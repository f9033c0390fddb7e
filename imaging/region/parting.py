"""Part a textured area from what stands close to it: columns of text, small pictures, rulers, tool bars.

A coarse map joins what is a few pixels apart. The picture is textured without a break wherever it has echoes; between it
and anything else a few columns or rows are flat from one end to the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.pictures import Bgr
from imaging.region.panel import panel_end, panel_start
from imaging.region.texture import Flags
from imaging.region.ultrasound import Box

_FLAT: Final = 0.12  #: of the usual density of texture, below which a row or a column is flat
_BREAK: Final = 4  #: flat rows, in a run, that part two things
_NARROW: Final = 2  #: flat columns, in a run, that part two things: a panel's edge may stand between
_ROUNDS: Final = 3
_THIN: Final = 0.2  #: of the whole area's texture, below which a part is a neighbour and not half of a picture
_DENSE: Final = 0.6  #: of the picture's density of texture that its outermost columns have
_SMOOTH: Final = 7  #: columns over which density is smoothed
_LIT: Final = 12  #: levels of 255 by which an echo is lighter than the ground
_FAR: Final = 0.35  #: of the picture's height: the widest dark gap within one

Density = npt.NDArray[np.float64]


def parted(flags: Flags, box: Box) -> Box:
    """`box` without what flat columns or rows part from the piece that has the most texture."""
    x0, y0, x1, y1 = box
    for _ in range(_ROUNDS):
        before = (x0, y0, x1, y1)
        part = flags[y0:y1, x0:x1]
        by_row = part.mean(axis=1)
        echoes = by_row >= 0.5 * np.percentile(by_row, 90)
        first, last = _piece(part[echoes].mean(axis=0), _NARROW)
        x0, x1 = x0 + first, x0 + last
        first, last = _piece(flags[y0:y1, x0:x1].mean(axis=1), _BREAK, lone=True)
        y0, y1 = y0 + first, y0 + last
        if (x0, y0, x1, y1) == before:
            break
    return x0, y0, x1, y1


def _piece(density: Density, least: int, *, lone: bool = False) -> tuple[int, int]:
    """[first, last) of the pieces that flat places part, from the weightiest on; with `lone`, of that one and what is not
    thin beside it (a dark band in the picture's depth parts no pictures)."""
    usual = float(np.percentile(density, 80))
    flat = density <= _FLAT * usual
    pieces: list[tuple[int, int]] = []
    begin = 0
    run = 0
    for k, is_flat in enumerate([*flat.tolist(), *[True] * least]):
        run = run + 1 if is_flat else 0
        if run == least:
            if k - run + 1 > begin:
                pieces.append((begin, k - run + 1))
            begin = k + 1
        elif run > least:
            begin = k + 1
    if not pieces:
        return 0, len(density)
    weight = [float(density[a:b].sum()) for a, b in pieces]
    best = int(np.argmax(weight))
    kept = [best]
    if lone:
        kept += [k for k, w in enumerate(weight) if w >= _THIN * sum(weight)]
    return pieces[min(kept)][0], pieces[max(kept)][1]


def trimmed(flags: Flags, box: Box) -> Box:
    """`box`, of a picture with straight sides, without columns at its sides that are textured here and there, as text is.

    A column counts where one third of the rows with echoes is textured as the picture is: the sides of a steered picture
    lean, and an anechoic place reaches a side.
    """
    x0, y0, x1, y1 = box
    part = flags[y0:y1, x0:x1]
    by_row = part.mean(axis=1)
    echoes = np.flatnonzero(by_row >= 0.5 * np.percentile(by_row, 90))
    if len(echoes) < 12:
        return box
    dense = np.max([part[third].mean(axis=0) for third in np.array_split(echoes, 3)], axis=0)
    smooth = np.convolve(dense, np.ones(_SMOOTH) / _SMOOTH, "same")
    good = (dense >= _DENSE * np.percentile(dense, 70)) & (smooth >= _DENSE * np.percentile(smooth, 70))
    first, last = _longest(good)
    return box if last - first < 0.3 * (x1 - x0) else (x0 + first, y0, x0 + last, y1)


def _longest(good: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """[first, last) of the longest run of good values, over gaps of a few."""
    at = np.flatnonzero(good)
    if not len(at):
        return 0, 0
    runs = np.split(at, np.flatnonzero(np.diff(at) > _BREAK) + 1)
    longest = max(runs, key=lambda run: int(run[-1] - run[0]))
    return int(longest[0]), int(longest[-1]) + 1


def with_bands(bgr: Bgr, flags: Flags, box: Box) -> Box:
    """`box`, of a picture with straight sides, with the bands of echoes that a dark gap parts from it above or below.

    Such a band is as wide as the picture: it begins and ends with the same columns. A spectrum, a tool bar or text do not.
    """
    x0, y0, x1, y1 = box
    high = y1 - y0
    for _ in range(_ROUNDS):
        end, start = panel_end(bgr, (x0, y0, x1, y1)), panel_start(bgr, (x0, y0, x1, y1))
        below = _band(bgr, flags, (x0, x1), end, 1) if end - y1 <= _FAR * high else 0
        above = _band(bgr, flags, (x0, x1), start - 1, -1) if y0 - start <= _FAR * high else 0
        if not below and not above:
            break
        y1, y0 = (end + below if below else y1), (start - above if above else y0)
    return x0, y0, x1, y1


def _band(bgr: Bgr, flags: Flags, columns: tuple[int, int], row: int, step: int) -> int:
    """How many rows from `row` on, in the direction of `step`, have echoes between just these columns; 0 for none."""
    x0, x1 = columns
    rim = max(3, (x1 - x0) // 40)
    far0, far1 = max(0, x0 - 2 - rim), min(flags.shape[1], x1 + 2 + rim)
    ground = float(np.median(bgr[row - step * _BREAK, x0:x1].max(axis=1))) if 0 <= row - step * _BREAK < len(bgr) else 0.0
    rows = count = 0
    faint = len(flags) // 40  # rows in which a band comes up out of the dark
    while 0 <= row + step * rows < len(flags):
        at = row + step * rows
        line = (flags[at, far0:far1] > 0) | (bgr[at, far0:far1].max(axis=1) > ground + _LIT)
        inside = line[x0 - far0 : x1 - far0]
        ends = min(inside[:rim].mean(), inside[-rim:].mean())
        beyond = (line[: max(0, x0 - 2 - far0)], line[x1 + 2 - far0 :])
        outside = max(float(part.mean()) if part.size else 0.0 for part in beyond)
        if outside > 0.3:
            break
        if inside.mean() < 0.6 or ends < 0.5:
            if count or rows >= faint:
                break
        else:
            count += 1
        rows += 1
    return rows if count >= _BREAK else 0
