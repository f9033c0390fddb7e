"""What a frame of the simulated probe really shows: the known answer to hold every measurement against."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from mock_devices.anatomy import DEPTH_MM, Anatomy, cheek
from mock_devices.layout import Box, Layout
from mock_devices.motion import LOOP_S, Motion, beat_phase

NORMAL_SEED: Final = 20
COLOUR_LIMIT_CM_S: Final = 5.0
_POINTS: Final = 33  #: of a layer's polyline
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LayerTruth:
    """The upper boundary of a layer: points (column, row) in pixels from the left to the right side of the box."""

    id: str
    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class VesselTruth:
    """A lumen: an upright ellipse. Pixels and millimetres; velocity along the beam, towards the probe positive."""

    id: str
    name: str
    kind: str
    centre: Point
    radius_px: Point
    radius_mm: Point
    depth_mm: float
    velocity_cm_s: float


@dataclass(frozen=True, slots=True)
class RulerTruth:
    """The ruler's ticks: the column where they begin and one row for each millimetre from zero."""

    column: int
    rows: tuple[int, ...]
    mm_per_tick: float


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """One frame. Boxes are (x0, y0, x1, y1) with the ends not included; points are (column, row), pixel middles whole."""

    frame_number: int
    width: int
    height: int
    fps: float
    seed: int
    loop_s: float
    t_s: float
    beat_phase: float
    depth_mm: float
    mm_per_pixel: float
    box: Box
    colour_box: Box
    colour_bar: Box
    colour_limits_cm_s: Point
    layers: tuple[LayerTruth, ...]
    vessels: tuple[VesselTruth, ...]
    ruler: RulerTruth
    text: dict[str, str]

    def to_json(self) -> dict[str, object]:
        """Everything as plain values, for json.dumps."""
        return asdict(self)

    def layer(self, layer_id: str) -> LayerTruth:
        """The layer of that id. Raises KeyError."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def vessel(self, vessel_id: str) -> VesselTruth:
        """The vessel of that id. Raises KeyError."""
        for vessel in self.vessels:
            if vessel.id == vessel_id:
                return vessel
        raise KeyError(vessel_id)


def screen_text(fps: float) -> dict[str, str]:
    """The text on the screen, by what it says. There is never a patient's name."""
    return {
        "maker": "sonofill",
        "mark": "SIMULATED",
        "preset": "Superficial",
        "probe": "L12-SIM",
        "mi": "MI 0.9",
        "tis": "TIS 0.2",
        "frequency": "12 MHz",
        "gain": "Gain 55",
        "depth": "Depth 3.0 cm",
        "dynamic_range": "DR 60 dB",
        "frame_rate": f"FR {fps:g} Hz",
        "colour_frequency": "C 8 MHz",
        "colour_gain": "C Gain 48",
        "prf": "PRF 1.0 kHz",
        "wall_filter": "WF Low",
        "colour_upper": f"+{COLOUR_LIMIT_CM_S:g}",
        "colour_lower": f"-{COLOUR_LIMIT_CM_S:g}",
        "colour_unit": "cm/s",
        "notice": "Simulated image. Not a patient. Values are teaching defaults.",
    }


def loop_time_s(frame_number: int, fps: float) -> float:
    """The moment of the loop that a frame shows. Frames one loop apart show the same moment, to the last bit."""
    per_loop = round(LOOP_S * fps)
    return (frame_number % per_loop) / fps


def truth(frame_number: int, width: int, height: int, fps: float, seed: int = NORMAL_SEED) -> FrameTruth:
    """The truth of one frame: pure, the same for the same arguments, frames counted from 0."""
    return truth_of(cheek(seed), Layout(width, height), frame_number, fps)


def truth_of(anatomy: Anatomy, layout: Layout, frame_number: int, fps: float) -> FrameTruth:
    """The truth of one frame of a given site on a given screen."""
    t_s = loop_time_s(frame_number, fps)
    motion = Motion.at(anatomy, t_s)
    return FrameTruth(
        frame_number=frame_number,
        width=layout.width,
        height=layout.height,
        fps=fps,
        seed=anatomy.seed,
        loop_s=LOOP_S,
        t_s=t_s,
        beat_phase=beat_phase(anatomy, t_s),
        depth_mm=DEPTH_MM,
        mm_per_pixel=layout.mm_per_pixel,
        box=layout.box,
        colour_box=layout.colour_box,
        colour_bar=layout.colour_bar,
        colour_limits_cm_s=(-COLOUR_LIMIT_CM_S, COLOUR_LIMIT_CM_S),
        layers=_layers(anatomy, layout, motion),
        vessels=_vessels(anatomy, layout, motion),
        ruler=RulerTruth(layout.ruler_column, layout.ruler_rows, 1.0),
        text=screen_text(fps),
    )


def _layers(anatomy: Anatomy, layout: Layout, motion: Motion) -> tuple[LayerTruth, ...]:
    half = layout.width_mm / 2
    x_rest = np.linspace(-half, half, _POINTS) - motion.shift_mm
    rows = []
    for layer, z_rest in zip(anatomy.layers, anatomy.boundaries_mm(x_rest), strict=True):
        x, z = motion.to_screen(anatomy, x_rest, z_rest)
        points = tuple(layout.place(float(a), float(b)) for a, b in zip(x, z, strict=True))
        rows.append(LayerTruth(layer.id, layer.name, points))
    return tuple(rows)


def _vessels(anatomy: Anatomy, layout: Layout, motion: Motion) -> tuple[VesselTruth, ...]:
    found = []
    for vessel in anatomy.vessels:
        x, z = motion.to_screen(anatomy, np.array([vessel.x_mm]), np.array([vessel.z_mm]))
        radii = motion.radii_mm(anatomy, vessel)
        found.append(
            VesselTruth(
                id=vessel.id,
                name=vessel.name,
                kind=vessel.kind,
                centre=layout.place(float(x[0]), float(z[0])),
                radius_px=(radii[0] / layout.mm_per_pixel, radii[1] / layout.mm_per_pixel),
                radius_mm=radii,
                depth_mm=float(z[0]),
                velocity_cm_s=motion.velocity_cm_s(vessel),
            )
        )
    return tuple(found)
