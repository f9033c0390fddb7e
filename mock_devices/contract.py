"""What the physics hands to a screen and what the screen tells back: the seam between simulated body and simulated probe.

The physics (`mock_devices.simulation`) knows tissue in millimetres; a screen (`mock_devices.screens`, and the plain style 0)
knows where things stand on the glass. A screen first says where the picture goes and how large a pixel is (`Areas`); the
physics then renders exactly that many pixels (`SceneImages`); the screen composes them into the picture of the whole screen
and says what it printed where (`Composed`). Boxes are (x0, y0, x1, y1), ends not included; points are (column, row), whole
numbers are the middles of pixels.

Where tissue lies in the picture's box: row r shows depth z_mm = (r - y0 + 0.5) * mm_per_pixel[1] below the probe's face,
column c shows x_mm = (c - x0 + 0.5) * mm_per_pixel[0] - half the width shown, to the right; mirrored turns x round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]
Point = tuple[float, float]
Picture = NDArray[np.uint8]
Mode = Literal["b", "colour", "power", "spectral"]
Signal = Literal["ultrasound", "menu", "no-signal", "screensaver"]


@dataclass(frozen=True, slots=True)
class ColourSettings:
    """Colour or power Doppler. The limits are those of the bar, along the beam, towards the probe positive."""

    frequency_mhz: float
    prf_hz: int
    wall_filter_hz: int
    gain: int
    limits_cm_s: tuple[float, float]  #: (lowest, highest); the baseline may be shifted, so they need not be symmetrical


@dataclass(frozen=True, slots=True)
class SpectralSettings:
    """Spectral Doppler. The limits are those of the trace's velocity axis, corrected for the angle, up is positive.

    `inverted` means that flow away from the probe is drawn upwards.
    """

    frequency_mhz: float
    prf_hz: int
    wall_filter_hz: int
    gain: int
    angle_deg: int
    gate_mm: float  #: length of the sample volume
    gate_depth_mm: float
    limits_cm_s: tuple[float, float]
    sweep_s: float  #: seconds shown from the left to the right side of the trace
    scrolling: bool  #: the newest column is the rightmost; else a gap sweeps from left to right
    inverted: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """What the probe is set to; each number is at a step that a screen can print in full.

    `frame_rate_hz` is the probe's own; `gain` runs from 0 to 100; the preset and the probe are names without a maker.
    """

    mode: Mode
    probe: str
    preset: str
    face_mm: float  #: width of the linear probe's face
    frequency_mhz: float
    depth_mm: float
    focus_mm: float
    gain: int
    dynamic_range_db: int
    frame_rate_hz: float
    mechanical_index: float
    thermal_index_soft_tissue: float
    thermal_index_bone: float
    colour: ColourSettings | None = None
    spectral: SpectralSettings | None = None


@dataclass(frozen=True, slots=True)
class Areas:
    """Where a screen puts the picture (and the trace, in mode "spectral") for given settings.

    The picture's height times mm_per_pixel[1] is the depth (to half a pixel), its width times mm_per_pixel[0] at most the
    probe's face. Both scales are usually the same.
    """

    picture: Box
    mm_per_pixel: tuple[float, float]
    trace: Box | None = None
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class ColourOverlay:
    """Doppler over a part of the picture.

    `level` is uint8 (rows, columns) for `box` (on the screen): 0 where nothing is shown; in kind "colour" 1 to 255 runs
    evenly from the lower to the upper limit of the bar; in kind "power" from the weakest to the strongest signal.
    `polygon` is the outline on the screen (a parallelogram when the beam is steered), within `box`.
    """

    kind: Literal["colour", "power"]
    box: Box
    level: Picture
    polygon: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """The sample volume on the B-mode picture: all on the screen, in pixels."""

    beam: tuple[Point, Point]  #: the Doppler line from the top to the bottom of the picture
    centre: Point
    length: float  #: of the gate along the beam, in pixels
    flow: tuple[float, float]  #: unit vector along the vessel, for the angle cursor


@dataclass(frozen=True, slots=True)
class SpectrumTrace:
    """The trace: uint8 (rows, columns) grey, exactly as large as `Areas.trace`, without axes.

    velocity = (baseline_row - row) * cm_s_per_pixel with `baseline_row` counted on the screen; `cursor_column` is where the
    sweep writes now (on the screen), None when it scrolls.
    """

    grey: Picture
    baseline_row: float
    cm_s_per_pixel: float
    s_per_pixel: float
    cursor_column: int | None


@dataclass(frozen=True, slots=True)
class SceneImages:
    """One frame of the body: `grey` is uint8 (rows, columns), exactly as large as `Areas.picture`. Not to be written to."""

    grey: Picture
    colour: ColourOverlay | None = None
    spectrum: SpectrumTrace | None = None
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class FrameState:
    """What else a screen may show: the frame's number and time, whether the operator froze the picture, and what comes."""

    frame: int
    time_s: float
    frozen: bool = False
    signal: Signal = "ultrasound"


@dataclass(frozen=True, slots=True)
class Readout:
    """One value printed on the screen.

    `value` is what the print says, in the unit of the key it stands under; `text` is the print itself, with its label and
    unit; `box` holds the text's ink.
    """

    value: float | str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Composed:
    """The whole screen: `picture` uint8 (height, width, 3), blue first, valid until the next call; and what stands where."""

    picture: Picture
    readouts: Mapping[str, Readout] = field(default_factory=dict)
    bar: Box | None = None  #: the colour bar (ink of its colours alone)
    bar_limits_cm_s: tuple[float, float] | None = None  #: as printed at the bar; None where none is printed
    ruler: tuple[Point, ...] = ()  #: the depth ruler's ticks, from 0 mm down
    ruler_mm_per_tick: float | None = None


class ScreenStyle(Protocol):
    """One style of screen for one seed and one size. Pure: the same arguments give the same bytes."""

    def areas(self, settings: Settings) -> Areas:
        """Where the picture and the trace go. Cheap; called whenever the settings change."""
        ...

    def compose(self, images: SceneImages, settings: Settings, state: FrameState) -> Composed:
        """The screen with a picture. What stands still is drawn once for each `settings` and kept."""
        ...

    def without_picture(self, settings: Settings, state: FrameState) -> Composed:
        """The screen for `state.signal` "menu", "no-signal" or "screensaver": no ultrasound, no read-outs needed."""
        ...
