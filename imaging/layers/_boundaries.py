"""Boundaries without names: the paths that stand out below a flattened skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging.layers._evidence import Evidence
from imaging.layers._paths import between_rows, cheapest_path, cheapest_paths
from imaging.layers._strips import Strips
from imaging.layers.priors import Expected, Kind

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

FORBIDDEN = np.float32(1e3)
LEAST_LINE = 0.9
"""Mean evidence along a line, in units of speckle noise, below which it is none."""
LEAST_COVER = 0.6
"""Part of its width over which a boundary must be seen."""
SEEN_FROM = 0.5
APART_MM = 0.17
"""Two lines are at least so far apart, mm: about two axial resolutions."""


@dataclass(slots=True)
class Boundary:
    """`rows` (strips,) below the skin line, px; `strength` (strips,) its evidence there; its `kind`."""

    rows: Doubles
    strength: Doubles
    kind: Kind

    @property
    def evidence(self) -> float:
        """Mean evidence, in units of speckle noise."""
        return float(np.mean(self.strength))

    @property
    def cover(self) -> float:
        """Part of the width over which it is seen."""
        return float(np.mean(self.strength > SEEN_FROM))


def expected_step(seen: Evidence, cut: Strips, what: Expected, below: Boundary | None) -> Boundary | None:
    """The best path of a step of the skin near where it is expected, below `below`."""
    evidence = seen.maps[what.kind]
    mm = cut.px_per_mm
    rows = min(len(evidence), round((what.depth_mm + 4 * what.spread_mm) * mm) + 2)
    depth = np.arange(rows, dtype=np.float32)[:, None] / mm
    off = (depth - what.depth_mm) / what.spread_mm
    cost = -evidence[:rows] + 0.35 * off**2
    if below is not None:
        cost = np.where(np.arange(rows)[:, None] < below.rows[None] + 0.15 * mm, FORBIDDEN, cost)
    return _walk(cost.astype(np.float32), evidence, cut, what.kind, flatness=4.0)


def expected_face(seen: Evidence, cut: Strips, what: Expected, top: Doubles, bottom: Doubles | None) -> Boundary | None:
    """The best path of a step below the skin, near where it is expected, between the rows `top` and `bottom`."""
    mm = cut.px_per_mm
    evidence = seen.maps[what.kind]
    row = np.arange(len(evidence))[:, None]
    cost = -np.minimum(evidence, 5.0) + 0.25 * ((row / mm - what.depth_mm) / what.spread_mm) ** 2
    cost = np.where(row < top[None] + 0.3 * mm, FORBIDDEN, cost)
    if bottom is not None:
        cost = np.where(row > bottom[None] - 0.3 * mm, FORBIDDEN, cost)
    found = _walk(cost.astype(np.float32), evidence, cut, what.kind)
    return found if found is not None and found.evidence > LEAST_LINE and found.cover > LEAST_COVER else None


def bone(seen: Evidence, cut: Strips, what: Expected) -> Boundary | None:
    """The bright line with nothing behind it."""
    evidence = seen.maps["bone"]
    depth = np.arange(len(evidence), dtype=np.float32)[:, None] / cut.px_per_mm
    off = np.minimum(np.abs(depth - what.depth_mm) / what.spread_mm, 5.0)
    cost = -evidence + 0.1 * off**2
    cost[: round(1.2 * cut.px_per_mm)] = FORBIDDEN
    found = _walk(cost.astype(np.float32), evidence, cut, "bone")
    return found if found is not None and found.evidence > 1.5 and found.cover > LEAST_COVER else None


def lines(
    seen: Evidence, cut: Strips, top: Doubles, bottom: Doubles | None, known: list[Boundary], most: int
) -> list[Boundary]:
    """Bright lines between the rows `top` and `bottom` (strips,) besides the `known` ones, the strongest first.

    `most`: how many are tried.
    """
    mm = cut.px_per_mm
    evidence = seen.maps["line"]
    last = len(evidence) if bottom is None else min(len(evidence), int(bottom.max()) + 1)
    evidence = evidence[:last]
    row = np.arange(last)[:, None]
    cost = -np.minimum(evidence, 4.0) + np.float32(0.0)
    cost = np.where(row < top[None] + APART_MM * mm, FORBIDDEN, cost)
    if bottom is not None:
        cost = np.where(row > bottom[None] - APART_MM * mm, FORBIDDEN, cost)
    for other in known:
        cost = np.where(np.abs(row - other.rows[None]) < APART_MM * mm, FORBIDDEN, cost)
    found: list[Boundary] = []
    for _ in range(most):
        path = _walk(cost.astype(np.float32), evidence, cut, "line")
        if path is None or path.evidence < 0.7 * LEAST_LINE:
            break
        if path.evidence >= LEAST_LINE and path.cover >= LEAST_COVER:
            found.append(path)
        cost = np.where(np.abs(row - path.rows[None]) < APART_MM * mm, FORBIDDEN, cost)
    return found


def thin_layer(
    seen: Evidence, cut: Strips, upper: Expected, lower: Expected, top: Doubles, bottom: Doubles | None
) -> list[Boundary]:
    """Both faces of a thin bright sheet (the SMAS, a fascia), sought together: one alone would jump to the other.

    It is taken to be evenly thick over the picture's width, by up to twice what is expected.
    """
    mm = cut.px_per_mm
    first = max(0, round((upper.depth_mm - 3.5 * upper.spread_mm) * mm))
    last = min(len(seen.grey), round((lower.depth_mm + 3.5 * lower.spread_mm) * mm))
    usual = (lower.depth_mm - upper.depth_mm) * mm
    thinnest, thickest = max(2, round(0.45 * usual)), round(1.7 * usual) + 1
    if last - first < 2 * thickest:
        return []
    row = np.arange(first, last)[:, None]
    allowed = row >= top[None] + 0.15 * mm
    if bottom is not None:
        allowed &= row <= bottom[None] - 0.15 * mm
    near, far = (
        np.where(allowed, np.clip(seen.maps[kind][first:last], -2.0, 4.0), np.float32(-4.0))
        for kind in ("rise", "fall")
    )
    depth = row / mm
    prior = 0.1 * np.minimum(((depth - upper.depth_mm) / upper.spread_mm) ** 2, 12.0)
    steepest = max(1, round(0.35 * cut.width))
    at = np.arange(near.shape[1])
    costs = np.full((thickest + 1 - thinnest, *near.shape), FORBIDDEN, np.float32)
    for k, thick in enumerate(range(thinnest, thickest + 1)):
        costs[k, :-thick] = (
            prior[:-thick] - (near[:-thick] + far[thick:]) + 0.15 * ((thick - usual) / (0.3 * usual)) ** 2
        )
    paths = cheapest_paths(costs, steepest, 1.2 / steepest**2)
    totals = [float(costs[k, path, at].mean()) for k, path in enumerate(paths)]
    k = int(np.argmin(totals))
    best, thick = paths[k], thinnest + k
    faces = []
    for face, shift in ((near, 0), (far, thick)):
        path = np.clip(best + shift, 0, len(face) - 1)
        faces.append(Boundary(between_rows(-face, path) + first, face[path, at].astype(np.float64), "line"))
    if min(face.evidence for face in faces) < LEAST_LINE or min(face.cover for face in faces) < LEAST_COVER:
        return []
    return faces


def _walk(cost: Floats, evidence: Floats, cut: Strips, kind: Kind, flatness: float = 1.0) -> Boundary | None:
    steepest = max(1, round(0.35 * cut.width))
    path = cheapest_path(cost, steepest, flatness * 0.6 / steepest**2)
    at = np.arange(len(path))
    if (cost[path, at] > FORBIDDEN / 2).mean() > 0.1:
        return None
    return Boundary(between_rows(cost, path), evidence[path, at].astype(np.float64), kind)
