"""What a screen draws for Doppler: the bar with its limits, the outline of the box, the gate, and the axes of the trace."""

from __future__ import annotations

import math

import numpy as np

from mock_devices.contract import Box, ColourOverlay, ColourSettings, Gate, Settings, SpectralSettings
from mock_devices.screens._canvas import Canvas
from mock_devices.screens._design import Design
from mock_devices.screens._flow_colours import bar_pixels, power_colours, velocity_colours
from mock_devices.screens._grey_map import grey_colours
from mock_devices.screens._plan import Plan
from mock_devices.screens._words import decimal

Limits = tuple[float, float]


def kind_of(settings: Settings) -> str:
    """ "power" or "colour": which map the bar shows."""
    return "power" if settings.mode == "power" else "colour"


def draw_bar(canvas: Canvas, design: Design, plan: Plan, settings: Settings) -> Limits | None:
    """The colour bar and what is printed at it; returns the limits as printed, in cm/s."""
    box, flow, em = plan.bar, design.flow, plan.em
    if box is None or settings.colour is None:
        return None
    x0, y0, x1, y1 = box
    limits = settings.colour.limits_cm_s
    power = kind_of(settings) == "power"
    colours = power_colours(flow.power_map) if power else velocity_colours(flow.velocity_map, limits, flow.warm_towards)
    painted = bar_pixels(colours, y1 - y0, x1 - x0, 0.0 if power else flow.black)
    if flow.variance and not power:
        part = (np.linspace(0, 0.75, x1 - x0) ** 1.5)[None, :, None]
        painted = (painted * (1 - part) + part * np.array([20, 230, 40])).round().astype(np.uint8)
    canvas.picture(box, painted)
    if flow.grey_beside:
        canvas.picture(
            (x0 - round(0.4 * em), y0, x0, y1), bar_pixels(grey_colours((255, 255, 255), 1.0), y1 - y0, round(0.4 * em))
        )
    if flow.bar_frame:
        canvas.frame((x0 - 1, y0 - 1, x1 + 1, y1 + 1), design.theme.dim)
    canvas.take((x0 - 1, y0 - 1, x1 + 1, y1 + 1))
    return None if power else _print_limits(canvas, design, plan, settings.colour)


def _print_limits(canvas: Canvas, design: Design, plan: Plan, colour: ColourSettings) -> Limits | None:
    flow, em, theme = design.flow, plan.em, design.theme
    if plan.bar is None or flow.limits == "none":
        return None
    x0, y0, x1, y1 = plan.bar
    per = 0.01 if flow.unit == "m/s" else 1.0
    decimals = 2 if flow.unit == "m/s" else flow.decimals
    texts, printed = [], []
    for limit in reversed(colour.limits_cm_s):
        places = decimals
        while places < 4 and abs(round(limit * per, places) - limit * per) > 0.01 * abs(limit * per):
            places += 1  # nobody prints 3 for 3.4
        number = decimal(limit * per, places, fixed=True)
        if float(number) == 0:
            number = number.lstrip("-")
        printed.append(float(number) / per)
        if flow.unit == "m/s" and not flow.plus:
            number = number.replace("0.", ".", 1)
        texts.append(
            ("+" if flow.plus and limit > 0 else "") + number.replace(".", "," if design.vocabulary.comma else ".")
        )
    unit = "" if flow.unit == "none" else flow.unit
    if flow.limits == "top":
        texts = texts[:1]
        texts[0] += unit
    elif unit and flow.unit_at == "each":
        texts = [text + unit for text in texts]
    if flow.limits == "beside":
        stands = [(x1 + 0.35 * em, y0 + 0.4 * em, "l"), (x1 + 0.35 * em, y1 - 0.4 * em, "l")]
    else:
        stands = [((x0 + x1) / 2, y0 - 0.75 * em, "m"), ((x0 + x1) / 2, y1 + 0.75 * em, "m")]
    done = [
        canvas.words(text, design.label_face, 0.9 * em, x, y, theme.ink, anchor, gap=1)
        for text, (x, y, anchor) in zip(texts, stands, strict=False)
    ]
    if unit and flow.unit_at == "end" and flow.limits != "top":
        below = stands[-1][1] + (1.25 * em if flow.limits == "ends" else 0)
        x = stands[-1][0]
        if flow.limits == "beside":
            canvas.words(unit, design.label_face, 0.82 * em, (x0 + x1) / 2, y1 + 0.8 * em, theme.dim, "m", gap=1)
        else:
            canvas.words(unit, design.label_face, 0.82 * em, x, below, theme.dim, "m", gap=1)
    if any(box is None for box in done):
        return None
    return (printed[1], printed[0]) if flow.limits != "top" else (-printed[0], printed[0])


def draw_outline(canvas: Canvas, design: Design, plan: Plan, overlay: ColourOverlay) -> None:
    """The colour box as this maker outlines it."""
    flow = design.flow
    if flow.outline == "none":
        return
    line = max(1, round(plan.em / 16))
    dash = 0.45 * plan.em if flow.outline == "dashed" else 0.0
    canvas.path(overlay.polygon, flow.outline_ink, line, closed=True, dash=dash)


