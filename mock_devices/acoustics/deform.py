"""How the tissue moves: the hand, the probe's pressure, the pulse, a growing deposit. One mapping, in both directions.

Whoever draws asks for each place below the probe's face which piece of resting tissue is there now (`to_rest`); the truth
asks where a resting piece has gone (`to_screen`). From the rest outwards: vessels swell, collapse and wander; a deposit
pushes tissue aside as a fluid does (area is kept in the plane); pressure thins each layer by its own strain; the hand slides
and rocks. Tissue is elastic here without delay, and nothing moves out of the plane.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from mock_devices.face import Site, Vessel
from mock_devices.face.site import Floats, Matrix

#: Strain of a layer under full pressure: soft ones give most (teaching defaults)
_STRAIN: Final = {
    "gel": 0.93,
    "epi": 0.08,
    "der-u": 0.10,
    "der-l": 0.10,
    "sfat": 0.36,
    "smas": 0.08,
    "subsmas": 0.36,
    "musc": 0.20,
    "dfat": 0.30,
    "dtf": 0.06,
    "gland": 0.20,
    "mucosa": 0.25,
    "cart": 0.05,
}
_REACH: Final = 1.3  #: how far a moving wall is felt, in long radii of the lumen
_SPREAD: Final = 0.9  #: how far a deposit's push is felt, in its own radii
_STEPS: Final = 14


@dataclass(frozen=True, slots=True)
class Deposit:
    """A bolus now: an ellipse in the resting frame, its radii of this moment."""

    x_mm: float
    z_mm: float
    radius_x_mm: float
    radius_z_mm: float


@dataclass(frozen=True, slots=True)
class Pose:
    """What moves at one moment."""

    shift_mm: float = 0.0  #: the probe's face has slid this far to the left: tissue goes right
    rock: float = 0.0  #: heel-toe: dz/dx of the whole tissue against the face
    elevation_mm: float = 0.0  #: out of the plane
    pressure: float = 0.0  #: 0 to 1
    swelling: dict[str, float] = field(default_factory=dict)  #: vessel id -> pulse wave now, 0 to 1
    deposits: tuple[Deposit, ...] = ()


@dataclass(frozen=True, slots=True)
class Lumen:
    """A vessel's lumen now, in the resting frame (before deposits, pressure and hand)."""

    vessel: Vessel
    x_mm: float
    z_mm: float
    shape: Matrix  #: as Vessel.lumen, now
    rest: Matrix  #: Vessel.lumen
    long_mm: float  #: the resting lumen's longest radius


def lumen_now(vessel: Vessel, pose: Pose) -> Lumen:
    """Swollen by the pulse, flattened by the pressure (a vein collapses long before an artery), carried by elevation."""
    grow = 1.0 + vessel.pulse * pose.swelling.get(vessel.id, 0.0)
    if vessel.kind == "vein":
        flat = max(0.05, 1.0 - 2.1 * pose.pressure)
    else:
        flat = max(0.25, 1.0 - 0.42 * pose.pressure)
    wide = 1.0 + 0.22 * (1.0 - flat)
    rest = vessel.lumen()
    shape = np.diag([grow * wide, grow * flat]) @ rest
    aside = vessel.swing_mm * pose.elevation_mm
    return Lumen(vessel, vessel.x_mm + aside, vessel.z_mm - 0.15 * aside, shape, rest, float(np.linalg.norm(rest, 2)))


