"""One screen with a stand-in for tissue, and its truth: for measuring scales and read-outs on thousands of screens."""

from __future__ import annotations

import math
import random
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.contract import (
    Areas,
    ColourSettings,
    Composed,
    FrameState,
    Gate,
    Mode,
    Picture,
    SceneImages,
    Settings,
    SpectralSettings,
)
from mock_devices.screens._capture import Capture
from mock_devices.screens._filler_picture import Beat, Blob, Fan, flow_overlay, texture, trace_picture
from mock_devices.screens._plan import Plan
from mock_devices.screens._styles import screen_style

_PROBES: Final = ("L12-4", "L15-7", "L18-5", "L38", "HF20", "LA14", "12L", "L25x")
_PRESETS: Final = ("Face", "Superficial", "Small Parts", "Vascular", "MSK", "Nerve", "Carotid")
_CURVED: Final = ("C5-2", "P4-2", "C60", "MC8", "3S")
_FAN_STYLES: Final = (2, 4, 6, 8, 9)


def still(style: int, seed: int, size: tuple[int, int], *, mode: Mode | None = None) -> tuple[Picture, dict[str, Any]]:
    """A captured screen, blue first, and one frame of the truth document (keys of `sonofill-truth/1`), with three more:

    "ruler" {"points", "mm_per_tick"} or null, "ruler_below" likewise, and "kind" ("linear", "convex", "sector" or
    "trapezoid"). Tissue is a filler that means nothing: layers, vessels and landmarks are empty. "b", "colour", "power" or
    "spectral" is thrown unless `mode` says it; pictures that are no rectangle are of mode "b".
    """
    dice = random.Random(f"still/{style}/{seed}/{size[0]}x{size[1]}")
    mode = mode or dice.choice(["b", "b", "b", "colour", "colour", "power", "spectral"])
    fan = _fan(dice) if mode == "b" and style in _FAN_STYLES and dice.random() < 0.3 else None
    settings = _settings(dice, mode or "b", fan)
    capture = Capture.throw(dice, size)
    screen = screen_style(style, seed=seed, size=capture.drawn, extent=fan.extent if fan else None)
    plan = screen.plan(settings)
    images, blobs, beat = _images(plan, settings, fan, dice)
    frozen = dice.random() < 0.1
    composed = screen.compose(images, settings, FrameState(dice.randrange(900), dice.uniform(0, 40), frozen))
    bgr = capture.picture(composed.picture)
    truth = _truth(plan, screen.areas(settings), composed, settings, images, blobs, beat, capture)
    below = screen.below(settings)
    truth["ruler_below"] = (
        None if below is None else {"points": [capture.point(p) for p in below.points], "mm_per_tick": below.step_mm}
    )
    truth["kind"] = fan.kind if fan else "linear"
    truth["quality"]["frozen"] = frozen
    return bgr, truth


