"""Rulers: ticks, dots or a scale bar, with the millimetres that each stands for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from mock_devices.contract import Box, Point
from mock_devices.screens._canvas import Canvas
from mock_devices.screens._design import Design, Ruler
from mock_devices.screens._plan import Plan
from mock_devices.screens._words import decimal

#: (every tick, middle ones, major ones) in mm; 0 for none of that kind
_LADDERS: Final = ((1, 5, 10), (2, 0, 10), (2.5, 5, 10), (5, 0, 10), (10, 0, 50))
_SHADE: Final = (16, 16, 16)
_NARROW: Final = {"ticks": 0.34, "dots": 0.62}  #: parts of the em between two marks, at least


@dataclass(frozen=True, slots=True)
class Drawn:
    """Marks as they stand: `points` from 0 mm on (column, row), each `step_mm` apart; a scale bar is its two ends."""

    points: tuple[Point, ...]
    step_mm: float


def ladder(ruler: Ruler, mm_per_pixel: float, em: float) -> tuple[float, float, float]:
    """Minor, middle and major step in mm that suit the scale."""
    least = _NARROW["dots" if ruler.kind == "dots" else "ticks"] * em
    fit = [steps for steps in _LADDERS if steps[0] / mm_per_pixel >= max(4.0, least)] or [_LADDERS[-1]]
    return fit[min(ruler.step, len(fit) - 1)]


def draw_rulers(canvas: Canvas, design: Design, plan: Plan) -> tuple[Drawn | None, Drawn | None]:
    """All rulers of the design; returns the depth ruler (or scale bar) and the one below."""
    ruler = design.ruler
    if ruler.kind == "none":
        return None, None
    if ruler.kind == "scale-bar":
        return _scale_bar(canvas, design, plan), None
    below = _below(canvas, design, plan) if ruler.below else None
    if plan.arc is not None and plan.arc.slanted:
        return _slanted(canvas, design, plan), below
    if ruler.both:
        _depth(canvas, design, plan, plan.ruler_x[1], not ruler.right, labels=False)
    return _depth(canvas, design, plan, plan.ruler_x[0], ruler.right, labels=True), below


def _stand(ruler: Ruler, place: float) -> float:
    return float(round(place)) if ruler.phase == "whole" else place


def _rank(mm: float, steps: tuple[float, float, float]) -> int:
    """0 for a minor tick, 1 for a middle one, 2 for a major one."""
    if math.isclose(mm % steps[2], 0, abs_tol=1e-6) or math.isclose(mm % steps[2], steps[2], abs_tol=1e-6):
        return 2
    return 1 if steps[1] and math.isclose(mm % steps[1], 0, abs_tol=1e-6) else 0


def _depth(canvas: Canvas, design: Design, plan: Plan, edge: float, right: bool, *, labels: bool) -> Drawn:
    """One ruler of depth; `edge` is the picture's (or room's) side at which it stands, in pixel corners."""
    ruler, em = design.ruler, plan.em
    steps = ladder(ruler, plan.mm_per_pixel[1], em)
    count = int(plan.depth_mm / steps[0] + 1e-6)
    out = 1.0 if right else -1.0
    gap = {"outside": 0.25 * em, "edge": 0.0, "inside": -0.3 * em}[ruler.where]
    root = edge - 0.5 + out * gap
    if ruler.where != "outside":
        out = -out  # ticks grow into the picture
    elif ruler.inward:
        root, out = root + out * ruler.lengths[2] * em, -out
    line = max(1.0, ruler.line * em)
    halo = _halo(ruler)
    points: list[Point] = []
    marks: list[tuple[float, float, int]] = []
    for number in range(count + 1):
        mm = number * steps[0]
        row = _stand(ruler, plan.row(mm))
        rank = _rank(mm, steps)
        if ruler.kind == "dots":
            radius = (0.11, 0.14, 0.2)[rank] * em
            column = _stand(ruler, root + out * 0.35 * em)
            if halo:
                canvas.disc((column, row), radius + 1, _SHADE)
            canvas.disc((column, row), radius, ruler.ink)
            canvas.take((column - radius, row - radius, column + radius + 1, row + radius + 1))
            points.append((column, row))
        else:
            end = root + out * ruler.lengths[rank] * em
            x0, x1 = (_stand(ruler, root), _stand(ruler, end)) if out > 0 else (_stand(ruler, end), _stand(ruler, root))
            # Whole rows: a thicker major tick keeps its middle.
            thick = line if rank < 2 else 1.4 * line if ruler.phase == "true" else round(line) + 2 * (line >= 2.5)
            low = row - thick / 2 if ruler.phase == "true" else row - 0.5 - (round(thick) - 1) // 2
            high = row + thick / 2 if ruler.phase == "true" else low + round(thick)
            if halo:
                canvas.bar(x0 - 1, low - 1, x1 + 1, high + 1, _SHADE)
            canvas.bar(x0, low, x1, high, ruler.ink)
            canvas.take((x0, low, x1 + 1, high + 1))
            points.append(((x0 + x1) / 2, (low + high) / 2))
        marks.append((mm, row, rank))
    if ruler.spine and ruler.kind == "ticks":
        canvas.bar(root - line / 2, points[0][1], root + line / 2, points[-1][1], ruler.ink)
    if labels and ruler.labels != "none":
        _depth_labels(canvas, design, plan, marks, (root, out))
    return Drawn(tuple(points), steps[0])


def _slanted(canvas: Canvas, design: Design, plan: Plan) -> Drawn:
    """Ticks or dots along a fan's leaning side, as carts for the heart and the belly draw them; distances along the side."""
    arc, ruler, em = plan.arc, design.ruler, plan.em
    if arc is None:
        raise ValueError("Only a fan has a leaning ruler.")
    across, down = plan.mm_per_pixel
    steps = ladder(ruler, down, em)
    sign = 1.0 if ruler.right else -1.0
    middle = (plan.picture[0] + plan.picture[2]) / 2 - 0.5
    ux, uy = sign * math.sin(arc.half_angle) / across, math.cos(arc.half_angle) / down
    length = math.hypot(ux, uy)
    ox, oy = sign * uy / length, -sign * ux / length * sign  # outwards, square to the side
    apex = plan.zero_row - arc.radius_mm / down
    points = []
    for number in range(int(plan.depth_mm / steps[0] + 1e-6) + 1):
        mm = number * steps[0]
        rank = _rank(mm, steps)
        reach = arc.radius_mm + mm
        column, row = middle + ux * reach + 0.4 * em * ox, apex + uy * reach + 0.4 * em * oy
        if ruler.kind == "dots":
            canvas.disc((column, row), (0.11, 0.14, 0.2)[rank] * em, ruler.ink)
            points.append((column, row))
        else:
            out = ruler.lengths[rank] * em
            canvas.path([(column, row), (column + ox * out, row + oy * out)], ruler.ink, max(1, round(ruler.line * em)))
            points.append((column + ox * 0.1 * em, row + oy * 0.1 * em))
        if rank == 2 and ruler.labels in ("major", "all") and mm:
            x = column + ox * (ruler.lengths[2] + 0.4) * em
            words = _label(ruler, mm, False)
            canvas.words(
                words, design.label_face, 0.88 * em, x, row + oy * em, ruler.label_ink, "l" if ruler.right else "r"
            )
    return Drawn(tuple(points), steps[0])


