"""Style 0: a black screen with the picture in the middle, a plain ruler and nothing written on it. For trying the physics."""

from __future__ import annotations

import numpy as np

from devices.cv import cv2
from mock_devices.contract import Areas, Composed, FrameState, Picture, Point, SceneImages, Settings


class PlainScreen:
    """The plain stand-in for a style of screen."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._lut = _colours()

    def areas(self, settings: Settings) -> Areas:
        """The picture as large as fits; below it the trace in mode "spectral"."""
        width, height = self._size
        room_x, room_y = 0.84 * width, 0.90 * height * (0.55 if settings.mode == "spectral" else 1.0)
        mm = max(settings.depth_mm / room_y, min(settings.face_mm, 38.0) / room_x)
        columns, rows = round(min(settings.face_mm, room_x * mm) / mm), round(settings.depth_mm / mm)
        x0, y0 = round((width - columns) / 2), round(0.04 * height)
        trace = None
        if settings.mode == "spectral":
            top = y0 + rows + round(0.03 * height)
            trace = (round(0.08 * width), top, round(0.92 * width), round(0.97 * height))
        return Areas((x0, y0, x0 + columns, y0 + rows), (mm, mm), trace)

    def compose(self, images: SceneImages, settings: Settings, state: FrameState) -> Composed:
        """The picture on black."""
        del state
        areas = self.areas(settings)
        screen = self._empty()
        x0, y0, x1, y1 = areas.picture
        screen[y0:y1, x0:x1] = cv2.cvtColor(images.grey, cv2.COLOR_GRAY2BGR)
        bar = None
        if images.colour is not None:
            c0, r0, c1, r1 = images.colour.box
            patch = screen[r0:r1, c0:c1]
            level = images.colour.level if images.colour.kind == "colour" else images.colour.level // 2 + 128
            np.copyto(patch, self._lut[level], where=(images.colour.level > 0)[:, :, None])
            corners = np.round(np.array(images.colour.polygon)).astype(np.int32)
            cv2.polylines(screen, [corners], True, (0, 200, 200), 1)
            bar = (self._size[0] - 24, y0 + 20, self._size[0] - 12, y0 + 160)
            rows = np.linspace(255, 1, bar[3] - bar[1]).round().astype(np.uint8)
            screen[bar[1] : bar[3], bar[0] : bar[2]] = self._lut[rows][:, None, :]
        if images.spectrum is not None and areas.trace is not None:
            c0, r0, c1, r1 = areas.trace
            screen[r0:r1, c0:c1] = images.spectrum.grey[:, :, None]
            line = round(images.spectrum.baseline_row)
            if r0 <= line < r1:
                screen[line, c0:c1] = (120, 120, 120)
        ruler = self._ruler(screen, areas, settings)
        limits = settings.colour.limits_cm_s if settings.colour is not None and bar is not None else None
        return Composed(screen, bar=bar, bar_limits_cm_s=limits, ruler=ruler, ruler_mm_per_tick=1.0)

    def without_picture(self, settings: Settings, state: FrameState) -> Composed:
        """Black."""
        del settings, state
        return Composed(self._empty())

    def _empty(self) -> Picture:
        return np.zeros((self._size[1], self._size[0], 3), np.uint8)

    def _ruler(self, screen: Picture, areas: Areas, settings: Settings) -> tuple[Point, ...]:
        x0, y0, _, _ = areas.picture
        ticks = []
        for mm in range(int(settings.depth_mm) + 1):
            row = y0 - 0.5 + mm / areas.mm_per_pixel[1]
            long = 12 if mm % 10 == 0 else 8 if mm % 5 == 0 else 5
            screen[min(round(row), screen.shape[0] - 1), x0 - 4 - long : x0 - 4] = 200
            ticks.append((float(x0 - 5), row))
        return tuple(ticks)


def _colours() -> Picture:
    at = np.linspace(-1, 1, 256)
    size = np.abs(at)
    table = np.zeros((256, 3))
    table[:, 2] = np.where(at >= 0, 90 + 165 * size, 20 * size)
    table[:, 1] = 190 * np.clip(size - 0.35, 0, 1)
    table[:, 0] = np.where(at < 0, 90 + 165 * size, 20 * size)
    return np.clip(table, 0, 255).astype(np.uint8)
