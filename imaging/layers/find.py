"""Layer boundaries: the strongest path across the picture for each layer that is expected, in order, below the skin line.

Each is a suggestion for a person to confirm. A layer whose boundary the picture does not show is not reported. Limits: made
for linear probes (layers run across the columns); fascia and muscle of equal brightness have no boundary to find; anisotropy
and shadow hide some; names come from order and depth, and only a person knows the region.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging.bmode import BMode, Points
from imaging.errors import CannotTell
from imaging.interval import Interval, Unit
from imaging.layers._evidence import Evidence, evidence
from imaging.layers._paths import between_rows, cheapest_path
from imaging.layers._strips import Strips, strips
from imaging.layers.priors import ANYWHERE, NAMES, REGIONS, Expected
from imaging.layers.skin import SkinLine, skin_line

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

LEAST_EVIDENCE = 1.2
"""Mean evidence along a path, in units of speckle noise, below which it is no boundary."""
LEAST_UNKNOWN = 2.2
"""The same for a boundary without a name: without an expectation more is asked."""
MOST_UNKNOWN = 3
PRIOR_WEIGHT = 0.35
APART_MM = 0.25
"""Two boundaries are at least so far apart, mm."""
LOOKED_FIRST = {"bone": 0, "down": 1, "line": 2, "up": 3, "step": 4}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. `points` (n, 2) [column, row] of the screen: its upper boundary; `lower` the next boundary found below, None
    where there is none. `depth` of the upper boundary below the skin line and `thickness` are means over the width.
    `unsure` is half the 95 % interval of the boundary's place. `evidence` is in units of speckle noise."""

    id: str
    name: str
    points: Points
    lower: Points | None
    depth: Interval
    thickness: Interval | None
    unsure: float
    evidence: float
    expected_from: str | None


@dataclass(frozen=True, slots=True)
class Layers:
    """What one picture shows. `skin` (n, 2) [column, row] of the screen; `layers` from the skin down."""

    skin: Points
    skin_unsure: float
    layers: tuple[Layer, ...]
    unit: Unit


@dataclass(slots=True)
class _Path:
    expected: Expected | None
    rows: Doubles
    strength: Doubles
    unsure_px: float

    @property
    def evidence(self) -> float:
        return float(np.mean(self.strength))


def find_layers(picture: BMode, region: str | None = None) -> Layers:
    """The layers of one B-mode picture. `region`: id of clinical.md 1.3, whose order and depths are then expected.

    Raises CannotTell where not even a skin line is seen, ValueError for a region that is not known.
    """
    if region is not None and region not in REGIONS:
        raise ValueError(f"the region {region!r} is not known: choose one of {', '.join(REGIONS)}")
    cut = strips(picture)
    skin = skin_line(picture, cut)
    seen = evidence(cut, skin)
    paths = _named_paths(seen, cut, ANYWHERE if region is None else REGIONS[region])
    paths += _unknown_paths(seen, cut, paths)
    paths.sort(key=lambda path: float(path.rows.mean()))
    return _told(picture, skin, paths)


def _named_paths(seen: Evidence, cut: Strips, expected: tuple[Expected, ...]) -> list[_Path]:
    """The best path of each expected boundary, the surest kinds first, each kept in its order among those found."""
    found: dict[int, _Path] = {}
    order = sorted(range(len(expected)), key=lambda i: (LOOKED_FIRST[expected[i].kind], i))
    for i in order:
        what = expected[i]
        upper = [found[j] for j in found if j < i]
        lower = [found[j] for j in found if j > i]
        path = _best_path(seen, cut, what, upper, lower)
        if path is not None and path.evidence >= LEAST_EVIDENCE:
            found[i] = path
    return [found[i] for i in sorted(found)]


def _best_path(seen: Evidence, cut: Strips, what: Expected, upper: list[_Path], lower: list[_Path]) -> _Path | None:
    evidence_map = seen.maps[what.kind]
    rows = evidence_map.shape[0]
    mm = cut.px_per_mm
    depth = np.arange(rows)[:, None] / mm
    off = (depth - what.depth_mm) / what.spread_mm
    cost = -evidence_map + PRIOR_WEIGHT * np.minimum(off**2, 25.0)
    apart = APART_MM * mm if what.layer != "der-u" else 0.08 * mm
    row = np.arange(rows)[:, None]
    for other in upper:
        cost = np.where(row < other.rows[None] + apart, 1e3, cost)
    for other in lower:
        cost = np.where(row > other.rows[None] - apart, 1e3, cost)
    cost[: max(1, round(0.08 * mm))] = 1e3
    return _walk(cost.astype(np.float32), evidence_map, cut, what)


