"""The conflicts X1 to X17 of the clinical reference (section 0), as questions where a record can run into one.

X8, X9, X13 (doses are never pre-filled) and X14 are rules of the program itself: nothing blocks, no instrument is ranked, no
dose is proposed, no remaining time is told. The tests hold those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from procedure.alara import EYE_MI_LIMIT, EYE_TI_LIMIT, exposure_notes
from procedure.answers import Answer, Sight
from procedure.complication import Route, Sign
from procedure.encounter import Encounter
from procedure.images import KeptImage
from procedure.plan import PlanItem
from procedure.protocol import Protocol
from procedure.questions._question import Question
from procedure.stations import Pressure
from procedure.walk import leaves
from procedure.wording import RESIDUAL_RISK, banned_in

#: X6: what the course page asks for, and the least that the published consensus asks for (sources S50, S52).
FREQUENCY_MHZ: Final = (10.0, 18.0)
CONSENSUS_MHZ: Final = 15.0


def asked(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Question]:
    """Questions where a record runs into a conflict, in the order of the conflicts."""
    yield from _plan_depth(encounter)
    yield from _fold(encounter, protocols)
    yield from _pressure(encounter)
    yield from _lumen(encounter)
    yield from _phrases(encounter)
    yield from _frequency(encounter)
    yield from _doppler(encounter, protocols)
    yield from _instrument(encounter)
    yield from _named_vessels(encounter)
    yield from _doses(encounter)
    yield from _vision(encounter)
    yield from _eye_limits(encounter, protocols)
    yield from _consent(encounter)


def _plan_depth(encounter: Encounter) -> Iterator[Question]:
    """X1: a depth rests on what this patient's image shows."""
    for place, plan in enumerate(encounter.plans):
        seen = any(
            observation.depth_mm is not None
            for vessel in encounter.vessels
            if vessel.region == plan.region
            for observation in vessel.observations
        )
        if plan.depth_mm is not None and not seen:
            where = f"plans[{place}].depth_mm"
            yield Question("X1", where, "What does the depth rest on? No vessel's depth was measured in this region.")


def _fold(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Question]:
    """X2: the side of the fold has no default."""
    ask = {s.id for protocol in protocols.values() for s in protocol.stations if s.fold_side}
    for place, visit in enumerate(encounter.visits):
        if visit.station_id in ask and not visit.skipped_because and visit.fold_side is None:
            where = f"visits[{place}].fold_side"
            yield Question("X2", where, "On which side of the fold was the artery seen? Sources differ.")


def _pressure(encounter: Encounter) -> Iterator[Question]:
    """X3: pressure shortens a depth."""
    firm = {
        (visit.station_id, visit.side, visit.phase) for visit in encounter.visits if visit.pressure is Pressure.FIRM
    }
    for place, vessel in enumerate(encounter.vessels):
        for number, seen in enumerate(vessel.observations):
            if seen.depth_mm is not None and (seen.station_id, vessel.side, seen.phase) in firm:
                where = f"vessels[{place}].observations[{number}].depth_mm"
                yield Question("X3", where, "Was the depth measured under firm pressure? Pressure shortens it.")


def _lumen(encounter: Encounter) -> Iterator[Question]:
    """X4: what lies in a lumen may be dark or bright."""
    for place, event in enumerate(encounter.complications):
        for number, sign in enumerate(event.signs):
            if sign.sign is Sign.LUMEN_MATERIAL and sign.sight is Sight.SEEN and sign.lumen_echogenicity is None:
                where = f"complications[{place}].signs[{number}].lumen_echogenicity"
                yield Question("X4", where, "How bright was what lay in the lumen? Dark and bright both occur.")


def _phrases(encounter: Encounter) -> Iterator[Question]:
    """X5 (and X9, X11): a person's own words may not promise either. The words stay as they were written."""
    for where, field, text in leaves(encounter):
        if field.base is str and isinstance(text, str):
            for phrase, instead in banned_in(text):
                yield Question("X5", where, f"Is {phrase!r} meant as it stands? Better: {instead}.")


def _frequency(encounter: Encounter) -> Iterator[Question]:
    """X6: asked once for each value, at the first image that has it."""
    told: set[float] = set()
    low, high = FREQUENCY_MHZ
    for place, image in enumerate(encounter.images):
        frequency = image.settings.frequency_mhz if image.settings else None
        if frequency is None or frequency in told or CONSENSUS_MHZ <= frequency <= high:
            continue
        told.add(frequency)
        where = f"images[{place}].settings.frequency_mhz"
        if not low <= frequency <= high:
            yield Question("X6", where, f"Is {frequency:g} MHz right? The course asks for {low:g} to {high:g} MHz.")
        else:
            text = (
                f"{frequency:g} MHz is below the {CONSENSUS_MHZ:g} MHz of the published consensus: was there a reason?"
            )
            yield Question("X6", where, text)


