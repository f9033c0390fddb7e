"""Flow frame by frame: the layout is found once and then only confirmed, so that a frame costs a few milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.flow._rim import up_to_the_outline, without_tinted_rim
from imaging.flow._sided_box import Points
from imaging.flow._table import FAINT, NOTHING
from imaging.flow.bar import Box, same_place
from imaging.flow.layout import DopplerLayout, WaitingBar, find_layout_or_bar
from imaging.flow.limits import read_bar_text
from imaging.flow.regions import FlowRegion, clean, measure, patches
from imaging.pictures import Bgr
from imaging.text import TextReader

_OUTLINE: Final = 160  #: points at which the outline is confirmed
_STILL: Final = 0.5  #: part of the points that must still be drawn
_AWAY: Final = 3  #: pixels to either side of the outline with which it is compared
_PLAIN: Final = 6.0  #: grey levels that the outline stands out from both


@dataclass(frozen=True, slots=True)
class FlowFrame:
    """Flow on one frame. `layout` is None where no Doppler is shown; `flow` (rows, columns) is cut to `layout.area`."""

    frame: int
    layout: DopplerLayout | None
    regions: list[FlowRegion]
    flow: Mask = field(repr=False)
    part: Floats = field(
        repr=False
    )  #: −1 to 1 of the bar's range (power: 0 to 1), 0 where no flow; same size as `flow`

    @property
    def box(self) -> Box | None:
        """The colour box, [x0, y0, x1, y1], None where its outline is not seen."""
        if self.layout is None or self.layout.box is None:
            return None
        return self.layout.box.box


class FlowWatch:
    """Finds flow in a stream of frames. One object for one stream; not for two threads at once.

    `reader` reads the numbers at the bar whenever a new layout is found (None: no velocities). Every frame on which the
    known layout is not confirmed is searched again, but after a search without success only each `patience`-th frame is,
    so that a stream without Doppler costs little; or the frame on which a bar's colours come up.
    """

    def __init__(self, reader: TextReader | None = None, patience: int = 12) -> None:
        self._reader = reader
        self._patience = patience
        self._layout: DopplerLayout | None = None
        self._outline: _Outline | None = None
        self._frame = -1
        self._waiting: WaitingBar | None = None
        self._rest = 0
        self._empty = np.zeros((0, 0), np.uint8)

    @property
    def layout(self) -> DopplerLayout | None:
        """The layout that the last frame had."""
        return self._layout

    def look(self, bgr: Bgr) -> FlowFrame:
        """Flow on the next frame: at most 8 ms at 1920x1080 while the layout stays, 0.5 to 3 s where it is new."""
        self._frame += 1
        if not self._confirmed(bgr):
            self._search(bgr)
        layout = self._layout
        if layout is None:
            return FlowFrame(self._frame, None, [], self._empty, np.zeros((0, 0), np.float32))
        return flow_on(bgr, layout, self._frame)

    def _confirmed(self, bgr: Bgr) -> bool:
        layout = self._layout
        if layout is None or layout.shape != bgr.shape[:2]:
            return False
        if layout.bar is not None and layout.bars and not same_place(layout.bar, bgr):
            return False
        return self._outline is None or self._outline.seen(bgr) >= _STILL

    def _search(self, bgr: Bgr) -> None:
        had = self._layout
        if had is None and self._rest > 0 and not (self._waiting and self._waiting.shows_flow(bgr)):
            self._rest -= 1
            return
        seen = find_layout_or_bar(bgr)
        found = seen if isinstance(seen, DopplerLayout) else None
        self._waiting = seen if isinstance(seen, WaitingBar) else None
        self._layout = found
        self._outline = None
        if found is None:
            # A layout that has just gone may come back on the next frame (a torn frame); then less often.
            self._rest = self._patience - 1 if had is None else 0
            return
        if had is not None and had.bar is not None and had.bar == found.bar and had.shape == found.shape:
            # The box was moved: the bar's text is the same.
            found = found.with_text(had.limits_cm_s, had.unit, had.upper_is_away, had.kind)
        elif self._reader is not None and found.bar is not None:
            text = read_bar_text(bgr, found.bar, self._reader)
            kind = "power" if text.says_power and text.limits_cm_s is None else found.kind
            found = found.with_text(text.limits_cm_s, text.unit, text.upper_is_negative, kind)
        self._layout = found
        if found.box is not None:
            self._outline = _Outline(found.box.polygon, bgr)


def flow_on(bgr: Bgr, layout: DopplerLayout, frame: int = 0) -> FlowFrame:
    """Flow on a frame whose layout is known."""
    x0, y0, x1, y1 = layout.area
    seen = bgr[y0:y1, x0:x1]
    places = layout.table.look_up(seen)
    flow = clean(places, layout.inside, layout.table.pales, layout.table.faints)
    flow = without_tinted_rim(seen, up_to_the_outline(flow, cv2.compare(places, FAINT, cv2.CMP_LT), layout.band))
    # What was closed over (interlace, a letter's stroke) has no colour of its own.
    regions: list[FlowRegion] = []
    kept = np.zeros_like(flow)
    for bounds, mask in patches(flow, layout.inside_px):
        rows, columns = slice(bounds[1], bounds[3]), slice(bounds[0], bounds[2])
        if not cv2.countNonZero(cv2.bitwise_and(layout.core[rows, columns], mask)):
            continue
        regions.append(measure(places[rows, columns], mask, (x0, y0), bounds, layout.speeds))
        kept[rows, columns] |= mask
    part = np.zeros(kept.shape, np.float32)
    x, y, w, h = cv2.boundingRect(kept)
    here = (slice(y, y + h), slice(x, x + w))
    part[here] = np.where((kept[here] == 0) | (places[here] == NOTHING), 0, layout.speeds.part.take(places[here]))
    return FlowFrame(frame, layout, regions, kept, part)


class _Outline:
    """The points of an outline that were drawn when it was found."""

    def __init__(self, polygon: Points, bgr: Bgr) -> None:
        ring = np.concatenate([polygon, polygon[:1]])
        steps = np.hypot(*np.diff(ring, axis=0).T)
        places = np.concatenate([[0.0], np.cumsum(steps)])
        at = np.linspace(0, places[-1], _OUTLINE, endpoint=False)
        points = np.stack([np.interp(at, places, ring[:, axis]) for axis in (0, 1)], axis=1)
        edge = np.clip(np.searchsorted(places, at, side="right") - 1, 0, len(steps) - 1)
        along = np.diff(ring, axis=0)[edge] / np.maximum(steps[edge, None], 1e-6)
        self._normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
        self._points = points
        drawn = self._drawn(bgr)
        self._points, self._normal = points[drawn], self._normal[drawn]

    def seen(self, bgr: Bgr) -> float:
        """The part of the points that is still drawn, 0 to 1; 1 where there were too few to say."""
        if len(self._points) < 12:
            return 1.0
        return float(self._drawn(bgr).mean())

    def _drawn(self, bgr: Bgr) -> npt.NDArray[np.bool_]:
        best = np.zeros(len(self._points), bool)
        outer, inner = self._at(bgr, -_AWAY), self._at(bgr, _AWAY)
        for shift in (-1.0, 0.0, 1.0):
            line = self._at(bgr, shift)
            best |= np.einsum("ij,ij->i", line - outer, line - inner) > _PLAIN**2
        return best

    def _at(self, bgr: Bgr, shift: float) -> npt.NDArray[np.float32]:
        places = np.rint(self._points + shift * self._normal).astype(int)
        columns = np.clip(places[:, 0], 0, bgr.shape[1] - 1)
        rows = np.clip(places[:, 1], 0, bgr.shape[0] - 1)
        return np.asarray(bgr[rows, columns], np.float32)


def small(plane: npt.NDArray[np.generic], size: tuple[int, int]) -> Floats:
    """A plane reduced to (rows, columns) by means."""
    return np.asarray(
        cv2.resize(np.asarray(plane, np.float32), (size[1], size[0]), interpolation=cv2.INTER_AREA), np.float32
    )
