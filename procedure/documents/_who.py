"""Who: patient, people, clock, consents, history, emergency kit."""

from __future__ import annotations

from collections.abc import Iterator

from procedure import telling
from procedure.answers import Answer
from procedure.consent import Consent, ConsentKind, Risk
from procedure.documents._names import Names, cell
from procedure.documents.blocks import Blank, Block, Facts, Heading, Table, Text, Tone
from procedure.encounter import Encounter
from procedure.wording import RESIDUAL_RISK


def identity(encounter: Encounter) -> Iterator[Block]:
    """The patient and the encounter; an unknown patient is told as unknown."""
    patient = encounter.patient
    if not patient.known:
        yield Text("The patient is not identified yet.", Tone.ALARM)
    read = telling.person(patient.name)
    rows = [
        ("patient", cell(read)),
        *([("name as it is stored", patient.name)] if read != patient.name else []),
        ("patient id", cell(patient.patient_id)),
        ("birth date", patient.birth_date.isoformat() if patient.birth_date else Blank.NOT_RECORDED),
        ("sex", telling.word(patient.sex) if patient.sex else Blank.NOT_RECORDED),
        ("encounter UID", encounter.encounter_uid),
        ("simulated", telling.value("simulated", encounter.simulated)),
        ("started at", telling.moment(encounter.started_at)),
        ("state", telling.word(encounter.state)),
        ("version", str(encounter.version)),
    ]
    yield Facts(tuple(rows))
    for change in encounter.identity_changes:
        yield Heading("Identity put right", 2)
        yield Names(encounter).facts(change)


def people(encounter: Encounter, names: Names) -> Iterator[Block]:
    """The team, and the clock that all times rest on."""
    yield Heading("People and clock")
    rows = tuple(
        (cell(person.name), telling.word(person.role), cell(person.registration_number)) for person in encounter.people
    )
    yield Table(("name", "role", "registration number"), (3, 2, 2), rows)
    clock = names.facts(encounter.clock)
    yield Facts(tuple((f"clock, {label}", told) for label, told in clock.rows))
    if encounter.clock.synchronised is not True:
        yield Text("The order of all times rests on a clock that is not recorded as synchronised.", Tone.NOTICE)


def consents(encounter: Encounter, names: Names) -> Iterator[Block]:
    """Each consent with its wording, whole; the wording on the risk that remains stands here whatever they say."""
    yield Heading("Consent")
    yield Text(RESIDUAL_RISK, Tone.NOTICE)
    if not any(consent.kind is ConsentKind.TREATMENT for consent in encounter.consents):
        yield Facts((("consent to the treatment", Blank.NOT_RECORDED),))
    for consent in encounter.consents:
        yield from _consent(consent, names)


def _consent(consent: Consent, names: Names) -> Iterator[Block]:
    refused = ": refused" if consent.given is Answer.NO else ""
    yield Heading(f"Consent to {telling.word(consent.kind)}{refused}", 2)
    quiet = {"interpreter", "frequency_told", "frequency_source", "withdrawn_at", "wording_version"}
    if consent.kind is not ConsentKind.TREATMENT:
        quiet |= {"risks_named", "product_information_given", "time_to_think"}
    yield names.facts(consent, {"kind", "wording"}, quiet)
    if consent.kind is ConsentKind.TREATMENT:
        unnamed = [telling.word(risk) for risk in Risk if risk not in consent.risks_named]
        if unnamed:
            yield Text(f"Risks that are not recorded as named: {', '.join(unnamed)}.", Tone.NOTICE)
        if RESIDUAL_RISK not in consent.wording:
            yield Text("The wording of this consent does not hold the sentence on the risk that remains.", Tone.NOTICE)
    yield Text(consent.wording, Tone.QUOTE) if consent.wording else Facts((("wording", Blank.NOT_RECORDED),))


def history(encounter: Encounter, names: Names) -> Iterator[Block]:
    """The history with its blanks, then refill and vision before the treatment, then the emergency kit."""
    yield Heading("History")
    taken = encounter.history
    if taken is None:
        yield Facts((("history", Blank.NOT_RECORDED),))
    else:
        yield names.facts(taken, {"refill", "vision"}, {"allergies", "anticoagulants", "earlier", "conditions"})
        rows = tuple(
            (
                cell(base.place),
                telling.word(base.side),
                telling.value("refill_s", base.refill_s),
                cell(base.skin_colour),
            )
            for base in taken.refill
        )
        yield Heading("Before the treatment", 2)
        yield Table(
            ("capillary refill at", "side", "refill", "skin colour"),
            (3, 1, 1, 3),
            rows,
        )
        if taken.vision is None:
            yield Facts((("vision before the treatment", Blank.NOT_RECORDED),))
        else:
            eyes = names.facts(taken.vision)
            yield Facts(tuple((f"vision, {label}", told) for label, told in eyes.rows))
    yield Heading("Emergency kit", 2)
    yield Facts((("emergency kit", Blank.NOT_RECORDED),)) if encounter.kit is None else names.facts(encounter.kit)
