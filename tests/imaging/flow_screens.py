"""Screens with colour Doppler, drawn by this file alone: seeded, random in all that makers do differently.

Not the product's simulator and not real: speckle is filtered noise, vessels are tubes. What is drawn is known to the
pixel, so that box, limits, flow and velocity can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from devices.cv import cv2

Picture = npt.NDArray[np.uint8]
SIZES = [(640, 480), (800, 600), (1024, 768), (1280, 720), (1280, 960), (1600, 900), (1920, 1080)]

#: Colours (BGR) from standstill to the end, as makers draw them.
WARM = [
    [(0, 0, 60), (0, 0, 230), (0, 120, 255), (60, 240, 255)],
    [(0, 0, 90), (0, 20, 200), (0, 200, 255)],
    [(20, 0, 70), (10, 10, 255), (120, 160, 255), (225, 235, 255)],
    [(0, 0, 40), (0, 0, 180), (0, 90, 255)],
    [(0, 20, 80), (0, 110, 220), (30, 230, 255)],
]
COOL = [
    [(60, 0, 0), (230, 0, 0), (255, 140, 0), (255, 250, 80)],
    [(90, 10, 0), (220, 40, 10), (255, 220, 40)],
    [(80, 0, 20), (255, 20, 10), (255, 160, 120), (255, 235, 225)],
    [(50, 0, 0), (200, 10, 0), (255, 120, 20)],
    [(70, 20, 0), (200, 110, 0), (240, 255, 60)],
]
POWER = [
    [(0, 0, 20), (0, 40, 160), (0, 140, 255), (120, 240, 255)],
    [(10, 0, 20), (120, 0, 140), (200, 60, 255), (230, 200, 255)],
    [(0, 0, 30), (0, 0, 210), (0, 150, 255), (0, 255, 255)],
]
OUTLINES = [
    (255, 255, 255),
    (200, 200, 200),
    (0, 255, 255),
    (80, 255, 80),
    (0, 165, 255),
    (255, 220, 120),
    (150, 190, 190),
]


@dataclass
class Truth:
    """What was drawn. `mask` (rows, columns): 1 where flow colour shows; `velocity` in cm/s there."""

    kind: str
    box: tuple[int, int, int, int] | None = None
    polygon: list[tuple[float, float]] = field(default_factory=list)
    limits: tuple[float, float] | None = None
    bar: tuple[int, int, int, int] | None = None
    mask: npt.NDArray[np.uint8] | None = None
    velocity: npt.NDArray[np.float32] | None = None
    what: str = ""


def ramp(stops: list[tuple[int, int, int]], steps: int) -> npt.NDArray[np.float32]:
    at = np.linspace(0, 1, len(stops))
    place = (np.arange(steps) + 0.5) / steps
    return np.stack([np.interp(place, at, [stop[c] for stop in stops]) for c in range(3)], axis=1).astype(np.float32)


class Drawing:
    """One random screen: `picture` and `truth`. `phase` scales the flow (a pulse), so that a clip can be drawn."""

    def __init__(self, seed: int, *, kind: str | None = None, size: tuple[int, int] | None = None) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.w, self.h = size or SIZES[rng.integers(len(SIZES))]
        self.kind = kind or ("power" if rng.random() < 0.25 else "colour")
        self.convex = bool(rng.random() < 0.35)
        self.tint = [(1, 1, 1), (1, 1, 1), (1.12, 1.0, 0.93), (0.72, 0.9, 1.0), (1.15, 0.98, 0.85)][rng.integers(5)]
        self.up_is_warm = bool(rng.random() < 0.7)
        self.warm = WARM[rng.integers(len(WARM))]
        self.cool = COOL[rng.integers(len(COOL))]
        self.power = POWER[rng.integers(len(POWER))]
        self.blend = 1.0 if rng.random() < 0.6 else float(rng.uniform(0.65, 0.9))
        self.jpeg = int(rng.integers(70, 96)) if rng.random() < 0.7 else 0
        self.limit = round(float(rng.choice([3.4, 5.8, 9.6, 11.5, 16, 19.2, 23.1, 38.5, 43.8, 61.6, 77.0])), 1)
        self.labels = ["ends", "beside", "none"][rng.choice(3, p=[0.5, 0.35, 0.15])]
        self.unit = ["cm/s", "", "m/s"][rng.choice(3, p=[0.5, 0.3, 0.2])]
        if self.unit == "m/s":
            self.limit = round(float(rng.choice([0.19, 0.24, 0.38, 0.62, 0.77, 1.2])) * 100, 1)
        self.outline = OUTLINES[rng.integers(len(OUTLINES))]
        self.dashed = bool(rng.random() < 0.2)
        self.thick = 1 if self.h < 700 or rng.random() < 0.6 else 2
        self.scale = self.h / 720
        self._place()
        self._tissue = self._speckle()
        self._bar_colours()
        self._vessels()

    # --- geometry -------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        rng, w, h = self.rng, self.w, self.h
        side = rng.random() < 0.5
        x0, x1 = int(w * rng.uniform(0.14, 0.2)), int(w * rng.uniform(0.72, 0.84))
        y0, y1 = int(h * rng.uniform(0.08, 0.16)), int(h * rng.uniform(0.82, 0.95))
        self.region = (x0, y0, x1, y1)
        self.bar_x = int(w * rng.uniform(0.045, 0.09)) if side else int(w * rng.uniform(0.88, 0.93))
        self.bar_w = max(7, int(rng.uniform(10, 24) * self.scale))
        self.bar_h = int(h * rng.uniform(0.14, 0.36))
        self.bar_y = int(h * rng.uniform(0.14, 0.3))
        fw, fh = x1 - x0, y1 - y0
        if self.convex:
            self.apex = (x0 + fw / 2, y0 - fh * rng.uniform(0.1, 0.5))
            self.radii = (y0 - self.apex[1] + 0.0, y1 - self.apex[1])
            self.spread = float(np.arcsin(min(0.9, fw / 2 / self.radii[1])))
            a0 = rng.uniform(-0.75, -0.1) * self.spread
            a1 = min(0.85 * self.spread, a0 + rng.uniform(0.5, 1.0) * self.spread)
            span = self.radii[1] - self.radii[0]
            r0 = self.radii[0] + span * rng.uniform(0.15, 0.4)
            r1 = min(self.radii[0] + 0.92 * span, r0 + span * rng.uniform(0.3, 0.55))
            self.fan = (a0, a1, r0, r1)
            angles = np.linspace(a0, a1, 13)
            ring = [(self.apex[0] + r0 * np.sin(a), self.apex[1] + r0 * np.cos(a)) for a in angles]
            ring += [(self.apex[0] + r1 * np.sin(a), self.apex[1] + r1 * np.cos(a)) for a in angles[::-1]]
        else:
            bw, bh = fw * rng.uniform(0.3, 0.65), fh * rng.uniform(0.25, 0.6)
            lean = 0.0 if rng.random() < 0.5 else float(np.tan(np.deg2rad(rng.uniform(-22, 22))))
            shift = abs(lean * bh)
            bx = x0 + 4 + shift + rng.uniform(0, max(1, fw - bw - 2 * shift - 8))
            by = y0 + fh * rng.uniform(0.1, 0.35)
            ring = [(bx, by), (bx + bw, by), (bx + bw + lean * bh, by + bh), (bx + lean * bh, by + bh)]
        self.polygon = ring
        self.box_mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(self.box_mask, [np.rint(np.array(ring)).astype(np.int32)], 1)

    def _speckle(self) -> npt.NDArray[np.float32]:
        rng, w, h = self.rng, self.w, self.h
        noise = rng.rayleigh(1.0, (h, w)).astype(np.float32)
        grain = max(0.6, 1.1 * self.scale)
        noise = cv2.GaussianBlur(noise, (0, 0), 1.8 * grain, sigmaY=0.9 * grain)
        noise = (noise - noise.mean()) / noise.std()
        rows = np.arange(h)[:, None] / h
        cols = np.arange(w)[None, :] / w
        layers = sum(
            rng.uniform(8, 26) * np.sin(rng.uniform(10, 60) * rows + rng.uniform(-6, 6) * cols + rng.uniform(0, 6))
            for _ in range(4)
        )
        picture = np.clip((70 + layers) * (1 + 0.33 * noise) * rng.uniform(0.6, 1.2), 2, 250)
        shape = np.zeros((h, w), np.uint8)
        x0, y0, x1, y1 = self.region
        if self.convex:
            angles = np.linspace(-self.spread, self.spread, 40)
            inner = [
                (self.apex[0] + self.radii[0] * np.sin(a), self.apex[1] + self.radii[0] * np.cos(a)) for a in angles
            ]
            outer = [
                (self.apex[0] + self.radii[1] * np.sin(a), self.apex[1] + self.radii[1] * np.cos(a)) for a in angles
            ]
            cv2.fillPoly(shape, [np.rint(np.array(inner + outer[::-1])).astype(np.int32)], 1)
        else:
            shape[y0:y1, x0:x1] = 1
        return (picture * shape).astype(np.float32)

    # --- colours --------------------------------------------------------------------------------------------------

    def _bar_colours(self) -> None:
        half = self.bar_h // 2
        if self.kind == "power":
            self.bar_pixels = ramp(self.power, self.bar_h)[::-1]
            return
        gap = max(0, int(self.rng.choice([0, 0, 2, 5]) * self.scale))
        up, down = (self.warm, self.cool) if self.up_is_warm else (self.cool, self.warm)
        upper, lower = ramp(up, half - gap)[::-1], ramp(down, half - gap)
        black = np.zeros((2 * gap, 3), np.float32)
        self.bar_pixels = np.concatenate([upper, black, lower])
        self.bar_h = len(self.bar_pixels)

    def colour_of(self, part: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """BGR of each part of the range, −1 to 1 (power: 0 to 1)."""
        steps = 128
        if self.kind == "power":
            return ramp(self.power, steps)[np.clip(np.abs(part) * steps, 0, steps - 1).astype(int)]
        up, down = (self.warm, self.cool) if self.up_is_warm else (self.cool, self.warm)
        place = np.clip(np.abs(part) * steps, 0, steps - 1).astype(int)
        return np.where((part >= 0)[..., None], ramp(up, steps)[place], ramp(down, steps)[place])

    # --- flow -----------------------------------------------------------------------------------------------------

    def _vessels(self) -> None:
        rng = self.rng
        ys, xs = np.nonzero(self.box_mask)
        count = int(rng.integers(1, 4))
        self.tubes = []
        for index in range(count):
            pick = rng.integers(len(xs))
            angle, length = rng.uniform(-0.6, 0.6), rng.uniform(0.1, 0.45) * self.w
            radius = rng.uniform(7, 26) * self.scale
            fastest = rng.uniform(0.35, 0.95) * (-1 if rng.random() < 0.5 else 1)
            if index == 0 and self.kind == "colour" and rng.random() < 0.3:
                fastest = np.sign(fastest) * rng.uniform(1.15, 1.5)
            self.tubes.append((float(xs[pick]), float(ys[pick]), angle, length, radius, fastest))

    def flow_part(self, gains: list[float] | None = None) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
        """The part of the range before it wraps, and where flow shows (the machine drops the slowest eighth)."""
        rows, cols = np.mgrid[0 : self.h, 0 : self.w].astype(np.float32)
        part = np.zeros((self.h, self.w), np.float32)
        for index, (x, y, angle, length, radius, fastest) in enumerate(self.tubes):
            along = (cols - x) * np.cos(angle) + (rows - y) * np.sin(angle)
            across = -(cols - x) * np.sin(angle) + (rows - y) * np.cos(angle)
            profile = np.clip(1 - (across / radius) ** 2, 0, 1) * (np.abs(along) < length / 2)
            gain = 1.0 if gains is None else gains[index % len(gains)]
            part = np.where(profile > 0, fastest * gain * profile, part)
        noise = cv2.GaussianBlur(self.rng.normal(0, 1, part.shape).astype(np.float32), (0, 0), 1.5)
        part = part * (1 + 0.25 * noise)
        shown = (np.abs(part) > 0.12) & (self.box_mask > 0)
        return part, shown.astype(np.uint8)

    # --- the whole ------------------------------------------------------------------------------------------------

    def draw(self, gains: list[float] | None = None, flash: float = 0.0) -> tuple[Picture, Truth]:
        """One frame. `flash`: part of the range of a colour over the whole box."""
        picture = self._tissue[..., None] * np.array(self.tint, np.float32)
        part, shown = self.flow_part(gains)
        wrapped = part if self.kind == "power" else ((part + 1) % 2) - 1
        covered = shown > 0
        if flash:
            blur = cv2.GaussianBlur(self.rng.normal(0, 1, part.shape).astype(np.float32), (0, 0), 12 * self.scale)
            burst = (blur > -0.02) & (self.box_mask > 0)
            wrapped = np.where(burst & ~covered, flash, wrapped)
            covered = covered | burst
        colours = self.colour_of(wrapped.astype(np.float32))
        alpha = self.blend
        picture = np.where(covered[..., None], alpha * colours + (1 - alpha) * picture, picture)
        picture = np.clip(picture, 0, 255).astype(np.uint8)
        self._furniture(picture)
        outline = self._outline(picture)
        bar = self._bar(picture)
        if self.jpeg:
            picture = cv2.imdecode(
                cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self.jpeg])[1], cv2.IMREAD_COLOR
            )
        ring = np.array(self.polygon)
        low, high = ring.min(axis=0), ring.max(axis=0)
        box = (round(low[0]), round(low[1]), round(high[0]) + 1, round(high[1]) + 1)
        limits = None
        if self.kind == "colour" and self.labels != "none":
            limits = (-self.limit, self.limit)
        mask = (shown & (outline == 0)).astype(np.uint8)
        return picture, Truth(
            self.kind, box, self.polygon, limits, bar, mask, (part * self.limit).astype(np.float32), self._name()
        )

    def _name(self) -> str:
        shape = "convex" if self.convex else "linear"
        return f"{self.w}x{self.h} {shape} {self.kind} jpeg{self.jpeg} blend{self.blend:.2f} {self.labels} {self.unit}"

    def _outline(self, picture: Picture) -> npt.NDArray[np.uint8]:
        drawn = np.zeros(picture.shape[:2], np.uint8)
        ring = np.array(self.polygon + self.polygon[:1])
        if not self.dashed:
            cv2.polylines(drawn, [np.rint(ring).astype(np.int32)], False, 1, self.thick)
        else:
            steps = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
            dash = 7 * max(1, self.scale)
            for start in np.arange(0, steps[-1], 1.5 * dash):
                at = np.array([start, min(start + dash, steps[-1])])
                points = np.stack([np.interp(at, steps, ring[:, axis]) for axis in (0, 1)], axis=1)
                (a, b), (c, d) = np.rint(points).astype(int).tolist()
                cv2.line(drawn, (a, b), (c, d), 1, self.thick)
        picture[drawn > 0] = self.outline
        return drawn

    def _write(self, picture: Picture, text: str, x: int, y: int, colour: tuple[int, int, int]) -> tuple[int, int]:
        size = max(0.42, 0.5 * self.scale)
        thick = 1 if size < 0.75 else 2
        (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, thick)
        x = min(max(2, x), self.w - wide - 2)
        cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, thick, cv2.LINE_AA)
        return wide, tall

    def _bar(self, picture: Picture) -> tuple[int, int, int, int]:
        x, y = self.bar_x, self.bar_y
        picture[y : y + self.bar_h, x : x + self.bar_w] = self.bar_pixels[:, None].astype(np.uint8)
        box = (x, y, x + self.bar_w, y + self.bar_h)
        if self.kind == "power" or self.labels == "none":
            return box
        value = self.limit / 100 if self.unit == "m/s" else self.limit
        if self.unit == "" and self.limit < 5:
            value = self.limit
        text = f"{value:g}"
        unit = f" {self.unit}" if self.unit and self.labels == "ends" else ""
        colour = (230, 230, 230)
        size = max(0.42, 0.5 * self.scale)
        (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
        if self.labels == "ends":
            centre = x + self.bar_w // 2 - wide // 2
            self._write(picture, text + unit, centre, y - 6, colour)
            self._write(picture, "-" + text + unit, centre - 4, y + self.bar_h + tall + 7, colour)
        else:
            left = x > self.w // 2
            at = x - wide - 14 if left else x + self.bar_w + 5
            self._write(picture, text, at, y + tall + 1, colour)
            self._write(picture, "-" + text, at, y + self.bar_h - 1, colour)
            if self.unit:
                self._write(picture, self.unit, at, y + self.bar_h // 2, colour)
        return box

    def _furniture(self, picture: Picture) -> None:
        """What stands on every screen and is no flow: rulers, focus marks, logos, texts, a caliper, buttons."""
        rng = self.rng
        yellow, green = (0, 255, 255), (60, 255, 60)
        x0, y0, x1, y1 = self.region
        x = x1 + 8
        for row in range(y0, y1, max(6, int(28 * self.scale))):
            cv2.line(picture, (x, row), (x + 6, row), yellow if rng.random() < 0.5 else (220, 220, 220), 1)
        cv2.fillConvexPoly(
            picture,
            np.array([[x + 10, (y0 + y1) // 2], [x + 18, (y0 + y1) // 2 - 6], [x + 18, (y0 + y1) // 2 + 6]]),
            yellow,
        )
        self._write(picture, "MI 1.1 TIS 0.4", int(self.w * 0.45), int(26 * max(1, self.scale * 0.8)), (255, 200, 90))
        cv2.circle(picture, (x0 + 12, max(12, y0 - 12)), 6, (60, 60, 240), -1)
        column = int(self.w * 0.3)
        row = (y0 + y1) // 2
        cv2.line(picture, (column - 6, row), (column + 6, row), green, 1)
        cv2.line(picture, (column, row - 6), (column, row + 6), green, 1)
        picture[self.h - int(22 * self.scale) : self.h - 4, 6 : int(0.12 * self.w)] = (180, 110, 20)


def negative(seed: int) -> tuple[Picture, str]:
    """A screen or picture without Doppler, on which colours tempt."""
    rng = np.random.default_rng(seed)
    drawing = Drawing(seed)
    picture = np.clip(drawing._tissue[..., None] * np.array(drawing.tint, np.float32), 0, 255).astype(np.uint8)
    drawing._furniture(picture)
    what = ["plain", "sepia", "elastography", "histology", "buttons", "photograph", "greybar"][rng.integers(7)]
    h, w = picture.shape[:2]
    x, y, bw, bh = drawing.bar_x, drawing.bar_y, drawing.bar_w, drawing.bar_h
    if what == "sepia":
        sepia = np.array([0.55, 0.8, 1.0]) if rng.random() < 0.5 else np.array([1.0, 0.8, 0.6])
        picture = np.clip(drawing._tissue[..., None] * sepia, 0, 255).astype(np.uint8)
        picture[y : y + bh, x : x + bw] = (np.linspace(255, 0, bh)[:, None, None] * sepia).astype(np.uint8)
    elif what == "elastography":
        hue = np.linspace(0, 120, bh).astype(np.uint8)
        bar = np.stack([hue, np.full_like(hue, 255), np.full_like(hue, 255)], axis=1)[:, None]
        picture[y : y + bh, x : x + bw] = cv2.cvtColor(bar, cv2.COLOR_HSV2BGR)
        field_ = cv2.GaussianBlur(rng.normal(0, 1, (h, w)).astype(np.float32), (0, 0), 25)
        field_ = np.clip((field_ - field_.min()) / np.ptp(field_) * 120, 0, 120).astype(np.uint8)
        colours = cv2.cvtColor(
            np.dstack([field_, np.full_like(field_, 255), np.full_like(field_, 255)]), cv2.COLOR_HSV2BGR
        )
        inside = drawing.box_mask[..., None] > 0
        picture = np.where(inside, (0.5 * colours + 0.5 * picture).astype(np.uint8), picture)
        drawing._outline(picture)
    elif what == "histology":
        base = cv2.GaussianBlur(rng.normal(0, 1, (h, w, 3)).astype(np.float32), (0, 0), 4)
        picture = np.clip(np.array([200, 120, 215]) + 260 * base, 0, 255).astype(np.uint8)
    elif what == "buttons":
        for _ in range(8):
            bx, by = int(rng.integers(0, w - 90)), int(rng.integers(0, h - 60))
            tone = rng.integers(0, 255, 3)
            shade = np.linspace(1, 0.5, 40)[:, None, None] * tone
            picture[by : by + 40, bx : bx + 80] = shade.astype(np.uint8)
    elif what == "photograph":
        base = cv2.GaussianBlur(rng.normal(0, 1, (h, w, 3)).astype(np.float32), (0, 0), 30)
        picture = np.clip(128 + 1500 * base, 0, 255).astype(np.uint8)
    elif what == "greybar":
        picture[y : y + bh, x : x + bw] = np.linspace(255, 0, bh)[:, None, None].astype(np.uint8)
        drawing._outline(picture)
    if drawing.jpeg:
        picture = cv2.imdecode(
            cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, drawing.jpeg])[1], cv2.IMREAD_COLOR
        )
    return picture, what
