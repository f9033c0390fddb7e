"""Follow a label from picture to picture.

Between neighbours: Lucas-Kanade on a cloud of points around the label, there and back, and a local affine of what came
back. Such steps drift, so each point is put right on its patch of the first picture while speckle still looks like it
(speckle changes as tissue turns or is pressed), and on a later patch from then on, which costs certainty.

Limits: motion out of the picture's plane cannot be followed, only noticed (the speckle changes); a smooth dark area gives
nothing to follow; tissue that slides along a line is seen only across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.errors import CannotTell
from imaging.grain import grain_of
from imaging.pictures import Bgr
from imaging.tracking._flow import follow, local_affine
from imaging.tracking._template import Template

Points = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]

PATCH_PART = 0.045
"""Half a patch, as a part of the picture's height: about 1 mm on a screen that shows 20 mm."""
ALIKE = 0.55
"""From this correlation on a patch is the same tissue."""
KEY_UNSURE_PX = 0.35
"""What changing to a newer patch costs, px (standard deviation)."""
STEP_UNSURE_PX = 0.12
"""What each step without a patch costs at least, px (standard deviation)."""
GRAIN_PX = 2.0
"""Grain of the speckle for which those were found; where it is coarser, a patch tells its place less well in proportion
(the bound of a shift's error grows with the correlation length: Walker and Trahey, IEEE T-UFFC 1995;42:301)."""
RADIUS_95 = 2.45
"""Radius that holds 95 % of a two-dimensional Gaussian, in its standard deviations."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where the label is. `points` (n, 2) [column, row] in pixels; `ci_px` (n,) the radius around each that holds the
    tissue point with 95 % probability. Where `lost`, `points` are the last that were known and `reason` says what failed."""

    points: Points
    ci_px: Floats
    lost: bool
    reason: str | None


