"""Places that a person drew on the schematic face or on a patient's own photograph (S21, N5, N11).

A place on the face is told in the face map's own space (`procedure.face_map`): it says where somebody pointed on a drawing of
nobody, not where anything lies in this patient. Distances between such places are schematic and are never told as measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procedure.answers import Side
from procedure.record import Record, Uid


@dataclass(frozen=True, slots=True, kw_only=True)
class FacePlace(Record):
    """A place on the schematic face, its own millimetres: x to the patient's left, y down from the nasion, z forwards."""

    x_mm: float
    y_mm: float
    z_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FacePath(Record):
    """The way of the instrument along the face as drawn: where it enters, and how far it is to go."""

    entry: FacePlace
    target: FacePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDeposit(Record):
    """Where product is to be laid down, as drawn; the volume is blank until somebody says it."""

    on_face: FacePlace
    volume_ml: float | None = None


class Pointed(StrEnum):
    """What a mark on a photograph points at."""

    STATION = "station"
    ENTRY = "entry-point"
    INJECTION = "injection-site"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotographMark(Record):
    """One place on a photograph of this patient, [column, row] in its pixels; 0, 0 is the top left corner of the picture.

    `station_id` and `side` tell a station; `text` says what else there is to say.
    """

    photograph_uid: Uid
    column: float
    row: float
    pointed: Pointed
    at: datetime
    by: str
    station_id: str = ""
    side: Side | None = None
    text: str = ""
