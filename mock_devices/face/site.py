"""One patient's site at rest: layers, vessels and old filler in millimetres, as functions that can be asked anywhere.

Coordinates: x to the right from the middle of the probe's face, z down from the face, y out of the image plane towards the
operator. At rest means: no pressure but the gel's own, no pulse, the hand in the middle of its path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoundaryShape:
    """A slow random curve of x with about unit size: three waves."""

    lengths_mm: tuple[float, float, float]
    phases: tuple[float, float, float]
    weights: tuple[float, float, float]

    def at(self, x_mm: Floats) -> Floats:
        """The curve's value for each x."""
        total = np.zeros_like(x_mm)
        for length, phase, weight in zip(self.lengths_mm, self.phases, self.weights, strict=True):
            total = total + weight * np.sin(2 * np.pi * x_mm / length + phase)
        return total


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer by its thickness, which varies along x by `uneven` of itself; None reaches down without end."""

    id: str
    name: str
    thickness_mm: float | None
    uneven: float
    shape: BoundaryShape


@dataclass(frozen=True, slots=True)
class Vessel:
    """A vessel where the image plane cuts it, and its blood.

    `direction` is the unit vector of the flow (x, y, z). Where the vessel crosses the plane the cut is an ellipse: its small
    radius is the vessel's, its long one radius / |direction[1]|, lying along the course in the plane. Where it runs within
    the plane (`tube`) the lumen is a band about the line through (x, z) with the slope of the direction.
    """

    id: str
    name: str
    kind: Literal["artery", "vein"]
    x_mm: float
    z_mm: float
    radius_mm: float
    direction: tuple[float, float, float]
    tube: bool
    psv_cm_s: float
    edv_cm_s: float
    pulse: float  #: how much the radius grows at the height of the beat, as a part of itself
    delay: float  #: how much later than the heart's beat its wave comes, as a part of the beat
    swing_mm: float  #: how far its centre moves with a millimetre of out-of-plane motion of the probe

    @property
    def slope(self) -> float:
        """dz/dx of the course in the plane; 0 where it does not run in the plane."""
        return self.direction[2] / self.direction[0] if self.tube else 0.0

    def lumen(self) -> Matrix:
        """The matrix that makes the resting lumen of the unit circle: offset (x, z) from the centre = lumen @ unit vector.

        For a tube the first column is 0: the band has no end along x, and its half height stands at [1, 1].
        """
        dx, dy, dz = self.direction
        if self.tube:
            return np.array([[0.0, 0.0], [0.0, self.radius_mm / np.cos(np.arctan(self.slope))]])
        along = np.hypot(dx, dz)
        if along < 1e-6:
            return np.eye(2) * self.radius_mm
        c, s = dx / along, dz / along
        turn = np.array([[c, -s], [s, c]])
        stretched: Matrix = turn @ np.diag([self.radius_mm / abs(dy), self.radius_mm]) @ turn.T
        return stretched


@dataclass(frozen=True, slots=True)
class OldFiller:
    """A deposit of an earlier treatment, at rest: an ellipse."""

    material: str
    x_mm: float
    z_mm: float
    radius_x_mm: float
    radius_z_mm: float
    lumps: BoundaryShape  #: how its outline departs from the ellipse (argument: angle in "mm" of a 2 pi circle)

    def outline_mm(self, points: int = 48) -> tuple[Floats, Floats]:
        """Its outline (x, z) at rest."""
        angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
        stretch = 1.0 + 0.10 * self.lumps.at(angle)
        return self.x_mm + self.radius_x_mm * stretch * np.cos(angle), self.z_mm + self.radius_z_mm * stretch * np.sin(
            angle
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A region of one virtual patient."""

    region: str
    seed: int
    sex: Literal["female", "male"]
    gel_mm: float
    layers: tuple[Layer, ...]
    vessels: tuple[Vessel, ...]
    old_filler: tuple[OldFiller, ...]
    heart_rate_per_min: float
    curve: BoundaryShape  #: the skin's own curve
    curve_mm: float
    bone_bow_mm: float  #: how much nearer the bone stands in the middle of a 40 mm face

    def boundaries_mm(self, x_mm: Floats) -> Floats:
        """Upper boundaries at rest (layers, x); they never cross. Thickness is measured straight down."""
        depth = self.gel_mm + self.curve_mm * (1 + self.curve.at(x_mm))
        rows = [depth]
        inner = [layer for layer in self.layers[:-1] if layer.thickness_mm is not None]
        below_skin = [layer for layer in inner if layer.id not in ("epi", "der-u", "der-l")]
        room = sum(layer.thickness_mm or 0.0 for layer in below_skin)
        for layer in inner:
            thickness = (layer.thickness_mm or 0.0) * (1 + layer.uneven * layer.shape.at(x_mm))
            if layer in below_skin and room > 0:
                bow = self.bone_bow_mm * (1 - np.clip((x_mm / 20.0) ** 2, 0, 1.5)) * (layer.thickness_mm or 0.0) / room
                thickness = thickness - bow
            depth = depth + np.maximum(thickness, 0.35 * (layer.thickness_mm or 0.0))
            rows.append(depth)
        return np.stack(rows)

    def boundary_mm(self, layer_id: str, x_mm: Floats) -> Floats:
        """Upper boundary of one layer. KeyError where the site has no such layer."""
        for number, layer in enumerate(self.layers):
            if layer.id == layer_id:
                boundary: Floats = self.boundaries_mm(x_mm)[number]
                return boundary
        raise KeyError(layer_id)
