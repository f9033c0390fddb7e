"""Draw one virtual patient's site from the region's numbers.

Means and spreads come from `regions.toml`; a drawn value stays within two standard deviations, so that no layer vanishes.
A vessel lies where the numbers put it as long as it fits between dermis and bone and beside the others; it is moved, never
shrunk, where it does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import numpy as np

from mock_devices.face.reference import LayerNumbers, Region, Sex, Spread, VesselNumbers, region
from mock_devices.face.site import BoundaryShape, Layer, OldFiller, Site, Vessel

Variant = Literal["usual", "unusual"]

_GAP_MM: Final = 0.45  #: between the walls of two vessels, and between a wall and the bone
_WIDEST_MM: Final = 22.5  #: half of the widest probe face: a vessel along the plane must fit under all of it
_WAVES_MM: Final = {"smas": 26.0, "musc": 30.0, "perio": 40.0}


def draw_site(
    region_id: str,
    seed: int,
    *,
    variant: Variant = "usual",
    along: str | None = None,
    old_filler: bool = False,
    half_width_mm: float = 15.0,
) -> Site:
    """One patient of this seed.

    `variant` "unusual" takes what the numbers make rare: a duplicate, a superficial plane, or a missing artery. `along`
    names a vessel that runs within the image plane (for spectral Doppler). ValueError for an unknown region.
    """
    numbers = region(region_id)
    draw = np.random.default_rng([seed, 11])
    sex: Sex = "female" if draw.random() < 0.8 else "male"
    layers = tuple(_layer(row, sex, draw) for row in numbers.layers)
    site = Site(
        region=region_id,
        seed=seed,
        sex=sex,
        gel_mm=float(draw.uniform(0.35, 1.6)),
        layers=layers,
        vessels=(),
        old_filler=(),
        heart_rate_per_min=float(draw.uniform(58, 84)),
        curve=_shape(34.0, draw),
        curve_mm=float(draw.uniform(0.02, 0.20)),
        bone_bow_mm=float(draw.uniform(-0.6, 1.2)),
    )
    vessels = _vessels(numbers, site, variant, along, half_width_mm, draw)
    site = replace(site, vessels=vessels)
    if old_filler:
        site = replace(site, old_filler=_old_filler(site, half_width_mm, draw))
    return site


def _near(spread: Spread, draw: np.random.Generator) -> float:
    return spread.mean + spread.sd * float(np.clip(draw.standard_normal(), -2, 2))


def _shape(length_mm: float, draw: np.random.Generator) -> BoundaryShape:
    lengths = length_mm * np.array([1.0, 0.45, 0.2]) * draw.uniform(0.8, 1.25, 3)
    phases = draw.uniform(0, 2 * np.pi, 3)
    weights = np.array([0.8, 0.3, 0.07]) * draw.uniform(0.6, 1.2, 3)
    return BoundaryShape(_three(lengths), _three(phases), _three(weights))


def _three(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _layer(row: LayerNumbers, sex: Sex, draw: np.random.Generator) -> Layer:
    shape = _shape(_WAVES_MM.get(row.id, 22.0), draw)
    if row.thickness_mm is None:
        return Layer(row.id, row.name, None, 0.0, shape)
    spread = row.thickness_mm[sex]
    thickness = max(_near(spread, draw), 0.4 * spread.mean)
    uneven = 0.04 if row.id in ("epi", "der-u", "der-l") else 0.10
    return Layer(row.id, row.name, thickness, uneven, shape)


def _vessels(
    numbers: Region, site: Site, variant: Variant, along: str | None, half_width_mm: float, draw: np.random.Generator
) -> tuple[Vessel, ...]:
    here = [row for row in numbers.vessels if draw.random() < row.present or row.id == along]
    if not here:
        here = [numbers.vessels[0]]
    doubled: list[VesselNumbers] = []
    superficial: str | None = None
    if variant == "unusual":
        arteries = [row for row in here if row.kind == "artery"] or here
        picked = arteries[int(draw.integers(len(arteries)))]
        kind = int(draw.integers(3))
        if kind == 0:
            doubled = [picked]
        elif kind == 1 or len(here) == 1:
            superficial = picked.id
        else:
            here = [row for row in here if row is not picked]
    placed: list[Vessel] = []
    for row in [*sorted(here, key=lambda r: r.id != along), *doubled]:
        second = row in doubled and any(v.id == row.id for v in placed)
        vessel = _vessel(row, site, row.id == along and not second, row.id == superficial, half_width_mm, draw)
        if second:
            vessel = replace(
                vessel,
                id=f"{row.id}-2",
                name=f"{row.name}, second trunk",
                radius_mm=0.8 * vessel.radius_mm,
            )
        fitted = _fit(vessel, site, placed, half_width_mm, draw)
        if fitted is not None:
            placed.append(fitted)
    return tuple(placed)


def _vessel(
    row: VesselNumbers, site: Site, tube: bool, superficial: bool, half_width_mm: float, draw: np.random.Generator
) -> Vessel:
    radius = max(_near(row.diameter_mm, draw), 0.55 * row.diameter_mm.mean, 0.45) / 2
    x = float(draw.uniform(-0.62, 0.62)) * half_width_mm
    z = _depth(row, site, x, radius, superficial, draw)
    psv = float(draw.uniform(*row.psv_cm_s))
    artery = row.kind == "artery"
    ri = row.resistance_index + (float(draw.uniform(-0.06, 0.06)) if artery else float(draw.uniform(-0.06, 0.08)))
    return Vessel(
        id=row.id,
        name=row.name,
        kind=row.kind,
        x_mm=0.0 if tube else x,
        z_mm=z,
        radius_mm=radius,
        direction=_direction(tube, draw),
        tube=tube,
        psv_cm_s=psv,
        edv_cm_s=psv * (1 - ri),
        pulse=float(draw.uniform(0.04, 0.10)) if artery else 0.0,
        delay=float(draw.uniform(0.0, 0.06)) if artery else 0.0,
        swing_mm=0.0 if tube else float(draw.uniform(-0.5, 0.5)),
    )


def _direction(tube: bool, draw: np.random.Generator) -> tuple[float, float, float]:
    sign = 1.0 if draw.random() < 0.5 else -1.0
    if tube:
        slope = np.radians(draw.uniform(3, 13)) * (1 if draw.random() < 0.5 else -1)
        return float(sign * np.cos(slope)), 0.0, float(sign * np.sin(slope))
    beam = np.radians(draw.uniform(52, 76))  # between the flow and the beam: Doppler is poor but there
    turn = np.radians(draw.uniform(-38, 38))
    flat = np.sin(beam)
    return float(flat * np.sin(turn)), float(flat * np.cos(turn)), float(sign * np.cos(beam))


def _depth(
    row: VesselNumbers, site: Site, x: float, radius: float, superficial: bool, draw: np.random.Generator
) -> float:
    here = site.boundaries_mm(np.array([x]))[:, 0]
    ids = [layer.id for layer in site.layers]
    if superficial:
        return float(here[ids.index("sfat")] + draw.uniform(0.2, 0.6) + radius)
    if row.from_bone:
        return float(here[-1] - _near(row.depth_mm, draw))
    if row.planes:
        shares = np.array([share for _, share in row.planes])
        plane = row.planes[int(draw.choice(len(row.planes), p=shares / shares.sum()))][0]
        number = ids.index(plane)
        return float(here[number] + (here[number + 1] - here[number]) * draw.uniform(0.3, 0.7))
    return float(here[0] + _near(row.depth_mm, draw))


def _fit(
    vessel: Vessel, site: Site, placed: list[Vessel], half_width_mm: float, draw: np.random.Generator
) -> Vessel | None:
    """The vessel moved so that it lies in soft tissue and beside the others; None where forty places did not do."""
    for attempt in range(40):
        x = vessel.x_mm if attempt == 0 or vessel.tube else float(draw.uniform(-0.62, 0.62)) * half_width_mm
        moved = _in_soft_tissue(replace(vessel, x_mm=x), site, half_width_mm)
        if vessel.tube and attempt:
            moved = replace(moved, z_mm=moved.z_mm + 0.1 * attempt)
        if all(_apart(moved, other) for other in placed):
            return moved
    return None


def _in_soft_tissue(vessel: Vessel, site: Site, half_width_mm: float) -> Vessel:
    reach = max(half_width_mm, _WIDEST_MM) if vessel.tube else _half_width(vessel)
    if vessel.tube:  # the course must not run into bone or skin: lay it flatter until it fits
        x = np.linspace(-reach, reach, 41)
    else:
        x = vessel.x_mm + np.linspace(-reach, reach, 9)
    rows = site.boundaries_mm(x)
    top = rows[[layer.id for layer in site.layers].index("der-l")]
    bone = rows[-1]
    for flatter in (1.0, 0.7, 0.45, 0.25, 0.1, 0.0):
        dx, dy, dz = vessel.direction
        steep = dz * flatter if vessel.tube else dz
        norm = float(np.sqrt(dx * dx + dy * dy + steep * steep))
        vessel = replace(vessel, direction=(dx / norm, dy / norm, steep / norm))
        down = vessel.lumen()
        half = float(np.sqrt((down @ down.T)[1, 1]))
        line = vessel.slope * (x - vessel.x_mm)
        least = float(np.max(top - line)) + half + 0.15
        most = float(np.min(bone - line)) - half - _GAP_MM
        if least <= most or not vessel.tube:
            break
    z = min(max(vessel.z_mm, least), max(most, least))
    return replace(vessel, z_mm=z)


def _half_width(vessel: Vessel) -> float:
    lumen = vessel.lumen()
    return float(np.sqrt((lumen @ lumen.T)[0, 0]))


def _apart(one: Vessel, other: Vessel) -> bool:
    if one.tube and other.tube:
        return abs(one.z_mm - other.z_mm) > one.radius_mm + other.radius_mm + 2 * _GAP_MM
    if one.tube or other.tube:
        tube, cut = (one, other) if one.tube else (other, one)
        line = tube.z_mm + tube.slope * (cut.x_mm - tube.x_mm)
        lumen = cut.lumen()
        half = float(np.sqrt((lumen @ lumen.T)[1, 1]))
        return abs(line - cut.z_mm) > tube.radius_mm + half + _GAP_MM
    reach = [float(np.linalg.norm(v.lumen(), 2)) for v in (one, other)]
    return float(np.hypot(one.x_mm - other.x_mm, one.z_mm - other.z_mm)) > sum(reach) + _GAP_MM


def _old_filler(site: Site, half_width_mm: float, draw: np.random.Generator) -> tuple[OldFiller, ...]:
    """One or two deposits in the fat or above the bone, beside the vessels."""
    found: list[OldFiller] = []
    ids = [layer.id for layer in site.layers]
    homes = [name for name in ("dfat", "sfat", "subsmas", "musc", "mucosa") if name in ids]
    for _ in range(int(draw.integers(1, 3))):
        material = str(draw.choice(["ha", "ha", "caha", "pmma", "silicone", "paag"]))
        for _ in range(30):
            x = float(draw.uniform(-0.6, 0.6)) * half_width_mm
            home = homes[int(draw.integers(len(homes)))]
            rows = site.boundaries_mm(np.array([x]))[:, 0]
            top, low = rows[ids.index(home)], rows[ids.index(home) + 1]
            rz = float(min(max(0.40 * (low - top), 0.35), 1.2) * draw.uniform(0.7, 1.0))
            rx = float(rz * draw.uniform(1.4, 3.2))
            z = float((top + low) / 2)
            clear = all(
                v.tube is False and np.hypot((v.x_mm - x) / (rx + 1.5), (v.z_mm - z) / (rz + 1.2)) > 1.0
                for v in site.vessels
            ) and all(abs(f.x_mm - x) > f.radius_x_mm + rx + 1.0 for f in found)
            if clear:
                angular = BoundaryShape(
                    (2 * np.pi / 2, 2 * np.pi / 3, 2 * np.pi / 5), _three(draw.uniform(0, 6.28, 3)), (0.5, 0.5, 0.3)
                )
                found.append(OldFiller(material, x, z, rx, rz, angular))
                break
    return tuple(found)
