"""The grey picture: resting echoes of a few neighbouring poses, pulled each frame to where the tissue is now.

What is slow is done once for a scene: the fields of the poses, in grey, at rest. A frame blends two poses, moves the blend
(cv2.remap; the map is worked out on a coarse grid and spread), adds what is new in this frame (deposits, gel in a lumen, the
needle), takes the contact away where there is none and lets the receiver's noise through. Left out by this order: the beam
moves with the tissue by the few tenths of a millimetre that it travels, and noise and echo do not interfere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.acoustics.beam import Beam, Floats32, Grid
from mock_devices.acoustics.deform import Deformation
from mock_devices.acoustics.needle import Shaft, draw_shaft
from mock_devices.acoustics.speckle import POSE_STEP_MM, Echoes, receiver_noise, smear, speckle_size
from mock_devices.acoustics.textures import normal
from mock_devices.acoustics.tissue import medium
from mock_devices.contract import Areas, Settings
from mock_devices.face import Site

_NODE: Final = 5  #: pixels between the nodes of the map
_NOISE_PAD: Final = 160
POSES: Final = 4
_BRIGHT_DB: Final = 5.0  #: gain at "50": bone at the face stands this far above white
#: Fresh deposits: level in dB, and how much brighter (or darker) it is behind a millimetre of them, in dB
_FRESH: Final = {"ha": (-62.0, 1.4), "caha": (-17.0, -12.0), "gel": (-50.0, 0.0)}


@dataclass(frozen=True, slots=True)
class Fresh:
    """A deposit now, in pixels of the picture: its outline (n, 2) and its height in mm."""

    material: str
    outline_px: NDArray[np.float64]
    height_mm: float
    strength: float = 1.0  #: how opaque it is, 0 to 1


def picture_grid(areas: Areas) -> Grid:
    """The grid of the picture's pixels, below the face."""
    x0, y0, x1, y1 = areas.picture
    mx, mz = areas.mm_per_pixel
    columns, rows = x1 - x0, y1 - y0
    return Grid(columns, rows, mx, mz, -(columns - 1) / 2 * mx, 0.5 * mz)


