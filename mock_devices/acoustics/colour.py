"""Colour and power Doppler as the receiver finds them: by autocorrelation.

After Kasai et al., IEEE Trans Sonics Ultrason 1985;32:458. The lag-one autocorrelation of each place is the sum of blood (its
power, turned by pi * velocity / Nyquist), of tissue that moves (strong, mostly below the wall filter: flash when it is not)
and of noise; smeared by the colour beam, which is wider than that of the picture. What exceeds the threshold is shown:
velocity from its angle (so it wraps), power from its size. Blooming, loss of small and slow vessels, noise at high gain and
flash follow from this and are not painted. Left out: persistence between frames, velocity spread as variance, twinkling,
mirror images.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import SPEED_MM_US, Floats32
from mock_devices.acoustics.deform import Deformation, unit
from mock_devices.acoustics.textures import normal

Anyfloat = NDArray[np.floating[Any]]

_CELL_MM: Final = 0.11
_TILE: Final = 384
_TISSUE: Final = 7.0  #: amplitude of tissue beside blood


def nyquist_cm_s(prf_hz: float, frequency_mhz: float) -> float:
    """The highest velocity along the beam that does not wrap: c PRF / (4 f)."""
    return SPEED_MM_US * 1e5 * prf_hz / (4 * frequency_mhz * 1e6)


def filter_cm_s(wall_filter_hz: float, frequency_mhz: float) -> float:
    """The velocity along the beam whose shift is the wall filter's: c fw / (2 f)."""
    return SPEED_MM_US * 1e5 * wall_filter_hz / (2 * frequency_mhz * 1e6)


@dataclass(frozen=True, slots=True)
class ColourBox:
    """Where Doppler is measured, in mm below the face: a parallelogram whose sides lean with the steered beam."""

    x0_mm: float
    x1_mm: float  #: at the top side
    z0_mm: float
    z1_mm: float
    steer_deg: float

    @property
    def lean_mm(self) -> float:
        """How far the lower side lies to the right of the upper one."""
        return float(np.tan(np.radians(self.steer_deg)) * (self.z1_mm - self.z0_mm))

    def corners_mm(self) -> tuple[tuple[float, float], ...]:
        """Upper left, upper right, lower right, lower left."""
        lean = self.lean_mm
        return (
            (self.x0_mm, self.z0_mm),
            (self.x1_mm, self.z0_mm),
            (self.x1_mm + lean, self.z1_mm),
            (self.x0_mm + lean, self.z1_mm),
        )


@dataclass(frozen=True, slots=True)
class Stream:
    """One vessel's blood now: velocity along the beam in the middle of the lumen, 0 where it is blocked, and how much of it
    flows (a lumen full of gel answers with nothing)."""

    lumen: int  #: which of the deformation's lumens
    velocity_cm_s: float
    filled: float = 1.0


