"""What surrounds the picture and says nothing: buttons, tool bars, thumbnails, a TGC curve, a phone's status line, marks.

All invented: no maker's name, sign or artwork.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Final

import numpy as np

from devices.cv import cv2
from mock_devices.contract import Box, Settings
from mock_devices.screens._canvas import Canvas, Colour
from mock_devices.screens._design import Design
from mock_devices.screens._flow_colours import bar_pixels
from mock_devices.screens._grey_map import grey_colours
from mock_devices.screens._plan import Plan
from mock_devices.screens._words import BUTTONS, EXAMS

Painter = Callable[[Canvas, Design, Plan, Box, random.Random], None]


def mix(a: Colour, b: Colour, part: float) -> Colour:
    """A colour between two."""
    return tuple(round(x + part * (y - x)) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def _icon(canvas: Canvas, dice: random.Random, x: float, y: float, r: float, ink: Colour) -> None:
    """A small sign that means nothing in particular."""
    line = max(1, round(r / 6))
    kind = dice.randrange(7)
    if kind == 0:
        canvas.disc((x, y), r, ink, r * 0.72)
        canvas.bar(x - r * 0.3, y - r * 0.1, x + r * 0.3, y + r * 0.1, ink)
    elif kind == 1:
        canvas.path(
            [(x - r, y - r * 0.7), (x + r, y - r * 0.7), (x + r, y + r * 0.7), (x - r, y + r * 0.7)],
            ink,
            line,
            closed=True,
        )
        canvas.disc((x, y), r * 0.35, ink)
    elif kind == 2:
        for k in (-0.6, 0, 0.6):
            canvas.bar(x - r, y + k * r - line / 2, x + r, y + k * r + line / 2, ink)
    elif kind == 3:
        canvas.path([(x - r * 0.6, y - r * 0.8), (x + r * 0.8, y), (x - r * 0.6, y + r * 0.8)], ink, 1, filled=True)
    elif kind == 4:
        for k in range(3):
            a = k * math.pi / 3
            c, s = r * math.cos(a), r * math.sin(a)
            canvas.path([(x - c, y - s), (x + c, y + s)], ink, line)
    elif kind == 5:
        canvas.path(
            [(x - r, y + r * 0.6), (x - r * 0.2, y - r * 0.5), (x + r * 0.3, y + r * 0.2), (x + r, y - r * 0.7)],
            ink,
            line,
        )
    else:
        canvas.disc((x, y), r, ink, r * 0.8)


def _buttons(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    """A row or a column of touch buttons, some round, with words where there is room."""
    x0, y0, x1, y1 = box
    em, theme = plan.em, design.theme
    canvas.fill(box, theme.panel)
    names = list(BUTTONS[design.vocabulary.language])
    dice.shuffle(names)
    wide = x1 - x0 > y1 - y0
    long = (x1 - x0) if wide else (y1 - y0)
    pitch = (4.6 if wide else 4.0) * em
    count = max(1, min(int(long / pitch), 8))
    pitch = long / count
    with_words = (y1 - y0 if wide else pitch) > 2.9 * em
    ink = theme.ink
    for k in range(count):
        at = (k + 0.5) * pitch
        x, y = (x0 + at, (y0 + y1) / 2) if wide else ((x0 + x1) / 2, y0 + at)
        r = min(0.75 * em, 0.3 * (y1 - y0) if wide else 0.3 * (x1 - x0))
        lift = 0.5 * em if with_words else 0
        if design.extra.get("buttons") == "discs":
            canvas.disc((x, y - lift), 1.5 * r, theme.button)
        elif design.extra.get("buttons") == "boxes":
            half = min(0.44 * pitch, 2.1 * em) if wide else min(0.44 * (x1 - x0), 2.2 * em)
            high = (0.42 * (y1 - y0)) if wide else min(0.42 * pitch, 1.6 * em)
            canvas.bar(x - half, y - high, x + half, y + high, theme.button)
        _icon(canvas, dice, x, y - lift, r, theme.accent if k == dice.randrange(8) else ink)
        if with_words:
            canvas.words(
                names[k % len(names)], design.label_face, 0.78 * em, x, y + 1.0 * em, theme.dim, "m", within=box
            )


def _title(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    """A window's title with its three signs at the right."""
    x0, y0, x1, y1 = box
    em, ink = plan.em, design.theme.dim
    canvas.fill(box, mix(design.theme.panel, design.theme.button, 0.5))
    y = (y0 + y1) / 2
    r = 0.28 * em
    for k in range(3):
        x = x1 - (1.2 + 1.9 * k) * em
        if k == 0:
            canvas.path([(x - r, y - r), (x + r, y + r)], ink)
            canvas.path([(x - r, y + r), (x + r, y - r)], ink)
        elif k == 1:
            canvas.path([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)], ink, closed=True)
        else:
            canvas.bar(x - r, y, x + r, y + 1, ink)
    words = f"{design.maker} - {EXAMS[design.vocabulary.language][dice.randrange(4)]}"
    canvas.words(words, design.label_face, 0.92 * em, x0 + 0.6 * em, y, ink, within=box)