class BMode:
    """The grey picture of one site with one set of settings."""

    def __init__(
        self,
        site: Site,
        settings: Settings,
        areas: Areas,
        *,
        seed: int,
        margin_mm: float,
        squeeze: float,
        tilt: float = 0.0,
    ) -> None:
        """`margin_mm`: how far tissue moves aside at most; `squeeze`: the highest pressure; `tilt`: lean of the last pose."""
        self.grid = picture_grid(areas)
        g = self.grid
        extra_x = round((margin_mm + 0.6) / g.mm_x)
        extra_z = round((0.6 + (0.06 + 0.33 * squeeze) * settings.depth_mm) / g.mm_z)
        self._rest = Grid(
            g.columns + 2 * extra_x, g.rows + extra_z, g.mm_x, g.mm_z, g.x0_mm - extra_x * g.mm_x, g.z0_mm
        )
        draw = np.random.default_rng([seed, 21])
        self._dynamic_range = settings.dynamic_range_db
        self._gain_db = (settings.gain - 50) * 0.45 + _BRIGHT_DB
        self._gamma = float(draw.uniform(1.0, 1.35))
        looks = int(draw.choice([1, 2, 3, 3]))
        beam = Beam(settings.frequency_mhz, settings.focus_mm)
        sliders = draw.uniform(-2.5, 2.5, 6)
        self._tgc = beam.tgc_db(self._rest.z_mm(), sliders).astype(np.float32)
        echoes = Echoes.of(medium(site, self._rest, draw), beam, draw, looks)
        leans = np.cumsum(draw.normal(0, 0.03, POSES)) + draw.normal(0, 0.03) + tilt * np.linspace(0, 1, POSES)
        self._poses = [self._to_grey(power + self._tgc[:, None]) for power in echoes.poses(POSES, leans)]
        self._noise = self._noise_field(beam, sliders, draw)
        self._fresh = self._fresh_textures(beam, draw)
        self._glitter = cv2.GaussianBlur(normal((g.rows, g.columns), draw), (0, 0), sigmaX=4, sigmaY=2) * 9
        self._axial_px = beam.axial_sigma_mm / g.mm_z
        self._no_contact = self._reverberations(site.gel_mm, draw)
        self._blend = np.empty_like(self._poses[0])

    def frame(
        self,
        body: Deformation,
        *,
        number: int,
        deposits: Sequence[Fresh] = (),
        shafts: Sequence[Shaft] = (),
        contact_loss: float = 0.0,
        contact_left: bool = True,
    ) -> NDArray[np.uint8]:
        """The picture (rows, columns) of this moment; `number` counts the probe's frames and moves the noise on."""
        grey = self._moved(body)
        for deposit in deposits:
            self._lay_in(grey, deposit)
        for shaft in shafts:
            draw_shaft(grey, shaft, (self.grid.mm_x, self.grid.mm_z), self._glitter, self._axial_px)
        if contact_loss > 0:
            self._lift(grey, contact_loss, contact_left)
        offset = (number * 61) % _NOISE_PAD
        cv2.max(grey, self._noise[:, offset : offset + self.grid.columns], dst=grey)
        return grey

    def _to_grey(self, decibels: Floats32) -> NDArray[np.uint8]:
        """Compression: the dynamic range below white becomes the greys."""
        level = (decibels + np.float32(self._gain_db)) * np.float32(1 / self._dynamic_range) + np.float32(1)
        np.clip(level, 0, 1, out=level)
        if self._gamma != 1.0:
            cv2.pow(level, self._gamma, level)
        grey: NDArray[np.uint8] = cv2.convertScaleAbs(level, alpha=255.0)
        return grey

    def _moved(self, body: Deformation) -> NDArray[np.uint8]:
        place = min(max(body.pose.elevation_mm / POSE_STEP_MM + (POSES - 1) / 2, 0.0), POSES - 1.001)
        low = int(place)
        part = place - low
        cv2.addWeighted(self._poses[low], 1 - part, self._poses[low + 1], part, 0, dst=self._blend)
        columns, rows = self._map(body)
        grey: NDArray[np.uint8] = cv2.remap(
            self._blend, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return grey

    def _map(self, body: Deformation) -> tuple[Floats32, Floats32]:
        g, r = self.grid, self._rest
        across, down = -(-g.columns // _NODE) + 2, -(-g.rows // _NODE) + 2
        x = g.x0_mm + ((np.arange(across) - 0.5) * _NODE - 0.5) * g.mm_x
        z = g.z0_mm + ((np.arange(down) - 0.5) * _NODE - 0.5) * g.mm_z
        rest_x, rest_z = body.to_rest(*np.meshgrid(x, z))
        size = (across * _NODE, down * _NODE)
        maps = []
        for rest, start, mm in ((rest_x, r.x0_mm, r.mm_x), (rest_z, r.z0_mm, r.mm_z)):
            spread = cv2.resize(((rest - start) / mm).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
            maps.append(spread[_NODE : _NODE + g.rows, _NODE : _NODE + g.columns])
        return maps[0], maps[1]

    def _noise_field(self, beam: Beam, sliders: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.uint8]:
        g = self.grid
        wide = Grid(g.columns + _NOISE_PAD, g.rows, g.mm_x, g.mm_z, g.x0_mm, g.z0_mm)
        noise = receiver_noise(wide, beam, draw) + beam.tgc_db(g.z_mm(), sliders).astype(np.float32)[:, None]
        return self._to_grey(noise)

    def _fresh_textures(self, beam: Beam, draw: np.random.Generator) -> dict[str, NDArray[np.uint8]]:
        g = self.grid
        field = smear(normal((g.rows, g.columns, 2), draw), beam, g)
        power = (field**2).sum(axis=2) * speckle_size(beam, g)[:, None]
        speckle = 10 * np.log10(power + np.float32(1e-9))
        return {material: self._to_grey(speckle + np.float32(level)) for material, (level, _) in _FRESH.items()}

    def _reverberations(self, gel_mm: float, draw: np.random.Generator) -> NDArray[np.uint8]:
        """What the picture shows where the face touches air: the lens's own echoes, fading, and nothing below."""
        z = self.grid.z_mm()
        spacing = float(draw.uniform(0.5, 0.9)) + 0.2 * gel_mm
        bands = 0.5 + 0.5 * np.cos(2 * np.pi * z / spacing)
        level = -19.0 - 9.0 * z - 18.0 * (1 - bands)
        return self._to_grey(level.astype(np.float32)[:, None])[:, :1]

    def _lift(self, grey: NDArray[np.uint8], loss: float, left: bool) -> None:
        wide = min(max(round(loss * self.grid.columns), 1), self.grid.columns)
        part = grey[:, :wide] if left else grey[:, self.grid.columns - wide :]
        soft = min(wide, max(2, round(0.8 / self.grid.mm_x)))
        there = np.zeros(wide, np.float32)
        there[-soft:] = np.linspace(0, 1, soft, dtype=np.float32)
        if not left:
            there = there[::-1]
        mixed = part * there[None, :] + self._no_contact * (1 - there)[None, :]
        part[:] = mixed.astype(np.uint8)

    def _lay_in(self, grey: NDArray[np.uint8], deposit: Fresh) -> None:
        points = deposit.outline_px
        low, high = points.min(axis=0), points.max(axis=0)
        x0, y0 = max(int(low[0]) - 4, 0), max(int(low[1]) - 4, 0)
        x1, y1 = min(int(high[0]) + 5, grey.shape[1]), min(int(high[1]) + 5, grey.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [np.round((points - [x0, y0]) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        mask = cv2.GaussianBlur(
            mask, (0, 0), sigmaX=max(0.05 / self.grid.mm_x, 0.3), sigmaY=max(0.03 / self.grid.mm_z, 0.3)
        )
        share = mask.astype(np.float32) * np.float32(deposit.strength / 255)
        part = grey[y0:y1, x0:x1]
        texture = self._fresh[deposit.material][y0:y1, x0:x1]
        part[:] = (part + (texture.astype(np.float32) - part) * share).astype(np.uint8)
        self._behind(grey, deposit, (x0, x1), y1)

    def _behind(self, grey: NDArray[np.uint8], deposit: Fresh, across: tuple[int, int], below: int) -> None:
        """Enhancement or shadow: brightest or darkest under the middle, for the path through the deposit is longest there."""
        x0, x1 = across
        gain_db = _FRESH[deposit.material][1] * deposit.height_mm * deposit.strength
        step = gain_db / self._dynamic_range * 255
        if abs(step) < 1 or below >= grey.shape[0]:
            return
        path = np.sqrt(np.clip(1 - np.linspace(-1, 1, x1 - x0) ** 2, 0, 1))
        fading = (
            np.ones(grey.shape[0] - below)
            if step < 0
            else np.exp(-np.arange(grey.shape[0] - below) * self.grid.mm_z / 4.0)
        )
        change = np.abs(step) * fading[:, None] * path[None, :]
        part = grey[below:, x0:x1]
        change8 = np.minimum(change, 255).astype(np.uint8)
        part[:] = cv2.subtract(part, change8) if step < 0 else np.where(part > 8, cv2.add(part, change8), part)
