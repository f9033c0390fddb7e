"""Where a record stands: draft, final, attested; and its versions, each with its reason (S20).

    draft --finalise--> final --attest (by a supervisor)--> attested
      ^                   |                                    |
      +----- correct, with a reason: a new version ------------+
      (a supervisor who does not attest gives it back: a correction that says so)

Only a final record leaves the workstation. A correction never overwrites: it is the next version, a draft again, that names
the digest of the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.record import Record


class State(StrEnum):
    """DICOM's Completion Flag is COMPLETE from FINAL on, its Verification Flag VERIFIED for ATTESTED."""

    DRAFT = "draft"
    FINAL = "final"
    ATTESTED = "attested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Record):
    """Who made the record final, or attested it, and when. The attesting one is the Verifying Observer."""

    at: datetime
    by: str
    state: State
    organization: str = ""
    registration_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """One version that came before: why it was corrected, and its digest (SHA-256 of its canonical JSON, hex)."""

    number: int
    at: datetime
    by: str
    reason: str
    sha256: str
