"""What a screen with Doppler is made of: its bar, its colour box and its limits. Found once, then confirmed cheaply."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from devices.cv import cv2
from imaging.flow._colour import Mask, Tint, opponent
from imaging.flow._rim import BAND
from imaging.flow._table import FAINT, ColourTable, make_table
from imaging.flow.bar import Box, ColourBar, common_map, find_bars, same_place
from imaging.flow.outline import ColourBox, find_box
from imaging.flow.regions import Limits, Speeds, clean
from imaging.pictures import Bgr
from imaging.region import find_regions

Kind = Literal["colour", "power", "none"]

_MARGIN: Final = 6  #: pixels round the picture in which its colour box may end
_BELOW: Final = 0.6  #: of the picture's width, below it: the same for echoes too weak to see
_LARGE: Final = 900  #: rows of a screen from which outlines are drawn thick
_RIM: Final = 3  #: pixels from the inner side of an outline, twice that on large screens
_BARLESS: Final = 1.62  #: score of an outline that is believed without a bar, if flow lies in it
_BARRED: Final = 1.3  #: the same beside a bar
_ENOUGH: Final = 0.0015  #: part of the picture that flow must cover where no outline confirms the bar
_LITTLE: Final = 0.0002  #: the same beside a bar of two directions, which nothing but Doppler draws: a small artery
_FULL: Final = 0.7  #: part of a box that flow may cover where no bar says what flow is
_STROKE: Final = 110  #: rows of a screen for each pixel of the thickest strokes of its letters
_RIMMED: Final = 13  #: pixels: the square whose half is the picture's rim
_STRIDE: Final = 2  #: pixels: each such one tells whether a bar's colours have come
_MORE: Final = 1.5  #: times the colour that a search in vain had, from which another is worth it
_CLEARLY: Final = 32.0  #: colour difference from grey that no codec makes
_ONLY: Final = 0.9  #: part of the picture's colour that must lie in the box where no bar says what flow is


@dataclass(frozen=True, slots=True)
class DopplerLayout:
    """The Doppler part of one screen.

    `bar` is None where the screen shows none (then the usual red and blue count as flow, inside an outline only); `box`
    None where its outline is not seen; `area` is where flow is looked for: the box, or the ultrasound picture.
    """

    kind: Kind
    bar: ColourBar | None
    bars: list[ColourBar]
    box: ColourBox | None
    area: Box
    limits_cm_s: Limits | None
    unit: str | None
    table: ColourTable = field(repr=False)
    speeds: Speeds = field(repr=False)
    inside: Mask = field(repr=False)  #: of `area`: 255 where flow is looked for
    core: Mask = field(repr=False)  #: of `area`: 255 beyond the reach of the outline's own colour
    band: Mask = field(repr=False)  #: of `area`: 255 at the outline, where flow is what goes on from `inside`
    shape: tuple[int, int] = (0, 0)  #: rows and columns of the frame

    upper_is_away: bool = False

    @property
    def inside_px(self) -> float:
        """Pixels in which flow is looked for."""
        return float(cv2.countNonZero(self.inside))

    def with_text(self, limits: Limits | None, unit: str | None, upper_is_away: bool, kind: Kind) -> DopplerLayout:
        """The same, with what the text at the bar says."""
        bar = dataclasses.replace(self.bar or common_map(), kind=kind)
        speeds = Speeds(bar, limits, upper_is_away)
        return dataclasses.replace(
            self, limits_cm_s=limits, unit=unit, upper_is_away=upper_is_away, kind=kind, speeds=speeds
        )


@dataclass(frozen=True, slots=True)
class WaitingBar:
    """A bar beside a picture that shows no flow and no outline yet: Doppler may be on, and the next beat may show it."""

    bar: ColourBar
    table: ColourTable = field(repr=False)
    allowed: Mask = field(repr=False)  #: (rows, columns) of every `_STRIDE`-th pixel: 255 in the picture, 0 at the bars
    least: int  #: coloured pixels of those, from which it is worth looking again
    shape: tuple[int, int]

    def shows_flow(self, bgr: Bgr) -> bool:
        """Whether a later frame with this bar has so much more colour that a search may find it (2 ms at 1920x1080)."""
        return bgr.shape[:2] == self.shape and same_place(self.bar, bgr) and self._coloured(bgr) >= self.least

    def _coloured(self, bgr: Bgr) -> int:
        places = self.table.look_up(np.ascontiguousarray(bgr[::_STRIDE, ::_STRIDE]))
        return int(cv2.countNonZero(cv2.bitwise_and(cv2.compare(places, FAINT, cv2.CMP_LT), self.allowed)))


def _waiting(bgr: Bgr, bar: ColourBar, table: ColourTable, allowed: Mask) -> WaitingBar:
    thinned = np.ascontiguousarray(allowed[::_STRIDE, ::_STRIDE]) * np.uint8(255)
    waiting = WaitingBar(bar, table, thinned, 0, (bgr.shape[0], bgr.shape[1]))
    part = _LITTLE if bar.two_sided else _ENOUGH
    least = part * float(cv2.countNonZero(thinned)) + _MORE * waiting._coloured(bgr)
    return dataclasses.replace(waiting, least=max(4, int(least)))


def find_layout(bgr: Bgr) -> DopplerLayout | None:
    """The Doppler layout of a screen (0.3 to 2 s), or None where no Doppler is shown.

    A bar alone is not believed: a box or flow must go with it. Colours without a bar are believed only inside a drawn
    outline, where the picture has no such colour elsewhere.
    """
    found = find_layout_or_bar(bgr)
    return found if isinstance(found, DopplerLayout) else None


def find_layout_or_bar(bgr: Bgr) -> DopplerLayout | WaitingBar | None:
    """The same, or the bar that a later frame may give a layout."""
    pictures = find_regions(bgr)
    bars = find_bars(bgr)
    if not pictures and not bars:
        return None
    picture = np.zeros(bgr.shape[:2], np.uint8)
    for region in pictures:
        picture |= (region.mask > 0).astype(np.uint8)
    if not pictures:
        picture[:] = 1
    x0, y0, x1, y1 = _bounds(picture)
    edge = np.ones((9, 9), np.uint8)  # the picture's rim may be the theme's
    tint = Tint(bgr[y0:y1, x0:x1], np.asarray(cv2.erode(picture, edge), np.uint8)[y0:y1, x0:x1])
    bars = [bar for bar in bars if not _is_grey_bar(bar, tint)]
    if bars:
        return _with_bar(bgr, picture, bars, tint, bool(pictures))
    return _without_bar(bgr, picture, tint) if pictures else None


def _bounds(mask: Mask) -> Box:
    x, y, w, h = cv2.boundingRect(mask)
    return int(x), int(y), int(x + w), int(y + h)


def _is_grey_bar(bar: ColourBar, tint: Tint) -> bool:
    """Whether a one-sided bar is the tinted map of the B picture itself."""
    if bar.two_sided or tint.strength() < 12:
        return False
    colours = opponent(bar.colours[:, :1])[:, 0]
    apart = np.hypot(*(colours[:, 1:] - tint.at(colours[:, 0])).T)
    return float(np.median(apart)) < 22


def _allowed(picture: Mask, bars: list[ColourBar]) -> Mask:
    """The ultrasound picture without the bars, which may stand over it."""
    allowed = picture.copy()
    for bar in bars:
        x0, y0, x1, y1 = bar.box
        allowed[max(0, y0 - 3) : y1 + 3, max(0, x0 - 3) : x1 + 3] = 0
    return allowed


def _seen(bgr: Bgr, table: ColourTable, allowed: Mask) -> Mask:
    """Plain flow colours where they are allowed, cleaned."""
    return clean(table.look_up(bgr), allowed * np.uint8(255), table.pales)


def _evidence(flow: Mask, allowed: Mask) -> float:
    """Pixels of flow that tell of Doppler without an outline: in patches thicker than letters and calipers, and clear of the
    picture's rim, where focus marks and logos stand."""
    stroke = max(3, flow.shape[0] // _STROKE)
    solid = cv2.morphologyEx(flow, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8))
    rim = 1 - cv2.erode(allowed, np.ones((_RIMMED, _RIMMED), np.uint8), borderValue=0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA].astype(float)
    at_rim = np.bincount(labels[rim > 0], minlength=count) > 0
    at_rim[0] = True
    return float(areas[~at_rim | ((areas > _ENOUGH * flow.size) & (np.arange(count) > 0))].sum())


