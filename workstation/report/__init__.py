"""The printed documents on paper: what the files hold is gathered, laid out, and written as a PDF/A. No Qt.

found = gather(paths)                                  # encounter, labels, pictures, digests: from DICOM files alone
pdf = printed(found, "record")                         # bytes; the same record gives the same bytes
"""

from workstation.report.fonts import Typeface, typeface
from workstation.report.gather import Gathered, gather
from workstation.report.making import KINDS, Kind, Made, printed
from workstation.report.typeset import NotPrintable, Typeset, typeset

__all__ = [
    "KINDS",
    "Gathered",
    "Kind",
    "Made",
    "NotPrintable",
    "Typeface",
    "Typeset",
    "gather",
    "printed",
    "typeface",
    "typeset",
]
