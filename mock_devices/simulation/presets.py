"""Settings of a probe as an operator would choose them for a site, at steps that a screen can print in full.

Ranges follow the clinical reference, 1.8 (10 to 18 MHz; 10 to 30 mm; eye limits about the orbit) and, where it says nothing,
are teaching defaults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np

from mock_devices.acoustics.beam import SPEED_MM_US
from mock_devices.acoustics.waveform import along_beam
from mock_devices.contract import ColourSettings, Mode, Settings, SpectralSettings
from mock_devices.face import Site, Vessel

Gain = Literal["normal", "high", "low"]

_DEPTHS_MM: Final = (10, 12, 15, 18, 20, 25, 30, 35, 40)
_FACES_MM: Final = (25.0, 32.0, 38.0, 38.0, 40.0, 45.0)
_NEAR_THE_EYE: Final = ("glab", "tear", "nose")
_GAINS: Final[dict[Gain, tuple[int, int]]] = {"normal": (44, 58), "high": (86, 99), "low": (3, 14)}
_PRESETS: Final = ("Superficial", "Small Parts", "MSK", "Vascular", "Skin", "Face")


def settings_for(
    site: Site, mode: Mode, seed: int, *, gain: Gain = "normal", wasted: bool = False, main: str | None = None
) -> Settings:
    """Settings for one mode; `main` is the vessel that Doppler is set for (else the first). `wasted`: far too deep."""
    draw = np.random.default_rng([seed, 51])
    bone = float(site.boundaries_mm(np.zeros(1))[-1, 0])
    least = bone + float(draw.uniform(1.0, 5.0))
    deeper = [d for d in _DEPTHS_MM if d >= least] or [40]
    depth = deeper[min(int(draw.choice([0, 0, 1])), len(deeper) - 1)]
    if wasted:
        depth = next((d for d in _DEPTHS_MM if d >= 2.4 * bone), 40)
    vessel = _main(site, main)
    focus = float(np.clip(round(2 * vessel.z_mm) / 2, 2, depth - 1))
    eye = site.region in _NEAR_THE_EYE
    mechanical = float(draw.integers(8, 23)) / 100 if eye else float(draw.integers(4, 13)) / 10
    settings = Settings(
        mode=mode,
        probe=f"{draw.choice(['L', 'LA', 'HF', 'HL', 'LV'])}{int(draw.integers(10, 25))}-{int(draw.integers(3, 8))}",
        preset=str(draw.choice(_PRESETS)),
        face_mm=float(draw.choice(_FACES_MM)),
        frequency_mhz=float(draw.choice([10, 12, 12, 13, 14, 15, 15, 16, 18])),
        depth_mm=float(depth),
        focus_mm=focus,
        gain=int(draw.integers(*_GAINS[gain])),
        dynamic_range_db=int(draw.choice([54, 57, 60, 60, 63, 66, 70])),
        frame_rate_hz=float(draw.integers(22, 58)),
        mechanical_index=mechanical,
        thermal_index_soft_tissue=float(draw.integers(1, 8)) / 10,
        thermal_index_bone=float(draw.integers(1, 10)) / 10,
    )
    if mode in ("colour", "power"):
        return replace(settings, colour=_colour(vessel, draw), frame_rate_hz=float(draw.integers(12, 32)))
    if mode == "spectral":
        colour = _colour(vessel, draw) if draw.random() < 0.5 else None
        spectral = _spectral(vessel, draw)
        return replace(settings, colour=colour, spectral=spectral, frame_rate_hz=float(draw.integers(8, 22)))
    return settings


def steer_for(vessel: Vessel, seed: int, mode: Mode) -> float:
    """The Doppler beam's lean in degrees: where a vessel runs in the plane it is steered towards the smaller angle."""
    draw = np.random.default_rng([seed, 52])
    steep = float(draw.choice([15.0, 20.0, 20.0]))
    if vessel.tube:
        return max((-steep, steep), key=lambda lean: abs(along_beam(vessel, lean)))
    if mode == "spectral":
        return 0.0
    return float(draw.choice([0.0, 0.0, 0.0, -steep, steep]))


