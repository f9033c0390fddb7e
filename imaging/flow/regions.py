"""Flow on one frame: which pixels are flow, in which patches, and how fast by the bar."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.flow._colour import Floats, Mask
from imaging.flow._table import FAINT, NOTHING, PALE
from imaging.flow.bar import Box, ColourBar

Direction = Literal["towards", "away", "both", "unknown"]
Limits = tuple[float, float]
"""Velocity at the lower and at the upper end of the bar's range in cm/s: (lo, hi), lo < hi."""

_SPECK: Final = 0.00025  #: of the box's area: smaller patches are noise
_SURE: Final = 0.04  #: part of a patch that plain colours of the bar must make, for its faint ones to be flow
_THIN: Final = 4  #: pixels
_FAST: Final = 0.62  #: of the way from standstill to an end: beyond it a colour may have wrapped
_WRAPPED: Final = 0.04  #: part of a patch on the rim between both ends of the bar, from which it is aliased
_RINGED: Final = 0.65  #: part of the ring round a white patch that flow must be, for it to be flow's fast core
_PEAK: Final = 0.98  #: quantile of a patch's speeds that is called its peak: the last pixels are noise


@dataclass(frozen=True, slots=True)
class FlowRegion:
    """One patch of flow on one frame.

    `bounds` [x0, y0, x1, y1] in pixels, x1 and y1 exclusive; `polygon` its outline, (column, row) each; `area_px` its
    pixels. Velocities are along the beam, towards the probe positive, in cm/s, from the bar's colours: means of an
    autocorrelator, not peaks of a spectrum, and without angle correction; None without limits or with power Doppler.
    Where `aliased`, colours that wrapped were unwrapped once by the direction of the slower flow round them. `flash`:
    colour of a moving probe or tissue, not of flow, as far as the clip tells.
    """

    bounds: Box
    polygon: list[list[int]] = field(repr=False)
    area_px: int
    velocity_cm_s: float | None
    peak_cm_s: float | None
    direction: Direction
    aliased: bool
    flash: bool = False


def clean(places: npt.NDArray[np.uint8], inside: Mask, pales: bool = False, faints: bool = False) -> Mask:
    """(rows, columns): flow by the table of places, within the box, without what is thinner or smaller than a vessel.

    Caliper crosses, gate lines and letters over the flow are one to three pixels thin; flow that an interlaced grabber
    left on every second line is closed. `pales`: the bar ends in white, which counts between colours. `faints`: colours
    that are `FAINT` count too, where they hang together with plain ones.
    """
    seen = cv2.bitwise_and(cv2.compare(places, FAINT, cv2.CMP_LT), inside)
    if faints:
        seen = _hanging_together(seen, cv2.bitwise_and(cv2.compare(places, PALE, cv2.CMP_LT), inside))
    if pales:
        seen = cv2.bitwise_or(
            seen, _cores(seen, cv2.bitwise_and(cv2.compare(places, PALE, cv2.CMP_EQ), inside), inside)
        )
    closed = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    size = 2 if min(inside.shape) < 220 else 3
    kernel = np.ones((size, size), np.uint8)
    solid = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel)
    kept = cv2.bitwise_and(cv2.dilate(solid, np.ones((3, 3), np.uint8)), closed)
    return np.asarray(cv2.min(cv2.bitwise_and(kept, inside), 1), np.uint8)


def _hanging_together(plain: Mask, all_of_it: Mask) -> Mask:
    """Of all that may be flow, the patches that hold enough plain flow (hysteresis, as in Canny's edges, 1986)."""
    if not cv2.countNonZero(plain):
        return plain
    solid = cv2.morphologyEx(all_of_it, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_or(solid, plain), connectivity=8)
    sure = np.bincount(labels[plain > 0], minlength=count)
    kept = ((sure >= 4) & (sure >= _SURE * stats[:, cv2.CC_STAT_AREA])).astype(np.uint8) * np.uint8(255)
    kept[0] = 0
    return np.asarray(cv2.bitwise_or(kept.take(labels), plain), np.uint8)


def _cores(seen: Mask, pale: Mask, inside: Mask) -> Mask:
    """The white in `pale` that flow surrounds: blood slows down towards a wall, so fast flow has a coloured rim."""
    x, y, w, h = cv2.boundingRect(seen)
    if not w:
        return seen
    window = (slice(max(0, y - 2), y + h + 2), slice(max(0, x - 2), x + w + 2))
    white = pale[window]
    kernel = np.ones((3, 3), np.uint8)
    near = cv2.dilate(seen[window], kernel)  # a codec's mixed pixel lies between white and colour
    # Where the rim is broken the core leaks into a bright wall: the second time narrow leaks are shut.
    found = np.zeros_like(white)
    for solid in (white, cv2.morphologyEx(white, cv2.MORPH_OPEN, kernel)):
        count, labels = cv2.connectedComponents(solid, connectivity=4)
        grown = cv2.dilate(labels.astype(np.float32), kernel)
        ring = cv2.bitwise_and(cv2.compare(grown, 0, cv2.CMP_GT), cv2.subtract(inside[window], solid))
        whole = np.bincount(grown[ring > 0].astype(np.int64), minlength=count)
        touching = np.bincount(grown[cv2.bitwise_and(ring, near) > 0].astype(np.int64), minlength=count)
        held = (touching >= _RINGED * np.maximum(whole, 1)).astype(np.uint8) * np.uint8(255)
        held[0] = 0
        found |= held.take(labels)
    cores = np.zeros_like(seen)
    cores[window] = cv2.bitwise_and(cv2.dilate(found, kernel), white)
    # Thin white between colours, as at the rim of a core, is no larger than what a closing bridges.
    reach = max(3, min(inside.shape) // 16) | 1
    between = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return np.asarray(cv2.bitwise_or(cores, cv2.bitwise_and(between, pale)), np.uint8)


def patches(flow: Mask, box_area: float) -> list[tuple[Box, Mask]]:
    """Each connected patch that is no speck: its bounds within `flow`, and its mask within those; the largest first."""
    left, top, wide, high = cv2.boundingRect(flow)
    if not wide:
        return []
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(flow[top : top + high, left : left + wide]), connectivity=8
    )
    least = max(6.0, _SPECK * box_area)
    found = []
    for label in np.argsort(-stats[1:, cv2.CC_STAT_AREA]) + 1:
        x, y, w, h, area = stats[label].tolist()
        if area < least:
            break
        if min(w, h) <= _THIN and max(w, h) > 12 * min(w, h):
            continue  # a straight line: part of an outline or a ruler in a colour of the bar
        mask = (labels[y : y + h, x : x + w] == label).astype(np.uint8)
        x, y = x + left, y + top
        found.append(((x, y, x + w, y + h), mask))
    return found


