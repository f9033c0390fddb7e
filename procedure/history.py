"""What is known of the patient before anything is done (step C1 of clinical reference 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from procedure.answers import Answer, Side
from procedure.products import Material
from procedure.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Record):
    """One allergy and how it showed."""

    substance: str
    reaction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTreatment(Record):
    """Filler or surgery that the patient had before; `material` only where it was filler."""

    what: str
    region: str = ""
    side: Side | None = None
    material: Material | None = None
    when: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefillBaseline(Record):
    """Capillary refill of one place before treatment, in seconds (S12): what later values are compared with."""

    place: str
    side: Side
    refill_s: float
    skin_colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionBaseline(Record):
    """Vision before treatment, each eye by itself: as words or as the chart says it."""

    right: str = ""
    left: str = ""
    eye_movement_normal: Answer | None = None
    pupils_normal: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Record):
    """The history as it was taken. An Answer says whether there is anything; the lists say what.

    A blank Answer is a question that nobody put; an empty list beside NO is the patient's own 'none'.
    """

    at: datetime
    by: str
    has_allergies: Answer | None = None
    allergies: tuple[Allergy, ...] = ()
    takes_anticoagulants: Answer | None = None
    anticoagulants: tuple[str, ...] = ()
    had_filler: Answer | None = None
    had_surgery: Answer | None = None
    earlier: tuple[EarlierTreatment, ...] = ()
    pregnant: Answer | None = None
    conditions: tuple[str, ...] = ()
    refill: tuple[RefillBaseline, ...] = ()
    vision: VisionBaseline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyKit(Record):
    """Whether hyaluronidase and the rest were at hand, checked before the first puncture."""

    at: datetime
    by: str
    hyaluronidase_present: Answer | None = None
    hyaluronidase_lot: str = ""
    hyaluronidase_expiry: date | None = None
    hyaluronidase_iu: float | None = None
    adrenaline_present: Answer | None = None
    emergency_number: str = ""
    eye_unit: str = ""
