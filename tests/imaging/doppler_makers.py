"""Screens with colour or power Doppler in the ways that makers draw them: boxes, bars, maps, themes, codecs.

A `Way` says what one maker's screens have in common (from memory, no maker's artwork); `draw_way` draws one such screen from
a seed. Nothing here is the product's simulator: tissue is filtered noise, vessels are tubes. What is drawn is known to the
pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from devices.cv import cv2
from tests.imaging.flow_screens import Picture, Truth, ramp

Colour = tuple[int, int, int]
Plane = npt.NDArray[np.float32]
Stops = tuple[Colour, ...]

#: Maps (BGR), from standstill to the fast end.
RED_YELLOW: Stops = ((0, 0, 70), (0, 0, 220), (0, 110, 255), (60, 240, 255))
BLUE_CYAN: Stops = ((70, 0, 0), (220, 0, 0), (255, 120, 0), (255, 245, 80))
RED_ORANGE: Stops = ((0, 0, 110), (0, 30, 190), (0, 130, 250))
BLUE_SKY: Stops = ((110, 10, 0), (190, 50, 0), (250, 170, 60))
RED_WHITE: Stops = ((10, 0, 90), (20, 20, 230), (130, 140, 255), (230, 235, 255))
BLUE_WHITE: Stops = ((90, 0, 10), (230, 30, 20), (255, 150, 120), (255, 235, 225))
RED_ONLY: Stops = ((0, 0, 60), (0, 0, 255))
BLUE_ONLY: Stops = ((60, 0, 0), (255, 0, 0))
BLUE_GREEN: Stops = ((80, 0, 0), (210, 60, 0), (180, 190, 0), (120, 255, 60))
VIOLET_RED: Stops = ((50, 0, 60), (40, 0, 180), (20, 60, 255), (60, 190, 255))
ORANGE_POWER: Stops = ((0, 0, 30), (0, 40, 150), (0, 120, 235), (90, 220, 255))
PURPLE_POWER: Stops = ((20, 0, 25), (110, 0, 120), (190, 50, 235), (235, 190, 255))
GOLD_POWER: Stops = ((0, 10, 30), (10, 80, 160), (40, 170, 240), (150, 240, 255))


@dataclass(frozen=True)
class Way:
    """What the colour Doppler screens of one maker have in common. Lengths are parts of the screen unless they end in px."""

    name: str
    shapes: tuple[str, ...] = ("linear",)  # linear, steered, convex, sector, trapezoid
    sizes: tuple[tuple[int, int], ...] = ((1280, 720), (1024, 768), (800, 600), (1920, 1080))
    kind: str = "colour"
    warm: Stops = RED_YELLOW
    cool: Stops = BLUE_CYAN
    power: Stops = ORANGE_POWER
    warm_up: float = 0.8  # how often the warm colours stand on top
    outline: Colour | None = (255, 255, 255)
    dash: tuple[int, int] | None = None  # pixels on, pixels a period, at 720 rows
    corners: bool = False  # corner marks alone
    thick: int = 1
    soft: bool = False  # blended half with the tissue
    bar: str = "right"  # left, right, top (lying above the picture), none
    bar_high: tuple[float, float] = (0.18, 0.32)
    bar_wide: tuple[float, float] = (0.012, 0.02)  # of the rows
    bar_down: tuple[float, float] = (0.1, 0.3)
    band: float = 0.04  # black at standstill, part of the bar
    frame: Colour | None = None  # a line round the bar
    steps: int = 0  # colours a side, where the bar has coarse steps
    variance: bool = False
    shift: tuple[float, float] = (0.5, 0.5)  # where the baseline lies, part of the height
    labels: str = "ends"  # ends, beside, none
    unit: str = "cm/s"  # cm/s, m/s, kHz, ""
    sign: str = "+-"  # what is printed before the upper and the lower number
    unit_at: str = "number"  # number, above, below
    tints: tuple[tuple[float, float, float], ...] = ((1, 1, 1),)
    theme: Colour = (0, 0, 0)
    ink: Colour = (225, 225, 225)
    margin: tuple[float, float] = (0.16, 0.16)  # left and right of the picture
    blend: tuple[float, float] = (1.0, 1.0)
    jpeg: tuple[int, int] | None = (75, 95)
    rescale: tuple[float, float] | None = None
    letterbox: bool = False
    radius_px: tuple[float, float] = (6.0, 22.0)  # of vessels, at 720 rows
    fast: tuple[float, float] = (0.3, 0.95)
    aliased: float = 0.2
    count: tuple[int, int] = (1, 3)
    bloom: float = 0.0
    coarse: int = 1  # pixels of a colour sample, at 720 rows
    gain: tuple[float, float] = (0.6, 1.2)
    grey_bar: bool = True
    decor: tuple[str, ...] = ("ruler", "text", "logo")
    bar_marks: tuple[str, ...] = ()  # baseline, ticks, pointer, over (on the tissue), clear (half transparent), slope
    bright_rest: bool = False  # the map begins as bright as it ends
    pulse: tuple[float, float] = (1.0, 1.0)  # what of the flow's speed this picture shows


def draw_way(way: Way, seed: int, size: tuple[int, int] | None = None) -> tuple[Picture, Truth]:
    """One screen of this way; of a size (width, height) of the caller's choice, or of one that the way has."""
    way = way if size is None else replace(way, sizes=(size,))
    return _Screen(way, np.random.default_rng([7, seed, sum(way.name.encode())])).draw()


