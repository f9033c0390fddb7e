"""What was kept: stills, clips and photographs, each with its place in the protocol (S13, S14, S17, S21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Side
from procedure.phase import Phase
from procedure.record import Record, Uid
from procedure.settings import Settings


class ImageKind(StrEnum):
    """A photograph is a VL Photographic Image; the others come from the probe."""

    STILL = "still"
    CLIP = "clip"
    PHOTOGRAPH = "photograph"


class Mode(StrEnum):
    """What the probe showed, as a person recorded it."""

    B_MODE = "b-mode"
    COLOUR = "colour"
    POWER = "power"
    SPECTRAL = "spectral"


class Plane(StrEnum):
    """Image planes (1.3); their codes are those of the vocabulary's planes."""

    TRANSVERSE = "transverse"
    SAGITTAL = "sagittal"
    OBLIQUE = "oblique"


class PictureHint(StrEnum):
    """What the program noticed of a picture's quality (`imaging.quality`): a hint to the person, never a judgement."""

    GAIN_HIGH = "gain-high"
    GAIN_LOW = "gain-low"
    CONTACT_LOSS = "contact-loss"
    DEPTH_WASTED = "depth-wasted"
    PRESSURE = "pressure"
    MOTION = "motion"


class RejectionReason(StrEnum):
    """Why an image is hidden by a rejection note, as the standard's reasons (CID 7010): it is never erased."""

    QUALITY = "quality"
    PATIENT_SAFETY = "patient-safety"
    WRONG_PATIENT = "wrong-patient"
    WRONG_WORKLIST = "wrong-worklist"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRef(Record):
    """One frame (from 0) of one image. `image_uid` is its SOP Instance UID."""

    image_uid: Uid
    frame: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection(Record):
    """The image is hidden: why, by whom, and what stands in its place."""

    reason: RejectionReason
    at: datetime
    by: str
    text: str = ""
    replaced_by: Uid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage(Record):
    """One image of the encounter.

    `plane` and `landmark` (an id of the vocabulary's landmarks or of the protocol's bony landmarks) place it; an image
    without both does not count as mapped (S14). `clock_angle_deg` turns an oblique plane. `place` is where a photograph
    was taken from, or what it shows. `hints` are what the program noticed of it (S18): without one it is not thereby a good
    picture. Which image stands for a station, its visit says.
    """

    image_uid: Uid
    kind: ImageKind
    at: datetime
    by: str
    phase: Phase
    station_id: str = ""
    side: Side | None = None
    mode: Mode | None = None
    plane: Plane | None = None
    clock_angle_deg: float | None = None
    landmark: str = ""
    frames: int = 1
    seconds: float | None = None
    settings: Settings | None = None
    hints: tuple[PictureHint, ...] = ()
    place: str = ""
    sha256: str = ""
    rejection: Rejection | None = None
