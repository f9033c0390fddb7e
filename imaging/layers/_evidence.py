"""How much each place looks like a boundary of each kind, in units of speckle noise, below a flattened skin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from imaging.layers._strips import Strips, mean_over
from imaging.layers.priors import Kind
from imaging.layers.skin import SkinLine

Floats = npt.NDArray[np.float32]

MOST = 8.0
"""Evidence beyond this many times the noise counts no more: one glaring boundary must not drag the next one over."""
DEEPEST_STEP_MM = 4.0
"""Steps without a line are looked for in the skin alone, down to here."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Maps (depth rows, strips) of evidence for each kind; row 0 is the skin line. `grey` is the flattened picture."""

    maps: dict[Kind, Floats]
    grey: Floats


def evidence(cut: Strips, skin: SkinLine) -> Evidence:
    """Flatten the strips along the skin, and look for each kind of boundary."""
    rows, count = cut.grey.shape
    mm = cut.px_per_mm
    deepest = max(8, int(rows - skin.rows.min()))
    map_x = np.repeat(np.arange(count, dtype=np.float32)[None], deepest, axis=0)
    map_y = (np.arange(deepest, dtype=np.float64)[:, None] + skin.rows[None]).astype(np.float32)
    flat = cv2.remap(cut.grey, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    flat = cv2.GaussianBlur(flat, (0, 0), sigmaX=0.8, sigmaY=0.6)
    inside = map_y < rows - 1.5
    shallow = flat[: round(DEEPEST_STEP_MM * mm)]
    window = max(2, round(0.3 * mm))
    # In the skin the layers run with its surface: more can be averaged across.
    wide = cv2.GaussianBlur(shallow, (0, 0), sigmaX=2.0, sigmaY=0.01)
    step = np.zeros_like(flat)
    step[: len(shallow)] = mean_over(wide, 0, window, 0.0) - mean_over(wide, -window, 0, 0.0)
    # A line as thin as the point spread: brighter than what lies just above and just below.
    core = max(1, round(0.06 * mm))
    near, far = round(0.13 * mm), round(0.13 * mm) + max(1, round(0.12 * mm))
    broad = mean_over(flat, -core, core + 1, 0.0)
    line = broad - np.maximum(mean_over(flat, -far, -near, 0.0), mean_over(flat, near + 1, far + 1, 0.0))
    # One face of something bright: brighter than what lies before it, or behind it.
    side = near + round(0.4 * mm)
    rise, fall = broad - mean_over(flat, -side, -near, 0.0), broad - mean_over(flat, near + 1, side + 1, 0.0)
    behind = mean_over(flat, round(0.7 * mm), round(2.2 * mm), 0.0)
    # A shadow is darker than the tissue in front of the bone; deep down there is noise in it.
    front = np.cumsum(flat, axis=0) / np.arange(1, deepest + 1, dtype=np.float32)[:, None]
    dark = np.clip(1.9 - 1.9 * behind / np.maximum(front, 8.0), 0.0, 1.0)
    peak = broad - np.maximum(mean_over(flat, -window - core, -core, 0.0), mean_over(flat, window, 2 * window, 0.0))
    maps: dict[Kind, Floats] = {
        "up": _limited(step / cut.noise),
        "down": _limited(-step / cut.noise),
        "line": _limited(line / cut.noise),
        "rise": _limited(rise / cut.noise),
        "fall": _limited(fall / cut.noise),
        "bone": _limited(0.7 * np.clip(peak, 0, None) * dark / cut.noise),
    }
    rim = round(0.25 * mm)
    for name in maps:
        maps[name] = np.where(inside, maps[name], 0.0).astype(np.float32)
        maps[name][-rim:] = 0.0
    return Evidence(maps, flat)


def _limited(values: npt.NDArray[Any]) -> Floats:
    return np.asarray(np.clip(values, -MOST, MOST), np.float32)
