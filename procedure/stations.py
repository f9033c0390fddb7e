"""What was done at one station of a protocol, with the answers that may not stay blank (S8, S13, S23, S24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Answer, Estimate, Side, Sight
from procedure.phase import Phase
from procedure.products import Material
from procedure.record import Record, Uid


class Pressure(StrEnum):
    """How hard the probe was held: pressure shortens depths and closes small vessels (S24, conflict X3)."""

    STAND_OFF = "gel-stand-off"
    LIGHT = "light"
    FIRM = "firm"


class FoldSide(StrEnum):
    """On which side of the nasolabial fold an artery was seen. It has no default: sources differ (conflict X2)."""

    MEDIAL = "medial"
    LATERAL = "lateral"
    AT_FOLD = "at-fold"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Record):
    """One structure that had to be looked for: a vessel, a layer or another structure of the protocol.

    `thickness_mm` is a layer's, from the boundaries drawn on the station's image (`procedure.thickness`), S7.
    """

    structure: str
    sight: Sight
    thickness_mm: Estimate | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression(Record):
    """What a clip shows of pressure: how far one labelled lumen shrank in it (`procedure.compression`), S24.

    `least_percent` is the lumen's smallest area as a part of its largest, `frames` on how many frames it is labelled. A lumen
    changes with the pulse too; whether the probe pressed, a person says (`StationVisit.pressure`).
    """

    vessel_uid: Uid
    image_uid: Uid
    least_percent: float
    largest_frame: int
    smallest_frame: int
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousFiller(Record):
    """Filler found from before; the material is what the person takes it for, 'unknown' being an answer."""

    material: Material
    layer: str = ""
    tracking_uid: Uid | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationVisit(Record):
    """One station, on one side, in one phase.

    `skipped_because` is the reason of a station that was not scanned (S13); everything else is then blank.
    `doppler_reason` is the typed reason why no Doppler was used (conflict X7). `slow_flow_tried` says whether the settings
    were made ready for slow flow where no signal was seen (S26). `best_image_uid` is the image that stands for the station.
    """

    station_id: str
    side: Side
    phase: Phase
    at: datetime
    by: str
    skipped_because: str = ""
    seen: tuple[Seen, ...] = ()
    image_uids: tuple[Uid, ...] = ()
    best_image_uid: Uid | None = None
    doppler_used: Answer | None = None
    doppler_reason: str = ""
    doppler_signal: Sight | None = None
    slow_flow_tried: Answer | None = None
    fully_swept: Answer | None = None
    pressure: Pressure | None = None
    compressions: tuple[Compression, ...] = ()
    variant: Answer | None = None
    variant_text: str = ""
    previous_filler: Answer | None = None
    filler_found: tuple[PreviousFiller, ...] = ()
    fold_side: FoldSide | None = None
    text: str = ""
