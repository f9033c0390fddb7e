"""One screen of one design and size: draws what stands still once for each setting, and per frame only what moves."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from devices.cv import cv2
from mock_devices.contract import (
    Areas,
    Box,
    ColourOverlay,
    Composed,
    FrameState,
    Gate,
    Picture,
    SceneImages,
    Settings,
    SpectrumTrace,
)
from mock_devices.screens._canvas import Canvas
from mock_devices.screens._design import Design
from mock_devices.screens._doppler_marks import draw_axes, draw_bar, draw_gate, draw_outline, kind_of
from mock_devices.screens._faults import draw_fault
from mock_devices.screens._flow_colours import power_colours, velocity_colours
from mock_devices.screens._furniture import paint_marks, paint_rooms
from mock_devices.screens._grey_map import grey_colours
from mock_devices.screens._plan import Extent, Plan, plan
from mock_devices.screens._ruler_marks import Drawn, draw_rulers
from mock_devices.screens._words import FROZEN
from mock_devices.screens._writing import Written, write_column, write_row

_KEPT = 8  #: settings whose ground is kept; a clip has few


@dataclass(slots=True)
class _Ground:
    """What stands still, and what must be laid over the live picture and the trace again."""

    plan: Plan
    pixels: Picture
    work: Picture
    written: Written
    overs: list[tuple[Box, Any]]
    bar_limits: tuple[float, float] | None
    ruler: Drawn | None
    below: Drawn | None
    words_taken: list[Box]


class Screen:
    """See `mock_devices.contract.ScreenStyle`. `extent` replaces the linear probe's rectangle (stills of other probes)."""

    def __init__(self, design: Design, seed: str, size: tuple[int, int], extent: Extent | None = None) -> None:
        width, height = size
        if not (320 <= width <= 4096 and 240 <= height <= 4096):
            raise ValueError(f"A screen of {width}x{height} pixels cannot be drawn; ask for 640x480 to 1920x1080.")
        self.design = design
        self.size = size
        self._seed = seed
        self._extent = extent
        self._grounds: dict[Any, _Ground] = {}
        self._overs: dict[Any, list[tuple[Box, Any]]] = {}

    # --- the contract -------------------------------------------------------------------------------------------

    def areas(self, settings: Settings) -> Areas:
        """Where the picture and the trace go."""
        made = self.plan(settings)
        return Areas(made.picture, made.mm_per_pixel, made.trace, self.design.mirrored)

    def compose(self, images: SceneImages, settings: Settings, state: FrameState) -> Composed:
        """The whole screen with this picture; `picture` is drawn over by the next call."""
        ground = self._ground(settings, images.spectrum)
        made, work = ground.plan, ground.work
        np.copyto(work, ground.pixels)
        self._live(work, made.picture, images.grey, inverse=False)
        if images.colour is not None:
            self._colour(work, settings, images.colour)
        if images.spectrum is not None and made.trace is not None:
            self._live(work, made.trace, images.spectrum.grey, inverse=self.design.spectral.inverse, spectral=True)
            self._sweep(work, made.trace, images.spectrum)
        for box, (at, keep, ink) in (*ground.overs, *self._moving(ground, images.colour, images.gate)):
            x0, y0, x1, y1 = box
            part = work[y0:y1, x0:x1]
            rows, columns = np.divmod(at, x1 - x0)
            part[rows, columns] = part[rows, columns] * keep + ink + 0.5
        self._state(work, ground, state)
        return Composed(
            picture=work,
            readouts=dict(ground.written.readouts),
            bar=made.bar if settings.colour is not None else None,
            bar_limits_cm_s=ground.bar_limits,
            ruler=() if ground.ruler is None else ground.ruler.points,
            ruler_mm_per_tick=None if ground.ruler is None else ground.ruler.step_mm,
        )

    def without_picture(self, settings: Settings, state: FrameState) -> Composed:  # noqa: ARG002 - the contract's
        """A menu, 'no signal' or a screen saver."""
        return Composed(picture=draw_fault(self.design, self.size, state, f"{self._seed}/fault"))

    # --- for stills and tests -----------------------------------------------------------------------------------

    def plan(self, settings: Settings) -> Plan:
        """The cutting of the screen."""
        extent = self._extent or Extent(settings.face_mm, settings.depth_mm)
        return plan(self.design, self.size, settings, extent)

    def words(self, settings: Settings) -> list[tuple[str, Box]]:
        """Every word in a room or at the picture's corners, read-outs and clutter, with its box."""
        written = self._ground(settings, None).written
        return [(r.text, r.box) for r in written.readouts.values()] + written.clutter

    def below(self, settings: Settings) -> Drawn | None:
        """The ruler of width."""
        return self._ground(settings, None).below

    # --- what stands still --------------------------------------------------------------------------------------

    def _ground(self, settings: Settings, spectrum: SpectrumTrace | None) -> _Ground:
        axes = None if spectrum is None else (spectrum.baseline_row, spectrum.cm_s_per_pixel, spectrum.s_per_pixel)
        key = (settings, axes)
        if key not in self._grounds:
            if len(self._grounds) >= _KEPT:
                self._grounds.pop(next(iter(self._grounds)))
            self._grounds[key] = self._draw(settings, axes)
        return self._grounds[key]

    def _draw(self, settings: Settings, axes: tuple[float, float, float] | None) -> _Ground:
        design, made = self.design, self.plan(settings)
        dice = random.Random(f"{self._seed}/ground")
        live = [made.picture] + ([made.trace] if made.trace else [])
        canvas = Canvas(self.size, design.theme.outside, live)
        canvas.fill(made.glass, design.theme.glass)
        paint_rooms(canvas, design, made, random.Random(f"{self._seed}/rooms"))
        for box in live:
            canvas.fill(box, (0, 0, 0))
        ruler, below = draw_rulers(canvas, design, made)
        paint_marks(canvas, design, made, settings)
        bar_limits = draw_bar(canvas, design, made, settings)
        if settings.spectral is not None and axes is not None:
            draw_axes(canvas, design, made, settings.spectral, *axes)
        written = Written()
        self._write(canvas, made, settings, written, dice)
        canvas.soften(design.soft)
        return _Ground(
            made, canvas.pixels, np.empty_like(canvas.pixels), written, [(box, canvas.over(box)) for box in live],
            bar_limits, ruler, below, canvas.taken,
        )  # fmt: skip

    def _write(self, canvas: Canvas, made: Plan, settings: Settings, written: Written, dice: random.Random) -> None:
        design = self.design
        over = replace(design, theme=replace(design.theme, ink=design.theme.over, dim=design.theme.over))
        for room, places in design.places.items():
            kind = room.split("-")[0]
            if kind == "over":
                write_column(canvas, over, made, _corner(made, room), places, settings, written, dice, 0.8)
            elif room in made.rooms:
                write = write_row if kind in ("head", "foot", "values") else write_column
                write(canvas, design, made, made.rooms[room], places, settings, written, dice)

    # --- what moves ---------------------------------------------------------------------------------------------

    def _live(self, work: Picture, box: Box, grey: Picture, *, inverse: bool, spectral: bool = False) -> None:
        x0, y0, x1, y1 = box
        if grey.shape != (y1 - y0, x1 - x0):
            raise ValueError(
                f"The picture is {grey.shape[1]}x{grey.shape[0]}, its place {x1 - x0}x{y1 - y0}: render what `areas` says."
            )
        look = self.design.grey
        tint = self.design.spectral.tint if spectral else look.tint
        gamma = 1.0 if spectral else look.gamma
        part = work[y0:y1, x0:x1]
        if tint == (255, 255, 255) and not inverse and gamma == 1.0:
            cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR, dst=part)
        else:
            cv2.applyColorMap(grey, grey_colours(tint, gamma, inverse), dst=part)

    def _colour(self, work: Picture, settings: Settings, overlay: ColourOverlay) -> None:
        flow = self.design.flow
        x0, y0, x1, y1 = overlay.box
        if kind_of(settings) == "power" or overlay.kind == "power" or settings.colour is None:
            colours = power_colours(flow.power_map)
        else:
            colours = velocity_colours(flow.velocity_map, settings.colour.limits_cm_s, flow.warm_towards)
        part = work[y0:y1, x0:x1]
        painted = cv2.applyColorMap(overlay.level, colours)
        if flow.opacity < 1.0:
            painted = cv2.addWeighted(painted, flow.opacity, part, 1.0 - flow.opacity, 0)
        cv2.copyTo(painted, overlay.level, part)

    def _sweep(self, work: Picture, trace: Box, spectrum: SpectrumTrace) -> None:
        if spectrum.cursor_column is not None and trace[0] <= spectrum.cursor_column < trace[2]:
            work[trace[1] : trace[3], spectrum.cursor_column] = self.design.spectral.baseline_ink

    def _moving(self, ground: _Ground, overlay: ColourOverlay | None, gate: Gate | None) -> list[tuple[Box, Any]]:
        """The outline and the gate, drawn once for each place they come to."""
        if overlay is None and gate is None:
            return []
        key = (id(ground), overlay and (overlay.box, overlay.polygon), gate)
        if key not in self._overs:
            if len(self._overs) > 64:
                self._overs.clear()
            made = ground.plan
            canvas = Canvas(self.size, (0, 0, 0), [made.picture])
            if overlay is not None:
                draw_outline(canvas, self.design, made, overlay)
            if gate is not None:
                draw_gate(canvas, self.design, made, gate)
            canvas.soften(self.design.soft)
            self._overs[key] = [(made.picture, canvas.over(made.picture))]
        return self._overs[key]

    def _state(self, work: Picture, ground: _Ground, state: FrameState) -> None:
        """What shows that the picture stands still, and a running clock."""
        design, made = self.design, ground.plan
        canvas = Canvas.on(work, ground.words_taken)
        x0, _, x1, y1 = made.picture
        if state.frozen and design.frozen == "word":
            canvas.words(
                FROZEN[design.vocabulary.language],
                design.face,
                1.1 * made.em,
                (x0 + x1) / 2,
                y1 - 1.6 * made.em,
                design.theme.accent,
                "m",
            )
        elif state.frozen and design.frozen == "flake":
            for k in range(3):
                c, s = np.cos(k * np.pi / 3) * 0.8 * made.em, np.sin(k * np.pi / 3) * 0.8 * made.em
                x, y = x0 + 2.2 * made.em, y1 - 1.8 * made.em
                canvas.path([(x - c, y - s), (x + c, y + s)], design.theme.accent, max(1, round(made.em / 10)))
        if design.clock == "none" or "clock" not in made.rooms:
            return
        box = made.rooms["clock"]
        seconds = int(state.time_s)
        words = f"{seconds // 60:02}:{seconds % 60:02}" if design.clock == "run" else f"{state.frame}"
        canvas.words(
            words,
            design.label_face,
            0.85 * made.em,
            box[2] - 0.4 * made.em,
            (box[1] + box[3]) / 2,
            design.theme.dim,
            "r",
            within=box,
        )


def _corner(made: Plan, room: str) -> Box:
    """A part of the picture for words laid over it: over-top, over-bottom (left side), over-right."""
    x0, y0, x1, y1 = made.picture
    em, third = made.em, (x1 - x0) // 3
    if room == "over-bottom":
        return (x0 + round(0.3 * em), y1 - round(5.5 * em), x0 + max(third, round(9 * em)), y1 - round(0.3 * em))
    if room == "over-right":
        return (x1 - max(third, round(9 * em)), y0 + round(0.3 * em), x1 - round(2.5 * em), y1)
    return (x0 + round(1.6 * em), y0 + round(0.3 * em), x0 + max(third, round(11 * em)), y0 + (y1 - y0) // 2)
