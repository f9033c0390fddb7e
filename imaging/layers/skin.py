"""The skin line: where the gel, or the probe's face, ends and the first bright echo begins.

Entry echo and dermis on high-frequency ultrasound: Kleinerman et al., JAAD 2012;67:e17. Limit: hair, air bubbles in the gel
and a sheath's own echo also shine; the path bridges short ones, and a strip without contact is told as uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imaging.bmode import BMode
from imaging.errors import CannotTell
from imaging.grain import grain_of
from imaging.layers._near_field import ringing_rows
from imaging.layers._paths import between_rows, cheapest_path
from imaging.layers._strips import Strips, mean_over, strips

Doubles = npt.NDArray[np.float64]

LEADING_EDGE = 1.25
"""How far the upper edge of a bright line lies above it, in standard deviations of the point spread down the beam."""


@dataclass(frozen=True, slots=True)
class SkinLine:
    """`rows` (strips,) of the skin's surface, working px, at columns `columns`; `unsure_px` (strips,) its standard error."""

    columns: Doubles
    rows: Doubles
    unsure_px: Doubles

    def at(self, columns: npt.ArrayLike) -> Doubles:
        """Rows at other columns; beyond the ends the end's."""
        return np.asarray(np.interp(np.asarray(columns, np.float64), self.columns, self.rows), np.float64)

    def slope_deg(self, columns: npt.ArrayLike) -> Doubles:
        """Its angle to the rows at columns, degrees, positive down to the right."""
        slope = (
            np.gradient(_running_mean(self.rows, 9), self.columns) if len(self.rows) > 9 else np.zeros(len(self.rows))
        )
        angle = np.degrees(np.arctan(slope))
        return np.asarray(np.interp(np.asarray(columns, np.float64), self.columns, angle), np.float64)


def skin_line(picture: BMode, of: Strips | None = None) -> SkinLine:
    """The skin line of a B-mode picture. Raises CannotTell where nothing bright begins anywhere."""
    cut = strips(picture) if of is None else of
    mm = cut.px_per_mm
    below, above = max(2, round(0.22 * mm)), max(2, round(0.3 * mm))
    dark = float(np.percentile(cut.grey, 2))
    grey = cut.grey
    ringing = ringing_rows(grey, dark, mm, cut.noise)
    if ringing:
        grey = grey.copy()
        grey[:ringing] = dark
    rise = mean_over(grey, 0, below, 0.0) - mean_over(grey, -above, 0, dark)
    strongest = float(np.percentile(rise.max(axis=0), 50))
    if strongest < max(12.0, 3 * cut.noise):
        raise CannotTell("No skin line is seen: nothing bright begins anywhere below the probe.")
    before = np.cumsum(np.clip(grey - dark - 3 * cut.noise, 0, 80) / 80, axis=0) / mm
    before = np.vstack([np.zeros((1, before.shape[1]), np.float32), before[:-1]])
    cost = (-np.clip(rise / strongest, -1.0, 1.0) + 0.8 * np.clip(before, 0, 5)).astype(np.float32)
    steepest = max(1, round(0.35 * cut.width))
    path = cheapest_path(cost, steepest, 0.6 / steepest**2 / 4)
    rows = between_rows(-rise, path)
    # The entry echo is a line; its upper edge, which the path follows, lies above it by the point spread.
    rows = rows + LEADING_EDGE * grain_of(picture.grey).down
    at = np.arange(len(path))
    clear = rise[path, at] / strongest
    rough = np.abs(rows - _running_mean(rows, 5))
    unsure = 0.02 * mm + rough + np.where(clear < 0.3, 0.3 * mm, 0.0)
    return SkinLine(cut.middles, np.asarray(rows, np.float64), np.asarray(unsure, np.float64))


def _running_mean(values: Doubles, width: int) -> Doubles:
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")
