"""A region at reduced size, and how far down its echoes reach.

Echoes of tissue differ along a row even after a wide mean; electronic noise, which time gain lifts in the depth, does not.
So a row belongs to the tissue where its mean over a twentieth of the width still varies, and what lies below the last such
row is noise or nothing. Speckle statistics behind it: independent samples average out as 1/sqrt(n), structure does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_VARIES: Final = 0.20  #: of the strongest variation of a row, from which on a row holds echoes
_OF_MEAN: Final = 0.30  #: and of the row's own mean
_LEAST: Final = 1.5  #: grey levels
_GAP: Final = 0.12  #: rows without echoes within one picture: what begins farther down is a line of text
HALF_WHITE: Final = 128.0  #: white of a picture that is too dim to have any
_APART: Final = 0.04  #: rows left out between tissue and noise: the last echo's own fall
_ENOUGH: Final = 0.06  #: part of the rows that noise is measured on


@dataclass(frozen=True, slots=True)
class Tissue:
    """`levels` (256,) how many pixels of the tissue have each grey value, without the probe's own lines and the region's
    sides; `white` what the brightest pixels of this picture reach; `rows` that hold echoes, from the first on; `of_rows`
    the picture's; `noise` the mean grey below the tissue as a part of `white`, None where the tissue reaches the lower
    edge."""

    levels: npt.NDArray[np.float64] = field(repr=False)
    white: float
    rows: int
    of_rows: int
    noise: float | None

    @property
    def mean(self) -> float:
        """The tissue's mean grey value."""
        return float((self.levels * np.arange(256)).sum() / max(1.0, self.levels.sum()))

    def share(self, least: float, most: float) -> float:
        """The part of the tissue whose grey value is from `least` to `most`, both included."""
        values = np.arange(256)
        total = max(1.0, float(self.levels.sum()))
        return float(self.levels[(values >= least) & (values <= most)].sum()) / total


def tissue_of(grey: Grey, inside: Mask) -> Tissue | None:
    """Part the picture `grey` (rows, columns), some hundred columns, into tissue and what lies below it.

    `inside` is True within the outline. None where no row varies: nothing but noise, or black. About a millisecond.
    """
    rows, columns = grey.shape
    side = columns // 16
    part, seen = grey[:, side : columns - side], inside[:, side : columns - side]
    if min(part.shape) < 24:
        return None
    used = seen.mean(axis=1) > 0.25
    if used.sum() < 24:
        return None
    varies = _variation(part, seen, columns)
    counts = np.maximum(seen.sum(axis=1), 1)
    means = np.where(seen, part, 0).sum(axis=1) / counts
    echoes = used & (varies > max(_LEAST, _VARIES * float(np.percentile(varies[used], 90))))
    echoes &= varies > _OF_MEAN * np.maximum(means, 1)
    if echoes.sum() < 12:
        return None
    last = _end_of(echoes, round(_GAP * rows))
    first = int(0.12 * last)
    white = float(np.flatnonzero(np.cumsum(_levels(part, seen)) >= 0.999 * seen.sum())[0])
    below = slice(last + round(_APART * rows), rows)
    rest = means[below][used[below]]
    noise = float(np.median(rest)) / max(white, HALF_WHITE) if rest.size >= _ENOUGH * rows else None
    return Tissue(_levels(part[first:last], seen[first:last]), white, last, rows, noise)


def _variation(part: Grey, seen: Mask, columns: int) -> npt.NDArray[np.float64]:
    """For each row the distance between its 10th and 90th percentile after a mean over a twentieth of the width."""
    wide = max(5, columns // 16) | 1
    smooth = cv2.blur(part.astype(np.float32), (wide, max(3, part.shape[0] // 50) | 1))[:, ::4]
    there = seen[:, ::4]
    smooth = np.sort(np.where(there, smooth, np.inf), axis=1)  # what is outside comes last
    n = there.sum(axis=1)
    each = np.arange(len(smooth))
    low = smooth[each, np.minimum((0.1 * n).astype(int), smooth.shape[1] - 1)]
    high = smooth[each, np.clip((0.9 * n).astype(int), 0, np.maximum(n - 1, 0))]
    apart = np.where(n > 0, np.where(np.isfinite(high), high, 0) - np.where(np.isfinite(low), low, 0), 0)
    return np.convolve(np.pad(apart, 2, mode="edge"), np.ones(5) / 5, "valid")


def _levels(grey: Grey, seen: Mask) -> npt.NDArray[np.float64]:
    return np.bincount(grey[seen], minlength=256).astype(np.float64)


def _end_of(echoes: Mask, gap: int) -> int:
    """The row (exclusive) where the longest stretch of rows with echoes ends, gaps up to `gap` rows bridged."""
    rows = np.flatnonzero(echoes)
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > gap) + 1)
    return int(max(runs, key=len)[-1]) + 1