def _main(site: Site, main: str | None) -> Vessel:
    for vessel in site.vessels:
        if vessel.id == main:
            return vessel
    return site.vessels[0]


def _colour(vessel: Vessel, draw: np.random.Generator) -> ColourSettings:
    frequency = float(draw.choice([5.0, 6.3, 7.5, 8.0, 9.0, 10.0]))
    peak = abs(along_beam(vessel)) * vessel.psv_cm_s
    mean = abs(along_beam(vessel)) * (vessel.edv_cm_s + 0.35 * (vessel.psv_cm_s - vessel.edv_cm_s))
    limit = float(np.clip(draw.uniform(0.75, 1.5) * peak, 2.5, 45.0))
    limit = round(limit) if limit > 12 else round(2 * limit) / 2 if limit > 6 else round(limit, 1)
    prf = round(4 * limit * frequency * 1e6 / (SPEED_MM_US * 1e5))
    cut = float(np.clip(draw.uniform(0.04, 0.09) * limit, 0.1, 0.4 * mean))
    wall_filter = max(5, round(2 * cut * frequency * 1e6 / (SPEED_MM_US * 1e5)))
    shift = float(draw.choice([0.0, 0.0, 0.0, 0.25, -0.25]))
    low, high = round(-limit * (1 - shift), 2), round(limit * (1 + shift), 2)
    return ColourSettings(frequency, prf, wall_filter, int(draw.integers(44, 64)), (low, high))


def _spectral(vessel: Vessel, draw: np.random.Generator) -> SpectralSettings:
    frequency = float(draw.choice([5.0, 6.3, 7.5, 8.0]))
    part = float(draw.uniform(0.42, 0.78))
    lower = float(draw.choice([0.25, 0.33, 0.5]))
    upward = max(vessel.psv_cm_s, 4.0) / part
    upper = float(max(5, np.ceil(upward / 5) * 5)) if upward > 12 else float(np.ceil(upward))
    limits = (-round(upper * lower / (1 - lower), 1), upper)
    return SpectralSettings(
        frequency_mhz=frequency,
        prf_hz=0,  # known with the angle: `with_angle`
        wall_filter_hz=0,
        gain=int(draw.integers(46, 58)),
        angle_deg=0,
        gate_mm=max(0.5, round(0.5 * round(2 * vessel.radius_mm / 0.5 * 0.7), 1)),
        gate_depth_mm=0.0,
        limits_cm_s=limits,
        sweep_s=float(draw.choice([3.0, 4.0, 5.0, 6.0])),
        scrolling=bool(draw.random() < 0.5),
        inverted=False,
    )


def with_angle(settings: Settings, vessel: Vessel, steer_deg: float, gate_depth_mm: float, seed: int) -> Settings:
    """The spectral settings completed for a gate: angle, repetition frequency, filter, and which way up the trace is."""
    spectral = settings.spectral
    if spectral is None:
        return settings
    draw = np.random.default_rng([seed, 53])
    cosine = along_beam(vessel, steer_deg)
    angle = round(float(np.degrees(np.arccos(min(abs(cosine), 1.0)))))
    whole = (spectral.limits_cm_s[1] - spectral.limits_cm_s[0]) * np.cos(np.radians(angle))
    hertz_per_cm_s = 2 * spectral.frequency_mhz * 1e6 / (SPEED_MM_US * 1e5)
    away = cosine < 0
    below = bool(draw.random() < 0.2)  # some traces are left to hang below the baseline
    low, high = spectral.limits_cm_s
    return replace(
        settings,
        spectral=replace(
            spectral,
            angle_deg=angle,
            prf_hz=round(whole * hertz_per_cm_s),
            wall_filter_hz=max(5, round(0.03 * whole * hertz_per_cm_s)),
            gate_depth_mm=round(gate_depth_mm, 1),
            inverted=away != below,
            limits_cm_s=(-high, -low) if below else (low, high),
        ),
    )
