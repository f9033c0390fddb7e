"""Patterns of tissue: smooth clouds, the septa between fat lobules, the fibres of a muscle. All on a grid, in float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import Floats32, Grid


def normal(shape: tuple[int, ...], draw: np.random.Generator) -> Floats32:
    """White noise of unit size."""
    noise: Floats32 = draw.standard_normal(shape, dtype=np.float32)
    return noise


def clouds(grid: Grid, size_x_mm: float, size_z_mm: float, draw: np.random.Generator) -> Floats32:
    """Smooth noise of about unit size whose features are of the given size."""
    across = max(3, round(grid.columns * grid.mm_x / size_x_mm) + 2)
    down = max(3, round(grid.rows * grid.mm_z / size_z_mm) + 2)
    spread: Floats32 = cv2.resize(
        normal((down, across), draw), (grid.columns, grid.rows), interpolation=cv2.INTER_CUBIC
    )
    return spread


def septa(grid: Grid, cell_x_mm: float, cell_z_mm: float, draw: np.random.Generator) -> tuple[Floats32, Floats32]:
    """Fat: (how much septum is at each place, 0 to 1, and each lobule's own tone of unit size).

    Lobules are the cells of scattered points, wider than high; a septum lies where two cells meet, and answers best where
    the beam meets it squarely.
    """
    step = cell_z_mm / 14
    squeeze = cell_z_mm / cell_x_mm
    wide = round(grid.columns * grid.mm_x * squeeze / step) + 56
    high = round(grid.rows * grid.mm_z / step) + 56
    seeds = np.full((high, wide), 255, np.uint8)
    count = max(4, round(wide * high / 14**2))
    seeds[draw.integers(0, high, count), draw.integers(0, wide, count)] = 0
    _, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    edges = ((labels[1:, 1:] != labels[:-1, 1:]) | (labels[1:, 1:] != labels[1:, :-1])).astype(np.uint8)
    far = cv2.distanceTransform(1 - edges, cv2.DIST_L2, 5)
    down, across = cv2.Sobel(far, cv2.CV_32F, 0, 1), cv2.Sobel(far, cv2.CV_32F, 1, 0) * np.float32(squeeze)
    square = np.abs(cv2.GaussianBlur(np.abs(down), (0, 0), 1.5))
    square = square / (square + cv2.GaussianBlur(np.abs(across), (0, 0), 1.5) * 2.0 + 1e-3)
    line = np.exp(-((far / 0.9) ** 2)) * (0.15 + 0.85 * square)
    tone = normal((int(labels.max()) + 1,), draw)[labels[1:, 1:]]
    tone = cv2.GaussianBlur(tone, (0, 0), 1.0)
    # From the squeezed lattice to the grid, bent by clouds so that no line is straight.
    bend_x, bend_z = clouds(grid, cell_x_mm, cell_z_mm * 2, draw), clouds(grid, cell_x_mm * 0.8, cell_z_mm * 1.5, draw)
    columns = (
        (np.arange(grid.columns, dtype=np.float32) * np.float32(grid.mm_x * squeeze / step))[None, :]
        + 28
        + 2.6 * bend_x
    )
    rows = (np.arange(grid.rows, dtype=np.float32) * np.float32(grid.mm_z / step))[:, None] + 28 + 2.6 * bend_z
    return _remap(line.astype(np.float32), columns, rows), _remap(tone, columns, rows)


def fibres(grid: Grid, top_mm: NDArray[np.float64], slant: float, draw: np.random.Generator) -> Floats32:
    """Muscle: lines along it, of unit size; they follow its upper boundary, slanted against it by `slant` (dz/dx)."""
    z_span = grid.rows * grid.mm_z + float(np.ptp(top_mm)) + abs(slant) * grid.columns * grid.mm_x + 2.0
    step_x, step_z = 0.12, 0.035
    noise = normal((round(z_span / step_z) + 4, round(grid.columns * grid.mm_x / step_x) + 4), draw)
    coarse = cv2.GaussianBlur(noise, (0, 0), sigmaX=1.5 / step_x, sigmaY=0.06 / step_z)
    coarse /= coarse.std()
    thick = cv2.GaussianBlur(noise[::-1].copy(), (0, 0), sigmaX=2.6 / step_x, sigmaY=0.16 / step_z)
    coarse = 0.8 * coarse + 0.6 * thick / thick.std()
    x = np.arange(grid.columns) * grid.mm_x
    follow = top_mm - float(top_mm.min()) + slant * x
    follow = follow - float(follow.min())
    columns = np.broadcast_to((x / step_x).astype(np.float32), (grid.rows, grid.columns))
    rows = np.arange(grid.rows)[:, None] * grid.mm_z - follow[None, :]
    rows32 = ((rows - float(rows.min())) / step_z).astype(np.float32)
    return _remap(coarse, columns, rows32)


def _remap(picture: Floats32, columns: Floats32, rows: Floats32) -> Floats32:
    moved: Floats32 = cv2.remap(
        picture,
        np.ascontiguousarray(columns, np.float32),
        np.ascontiguousarray(rows, np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    return moved