def _halo(ruler: Ruler) -> float:
    """How dark it is round the marks: over tissue only the brightest inks can do without."""
    if ruler.where == "outside":
        return 0.0
    return ruler.halo if min(sorted(ruler.ink)[1:]) >= 220 else max(ruler.halo, 0.6)


def _labelled(ruler: Ruler, marks: list[tuple[float, float, int]], apart: float) -> list[tuple[float, float]]:
    """Which marks get a number; `apart` pixels at least between two."""
    wanted = {
        "major": [m for m in marks if m[2] == 2],
        "all": [m for m in marks if m[2] >= 1],
        "ends": [marks[0], marks[-1]],
        "last": [marks[-1]],
        "none": [],
    }[ruler.labels]
    chosen: list[tuple[float, float]] = []
    for mm, row, _ in wanted:
        if (mm or ruler.zero_label) and (not chosen or row - chosen[-1][1] >= apart):
            chosen.append((mm, row))
    return chosen


def _label(ruler: Ruler, mm: float, last: bool) -> str:
    number = decimal(mm / 10 if ruler.unit == "cm" else mm, 0)
    return f"{number}{ruler.unit}" if ruler.unit_shown == "each" or (last and ruler.unit_shown == "last") else number


def _depth_labels(
    canvas: Canvas, design: Design, plan: Plan, marks: list[tuple[float, float, int]], root: tuple[float, float]
) -> None:
    ruler, em = design.ruler, plan.em
    size, halo = 0.88 * em, _halo(ruler)
    reach = ruler.lengths[2] * em if ruler.kind == "ticks" else 0.7 * em
    chosen = _labelled(ruler, marks, 1.5 * em)
    for mm, row in chosen:
        words = _label(ruler, mm, mm == chosen[-1][0])
        if ruler.label_under:
            # Clear of the minor ticks that follow, below the line of its own.
            x = root[0] + root[1] * ((ruler.lengths[0] if ruler.kind == "ticks" else 0.6) + 0.25) * em
            middle = row + 0.75 * em
        else:
            outward = ruler.where == "outside" and ruler.inward
            x = root[0] + 0.3 * em * -root[1] if outward else root[0] + root[1] * (reach + 0.3 * em)
            middle = row
        grows = root[1] > 0
        if not ruler.label_under and ruler.where == "outside" and ruler.inward:
            grows = not grows
        canvas.words(
            words, design.label_face, size, x, middle, ruler.label_ink, "l" if grows else "r", gap=1, halo=halo
        )


