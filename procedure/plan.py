"""The plan: what is to be injected where, and for each choice the findings that it rests on (S5, S9, S31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Answer, Side
from procedure.face_places import FacePath, PlannedDeposit
from procedure.images import ImageRef
from procedure.record import Record, Uid


class InstrumentType(StrEnum):
    """Neither is ranked above the other (conflicts X9, X10)."""

    NEEDLE = "needle"
    CANNULA = "cannula"


class NeedleView(StrEnum):
    """How the instrument lies to the image plane."""

    IN_PLANE = "in-plane"
    OUT_OF_PLANE = "out-of-plane"


class InjectionPlane(StrEnum):
    """Injection planes of 1.3."""

    INTRADERMAL = "intradermal"
    SUBDERMAL = "subdermal"
    SUPERFICIAL_FAT = "superficial-fat"
    SUPRA_SMAS = "supra-smas"
    SUB_SMAS = "sub-smas"
    INTERFASCIAL = "interfascial"
    INTRAMUSCULAR = "intramuscular"
    SUBMUSCULAR = "submuscular"
    DEEP_FAT = "deep-fat"
    SUPRAPERIOSTEAL = "supraperiosteal"


class PlanItem(StrEnum):
    """What a reason is about: each of these is to be justified by findings."""

    PRODUCT = "product"
    VOLUME = "volume"
    INSTRUMENT = "instrument"
    ENTRY = "entry"
    DEPTH = "depth"
    PLANE = "plane"
    TECHNIQUE = "technique"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Record):
    """Type, gauge and length (1.6)."""

    type: InstrumentType
    gauge: int | None = None
    length_mm: float | None = None
    outer_diameter_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Record):
    """A place on a picture: [column, row] in pixels, 0, 0 being the top left corner of the top left pixel."""

    column: float
    row: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPath(Record):
    """The way of the instrument as drawn on one picture: from the skin to the deposit, in the image plane."""

    image: ImageRef
    entry: Place
    target: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Record):
    """Why one item of the plan is as it is. A reason without a link to a finding or an image is incomplete (S9)."""

    item: PlanItem
    text: str
    finding_uids: tuple[Uid, ...] = ()
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Record):
    """The plan for one site. `signed_at` and `signed_by` stay blank until somebody signs; that is before the first puncture.

    `residual_risk` is the wording on the risk that remains, as it stood on the plan (S27). `path` is drawn on a picture and
    measured there; `face_path` and `deposits` are drawn on the schematic face.
    """

    plan_id: str
    region: str
    side: Side
    at: datetime
    by: str
    product_id: str = ""
    volume_ml: float | None = None
    instrument: Instrument | None = None
    needle_view: NeedleView | None = None
    entry_point: str = ""
    depth_mm: float | None = None
    plane: InjectionPlane | None = None
    technique: str = ""
    aspiration: Answer | None = None
    path: PlannedPath | None = None
    reasons: tuple[Reason, ...] = ()
    residual_risk: str = ""
    signed_at: datetime | None = None
    signed_by: str = ""
    face_path: FacePath | None = None
    deposits: tuple[PlannedDeposit, ...] = ()
