"""Shapes as pixels: which pixels of a picture lie inside an outline, an ellipse, or between two boundary lines.

A pixel belongs to a shape where its centre (column + 0.5, row + 0.5) does, so the areas of neighbours neither overlap nor
leave a gap. Masks are kept as the rows that hold anything: a small vessel in a large picture costs little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from annotation.shapes import Ellipse, PlainPlace, Polyline

Bits = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float64]

_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class Mask:
    """`bits` (rows, columns of the whole picture) are the rows from `first_row` on; above and below them is nothing."""

    first_row: int
    bits: Bits

    @property
    def pixels(self) -> int:
        """How many pixels are in it."""
        return int(np.count_nonzero(self.bits))


def mask_of(shape: Ellipse | Polyline, columns: int, rows: int) -> Mask:
    """The pixels inside an ellipse or an outline (even-odd rule), in a picture of columns x rows; empty for an open line."""
    if isinstance(shape, Ellipse):
        return _in_ellipse(shape, columns, rows)
    return _in_outline(shape.vertices, columns, rows) if shape.closed else Mask(0, np.zeros((0, columns), np.bool_))


def _span(low: float, high: float, end: int) -> tuple[int, int]:
    """The pixels whose centres can lie between two places, as a range within 0 to `end`."""
    return max(0, int(np.floor(low - _MIDDLE))), min(end, int(np.ceil(high + _MIDDLE)) + 1)


def _in_ellipse(shape: Ellipse, columns: int, rows: int) -> Mask:
    x0, y0, x1, y1 = shape.box
    (left, right), (top, bottom) = _span(x0, x1, columns), _span(y0, y1, rows)
    bits = np.zeros((max(bottom - top, 0), columns), np.bool_)
    (x, y), (a, b) = shape.centre, shape.semi_axes
    turn = np.radians(shape.angle_deg)
    across = np.arange(left, right) + _MIDDLE - x
    down = np.arange(top, bottom)[:, None] + _MIDDLE - y
    along = (across * np.cos(turn) + down * np.sin(turn)) / a
    beside = (down * np.cos(turn) - across * np.sin(turn)) / b
    bits[:, left:right] = along * along + beside * beside <= 1
    return Mask(top, bits)


def _in_outline(vertices: Sequence[PlainPlace], columns: int, rows: int) -> Mask:
    downs = [y for _, y in vertices]
    top, bottom = _span(min(downs), max(downs), rows)
    # Each edge turns the pixels right of it over, in the rows whose centres it spans (its upper end in, its lower out).
    turned = np.zeros((max(bottom - top, 0), columns + 1), np.uint8)
    for (x0, y0), (x1, y1) in pairwise([*vertices, vertices[0]]):
        if y0 == y1:
            continue
        low, high = min(y0, y1), max(y0, y1)
        met = np.arange(max(top, int(np.ceil(low - _MIDDLE))), min(bottom, int(np.ceil(high - _MIDDLE))))
        at = x0 + (met + _MIDDLE - y0) * (x1 - x0) / (y1 - y0)
        turned[met - top, np.clip(np.ceil(at - _MIDDLE).astype(int), 0, columns)] ^= 1
    inside = np.bitwise_xor.accumulate(turned[:, :columns], axis=1)
    return Mask(top, inside.astype(np.bool_))


def boundary_rows(vertices: Iterable[PlainPlace], columns: int) -> Rows:
    """The row of a boundary line over the centre of each column, the uppermost where it bends back; nan beyond its ends."""
    line = np.array(tuple(vertices))
    if len(line) > 2 and (np.diff(line[:, 0]) > 0).all():
        return _rows_of_function(line, columns)
    found = np.full(columns, np.inf)
    for (x0, y0), (x1, y1) in pairwise(line.tolist()):
        (xa, ya), (xb, yb) = sorted(((x0, y0), (x1, y1)))
        first, end = max(0, int(np.ceil(xa - _MIDDLE))), min(columns, int(np.floor(xb - _MIDDLE)) + 1)
        if xa == xb or end <= first:
            continue
        at = np.arange(first, end) + _MIDDLE
        found[first:end] = np.minimum(found[first:end], ya + (yb - ya) * (at - xa) / (xb - xa))
    found[np.isinf(found)] = np.nan
    return found


def _rows_of_function(line: Rows, columns: int) -> Rows:
    """The same for a line (vertices, 2) that only goes to the right: all columns at once, in the very same numbers."""
    xs, ys = line[:, 0], line[:, 1]
    at = np.arange(columns) + _MIDDLE
    found = np.full(columns, np.nan)
    on = np.flatnonzero((at >= xs[0]) & (at <= xs[-1]))
    here = at[on]
    rows = []
    for side in ("left", "right"):  # over a vertex lie the ends of two pieces
        k = np.clip(np.searchsorted(xs, here, side) - 1, 0, len(xs) - 2)
        rows.append(ys[k] + (ys[k + 1] - ys[k]) * (here - xs[k]) / (xs[k + 1] - xs[k]))
    found[on] = np.minimum(*rows)
    return found


def band(upper: Rows, lower: Rows, rows: int) -> Mask:
    """The pixels from one boundary down to another (rows over each column, nan where either is not drawn)."""
    there = (upper < lower) & np.isfinite(upper) & np.isfinite(lower)
    if not there.any():
        return Mask(0, np.zeros((0, len(upper)), np.bool_))
    top, bottom = _span(float(upper[there].min()), float(lower[there].max()), rows)
    at = np.arange(top, bottom)[:, None] + _MIDDLE
    return Mask(top, there & (upper <= at) & (at < lower))


def packed(masks: Sequence[Mask], columns: int, rows: int) -> bytes:
    """Frames of one bit a pixel, frame after frame without a gap: binary Pixel Data (PS3.5, 8.1.1), of even length."""
    bits = len(masks) * rows * columns
    out = np.zeros((bits + 15) // 16 * 2, np.uint8)
    for number, mask in enumerate(masks):
        start = (number * rows + mask.first_row) * columns
        shift = start % 8
        flat = mask.bits.reshape(-1)
        part = np.packbits(np.concatenate([np.zeros(shift, np.bool_), flat]) if shift else flat, bitorder="little")
        out[start // 8 : start // 8 + len(part)] |= part
    return out.tobytes()


def unpacked(data: bytes, number: int, columns: int, rows: int) -> Bits:
    """Frame `number` (from 0) of binary Pixel Data, rows x columns."""
    start = number * rows * columns
    end = start + rows * columns
    raw = np.frombuffer(data, np.uint8)[start // 8 : (end + 7) // 8]
    bits = np.unpackbits(raw, bitorder="little")[start % 8 : start % 8 + rows * columns]
    return bits.reshape(rows, columns).astype(np.bool_)
