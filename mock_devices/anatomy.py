"""The tissue at rest: layers, vessels and where they lie, in millimetres.

Coordinates: x to the right from the middle of the probe's face, z down from its surface. The site is the cheek over the
buccal fat, where the facial artery and vein lie side by side. Depths and calibres are teaching defaults in the range of
the published means for that site (skin 1.0 to 1.4 mm, superficial fascia 4.8 ± 0.9 mm, facial artery 8.8 ± 3.0 mm deep and
1.2 mm wide, facial vein 2 to 3 mm); they describe nobody. The gel gap, the deep fat and the bone are deeper than most
cheeks so that a 30 mm picture has something to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEPTH_MM: Final = 30.0  #: what the screen shows from top to bottom of the ultrasound box
GEL_MM: Final = 0.6  #: stand-off between the probe and the skin


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer by its upper boundary; it reaches down to the next layer's.

    `id` is the clinical vocabulary's. The boundary is `depth_mm + tilt * x + wave_mm * (two slow waves of x)`.
    """

    id: str
    name: str
    depth_mm: float
    tilt: float
    wave_mm: float
    phases: tuple[float, float]

    def boundary_mm(self, x_mm: Floats) -> Floats:
        """Depth of the upper boundary at rest, for each x."""
        slow = np.sin(2 * np.pi * x_mm / 37.0 + self.phases[0])
        quick = np.sin(2 * np.pi * x_mm / 13.0 + self.phases[1])
        return self.depth_mm + self.tilt * x_mm + self.wave_mm * (0.75 * slow + 0.25 * quick)


@dataclass(frozen=True, slots=True)
class Vessel:
    """A vessel cut across: an ellipse at rest, and how fast the blood in it comes towards the probe.

    `peak_cm_s` and `least_cm_s` are the velocity along the beam in the middle of the lumen, at its most and its least
    within a heartbeat; towards the probe is positive. The plane cuts the vessel nearly square, so they are a tenth of the
    velocity along the vessel.
    """

    id: str
    name: str
    kind: Literal["artery", "vein"]
    x_mm: float
    z_mm: float
    radius_x_mm: float
    radius_z_mm: float
    peak_cm_s: float
    least_cm_s: float
    pulse: float  #: how much its radius grows at the height of the beat, as a part of the radius


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A site: its layers from the surface down, its vessels, its heart rate."""

    seed: int
    layers: tuple[Layer, ...]
    vessels: tuple[Vessel, ...]
    heart_rate_per_min: float

    def boundaries_mm(self, x_mm: Floats) -> Floats:
        """Upper boundaries at rest, one row for each layer, each at least a hair below the one above."""
        rows = np.stack([layer.boundary_mm(x_mm) for layer in self.layers])
        return np.maximum.accumulate(rows, axis=0)

    def vessel(self, vessel_id: str) -> Vessel:
        """The vessel of that id. Raises KeyError."""
        for vessel in self.vessels:
            if vessel.id == vessel_id:
                return vessel
        raise KeyError(vessel_id)


# id, name, depth of the upper boundary (mm), tilt, wave (mm)
_LAYERS: Final = (
    ("epi", "epidermis", GEL_MM, 0.0, 0.06),
    ("der-u", "upper dermis", GEL_MM + 0.25, 0.0, 0.06),
    ("der-l", "lower dermis", GEL_MM + 0.80, 0.0, 0.08),
    ("sfat", "superficial fat", GEL_MM + 1.45, 0.002, 0.14),
    ("smas", "SMAS", 5.20, 0.012, 0.35),
    ("musc", "muscle", 5.65, 0.012, 0.35),
    ("dfat", "deep fat", 7.60, -0.010, 0.30),
    ("perio", "periosteum", 18.20, -0.055, 1.15),
)


def cheek(seed: int) -> Anatomy:
    """The one site of this first probe. The seed draws the run of the boundaries; the vessels stay where they are."""
    draw = np.random.default_rng([seed, 1])
    fascia = tuple(draw.uniform(0, 2 * np.pi, 2))
    layers = []
    for layer_id, name, depth, tilt, wave in _LAYERS:
        own = tuple(draw.uniform(0, 2 * np.pi, 2))
        # The lines of the skin run together, and so do the fascia and the muscle below it.
        skin = layer_id in ("epi", "der-u", "der-l")
        phases = (0.4, 1.1) if skin else fascia if layer_id in ("smas", "musc") else own
        layers.append(Layer(layer_id, name, depth, tilt, wave, (float(phases[0]), float(phases[1]))))
    vessels = (
        Vessel("fa", "facial artery", "artery", -2.6, 9.6, 0.60, 0.60, 4.4, 0.9, 0.10),
        Vessel("fv", "facial vein", "vein", 2.4, 10.2, 1.25, 0.85, -1.9, -1.6, 0.0),
    )
    return Anatomy(seed, tuple(layers), vessels, heart_rate_per_min=70.0)
