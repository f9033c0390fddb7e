"""The probe app's screen: what stands still (text, bars, ruler), and the picture in the middle of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.anatomy import Anatomy
from mock_devices.flow import COLOURS, FlowPainter
from mock_devices.layout import Layout
from mock_devices.motion import Motion
from mock_devices.texture import paint
from mock_devices.truth import loop_time_s, screen_text

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

_BACK: Final = (26, 21, 18)
_BAR: Final = (42, 35, 30)
_WHITE: Final = (236, 236, 236)
_DIM: Final = (170, 160, 150)
_CYAN: Final = (214, 190, 96)
_AMBER: Final = (60, 180, 250)
_OVER: Final = 3  #: how many times larger letters are drawn than they are shown
_LATTICE: Final = 8  #: pixels between the places at which motion is computed; between them it is interpolated


class Screen:
    """Renders frames of one site at one size and rate.

    What stands still is drawn once. For each frame the resting tissue is pulled to where motion has it (one cv2.remap
    over a field computed on a coarse lattice: motion is smooth) and the vessels are coloured.
    """

    def __init__(self, anatomy: Anatomy, layout: Layout, fps: float) -> None:
        self.anatomy = anatomy
        self.layout = layout
        self.fps = fps
        self._tissue = paint(anatomy, layout)
        self._flow = FlowPainter(anatomy, layout)
        self._background = _background(layout, fps)
        x0, y0, x1, y1 = layout.box
        mm = layout.mm_per_pixel
        self._size = (x1 - x0, y1 - y0)
        columns = (np.arange(-(-(x1 - x0) // _LATTICE)) + 0.5) * _LATTICE - 0.5
        rows = (np.arange(-(-(y1 - y0) // _LATTICE)) + 0.5) * _LATTICE - 0.5
        self._lattice_x, self._lattice_z = np.meshgrid((columns - (x1 - x0 - 1) / 2) * mm, (rows + 0.5) * mm)
        offset = self._tissue.middle - (x1 - x0 - 1) / 2
        self._column, self._row = np.meshgrid(
            (np.arange(x1 - x0) + offset).astype(np.float32), np.arange(y1 - y0).astype(np.float32)
        )

    def render(self, frame_number: int) -> Picture:
        """The frame's picture: shape (height, width, 3), 8 bit, blue first."""
        t_s = loop_time_s(frame_number, self.fps)
        motion = Motion.at(self.anatomy, t_s)
        screen = self._background.copy()
        x0, y0, x1, y1 = self.layout.box
        screen[y0:y1, x0:x1] = cv2.cvtColor(self._moved(motion), cv2.COLOR_GRAY2BGR)
        self._flow.paint(screen, motion, t_s)
        left, top, right, bottom = self.layout.colour_box
        cv2.rectangle(screen, (left, top), (right - 1, bottom - 1), _CYAN, self.layout.line)
        return screen

    def _moved(self, motion: Motion) -> Picture:
        mm = self.layout.mm_per_pixel
        x, z = motion.to_rest(self.anatomy, self._lattice_x, self._lattice_z)
        # cv2.resize works on whole lattice cells; the last one may reach over the edge and is cut off.
        rows, columns = x.shape
        full = (columns * _LATTICE, rows * _LATTICE)
        width, height = self._size
        dx = cv2.resize(((x - self._lattice_x) / mm).astype(np.float32), full, interpolation=cv2.INTER_LINEAR)
        dz = cv2.resize(((z - self._lattice_z) / mm).astype(np.float32), full, interpolation=cv2.INTER_LINEAR)
        moved: Picture = cv2.remap(
            self._tissue.grey,
            cv2.add(self._column, dx[:height, :width]),
            cv2.add(self._row, dz[:height, :width]),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return moved


def _background(layout: Layout, fps: float) -> Picture:
    width, height = layout.width, layout.height
    x0, y0, x1, y1 = layout.box
    screen = np.full((height, width, 3), _BACK, np.uint8)
    screen[: round(0.062 * height)] = _BAR
    screen[round(0.938 * height) :] = _BAR
    screen[y0:y1, x0:x1] = 0
    text = screen_text(fps)
    _words(screen, layout, text)
    _ruler(screen, layout)
    _bars(screen, layout, text)
    return screen


def _words(screen: Picture, layout: Layout, text: dict[str, str]) -> None:
    top, bottom = 0.042, 0.978
    _write(screen, layout, text["maker"], 0.012, top, _CYAN, 1.15)
    _write(screen, layout, text["preset"], 0.125, top, _WHITE)
    _write(screen, layout, text["probe"], 0.235, top, _DIM)
    _write(screen, layout, text["mark"], 0.445, top, _AMBER, 1.25)
    _write(screen, layout, text["mi"], 0.70, top, _WHITE)
    _write(screen, layout, text["tis"], 0.775, top, _WHITE)
    column = [
        ("B", _CYAN),
        (text["frequency"], _WHITE),
        (text["gain"], _WHITE),
        (text["depth"], _WHITE),
        (text["dynamic_range"], _WHITE),
        (text["frame_rate"], _WHITE),
        ("", _WHITE),
        ("C", _CYAN),
        (text["colour_frequency"], _WHITE),
        (text["colour_gain"], _WHITE),
        (text["prf"], _WHITE),
        (text["wall_filter"], _WHITE),
    ]
    for line, (words, colour) in enumerate(column):
        _write(screen, layout, words, 0.010, 0.125 + 0.042 * line, colour, 0.92)
    _write(screen, layout, text["notice"], 0.012, bottom, _DIM, 0.86)
    for at, mode in zip((0.66, 0.71, 0.76, 0.81), ("B", "C", "PW", "M"), strict=True):
        _write(screen, layout, mode, at, bottom, _CYAN if mode == "C" else _DIM, 1.1)
    y = round(0.99 * layout.height)
    cv2.line(screen, (round(0.706 * layout.width), y), (round(0.728 * layout.width), y), _CYAN, 2 * layout.line)
    # The mark of the probe's leading side, above the left corner of the picture.
    x0, y0, _, _ = layout.box
    cv2.circle(screen, (x0 - round(0.010 * layout.width), y0 + 3), round(0.008 * layout.height), _CYAN, -1, cv2.LINE_AA)


def _ruler(screen: Picture, layout: Layout) -> None:
    """Ticks to the right of the picture: short each millimetre, longer at five, longest with its number at ten."""
    column = layout.ruler_column
    unit = max(2, round(0.0035 * layout.width))
    for mm, row in enumerate(layout.ruler_rows):
        length = 4 * unit if mm % 10 == 0 else 3 * unit if mm % 5 == 0 else unit + unit // 2
        cv2.line(screen, (column, row), (column + length, row), _WHITE if mm % 5 == 0 else _DIM, 1)
        if mm % 10 == 0:
            at = (column + 5 * unit) / layout.width
            _write(screen, layout, str(mm // 10), at, (row + 0.009 * layout.height) / layout.height, _WHITE, 0.9)


def _bars(screen: Picture, layout: Layout, text: dict[str, str]) -> None:
    x0, y0, x1, y1 = layout.grey_bar
    screen[y0:y1, x0:x1] = np.linspace(240, 0, y1 - y0).astype(np.uint8)[:, None, None]
    x0, y0, x1, y1 = layout.colour_bar
    rows = np.linspace(255, 0, y1 - y0).round().astype(np.uint8)
    screen[y0:y1, x0:x1] = COLOURS[rows][:, None, :]
    cv2.rectangle(screen, (x0, y0), (x1 - 1, y1 - 1), _DIM, 1)
    _write(screen, layout, text["colour_upper"], x0 / layout.width - 0.003, y0 / layout.height - 0.010, _WHITE)
    _write(screen, layout, text["colour_lower"], x0 / layout.width - 0.003, y1 / layout.height + 0.030, _WHITE)
    _write(screen, layout, text["colour_unit"], x0 / layout.width - 0.008, y1 / layout.height + 0.064, _DIM, 0.9)


def _write(screen: Picture, layout: Layout, words: str, x: float, y: float, colour: Colour, size: float = 1.0) -> None:
    """Words with their base line at (x, y), fractions of the screen."""
    if not words:
        return
    # Drawn three times as large and averaged down: small letters keep their spacing.
    scale = _OVER * size * 0.52 * min(layout.height / 720, layout.width / 1180)
    thick = max(1, round(0.65 * _OVER * layout.height / 720))
    (wide, high), below = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    columns, rows = -(-wide // _OVER) + 4, -(-(high + below) // _OVER) + 6
    base = -(-high // _OVER) + 2
    large = np.zeros((rows * _OVER, columns * _OVER), np.uint8)
    cv2.putText(large, words, (0, base * _OVER), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
    ink = cv2.resize(large, (columns, rows), interpolation=cv2.INTER_AREA)[:, :, None] / 255.0
    left, top = round(x * layout.width), round(y * layout.height) - base
    place = screen[max(top, 0) : top + rows, left : left + columns]
    ink = ink[max(-top, 0) :][: place.shape[0], : place.shape[1]]
    place[:] = (place * (1 - ink) + np.array(colour) * ink).round().astype(np.uint8)