class Deformation:
    """The mapping of one site in one pose."""

    def __init__(self, site: Site, pose: Pose) -> None:
        self.site = site
        self.pose = pose
        self.lumens = tuple(lumen_now(vessel, pose) for vessel in site.vessels)
        self._rest_knots, self._now_knots = _compressed(site, pose.pressure)

    def to_rest(self, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """The resting place of the tissue that is now at (x, z) below the face."""
        x, z = self.before_vessels(x_mm, z_mm)
        for lumen in reversed(self.lumens):
            x, z = _undo_lumen(lumen, x, z)
        return x, z

    def before_vessels(self, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """Hand, pressure and deposits undone: the frame in which `lumens` stand."""
        x = x_mm - self.pose.shift_mm
        z = z_mm - self.pose.rock * x_mm
        z = _piecewise(z, self._now_knots, self._rest_knots)
        for deposit in reversed(self.pose.deposits):
            x, z = _undo_deposit(deposit, x, z)
        return x, z

    def to_screen(self, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """Where the tissue that rests at (x, z) is now, below the face."""
        x, z = x_mm, z_mm
        for lumen in self.lumens:
            x, z = _do_lumen(lumen, x, z)
        return self.after_vessels(x, z)

    def after_vessels(self, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
        """The inverse of `before_vessels`."""
        x, z = x_mm, z_mm
        for deposit in self.pose.deposits:
            x, z = _do_deposit(deposit, x, z)
        z = _piecewise(z, self._rest_knots, self._now_knots)
        x = x + self.pose.shift_mm
        return x, z + self.pose.rock * x


def unit(lumen: Lumen, x_mm: Floats, z_mm: Floats) -> tuple[Floats, Floats]:
    """Places in units of the lumen now: (u, w), of length 1 at its wall; x and z in the frame of `lumens`."""
    dx, dz = x_mm - lumen.x_mm, z_mm - lumen.z_mm
    if lumen.vessel.tube:
        return np.zeros_like(dx), (dz - lumen.vessel.slope * dx) / lumen.shape[1, 1]
    inverse = np.linalg.inv(lumen.shape)
    return inverse[0, 0] * dx + inverse[0, 1] * dz, inverse[1, 0] * dx + inverse[1, 1] * dz


def outline(lumen: Lumen, points: int = 40, half_width_mm: float = 25.0) -> tuple[Floats, Floats]:
    """The lumen's outline (x, z) in the frame of `lumens`."""
    if lumen.vessel.tube:
        x = np.linspace(-half_width_mm, half_width_mm, points // 2)
        middle = lumen.z_mm + lumen.vessel.slope * (x - lumen.x_mm)
        half = lumen.shape[1, 1]
        return np.concatenate([x, x[::-1]]), np.concatenate([middle - half, (middle + half)[::-1]])
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    offset = lumen.shape @ np.stack([np.cos(angle), np.sin(angle)])
    return lumen.x_mm + offset[0], lumen.z_mm + offset[1]


def _compressed(site: Site, pressure: float) -> tuple[Floats, Floats]:
    rest = np.concatenate([[0.0], site.boundaries_mm(np.linspace(-15, 15, 31)).mean(axis=1)])
    strains = np.array([_STRAIN["gel"]] + [_STRAIN.get(layer.id, 0.0) for layer in site.layers[:-1]])
    # The gel gives way first: half the pressure drives out most of it, and only the rest is felt below.
    give = np.concatenate([[min(1.0, 1.7 * pressure)], np.full(strains.size - 1, pressure)])
    thick = np.diff(rest) * (1.0 - strains * give)
    now = np.concatenate([[0.0], np.cumsum(thick)])
    return rest, now


def _piecewise(value: Floats, knots: Floats, images: Floats) -> Floats:
    """Linear between the knots; before the first and after the last with slope 1."""
    beyond: Floats = np.maximum(value - knots[-1], 0) + np.minimum(value - knots[0], 0)
    return beyond + np.interp(value, knots, images)


def _wall_shift(lumen: Lumen, u: Floats, w: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Resting wall less wall of now (x, z), in the direction of (u, w)."""
    rest = lumen.rest - lumen.shape
    u, w = u / q, w / q
    aside, up = lumen.vessel.x_mm - lumen.x_mm, lumen.vessel.z_mm - lumen.z_mm
    return rest[0, 0] * u + rest[0, 1] * w + aside, rest[1, 0] * u + rest[1, 1] * w + up


def _undo_lumen(lumen: Lumen, x: Floats, z: Floats) -> tuple[Floats, Floats]:
    u, w = unit(lumen, x, z)
    q = np.maximum(np.hypot(u, w), 1e-9)
    sx, sz = _wall_shift(lumen, u, w, q)
    wall = np.hypot(
        (lumen.shape[0, 0] * u + lumen.shape[0, 1] * w) / q, (lumen.shape[1, 0] * u + lumen.shape[1, 1] * w) / q
    )
    swing = float(np.hypot(lumen.vessel.x_mm - lumen.x_mm, lumen.vessel.z_mm - lumen.z_mm))
    outside = np.exp(-np.maximum(q - 1, 0) * wall / (_REACH * lumen.long_mm + 2.0 * swing))
    # Inside, the resting lumen is the present one stretched: the shift of the wall in the same direction, in proportion.
    part = np.minimum(q, 1.0)
    aside, up = lumen.vessel.x_mm - lumen.x_mm, lumen.vessel.z_mm - lumen.z_mm
    inner_x, inner_z = aside + (sx - aside) * part, up + (sz - up) * part
    return x + inner_x * outside, z + inner_z * outside


def _do_lumen(lumen: Lumen, x: Floats, z: Floats) -> tuple[Floats, Floats]:
    """The inverse of `_undo_lumen`: exact inside the lumen, by Newton's steps outside it."""
    vessel = lumen.vessel
    rest = Lumen(vessel, vessel.x_mm, vessel.z_mm, lumen.rest, lumen.rest, lumen.long_mm)
    if np.allclose(rest.shape, lumen.shape, atol=1e-6) and abs(rest.x_mm - lumen.x_mm) < 1e-6:
        return x, z
    u, w = unit(rest, x, z)
    q = np.maximum(np.hypot(u, w), 1e-9)
    aside = x - rest.x_mm if vessel.tube else lumen.shape[0, 0] * u + lumen.shape[0, 1] * w
    down = vessel.slope * aside * vessel.tube + lumen.shape[1, 0] * u + lumen.shape[1, 1] * w
    # From outside start at the present wall, in the same direction, as far beyond it as at rest.
    beyond = np.maximum(1 - 1 / q, 0)
    far = np.minimum(1 / q, 1)
    now_x = lumen.x_mm + aside * far + (x - rest.x_mm) * beyond
    now_z = lumen.z_mm + down * far + (z - rest.z_mm) * beyond
    if vessel.tube:
        run = x - rest.x_mm
        now_x = lumen.x_mm + run
        now_z = lumen.z_mm + vessel.slope * run + w * far * lumen.shape[1, 1] + w * beyond * rest.shape[1, 1]
    todo = (q > 1) & (q < 14)
    if todo.any():
        now_x[todo], now_z[todo] = _newton(lumen, x[todo], z[todo], now_x[todo], now_z[todo])
    still = q >= 14
    return np.where(still, x, now_x), np.where(still, z, now_z)


def _newton(lumen: Lumen, x: Floats, z: Floats, now_x: Floats, now_z: Floats) -> tuple[Floats, Floats]:
    tiny = 1e-5
    for _ in range(_STEPS):
        fx, fz = _undo_lumen(lumen, now_x, now_z)
        ex, ez = x - fx, z - fz
        if max(float(np.abs(ex).max()), float(np.abs(ez).max())) < 1e-4:
            break
        gx, gz = _undo_lumen(lumen, now_x + tiny, now_z)
        hx, hz = _undo_lumen(lumen, now_x, now_z + tiny)
        a, b, c, d = (gx - fx) / tiny, (hx - fx) / tiny, (gz - fz) / tiny, (hz - fz) / tiny
        det = a * d - b * c
        det = np.where(np.abs(det) < 0.05, 0.05, det)
        now_x = now_x + np.clip((d * ex - b * ez) / det, -0.3, 0.3)
        now_z = now_z + np.clip((a * ez - c * ex) / det, -0.3, 0.3)
    return now_x, now_z


def _undo_deposit(deposit: Deposit, x: Floats, z: Floats) -> tuple[Floats, Floats]:
    if deposit.radius_x_mm < 1e-3 or deposit.radius_z_mm < 1e-3:
        return x, z
    dx, dz = x - deposit.x_mm, z - deposit.z_mm
    q = np.maximum(np.hypot(dx / deposit.radius_x_mm, dz / deposit.radius_z_mm), 1e-9)
    rest = np.sqrt(np.maximum(q * q - np.exp(-(q - 1) / _SPREAD), 0.0))
    shrink = np.where(q > 1, rest / q, 0.0)
    return deposit.x_mm + dx * shrink, deposit.z_mm + dz * shrink


def _do_deposit(deposit: Deposit, x: Floats, z: Floats) -> tuple[Floats, Floats]:
    if deposit.radius_x_mm < 1e-3 or deposit.radius_z_mm < 1e-3:
        return x, z
    dx, dz = x - deposit.x_mm, z - deposit.z_mm
    rest = np.maximum(np.hypot(dx / deposit.radius_x_mm, dz / deposit.radius_z_mm), 1e-6)
    q = np.sqrt(rest * rest + 1.0)
    for _ in range(8):  # Newton: q^2 - exp(-(q - 1) / spread) = rest^2 rises with q
        push = np.exp(-(q - 1) / _SPREAD)
        q = np.maximum(q - (q * q - push - rest * rest) / (2 * q + push / _SPREAD), 1.0)
    grow = q / rest
    return deposit.x_mm + dx * grow, deposit.z_mm + dz * grow
