"""The probe app's screen: what stands still (text, bars, ruler), and the picture in the middle of it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from mock_devices.anatomy import Anatomy, Vessel
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
_FELT: Final = 4.0  #: radii about an artery beyond which its pulse moves nothing by more than 0.001 mm


class Screen:
    """Renders frames of one site at one size and rate.

    What stands still is drawn once, and stays on the canvas. For each frame the resting tissue is pulled to where motion
    has it: drift and breathing are one affine map (cv2.warpAffine, a few milliseconds for a large screen), and only the
    surroundings of a pulsating vessel are mapped pixel by pixel. Then the vessels are coloured.
    """

    def __init__(self, anatomy: Anatomy, layout: Layout, fps: float) -> None:
        self.anatomy = anatomy
        self.layout = layout
        self.fps = fps
        self._tissue = paint(anatomy, layout)
        self._flow = FlowPainter(anatomy, layout)
        self._canvas = _background(layout, fps)
        x0, y0, x1, y1 = layout.box
        self._grey = np.empty((y1 - y0, x1 - x0), np.uint8)

    def render(self, frame_number: int) -> Picture:
        """The frame's picture: shape (height, width, 3), 8 bit, blue first; the caller's own."""
        return self.draw(frame_number).copy()

    def draw(self, frame_number: int) -> Picture:
        """As `render`, on the one canvas, which the next call draws over."""
        t_s = loop_time_s(frame_number, self.fps)
        motion = Motion.at(self.anatomy, t_s)
        x0, y0, x1, y1 = self.layout.box
        self._carry(motion)
        for vessel in self.anatomy.vessels:
            if vessel.pulse:
                self._swell(motion, vessel)
        self._canvas[y0:y1, x0:x1] = cv2.cvtColor(self._grey, cv2.COLOR_GRAY2BGR)
        self._flow.paint(self._canvas, motion, t_s)
        left, top, right, bottom = self.layout.colour_box
        cv2.rectangle(self._canvas, (left, top), (right - 1, bottom - 1), _CYAN, self.layout.line)
        return self._canvas

    def _carry(self, motion: Motion) -> None:
        """Drift and breathing over the whole box: x_rest = x - shift, z_rest = z / (1 + strain)."""
        height, width = self._grey.shape
        scale = 1.0 / (1.0 + motion.strain)
        aside = self._tissue.middle - (width - 1) / 2 - motion.shift_mm / self.layout.mm_per_pixel
        # Row r lies at z = (r + 0.5) mm_per_pixel, on the screen and in the resting tissue.
        map_to_rest = np.array([[1.0, 0.0, aside], [0.0, scale, 0.5 * scale - 0.5]])
        cv2.warpAffine(
            self._tissue.grey,
            map_to_rest,
            (width, height),
            dst=self._grey,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def _swell(self, motion: Motion, vessel: Vessel) -> None:
        """The surroundings of an artery once more, now with its pulse."""
        mm = self.layout.mm_per_pixel
        height, width = self._grey.shape
        reach = _FELT * vessel.radius_x_mm
        column = (vessel.x_mm + motion.shift_mm) / mm + (width - 1) / 2
        row = vessel.z_mm * (1.0 + motion.strain) / mm - 0.5
        c0, c1 = max(0, round(column - reach / mm)), min(width, round(column + reach / mm))
        r0, r1 = max(0, round(row - reach / mm)), min(height, round(row + reach / mm))
        x, z = np.meshgrid((np.arange(c0, c1) - (width - 1) / 2) * mm, (np.arange(r0, r1) + 0.5) * mm)
        x, z = motion.to_rest(self.anatomy, x, z)
        self._grey[r0:r1, c0:c1] = cv2.remap(
            self._tissue.grey,
            (x / mm + self._tissue.middle).astype(np.float32),
            (z / mm - 0.5).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )


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