class Speeds:
    """From a place on the bar to its part of the range (−1 to 1, towards the probe positive) and to cm/s.

    The bar's upper end is towards the probe, as on every machine, unless `upper_is_away`: printed negative.
    """

    def __init__(self, bar: ColourBar, limits: Limits | None, upper_is_away: bool = False) -> None:
        rows = bar.colours.shape[0]
        centre = bar.rest * rows
        row = np.arange(rows) + 0.5
        above = (centre - row) / max(centre, 1.0)
        below = (centre - row) / max(rows - centre, 1.0)
        part = np.where(row < centre, above, below)
        if bar.kind == "power":
            part = np.abs(part)
        elif upper_is_away:
            part = -part
        self.part: Floats = np.zeros(256, np.float32)
        self.part[:rows] = part
        self.part[FAINT : FAINT + rows] = part
        self.limits = limits if bar.kind == "colour" else None
        self.directional = bar.kind == "colour"
        self.span = 0.0 if self.limits is None else self.limits[1] - self.limits[0]

    def velocity_of(self, part: Floats) -> Floats:
        """cm/s of parts of the range. Only where there are limits."""
        if self.limits is None:
            raise ValueError("No limits of the bar were read: there is no velocity.")
        low, high = self.limits
        return np.where(part > 0, part * abs(high), part * abs(low)).astype(np.float32)


def measure(
    place: npt.NDArray[np.uint8], mask: Mask, offset: tuple[int, int], bounds: Box, speeds: Speeds
) -> FlowRegion:
    """One patch measured. `place` and `mask` are cut to `bounds`, which with `offset` (column, row) is in the frame."""
    x, y = bounds[0] + offset[0], bounds[1] + offset[1]
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(contours, key=cv2.contourArea)
    outline = cv2.approxPolyDP(outline, 0.7, True).reshape(-1, 2) + np.array([x, y])
    box = (x, y, x + bounds[2] - bounds[0], y + bounds[3] - bounds[1])
    known = (mask > 0) & (place != NOTHING)
    area = int(mask.sum())
    polygon = [[int(column), int(row)] for column, row in outline.tolist()]
    if not speeds.directional or not known.any():
        return FlowRegion(box, polygon, area, None, None, "unknown", False)
    part = speeds.part[place]
    white = known & (place == PALE)
    if white.any() and not white.all():
        part = np.where(white, np.sign(part[known & ~white].sum()), part)
    aliased = _wraps(part, known)
    sign = _direction(part, known, aliased)
    if speeds.limits is None:
        mean = peak = None
    else:
        velocity = speeds.velocity_of(part[known])
        if aliased and sign:
            wrapped = (np.sign(part[known]) == -sign) & (np.abs(part[known]) > 0.3)
            velocity = velocity + np.where(wrapped, sign * speeds.span, 0)
        mean = round(float(velocity.mean()), 2)
        peak = float(np.quantile(np.abs(velocity), _PEAK)) * (np.sign(mean) or 1.0)
        peak = round(float(peak), 2)
    return FlowRegion(box, polygon, area, mean, peak, _named(part[known], sign, aliased), aliased)


def _wraps(part: Floats, known: npt.NDArray[np.bool_]) -> bool:
    """Whether both ends of the bar meet inside the patch: flow faster than the limit jumps from one to the other."""
    kernel = np.ones((3, 3), np.uint8)
    up = (known & (part > _FAST)).astype(np.uint8)
    down = (known & (part < -_FAST)).astype(np.uint8)
    few = min(int(up.sum()), int(down.sum()))
    if few < 4:
        return False
    # A codec puts a mixed pixel between the two: a patch one pixel apart still meets.
    rim = cv2.bitwise_and(cv2.dilate(up, kernel), cv2.dilate(down, kernel))
    return int(rim.sum()) > max(4.0, _WRAPPED * min(few, 0.25 * float(known.sum())))


def _direction(part: Floats, known: npt.NDArray[np.bool_], aliased: bool) -> float:
    """The bar's end that the patch belongs to: 1 upper, −1 lower, 0 where there is nothing to choose."""
    values = part[known]
    slow = values[np.abs(values) < _FAST] if aliased else values
    if len(slow) < 0.05 * len(values):
        slow = values
    return float(np.sign(np.sum(np.sign(slow))))


def _named(values: Floats, sign: float, aliased: bool) -> Direction:
    if not sign:
        return "unknown"
    against = float(np.mean(np.sign(values) == -sign))
    if not aliased and against > 0.3:
        return "both"
    return "towards" if sign > 0 else "away"