def _menu(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    x0, y0, _, y1 = box
    canvas.fill(box, design.theme.panel)
    x = x0 + 0.6 * plan.em
    for words in ("File", dice.choice(["Patient", "Exam"]), "View", "Image", "Measure", "Tools", "Help"):
        canvas.words(words, design.label_face, 0.9 * plan.em, x, (y0 + y1) / 2, design.theme.ink, within=box)
        x += design.label_face.width_of(words, 0.9 * plan.em) + 1.2 * plan.em


def _toolbar(canvas: Canvas, design: Design, _: Plan, box: Box, dice: random.Random) -> None:
    x0, y0, x1, y1 = box
    canvas.fill(box, mix(design.theme.panel, design.theme.button, 0.3))
    r = 0.28 * (y1 - y0)
    x = x0 + 2 * r
    while x + 2 * r < x0 + 0.75 * (x1 - x0):
        canvas.bar(x - 1.45 * r, (y0 + y1) / 2 - 1.45 * r, x + 1.45 * r, (y0 + y1) / 2 + 1.45 * r, design.theme.button)
        _icon(
            canvas, dice, x, (y0 + y1) / 2, r * 0.8, design.theme.accent if dice.random() < 0.25 else design.theme.ink
        )
        x += r * (3.4 if dice.random() < 0.85 else 5)


def _phone_status(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    """A phone's own line: clock, network, battery."""
    x0, y0, x1, y1 = box
    em, ink = plan.em, design.theme.ink
    canvas.fill(box, design.theme.panel)
    y = (y0 + y1) / 2
    canvas.words(
        f"{dice.randint(7, 19)}:{dice.randint(0, 59):02}", design.face, 0.82 * em, x0 + 1.1 * em, y, ink, within=box
    )
    x = x1 - 2.3 * em
    canvas.path(
        [(x, y - 0.25 * em), (x + 1.0 * em, y - 0.25 * em), (x + 1.0 * em, y + 0.25 * em), (x, y + 0.25 * em)],
        ink,
        closed=True,
    )
    canvas.bar(x + 2, y - 0.25 * em + 2, x + dice.uniform(0.3, 0.9) * em, y + 0.25 * em - 1, ink)
    for k in range(4):
        canvas.bar(
            x - (2.0 - 0.3 * k) * em,
            y + 0.3 * em - (0.15 + 0.14 * k) * em,
            x - (1.85 - 0.3 * k) * em,
            y + 0.3 * em,
            ink,
        )


def _thumbs(canvas: Canvas, design: Design, _: Plan, box: Box, dice: random.Random) -> None:
    """Small pictures of what was saved before."""
    x0, y0, x1, y1 = box
    canvas.fill(box, design.theme.panel)
    wide = x1 - x0 > y1 - y0
    side = (y1 - y0 if wide else x1 - x0) - 8
    if side < 24:
        return
    step = (1.3 if wide else 0.85) * side
    noise = np.random.default_rng(dice.randrange(1 << 30))
    for k in range(min(dice.randint(1, 5), int((x1 - x0 if wide else y1 - y0) / (step + 6)))):
        at = round(k * (step + 6)) + 4
        left, top = (x0 + at, y0 + 4) if wide else (x0 + 4, y0 + at)
        w, h = (round(step), side) if wide else (side, round(step))
        small = cv2.GaussianBlur(noise.random((max(6, h // 3), max(6, w // 5))).astype(np.float32), (0, 0), 1.2)
        small = np.clip((cv2.resize(small, (w, h)) - 0.35) * 260, 0, 200).astype(np.uint8)
        small[:, : w // 8] = 0
        small[:, -w // 8 :] = 0
        canvas.picture((left, top, left + w, top + h), np.repeat(small[:, :, None], 3, axis=2))
        canvas.frame(
            (left - 1, top - 1, left + w + 1, top + h + 1), design.theme.accent if k == 0 else design.theme.button
        )


def _tgc(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    """The curve of time gain compensation beside the picture's depth."""
    x0, _, x1, _ = box
    _, y0, _, y1 = plan.picture
    rows = np.linspace(y0, y1, 9)
    push = np.cumsum([dice.uniform(-0.06, 0.12) for _ in rows])
    push = (push - push.min()) / max(0.2, float(np.ptp(push)))
    points = [(x0 + (0.25 + 0.5 * float(p)) * (x1 - x0), float(y)) for p, y in zip(push, rows, strict=True)]
    canvas.path(points, design.theme.dim)


def _controls(canvas: Canvas, design: Design, plan: Plan, box: Box, dice: random.Random) -> None:
    """Sliders without numbers."""
    x0, y0, x1, y1 = box
    em = plan.em
    row = y0 + 0.9 * em
    names = BUTTONS[design.vocabulary.language]
    for k in range(8):
        if row + 2.4 * em > y1:
            return
        canvas.words(
            names[(k + 5) % len(names)], design.label_face, 0.85 * em, x0 + 0.6 * em, row, design.theme.dim, within=box
        )
        row += 1.1 * em
        canvas.bar(x0 + 0.6 * em, row - 1, x1 - 0.6 * em, row + 1, design.theme.button)
        canvas.disc((x0 + 0.6 * em + dice.random() * (x1 - x0 - 1.2 * em), row), 0.32 * em, design.theme.accent)
        row += 1.3 * em


def _plain(canvas: Canvas, design: Design, _: Plan, box: Box, __: random.Random) -> None:
    canvas.fill(box, design.theme.panel)


ROOMS: Final[dict[str, Painter]] = {
    "buttons": _buttons,
    "title": _title,
    "menu": _menu,
    "toolbar": _toolbar,
    "phone": _phone_status,
    "thumbs": _thumbs,
    "tgc": _tgc,
    "controls": _controls,
    "head": _plain,
    "foot": _plain,
    "column": _plain,
    "values": _plain,
}


def paint_rooms(canvas: Canvas, design: Design, plan: Plan, dice: random.Random) -> None:
    """All rooms that hold no read-outs; rooms of words get their ground. A room's kind is its name up to '-'."""
    for name, box in plan.rooms.items():
        painter = ROOMS.get(name.split("-")[0])
        if painter is not None:
            painter(canvas, design, plan, box, dice)


def _body_mark(canvas: Canvas, plan: Plan, ink: Colour) -> None:
    """A face from the front with the probe's line on it, at the picture's lower left."""
    em = plan.em
    x, y = plan.picture[0] + 2.0 * em, plan.picture[3] - 2.6 * em
    around = [(2 * math.pi * k / 24) for k in range(24)]
    canvas.path(
        [(x + 1.1 * em * math.cos(a), y + 1.5 * em * math.sin(a)) for a in around], (190, 190, 190), closed=True
    )
    canvas.path([(x, y - 0.3 * em), (x - 0.2 * em, y + 0.3 * em), (x + 0.1 * em, y + 0.3 * em)], (190, 190, 190))
    canvas.path([(x + 0.3 * em, y + 0.5 * em), (x + 0.9 * em, y + 0.3 * em)], ink, 2)
    canvas.take((x - 1.3 * em, y - 1.7 * em, x + 1.3 * em, y + 1.7 * em))


def paint_marks(canvas: Canvas, design: Design, plan: Plan, settings: Settings) -> None:
    """The bar of greys, the mark of the probe's leading side, and the focus beside the picture."""
    em, theme = plan.em, design.theme
    if plan.grey_bar is not None:
        x0, y0, x1, y1 = plan.grey_bar
        canvas.picture(plan.grey_bar, bar_pixels(grey_colours(design.grey.tint, design.grey.gamma), y1 - y0, x1 - x0))
        canvas.frame((x0 - 1, y0 - 1, x1 + 1, y1 + 1), theme.button)
        canvas.take((x0 - 2, y0 - 2, x1 + 2, y1 + 2))
    x0, y0, x1, _ = plan.picture
    x = x0 + 0.8 * em if not design.mirrored else x1 - 0.8 * em
    y = y0 + 0.75 * em
    if design.mark == "dot":
        canvas.disc((x, y), 0.32 * em, theme.accent)
    elif design.mark == "ring":
        canvas.disc((x, y), 0.38 * em, theme.accent, 0.24 * em)
    elif design.mark == "bar":
        canvas.bar(x - 0.5 * em, y - 0.3 * em, x - 0.3 * em, y + 0.5 * em, theme.accent)
        canvas.bar(x - 0.5 * em, y - 0.3 * em, x + 0.2 * em, y - 0.1 * em, theme.accent)
    elif design.mark == "arrow":
        canvas.path(
            [(x - 0.4 * em, y - 0.3 * em), (x + 0.4 * em, y - 0.3 * em), (x, y + 0.4 * em)], theme.accent, filled=True
        )
    if design.mark != "none":
        canvas.take((x - 0.6 * em, y - 0.5 * em, x + 0.6 * em, y + 0.6 * em))
    if "body" in design.extra:
        _body_mark(canvas, plan, theme.accent)
    if design.focus != "none" and settings.focus_mm < plan.depth_mm:
        # On the side that has no ruler.
        row = plan.row(settings.focus_mm)
        side = -1.0 if design.ruler.right else 1.0
        edge = (x0 - 0.5 - 0.2 * em) if side < 0 else (x1 - 0.5 + 0.2 * em)
        tip, back = edge, edge + side * 0.55 * em
        if design.ruler.both:
            tip, back = edge - side * 0.6 * em, edge - side * 0.1 * em
        ink = theme.accent if design.focus == "triangle" else theme.dim
        if design.focus == "bars":
            canvas.bar(min(tip, back), row - 0.5 * em, min(tip, back) + 0.14 * em, row + 0.5 * em, ink)
        else:
            canvas.path([(tip, row), (back, row - 0.32 * em), (back, row + 0.32 * em)], ink, filled=True)
