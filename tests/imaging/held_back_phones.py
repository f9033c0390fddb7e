"""Ten more ways in which a screen shows its scale, as phones and viewers draw them, written down before imaging was tried.

`docs/reference/measured.md` has the first figure. `Drawn.notes["must"]`: a person reads the scale for sure, so a refusal
counts as a miss; where it is False (a depth in words alone, a lone scale bar) being right and refusing are both good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from tests.imaging.drawn_screens import Drawn, Pen, _mark, degraded, speckle

Colour = tuple[int, int, int]
_PHONES = ((1080, 1920), (1080, 2160), (720, 1280), (828, 1792))
_WIDE = ((1280, 720), (1920, 1080), (1334, 750), (1024, 768))


@dataclass
class _Base:
    """A screen with a linear picture in it: BGR, the picture's box, pixels per mm down and across."""

    rng: np.random.Generator
    screen: np.ndarray
    box: tuple[int, int, int, int]
    depth: float
    pitch: float
    pen: Pen
    ink: Colour

    def row(self, mm: float) -> float:
        return self.box[1] + mm * self.pitch

    def tick(self, x: float, mm: float, length: float, look: str = "tick", ink: Colour | None = None) -> None:
        _mark(self.screen, np.array([x, self.row(mm)]), (0.0, 1.0), look, length, 1, ink or self.ink, True)

    def number(self, text: str, x: float, mm: float, ink: Colour | None = None) -> None:
        y = np.clip(self.row(mm) - self.pen.size(text)[1] / 2, 1, self.screen.shape[0] - self.pen.height - 2)
        self.pen.write(self.screen, text, x, y, ink or self.ink)


def _base(
    rng: np.random.Generator,
    sizes: tuple[tuple[int, int], ...],
    *,
    theme: Colour = (0, 0, 0),
    ink: Colour = (225, 225, 225),
    sides: tuple[float, float] = (0.16, 0.8),
    tops: tuple[float, float] = (0.12, 0.9),
    depths: tuple[float, ...] = (20, 25, 30, 35, 40, 50),
) -> _Base:
    columns, rows = sizes[int(rng.integers(len(sizes)))]
    screen = np.zeros((rows, columns, 3), np.uint8)
    screen[:] = theme
    depth = float(rng.choice(depths))
    left, right, top, bottom = (round(v) for v in (*(s * columns for s in sides), *(s * rows for s in tops)))
    wide = min(right - left, round(float(rng.choice([25, 38, 40])) * (bottom - top) / depth))
    left += (right - left - wide) // 2
    box = (left, top, left + wide, bottom)
    screen[top:bottom, left : left + wide] = speckle(rng, bottom - top, wide)[..., None]
    return _Base(rng, screen, box, depth, (bottom - top) / depth, Pen(rng, round(min(rows, columns) * 0.019)), ink)


def _settings(base: _Base, x: float, y: float, lines: list[str]) -> None:
    for k, line in enumerate(lines):
        base.pen.write(base.screen, line, x, y + k * 1.9 * base.pen.height, base.ink)


def _ruler(base: _Base, x: float, step: float, major: float, look: str = "tick", scale: float = 1.0) -> None:
    for k in range(int(base.depth / step + 1e-6) + 1):
        mm = k * step
        is_major = abs(mm / major - round(mm / major)) < 1e-6
        length = ((3.8 if is_major else 2.2) if look == "dot" else (11 if is_major else 6)) * scale
        base.tick(x + (length / 2 if look == "tick" else 0), mm, length, look)


