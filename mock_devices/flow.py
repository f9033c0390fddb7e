"""Colour Doppler: velocity along the beam inside the vessels, as colours of the bar.

Red is towards the probe, blue away from it; what is slower than the wall filter has no colour, what is faster than the
limit wraps round to the other end of the bar, as on a real machine.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mock_devices.anatomy import Anatomy
from mock_devices.layout import Layout
from mock_devices.motion import LOOP_S, Motion
from mock_devices.truth import COLOUR_LIMIT_CM_S

WALL_FILTER_CM_S: Final = 0.35
_BLOOM: Final = 1.10  #: colour spills a little over the wall
_GRAIN: Final = 64  #: pixels across the tile of grain that drifts through a lumen
_TILES_PER_LOOP: Final = 9  #: whole tiles, so that the loop closes


def _bar() -> NDArray[np.uint8]:
    """256 colours (blue, green, red) from -limit to +limit: cyan, blue, black, red, yellow."""
    at = np.linspace(-1, 1, 256)
    size = np.abs(at)
    main = np.clip(0.28 + 1.5 * size, 0, 1) * 255
    hot = np.clip((size - 0.45) / 0.55, 0, 1) * 235
    bar = np.zeros((256, 3))
    towards = at >= 0
    bar[:, 2] = np.where(towards, main, 0)
    bar[:, 1] = hot * np.where(towards, 1.0, 0.9)
    bar[:, 0] = np.where(towards, 0, main)
    bar[size < 0.035] = 0
    return bar.astype(np.uint8)


COLOURS: Final = _bar()


def wrapped(velocity_cm_s: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Index into COLOURS for each velocity; beyond the limit it comes in again at the other end."""
    limit = COLOUR_LIMIT_CM_S
    turned = np.mod(velocity_cm_s + limit, 2 * limit) / (2 * limit)
    index: NDArray[np.uint8] = np.minimum(turned * 256, 255).astype(np.uint8)
    return index


class FlowPainter:
    """Draws the colour of one site on one size of screen, in place."""

    def __init__(self, anatomy: Anatomy, layout: Layout) -> None:
        self._anatomy = anatomy
        self._layout = layout
        draw = np.random.default_rng([anatomy.seed, 3])
        noise = draw.standard_normal((_GRAIN // 4, _GRAIN // 4)).astype(np.float32)
        self._grain = np.kron(noise, np.ones((4, 4), np.float32))
        for _ in range(3):  # smooth it round the edges, so that the tile has no seam
            for axis in (0, 1):
                self._grain = (np.roll(self._grain, 2, axis) + self._grain + np.roll(self._grain, -2, axis)) / 3
        self._grain /= self._grain.std()

    def paint(self, screen: NDArray[np.uint8], motion: Motion, t_s: float) -> None:
        """Colour the lumens on a screen of shape (height, width, 3), blue first."""
        layout = self._layout
        left, top, right, bottom = layout.colour_box
        for vessel in self._anatomy.vessels:
            x, z = motion.to_screen(self._anatomy, np.array([vessel.x_mm]), np.array([vessel.z_mm]))
            column, row = layout.place(float(x[0]), float(z[0]))
            rx, rz = (radius / layout.mm_per_pixel * _BLOOM for radius in motion.radii_mm(self._anatomy, vessel))
            c0, c1 = max(left, int(column - rx) - 1), min(right, int(column + rx) + 3)
            r0, r1 = max(top, int(row - rz) - 1), min(bottom, int(row + rz) + 3)
            if c0 >= c1 or r0 >= r1:
                continue
            dx = (np.arange(c0, c1, dtype=np.float32) - column) / rx
            dz = (np.arange(r0, r1, dtype=np.float32) - row) / rz
            inside = 1.0 - (dx[None, :] ** 2 + dz[:, None] ** 2)
            centre = motion.velocity_cm_s(vessel)
            drift = self._drift(inside.shape, t_s, layout.height)
            velocity = centre * np.clip(inside, 0, 1) ** 0.7 * (1 + 0.12 * np.clip(drift, -2, 2))
            # Near the wall the colour frays: there the flow is slow and the samples are shared with the tissue.
            seen = (inside > np.maximum(0.10 + 0.10 * drift, 0)) & (np.abs(velocity) >= WALL_FILTER_CM_S)
            patch = screen[r0:r1, c0:c1]
            patch[seen] = COLOURS[wrapped(velocity.astype(np.float32))][seen]

    def _drift(self, shape: tuple[int, int], t_s: float, height: int) -> NDArray[np.float32]:
        """The grain of the colour, moved on with time; coarser on a larger screen."""
        moved = round(t_s / LOOP_S * _TILES_PER_LOOP * _GRAIN) % _GRAIN
        scale = height / 720
        rows = (np.arange(shape[0]) / scale).astype(int) + moved
        columns = (np.arange(shape[1]) / scale).astype(int) + moved // 3
        grain: NDArray[np.float32] = self._grain[np.ix_(rows % _GRAIN, columns % _GRAIN)]
        return grain
