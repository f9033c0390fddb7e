"""The picture's calibrated areas: US Region Calibration, to and from `imaging.scale.Scale`.

The standard keeps centimetres per pixel (unit code 3) and corners that both belong to the area; a Scale keeps millimetres
and a box whose right and lower edges lie outside. There is no second calibration beside the regions (no Pixel Spacing): it
is not in the ultrasound objects, and viewers that read it then show wrong lengths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.errors import WrongScale
from imaging.scale import Scale

_CENTIMETRES: Final = 3
_TWO_DIMENSIONAL: Final = 1
_TISSUE: Final = 1

# A region has no field for its uncertainty. Our own files tell it in Image Comments (`scale_note`). For others we take 1 %:
# the regions of the three real probes' files at hand agree with the rulers on their screens to 0.2 % (measured by hand).
STATED_UNCERTAINTY: Final = 0.01
_PERCENT: Final = re.compile(r"±(\d+(?:\.\d+)?(?:e[+-]\d+)?) % \(95 %\)")


def calibration_module(dataset: PlainDataset, scales: Sequence[Scale], columns: int, rows: int) -> None:
    """One region for each calibrated area; nothing where no scale is known. WrongScale where one leaves the picture."""
    if scales:
        dataset.SequenceOfUltrasoundRegions = [_region(scale, columns, rows) for scale in scales]


def _region(scale: Scale, columns: int, rows: int) -> PlainDataset:
    x0, y0, x1, y1 = scale.box
    if x1 > columns or y1 > rows:
        raise WrongScale(
            f"The calibrated area {list(scale.box)} reaches beyond the picture of {columns}x{rows} pixels: "
            "check the scale, or save without one."
        )
    region = PlainDataset()
    region.RegionSpatialFormat = _TWO_DIMENSIONAL
    region.RegionDataType = _TISSUE
    region.RegionFlags = 0
    region.RegionLocationMinX0 = x0
    region.RegionLocationMinY0 = y0
    region.RegionLocationMaxX1 = x1 - 1
    region.RegionLocationMaxY1 = y1 - 1
    region.PhysicalUnitsXDirection = _CENTIMETRES
    region.PhysicalUnitsYDirection = _CENTIMETRES
    region.PhysicalDeltaX = scale.mm_per_pixel_x / 10
    region.PhysicalDeltaY = scale.mm_per_pixel_y / 10
    return region


def scale_note(scales: Sequence[Scale]) -> str:
    """Where the scale comes from and how sure it is, for a person; empty without one."""
    told = {f"{s.source}, ±{100 * s.relative_uncertainty:.2g} % (95 %)" for s in scales}
    return f"Scale: {'; '.join(sorted(told))}." if told else "Scale: not known."


def scales_from(dataset: AnyItem) -> tuple[Scale, ...]:
    """The areas of a picture in which lengths are known: its two-dimensional regions in centimetres.

    A region that reaches beyond the picture, is empty, or has a size of zero is no scale and is left out. Real files have
    such: a picture that was made smaller after its regions were written has lost its scale.
    """
    columns, rows = int(dataset.get("Columns", 0)), int(dataset.get("Rows", 0))
    found: list[Scale] = []
    uncertainty = _uncertainty(str(dataset.get("ImageComments") or ""))
    for region in dataset.get("SequenceOfUltrasoundRegions") or []:
        units = region.get("PhysicalUnitsXDirection"), region.get("PhysicalUnitsYDirection")
        corners = [region.get(f"RegionLocation{corner}") for corner in ("MinX0", "MinY0", "MaxX1", "MaxY1")]
        deltas = region.get("PhysicalDeltaX"), region.get("PhysicalDeltaY")
        if units != (_CENTIMETRES, _CENTIMETRES) or region.get("RegionSpatialFormat") != _TWO_DIMENSIONAL:
            continue
        if any(value is None for value in (*corners, *deltas)):
            continue
        x0, y0, x1, y1 = (int(c) for c in corners)
        if x1 > columns or y1 > rows:  # one pixel of grace: some makers count the right and lower edge as outside
            continue
        x1, y1 = min(x1 + 1, columns), min(y1 + 1, rows)
        mm_x, mm_y = abs(float(deltas[0])) * 10, abs(float(deltas[1])) * 10
        if not (0 <= x0 < x1 and 0 <= y0 < y1 and 0 < mm_x < 10 and 0 < mm_y < 10):
            continue
        found.append(Scale(mm_x, mm_y, (x0, y0, x1, y1), "dicom-region", uncertainty))
    return tuple(found)


def _uncertainty(comments: str) -> float:
    """The largest uncertainty that a note of ours tells; else what we take for a region that tells none."""
    note = comments.partition("Scale: ")[2]
    told = [float(value) / 100 for value in _PERCENT.findall(note)]
    return max(told, default=STATED_UNCERTAINTY)
