"""The words that the program has to use, and those that it may not (clinical reference, section 6; S26, S27, S29).

`banned_in` is a lint for our own texts and, as a question, for texts that a person writes into a record (conflict X5).
"""

from __future__ import annotations

import re
from typing import Final

PURPOSE: Final = (
    "Documentation aid. Not a diagnostic device. It does not identify vessels, filler or occlusion; the clinician does."
)
RESIDUAL_RISK: Final = "Ultrasound reduces risk. It does not remove it. Anatomy varies and vessels can be missed."
NO_SIGNAL: Final = (
    "No Doppler signal seen at these settings. This does not exclude flow or an intravascular position: slow flow, small "
    "vessels, angle, pressure and settings can hide it."
)
MEASURED: Final = "Measured by the user on this image. Reference ranges come from small studies."
SUGGESTED: Final = "Reference label, not a finding. Confirm on your image."
SIMULATED: Final = "Simulated image. Not a patient. Values are teaching defaults."
COMPLICATION: Final = (
    "Suspected event log. Follow your clinic protocol and call for help early. Do not wait for ultrasound."
)
DOSES: Final = "Published protocol, shown for reference with its source. Dose is the prescriber's decision."
VISION: Final = "Vision change: call emergency services now."
NOT_SCANNED: Final = "What was not scanned, or not seen, may still be there."

#: Each phrase with the words to use instead.
BANNED: Final = {
    r"safe\s+zones?": "say what was seen, and where nobody looked",
    r"safe (area|region|plane|depth|site)s?": "say what was seen, and where nobody looked",
    r"safe to inject": "say what was seen, and where nobody looked",
    r"\bsafer\b": "say what the source measured",
    r"low[- ]risk": "no part of the face is without risk",
    r"zero[- ]risk": "no part of the face is without risk",
    r"risk[- ]free": "no part of the face is without risk",
    r"confirmed not intravascular": "say what was seen",
    r"no vessels? present": "no vessel was seen",
    r"rul(es?|ed|ing) out": "appears, consistent with",
    r"\bdetect(s|ed|ion)\b": "seen, recorded as",
    r"\bdiagnos(ed|es)\b": "suspected, consistent with",
    r"guarante": "expected",
    r"eliminat(es?|ed|ing)": "reduces",
    r"time left": "elapsed time",
    r"time remaining": "elapsed time",
    r"recommended dose": "dose told by the source",
}
_BANNED: Final = {re.compile(pattern, re.IGNORECASE): instead for pattern, instead in BANNED.items()}


def banned_in(text: str) -> tuple[tuple[str, str], ...]:
    """The phrases in `text` that may not stand there, each with what to say instead."""
    return tuple(
        (found.group(), instead) for pattern, instead in _BANNED.items() if (found := pattern.search(text)) is not None
    )
