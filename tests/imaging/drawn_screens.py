"""Random screens of probes that do not exist, with their true scale: drawn here, by code that shares nothing with imaging.

Layouts are imitations from memory of how makers lay out their rulers: ticks or dots, at the side, over tissue, at the
screen's edge or along a sector's; numbers in cm or mm beside, under or in line with the ticks; long and short ticks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZES = [
    (640, 480),
    (800, 600),
    (1024, 768),
    (1280, 720),
    (1280, 960),
    (1440, 1080),
    (1920, 1080),
    (1080, 1920),
    (2340, 1080),
]
HERSHEY = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX]


@dataclass
class Drawn:
    """One screen: BGR, and what is true of it."""

    bgr: np.ndarray
    mm_per_pixel: tuple[float, float]
    box: tuple[int, int, int, int]
    kind: str
    labelled: bool
    depth_mm: float
    notes: dict[str, object] = field(default_factory=dict)


class Pen:
    """Text in one face and size; the box of what it drew."""

    def __init__(self, rng: np.random.Generator, height: int) -> None:
        self.height = max(9, height)
        self.face = "pil" if rng.random() < 0.6 else int(rng.choice(HERSHEY))
        self.thick = 1 if self.height < 24 else 2
        if self.face == "pil":
            self.font = ImageFont.load_default(self.height * 1.35)
        else:
            self.scale = self.height / cv2.getTextSize("0", self.face, 1.0, 1)[0][1]

    def size(self, text: str) -> tuple[int, int]:
        if self.face == "pil":
            x0, y0, x1, y1 = self.font.getbbox(text)
            return int(x1 - x0), int(y1 - y0)
        (w, h), _ = cv2.getTextSize(text, self.face, self.scale, self.thick)
        return w, h

    def write(self, picture: np.ndarray, text: str, x: float, y: float, colour: tuple[int, int, int]) -> None:
        """With its top left corner at [x, y]."""
        if self.face == "pil":
            w, h = self.size(text)
            x0, y0 = max(0, int(x) - 2), max(0, int(y) - 2)
            x1, y1 = min(picture.shape[1], int(x) + w + 4), min(picture.shape[0], int(y) + h + 4)
            if x1 <= x0 or y1 <= y0:
                return
            part = Image.fromarray(np.ascontiguousarray(picture[y0:y1, x0:x1, ::-1]))
            left, top, _, _ = self.font.getbbox(text)
            ImageDraw.Draw(part).text((int(x) - x0 - left, int(y) - y0 - top), text, font=self.font, fill=colour[::-1])
            picture[y0:y1, x0:x1] = np.asarray(part)[:, :, ::-1]
        else:
            _, h = self.size(text)
            cv2.putText(picture, text, (int(x), int(y) + h), self.face, self.scale, colour, self.thick, cv2.LINE_AA)


def speckle(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """A B picture's grey values: layers, a vessel or two, speckle broader than deep, fading with depth."""
    broad, deep = rng.uniform(1.6, 4), rng.uniform(0.8, 1.4)
    waves = [rng.normal(size=(rows, columns)).astype(np.float32) for _ in range(2)]
    fine = np.stack([cv2.GaussianBlur(wave, (0, 0), broad, None, deep) for wave in waves])
    amplitude = np.hypot(*fine)
    amplitude /= amplitude.mean()
    tissue = np.zeros((rows, columns), np.float32)
    y = np.arange(rows)[:, None] + 0 * np.arange(columns)[None]
    for _ in range(int(rng.integers(2, 6))):
        at = rng.uniform(0.05, 0.9) * rows + rng.uniform(-0.1, 0.1) * np.arange(columns)[None]
        tissue += rng.uniform(0.2, 0.8) * np.exp(-(((y - at) / (rng.uniform(0.004, 0.03) * rows)) ** 2))
    for _ in range(int(rng.integers(0, 3))):
        c, r = rng.uniform(0.2, 0.8) * columns, rng.uniform(0.2, 0.8) * rows
        size = rng.uniform(0.02, 0.12) * rows
        tissue[np.hypot(np.arange(columns)[None] - c, 1.4 * (y - r)) < size] -= 2.2
    grey = (
        75
        + rng.uniform(22, 38) * np.log(amplitude + 0.04)
        + 55 * tissue
        - np.linspace(0, rng.uniform(10, 60), rows)[:, None]
    )
    return np.clip(grey, 0, 255).astype(np.uint8)


