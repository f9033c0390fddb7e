"""The outline of a dark lumen around a seed: the best closed path through its rays.

Star-shaped boundary by dynamic programming in polar coordinates, as for vessels in Sonka et al. (IEEE TMI 1995;14:719).
Each ray's edge is where the grey rises from the lumen's level half way to the wall's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.grain import Grain

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

RAYS = 40
STEPS = 48
WALL_SPREAD = 1.15
"""How far a wall's half-way level lies inside of it, in standard deviations of the point spread (simulated faces)."""
FARTHEST = 2.6
"""How far rays go, in half widths and heights of the seed."""


@dataclass(frozen=True, slots=True)
class Lumen:
    """`outline` (RAYS, 2) [column, row]; `centre` its centroid; `width`, `height` its extents across and down, `shorter` its
    shorter axis (of the ellipse of equal moments), px. `inside`, `rim`: grey levels in the lumen and just outside;
    `edge`: mean rise over the edge, `firm`: part of the rays with a clear rise; `edge_unsure_px`: scatter of the edge."""

    outline: Doubles
    centre: tuple[float, float]
    width: float
    height: float
    shorter: float
    area: float
    inside: float
    rim: float
    edge: float
    firm: float
    top: float
    bottom: float
    edge_unsure_px: float
    is_tube: bool = False

    def grown(self, grain: Grain) -> Lumen:
        """The lumen without the wall's spread into it."""
        normal = self.normals()
        outline = self.outline + normal * WALL_SPREAD * np.array([grain.across, grain.down])
        if self.is_tube:
            more = 2 * WALL_SPREAD * grain.down
            return replace(self, outline=outline, height=self.height + more, shorter=self.shorter + more)
        width, height, shorter, area, centre = shape_of(outline)
        return replace(self, outline=outline, width=width, height=height, shorter=shorter, area=area, centre=centre)

    def normals(self) -> Doubles:
        """Unit vectors (n, 2) out of the lumen at each point of the outline; a tube's are up and down."""
        points = len(self.outline)
        if self.is_tube:
            return np.column_stack([np.zeros(points), np.where(np.arange(points) < points // 2, -1.0, 1.0)])
        normal = (self.outline - self.centre) / np.array([max(self.width, 1.0) ** 2, max(self.height, 1.0) ** 2])
        return np.asarray(normal / np.maximum(np.linalg.norm(normal, axis=1), 1e-9)[:, None], np.float64)


def shape_of(outline: Doubles) -> tuple[float, float, float, float, tuple[float, float]]:
    """Width, height, shorter axis (ellipse of equal moments), area and centroid of a closed outline."""
    moments = cv2.moments(outline.astype(np.float32).reshape(-1, 1, 2))
    area = max(float(moments["m00"]), 1e-6)
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]]) / area
    axes = 4 * np.sqrt(np.clip(np.linalg.eigvalsh(spread), 0, None))
    centre = (float(moments["m10"] / area), float(moments["m01"] / area))
    return float(np.ptp(outline[:, 0])), float(np.ptp(outline[:, 1])), float(axes[0]), area, centre


