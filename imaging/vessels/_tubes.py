"""Vessels that run along the picture: long dark bands between two walls."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.vessels._lumen import Lumen

Floats = npt.NDArray[np.float32]

LONGER_THAN_WIDE = 4.0
LEAST_MM, MOST_MM = 0.35, 4.0
SHORTEST_MM = 4.0


def dark_tubes(grey: Floats, valid: npt.NDArray[np.uint8], px_per_mm: float, noise: float) -> list[Lumen]:
    """Bands darker than half of what lies above and below, evenly wide, with a bright wall on both sides."""
    slow = cv2.blur(grey, (round(2 * px_per_mm) | 1, round(3 * px_per_mm) | 1))
    dark = ((grey < 0.45 * slow) & (valid > 0) & (slow > 1.5 * noise)).astype(np.uint8)
    # What ends in the picture's bottom is a shadow, not a tube: shadows are cut off where nothing bright follows.
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, round(0.6 * px_per_mm) | 1), np.uint8))
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    found = []
    for k in range(1, count):
        left, top, wide, high, area = (int(v) for v in stats[k])
        if wide < SHORTEST_MM * px_per_mm or area > MOST_MM * px_per_mm * wide * 1.2:
            continue
        part = labels[top : top + high, left : left + wide] == k
        lumen = _tube(grey, part, left, top, px_per_mm, noise)
        if lumen is not None:
            found.append(lumen)
    return found


def _tube(
    grey: Floats, part: npt.NDArray[np.bool_], left: int, top: int, px_per_mm: float, noise: float
) -> Lumen | None:
    rows, _columns = grey.shape
    filled = part.any(axis=0)
    first = top + part.argmax(axis=0)
    last = top + part.shape[0] - 1 - part[::-1].argmax(axis=0)
    columns = np.flatnonzero(filled)
    middle = (first + last)[columns] / 2
    # A vessel is smooth: its middle follows a parabola.
    x = (columns - columns.mean()) / max(1.0, np.ptp(columns) / 2)
    good = np.ones(len(x), bool)
    fit = np.zeros(3)
    for _ in range(3):
        if good.sum() < 0.5 * len(x):
            return None
        fit = np.polyfit(x[good], middle[good], 2)
        off = np.abs(middle - np.polyval(fit, x))
        good = off < max(1.5, 2.5 * float(np.median(off)))
    line = np.polyval(fit, x)
    reach = round(MOST_MM / 1.5 * px_per_mm)
    at = np.arange(-reach, reach + 1)
    map_y = (line[None] + at[:, None]).astype(np.float32)
    map_x = np.repeat((columns + left)[None], len(at), axis=0).astype(np.float32)
    straight = cv2.remap(grey, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = np.median(straight, axis=1)
    inside = float(profile[reach - 1 : reach + 2].mean())
    walls = []
    for side in (profile[reach::-1], profile[reach:]):
        near = side[: round(MOST_MM / 1.6 * px_per_mm)]
        wall = float(near.max())
        half = (inside + wall) / 2
        above = np.flatnonzero(near >= half)
        if wall - inside < 3.0 * noise or len(above) == 0 or above[0] == 0:
            return None
        k = int(above[0])
        walls.append(k - 1 + (half - float(near[k - 1])) / max(1e-3, float(near[k] - near[k - 1])))
    slope = float(np.polyder(np.poly1d(fit))(0.0)) / max(1.0, np.ptp(columns) / 2)
    height = walls[0] + walls[1]
    shorter = height / float(np.hypot(1.0, slope))
    length = float(np.ptp(columns)) * float(np.hypot(1.0, slope))
    if not LEAST_MM * 0.5 <= shorter / px_per_mm <= MOST_MM or length < max(
        SHORTEST_MM * px_per_mm, LONGER_THAN_WIDE * shorter
    ):
        return None
    below = profile[reach + round(walls[1]) + 1 :]
    tissue = float(np.median(grey[grey > 8])) if (grey > 8).any() else 0.0
    if len(below) == 0 or below[: round(1.5 * px_per_mm)].max() < 0.5 * tissue:
        return None
    step = max(1, len(columns) // 40)
    upper = np.column_stack([columns + left, line - walls[0]])[::step]
    lower = np.column_stack([columns + left, line + walls[1]])[::step][::-1]
    outline = np.vstack([upper, lower]).clip(0, [1e6, rows - 1])
    centre = (float(columns.mean() + left), float(np.polyval(fit, 0.0) + (walls[1] - walls[0]) / 2))
    return Lumen(
        outline=outline,
        centre=centre,
        width=float(np.ptp(columns)),
        height=height,
        shorter=shorter,
        area=height * len(columns),
        inside=inside,
        rim=float(profile.max()),
        edge=float(profile.max()) - inside,
        firm=float(good.mean()),
        top=float(profile[:reach].max()) - inside,
        bottom=float(profile[reach:].max()) - inside,
        edge_unsure_px=0.3,
        is_tube=True,
    )
