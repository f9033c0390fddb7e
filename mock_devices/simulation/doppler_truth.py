"""The truth of blood as the screen shows it: colour or power Doppler with its mask, and the spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.contract import Composed
from mock_devices.simulation.moment import Moment
from mock_devices.simulation.scene import Scene, Shown

NO_DOPPLER: Final[dict[str, Any]] = {
    "kind": "none",
    "box": None,
    "polygon": None,
    "bar": None,
    "bar_limits_cm_s": None,
    "regions": [],
}


def doppler_truth(scene: Scene, moment: Moment, shown: Shown, composed: Composed) -> dict[str, Any]:
    """Kind, box, outline, bar and the displayed flow of each vessel; the mask stays small until it is asked for."""
    overlay, colour = shown.images.colour, scene.settings.colour
    if overlay is None or colour is None or shown.colour_mask is None:
        return dict(NO_DOPPLER)
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
        "mask": MaskPlace(overlay.box, shown.colour_mask),
    }


@dataclass(frozen=True, slots=True)
class MaskPlace:
    """A mask that is spread over the whole screen only when somebody asks for it."""

    box: tuple[int, int, int, int]
    mask: NDArray[np.uint8]

    def whole(self, size: tuple[int, int]) -> NDArray[np.uint8]:
        """(height, width) of a screen of `size` (width, height)."""
        out = np.zeros((size[1], size[0]), np.uint8)
        x0, y0, x1, y1 = self.box
        out[y0:y1, x0:x1] = self.mask
        return out


def spectrum_truth(scene: Scene, moment: Moment, shown: Shown) -> dict[str, Any] | None:
    """The trace and what the blood in its gate does now; None where no trace is shown."""
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
