"""What must hold of a ruler's meaning besides the evidence that it was taken from: other evidence has to have its say.

A wrong scale comes from marks that are no ruler of this picture and happen to fit: letters in line, the ruler of an M-mode
trace, a time axis. Each of the questions here was not asked when the meaning was found, and most such marks fail one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from imaging.region import UltrasoundRegion
from imaging.scale.hypotheses import Meaning, begins_at_top, depth_ends
from imaging.scale.labels import Labels
from imaging.scale.rulers import Ruler

_ZERO_ABOVE: Final = 0.2  #: of the picture's height: no echoes in gel and standoff
_ZERO_BELOW: Final = 0.08  #: the same: a skin line that seems to begin late, a number that stands under its tick
_IN_LINE: Final = 1.5  #: pixels between the ends of ticks that are in line
_ALIKE: Final = 0.6  #: of the ends of a ruler's ticks, that are in line
_PURE: Final = 0.7  #: of its places taken, and of the marks in line that are its ticks
_ROUND: Final = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 10.0)  #: spacings of a ruler across over those of one down
_MANY: Final = 6  #: ticks of a ruler of which more than the first may be lost
_TICKS_ACROSS: Final = 6
_SURELY: Final = 10  #: ticks of a ruler that is one by its look,
_EVEN: Final = 0.9  #: the part of its places taken, and of the marks in line that are ticks,
_MOST_OF: Final = 0.7  #: and of the picture's height that it runs along
_ENDS: Final = 0.015  #: of a stated depth's length, to where the picture ends
_CLEAR: Final = 0.85  #: of its places taken, and of the marks in line that are its ticks, for a ruler across
_CLEARLY_ALIKE: Final = 0.8  #: of their ends in line
_LOST: Final = 1  #: ticks at the end that may be hidden by the picture's edge
#: Pixels are square, or one of the stretches by which captures change pictures (4:3, 5:4, 16:10 and 16:9 into each other).
_MOST_STRETCH: Final = 0.36  #: natural logarithm, a little more than that of 16:9 over 4:3 and over 5:4


def zero_fits(ruler: Ruler, labels: Labels, region: UltrasoundRegion) -> bool:
    """Whether the numbers down a side have their zero where the picture begins.

    That of an M-mode trace's ruler, of a menu's lines, of a misread number lies elsewhere. A picture cut out of a deeper one
    (zoom) is not taken either.
    """
    if ruler.direction != "down" or labels.zero is None:
        return True
    top = region.box[1]
    loose = 4 + min(0.6 * ruler.spacing, 0.04 * region.height)
    highest = top - _ZERO_ABOVE * region.height - loose
    return highest <= labels.zero <= top + _ZERO_BELOW * region.height + loose


def alike(ruler: Ruler) -> float:
    """The part of the ticks' ends that are in line with those of their kind (long or short): letters' and specks' are not."""
    lengths = np.array(ruler.lengths)
    middles = np.array([ruler.beside(tick) for tick in ruler.ticks])
    ordered = np.sort(lengths)
    gaps = np.diff(ordered)
    kinds = [np.ones(len(lengths), bool)]
    if len(gaps) and gaps.max() >= 2:
        long = lengths > ordered[int(gaps.argmax())]
        kinds = [~long, long]
    good = 0
    for kind in kinds:
        for end in ((middles - lengths / 2)[kind], (middles + lengths / 2)[kind]):
            good += int((np.abs(end - np.median(end)) <= _IN_LINE).sum())
    return good / (2 * len(lengths))


def looks_drawn(ruler: Ruler) -> bool:
    """Whether hardly a place of a ruler is empty, hardly a mark in line with it is no tick, and its ticks end in line."""
    pure = ruler.coverage >= _PURE and ruler.purity >= _PURE
    return pure and (ruler.direction == "slanted" or alike(ruler) >= _ALIKE)


