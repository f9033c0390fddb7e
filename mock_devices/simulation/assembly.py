"""A plan out of a patient, a mode and a script: settings, Doppler box and gate about the main vessel; what a seed picks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mock_devices.acoustics.colour import ColourBox
from mock_devices.acoustics.deform import Deformation, Pose
from mock_devices.contract import Mode, Settings
from mock_devices.face import Site, Vessel, regions
from mock_devices.simulation.plan import Plan
from mock_devices.simulation.presets import Gain, settings_for, steer_for, with_angle
from mock_devices.simulation.script import Script, Track, constant, value_at


def assemble(
    name: str,
    site: Site,
    mode: Mode,
    seed: int,
    *,
    script: Script | None = None,
    main: str | None = None,
    gain: Gain = "normal",
    wasted: bool = False,
    off_target: bool = False,
) -> Plan:
    """A plan with settings, Doppler box and gate about the main vessel; `off_target` puts the box where it is not."""
    script = script or Script(pressure=light_pressure(seed))
    vessel = next((v for v in site.vessels if v.id == main), site.vessels[0])
    settings = settings_for(site, mode, seed, gain=gain, wasted=wasted, main=vessel.id)
    steer = steer_for(vessel, seed, mode) if mode != "b" else 0.0
    x, z = _where(site, vessel, value_at(script.pressure, 0.0))
    if settings.depth_mm < z + vessel.radius_mm + 1.5:  # what Doppler looks at must be in the picture
        settings = replace(settings, depth_mm=float(5 * np.ceil((z + vessel.radius_mm + 1.5) / 5)))
    settings = with_angle(settings, vessel, steer, z, seed)
    box = _colour_box(settings, x, z, steer, seed, off_target) if settings.colour is not None else None
    gate = vessel.id if mode == "spectral" else None
    return Plan(name, site.region, seed, site, (settings,), script, steer, box, gate, gain)


def light_pressure(seed: int) -> Track:
    """The pressure of a careful hand, the same throughout."""
    return constant(float(np.random.default_rng([seed, 81]).uniform(0.02, 0.14)))


def _where(site: Site, vessel: Vessel, pressure: float) -> tuple[float, float]:
    body = Deformation(site, Pose(pressure=pressure))
    x, z = body.after_vessels(np.array([vessel.x_mm]), np.array([vessel.z_mm]))
    return float(x[0]), float(z[0])


def _colour_box(settings: Settings, x: float, z: float, steer: float, seed: int, off_target: bool) -> ColourBox:
    draw = np.random.default_rng([seed, 82])
    half_face = 0.5 * min(settings.face_mm, 2.0 * settings.depth_mm) - 0.3
    high = float(min(settings.depth_mm - 0.6, max(4.0, draw.uniform(4.5, 9.0))))
    wide = float(min(draw.uniform(9.0, 18.0), 1.5 * half_face))
    if off_target:
        x = x + (wide / 2 + 2.5) * (-1 if x > 0 else 1)
    z0 = float(np.clip(z - high * draw.uniform(0.4, 0.6), 0.2, settings.depth_mm - high - 0.2))
    lean = float(np.tan(np.radians(steer)))
    x0 = x - wide * float(draw.uniform(0.4, 0.6)) - lean * (z - z0)
    x0 = float(np.clip(x0, -half_face - min(lean * high, 0), half_face - wide - max(lean * high, 0)))
    return ColourBox(x0, x0 + wide, z0, z0 + high, steer)


def pick_region(seed: int, among: tuple[str, ...] | None = None) -> str:
    """The region that a seed draws, among all or some."""
    names = among or tuple(regions())
    return names[int(np.random.default_rng([seed, 83]).integers(len(names)))]


def half_width_mm(seed: int) -> float:
    """How far from the middle of the face vessels are drawn."""
    return float(np.random.default_rng([seed, 84]).uniform(10.0, 15.0))


def main_artery(site: Site) -> str:
    """The site's first artery, or its first vessel where it has none."""
    arteries = [v for v in site.vessels if v.kind == "artery"]
    return (arteries or list(site.vessels))[0].id