class DopplerReceiver:
    """Colour or power Doppler of one box with one set of settings."""

    def __init__(
        self,
        box: ColourBox,
        *,
        frequency_mhz: float,
        prf_hz: float,
        wall_filter_hz: float,
        gain: float,
        limits_cm_s: tuple[float, float],
        power: bool,
        seed: int,
    ) -> None:
        self.box = box
        self._nyquist = nyquist_cm_s(prf_hz, frequency_mhz)
        self._filter = filter_cm_s(wall_filter_hz, frequency_mhz)
        self._limits = limits_cm_s
        self._power = power
        draw = np.random.default_rng([seed, 31])
        left = min(box.x0_mm, box.x0_mm + box.lean_mm)
        right = max(box.x1_mm, box.x1_mm + box.lean_mm)
        across = max(4, round((right - left) / _CELL_MM))
        down = max(4, round((box.z1_mm - box.z0_mm) / _CELL_MM))
        x = left + (np.arange(across) + 0.5) * (right - left) / across
        z = box.z0_mm + (np.arange(down) + 0.5) * (box.z1_mm - box.z0_mm) / down
        self._x, self._z = np.meshgrid(x, z)
        self._cell = ((right - left) / across, (box.z1_mm - box.z0_mm) / down)
        self._exponent = float(draw.uniform(1.6, 2.8))
        self._spread_mm = (0.26 * 8.0 / frequency_mhz * float(draw.uniform(0.8, 1.2)), 0.16 * 8.0 / frequency_mhz)
        # 20 dB of colour gain move the threshold from hardly bleeding to noise.
        self._threshold = float(0.50 * 10 ** (-(gain - 50.0) * 0.5 / 20))
        far = 2 * 0.55 * frequency_mhz * self._z / 10 - 6.0 - 3.0
        self._noise = (10 ** ((np.maximum(far, -4.0) - 30.0) / 20)).astype(np.float32)
        self._tiles = _tiles(draw)
        self._patches = _patches(draw)

    def receive(
        self, body: Deformation, streams: Sequence[Stream], tissue_cm_s: float, number: int, size: tuple[int, int]
    ) -> NDArray[np.uint8]:
        """Level (rows, columns) of `size` (columns, rows) over the box's bounding rectangle: 0 not shown, else 1 to 255.

        `number` counts the probe's frames: it moves the grain and the noise on.
        """
        across, along = self._correlation(body, streams, tissue_cm_s, number)
        columns, rows = size
        real = cv2.resize(across, (columns, rows), interpolation=cv2.INTER_LINEAR)
        imaginary = cv2.resize(along, (columns, rows), interpolation=cv2.INTER_LINEAR)
        strength = cv2.magnitude(real, imaginary)
        shown = cv2.compare(strength, self._threshold, cv2.CMP_GT)
        if self._power:
            level = self._power_level(strength)
        else:
            level = self._colour_level(cv2.phase(real, imaginary))
        seen: NDArray[np.uint8] = cv2.bitwise_and(level, shown)
        return seen

    def _correlation(
        self, body: Deformation, streams: Sequence[Stream], tissue_cm_s: float, number: int
    ) -> tuple[Floats32, Floats32]:
        velocity: Anyfloat
        x, z = body.before_vessels(self._x, self._z)
        shape = x.shape
        real, imaginary = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        in_blood = np.zeros(shape, np.float32)
        grain = self._tile(0, number, shape)
        for stream in streams:
            lumen = body.lumens[stream.lumen]
            u, w = unit(lumen, x, z)
            q2 = u * u + w * w
            soft = np.clip((1.06 - np.sqrt(q2)) * 8, 0, 1)
            in_blood = np.maximum(in_blood, soft.astype(np.float32))
            profile = np.clip(1 - q2 ** (self._exponent / 2), 0, 1)
            velocity = stream.velocity_cm_s * profile * (1 + 0.05 * grain)
            power = soft * stream.filled * self._passed(velocity) * np.exp(0.22 * grain)
            turn = np.pi * velocity / self._nyquist
            real += (power * np.cos(turn)).astype(np.float32)
            imaginary += (power * np.sin(turn)).astype(np.float32)
        if abs(tissue_cm_s) > 0.3 * self._filter:
            patches = self._patch(number, shape)
            velocity = tissue_cm_s * (0.6 + 0.7 * patches)
            power = _TISSUE * (1 - 0.8 * in_blood) * self._passed(velocity) * np.clip(patches + 0.2, 0, 1.3)
            turn = np.pi * velocity / self._nyquist
            real += (power * np.cos(turn)).astype(np.float32)
            imaginary += (power * np.sin(turn)).astype(np.float32)
        sigma = (self._spread_mm[0] / self._cell[0] / 2, self._spread_mm[1] / self._cell[1] / 2)
        real = cv2.GaussianBlur(real, (0, 0), sigmaX=sigma[0], sigmaY=sigma[1])
        imaginary = cv2.GaussianBlur(imaginary, (0, 0), sigmaX=sigma[0], sigmaY=sigma[1])
        real += self._noise * self._tile(1, 3 * number, shape)
        imaginary += self._noise * self._tile(2, 5 * number, shape)
        return real, imaginary

    def _passed(self, velocity: Anyfloat) -> Anyfloat:
        """How much of each velocity the wall filter lets through."""
        edge = np.clip((np.abs(velocity) / max(self._filter, 1e-6) - 0.7) / 0.6, 0, 1)
        passed: Anyfloat = edge * edge * (3 - 2 * edge)
        return passed

    def _colour_level(self, angle: Floats32) -> NDArray[np.uint8]:
        low, high = self._limits
        whole = 2 * self._nyquist
        # The phase, 0 to 2 pi, is a velocity from 0 to twice Nyquist; bring it into the bar from `low` to `high`.
        velocity = angle * np.float32(self._nyquist / np.pi)
        velocity -= (velocity >= high).astype(np.float32) * np.float32(whole)
        level = cv2.convertScaleAbs(velocity - np.float32(low), alpha=254.0 / (high - low), beta=1.0)
        least_one: NDArray[np.uint8] = np.maximum(level, 1)
        return least_one

    def _power_level(self, strength: Floats32) -> NDArray[np.uint8]:
        decibels = cv2.log(np.maximum(strength, np.float32(self._threshold))) * np.float32(20 / np.log(10))
        least = float(20 * np.log10(self._threshold))
        level = cv2.convertScaleAbs(decibels - np.float32(least), alpha=254.0 / 22.0, beta=1.0)
        least_one: NDArray[np.uint8] = np.maximum(level, 1)
        return least_one

    def _tile(self, which: int, number: int, shape: tuple[int, ...]) -> Floats32:
        down = (number * 29 + 57 * which) % (_TILE - 1)
        across = (number * 17 + 91 * which) % (_TILE - 1)
        return _cut(self._tiles[which], down, across, shape)

    def _patch(self, number: int, shape: tuple[int, ...]) -> Floats32:
        return _cut(self._patches, (number * 5) % _TILE, (number * 7) % _TILE, shape)


def _cut(tile: Floats32, down: int, across: int, shape: tuple[int, ...]) -> Floats32:
    rows = (np.arange(shape[0]) + down) % tile.shape[0]
    columns = (np.arange(shape[1]) + across) % tile.shape[1]
    piece: Floats32 = tile[rows[:, None], columns[None, :]]
    return piece


def _tiles(draw: np.random.Generator) -> list[Floats32]:
    out = []
    for _ in range(3):
        tile = cv2.GaussianBlur(
            normal((_TILE, _TILE), draw), (0, 0), sigmaX=1.6, sigmaY=1.1, borderType=cv2.BORDER_REFLECT
        )
        out.append(tile / tile.std())
    return out


def _patches(draw: np.random.Generator) -> Floats32:
    tile = cv2.GaussianBlur(normal((_TILE, _TILE), draw), (0, 0), sigmaX=14, sigmaY=9)
    patches: Floats32 = tile / tile.std()
    return patches