def _below(canvas: Canvas, design: Design, plan: Plan) -> Drawn:
    """A ruler of width under the picture, its zero at the picture's left side."""
    ruler, em = design.ruler, plan.em
    x0, _, x1, y1 = plan.picture
    steps = ladder(ruler, plan.mm_per_pixel[0], em)
    count = int((x1 - x0) * plan.mm_per_pixel[0] / steps[0] + 1e-6)
    top = y1 - 0.5 + 0.25 * em
    line = max(1.0, ruler.line * em)
    points = []
    chosen_at = -1e9
    for number in range(count + 1):
        mm = number * steps[0]
        column = _stand(ruler, x0 - 0.5 + mm / plan.mm_per_pixel[0])
        rank = _rank(mm, steps)
        if ruler.kind == "dots":
            canvas.disc((column, top + 0.3 * em), (0.11, 0.14, 0.2)[rank] * em, ruler.ink)
        else:
            low = column - line / 2 if ruler.phase == "true" else column - 0.5
            wide = line if ruler.phase == "true" else round(line)
            canvas.bar(low, round(top), low + wide, round(top + ruler.lengths[rank] * em), ruler.ink)
            column = low + wide / 2
        points.append((column, top))
        if rank == 2 and ruler.labels in ("major", "all") and mm and column - chosen_at > 2.2 * em:
            middle = top + (ruler.lengths[2] + 0.75) * em
            if canvas.words(
                _label(ruler, mm, False), design.label_face, 0.88 * em, column, middle, ruler.label_ink, "m"
            ):
                chosen_at = column
    return Drawn(tuple(points), steps[0])


def _scale_bar(canvas: Canvas, design: Design, plan: Plan) -> Drawn:
    """A bar of 5 or 10 mm with its length written, at a lower corner of the picture: no ruler else."""
    ruler, em = design.ruler, plan.em
    x0, _, x1, y1 = plan.picture
    shown = (x1 - x0) * plan.mm_per_pixel[0]
    length_mm = 10.0 if shown > 25 else 5.0
    long = length_mm / plan.mm_per_pixel[0]
    start = _stand(ruler, (x1 - 0.5 - em - long) if ruler.right else x0 - 0.5 + em)
    end = _stand(ruler, start + long)
    row = round(y1 - 1.0 * em)
    line = max(2.0, round(0.16 * em))
    canvas.bar(start, row - line / 2, end, row + line / 2, ruler.ink)
    ends = 0.3 * em if design.ruler.spine else 0.0
    if ends:
        for column in (start, end - line):
            canvas.bar(column, row - ends, column + line, row + ends, ruler.ink)
    box: Box = (int(start), int(row - ends - 1), math.ceil(end), math.ceil(row + ends + 2))
    canvas.take(box)
    words = f"{decimal(length_mm, 0)} mm" if ruler.unit == "mm" else f"{decimal(length_mm / 10, 0)} cm"
    canvas.words(words, design.label_face, 0.9 * em, (start + end) / 2, row - 1.0 * em, ruler.label_ink, "m", halo=0.6)
    return Drawn(((start, float(row)), (end, float(row))), length_mm)