def counts_out(ruler: Ruler, region: UltrasoundRegion, meaning: Meaning) -> bool:
    """Whether a ruler down without numbers has as many ticks as the stated depth has, from the picture's top on.

    Its first ticks may be lost in the skin line: the picture's top must then stand where one of them would.
    """
    if meaning.text is None or ruler.direction != "down":
        return False
    near = max(3.0, 0.12 * ruler.spacing)
    tops = (*depth_ends(None, region)[0], float(region.panel[0]))
    before = [(ruler.first - top) / ruler.spacing for top in tops]
    most = ruler.places[-1] - ruler.places[0] if len(ruler.places) >= _MANY else 1
    lost = {round(n) for n in before if 0 <= round(n) <= most and abs(n - round(n)) * ruler.spacing <= near}
    if begins_at_top(ruler, region):
        lost.add(0)
    seen = ruler.places[-1] - ruler.places[0]
    depths = [depth_mm / meaning.mm_per_tick for depth_mm in meaning.text.candidates_mm]
    return any(-0.05 <= depth - seen - n < 0.95 + _LOST for n in lost for depth in depths)


def runs_along(ruler: Ruler, region: UltrasoundRegion) -> bool:
    """Whether ticks are so many, so even and so long a row by the picture's side that they are its ruler by their look."""
    return (
        len(ruler.places) >= _SURELY
        and min(ruler.coverage, ruler.purity) >= _EVEN
        and ruler.last - ruler.first >= _MOST_OF * region.height
    )


def ends_there(ruler: Ruler, region: UltrasoundRegion, meaning: Meaning) -> bool:
    """Whether the stated depth, from the picture's top on, ends where its echoes or its ground end."""
    if meaning.text is None or ruler.direction != "down":
        return False
    starts, _, _, _ = depth_ends(ruler, region)
    lengths = [depth_mm / meaning.mm_per_pixel for depth_mm in meaning.text.candidates_mm]
    ends = (region.box[3], region.panel[1])
    return any(
        abs(start + length - end) <= max(2.0, _ENDS * length) for start in starts for length in lengths for end in ends
    )


def vouched_down(ruler: Ruler, region: UltrasoundRegion, meaning: Meaning) -> bool:
    """Whether something besides a stated depth's fit says that a ruler without numbers is the picture's."""
    return counts_out(ruler, region, meaning) or ends_there(ruler, region, meaning) or runs_along(ruler, region)


def numbered_to(ruler: Ruler, labels: Labels, mm_per_tick: float, depth_mm: float) -> bool:
    """Whether a numbered ruler ends at the last tick that a depth has room for, counted from the zero of its numbers.

    Where a picture ends is known less well than that: echoes end above it, and another picture may stand below.
    """
    if labels.zero is None or not labels.strong or ruler.direction == "across":
        return False
    return -0.3 <= depth_mm / mm_per_tick - (ruler.last - labels.zero) / ruler.spacing < 1.05


def stretch_fits(own: float, value: float) -> bool:
    """Whether mm per pixel across and down can be those of one picture, stretched as captures stretch pictures."""
    return abs(math.log(own / value)) <= _MOST_STRETCH


def vouched_across(ruler: Ruler, meaning: Meaning, labels: Labels, rulers: Sequence[Ruler]) -> bool:
    """Whether something besides its numbers says that a ruler across is one of lengths: a time axis has numbers as well."""
    if meaning.text is not None or meaning.header is not None or labels.unit is not None:
        return True
    return any(
        other.direction == "down"
        and len(other.places) >= 5
        and looks_drawn(other)
        and min(abs(other.spacing * k / ruler.spacing - 1) for k in _ROUND) <= 0.006
        for other in rulers
    )


def clearly_across(ruler: Ruler, region: UltrasoundRegion) -> bool:
    """Whether marks across are a ruler's beyond doubt, and run along the picture: gaps between words are equal by chance."""
    if (
        len(ruler.places) < _TICKS_ACROSS
        or ruler.coverage < _CLEAR
        or ruler.purity < _CLEAR
        or alike(ruler) < _CLEARLY_ALIKE
    ):
        return False
    return ruler.last - ruler.first >= 0.5 * region.width
