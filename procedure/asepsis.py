"""Aseptic non-touch technique: the checklist with its times (S11; clinical reference 2.1, C2 to C4 and C11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from procedure.record import Record


class AsepticStep(StrEnum):
    """The steps in their order; those before the first puncture are in BEFORE_PUNCTURE."""

    HANDS = "hands"
    KEY_PARTS = "key-parts"
    SKIN = "skin-prep"
    FIELD = "sterile-field"
    PROBE_COVER = "probe-cover"
    GEL = "sterile-gel"
    COVER_OFF = "cover-off"
    PROBE_CLEANED = "probe-cleaned"
    SHARPS = "sharps"
    AFTERCARE = "aftercare-sheet"


BEFORE_PUNCTURE: Final = (
    AsepticStep.HANDS,
    AsepticStep.KEY_PARTS,
    AsepticStep.SKIN,
    AsepticStep.FIELD,
    AsepticStep.PROBE_COVER,
    AsepticStep.GEL,
)
AFTERWARDS: Final = tuple(step for step in AsepticStep if step not in BEFORE_PUNCTURE)


class Doing(StrEnum):
    """What became of a step."""

    DONE = "done"
    NOT_DONE = "not-done"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsepticEntry(Record):
    """One step as it was recorded; a step that has no entry stays a visible blank. `lot` of cover or gel."""

    step: AsepticStep
    doing: Doing
    at: datetime
    by: str
    lot: str = ""
    product: str = ""
    reason: str = ""
