"""The Doppler angle that a screen prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from imaging.text import TextLine

#: 'Angle 60', 'SV Angle 60', 'AC 60', 'A/C: 45', 'Ang 52°', theta 60. A bare '60°' may be the sector's or the steering's.
_ANGLE: Final = re.compile(
    r"(?:\b(?:angle|ang|angulo|\u00e1ngulo|angolo|winkel|a/?c|correction)\b|[\u03b8\u2220\u0398]|\u89d2\u5ea6)"
    r"\W{0,4}(?P<minus>-?)\s*(?P<degrees>\d{1,2})(?![\d.,])",
    re.I,
)
_OTHER: Final = re.compile(r"steer|sector|width|fov|view|volume", re.I)
STEEPEST_DEG: Final = 89


def angle_text(texts: Sequence[TextLine]) -> float | None:
    """The angle between flow and beam in degrees, 0 to 89; None: none is printed, or two that differ."""
    found = set()
    for text in texts:
        match = None if _OTHER.search(text.text) else _ANGLE.search(text.text)
        if match is not None and int(match["degrees"]) <= STEEPEST_DEG:
            found.add(float(match["degrees"]))
    return found.pop() if len(found) == 1 else None
