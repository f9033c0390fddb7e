"""The lumen's edge where colour lies on it: beside the colour where dark follows, at its rim where bright does.

Colour hides the wall's echo that the edge is told by in B-mode. It stops short of the wall where blood is slow, and spreads
over it where the gain is high or the pulse is long (Kremkau, Sonography Principles: colour bleed). Both are seen at its rim:
dark blood follows, or the wall at once.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.grain import Grain
from imaging.vessels._lumen import WALL_SPREAD, Lumen, shape_of, smooth_closed

Floats = npt.NDArray[np.float32]

BLEED = 0.5
"""How far colour that ends at a wall lies over it, in standard deviations of the point spread; half of what it may be."""
BESIDE_COLOUR = 0.9
"""How far a wall's half-way level lies inside of it where colour ends there."""
GAUSSIAN_AT = np.linspace(0.0, 2.0, 9)
GAUSSIAN_SHARES = np.array([0.5, 0.599, 0.691, 0.773, 0.841, 0.894, 0.933, 0.96, 0.977])
"""A sharp edge seen through a Gaussian point spread: part of its height at so many standard deviations behind it."""
INWARDS, OUTWARDS, STEP = 5.0, 6.0, 0.25
"""Reach of the search along each normal of the outline, working px."""
TINTED = 0.75
"""The rim's chroma spreads so far into the grey beside it (working px): no grey level is taken from there."""


def edge_beside_colour(lumen: Lumen, grey: Floats, colour: npt.NDArray[np.uint8], blood: float, grain: Grain) -> Lumen:
    """The lumen with its edge put right where `colour` (1 where it covers the grey) lies inside of it; elsewhere without the
    wall's spread. `blood`: grey level of a lumen in this picture."""
    points = lumen.outline
    normal = lumen.normals()
    t = np.arange(-INWARDS, OUTWARDS + STEP / 2, STEP)
    at = points[:, None] + t[None, :, None] * normal[:, None]
    soft = cv2.GaussianBlur(colour.astype(np.float32), (0, 0), 0.6)
    x, y = at[..., 0].astype(np.float32), at[..., 1].astype(np.float32)
    covered = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) >= 0.5
    level = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    known = covered.any(axis=1) & ~covered[:, -1]
    if not known.any():
        return lumen.grown(grain)
    rim = np.where(known, len(t) - 1 - covered[:, ::-1].argmax(axis=1), 0)
    first = np.minimum(rim + round(TINTED / STEP), len(t) - 1)
    index = np.arange(len(t))[None]
    outside = index >= first[:, None]
    wall = np.where(outside & (index <= rim[:, None] + round(4 / STEP)), level, blood).max(axis=1)
    spread = np.hypot(normal[:, 0] * grain.across, normal[:, 1] * grain.down)
    bright = outside & (level >= (blood + wall)[:, None] / 2)
    begins = np.where(bright.any(axis=1), bright.argmax(axis=1), first)
    # A wall that has begun under the colour: how bright it is at the rim tells how far back.
    here = np.arange(len(points))
    share = (level[here, first] - blood) / np.maximum(wall - blood, 1.0)
    back = np.interp(share, GAUSSIAN_SHARES, GAUSSIAN_AT) * spread
    half_way = np.where(begins <= first, t[first] - np.maximum(back, 0.0), t[begins] - STEP / 2)
    edge = np.maximum(half_way + BESIDE_COLOUR * spread, t[rim] - BLEED * spread)
    shift = np.where(known, edge, WALL_SPREAD * spread)
    if not lumen.is_tube:
        shift = smooth_closed(shift)
    outline = points + normal * shift[:, None]
    if lumen.is_tube:
        upper = normal[:, 1] < 0
        more = float(np.median(shift[upper])) + float(np.median(shift[~upper]))
        return replace(lumen, outline=outline, height=lumen.height + more, shorter=lumen.shorter + more)
    width, height, shorter, area, centre = shape_of(outline)
    return replace(lumen, outline=outline, width=width, height=height, shorter=shorter, area=area, centre=centre)
