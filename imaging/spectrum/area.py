"""Where on a screen a Doppler spectrum stands: below a B picture, beside it, or alone.

A spectrum is a straight baseline from side to side with a trace of upright, independent columns at it: bright at the
baseline, dark beyond the fastest flow, in each column one change from the one to the other. Its axis has even ticks at a
side, its time even ticks below. A B picture has layers, and its speckle is wider than high. No text is read here, so
that the look costs some tens of milliseconds; `imaging.spectrum.axis` reads what the axis says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from devices.cv import cv2
from imaging.pictures import Bgr
from imaging.spectrum._baselines import Candidate, Grey, candidates
from imaging.spectrum._beside import time_ticks, velocity_ticks
from imaging.spectrum._reach import extent, ground_at
from imaging.spectrum._ticks import Ticks

_LOWEST: Final = 0.1  #: part of the screen's height that the trace's area has at least
_UPRIGHT: Final = 0.88  #: ratio (see `_upright`) from which the texture speaks for a spectrum
_TEXTURED: Final = 0.75  #: the same ratio, below which the two axes have to speak for the spectrum
_FAINT: Final = 0.4  #: and below which it is none
_DARKEST: Final = 120  #: grey level of the lightest ground that counts as dark
_LIGHT: Final = 150  #: grey level of a light ground
_MUCH_LIGHT: Final = 0.04  #: part of the screen from which a light panel may be on it
_ALL: Final = 0.92  #: part of the height up to which a trace reaches in most columns


@dataclass(frozen=True, slots=True)
class SpectrumArea:
    """A Doppler spectrum on a screen.

    `box` [x0, y0, x1, y1] in pixels; `baseline_row` the row of zero velocity as far as the picture without its labels
    tells; `velocity_ticks` along a side, `time_ticks` above or below (None: none seen); `evidence` in plain words;
    `light`: the trace is dark on a light ground; `sure` False: only with numbers beside it is it a spectrum.
    """

    box: tuple[int, int, int, int]
    baseline_row: float
    velocity_ticks: Ticks | None
    time_ticks: Ticks | None
    evidence: tuple[str, ...]
    light: bool = False
    sure: bool = True


def grey_of(bgr: Bgr) -> Grey:
    """The brightest of the three colours: a tinted trace is as bright as a grey one. Shape (rows, columns), 0 to 255."""
    return np.asarray(bgr.max(axis=2), np.float32)


def find_spectrum_area(bgr: Bgr) -> SpectrumArea | None:
    """The Doppler spectrum on the screen; None where there is none. `bgr` (rows, columns, 3), uint8.

    The greatest is given where there are two. Pictures under 120 pixels are too small to tell. An M-mode strip, a B
    picture, a photograph or a page of text is none.
    """
    return next((area for area in possible_areas(bgr) if area.sure), None)


def possible_areas(bgr: Bgr) -> list[SpectrumArea]:
    """All places that could be a spectrum, the likeliest first, those that are none without numbers (`sure`) last."""
    if bgr.ndim != 3 or min(bgr.shape[:2]) < 120:
        return []
    found: list[tuple[bool, float, SpectrumArea]] = []
    for grey, light in _views(bgr):
        for candidate in candidates(grey):
            if any(sure for sure, _, _ in found) and not candidate.drawn:
                break  # the drawn ones come first, and a drawn baseline is surer than any edge
            judged = _judge(grey, candidate, light)
            if judged is not None:
                found.append((judged[1].sure, *judged))
    found.sort(key=lambda one: (not one[0], -one[1]))
    return [area for _, _, area in found]


def _views(bgr: Bgr) -> list[tuple[Grey, bool]]:
    """The picture with the trace bright on dark: as it is, and where much of the screen is light also its negative."""
    views = [(grey_of(bgr), False)]
    luma = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.float32)
    if float((luma > _LIGHT).mean()) > _MUCH_LIGHT:
        views.append((255 - luma, True))
    return views


def _judge(grey: Grey, candidate: Candidate, light: bool) -> tuple[float, SpectrumArea] | None:
    """The area around a candidate and how much speaks for it; None where it is no spectrum."""
    height = grey.shape[0]
    x0, x1, row = candidate.x0, candidate.x1, candidate.row
    if light:
        ground = ground_at(grey[:, x0:x1], row)
        if ground is None or ground > _DARKEST:
            return None  # the panel is a dark one on a light page
    top, bottom = extent(grey, candidate)
    side = _trace_side(grey, (x0, top, x1, bottom), row)
    if side is None:
        return None
    change, upright = side
    evidence = [
        "a drawn baseline" if candidate.drawn else "a straight lower edge of a trace",
        "columns that are bright at the baseline and dark beyond",
    ]
    score = change + (0.15 if candidate.drawn else 0.0)
    if upright >= _UPRIGHT:
        evidence.append("a texture of upright columns")
        score += 0.3
    vertical = velocity_ticks(grey, (x0, top, x1, bottom), row)
    if vertical is not None:
        evidence.append("even ticks at a side, one of them at the baseline")
        score += 0.4
        # Beyond the trace there may be black; the axis says how far the area goes.
        top = min(top, max(0, int(vertical.places[0]) - 1))
        bottom = max(bottom, min(height, int(vertical.places[-1]) + 2))
    if bottom - top < _LOWEST * height:
        return None
    horizontal = time_ticks(grey, (x0, top, x1, bottom))
    if horizontal is not None:
        evidence.append("even ticks along the time")
        score += 0.3
    witnesses = (upright >= _UPRIGHT) + (vertical is not None) + (horizontal is not None)
    if not candidate.drawn and (witnesses < 3 or upright < 1.05):
        return None
    if upright < _TEXTURED and (vertical is None or horizontal is None):
        return None
    score *= float(np.sqrt((x1 - x0) * (bottom - top) / grey.size))
    sure = witnesses >= 2
    box = (x0, top, x1, bottom)
    return score, SpectrumArea(box, float(row), vertical, horizontal, tuple(evidence), light, sure)


def _trace_side(grey: Grey, box: tuple[int, int, int, int], row: int) -> tuple[float, float] | None:
    """(part told by one change a column, how upright the texture) of the side with the trace; None: neither is one."""
    x0, top, x1, bottom = box
    gap = 3
    found = []
    for side in (grey[top : max(top, row - gap), x0:x1][::-1], grey[row + gap + 1 : bottom, x0:x1]):
        if side.shape[0] >= 12:
            change, upright = _one_change(side), _upright(side)
            if change >= 0.5 and upright >= _FAINT:
                found.append((change, upright))
    # Of a low trace little is left to judge its texture by.
    plain = [one for one in found if one[1] >= _TEXTURED]
    return max(plain) if plain else max(found) if found else None


def _one_change(side: Grey) -> float:
    """How much of the picture is told by 'bright up to one row, dark beyond it' in each column: 0 to 1.

    `side` has the baseline as its first row. Least squares with one change point a column (a regression stump), on the
    picture smoothed over its speckle, against the variance around one mean of all.
    """
    rows, columns = side.shape
    small = cv2.resize(
        side, (max(24, min(160, columns // 4)), max(12, min(96, rows // 2))), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (3, 3), 0)
    count = small.shape[0]
    total = float(((small - small.mean()) ** 2).sum())
    if total < small.size * 25:
        return 0.0
    ahead = np.cumsum(small, axis=0, dtype=np.float64)[:-1]
    squares = np.cumsum(small.astype(np.float64) ** 2, axis=0)
    n = np.arange(1, count)[:, None]
    all_sum = ahead[-1] + small[-1]
    behind = all_sum - ahead
    rest = squares[-1] - ahead**2 / n - behind**2 / (count - n)
    falls = ahead / n > behind / (count - n) + 8
    # The border of the panel at the very end is not the trace's.
    falls[int(_ALL * count) :] = False
    # A column without a change tells nothing, however even it is in itself.
    mean = float(small.mean())
    rest = np.where(falls, rest, squares[-1] - 2 * mean * all_sum + count * mean**2)
    return 1.0 - float(rest.min(axis=0).sum()) / total


def _upright(side: Grey) -> float:
    """How much more the bright part of the picture changes from column to column than from row to row: ratio, 1 = alike.

    A spectrum's columns are made one after the other, its rows together: over 1. A B picture's speckle is wider than high.
    """
    soft = cv2.GaussianBlur(side, (0, 0), 1.0)
    bright = soft > max(30.0, 0.5 * float(np.percentile(soft, 95)))
    inner = cv2.erode(bright.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    # Letters are thinner than a trace: little of them is left.
    if inner.sum() < max(200, 0.15 * bright.sum()):
        return 0.0
    across = np.abs(np.diff(side, axis=1))[:-1][inner[:-1, :-1]].mean()
    along = np.abs(np.diff(side, axis=0))[:, :-1][inner[:-1, :-1]].mean()
    return float(across / max(along, 0.5))
