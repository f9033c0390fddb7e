"""Artefacts that a person recognised, and what was done about them (S10, S22; clinical reference 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from procedure.answers import Answer
from procedure.images import ImageRef
from procedure.record import Record, Uid


class Artefact(StrEnum):
    """The ids of table 1.4."""

    ANISOTROPY = "anisotropy"
    SHADOW = "shadow"
    ENHANCEMENT = "enhancement"
    REVERBERATION = "reverb"
    COMET_TAIL = "comet-tail"
    MIRROR = "mirror"
    SIDE_LOBE = "side-lobe"
    BEAM_WIDTH = "beam-width"
    BLOOMING = "blooming"
    ALIASING = "aliasing"
    TWINKLE = "twinkle"
    FLASH = "flash"
    PRESSURE_COLLAPSE = "pressure-close"


#: What each may be mistaken for, and what table 1.4 says to try: shown beside the question, never filled in.
MISTAKEN_FOR: Final[dict[Artefact, tuple[str, str]]] = {
    Artefact.ANISOTROPY: ("hypoechoic filler, gap", "tilt, heel-toe, re-image at 90 degrees"),
    Artefact.SHADOW: ("vessel, filler", "change the angle, move off the reflector"),
    Artefact.ENHANCEMENT: ("hyperechoic tissue", "lower the time gain, second plane"),
    Artefact.REVERBERATION: ("wrong tip depth", "trace the top line"),
    Artefact.COMET_TAIL: ("calcium", "note it as a sign of the material"),
    Artefact.MIRROR: ("second vessel", "change the angle, lower the gain"),
    Artefact.SIDE_LOBE: ("intravascular material", "move the focus, lower the gain, second plane"),
    Artefact.BEAM_WIDTH: ("intravascular material", "move the focus, lower the gain, second plane"),
    Artefact.BLOOMING: ("larger vessel", "lower the colour gain until it just fits"),
    Artefact.ALIASING: ("reversed flow, stenosis", "raise the scale, shift the baseline"),
    Artefact.TWINKLE: ("flow", "spectral Doppler: no arterial trace is seen"),
    Artefact.FLASH: ("flow", "hold still, raise the wall filter"),
    Artefact.PRESSURE_COLLAPSE: ("no flow", "gel stand-off, lift the probe, re-image"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactNote(Record):
    """One artefact: its effect, the adjustment, and the pair of pictures before and after it."""

    artefact: Artefact
    at: datetime
    by: str
    station_id: str = ""
    effect: str = ""
    adjustment: str = ""
    before: ImageRef | None = None
    after: ImageRef | None = None
    resolved: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillerCheck(Record):
    """A label 'filler' was held against anisotropy and shadow: second plane, angle changed (S22)."""

    tracking_uid: Uid
    at: datetime
    by: str
    second_plane: Answer | None = None
    angle_changed: Answer | None = None
    conclusion: str = ""
