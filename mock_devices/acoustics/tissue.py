"""A site as an acoustic medium on a grid: how strongly each place scatters, what reflects like a mirror, what absorbs.

Levels are in dB below the echo of bone at the face; the order of layers from bright to dark is that of the clinical reference
(1.2), the figures are teaching defaults. Attenuation in dB/(cm MHz) after Duck 1990 and Szabo 2014 (soft tissue 0.5 to 1.1,
blood 0.18, cortical bone more than 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import Floats32, Grid
from mock_devices.acoustics.textures import clouds, fibres, normal, septa
from mock_devices.face import OldFiller, Site, Vessel

_GEL_DB: Final = -82.0
_LEVEL_DB: Final = {
    "epi": -17.0,
    "der-u": -37.0,
    "der-l": -31.0,
    "sfat": -54.0,
    "smas": -32.0,
    "subsmas": -48.0,
    "musc": -52.0,
    "dfat": -52.0,
    "dtf": -30.0,
    "gland": -36.0,
    "mucosa": -36.0,
    "cart": -52.0,
    "perio": -16.0,
}
_ATTENUATION: Final = {
    "epi": 0.9,
    "der-u": 0.9,
    "der-l": 0.9,
    "sfat": 0.5,
    "smas": 0.9,
    "subsmas": 0.5,
    "musc": 0.85,
    "dfat": 0.5,
    "dtf": 0.9,
    "gland": 0.7,
    "mucosa": 0.6,
    "cart": 1.0,
    "perio": 14.0,
}
#: A mirror-like boundary at the top of a layer: its level in dB, and how far it may lean before it fades (dz/dx)
_MIRROR: Final = {
    "epi": (-6.0, 0.5),
    "sfat": (-34.0, 0.3),
    "smas": (-19.0, 0.28),
    "subsmas": (-24.0, 0.28),
    "musc": (-23.0, 0.25),
    "dtf": (-16.0, 0.25),
    "dfat": (-26.0, 0.28),
    "gland": (-26.0, 0.3),
    "mucosa": (-25.0, 0.3),
    "perio": (-1.0, 0.75),
}
_BLOOD_DB: Final = -78.0
_BLOOD_ATTENUATION: Final = 0.18
_CORTEX_MM: Final = 0.35
#: Old filler: level in dB, attenuation, how grainy (dB), edge echo in dB or None; clinical reference 1.5
FILLERS: Final[dict[str, tuple[float, float, float, float | None]]] = {
    "ha": (-63.0, 0.15, 2.0, -34.0),
    "caha": (-20.0, 3.2, 7.0, None),
    "pmma": (-24.0, 2.2, 9.0, None),
    "silicone": (-20.0, 2.6, 3.0, None),
    "paag": (-68.0, 0.1, 1.0, -19.0),
}


@dataclass(frozen=True, slots=True)
class Medium:
    """The site on a grid. `scatter_db` (rows, columns); `mirror` is the amplitude of boundaries before the beam smears them,
    `lean` their dz/dx, `lean_limit` at which lean they fade; `attenuation` in dB/(cm MHz)."""

    grid: Grid
    scatter_db: Floats32
    mirror: Floats32
    lean: Floats32
    lean_limit: Floats32
    attenuation: Floats32
    fibre_db: Floats32 | None = None  #: what of `scatter_db` muscle fibres give when the beam meets them squarely
    fibre_slant: float = 0.0  #: dz/dx of the fibres


def medium(site: Site, grid: Grid, draw: np.random.Generator) -> Medium:
    """The acoustic medium of a site; takes some tenths of a second."""
    x, z = grid.x_mm(), grid.z_mm()
    bounds = site.boundaries_mm(x)
    ids = [layer.id for layer in site.layers]
    which = _layer_of_each_place(bounds, z)
    level = np.array([_GEL_DB] + [_LEVEL_DB[i] for i in ids], np.float32)[which]
    attenuation = np.array([0.02] + [_ATTENUATION[i] for i in ids], np.float32)[which]
    slant, fibre_db = float(draw.uniform(-0.14, 0.14)), None
    for number, layer_id in enumerate(ids[:-1]):
        inside = which == number + 1
        _fill(level, inside, layer_id, grid, bounds[number], draw)
        if layer_id == "musc":
            strength = np.clip(fibres(grid, bounds[number], slant, draw) - 0.45, 0, 1.7) * np.float32(
                draw.uniform(13, 18)
            )
            fibre_db = np.where(inside, strength, 0).astype(np.float32)
            level += fibre_db
    soft = (which > 0) & (which < len(ids))
    level += np.where(soft, 1.6 * clouds(grid, 5.0, 1.6, draw) + 1.2 * clouds(grid, 1.4, 0.5, draw), 0).astype(
        np.float32
    )
    out = Medium(grid, level, *_mirrors(ids, bounds, grid, draw), attenuation, fibre_db, slant)
    for filler in site.old_filler:
        _old_filler(out, filler, x, z, draw)
    for vessel in site.vessels:
        _vessel(out, vessel, x, z)
    _bone(out, bounds[-1], bounds[0], z, draw)
    _lens(out)
    return out


def _layer_of_each_place(bounds: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.uint8]:
    which = np.zeros((z.size, bounds.shape[1]), np.uint8)
    for top in bounds:
        which += (z[:, None] >= top[None, :]).astype(np.uint8)
    return which


def _fill(
    level: Floats32,
    inside: NDArray[np.bool_],
    layer_id: str,
    grid: Grid,
    top: NDArray[np.float64],
    draw: np.random.Generator,
) -> None:
    """The texture of one layer, added where it is."""
    if layer_id in ("sfat", "dfat", "subsmas"):
        cell = {"sfat": (3.6, 1.15), "dfat": (5.0, 1.7), "subsmas": (6.0, 0.5)}[layer_id]
        wall, tone = septa(grid, *cell, draw)
        strength = np.float32(draw.uniform(22, 30)) * np.clip(0.8 + 0.35 * clouds(grid, 4.0, 1.5, draw), 0.15, 1.4)
        level += np.where(inside, wall * strength + 1.5 * tone, 0).astype(np.float32)
    elif layer_id in ("smas", "dtf"):
        lines = fibres(grid, top, 0.0, draw)
        level += np.where(inside, np.clip(lines, -1, 1.5) * 5, 0).astype(np.float32)
    elif layer_id == "gland":
        streaks = fibres(grid, top, float(draw.uniform(-0.1, 0.1)), draw)
        level += np.where(inside, np.clip(streaks - 1.2, 0, 1) * 7, 0).astype(np.float32)
    elif layer_id == "mucosa":
        level += np.where(inside, 2.5 * clouds(grid, 1.0, 0.4, draw), 0).astype(np.float32)


def _mirrors(
    ids: list[str], bounds: NDArray[np.float64], grid: Grid, draw: np.random.Generator
) -> tuple[Floats32, Floats32, Floats32]:
    shape = (grid.rows, grid.columns)
    mirror, lean, limit = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.full(shape, 0.3, np.float32)
    z = grid.z_mm()
    smooth = cv2.GaussianBlur(normal((len(ids), grid.columns), draw), (0, 0), sigmaX=1.7 / grid.mm_x, sigmaY=0.01)
    smooth /= max(float(smooth.std()), 1e-6)
    for number, layer_id in enumerate(ids):
        if layer_id not in _MIRROR:
            continue
        decibels, fades = _MIRROR[layer_id]
        rough = {"epi": 1.5, "perio": 2.5}.get(layer_id, 5.5)
        strength = 10 ** ((decibels + rough * np.clip(smooth[number], -2.5, 0.8)) / 20)
        thick = 0.045 if layer_id != "perio" else 0.075
        slope = np.gradient(bounds[number], grid.mm_x).astype(np.float32)
        first, last = _rows_about(grid, bounds[number], 4 * thick)
        far = (z[first:last, None] - bounds[number][None, :]) / thick
        profile = (strength[None, :] * np.exp(-0.5 * far * far)).astype(np.float32)
        part = mirror[first:last]
        stronger = profile > part
        np.copyto(part, profile, where=stronger)
        np.copyto(lean[first:last], np.broadcast_to(slope, part.shape), where=stronger)
        limit[first:last][stronger] = fades
    return mirror, lean, limit


def _rows_about(grid: Grid, depth: NDArray[np.float64], reach_mm: float) -> tuple[int, int]:
    first = int((float(depth.min()) - reach_mm - grid.z0_mm) / grid.mm_z)
    last = int((float(depth.max()) + reach_mm - grid.z0_mm) / grid.mm_z) + 2
    return min(max(first, 0), grid.rows - 1), min(max(last, 1), grid.rows)


def unit_place(vessel: Vessel, dx: NDArray[np.float64], dz: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Offsets from a vessel's centre in units of its lumen: (u, w), of length 1 at the wall."""
    lumen = vessel.lumen()
    if vessel.tube:
        return np.zeros_like(dx), (dz - vessel.slope * dx) / lumen[1, 1]
    inverse = np.linalg.inv(lumen)
    return inverse[0, 0] * dx + inverse[0, 1] * dz, inverse[1, 0] * dx + inverse[1, 1] * dz


