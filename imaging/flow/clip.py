"""Doppler over a whole file: kind, box, limits, flow in each frame, vessels, and what was a flash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.flow.bar import Box
from imaging.flow.layout import DopplerLayout, Kind
from imaging.flow.pulse import FlowVessel, vessels_of
from imaging.flow.regions import FlowRegion
from imaging.flow.watch import FlowFrame, FlowWatch, small
from imaging.pictures import Picture
from imaging.text import TextReader

_GRID: Final = 96  #: cells along the longer side of the area, for what happens over time
_COVERS: Final = 0.08  #: part of the box that colour must cover more than usual, for a frame to have a flash
_TYPICAL: Final = 0.6  #: quantile of the frames' colour that is usual
_TIMES: Final = 2.0  #: of the usual colour
_BACK: Final = 0.2  #: part of the box below which what comes back each time is a vessel
_LARGE: Final = 0.004  #: part of the box from which a patch may be one
_STRANGE: Final = 0.5  #: part of a patch where flow hardly ever is, from which it is one
_SELDOM: Final = 0.1  #: part of the other frames in which flow must be, to be usual there
_FRAMES: Final = 6  #: that a clip needs to know what is usual

NO_SIGNAL: Final = (
    "No Doppler signal seen at these settings. This does not exclude flow or an intravascular position: slow flow, small "
    "vessels, angle, pressure and settings can hide it."
)
"""What is said where Doppler is on and no flow is seen (clinical.md section 6)."""


@dataclass(frozen=True, slots=True)
class FrameFlow:
    """The flow regions of one frame; flashes are marked."""

    frame: int
    regions: list[FlowRegion]


@dataclass(frozen=True, slots=True)
class DopplerFindings:
    """Doppler in a file. `layout` is that of the first frame that shows Doppler, `first` its number."""

    kind: Kind
    layout: DopplerLayout | None
    first: int | None
    frames: list[FrameFlow]
    vessels: list[FlowVessel]

    @property
    def no_signal(self) -> bool:
        """Whether Doppler is on and shows no flow anywhere. It never means that no vessel is there."""
        return self.layout is not None and not any(
            not region.flash for frame in self.frames for region in frame.regions
        )


def analyse(pictures: Iterable[Picture], fps: float, reader: TextReader | None = None) -> DopplerFindings:
    """Look at every frame. `fps`: the true rate of the pictures, for the pulse."""
    watch = FlowWatch(reader)
    history = _History()
    frames: list[FrameFlow] = []
    layout: DopplerLayout | None = None
    first: int | None = None
    for picture in pictures:
        seen = watch.look(picture.bgr)
        if seen.layout is None:
            continue
        if layout is None:
            layout, first = seen.layout, picture.frame
        history.add(seen, len(frames))
        frames.append(FrameFlow(picture.frame, seen.regions))
    if layout is None:
        return DopplerFindings("none", None, None, [], [])
    flashes = history.flashes(frames)
    for place, marked in flashes.items():
        frames[place] = replace(frames[place], regions=marked)
    vessels = history.vessels(fps, set(flashes))
    return DopplerFindings(layout.kind, layout, first, frames, vessels)


class _History:
    """Flow over time on a coarse grid, for as long as the area stays where it is."""

    def __init__(self) -> None:
        self._area: Box | None = None
        self._size = (1, 1)
        self._inside: Floats = np.ones((1, 1), np.float32)
        self._places: list[int] = []
        self._flow: list[Floats] = []
        self._part: list[Floats] = []

    def add(self, seen: FlowFrame, place: int) -> None:
        """One frame; where the box has moved, what was before is forgotten if it was shorter than what may come."""
        assert seen.layout is not None
        if self._area is None or not _near(self._area, seen.layout.area):
            if len(self._places) >= _FRAMES:
                return
            self._restart(seen.layout)
        assert self._area is not None
        self._places.append(place)
        self._flow.append(self._reduced(seen.flow, seen.layout.area))
        self._part.append(self._reduced(seen.part, seen.layout.area))

    def _restart(self, layout: DopplerLayout) -> None:
        x0, y0, x1, y1 = self._area = layout.area
        scale = min(1.0, _GRID / max(x1 - x0, y1 - y0))
        self._size = (max(1, round((y1 - y0) * scale)), max(1, round((x1 - x0) * scale)))
        self._inside = small(layout.inside > 0, self._size)
        self._places, self._flow, self._part = [], [], []

    def _reduced(self, plane: Mask | Floats, area: Box) -> Floats:
        if self._area is not None and area != self._area:
            # A pixel of difference: the grid is coarser than that.
            plane = np.asarray(
                cv2.resize(plane, (self._area[2] - self._area[0], self._area[3] - self._area[1])), np.float32
            )
        return small(plane, self._size)

    def flashes(self, frames: list[FrameFlow]) -> dict[int, list[FlowRegion]]:
        """For each frame with a flash its regions, marked.

        A flash is a large patch of colour where flow is seldom seen: tissue or the probe moved. In a single picture it
        cannot be told from flow.
        """
        if len(self._flow) < _FRAMES or self._area is None:
            return {}
        stack = np.stack(self._flow)
        covered = stack.sum(axis=(1, 2)) / max(float(self._inside.sum()), 1.0)
        # Systole fills a third of the beat and more: what most frames never reach is no pulse.
        typical = float(np.quantile(covered, _TYPICAL))
        strange = (covered > _TIMES * typical) & (covered > typical + _COVERS)
        if not strange.any() or strange.all():
            return {}
        usual = (stack[~strange] > 0.3).mean(axis=0) >= _SELDOM
        # A vessel that shows at its peak alone comes back to the same place each time, and is small in its box.
        back = (stack[strange] > 0.3).mean(axis=0) >= 0.8
        if float(back.sum()) < _BACK * float(self._inside.sum()):
            usual |= back
        found: dict[int, list[FlowRegion]] = {}
        for place in np.array(self._places)[strange].tolist():
            marked = [self._judged(region, usual) for region in frames[place].regions]
            if any(region.flash for region in marked):
                found[place] = marked
        return found

    def _judged(self, region: FlowRegion, usual: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FlowRegion:
        assert self._area is not None
        x0, y0, x1, y1 = self._area
        scale = np.array([self._size[1] / (x1 - x0), self._size[0] / (y1 - y0)])
        outline = np.rint((np.array(region.polygon) - [x0, y0]) * scale).astype(np.int32)
        patch = np.zeros(self._size, np.uint8)
        cv2.fillPoly(patch, [outline], 1)
        covered = float(patch.sum())
        strange = float((patch > 0)[~usual].sum()) if covered else 0.0
        flash = covered >= _LARGE * float(self._inside.sum()) and strange > _STRANGE * covered
        return replace(region, flash=flash)

    def vessels(self, fps: float, flashes: set[int]) -> list[FlowVessel]:
        """What persists."""
        if self._area is None:
            return []
        return vessels_of(self._flow, self._part, fps, self._area, [place in flashes for place in self._places])


def _near(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))
