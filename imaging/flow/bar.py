"""The colour bar: the one place of a screen that says which colours are flow, and what they mean.

A bar is found by its build, not by its colours: an upright strip (or, where there is none, one that lies), the same across
its width (or, with variance, changing evenly across it), that runs smoothly from colour to colour, and is dark where the flow
stands still. So a rainbow of elastography (bright in its middle), a grey or sepia bar of the B picture (pale) and a plain
button (no gradient) are none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask, opponent, vividness
from imaging.pictures import Bgr

Box = tuple[int, int, int, int]

#: Of `vividness`: below it a pixel counts as grey when a bar is looked for. A bar that a codec has smeared into tinted
#: tissue beside it stands alone at the higher ones.
_VIVID: Final = (44, 90, 140)
_DARK: Final = 0.62  #: luminance of the standstill, as a part of the brightest: maps go from dark to bright
_LEVELS: Final = 8  #: different colours that make a gradient; maps with coarse steps have 12 or more
_SLENDER: Final = (
    4.0  #: times as long as it is wide is a bar that lies: vessels lie too, and shorter pieces of them look like one
)
_ROWS: Final = 64  #: of the sampled map
_PASTEL: Final = 30.0  #: colour difference that the strongest colour of a map has at least: maps to white reach 40
_APART: Final = 1.2  #: distance of the mean hues (unit vectors) of a pale map's two sides: 74 degrees


@dataclass(frozen=True, slots=True)
class ColourBar:
    """A colour bar on the screen.

    `box` [x0, y0, x1, y1] in pixels, x1 and y1 exclusive. `kind` is `colour` (two directions, two families of hues) or
    `power` (one family: from dark to bright once, or mirrored). `rest` is where the flow stands still, as a part of the
    height from the top (0 to 1; the dark end of a one-sided bar). `colours` (rows, samples across, 3) BGR from the top. Where
    the bar `lies`, its right end counts as its top: numbers grow to the right.
    """

    box: Box
    kind: str
    rest: float
    colours: Bgr = field(repr=False, compare=False)
    lies: bool = False

    @property
    def two_sided(self) -> bool:
        """Whether colours stand on both sides of the standstill."""
        return 0.0 < self.rest < 1.0

    @property
    def variance(self) -> bool:
        """Whether the colours change across the width too (green for turbulence)."""
        return bool(self.colours.shape[1] > 1)


def find_bars(bgr: Bgr) -> list[ColourBar]:
    """Every colour bar of a screen, the largest first; empty where there is none. Bars that lie only where none stands."""
    if min(bgr.shape[:2]) < 40:
        return []
    return _standing_bars(bgr) or _lying_bars(bgr)


def _lying_bars(bgr: Bgr) -> list[ColourBar]:
    """Bars of two directions that lie: turned upright, right end on top. Of one direction any shaded button would be one."""
    width = bgr.shape[1]
    turned = _standing_bars(np.ascontiguousarray(np.rot90(bgr)))
    return [
        replace(bar, box=(width - bar.box[3], bar.box[0], width - bar.box[1], bar.box[2]), lies=True)
        for bar in turned
        if bar.kind == "colour" and bar.box[3] - bar.box[1] >= _SLENDER * (bar.box[2] - bar.box[0])
    ]


def _standing_bars(bgr: Bgr) -> list[ColourBar]:
    height = bgr.shape[0]
    vivid = vividness(bgr)
    strips = [strip for level in _VIVID for strip in _strips((vivid > level).astype(np.uint8))]
    columns = list(dict.fromkeys(_joined(strips, height)))
    found = [bar for box in columns if (bar := _judge(bgr, box)) is not None]
    found.sort(key=lambda bar: -_area(bar.box))
    kept: list[ColourBar] = []
    for bar in found:
        small = bool(kept) and bar.box[3] - bar.box[1] < 0.5 * (kept[0].box[3] - kept[0].box[1])
        if not small and not any(_overlap(bar.box, other.box) for other in kept):
            kept.append(bar)
    return kept


def _strips(vivid: Mask) -> list[Box]:
    """Upright rectangles of vivid pixels: halves of bars, or whole ones."""
    height, width = vivid.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(vivid, connectivity=4)
    strips: list[Box] = []
    for label, (x, y, w, h, area) in enumerate(stats.tolist()):
        if label == 0 or w < 3 or h < 8 or w > 0.12 * width or h > 0.97 * height or area < 0.45 * w * h:
            continue
        part = labels[y : y + h, x : x + w] == label
        box = _upright(part)
        if box is not None:
            strips.append((x + box[0], y + box[1], x + box[2], y + box[3]))
    return strips


def _upright(part: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Box | None:
    """The rows of a component that share their left and right end: letters and marks that touch it are trimmed."""
    first = part.argmax(axis=1)
    last = part.shape[1] - part[:, ::-1].argmax(axis=1)
    left, right = int(np.percentile(first, 30)), int(np.percentile(last, 70))
    if right - left < 3:
        return None
    slack = 1.5 + 0.12 * (right - left)
    # The dark of standstill may bite into one side (variance stands at the other): nothing may stick out.
    inside = (first >= left - slack) & (last <= right + slack)
    full = inside & (part[:, left:right].mean(axis=1) >= 0.75)
    start, end = longest_run(inside, 1)
    ends = np.flatnonzero(full[start:end])
    if len(ends) < 6 or ends[-1] - ends[0] < 7:
        return None
    return left, start + int(ends[0]), right, start + int(ends[-1]) + 1


def longest_run(good: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], gap: int) -> tuple[int, int]:
    """The longest run of true values, gaps of up to `gap` forgiven: (first, end), end exclusive."""
    best = (0, 0)
    start, last = -1, -1
    for place in np.flatnonzero(good):
        if start < 0 or place - last > gap + 1:
            start = int(place)
        last = int(place)
        if last + 1 - start > best[1] - best[0]:
            best = (start, last + 1)
    return best


def _joined(strips: list[Box], height: int) -> list[Box]:
    """Single strips, and pairs of strips above one another with a gap between (the dark of standstill)."""
    boxes = [box for box in strips if box[3] - box[1] >= max(16, 0.03 * height)]
    for upper in strips:
        for lower in strips:
            gap, total = lower[1] - upper[3], lower[3] - upper[1]
            if not 0 <= gap <= 0.4 * total or total < max(20, 0.04 * height):
                continue
            left, right = max(upper[0], lower[0]), min(upper[2], lower[2])
            wide = max(upper[2] - upper[0], lower[2] - lower[0])
            if right - left >= max(3, 0.7 * wide):
                boxes.append((left, upper[1], right, lower[3]))
    return boxes


def _judge(bgr: Bgr, box: Box) -> ColourBar | None:
    """The bar in this box, its ends extended to where it fades into white or black, or None."""
    x0, y0, x1, y1 = _extended(bgr, box)
    wide, tall = x1 - x0, y1 - y0
    if tall < max(20, 0.04 * bgr.shape[0]) or tall < 1.4 * wide:
        return None
    margin = max(1, int(0.2 * wide)) if wide > 4 else 0
    inner = bgr[y0:y1, x0 + margin : x1 - margin].astype(np.float32)
    down = np.abs(np.diff(inner, axis=0)).max(axis=2)
    if float(np.mean(down > max(40, 2200 / tall))) > 0.12:
        return None  # letters, marks, a picture: not a gradient
    quarter = inner.shape[1] // 4
    core = inner[:, quarter : inner.shape[1] - quarter]
    centre = np.median(core, axis=1, keepdims=True)
    spread = float(np.percentile(np.abs(core - centre).max(axis=2), 80))
    evenly = _evenly_across(inner)
    slant = float(np.median(np.abs(inner[:, 0] - inner[:, -1]).max(axis=1)))
    if evenly and (spread > 22 or slant > 55):
        whole = bgr[y0:y1, x0 + 1 : x1 - 1].astype(np.float32)
        profile = whole[:, np.linspace(0, whole.shape[1] - 1, 5).round().astype(int)]
    elif spread <= 22:
        profile = centre
    else:
        return None
    rows = np.linspace(0, tall - 1, _ROWS).round().astype(int)
    colours = np.clip(profile[rows], 0, 255).astype(np.uint8)
    if len(np.unique((profile[rows, profile.shape[1] // 2] // 16).astype(int), axis=0)) < _LEVELS:
        return None  # two strokes of a letter over one another
    kind_rest = _kind_of(colours)
    if kind_rest is None:
        return None
    if kind_rest[0] == "power" and tall < 2.2 * wide and not 0 < kind_rest[1] < 1:
        return None
    return ColourBar((x0, y0, x1, y1), kind_rest[0], kind_rest[1], colours)


def _extended(bgr: Bgr, box: Box) -> Box:
    """The box with its ends moved out over rows that go on smoothly and stand out against what is beside them."""
    x0, y0, x1, y1 = box
    height, width = bgr.shape[:2]
    inner = slice(x0 + (x1 - x0) // 4, max(x0 + (x1 - x0) // 4 + 1, x1 - (x1 - x0) // 4))
    away = max(3, (x1 - x0) // 3)
    sides = [column for column in (x0 - away, x1 - 1 + away) if 0 <= column < width]

    def walk(row: int, step: int) -> int:
        limit = (y1 - y0) // 2
        while limit > 0 and 0 <= row + step < height:
            here, there = bgr[row, inner].astype(float), bgr[row + step, inner].astype(float)
            flat = np.ptp(there, axis=0).max() <= 24
            smooth = np.abs(here.mean(axis=0) - there.mean(axis=0)).max() <= 26
            apart = all(np.abs(bgr[row + step, side].astype(float) - there.mean(axis=0)).max() > 24 for side in sides)
            if not (flat and smooth and apart):
                break
            row += step
            limit -= 1
        return row

    return x0, walk(y0, -1), x1, walk(y1 - 1, 1) + 1


def _evenly_across(inner: Floats) -> bool:
    """Whether the colours change across the width as evenly as down the height: a map with variance."""
    across = np.abs(np.diff(inner, axis=1)).max(axis=2)
    return inner.shape[1] >= 4 and float(np.mean(across > 55)) < 0.08


def _kind_of(colours: Bgr) -> tuple[str, float] | None:
    """What a gradient of colours (rows, across, 3) means, and where it rests; None where it is no Doppler map.

    With variance the velocity's colours and the dark of its standstill stand at one side, turbulence's (the same for both
    directions) at the other: the column that reaches the darkest tells, unless another one has two directions.
    """
    darkest_first = opponent(colours)[..., 0].min(axis=0).argsort(kind="stable").tolist()
    kinds = [_kind(np.ascontiguousarray(colours[:, column])) for column in darkest_first]
    return next((kind for kind in kinds if kind is not None and kind[0] == "colour"), kinds[0])


def _kind(colours: Bgr) -> tuple[str, float] | None:
    """The same for one column (rows, 3)."""
    planes = opponent(colours)
    luminance, chroma = planes[:, 0], planes[:, 1:]
    strength = np.hypot(chroma[:, 0], chroma[:, 1])
    brightest = colours.max(axis=1).astype(float)
    vivid = (brightest - colours.min(axis=1)) / np.maximum(brightest, 1)
    strong = strength.max() >= 55 and np.median(vivid) >= 0.55
    if strength.max() < _PASTEL:
        return None
    # Brightness by the strongest channel: blue's luminance is low, however bright it shines.
    smooth = np.convolve(np.pad(brightest, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    dark = int(np.argmin(smooth + 0.001 * np.abs(np.arange(len(smooth)) - len(smooth) / 2)))
    if smooth[dark] > _DARK * smooth.max() or np.ptp(luminance) < 40:
        return None
    rest = (dark + 0.5) / len(smooth)
    if 0.12 < rest < 0.88:
        split = _split(chroma, strength, dark)
        upper, lower = _family(chroma[:split], strength[:split]), _family(chroma[split:], strength[split:])
        if upper is None or lower is None:
            return None
        # Two pale hues that part company are a map of two directions; one pale hue is a tinted grey map.
        apart = float(np.hypot(*(upper - lower))) >= _APART
        if not strong and not apart:
            return None
        if not (_rises(smooth[: dark + 1][::-1]) and _rises(smooth[dark:])):
            return None
        mirrored = not apart and _alike(colours, dark)
        return ("power", rest) if mirrored else ("colour", split / len(smooth))
    if not strong:
        return None
    outwards = smooth if rest < 0.5 else smooth[::-1]
    if not _rises(outwards) or smooth[dark] > 0.5 * smooth.max():
        return None
    return "power", 0.0 if rest < 0.5 else 1.0


def _split(chroma: Floats, strength: Floats, dark: int) -> int:
    """The row where one family of hues gives way to the other, near the darkest row."""
    reach = max(2, len(strength) // 8)
    unit = chroma / np.maximum(strength[:, None], 1)
    best, place = -9.0, dark
    for row in range(max(1, dark - reach), min(len(strength) - 1, dark + reach) + 1):
        above = unit[max(0, row - reach) : row].mean(axis=0)
        below = unit[row : row + reach].mean(axis=0)
        score = float(np.hypot(*(above - below))) - 0.02 * abs(row - dark)
        if score > best:
            best, place = score, row
    return place


def _family(chroma: Floats, strength: Floats) -> Floats | None:
    """The mean direction of a half's colours; None where it has no colour."""
    strong = strength > 25
    if np.count_nonzero(strong) < 0.25 * len(strength):
        return None
    mean: Floats = (chroma[strong] / strength[strong, None]).mean(axis=0)
    return mean


