"""The instrument through a whole clip: what later frames show tells what earlier ones were, so more is told than live.

First each frame's shafts (as in `find`), chained to instruments; then the brightness along the instrument's line in every
frame, which also shows it where it is too short to be found alone; then the way of its visible end (`_motion`).
Forward and backward use of a clip as in fixed-interval smoothing (Rauch, Tung and Striebel, AIAA J 1965;3:1445); the shaft as
a line that keeps its place while its end moves after Beigi et al., "CASPER: computer-aided segmentation of imperceptible
motion" (IJCARS 2017;12:1857).

Limits: one instrument at a time; it must be absent or short in some frames of the clip; see `_motion` for what is assumed
of a tip that leaves the plane.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging.bmode import BMode
from imaging.interval import Unit
from imaging.layers.skin import SkinLine
from imaging.needle._episodes import Seen, Way, episodes, way_of
from imaging.needle._lengthwise import STEP, ends, profile
from imaging.needle._motion import judge
from imaging.needle.find import MOST_AROUND, Needle, Scan

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Clip = Iterable[tuple[BMode | None, SkinLine | None]]

TIP_RADIUS_MM = {"going in": 0.2, "at rest": 0.2, "drawn back": 0.2}
"""Radius around the end that holds the tip with 95 % probability, mm, in each phase, beside the stretch within which the end
is as likely (some 0.05 mm at a sharp end, a millimetre where the tissue is as bright as the shaft)."""
HIDDEN = "bright material lies around the end: filler hides the tip"
BEFORE_MM = 0.4
"""How far before the nearest place at which it is seen the instrument may come in, mm."""
BEFORE_FRAMES = 12
"""How many frames before the instrument is first found alone, and after it is last, it is still looked for."""


@dataclass(slots=True)
class _Stretch:
    """Frames in a row that show the same piece of the world: same box, same scale."""

    first: int
    key: tuple[object, ...]
    shape: tuple[int, ...]
    mm: float
    seen: list[list[Seen]]


class _Place:
    """Where a frame's picture stands on its screen, without its pixels."""

    def __init__(self, picture: BMode) -> None:
        self.unit: Unit = picture.unit
        self.unit_per_pixel = picture.unit_per_pixel
        self._step, self._corner = picture.step, picture.box[:2]

    def to_screen(self, points: Doubles) -> Doubles:
        """As `BMode.to_screen`."""
        return np.asarray((points + 0.5) * self._step - 0.5 + self._corner, np.float64)


@dataclass(slots=True)
class _Instrument:
    chain: list[Seen]
    way: Way
    mm: float
    places: Doubles
    level: list[Floats]
    edge: list[Floats]


def follow_needle(clip: Clip) -> list[Needle | None]:
    """The instrument in each frame; None where none is seen. `clip` is gone through twice."""
    instruments: list[_Instrument] = []
    for stretch in _stretches(clip):
        for chain in episodes(stretch.seen, stretch.mm):
            last = min(stretch.first + len(stretch.seen) - 1, chain[-1].frame + BEFORE_FRAMES)
            way = way_of(chain, max(stretch.first, chain[0].frame - BEFORE_FRAMES), last)
            instruments.append(
                _Instrument(chain, way, stretch.mm, _places(chain, way, stretch.shape, stretch.mm), [], [])
            )
    pictures: list[_Place | None] = []
    for number, (picture, _) in enumerate(clip):
        pictures.append(None if picture is None else _Place(picture))
        for one in instruments:
            if one.way.first <= number <= one.way.last:
                _take(one, number - one.way.first, picture)
    told: list[Needle | None] = [None] * len(pictures)
    for one in instruments:
        for number, needle in _needles(one, pictures):
            if told[number] is None:
                told[number] = needle
    return told


def _stretches(clip: Clip) -> list[_Stretch]:
    found: list[_Stretch] = []
    scan = Scan()
    for number, (picture, skin) in enumerate(clip):
        if picture is None:
            if found:
                found[-1].seen.append([])
            continue
        key = (picture.box, picture.grey.shape, picture.nominal_mm)
        if not found or found[-1].key != key:
            scan = Scan()
            found.append(_Stretch(number, key, picture.grey.shape, picture.pixels(1.0), []))
        shafts = scan.shafts(picture, skin)
        found[-1].seen.append([Seen(number, shaft, outside) for shaft, outside in shafts])
    return found


def _take(one: _Instrument, frame: int, picture: BMode | None) -> None:
    if picture is None:
        nothing = np.full(len(one.places), np.nan, np.float32)
        level, edge = nothing, nothing
    else:
        level, edge = profile(picture.grey, one.way.origins[frame], one.way.along[frame], one.places, one.mm)
    one.level.append(level)
    one.edge.append(edge)


def _places(chain: list[Seen], way: Way, shape: tuple[int, ...], mm: float) -> Doubles:
    """Places along the way from where the instrument comes in to where the way leaves the picture."""
    reach = float(np.hypot(shape[0], shape[1]))
    middle = len(way.origins) // 2
    near = min(float((one.shaft.start - way.origins[middle]) @ way.along[middle]) for one in chain)
    t = np.arange(near - BEFORE_MM * mm, reach, STEP)
    at = way.origins[middle] + t[:, None] * way.along[middle]
    inside = (at[:, 0] >= 0) & (at[:, 0] <= shape[1] - 1) & (at[:, 1] >= 0) & (at[:, 1] <= shape[0] - 1)
    return np.asarray(t[inside])


def _known(one: _Instrument) -> Doubles:
    known = np.full(len(one.way.origins), np.nan)
    for seen in one.chain:
        if seen.shaft.around_end > MOST_AROUND:
            continue  # Filler around the end: what looks like its end is the filler's.
        k = seen.frame - one.way.first
        known[k] = float((seen.shaft.end - one.way.origins[k]) @ one.way.along[k])
    return known


def _needles(one: _Instrument, pictures: list[_Place | None]) -> Iterable[tuple[int, Needle]]:
    way = one.way
    found = ends(np.array(one.level), np.array(one.edge), _known(one), one.places, one.mm)
    judged = judge(found.end, one.mm)
    for k in map(int, np.flatnonzero(found.hidden)):
        judged.phases[k], judged.reasons[k] = None, HIDDEN
    scores = {seen.frame: seen.shaft.filled for seen in one.chain}
    for k, (phase, reason) in enumerate(zip(judged.phases, judged.reasons, strict=True)):
        place = pictures[way.first + k]
        if place is None or np.isnan(found.end[k]):
            continue
        start, end = place.to_screen(way.origins[k] + np.outer([found.start[k], found.end[k]], way.along[k]))
        across = float(way.along[k, 0])
        angle = float(np.degrees(np.arctan2(way.along[k, 1], abs(across))))
        tip = (float(end[0]), float(end[1]))
        needle = Needle(
            start=(float(start[0]), float(start[1])),
            end=tip,
            tip=tip if phase else None,
            tip_unsure=(TIP_RADIUS_MM[phase] * one.mm + found.slack[k]) * place.unit_per_pixel if phase else None,
            angle_deg=angle if across >= 0 else -angle,
            length=float(found.end[k] - found.start[k]) * place.unit_per_pixel,
            score=float(scores.get(way.first + k, 0.5)),
            unit=place.unit,
            reason=reason,
            phase=phase,
        )
        yield way.first + k, needle
