"""What happens in a clip: tracks of values over its length, the operator's needle, deposits and faults.

Tracks run from 0 (the clip's beginning) to 1 (its end), so that a scenario is whole at any length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from mock_devices.contract import Signal

Track = tuple[tuple[float, float], ...]
STILL: Final[Track] = ((0.0, 0.0),)


def constant(value: float) -> Track:
    """A track that does not change."""
    return ((0.0, value),)


def value_at(track: Track, part: float) -> float:
    """The track's value: smooth steps between its points, held before the first and after the last."""
    before = track[0]
    if part <= before[0]:
        return before[1]
    for point in track[1:]:
        if part < point[0]:
            s = (part - before[0]) / (point[0] - before[0])
            return before[1] + (point[1] - before[1]) * s * s * (3 - 2 * s)
        before = point
    return before[1]


@dataclass(frozen=True, slots=True)
class NeedlePlan:
    """An instrument on its way: places in mm below the face. `out_of_plane` hides a part of it: 0 none, 1 all."""

    kind: Literal["needle", "cannula"]
    gauge: int
    entry_mm: tuple[float, float]
    target_mm: tuple[float, float]
    advance: Track  #: 0 at the entry, 1 at the target
    present: Track  #: above 0.5 it is in the tissue
    out_of_plane: Track


@dataclass(frozen=True, slots=True)
class BolusPlan:
    """A deposit that grows: an ellipse at rest."""

    material: Literal["ha", "caha"]
    x_mm: float
    z_mm: float
    radius_x_mm: float
    radius_z_mm: float
    volume: Track  #: 0 to 1


@dataclass(frozen=True, slots=True)
class Script:
    """A clip's events. Hand and breathing have their own small motion besides."""

    pressure: Track = ((0.0, 0.08),)
    shift_mm: Track = STILL  #: the hand's sweep
    elevation_mm: Track = STILL
    tilt: float = 0.0  #: how far the probe leans (dz/dx) at the far end of its out-of-plane way
    hand: float = 1.0  #: how unsteady the hand is; 1 is usual, 0 a stand
    flow: dict[str, Track] = field(default_factory=dict)  #: vessel id -> part of its usual velocity
    gel_in_lumen: dict[str, Track] = field(
        default_factory=dict
    )  #: vessel id -> how much of the lumen is filler, 0 to 1
    needle: NeedlePlan | None = None
    boluses: tuple[BolusPlan, ...] = ()
    contact_loss: Track = STILL  #: part of the face's width without contact
    contact_side: Literal["left", "right"] = "left"
    jerks: Track = STILL  #: velocity of the tissue along the beam beside its usual motion, cm/s
    freeze_at: float | None = None
    signals: tuple[tuple[float, Signal], ...] = ()  #: (from this part on, what comes); ultrasound before the first
    settings_at: tuple[tuple[float, int], ...] = ((0.0, 0),)  #: (from this part on, which of the scenario's settings)

    def signal(self, part: float) -> Signal:
        """What comes at this part of the clip."""
        now: Signal = "ultrasound"
        for begin, signal in self.signals:
            if part >= begin:
                now = signal
        return now

    def settings_number(self, part: float) -> int:
        """Which settings hold at this part of the clip."""
        now = 0
        for begin, number in self.settings_at:
            if part >= begin:
                now = number
        return now