def _walk(cost: Floats, evidence_map: Floats, cut: Strips, what: Expected | None) -> _Path | None:
    steepest = max(1, round(0.3 * cut.width))
    path = cheapest_path(cost, steepest, 1.5 / steepest**2 / 4)
    at = np.arange(len(path))
    if (cost[path, at] > 500).mean() > 0.1:
        return None
    exact = between_rows(cost, path)
    strength = evidence_map[path, at].astype(np.float64)
    # A boundary that could as well run elsewhere: how fast the evidence falls off beside the path tells how sure it is.
    rough = float(np.median(np.abs(np.diff(exact)))) if len(exact) > 1 else 1.0
    unsure = 0.08 * cut.px_per_mm + 0.5 * rough + 0.1 * cut.px_per_mm / max(0.3, float(strength.mean()))
    return _Path(what, exact, strength, unsure)


def _unknown_paths(seen: Evidence, cut: Strips, named: list[_Path]) -> list[_Path]:
    """Up to `MOST_UNKNOWN` more boundaries that stand out, above any bone."""
    both = np.maximum(seen.maps["line"], seen.maps["step"])
    rows = both.shape[0]
    row = np.arange(rows)[:, None]
    mm = cut.px_per_mm
    cost = -both.copy()
    cost[: round(0.3 * mm)] = 1e3
    taken = list(named)
    for path in named:
        if path.expected is not None and path.expected.kind == "bone":
            cost = np.where(row > path.rows[None] - APART_MM * mm, 1e3, cost)
    found: list[_Path] = []
    for _ in range(MOST_UNKNOWN):
        for other in taken:
            cost = np.where(np.abs(row - other.rows[None]) < 1.6 * APART_MM * mm, 1e3, cost)
        next_path = _walk(cost.astype(np.float32), both, cut, None)
        if next_path is None or next_path.evidence < LEAST_UNKNOWN or (next_path.strength > 1.0).mean() < 0.8:
            break
        found.append(next_path)
        taken.append(next_path)
    return found


def _told(picture: BMode, skin: SkinLine, paths: list[_Path]) -> Layers:
    unit = picture.unit_per_pixel
    columns = skin.columns
    skin_unsure = float(np.median(skin.unsure_px)) * unit
    lines = [np.column_stack([columns, skin.rows])]
    lines += [np.column_stack([columns, skin.rows + path.rows]) for path in paths]
    entries: list[tuple[str, float, str | None, float]] = [("epi", 0.0, None, 0.0)]
    entries += [
        (
            p.expected.layer if p.expected else "unknown",
            p.unsure_px,
            p.expected.source if p.expected else None,
            p.evidence,
        )
        for p in paths
    ]
    layers = []
    for i, (layer, unsure_px, source, strength) in enumerate(entries):
        depth = 0.0 if i == 0 else float(paths[i - 1].rows.mean()) * unit
        unsure = 1.96 * unsure_px * unit
        thickness = None
        below = lines[i + 1] if i + 1 < len(lines) else None
        if below is not None and layer not in ("perio", "unknown"):
            value = float((below[:, 1] - lines[i][:, 1]).mean()) * unit
            half = float(np.hypot(unsure, 1.96 * entries[i + 1][1] * unit))
            thickness = Interval.about(value, half, picture.unit)
        layers.append(
            Layer(
                id=layer,
                name=NAMES[layer],
                points=picture.to_screen(lines[i]),
                lower=None if below is None else picture.to_screen(below),
                depth=Interval.about(depth, unsure, picture.unit),
                thickness=thickness,
                unsure=unsure if i else 1.96 * skin_unsure,
                evidence=strength,
                expected_from=source,
            )
        )
    if not layers:
        raise CannotTell("No layer is seen.")
    return Layers(picture.to_screen(lines[0]), 1.96 * skin_unsure, tuple(layers), picture.unit)
