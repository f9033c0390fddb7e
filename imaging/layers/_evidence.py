"""How much each place looks like a boundary of each kind, in units of speckle noise, below a flattened skin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.layers._strips import Strips, mean_over
from imaging.layers.priors import Kind
from imaging.layers.skin import SkinLine

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

MOST = 6.0
"""Evidence beyond this many times the noise counts no more: one glaring boundary must not drag the next one over."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Maps (depth rows, strips) of evidence for each kind; row 0 is the skin line. `grey` is the flattened picture."""

    maps: dict[Kind, Floats]
    grey: Floats
    inside: npt.NDArray[np.bool_]


def evidence(cut: Strips, skin: SkinLine) -> Evidence:
    """Flatten the strips along the skin, and look for each kind of boundary."""
    rows, count = cut.grey.shape
    mm = cut.px_per_mm
    deepest = max(8, int(rows - skin.rows.min()))
    map_x = np.repeat(np.arange(count, dtype=np.float32)[None], deepest, axis=0)
    map_y = (np.arange(deepest, dtype=np.float64)[:, None] + skin.rows[None]).astype(np.float32)
    flat = cv2.remap(cut.grey, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = map_y < rows - 1.5
    flat = cv2.GaussianBlur(flat, (0, 0), sigmaX=1.0, sigmaY=0.05 * mm)
    window, thin = max(2, round(0.3 * mm)), max(1, round(0.1 * mm))
    ground = 0.0
    step = mean_over(flat, 0, window, ground) - mean_over(flat, -window, 0, ground)
    line = mean_over(flat, -thin, thin + 1, ground) - np.maximum(
        mean_over(flat, -3 * thin - window, -3 * thin, ground), mean_over(flat, 3 * thin, 3 * thin + window, ground)
    )
    behind = mean_over(flat, round(0.6 * mm), round(2.2 * mm), ground)
    shadow = mean_over(flat, -thin, thin + 1, ground) - behind
    # A shadow is dark: half as bright as the tissue in front of the bone, or less.
    front = np.cumsum(flat, axis=0) / np.arange(1, deepest + 1)[:, None]
    dark = np.clip(1.5 - 2.0 * behind / np.maximum(front, 8.0), 0.0, 1.0)
    unit = 1.0 * cut.noise
    maps: dict[Kind, Floats] = {
        "up": _limited(step / unit),
        "down": _limited(-step / unit),
        "step": _limited(np.abs(step) / unit),
        "line": _limited(line / unit),
        "bone": _limited(0.5 * (np.clip(line, 0, None) + np.clip(shadow, 0, None)) * dark / unit),
    }
    rim = round(0.25 * mm)
    for name in maps:
        maps[name] = np.where(inside, maps[name], 0.0).astype(np.float32)
        maps[name][-rim:] = 0.0
    return Evidence(maps, flat, np.asarray(inside, np.bool_))


def _limited(values: Floats) -> Floats:
    return np.clip(values, -MOST, MOST).astype(np.float32)
