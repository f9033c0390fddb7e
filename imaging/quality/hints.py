"""What one still picture tells of its quality: gain, contact, depth.

Measured on the ultrasound region at reduced size, so that speckle is averaged. No limit rests on a maker's grey map: white
is what the picture itself reaches, noise is measured where no tissue is. How often each hint is right on simulated faces
stands in docs/explanation/picture-quality.md; `confidence` is no probability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from imaging.quality.tissue import HALF_WHITE, Tissue, tissue_of

Name = Literal["gain-high", "gain-low", "contact-loss", "depth-wasted", "pressure", "motion"]
Grey = npt.NDArray[np.uint8]

_CLIPPED_LEVELS: Final = 8  #: below the picture's white, what counts as clipped
_CLIPPED: Final = 0.10  #: part of the tissue that is clipped: too much on its own
_CLIPPED_IN_NOISE: Final = 0.03  #: and where noise shows besides
_NOISE: Final = 0.04  #: grey of the noise below the tissue, as a part of white
_BLOCK: Final = 16  #: pixels of the reduced picture: the side of a block that is looked at for its own speckle
_ECHO: Final = 30  #: level that a tenth of a block reaches where something echoes in it
_BLACK: Final = 10  #: level up to which a pixel counts as black
_TOO_BLACK: Final = 0.20  #: part of the blocks with echoes that is black
_DIM: Final = 45  #: level of the middle block's middle pixel: above it the picture is bright enough, whatever is black
_LOST: Final = 0.10  #: part of the face's width that is dark from the surface on
_NO_SPECKLE: Final = 0.25  #: of the speckle where the picture is good, up to which a column shows no tissue
_DARKER: Final = 0.5  #: of the tissue's mean, what lies below it where nothing echoes
_WASTED: Final = 0.50  #: part of the depth below the last echo


@dataclass(frozen=True, slots=True)
class Hint:
    """`measure` is a part (0 to 1) of what the sentence speaks of, or pixels a frame for motion; `confidence` 0.5 to 1
    grows with the distance from the limit: it orders hints and is no probability."""

    name: Name
    measure: float
    confidence: float
    sentence: str


def still_hints(grey: Grey, inside: npt.NDArray[np.bool_], mm_per_row: float | None = None) -> list[Hint]:
    """The hints of one picture. `grey` (rows, columns) of the region's box, averaged down to some hundred columns;
    `inside` the same shape, True within the picture's outline; `mm_per_row` of this reduced picture where it is known."""
    tissue = tissue_of(grey, inside)
    return [] if tissue is None else hints_of(tissue, grey, inside, mm_per_row)


def hints_of(tissue: Tissue, grey: Grey, inside: npt.NDArray[np.bool_], mm_per_row: float | None = None) -> list[Hint]:
    """As `still_hints`, where the tissue has been parted already."""
    hints: list[Hint] = []
    lost = contact_loss(grey, inside, tissue.rows)
    if lost > _LOST:
        sentence = f"{lost:.0%} of the probe's width is dark from the surface on: contact or gel may be missing there."
        hints.append(Hint("contact-loss", lost, sureness(lost, _LOST), sentence))
    else:  # what is dark for want of contact says nothing on the gain
        hints += _gain_high(tissue) or _gain_low(grey, inside, tissue)
    wasted = 1 - tissue.rows / tissue.of_rows
    # Even tissue, as a phantom's, varies no more than noise does; but it is as bright as the rest.
    dark = tissue.noise is not None and tissue.noise * max(tissue.white, HALF_WHITE) < _DARKER * tissue.mean
    if wasted > _WASTED and dark:
        where = (
            f"below {tissue.rows * mm_per_row:.0f} mm"
            if mm_per_row is not None
            else f"in the lowest {wasted:.0%} of the picture"
        )
        sentence = f"There are no echoes {where}: less depth would show more."
        hints.append(Hint("depth-wasted", wasted, sureness(wasted, _WASTED), sentence))
    return hints


