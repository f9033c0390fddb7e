"""The steps of the complication pathways in words, and the published dose profiles (clinical reference 4.1, 4.2).

The program records, times and reminds; the clinician decides. Nothing here is a recommendation of a dose (conflict X13), and
no time is told as remaining (conflict X14).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from procedure.complication import StepId, Suspicion


@dataclass(frozen=True, slots=True)
class PathwayText:
    """One step: `when` is a working value where `source` is empty (unverified)."""

    step: StepId
    when: str
    action: str
    source: str = ""


OCCLUSION_STEPS: Final = (
    PathwayText(
        StepId.V1,
        "at the first sign",
        "Stop; aspirate while withdrawing if possible; tell the patient; call for help.",
        "S80",
    ),
    PathwayText(
        StepId.V2,
        "0 to 2 min",
        "Refill on both sides, colour, pain, vision and neurology questions; outline the territory.",
    ),
    PathwayText(
        StepId.V3,
        "2 to 10 min",
        "Ultrasound if at hand: vessel, material, colour and spectral, other side. Never wait for it.",
    ),
    PathwayText(StepId.V4, "with V2", "Refill slow but below 3 s: heat, massage, tapping first; otherwise V5.", "S80"),
    PathwayText(
        StepId.V5,
        "at once if suspected, or where V4 fails",
        "Hyaluronic acid: hyaluronidase by the prescriber's decision; ask for allergy, adrenaline at hand.",
        "S76",
    ),
    PathwayText(StepId.V6, "each cycle", "Refill, colour, pain, Doppler; adjuncts recorded where used.", "S70"),
    PathwayText(
        StepId.V7,
        "no gain, spread, or other material",
        "Senior or specialist help, transfer; intra-arterial treatment is specialist care.",
    ),
    PathwayText(
        StepId.V8,
        "on leaving, then daily at first",
        "Photographs, written plan, emergency number; a suspected late event is seen in person.",
        "S80",
    ),
    PathwayText(StepId.V9, "afterwards", "Incident review; report to maker and regulator; duty of candour."),
)
VISUAL_STEPS: Final = (
    PathwayText(StepId.E1, "at once", "Stop; emergency call; phone the receiving eye unit; immediate transfer.", "S81"),
    PathwayText(StepId.E2, "1 to 5 min", "Count fingers, light, pupils, eye movement, ptosis; face, arm, speech."),
    PathwayText(StepId.E3, "until transfer", "Non-invasive measures only, where not an ophthalmologist.", "S81"),
    PathwayText(StepId.E4, "in hospital", "Copy of the hospital's notes; elapsed time.", "S82"),
)
#: Signs that belong to a visual loss put its steps first, whatever else is suspected.
STEPS: Final[dict[Suspicion, tuple[PathwayText, ...]]] = {
    Suspicion.OCCLUSION: OCCLUSION_STEPS,
    Suspicion.VISUAL: VISUAL_STEPS,
}


@dataclass(frozen=True, slots=True)
class DoseProfile:
    """One published protocol, shown for reference with its source. `told` is what the source says, in its words."""

    profile_id: str
    name: str
    told: str
    interval: str
    note: str
    source: str


DOSE_PROFILES: Final = (
    DoseProfile(
        "hdph",
        "High dose, pulsed",
        "By amount of ischaemic tissue: 450 IU for one small area, 900 IU with a second.",
        "hourly until resolved",
        "The clinic defines 'area'. Other figures are in circulation, unverified.",
        "S70, S71",
    ),
    DoseProfile(
        "uk-dilution",
        "UK dilution",
        "Up to 1500 units in 1 mL saline or plain lidocaine.",
        "check at 60 min, repeat",
        "Off-label use; enzyme acts at once, effect 24 to 48 h.",
        "S79, S76",
    ),
    DoseProfile(
        "targeted",
        "Targeted under ultrasound",
        "Mean 122.5 ± 34 IU guided, against 1519 ± 1137 IU flooding.",
        "Doppler after each",
        "39 patients, all of whom had failed flooding first: biased.",
        "S72",
    ),
    DoseProfile(
        "brazil-guided", "Guided, Brazil", "300 to 750 IU, mean 500 IU.", "Doppler after", "10 patients.", "S73"
    ),
)