def _vessel(out: Medium, vessel: Vessel, x: NDArray[np.float64], z: NDArray[np.float64]) -> None:
    """Blood that hardly answers, and a wall that answers where the beam meets it squarely."""
    lumen = vessel.lumen()
    reach = float(np.linalg.norm(lumen, 2)) + 0.6
    run = float(np.abs(x - vessel.x_mm).max()) if vessel.tube else reach
    fall = reach + abs(vessel.slope) * run
    columns = slice(*np.searchsorted(x, [vessel.x_mm - run, vessel.x_mm + run]))
    rows = slice(*np.searchsorted(z, [vessel.z_mm - fall, vessel.z_mm + fall]))
    dx, dz = np.meshgrid(x[columns] - vessel.x_mm, z[rows] - vessel.z_mm)
    scatter, mirror = out.scatter_db[rows, columns], out.mirror[rows, columns]
    u, w = unit_place(vessel, dx, dz)
    q = np.hypot(u, w)
    beyond = (q - 1) * vessel.radius_mm
    wall_mm = 0.07 if vessel.kind == "artery" else 0.05
    ring = np.exp(-0.5 * ((beyond - wall_mm) / wall_mm) ** 2)
    square = np.abs(w) / np.maximum(q, 1e-6)
    wall_db = (-19.0 if vessel.kind == "artery" else -26.0) - 16.0 * (1 - square)
    near = ring > 0.05
    around = -40.0 - 9.0 * (1 - square) + 6.0 * np.log10(np.maximum(ring, 1e-3))
    scatter[near] = np.maximum(scatter, around)[near]
    echo = (10 ** (wall_db / 20) * ring * square**2).astype(np.float32)
    # What lies behind the lumen has no mirrors of its own: they were pushed aside by the vessel.
    mirror[beyond < 2 * wall_mm] = 0
    np.maximum(mirror, echo, out=mirror)
    inside = q < 1
    out.lean[rows, columns][near] = 0
    scatter[inside] = _BLOOD_DB
    if out.fibre_db is not None:
        out.fibre_db[rows, columns][inside] = 0
    mirror[q < 0.97] = 0
    out.attenuation[rows, columns][inside] = _BLOOD_ATTENUATION


