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
_DEPTH_SPREAD: Final = 0.03  #: of a stated depth against the picture's or the ruler's length (rounding, dark margins)
_DEPTH_FLOOR: Final = -4.0  #: log likelihood of a stated depth that belongs to something else
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
        likely = log + plausible(region, mm_per_pixel)
        if not labelled:
            likely += _pattern(ruler, mm_per_tick)
        text = _agreeing_text(ruler, region, mm_per_pixel, texts)
        if text is not None:
            likely += 0.0 if text[1] is None else text[1]
        header = next((s for s in stated if abs(s.mm_per_pixel_y / mm_per_pixel - 1) < _HEADER_WITHIN), None)
        if stated:
            likely += 0.0 if header else -4.0
        if likely > -30:
            agrees = text[0] if text is not None and text[1] is not None and text[1] > -2.5 else None
            found.append(Meaning(mm_per_tick, mm_per_pixel, likely, labelled, agrees, header))
    return sorted(found, key=lambda meaning: -meaning.log_likelihood)


def _candidates(labels: Labels) -> list[tuple[float, bool, float]]:
    """(mm a tick, whether numbers say so, log likelihood of the numbers)."""
    if labels.kind in ("length", "single"):
        units = {"mm": 1.0, "cm": 10.0}
        if labels.unit is not None:
            return [(labels.step * units[labels.unit], True, 0.0)]
        return [(labels.step * factor, True, 0.0) for factor in units.values()]
    return [(mm, False, 0.0) for mm in MM_PER_TICK]


def plausible(region: UltrasoundRegion, mm_per_pixel: float) -> float:
    """Log likelihood of a picture that deep and that wide: 0 for what probes usually show, -40 for what none does."""
    kind = region.kind
    return _within(region.height * mm_per_pixel, _DEPTHS[kind]) + _within(region.width * mm_per_pixel, _WIDTHS[kind])


def _within(value: float, limits: tuple[float, float, float, float]) -> float:
    least, low, high, most = limits
    if not least <= value <= most:
        return -40.0
    return 0.0 if low <= value <= high else -5.0


def _pattern(ruler: Ruler, mm_per_tick: float) -> float:
    """Long ticks stand at round distances: weak, as 10 and 50 mm are both round."""
    every = ruler.major_every
    if every is None:
        return 0.0
    major = every * mm_per_tick
    return {10.0: 0.0, 50.0: -0.7, 5.0: -0.7, 100.0: -2.0, 20.0: -2.0}.get(major, -4.0)


def depth_lengths(ruler: Ruler, region: UltrasoundRegion) -> tuple[float, ...]:
    """The lengths, pixels, that a stated depth can be of: the picture's along its middle, the ruler's, both together."""
    x0, y0, x1, y1 = region.box
    middle = region.mask[y0:y1, (x0 + x1) // 2] > 0
    top = y0 + (int(middle.argmax()) if middle.any() else 0)
    lengths = [float(y1 - top), float(y1 - y0)]
    if ruler.direction == "down":
        lengths += [ruler.last - ruler.first, ruler.last - y0, ruler.last - top]
    elif ruler.direction == "slanted":
        lengths += [ruler.last - ruler.first]
    return tuple(length for length in lengths if length > 20)


def text_ratio(ruler: Ruler, region: UltrasoundRegion, mm_per_pixel: float, text: DepthText) -> float:
    """The stated depth over the closest of the lengths it can be of; 1 where they agree."""
    ratios = [mm / (length * mm_per_pixel) for mm in text.candidates_mm for length in depth_lengths(ruler, region)]
    return min(ratios, key=lambda ratio: abs(math.log(ratio)))


def _agreeing_text(
    ruler: Ruler, region: UltrasoundRegion, mm_per_pixel: float, texts: Sequence[DepthText]
) -> tuple[DepthText, float | None] | None:
    """The stated depth that agrees best, and its log likelihood."""
    best: tuple[DepthText, float | None] | None = None
    for text in texts:
        off = math.log(text_ratio(ruler, region, mm_per_pixel, text)) / _DEPTH_SPREAD
        log = max(_DEPTH_FLOOR, -0.5 * off**2)
        if best is None or best[1] is None or log > best[1]:
            best = (text, log)
    return best


def contradicted(
    ruler: Ruler, region: UltrasoundRegion, mm_per_pixel: float, texts: Sequence[DepthText]
) -> DepthText | None:
    """A depth that says what it is and is off by more than a fifth, where no other one agrees."""
    named = [text for text in texts if text.named]
    ratios = [text_ratio(ruler, region, mm_per_pixel, text) for text in texts]
    if any(0.85 < ratio < 1.18 for ratio in ratios):
        return None
    for text in named:
        ratio = text_ratio(ruler, region, mm_per_pixel, text)
        if not 0.8 < ratio < 1.25:
            return text
    return None