def _doppler(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Question]:
    """X7: Doppler that was not used needs a typed reason."""
    asked_for = {s.id for protocol in protocols.values() for s in protocol.stations if s.doppler}
    for place, visit in enumerate(encounter.visits):
        unused = visit.doppler_used is not Answer.YES and not visit.doppler_reason and not visit.skipped_because
        if unused and visit.station_id in asked_for:
            where = f"visits[{place}].doppler_reason"
            yield Question("X7", where, "Why was Doppler not used? The consensus calls it mandatory equipment.")


def _instrument(encounter: Encounter) -> Iterator[Question]:
    """X10: sources prefer needle and cannula the other way round, so the choice is justified."""
    for place, plan in enumerate(encounter.plans):
        if plan.instrument is not None and not any(
            reason.item is PlanItem.INSTRUMENT and reason.text for reason in plan.reasons
        ):
            yield Question("X10", f"plans[{place}].instrument", f"Why this {plan.instrument.type}? Sources differ.")


def _named_vessels(encounter: Encounter) -> Iterator[Question]:
    """X12: a vessel has its name from a person who looked, not from its place."""
    people = {person.name for person in encounter.people}
    for place, vessel in enumerate(encounter.vessels):
        if vessel.term and vessel.named_by not in people:
            where = f"vessels[{place}].named_by"
            yield Question("X12", where, "Who named this vessel? Nobody of the encounter's people has that name.")


def _doses(encounter: Encounter) -> Iterator[Question]:
    """X13: the dose is the prescriber's decision, so it is asked who that was."""
    for place, event in enumerate(encounter.complications):
        for number, dose in enumerate(event.doses):
            if not dose.prescriber:
                where = f"complications[{place}].doses[{number}].prescriber"
                yield Question("X13", where, "Who decided on this dose? Dose is the prescriber's decision.")


def _vision(encounter: Encounter) -> Iterator[Question]:
    """X15: transfer comes first; a retrobulbar injection is recorded, and asked about."""
    for place, event in enumerate(encounter.complications):
        eye = [sign.at for sign in event.signs if sign.sign is Sign.EYE and sign.sight is Sight.SEEN]
        calls = [call.at for call in event.escalations if call.for_vision]
        where = f"complications[{place}].escalations"
        if eye and not calls:
            yield Question("X15", where, "Vision signs are recorded: who was called for the eyes, and when?")
        given = chain(
            ((f"doses[{number}]", dose.route, dose.at) for number, dose in enumerate(event.doses)),
            ((f"measures[{number}]", measure.route, measure.at) for number, measure in enumerate(event.measures)),
        )
        for entry, route, at in given:
            if route is Route.RETROBULBAR and not any(call <= at for call in calls):
                text = "Was transfer called for before the retrobulbar injection? The evidence puts transfer first."
                yield Question("X15", f"complications[{place}].{entry}.route", text)


def _eye_limits(encounter: Encounter, protocols: Mapping[str, Protocol]) -> Iterator[Question]:
    """X16: of two limits the stricter; near the eye the eye's own."""
    near_eye = {s.id for protocol in protocols.values() for s in protocol.stations if s.eye_limits}
    for note in exposure_notes(encounter.exposures, near_eye):
        if note.over:
            yield Question("X16", "exposures", f"{note.text[:-1]}: was there a reason?")
    for place, image in enumerate(encounter.images):
        if image.station_id in near_eye and _over_eye(image):
            where = f"images[{place}].settings"
            yield Question("X16", where, "The indices are above the eye's limits: was there a reason?")


def _over_eye(image: KeptImage) -> bool:
    said = image.settings
    if said is None:
        return False
    thermal = (said.thermal_index_soft_tissue, said.thermal_index_bone, said.thermal_index_cranial)
    return (said.mechanical_index or 0) > EYE_MI_LIMIT or any((value or 0) > EYE_TI_LIMIT for value in thermal)


def _consent(encounter: Encounter) -> Iterator[Question]:
    """X17: no frequency without its source. S27: the wording on the risk that remains stands in the consent."""
    for place, consent in enumerate(encounter.consents):
        if consent.frequency_told and not consent.frequency_source:
            where = f"consents[{place}].frequency_source"
            yield Question("X17", where, "Where does the frequency come from that the patient was told?")
        if consent.kind == "treatment" and RESIDUAL_RISK not in consent.wording:
            where = f"consents[{place}].wording"
            yield Question("residual-risk", where, "Was the patient told that ultrasound does not remove the risk?")
