"""The printed documents of an encounter as plain data: their words in their order. Paper is the workstation's part.

    record_document(encounter, sources, protocols)    the whole record, for an assessor or a court
    handover_document(encounter, protocols)           one page that goes with a patient who is transferred
    patient_document(encounter)                       the patient's own copy, in plain words

A document is made from the encounter and from what its DICOM files hold (`Sources`), and from nothing else: the same record
gives the same document. Nothing that is recorded is left out of the whole record, a blank is a visible blank, and every text
keeps to `procedure.wording`.
"""

from procedure.documents._event import concerns_vision, elapsed
from procedure.documents._names import image_name
from procedure.documents._proof import label_line
from procedure.documents._treatment import change_rows, margin_told
from procedure.documents.blocks import (
    Blank,
    Block,
    Cell,
    Drawing,
    Facts,
    Figure,
    Figures,
    Heading,
    Page,
    Printed,
    Table,
    Text,
    Tone,
    strings,
)
from procedure.documents.handover import handover_document
from procedure.documents.patients_copy import patient_document
from procedure.documents.sources import Picture, SourceFile, Sources
from procedure.documents.whole import record_document

__all__ = [
    "Blank",
    "Block",
    "Cell",
    "Drawing",
    "Facts",
    "Figure",
    "Figures",
    "Heading",
    "Page",
    "Picture",
    "Printed",
    "SourceFile",
    "Sources",
    "Table",
    "Text",
    "Tone",
    "change_rows",
    "concerns_vision",
    "elapsed",
    "handover_document",
    "image_name",
    "label_line",
    "margin_told",
    "patient_document",
    "record_document",
    "strings",
]
