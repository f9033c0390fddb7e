"""Layer boundaries: the strongest path across the picture for each layer that is expected, in order, below the skin line.

Each is a suggestion for a person to confirm. A layer whose boundary the picture does not show is not reported. Limits: made
for linear probes (layers run across the columns); fascia and muscle of equal brightness have no boundary to find; anisotropy
and shadow hide some; names come from order and depth, and only a person knows the region.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from imaging.bmode import BMode, Points
from imaging.grain import grain_of
from imaging.interval import Interval, Unit
from imaging.layers._boundaries import LEAST_COVER, Boundary, bone, expected_face, expected_step, lines, thin_layer
from imaging.layers._evidence import Evidence, evidence
from imaging.layers._naming import name_lines
from imaging.layers._strips import Strips, strips
from imaging.layers.priors import ANYWHERE, NAMES, REGIONS, Expected, Kind
from imaging.layers.skin import SkinLine, skin_line

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

LEAST_UNKNOWN = 1.6
"""Mean evidence of a boundary without a name: without an expectation more is asked."""
MOST_UNKNOWN = 4
LEAST_STEP = 1.0
THIN_MM = 0.55
"""Layers expected to be thinner than this are sought by both faces at once."""
EDGE_OFF: dict[Kind, float] = {"up": 0.55, "down": 1.45, "line": 0.0, "rise": 0.75, "fall": 0.0, "bone": -0.8}
"""How far below the boundary the evidence peaks, in standard deviations of the point spread: a bright layer spreads down over
a dark one. By simulated faces, seeds below 10000."""
BLURRED: dict[str, float] = {
    "der-u": 0.4,
    "der-l": 0.6,
    "sfat": 0.57,
    "perio": 0.32,
    "gland": 1.1,
    "mucosa": 0.7,
    "up": 1.2,
    "down": 0.6,
    "bone": 0.4,
}
"""Standard error of a boundary's mean place by its name, else by its kind, in standard deviations of the point spread down
the beam: what blurs the picture blurs the boundary. By simulated faces, 160 pictures of styles 1 to 4, seeds below 10000."""
BLURRED_LINE = 0.5
MISTAKEN_MM = {"smas": 0.13, "subsmas": 0.38, "musc": 0.055, "dfat": 0.18, "dtf": 0.22}
"""The same, mm, for lines that have a like beside them: now and then the neighbour is taken. Few for dtf (9), gland (18),
subsmas (23) and mucosa (26)."""
FINEST_NAMED_MM = 0.12
"""The skin's own layers are named on pictures with pixels up to this size; coarser ones do not resolve them."""


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
class _Named:
    boundary: Boundary
    expected: Expected | None


def find_layers(picture: BMode, region: str | None = None) -> Layers:
    """The layers of one B-mode picture. `region`: id of clinical.md 1.3, whose order and depths are then expected.

    Raises CannotTell where not even a skin line is seen, ValueError for a region that is not known.
    """
    if region is not None and region not in REGIONS:
        raise ValueError(f"the region {region!r} is not known: choose one of {', '.join(REGIONS)}")
    cut = strips(picture)
    skin = skin_line(picture, cut)
    seen = evidence(cut, skin)
    expected = _expected(picture, region)
    found = _boundaries(seen, cut, expected)
    down = grain_of(picture.grey).down
    for one in found:
        one.boundary.rows -= EDGE_OFF[one.boundary.kind] * down
    return _told(picture, skin, found, [what.layer for what in expected])


def _expected(picture: BMode, region: str | None) -> tuple[Expected, ...]:
    every = ANYWHERE if region is None else REGIONS[region]
    if picture.unit == "mm" and picture.nominal_mm <= FINEST_NAMED_MM:
        return every
    # Without millimetres nobody knows how deep a line is: bone alone is told by its shadow.
    return tuple(what for what in every if what.kind == "bone")


