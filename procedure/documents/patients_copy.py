"""The patient's own copy, in plain words: what was done, which products with their lots, what to watch for, when to call.

The warning signs are those of clinical reference 1.7 and 4 in a layman's words. They were written by the developers and not
yet checked by a clinician; a clinic checks them against its own aftercare sheet before it hands them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from procedure import telling
from procedure.documents._names import cell
from procedure.documents.blocks import Blank, Block, Cell, Facts, Heading, Page, Printed, Table, Text, Tone
from procedure.documents.handover import unusual
from procedure.documents.whole import dated, foot, printed_line, running
from procedure.encounter import Encounter
from procedure.states import State
from procedure.wording import RESIDUAL_RISK, SIMULATED

CALL_CLINIC: Final = (
    "Skin that turns pale, blotchy, blue or dark, at the treated place or away from it.",
    "Pain that grows, or that is stronger than you were told to expect. There may be no pain.",
    "Numbness, coldness, blisters, sores or small white spots.",
    "Swelling, redness or heat that grows, fever, or fluid from the skin.",
    "A lump that grows or hurts, also weeks or months later.",
)
CALL_EMERGENCY: Final = (
    "Any change of sight: blurred or double vision, a dark patch, loss of sight.",
    "Pain in or behind the eye, a drooping eyelid, an eye that does not move.",
    "A face that droops, weakness of an arm or leg, trouble speaking, a sudden strong headache.",
    "Swelling of the tongue or throat, trouble breathing, a rash all over the body.",
)


def patient_document(encounter: Encounter, printed: Printed | None = None) -> Page:
    """The copy that the patient takes home."""

    def blocks() -> Iterator[Block]:
        if encounter.simulated:
            yield Text(SIMULATED, Tone.ALARM)
        if encounter.state is State.DRAFT:
            yield Text("Draft. This record is not finished.", Tone.ALARM)
        yield from _what_was_done(encounter)
        yield from _if_something_happened(encounter)
        if unusual(encounter):
            yield Text(
                "A number on this sheet is unusual, and nobody has confirmed it. Ask your clinic about it.", Tone.ALARM
            )
        yield from _warnings(encounter)
        yield from _next(encounter)
        yield Text(
            "Keep this sheet. Show it to whoever treats your face next, and before an MRI or any injection there. "
            "It tells what was recorded; it is not a diagnosis.",
            Tone.SMALL,
        )
        yield printed_line(printed)

    return Page("Your treatment", running(encounter), foot(encounter), dated(encounter, printed), tuple(blocks()))


def _plainly(at: datetime) -> str:
    """Day and time as the clinic's clock showed them; seconds and zone are for who holds it against the record."""
    return f"{at:%Y-%m-%d, %H:%M}"


def _what_was_done(encounter: Encounter) -> Iterator[Block]:
    patient = encounter.patient
    people = "; ".join(f"{person.name} ({telling.word(person.role)})" for person in encounter.people)
    yield Facts(
        (
            ("you", cell(", ".join(part for part in (telling.person(patient.name), patient.patient_id) if part))),
            ("day of the treatment", encounter.started_at.date().isoformat()),
            ("treated by", cell(people)),
        )
    )
    yield Heading("What was injected", 2)
    by_id = {product.product_id: product for product in encounter.products}
    rows: list[tuple[Cell, ...]] = []
    for done in encounter.injections:
        product = by_id.get(done.product_id)
        where = ", ".join(part for part in (telling.site(done.region, done.side), done.site) if part)
        rows.append(
            (
                cell(where),
                cell(f"{product.brand} ({telling.word(product.material)})" if product else ""),
                cell(product.lot if product else ""),
                product.expiry.isoformat() if product and product.expiry else Blank.NOT_RECORDED,
                telling.value("volume_ml", done.volume_ml) if done.volume_ml is not None else Blank.NOT_RECORDED,
                _plainly(done.at),
            )
        )
    columns = ("where", "product", "lot", "expiry", "amount", "when")
    yield Table(columns, (3.4, 2.8, 1.8, 1.6, 1.2, 2.4), tuple(rows))
    yield Text(RESIDUAL_RISK, Tone.NOTICE)


def _if_something_happened(encounter: Encounter) -> Iterator[Block]:
    for event in encounter.complications:
        yield Heading("What happened during or after the treatment", 2)
        yield Text(
            f"A complication was suspected: {telling.word(event.suspicion)}, first noticed {_plainly(event.noticed_at)}"
            f"{f', {event.territory}' if event.territory else ''}."
        )
        doses = tuple(
            (
                _plainly(dose.at),
                f"hyaluronidase {telling.value('dose_iu', dose.dose_iu)}",
                cell(dose.brand),
                cell(dose.lot),
                cell(dose.site),
            )
            for dose in event.doses
        )
        yield Table(("when", "what was given", "brand", "lot", "where"), (2.6, 2.4, 2, 2, 4), doses)
        yield Facts((("how it ended", cell(event.outcome)),))


def _warnings(encounter: Encounter) -> Iterator[Block]:
    kit = encounter.kit
    yield Heading("Call the emergency services at once if you notice", 2)
    for sign in CALL_EMERGENCY:
        yield Text(sign, Tone.ITEM)
    yield Facts((("emergency number", cell(kit.emergency_number if kit else "")),))
    yield Heading("Call your clinic at once, day or night, if you notice", 2)
    for sign in CALL_CLINIC:
        yield Text(sign, Tone.ITEM)
    yield Text(
        "These can begin hours or days later. Do not wait for the next visit, and do not write: call, and be seen."
    )
    yield Facts((("telephone of the clinic", Blank.TO_FILL_IN),))


def _next(encounter: Encounter) -> Iterator[Block]:
    yield Heading("Your next visits", 2)
    rows = tuple(
        (_plainly(visit.due) if visit.due else Blank.NOT_RECORDED, "held" if visit.at else "planned")
        for visit in encounter.follow_ups
    )
    yield Table(("when", "planned or held"), (3, 5), rows, "No visit is planned. Ask your clinic.")
