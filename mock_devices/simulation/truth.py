"""The truth of each frame as a plain dict: what is where, in pixels of the screen, and how fast, in the contract's words.

Frames of a clip share their lists where nothing changed; a reader must not write to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from devices.cv import cv2
from mock_devices.acoustics.needle import OUTER_DIAMETER_MM
from mock_devices.contract import Composed, Settings, Signal
from mock_devices.simulation.doppler_truth import NO_DOPPLER, doppler_truth, spectrum_truth
from mock_devices.simulation.moment import Moment
from mock_devices.simulation.scene import Scene, Shown
from mock_devices.simulation.tissue_truth import filler_truth, layers_truth, vessels_truth

NOTICE: Final = "Simulated image. Not a patient. Values are teaching defaults."
SCHEMA: Final = "sonofill-truth/1"
LEFT_OUT: Final = (
    "sound speed differences, refraction and phase aberration",
    "non-linear propagation and harmonics",
    "interference of echo and noise (the stronger of both is shown)",
    "the beam's own place: resting echoes travel with the tissue by the millimetre that it moves",
    "scan time: all lines of a frame are of one moment",
    "mirror images, twinkling, refraction shadows at edges, grating lobes",
    "flow that is not axial: no vortices, no disturbed flow behind a narrowing",
    "persistence of colour, variance, tissue priority",
    "spectral broadening by geometry along the vessel, mirror traces",
    "vessels that curve within the plane",
    "viscoelastic tissue, slip between layers, muscle at work",
    "motion out of the plane beyond changing speckle and wandering vessels",
    "diffusion of filler and enzyme; flow comes back by a smooth curve",
    "foramina, nerves, glands' ducts, hair, moles, gel bubbles",
)


@dataclass(frozen=True, slots=True)
class FrameNumbers:
    """The frame's place in the clip."""

    frame: int
    time_s: float
    frozen: bool
    repeated: bool
    signal: Signal


def settings_dict(settings: Settings) -> dict[str, Any]:
    """The settings as the truth lists them."""
    told: dict[str, Any] = {
        "mechanical_index": settings.mechanical_index,
        "thermal_index_soft_tissue": settings.thermal_index_soft_tissue,
        "thermal_index_bone": settings.thermal_index_bone,
        "depth_mm": settings.depth_mm,
        "gain": settings.gain,
        "frequency_mhz": settings.frequency_mhz,
        "dynamic_range_db": settings.dynamic_range_db,
        "frame_rate_hz": settings.frame_rate_hz,
        "focus_mm": settings.focus_mm,
        "preset": settings.preset,
        "probe": settings.probe,
        "face_mm": settings.face_mm,
    }
    if settings.colour is not None:
        told |= {
            "prf_hz": settings.colour.prf_hz,
            "wall_filter_hz": settings.colour.wall_filter_hz,
            "colour_gain": settings.colour.gain,
            "colour_frequency_mhz": settings.colour.frequency_mhz,
            "limits_cm_s": list(settings.colour.limits_cm_s),
        }
    if settings.spectral is not None:
        told |= {
            "spectral_prf_hz": settings.spectral.prf_hz,
            "spectral_wall_filter_hz": settings.spectral.wall_filter_hz,
            "spectral_gain": settings.spectral.gain,
            "angle_deg": settings.spectral.angle_deg,
            "gate_mm": settings.spectral.gate_mm,
            "gate_depth_mm": settings.spectral.gate_depth_mm,
        }
    return told


def frame_truth(
    scene: Scene, moment: Moment, shown: Shown | None, composed: Composed, numbers: FrameNumbers
) -> dict[str, Any]:
    """The truth of one frame; without ultrasound on the screen all that would be in the picture is empty."""
    settings = scene.settings
    told: dict[str, Any] = {
        "frame": numbers.frame,
        "time_s": numbers.time_s,
        "mode": settings.mode,
        "region": None,
        "mm_per_pixel": None,
        "settings": settings_dict(settings),
        "readouts": _readouts(composed),
        "skin_line": [],
        "layers": [],
        "vessels": [],
        "doppler": dict(NO_DOPPLER),
        "spectrum": None,
        "needle": None,
        "filler": [],
        "pressure": moment.body.pose.pressure,
        "landmarks": [],
        "ruler": {"points": [list(p) for p in composed.ruler], "mm_per_tick": composed.ruler_mm_per_tick},
        "quality": {
            "gain": scene.plan.gain,
            "contact_loss": moment.contact_loss,
            "frozen": numbers.frozen,
            "repeated": numbers.repeated,
            "signal": numbers.signal,
        },
    }
    if shown is None:
        return told
    x0, y0, x1, y1 = scene.areas.picture
    told["region"] = {"x0": x0, "y0": y0, "x1": x1, "y1": y1}
    told["mm_per_pixel"] = list(scene.areas.mm_per_pixel)
    told["layers"], boundaries, told["landmarks"] = layers_truth(scene, moment)
    told["skin_line"] = told["layers"][0]["points"]
    told["vessels"] = vessels_truth(scene, moment, boundaries)
    told["doppler"] = doppler_truth(scene, moment, shown, composed)
    told["spectrum"] = spectrum_truth(scene, moment, shown)
    told["needle"] = _needle(scene, moment, told["vessels"])
    told["filler"] = filler_truth(scene, moment)
    return told


def repeat_truth(before: dict[str, Any], composed: Composed, numbers: FrameNumbers) -> dict[str, Any]:
    """The truth of a frame that shows the probe's picture of the frame before."""
    told = dict(before)
    told["frame"], told["time_s"] = numbers.frame, numbers.time_s
    told["readouts"] = _readouts(composed)
    told["doppler"] = dict(before["doppler"])
    told["quality"] = before["quality"] | {
        "frozen": numbers.frozen,
        "repeated": numbers.repeated,
        "signal": numbers.signal,
    }
    return told


def _readouts(composed: Composed) -> dict[str, Any]:
    return {key: {"value": r.value, "text": r.text, "box": list(r.box)} for key, r in composed.readouts.items()}


def _needle(scene: Scene, moment: Moment, vessels: list[dict[str, Any]]) -> dict[str, Any] | None:
    plan, now = scene.plan.script.needle, moment.instrument
    if plan is None or now is None:
        return None
    grid = scene.projection.grid
    tip = scene.projection.point(*now.tip_mm)
    scale = np.array([grid.mm_x, grid.mm_z])
    distance = {}
    for vessel in vessels:
        outline = (np.array(vessel["polygon"]) * scale).astype(np.float32)
        inside = cv2.pointPolygonTest(outline[:, None, :], (tip[0] * grid.mm_x, tip[1] * grid.mm_z), True)
        distance[vessel["id"]] = round(-float(inside), 3)
    x0, y0, x1, y1 = scene.areas.picture
    on_picture = x0 <= tip[0] < x1 and y0 <= tip[1] < y1
    return {
        "kind": plan.kind,
        "entry": list(scene.projection.point(*now.entry_mm)),
        "tip": list(tip),
        "shaft_visible": bool(now.seen_to - now.seen_from > 0.15),
        "tip_visible": bool(now.seen_to >= 1.0 and on_picture),
        "gauge": plan.gauge,
        "outer_diameter_mm": OUTER_DIAMETER_MM[plan.gauge],
        "distance_mm": distance,
    }
