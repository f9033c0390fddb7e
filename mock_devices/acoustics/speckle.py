"""From the medium to what the receiver hears: scatterers smeared by the beam, fully developed speckle, mirrors, noise.

Each place of the grid holds a scatterer of random complex amplitude (circular Gaussian); the sum within a resolution cell has
a Rayleigh magnitude, whose mean is 1.91 times its standard deviation (Burckhardt, IEEE Trans Sonics Ultrason 1978;25:1). The
next pose of the probe, a part of its elevational beam further on, sees partly the same scatterers: the fields of neighbouring
poses are correlated by `KEPT`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import NOISE_DB, Beam, Floats32, Grid
from mock_devices.acoustics.textures import normal
from mock_devices.acoustics.tissue import Medium

KEPT: Final = 0.80  #: correlation of the scatterers between two neighbouring poses
POSE_STEP_MM: Final = 0.30  #: how far the probe moves out of the plane between two poses
_CLUTTER: Final = 4e-4  #: power that side lobes bring in, as a part of that around
_LEVELS: Final = 5
_FIBRE_LEAN: Final = 0.28  #: dz/dx at which a fibre answers a third as strongly, in dB


def smear(field: Floats32, beam: Beam, grid: Grid) -> Floats32:
    """The point spread over a field (rows, columns[, 2]): Gaussian, wider across away from the focus."""
    along = cv2.GaussianBlur(
        field, (0, 0), sigmaX=0.01, sigmaY=max(beam.axial_sigma_mm / grid.mm_z, 0.01), borderType=cv2.BORDER_REFLECT
    )
    sigma = beam.lateral_sigma_mm(grid.z_mm()) / grid.mm_x
    widths = np.linspace(float(sigma.min()), float(sigma.max()), _LEVELS)
    place = np.interp(sigma, widths, np.arange(_LEVELS))
    out: Floats32 = np.zeros_like(along)
    for number, width in enumerate(widths):
        share = np.clip(1 - np.abs(place - number), 0, 1).astype(np.float32)
        for first, last in _runs(share > 0):
            part = cv2.GaussianBlur(
                along[first:last], (0, 0), sigmaX=float(width), sigmaY=0.01, borderType=cv2.BORDER_REFLECT
            )
            weights = share[first:last].reshape(-1, *([1] * (part.ndim - 1)))
            out[first:last] += part * weights
    return out


def speckle_size(beam: Beam, grid: Grid) -> Floats32:
    """What the power of smeared white noise (unit power in each part) must be multiplied by to be 1, for each row."""
    along = beam.axial_sigma_mm / grid.mm_z
    across = beam.lateral_sigma_mm(grid.z_mm()) / grid.mm_x
    size: Floats32 = (4 * np.pi * along * across / 2).astype(np.float32)
    return size


def _runs(wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield int(first), int(last)


@dataclass(slots=True)
class Echoes:
    """The received power of one medium, pose after pose, in dB before any gain of the operator's."""

    medium: Medium
    beam: Beam
    draw: np.random.Generator
    amplitude: Floats32
    loss_db: Floats32
    looks: int

    @classmethod
    def of(cls, medium: Medium, beam: Beam, draw: np.random.Generator, looks: int = 1) -> Echoes:
        """Prepare what is common to all poses. `looks`: how many independent views are averaged (spatial compounding)."""
        amplitude = np.exp(medium.scatter_db * np.float32(np.log(10) / 20)).astype(np.float32)
        loss = beam.loss_db(medium.attenuation, medium.grid.mm_z)
        # A shadow's edge is as wide as the part of the aperture that passes it.
        loss = cv2.GaussianBlur(loss, (0, 0), sigmaX=0.12 / medium.grid.mm_x, sigmaY=0.01)
        return cls(medium, beam, draw, amplitude, loss, looks)

    def poses(self, count: int, leans: NDArray[np.float64]) -> Iterator[Floats32]:
        """Echo power in dB (rows, columns) for `count` neighbouring poses; `leans` is the probe's tilt in each (dz/dx)."""
        shape = (self.medium.grid.rows, self.medium.grid.columns, 2)
        views = [normal(shape, self.draw) for _ in range(self.looks)]
        for number in range(count):
            if number:
                for scatterers in views:
                    scatterers *= np.float32(KEPT)
                    scatterers += np.float32(np.sqrt(1 - KEPT**2)) * normal(shape, self.draw)
            lean = float(leans[number])
            amplitude, mirror = self._amplitude(lean), self._mirrors(lean)
            power: Floats32 = np.zeros(shape[:2], np.float32)
            for scatterers in views:
                power += self._power(scatterers, amplitude, mirror)
            yield self._received(power * np.float32(1 / self.looks))

    def _amplitude(self, lean: float) -> Floats32:
        """Scattering when the probe leans: muscle fibres answer less the further they are from square to the beam."""
        fibre_db = self.medium.fibre_db
        if fibre_db is None:
            return self.amplitude
        missing = 1 - float(np.exp(-(((self.medium.fibre_slant - lean) / _FIBRE_LEAN) ** 2)))
        faded: Floats32 = self.amplitude * np.exp(fibre_db * np.float32(-missing * np.log(10) / 20))
        return faded

    def _power(self, scatterers: Floats32, amplitude: Floats32, mirror: Floats32) -> Floats32:
        field = smear(scatterers * amplitude[:, :, None], self.beam, self.medium.grid)
        field *= np.sqrt(speckle_size(self.beam, self.medium.grid))[:, None, None]
        field[:, :, 0] += mirror
        power: Floats32 = field[:, :, 0] ** 2 + field[:, :, 1] ** 2
        return power

    def _received(self, power: Floats32) -> Floats32:
        """With what side lobes bring in from around, the losses on the way and the focus; in dB."""
        grid = self.medium.grid
        around = cv2.resize(power, (grid.columns // 8 + 1, grid.rows // 4 + 1), interpolation=cv2.INTER_AREA)
        around = cv2.GaussianBlur(around, (0, 0), sigmaX=1.0 / (8 * grid.mm_x), sigmaY=0.25 / (4 * grid.mm_z))
        power = power + np.float32(_CLUTTER) * cv2.resize(
            around, (grid.columns, grid.rows), interpolation=cv2.INTER_LINEAR
        )
        decibels: Floats32 = cv2.log(power + np.float32(1e-12)) * np.float32(10 / np.log(10))
        decibels -= self.loss_db
        decibels += self.beam.focus_gain_db(grid.z_mm()).astype(np.float32)[:, None]
        return decibels

    def _mirrors(self, lean: float) -> Floats32:
        """Mirror-like echoes: they fade as they lean away from the beam, and glitter along their course."""
        grid = self.medium.grid
        away = (self.medium.lean - np.float32(lean)) / self.medium.lean_limit
        fading = np.exp(-away * away)
        coarse = normal((grid.rows // 6 + 2, round(grid.columns * grid.mm_x / 0.7) + 3), self.draw)
        glitter = cv2.resize(coarse, (grid.columns, grid.rows), interpolation=cv2.INTER_CUBIC)
        mirror = self.medium.mirror * fading * np.clip(0.85 + 0.3 * glitter, 0.12, 1.6)
        sigma = float(np.median(self.beam.lateral_sigma_mm(grid.z_mm()))) / grid.mm_x
        narrow = max(0.4 * self.beam.axial_sigma_mm / grid.mm_z, 0.01)
        blurred: Floats32 = cv2.GaussianBlur(mirror.astype(np.float32), (0, 0), sigmaX=sigma, sigmaY=narrow)
        return blurred


def receiver_noise(grid: Grid, beam: Beam, draw: np.random.Generator) -> Floats32:
    """The receiver's own noise in dB (rows, columns) before time gain: Rayleigh, narrow along, a line wide across."""
    noise = normal((grid.rows, grid.columns, 2), draw)
    along = max(0.6 * beam.axial_sigma_mm / grid.mm_z, 0.3)
    noise = cv2.GaussianBlur(noise, (0, 0), sigmaX=max(0.10 / grid.mm_x, 0.3), sigmaY=along)
    power = (noise**2).sum(axis=2)
    power /= power.mean()
    decibels: Floats32 = np.float32(NOISE_DB) + np.float32(10) * np.log10(power + np.float32(1e-6))
    return decibels
