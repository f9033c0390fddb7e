"""Screens that were read, so that each distinct content is read once: a new picture is read where it is unlike all of them.

The words of a probe's screen are the same on every still and clip of a study, bit by bit, for a JPEG codes each part by
itself; the tissue and what changed beside it are read. A line that touches what changed is read anew as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.region import find_region
from imaging.text import TextLine, TextReader

Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.bool_]
Found = tuple[Box, TextLine | None]

TILE: Final = 16  #: pixels
_AROUND_TISSUE: Final = 9  #: pixels: the picture's border moves with its echoes
_AROUND: Final = (1, 3)  #: tiles down and across that are read with one that differs
_MOST_BYTES: Final = 128 << 20  #: of pictures: twenty of 1080p, a hundred of 800x480
_COMPARED: Final = 4  #: pictures that one is compared with pixel by pixel, those that look most like it
_SMALLER: Final = 8  #: times, of the pictures by which those are found
_UNLIKE: Final = 24  #: grey levels between two pictures: a JPEG that was coded again is below, and letters are not
_UNLIKE_PIXELS: Final = 3  #: of a tile
_SAME_BOX: Final = 0.8  #: part of two boxes' union that is shared where they are one line
_CHANGED: Final = 40  #: grey levels between two frames of a clip: noise of a grabber and of JPEG is below
_CHANGED_PIXELS: Final = 6  #: of a tile


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """What the OCR found on a picture: boxes [x0, y0, x1, y1] with their line, None where it cannot be read.

    `tissue` is where the ultrasound picture stands (rows × columns), and a little more.
    """

    picture: Bgr
    tissue: Mask
    found: tuple[Found, ...]


class ScreenMemory:
    """Readings of the pictures of one run, those used last. `looks` counts how often the OCR looked at something."""

    def __init__(self) -> None:
        self.looks = 0
        self._text = TextReader()
        self._known: list[tuple[npt.NDArray[np.uint8], ScreenReading]] = []

    def read(self, picture: Bgr, like: ScreenReading | None = None) -> ScreenReading:
        """What stands on a picture (BGR). `like` is the same picture before it was covered: its tissue is where it was."""
        tissue = tissue_of(picture) if like is None else like.tissue
        known = self._nearest(picture) if like is None else [*self._nearest(picture), like]
        if known:
            tiles = [_differing(one.picture, picture) for one in known]
            best = min(range(len(known)), key=lambda number: int(tiles[number].sum()))
            reading = self.read_again(known[best], picture, tiles[best], tissue)
        else:
            everywhere = np.ones(_tiles(picture.shape), np.bool_)
            reading = self.read_again(ScreenReading(picture, tissue, ()), picture, everywhere, tissue)
        self._known.append((_small(picture), reading))
        while sum(one.picture.nbytes for _, one in self._known) > _MOST_BYTES and len(self._known) > 1:
            del self._known[0]
        return reading

    def _nearest(self, picture: Bgr) -> list[ScreenReading]:
        """The readings whose pictures look most like this one, of the same width."""
        small = _small(picture)
        told = []
        for number, (other, reading) in enumerate(self._known):
            if reading.picture.shape[1] == picture.shape[1]:
                rows = min(len(small), len(other))
                told.append((float(cv2.absdiff(small[:rows], other[:rows]).mean()), -number, reading))
        return [reading for *_, reading in sorted(told, key=lambda one: one[:2])[:_COMPARED]]

    def read_again(
        self, known: ScreenReading, picture: Bgr, differs: Mask, tissue: Mask | None = None
    ) -> ScreenReading:
        """A reading brought up to date: the picture is as `known` but in the tiles (rows × columns of them) that differ."""
        tissue = known.tissue if tissue is None else tissue
        if not differs.any():
            return ScreenReading(picture.copy(), tissue, known.found)
        self.looks += 1
        looked = _with_whole_lines(differs, known.found)
        kept = tuple(one for one in known.found if not _touches(one[0], looked))
        again = [one for one in known.found if _touches(one[0], looked) and not _touches(one[0], differs)]
        only = np.repeat(np.repeat(looked, TILE, 0), TILE, 1)[: picture.shape[0], : picture.shape[1]]
        places = [box for box in self._text.places(picture, only) if _touches(box, looked)]
        found = tuple(_same(box, again) or (box, self._text.line(picture, box)) for box in places)
        return ScreenReading(picture.copy(), tissue, kept + found)


def tissue_of(picture: Bgr) -> Mask:
    """Where the ultrasound picture stands, and a little more; nowhere where none is found."""
    region = find_region(picture)
    if region is None:
        return np.zeros(picture.shape[:2], np.bool_)
    square = np.ones((2 * _AROUND_TISSUE + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(region.mask, square) > 0, np.bool_)


def changes(before: Bgr, now: Bgr, tissue: Mask) -> Mask:
    """The tiles (rows × columns of them) outside the tissue where two frames of a clip differ by more than noise."""
    differs = _unlike(before, now, _CHANGED)
    differs &= ~tissue
    return np.asarray(_per_tile(differs) >= _CHANGED_PIXELS, np.bool_)


def _differing(before: Bgr, now: Bgr) -> Mask:
    """The tiles of `now` where it is not as `before`; what `before` has not, differs."""
    rows = min(len(before), len(now))
    differs = np.ones(now.shape[:2], np.bool_)
    differs[:rows] = _unlike(before[:rows], now[:rows], _UNLIKE)
    return np.asarray(_per_tile(differs) >= _UNLIKE_PIXELS, np.bool_)


def _unlike(before: Bgr, now: Bgr, levels: int) -> Mask:
    """The pixels (rows × columns) that differ by more than `levels` in any colour."""
    # One pass over the three colours: taking them apart, or numpy's largest along the last axis, costs four to ten times it.
    return np.asarray(cv2.inRange(cv2.absdiff(before, now), (0, 0, 0), (levels,) * 3) == 0, np.bool_)


def _small(picture: Bgr) -> npt.NDArray[np.uint8]:
    rows, columns = (max(1, side // _SMALLER) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _same(box: Box, found: Sequence[Found]) -> Found | None:
    """The line that was found in about the same box, on pixels that did not change."""
    return next((one for one in found if _shared(box, one[0]) >= _SAME_BOX), None)


def _shared(a: Box, b: Box) -> float:
    """The part of two boxes' union that both have."""
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(0, across) * max(0, down)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def pixels_of(tiles: Mask, shape: tuple[int, int]) -> Mask:
    """The pixels (rows × columns) of tiles and of what is read with them."""
    near = _grown(tiles)
    return np.repeat(np.repeat(near, TILE, 0), TILE, 1)[: shape[0], : shape[1]]


