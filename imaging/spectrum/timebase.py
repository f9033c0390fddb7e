"""The time scale of a spectrum: what a pixel is in seconds.

Numbers along the time axis tell it. Ticks alone tell it where they come in two sizes (the great ones are whole seconds
by the custom of all makers, checked against the heart rate that the screen prints or that a heart can have), or where a
printed heart rate leaves one round value for a tick. A sweep speed in mm/s tells nothing: nobody knows how large the
maker's screen was. In a clip the movement of the trace tells it (`imaging.spectrum.clip`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.spectrum._labels import label_of, straight_line
from imaging.spectrum._ticks import Ticks
from imaging.spectrum.area import SpectrumArea
from imaging.text import TextLine, TextReader

#: Beats a minute that a heart can have; a time scale that means others is wrong.
SLOWEST_PER_MIN: Final = 28.0
FASTEST_PER_MIN: Final = 240.0
#: Where custom alone says what a tick is, the rate has to be one of a person at rest.
_USUAL_PER_MIN: Final = (45.0, 125.0)
_RATE: Final = re.compile(
    r"(?:^|\W)(?:HR|FC|FR|bpm|/min)?\D{0,3}?(\d{2,3})\s*(?:bpm|/\s?min|b/min|BPM|1/min)|\bHR\W{0,3}(\d{2,3})\b", re.I
)
_FEWEST_GREAT: Final = 3  #: greater ticks that are seen at least
_SECONDS_A_TICK: Final = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Timebase:
    """`s_per_pixel` with its relative standard error."""

    s_per_pixel: float
    error: float
    evidence: tuple[str, ...]


def read_timebase(area: SpectrumArea, texts: Sequence[TextLine], beat_px: float | None) -> Timebase | None:
    """The time scale; `beat_px` is the length of a beat on the trace where there are any. None: the screen does not tell."""
    printed = heart_rate_text(texts)
    by_numbers = _by_numbers(area, texts)
    if by_numbers is not None:
        return by_numbers if _possible(by_numbers.s_per_pixel, beat_px) else None
    ticks = area.time_ticks
    if ticks is None:
        return None
    great = great_ticks(ticks)
    if great is not None:
        base = Timebase(
            1.0 / (great * ticks.pitch_px), _error(ticks), (f"every {great}th tick is greater: whole seconds",)
        )
        if beat_px is None:
            return None  # on some screens the lesser ticks are the seconds; nothing then says which
        if not _USUAL_PER_MIN[0] <= 60 / (beat_px * base.s_per_pixel) <= _USUAL_PER_MIN[1]:
            return None
        if printed is None:
            return base
        if abs(60 / (beat_px * base.s_per_pixel) / printed - 1) <= 0.15:
            return Timebase(
                base.s_per_pixel, base.error, (*base.evidence, f"the screen says {printed:.0f} beats a minute")
            )
    if printed is None or beat_px is None:
        return None
    # One tick size: the printed heart rate says which round value a tick has.
    fits = [s for s in _SECONDS_A_TICK if abs(60 * ticks.pitch_px / (s * beat_px) / printed - 1) <= 0.1]
    if len(fits) != 1:
        return None
    return Timebase(
        fits[0] / ticks.pitch_px,
        _error(ticks),
        (f"ticks of {fits[0]:g} s agree with {printed:.0f} beats a minute on the screen",),
    )


def find_time_texts(bgr: Bgr, area: SpectrumArea, reader: TextReader) -> list[TextLine]:
    """A closer look at the strip along the time ticks: small single digits are missed on the whole screen (0.3 s)."""
    ticks = area.time_ticks
    if ticks is None:
        return []
    height, width = bgr.shape[:2]
    high = max(30, height // 18)
    top, bottom = max(0, ticks.line - high), min(height, ticks.line + high)
    left, right = max(0, int(ticks.places[0]) - high), min(width, int(ticks.places[-1]) + high)
    zoom = 2.0 if width < 1600 else 1.5
    strip = np.asarray(
        cv2.resize(bgr[top:bottom, left:right], None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC), np.uint8
    )
    found = []
    for line in reader.find(strip):
        x0, y0, x1, y1 = (round(value / zoom) for value in line.box)
        found.append(TextLine(line.text, (x0 + left, y0 + top, x1 + left, y1 + top), line.confidence))
    return found


def heart_rate_text(texts: Sequence[TextLine]) -> float | None:
    """The heart rate in beats a minute that the screen prints ('64bpm', 'HR 64'); None: none, or two that differ."""
    found = set()
    rows = [(text.text, text.box) for text in texts]
    for word, box in rows:
        match = _RATE.search(word)
        if match is not None:
            found.add(float(match[1] or match[2]))
        elif re.fullmatch(r"\W*HR\W*", word):
            # The number may stand alone, right of its name.
            middle = (box[1] + box[3]) / 2
            found.update(
                float(other)
                for other, place in rows
                if re.fullmatch(r"\d{2,3}", other) and place[1] <= middle <= place[3] and 0 <= place[0] - box[2] < 120
            )
    found = {rate for rate in found if SLOWEST_PER_MIN <= rate <= FASTEST_PER_MIN}
    return found.pop() if len(found) == 1 else None


def great_ticks(ticks: Ticks) -> int | None:
    """Every how many ticks a greater one stands (2, 4, 5 or 10; of nested sizes the greatest); None: all are alike."""
    sizes = np.asarray(ticks.lengths_px, float)
    turns = np.round((np.asarray(ticks.places) - ticks.places[0]) / ticks.pitch_px).astype(int)
    for every in (10, 5, 4, 2):
        for first in range(every):
            great = turns % every == first
            if great.sum() < 1 or (~great).sum() < 2 or turns[-1] - turns[0] < every - 1:
                continue
            if great.sum() < _FEWEST_GREAT:
                continue  # one or two stand out by chance: a letter or the trace touches them
            # Letters or the trace may touch a tick here and there and lengthen it.
            usual_great, usual = float(np.median(sizes[great])), float(np.percentile(sizes[~great], 85))
            half = turns % every == (first + every // 2) % every
            if every in (4, 10) and half.any() and float(np.median(sizes[half])) >= usual_great - 1:
                continue  # they come twice as often
            if (
                usual_great >= usual + 2
                and sizes[great].min() > usual
                and (sizes[~great] < usual_great - 1).mean() >= 0.85
            ):
                return every
    return None


def _by_numbers(area: SpectrumArea, texts: Sequence[TextLine]) -> Timebase | None:
    """The time scale from a row of numbers above, at or below the area's edge."""
    x0, y0, x1, y1 = area.box
    ticks = area.time_ticks
    reach = max(24, (y1 - y0) // 6)
    for edge in (y1, y0) if ticks is None else (ticks.line,):
        row = [
            text
            for text in texts
            if abs((text.box[1] + text.box[3]) / 2 - edge) <= reach
            and x0 - 20 <= (text.box[0] + text.box[2]) / 2 <= x1 + 20
        ]
        for text in row:
            middle = (text.box[1] + text.box[3]) / 2
            same = [other for other in row if abs((other.box[1] + other.box[3]) / 2 - middle) <= 6]
            labels = [label for label in (label_of(other, upright=False) for other in same) if label is not None]
            if any(label.unit and not re.match(r"[\[(]?(s|sec)\b", label.unit) for label in labels):
                continue
            line = straight_line(labels, None, 4.0)
            if line is None:
                continue
            evidence = f"{len(line.labels)} numbers along the time"
            if ticks is not None:
                each = line.per_pixel * ticks.pitch_px
                nearest = min(_SECONDS_A_TICK, key=lambda value: abs(value / each - 1))
                if abs(nearest / each - 1) <= max(0.03, 3 * line.error):
                    return Timebase(nearest / ticks.pitch_px, _error(ticks), (evidence, f"ticks of {nearest:g} s"))
            return Timebase(line.per_pixel, line.error, (evidence,))
    return None


def _error(ticks: Ticks) -> float:
    return 0.7 / (ticks.places[-1] - ticks.places[0])


def _possible(s_per_pixel: float, beat_px: float | None) -> bool:
    return beat_px is None or SLOWEST_PER_MIN <= 60 / (beat_px * s_per_pixel) <= FASTEST_PER_MIN