def _rises(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    """Whether brightness grows away from the standstill, small dips forgiven (many maps end in a paler, not lighter, hue)."""
    falls = np.maximum(np.maximum.accumulate(values) - values, 0)
    return len(values) < 3 or (float(falls.max()) <= 70 and values[-1] - values[0] > 30)


def _alike(column: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], dark: int) -> bool:
    """Whether both halves carry the same colours: a power map drawn twice."""
    reach = min(dark, len(column) - 1 - dark)
    steps = np.arange(2, reach + 1)
    if len(steps) < 4:
        return False
    difference = column[dark - steps].astype(float) - column[dark + steps].astype(float)
    return float(np.median(np.abs(difference).max(axis=1))) < 45


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def same_place(bar: ColourBar, bgr: Bgr) -> bool:
    """Whether a later frame still shows this bar: its colours where they were (a few microseconds)."""
    x0, y0, x1, y1 = bar.box
    if y1 > bgr.shape[0] or x1 > bgr.shape[1]:
        return False
    along = np.linspace(0, 1, bar.colours.shape[0])
    if bar.lies:
        seen = bgr[(y0 + y1) // 2, (x1 - 1 - along * (x1 - 1 - x0)).round().astype(int)].astype(np.int16)
    else:
        seen = bgr[(y0 + along * (y1 - 1 - y0)).round().astype(int), (x0 + x1) // 2].astype(np.int16)
    known = bar.colours[:, bar.colours.shape[1] // 2].astype(np.int16)
    return float(np.median(np.abs(seen - known).max(axis=1))) < 24


def common_map() -> ColourBar:
    """The map that most makers draw (yellow and red towards the probe, blue and cyan away), for screens without a bar."""
    row = (np.arange(_ROWS // 2) + 0.5) / (_ROWS // 2)
    fast, slow = np.clip(2 * row - 1, 0, 1), np.clip(2 * row, 0, 1)
    towards = np.stack([0 * row, 255 * fast, 80 + 175 * slow], axis=1)
    away = np.stack([80 + 175 * slow, 255 * fast, 0 * row], axis=1)
    colours = np.concatenate([towards[::-1], away]).astype(np.uint8)
    return ColourBar((0, 0, 0, 0), "colour", 0.5, colours[:, None, :])
