"""How thick the drawn layers are, from their boundaries on one picture (S7).

A layer is drawn as its upper boundary, so it is as thick as the way down to the next boundary that the region has. Where that
one is not drawn, nothing is said: the way to a deeper one would be two layers under one name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from annotation import Document, Finding
from annotation.measure import PLACING_PX
from imaging.scale import Scale
from procedure.answers import Estimate
from procedure.relation import row_at

_LOOKS: Final = 24  #: columns, evenly over the part that both boundaries span
_FEWEST: Final = 3


def thicknesses(
    document: Document, image: str, frame: int, order: Sequence[str], scale: Scale | None
) -> dict[str, Estimate]:
    """Mean thickness in millimetres of each layer of `order` whose own and next boundary are drawn, by its id.

    `order` are the ids of the region's layers from the skin inwards. Nothing without a scale, or outside of its area. The
    uncertainty (half the 95 % interval) is that of the scale and of placing both lines; how the thickness differs along the
    picture is not in it.
    """
    if scale is None:
        return {}
    drawn: dict[str, list[Finding]] = {}
    for finding in document.on(image, frame):
        if finding.kind == "layer" and finding.term and finding.status == "confirmed":
            drawn.setdefault(finding.term, []).append(finding)
    found: dict[str, Estimate] = {}
    for upper, lower in pairwise(order):
        # Two lines under one name leave it open which one is meant.
        if len(drawn.get(upper, ())) == len(drawn.get(lower, ())) == 1:
            mean = _mean_rows(drawn[upper][0], drawn[lower][0], scale)
            if mean is not None:
                found[upper] = _estimate(mean, scale)
    return found


def _mean_rows(upper: Finding, lower: Finding, scale: Scale) -> float | None:
    x0, _, x1, _ = upper.shape.box
    x2, _, x3, _ = lower.shape.box
    left, right = max(x0, x2, float(scale.box[0])), min(x1, x3, float(scale.box[2]))
    if right <= left:
        return None
    rows = []
    for place in range(_LOOKS):
        column = left + (right - left) * (place + 0.5) / _LOOKS
        above, below = row_at(upper, column), row_at(lower, column)
        if (
            above is not None
            and below is not None
            and below > above
            and scale.contains([(column, above), (column, below)])
        ):
            rows.append(below - above)
    return sum(rows) / len(rows) if len(rows) >= _FEWEST else None


def _estimate(rows: float, scale: Scale) -> Estimate:
    value = rows * scale.mm_per_pixel_y
    placing = math.sqrt(2) * PLACING_PX * scale.mm_per_pixel_y
    return Estimate(round(value, 3), round(math.hypot(placing, scale.relative_uncertainty * value), 3))
