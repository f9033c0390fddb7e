"""What may differ between two makers' screens, as data: the styles throw these, the painters obey them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mock_devices.screens._canvas import Colour
from mock_devices.screens._typeface import Typeface
from mock_devices.screens._words import Vocabulary


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours, blue first. `glass` lies round the live picture, `panel` under words, `outside` beside a mirrored phone."""

    glass: Colour
    panel: Colour
    ink: Colour
    dim: Colour
    accent: Colour
    button: Colour
    outside: Colour = (0, 0, 0)
    over: Colour = (225, 225, 225)  #: words over the picture

    @property
    def is_light(self) -> bool:
        """Whether what is written on the glass must be dark."""
        return max(self.glass) > 128


@dataclass(frozen=True, slots=True)
class Ruler:
    """The depth ruler, and the one below. Sizes in parts of the em. `phase`: how a tick's true row becomes a drawn one."""

    kind: Literal["ticks", "dots", "scale-bar", "none"] = "ticks"
    right: bool = True
    where: Literal["outside", "edge", "inside"] = "outside"  #: "edge": its spine on the picture's last column
    apart: bool = False  #: at the side of the free room, not beside the picture
    both: bool = False
    below: bool = False
    spine: bool = False
    inward: bool = False
    step: int = 0  #: 0 takes the finest ticks that are wide enough apart, 1 the next, ...
    labels: Literal["major", "all", "ends", "last", "none"] = "major"
    unit: Literal["cm", "mm"] = "cm"
    unit_shown: Literal["no", "last", "each"] = "no"
    label_under: bool = False
    zero_label: bool = True
    phase: Literal["true", "whole"] = "whole"
    line: float = 0.07
    lengths: tuple[float, float, float] = (0.35, 0.55, 0.85)  #: minor, middle, major
    ink: Colour = (210, 210, 210)
    label_ink: Colour = (210, 210, 210)
    halo: float = 0.0  #: how dark it is round marks and numbers over tissue


@dataclass(frozen=True, slots=True)
class Grey:
    """The live picture's tint, and the bar of greys."""

    tint: Colour = (255, 255, 255)
    gamma: float = 1.0
    bar: bool = False
    bar_right: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Colour and power Doppler."""

    velocity_map: str = "fire"
    power_map: str = "ember"
    warm_towards: bool = True
    bar_right: bool = True
    bar_length: float = 0.35  #: part of the picture's height
    black: float = 0.0
    bar_frame: bool = False
    limits: Literal["beside", "ends", "top", "none"] = "ends"
    unit: Literal["cm/s", "m/s", "none"] = "cm/s"
    unit_at: Literal["end", "each"] = "end"
    plus: bool = True
    decimals: int = 1
    outline: Literal["solid", "dashed", "none"] = "solid"
    outline_ink: Colour = (200, 200, 60)
    opacity: float = 1.0
    grey_beside: bool = False
    variance: bool = False  #: the bar turns green to the right, as if turbulence were mapped


@dataclass(frozen=True, slots=True)
class Spectral:
    """The trace of spectral Doppler: where it stands and what is written round it."""

    beside: bool = False
    share: float = 0.38  #: of the room's height (or width)
    axis_right: bool = True
    unit: Literal["cm/s", "m/s", "none"] = "cm/s"
    tint: Colour = (255, 255, 255)
    inverse: bool = False  #: dark on light
    grid: bool = False
    baseline_ink: Colour = (180, 180, 60)
    ink: Colour = (200, 200, 200)
    time_ticks: bool = True
    time_labels: bool = False
    gate_ink: Colour = (60, 200, 240)


@dataclass(frozen=True, slots=True)
class Cut:
    """A room cut from a side of what is left: `part` of that side's length, and at least `ems` letters."""

    room: str
    side: Literal["left", "right", "top", "bottom"]
    part: float
    ems: float = 0.0


@dataclass(frozen=True, slots=True)
class Design:
    """One screen, but for its size and its settings.

    `places` says what is written in each room: a read-out's key, `=words` for clutter, `#words` for a heading. `column`
    is how a room of lines looks: one string a line, a table of two columns, or label over number.
    """

    name: str
    theme: Theme
    vocabulary: Vocabulary
    face: Typeface
    label_face: Typeface
    em: float  #: size of letters on a screen 720 pixels high
    cuts: tuple[Cut, ...]
    places: Mapping[str, tuple[str, ...]]
    ruler: Ruler
    grey: Grey
    flow: Flow
    spectral: Spectral
    column: Literal["lines", "table", "stack"] = "lines"
    phone: float = 0.0  #: width over height of a mirrored phone's glass, 0 for none
    mirrored: bool = False
    aspect: float = 1.0  #: mm per pixel across over mm per pixel down
    crop: float = 0.75  #: the picture shows at least this part of the probe's face
    fill: float = 1.0  #: part of the room's height that the picture takes
    soft: float = 0.0  #: blur of what stands still, in pixels
    mark: str = "dot"
    focus: str = "none"
    frozen: str = "word"
    clock: str = "none"
    maker: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
