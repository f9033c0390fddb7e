"""What the stream shows when it is not ultrasound: a menu, a screen saver, a home screen, 'no signal'."""

from __future__ import annotations

import math
import random

import numpy as np

from devices.cv import cv2
from mock_devices.contract import FrameState, Picture
from mock_devices.screens._canvas import Canvas, Colour
from mock_devices.screens._design import Design
from mock_devices.screens._furniture import mix
from mock_devices.screens._space import Space
from mock_devices.screens._words import BUTTONS, EXAMS, NO_SIGNAL


def draw_fault(design: Design, size: tuple[int, int], state: FrameState, seed: str) -> Picture:
    """The screen for a signal that is not ultrasound. ValueError when it is."""
    dice = random.Random(f"{seed}/{state.signal}")
    if state.signal == "no-signal":
        return _no_signal(design, size, state, dice)
    if state.signal == "screensaver":
        return _saver(design, size, state, dice)
    if state.signal == "menu":
        return (_home if design.phone or dice.random() < 0.4 else _menu)(design, size, dice)
    raise ValueError("This is a live picture: ask compose for it.")


def _em(design: Design, size: tuple[int, int]) -> float:
    return max(12.0, design.em * min(size[1] / 720, size[0] / 1000))


def _no_signal(design: Design, size: tuple[int, int], state: FrameState, dice: random.Random) -> Picture:
    """A plain colour or colour bars, and words that wander as some grabbers and monitors let them."""
    back: Colour = dice.choice([(0, 0, 0), (150, 20, 8), (28, 28, 28), (0, 0, 0), (90, 40, 20)])
    canvas = Canvas(size, back)
    width, height = size
    if dice.random() < 0.25:
        full = [(191, 191, 191), (0, 191, 191), (191, 191, 0), (0, 191, 0), (191, 0, 191), (0, 0, 191), (191, 0, 0)]
        for k, colour in enumerate(full):
            canvas.fill((k * width // 7, 0, (k + 1) * width // 7, height), colour)
    em = _em(design, size) * dice.uniform(1.2, 2.2)
    words = dice.choice(NO_SIGNAL[design.vocabulary.language])
    x, y = width / 2, height / 2
    if dice.random() < 0.5:
        x += 0.25 * width * math.sin(0.21 * state.time_s + dice.random() * 6)
        y += 0.3 * height * math.sin(0.17 * state.time_s + dice.random() * 6)
    wide = design.face.width_of(words, em)
    canvas.bar(x - wide / 2 - em, y - em, x + wide / 2 + em, y + em, mix(back, (60, 60, 60), 0.5))
    canvas.words(words, design.face, em, x, y, (235, 235, 235), "m")
    return canvas.pixels


def _saver(design: Design, size: tuple[int, int], state: FrameState, dice: random.Random) -> Picture:
    """Something that moves slowly over black: the maker's name, a clock, or waves of colour."""
    width, height = size
    canvas = Canvas(size, (0, 0, 0))
    em = _em(design, size) * 2.4
    t = state.time_s + dice.uniform(0, 200)
    kind = dice.randrange(3)
    if kind == 2:
        y, x = np.mgrid[0 : height // 8, 0 : width // 8].astype(np.float32)
        wave = np.sin(x / 31 + t) + np.sin(y / 23 - 0.7 * t) + np.sin((x + y) / 41 + 0.4 * t)
        shade = ((wave + 3) / 6 * 110).astype(np.uint8)
        tint = np.array(dice.choice([(1.0, 0.5, 0.2), (0.6, 0.8, 0.3), (0.9, 0.3, 0.8)]), np.float32)
        small = (shade[:, :, None] * tint).astype(np.uint8)
        canvas.pixels = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    words = design.maker or "SIM"
    if kind == 1:
        minutes = int(t // 60) % 60
        words = f"{dice.randint(7, 19)}:{minutes:02}"
    wide = design.face.width_of(words, em)
    free_x, free_y = max(1.0, width - wide - 2 * em), max(1.0, height - 3 * em)
    x = em + abs((t * 0.06 * width) % (2 * free_x) - free_x)
    y = 1.5 * em + abs((t * 0.045 * height) % (2 * free_y) - free_y)
    canvas.words(words, design.face, em, x, y, design.theme.accent)
    return canvas.pixels


def _menu(design: Design, size: tuple[int, int], dice: random.Random) -> Picture:
    """Lists and fields: an exam is chosen, or settings are set."""
    theme, em = design.theme, _em(design, size)
    canvas = Canvas(size, theme.glass if max(theme.glass) > 40 else (48, 42, 38))
    whole = Space(0, 0, *size)
    head = whole.top(3 * em)
    canvas.fill(head.box, theme.panel)
    canvas.words(design.maker or "SIM", design.face, 1.3 * em, head.x0 + em, (head.y0 + head.y1) / 2, theme.accent)
    side = whole.left(0.25 * whole.width)
    canvas.fill(side.box, mix(theme.panel, theme.button, 0.4))
    names = BUTTONS[design.vocabulary.language] + EXAMS[design.vocabulary.language]
    row = side.y0 + 1.6 * em
    chosen = dice.randrange(5)
    for k in range(int(side.height / (2.4 * em))):
        if k == chosen:
            canvas.fill((side.x0, round(row - 1.1 * em), side.x1, round(row + 1.1 * em)), theme.button)
        canvas.words(names[k % len(names)], design.face, em, side.x0 + em, row, theme.ink, within=side.box)
        row += 2.4 * em
    row = whole.y0 + 2 * em
    while row + 2 * em < whole.y1:
        word = dice.choice(names)
        canvas.words(word, design.face, em, whole.x0 + 1.5 * em, row, theme.ink, within=whole.box)
        left = whole.x0 + round(0.42 * whole.width)
        canvas.bar(left, row - 0.8 * em, left + 0.42 * whole.width, row + 0.8 * em, theme.button)
        if dice.random() < 0.5:
            canvas.words(dice.choice(names), design.face, 0.95 * em, left + 0.6 * em, row, theme.ink, within=whole.box)
        else:
            canvas.disc((left + 0.85 * em, row), 0.55 * em, theme.accent if dice.random() < 0.5 else theme.dim)
        row += 2.5 * em
    return canvas.pixels


def _home(design: Design, size: tuple[int, int], dice: random.Random) -> Picture:
    """A phone's or tablet's home screen: coloured squares in rows over a gradient."""
    width, height = size
    canvas = Canvas(size, (0, 0, 0))
    glass = Space(0, 0, width, height)
    if design.phone:
        free = max(0, width - round(height * design.phone))
        glass = Space(free // 2, 0, width - (free - free // 2), height)
    top = np.array([dice.randint(20, 200) for _ in range(3)], np.float64)
    end = np.array([dice.randint(10, 160) for _ in range(3)], np.float64)
    shade = np.linspace(top, end, glass.height).round().astype(np.uint8)
    canvas.pixels[glass.y0 : glass.y1, glass.x0 : glass.x1] = shade[:, None, :]
    em = max(11.0, glass.width / 34) if design.phone else _em(design, size)
    across = 4 if design.phone else 7
    pitch = glass.width / across
    side = min(0.52 * pitch, 4.5 * em)
    words = [*BUTTONS["en"], "Mail", "Camera", "Clock", "Maps", "Notes", "Music", "Files", "Photos"]
    dice.shuffle(words)
    y, k = glass.y0 + 0.12 * glass.height, 0
    while y + side + 2.5 * em < glass.y1:
        for column in range(across):
            x = glass.x0 + (column + 0.5) * pitch
            colour = (dice.randint(30, 255), dice.randint(30, 255), dice.randint(30, 255))
            canvas.bar(x - side / 2, y, x + side / 2, y + side, colour)
            canvas.disc((x, y + side / 2), side * dice.uniform(0.15, 0.35), (245, 245, 245))
            canvas.words(
                words[k % len(words)],
                design.label_face,
                0.8 * em,
                x,
                y + side + 0.9 * em,
                (240, 240, 240),
                "m",
                within=glass.box,
            )
            k += 1
        y += side + 2.8 * em
    return canvas.pixels