def _dots_upright(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A phone held upright, millimetre dots over black beside the picture, each fifth larger; the depth below."""
    base = _base(rng, _PHONES, tops=(0.12, 0.62), sides=(0.05, 0.86))
    _ruler(base, base.box[2] + 14, 1.0, 5.0, "dot", 1.2)
    text = f"{base.depth / 10:g} cm"
    base.pen.write(base.screen, text, base.box[2] - base.pen.size(text)[0], base.box[3] + 20, base.ink)
    _settings(base, 20, 30, ["Superficial", f"Gain {rng.integers(30, 90)}%"])
    return base, True


def _numbers_at_the_ends(rng: np.random.Generator) -> tuple[_Base, bool]:
    base = _base(rng, _WIDE)
    x = base.box[2] + 10
    _ruler(base, x, 5.0, 10.0)
    base.number("0", x + 18, 0)
    base.number(f"{base.depth / 10:.1f}", x + 18, base.depth)
    _settings(base, 10, base.box[1], [f"Depth {base.depth / 10:.1f} cm", "MI 0.6", f"G {rng.integers(30, 90)}"])
    return base, True


def _inside(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A ruler in mm over the picture's left rim."""
    base = _base(rng, _WIDE)
    base.ink = (255, 255, 255)
    x = base.box[0] + 6
    _ruler(base, x, 1.0, 5.0)
    for k in range(int(base.depth / 10) + 1):
        base.number(f"{10 * k}", x + 16, 10 * k)
    _settings(base, 10, base.box[1] + 40, [f"D {base.depth:g} mm"])
    return base, True


def _right_and_below(rng: np.random.Generator) -> tuple[_Base, bool]:
    """Numbered ticks at the right every 5 mm, below every 2 mm; every second one is squeezed sideways."""
    base = _base(rng, _WIDE)
    x = base.box[2] + 8
    _ruler(base, x, 5.0, 10.0)
    for k in range(int(base.depth / 10) + 1):
        base.number(f"{k}", x + 18, 10 * k)
    across = base.pitch
    x0, _, x1, y1 = base.box
    for k in range(int((x1 - x0) / across / 2) + 1):
        long = k % 5 == 0
        at = np.array([x0 + 2 * k * across, y1 + 12 + (4 if long else 2)])
        _mark(base.screen, at, (1.0, 0.0), "tick", 9 if long else 5, 1, base.ink, True)
        if long:
            text = f"{k // 5}"
            base.pen.write(base.screen, text, at[0] - base.pen.size(text)[0] / 2, y1 + 26, base.ink)
    return base, True


def _half_hidden(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A menu lies over the lower or the upper part of the ruler."""
    base = _base(rng, _WIDE)
    x = base.box[2] + 10
    _ruler(base, x, 1.0 if base.depth <= 30 else 5.0, 10.0)
    for k in range(int(base.depth / 10) + 1):
        base.number(f"{k}", x + 18, 10 * k)
    share = float(rng.uniform(0.3, 0.5))
    y0, y1 = base.row(0) - 20, base.row(base.depth) + 20
    top, bottom = (y0, y0 + share * (y1 - y0)) if rng.random() < 0.5 else (y1 - share * (y1 - y0), y1)
    cv2.rectangle(base.screen, (x - 30, round(top)), (x + 170, round(bottom)), (60, 54, 50), -1)
    _settings(base, x, top + 10, ["Freeze", "Preset", "Save"])
    left = base.depth * (1 - share)
    return base, left >= 22  # three numbers are left


def _slider(rng: np.random.Generator) -> tuple[_Base, bool]:
    """No ruler: a slider with the depth."""
    base = _base(rng, _PHONES, tops=(0.1, 0.7), sides=(0.0, 1.0))
    x = round(0.9 * base.screen.shape[1])
    cv2.line(base.screen, (x, base.box[3] + 40), (x, base.box[3] + 240), (90, 90, 90), 3)
    cv2.circle(base.screen, (x, base.box[3] + 140), 12, (240, 200, 60), -1, cv2.LINE_AA)
    base.pen.write(base.screen, f"{base.depth / 10:.1f} cm", x - 90, base.box[3] + 130, base.ink)
    return base, False


def _bar(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A lone bar of one centimetre with its words, below the picture or in its corner."""
    base = _base(rng, _WIDE, theme=(245, 245, 245), ink=(40, 40, 40), tops=(0.06, 0.84))
    x1, y1 = base.box[2] - 20, base.box[3]
    inside = rng.random() < 0.5
    ink = (255, 255, 255) if inside else base.ink
    y = y1 - 24 if inside else y1 + 18
    long = round(10 * base.pitch)
    cv2.line(base.screen, (x1 - long, y), (x1, y), ink, 2)
    for x in (x1 - long, x1):
        cv2.line(base.screen, (x, y - 4), (x, y + 4), ink, 2)
    base.pen.write(base.screen, "1 cm", x1 - long / 2 - 15, y + (8 if not inside else -24), ink)
    return base, False


def _sepia(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A light screen, a sepia picture, a ruler in mm with dots between its numbers."""
    base = _base(rng, _WIDE, theme=(225, 232, 238), ink=(70, 50, 40))
    x0, y0, x1, y1 = base.box
    grey = base.screen[y0:y1, x0:x1, 0].astype(np.float32)
    base.screen[y0:y1, x0:x1] = np.stack([grey * 0.62, grey * 0.85, grey], axis=2).astype(np.uint8)
    _ruler(base, x0 - 16, 1.0 if base.pitch > 7 else 2.0, 10.0, "dot", 1.3)
    for k in range(int(base.depth / 10) + 1):
        text = f"{10 * k}"
        base.number(text, x0 - 26 - base.pen.size(text)[0], 10 * k)
    return base, True


def _thumbnails(rng: np.random.Generator) -> tuple[_Base, bool]:
    """Saved pictures in a column beside the ruler."""
    base = _base(rng, _WIDE, sides=(0.12, 0.7))
    x = base.box[2] + 8
    _ruler(base, x, 5.0, 10.0)
    for k in range(int(base.depth / 10) + 1):
        base.number(f"{k}", x + 17, 10 * k)
    columns, rows = base.screen.shape[1], base.screen.shape[0]
    wide, high = round(0.12 * columns), round(0.14 * rows)
    for k in range(int(rng.integers(2, 6))):
        y = base.box[1] + k * (high + 10)
        small = cv2.resize(speckle(rng, high * 2, wide * 2), (wide, high), interpolation=cv2.INTER_AREA)
        base.screen[y : y + high, columns - wide - 12 : columns - 12] = small[: max(0, rows - y), :, None]
    return base, True


def _edge_upright(rng: np.random.Generator) -> tuple[_Base, bool]:
    """A phone held upright, short ticks every 2 mm at the screen's right rim, numbers in cm inside."""
    base = _base(rng, _PHONES, tops=(0.14, 0.66), sides=(0.0, 1.0))
    columns = base.screen.shape[1]
    base.screen[base.box[1] : base.box[3], base.box[2] :] = 0
    for k in range(int(base.depth / 2 + 1e-6) + 1):
        long = 16 if k % 5 == 0 else 9
        base.tick(columns - long / 2 - 1, 2 * k, long, ink=(255, 255, 255))
        if k % 5 == 0 and k:
            text = f"{k // 5}"
            base.number(text, columns - 24 - base.pen.size(text)[0], 2 * k, (255, 255, 255))
    _settings(base, 20, base.box[3] + 30, ["MI: 0.45", "TIS: 0.01", "Nerve"])
    return base, True


PHONES: tuple[tuple[str, Callable[[np.random.Generator], tuple[_Base, bool]]], ...] = (
    ("dots-upright", _dots_upright),
    ("numbers-at-the-ends", _numbers_at_the_ends),
    ("inside", _inside),
    ("right-and-below", _right_and_below),
    ("half-hidden", _half_hidden),
    ("slider", _slider),
    ("bar", _bar),
    ("sepia", _sepia),
    ("thumbnails", _thumbnails),
    ("edge-upright", _edge_upright),
)


def draw_phone(number: int, of: int) -> Drawn:
    """Screen `number` of one of the ten ways, number `of`."""
    rng = np.random.default_rng([89, of, number])
    name, drawing = PHONES[of]
    base, must = drawing(rng)
    mm = 1 / base.pitch
    notes: dict[str, object] = {"way": name, "must": must, "size": base.screen.shape[1::-1]}
    drawn = degraded(rng, Drawn(base.screen, (mm, mm), base.box, "linear", must, base.depth, notes))
    if name == "right-and-below" and number % 2:
        columns, rows = drawn.bgr.shape[1::-1]
        squeezed = round(columns * float(rng.uniform(0.85, 0.95)))
        drawn.bgr = np.asarray(cv2.resize(drawn.bgr, (squeezed, rows), interpolation=cv2.INTER_AREA), np.uint8)
        across, down = drawn.mm_per_pixel
        drawn.mm_per_pixel = (across * columns / squeezed, down)
    return drawn
