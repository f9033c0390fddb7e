"""The printed documents on paper: what the files hold is gathered, laid out, and written as a PDF/A. No Qt.

found = gather(paths)                     # encounter, labels, pictures, digests: from DICOM files alone
made = printed(found, "record")           # made.pdf: the same record gives the same bytes
store_document(archive, found, made)      # beside the record, as an Encapsulated PDF
"""

from workstation.report.fonts import Typeface, typeface
from workstation.report.gather import Gathered, gather
from workstation.report.making import KINDS, Kind, Made, printed
from workstation.report.storing import NotStorableYet, StoredDocument, store_document
from workstation.report.typeset import NotPrintable, Typeset, typeset

__all__ = [
    "KINDS",
    "Gathered",
    "Kind",
    "Made",
    "NotPrintable",
    "NotStorableYet",
    "StoredDocument",
    "Typeface",
    "Typeset",
    "gather",
    "printed",
    "store_document",
    "typeface",
    "typeset",
]