class _Screen:
    def __init__(self, way: Way, rng: np.random.Generator) -> None:
        self.way, self.rng = way, rng
        self.w, self.h = way.sizes[rng.integers(len(way.sizes))]
        self.scale = min(self.h, self.w) / 720
        self.shape = way.shapes[rng.integers(len(way.shapes))]
        self.tint = np.array(way.tints[rng.integers(len(way.tints))], np.float32)
        left, right = way.margin
        self.region = (
            int(self.w * (left + rng.uniform(-0.02, 0.03))),
            int(self.h * rng.uniform(0.08, 0.16)),
            int(self.w * (1 - right + rng.uniform(-0.03, 0.02))),
            int(self.h * rng.uniform(0.8, 0.95)),
        )
        self._geometry()
        self._bar_place()

    # --- geometry -----------------------------------------------------------------------------------------------------

    def _geometry(self) -> None:
        rng = self.rng
        x0, y0, x1, y1 = self.region
        wide, tall = x1 - x0, y1 - y0
        self.field = np.zeros((self.h, self.w), np.uint8)
        if self.shape in ("convex", "sector"):
            above = 0.02 if self.shape == "sector" else rng.uniform(0.2, 0.55)
            self.apex = np.array([(x0 + x1) / 2, y0 - above * tall])
            inner, outer = y0 - self.apex[1], y1 - self.apex[1]
            spread = float(np.arcsin(min(0.72, wide / 2 / outer)))
            cv2.fillPoly(self.field, [self._arc(-spread, spread, inner, outer)], 1)
            first = rng.uniform(-0.8, 0.0) * spread
            last = min(0.9 * spread, first + rng.uniform(0.5, 1.1) * spread)
            near = inner + (outer - inner) * rng.uniform(0.12, 0.4)
            far = min(inner + 0.93 * (outer - inner), near + (outer - inner) * rng.uniform(0.28, 0.55))
            self.ring = self._arc(first, last, near, far)
        else:
            if self.shape == "trapezoid":
                cut = int(0.16 * wide)
                corners = [(x0 + cut, y0), (x1 - cut, y0), (x1, y1), (x0, y1)]
                cv2.fillPoly(self.field, [np.array(corners, np.int32)], 1)
                x0, x1 = x0 + cut, x1 - cut
                wide = x1 - x0
            else:
                self.field[y0:y1, x0:x1] = 1
            across, down = wide * rng.uniform(0.28, 0.75), tall * rng.uniform(0.22, 0.6)
            lean = (
                float(np.tan(np.deg2rad(rng.uniform(8, 22) * rng.choice([-1, 1])))) if self.shape == "steered" else 0.0
            )
            slant = lean * down
            free = max(1.0, wide - across - abs(slant) - 6)
            left = x0 + 3 + max(0.0, -slant) + rng.uniform(0, free)
            top = y0 + tall * rng.uniform(0.06, 0.36)
            ring = [(left, top), (left + across, top), (left + across + slant, top + down), (left + slant, top + down)]
            self.ring = np.rint(np.array(ring)).astype(np.int32)
        self.inside = np.zeros((self.h, self.w), np.uint8)
        cv2.fillPoly(self.inside, [self.ring], 1)

    def _arc(self, first: float, last: float, near: float, far: float) -> npt.NDArray[np.int32]:
        angles = np.linspace(first, last, 25)
        unit = np.stack([np.sin(angles), np.cos(angles)], axis=1)
        return np.rint(np.concatenate([self.apex + near * unit, (self.apex + far * unit)[::-1]])).astype(np.int32)

    def _bar_place(self) -> None:
        rng, way = self.rng, self.way
        x0, y0, x1, _ = self.region
        self.bar_w = max(4, int(self.h * rng.uniform(*way.bar_wide)))
        self.bar_h = max(44, int(self.h * rng.uniform(*way.bar_high)))
        room = int(max(8, 0.35 * way.margin[way.bar == "right"] * self.w))
        gap = int(rng.uniform(0.3, 1.0) * room) + self.bar_w
        self.bar_x = x0 - gap - self.bar_w if way.bar == "left" else x1 + gap
        self.bar_x = int(np.clip(self.bar_x, 6, self.w - self.bar_w - 6))
        self.bar_y = max(int(0.07 * self.h), int(self.h * rng.uniform(*way.bar_down)))
        if "over" in way.bar_marks:
            self.bar_x = x1 - self.bar_w - 4 if way.bar == "right" else x0 + 4
            self.bar_y = max(self.bar_y, y0 + 6)
        if way.bar == "top":
            self.bar_x, self.bar_y = int((x0 + x1) / 2 - self.bar_h / 2), max(3, y0 - self.bar_w - int(0.03 * self.h))
        self.rest = float(rng.uniform(*way.shift)) if way.kind == "colour" else 0.5
        self.up_warm = bool(rng.random() < way.warm_up)

    # --- what is in the picture -----------------------------------------------------------------------------------------

    def _tissue(self) -> Plane:
        rng, w, h = self.rng, self.w, self.h
        noise = rng.rayleigh(1.0, (h, w)).astype(np.float32)
        grain = max(0.6, rng.uniform(0.8, 1.4) * self.scale)
        noise = cv2.GaussianBlur(noise, (0, 0), 1.7 * grain, sigmaY=0.9 * grain)
        noise = (noise - noise.mean()) / noise.std()
        rows, cols = np.arange(h, dtype=np.float32)[:, None] / h, np.arange(w, dtype=np.float32)[None, :] / w
        layers = np.zeros((h, w), np.float32)
        for _ in range(5):
            layers += rng.uniform(8, 24) * np.sin(
                rng.uniform(10, 60) * rows + rng.uniform(-6, 6) * cols + rng.uniform(0, 6)
            )
        bright = np.clip((60 + layers) * (1 + 0.36 * noise) * rng.uniform(*self.way.gain), 1, 250)
        fade = 1 - rng.uniform(0.1, 0.7) * np.clip(rows * 1.2 - 0.3, 0, 1)
        return np.asarray(bright * fade * self.field, np.float32)

    def _flow(self) -> tuple[Plane, npt.NDArray[np.bool_]]:
        """The part of the range before it wraps, and where flow shows; dark lumens are drawn by the caller."""
        rng, way = self.rng, self.way
        ys, xs = np.nonzero(cv2.erode(self.inside, np.ones((9, 9), np.uint8)))
        rows, cols = np.mgrid[0 : self.h, 0 : self.w].astype(np.float32)
        part = np.zeros((self.h, self.w), np.float32)
        self.lumen = np.zeros((self.h, self.w), bool)
        for index in range(int(rng.integers(way.count[0], way.count[1] + 1))):
            pick = int(rng.integers(len(xs)))
            angle, length = rng.uniform(-0.7, 0.7), rng.uniform(0.03, 0.4) * self.w
            radius = rng.uniform(*way.radius_px) * self.scale
            fastest = rng.uniform(*way.fast) * rng.choice([-1, 1]) * rng.uniform(*way.pulse)
            if index == 0 and way.kind == "colour" and rng.random() < way.aliased:
                fastest = np.sign(fastest) * rng.uniform(1.15, 1.5)
            dx, dy = cols - xs[pick], rows - ys[pick]
            along = dx * np.cos(angle) + dy * np.sin(angle)
            across = -dx * np.sin(angle) + dy * np.cos(angle)
            bend = rng.uniform(-0.0008, 0.0008) * along**2 / max(self.scale, 0.5)
            reach = np.abs(across + bend) / radius
            ends = np.clip((length / 2 - np.abs(along)) / radius, 0, 1)
            self.lumen |= (reach < 1) & (ends > 0)
            profile = np.clip(1 - (reach / (1 + way.bloom)) ** 2, 0, 1) * ends
            part = np.where(profile > 0, fastest * profile, part)
        noise = cv2.GaussianBlur(rng.normal(0, 1, part.shape).astype(np.float32), (0, 0), 1.6 * self.scale)
        part = part * (1 + 0.2 * noise / max(float(noise.std()), 1e-6))
        sample = max(1, round(way.coarse * self.scale))
        if sample > 1:
            less = cv2.resize(part, None, fx=1 / sample, fy=1 / sample, interpolation=cv2.INTER_AREA)
            part = cv2.resize(less, (self.w, self.h), interpolation=cv2.INTER_NEAREST)
        return part.astype(np.float32), (np.abs(part) > 0.12) & (self.inside > 0)

    def _map(self, part: Plane) -> Plane:
        """BGR of parts of the range, −1 to 1 (power: 0 to 1)."""
        steps, way = 128, self.way
        place = np.clip(np.abs(part) * steps, 0, steps - 1)
        if way.steps:
            place = (place // (steps / way.steps) + 0.5) * steps / way.steps
        place = place.astype(int)
        if way.bright_rest:
            place = 60 + place * 67 // 127
        if way.kind == "power":
            return ramp(list(way.power), steps)[place]
        up, down = (way.warm, way.cool) if self.up_warm else (way.cool, way.warm)
        return np.where((part >= 0)[..., None], ramp(list(up), steps)[place], ramp(list(down), steps)[place])

    # --- the screen -----------------------------------------------------------------------------------------------------

    def draw(self) -> tuple[Picture, Truth]:
        way, rng = self.way, self.rng
        part, shown = self._flow()
        tissue = self._tissue()
        tissue[self.lumen] *= 0.12
        grey = np.clip(tissue[..., None] * self.tint, 0, 255)
        wrapped = np.asarray(((part + 1) % 2) - 1, np.float32) if way.kind == "colour" else np.abs(part)
        alpha = rng.uniform(*way.blend)
        seen = np.where(shown[..., None], alpha * self._map(wrapped) + (1 - alpha) * grey, grey)
        picture = np.where(self.field[..., None] > 0, seen, np.array(way.theme, float)).clip(0, 255).astype(np.uint8)
        self._decorate(picture)
        outline = self._outline(picture)
        limits, bar = self._bar(picture)
        mask = (shown & ~outline).astype(np.uint8)
        low, high = self.ring.min(axis=0), self.ring.max(axis=0)
        box = np.array([low[0], low[1], high[0] + 1, high[1] + 1], float)
        polygon = self.ring.astype(float)
        picture, mask, moved = self._sent(picture, mask)
        if moved is not None:
            fx, fy, dx, dy = moved
            box = box * [fx, fy, fx, fy] + [dx, dy, dx, dy]
            polygon = polygon * [fx, fy] + [dx, dy]
        if way.jpeg:
            quality = int(rng.integers(way.jpeg[0], way.jpeg[1] + 1))
            picture = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)
        bounds = tuple(int(v) for v in np.rint(box))
        truth = Truth(
            way.kind, bounds, polygon.tolist(), limits, bar, mask, None, f"{way.name} {self.w}x{self.h} {self.shape}"
        )
        return np.asarray(picture, np.uint8), truth

    def _sent(
        self, picture: Picture, mask: Picture
    ) -> tuple[Picture, Picture, tuple[float, float, float, float] | None]:
        """The screen as a phone or a grabber hands it on: another size, black beside it."""
        way, rng = self.way, self.rng
        moved = None
        if way.rescale:
            factor = rng.uniform(*way.rescale)
            size = (round(self.w * factor), round(self.h * factor))
            how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
            picture = np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
            mask = (cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5).astype(np.uint8)
            moved = (factor, factor, 0.0, 0.0)
        if way.letterbox:
            beside = int(rng.uniform(0.05, 0.2) * picture.shape[1])
            pad = ((0, 0), (beside, beside))
            picture, mask = np.pad(picture, (*pad, (0, 0))), np.pad(mask, pad)
            before = moved or (1.0, 1.0, 0.0, 0.0)
            moved = (before[0], before[1], float(beside), 0.0)
        return picture, mask, moved

    def _outline(self, picture: Picture) -> npt.NDArray[np.bool_]:
        way = self.way
        drawn = np.zeros(picture.shape[:2], np.uint8)
        if way.outline is None:
            return drawn > 0
        thick = max(1, round(way.thick * max(1.0, self.scale))) if way.thick > 1 else way.thick
        ring = np.concatenate([self.ring, self.ring[:1]]).astype(float)
        if way.corners:
            for before, here, after in zip(np.roll(self.ring, 1, 0), self.ring, np.roll(self.ring, -1, 0), strict=True):
                for other in (before, after):
                    away = other - here
                    end = here + away * min(1.0, 16 * self.scale / max(float(np.hypot(*away)), 1))
                    cv2.line(drawn, tuple(map(int, here)), tuple(np.rint(end).astype(int).tolist()), 1, thick)
        elif way.dash is None:
            cv2.polylines(drawn, [self.ring], True, 1, thick)
        else:
            on, period = (value * max(1.0, self.scale) for value in way.dash)
            places = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
            for start in np.arange(0, places[-1], period):
                at = np.array([start, min(start + on - 1, places[-1])])
                ends = np.stack([np.interp(at, places, ring[:, axis]) for axis in (0, 1)], axis=1)
                (a, b), (c, d) = np.rint(ends).astype(int).tolist()
                cv2.line(drawn, (a, b), (c, d), 1, thick)
        on_it = drawn > 0
        colour = np.array(way.outline, float)
        picture[on_it] = (0.5 * picture[on_it] + 0.5 * colour if way.soft else colour).astype(np.uint8)
        return on_it

    def _bar(self, picture: Picture) -> tuple[tuple[float, float] | None, tuple[int, int, int, int] | None]:
        way, rng = self.way, self.rng
        if way.bar == "none":
            return None, None
        x, y, w, h = self.bar_x, self.bar_y, self.bar_w, self.bar_h
        rows = (np.arange(h) + 0.5) / h
        above, below = (self.rest - rows) / self.rest, (rows - self.rest) / (1 - self.rest)
        part = np.where(rows < self.rest, above, -below).astype(np.float32)
        if way.kind == "power":
            part = np.asarray(1 - rows, np.float32)
        strip = np.repeat(self._map(part)[:, None], w, axis=1)
        if way.kind == "colour":
            strip[np.abs(rows - self.rest) < way.band / 2] = 0
        if way.variance:
            across = np.linspace(0, 0.8, w)[None, :, None]
            strip = strip * (1 - across) + across * np.array([40, 220, 60]) * np.abs(part)[:, None, None].clip(0.3, 1)
        lies = way.bar == "top"
        strip = np.rot90(strip, -1) if lies else strip
        if "clear" in way.bar_marks:
            strip = 0.8 * strip + 0.2 * picture[y : y + strip.shape[0], x : x + strip.shape[1]]
        tall, wide = strip.shape[:2]
        picture[y : y + tall, x : x + wide] = strip.clip(0, 255).astype(np.uint8)
        self._mark_bar(picture, (x, y, x + wide, y + tall))
        if way.frame is not None:
            cv2.rectangle(picture, (x - 1, y - 1), (x + wide, y + tall), way.frame, 1)
        box = (x, y, x + wide, y + tall)
        if way.labels == "none" or way.kind == "power":
            return None, box
        top = float(rng.choice([2.7, 3.9, 6.2, 9.6, 11.5, 15.4, 19.3, 23.1, 30, 38.5, 46, 64, 77]))
        bottom = round(top * (1 - self.rest) / self.rest, 1)
        factor = {"m/s": 0.01, "kHz": 0.05}.get(way.unit, 1.0)
        words = [
            f"{sign}{value * factor:.{2 if factor < 1 else 1}f}"
            for sign, value in zip(way.sign, (top, bottom), strict=True)
        ]
        words = [word.replace(" ", "") for word in words]
        if way.unit and way.unit_at == "number":
            words = [f"{word} {way.unit}" for word in words]
        self._numbers(picture, box, words, lies)
        if way.unit == "kHz":
            return None, box
        if way.unit == "m/s":
            top, bottom = (round(round(value * 0.01, 2) * 100, 1) for value in (top, bottom))
        return (-bottom, top), box

    def _mark_bar(self, picture: Picture, box: tuple[int, int, int, int]) -> None:
        """What some makers draw on the bar: a line at the baseline, ticks, the wall filter's pointer."""
        marks, (x0, y0, x1, y1) = self.way.bar_marks, box
        rest = round(y0 + self.rest * (y1 - y0))
        if "baseline" in marks:
            cv2.line(picture, (x0 - 3, rest), (x1 + 2, rest), (240, 240, 240), 1)
        if "ticks" in marks:
            for row in np.linspace(y0, y1 - 1, 9).round().astype(int).tolist():
                cv2.line(picture, (x0 - 4, row), (x0 + 1, row), (210, 210, 210), 1)
        if "pointer" in marks:
            row = round(y0 + 0.3 * (y1 - y0))
            cv2.fillConvexPoly(
                picture, np.array([[x0, row], [x0 - 7, row - 5], [x0 - 7, row + 5]], np.int32), (60, 220, 60)
            )

    def _numbers(self, picture: Picture, box: tuple[int, int, int, int], words: list[str], lies: bool) -> None:
        x0, y0, x1, y1 = box
        wide, tall = max(self._size(word)[0] for word in words), self._size(words[0])[1]
        if lies:
            self._write(picture, words[1], x0 - self._size(words[1])[0] - 6, y0 + tall)
            self._write(picture, words[0], x1 + 6, y0 + tall)
        elif self.way.labels == "ends":
            self._write(picture, words[0], (x0 + x1) // 2 - wide // 2, y0 - 5)
            self._write(picture, words[1], (x0 + x1) // 2 - wide // 2, y1 + tall + 6)
        else:
            at = x1 + 4 if self.way.bar == "left" or x1 + wide + 8 < self.w else x0 - wide - 6
            self._write(picture, words[0], at, y0 + tall)
            self._write(picture, words[1], at, y1)
        if self.way.unit and self.way.unit_at != "number":
            row = y0 - 2 * tall - 10 if self.way.unit_at == "above" else y1 + 2 * tall + 14
            self._write(picture, self.way.unit, (x0 + x1) // 2 - 18, row)

    def _size(self, text: str) -> tuple[int, int]:
        size = max(0.42, 0.5 * self.scale)
        return cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, 1 if size < 0.75 else 2)[0]

    def _write(self, picture: Picture, text: str, x: int, y: int, colour: Colour | None = None) -> None:
        size = max(0.42, 0.5 * self.scale)
        x = int(np.clip(x, 2, max(2, self.w - self._size(text)[0] - 2)))
        thick = 1 if size < 0.75 else 2
        cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour or self.way.ink, thick, cv2.LINE_AA)

    def _decorate(self, picture: Picture) -> None:
        """What stands on the screen and is no flow."""
        rng, decor = self.rng, self.way.decor
        x0, y0, x1, y1 = self.region
        step = max(6, int(26 * self.scale))
        ruler = x1 + 3 if self.way.bar != "right" else x0 - 9
        if "ruler" in decor:
            for index, row in enumerate(range(y0, y1, step)):
                cv2.line(picture, (ruler, row), (ruler + (6 if index % 5 == 0 else 3), row), self.way.ink, 1)
        if "yellow-ruler" in decor:
            for row in range(y0, y1, step):
                cv2.line(picture, (ruler, row), (ruler + 5, row), (0, 230, 255), 1)
            focus = np.array(
                [[ruler + 9, y0 + 3 * step], [ruler + 17, y0 + 3 * step - 6], [ruler + 17, y0 + 3 * step + 6]]
            )
            cv2.fillConvexPoly(picture, focus.astype(np.int32), (0, 230, 255))
        if "text" in decor:
            lines = ("FR 23Hz", "CF 5.7MHz", "PRF 1.4k", "Gn 52%", "WF 86Hz", "D 3.0cm")
            at = 6 if self.way.bar != "left" else self.w - int(95 * max(1.0, self.scale))
            for index, line in enumerate(lines):
                self._write(picture, line, at, int(self.h * 0.45 + index * 24 * max(0.8, self.scale)))
        if "header" in decor:
            self._write(picture, "Linear  MSK  MI 0.9 TIS 0.3", x0, max(12, y0 - int(30 * self.scale)), (255, 190, 70))
        if "logo" in decor:
            cv2.circle(
                picture,
                (x0 - 12 if x0 > 30 else x0 + 12, max(10, y0 - 9)),
                max(5, int(7 * self.scale)),
                (210, 90, 20),
                -1,
            )
        if "battery" in decor:
            right, top, unit = self.w - int(70 * self.scale), int(10 * self.scale) + 2, max(1, int(self.scale * 2))
            cv2.rectangle(picture, (right, top), (right + 20 * unit, top + 8 * unit), (220, 220, 220), 1)
            cv2.rectangle(picture, (right + 2, top + 2), (right + 13 * unit, top + 7 * unit), (60, 200, 60), -1)
        if "buttons" in decor:
            tall = int(0.045 * self.h)
            for index in range(5):
                left = int(self.w * (0.06 + 0.18 * index))
                tone = [(150, 90, 40), (60, 60, 60), (60, 60, 60), (30, 110, 200), (60, 60, 60)][index]
                picture[self.h - tall - 4 : self.h - 4, left : left + int(0.15 * self.w)] = tone
        if "caliper" in decor:
            ys, xs = np.nonzero(self.field)
            pick = int(rng.integers(len(xs)))
            for tone, (dx, dy) in (((60, 255, 60), (0, 0)), ((60, 255, 60), (int(60 * self.scale), 12))):
                column, row = int(xs[pick]) + dx, int(ys[pick]) + dy
                cv2.line(picture, (column - 5, row), (column + 5, row), tone, 1)
                cv2.line(picture, (column, row - 5), (column, row + 5), tone, 1)
        if "gate" in decor:
            foot, lean = (x0 + x1) // 2, int(0.1 * (y1 - y0))
            cv2.line(picture, (foot, y0), (foot + lean, y1), (200, 200, 80), 1)
            for along in (0.42, 0.48):
                column, row = int(foot + lean * along), int(y0 + (y1 - y0) * along)
                cv2.line(picture, (column - 9, row), (column + 9, row), (0, 220, 255), 2)
        if self.way.grey_bar:
            tall = int(0.2 * self.h)
            at = self.w - 14 if self.way.bar == "left" else 8
            steps = np.linspace(250, 0, tall)[:, None, None] * np.ones((1, 7, 1)) * self.tint
            top = int(0.12 * self.h)
            picture[top : top + tall, at : at + 7] = np.clip(steps, 0, 255).astype(np.uint8)
