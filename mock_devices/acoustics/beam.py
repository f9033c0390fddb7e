"""The beam of a linear probe: how it smears a point, how it weakens with depth, what the receiver's noise is.

Point spread: Gaussian across and along (Szabo, Diagnostic Ultrasound Imaging, 2nd ed. 2014, chapters 6 and 12). Along, the
full width at half maximum is that of a pulse of 1.3 wavelengths; across it is 1.2 F lambda at the focus and widens away
from it, less than transmit focusing alone would make it, since the receiver focuses at every depth. Attenuation is a
coefficient in dB/(cm MHz) times frequency and path, there and back (values: Duck, Physical Properties of Tissue, 1990, and
Szabo's appendix; teaching defaults).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats32 = NDArray[np.float32]

SPEED_MM_US: Final = 1.54  #: speed of sound in soft tissue, millimetres in a microsecond
F_NUMBER: Final = 2.0
PULSE_WAVELENGTHS: Final = 1.3
TGC_DB_CM_MHZ: Final = 0.62  #: what the time gain makes up for, there and back counted apart
TGC_MOST_DB: Final = 46.0  #: more gain than this no receiver gives
NOISE_DB: Final = -103.0  #: of the receiver without time gain, below a bone echo at the face
_SIGMA_OF_FWHM: Final = 1 / 2.3548


@dataclass(frozen=True, slots=True)
class Grid:
    """Where samples lie: x = x0 + column * mm_x, z = z0 + row * mm_z."""

    columns: int
    rows: int
    mm_x: float
    mm_z: float
    x0_mm: float
    z0_mm: float

    def x_mm(self) -> NDArray[np.float64]:
        """The x of each column."""
        return self.x0_mm + np.arange(self.columns, dtype=np.float64) * self.mm_x

    def z_mm(self) -> NDArray[np.float64]:
        """The depth of each row."""
        return self.z0_mm + np.arange(self.rows, dtype=np.float64) * self.mm_z


@dataclass(frozen=True, slots=True)
class Beam:
    """A linear probe's beam at one frequency and one focus."""

    frequency_mhz: float
    focus_mm: float

    @property
    def wavelength_mm(self) -> float:
        """In soft tissue."""
        return SPEED_MM_US / self.frequency_mhz

    @property
    def axial_sigma_mm(self) -> float:
        """Standard deviation of the point spread along the beam (amplitude)."""
        return PULSE_WAVELENGTHS * self.wavelength_mm * _SIGMA_OF_FWHM

    def lateral_sigma_mm(self, z_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Standard deviation of the point spread across the beam (amplitude), for each depth."""
        at_focus = 1.2 * F_NUMBER * self.wavelength_mm * _SIGMA_OF_FWHM
        depth_of_field = 7.0 * F_NUMBER**2 * self.wavelength_mm
        wide: NDArray[np.float64] = at_focus * np.sqrt(1 + ((z_mm - self.focus_mm) / (2.5 * depth_of_field)) ** 2)
        return wide

    def focus_gain_db(self, z_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much stronger echoes are about the focus: 3 dB, over its depth of field."""
        reach = 12.0 * F_NUMBER**2 * self.wavelength_mm
        gain: NDArray[np.float64] = 3.0 * np.exp(-(((z_mm - self.focus_mm) / reach) ** 2))
        return gain

    def tgc_db(self, z_mm: NDArray[np.float64], sliders_db: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Time gain for each depth; `sliders_db` are the operator's own, evenly spread over the depth of the picture."""
        gain = np.minimum(2 * TGC_DB_CM_MHZ * self.frequency_mhz * np.maximum(z_mm, 0) / 10, TGC_MOST_DB)
        if sliders_db is not None:
            at = np.linspace(float(z_mm[0]), float(z_mm[-1]), len(sliders_db))
            gain = gain + np.interp(z_mm, at, sliders_db)
        return gain

    def loss_db(self, attenuation_db_cm_mhz: Floats32, mm_z: float) -> Floats32:
        """Two-way loss down each column (rows, columns), from the coefficient of each place."""
        step = np.float32(2 * self.frequency_mhz * mm_z / 10)
        loss: Floats32 = np.cumsum(attenuation_db_cm_mhz, axis=0, dtype=np.float32) * step
        return loss
