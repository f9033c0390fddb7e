"""Is the scale still what it was? A known ruler is confirmed in a few milliseconds; else a new reading is asked for.

What is compared are the ruler's own pixels: each tick still inked, the gaps between them still empty, each number beside them
still the same. A depth change moves ticks or changes numbers; either is seen in the very frame. A scale that came from a
DICOM region has no ruler: only the picture's size is compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.errors import CannotTell
from imaging.pictures import Bgr
from imaging.scale.deciding import read_scale
from imaging.scale.labels import words_beside
from imaging.scale.reading import Reading
from imaging.text import TextReader

_MOST_PATCHES: Final = 60
_INK_KEPT: Final = 0.72  #: part of a mark's contrast that must still be there
_PATCH_MOVED: Final = 26.0  #: mean difference of 255 at which a number or a gap counts as changed
_AGREEING: Final = 0.8  #: part of the patches that must be as they were: a menu or a pointer may cover a few
_SAME: Final = 0.004  #: relative, two readings that are one scale


@dataclass(frozen=True, slots=True)
class _Patch:
    box: tuple[int, int, int, int]
    before: npt.NDArray[np.float32]
    ink: npt.NDArray[np.bool_]
    above: float
    steady: bool


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The pixels of a ruler on one screen, and the size of the frame that it was taken from (rows, columns)."""

    size: tuple[int, int]
    ticks: tuple[_Patch, ...] = field(repr=False)
    numbers: tuple[_Patch, ...] = field(repr=False)


def fingerprint(bgr: Bgr, reading: Reading) -> Fingerprint:
    """What `confirm` compares with: taken from the frame that `reading` was read off."""
    size = (bgr.shape[0], bgr.shape[1])
    ruler = reading.ruler
    if ruler is None:
        return Fingerprint(size, (), ())
    order = np.unique(np.linspace(0, len(ruler.ticks) - 1, min(len(ruler.ticks), _MOST_PATCHES)).astype(int))
    ticks = []
    for k in order:
        (column, row), half = ruler.ticks[k], max(2.0, ruler.lengths[k] / 2)
        wide, high = (half, 1.5) if ruler.direction == "down" else (1.5, half)
        if ruler.direction == "slanted":
            wide = high = half
        ticks.append(_patch(bgr, (column - wide, row - high, column + wide, row + high), 2, ruler.over_tissue))
    words = [word for side in (-1, 1, 0) for word in words_beside(ruler, ruler.contrast, side)][:20]
    # What stands in the picture beside a ruler outside it is tissue, and changes with every frame.
    words = [word for word in words if ruler.over_tissue or not _touches(reading, word.box)]
    numbers = [_patch(bgr, word.box, 1, ruler.over_tissue) for word in words]
    return Fingerprint(size, tuple(ticks), tuple(numbers))


def _touches(reading: Reading, box: tuple[int, int, int, int]) -> bool:
    x0, y0, x1, y1 = box
    return bool(reading.region.mask[y0:y1, x0:x1].any())


def _patch(bgr: Bgr, box: tuple[float, float, float, float], rim: int, over_tissue: bool) -> _Patch:
    rows, columns = bgr.shape[:2]
    x0, y0 = max(0, int(box[0]) - rim), max(0, int(box[1]) - rim)
    x1, y1 = min(columns, int(box[2]) + 1 + rim), min(rows, int(box[3]) + 1 + rim)
    before = _brightness(bgr, (x0, y0, x1, y1))
    around = float(np.median(before))
    off = np.abs(before - around)
    ink = off >= 0.5 * float(off.max())
    return _Patch((x0, y0, x1, y1), before, ink, float(before[ink].mean()) - around, not over_tissue)


def _brightness(bgr: Bgr, box: tuple[int, int, int, int]) -> npt.NDArray[np.float32]:
    x0, y0, x1, y1 = box
    return np.asarray(bgr[y0:y1, x0:x1].max(axis=2), np.float32)


def _kept(bgr: Bgr, patch: _Patch) -> bool:
    now = _brightness(bgr, patch.box)
    moved = np.abs(now - patch.before)
    if patch.steady and float(moved.mean()) > min(_PATCH_MOVED, max(8.0, 0.3 * abs(patch.above))):
        return False
    return float(moved[patch.ink].mean()) <= max(14.0, (1 - _INK_KEPT) * abs(patch.above))


def confirm(bgr: Bgr, known: Fingerprint) -> bool:
    """Whether the ruler of `known` still stands on this frame (rows, columns, 3); at most about 2 ms."""
    if (bgr.shape[0], bgr.shape[1]) != known.size:
        return False
    for patches in (known.ticks, known.numbers):
        if patches and sum(_kept(bgr, patch) for patch in patches) < _AGREEING * len(patches):
            return False
    return True


class ScaleWatch:
    """The scale of a live picture: `look` at each frame is cheap; `read` is slow (up to 1 s) and belongs beside the picture.

    `reading` is what holds now; None from the frame on in which the ruler was no longer what it was.
    """

    def __init__(self, reader: TextReader | None = None) -> None:
        self._reader = reader or TextReader()
        self._known: Fingerprint | None = None
        self.reading: Reading | None = None
        self.reason = "The screen was not read yet."

    def look(self, bgr: Bgr) -> bool:
        """Whether the known scale holds on this frame; where not, it is dropped and `read` is due."""
        if self._known is not None and confirm(bgr, self._known):
            return True
        self._known = self.reading = None
        return False

    def read(self, bgr: Bgr) -> Reading | None:
        """Read the frame anew; None, with `reason`, where it does not tell."""
        try:
            self.reading = read_scale(bgr, (), self._reader)
        except CannotTell as refusal:
            self._known = self.reading = None
            self.reason = str(refusal)
            return None
        self._known = fingerprint(bgr, self.reading)
        return self.reading


def same_scale(a: Reading, b: Reading) -> bool:
    """Whether two readings are of one scale, within what a ruler read twice differs."""
    x = abs(a.scale.mm_per_pixel_x / b.scale.mm_per_pixel_x - 1)
    y = abs(a.scale.mm_per_pixel_y / b.scale.mm_per_pixel_y - 1)
    loose = max(_SAME, a.scale.relative_uncertainty + b.scale.relative_uncertainty)
    return max(x, y) <= loose
