"""A suspected complication: signs, confirmation, steps, doses, re-checks (S6, S12, S15, N12; clinical reference 1.7 and 4).

Everything may be recorded at once and in any order: nothing here waits for ultrasound or for another entry (conflict X8).
What was not done stays visible (`procedure.timeline`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procedure.answers import Answer, Side, Sight
from procedure.asepsis import Doing
from procedure.images import ImageRef
from procedure.record import Record, Uid
from procedure.vessels import Echogenicity


class Suspicion(StrEnum):
    """What is suspected: the first two have a pathway of their own (4.1, 4.2)."""

    OCCLUSION = "occlusion"
    VISUAL = "visual-loss"
    HAEMATOMA = "haematoma"
    INFECTION = "infection"
    NODULE = "nodule"
    ANAPHYLAXIS = "anaphylaxis"
    OTHER = "other"


class Sign(StrEnum):
    """The signs of table 1.7. They are ticked, never scored: no standard criteria exist (source S86)."""

    PALLOR = "pallor"
    LIVEDO = "livedo"
    PUSTULES = "pustules"
    COAGULATION = "coagulation"
    SLOUGH = "slough"
    ESCHAR = "eschar"
    REFILL = "crt"
    VENOUS = "venous"
    PAIN = "pain"
    NUMBNESS = "numbness"
    EYE = "eye"
    NO_FLOW_MAJOR = "us-noflow-major"
    NO_FLOW_PERFORATOR = "us-noflow-perf"
    COLLATERAL = "us-collateral"
    STRING = "us-string"
    HIGH_VELOCITY = "us-highpsv"
    LUMEN_MATERIAL = "us-lumen-mat"


class Confirmation(StrEnum):
    """The stepwise confirmation, in its order (S15). A step that was left out is shown as left out."""

    SKIN_SIGN = "skin-sign"
    B_MODE = "b-mode"
    DOPPLER = "doppler"
    PROXIMAL = "proximal"
    DISTAL = "distal"


class StepId(StrEnum):
    """Steps of the pathways: V of a suspected occlusion (4.1), E of a visual loss (4.2)."""

    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"
    V5 = "V5"
    V6 = "V6"
    V7 = "V7"
    V8 = "V8"
    V9 = "V9"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"


class Route(StrEnum):
    """How a drug was given. A retrobulbar injection is recorded, not recommended (conflict X15)."""

    SUBCUTANEOUS = "subcutaneous"
    INTRADERMAL = "intradermal"
    PERIVASCULAR = "perivascular"
    INTRA_ARTERIAL = "intra-arterial"
    RETROBULBAR = "retrobulbar"
    ORAL = "oral"
    INTRAVENOUS = "intravenous"
    TOPICAL = "topical"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignSeen(Record):
    """One sign, where and when it was seen, or looked for and not seen. `lumen_echogenicity`: conflict X4."""

    sign: Sign
    sight: Sight
    at: datetime
    by: str
    place: str = ""
    side: Side | None = None
    lumen_echogenicity: Echogenicity | None = None
    vessel_uid: Uid | None = None
    images: tuple[ImageRef, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Record):
    """One step of the confirmation, done or left out, with what was seen."""

    step: Confirmation
    doing: Doing
    at: datetime
    by: str
    text: str = ""
    reason: str = ""
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathwayStep(Record):
    """One step of the pathway, done or left out."""

    step: StepId
    doing: Doing
    at: datetime
    by: str
    text: str = ""
    reason: str = ""
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose(Record):
    """Hyaluronidase as it was given: IU at one site. The dose is the prescriber's decision; nothing is pre-filled (X13).

    `profile_id` is the published protocol that the prescriber named, blank for none.
    """

    at: datetime
    by: str
    dose_iu: float
    site: str
    region: str = ""
    side: Side | None = None
    route: Route | None = None
    volume_ml: float | None = None
    dilution: str = ""
    guided: Answer | None = None
    vessel_uid: Uid | None = None
    prescriber: str = ""
    profile_id: str = ""
    brand: str = ""
    lot: str = ""
    expiry: date | None = None
    allergy_asked: Answer | None = None
    images: tuple[ImageRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck(Record):
    """A look after a dose or a measure: refill, colour, pain, and Doppler of one vessel.

    `flow` NOT_SEEN is 'no signal seen at these settings', which excludes nothing (S26).
    """

    at: datetime
    by: str
    place: str = ""
    side: Side | None = None
    refill_s: float | None = None
    skin_colour: str = ""
    pain_0_10: int | None = None
    vision_unchanged: Answer | None = None
    vessel_uid: Uid | None = None
    flow: Sight | None = None
    slow_flow_tried: Answer | None = None
    images: tuple[ImageRef, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """Anything else that was given or done: heat, massage, aspirin, oxygen, antibiotics."""

    at: datetime
    by: str
    what: str
    amount: str = ""
    route: Route | None = None
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Record):
    """Whom the patient was handed to: an emergency call, a senior, an eye unit, a hospital."""

    at: datetime
    by: str
    called: str
    for_vision: bool = False
    answered_by: str = ""
    left_at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complication(Record):
    """One suspected event, from the first sign. `noticed_at` is T0: times are told as elapsed since it (X14).

    `territory` is where the skin showed it, in words; `ended_at` is when the person in charge wrote that it is over.
    """

    suspicion: Suspicion
    noticed_at: datetime
    noticed_by: str
    territory: str = ""
    last_site: str = ""
    signs: tuple[SignSeen, ...] = ()
    confirmation: tuple[Confirmed, ...] = ()
    steps: tuple[PathwayStep, ...] = ()
    doses: tuple[Dose, ...] = ()
    rechecks: tuple[Recheck, ...] = ()
    measures: tuple[Measure, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    report_numbers: tuple[str, ...] = ()
    ended_at: datetime | None = None
    outcome: str = ""
