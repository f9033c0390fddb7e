"""The parts of a procedure: everything that is kept belongs to one of them."""

from __future__ import annotations

import enum


class Phase(enum.StrEnum):
    """The part of the procedure that an image, a station or a measurement belongs to (S17, S33)."""

    PRE = "pre"
    DURING = "during"
    POST = "post"
    COMPLICATION = "complication"
    FOLLOWUP = "followup"