def _gain_high(tissue: Tissue) -> list[Hint]:
    """Echoes are clipped, and noise shows where nothing echoes."""
    clipped = tissue.share(tissue.white - _CLIPPED_LEVELS, 255)
    noisy = tissue.noise is not None and tissue.noise > _NOISE
    limit = _CLIPPED_IN_NOISE if noisy else _CLIPPED
    if clipped > limit and tissue.white > HALF_WHITE:
        also = ", and noise shows below it" if noisy else ""
        sentence = f"{clipped:.0%} of the tissue is as white as can be{also}: the gain may be too high."
        return [Hint("gain-high", clipped, sureness(clipped, limit), sentence)]
    return []


def _gain_low(grey: Grey, inside: npt.NDArray[np.bool_], tissue: Tissue) -> list[Hint]:
    """Speckle that is cut off at black. Fluid is black too, but all of it: so only blocks in which something echoes count."""
    first, side = int(0.12 * tissue.rows), grey.shape[1] // 16
    part, seen = grey[first : tissue.rows, side:-side], inside[first : tissue.rows, side:-side]
    rows, columns = (n // _BLOCK for n in part.shape)
    if rows < 1 or columns < 4:
        return []

    def blocks(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        cut = values[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
        return cut.swapaxes(1, 2).reshape(rows * columns, _BLOCK * _BLOCK)

    levels = np.sort(blocks(part)[blocks(seen).mean(axis=1) > 0.9], axis=1)
    if len(levels) < 4:
        return []
    echoing = levels[levels[:, int(0.9 * _BLOCK**2)] > min(_ECHO, 0.35 * tissue.white)]
    if len(echoing) < max(4, 0.2 * len(levels)):
        return []
    black = float((echoing <= _BLACK).mean())
    if black <= _TOO_BLACK or float(np.median(echoing[:, _BLOCK**2 // 2])) > _DIM:
        return []
    sentence = f"{black:.0%} of what lies among echoes is black: the gain may be too low."
    return [Hint("gain-low", black, sureness(black, _TOO_BLACK), sentence)]


def contact_loss(grey: Grey, inside: npt.NDArray[np.bool_], tissue_rows: int) -> float:
    """The part of the face's width, from its sides inward, below which nothing echoes: 0 to 1.

    `tissue_rows`: down to where there are echoes at all. A lens in air shows its own reverberations: bands that are even
    along the row. Tissue has speckle. So a column is lost where neighbours differ by less than a quarter of what they do
    where the picture is good; a bone's shadow begins below speckle. Only stretches that reach a side count, as a probe
    lifts off from a side.
    """
    stretch = slice(max(1, tissue_rows // 8), max(2, 9 * tissue_rows // 10))
    part, seen = grey[stretch].astype(np.float32), inside[stretch]
    counts = seen.sum(axis=0)
    used = counts >= 0.6 * part.shape[0]
    if used.sum() < 24:
        return 0.0
    apart = np.zeros_like(part)
    apart[:, 1:-1] = np.abs(part[:, 2:] - part[:, :-2])
    speckle = np.where(seen, apart, 0).sum(axis=0)[used] / counts[used]
    n = len(speckle)
    wide = max(3, n // 40) | 1
    speckle = np.convolve(np.pad(speckle, wide // 2, mode="edge"), np.ones(wide) / wide, "valid")
    good = float(np.percentile(speckle, 85))
    if good < 3:
        return 0.0  # hardly an echo anywhere: that is gain, or nothing
    lost = speckle < _NO_SPECKLE * good
    edge = max(2, n // 25)  # a ruler or a frame may stand in the outermost columns
    from_left = int(np.argmin(lost[edge:])) + edge if lost[edge] else 0
    from_right = int(np.argmin(lost[::-1][edge:])) + edge if lost[::-1][edge] else 0
    return min(1.0, (from_left + from_right) / n)


def sureness(value: float, limit: float) -> float:
    """0.5 at the limit, towards 1 beyond it."""
    return 1 / (1 + math.exp(-4 * (value - limit) / limit))