def draw(
    rng: np.random.Generator,
    *,
    labelled: bool = True,
    degrade: bool = True,
    kind: str | None = None,
    size: tuple[int, int] | None = None,
) -> Drawn:
    """One random screen with a ruler, numbered or not."""
    columns, rows = size or SIZES[int(rng.integers(len(SIZES)))]
    kind = kind or str(rng.choice(["linear", "linear", "linear", "convex", "sector"]))
    light = rng.random() < 0.12
    theme = int(rng.choice([0, 0, 0, 18, 40])) if not light else int(rng.choice([225, 245, 255]))
    tint = np.array([theme, theme, theme], float) + (rng.uniform(0, 12, 3) if 0 < theme < 200 else 0)
    screen = np.zeros((rows, columns, 3), np.uint8)
    screen[:] = np.clip(tint, 0, 255)
    ink = (20, 20, 20) if light else tuple(int(v) for v in rng.choice([235, 255, 200, 170]) * np.ones(3))
    portrait = rows > columns
    x0, x1 = (0.10, 0.86) if portrait else (rng.uniform(0.16, 0.3), rng.uniform(0.62, 0.84))
    y0, y1 = (0.2, 0.62) if portrait else (rng.uniform(0.05, 0.14), rng.uniform(0.8, 0.96))
    box = (int(x0 * columns), int(y0 * rows), int(x1 * columns), int(y1 * rows))
    depth = (
        float(rng.choice([20, 25, 30, 35, 40, 45, 50, 60, 70, 80]))
        if kind == "linear"
        else float(rng.choice([60, 80, 100, 120, 140, 160, 180, 200, 240]))
    )
    edges = None
    if kind == "linear":
        drawn = speckle(rng, box[3] - box[1], box[2] - box[0])
        screen[box[1] : box[3], box[0] : box[2]] = drawn[..., None]
        pitch = (box[3] - box[1]) / depth  # pixels a millimetre
        top = float(box[1])
    else:
        # A black pane behind a fan, as light themes have.
        screen[box[1] - 4 : box[3] + 4, max(0, box[0] - 90) : box[2] + 90] = 0
        pitch, top, box, edges = _fan(rng, screen, box, depth, kind)
    # A scale that is no whole number of pixels a centimetre.
    mm = 1 / pitch
    text_height = int(np.clip(rows * rng.uniform(0.013, 0.024), 10, 40))
    pen = Pen(rng, text_height)
    notes: dict[str, object] = {"size": (columns, rows), "theme": theme, "face": pen.face}
    _frills(rng, screen, box, pen, ink, depth, notes)
    _ruler(rng, screen, box, pitch, top, depth, kind, edges, pen, ink, labelled, notes, light)
    result = Drawn(screen, (mm, mm), box, kind, labelled, depth, notes)
    return degraded(rng, result) if degrade else result


def _fan(rng, screen, box, depth, kind):  # type: ignore[no-untyped-def]
    x0, y0, x1, y1 = box
    half = rng.uniform(0.45, 0.7)
    near = 0.0 if kind == "sector" else rng.uniform(0.25, 0.45)
    # Radii in units of the depth: from `near` to 1 + near around the apex.
    high, wide = (1 + near) - near * math.cos(half), 2 * (1 + near) * math.sin(half)
    pixels = min((y1 - y0) / high, (x1 - x0) / wide)
    apex = np.array([(x0 + x1) / 2, y0 - near * pixels * math.cos(half)])
    grid_c, grid_r = np.meshgrid(np.arange(screen.shape[1]) - apex[0], np.arange(screen.shape[0]) - apex[1])
    radius, angle = np.hypot(grid_c, grid_r), np.arctan2(grid_c, grid_r)
    mask = (radius >= max(2, near * pixels)) & (radius <= (1 + near) * pixels) & (np.abs(angle) <= half)
    flat = speckle(rng, int(pixels) + 2, int(2 * half * pixels * 0.7) + 2)
    map_r = (radius - near * pixels).astype(np.float32)
    map_c = ((angle + half) * pixels * 0.7).astype(np.float32)
    grey = cv2.remap(flat, map_c, map_r, cv2.INTER_LINEAR)
    screen[mask] = grey[mask][:, None]
    r, c = np.nonzero(mask)
    inside = (int(c.min()), int(r.min()), int(c.max()) + 1, int(r.max()) + 1)
    return pixels / depth, apex[1] + near * pixels, inside, (apex, half, near * pixels)


