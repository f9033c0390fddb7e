"""Who is treated, and how that was found out when nobody knew at first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procedure.record import Record, Uid


class Sex(StrEnum):
    """As DICOM's Patient's Sex."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "O"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record):
    """A patient's identity, `name` in DICOM's form (Family^Given). All blank in an emergency that starts without a name."""

    patient_id: str = ""
    name: str = ""
    birth_date: date | None = None
    sex: Sex | None = None

    @property
    def known(self) -> bool:
        """Whether somebody can be told by it."""
        return bool(self.patient_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChange(Record):
    """The encounter was given to another identity: a name found later, or a wrong one put right. Nothing is erased.

    `images_remade` are images made again under the right identity; their old ones are hidden by a rejection note.
    """

    at: datetime
    by: str
    reason: str
    before: Identity
    images_remade: tuple[Uid, ...] = ()
