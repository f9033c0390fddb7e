"""Vessels that run along the picture: long dark bands between two walls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.vessels._lumen import Lumen

Floats = npt.NDArray[np.float32]

LONGER_THAN_WIDE = 4.0
LEAST_MM, MOST_MM = 0.35, 4.0
SHORTEST_MM = 4.0
BLACK, LIFTED = 0.15, 0.3
"""Most that a lumen's middle may be, as a part of the tissue's grey; and how much more in a narrow one, into which the walls
spread. Dark fat between two fascias is 0.3 and more (simulated faces, styles 1 to 4, seeds below 10000)."""
WIDE_MM, NARROW_MM = 0.75, 0.55
EVEN = 0.17
"""Blood is evenly dark along a tube, fat is speckled: how far the 90th centile may lie above the middle, as a part
of the tissue's grey."""
UNLIKE_WALLS = 1.43
LEAST_FLOWING = 0.1
"""Part of a band's length over which flow is shown from which it is a vessel."""
FEW = 8
"""Columns without colour from which evenness is judged."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where tubes are looked for: `grey` (rows, columns) with colour as dark, `hidden` 1 there, `flowing` 1 where flow is,
    `noise` of speckle."""

    grey: Floats
    hidden: npt.NDArray[np.uint8]
    flowing: npt.NDArray[np.uint8]
    px_per_mm: float
    noise: float


def dark_tubes(scene: Scene, valid: npt.NDArray[np.uint8]) -> list[Lumen]:
    """Bands darker than half of what lies above and below, evenly wide, with a bright wall on both sides."""
    grey, px_per_mm, noise = scene.grey, scene.px_per_mm, scene.noise
    slow = cv2.blur(grey, (round(2 * px_per_mm) | 1, round(3 * px_per_mm) | 1))
    dark = ((grey < 0.45 * slow) & (valid > 0) & (slow > 1.5 * noise)).astype(np.uint8)
    # What ends in the picture's bottom is a shadow, not a tube: shadows are cut off where nothing bright follows.
    dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, round(0.6 * px_per_mm) | 1), np.uint8))
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    pieces: list[tuple[npt.NDArray[np.uint8], Lumen]] = []
    for k in range(1, count):
        wide, area = int(stats[k, cv2.CC_STAT_WIDTH]), int(stats[k, cv2.CC_STAT_AREA])
        if wide < SHORTEST_MM * px_per_mm or area > MOST_MM * px_per_mm * wide * 1.2:
            continue
        part = (labels == k).astype(np.uint8)
        lumen = _tube(scene, part)
        if lumen is not None:
            pieces.append((part, lumen))
    pieces.sort(key=lambda piece: -piece[1].width)
    found: list[tuple[npt.NDArray[np.uint8], Lumen]] = []
    for part, lumen in pieces:
        for i, (other, longer) in enumerate(found):
            whole = _tube(scene, part | other) if _in_line(longer, lumen) else None
            if whole is not None and whole.width > longer.width:
                found[i] = (part | other, whole)
                break
        else:
            found.append((part, lumen))
    joined: list[Lumen] = []
    for part, lumen in found:
        longest = _to_its_ends(scene, dark, part, lumen)
        if not any(_within(longest, other) or _within(other, longest) for other in joined):
            joined.append(longest)
    return joined


def _within(a: Lumen, b: Lumen) -> bool:
    return cv2.pointPolygonTest(b.outline.astype(np.float32), a.centre, False) >= 0


