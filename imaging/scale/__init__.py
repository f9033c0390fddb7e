"""Millimetres per pixel, with where they come from.

    reading = read_scale(bgr)                 # raises CannotTell, with the reason
    reading.scale.mm_per_pixel_y, reading.half_y, reading.evidence
    known = fingerprint(bgr, reading); confirm(next_bgr, known)      # a few milliseconds

Every millimetre in the program comes from a `Scale`. Where none is known lengths are in pixels, and say so. `read_scale`
reads it off any probe's screen: rulers of ticks or dots, the numbers beside them, a depth in words, a DICOM header checked
against the picture. `read_film` finds changes to the frame, `ScaleWatch` serves the live picture, `two_point_scale` a person.
"""

from imaging.scale.deciding import decide, read_scale
from imaging.scale.films import Change, FilmReading, read_film
from imaging.scale.looking import Seen, look
from imaging.scale.millimetres import Scale, Source
from imaging.scale.reading import Evidence, Reading
from imaging.scale.two_point import Remembered, recall, recall_all, remember, screen_print, two_point_scale
from imaging.scale.watch import Fingerprint, ScaleWatch, confirm, fingerprint

__all__ = [
    "Change",
    "Evidence",
    "FilmReading",
    "Fingerprint",
    "Reading",
    "Remembered",
    "Scale",
    "ScaleWatch",
    "Seen",
    "Source",
    "confirm",
    "decide",
    "fingerprint",
    "look",
    "read_film",
    "read_scale",
    "recall",
    "recall_all",
    "remember",
    "screen_print",
    "two_point_scale",
]
