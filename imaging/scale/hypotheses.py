"""What one ruler's tick can mean in millimetres, and how well each meaning agrees with everything else on the screen.

Each meaning (1, 2, 2.5, 5, 10, 20 or 50 mm a tick) is a hypothesis with a log likelihood. The numbers beside the ticks, a
depth stated in words, a DICOM header and what probes can show add to it. Minor ticks taken for centimetres, the classic
error, is one of the hypotheses; it wins only where the evidence says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from imaging.region import UltrasoundRegion
from imaging.scale.depth_text import DepthText
from imaging.scale.labels import Labels
from imaging.scale.millimetres import Scale
from imaging.scale.rulers import Ruler

MM_PER_TICK: Final = (0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0)
_DEPTH_SPREAD: Final = 0.02  #: of a stated depth against the picture's or the ruler's length (rounding, dark margins)
_DEPTH_FLOOR: Final = -4.0  #: log likelihood of a stated depth that belongs to something else
_NAMED_FLOOR: Final = -6.0  #: the same, of one that says that it is a depth
_ANYWHERE: Final = -1.5  #: log likelihood of an end in the dark, between the last echo and the end of the ground
_SHORT: Final = -4.0  #: log likelihood of a ruler that stops far above the picture's end
_UNTOLD: Final = -3.5  #: log likelihood of a tick that means something else than the one number beside it says
_FITS: Final = -2.0  #: log likelihood from which a stated depth agrees
_HANGS: Final = 0.2  #: of a fan's height, that a convex probe's face hangs down at most
_HEADER_WITHIN: Final = 0.015  #: relative, of a DICOM region that agrees

#: Depths and widths of B pictures, mm: (possible, usual, usual, possible). From the makers' data sheets of linear (up to
#: 20 MHz), convex, micro-convex, endocavity and phased probes; panoramas and split screens are why the widths reach far.
_DEPTHS: Final = {"linear": (5, 9, 110, 170), "convex": (15, 28, 320, 420), "sector": (15, 28, 320, 420)}
_WIDTHS: Final = {"linear": (5, 9, 75, 220), "convex": (15, 25, 420, 700), "sector": (10, 25, 420, 700)}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One reading of a ruler: `mm_per_tick`, its log likelihood, and what supports or contradicts it, in words."""

    mm_per_tick: float
    mm_per_pixel: float
    log_likelihood: float
    labelled: bool
    text: DepthText | None
    header: Scale | None


def meanings(
    ruler: Ruler, labels: Labels, region: UltrasoundRegion, texts: Sequence[DepthText], stated: Sequence[Scale]
) -> list[Meaning]:
    """Every meaning of the ruler's tick that is not impossible, the likeliest first."""
    found = []
    for mm_per_tick, labelled, log in _candidates(labels):
        mm_per_pixel = mm_per_tick / ruler.spacing
        likely = log + plausible(region, mm_per_pixel, ruler)
        if not labelled:
            likely += _pattern(ruler, mm_per_tick)
        text = _agreeing_text(ruler, region, mm_per_pixel, texts)
        if text is not None:
            likely += text[1]
        header = next((s for s in stated if abs(s.mm_per_pixel_y / mm_per_pixel - 1) < _HEADER_WITHIN), None)
        if stated:
            likely += 0.0 if header else -4.0
        if likely > -30:
            agrees = text[0] if text is not None and text[1] > _FITS else None
            found.append(Meaning(mm_per_tick, mm_per_pixel, likely, labelled, agrees, header))
    return sorted(found, key=lambda meaning: -meaning.log_likelihood)


def _candidates(labels: Labels) -> list[tuple[float, bool, float]]:
    """(mm a tick, whether numbers say so, log likelihood of the numbers)."""
    bare = [(mm, False, 0.0) for mm in MM_PER_TICK]
    if labels.kind not in ("length", "single"):
        return bare
    units = {"mm": 1.0, "cm": 10.0}
    factors = list(units.values()) if labels.unit is None else [units[labels.unit]]
    told = [(labels.step * factor, True, 0.0) for factor in factors]
    if labels.kind == "length":
        return told
    # One number may be something else: what it does not say stays possible, less likely.
    return told + [(mm, False, _UNTOLD) for mm, _, _ in bare if all(abs(mm / own[0] - 1) > 1e-6 for own in told)]


def plausible(region: UltrasoundRegion, mm_per_pixel: float, ruler: Ruler | None = None) -> float:
    """Log likelihood of a picture that deep and that wide: 0 for what probes usually show, -40 for what none does."""
    kind = region.kind
    low, high = float(region.box[3]), float(max(region.box[3], region.panel[1]))
    if ruler is not None and ruler.direction == "down":
        low, high = max(low, ruler.last), max(high, ruler.last)
        if len(ruler.places) >= 5:  # a ruler goes on as far as the picture does
            high = max(low, min(high, ruler.last + 2 * ruler.spacing))
    depths = ((low - region.box[1]) * mm_per_pixel, (high - region.box[1]) * mm_per_pixel)
    width = region.width * mm_per_pixel
    return _within(depths, _DEPTHS[kind]) + _within((width, width), _WIDTHS[kind])


def _within(value: tuple[float, float], limits: tuple[float, float, float, float]) -> float:
    """The same for a value that lies somewhere in `value`."""
    least, low, high, most = limits
    if value[1] < least or value[0] > most:
        return -40.0
    return 0.0 if value[1] >= low and value[0] <= high else -5.0


