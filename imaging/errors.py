"""What imaging raises.

ImagingError
└── CannotTell      the picture does not tell what was asked; the message says why and what would help
"""

from __future__ import annotations


class ImagingError(Exception):
    """The base. Each message is one sentence for the user."""


class CannotTell(ImagingError):
    """An honest refusal: the picture does not show what was asked, or shows things that contradict each other."""
