"""Colour maps of colour and power Doppler as several makers draw them, made from a few stops.

Level 1 stands for the bar's lower end, 255 for its upper end, 0 is never drawn. In a velocity map the change of colour
stands at zero velocity, wherever the limits put it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from mock_devices.contract import Picture

Stops = tuple[tuple[float, tuple[int, int, int]], ...]  #: (part of the way from zero to the limit, red green blue)

_HALVES: Final[dict[str, tuple[Stops, Stops]]] = {
    # The first half is the warm one, the second the cold one.
    "plain": (
        ((0, (60, 0, 0)), (0.5, (170, 10, 8)), (1, (255, 60, 40))),
        ((0, (0, 0, 70)), (0.5, (10, 25, 175)), (1, (60, 110, 255))),
    ),
    "fire": (
        ((0, (96, 0, 0)), (0.45, (224, 20, 0)), (0.75, (255, 140, 0)), (1, (255, 245, 90))),
        ((0, (0, 0, 104)), (0.45, (0, 50, 230)), (0.75, (0, 150, 255)), (1, (120, 255, 255))),
    ),
    "deep": (
        ((0, (40, 0, 10)), (0.3, (128, 0, 24)), (1, (255, 196, 150))),
        ((0, (10, 0, 48)), (0.3, (30, 8, 130)), (1, (176, 200, 255))),
    ),
    "orange": (
        ((0, (84, 18, 0)), (0.5, (208, 84, 6)), (1, (255, 214, 64))),
        ((0, (0, 44, 74)), (0.5, (0, 112, 170)), (1, (126, 232, 240))),
    ),
    "steps": (
        ((0.32, (120, 0, 0)), (0.34, (196, 0, 0)), (0.65, (196, 0, 0)), (0.67, (255, 70, 0)), (1, (255, 90, 20))),
        ((0.32, (0, 0, 130)), (0.34, (0, 0, 205)), (0.65, (0, 0, 205)), (0.67, (0, 80, 255)), (1, (30, 110, 255))),
    ),
    "green": (
        ((0, (70, 0, 0)), (0.6, (220, 16, 0)), (1, (240, 220, 30))),
        ((0, (0, 0, 80)), (0.6, (0, 30, 225)), (1, (40, 230, 120))),
    ),
    "pale": (((0, (110, 30, 40)), (1, (255, 226, 214))), ((0, (30, 40, 120)), (1, (216, 232, 255)))),
}
_POWER: Final[dict[str, Stops]] = {
    "ember": ((0, (46, 8, 0)), (0.4, (168, 48, 0)), (0.75, (246, 142, 10)), (1, (255, 242, 120))),
    "rose": ((0, (40, 0, 40)), (0.5, (190, 20, 120)), (1, (255, 190, 200))),
    "gold": ((0, (70, 40, 0)), (1, (255, 226, 20))),
    "blood": ((0, (64, 0, 0)), (0.6, (214, 22, 8)), (1, (255, 120, 80))),
    "violet": ((0, (18, 6, 46)), (0.35, (110, 22, 118)), (0.7, (232, 78, 78)), (1, (252, 246, 180))),
    "azure": ((0, (0, 16, 60)), (0.6, (0, 110, 220)), (1, (170, 240, 255))),
}
VELOCITY_MAPS: Final = tuple(_HALVES)
POWER_MAPS: Final = tuple(_POWER)


def _ramp(
    stops: Stops, at: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    places = [stop[0] for stop in stops]
    return np.stack([np.interp(at, places, [stop[1][band] for stop in stops]) for band in (2, 1, 0)], axis=1)


@lru_cache(maxsize=256)
def velocity_colours(name: str, limits_cm_s: tuple[float, float], warm_towards: bool) -> Picture:
    """Colours (256, 1, 3), blue first, for levels 0 to 255 between the limits."""
    low, high = limits_cm_s
    velocity = low + (np.arange(256) - 1) / 254 * (high - low)
    warm, cold = _HALVES[name]
    towards, away = (warm, cold) if warm_towards else (cold, warm)
    up = _ramp(towards, np.clip(velocity / max(high, 1e-9), 0, 1))
    down = _ramp(away, np.clip(velocity / min(low, -1e-9), 0, 1))
    colours = np.where((velocity >= 0)[:, None], up, down).round().astype(np.uint8)
    colours[0] = 0
    return np.ascontiguousarray(colours[:, None, :])


@lru_cache(maxsize=64)
def power_colours(name: str) -> Picture:
    """Colours (256, 1, 3), blue first, from the weakest to the strongest signal."""
    colours = _ramp(_POWER[name], np.arange(256) / 255).round().astype(np.uint8)
    colours[0] = 0
    return np.ascontiguousarray(colours[:, None, :])


def bar_pixels(colours: Picture, rows: int, columns: int, black: float = 0.0) -> Picture:
    """The bar (rows, columns, 3), upper limit on top; `black` is the part of each half that is left dark round zero."""
    level = 1 + (rows - 0.5 - np.arange(rows)) / rows * 254
    line = colours[np.clip(level.round().astype(int), 1, 255), 0]
    if black > 0:
        half = np.abs(np.arange(rows) + 0.5 - rows / 2) < black * rows / 2
        line = np.where(half[:, None], 0, line).astype(np.uint8)
    return np.repeat(line[:, None, :], columns, axis=1)
