"""Which text on a screen has to be covered: all of it but settings, numbers and known words.

What is read is judged like any other text (`words`); what is found and cannot be read is covered where it does not stand
over tissue. A screen's words stand still while its picture moves: a frame is read where something changed outside the
picture, else it is known already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from dicom_io.deidentify.words import KnownWords
from imaging.pictures import Bgr
from imaging.readout import ScreenReader, ScreenReadings
from imaging.region import find_region
from imaging.text import TextLine, TextReader

Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.bool_]

_MARGIN: Final = 0.25  #: of a line's height, around it
_LEAST_MARGIN: Final = 3  #: pixels
_AROUND_TISSUE: Final = 9  #: pixels: the picture's border moves with its echoes
_CHANGED: Final = 40  #: grey levels between two frames: noise of a grabber and of JPEG is below
_CHANGED_PIXELS: Final = 6  #: of a tile
_TILE: Final = 16  #: pixels
_AROUND_CHANGE: Final = 3  #: tiles that are read with a changed one
_TALLEST: Final = 64  #: pixels: what is taller and cannot be read is a drawing or speckle
_LEAST_LETTERS: Final = 3  #: over tissue: less is speckle that looks like a letter


@dataclass(slots=True)
class ScreenText:
    """Finds what is to be covered on the frames of one object. `names` are those of its header."""

    names: Iterable[str]
    words: KnownWords
    boxes: list[Box] = field(default_factory=list)
    frames_read: int = 0
    _reference: Bgr | None = None
    _tissue: Mask | None = None
    _text: TextReader = field(default_factory=TextReader)

    def see(self, picture: Bgr, whole: bool = False) -> None:
        """One more frame; `whole` reads all of it, whatever was read before."""
        if self._reference is None or self._reference.shape != picture.shape or whole:
            self._tissue = _tissue_of(picture)
            self._add(self.in_picture(picture, self._tissue))
            self._reference = picture.copy()
            return
        assert self._tissue is not None
        for x0, y0, x1, y1 in _changes(self._reference, picture, self._tissue):
            part = np.ascontiguousarray(picture[y0:y1, x0:x1])
            found = self.in_picture(part, self._tissue[y0:y1, x0:x1])
            self._add([(left + x0, top + y0, right + x0, bottom + y0) for left, top, right, bottom in found])
            self._reference[y0:y1, x0:x1] = part

    def _add(self, boxes: list[Box]) -> None:
        self.frames_read += 1
        self.boxes += [box for box in boxes if not any(_within(box, known) for known in self.boxes)]

    def in_picture(self, picture: Bgr, tissue: Mask, read_only: bool = False) -> list[Box]:
        """What is to be covered on one picture or part of one; with `read_only` without what cannot be read."""
        found = [(box, self._text.line(picture, box)) for box in self._text.places(picture)]
        readings = ScreenReader(self.names).parse(picture, [line for _, line in found if line is not None])
        covered = []
        for box, line in found:
            x0, y0, x1, y1 = box
            over_tissue = tissue[y0:y1, x0:x1].mean() > 0.5
            if line is None:
                wanted = not over_tissue and not read_only and y1 - y0 <= _TALLEST
            else:
                letters = sum(letter.isalnum() for letter in line.text)
                wanted = not self._may_stay(line, readings) and (letters >= _LEAST_LETTERS or not over_tissue)
            if wanted:
                covered.append(_grown(box, picture.shape[1], picture.shape[0]))
        return covered

    def left_in(self, picture: Bgr) -> list[Box]:
        """What can be read and should not be, on a picture that was covered."""
        return self.in_picture(picture, _tissue_of(picture), read_only=True)

    def changed(self, known: Sequence[Bgr], picture: Bgr) -> bool:
        """Whether something outside the tissue is as on none of these pictures."""
        tissue = self._tissue
        return tissue is None or all(_changes(one, picture, tissue) for one in known)

    def _may_stay(self, line: TextLine, readings: ScreenReadings) -> bool:
        if any(one.box == line.box for one in readings.identifying):
            return False
        rest = line.text
        for reading in readings.settings.values():
            if _within(reading.box, line.box) or reading.box == line.box:
                rest = rest.replace(reading.text, " ")
        return self.words.tells_nobody(rest)


def _tissue_of(picture: Bgr) -> Mask:
    """Where the ultrasound picture stands, and a little more; nowhere where none is found."""
    region = find_region(picture)
    if region is None:
        return np.zeros(picture.shape[:2], np.bool_)
    square = np.ones((2 * _AROUND_TISSUE + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(region.mask, square) > 0, np.bool_)


def _changes(before: Bgr, now: Bgr, tissue: Mask) -> list[Box]:
    """Boxes that hold every tile outside the tissue where the two differ."""
    differs = (cv2.absdiff(before, now).max(axis=2) > _CHANGED) & ~tissue
    if not differs.any():
        return []
    rows, columns = (-(-side // _TILE) * _TILE for side in differs.shape)
    padded = np.zeros((rows, columns), np.uint8)
    padded[: differs.shape[0], : differs.shape[1]] = differs
    tiles = padded.reshape(rows // _TILE, _TILE, columns // _TILE, _TILE).sum(axis=(1, 3), dtype=np.int64)
    changed = (tiles >= _CHANGED_PIXELS).astype(np.uint8)
    near = cv2.dilate(changed, np.ones((3, 2 * _AROUND_CHANGE + 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    height, width = differs.shape
    return [
        (int(x) * _TILE, int(y) * _TILE, min(width, int(x + w) * _TILE), min(height, int(y + h) * _TILE))
        for x, y, w, h, _ in stats[1:count]
    ]


def _grown(box: Box, width: int, height: int) -> Box:
    x0, y0, x1, y1 = box
    margin = max(_LEAST_MARGIN, round(_MARGIN * (y1 - y0)))
    return max(0, x0 - margin), max(0, y0 - margin), min(width, x1 + margin), min(height, y1 + margin)


def _within(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
