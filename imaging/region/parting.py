"""Part a textured area from what stands close to it: columns of text, small pictures, rulers, tool bars.

A coarse map joins what is a few pixels apart. The picture is textured without a break wherever it has echoes; between it
and anything else a few columns or rows are flat from one end to the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.region.panel import panel_end, panel_start
from imaging.region.texture import Flags
from imaging.region.ultrasound import Box

_FLAT: Final = 0.12  #: of the usual density of texture, below which a row or a column is flat
_NOTHING: Final = 0.004  #: the same, below which there is no texture at all
_BREAK: Final = 4  #: flat rows, in a run, that part two things
_NARROW: Final = 2  #: flat columns, in a run, that part two things: a panel's edge may stand between
_ROUNDS: Final = 3
_THIN: Final = 0.2  #: of the whole area's texture, below which a part is a neighbour and not half of a picture
_WIDE: Final = 0.08  #: of the whole width, that a part of the picture has at least
_FEW: Final = 12  #: rows with echoes, below which columns are not judged
_RUN: Final = 0.35  #: of the picture's usual run of textured rows that its outermost columns have
_LIT: Final = 12  #: levels of 255 by which an echo is lighter than the ground
_BESIDE: Final = 0.6  #: of the rows beside a band that are textured, where it is wider than the picture above it
_FAR: Final = 0.35  #: of the picture's height: the widest dark gap within one, above (gel, a stand-off)
_FAR_BELOW: Final = 0.12  #: the same below, where a spectrum as wide as the picture may follow

Density = npt.NDArray[np.float64]


def parted(flags: Flags, box: Box) -> Box:
    """`box` without what flat columns or rows part from the piece that has the most texture."""
    x0, y0, x1, y1 = box
    for _ in range(_ROUNDS):
        before = (x0, y0, x1, y1)
        first, last = _piece(_with_echoes(flags[y0:y1, x0:x1]).mean(axis=0), _NARROW)
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
    first, last = pieces[min(kept)][0], pieces[max(kept)][1]
    # A fan's corners thin out: they belong to it up to where there is nothing, unless there is a neighbour.
    while min(kept) == 0 and first > 0 and density[first - 1] > _NOTHING * usual:
        first -= 1
    while max(kept) == len(pieces) - 1 and last < len(density) and density[last] > _NOTHING * usual:
        last += 1
    return first, last


def trimmed(flags: Flags, box: Box) -> Box:
    """`box`, of a picture with straight sides, without columns at its sides that are textured here and there, as text is.

    In the picture a column is textured over a long run of rows; between two lines of text there is none.
    """
    x0, y0, x1, y1 = box
    picture = _textured_throughout(flags[y0:y1, x0:x1])
    if picture is None:
        return box
    first, last = _spanned(picture)
    return box if last - first < 0.3 * (x1 - x0) else (x0 + first, y0, x0 + last, y1)


def without_flat_ends(flags: Flags, box: Box) -> Box:
    """`box`, trimmed at its sides, without the flat rows above and below that came with what stood beside it."""
    x0, y0, x1, y1 = box
    density = flags[y0:y1, x0:x1].mean(axis=1)
    busy = np.flatnonzero(density > _FLAT * np.percentile(density, 80))
    return (x0, y0 + int(busy[0]), x1, y0 + int(busy[-1]) + 1) if len(busy) else box


def without_neighbours(flags: Flags, plain: Flags, box: Box) -> Flags:
    """The texture with none in the columns beside `box` (trimmed), up to where its sides are looked for, that are not
    textured over a long run of rows as the picture is: a side is not to be taken for one farther out."""
    x0, y0, x1, y1 = box
    reach = max(6, (x1 - x0) // 12) + 2
    far0, far1 = max(0, x0 - reach), min(flags.shape[1], x1 + reach)
    picture = _textured_throughout(plain[y0:y1, far0:far1])
    if picture is None:
        return flags
    alien = np.flatnonzero(~picture) + far0
    cleaned = flags.copy()
    cleaned[:, alien[(alien < x0 - 1) | (alien > x1)]] = 0
    return cleaned


def _with_echoes(part: Flags) -> Flags:
    """The rows that have echoes: those below bone have none, and tell nothing of the columns."""
    by_row = part.mean(axis=1)
    return np.asarray(part[by_row >= 0.5 * np.percentile(by_row, 90)])


def _textured_throughout(part: Flags) -> npt.NDArray[np.bool_] | None:
    """Which columns are textured over a long run of the rows with echoes; None where there are too few such rows."""
    echoes = _with_echoes(part)
    if len(echoes) < _FEW:
        return None
    runs = _longest_runs(echoes)
    return np.asarray(runs >= _RUN * np.percentile(runs, 70))


def _longest_runs(part: Flags) -> Density:
    """The longest run of textured rows in each column, over gaps of two."""
    closed = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones((3, 1), np.uint8))
    run = np.zeros(part.shape[1], np.int32)
    longest = run.copy()
    for line in closed:
        run = np.where(line > 0, run + 1, 0)
        np.maximum(longest, run, out=longest)
    return longest.astype(np.float64)


def _spanned(good: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """[first, last) of the runs of good values, over gaps of a few, but for thin ones: a line or a grey bar."""
    at = np.flatnonzero(good)
    if not len(at):
        return 0, 0
    runs = np.split(at, np.flatnonzero(np.diff(at) > _BREAK) + 1)
    wide = [run for run in runs if run[-1] - run[0] >= _WIDE * len(good)]
    if not wide:
        return 0, 0
    return int(wide[0][0]), int(wide[-1][-1]) + 1


def with_bands(bgr: Bgr, flags: Flags, around: Flags, box: Box) -> Box:
    """`box`, of a picture with straight sides, with the bands of echoes that a dark gap parts from it above or below.

    Such a band is as wide as the picture: it begins and ends with the same columns. A spectrum, a tool bar or text do not.
    `around` is the texture with that of the picture's neighbours.
    """
    x0, y0, x1, y1 = box
    high = y1 - y0
    for _ in range(_ROUNDS):
        end, start = panel_end(bgr, (x0, y0, x1, y1)), panel_start(bgr, (x0, y0, x1, y1))
        below = _band(bgr, flags, (x0, x1), end, 1) if end - y1 <= _FAR_BELOW * high else 0
        above = _band(bgr, flags, (x0, x1), start - 1, -1) if y0 - start <= _FAR * high else 0
        below = 0 if _goes_on_beside(around, (x0, y0, x1, y1), (end, end + below)) else below
        above = 0 if _goes_on_beside(around, (x0, y0, x1, y1), (start - above, start)) else above
        if not below and not above:
            break
        y1, y0 = (end + below if below else y1), (start - above if above else y0)
    return x0, y0, x1, y1


def _goes_on_beside(around: Flags, box: Box, rows: tuple[int, int]) -> bool:
    """Whether a band is textured beyond the picture's columns, where beside the picture itself there is far less."""
    if rows[1] <= rows[0]:
        return False
    x0, y0, x1, y1 = box
    rim = max(3, (x1 - x0) // 40)
    beyond = [(max(0, x0 - 2 - rim), max(0, x0 - 2)), (x1 + 2, x1 + 2 + rim)]
    for first, last in beyond:
        band, own = around[rows[0] : rows[1], first:last], around[y0:y1, first:last]
        if band.size and float(band.mean()) > _BESIDE and float(own.mean()) < 0.5 * float(band.mean()):
            return True
    return False


def _band(bgr: Bgr, flags: Flags, columns: tuple[int, int], row: int, step: int) -> int:
    """How many rows from `row` on, in the direction of `step`, have echoes between just these columns; 0 for none."""
    x0, x1 = columns
    rim = max(3, (x1 - x0) // 40)
    far0, far1 = max(0, x0 - 2 - rim), min(flags.shape[1], x1 + 2 + rim)
    ground = (
        float(np.median(bgr[row - step * _BREAK, x0:x1].max(axis=1))) if 0 <= row - step * _BREAK < len(bgr) else 0.0
    )
    rows = count = 0
    faint = len(flags) // 40  # rows in which a band comes up out of the dark
    while 0 <= row + step * rows < len(flags):
        at = row + step * rows
        level = bgr[at, far0:far1].max(axis=1).astype(np.float64)
        aside = np.concatenate([level[: max(0, x0 - 2 - far0)], level[x1 + 2 - far0 :]])
        lit = level > ground + _LIT
        # What is as light beside the picture is the theme's own colour.
        lit &= np.abs(level - float(np.median(aside))) > _LIT if aside.size else False
        line = (flags[at, far0:far1] > 0) | lit
        inside = line[x0 - far0 : x1 - far0]
        ends = min(inside[:rim].mean(), inside[-rim:].mean())
        texture = flags[at, far0:far1]
        beyond = (texture[: max(0, x0 - 2 - far0)], texture[x1 + 2 - far0 :])
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