def _boxed(bgr: Bgr, picture: Mask, flow: Mask, bars: list[ColourBar]) -> ColourBox | None:
    """The outline, looked for in and beyond the ultrasound picture: what lies deep is black, and is seen as no picture."""
    x0, y0, x1, y1 = _bounds(picture)
    below = int(_BELOW * (x1 - x0))
    x0, y0 = max(0, x0 - _MARGIN), max(0, y0 - _MARGIN)
    window = slice(y0, y1 + max(_MARGIN, below)), slice(x0, x1 + _MARGIN)
    avoid = [(b.box[0] - x0, b.box[1] - y0, b.box[2] - x0, b.box[3] - y0) for b in bars]
    box = find_box(np.ascontiguousarray(bgr[window]), np.ascontiguousarray(flow[window]), avoid, rows=bgr.shape[0])
    if box is None:
        return None
    return dataclasses.replace(box, polygon=box.polygon + np.array([x0, y0], float))


def _with_bar(
    bgr: Bgr, picture: Mask, bars: list[ColourBar], tint: Tint, sure: bool
) -> DopplerLayout | WaitingBar | None:
    bar = bars[0]
    table = make_table(bar, tint)
    allowed = _allowed(picture, bars)
    flow = _seen(bgr, table, allowed)
    box = _boxed(bgr, picture, flow, bars)
    if box is not None and (box.score < _BARRED or not box.believed):
        box = None
    if box is None:
        if not sure:
            return None
        covered = _evidence(flow, allowed) / max(float(picture.sum()), 1.0)
        # Bars that lie are rare, and other things that are shaded from colour to colour lie below many pictures.
        if covered < (_LITTLE if bar.two_sided and not bar.lies else _ENOUGH):
            return _waiting(bgr, bar, table, allowed)
    return _layout(bgr, bar, bars, box, table, picture)


