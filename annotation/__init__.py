"""Annotation: what a person says about the picture.

Vessels, layer boundaries, points and distances, the plane and the landmark, with who said it and when, suggested or
confirmed, with undo without end. `vocabulary` has the names of vessels, layers, regions, planes and landmarks (each new one
needs its code in `dicom_io/coding/codes.py`). This room knows nothing of DICOM, and nothing here needs Qt but
`annotation.canvas`.

    history = History()
    history.do(Add(Finding(kind="vessel", vessel_kind="artery", term="fa", name="facial artery",
                           shape=Ellipse.around((640, 300), (24, 18)), by="nurse")))
    history.undo()
"""

from annotation.commands import Add, Command, Confirm, Delete, History, Replace, SetNote
from annotation.document import Document, DocumentUnreadable, NoSuchFinding
from annotation.finding import Finding, ImageNote, new_tracking_uid
from annotation.measure import Measured, measurements
from annotation.shapes import Ellipse, Line, Point, Polyline, Shape
from annotation.vocabulary import Term

__all__ = [
    "Add",
    "Command",
    "Confirm",
    "Delete",
    "Document",
    "DocumentUnreadable",
    "Ellipse",
    "Finding",
    "History",
    "ImageNote",
    "Line",
    "Measured",
    "NoSuchFinding",
    "Point",
    "Polyline",
    "Replace",
    "SetNote",
    "Shape",
    "Term",
    "measurements",
    "new_tracking_uid",
]
