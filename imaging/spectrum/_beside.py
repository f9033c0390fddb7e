"""The marks beside a spectrum: ticks of its velocity axis at a side, ticks of its time axis along an edge."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from imaging.spectrum._ticks import Ticks, find_ticks

Grey = npt.NDArray[np.float32]

_LONGEST: Final = 0.03  #: part of the screen that a tick reaches at most
_WHOLE: Final = 0.85  #: part of the area's width that the time axis spans, with one pitch more at each end


def velocity_ticks(grey: Grey, box: tuple[int, int, int, int], baseline: float) -> Ticks | None:
    """Even ticks at the left or right of the box, of which one (or the middle of two) stands at the baseline.

    Places are rows of the whole picture.
    """
    x0, y0, x1, y1 = box
    width = grey.shape[1]
    reach = max(12, width // 14)
    slack = max(4, (y1 - y0) // 20)
    top, bottom = max(0, y0 - slack), min(grey.shape[0], y1 + slack)
    best: Ticks | None = None
    # A baseline drawn out to the numbers makes the box too wide: the ticks then stand within its end.
    for a, b, ground in (
        (max(0, x0 - reach), x0 + 12, grey[top:bottom, max(0, x0 - reach) : x0]),
        (x1 - 12, min(width, x1 + reach), grey[top:bottom, x1 : x1 + reach]),
    ):
        found = find_ticks(_bright_on_dark(grey[:, a:b], ground), _LONGEST * width, (top, bottom), fewest=3)
        if found is not None:
            placed = Ticks(found.pitch_px, found.places, found.lengths_px, found.line + a)
            span = placed.places[-1] - placed.places[0]
            off = min(placed.offset(baseline), abs(placed.offset(baseline) - 0.5)) * placed.pitch_px
            if len(placed.places) == 3 and placed.offset(baseline) * placed.pitch_px > 2.5:
                continue  # three marks fall evenly by chance, but not with the baseline at one of them
            if span < 0.4 * (y1 - y0) or off > max(2.5, 0.08 * placed.pitch_px):
                continue
            if best is None or len(placed.places) > len(best.places):
                best = placed
    return best


def time_ticks(grey: Grey, box: tuple[int, int, int, int]) -> Ticks | None:
    """Even ticks along the lower or upper edge of the box, inside or outside it; places are columns of the picture.

    They span the box and stand near its edge: a B picture's ruler, above or below, is another's.
    """
    x0, y0, x1, y1 = box
    height = grey.shape[0]
    reach = max(10, height // 24)
    near = max(reach, (y1 - y0) // 6)
    for a, b in ((y1 - near, y1 + reach), (y0 - reach, y0 + near)):
        first, last = max(0, a), min(height, b)
        left, right = max(0, x0 - 6), min(grey.shape[1], x1 + 6)
        outside = grey[max(first, y1 + 2) : last, left:right] if b > y1 else grey[first : max(0, y0 - 2), left:right]
        strip = _bright_on_dark(np.ascontiguousarray(grey[first:last, left:right].T), outside)
        found = find_ticks(strip, _LONGEST * height)
        if found is None:
            continue
        spans = found.places[-1] - found.places[0]
        if spans + 2 * found.pitch_px >= _WHOLE * (x1 - x0) and spans >= 0.5 * (x1 - x0):
            return Ticks(found.pitch_px, tuple(p + left for p in found.places), found.lengths_px, found.line + first)
    return None


def _bright_on_dark(strip: Grey, ground: Grey) -> Grey:
    """The strip, or its negative where the ground beside the area is light: its marks are dark then."""
    return 255 - strip if ground.size and float(np.median(ground)) > 128 else strip
