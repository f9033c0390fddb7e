"""The ticks of a ruler that were not told from what stands about them: looked for where the spacing says they are.

A tick that touches a letter, the picture's edge or a bright echo is no lone mark. Where a ruler ends matters: a stated depth
is counted in its ticks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from imaging.region import UltrasoundRegion
from imaging.scale.rulers import Ruler

_LEAST: Final = 0.4  #: of the usual tick's contrast, for one that was missed
_CALM: Final = 0.5  #: of the tick's own, between two ticks at most
_CLOSE: Final = 4.0  #: pixels above and below a tick, where nothing of it is left
_MISSES: Final = 1  #: places without a tick after which a ruler has ended
_MOST: Final = 200


def completed(ruler: Ruler, region: UltrasoundRegion) -> Ruler:
    """The ruler with the ticks that follow at either end beside the picture, as long as there is one at each place.

    Spacing and origin stay as they were: what was missed is seen less well.
    """
    if ruler.direction == "slanted":
        return ruler
    usual = _usual(ruler)
    if usual is None:
        return ruler
    places = dict(zip(ruler.places, zip(ruler.ticks, ruler.lengths, strict=True), strict=True))
    middle = (ruler.across[0] + ruler.across[1]) / 2
    length = float(np.median(ruler.lengths))
    from_, to = _limits(ruler, region)
    near = _beside_tick(ruler, usual)
    for end, step in ((ruler.places[-1], 1), (ruler.places[0], -1)):
        misses, place = 0, end
        while misses <= _MISSES and abs(place - end) < _MOST:
            place += step
            t = ruler.origin + ruler.spacing * place
            if not from_ <= t <= to:
                break
            if _is_tick(ruler, place, usual, near):
                tick = (middle, t) if ruler.direction == "down" else (t, -middle)
                places[place] = (tick, length)
                misses = 0
            else:
                misses += 1
    if len(places) == len(ruler.places):
        return ruler
    order = sorted(places)
    return replace(
        ruler,
        places=tuple(order),
        ticks=tuple(places[k][0] for k in order),
        lengths=tuple(places[k][1] for k in order),
        coverage=len(order) / (order[-1] - order[0] + 1),
    )


def _limits(ruler: Ruler, region: UltrasoundRegion) -> tuple[float, float]:
    """The positions along the ruler between which the picture lies for sure, and a little more."""
    x0, y0, x1, y1 = region.box
    more = 0.3 * ruler.spacing + 2
    if ruler.direction == "across":
        return x0 - more, x1 + more
    return min(y0, region.panel[0]) - more, max(y1, region.panel[1]) + more


def _usual(ruler: Ruler) -> float | None:
    """The contrast of a usual tick, as `_level` sees it; None where its ticks do not stand out so (dots one pixel wide)."""
    seen = [
        level for place in ruler.places if (level := _level(ruler, ruler.origin + ruler.spacing * place)) is not None
    ]
    between = [
        level
        for place in ruler.places
        if (level := _level(ruler, ruler.origin + ruler.spacing * (place + 0.5))) is not None
    ]
    if len(seen) < 3 or not between or np.median(seen) < 20 or np.median(between) > _CALM * np.median(seen):
        return None
    return float(np.median(seen))


def _beside_tick(ruler: Ruler, usual: float) -> float | None:
    """Pixels above and below a tick where nothing of it is left; None where its ticks are too thick or too close to tell."""
    near = max(_CLOSE, 0.27 * ruler.spacing)
    if near > 0.5 * ruler.spacing:
        return None
    seen = [
        level
        for place in ruler.places
        for off in (-near, near)
        if (level := _level(ruler, ruler.origin + ruler.spacing * place + off)) is not None
    ]
    return near if seen and float(np.median(seen)) <= 0.5 * _CALM * usual else None


def _is_tick(ruler: Ruler, place: int, usual: float, near: float | None) -> bool:
    t = ruler.origin + ruler.spacing * place
    here = _level(ruler, t)
    if here is None or here < _LEAST * usual:
        return False
    between = [level for part in (-0.5, 0.5) if (level := _level(ruler, t + part * ruler.spacing)) is not None]
    if not between or min(between) > _CALM * here:
        return False
    if near is None:
        return True
    # A letter that stands on the ruler's line is far higher than a tick.
    close = [level for off in (-near, near) if (level := _level(ruler, t + off)) is not None]
    return max(close) <= _CALM * here


def _level(ruler: Ruler, t: float) -> float | None:
    """The typical contrast on the ruler's line at `t` along it (its best of three pixels); None off the screen."""
    u0, u1 = sorted(ruler.across if ruler.direction == "down" else (-ruler.across[0], -ruler.across[1]))
    first, last = round(u0), max(round(u0) + 1, round(u1))
    rows, columns = ruler.contrast.shape
    at = round(t)
    if ruler.direction == "down":
        if not (1 <= at < rows - 1 and 0 <= first < last <= columns):
            return None
        part = ruler.contrast[at - 1 : at + 2, first:last].max(axis=0)
    else:
        if not (1 <= at < columns - 1 and 0 <= first < last <= rows):
            return None
        part = ruler.contrast[first:last, at - 1 : at + 2].max(axis=1)
    return float(np.median(part))
