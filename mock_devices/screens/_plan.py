"""Where everything stands for one design, size and set of settings: rooms first, then the picture in what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mock_devices.contract import Box, Settings
from mock_devices.screens._design import Design
from mock_devices.screens._space import Space

_LETTERS_PER_HEIGHT = 1 / 720


@dataclass(frozen=True, slots=True)
class Arc:
    """A fan's geometry: its face is an arc of `radius_mm`; `slanted` puts the depth ruler along its leaning side."""

    radius_mm: float
    half_angle: float
    slanted: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """Millimetres that the picture's box shows. `zero_mm` of its height lie above the depth of zero (a convex face's sag)."""

    width_mm: float
    height_mm: float
    zero_mm: float = 0.0
    arc: Arc | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Boxes on the screen, in whole pixels. `ruler_room` is the strip of the depth ruler, beside or in the picture."""

    size: tuple[int, int]
    em: float
    rooms: Mapping[str, Box]
    glass: Box
    picture: Box
    mm_per_pixel: tuple[float, float]
    zero_row: float  #: the row at depth 0, pixel middles whole
    depth_mm: float
    ruler_x: tuple[
        float, float
    ]  #: outer edges of the room for the right (or left) ruler, and for the one on the other side
    trace: Box | None = None
    bar: Box | None = None
    grey_bar: Box | None = None
    arc: Arc | None = None

    def row(self, depth_mm: float) -> float:
        """The true row of a depth."""
        return self.zero_row + depth_mm / self.mm_per_pixel[1]


def plan(design: Design, size: tuple[int, int], settings: Settings, extent: Extent) -> Plan:
    """Cut the screen. Deterministic; cheap."""
    width, height = size
    whole = Space(0, 0, width, height)
    if design.phone:
        free = max(0, width - round(height * design.phone))
        whole = Space(free // 2, 0, width - (free - free // 2), height)
        em = max(12.0, design.em * min(height * _LETTERS_PER_HEIGHT, whole.width / 430))
    else:
        em = max(12.5, design.em * min(height * _LETTERS_PER_HEIGHT, width / 1000))
    glass = whole.box
    rooms: dict[str, Box] = {}
    for cut in design.cuts:
        across = cut.side in ("left", "right")
        room = {"left": whole.left, "right": whole.right, "top": whole.top, "bottom": whole.bottom}[cut.side]
        length = whole.width if across else whole.height
        most = 0.34 * (glass[2] - glass[0] if across else glass[3] - glass[1])
        rooms[cut.room] = room(min(most, max(cut.part * length, cut.ems * em))).box
    middle = Space(*whole.box).inset(0.35 * em)
    trace = _trace(design, settings, middle, rooms, em)
    bar, grey_bar = _bars(design, settings, middle, em)
    strips = _strips(design, middle, em)
    picture, mm = _fit(design, middle, extent)
    if bar is not None:
        bar = _hang(bar, picture, design, em)
    if grey_bar is not None:
        x0, _, x1, _ = grey_bar
        deep = max(picture[1] + 20, min(picture[3], picture[1] + round(0.45 * (picture[3] - picture[1]))))
        if bar is not None and bar[0] - 4 * em < x1 and x0 < bar[2] + 4 * em:
            deep = min(deep, bar[1] - round(2.2 * em))
        grey_bar = (x0, picture[1], x1, deep) if deep - picture[1] > 16 else None
    near = (picture[2], picture[0]) if design.ruler.right else (picture[0], picture[2])
    if design.ruler.apart and design.ruler.where == "outside":
        near = (strips[1], strips[0]) if design.ruler.right else (strips[0], strips[1])
    zero_row = picture[1] - 0.5 + extent.zero_mm / mm[1]
    return Plan(
        size, em, rooms, glass, picture, mm, zero_row, settings.depth_mm, near, trace, bar, grey_bar, extent.arc
    )


def _trace(design: Design, settings: Settings, middle: Space, rooms: dict[str, Box], em: float) -> Box | None:
    """Cut the trace with its two axes off the middle."""
    if settings.spectral is None:
        return None
    spectral = design.spectral
    beside = spectral.beside and not design.phone and middle.width > 1.5 * middle.height
    part = middle.right(0.46 * middle.width) if beside else middle.bottom(spectral.share * middle.height)
    (middle.right if beside else middle.bottom)(0.6 * em)
    if beside:
        high = part.height
        part.top(0.12 * high)
        part.bottom(0.12 * high)
    rooms["trace-head"] = part.top(1.5 * em).box
    rooms["trace-axis"] = part.side(spectral.axis_right, 3.4 * em).box
    rooms["trace-time"] = part.bottom((1.9 if spectral.time_labels else 0.8) * em).box
    return part.box


def _bars(design: Design, settings: Settings, middle: Space, em: float) -> tuple[Box | None, Box | None]:
    grey_bar = bar = None
    flow = design.flow
    if design.grey.bar:
        strip = middle.side(design.grey.bar_right, 1.5 * em)
        grey_bar = (strip.x0 + round(0.3 * em), strip.y0, strip.x0 + round(1.1 * em), strip.y1)
    if settings.colour is not None or settings.mode in ("colour", "power"):
        wide = 4.6 * em if flow.limits in ("ends", "beside") else 3.4 * em
        strip = middle.side(flow.bar_right, wide)
        thick = round((0.9 if flow.limits != "beside" else 0.75) * em)
        if flow.limits == "beside":
            x0 = strip.x0 + round(0.2 * em)
        else:
            x0 = (strip.x0 + strip.x1 - thick) // 2
        bar = (x0, strip.y0, x0 + thick, strip.y1)
    return bar, grey_bar


def _hang(strip: Box, picture: Box, design: Design, em: float) -> Box:
    """The bar's rows: of the design's length, below room for its upper limit."""
    length = round(max(4 * em, design.flow.bar_length * (picture[3] - picture[1])))
    at = picture[1] if not design.grey.bar else round(picture[1] + 0.4 * (picture[3] - picture[1]))
    top = max(strip[1], at) + round(1.7 * em)
    length = min(length, strip[3] - top - round(3.0 * em))
    return (strip[0], top, strip[2], top + max(24, length))


def _strips(design: Design, middle: Space, em: float) -> tuple[int, int]:
    """Cut the rulers' strips; returns the columns of the free room's left and right side, where a ruler apart stands."""
    ruler = design.ruler
    outside = ruler.where == "outside" and ruler.kind in ("ticks", "dots")
    label = 0.0 if ruler.labels == "none" else 0.6 if ruler.label_under else 2.6 if ruler.unit_shown != "no" else 1.6
    wide = (ruler.lengths[2] + label + 0.5) * em if outside else 0.2 * em
    middle.side(ruler.right, wide)
    middle.side(not ruler.right, wide if ruler.both and outside else (0.9 * em if design.focus != "none" else 0.2 * em))
    if ruler.below:
        middle.bottom((ruler.lengths[2] + 1.5) * em)
    if outside and ruler.labels != "none":
        middle.top(0.5 * em)
        middle.bottom(0.7 * em)
    return middle.x0, middle.x1


def _fit(design: Design, room: Space, extent: Extent) -> tuple[Box, tuple[float, float]]:
    """The picture in its room: as high as can be, unless the sides of the face would be cut off too far."""
    high = max(32, round(room.height * design.fill))
    crop = 1.0 if extent.arc else design.crop
    down = max(extent.height_mm / high, crop * extent.width_mm / (max(32, room.width) * design.aspect))
    rows = max(16, int(extent.height_mm / down + 1e-6))
    down = extent.height_mm / rows
    across = down * design.aspect
    columns = max(16, min(room.width, int(extent.width_mm / across + 1e-6)))
    if design.phone:
        y0 = room.y0 + max(0, round((room.height - rows) * 0.3))
    else:
        y0 = room.y0 + max(0, min((room.height - rows) // 2, round(0.12 * room.height)))
    x0 = room.x0 + max(0, (room.width - columns) // 2)
    return (x0, y0, x0 + columns, y0 + rows), (across, down)