def _with_whole_lines(differs: Mask, found: Sequence[Found]) -> Mask:
    """What is looked at: the tiles that differ with those around them, and every line whole that reaches into them."""
    looked = _grown(differs)
    rest = [box for box, _ in found]
    while True:
        touching = [box for box in rest if _touches(box, looked)]
        if not touching:
            return looked
        for x0, y0, x1, y1 in touching:
            looked[y0 // TILE : -(-y1 // TILE), x0 // TILE : -(-x1 // TILE)] = True
        rest = [box for box in rest if box not in touching]


def _grown(tiles: Mask) -> Mask:
    down, across = _AROUND
    square = np.ones((2 * down + 1, 2 * across + 1), np.uint8)
    return np.asarray(cv2.dilate(tiles.astype(np.uint8), square) > 0, np.bool_)


def _touches(box: Box, tiles: Mask) -> bool:
    x0, y0, x1, y1 = box
    return bool(tiles[y0 // TILE : -(-y1 // TILE), x0 // TILE : -(-x1 // TILE)].any())


def _tiles(shape: tuple[int, ...]) -> tuple[int, int]:
    return -(-shape[0] // TILE), -(-shape[1] // TILE)


def _per_tile(pixels: Mask) -> npt.NDArray[np.int64]:
    """How many of these pixels each tile has."""
    rows, columns = _tiles(pixels.shape)
    padded = np.zeros((rows * TILE, columns * TILE), np.uint8)
    padded[: pixels.shape[0], : pixels.shape[1]] = pixels
    corners = cv2.integral(padded)[::TILE, ::TILE]
    return np.asarray(np.diff(np.diff(corners, axis=0), axis=1), np.int64)