def _to_its_ends(scene: Scene, dark: npt.NDArray[np.uint8], part: npt.NDArray[np.uint8], lumen: Lumen) -> Lumen:
    """The tube with what is dark where it would go on: a wall's echo or the colour box's edge cuts it into pieces."""
    (rows, columns), px_per_mm = scene.grey.shape, scene.px_per_mm
    x = np.arange(columns)
    for _ in range(3):
        curve = 2 if lumen.width > 0.5 * columns else 1
        line = np.polyval(np.polyfit(lumen.outline[:, 0], lumen.outline[:, 1], curve), x)
        band = np.abs(np.arange(rows)[:, None] - line[None]) <= max(1.0, 0.5 * lumen.height)
        more = (band & (dark > 0)).astype(np.uint8)
        # Only what goes on without a gap of more than 1.5 mm.
        seen = more.sum(axis=0) >= 0.6 * np.maximum(band.sum(axis=0), 1)
        near = cv2.morphologyEx(
            seen.astype(np.uint8)[None], cv2.MORPH_CLOSE, np.ones((1, round(1.5 * px_per_mm) | 1), np.uint8)
        )[0]
        _, runs = cv2.connectedComponents(near[None], connectivity=4)
        own = np.unique(runs[0][part.any(axis=0) & (near > 0)])
        more[:, ~np.isin(runs[0], own[own > 0])] = 0
        longer = _tube(scene, part | more)
        if longer is None or longer.width < lumen.width + 0.3 * px_per_mm:
            break
        lumen, part = longer, part | more
    return lumen


def _in_line(a: Lumen, b: Lumen) -> bool:
    """Whether `b` lies beside `a` where `a` would go on, and is about as high."""
    apart = abs(a.centre[0] - b.centre[0])
    if apart < 0.4 * (a.width + b.width) or not 0.6 < a.height / b.height < 1.7:
        return False
    ends = []
    for one, sign in ((a, np.sign(b.centre[0] - a.centre[0])), (b, np.sign(a.centre[0] - b.centre[0]))):
        x, y = one.outline[:, 0], one.outline[:, 1]
        slope, there = np.polyfit(x, y, 1)
        ends.append((slope, slope * (one.centre[0] + sign * one.width / 2) + there))
    between = apart - (a.width + b.width) / 2
    expected = ends[0][1] + np.sign(b.centre[0] - a.centre[0]) * between * (ends[0][0] + ends[1][0]) / 2
    return bool(abs(expected - ends[1][1]) < 0.6 * max(a.height, b.height))


def _tube(scene: Scene, part: npt.NDArray[np.uint8]) -> Lumen | None:
    grey, px_per_mm, noise = scene.grey, scene.px_per_mm, scene.noise
    rows, _columns = grey.shape
    filled = part.any(axis=0)
    first = part.argmax(axis=0)
    last = rows - 1 - part[::-1].argmax(axis=0)
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
    map_x = np.repeat(columns[None], len(at), axis=0).astype(np.float32)
    straight = cv2.remap(grey, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = np.median(straight, axis=1)
    inside = float(profile[reach - 1 : reach + 2].mean())
    tissue = float(np.median(grey[grey > 8])) if (grey > 8).any() else 0.0
    core = straight[reach - 1 : reach + 2].mean(axis=0)
    on_line = np.rint(line).astype(int).clip(0, rows - 1), columns
    bare = core[scene.hidden[on_line] == 0]
    # Flow along the band settles what blackness and evenness stand for.
    flows = float(scene.flowing[on_line].mean()) > LEAST_FLOWING
    if not flows and len(bare) > FEW and float(np.percentile(bare, 90) - np.median(bare)) > EVEN * tissue:
        return None
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
    if len(below) == 0 or below[: round(1.5 * px_per_mm)].max() < 0.5 * tissue:
        return None
    narrow = float(np.clip((WIDE_MM - shorter / px_per_mm) / (WIDE_MM - NARROW_MM), 0, 1))
    top, bottom = float(profile[:reach].max()) - inside, float(profile[reach:].max()) - inside
    unlike = max(top, bottom) > UNLIKE_WALLS * min(top, bottom)
    if not flows and (inside > (BLACK + LIFTED * narrow) * tissue or unlike):
        return None
    step = max(1, len(columns) // 40)
    upper = np.column_stack([columns, line - walls[0]])[::step]
    lower = np.column_stack([columns, line + walls[1]])[::step][::-1]
    outline = np.vstack([upper, lower]).clip(0, [1e6, rows - 1])
    centre = (float(columns.mean()), float(np.polyval(fit, 0.0) + (walls[1] - walls[0]) / 2))
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
        top=top,
        bottom=bottom,
        edge_unsure_px=0.3,
        is_tube=True,
    )
