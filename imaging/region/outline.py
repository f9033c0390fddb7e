"""The outline of one textured area: its straight or fanning sides, its kind, its mask."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.region.parting import trimmed, with_bands, without_flat_ends, without_neighbours
from imaging.region.texture import Flags, grey_of, plain_texture
from imaging.region.ultrasound import Box, Kind, Mask

Rows = npt.NDArray[np.float64]

#: Columns that a side may lean by each row in a linear picture, and together by which they may part (steered trapezoids).
_STRAIGHT: Final = 0.12
_UPRIGHT: Final = 0.012  #: columns each row that a side may lean and is still upright
_FULL: Final = 0.93  #: of a box that a picture with straight sides fills
_RINGING: Final = 10  #: rows above a picture that JPEG's blocks may fill
_DROP: Final = 6  #: rows that are far less textured than those above, where a picture ends
_POINTED: Final = 0.07  #: distance of a sector's top from its apex, as a part of its depth


@dataclass(frozen=True, slots=True)
class Outline:
    """What the outline of an area tells; lines are (a, b) of column = a * row + b."""

    box: Box
    kind: Kind
    mask: Mask
    left: tuple[float, float]
    right: tuple[float, float]
    apex: tuple[float, float] | None


def outline_of(bgr: Bgr, flags: Flags, hull: Mask, box: Box) -> Outline:
    """The outline of the area whose convex hull is `hull` (whole frame), from the frame's texture."""
    plain = plain_texture(grey_of(bgr), flags, box)
    x0, y0, x1, y1 = straight = without_flat_ends(plain, trimmed(plain, box))
    if float((hull[y0:y1, x0:x1] > 0).mean()) > _FULL:
        return _linear(bgr, flags, plain, straight)
    x0, y0, x1, y1 = box
    inside = hull[y0:y1, x0:x1] > 0
    left = inside.argmax(axis=1).astype(float)
    right = inside.shape[1] - inside[:, ::-1].argmax(axis=1).astype(float)
    seen = inside.any(axis=1)
    rows = np.flatnonzero(seen).astype(float)
    if len(rows) < 8:
        return _rectangle(flags.shape, box)
    left, right = left[seen], right[seen]
    width = right - left
    widest = float(width.max())
    # Sides are read where the picture still widens: a fan's lower corners and its arc are left out.
    until = int(np.argmax(width >= 0.93 * widest)) + 1
    top_width = float(np.median(width[: max(2, len(rows) // 40)]))
    if until < len(rows) // 6 or top_width > 0.85 * widest:
        return _linear(bgr, flags, plain, straight)
    # The hull's top rows follow the face's arc: the sides begin where the rate of widening is steady.
    first = int(0.12 * until)
    span = slice(first, max(first + 4, int(0.9 * until)))
    line_l = robust_line(rows[span], left[span])
    line_r = robust_line(rows[span], right[span])
    if max(abs(line_l[0]), abs(line_r[0])) < _STRAIGHT or line_r[0] - line_l[0] < 0.2:
        return _linear(bgr, flags, plain, straight)
    return _fan(flags, hull, box, line_l, line_r)


def robust_line(rows: Rows, columns: Rows) -> tuple[float, float]:
    """(a, b) of column = a * row + b through most of the points: least squares, without what lies far off, five times."""
    keep = np.ones(len(rows), bool)
    a, b = 0.0, float(np.median(columns))
    for _ in range(5):
        if keep.sum() < 3 or float(np.ptp(rows[keep])) == 0:
            break
        a, b = (float(v) for v in np.polyfit(rows[keep], columns[keep], 1))
        off = np.abs(columns - a * rows - b)
        keep = off <= max(1.5, 2.5 * float(np.median(off)))
    return a, b


def _fan(flags: Flags, hull: Mask, box: Box, left: tuple[float, float], right: tuple[float, float]) -> Outline:
    x0, y0, x1, y1 = box
    # From lines in the box to lines in the frame.
    to_frame = [(a, b + x0 - a * y0) for a, b in (left, right)]
    (a_l, b_l), (a_r, b_r) = to_frame
    apex_row = (b_l - b_r) / (a_r - a_l)
    apex = (a_l * apex_row + b_l, apex_row)
    mask = _under_the_top(flags, hull, box)
    kind: Kind = "convex" if _curved_top(mask, box, to_frame, apex) else "sector"
    grid_c, grid_r = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
    within = (grid_c >= a_l * grid_r + b_l - 2) & (grid_c <= a_r * grid_r + b_r + 2)
    mask[y0:y1, x0:x1][~within] = 0
    return Outline(box, kind, mask, to_frame[0], to_frame[1], apex)


def _curved_top(mask: Mask, box: Box, sides: list[tuple[float, float]], apex: tuple[float, float]) -> bool:
    """Whether the top is an arc around the apex (a convex probe's face), and not a point or a straight cut.

    Where the screen's own edge cuts the picture, only the distance to the apex tells: no sector begins that far away.
    """
    _, y0, _, y1 = box
    column, row = apex
    if y0 <= 1 and row < -0.2 * (y1 - row):
        return True
    about = max(2, (box[2] - box[0]) // 40)
    middle = mask[y0:y1, max(0, round(column) - about) : round(column) + about] > 0
    if not middle.any() or y0 - row < _POINTED * (y1 - row):
        return False
    begin = float(np.median(middle.argmax(axis=0))) + y0 - row
    # The hull's first row is that of the face's two ends.
    cosines = [1 / np.hypot(1, a) for a, _ in sides]
    straight = (y0 - row) * (1 + 1 / float(np.mean(cosines))) / 2
    return begin > straight


def _under_the_top(flags: Flags, hull: Mask, box: Box) -> Mask:
    """The hull without what lies above the texture's first row of each column (a convex face's arc hangs down)."""
    x0, y0, x1, y1 = box
    mask = hull.copy()
    strip = cv2.morphologyEx(flags[y0:y1, x0:x1], cv2.MORPH_OPEN, np.ones((3, 5), np.uint8))
    first = np.where(strip.any(axis=0), strip.argmax(axis=0), y1 - y0).astype(np.float32)
    smooth = np.sort(_windows(first, max(3, (x1 - x0) // 40)), axis=1)[:, 1]
    limit = (y1 - y0) * 0.35  # an arc is no deeper than this: what begins lower is a shadow or an anechoic place
    for column, begin in enumerate(smooth):
        if begin < limit:
            mask[y0 : y0 + int(begin), x0 + column] = 0
    return mask


def _windows(values: npt.NDArray[np.float32], reach: int) -> npt.NDArray[np.float32]:
    padded = np.pad(values, reach, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1))


def _linear(bgr: Bgr, flags: Flags, plain: Flags, box: Box) -> Outline:
    """A picture with straight sides: they are read to the pixel from the texture, and lean where a steered one leans."""
    around, flags = flags, without_neighbours(flags, plain, box)
    box = _clear_top(plain, with_bands(bgr, flags, around, _snapped(flags, box)))
    x0, y0, x1, y1 = box
    sides = _sides(flags, box)
    if sides is None:
        return _rectangle(flags.shape, box)
    left, right = sides
    if abs(left[0]) < _UPRIGHT and abs(right[0]) < _UPRIGHT:
        across = (y0 + y1) / 2
        x0, x1 = round(left[0] * across + left[1]), round(right[0] * across + right[1])
        return _rectangle(flags.shape, (max(0, x0), y0, min(flags.shape[1], x1), y1))
    mask: Mask = np.zeros(flags.shape, np.uint8)
    ends = [line[0] * row + line[1] for row in (y0, y1) for line in (left, right)]
    corners = [[ends[0], y0], [ends[1] - 1, y0], [ends[3] - 1, y1 - 1], [ends[2], y1 - 1]]
    cv2.fillConvexPoly(mask, np.rint(np.array(corners)).astype(np.int32), (255,))
    wide = (max(0, round(min(ends))), y0, min(flags.shape[1], round(max(ends))), y1)
    return Outline(wide, "linear", mask, left, right, None)


def _sides(flags: Flags, box: Box) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Both sides as lines, from where the texture begins and ends in bands of rows; most of the bands must agree."""
    x0, y0, x1, y1 = box
    reach = max(6, (x1 - x0) // 12)
    wide0, wide1 = max(0, x0 - reach), min(flags.shape[1], x1 + reach)
    edges = np.linspace(y0, y1, 33).astype(int)
    middles, lefts, rights = [], [], []
    for top, bottom in itertools.pairwise(edges):
        if bottom - top < 2:
            continue
        profile = flags[top:bottom, wide0:wide1].mean(axis=0)
        core = float(np.median(profile[reach : len(profile) - reach])) if len(profile) > 2 * reach + 8 else 0.0
        if core < 0.2:
            continue
        first, last = _extent(profile, 0.4 * core, wide0, (x0, x1))
        middles.append((top + bottom - 1) / 2)
        lefts.append(float(_inset(first, 0)))
        rights.append(float(_outset(last, flags.shape[1])))
    if len(middles) < 6:
        return None
    rows = np.array(middles)
    return _side(rows, np.array(lefts)), _side(rows, np.array(rights))


def _side(rows: Rows, columns: Rows) -> tuple[float, float]:
    """(a, b) of the line through most of the points; upright where nearly as many points say so."""
    upright = float(np.median(columns))
    best, agreed = (0.0, upright), 0
    for candidate in np.unique(np.rint(columns)):
        count = int((np.abs(columns - candidate) <= 1.5).sum())
        if count > agreed:
            best, agreed = (0.0, float(np.median(columns[np.abs(columns - candidate) <= 1.5]))), count
    if agreed >= 0.45 * len(rows):
        return best
    for i in range(len(rows)):
        for j in range(i + len(rows) // 3, len(rows)):
            a = (columns[j] - columns[i]) / (rows[j] - rows[i])
            off = np.abs(columns - columns[i] - a * (rows - rows[i]))
            count = int((off <= 2.0).sum())
            if count > 1.3 * agreed and count >= 5:
                near = off <= 2.0
                a, b = (float(v) for v in np.polyfit(rows[near], columns[near], 1))
                best, agreed = (a, b), count
    return best


def _rectangle(shape: tuple[int, ...], box: Box) -> Outline:
    mask: Mask = np.zeros((shape[0], shape[1]), np.uint8)
    x0, y0, x1, y1 = box
    mask[y0:y1, x0:x1] = 255
    return Outline(box, "linear", mask, (0.0, float(x0)), (0.0, float(x1)), None)


def _snapped(flags: Flags, box: Box) -> Box:
    """The box with each side moved to where the texture begins: sideways by a little, up and down as far as echoes reach.

    Texture is told from 3x3 pixels, so it begins one pixel before the picture does. With depth the echoes fade: the lower
    side follows as long as rows are textured at least a little.
    """
    x0, y0, x1, y1 = box
    reach = max(6, (x1 - x0) // 25)
    wide0, wide1 = max(0, x0 - reach), min(flags.shape[1], x1 + reach)
    by_column = flags[y0:y1, wide0:wide1].mean(axis=0)
    core = float(np.median(flags[y0:y1, x0:x1].mean(axis=0)))
    new_x0, new_x1 = _extent(by_column, 0.35 * core, wide0, (x0, x1))
    faint = max(0.03, 0.08 * core)
    density = flags[:, x0 + (x1 - x0) // 20 : x1 - (x1 - x0) // 20].mean(axis=1)
    inner = density >= faint
    start = (y0 + y1) // 2
    top = start - _until_calm(inner[: start + 1][::-1]) + 1
    bottom = start + min(_until_calm(inner[start:]), _until_drop(density[start:]))
    # A frame line or a title above: what is far above the dense texture and thin is not echoes.
    return _inset(new_x0, 0), _inset(max(0, top), 0), _outset(new_x1, flags.shape[1]), _outset(bottom, flags.shape[0])


def _until_calm(busy: npt.NDArray[np.bool_]) -> int:
    """How many rows from the first on are textured, over gaps of three."""
    calm = np.convolve(~busy, np.ones(4), "valid") >= 4
    return int(np.argmax(calm)) if calm.any() else len(busy)


def _clear_top(plain: Flags, box: Box) -> Box:
    """The box without rows at its top that have but JPEG's ringing: the near field is bright from its first row on."""
    x0, y0, x1, y1 = box
    density = plain[y0 : y0 + _RINGING + 20, x0:x1].mean(axis=1)
    if len(density) < _RINGING + 8:
        return box
    begins = np.flatnonzero(density[:_RINGING] >= 0.25 * float(np.median(density[_RINGING:])))
    return (x0, y0 + int(begins[0]) + (1 if begins[0] else 0), x1, y1) if len(begins) else box


def _until_drop(density: npt.NDArray[np.float64]) -> int:
    """How many rows from the first on, to where the density of texture falls at once: noise fades, a ruler below it does not
    look like it."""
    usual = float(density[0])
    for row in range(1, len(density) - _DROP):
        after = density[row : row + _DROP]
        if usual > 0.12 and float(after.max()) < 0.4 * usual and float(density[row - 1]) > 0.6 * usual:
            return row
        usual += 0.1 * (float(density[row]) - usual)
    return len(density)


def _inset(edge: int, border: int) -> int:
    return edge if edge <= border else edge + 1


def _outset(edge: int, length: int) -> int:
    return edge if edge >= length else max(edge - 1, 1)


def _extent(profile: npt.NDArray[np.float64], least: float, offset: int, around: tuple[int, int]) -> tuple[int, int]:
    """[first, last) of the values at or above `least`, both from `around` outwards to a gap of three, or else inwards."""
    good = profile >= least
    first = _out_or_in(good[::-1], len(good) - 1 - (around[0] - offset))
    last = _out_or_in(good, around[1] - 1 - offset)
    return offset + len(good) - first, offset + last


def _out_or_in(good: npt.NDArray[np.bool_], at: int) -> int:
    """The end (exclusive) of the good values that reach `at` or stop short of it; lone ones beyond do not count."""
    at = min(max(at, 0), len(good) - 1)
    while at > 4 and not good[at - 4 : at + 1].all():
        at -= 1
    calm = np.convolve(~good[at:], np.ones(3), "valid") >= 3
    return at + int(np.argmax(calm)) if calm.any() else len(good)