def _mark(screen, at, along, kind, length, thick, colour, smooth):  # type: ignore[no-untyped-def]
    """A tick (centred at `at`, across the direction `along`) or a dot."""
    x, y = at
    if not smooth:
        x, y = round(x), round(y)
    if kind == "dot":
        cv2.circle(
            screen,
            (round(x * 16), round(y * 16)),
            round(length * 8),
            colour,
            -1,
            cv2.LINE_AA if smooth else cv2.LINE_8,
            4,
        )
        return
    nx, ny = along[1], -along[0]
    if not smooth and abs(along[0]) < 1e-9:
        a = round(x - length / 2)
        screen[max(0, y - thick // 2) : max(0, y - thick // 2) + thick, max(0, a) : a + round(length)] = colour
        return
    if not smooth and abs(along[1]) < 1e-9:
        a = round(y - length / 2)
        screen[max(0, a) : a + round(length), max(0, x - thick // 2) : max(0, x - thick // 2) + thick] = colour
        return
    ends = [(x - nx * length / 2, y - ny * length / 2), (x + nx * length / 2, y + ny * length / 2)]
    p, q = [(round(px * 16), round(py * 16)) for px, py in ends]
    cv2.line(screen, p, q, colour, thick, cv2.LINE_AA, 4)


def _ruler(rng, screen, box, pitch, top, depth, kind, edges, pen, ink, labelled, notes, light):  # type: ignore[no-untyped-def]
    rows, columns = screen.shape[:2]
    x0, _, x1, y1 = box
    steps = [mm for mm in (1, 2, 2.5, 5, 10) if mm * pitch >= 5.5 and depth / mm >= 4]
    minor = float(rng.choice(steps))
    major = 10.0 if depth <= 120 or rng.random() < 0.3 else 50.0
    if major == 50.0 and minor < 5:
        minor = 10.0
    if minor > major:
        minor = major
    plain = minor == major or rng.random() < 0.25  # all ticks alike
    look = str(rng.choice(["tick", "tick", "tick", "dot"]))
    smooth = rng.random() < 0.4
    thick = int(rng.choice([1, 1, 2, 3])) if rows >= 700 else int(rng.choice([1, 1, 2]))
    base = float(np.clip(rows * rng.uniform(0.006, 0.014), 4, 16)) if look == "tick" else float(rng.choice([2, 3, 4]))
    long = base * rng.uniform(1.5, 2.2) if not plain else base
    colour = (
        ink
        if rng.random() < 0.7 or light
        else tuple(int(v) for v in [(0, 220, 240), (200, 200, 60), (90, 230, 90)][int(rng.integers(3))])
    )
    slanted = kind == "sector" and rng.random() < 0.4 and edges is not None
    side = int(rng.choice([-1, 1]))
    spot = str(rng.choice(["beside", "beside", "screen-edge", "tissue"])) if kind == "linear" else "beside"
    if light and kind != "linear":
        colour = (235, 235, 235)
    if slanted:
        apex, half, near = edges
        along = (side * math.sin(half), math.cos(half))
        gap = rng.uniform(8, 16)
        start = apex + np.array(along) * near + np.array([side * math.cos(half), -math.sin(half)]) * gap
    else:
        along = (0.0, 1.0)
        edge = x0 if side < 0 else x1
        if spot == "beside":
            place = edge + side * rng.uniform(10, 40)
        elif spot == "tissue":
            place = edge - side * rng.uniform(long / 2 + 2, long / 2 + 14)
            colour = (255, 255, 255)
        else:
            place = long / 2 if side < 0 else columns - 1 - long / 2
        start = np.array([place, top])
    if spot == "tissue" and light:
        labelled = labelled and True
    anchor = (
        str(rng.choice(["centre", "inner"])) if not slanted and spot != "screen-edge" and look == "tick" else "centre"
    )
    count = int(depth / minor + 1e-6)
    unit = "mm" if rng.random() < 0.25 else "cm"
    every = major if depth / major <= 12 else major * 5
    if labelled and depth / every < 2:
        every = 10.0 if kind == "linear" else 50.0
    with_zero = rng.random() < 0.5
    number_side = -1 if rng.random() < 0.5 else 1
    if spot == "screen-edge":
        number_side = -side
    if slanted or spot == "beside":
        number_side = side
    spine = look == "tick" and not slanted and rng.random() < 0.3
    if spine:
        cv2.line(screen, (round(start[0]), round(top)), (round(start[0]), round(top + depth * pitch)), colour, 1)
        anchor = "spine"
    first = 0 if rng.random() < 0.8 else 1
    for k in range(first, count + 1):
        at = start + np.array(along) * (k * minor * pitch)
        is_major = abs(k * minor / major - round(k * minor / major)) < 1e-6
        length = long if is_major else base
        if anchor in ("inner", "spine"):
            shift = (long - length) / 2 * (1 if anchor == "inner" else 0) + (long / 2 if anchor == "spine" else 0)
            at = at + np.array([shift, 0])
        if at[1] > rows + 2:
            break
        _mark(screen, at, along, look, length, thick, colour, smooth)
    shown = 0
    if labelled:
        small = Pen(rng, max(9, round(pen.height * rng.uniform(0.75, 1.0))))
        small.face, small.thick = small.face, 1
        under = rng.random() < 0.1
        for k in range(0 if with_zero else 1, int(depth / every + 1e-6) + 1):
            mm = k * every
            text = f"{mm:g}" if unit == "mm" else f"{mm / 10:g}"
            w, h = small.size(text)
            at = start + np.array(along) * (mm * pitch)
            reach = (long if anchor != "spine" else 2 * long + 1) / 2 + rng.uniform(0, 0) + 5
            middle = at[0] + (long / 2 if anchor == "spine" else 0)
            x = middle - reach - w if number_side < 0 else middle + reach
            y = at[1] - h / 2 + (h * 0.9 if under else 0)
            if x >= 0 and x + w < columns and y >= 0 and y + h < rows:
                small.write(screen, text, x, y, colour)
                shown += 1
    if kind == "linear" and rng.random() < 0.3:
        row = y1 + rng.uniform(8, 16)
        if row < rows - 14:
            middle = (x0 + x1) / 2
            reach = int((x1 - x0) / 2 / (minor * pitch))
            for k in range(-reach, reach + 1):
                _mark(screen, (middle + k * minor * pitch, row), (1.0, 0.0), look, base, thick, colour, smooth)
            notes["bottom"] = True
    notes.update(minor=minor, major=major, look=look, smooth=smooth, thick=thick, slanted=slanted, side=side, spot=spot,
                 every=every, unit=unit, spine=spine, plain=plain, shown=shown, with_zero=with_zero, count=count)  # fmt: skip


def _frills(rng, screen, box, pen, ink, depth, notes):  # type: ignore[no-untyped-def]
    """What else is on screens: settings, bars, a logo."""
    rows, columns = screen.shape[:2]
    x0, y0, x1, _ = box
    cm = depth / 10
    formats = [f"{cm:g} cm", f"D {cm:.1f}", f"Depth {cm:.1f} cm", f"De {depth:g} mm", f"D: {depth:g}mm", f"{cm:.1f}cm"]
    stated = rng.random() < 0.5
    lines = [f"MI {rng.uniform(0.2, 1.5):.1f}", f"TIS {rng.uniform(0, 1):.1f}", f"Gn {rng.integers(20, 90)}"]
    lines += [f"DR {rng.integers(40, 120)}", f"FR {rng.integers(8, 60)} Hz", f"{rng.integers(3, 18)} MHz", "Map 3"]
    lines += [f"{rng.integers(60, 100)} %"]
    rng.shuffle(lines)
    lines = lines[: int(rng.integers(3, 9))]
    if stated:
        lines.insert(int(rng.integers(len(lines) + 1)), formats[int(rng.integers(len(formats)))])
    notes["stated"] = stated
    if rows > columns:
        for k, line in enumerate(lines):
            pen.write(screen, line, 20 + (k % 3) * columns / 3, 0.70 * rows + (k // 3) * 2 * pen.height, ink)
        return
    left = rng.random() < 0.5
    at = 10 if left else columns - 8 - max(pen.size(line)[0] for line in lines)
    if left and at + max(pen.size(line)[0] for line in lines) > x0 - 70:
        return
    if not left and at < x1 + 90:
        return
    for k, line in enumerate(lines):
        pen.write(screen, line, at, y0 + 4 + k * pen.height * 1.9, ink)
    if rng.random() < 0.5:
        bar = np.linspace(255, 0, rows // 4).astype(np.uint8)
        spot = 12 if not left else columns - 30
        screen[y0 : y0 + len(bar), spot : spot + 14] = bar[:, None, None]
    if rng.random() < 0.5:
        cv2.circle(screen, (max(14, x0 - 60), max(10, y0 - 8)), 7, (200, 160, 40), -1, cv2.LINE_AA)


def degraded(rng: np.random.Generator, drawn: Drawn) -> Drawn:
    """As a grabber or a phone hands it over: rescaled, compressed."""
    picture, (mm, _) = drawn.bgr, drawn.mm_per_pixel
    box = drawn.box
    if rng.random() < 0.35 and min(picture.shape[:2]) >= 600:
        factor = float(rng.uniform(0.75, 1.35))
        rows, columns = picture.shape[:2]
        size = (round(columns * factor), round(rows * factor))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        fx, fy = size[0] / columns, size[1] / rows
        drawn.mm_per_pixel = (mm / fx, mm / fy)
        drawn.box = (int(box[0] * fx), int(box[1] * fy), int(box[2] * fx), int(box[3] * fy))
        drawn.notes["factor"] = factor
    if rng.random() < 0.6:
        quality = int(rng.integers(60, 96))
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        drawn.notes["jpeg"] = quality
    drawn.bgr = picture
    return drawn
