"""The truth of tissue: layers, vessels, filler and landmarks of one moment, in pixels of the screen and millimetres."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mock_devices.acoustics.tissue import FILLERS
from mock_devices.simulation.moment import Moment, bolus_outline_mm
from mock_devices.simulation.scene import Scene

_COLUMNS: Final = 33
_SAMPLES: Final = 97
_ECHO: Final = {
    "ha": "anechoic",
    "caha": "hyperechoic",
    "pmma": "hyperechoic",
    "silicone": "hyperechoic",
    "paag": "anechoic",
}


def layers_truth(
    scene: Scene, moment: Moment
) -> tuple[list[dict[str, Any]], NDArray[np.float64], list[dict[str, Any]]]:
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


def _landmarks(scene: Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A grid of tissue points (x, z) at rest, above the bone, that travel with the tissue."""
    grid, site = scene.projection.grid, scene.plan.site
    half = 0.4 * grid.columns * grid.mm_x
    x = np.repeat(np.linspace(-half, half, 5), 4)
    bounds = site.boundaries_mm(x)
    part = np.tile(np.array([0.12, 0.35, 0.6, 0.9]), 5)
    return x, bounds[0] + (bounds[-1] - bounds[0]) * part


def vessels_truth(scene: Scene, moment: Moment, boundaries: NDArray[np.float64]) -> list[dict[str, Any]]:
    """The vessels whose lumen reaches into the picture; `boundaries` are those of `layers_truth`."""
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


def filler_truth(scene: Scene, moment: Moment) -> list[dict[str, Any]]:
    """Old deposits, fresh ones, and gel within a lumen."""
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


def _points(points: NDArray[np.float64]) -> list[list[float]]:
    rounded: list[list[float]] = np.round(points, 2).tolist()
    return rounded


assert set(_ECHO) == set(FILLERS)
