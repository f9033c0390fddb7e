"""The resting tissue as a B-mode picture: how strongly each place answers, and speckle over it.

Speckle is what a transducer makes of scatterers too small to be seen: complex noise, smeared by the beam (wide across,
short along), its magnitude compressed to decibels. It is drawn once for the resting tissue and then carried along by the
motion, as in a living picture; fresh noise in each frame would look like bad reception and defeat speckle tracking.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.anatomy import GEL_MM, Anatomy, Floats
from mock_devices.layout import Layout

MARGIN_MM: Final = 1.2  #: more tissue on each side and below, for what motion brings into the picture
RANGE_DB: Final = 60.0
_BEAM_X_MM: Final = 0.15  #: smear of the beam across (standard deviation), at its focus
_WIDE_X_MM: Final = 0.34  #: the same at the bottom of the picture
_BEAM_Z_MM: Final = 0.055  #: and along it

# How strongly each layer answers, in dB below the brightest bone; clinical reference 1.2: bright and dark layers.
_LEVEL_DB: Final = {
    "gel": -62.0,
    "epi": -9.0,
    "der-u": -27.0,
    "der-l": -20.0,
    "sfat": -39.0,
    "smas": -15.0,
    "musc": -41.0,
    "dfat": -38.0,
    "perio": -2.0,
}
_CORTEX_MM: Final = 0.45  #: how thick the bright line of the bone is, before its shadow


@dataclass(frozen=True, slots=True)
class Tissue:
    """The resting picture, 8 bit grey, and where its pixels lie: x = (column - middle) * mm, z = (row + 0.5) * mm."""

    grey: NDArray[np.uint8]
    middle: float
    mm_per_pixel: float


@lru_cache(maxsize=16)
def paint(anatomy: Anatomy, layout: Layout) -> Tissue:
    """Draw the resting tissue for one size of screen; takes some tenths of a second, so the last ones (1 MB) are kept."""
    mm = layout.mm_per_pixel
    x0, y0, x1, y1 = layout.box
    extra = round(MARGIN_MM / mm)
    width, height = x1 - x0 + 2 * extra, y1 - y0 + extra
    middle = (width - 1) / 2
    x: Floats = (np.arange(width, dtype=np.float64) - middle) * mm
    z: Floats = (np.arange(height, dtype=np.float64) + 0.5) * mm
    draw = np.random.default_rng([anatomy.seed, 2])
    level = _levels(anatomy, x, z, draw)
    speckle = _speckle((height, width), mm, draw)
    decibels = level + speckle + 3.0
    grey = np.clip((decibels + RANGE_DB) / RANGE_DB, 0, 1) ** 1.3 * 240
    picture = grey.astype(np.uint8)
    picture.setflags(write=False)
    return Tissue(picture, middle, mm)


def _levels(anatomy: Anatomy, x: Floats, z: Floats, draw: np.random.Generator) -> Floats:
    """The answer of each place in dB, before speckle."""
    mm = float(x[1] - x[0])
    bounds = anatomy.boundaries_mm(x)
    depth = np.broadcast_to(z[:, None], (z.size, x.size))
    level = np.full(depth.shape, _LEVEL_DB["gel"])
    # Echoes running to and fro between skin and probe: faint lines in the gel.
    level = np.maximum(level, -44 - 70 * np.abs(depth - GEL_MM / 2) / GEL_MM)
    for layer, top in zip(anatomy.layers, bounds, strict=True):
        inside = depth >= top
        level = np.where(inside, _LEVEL_DB[layer.id], level)
    at = dict(zip([layer.id for layer in anatomy.layers], bounds, strict=True))
    level = _lobules(level, x, z, at["sfat"], at["smas"], (4.4, 1.15), 23.0, draw)
    level = _lobules(level, x, z, at["dfat"], at["perio"], (6.5, 1.9), 18.0, draw)
    level = _fibres(level, x, z, at["musc"], at["dfat"], draw)
    level = _vary(level, z, draw)
    level = _vessels(level, anatomy, x, depth)
    level = _bone(level, depth, at["perio"], draw)
    soft: Floats = cv2.GaussianBlur(level, (0, 0), sigmaX=0.05 / mm, sigmaY=0.04 / mm)
    return soft


def _lobules(
    level: Floats,
    x: Floats,
    z: Floats,
    top: Floats,
    bottom: Floats,
    cell_mm: tuple[float, float],
    septum_db: float,
    draw: np.random.Generator,
) -> Floats:
    """Fat: dark lobules between bright septa, where two cells of a jittered lattice meet."""
    step = 0.08
    across, down = np.arange(x[0], x[-1] + step, step), np.arange(top.min(), bottom.max() + step, step)
    gx, gz = np.meshgrid(across / cell_mm[0], down / cell_mm[1])
    gx, gz = gx + 0.34 * _clouds(gx.shape, (9, 22), draw), gz + 0.34 * _clouds(gx.shape, (7, 26), draw)
    nearest, second = np.full(gx.shape, np.inf), np.full(gx.shape, np.inf)
    owner = np.zeros(gx.shape)
    for i in range(int(np.floor(gx.min())) - 1, int(np.ceil(gx.max())) + 2):
        for j in range(int(np.floor(gz.min())) - 1, int(np.ceil(gz.max())) + 2):
            jitter = draw.uniform(-0.42, 0.42, 2)
            tone = draw.normal(0, 2.0)
            d = np.hypot(gx - i - jitter[0] - 0.5 * (j % 2), gz - j - jitter[1])
            second = np.minimum(second, np.maximum(d, nearest))
            owner = np.where(d < nearest, tone, owner)
            nearest = np.minimum(nearest, d)
    gap = second - nearest
    # A septum answers where the beam meets it squarely, and is thicker in some places than in others.
    steep, flat = np.abs(np.gradient(gap, axis=0)), np.abs(np.gradient(gap, axis=1))
    square = steep / np.maximum(steep + flat, 1e-6)
    strength = np.clip(0.10 + 0.95 * square + 0.40 * _clouds(gap.shape, (12, 30), draw), 0.0, 1.35)
    septum = septum_db * strength * np.exp(-((gap / 0.10) ** 2)) + owner
    # From the coarse lattice to the pixels.
    columns = np.broadcast_to(((x - across[0]) / step).astype(np.float32), (z.size, x.size))
    rows = np.broadcast_to(((z - down[0]) / step).astype(np.float32)[:, None], (z.size, x.size))
    fine = cv2.remap(
        septum.astype(np.float32),
        np.ascontiguousarray(columns),
        np.ascontiguousarray(rows),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    inside = (z[:, None] >= top) & (z[:, None] < bottom)
    return np.where(inside, level + fine, level)


def _clouds(shape: tuple[int, ...], knots: tuple[int, int], draw: np.random.Generator) -> Floats:
    """Smooth noise of unit size: drawn at `knots` (rows, columns) and spread out over `shape`."""
    coarse = draw.standard_normal(knots).astype(np.float32)
    spread: Floats = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC).astype(np.float64)
    return spread


def _fibres(level: Floats, x: Floats, z: Floats, top: Floats, bottom: Floats, draw: np.random.Generator) -> Floats:
    """Muscle: dark, with bright perimysium in lines along the muscle."""
    mm = float(x[1] - x[0])
    noise = draw.standard_normal((z.size, x.size)).astype(np.float32)
    lines = cv2.GaussianBlur(noise, (0, 0), sigmaX=1.7 / mm, sigmaY=0.085 / mm)
    lines /= lines.std()
    bright = 17.0 * np.clip(lines - 0.35, 0, 1.3)
    inside = (z[:, None] >= top) & (z[:, None] < bottom)
    return np.where(inside, level + bright, level)


def _vary(level: Floats, z: Floats, draw: np.random.Generator) -> Floats:
    """No layer is even: changes over centimetres and over millimetres, longer across than down."""
    uneven = 2.0 * _clouds(level.shape, (16, 14), draw) + 1.8 * _clouds(level.shape, (90, 60), draw)
    # Echoes weaken with depth a little faster than the gain makes up for.
    varied: Floats = level + uneven - 0.25 * z[:, None]
    return varied


def _vessels(level: Floats, anatomy: Anatomy, x: Floats, depth: Floats) -> Floats:
    """Lumens without echoes, walls bright where the beam meets them squarely, and more echo behind the fluid."""
    for vessel in anatomy.vessels:
        dx, dz = (x - vessel.x_mm)[None, :] / vessel.radius_x_mm, (depth - vessel.z_mm) / vessel.radius_z_mm
        r = np.hypot(dx, dz)
        thin = min(vessel.radius_x_mm, vessel.radius_z_mm)
        wall_mm = (0.13 if vessel.kind == "artery" else 0.09) / thin
        square = np.abs(dz) / np.maximum(r, 1e-6)
        wall = -37.0 + (25.0 if vessel.kind == "artery" else 18.0) * square
        ring = np.exp(-(((r - 1 - wall_mm) / wall_mm) ** 2))
        level = level + (np.maximum(level, wall) - level) * ring
        behind = (np.abs(dx) < 0.9) & (depth > vessel.z_mm + vessel.radius_z_mm)
        fade = 4.0 * np.exp(-(depth - vessel.z_mm - vessel.radius_z_mm) / 2.5)
        level = np.where(behind & (r > 1), level + fade, level)
        level = np.where(r < 1, -66.0, level)
    return level


def _bone(level: Floats, depth: Floats, top: Floats, draw: np.random.Generator) -> Floats:
    """A bright line that fades downwards, and below it nearly nothing: a shadow with one faint echo of the line."""
    below = depth - top
    shadow = np.maximum(-49.0 - 1.9 * below, -45.0 - 30 * np.abs(below - 3.1))
    glint = 2.0 * _clouds(level.shape, (2, 24), draw)
    line = _LEVEL_DB["perio"] + np.minimum(glint, 1.5) - 12.0 * (below / _CORTEX_MM) ** 2
    return np.where(below >= 0, np.maximum(shadow, line), level)


def _speckle(shape: tuple[int, int], mm: float, draw: np.random.Generator) -> Floats:
    """Fully developed speckle in dB about its mean; the beam is narrowest at the focus and widens below it."""
    field = [draw.standard_normal(shape).astype(np.float32) for _ in range(2)]
    power = [
        sum(
            cv2.GaussianBlur(f, (0, 0), sigmaX=across / mm, sigmaY=_BEAM_Z_MM / mm).astype(np.float64) ** 2
            for f in field
        )
        for across in (_BEAM_X_MM, _WIDE_X_MM)
    ]
    z = (np.arange(shape[0]) + 0.5) * mm
    wide = np.clip((z - 9.0) / 16.0, 0, 1)[:, None]
    mixed = (1 - wide) * power[0] / power[0].mean() + wide * power[1] / power[1].mean()
    decibels: Floats = np.maximum(10 * np.log10(mixed + 1e-6), -28.0)
    return decibels
