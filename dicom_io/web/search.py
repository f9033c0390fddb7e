"""QIDO-RS (PS3.18, 10.6): which studies and objects a server has, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from dicom_io.network.find import day_of
from dicom_io.network.query import StudyThere
from dicom_io.web.connection import WebConnection
from dicom_io.web.json_model import Row, rows_of, text_in

_PAGE: Final = 200
_ASKED: Final = (
    "StudyDate", "StudyTime", "PatientID", "PatientName", "PatientBirthDate", "StudyDescription", "AccessionNumber",
    "ModalitiesInStudy", "NumberOfStudyRelatedInstances",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RemoteStudy:
    """A study of a server, as the search by C-FIND tells it, and the time by which studies of a day are ordered."""

    there: StudyThere
    time: str

    @property
    def objects(self) -> int | None:
        """How many objects it has; None where the server does not count."""
        return int(self.there.objects) if self.there.objects.isdecimal() else None


def studies_of(
    connection: WebConnection,
    *,
    patient_id: str = "",
    patient_name: str = "",
    dates: str = "",
    modality: str = "",
    study_instance_uid: str = "",
    limit: int | None = None,
) -> tuple[list[RemoteStudy], int]:
    """The studies that fit, newest first (the first `limit`), and how many rows were broken.

    `*` and `?` stand for what is not known. Raises NetworkError's kinds.
    """
    wanted = {
        "PatientID": patient_id,
        "PatientName": patient_name,
        "StudyDate": dates,
        "ModalitiesInStudy": modality,
        "StudyInstanceUID": study_instance_uid,
    }
    found: dict[str, RemoteStudy] = {}
    broken = 0
    for row in _rows(connection, "/studies", {key: value for key, value in wanted.items() if value}, _ASKED):
        study = _study(row)
        if study is None:
            broken += 1
        else:
            found.setdefault(study.there.study_instance_uid, study)
    # Servers answer in any order, so all are asked for before the newest are known.
    ordered = sorted(found.values(), key=lambda one: one.there.study_instance_uid)
    ordered.sort(key=lambda one: (one.there.date, one.time), reverse=True)
    return ordered[:limit], broken


def objects_of(connection: WebConnection, study_instance_uid: str) -> list[str]:
    """The SOP Instance UIDs of a study, each once. Raises NetworkError's kinds."""
    rows = _rows(connection, f"/studies/{quote(study_instance_uid)}/instances", {}, ())
    return [uid for uid in dict.fromkeys(text_in(row, "SOPInstanceUID") for row in rows) if uid]


def _rows(connection: WebConnection, path: str, wanted: Mapping[str, str], also: tuple[str, ...]) -> Iterator[Row]:
    """All rows of a search. A server that knows no pages sends all at once, or the same page again: then it ends."""
    before: list[Row] | None = None
    offset = 0
    while True:
        words = [*wanted.items(), *(("includefield", key) for key in also), ("limit", _PAGE), ("offset", offset)]
        status, text = connection.json("GET", f"{path}?{urlencode(words)}")
        if status not in (200, 204, 206):
            raise connection.refusal(status)
        rows = rows_of(text, connection.server) if status != 204 else []
        if not rows or rows == before:
            return
        yield from rows
        if len(rows) != _PAGE:
            return
        before = rows
        offset += len(rows)


def _study(row: Row) -> RemoteStudy | None:
    uid = text_in(row, "StudyInstanceUID")
    if not uid:
        return None
    there = StudyThere(
        study_instance_uid=uid,
        patient_id=text_in(row, "PatientID"),
        patient_name=text_in(row, "PatientName"),
        birth_date=day_of(text_in(row, "PatientBirthDate")),
        date=day_of(text_in(row, "StudyDate")),
        description=text_in(row, "StudyDescription"),
        accession_number=text_in(row, "AccessionNumber"),
        modalities=text_in(row, "ModalitiesInStudy"),
        objects=text_in(row, "NumberOfStudyRelatedInstances"),
    )
    return RemoteStudy(there, text_in(row, "StudyTime"))