def draw_gate(canvas: Canvas, design: Design, plan: Plan, gate: Gate) -> None:
    """The Doppler line, broken by the gate's two bars, and the cursor along the vessel."""
    ink, em = design.spectral.gate_ink, plan.em
    (bx0, by0), (bx1, by1) = gate.beam
    length = math.hypot(bx1 - bx0, by1 - by0) or 1.0
    ux, uy = (bx1 - bx0) / length, (by1 - by0) / length
    cx, cy = gate.centre
    half, arm = gate.length / 2, 0.55 * em
    before, after = max(half + 2, 0.5 * em), max(half + 2, 0.5 * em)
    canvas.path(
        [(bx0, by0), (cx - ux * before, cy - uy * before)],
        ink,
        1,
        dash=0.35 * em if design.flow.outline == "dashed" else 0,
    )
    canvas.path([(cx + ux * after, cy + uy * after), (bx1, by1)], ink, 1, dash=0.35 * em)
    for sign in (-1, 1):
        x, y = cx + sign * ux * half, cy + sign * uy * half
        canvas.path([(x - uy * arm, y + ux * arm), (x + uy * arm, y - ux * arm)], ink, max(1, round(em / 14)))
    fx, fy = gate.flow
    for sign in (-1, 1):
        canvas.path(
            [
                (cx + sign * fx * 0.7 * em, cy + sign * fy * 0.7 * em),
                (cx + sign * fx * 1.9 * em, cy + sign * fy * 1.9 * em),
            ],
            ink,
            1,
        )


def nice_step(span: float, most: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides `span` into at most `most` parts."""
    step = 10.0 ** math.floor(math.log10(max(span, 1e-9) / most))
    for factor in (1, 2, 5, 10, 20):
        if span / (step * factor) <= most:
            return step * factor
    return step * 50


def draw_axes(
    canvas: Canvas,
    design: Design,
    plan: Plan,
    spectral: SpectralSettings,
    baseline_row: float,
    cm_s_per_pixel: float,
    s_per_pixel: float,
) -> None:
    """Velocity and time axes round the trace; the numbers are those of the true scale, at whole rows."""
    trace = plan.trace
    if trace is None:
        return
    look, em = design.spectral, plan.em
    ink = design.theme.ink if design.theme.is_light else look.ink
    x0, y0, x1, y1 = trace
    line = max(1, round(em / 16))
    canvas.bar(x0 - 0.5, round(baseline_row) - line / 2, x1 - 0.5, round(baseline_row) + line / 2, look.baseline_ink)
    edge = x1 - 0.5 + 0.15 * em if look.axis_right else x0 - 0.5 - 0.15 * em
    out = 1 if look.axis_right else -1
    step = nice_step((y1 - y0) * cm_s_per_pixel, max(3, int((y1 - y0) / (1.9 * em))))
    per = 0.01 if look.unit == "m/s" else 1.0
    decimals = max(0, -math.floor(math.log10(step * per) + 1e-9))
    first = math.ceil((baseline_row - y1 + 1) * cm_s_per_pixel / step)
    last = math.floor((baseline_row - y0) * cm_s_per_pixel / step)
    for number in range(first, last + 1):
        row = round(baseline_row - number * step / cm_s_per_pixel)
        canvas.bar(
            min(edge, edge + out * 0.35 * em), row - 0.5, max(edge, edge + out * 0.35 * em), row + line - 0.5, ink
        )
        if look.grid and number:
            canvas.path([(x0, row), (x1 - 1, row)], tuple(round(0.35 * c) for c in look.ink), 1, dash=0.3 * em)  # type: ignore[arg-type]
        words = f"{number * step * per:.{decimals}f}"
        canvas.words(
            words, design.label_face, 0.85 * em, edge + out * 0.6 * em, row, ink, "l" if look.axis_right else "r", gap=1
        )
    if look.unit != "none":
        room = plan.rooms["trace-head"]
        canvas.words(
            look.unit,
            design.label_face,
            0.85 * em,
            edge + out * 0.4 * em,
            (room[1] + room[3]) / 2 + 0.1 * em,
            ink,
            "l" if look.axis_right else "r",
            gap=1,
        )
    if look.time_ticks:
        _time_ticks(canvas, design, plan, trace, s_per_pixel, spectral.scrolling)


def _time_ticks(canvas: Canvas, design: Design, plan: Plan, trace: Box, s_per_pixel: float, scrolling: bool) -> None:
    look, em = design.spectral, plan.em
    ink = design.theme.ink if design.theme.is_light else look.ink
    x0, _, x1, y1 = trace
    span = (x1 - x0) * s_per_pixel
    step = nice_step(span, 16)
    for number in range(int(span / step + 1e-6) + 1):
        # A scrolling trace counts back from now, at its right side.
        column = (x1 - 1 - number * step / s_per_pixel) if scrolling else (x0 + number * step / s_per_pixel)
        whole = abs(number * step - round(number * step)) < 1e-6
        canvas.bar(round(column) - 0.5, y1, round(column) + 0.5, y1 + (0.6 if whole else 0.3) * em, ink)
        if look.time_labels and whole:
            words = f"{'-' if scrolling and number else ''}{round(number * step)}" + ("" if number else "s")
            canvas.words(words, design.label_face, 0.8 * em, round(column), y1 + 1.25 * em, ink, "m", gap=1)
