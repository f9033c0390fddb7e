"""Screens and pictures without Doppler on which colours tempt, besides those of `flow_screens.negative`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from devices.cv import cv2
from tests.imaging.doppler_makers import Way, draw_way
from tests.imaging.flow_screens import Picture

Rng = np.random.Generator

_STILL = {"count": (0, 0), "outline": None, "labels": "none"}


def _screen(rng: Rng, **differs: object) -> Picture:
    """A B-mode screen without flow, bar or box, in the way that `differs` says."""
    settings = {
        "bar": "none",
        "decor": ("yellow-ruler", "text", "logo", "header", "battery", "caliper"),
        "jpeg": (70, 95),
    }
    way = Way("still", sizes=((640, 480), (800, 600)), **{**_STILL, **settings, **differs})  # type: ignore[arg-type]
    return draw_way(way, int(rng.integers(10_000)))[0]


def _bar_alone(rng: Rng) -> Picture:
    return _screen(rng, bar=str(rng.choice(["left", "right", "top"])), bar_wide=(0.015, 0.03))


def _filled_marks(rng: Rng) -> Picture:
    """Measured areas, filled and half transparent, arrows and letters in colour."""
    picture = _screen(rng)
    for colour in ((60, 220, 60), (0, 220, 255), (255, 120, 200)):
        over = picture.copy()
        at = (int(rng.integers(180, 420)), int(rng.integers(120, 320)))
        cv2.ellipse(over, at, (int(rng.integers(14, 40)), int(rng.integers(8, 24))), 20, 0, 360, colour, -1)
        picture = np.asarray(cv2.addWeighted(over, 0.4, picture, 0.6, 0), np.uint8)
        cv2.ellipse(picture, at, (44, 26), 20, 0, 360, colour, 1)
    cv2.arrowedLine(picture, (300, 300), (240, 240), (0, 0, 255), 2)
    cv2.putText(picture, "A. facialis", (250, 180), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (40, 40, 255), 2)
    return picture


def _shaded_toolbar(rng: Rng) -> Picture:
    """Buttons below and a progress bar, shaded from one colour through dark to another."""
    picture = _screen(rng)
    height, width = picture.shape[:2]
    part = np.linspace(-1, 1, int(0.7 * width))[None, :, None]
    ends = rng.integers(0, 255, (2, 3))
    shade = np.abs(part) * np.where(part < 0, ends[0], ends[1])
    tall = int(rng.integers(10, 26))
    left = int(0.1 * width)
    picture[height - tall - 3 : height - 3, left : left + shade.shape[1]] = shade.astype(np.uint8)
    return picture


def _strain(rng: Rng) -> Picture:
    """Elastography: red over green to blue on half of the picture, its bar from red to blue beside it."""
    picture = _screen(rng)
    height, width = picture.shape[:2]
    field = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 22)
    hue = np.clip((field - field.min()) / np.ptp(field) * 120, 0, 120).astype(np.uint8)
    full = np.full_like(hue, 255)
    colours = cv2.cvtColor(np.dstack([hue, full, full]), cv2.COLOR_HSV2BGR)
    rows, columns = slice(int(0.25 * height), int(0.6 * height)), slice(int(0.3 * width), int(0.65 * width))
    picture[rows, columns] = (0.45 * colours[rows, columns] + 0.55 * picture[rows, columns]).astype(np.uint8)
    cv2.rectangle(picture, (columns.start, rows.start), (columns.stop, rows.stop), (220, 220, 220), 1)
    bar = cv2.cvtColor(
        np.dstack([np.linspace(0, 120, 120).astype(np.uint8)[:, None]] + [np.full((120, 1), 255, np.uint8)] * 2), 54
    )
    picture[80:200, width - 40 : width - 26] = bar
    return picture


def _tinted(rng: Rng) -> Picture:
    tint = [(0.45, 0.75, 1.0), (1.0, 0.75, 0.5), (0.7, 1.0, 0.75), (0.95, 0.6, 1.0)][int(rng.integers(4))]
    return _screen(rng, tints=(tint,), gain=(0.8, 1.7), jpeg=(60, 80))


def _desktop(rng: Rng) -> Picture:
    """Windows, icons and a chart in red and blue."""
    picture = np.full((600, 800, 3), rng.integers(60, 200, 3), np.uint8)
    for _ in range(12):
        x, y = int(rng.integers(0, 700)), int(rng.integers(0, 520))
        picture[y : y + int(rng.integers(20, 180)), x : x + int(rng.integers(20, 260))] = rng.integers(0, 255, 3)
    for index in range(14):
        tall = int(rng.integers(10, 140))
        tone = (40, 40, 210) if index % 2 else (210, 60, 30)
        picture[400 - tall : 400, 200 + 18 * index : 212 + 18 * index] = tone
    for line in range(8):
        cv2.putText(picture, "patient list 2026", (20, 30 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 1)
    return picture


def _lying_legend(rng: Rng) -> Picture:
    """A map's legend below a heat map: blue over white to red."""
    picture = _screen(rng)
    height = picture.shape[0]
    part = np.linspace(-1, 1, 260)
    white = 255 * (1 - np.abs(part))
    legend = np.stack([np.where(part < 0, 255, white), white, np.where(part > 0, 255, white)], axis=1)
    picture[height - 18 : height - 8, 100:360] = legend.astype(np.uint8)[None]
    return picture


DECOYS: tuple[Callable[[Rng], Picture], ...] = (
    _bar_alone,
    _filled_marks,
    _shaded_toolbar,
    _strain,
    _tinted,
    _desktop,
    _lying_legend,
)


def draw_decoy(number: int) -> tuple[Picture, str]:
    """Picture `number`, and what it is."""
    how = DECOYS[number % len(DECOYS)]
    return how(np.random.default_rng([5, number])), how.__name__.strip("_")
