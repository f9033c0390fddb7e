"""A spectrum in a clip: the frame that shows the most of it, and the time scale that its movement tells.

A trace either moves on as a whole (it scrolls) or is drawn over from left to right behind a bar (it sweeps). In both the
columns a second are the time scale, by the times of the frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.errors import CannotTell
from imaging.pictures import Picture
from imaging.spectrum.area import SpectrumArea, find_spectrum_area, grey_of
from imaging.spectrum.reading import SpectrumReading, measure_spectrum
from imaging.spectrum.timebase import Timebase
from imaging.text import TextReader

_EVERY_S: Final = 0.1  #: how often a frame is kept for the movement
_MOST: Final = 120  #: frames kept for the movement at most
_LIVELY: Final = 8.0  #: grey levels that a column's mean differs by where it was drawn anew

Strip = npt.NDArray[np.float32]


def measure_clip(
    pictures: Iterable[Picture], reader: TextReader, *, angle_deg: float | None = None
) -> tuple[int, SpectrumReading]:
    """(frame, reading) of the clip's fullest spectrum: of all frames looked at, twice a second, the one with most trace.

    Raises CannotTell where no frame has a spectrum with a scale.
    """
    best: tuple[float, Picture] | None = None
    area: SpectrumArea | None = None
    strips: list[tuple[float, Strip]] = []
    last_look_s = last_strip_s = -1e9
    for picture in pictures:
        if picture.time_s - last_look_s >= 0.5:
            last_look_s = picture.time_s
            found = find_spectrum_area(picture.bgr)
            if found is not None:
                area = area or found
                x0, y0, x1, y1 = found.box
                fill = float((picture.bgr[y0:y1, x0:x1].max(axis=2) > 40).any(axis=0).sum())
                # Of frames as full the later one: a sweep has then been drawn over once.
                if best is None or fill >= best[0] - 2:
                    best = (max(fill, best[0] if best else 0.0), picture)
        if area is not None and picture.time_s - last_strip_s >= _EVERY_S and len(strips) < _MOST:
            last_strip_s = picture.time_s
            x0, y0, x1, y1 = area.box
            strips.append((picture.time_s, grey_of(picture.bgr[y0:y1, x0:x1])))
    if best is None:
        raise CannotTell("There is no Doppler spectrum on the picture.")
    picture = best[1]
    return picture.frame, measure_spectrum(picture.bgr, reader, angle_deg=angle_deg, timebase=moving_timebase(strips))


def moving_timebase(strips: list[tuple[float, Strip]]) -> Timebase | None:
    """The time scale from strips of one area with their times in s; None: nothing moves evenly over eight steps or more."""
    if len(strips) < 9:
        return None
    scrolled = [_shift(a[1], b[1]) for a, b in pairwise(strips)]
    steps_s = np.array([b[0] - a[0] for a, b in pairwise(strips)])
    moved = np.array([shift if shift is not None else np.nan for shift in scrolled])
    if np.isfinite(moved).mean() >= 0.8 and np.nanmedian(moved) >= 1:
        return _steady_rate(moved, steps_s, "the trace moves on")
    fronts = [_front(a[1], b[1]) for a, b in pairwise(strips)]
    ahead = np.array([b - a if a is not None and b is not None else np.nan for a, b in pairwise(fronts)])
    # From the right end back to the left one: not a step.
    ahead[ahead <= 0] = np.nan
    if np.isfinite(ahead).sum() >= 7 and np.isfinite(ahead).mean() >= 0.6:
        return _steady_rate(ahead, steps_s[1:], "the bar moves on")
    return None


def _steady_rate(columns: npt.NDArray[np.float64], steps_s: npt.NDArray[np.float64], what: str) -> Timebase | None:
    known = np.isfinite(columns)
    rates = columns[known] / steps_s[known]
    middle = float(np.median(rates))
    even = np.abs(rates - middle) <= 0.15 * middle + 1.5 / float(np.median(steps_s))
    if middle <= 0 or even.mean() < 0.8:
        return None
    rate = float(columns[known][even].sum() / steps_s[known][even].sum())
    error = float(np.std(rates[even]) / np.sqrt(even.sum()) / rate)
    if error > 0.03:
        return None
    return Timebase(1 / rate, max(error, 0.002), (f"{what} by {rate:.0f} columns a second",))


def _shift(before: Strip, after: Strip) -> float | None:
    """By how many columns the trace went to the left; None: it did not move as a whole."""
    width = before.shape[1]
    reach = width // 4
    if float(np.abs(after - before).mean()) < 1.0:
        return None
    small = cv2.resize(before[:, reach:], (width - reach, 32), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(after, (width, 32), interpolation=cv2.INTER_AREA)
    match = cv2.matchTemplate(wide, small, cv2.TM_CCOEFF_NORMED)[0]
    place = int(np.argmax(match))
    shift = reach - place
    if match[place] < 0.9 or shift < 1:
        return None
    return float(shift)


def _front(before: Strip, after: Strip) -> float | None:
    """The last column that was drawn anew, behind the bar; None: nothing was, or all was."""
    changed = np.abs(after - before).mean(axis=0) > _LIVELY
    if not 0.002 <= changed.mean() <= 0.4:
        return None
    columns = np.flatnonzero(changed)
    # The columns drawn and the bar stand together; the group with most of them is meant.
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > 12) + 1)
    return float(max(groups, key=len)[-1])
