"""Millimetres per pixel, with where they come from.

    reading = read_scale(bgr)                 # raises CannotTell, with the reason
    reading.scale.mm_per_pixel_y, reading.half_y, reading.evidence

Every millimetre in the program comes from a `Scale`. Where none is known lengths are in pixels, and say so. `read_scale`
reads it off any probe's screen: rulers of ticks or dots, the numbers beside them, a depth in words, a DICOM header checked
against the picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imaging.scale.millimetres import Scale, Source

if TYPE_CHECKING:
    from imaging.scale.deciding import read_scale
    from imaging.scale.reading import Evidence, Reading

__all__ = ["Evidence", "Reading", "Scale", "Source", "read_scale"]

_READING = {"Evidence": "reading", "Reading": "reading", "read_scale": "deciding"}


def __getattr__(name: str) -> Any:
    """What reads a screen is loaded when it is asked for: a `Scale` alone needs no OpenCV."""
    if name in _READING:
        import importlib

        return getattr(importlib.import_module(f"imaging.scale.{_READING[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