class Tracker:
    """Follows `points` ((n, 2) [column, row] of `picture`: a point, a polyline, a polygon) through later pictures.

    `box` ([x0, y0, x1, y1]) is the B-mode picture; a point outside of it is lost. Pictures must keep their size.
    """

    def __init__(self, picture: Bgr, points: npt.ArrayLike, box: tuple[int, int, int, int] | None = None) -> None:
        height, width = picture.shape[:2]
        self._box = box if box is not None else (0, 0, width, height)
        self._shape = picture.shape
        self._origin = np.array(self._box[:2], np.float64)
        self._points = np.asarray(points, np.float64).reshape(-1, 2) - self._origin
        if len(self._points) == 0 or not np.isfinite(self._points).all():
            raise CannotTell("The label has no points to follow: draw it first.")
        self._size = np.array([self._box[2] - self._box[0], self._box[3] - self._box[1]])
        if self._outside(self._points).any():
            raise CannotTell("The label lies outside of the picture: draw it inside.")
        self._half = int(np.clip(round(PATCH_PART * self._size[1]), 12, 40))
        self._before = self._grey(picture)
        grain = grain_of(self._before.astype(np.float32))
        self._coarse = max(1.0, grain.across / GRAIN_PX, grain.down / GRAIN_PX)
        self._first = [Template(self._before, p, self._half) for p in self._points]
        self._keys = list(self._first)
        self._cloud = self._around(self._points)
        self._velocity = np.zeros(2)
        n = len(self._points)
        self._key_variance, self._variance = np.zeros(n), np.full(n, 0.02)
        self._lost: str | None = None

    def advance(self, picture: Bgr) -> Tracked:
        """The label on the next picture. Raises ValueError where the picture has another size."""
        if picture.shape != self._shape:
            raise ValueError(f"the clip's pictures changed their size from {self._shape} to {picture.shape}")
        after = self._grey(picture)
        if self._lost is None:
            self._lost = self._step(after)
        elif self._found_again(after):
            self._lost = None
        self._before = after
        radius = RADIUS_95 * np.sqrt(self._variance)
        return Tracked(self._points + self._origin, radius, self._lost is not None, self._lost)

    def _step(self, after: npt.NDArray[np.uint8]) -> str | None:
        """Move the points by one picture; a reason where they were lost (then nothing has moved)."""
        cloud = self._around(self._points)
        inside = ~self._outside(cloud)
        cloud = cloud[inside]
        there, good = follow(self._before, after, cloud, cloud + self._velocity)
        if good.sum() < max(6, 0.3 * len(cloud)):
            return "the speckle changed: most points could not be followed"
        moved, errors = local_affine(cloud[good], there[good], self._points, 1.5 * self._half)
        if float(np.abs(moved - self._points).max()) > 0.25 * float(self._size.min()):
            return "the picture jumped"
        variance = self._variance + errors**2 + (self._coarse * STEP_UNSURE_PX) ** 2
        alike, anchored = self._anchor(after, moved, variance)
        if self._outside(anchored).any():
            return "the label left the picture"
        if alike < 0.5:
            at_rim = (anchored < self._half).any() or (anchored > self._size - self._half).any()
            return "the label left the picture" if at_rim else "the tissue no longer looks like what was marked"
        self._velocity = np.median(anchored - self._points, axis=0)
        self._points, self._variance = anchored, variance
        return None

    def _anchor(self, after: npt.NDArray[np.uint8], moved: Points, variance: Floats) -> tuple[float, Points]:
        """Put `moved` right on remembered patches; shrinks `variance` in place. Also the part of points that were known."""
        known, anchored = 0.0, moved.copy()
        for i, point in enumerate(moved):
            reach = int(np.clip(np.ceil(3 * np.sqrt(variance[i])) + 2, 3, 12))
            match, floor, source = self._first[i].find(after, point, reach), 0.0, self._first[i]
            if match is None or match.likeness < ALIKE:
                source, floor = self._keys[i], self._key_variance[i]
                match = source.find(after, point, reach)
            if match is None or match.likeness < ALIKE:
                if not source.has_texture:
                    known += 1  # Nothing to compare with: the cloud around it carried it.
                    continue
                if match is not None and match.likeness > 0.6 * ALIKE:
                    # Followed by its neighbours, but the patch has aged: remember a newer one.
                    known += 1
                    self._keys[i] = Template(after, point, self._half)
                    self._key_variance[i] = variance[i] + KEY_UNSURE_PX**2
                continue
            known += 1
            measured = floor + self._coarse**2 * ((0.25 / match.likeness) ** 2 + 0.6 * (1 - match.likeness))
            gain = variance[i] / (variance[i] + measured)
            anchored[i] = point + gain * (match.point - point)
            variance[i] = max(floor, (1 - gain) * variance[i])
        return known / len(moved), anchored

    def _found_again(self, after: npt.NDArray[np.uint8]) -> bool:
        """Whether the marked tissue of the first picture is there again, near where it was lost, all points agreeing."""
        found = [t.find(after, p, 2 * self._half) for t, p in zip(self._first, self._points, strict=True)]
        sure = [(i, m) for i, m in enumerate(found) if m is not None and m.likeness > 0.8]
        if len(sure) < max(1, 0.6 * len(self._points)):
            return False
        shifts = np.array([m.point - self._points[i] for i, m in sure])
        middle = np.median(shifts, axis=0)
        if float(np.abs(shifts - middle).max()) > 0.5 * self._half:
            return False
        self._points = self._points + middle
        for i, match in sure:
            self._points[i] = match.point
        if self._outside(self._points).any():
            return False
        self._variance = np.full(len(self._points), 1.0)
        self._velocity = np.zeros(2)
        return True

    def _grey(self, picture: Bgr) -> npt.NDArray[np.uint8]:
        x0, y0, x1, y1 = self._box
        grey = cv2.cvtColor(np.ascontiguousarray(picture[y0:y1, x0:x1]), cv2.COLOR_BGR2GRAY)
        return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.2), np.uint8)

    def _around(self, points: Points) -> Points:
        """The points and a ring of neighbours at half and at a whole patch, at most about 400."""
        angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        ring = np.column_stack([np.cos(angles), np.sin(angles)])
        rings = np.vstack([np.zeros((1, 2)), 0.6 * self._half * ring, 1.3 * self._half * ring])
        some = points[:: max(1, len(points) // 24)]
        return np.asarray((some[:, None, :] + rings[None]).reshape(-1, 2))

    def _outside(self, points: Points) -> npt.NDArray[np.bool_]:
        return np.asarray((points < 0).any(axis=1) | (points > self._size - 1).any(axis=1))
