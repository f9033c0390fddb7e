"""A stand-in for tissue, drawn in milliseconds: it looks like speckle in layers, and means nothing.

For stills that measure scales and read-outs. Nothing of acoustics is here: that is the physics' part.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.contract import ColourOverlay, Picture, Point, SpectralSettings, SpectrumTrace
from mock_devices.screens._plan import Arc, Extent, Plan

FanKind = Literal["convex", "sector", "trapezoid"]


@dataclass(frozen=True, slots=True)
class Fan:
    """No rectangle: arcs round an apex `radius_mm` above the skin, or (trapezoid) sides that lean outwards."""

    kind: FanKind
    radius_mm: float
    half_angle: float
    face_mm: float
    depth_mm: float
    slanted: bool = False

    @property
    def extent(self) -> Extent:
        """The box round it."""
        if self.kind == "trapezoid":
            return Extent(self.face_mm + 2 * self.depth_mm * math.tan(self.half_angle), self.depth_mm)
        reach, sag = self.radius_mm + self.depth_mm, self.radius_mm * (1 - math.cos(self.half_angle))
        return Extent(2 * reach * math.sin(self.half_angle), reach - self.radius_mm + sag, sag, self.arc)

    @property
    def arc(self) -> Arc:
        """For the plan."""
        return Arc(self.radius_mm, self.half_angle, self.slanted)

    def warp(self, flat: Picture, plan: Plan) -> Picture:
        """A rectangular texture bent into the fan's box; black outside the fan."""
        x0, y0, x1, y1 = plan.picture
        across, down = plan.mm_per_pixel
        x = (np.arange(x1 - x0, dtype=np.float32) + 0.5 - (x1 - x0) / 2)[None, :] * across
        z = (np.arange(y0, y1, dtype=np.float32) - np.float32(plan.zero_row))[:, None] * down
        if self.kind == "trapezoid":
            depth = np.broadcast_to(z, (y1 - y0, x1 - x0))
            part = x / (self.face_mm / 2 + depth * math.tan(self.half_angle))
        else:
            radius = np.hypot(x, z + self.radius_mm)
            depth = radius - self.radius_mm
            part = np.arctan2(x, z + self.radius_mm) / self.half_angle
        inside = (np.abs(part) <= 1) & (depth >= 0) & (depth <= self.depth_mm)
        columns = ((part + 1) / 2 * (flat.shape[1] - 1)).astype(np.float32)
        rows = (depth / self.depth_mm * (flat.shape[0] - 1)).astype(np.float32)
        bent = cv2.remap(flat, columns, rows, cv2.INTER_LINEAR)
        return np.where(inside, bent, 0).astype(np.uint8)