def _old_filler(
    out: Medium, filler: OldFiller, x: NDArray[np.float64], z: NDArray[np.float64], draw: np.random.Generator
) -> None:
    level, attenuation, grain, edge_db = FILLERS[filler.material]
    outline = np.stack(filler.outline_mm(), axis=1)
    grid = out.grid
    points = (outline - [grid.x0_mm, grid.z0_mm]) / [grid.mm_x, grid.mm_z]
    mask = np.zeros(out.scatter_db.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    inside = mask > 127
    _without_fibres(out, inside)
    out.scatter_db[inside] = (level + grain * clouds(grid, 0.5, 0.25, draw))[inside]
    out.attenuation[inside] = attenuation
    out.mirror[inside] = 0
    if edge_db is not None:
        soft = cv2.GaussianBlur(mask, (0, 0), sigmaX=0.05 / grid.mm_x, sigmaY=0.05 / grid.mm_z).astype(np.float32) / 255
        edge = 4 * soft * (1 - soft) * np.float32(10 ** (edge_db / 20))
        np.maximum(out.mirror, edge, out=out.mirror)
    if filler.material in ("pmma", "caha"):  # single coarse grains
        count = int(12 * filler.radius_x_mm * filler.radius_z_mm) + 3
        rows, columns = np.nonzero(inside)
        for at in draw.integers(0, max(rows.size, 1), count if rows.size else 0):
            out.scatter_db[rows[at] : rows[at] + 2, columns[at] : columns[at] + 3] = -6.0
            if filler.material == "pmma" and draw.random() < 0.5:
                _comet_tail(out, int(rows[at]), int(columns[at]), float(draw.uniform(0.9, 2.2)))
    del x, z


def _without_fibres(out: Medium, inside: NDArray[np.bool_]) -> None:
    """What took a muscle's place has no fibres."""
    if out.fibre_db is not None:
        out.fibre_db[inside] = 0


def _comet_tail(out: Medium, row: int, column: int, length_mm: float) -> None:
    """Sound that runs to and fro within a grain: short lines below it, closer than the eye tells, fading."""
    step = max(2, round(0.11 / out.grid.mm_z))
    for number in range(1, round(length_mm / 0.11)):
        low = row + number * step
        level = -12.0 - 13.0 * number * 0.11
        part = out.scatter_db[low : low + max(1, step // 2), column : column + 3]
        np.maximum(part, np.float32(level), out=part)


def _bone(
    out: Medium, top: NDArray[np.float64], skin: NDArray[np.float64], z: NDArray[np.float64], draw: np.random.Generator
) -> None:
    """A cortex that reflects; below it nothing is heard but what runs to and fro."""
    below = z[:, None] - top[None, :]
    cortex = (below >= 0) & (below < _CORTEX_MM)
    np.copyto(out.scatter_db, np.float32(_LEVEL_DB["perio"]) - (below * 24).astype(np.float32), where=cortex)
    # What runs to and fro between bone and skin comes late and looks deep: a haze in the shadow, with a faint second line.
    to_skin = np.maximum(top - skin, 0.5)[None, :]
    haze = -71.0 - 1.3 * below + 3.0 * clouds(out.grid, 3.0, 1.2, draw)
    again = -60.0 - 22.0 * np.abs(below - to_skin)
    shadow = below >= _CORTEX_MM
    _without_fibres(out, below >= 0)
    np.copyto(out.scatter_db, np.maximum(haze, again).astype(np.float32), where=shadow)
    np.copyto(out.attenuation, np.float32(0.55), where=shadow)


def _lens(out: Medium) -> None:
    """The probe's own echoes at its face: bright bands that stand still under the lens."""
    z = out.grid.z_mm()
    for depth, decibels in ((0.03, -12.0), (0.17, -27.0), (0.31, -38.0)):
        band = 10 ** (decibels / 20) * np.exp(-0.5 * ((z - depth) / 0.05) ** 2)
        np.maximum(out.mirror, band.astype(np.float32)[:, None], out=out.mirror)
