"""Which areas the labels of one frame are: vessels and filler inside their outlines, layers down to the next boundary.

A layer is drawn as its upper boundary alone, so it is an area only where a deeper boundary is drawn below it, and only where
no layer that its region has between the two is missing: the area would be two layers under one name. What is left out, and
why, is told beside the areas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from annotation import Ellipse, Finding, Polyline
from annotation.vocabulary import term
from dicom_io.drawing.masks import Mask, Rows, band, boundary_rows, mask_of


@dataclass(frozen=True, slots=True)
class Area:
    """The pixels of one label on one frame; `words` say what bounds them."""

    finding: Finding
    mask: Mask = field(repr=False)
    words: str


@dataclass(frozen=True, slots=True)
class Areas:
    """What the labels of a frame are as areas, and a sentence's part for each that is none."""

    areas: tuple[Area, ...]
    left_out: tuple[str, ...]


def areas_of(findings: Sequence[Finding], columns: int, rows: int, layer_order: Sequence[str] = ()) -> Areas:
    """The areas of the vessels, filler and layers among `findings`, which are all those of one frame of columns x rows.

    `layer_order` are the ids of the layers that the region has, from the skin inwards; empty where it is not known.
    """
    areas: list[Area] = []
    left_out: list[str] = []
    layers = [f for f in findings if f.kind == "layer" and isinstance(f.shape, Polyline)]
    lines = [boundary_rows(f.shape.points, columns) for f in layers]
    for finding in findings:
        if finding.kind in ("vessel", "filler"):
            why = _outlined(finding, columns, rows, areas)
        elif finding.kind == "layer":
            why = _layer(layers.index(finding), layers, lines, rows, layer_order, areas)
        else:
            continue
        if why:
            left_out.append(f"{name_of(finding)} ({why})")
    return Areas(tuple(areas), tuple(left_out))


def name_of(finding: Finding) -> str:
    """The name shown, else the kind."""
    return finding.name or finding.kind


def _outlined(finding: Finding, columns: int, rows: int, areas: list[Area]) -> str:
    shape = finding.shape
    if not isinstance(shape, (Ellipse, Polyline)) or (isinstance(shape, Polyline) and not shape.closed):
        return "drawn as a line, which has no area"
    mask = mask_of(shape, columns, rows)
    if not mask.pixels:
        return "holds no pixel's centre"
    areas.append(Area(finding, mask, "Inside the outline as drawn"))
    return ""


def _layer(
    place: int,
    layers: Sequence[Finding],
    lines: Sequence[Rows],
    rows: int,
    order: Sequence[str],
    areas: list[Area],
) -> str:
    """Add the layer's area; the answer is why there is none, or not all of it."""
    upper = lines[place]
    below = np.where(lines > upper, lines, np.inf)  # nan (not drawn here) is never deeper
    nearest = np.argmin(below, axis=0)
    lower = np.where(np.isfinite(below.min(axis=0)), below.min(axis=0), np.nan)
    bounding: list[str] = []
    missing: list[str] = []
    for other in np.unique(nearest[np.isfinite(lower)]).tolist():
        between = _between(layers[place], layers[other], order)
        if between:
            missing += between
            lower = np.where(nearest == other, np.nan, lower)
        else:
            bounding.append(name_of(layers[other]))
    mask = band(upper, lower, rows)
    if mask.pixels:
        areas.append(Area(layers[place], mask, f"Down to the boundary of: {', '.join(bounding)}"))
    if missing:
        part = "in part: " if mask.pixels else ""
        return f"{part}between it and the next boundary is not drawn: {', '.join(dict.fromkeys(missing))}"
    return "" if mask.pixels else "no deeper boundary is drawn below it"


def _between(upper: Finding, lower: Finding, order: Sequence[str]) -> list[str]:
    """The region's layers between two that follow each other on the frame; none where the order is not known for both."""
    if upper.term not in order or lower.term not in order:
        return []
    return [term(each).name for each in order[order.index(upper.term) + 1 : order.index(lower.term)]]