def texture(rows: int, columns: int, gain: int, dynamic_range_db: int, seed: int) -> Picture:
    """Speckle in wavy layers, darker with depth, with some dark tubes and bright edges: uint8 (rows, columns)."""
    noise = np.random.default_rng(seed)
    half = (max(8, rows // 2), max(8, columns // 2))
    real = cv2.GaussianBlur(noise.standard_normal(half, np.float32), (0, 0), 1.4, sigmaY=0.7)
    imag = cv2.GaussianBlur(noise.standard_normal(half, np.float32), (0, 0), 1.4, sigmaY=0.7)
    speckle_db = 20 * np.log10(np.hypot(real, imag) + 1e-3)
    speckle_db -= float(speckle_db.mean())
    z = np.linspace(0, 1, half[0], dtype=np.float32)[:, None]
    x = np.linspace(0, 1, half[1], dtype=np.float32)[None, :]
    level = np.full(half, float(noise.uniform(-6, 2)), np.float32)
    edge = np.zeros(half, np.float32)
    at = 0.0
    while at < 1:
        at += float(noise.uniform(0.05, 0.25))
        wave = at + 0.02 * np.sin(2 * np.pi * (x * noise.uniform(0.4, 2) + noise.random())) + 0.01 * np.sin(9 * x)
        level = np.where(z > wave, np.float32(noise.uniform(-16, 3)), level)
        edge += float(noise.uniform(4, 16)) * np.exp(-(((z - wave) / 0.006) ** 2))
    for _ in range(int(noise.integers(0, 5))):
        cx, cz, r = noise.random(), noise.uniform(0.1, 0.8), noise.uniform(0.01, 0.07)
        level = np.where((x - cx) ** 2 + ((z - cz) * half[0] / half[1]) ** 2 < r * r, np.float32(-38), level)
    level = np.minimum(level, level + (0.35 - z) * float(noise.uniform(0, 26)))
    skin = 14 * np.exp(-((z / 0.02) ** 2))
    decibels = speckle_db + cv2.GaussianBlur(level, (0, 0), 1.2) + edge + skin + (gain - 50) * 0.35 - 20
    grey = np.clip((decibels / dynamic_range_db + 0.72) * 255, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_CUBIC), np.uint8)


@dataclass(frozen=True, slots=True)
class Blob:
    """Painted flow: its outline on the screen and its velocity (cm/s along the beam; 0 for power)."""

    polygon: tuple[Point, ...]
    velocity_cm_s: float


def flow_overlay(
    plan: Plan, power: bool, limits: tuple[float, float], dice: random.Random
) -> tuple[ColourOverlay, list[Blob]]:
    """A box of colour with one to three ellipses of flow in it, wholly inside the box."""
    x0, y0, x1, y1 = plan.picture
    wide, high = x1 - x0, y1 - y0
    lean = 0.0 if power or dice.random() < 0.4 else dice.uniform(-0.28, 0.28)
    bw, bh = dice.uniform(0.3, 0.55) * wide, dice.uniform(0.3, 0.6) * high
    shift = lean * bh
    left = x0 + dice.uniform(0.03, 0.97) * max(1.0, wide - bw - abs(shift) - 4) + max(0.0, -shift)
    left = min(max(left, x0 + 2 + max(0.0, -shift)), max(x0 + 2.0, x1 - bw - 2 - max(0.0, shift)))
    top = y0 + dice.uniform(0.1, 0.9) * (high - bh - 4)
    polygon = ((left, top), (left + bw, top), (left + bw + shift, top + bh), (left + shift, top + bh))
    cx0, cy0 = int(min(p[0] for p in polygon)), int(top)
    cx1, cy1 = math.ceil(max(p[0] for p in polygon)) + 1, math.ceil(top + bh) + 1
    box = (max(cx0, x0), max(cy0, y0), min(cx1, x1), min(cy1, y1))
    level = np.zeros((box[3] - box[1], box[2] - box[0]), np.uint8)
    noise = np.random.default_rng(dice.randrange(1 << 30))
    grain = cv2.GaussianBlur(noise.standard_normal(level.shape, np.float32), (0, 0), 2.5)
    blobs = []
    for k in range(dice.randint(1, 3)):
        a, b = dice.uniform(0.08, 0.2) * bw, dice.uniform(0.06, 0.13) * bh
        cy = top + bh * (k + dice.uniform(0.4, 0.6)) / 3
        cx = left + shift * (cy - top) / bh + bw * dice.uniform(0.35, 0.65)
        turn = dice.uniform(-0.4, 0.4)
        around = np.linspace(0, 2 * np.pi, 33)[:-1]
        px = cx + a * np.cos(around) * math.cos(turn) - b * np.sin(around) * math.sin(turn)
        py = cy + a * np.cos(around) * math.sin(turn) + b * np.sin(around) * math.cos(turn)
        y, x = np.mgrid[box[1] : box[3], box[0] : box[2]].astype(np.float32)
        u = ((x - cx) * math.cos(turn) + (y - cy) * math.sin(turn)) / a
        v = (-(x - cx) * math.sin(turn) + (y - cy) * math.cos(turn)) / b
        inside = u * u + v * v <= 1
        shape = np.clip(1 - 0.8 * (u * u + v * v), 0.15, 1) + 0.25 * grain
        if power:
            peak = 0.0
            value = np.clip(shape, 0.05, 1)
        else:
            peak = dice.choice([limits[1], limits[0]]) * dice.uniform(0.4, 0.9)
            value = (np.clip(peak * np.clip(shape, 0.15, 1.05), *limits) - limits[0]) / (limits[1] - limits[0])
        level[inside] = (1 + np.clip(value, 0, 1) * 254).round().astype(np.uint8)[inside]
        blobs.append(Blob(tuple((float(p), float(q)) for p, q in zip(px, py, strict=True)), peak))
    return ColourOverlay("power" if power else "colour", box, level, polygon), blobs


@dataclass(frozen=True, slots=True)
class Beat:
    """What the painted trace shows."""

    psv_cm_s: float
    edv_cm_s: float
    heart_rate_per_min: float


def trace_picture(plan: Plan, spectral: SpectralSettings, dice: random.Random) -> tuple[SpectrumTrace, Beat]:
    """An artery's trace as a filled outline with a grainy edge."""
    if plan.trace is None:
        raise ValueError("This screen has no room for a trace in these settings.")
    x0, y0, x1, y1 = plan.trace
    wide, high = x1 - x0, y1 - y0
    low, top = spectral.limits_cm_s
    per = (top - low) / high
    baseline = y0 - 0.5 + top / per
    peak = dice.uniform(0.45, 0.85) * top
    rest = peak * dice.uniform(0.12, 0.35)
    rate = dice.uniform(52, 96)
    time = (np.arange(wide) * spectral.sweep_s / wide * rate / 60 + dice.random()) % 1.0
    speed = rest + (peak - rest) * (
        np.exp(-(((time - 0.14) / 0.07) ** 2)) + 0.3 * np.exp(-(((time - 0.42) / 0.1) ** 2))
    )
    noise = np.random.default_rng(dice.randrange(1 << 30))
    rows = np.arange(y0, y1, dtype=np.float64)[:, None]
    velocity = (baseline - rows) * per
    inside = (velocity > 0.03 * top) & (velocity < speed[None, :])
    bright = 150 * np.clip(velocity / np.maximum(speed[None, :], 1e-6), 0.25, 1)
    grain = noise.gamma(2.0, 0.5, (high, wide))
    grey = np.where(inside, bright * grain, 10 * grain * (np.abs(velocity) > 0.03 * top))
    trace = SpectrumTrace(np.clip(grey, 0, 255).astype(np.uint8), baseline, per, spectral.sweep_s / wide, None)
    return trace, Beat(peak, rest, rate)


def flat(rows: int, columns: int) -> NDArray[np.uint8]:
    """An empty picture."""
    return np.zeros((rows, columns), np.uint8)
