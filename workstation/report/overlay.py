"""Labels over a picture, as an SVG of the picture's size: the stored picture itself is printed as it is, untouched.

Each label bears its number and, beside it, its chief measurement; names stand in the lines below the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from annotation import Ellipse, Finding, Line, Point, Polyline

_COLOURS = {
    "vessel": "#ffe14d",
    "layer": "#4de1ff",
    "filler": "#ffb066",
    "tip": "#ff5e5e",
    "point": "#ff8ad1",
    "distance": "#9cff6e",
}
_KINDS = {"artery": "#ff6b5e", "vein": "#6ea8ff"}
_CROWDED = 6  #: more labels than this are lettered smaller
_FONT = 'font-family="Noto Sans, DejaVu Sans, Arial, sans-serif"'


def overlay_svg(labels: Sequence[Finding], width_px: int, height_px: int) -> str:
    """The drawing. Its unit is the picture's pixel; lines and letters grow with the picture, so that they print alike."""
    unit = max(width_px, height_px) / 400
    box = f'viewBox="0 0 {width_px} {height_px}" width="{width_px}" height="{height_px}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {box}>']
    letters = (8.0 if len(labels) <= _CROWDED else 6.0) * unit
    tags: list[tuple[float, float, float, float]] = []
    for place, label in enumerate(labels, start=1):
        colour = _KINDS.get(label.vessel_kind or "", _COLOURS[label.kind])
        for stroke, wide in (("#000000", 2.6), (colour, 1.2)):
            parts += _drawn(label, f'fill="none" stroke="{stroke}" stroke-width="{wide * unit:.2f}"', unit)
        parts.append(_tag(label, place, colour, letters, (width_px, height_px), tags))
    return "".join([*parts, "</svg>"])


def _drawn(label: Finding, stroke: str, unit: float) -> Iterator[str]:
    shape = label.shape
    match shape:
        case Ellipse():
            (x, y), (a, b) = shape.centre, shape.semi_axes
            turn = f'transform="rotate({shape.angle_deg:.3f} {x:.2f} {y:.2f})"'
            yield f'<ellipse cx="{x:.2f}" cy="{y:.2f}" rx="{a:.2f}" ry="{b:.2f}" {turn} {stroke}/>'
        case Polyline():
            places = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
            yield f'<{"polygon" if shape.closed else "polyline"} points="{places}" {stroke}/>'
        case Line():
            (x0, y0), (x1, y1) = shape.points
            yield f'<line x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}" {stroke}/>'
            yield from _ends((x0, y0), (x1, y1), stroke, 3 * unit)
        case Point():
            ((x, y),) = shape.points
            arm = 4 * unit
            yield f'<path d="M{x - arm:.2f} {y:.2f}H{x + arm:.2f}M{x:.2f} {y - arm:.2f}V{y + arm:.2f}" {stroke}/>'


def _ends(start: tuple[float, float], end: tuple[float, float], stroke: str, arm: float) -> Iterator[str]:
    """Bars across both ends of a caliper."""
    length = math.dist(start, end) or 1.0
    across = (-(end[1] - start[1]) / length * arm, (end[0] - start[0]) / length * arm)
    for x, y in (start, end):
        bar = f"M{x - across[0]:.2f} {y - across[1]:.2f}L{x + across[0]:.2f} {y + across[1]:.2f}"
        yield f'<path d="{bar}" {stroke}/>'


def _tag(
    label: Finding,
    number: int,
    colour: str,
    font: float,
    size: tuple[int, int],
    taken: list[tuple[float, float, float, float]],
) -> str:
    """Number and measurement on a dark plate beside the shape, where no other plate lies yet and inside the picture."""
    value = str(label.measurements[0]) if label.measurements and label.kind != "layer" else ""
    text = f"{number}: {value}" if value else str(number)
    wide, high = (0.56 * len(text) + 0.5) * font, 1.35 * font
    left, top, right, _ = label.shape.box
    x = min(max(right + font / 4, 0.0), max(size[0] - wide, 0.0))
    x = max(left - wide - font / 4, 0.0) if right + font / 4 + wide > size[0] and label.kind != "layer" else x
    y = min(max(top, 0.0), max(size[1] - high, 0.0))
    x, y = _free((x, y, wide, high), size, taken)
    taken.append((x, y, wide, high))
    plate = f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="#000000" fill-opacity="0.72"/>'
    words = (
        f'<text x="{x + 0.3 * font:.2f}" y="{y + font:.2f}" font-size="{font:.2f}" font-weight="bold" fill="{colour}" '
        f'xml:space="preserve" {_FONT}>{text}</text>'
    )
    return plate + words


def _free(
    box: tuple[float, float, float, float], size: tuple[int, int], taken: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float]:
    """The nearest height, below or above, at which the plate lies on no other; its own where the picture is full."""
    x, y, wide, high = box
    for step in range(200):
        away = (step + 1) // 2 * high * (1 if step % 2 else -1)
        at = y + away
        if 0 <= at <= size[1] - high and not any(
            x < left + w and left < x + wide and at < top + h and top < at + high for left, top, w, h in taken
        ):
            return x, at
    return x, y
