"""The truth of each frame as a plain dict: what is where, in pixels of the screen, and how fast, in the contract's words.

Frames of a clip share their lists where nothing changed; a reader must not write to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.needle import OUTER_DIAMETER_MM
from mock_devices.acoustics.tissue import FILLERS
from mock_devices.contract import Composed, Settings, Signal
from mock_devices.simulation.moment import Moment, bolus_outline_mm
from mock_devices.simulation.scene import Scene, Shown

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
    "viscoelastic tissue, slip between layers, muscle at work",
    "motion out of the plane beyond changing speckle and wandering vessels",
    "diffusion of filler and enzyme; flow comes back by a smooth curve",
    "foramina, nerves, glands' ducts, hair, moles, gel bubbles",
)
_NO_DOPPLER: Final[dict[str, Any]] = {
    "kind": "none",
    "box": None,
    "polygon": None,
    "bar": None,
    "bar_limits_cm_s": None,
    "regions": [],
}
_COLUMNS: Final = 33
_SAMPLES: Final = 97
_ECHO: Final = {
    "ha": "anechoic",
    "caha": "hyperechoic",
    "pmma": "hyperechoic",
    "silicone": "hyperechoic",
    "paag": "anechoic",
}


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
        "doppler": dict(_NO_DOPPLER),
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
    told["layers"], boundaries, told["landmarks"] = _layers(scene, moment)
    told["skin_line"] = told["layers"][0]["points"]
    told["vessels"] = _vessels(scene, moment, boundaries)
    told["doppler"] = _doppler(scene, moment, shown, composed)
    told["spectrum"] = _spectrum(scene, moment, shown)
    told["needle"] = _needle(scene, moment, told["vessels"])
    told["filler"] = _filler(scene, moment)
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


def _points(points: NDArray[np.float64]) -> list[list[float]]:
    rounded: list[list[float]] = np.round(points, 2).tolist()
    return rounded


def _layers(scene: Scene, moment: Moment) -> tuple[list[dict[str, Any]], NDArray[np.float64], list[dict[str, Any]]]:
    """The layers; their upper boundaries (layers, columns) in picture rows at evenly spaced columns; the landmarks."""
    grid, body, site = scene.projection.grid, moment.body, scene.plan.site
    half = 0.5 * grid.columns * grid.mm_x
    x = np.linspace(-half - 0.8, half + 0.8, _SAMPLES) - body.pose.shift_mm
    rest = site.boundaries_mm(x)
    mark_x, mark_z = _landmarks(scene)
    all_x = np.concatenate([np.broadcast_to(x, rest.shape).ravel(), mark_x])
    all_x, all_z = body.to_screen(all_x, np.concatenate([rest.ravel(), mark_z]))
    now_x, now_z = all_x[: rest.size].reshape(rest.shape), all_z[: rest.size].reshape(rest.shape)
    places = _points(scene.projection.screen(all_x[rest.size :], all_z[rest.size :]))
    landmarks: list[dict[str, Any]] = [{"id": f"p{k}", "point": place} for k, place in enumerate(places)]
    at = np.linspace(0, grid.columns - 1, _COLUMNS)
    at_mm = grid.x0_mm + at * grid.mm_x
    rows = np.stack([(np.interp(at_mm, xs, zs) - grid.z0_mm) / grid.mm_z for xs, zs in zip(now_x, now_z, strict=True)])
    lines = []
    for row in rows:
        points = scene.projection.on_screen(np.stack([at, row], axis=-1))
        lines.append(_points(points[::-1] if scene.areas.mirrored else points))
    told = []
    for number, layer in enumerate(site.layers):
        last = number + 1 == len(site.layers)
        thick = None if last else round(float((rows[number + 1] - rows[number]).mean()) * grid.mm_z, 3)
        told.append(
            {
                "id": layer.id,
                "name": layer.name,
                "points": lines[number],
                "lower": None if last else lines[number + 1],
                "thickness_mm": thick,
            }
        )
    return told, rows, landmarks


def _vessels(scene: Scene, moment: Moment, boundaries: NDArray[np.float64]) -> list[dict[str, Any]]:
    grid, projection = scene.projection.grid, scene.projection
    found = []
    for number, lumen in enumerate(moment.body.lumens):
        vessel = lumen.vessel
        px = scene.lumen_px(moment, number)
        seen_from, seen_to = px[:, 0].min(), px[:, 0].max()
        if seen_to < 0 or seen_from > grid.columns - 1 or px[:, 1].min() > grid.rows - 1:
            continue
        if vessel.tube:
            px = px.copy()
            px[:, 0] = np.clip(px[:, 0], 0, grid.columns - 1)
        middle = px.mean(axis=0) if vessel.tube else _centre(scene, moment, number)
        skin = float(np.interp(middle[0], np.linspace(0, grid.columns - 1, _COLUMNS), boundaries[0]))
        mm = px * [grid.mm_x, grid.mm_z]
        diameter, width = _diameters(mm, vessel.tube, lumen.shape[1, 1] if vessel.tube else 0.0, vessel.slope)
        gel = moment.gel.get(vessel.id, 0.0)
        inside = 0 <= middle[0] < grid.columns and 0 <= middle[1] < grid.rows
        flowing = moment.speed_part[vessel.id] > 0.02
        found.append(
            {
                "id": vessel.id,
                "name": vessel.name,
                "kind": vessel.kind,
                "polygon": _points(projection.on_screen(px)),
                "centre": _points(projection.on_screen(middle[None]))[0],
                "diameter_mm": round(diameter, 3),
                "width_mm": round(width, 3),
                "depth_mm": round(float(middle[1] - skin) * grid.mm_z, 3),
                "velocity_cm_s": round(moment.flow[vessel.id], 3),
                "b_mode_visible": bool(inside and diameter >= 0.3 and not _without_contact(scene, moment, middle[0])),
                "flowing": bool(flowing),
                "occluded": bool(gel > 0.5 and not flowing),
                "tube": vessel.tube,
            }
        )
    return found


def _centre(scene: Scene, moment: Moment, number: int) -> NDArray[np.float64]:
    lumen = moment.body.lumens[number]
    x, z = moment.body.after_vessels(np.array([lumen.x_mm]), np.array([lumen.z_mm]))
    centre: NDArray[np.float64] = scene.projection.in_picture(x, z)[0]
    return centre


def _diameters(mm: NDArray[np.float64], tube: bool, half: float, slope: float) -> tuple[float, float]:
    """The lumen's small axis, and its extent across the picture, in mm."""
    width = float(np.ptp(mm[:, 0]))
    if tube:
        upper, lower = mm[: len(mm) // 2], mm[len(mm) // 2 :][::-1]
        gap = float(np.median(lower[:, 1] - upper[:, 1]))
        del half
        return gap * float(np.cos(np.arctan(slope))), width
    # Of an ellipse given by evenly turning points, the covariance has half the squares of its half axes.
    axes = np.linalg.eigvalsh(np.cov(mm.T, bias=True))
    return 2 * float(np.sqrt(max(2 * axes[0], 0.0))), width


def _without_contact(scene: Scene, moment: Moment, column: float) -> bool:
    wide = moment.contact_loss * scene.projection.grid.columns
    if scene.plan.script.contact_side == "left":
        return bool(column < wide)
    return bool(column > scene.projection.grid.columns - wide)


def _doppler(scene: Scene, moment: Moment, shown: Shown, composed: Composed) -> dict[str, Any]:
    overlay, colour = shown.images.colour, scene.settings.colour
    if overlay is None or colour is None or shown.colour_mask is None:
        return dict(_NO_DOPPLER)
    x0, y0, x1, y1 = overlay.box
    flow = (shown.colour_mask == 1).astype(np.uint8)
    regions = []
    low, high = colour.limits_cm_s
    for number, lumen in enumerate(moment.body.lumens):
        velocity = moment.flow[lumen.vessel.id]
        if velocity == 0.0:
            continue
        px = scene.projection.on_screen(scene.lumen_px(moment, number)) - [x0, y0]
        own = np.zeros_like(flow)
        cv2.fillPoly(own, [np.round(px * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
        contours, _ = cv2.findContours(cv2.bitwise_and(own, flow), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            if cv2.contourArea(contour) < 12:
                continue
            polygon = contour[:, 0, :].astype(np.float64) + np.array([x0, y0])
            regions.append(
                {
                    "vessel": lumen.vessel.id,
                    "polygon": polygon.tolist(),
                    "velocity_cm_s": round(velocity, 3),
                    "aliased": bool(velocity > high or velocity < low) and overlay.kind == "colour",
                }
            )
    limits = composed.bar_limits_cm_s
    return {
        "kind": overlay.kind,
        "box": [x0, y0, x1, y1],
        "polygon": [list(p) for p in overlay.polygon],
        "bar": None if composed.bar is None else list(composed.bar),
        "bar_limits_cm_s": None if limits is None or overlay.kind == "power" else list(limits),
        "regions": regions,
        "mask": _MaskPlace(overlay.box, shown.colour_mask),
    }


@dataclass(frozen=True, slots=True)
class _MaskPlace:
    """A mask that is spread over the whole screen only when somebody asks for it."""

    box: tuple[int, int, int, int]
    mask: NDArray[np.uint8]

    def whole(self, size: tuple[int, int]) -> NDArray[np.uint8]:
        """(height, width) of a screen of `size` (width, height)."""
        out = np.zeros((size[1], size[0]), np.uint8)
        x0, y0, x1, y1 = self.box
        out[y0:y1, x0:x1] = self.mask
        return out


def _spectrum(scene: Scene, moment: Moment, shown: Shown) -> dict[str, Any] | None:
    trace, spectral, vessel_id = shown.images.spectrum, scene.settings.spectral, scene.plan.gate_vessel
    if trace is None or spectral is None or vessel_id is None or scene.areas.trace is None:
        return None
    vessel = scene.plan.vessel(vessel_id)
    part = moment.speed_part[vessel_id] * scene.trace_factor
    psv, edv = vessel.psv_cm_s * part, vessel.edv_cm_s * part
    return {
        "region": list(scene.areas.trace),
        "baseline_row": trace.baseline_row,
        "cm_s_per_pixel": trace.cm_s_per_pixel,
        "s_per_pixel": trace.s_per_pixel,
        "psv_cm_s": round(psv, 3),
        "edv_cm_s": round(edv, 3),
        "resistance_index": round(1 - edv / psv, 4) if psv > 0 else None,
        "heart_rate_per_min": round(scene.plan.site.heart_rate_per_min, 2) if vessel.kind == "artery" else None,
        "angle_deg": spectral.angle_deg,
        "kind": vessel.kind,
        "vessel": vessel_id,
    }


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


def _filler(scene: Scene, moment: Moment) -> list[dict[str, Any]]:
    found = []
    for old in scene.plan.site.old_filler:
        x, z = moment.body.to_screen(*old.outline_mm())
        polygon = _points(scene.projection.screen(x, z))
        echo = _ECHO[old.material]
        found.append({"material": old.material, "polygon": polygon, "echogenicity": echo, "intravascular": False})
    for bolus, deposit in moment.boluses:
        if deposit.radius_z_mm > 0.05:
            edge = bolus_outline_mm(moment.body, deposit)
            polygon = _points(scene.projection.screen(edge[:, 0], edge[:, 1]))
            echo = _ECHO[bolus.material]
            found.append({"material": bolus.material, "polygon": polygon, "echogenicity": echo, "intravascular": False})
    for number, lumen in enumerate(moment.body.lumens):
        if moment.gel.get(lumen.vessel.id, 0.0) > 0.1:
            polygon = _points(scene.projection.on_screen(scene.lumen_px(moment, number)))
            found.append({"material": "ha", "polygon": polygon, "echogenicity": "hypoechoic", "intravascular": True})
    return found


def _landmarks(scene: Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A grid of tissue points (x, z) at rest, above the bone, that travel with the tissue."""
    grid, site = scene.projection.grid, scene.plan.site
    half = 0.4 * grid.columns * grid.mm_x
    x = np.repeat(np.linspace(-half, half, 5), 4)
    bounds = site.boundaries_mm(x)
    part = np.tile(np.array([0.12, 0.35, 0.6, 0.9]), 5)
    return x, bounds[0] + (bounds[-1] - bounds[0]) * part


assert set(_ECHO) == set(FILLERS)