def outline_lumens(grey: Floats, seeds: list[tuple[tuple[float, float], tuple[float, float]]]) -> list[Lumen | None]:
    """The lumen around each seed (centre, half width and height in px); None where no closed edge is found."""
    if not seeds:
        return []
    centre = np.array([seed[0] for seed in seeds])
    half = np.array([seed[1] for seed in seeds])
    angles = np.arange(RAYS) * 2 * np.pi / RAYS
    radii = np.linspace(0.0, FARTHEST, STEPS)
    cos, sin = half[:, :1] * np.cos(angles), half[:, 1:] * np.sin(angles)
    map_x = (centre[:, 0, None, None] + radii * cos[:, :, None]).astype(np.float32)
    map_y = (centre[:, 1, None, None] + radii * sin[:, :, None]).astype(np.float32)
    shape = map_x.shape
    flat = (shape[0] * RAYS, STEPS)
    polar = cv2.remap(grey, map_x.reshape(flat), map_y.reshape(flat), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    polar = polar.reshape(shape)
    polar = (np.roll(polar, 1, axis=1) + polar + np.roll(polar, -1, axis=1)) / 3
    window = 5
    sums = np.cumsum(np.pad(polar, ((0, 0), (0, 0), (1, 0))), axis=2)
    rise = np.zeros_like(polar)
    after = (sums[..., 2 * window : STEPS] - sums[..., window : STEPS - window]) / window
    before = (sums[..., window : STEPS - window] - sums[..., : STEPS - 2 * window]) / window
    rise[..., window : STEPS - window] = after - before
    inner_mean = sums[..., 1:] / np.arange(1, STEPS + 1)
    # What lies inside of the edge must be dark all the way: a path behind the near wall is none.
    darkness = inner_mean - inner_mean[..., :6].mean(axis=(1, 2))[:, None, None]
    score = rise - 0.9 * np.clip(darkness, 0, None)
    score[..., :window], score[..., STEPS - window :] = -60.0, -60.0
    paths = _closed_paths(score.astype(np.float32))
    unit = float(radii[1] - radii[0])
    return [_measured(polar[i], rise[i], paths[i], centre[i], cos[i], sin[i], unit) for i in range(len(seeds))]


def _measured(
    polar: Floats, rise: Floats, path: npt.NDArray[np.int64], centre: Doubles, cos: Doubles, sin: Doubles, unit: float
) -> Lumen | None:
    at = np.arange(RAYS)
    strength = rise[at, path]
    if float(np.median(strength)) < 8:
        return None
    exact = smooth_closed(_half_way(polar, path))
    r = exact * unit
    outline = np.column_stack([centre[0] + r * cos, centre[1] + r * sin])
    width, height, shorter, area, middle = shape_of(outline)
    if area < 4:
        return None
    outside = np.clip(path + 4, 0, STEPS - 1)
    sums = np.cumsum(polar, axis=1)
    deep = np.clip(path - 4, 1, None)
    inside = sums[at, deep] / (deep + 1)
    rough = 1.48 * float(np.median(np.abs(exact - smooth_closed(smooth_closed(exact)))))
    up, down = slice(RAYS * 3 // 4 - 4, RAYS * 3 // 4 + 5), slice(RAYS // 4 - 4, RAYS // 4 + 5)
    return Lumen(
        outline=outline,
        centre=middle,
        width=width,
        height=height,
        shorter=shorter,
        area=area,
        inside=float(np.median(inside)),
        rim=float(polar[at, outside].mean()),
        edge=float(strength.mean()),
        firm=float((strength > 12).mean()),
        top=float(strength[up].mean()),
        bottom=float(strength[down].mean()),
        edge_unsure_px=max(0.25, rough * unit * float(sin.max())),
    )


def _closed_paths(score: Floats) -> npt.NDArray[np.int64]:
    """For each seed the step on each ray (n, RAYS) of the closed path with the largest sum through `score` (n, RAYS, STEPS),
    neighbours at most 2 steps apart.

    The rays are gone round twice, and the middle round is taken: it closes but for ties.
    """
    seeds, rays, steps = score.shape
    order = np.arange(-rays // 2, rays + rays // 2) % rays
    total = score[:, order[0]].copy()
    came = np.zeros((len(order), seeds, steps), np.int8)
    price = np.array([8.0, 2.0, 0.0, 2.0, 8.0], np.float32)
    padded = np.full((seeds, steps + 4), -1e6, np.float32)
    for i in range(1, len(order)):
        padded[:, 2:-2] = total
        options = np.stack([padded[:, k : k + steps] - price[k] for k in range(5)])
        best = options.argmax(axis=0)
        came[i] = best - 2
        total = options.max(axis=0) + score[:, order[i]]
    step = total.argmax(axis=1)
    which = np.arange(seeds)
    path = np.empty((seeds, rays), np.int64)
    for i in range(len(order) - 1, -1, -1):
        if rays // 2 <= i < rays // 2 + rays:
            path[:, order[i]] = step
        step = np.clip(step + came[i, which, step], 0, steps - 1)
    return path


def _half_way(polar: Floats, path: npt.NDArray[np.int64]) -> Doubles:
    """Where each ray passes half way between the lumen's level and the wall's, near `path`, in steps."""
    rays, steps = polar.shape
    at = np.arange(rays)[:, None]
    low = polar[at, np.clip(path[:, None] + np.arange(-8, -3), 0, steps - 1)].mean(axis=1)
    high = polar[at, np.clip(path[:, None] + np.arange(0, 5), 0, steps - 1)].max(axis=1)
    half = (low + high) / 2
    near = polar[at, np.clip(path[:, None] + np.arange(-5, 5), 0, steps - 1)]
    above = near >= half[:, None]
    first = above.argmax(axis=1)
    known = above.any(axis=1) & (first > 0)
    k = np.maximum(first, 1)
    r = np.arange(rays)
    left, right = near[r, k - 1], near[r, k]
    part = (half - left) / np.maximum(right - left, 1e-3)
    return np.asarray(np.where(known, path - 5 + k - 1 + part, path), np.float64)


def smooth_closed(values: Doubles) -> Doubles:
    return np.asarray(sum(w * np.roll(values, s) for w, s in ((1, -2), (2, -1), (3, 0), (2, 1), (1, 2))) / 9)
