"""How the tissue moves: the hand drifts sideways, breathing presses, the artery swells with each beat.

The scene repeats exactly after LOOP_S: 7 beats at 70/min, 2 breaths, one drift of the hand. Both the picture and its
truth come from the one mapping below, in its two directions. Whoever draws asks, for each place on the screen, which
piece of resting tissue is there (`to_rest`); the truth asks where a resting piece has gone (`to_screen`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from mock_devices.anatomy import Anatomy, Floats, Vessel

LOOP_S: Final = 6.0
BREATH_S: Final = 3.0
DRIFT_MM: Final = 0.45  #: how far the hand drifts to each side
PRESS: Final = 0.018  #: strain of the tissue in breathing, as a part of its depth
_REACH: Final = 1.6  #: how far an artery's swelling is felt, in radii


def beat_phase(anatomy: Anatomy, t_s: float) -> float:
    """Where in the heartbeat `t_s` is, 0 to 1."""
    return (t_s * anatomy.heart_rate_per_min / 60.0) % 1.0


def pulse_wave(phase: float) -> float:
    """Pressure in the artery over one beat, 0 to 1: a steep rise, a notch, a slow fall."""
    rise = np.exp(-(((phase - 0.17) / 0.075) ** 2))
    notch = 0.42 * np.exp(-(((phase - 0.40) / 0.11) ** 2))
    fall = 0.16 * np.exp(-(((phase - 0.62) / 0.18) ** 2))
    return float(min(1.0, rise + notch + fall))


@dataclass(frozen=True, slots=True)
class Motion:
    """The state of movement at one moment of the loop."""

    shift_mm: float
    strain: float
    pulse: float

    @classmethod
    def at(cls, anatomy: Anatomy, t_s: float) -> Motion:
        """The movement `t_s` seconds after the start of the loop."""
        turn = 2 * np.pi * (t_s % LOOP_S)
        shift = DRIFT_MM * np.sin(turn / LOOP_S)
        strain = PRESS * np.sin(turn / BREATH_S)
        return cls(float(shift), float(strain), pulse_wave(beat_phase(anatomy, t_s)))

    def to_rest(self, anatomy: Anatomy, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """The resting place of the tissue that is now at (x, z)."""
        x, z = x_mm - self.shift_mm, z_mm / (1.0 + self.strain)
        for vessel in anatomy.vessels:
            if vessel.pulse:
                dx, dz = x - vessel.x_mm, z - vessel.z_mm
                shrink = self._swelling(vessel, np.hypot(dx, dz))
                x, z = x - dx * shrink, z - dz * shrink
        return x, z

    def to_screen(self, anatomy: Anatomy, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """Where the tissue that rests at (x, z) is now."""
        x, z = x_mm, z_mm
        for vessel in reversed(anatomy.vessels):
            if vessel.pulse:
                dx, dz = x - vessel.x_mm, z - vessel.z_mm
                rest = np.hypot(dx, dz)
                moved = rest
                for _ in range(12):  # r = r0 / (1 - swelling(r)) converges quickly: the swelling is small
                    moved = rest / (1.0 - self._swelling(vessel, moved))
                grow = np.divide(moved, rest, out=np.ones_like(rest), where=rest > 1e-9)
                x, z = vessel.x_mm + dx * grow, vessel.z_mm + dz * grow
        return x + self.shift_mm, z * (1.0 + self.strain)

    def radii_mm(self, anatomy: Anatomy, vessel: Vessel) -> tuple[float, float]:
        """The radii of the vessel's lumen now, across and down."""
        x, z = self.to_screen(
            anatomy,
            np.array([vessel.x_mm, vessel.x_mm + vessel.radius_x_mm, vessel.x_mm]),
            np.array([vessel.z_mm, vessel.z_mm, vessel.z_mm + vessel.radius_z_mm]),
        )
        return float(x[1] - x[0]), float(z[2] - z[0])

    def velocity_cm_s(self, vessel: Vessel) -> float:
        """Velocity along the beam in the middle of the lumen now; towards the probe is positive."""
        return vessel.least_cm_s + (vessel.peak_cm_s - vessel.least_cm_s) * self.pulse

    def _swelling(self, vessel: Vessel, distance_mm: Floats) -> Floats:
        reach = _REACH * vessel.radius_x_mm
        # The wall itself lies at one radius; the factor makes the growth there equal to vessel.pulse at full pressure.
        at_wall = np.exp(-((vessel.radius_x_mm / reach) ** 2))
        part = vessel.pulse / (1.0 + vessel.pulse) / at_wall
        swelling: Floats = self.pulse * part * np.exp(-((distance_mm / reach) ** 2))
        return swelling
