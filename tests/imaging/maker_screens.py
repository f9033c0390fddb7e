"""Random screens after the conventions of makers' consoles and portable probes, from memory; no maker's picture is copied.

What they have in common with `drawn_screens` is how speckle and letters are drawn. What differs is what stands around the
picture: rulers whose only number is the depth at their end, focus marks between the ticks, time-gain curves, grey bars with
ticks of their own, a spectrum or an M-mode trace below, two pictures beside each other, axes as plotting programs draw them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from tests.imaging.drawn_screens import Drawn, Pen, _fan, _mark, degraded, speckle

LANGUAGES = {
    "en": ("Depth {d}", "D {d}", "Dep {d}", "Depth: {d}"),
    "de": ("Tiefe {d}", "Tiefe: {d}"),
    "fr": ("Prof. {d}", "Profondeur {d}", "P {d}"),
    "es": ("Profundidad {d}", "Prof {d}"),
    "it": ("Prof {d}", "Profondità {d}"),
    "bare": ("{d}",),
}


@dataclass(frozen=True)
class Maker:
    """How a maker lays out its ruler. Distances of ticks are mm: (up to this depth: minor, major, numbers)."""

    name: str
    kinds: tuple[str, ...] = ("linear",)
    steps: tuple[tuple[float, float, float, float], ...] = ((60, 5, 10, 10), (400, 10, 50, 50))
    place: str = "right"  #: right, left: beside; right-in, left-in: over tissue; right-edge: at the screen's; slanted
    look: str = "tick"  #: tick, dot, cross
    gap: tuple[float, float] = (6, 26)
    anchor: str = "inner"  #: which end of the ticks is in line: inner, outer, centre
    spine: float = 0.0  #: how often a line joins the ticks
    numbers: str = "major"  #: major; end: the depth alone, at the ruler's end; none
    number_side: str = "outer"  #: outer, inner, or above the tick
    unit: str = "cm"
    shows_unit: str = "none"  #: none; head: above the ruler; last: after the last number
    decimals: int = 0
    zero: bool = True
    across: str = "none"  #: none, below, above; with -numbers where it has them
    text: str = "sometimes"  #: a stated depth: never, always, sometimes
    focus: str = "none"  #: triangle, hourglass, bracket, none
    first_mm: float = 0.0  #: where the ticks begin
    length: tuple[float, float] = (4, 9)
    frame: bool = False
    theme: tuple[int, int, int] = (0, 0, 0)
    ink: tuple[int, int, int] = (220, 220, 220)
    thick: int = 1


MAKERS = (
    Maker("ge-console", ("linear", "convex"), ((45, 2.5, 10, 10), (120, 5, 10, 50), (400, 10, 50, 50)), across="above",
          focus="triangle", number_side="outer", zero=False, ink=(200, 200, 200)),
    Maker("ge-vscan", ("linear", "sector"), ((60, 5, 10, 10), (400, 10, 50, 50)), place="right", look="tick", zero=False,
          numbers="major", shows_unit="last", text="always", focus="none"),
    Maker("ge-vivid", ("sector",), ((400, 10, 50, 50),), place="slanted", zero=False),
    Maker("philips-console", ("linear", "convex", "sector"), ((60, 5, 10, 0), (400, 10, 50, 0)), look="dot", numbers="end",
          shows_unit="none", decimals=1, text="sometimes", focus="bracket"),
    Maker("philips-lumify", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), look="tick", numbers="end",
          shows_unit="last", decimals=1, text="always"),
    Maker("mindray", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), across="below", focus="triangle",
          text="always", ink=(230, 210, 120)),
    Maker("mindray-te", ("linear", "convex"), ((60, 1, 10, 10), (400, 5, 10, 50)), place="left", spine=0.5, across="below"),
    Maker("siemens", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), anchor="outer", number_side="outer",
          shows_unit="last", text="sometimes", focus="triangle", zero=True),
    Maker("sonosite", ("linear", "convex", "sector"), ((60, 5, 10, 0), (400, 10, 50, 0)), numbers="end", decimals=1,
          anchor="outer", text="never", focus="none"),
    Maker("canon", ("linear", "convex"), ((60, 5, 10, 0), (400, 10, 50, 0)), place="left", numbers="none", look="tick",
          text="always", focus="triangle", length=(3, 7)),
    Maker("samsung", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), shows_unit="head", text="always",
          focus="hourglass"),
    Maker("hitachi", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), look="dot", place="right", across="below",
          numbers="none", text="always"),
    Maker("esaote", ("linear",), ((70, 5, 10, 10),), place="left-in", number_side="outer", across="below-numbers",
          text="always"),
    Maker("bk", ("linear", "convex"), ((60, 2, 10, 10), (400, 10, 50, 50)), place="left", shows_unit="head", spine=0.4),
    Maker("clarius", ("linear", "convex"), ((60, 2, 10, 0), (400, 10, 50, 0)), look="dot", place="left", numbers="none",
          text="bare"),
    Maker("butterfly", ("linear", "convex"), ((60, 2, 10, 10), (400, 10, 50, 50)), place="right-edge",
          anchor="outer", number_side="inner", zero=False),
    Maker("telemed", ("linear", "convex"), ((70, 1, 10, 10), (400, 10, 50, 50)), place="left", unit="mm",
          across="below-numbers", spine=0.3, text="sometimes"),
    Maker("supersonic", ("linear",), ((60, 1, 5, 10),), place="right", spine=1.0, shows_unit="last"),
    Maker("wireless-mm", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 50, 50)), place="left", unit="mm", frame=True,
          text="sometimes", theme=(40, 32, 28)),
    Maker("wireless-phone", ("linear",), ((60, 1, 5, 10),), place="left", unit="mm", text="always", zero=True,
          theme=(250, 250, 250), ink=(40, 40, 40)),
    Maker("vevo", ("linear",), ((20, 1, 2, 2), (60, 1, 5, 5)), place="right", unit="mm", decimals=2, spine=1.0),
    Maker("dermatology", ("linear",), ((12, 0.5, 1, 1), (30, 1, 5, 5)), place="left", unit="mm", spine=1.0,
          across="below-numbers", frame=True, theme=(60, 60, 60)),
    Maker("plot", ("linear", "convex"), ((25, 5, 5, 5), (60, 10, 10, 10), (400, 20, 20, 20)), place="left", unit="mm",
          spine=1.0, across="below-numbers", frame=True, theme=(255, 255, 255), ink=(0, 0, 0), gap=(0, 1), anchor="inner"),
    Maker("crosses", ("linear", "convex"), ((60, 5, 10, 10), (400, 10, 10, 50)), place="right", look="cross", zero=False),
)  # fmt: skip
LINEAR_DEPTHS = (20.0, 25.0, 27.0, 30.0, 33.0, 35.0, 38.0, 40.0, 45.0, 50.0, 60.0, 70.0)
FAN_DEPTHS = (80.0, 100.0, 110.0, 130.0, 150.0, 160.0, 180.0, 210.0, 240.0)
LAYOUTS = ("single", "single", "single", "single", "spectrum", "m-mode", "dual", "dual-one-ruler")


def draw_maker(
    rng: np.random.Generator,
    *,
    maker: str | Maker | None = None,
    layout: str | None = None,
    degrade: bool = True,
    size: tuple[int, int] | None = None,
) -> Drawn:
    """One random screen of one of the makers' ways; `notes["tells"]`: whether a person could tell its scale for sure.

    `size`: columns and rows, at random where none is given.
    """
    spec = MAKERS[int(rng.integers(len(MAKERS)))]
    drawn_layout = str(rng.choice(LAYOUTS))
    spec = maker if isinstance(maker, Maker) else next((m for m in MAKERS if m.name == maker), spec)
    layout = layout or drawn_layout
    any_size = [(800, 600), (1024, 768), (1280, 720), (1280, 960), (1920, 1080)][int(rng.integers(5))]
    columns, rows = size or any_size
    kind = str(rng.choice(spec.kinds))
    if kind != "linear" and layout in ("dual", "dual-one-ruler"):
        layout = "single"
    if spec.name == "plot":
        layout = "single"
    screen = np.zeros((rows, columns, 3), np.uint8)
    screen[:] = spec.theme
    depth = float(rng.choice(LINEAR_DEPTHS if kind == "linear" else FAN_DEPTHS))
    if spec.name == "dermatology":
        depth = float(rng.choice([6, 8, 10, 12, 15, 20]))
    notes: dict[str, Any] = {
        "maker": spec.name,
        "layout": layout,
        "kind": kind,
        "depth": depth,
        "size": (columns, rows),
    }
    pen = Pen(rng, int(np.clip(rows * rng.uniform(0.013, 0.02), 10, 24)))
    left, right = rng.uniform(0.18, 0.26) * columns, rng.uniform(0.7, 0.86) * columns
    top = rng.uniform(0.06, 0.16) * rows
    bottom = rng.uniform(0.82, 0.93) * rows if layout not in ("spectrum", "m-mode") else rng.uniform(0.48, 0.6) * rows
    box = (int(left), int(top), int(right), int(bottom))
    if layout.startswith("dual"):
        middle = (left + right) / 2
        gap = rng.uniform(2, 12) if layout == "dual-one-ruler" else rng.uniform(70, 100)
        box = (int(left * 0.6), int(top), int(middle - gap / 2), int(bottom))
        other = (int(middle + gap / 2), int(top), int(middle + gap / 2) + box[2] - box[0], int(bottom))
    edges = None
    face = float(rng.choice([25, 38, 40, 50, 60]))  # mm: how wide a linear probe is
    if kind == "linear":
        wide = min(box[2] - box[0], round(face * (box[3] - box[1]) / depth))
        box = (box[0], box[1], box[0] + wide, box[3])
        if layout.startswith("dual"):
            other = (other[0], other[1], other[0] + wide, other[3])
            if layout == "dual-one-ruler" and other[0] - box[2] > 14:  # beside each other
                other = (box[2] + 6, other[1], box[2] + 6 + wide, other[3])
    if max(spec.theme) > 150 and kind != "linear":
        cv2.rectangle(screen, (box[0] - 80, box[1] - 20), (box[2] + 80, box[3] + 30), (0, 0, 0), -1)
        spec = replace(spec, ink=(235, 235, 235))
    if kind == "linear":
        pitch, start = (box[3] - box[1]) / depth, float(box[1])
        _tissue(rng, screen, box)
        if layout.startswith("dual"):
            _tissue(rng, screen, other)
    else:
        pitch, start, box, edges = _fan(rng, screen, box, depth, kind)
    notes["gel"] = kind == "linear" and rng.random() < 0.12
    if notes["gel"]:  # no echoes in the gel: the picture's first rows are black
        screen[box[1] : box[1] + int(rng.uniform(0.02, 0.08) * (box[3] - box[1])), box[0] : box[2]] = 0
    if kind == "linear" and rng.random() < 0.25:  # beyond the penetration there is nothing but a little noise
        begin = int(box[3] - rng.uniform(0.1, 0.35) * (box[3] - box[1]))
        screen[begin : box[3], box[0] : box[2]] = (screen[begin : box[3], box[0] : box[2]] * 0.04).astype(np.uint8)
        notes["dark_below"] = True
    if spec.frame:
        cv2.rectangle(screen, (box[0] - 1, box[1] - 1), (box[2], box[3]), spec.ink, 1)
    told = _ruler(rng, screen, box, edges, pitch, start, depth, spec, pen, notes)
    if layout == "dual" and kind == "linear":
        _ruler(rng, screen, other, None, pitch, start, depth, spec, pen, notes)
    if layout == "spectrum":
        _spectrum(rng, screen, (int(left), int(bottom + 0.06 * rows), int(right), int(0.94 * rows)), pen)
    if layout == "m-mode":
        _m_mode(rng, screen, (int(left), int(bottom + 0.06 * rows), int(right), int(0.94 * rows)), depth, pen)
    stated = spec.text in ("always", "bare") or (spec.text == "sometimes" and rng.random() < 0.5)
    _words(rng, screen, box, pen, spec, depth if stated else None, notes)
    if rng.random() < 0.2:
        _gain_curve(rng, screen, box)
    notes["tells"] = told or stated
    drawn = Drawn(screen, (1 / pitch, 1 / pitch), box, kind, told, depth, notes)
    return degraded(rng, drawn) if degrade else drawn


def _tissue(rng: np.random.Generator, screen: np.ndarray, box: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = box
    screen[y0:y1, x0:x1] = speckle(rng, y1 - y0, x1 - x0)[..., None]


def _steps(spec: Maker, depth: float, pitch: float) -> tuple[float, float, float]:
    """(minor, major, numbers) in mm: a maker leaves out ticks that would stand too close."""
    _, minor, major, number = next((step for step in spec.steps if depth <= step[0]), spec.steps[-1])
    while minor * pitch < 4.5:
        minor = next(mm for mm in (1.0, 2.0, 2.5, 5.0, 10.0, 50.0) if mm > minor)
    major = max(major, minor)
    return minor, major, number


def _ruler(rng, screen, box, edges, pitch, start, depth, spec, pen, notes):  # type: ignore[no-untyped-def]
    """Ticks, numbers, focus marks, the ruler across; whether numbers or the depth at its end stand beside it."""
    rows, columns = screen.shape[:2]
    x0, _, x1, _ = box
    minor, major, number = _steps(spec, depth, pitch)
    unit_mm = 10.0 if spec.unit == "cm" else 1.0
    scale = max(1.0, rows / 800)
    short, long = spec.length[0] * scale, spec.length[1] * scale
    if spec.look == "dot":
        short, long = 2.2 * scale, 3.6 * scale
    smooth = rng.random() < 0.5
    right = spec.place.startswith("right") or (spec.place == "slanted" and rng.random() < 0.5)
    way = 1 if right else -1  # away from the picture
    if notes["layout"] == "dual-one-ruler":
        right, way = False, -1
    along = (0.0, 1.0)
    edge = x1 if right else x0
    gap = rng.uniform(*spec.gap)
    if spec.place.endswith("-in"):
        base, ink = edge - way * (long + 3), (255, 255, 255)
    elif spec.place == "right-edge":
        base, ink, way = float(columns - 1 - long), spec.ink, 1
    else:
        base, ink = edge + way * gap, spec.ink
    if spec.place == "slanted" and edges is not None:
        apex, half, near = edges
        along = (way * math.sin(half), math.cos(half))
        at0 = apex + np.array(along) * near + np.array([way * math.cos(half), -math.sin(half)]) * gap
    else:
        at0 = np.array([base, start])
    notes.update(minor=minor, major=major, number=number)
    count = int(depth / minor + 1e-6)
    if spec.spine and rng.random() < spec.spine and along[0] == 0:
        x = round(base) if spec.anchor != "outer" else round(base + way * long)
        cv2.line(screen, (x, round(start)), (x, round(start + depth * pitch)), ink, 1)
    thick = spec.thick if rows < 1000 else spec.thick + int(rng.random() < 0.5)
    for k in range(count + 1):
        mm = k * minor
        if mm < spec.first_mm:
            continue
        is_major = abs(mm / major - round(mm / major)) < 1e-6
        length = long if is_major else short
        at = at0 + np.array(along) * (mm * pitch)
        if spec.look == "tick" and along[0] == 0:
            at = at + np.array([way * (length / 2 if spec.anchor == "inner" else long - length / 2), 0.0])
            if spec.anchor == "centre":
                at = at0 + np.array([way * long / 2, mm * pitch])
        if spec.look == "cross":
            _mark(screen, at, along, "tick", length, thick, ink, smooth)
            _mark(screen, at, (along[1], along[0]), "tick", length, thick, ink, smooth)
        else:
            _mark(screen, at, along, spec.look, length, thick, ink, smooth)
    told = False
    if spec.numbers == "end":
        text = f"{depth / unit_mm:.{spec.decimals}f}" + (" cm" if spec.shows_unit == "last" else "")
        w, h = pen.size(text)
        at = at0 + np.array(along) * (depth * pitch)
        pen.write(screen, text, at[0] - w / 2, min(rows - h - 2, at[1] + rng.uniform(4, 14)), ink)
        told = True
    elif spec.numbers == "major" and number:
        every = number if depth / number >= 2 else 10.0
        last = int(depth / every + 1e-6)
        for k in range(0 if spec.zero else 1, last + 1):
            text = f"{k * every / unit_mm:.{spec.decimals}f}"
            if spec.shows_unit == "last" and k == last:
                text += spec.unit if rng.random() < 0.5 else " " + spec.unit
            w, h = pen.size(text)
            at = at0 + np.array(along) * (k * every * pitch)
            out = way if spec.number_side == "outer" else -way
            reach = (long + 4) if out == way else 4
            x = at[0] + out * reach - (w if out < 0 else 0)
            if spec.place.endswith("-in"):
                x = at[0] - way * 4 - (w if way > 0 else 0)
            pen.write(screen, text, np.clip(x, 1, columns - w - 1), np.clip(at[1] - h / 2, 1, rows - h - 2), ink)
        told = last + spec.zero >= 2
        if spec.shows_unit == "head":
            w, h = pen.size(f"[{spec.unit}]")
            pen.write(screen, f"[{spec.unit}]" if rng.random() < 0.5 else spec.unit, at0[0], at0[1] - 2.2 * h, ink)
    if spec.focus != "none":
        _focus(rng, screen, at0[0] - way * 3, start, depth * pitch, spec.focus, way)
    if spec.across != "none" and notes["layout"] == "single" and notes["kind"] == "linear":
        _across(rng, screen, box, pitch, (minor, major, unit_mm), spec, pen, ink, smooth, thick)
        notes["ruler_across"] = True
    return told


def _across(rng, screen, box, pitch, steps, spec, pen, ink, smooth, thick):  # type: ignore[no-untyped-def]
    rows = screen.shape[0]
    x0, y0, x1, y1 = box
    minor, major, unit_mm = steps
    scale = max(1.0, rows / 800)
    row = y0 - rng.uniform(8, 14) if spec.across.startswith("above") else y1 + rng.uniform(3, 14)
    centred = rng.random() < 0.5
    zero = (x0 + x1) / 2 if centred else float(x0)
    for k in range(-400, 401):
        column = zero + k * minor * pitch
        if not x0 - 1 <= column <= x1 + 1:
            continue
        is_major = abs(k * minor / major - round(k * minor / major)) < 1e-6
        length = (spec.length[1] if is_major else spec.length[0]) * scale
        if spec.look == "dot":
            length = (3.6 if is_major else 2.2) * scale
        down = -1 if spec.across.startswith("above") else 1
        at = (column, row + down * length / 2) if spec.look == "tick" else (column, row)
        _mark(screen, at, (1.0, 0.0), "dot" if spec.look == "dot" else "tick", length, thick, ink, smooth)
        if spec.across.endswith("numbers") and is_major and abs(k * minor / 10 - round(k * minor / 10)) < 1e-6:
            text = f"{k * minor / unit_mm:.0f}"
            w, _ = pen.size(text)
            pen.write(screen, text, column - w / 2, row + spec.length[1] * scale + 4, ink)


def _focus(rng, screen, x, start, long, look, way):  # type: ignore[no-untyped-def]
    """Marks of one or two focal zones beside the ruler."""
    for _ in range(int(rng.integers(1, 3))):
        y = start + rng.uniform(0.1, 0.8) * long
        size = rng.uniform(3, 6)
        colour = [(0, 220, 240), (240, 240, 240), (60, 180, 240)][int(rng.integers(3))]
        if look == "triangle":
            points = np.array([[x, y], [x - way * 1.6 * size, y - size], [x - way * 1.6 * size, y + size]])
            cv2.fillConvexPoly(screen, np.rint(points).astype(np.int32), colour)
        elif look == "hourglass":
            points = np.array(
                [[x - size, y - 2 * size], [x + size, y - 2 * size], [x - size, y + 2 * size], [x + size, y + 2 * size]]
            )
            cv2.polylines(screen, [np.rint(points).astype(np.int32)], True, colour, 1, cv2.LINE_AA)
        else:
            cv2.line(screen, (round(x - way * 4), round(y)), (round(x - way * 4), round(y + 4 * size)), colour, 1)


def _spectrum(rng, screen, box, pen):  # type: ignore[no-untyped-def]
    """A spectral trace with its velocity ruler and its time ticks."""
    x0, y0, x1, y1 = box
    high, wide = y1 - y0, x1 - x0
    base = int(y0 + rng.uniform(0.6, 0.85) * high)
    for column in range(wide):
        beat = (column % (wide / 4.3)) / (wide / 4.3)
        top = (base - y0) * (0.25 + 0.6 * math.exp(-(((beat - 0.15) / 0.08) ** 2)) + 0.2 * math.exp(-4 * beat))
        streak = rng.gamma(1.2, 50, max(1, int(top))) * np.linspace(0.4, 1.2, max(1, int(top)))
        screen[base - len(streak) : base, x0 + column] = np.clip(streak[::-1], 0, 255)[:, None]
    cv2.line(screen, (x0, base), (x1, base), (200, 200, 200), 1)
    step, each = (base - y0) / rng.choice([3.2, 4.3, 5.1]), int(rng.choice([10, 20, 25]))
    for k in range(-2, 6):
        row = base - k * step
        if y0 < row < y1:
            cv2.line(screen, (x1 + 8, round(row)), (x1 + 14, round(row)), (210, 210, 210), 1)
            text = f"{k * each}" if k else ("cm/s" if rng.random() < 0.6 else "0")
            pen.write(screen, text, x1 + 20, row - pen.size(text)[1] / 2, (210, 210, 210))
    for column in np.arange(x0, x1, wide / rng.uniform(18, 40)):
        cv2.line(screen, (round(column), y1 + 3), (round(column), y1 + 8), (210, 210, 210), 1)


def _m_mode(rng, screen, box, depth, pen):  # type: ignore[no-untyped-def]
    """An M-mode trace with a depth ruler of its own scale."""
    x0, y0, x1, y1 = box
    lines = speckle(rng, y1 - y0, 40).mean(axis=1)
    wave = 4 * np.sin(np.arange(x1 - x0) / rng.uniform(12, 40))
    grey = np.stack([np.roll(lines, round(w)) for w in wave], axis=1) + rng.normal(0, 14, (y1 - y0, x1 - x0))
    screen[y0:y1, x0:x1] = np.clip(grey, 0, 255).astype(np.uint8)[..., None]
    step = 10.0 if depth <= 120 else 50.0
    for k in range(int(depth / step) + 1):
        row = y0 + k * step * (y1 - y0) / depth
        cv2.line(screen, (x1 + 6, round(row)), (x1 + 13, round(row)), (210, 210, 210), 1)
        text = f"{k * step / 10:g}"
        pen.write(screen, text, x1 + 18, row - pen.size(text)[1] / 2, (210, 210, 210))
    for column in np.arange(x0, x1, (x1 - x0) / rng.uniform(6, 20)):
        cv2.line(screen, (round(column), y1 + 3), (round(column), y1 + 8), (210, 210, 210), 1)


def _words(rng, screen, box, pen, spec, depth, notes):  # type: ignore[no-untyped-def]
    """Settings in a column or along the top, a logo, a grey bar, callipers; the depth among them where it is stated."""
    rows, columns = screen.shape[:2]
    x0, y0, x1, y1 = box
    lines = [f"MI {rng.uniform(0.2, 1.5):.1f}", f"TIS {rng.uniform(0, 1):.1f}", f"Gn {rng.integers(20, 90)}"]
    lines += [
        f"DR {rng.integers(40, 120)}",
        f"{rng.integers(8, 60)}Hz",
        f"F {rng.integers(3, 18)} MHz",
        "Map 3",
        "Soft",
    ]
    rng.shuffle(lines)
    lines = lines[: int(rng.integers(3, 8))]
    if depth is not None:
        language = str(rng.choice(list(LANGUAGES))) if spec.text != "bare" else "bare"
        form = str(rng.choice(LANGUAGES[language]))
        cm = f"{depth / 10:.1f}" if rng.random() < 0.6 or depth % 10 else f"{depth / 10:.0f}"
        if language in ("de", "fr", "es", "it") and rng.random() < 0.5:
            cm = cm.replace(".", ",")
        value = f"{cm} cm" if rng.random() < 0.45 else f"{cm}cm" if rng.random() < 0.6 else f"{depth:g} mm"
        notes["stated"] = form.format(d=value)
        lines.insert(int(rng.integers(len(lines) + 1)), notes["stated"])
    ink = spec.ink
    at = 8.0
    if rng.random() < 0.7 or max(pen.size(line)[0] for line in lines) > x0 - 70:
        if columns - x1 > 230 and spec.place not in ("right", "right-edge"):
            at = x1 + 90.0
        elif max(pen.size(line)[0] for line in lines) > x0 - 80:  # along the bottom
            step = max(pen.size(line)[0] for line in lines) + 18
            for k, line in enumerate(lines):
                x = 8 + (k % max(1, columns // step)) * step
                pen.write(screen, line, x, rows - (2 - k // max(1, columns // step)) * 1.5 * pen.height - 2, ink)
            return
    for k, line in enumerate(lines):
        pen.write(screen, line, at, y0 + 4 + k * pen.height * 1.9, ink)
    if rng.random() < 0.4 and x0 > 90:
        bar = np.linspace(255, 0, rows // 5).astype(np.uint8)
        y = int(y0 + 0.55 * (y1 - y0))
        bar = bar[: max(0, rows - y)]
        screen[y : y + len(bar), 14:26] = bar[:, None, None]
        for k in range(0, len(bar), max(6, len(bar) // 8)):  # some have ticks of their own
            cv2.line(screen, (28, y + k), (31, y + k), ink, 1)
    if rng.random() < 0.3:
        for _ in range(2):
            point = (int(rng.uniform(x0 + 40, x1 - 40)), int(rng.uniform(y0 + 40, y1 - 40)))
            cv2.drawMarker(screen, point, (0, 240, 240), cv2.MARKER_CROSS, 12, 1)
    if rng.random() < 0.5:
        cv2.circle(screen, (x0 + 10, max(8, y0 - 10)), 6, (90, 200, 60), -1, cv2.LINE_AA)


def _gain_curve(rng, screen, box):  # type: ignore[no-untyped-def]
    """The time-gain curve that some screens draw over the picture's side."""
    _, y0, x1, y1 = box
    rows = np.linspace(y0, y1 - 1, 40)
    columns = x1 - rng.uniform(18, 40) + np.cumsum(rng.normal(0, 1.2, 40))
    points = np.rint(np.column_stack([columns, rows])).astype(np.int32)
    cv2.polylines(screen, [points], False, (190, 190, 190), 1, cv2.LINE_AA)