def _pattern(ruler: Ruler, mm_per_tick: float) -> float:
    """Long ticks stand at round distances: weak, as 10 and 50 mm are both round."""
    every = ruler.major_every
    if every is None:
        return 0.0
    major = every * mm_per_tick
    return {10.0: 0.0, 50.0: -0.7, 5.0: -0.7, 100.0: -2.0, 20.0: -2.0}.get(major, -4.0)


def depth_ends(
    ruler: Ruler | None, region: UltrasoundRegion
) -> tuple[tuple[float, ...], float, float, tuple[float, ...]]:
    """(where depth may be counted from, the least and the greatest row to which it may reach, rows where it likely ends).

    All are positions along the ruler (rows without one). Echoes and ticks say how far the picture reaches at least, the
    ground that it stands on how far at most. A ruler that begins at the picture's top begins at its zero.
    """
    y1 = region.box[3]
    starts = _tops(region)
    low, high = float(y1), float(max(y1, region.panel[1]))
    if ruler is None or ruler.direction == "across":
        return tuple(starts), low, high, (low, high)
    if ruler.direction == "slanted":
        return (ruler.first,), ruler.last, ruler.last + 1.5 * ruler.spacing, (ruler.last,)
    if begins_at_top(ruler, region):
        starts.add(ruler.first)
    return tuple(starts), max(low, ruler.last), max(high, ruler.last), (ruler.last, low, high)


def begins_at_top(ruler: Ruler, region: UltrasoundRegion) -> bool:
    """Whether a ruler down begins where the picture may begin: at its first echo, or in the dark above it."""
    top, high = region.box[1], region.height
    highest = min(region.panel[0], top) - min(0.25 * ruler.spacing, 0.06 * high) - 4
    return highest <= ruler.first <= max(_tops(region)) + max(4.0, 0.06 * high)


def _tops(region: UltrasoundRegion) -> set[float]:
    """The rows where a picture may begin: its first one, and where the face of a convex probe, an arc, hangs lowest."""
    x0, y0, x1, y1 = region.box
    middle = region.mask[y0:y1, (x0 + x1) // 2] > 0
    tops = {float(y0), float(y0 + (int(middle.argmax()) if middle.any() else 0))}
    if region.apex is not None:
        row = region.apex[1]
        ends = [line[0] * y0 + line[1] for line in (region.left_edge, region.right_edge)]
        hangs = row + math.hypot((ends[1] - ends[0]) / 2, y0 - row)
        if y0 < hangs <= y0 + _HANGS * region.height:
            tops.add(hangs)
    return tops


def depth_fit(
    ruler: Ruler | None, region: UltrasoundRegion, mm_per_pixel: float, depth_mm: float, *, whole: bool = True
) -> float:
    """Log likelihood of a picture that deep: 0 where it ends where it seems to, falling where it would end elsewhere.

    `whole`: the ruler's last tick was seen, so that a picture cannot reach far beyond it.
    """
    starts, low, high, ends = depth_ends(ruler, region)
    length = depth_mm / mm_per_pixel
    spread = _DEPTH_SPREAD * length
    best = -math.inf
    for start in starts:
        end = start + length
        beyond = max(low - end, end - high, 0.0)
        if beyond > 0:
            log = -0.5 * (beyond / spread) ** 2
        else:
            log = max(_ANYWHERE, max(-0.5 * ((end - place) / spread) ** 2 for place in ends))
        if whole and ruler is not None and ruler.direction == "down":
            log += _stops_short(ruler, end)
        best = max(best, log)
    return best


def roughly_fits(
    ruler: Ruler | None, region: UltrasoundRegion, mm_per_pixel: float, text: DepthText, factors: Sequence[float]
) -> bool:
    """Whether the stated depth can be the picture's if the scale were one of these `factors` of what it is."""
    return any(
        depth_fit(ruler, region, mm_per_pixel * factor, mm, whole=False) > _FITS
        for mm in text.candidates_mm
        for factor in factors
    )


def _stops_short(ruler: Ruler, end: float) -> float:
    """A ruler goes on to the last tick that the picture has room for: long ones, where only those were seen."""
    room = (end - ruler.last) / ruler.spacing
    return 0.0 if room <= 1.25 else max(_SHORT, -1.5 * (room - 1.25))


def _agreeing_text(
    ruler: Ruler, region: UltrasoundRegion, mm_per_pixel: float, texts: Sequence[DepthText]
) -> tuple[DepthText, float] | None:
    """The stated depth that agrees best, and its log likelihood."""
    best: tuple[DepthText, float] | None = None
    for text in texts:
        fit = max(depth_fit(ruler, region, mm_per_pixel, mm) for mm in text.candidates_mm)
        log = max(_NAMED_FLOOR if text.named else _DEPTH_FLOOR, fit)
        if best is None or log > best[1]:
            best = (text, log)
    return best


def contradicted(
    ruler: Ruler, region: UltrasoundRegion, mm_per_pixel: float, texts: Sequence[DepthText]
) -> DepthText | None:
    """A depth that says what it is and cannot be the picture's, where no other one agrees."""
    if any(roughly_fits(ruler, region, mm_per_pixel, text, (0.9, 1.0, 1.1)) for text in texts):
        return None
    return next((text for text in texts if text.named), None)