def _boundaries(seen: Evidence, cut: Strips, expected: tuple[Expected, ...]) -> list[_Named]:
    """The boundaries from the skin down, named where they are expected."""
    mm = cut.px_per_mm
    found: list[_Named] = []
    above: Boundary | None = None
    skin_steps = [what for what in expected if what.layer in ("der-u", "sfat")]
    for what in skin_steps:
        step = expected_step(seen, cut, what, above)
        if step is not None and step.evidence > LEAST_STEP and step.cover > LEAST_COVER:
            found.append(_Named(step, what))
            above = step
    between = next((what for what in expected if what.layer == "der-l"), None)
    if between is not None and len(found) == 2:
        step = expected_step(seen, cut, between, found[0].boundary)
        if step is not None and step.evidence > LEAST_STEP and (step.rows < found[1].boundary.rows - 0.15 * mm).all():
            found.insert(1, _Named(step, between))
    cortex = next((what for what in expected if what.kind == "bone"), None)
    deepest = bone(seen, cut, cortex) if cortex is not None else None
    top = found[-1].boundary.rows if found else np.full(seen.grey.shape[1], 0.4 * mm)
    bottom = None if deepest is None else deepest.rows
    deep = tuple(what for what in expected if what.kind in ("line", "rise", "fall"))
    rest: list[Boundary] = []
    for what in deep:
        face = expected_face(seen, cut, what, top, bottom) if what.kind != "line" else None
        rest += [] if face is None else [face]
    for upper, lower in pairwise(deep):
        if lower.depth_mm - upper.depth_mm < THIN_MM:
            rest += thin_layer(seen, cut, upper, lower, top, bottom)
    unfound = sum(what.kind == "line" for what in deep) - sum(line.kind == "line" for line in rest)
    most = 2 * MOST_UNKNOWN if region_free(deep) else 2 * max(0, unfound)
    rest += lines(seen, cut, top, bottom, rest, most)
    rest.sort(key=lambda line: float(line.rows.mean()))
    fat = next((what.depth_mm for what in expected if what.layer == "sfat"), 0.0)
    names = name_lines(rest, deep, mm, (float(top.mean()) / mm, fat))
    unnamed = [i for i in range(len(rest)) if i not in names and rest[i].evidence > LEAST_UNKNOWN]
    unnamed = sorted(unnamed, key=lambda i: -rest[i].evidence)[: MOST_UNKNOWN if region_free(deep) else 0]
    found += [_Named(rest[i], deep[names[i]] if i in names else None) for i in sorted([*names, *unnamed])]
    if deepest is not None and cortex is not None:
        found.append(_Named(deepest, cortex))
    return found


def region_free(deep: tuple[Expected, ...]) -> bool:
    """Whether no layer below the skin is expected by name."""
    return not deep


def _told(picture: BMode, skin: SkinLine, found: list[_Named], order: list[str]) -> Layers:
    unit = picture.unit_per_pixel
    skin_unsure = 1.96 * float(np.median(skin.unsure_px)) * unit
    lines_ = [np.column_stack([skin.columns, skin.rows])]
    lines_ += [np.column_stack([skin.columns, skin.rows + one.boundary.rows]) for one in found]
    down = grain_of(picture.grey).down
    unsure = [skin_unsure]
    unsure += [1.96 * _unsure_px(one, down, picture.nominal_mm) * unit for one in found]
    layers = []
    for i, line in enumerate(lines_):
        one = found[i - 1] if i else None
        what = None if one is None else one.expected
        layer = "epi" if one is None else "unknown" if what is None else what.layer
        depth = 0.0 if one is None else float(one.boundary.rows.mean()) * unit
        below = lines_[i + 1] if i + 1 < len(lines_) else None
        thickness = None
        # What ends at a boundary that is not the next one expected may hold a layer that was not seen: no thickness then.
        following = found[i].expected if i < len(found) else None
        upper = -1 if one is None else order.index(layer) if layer in order else None
        if below is not None and following is not None and upper is not None and order[upper + 1] == following.layer:
            value = float((below[:, 1] - line[:, 1]).mean()) * unit
            thickness = Interval.about(value, float(np.hypot(unsure[i], unsure[i + 1])), picture.unit)
        layers.append(
            Layer(
                id=layer,
                name=NAMES[layer],
                points=picture.to_screen(line),
                lower=None if below is None else picture.to_screen(below),
                depth=Interval.about(depth, unsure[i], picture.unit),
                thickness=thickness,
                unsure=unsure[i],
                evidence=0.0 if one is None else one.boundary.evidence,
                expected_from=None if what is None else what.source,
            )
        )
    return Layers(picture.to_screen(lines_[0]), skin_unsure, tuple(layers), picture.unit)


def _unsure_px(one: _Named, grain_px: float, nominal_mm: float) -> float:
    """Standard error of a boundary's mean place, working px, in a picture of this grain down the beam."""
    layer = "" if one.expected is None else one.expected.layer
    blurred = BLURRED.get(layer, BLURRED.get(one.boundary.kind, BLURRED_LINE)) * grain_px
    return float(np.hypot(blurred, MISTAKEN_MM.get(layer, 0.0) / nominal_mm))
