"""Spectral Doppler: the trace of velocities in one sample volume against time.

Each column is the power of each velocity at one moment: blood in the gate fills the velocities from a least part of the
greatest up to the greatest itself (a small gate in the middle of a wide vessel hears fast blood alone: the window below the
curve stays clear), blurred by intrinsic spectral broadening; the wall filter cuts the slow ones; what passes half the
repetition frequency wraps round; power has the exponential statistics of an estimate from few samples. Left out: beam-width
effects along the vessel, mirror traces, audio.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import Floats32
from mock_devices.face.site import Floats

_BLOCK: Final = 64
_RANGE_DB: Final = 34.0
_GAP: Final = 14  #: columns that a sweep clears before it


class Spectrogram:
    """The trace of one gate: columns drawn as they come, the same for the same arguments.

    `velocity_cm_s` gives the greatest velocity in the gate along the vessel, signed as it is drawn (up is positive), for each
    time; `size` is (columns, rows); the axis runs from limits[0] (bottom) to limits[1] (top), which is one whole
    repetition frequency.
    """

    def __init__(
        self,
        velocity_cm_s: Callable[[Floats], Floats],
        *,
        size: tuple[int, int],
        limits_cm_s: tuple[float, float],
        sweep_s: float,
        scrolling: bool,
        wall_filter_cm_s: float,
        slowest_part: float,
        broadening: float,
        gain_db: float,
        seed: int,
    ) -> None:
        self._velocity = velocity_cm_s
        self.columns, self.rows = size
        self.limits = limits_cm_s
        self.s_per_pixel = sweep_s / self.columns
        self.cm_s_per_pixel = (limits_cm_s[1] - limits_cm_s[0]) / self.rows
        self.baseline_row = limits_cm_s[1] / self.cm_s_per_pixel - 0.5
        self._scrolling = scrolling
        self._filter = wall_filter_cm_s
        self._slowest, self._broadening = slowest_part, broadening
        self._gain_db, self._seed = gain_db, seed
        self._ring = np.zeros((self.rows, self.columns), np.uint8)
        self._drawn_to: int | None = None

    def at(self, t_s: float) -> tuple[NDArray[np.uint8], int | None]:
        """The trace at a moment, and the column where the sweep writes (None when it scrolls)."""
        newest = int(np.floor(t_s / self.s_per_pixel))
        first = newest - self.columns + 1
        if self._drawn_to is not None and self._drawn_to <= newest:
            first = max(first, self._drawn_to + 1)
        for block in range(first // _BLOCK, newest // _BLOCK + 1):
            part = self._block(block)
            for low, high in ((max(first, block * _BLOCK), min(newest + 1, (block + 1) * _BLOCK)),):
                columns = np.arange(low, high) % self.columns
                self._ring[:, columns] = part[:, low - block * _BLOCK : high - block * _BLOCK]
        self._drawn_to = newest
        cursor = newest % self.columns
        if self._scrolling:
            return np.concatenate([self._ring[:, cursor + 1 :], self._ring[:, : cursor + 1]], axis=1), None
        picture = self._ring.copy()
        picture[:, (cursor + 1 + np.arange(_GAP)) % self.columns] = 0
        return picture, cursor

    def _block(self, number: int) -> NDArray[np.uint8]:
        draw = np.random.default_rng([self._seed, 41, number + 1_000_000])
        t = (number * _BLOCK + np.arange(_BLOCK, dtype=np.float64) + 0.5) * self.s_per_pixel
        greatest = self._velocity(t)
        rows = (self.baseline_row - np.arange(self.rows, dtype=np.float64)) * self.cm_s_per_pixel
        whole = self.limits[1] - self.limits[0]
        power = np.zeros((self.rows, _BLOCK))
        for turn in (-2, -1, 0, 1, 2):
            power += self._density(rows[:, None] + turn * whole, greatest[None, :])
        noise = draw.exponential(1.0, (self.rows, _BLOCK)).astype(np.float32)
        noise = 0.6 * noise + 0.4 * cv2.GaussianBlur(
            noise, (0, 0), sigmaX=0.9, sigmaY=0.8, borderType=cv2.BORDER_REFLECT
        )
        floor = 10 ** (-2.6)
        decibels = 10 * np.log10((power + floor) * noise + 1e-6) + self._gain_db
        level: Floats32 = np.clip(255 * (1 + (decibels - 9.0) / _RANGE_DB), 0, 255)
        return level.astype(np.uint8)

    def _density(self, velocity: Floats, greatest: Floats) -> Floats:
        """Power of each velocity (rows, columns) when the greatest is `greatest`."""
        size = np.maximum(np.abs(greatest), 1e-6)
        along = velocity * np.sign(greatest)
        soft = np.maximum(self._broadening * size, 0.6 * self.cm_s_per_pixel)
        upper = 1 / (1 + np.exp(np.clip((along - size) / (0.45 * soft), -40, 40)))
        # Blood near the wall is slower: less power below `slowest` of the greatest velocity, never none.
        share = along / size
        lower = np.where(share > self._slowest, 1.0, np.clip(share / self._slowest, 0, 1) ** 2 * 0.85 + 0.05)
        passed = np.clip((np.abs(velocity) / max(self._filter, 1e-6) - 0.8) / 0.4, 0, 1)
        power: Floats = upper * lower * passed * (along > 0) * (size > 0.05)
        return power
