"""Scripts of an injection: where the instrument goes, where the deposit lies, when each is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from mock_devices.contract import Settings
from mock_devices.face import Site
from mock_devices.simulation.script import BolusPlan, NeedlePlan, Script, Track, constant

Kind = Literal["ha", "caha", "blind"]


def script(kind: Kind, site: Site, settings: Settings, seed: int, base: Script) -> Script:
    """The base script with an instrument, and a deposit unless the tip is blind."""
    draw = np.random.default_rng([seed, 101])
    radius_z = float(draw.uniform(0.45, 0.85))
    radius_x = radius_z * float(draw.uniform(1.5, 2.8))
    x, z = _room(site, radius_z, settings, draw)
    side = 1.0 if draw.random() < 0.5 else -1.0
    half = 0.5 * min(settings.face_mm, 1.7 * settings.depth_mm)
    steep = float(np.tan(np.radians(draw.uniform(12, 40))))
    entry_z = site.gel_mm * 0.4
    run = min((z - entry_z) / steep, half + side * x + 2.0)
    entry = (x - side * run, entry_z + max(0.0, (z - entry_z) - run * steep))
    blind = kind == "blind"
    hidden: Track = constant(0.0)
    if blind:
        worst = float(draw.uniform(0.35, 1.0))
        hidden = ((0.25, 0.0), (0.4, worst), (0.75, worst), (0.9, float(draw.choice([0.0, worst]))))
    elif draw.random() < 0.35:
        hidden = ((0.5, 0.0), (0.6, 0.4), (0.7, 0.0))
    cannula = bool(draw.random() < 0.4)
    needle = NeedlePlan(
        kind="cannula" if cannula else "needle",
        gauge=int(draw.choice([22, 25, 27] if cannula else [25, 27, 30])),
        entry_mm=entry,
        target_mm=(x, z),
        advance=((0.06, 0.08), (0.34, 1.0), (0.80, 1.0), (0.96, 0.1)),
        present=((0.0, 0.0), (0.05, 0.0), (0.051, 1.0), (0.965, 1.0), (0.966, 0.0)),
        out_of_plane=hidden,
    )
    if blind:
        return replace(base, needle=needle)
    material: Literal["ha", "caha"] = "caha" if kind == "caha" else "ha"
    grow: Track = ((0.38, 0.0), (0.74, 1.0))
    bolus = BolusPlan(material, x, z + 0.25 * radius_z, radius_x, radius_z, grow)
    return replace(base, needle=needle, boluses=(bolus,))


def _room(site: Site, radius_z: float, settings: Settings, draw: np.random.Generator) -> tuple[float, float]:
    """A place in soft tissue with room for the deposit, away from the vessels and within the picture."""
    half = 0.3 * min(settings.face_mm, 1.7 * settings.depth_mm)
    best, clear = (0.0, 0.0), -1e9
    for _ in range(60):
        x = float(draw.uniform(-half, half))
        bounds = site.boundaries_mm(np.array([x]))[:, 0]
        top, low = bounds[3] + radius_z + 0.3, bounds[-1] - radius_z - 0.6
        z = float(draw.uniform(top, low)) if low > top else float((bounds[3] + bounds[-1]) / 2)
        gap = 4.0
        for vessel in site.vessels:
            away = (
                abs(z - vessel.z_mm - vessel.slope * (x - vessel.x_mm))
                if vessel.tube
                else np.hypot((x - vessel.x_mm) * 0.6, z - vessel.z_mm)
            )
            gap = min(gap, float(away) - vessel.radius_mm - radius_z)
        if gap > clear:
            best, clear = (x, z), gap
        if gap > 1.2:
            break
    return best
