"""Millimetres per pixel, with where they come from.

    reading = read_scale(bgr)                 # raises CannotTell, with the reason
    reading.scale.mm_per_pixel_y, reading.half_y, reading.evidence
    known = fingerprint(bgr, reading); confirm(next_bgr, known)      # a few milliseconds

Every millimetre in the program comes from a `Scale`. Where none is known lengths are in pixels, and say so. `read_scale`
reads it off any probe's screen: rulers of ticks or dots, the numbers beside them, a depth in words, a DICOM header checked
against the picture. `read_film` finds changes to the frame, `ScaleWatch` serves the live picture, `two_point_scale` a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imaging.scale.millimetres import Scale, Source

if TYPE_CHECKING:
    from imaging.scale.deciding import decide, read_scale
    from imaging.scale.films import Change, FilmReading, read_film
    from imaging.scale.looking import Seen, look
    from imaging.scale.reading import Evidence, Reading
    from imaging.scale.two_point import Remembered, forget, recall, recall_all, remember, screen_print, two_point_scale
    from imaging.scale.watch import Fingerprint, ScaleWatch, confirm, fingerprint, same_scale

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
    "forget",
    "look",
    "read_film",
    "read_scale",
    "recall",
    "recall_all",
    "remember",
    "same_scale",
    "screen_print",
    "two_point_scale",
]

_READING = {
    "decide": "deciding",
    "read_scale": "deciding",
    "Change": "films",
    "FilmReading": "films",
    "read_film": "films",
    "Seen": "looking",
    "look": "looking",
    "Evidence": "reading",
    "Reading": "reading",
    "Remembered": "two_point",
    "forget": "two_point",
    "recall": "two_point",
    "recall_all": "two_point",
    "remember": "two_point",
    "screen_print": "two_point",
    "two_point_scale": "two_point",
    "Fingerprint": "watch",
    "ScaleWatch": "watch",
    "confirm": "watch",
    "same_scale": "watch",
    "fingerprint": "watch",
}


def __getattr__(name: str) -> Any:
    """What reads a screen is loaded when it is asked for: a `Scale` alone needs no OpenCV."""
    if name in _READING:
        import importlib

        return getattr(importlib.import_module(f"imaging.scale.{_READING[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
