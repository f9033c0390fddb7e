"""The picture's box once its scale is known: a ruler and a stated depth say where it ends, where echoes do not."""

from __future__ import annotations

from dataclasses import replace

from imaging.region import UltrasoundRegion
from imaging.scale.hypotheses import Meaning, begins_at_top, depth_ends
from imaging.scale.rulers import Ruler


def with_extent(region: UltrasoundRegion, ruler: Ruler, meaning: Meaning) -> UltrasoundRegion:
    """The region down to the ruler's last tick, or to the stated depth where one agrees, and up to its zero.

    A fan is left as it is: its lower edge is an arc. Ticks stand at the border between two pixels, half a pixel above the
    row that begins there.
    """
    if region.kind != "linear" or ruler.direction != "down":
        return region
    x0, y0, x1, y1 = region.box
    if begins_at_top(ruler, region) and ruler.first < y0:
        y0 = max(0, round(ruler.first + 0.5))
    end = ruler.last + 0.5
    if meaning.text is not None:
        starts, low, high, _ = depth_ends(ruler, region)
        ends = [start + mm / meaning.mm_per_pixel for start in starts for mm in meaning.text.candidates_mm]
        within = [row for row in ends if low - 4 <= row <= high + 4]
        if within:
            end = min(within, key=lambda row: abs(row - end)) if ruler.first in starts else within[0]
    y1 = min(max(y1, region.panel[1]), max(y1, round(end)))
    if (y0, y1) == (region.box[1], region.box[3]):
        return region
    mask = region.mask.copy()
    mask[y0 : region.box[1]] = mask[region.box[1]]
    mask[region.box[3] : y1] = mask[region.box[3] - 1]
    return replace(region, box=(x0, y0, x1, y1), mask=mask)