def _without_bar(bgr: Bgr, picture: Mask, tint: Tint) -> DopplerLayout | None:
    bar = common_map()
    table = make_table(bar, tint)
    flow = _seen(bgr, table, picture)
    if float(flow.sum()) < _ENOUGH * float(picture.sum()):
        return None
    box = _boxed(bgr, picture, flow, [])
    if box is None or box.score < _BARLESS:
        return None
    inside = box.mask(bgr.shape)
    held = float((flow & inside).sum())
    if held < _ONLY * float(flow.sum()) or held > _FULL * float(inside.sum()):
        return None
    # Elastography and other overlays fill their box with the whole rainbow: green is no flow without a bar.
    x0, y0, x1, y1 = _bounds(inside)
    seen = opponent(bgr[y0:y1, x0:x1])
    apart = np.hypot(*np.moveaxis(seen[..., 1:] - tint.at(seen[..., 0]), -1, 0))
    vivid = (apart > _CLEARLY) & (inside[y0:y1, x0:x1] > 0)
    if float((flow[y0:y1, x0:x1] & vivid).sum()) < _ONLY * float(vivid.sum()):
        return None
    return _layout(bgr, None, [], box, table, picture)


def _layout(
    bgr: Bgr,
    bar: ColourBar | None,
    bars: list[ColourBar],
    box: ColourBox | None,
    table: ColourTable,
    picture: Mask,
) -> DopplerLayout:
    # The outline itself, as thick as screens of this size draw it, is no flow.
    inside = box.mask(bgr.shape, shrink=BAND - 1 if bgr.shape[0] < 600 else BAND) if box is not None else picture.copy()
    whole = box.mask(bgr.shape) if box is not None else inside.copy()
    for other in bars:
        x0, y0, x1, y1 = other.box
        for mask in (inside, whole):
            mask[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = 0
    x0, y0, x1, y1 = area = _bounds(whole)
    core = np.ascontiguousarray(inside[y0:y1, x0:x1]) * np.uint8(255)
    if box is not None:
        # What keeps within a few pixels of the outline is the outline, its dashes or its colour as a codec spreads it.
        reach = 2 * (_RIM if bgr.shape[0] < _LARGE else 2 * _RIM) + 1
        core = np.asarray(
            cv2.erode(core, np.ones((reach, reach), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0), np.uint8
        )
    shown = bar or common_map()
    if box is None:
        # Without an outline letters and bright layers lie in the area too: only plain colours are believed.
        table = dataclasses.replace(table, faints=False)
    return DopplerLayout(
        kind="power" if shown.kind == "power" else "colour",
        bar=bar,
        bars=bars,
        box=box,
        area=area,
        limits_cm_s=None,
        unit=None,
        table=table,
        speeds=Speeds(shown, None),
        inside=np.ascontiguousarray(inside[y0:y1, x0:x1]) * np.uint8(255),
        core=core,
        band=np.ascontiguousarray((whole & ~inside)[y0:y1, x0:x1]) * np.uint8(255),
        shape=(bgr.shape[0], bgr.shape[1]),
    )
