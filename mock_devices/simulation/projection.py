"""Millimetres below the face to pixels of the screen, as the contract says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mock_devices.contract import Areas
from mock_devices.simulation.bmode import picture_grid

Pixels = NDArray[np.float64]


class Projection:
    """For one `Areas`."""

    def __init__(self, areas: Areas) -> None:
        self.areas = areas
        self.grid = picture_grid(areas)

    def in_picture(self, x_mm: Pixels, z_mm: Pixels) -> Pixels:
        """(n, 2) columns and rows within the picture, before it is mirrored."""
        columns = (np.asarray(x_mm) - self.grid.x0_mm) / self.grid.mm_x
        rows = (np.asarray(z_mm) - self.grid.z0_mm) / self.grid.mm_z
        return np.stack([columns, rows], axis=-1)

    def on_screen(self, picture_px: Pixels) -> Pixels:
        """From the picture's own pixels to the screen's, mirrored where the style mirrors."""
        x0, y0, x1, _ = self.areas.picture
        columns, rows = picture_px[..., 0], picture_px[..., 1]
        if self.areas.mirrored:
            columns = (x1 - x0 - 1) - columns
        return np.stack([columns + x0, rows + y0], axis=-1)

    def screen(self, x_mm: Pixels, z_mm: Pixels) -> Pixels:
        """(n, 2) columns and rows of the screen."""
        return self.on_screen(self.in_picture(x_mm, z_mm))

    def point(self, x_mm: float, z_mm: float) -> tuple[float, float]:
        """One point on the screen."""
        place = self.screen(np.array([x_mm]), np.array([z_mm]))[0]
        return float(place[0]), float(place[1])
