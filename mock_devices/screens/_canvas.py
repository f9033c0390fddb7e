"""The glass: shapes and words laid on it at true sub-pixel places, and what of it must come back over the live picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.contract import Box, Picture, Point
from mock_devices.screens._space import overlap
from mock_devices.screens._typeface import Typeface

Colour = tuple[int, int, int]  #: blue, green, red
_SHIFT: Final = 4  #: bits of OpenCV's sub-pixel coordinates


class Canvas:
    """A screen under construction.

    What is laid where a live picture will stand is also kept as ink (`over`), to be laid again over each new picture.
    `taken` holds the boxes of words and marks: words that would touch one of them, or leave the screen, are not written.
    """

    def __init__(self, size: tuple[int, int], colour: Colour, live: Sequence[Box] = ()) -> None:
        self.width, self.height = size
        self.pixels: Picture = np.empty((self.height, self.width, 3), np.uint8)
        cv2.rectangle(self.pixels, (0, 0), (self.width, self.height), colour, -1)
        self.live = tuple(live)
        self.taken: list[Box] = []
        self._ink: NDArray[np.float32] | None = None  # (rows, columns, 4): colour times cover, cover

    @classmethod
    def on(cls, pixels: Picture, taken: Sequence[Box]) -> Canvas:
        """A canvas that draws on a finished screen, in place; `taken` is where words stand already."""
        canvas = cls((1, 1), (0, 0, 0))
        canvas.height, canvas.width = pixels.shape[:2]
        canvas.pixels, canvas.taken = pixels, list(taken)
        return canvas

    # --- laying -------------------------------------------------------------------------------------------------

    def lay(self, alpha: NDArray[np.uint8] | NDArray[np.float32], left: int, top: int, colour: Colour) -> None:
        """Colour through a mask (uint8 of 255 or float32 of 1) with its corner at (left, top); cut at the screen's edges."""
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + alpha.shape[1], self.width), min(top + alpha.shape[0], self.height)
        if x1 <= x0 or y1 <= y0:
            return
        cover = alpha[y0 - top : y1 - top, x0 - left : x1 - left, None]
        part = cover.astype(np.float32) / 255.0 if cover.dtype == np.uint8 else cover.astype(np.float32)
        place = self.pixels[y0:y1, x0:x1]
        tint = np.array(colour, np.float32)
        place[:] = (place + part * (tint - place) + 0.5).astype(np.uint8)
        if any(overlap((x0, y0, x1, y1), box) for box in self.live):
            if self._ink is None:
                self._ink = np.zeros((self.height, self.width, 4), np.float32)
            ink = self._ink[y0:y1, x0:x1]
            ink[:] = ink * (1.0 - part)
            ink[..., :3] += part * tint
            ink[..., 3:] += part

    def fill(self, box: Box, colour: Colour) -> None:
        """A plain box in whole pixels; not for use over the live picture."""
        x0, y0, x1, y1 = box
        if x1 > x0 and y1 > y0:
            cv2.rectangle(self.pixels, (x0, y0), (x1 - 1, y1 - 1), colour, -1)

    def bar(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """An upright box whose edges may lie anywhere (pixel i reaches from i - 0.5 to i + 0.5), with true cover."""
        left, right = int(np.floor(x0 + 0.5)), int(np.ceil(x1 - 0.5)) + 1
        top, bottom = int(np.floor(y0 + 0.5)), int(np.ceil(y1 - 0.5)) + 1
        columns, rows = np.arange(left, right), np.arange(top, bottom)
        wide = np.clip(np.minimum(columns + 0.5, x1) - np.maximum(columns - 0.5, x0), 0, 1)
        high = np.clip(np.minimum(rows + 0.5, y1) - np.maximum(rows - 0.5, y0), 0, 1)
        self.lay(np.outer(high, wide).astype(np.float32), left, top, colour)

    def frame(self, box: Box, colour: Colour, line: int = 1) -> None:
        """The outline of a box, inside it."""
        x0, y0, x1, y1 = box
        for piece in (
            (x0, y0, x1, y0 + line),
            (x0, y1 - line, x1, y1),
            (x0, y0, x0 + line, y1),
            (x1 - line, y0, x1, y1),
        ):
            self.bar(piece[0] - 0.5, piece[1] - 0.5, piece[2] - 0.5, piece[3] - 0.5, colour)

    def disc(self, centre: Point, radius: float, colour: Colour, hole: float = 0.0) -> None:
        """A round dot at a sub-pixel place, or a ring with `hole` as its inner radius."""
        left, top = int(centre[0] - radius - 1), int(centre[1] - radius - 1)
        n = int(2 * radius + 4)
        y, x = np.mgrid[top : top + n, left : left + n].astype(np.float32)
        distance = np.hypot(x - centre[0], y - centre[1])
        cover = np.clip(radius + 0.5 - distance, 0, 1)
        if hole > 0:
            cover *= np.clip(distance - hole + 0.5, 0, 1)
        self.lay(cover.astype(np.float32), left, top, colour)

    def path(
        self,
        points: Sequence[Point],
        colour: Colour,
        line: int = 1,
        *,
        closed: bool = False,
        filled: bool = False,
        dash: float = 0.0,
    ) -> None:
        """A smooth line through sub-pixel points, or the area in it; `dash` is the length of a dash in pixels."""
        xy = np.array(points, np.float64)
        margin = line + 2
        left, top = np.floor(xy.min(axis=0)).astype(int) - margin
        right, bottom = np.ceil(xy.max(axis=0)).astype(int) + margin + 1
        if right - left > 4 * self.width or bottom - top > 4 * self.height:
            raise ValueError("A line on the screen leaves it by far.")
        mask = np.zeros((bottom - top, right - left), np.uint8)
        parts = _dashes(xy, closed, dash) if dash > 0 else [xy]
        for part in parts:
            fixed = [((part - (left, top)) * (1 << _SHIFT)).round().astype(np.int32).reshape(-1, 1, 2)]
            if filled:
                cv2.fillPoly(mask, fixed, 255, cv2.LINE_AA, _SHIFT)
            else:
                cv2.polylines(mask, fixed, closed and dash <= 0, 255, line, cv2.LINE_AA, _SHIFT)
        self.lay(mask, int(left), int(top), colour)

    def picture(self, box: Box, pixels: Picture) -> None:
        """Ready pixels (rows, columns, 3) in a box of their size."""
        x0, y0, x1, y1 = box
        self.pixels[y0:y1, x0:x1] = pixels

    # --- words --------------------------------------------------------------------------------------------------

    def words(
        self,
        words: str,
        face: Typeface,
        size: float,
        x: float,
        middle: float,
        colour: Colour,
        anchor: str = "l",
        *,
        within: Box | None = None,
        gap: int = 2,
        halo: float = 0.0,
    ) -> Box | None:
        """Words whose capitals stand centred on row `middle`; `anchor` l, m or r says what of them stands at x.

        Returns the box of the ink, or None where they would touch something, leave the screen or leave `within`: then
        nothing is written. `halo` darkens what lies round the letters, as makers do over tissue.
        """
        ink = face.ink(words, size)
        pen = round(x - (0 if anchor == "l" else ink.advance if anchor == "r" else ink.advance / 2))
        base = round(middle + face.cap_height(size) / 2)
        left, top = pen + ink.left, base + ink.top
        whole = (left, top, left + ink.alpha.shape[1], top + ink.alpha.shape[0])
        limit = within or (0, 0, self.width, self.height)
        if whole[0] < limit[0] or whole[1] < limit[1] or whole[2] > limit[2] or whole[3] > limit[3]:
            return None
        if any(overlap(whole, box, gap) for box in self.taken):
            return None
        if halo > 0:
            wide = np.pad(ink.alpha, 2)
            dark = cv2.GaussianBlur(cv2.dilate(wide, np.ones((3, 3), np.uint8)), (0, 0), 0.8)
            self.lay(dark.astype(np.float32) * np.float32(halo / 255), left - 2, top - 2, (0, 0, 0))
        self.lay(ink.alpha, left, top, colour)
        self.taken.append(whole)
        return (left + ink.box[0], top + ink.box[1], left + ink.box[2], top + ink.box[3])

    def take(self, box: tuple[float, float, float, float]) -> None:
        """Keep words away from a box."""
        self.taken.append((int(np.floor(box[0])), int(np.floor(box[1])), int(np.ceil(box[2])), int(np.ceil(box[3]))))

    # --- the end ------------------------------------------------------------------------------------------------

    def soften(self, sigma: float) -> None:
        """The blur of a grabber or a scaler, over all that was drawn so far."""
        if sigma <= 0.05:
            return
        self.pixels = np.asarray(cv2.GaussianBlur(self.pixels, (0, 0), sigma), np.uint8)
        if self._ink is not None:
            sharp, self._ink = self._ink, np.zeros_like(self._ink)
            for x0, y0, x1, y1 in self.live:  # ink is asked for there alone
                left, top = max(0, x0 - 8), max(0, y0 - 8)
                blurred = cv2.GaussianBlur(sharp[top : y1 + 8, left : x1 + 8], (0, 0), sigma)
                self._ink[y0:y1, x0:x1] = blurred[y0 - top : y1 - top, x0 - left : x1 - left]

    def over(self, box: Box) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
        """What must come back over a live picture in `box`: flat indices, 1 - cover (n, 1), colour times cover (n, 3)."""
        x0, y0, x1, y1 = box
        if self._ink is None:
            return np.empty(0, np.intp), np.empty((0, 1), np.float32), np.empty((0, 3), np.float32)
        part = self._ink[y0:y1, x0:x1].reshape(-1, 4)
        at = np.flatnonzero(part[:, 3] > 1 / 255)
        return at, 1.0 - part[at, 3:], part[at, :3].copy()


def _dashes(xy: NDArray[np.float64], closed: bool, dash: float) -> list[NDArray[np.float64]]:
    corners = np.vstack([xy, xy[:1]]) if closed else xy
    parts = []
    for start, end in pairwise(corners):
        length = float(np.hypot(*(end - start)))
        for at in np.arange(0, length, 2 * dash):
            a, b = at / length, min(1.0, (at + dash) / length)
            parts.append(np.array([start + a * (end - start), start + b * (end - start)]))
    return parts
