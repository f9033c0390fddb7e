"""Doppler findings as the JSON document of `sonofill doppler`."""

from __future__ import annotations

from typing import Any

from imaging.flow.clip import NO_SIGNAL, DopplerFindings
from imaging.flow.regions import FlowRegion


def as_document(findings: DopplerFindings) -> dict[str, Any]:
    """Boxes are [x0, y0, x1, y1] in pixels, x1 and y1 exclusive; polygons lists of [column, row]; velocities cm/s.

    `regions` are flow; what was told to be a flash stands in `flashes`. `notice` is said where no flow is seen.
    """
    layout = findings.layout
    if layout is None:
        return {
            "kind": "none",
            "box": None,
            "bar_limits_cm_s": None,
            "regions": [],
            "flashes": [],
            "vessels": [],
            "notice": None,
        }
    rows = [(frame.frame, region) for frame in findings.frames for region in frame.regions]
    bar = layout.bar if layout.bars else None
    return {
        "kind": findings.kind,
        "box": list(layout.box.box) if layout.box else None,
        "box_polygon": [[round(c, 1), round(r, 1)] for c, r in layout.box.polygon.tolist()] if layout.box else None,
        "bar": list(bar.box) if bar else None,
        "bar_limits_cm_s": list(layout.limits_cm_s) if layout.limits_cm_s else None,
        "bar_unit": layout.unit,
        "first_frame": findings.first,
        "regions": [_region(frame, region) for frame, region in rows if not region.flash],
        "flashes": [_region(frame, region) for frame, region in rows if region.flash],
        "vessels": [
            {
                "bounds": list(vessel.bounds),
                "kind": vessel.kind,
                "reason": vessel.reason,
                "direction": vessel.direction,
                "heart_rate_per_min": vessel.heart_rate_per_min,
                "pulsatility_index": vessel.pulsatility_index,
                "frames": vessel.frames,
            }
            for vessel in findings.vessels
        ],
        "notice": NO_SIGNAL if findings.no_signal else None,
    }


def _region(frame: int, region: FlowRegion) -> dict[str, Any]:
    return {
        "frame": frame,
        "bounds": list(region.bounds),
        "polygon": region.polygon,
        "velocity_cm_s": region.velocity_cm_s,
        "peak_cm_s": region.peak_cm_s,
        "direction": region.direction,
        "aliased": region.aliased,
        "area_px": region.area_px,
    }
