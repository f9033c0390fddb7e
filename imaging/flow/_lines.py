"""Thin drawn lines of a screen: where a colour box may have its sides.

A drawn line is a ridge one to three pixels wide that keeps its place over a long way; speckle and tissue have ridges too,
but they do not run straight. Ridges are taken in luminance and colour together, so that a yellow line over bright tissue
counts. Straight lines come from a Hough transform (Duda and Hart, 1972) over the ridge pixels, with steep angles only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, opponent
from imaging.pictures import Bgr

STEEPEST: Final = 44.0  #: degrees from the vertical: steered boxes reach 30, the sides of a wide sector 45
_WEAK: Final = 7.0  #: grey levels above both sides: below, a ridge is noise
_STRONG: Final = 90.0  #: grey levels at which a ridge counts in full
_CROWD: Final = 0.13  #: part of the lit picture that ridges may cover before the weak ones are dropped
_PLAIN: Final = 0.3  #: of a ridge, from which it is never dropped
_COLOURED: Final = 2.0  #: weight of colour against luminance: tissue has none, most outlines have some
_LINES: Final = 48  #: candidates kept


@dataclass(frozen=True, slots=True)
class Side:
    """A straight, steep line: column = `foot` + `lean` × row, drawn from row `top` to row `bottom` (exclusive)."""

    foot: float
    lean: float
    top: int
    bottom: int
    drawn: float  #: part of its rows where the ridge is seen, 0 to 1

    def at(self, row: float) -> float:
        """The column at this row."""
        return self.foot + self.lean * row


def ridges(bgr: Bgr, axis: int, thick: bool = False) -> Floats:
    """(rows, columns): how far a pixel stands out against both neighbours along `axis` (0: of lines that lie, 1: stand).

    The neighbours are two and three pixels away, on screens of 900 rows and more (`thick`) also four and five, because
    machines draw thicker lines there; 0 to 1, where 1 is a line that anyone sees.
    """
    smooth = opponent(np.asarray(cv2.blur(bgr, (1, 3) if axis == 1 else (3, 1)), np.uint8))
    smooth[..., 1:] *= _COLOURED
    best: Floats = np.zeros(bgr.shape[:2], np.float32)
    for away in (2, 3, 4, 5) if thick else (2, 3):
        before = smooth - _shifted(smooth, away, axis)
        after = smooth - _shifted(smooth, -away, axis)
        both = np.einsum("ijk,ijk->ij", before, after)
        # Where one side stands out far more than the other it is an edge with a slope, not a line.
        weaker = np.sqrt(np.minimum(np.einsum("ijk,ijk->ij", before, before), np.einsum("ijk,ijk->ij", after, after)))
        height = np.minimum(np.sqrt(np.maximum(both, 0)), weaker)
        np.maximum(best, height, out=best)
    best[best < _WEAK] = 0
    return np.asarray(np.minimum(best / _STRONG, 1), np.float32)


def clear(ridge: Floats, lit: npt.NDArray[np.bool_]) -> Floats:
    """The ridges with the weak ones dropped, until they cover no more than a tenth of the lit picture.

    Where speckle is as coarse as a drawn line is wide, a fixed limit would leave lines everywhere.
    """
    part = ridge[lit]
    limit = float(np.quantile(part, 1 - _CROWD)) if part.size else 0.0
    return np.where(ridge > min(limit, _PLAIN), ridge, 0).astype(np.float32)


def _shifted(plane: Floats, by: int, axis: int) -> Floats:
    """The plane moved by some pixels, its edge repeated."""
    matrix = np.array([[1, 0, by if axis == 1 else 0], [0, 1, by if axis == 0 else 0]], np.float32)
    moved = cv2.warpAffine(
        plane, matrix, (plane.shape[1], plane.shape[0]), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.float32)


def thinned(ridge: Floats, axis: int) -> Floats:
    """Only the crest of each ridge."""
    size = (3, 1) if axis == 1 else (1, 3)
    crest = np.asarray(cv2.dilate(ridge, np.ones((size[1], size[0]), np.uint8)), np.float32)
    return np.where(ridge >= crest, ridge, 0).astype(np.float32)


def find_sides(ridge: Floats, shortest: int) -> list[Side]:
    """Steep straight lines of at least `shortest` rows, the most conspicuous first."""
    height, width = ridge.shape
    crest = thinned(ridge, 1)
    rows, columns = np.nonzero(crest)
    if len(rows) < shortest:
        return []
    weights = crest[rows, columns]
    if len(rows) > 90_000:  # the strongest tell
        keep = np.argpartition(weights, -90_000)[-90_000:]
        rows, columns, weights = rows[keep], columns[keep], weights[keep]
    leans = np.tan(np.deg2rad(np.arange(-STEEPEST, STEEPEST + 0.01, 0.35)))
    middle = height / 2
    half = int(np.ceil(np.tan(np.deg2rad(STEEPEST)) * height / 2)) + 2
    size = width + 2 * half
    votes = np.zeros((len(leans), size), np.float32)
    for index, lean in enumerate(leans):
        foot = columns - lean * (rows - middle) + half
        votes[index] = np.bincount((foot + 0.5).astype(np.int64), weights, size)[:size]
    votes = np.asarray(cv2.blur(votes, (3, 1)), np.float32)
    background = np.asarray(cv2.blur(votes, (41, 1)), np.float32)
    excess = votes * 3 - background * 3
    return _peaks(excess, leans, half, ridge, shortest)


def _peaks(excess: Floats, leans: npt.NDArray[np.float64], half: int, ridge: Floats, shortest: int) -> list[Side]:
    sides: list[Side] = []
    middle = ridge.shape[0] / 2
    for _ in range(4 * _LINES):
        index, place = np.unravel_index(int(excess.argmax()), excess.shape)
        if excess[index, place] < 0.3 * shortest or len(sides) >= _LINES:
            break
        lean = float(leans[index])
        side = trace(ridge, Side(float(place) - half - lean * middle, lean, 0, ridge.shape[0], 0.0), shortest)
        low, high = max(0, int(index) - 5), int(index) + 6
        excess[low:high, max(0, int(place) - 4) : int(place) + 5] = -1
        if side is not None and not any(_same(side, other) for other in sides):
            sides.append(side)
    return sides


def _same(one: Side, other: Side) -> bool:
    top, bottom = max(one.top, other.top), min(one.bottom, other.bottom)
    return bottom > top and abs(one.at(top) - other.at(top)) < 3 and abs(one.at(bottom) - other.at(bottom)) < 3


def trace(ridge: Floats, line: Side, shortest: int) -> Side | None:
    """Where along a line something is drawn: its best stretch, the line fitted to it again."""
    rows = np.arange(ridge.shape[0])
    columns = line.at(0) + line.lean * rows
    near = sampled(ridge, rows, columns + np.arange(-2, 3)[:, None])
    seen = near[1:4].max(axis=0)
    stretch = best_stretch(seen > 0, 0.55)
    if stretch is None or stretch[1] - stretch[0] < shortest:
        return None
    top, bottom = stretch
    part = near[:, top:bottom]
    weight = part.max(axis=0)
    if weight.sum() <= 0:
        return None
    offset = part.argmax(axis=0) - 2
    lean, foot = np.polyfit(rows[top:bottom], columns[top:bottom] + offset, 1, w=weight + 1e-3)
    drawn = float(np.mean(seen[top:bottom] > 0))
    return Side(float(foot), float(lean), top, bottom, drawn)


def best_stretch(seen: npt.NDArray[np.bool_], needed: float) -> tuple[int, int] | None:
    """The stretch that is drawn most and longest: the largest sum of (seen − needed), Kadane's way."""
    score, start, best, found = 0.0, 0, 0.0, None
    for place, value in enumerate(seen.tolist()):
        if score <= 0:
            score, start = 0.0, place
        score += (1.0 if value else 0.0) - needed
        if score > best:
            best, found = score, (start, place + 1)
    return found


def sampled(plane: npt.NDArray[Any], rows: npt.ArrayLike, columns: npt.ArrayLike) -> npt.NDArray[Any]:
    """The plane at the nearest pixels, 0 outside it: in the shape of `rows` and `columns` (one or two dimensions, broadcast
    against each other), with the plane's channels behind."""
    down, across = np.broadcast_arrays(np.asarray(rows, np.float32), np.asarray(columns, np.float32))
    channels = plane.shape[2:]
    if not down.size:
        return np.zeros((*down.shape, *channels), plane.dtype)
    flat = (down.shape[0] if down.ndim == 2 else 1, -1)
    x, y = (np.ascontiguousarray(place.reshape(flat)) for place in (across, down))
    found = np.asarray(cv2.remap(plane, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT))
    return found.reshape(*down.shape, *channels)
