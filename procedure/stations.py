"""What was done at one station of a protocol, with the answers that may not stay blank (S8, S13, S23, S24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Answer, Side, Sight
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
    """One structure that had to be looked for: a vessel, a layer or another structure of the protocol."""

    structure: str
    sight: Sight
    text: str = ""


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
    variant: Answer | None = None
    variant_text: str = ""
    previous_filler: Answer | None = None
    filler_found: tuple[PreviousFiller, ...] = ()
    fold_side: FoldSide | None = None
    text: str = ""
