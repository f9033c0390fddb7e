"""The display grey of labelled areas, measured on the frame that they are drawn on (`annotation.grey`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from annotation import Finding
from annotation.grey import Around, GreyLevel
from dicom_io.drawing.masks import Bits
from dicom_io.drawing.segments import Area, areas_of
from dicom_io.picture.decode import Picture

#: Levels by which the brightest channel of a grey pixel may stand above the darkest: JPEG's colours are coarse.
_COLOURED: Final = 24
_FEWEST: Final = 12  #: pixels that a mean is taken of
_GREY_PART: Final = 0.5  #: of a label's pixels that have to be grey
_MIDDLE: Final = 0.5
_Numbers = npt.NDArray[np.uint8]


def grey_levels(
    findings: Sequence[Finding],
    picture: Picture,
    within: Sequence[int] | None = None,
    layer_order: Sequence[str] = (),
) -> list[GreyLevel | None]:
    """The grey of each of `findings`, which are all those of one frame; None for what has no area, or too few grey pixels.

    `picture` is the frame as BGR, rows x columns x 3; `within` the box [x0, y0, x1, y1] of the ultrasound picture, outside of
    which nothing counts as lying around a thing; `layer_order` as in `dicom_io.drawing.segments`.
    """
    rows, columns = picture.shape[:2]
    areas = areas_of(findings, columns, rows, layer_order).areas
    whole = {id(area.finding): _whole(area, rows, columns) for area in areas}
    things = np.zeros((rows, columns), np.bool_)
    for area in areas:
        if area.finding.kind != "layer":
            things |= whole[id(area.finding)]
    blue, green, red = (picture[:, :, channel] for channel in range(3))
    light = np.maximum(np.maximum(blue, green), red)
    grey = light - np.minimum(np.minimum(blue, green), red) <= _COLOURED
    seen = np.zeros((rows, columns), np.bool_)
    x0, y0, x1, y1 = within if within is not None else (0, 0, columns, rows)
    seen[y0:y1, x0:x1] = grey[y0:y1, x0:x1]
    layers = [whole[id(area.finding)] for area in areas if area.finding.kind == "layer"]
    return [_of(finding, whole.get(id(finding)), things, layers, seen, light) for finding in findings]


def _whole(area: Area, rows: int, columns: int) -> Bits:
    bits = np.zeros((rows, columns), np.bool_)
    bits[area.mask.first_row : area.mask.first_row + len(area.mask.bits)] = area.mask.bits
    return bits


def _of(
    finding: Finding, inside: Bits | None, things: Bits, layers: Sequence[Bits], seen: Bits, light: _Numbers
) -> GreyLevel | None:
    if inside is None:
        return None
    mine = inside & seen & ~things if finding.kind == "layer" else inside & seen
    values = light[mine]
    # Where most of it is coloured, what is left is its edge and says nothing of the rest.
    if values.size < max(_FEWEST, _GREY_PART * np.count_nonzero(inside)):
        return None
    mean, spread = _rounded(values.mean()), _rounded(values.std())
    if finding.kind == "layer":
        return GreyLevel(mean=mean, spread=spread)
    around, kind = _around(finding, inside, layers)
    beside = light[around & seen & ~things]
    if beside.size < _FEWEST:
        return GreyLevel(mean=mean, spread=spread)
    return GreyLevel(
        mean=mean,
        spread=spread,
        around=kind,
        around_mean=_rounded(beside.mean()),
        around_spread=_rounded(beside.std()),
    )


def _around(finding: Finding, inside: Bits, layers: Sequence[Bits]) -> tuple[Bits, Around]:
    """Within a box of three times the thing's size: its own layer where that is drawn, else all of it."""
    x0, y0, x1, y1 = finding.shape.box
    rows, columns = inside.shape
    wide, high = max(x1 - x0, 8.0), max(y1 - y0, 8.0)
    down, across = np.arange(rows)[:, None] + _MIDDLE, np.arange(columns) + _MIDDLE
    box = (across > x0 - wide) & (across < x1 + wide) & (down > y0 - high) & (down < y1 + high)
    row, column = int((y0 + y1) / 2), int((x0 + x1) / 2)
    for layer in layers:
        if 0 <= row < rows and 0 <= column < columns and layer[row, column]:
            return box & layer, "layer"
    return box, "ring"


def _rounded(value: float) -> float:
    return round(float(value), 1)
