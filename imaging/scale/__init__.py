"""Millimetres per pixel, with where they come from.

    reading = read_scale(bgr)                 # raises CannotTell, with the reason
    reading.scale.mm_per_pixel_y, reading.half_y, reading.evidence

Every millimetre in the program comes from a `Scale`. Where none is known lengths are in pixels, and say so. `read_scale`
reads it off any probe's screen: rulers of ticks or dots, the numbers beside them, a depth in words, a DICOM header checked
against the picture.
"""

from imaging.scale.deciding import read_scale
from imaging.scale.millimetres import Scale, Source
from imaging.scale.reading import Evidence, Reading

__all__ = ["Evidence", "Reading", "Scale", "Source", "read_scale"]
