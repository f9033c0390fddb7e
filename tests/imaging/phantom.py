"""Layered speckle drawn by the tests themselves: a linear probe's picture whose every boundary is known.

Fully developed speckle (complex Gaussian scatterers, a Gaussian point spread), 60 dB of log compression. It shares nothing
with the simulated face of `mock_devices`, and is plainer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

F = npt.NDArray[np.float64]
Bgr = npt.NDArray[np.uint8]


@dataclass
class Vessel:
    """Lumen centre and radii in mm ([across, down]), wall echo in dB, pulsation as a part of the radius."""

    x_mm: float
    y_mm: float
    rx_mm: float
    ry_mm: float
    wall_db: float = -12.0
    pulse: float = 0.0


@dataclass
class Body:
    """Layers as (id, thickness mm, mean dB, echo of its upper line in dB or None), from the skin down."""

    layers: list[tuple[str, float, float, float | None]]
    vessels: list[Vessel] = field(default_factory=list)
    standoff_mm: float = 1.0
    wave_mm: float = 0.3
    seed: int = 0


@dataclass
class Film:
    """What is drawn: `mm` per pixel, width and height in mm, and the scatterers that stay."""

    body: Body
    mm: float = 0.05
    width_mm: float = 30.0
    height_mm: float = 18.0

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.body.seed)
        self.rows, self.columns = round(self.height_mm / self.mm), round(self.width_mm / self.mm)
        self._noise = self._draw_noise()
        x = np.arange(self.columns) * self.mm
        phases = self.rng.uniform(0, 2 * np.pi, 3)
        wave = sum(np.sin(2 * np.pi * x / period + p) for period, p in zip((37.0, 21.0, 55.0), phases, strict=True))
        self.skin_mm: F = self.body.standoff_mm + self.body.wave_mm * np.asarray(wave) / 3

    def _draw_noise(self) -> npt.NDArray[np.complex128]:
        shape = (self.rows, self.columns)
        return self.rng.normal(size=shape) + 1j * self.rng.normal(size=shape)

    def boundaries_mm(self) -> dict[str, F]:
        """Upper boundary of each layer, mm from the picture's top, for each column."""
        depth = self.skin_mm.copy()
        found = {}
        for name, thickness, _, _ in self.body.layers:
            found[name] = depth.copy()
            depth = depth + thickness
        return found

    def picture(
        self,
        time_s: float = 0.0,
        moved: Callable[[F, F], tuple[F, F]] | None = None,
        keep: float = 1.0,
        extra_db: F | None = None,
    ) -> Bgr:
        """One frame. `moved` maps points of the picture (mm) to where the tissue there came from (mm); `keep` is the
        part of the scatterers that stays the same (decorrelation); `extra_db` draws something on top (a needle)."""
        y, x = np.mgrid[0 : self.rows, 0 : self.columns] * self.mm
        if moved is not None:
            x, y = moved(x, y)
        skin = np.interp(x.ravel(), np.arange(self.columns) * self.mm, self.skin_mm).reshape(x.shape)
        depth = y - skin
        level = np.full(depth.shape, -60.0)
        line = np.full(depth.shape, -80.0)
        top, shadow = 0.0, np.zeros(depth.shape)
        for name, thickness, mean_db, echo in self.body.layers:
            level = np.where(depth >= top, mean_db, level)
            if echo is not None:
                line = np.maximum(line, echo - ((depth - top) / 0.09) ** 2 * 6)
            if name == "perio":
                shadow = np.where(depth > top + 0.2, -50.0, shadow)
            top += thickness
        for v in self.body.vessels:
            swell = 1 + v.pulse * np.sin(2 * np.pi * 1.2 * time_s)
            r = np.hypot((x - v.x_mm) / (v.rx_mm * swell), (y - v.y_mm) / (v.ry_mm * swell))
            level = np.where(r < 1, -62.0, level)
            rim = (r - 1) * min(v.rx_mm, v.ry_mm)
            line = np.where(r < 1, -80.0, line)
            line = np.maximum(line, np.where(rim >= 0, v.wall_db - (rim / 0.12) ** 2 * 6, -80.0))
        amplitude = 10 ** ((np.maximum(level, -70) + shadow) / 20)
        noise = self._noise
        if moved is not None:
            map_x, map_y = (x / self.mm).astype(np.float32), (y / self.mm).astype(np.float32)
            noise = sum(
                unit * cv2.remap(part.astype(np.float32), map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
                for unit, part in ((1, noise.real), (1j, noise.imag))
            )
        if keep < 1:
            noise = keep * noise + np.sqrt(1 - keep**2) * self._draw_noise()
        field_ = amplitude * noise
        line_amplitude = 10 ** ((line + shadow) / 20)
        kernel = (0.10 / self.mm, 0.05 / self.mm)
        blurred = [
            cv2.GaussianBlur(part, (0, 0), sigmaX=kernel[0], sigmaY=kernel[1]) for part in (field_.real, field_.imag)
        ]
        unit = 1 / np.sqrt(4 * np.pi * kernel[0] * kernel[1])
        envelope = np.hypot(blurred[0], blurred[1]) / unit / np.sqrt(2)
        envelope = envelope + cv2.GaussianBlur(line_amplitude, (0, 0), sigmaX=kernel[0], sigmaY=kernel[1])
        envelope += 10 ** (-58 / 20) * np.abs(self.rng.normal(size=envelope.shape))
        db = 20 * np.log10(envelope + 1e-6)
        if extra_db is not None:
            db = np.maximum(db, extra_db)
        grey = np.clip((db + 60) / 60 * 255, 0, 255).astype(np.uint8)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


CHEEK = [
    ("epi", 0.2, -10.0, 0.0),
    ("der-u", 1.2, -16.0, None),
    ("sfat", 4.0, -36.0, None),
    ("smas", 0.4, -12.0, -8.0),
    ("musc", 3.0, -32.0, None),
    ("dfat", 2.0, -40.0, -14.0),
    ("perio", 6.0, -40.0, 2.0),
]
"""A stack like the nasolabial fold's (teaching values of clinical.md 3.1)."""


def needle_db(film: Film, entry_mm: tuple[float, float], tip_mm: tuple[float, float], level_db: float = -3.0) -> F:
    """A bright straight shaft from `entry_mm` to `tip_mm` ([across, down]), with two fainter reverberations below it."""
    y, x = np.mgrid[0 : film.rows, 0 : film.columns] * film.mm
    along = np.subtract(tip_mm, entry_mm)
    length = float(np.hypot(*along))
    ux, uy = along / length
    t = (x - entry_mm[0]) * ux + (y - entry_mm[1]) * uy
    across = -(x - entry_mm[0]) * uy + (y - entry_mm[1]) * ux
    if uy < 0 or ux < 0:
        across = across * np.sign(ux)
    db = np.full(x.shape, -90.0)
    for k, drop in enumerate((0.0, 14.0, 24.0)):
        inside = (t >= 0) & (t <= length)
        db = np.maximum(db, np.where(inside, level_db - drop - ((across - 0.5 * k) / 0.12) ** 2 * 6, -90.0))
    return np.asarray(db)
