"""The whole record, for an assessor or a court: every value, every blank, every question, the digest of every source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from procedure import telling
from procedure.as_json import digest
from procedure.documents import _event, _mapping, _proof, _treatment, _who
from procedure.documents._names import Names
from procedure.documents.blocks import Blank, Block, Facts, Page, Printed, Text, Tone
from procedure.documents.sources import Sources
from procedure.encounter import Encounter
from procedure.missing import missing
from procedure.protocol import Protocol
from procedure.questions import questions
from procedure.states import State
from procedure.wording import PURPOSE, SIMULATED


def record_document(
    encounter: Encounter, sources: Sources, protocols: Mapping[str, Protocol], printed: Printed | None = None
) -> Page:
    """The document. `protocols` are by region; `printed` says who printed it when."""
    names = Names(encounter)
    words = {place: _treatment.margin_words(plan, sources) for place, plan in enumerate(encounter.plans)}

    def blocks() -> Iterator[Block]:
        yield from opening(encounter)
        yield from _who.identity(encounter)
        yield from _counted(encounter, protocols, sources)
        yield printed_line(printed)
        yield from _who.people(encounter, names)
        yield from _who.consents(encounter, names)
        yield from _who.history(encounter, names)
        yield from _mapping.stations(encounter, protocols, names)
        yield from _mapping.vessel_map(encounter, protocols, words)
        yield from _mapping.photograph_marks(encounter, names)
        yield from _mapping.vessels(encounter, names)
        yield from _mapping.settings(encounter, protocols, names)
        yield from _mapping.artefacts(encounter, names)
        yield from _treatment.plans(encounter, protocols, sources, names)
        yield from _treatment.asepsis(encounter, names)
        yield from _treatment.products(encounter, names)
        yield from _treatment.injections(encounter, names)
        yield from _treatment.reassessment(encounter, names)
        yield from _event.complications(encounter, names)
        yield from _treatment.follow_ups(encounter, names)
        yield from _proof.images(encounter, sources, names)
        yield from _proof.blanks(encounter, protocols, sources)
        yield from _proof.states(encounter, digest(encounter))
        yield from _proof.files(sources)

    return Page(
        "Record of an encounter", running(encounter), foot(encounter), dated(encounter, printed), tuple(blocks())
    )


def opening(encounter: Encounter) -> Iterator[Block]:
    """What stands first on every document: what it is, and whether it is a draft or simulated."""
    yield Text(PURPOSE, Tone.NOTICE)
    if encounter.state is State.DRAFT:
        yield Text("Draft. Nobody has made this record final.", Tone.ALARM)
    if encounter.simulated:
        yield Text(SIMULATED, Tone.ALARM)


def running(encounter: Encounter) -> str:
    """The line at the head of each page: whose document this is."""
    patient = encounter.patient
    who = [telling.person(patient.name) or "patient without a name", patient.patient_id or "no patient id"]
    born = patient.birth_date.isoformat() if patient.birth_date else "birth date not recorded"
    marks = ["SIMULATED"] if encounter.simulated else []
    marks += ["DRAFT"] if encounter.state is State.DRAFT else []
    return ", ".join([*who, f"born {born}" if patient.birth_date else born, *marks])


def foot(encounter: Encounter) -> str:
    """The line at the foot of each page, beside its number."""
    return (
        f"Documentation aid, not a diagnosis. Encounter {encounter.encounter_uid}, version {encounter.version}, "
        f"{telling.word(encounter.state)}"
    )


def dated(encounter: Encounter, printed: Printed | None) -> datetime:
    """The date of a document: from the record where nobody says when it was printed, so that it has no clock in it."""
    if printed is not None and printed.at is not None:
        return printed.at
    return max((signature.at for signature in encounter.signatures), default=encounter.started_at)


def printed_line(printed: Printed | None) -> Facts:
    """Who printed when; to be filled in by hand where nobody said."""
    given = printed or Printed()
    at = telling.moment(given.at) if given.at else Blank.TO_FILL_IN
    return Facts((("printed by", given.by or Blank.TO_FILL_IN), ("printed at", at)))


def _counted(encounter: Encounter, protocols: Mapping[str, Protocol], sources: Sources) -> Iterator[Block]:
    """How much is missing and asked, before anything else is read."""
    lacking, asked = len(missing(encounter, protocols)), len(questions(encounter, protocols))
    lost = sum(image.image_uid not in sources.pictures for image in encounter.images)
    parts = [
        "1 entry is missing" if lacking == 1 else f"{lacking} entries are missing",
        "1 question is open" if asked == 1 else f"{asked} questions are open",
    ]
    if lost:
        parts.append(f"{lost} of {len(encounter.images)} pictures {'is' if lost == 1 else 'are'} not here")
    if sources.troubles:
        unread = len(sources.troubles)
        parts.append("1 file could not be read" if unread == 1 else f"{unread} files could not be read")
    yield Text(f"{', '.join(parts)}: see the end of this document.", Tone.NOTICE)
