"""Blood velocity through the heartbeat: peak systolic, notch, end diastolic; a vein's slow ripple.

The shape is a table between 0 (end of diastole, its least) and 1 (peak systole, its most), so that the peak systolic and the
end diastolic velocity, and with them the resistance index (PSV - EDV) / PSV, are exactly those of the vessel. The heart's
rate sways by 1 % with breathing (its mean is the vessel's site's). A pulse wave of the wall has the same timing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from mock_devices.face import Site, Vessel
from mock_devices.face.site import Floats

_PEAK: Final = 0.14  #: of the beat
BREATH_S: Final = 4.1
_SWAY: Final = 0.0075  #: beats
RIPPLE: Final = 0.12  #: of a vein's velocity, with breathing and a little with the heart


def _table() -> Floats:
    phase = np.linspace(0, 1, 1024, endpoint=False)
    rise = np.exp(-(((phase - _PEAK) / 0.050) ** 2))
    fall = np.exp(-(((phase - _PEAK) / 0.105) ** 2))
    systole = np.where(phase < _PEAK, rise, fall)
    second = 0.28 * np.exp(-(((phase - 0.42) / 0.085) ** 2))
    tail = 0.24 * np.exp(-np.maximum(phase - _PEAK, 0) / 0.30) * np.where(phase < _PEAK, rise, 1.0)
    raw = systole + second + tail
    table: Floats = (raw - raw.min()) / (raw.max() - raw.min())
    return table


_BEAT: Final = _table()


def beats(site: Site, t_s: Floats) -> Floats:
    """How many heartbeats have passed at each time since 0; whole numbers are the beginnings of beats."""
    passed: Floats = site.heart_rate_per_min / 60.0 * t_s + _SWAY * np.sin(2 * np.pi * t_s / BREATH_S)
    return passed


def pulse(site: Site, vessel: Vessel, t_s: Floats) -> Floats:
    """The pulse wave in an artery, 0 to 1, for each time."""
    phase = np.mod(beats(site, t_s) - vessel.delay, 1.0)
    at = phase * _BEAT.size
    low = at.astype(np.int64) % _BEAT.size
    part = at - np.floor(at)
    wave: Floats = _BEAT[low] * (1 - part) + _BEAT[(low + 1) % _BEAT.size] * part
    return wave


def speed_cm_s(site: Site, vessel: Vessel, t_s: Floats) -> Floats:
    """The greatest velocity in the lumen along the vessel, for each time; never negative."""
    if vessel.kind == "artery":
        return vessel.edv_cm_s + (vessel.psv_cm_s - vessel.edv_cm_s) * pulse(site, vessel, t_s)
    breath = np.sin(2 * np.pi * t_s / BREATH_S + 1.0)
    beat = np.sin(2 * np.pi * beats(site, t_s))
    steady: Floats = vessel.psv_cm_s * (1 - RIPPLE / 2 + RIPPLE / 2 * (0.8 * breath + 0.2 * beat))
    return steady


def along_beam(vessel: Vessel, steer_deg: float = 0.0) -> float:
    """Velocity towards the probe along the beam as a part of that along the vessel (the cosine of the Doppler angle, signed).

    The beam leans by `steer_deg` to the right on its way down.
    """
    steer = np.radians(steer_deg)
    dx, _, dz = vessel.direction
    return float(-(dx * np.sin(steer) + dz * np.cos(steer)))
