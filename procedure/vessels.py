"""The mapped vessels: each is one vessel from the first scan to the last follow-up, under one tracking UID (S3, S4, S28).

The tracking UID is that of the findings in the labels, so that a report, a segmentation and this record speak of the same
vessel. A vessel is named by a person, never from where it lies (conflict X12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from procedure.answers import Answer, Estimate, Side, Sight
from procedure.images import ImageRef
from procedure.phase import Phase
from procedure.record import Record, Uid


class VesselType(StrEnum):
    """What kind of vessel a person takes it for."""

    ARTERY = "artery"
    VEIN = "vein"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How the vessel was seen (S28)."""

    B_MODE = "b-mode"
    DOPPLER = "doppler"
    BOTH = "both"


class Relation(StrEnum):
    """Where a vessel lies against the muscle: computed from the drawn layers (`procedure.relation`), S19."""

    SUPERFICIAL = "superficial-to"
    WITHIN = "within"
    DEEP = "deep-to"
    CROSSING = "crossing"
    CANNOT_TELL = "cannot-tell"


class Echogenicity(StrEnum):
    """From dark to bright (1.2), S2. Of what lies in a lumen, bright is one option among others (conflict X4)."""

    ANECHOIC = "anechoic"
    HYPOECHOIC = "hypoechoic"
    ISOECHOIC = "isoechoic"
    HYPERECHOIC = "hyperechoic"


class Variant(StrEnum):
    """Courses that a vessel may have, as options to choose from (clinical reference, table 1.1); a text says any other."""

    ENDS_LABIAL = "ends-labial"
    ENDS_ALAR = "ends-alar"
    ENDS_CANTHUS = "ends-canthus"
    DUPLEX = "duplex"
    LATERAL_DETOUR = "lateral-detour"
    FROM_INFRAORBITAL = "from-infraorb"
    FROM_OPHTHALMIC = "from-ophthalmic"
    WET_MUCOSA = "wet-mucosa"
    DRY_MUCOSA = "dry-mucosa"
    IN_MUSCLE = "in-muscle"
    MIDLINE = "at-midline"
    CENTRAL = "central"
    BY_FORAMEN = "by-foramen"
    BY_NOTCH = "by-notch"
    FORKS_ABOVE_ARCH = "forks-above-arch"
    FORKS_ON_ARCH = "forks-on-arch"
    FORKS_BELOW_ARCH = "forks-below-arch"
    SEVERAL_FORAMINA = "several-foramina"
    DOMINANT = "dominant"
    ABOVE_LINE = "above-line"
    BELOW_LINE = "below-line"
    TWO_TRUNKS = "two-trunks"
    UNUSUAL_COURSE = "unusual-course"


#: Which variants each vessel of the vocabulary may have; none is a claim about this patient.
VARIANTS: Final[dict[str, tuple[Variant, ...]]] = {
    "fa": (Variant.ENDS_LABIAL, Variant.ENDS_ALAR, Variant.ENDS_CANTHUS, Variant.DUPLEX),
    "aa": (Variant.LATERAL_DETOUR, Variant.FROM_INFRAORBITAL, Variant.FROM_OPHTHALMIC),
    "sla": (Variant.WET_MUCOSA, Variant.IN_MUSCLE, Variant.DRY_MUCOSA),
    "ila": (Variant.WET_MUCOSA, Variant.IN_MUSCLE, Variant.DRY_MUCOSA),
    "dna": (Variant.MIDLINE,),
    "stra": (Variant.CENTRAL,),
    "soa": (Variant.BY_FORAMEN, Variant.BY_NOTCH),
    "sta-fb": (Variant.FORKS_ABOVE_ARCH, Variant.FORKS_ON_ARCH, Variant.FORKS_BELOW_ARCH),
    "ioa": (Variant.SEVERAL_FORAMINA,),
    "ama": (Variant.DOMINANT,),
    "fv": (Variant.UNUSUAL_COURSE,),
    "icv": (Variant.ABOVE_LINE, Variant.BELOW_LINE),
    "mtv": (Variant.TWO_TRUNKS,),
}


class Direction(StrEnum):
    """Flow along the beam."""

    TOWARDS = "towards-probe"
    AWAY = "away-from-probe"
    BOTH = "both-ways"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Record):
    """One vessel as it was seen once. Depth is from the skin to the lumen's centre, diameter the lumen's shortest.

    `flow` NOT_SEEN means that no signal was seen at those settings; it excludes nothing (S26). `layer` is the vocabulary's
    id of the layer it lies in.
    """

    at: datetime
    by: str
    phase: Phase
    station_id: str = ""
    image: ImageRef | None = None
    evidence: Evidence | None = None
    depth_mm: Estimate | None = None
    diameter_mm: Estimate | None = None
    flow: Sight | None = None
    direction: Direction | None = None
    pulsatile: Answer | None = None
    compressible: Answer | None = None
    peak_systolic_velocity_cm_s: Estimate | None = None
    end_diastolic_velocity_cm_s: Estimate | None = None
    resistance_index: Estimate | None = None
    heart_rate_per_min: Estimate | None = None
    layer: str = ""
    muscle_relation: Relation | None = None
    lumen_echogenicity: Echogenicity | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel(Record):
    """One vessel of this patient. `term` is the vocabulary's id, blank where it was only drawn; `named_by` who said so.

    `variants` are chosen from those of its term (`VARIANTS`), `variant_text` says any other.
    """

    tracking_uid: Uid
    vessel_type: VesselType
    side: Side
    region: str
    term: str = ""
    name: str = ""
    named_by: str
    variants: tuple[Variant, ...] = ()
    variant_text: str = ""
    observations: tuple[Observation, ...] = ()

    def in_phase(self, phase: Phase) -> tuple[Observation, ...]:
        """The observations of one phase, in the order of the record."""
        return tuple(seen for seen in self.observations if seen.phase is phase)