def still_mask(truth: dict[str, Any], size: tuple[int, int]) -> NDArray[np.uint8]:
    """1 where flow is painted in a still of (width, height), by its truth's polygons: uint8 (height, width)."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    for region in truth["doppler"]["regions"]:
        cv2.fillPoly(mask, [np.array(region["polygon"]).round().astype(np.int32).reshape(-1, 1, 2)], 1)
    return mask


def _fan(dice: random.Random) -> Fan:
    kind = dice.choice(["convex", "convex", "sector", "trapezoid"])
    if kind == "trapezoid":
        return Fan(
            "trapezoid",
            0.0,
            math.radians(dice.uniform(5, 15)),
            dice.choice([30.0, 38.0, 45.0]),
            dice.choice([25.0, 30.0, 40.0, 50.0]),
        )
    depth = float(dice.choice([80, 100, 120, 140, 150, 160, 180, 200]))
    radius, angle = (
        (dice.uniform(40, 62), dice.uniform(26, 36)) if kind == "convex" else (dice.uniform(1, 6), dice.uniform(35, 45))
    )
    return Fan(kind, radius, math.radians(angle), 0.0, depth, dice.random() < 0.45)  # type: ignore[arg-type]


def _settings(dice: random.Random, mode: Mode, fan: Fan | None) -> Settings:
    depth = fan.depth_mm if fan else float(dice.choice([15, 20, 25, 30, 30, 35, 40, 40, 45, 50, 60]))
    limit = round(dice.choice([3, 4, 5, 6.2, 7.7, 10, 12.8, 16, 19.2, 25.7, 38.5]), 1)
    low = -limit if dice.random() < 0.85 else -round(limit * dice.uniform(0.4, 0.9), 1)
    prf = round(dice.choice([500, 600, 700, 800, 900, 1000, 1200, 1500, 2000, 2500, 3000, 4000]))
    doppler_mhz = float(dice.choice([4.0, 5.0, 5.7, 6.3, 7.5, 8.0]))
    colour = spectral = None
    if mode in ("colour", "power") or (mode == "spectral" and dice.random() < 0.6):
        colour = ColourSettings(
            doppler_mhz, prf, dice.choice([40, 50, 62, 80, 100, 120]), dice.randint(20, 80), (low, limit)
        )
    if mode == "spectral":
        top = float(dice.choice([20, 30, 40, 50, 60, 80, 100]))
        spectral = SpectralSettings(
            doppler_mhz, prf * 3, dice.choice([50, 80, 100, 150]), dice.randint(30, 80), dice.choice([0, 30, 45, 50, 60]),
            dice.choice([1.0, 1.5, 2.0, 3.0]), depth * 0.4, (-top * dice.choice([0.25, 0.5]), top),
            dice.choice([2.0, 3.0, 4.0, 5.0]), True, False,
        )  # fmt: skip
    return Settings(
        mode=mode,
        probe=dice.choice(_CURVED if fan and fan.kind != "trapezoid" else _PROBES),
        preset=dice.choice(_PRESETS),
        face_mm=fan.extent.width_mm if fan else dice.choice([30.0, 38.0, 40.0, 45.0, 50.0]),
        frequency_mhz=dice.choice([2.0, 3.5, 4.0, 5.0])
        if depth > 60
        else dice.choice([8.0, 10.0, 11.4, 12.0, 14.0, 15.0, 18.0]),
        depth_mm=depth,
        focus_mm=round(depth * dice.choice([0.3, 0.4, 0.5, 0.6])),
        gain=dice.randint(30, 85),
        dynamic_range_db=dice.choice([50, 55, 60, 65, 70, 74, 80, 90, 110]),
        frame_rate_hz=float(dice.randint(8, 60)),
        mechanical_index=dice.randint(10, 160) / 100,
        thermal_index_soft_tissue=dice.randint(1, 90) / 100,
        thermal_index_bone=dice.randint(1, 120) / 100,
        colour=colour,
        spectral=spectral,
    )


def _images(
    plan: Plan, settings: Settings, fan: Fan | None, dice: random.Random
) -> tuple[SceneImages, list[Blob], Beat | None]:
    x0, y0, x1, y1 = plan.picture
    rows, columns = y1 - y0, x1 - x0
    grey = texture(rows, columns, settings.gain, settings.dynamic_range_db, dice.randrange(1 << 30))
    if fan is not None:
        grey = fan.warp(grey, plan)
    overlay = None
    blobs: list[Blob] = []
    if settings.colour is not None:
        overlay, blobs = flow_overlay(plan, settings.mode == "power", settings.colour.limits_cm_s, dice)
    trace = gate = beat = None
    if settings.spectral is not None:
        trace, beat = trace_picture(plan, settings.spectral, dice)
        lean = 0.25
        column, row = (x0 + x1) / 2, plan.row(settings.spectral.gate_depth_mm)
        beam = ((column - lean * (row - y0), float(y0)), (column + lean * (y1 - row), float(y1 - 1)))
        gate = Gate(beam, (column, row), settings.spectral.gate_mm / plan.mm_per_pixel[1], (0.94, 0.34))
    return SceneImages(grey, overlay, trace, gate), blobs, beat


def _truth(
    plan: Plan,
    areas: Areas,
    composed: Composed,
    settings: Settings,
    images: SceneImages,
    blobs: list[Blob],
    beat: Beat | None,
    capture: Capture,
) -> dict[str, Any]:
    fx, fy = capture.factors
    box = capture.box(plan.picture)
    overlay = images.colour
    kind = "none" if overlay is None else overlay.kind
    flat = {k: v for k, v in asdict(settings).items() if k not in ("colour", "spectral", "mode")}
    doppler = settings.spectral or settings.colour
    flat |= {"prf_hz": doppler and doppler.prf_hz, "wall_filter_hz": doppler and doppler.wall_filter_hz}
    return {
        "frame": 0,
        "time_s": 0.0,
        "mode": settings.mode,
        "region": dict(zip(("x0", "y0", "x1", "y1"), box, strict=True)),
        "mm_per_pixel": [areas.mm_per_pixel[0] / fx, areas.mm_per_pixel[1] / fy],
        "mirrored": areas.mirrored,
        "settings": flat,
        "readouts": {
            k: {"value": r.value, "text": r.text, "box": capture.box(r.box)} for k, r in composed.readouts.items()
        },
        "ruler": {"points": [capture.point(p) for p in composed.ruler], "mm_per_tick": composed.ruler_mm_per_tick}
        if composed.ruler
        else None,
        "skin_line": [],
        "layers": [],
        "vessels": [],
        "doppler": {
            "kind": kind,
            "box": None if overlay is None else capture.box(overlay.box),
            "polygon": None if overlay is None else [capture.point(p) for p in overlay.polygon],
            "bar": None if composed.bar is None else capture.box(composed.bar),
            "bar_limits_cm_s": None if composed.bar_limits_cm_s is None else list(composed.bar_limits_cm_s),
            "regions": [
                {
                    "vessel": None,
                    "polygon": [capture.point(p) for p in b.polygon],
                    "velocity_cm_s": b.velocity_cm_s,
                    "aliased": False,
                }
                for b in blobs
            ],
        },
        "spectrum": _spectrum(plan, images, settings, beat, capture),
        "needle": None,
        "filler": [],
        "pressure": 0.0,
        "landmarks": [],
        "quality": {"gain": "normal", "contact_loss": 0.0, "frozen": False, "repeated": False, "signal": "ultrasound"},
    }


def _spectrum(
    plan: Plan, images: SceneImages, settings: Settings, beat: Beat | None, capture: Capture
) -> dict[str, Any] | None:
    trace = images.spectrum
    if trace is None or plan.trace is None or beat is None or settings.spectral is None:
        return None
    fx, fy = capture.factors
    return {
        "region": capture.box(plan.trace),
        "baseline_row": capture.point((0, trace.baseline_row))[1],
        "cm_s_per_pixel": trace.cm_s_per_pixel / fy,
        "s_per_pixel": trace.s_per_pixel / fx,
        "psv_cm_s": beat.psv_cm_s,
        "edv_cm_s": beat.edv_cm_s,
        "resistance_index": (beat.psv_cm_s - beat.edv_cm_s) / beat.psv_cm_s,
        "heart_rate_per_min": beat.heart_rate_per_min,
        "angle_deg": settings.spectral.angle_deg,
        "kind": "artery",
    }
