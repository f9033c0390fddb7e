"""Consent: what the patient was told and agreed to (S20, S27; clinical reference 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Answer
from procedure.record import Record


class ConsentKind(StrEnum):
    """Consents are separate: one does not follow from another."""

    TREATMENT = "treatment"
    PHOTOGRAPHS = "photographs"
    TEACHING = "teaching"
    SHARING = "data-sharing"


class Risk(StrEnum):
    """Risks that consent names (5.1)."""

    OCCLUSION = "occlusion"
    NECROSIS = "necrosis"
    VISION_LOSS = "vision-loss"
    STROKE = "stroke"
    INFECTION = "infection"
    BRUISING = "bruising"
    HYALURONIDASE_ALLERGY = "enzyme-allergy"
    ULTRASOUND_LIMITS = "us-limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """One consent. `given` NO is a refusal, and is kept like a yes.

    `wording` is the text that the patient saw, whole: it has to hold the wording on the risk that remains
    (`procedure.wording.RESIDUAL_RISK`). A frequency of occlusion is told with its source (conflict X17).
    """

    kind: ConsentKind
    given: Answer | None = None
    at: datetime
    by: str
    wording: str
    wording_version: str = ""
    risks_named: tuple[Risk, ...] = ()
    product_information_given: Answer | None = None
    time_to_think: Answer | None = None
    interpreter: str = ""
    frequency_told: str = ""
    frequency_source: str = ""
    withdrawn_at: datetime | None = None
