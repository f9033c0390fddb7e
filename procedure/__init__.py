"""Procedure: the encounter as plain typed data with its rules.

Patient, consent, history, protocol stations, mapped vessels, settings and exposure, plan, aseptic steps, products,
injections, reassessment, complication, follow-up, states and versions. This room knows nothing of DICOM, of disks and of
windows.

    encounter     the whole record; its parts are in the files beside it, each an immutable record (`record`)
    as_json       the canonical JSON of an encounter and back; `schema` is its published schema
    protocol      stations per region; `protocol_files` reads them, a clinic's own included
    steps         final, attested, corrected, another identity
    documents     the printed documents: their words in their order; `telling` says how a value reads
    face_map      where stations, vessels, paths and injections are on a face, as SVG

Values are never refused for being unlikely and nothing stands in the way of a treatment: what looks wrong is a question.
Every text that a person sees keeps to `wording`.
"""

from procedure.encounter import Encounter
from procedure.errors import (
    FieldWrong,
    NotGs1,
    ProcedureError,
    ProtocolWrong,
    RecordUnreadable,
    StepNotPossible,
)
from procedure.phase import Phase
from procedure.protocol import Protocol, Station

__all__ = [
    "Encounter",
    "FieldWrong",
    "NotGs1",
    "Phase",
    "ProcedureError",
    "Protocol",
    "ProtocolWrong",
    "RecordUnreadable",
    "Station",
    "StepNotPossible",
]
