"""The record as a document: consent, words, authors, times, state."""

from __future__ import annotations

from collections.abc import Iterator

from audit.material import Material
from audit.verdict import Part, lacking, met
from procedure import telling
from procedure.answers import Answer
from procedure.consent import ConsentKind
from procedure.states import State
from procedure.walk import leaves
from procedure.wording import RESIDUAL_RISK, banned_in


def consent_before(material: Material) -> Iterator[Part]:
    """Consent to the treatment was given before the first puncture, in a wording with its version."""
    puncture = material.first_puncture
    given = [
        consent
        for consent in material.encounter.consents
        if consent.kind is ConsentKind.TREATMENT and consent.given is Answer.YES
    ]
    if not given:
        yield lacking("Consent to the treatment is not recorded.")
        return
    # One that was withdrawn may have been given again.
    held = [c for c in given if c.withdrawn_at is None or (puncture is not None and c.withdrawn_at >= puncture)]
    first = min(held or given, key=lambda consent: consent.at)
    if puncture is not None and first.at >= puncture:
        yield lacking("Consent was recorded after the first puncture.")
    elif not held:
        yield lacking(f"Consent was withdrawn{' before the first puncture' if puncture is not None else ''}.")
    else:
        yield met("Consent to the treatment was given in time.", material.told(f"consent, by {first.by}", first.at))
    if first.wording_version:
        yield met("The version of its wording is recorded.", material.told(f"wording {first.wording_version}"))
    else:
        yield lacking("The version of the consent's wording is not recorded.")


def residual_risk_told(material: Material) -> Iterator[Part]:
    """Consent and plans hold the words on the risk that remains."""
    treatment = [consent for consent in material.encounter.consents if consent.kind is ConsentKind.TREATMENT]
    if not treatment:
        yield lacking("Consent to the treatment is not recorded.")
    for consent in treatment:
        if RESIDUAL_RISK in consent.wording:
            yield met(
                "The consent says that ultrasound does not remove the risk.",
                material.told("consent's wording", consent.at),
            )
        else:
            yield lacking("The consent does not say that ultrasound does not remove the risk.")
    for plan in material.encounter.plans:
        if plan.residual_risk:
            yield met(
                f"The plan for {telling.region(plan.region)} says it.",
                material.told(f"plan for {telling.region(plan.region)}", plan.at),
            )
        else:
            yield lacking(f"The plan for {telling.region(plan.region)} does not say that risk remains.")


def words_kept(material: Material) -> Iterator[Part]:
    """No text of the record promises what ultrasound cannot (the banned phrases)."""
    found = [
        (where, phrase)
        for where, _, value in leaves(material.encounter)
        if isinstance(value, str)
        for phrase, _ in banned_in(value)
    ]
    for where, phrase in found:
        yield lacking(f"{where}: the record says '{phrase}'.")
    if not found:
        yield met(
            "No text of the record uses a phrase that promises too much.", material.told("every text of the record")
        )


def record_attributed(material: Material) -> Iterator[Part]:
    """The record is final, signed, by named people, on a clock that was synchronised, each picture with author and time."""
    encounter = material.encounter
    if encounter.state is State.DRAFT:
        yield lacking("The record is a draft.")
    signed = [signature for signature in encounter.signatures if signature.state is not State.DRAFT]
    if signed:
        last = signed[-1]
        yield met(f"The record is {encounter.state}.", material.told(f"{last.state}, by {last.by}", last.at))
    elif encounter.state is not State.DRAFT:
        yield lacking("The record is not signed.")
    if not encounter.people:
        yield lacking("It is not said who treats.")
    else:
        yield met("Who took part is recorded.", material.told(", ".join(f"{p.role}" for p in encounter.people)))
    if encounter.clock.synchronised:
        yield met(
            "The clock was synchronised.",
            material.told(f"clock by {encounter.clock.source}", encounter.clock.checked_at),
        )
    else:
        yield lacking("It is not recorded that the clock was synchronised: all order of time rests on it.")
    if not encounter.patient.known:
        yield lacking("The patient is not identified.")
    nameless = [image for image in encounter.images if not image.by]
    if nameless:
        yield lacking(f"{len(nameless)} pictures have no author.")
