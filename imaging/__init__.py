"""Imaging: what the pixels say, each answer with its uncertainty and its right to say 'cannot tell'.

Pictures are decoded frames (`Picture`, BGR); text is read off them (`imaging.text`); a `Scale` is millimetres per pixel
with its source.
"""

from imaging.errors import CannotTell, ImagingError
from imaging.pictures import Bgr, Picture, Pictures
from imaging.scale import Scale

__all__ = ["Bgr", "CannotTell", "ImagingError", "Picture", "Pictures", "Scale"]
