"""Imaging: what the pixels say, each answer with its uncertainty and its right to say 'cannot tell'.

Pictures are decoded frames (`Picture`, BGR); text is read off them (`imaging.text`); a `Scale` is millimetres per pixel
with its source. Each question has a room of its own: `region`, `scale`, `readout`, `flow`, `spectrum`, `layers`, `vessels`,
`tracking`, `needle`, `quality`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imaging.errors import CannotTell, ImagingError
from imaging.scale import Scale

if TYPE_CHECKING:
    from imaging.pictures import Bgr, Picture, Pictures

__all__ = ["Bgr", "CannotTell", "ImagingError", "Picture", "Pictures", "Scale"]


def __getattr__(name: str) -> Any:
    """Pictures are loaded when they are asked for: a record is read and written without OpenCV."""
    if name in ("Bgr", "Picture", "Pictures"):
        from imaging import pictures

        return getattr(pictures, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
