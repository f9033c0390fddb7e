"""Photographs of the face, put into a study beside its scans. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from archive import Archive
from dicom_io import DicomError, Phase, Series, Study
from dicom_io.composite.identity import study_of
from dicom_io.context import derived_uid
from dicom_io.dataset.parse import parse
from dicom_io.picture.camera_picture import CameraPicture
from dicom_io.picture.photograph import Taken, encode_photograph
from workstation.version import VERSION

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_SERIES_NUMBER: Final = 1300


class NoHeader(Exception):
    """The study has no object that can be read, so nobody knows whose it is; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a photograph belongs: its study, and a header of that study where it has objects already."""

    study: Study
    like: Dataset | None = None


@dataclass(frozen=True, slots=True)
class KeptPhotograph:
    """Where the photograph lies. `already`: the same file was stored for the same view and phase before."""

    sop_instance_uid: str
    study_instance_uid: str
    path: Path
    already: bool


def place_in(archive: Archive, study_instance_uid: str, operator: str = "") -> Place:
    """The place in a study that is there. Raises NoHeader, and NotFound where there is no such study."""
    for row in archive.objects(study_instance_uid):
        try:
            header, _ = parse(row.file, stop_before_pixels=True)
        except DicomError:
            continue
        return Place(replace(study_of(header), operator=operator), header)
    raise NoHeader(
        f"No object of study {study_instance_uid} can be read, so whose it is is not known: name the patient instead."
    )


def store_photograph(
    archive: Archive,
    picture: CameraPicture,
    taken: Taken,
    phase: Phase,
    place: Place,
    *,
    region: str = "",
    laterality: Literal["R", "L", "B", ""] = "",
    sop_instance_uid: str | None = None,
) -> KeptPhotograph:
    """Put a photograph into its study. The same one is stored once.

    `sop_instance_uid` is one that a record names it by already. Raises the archive's errors, and NotEncodable.
    """
    study = place.study.study_instance_uid
    uid = sop_instance_uid or derived_uid(study, "photograph", picture.sha256, taken.view, phase)
    if archive.has(uid):
        return KeptPhotograph(uid, study, archive.path_of(uid), already=True)
    # The camera stands in the series: another one's photographs are another series.
    series = Series(
        phase=phase,
        number=_SERIES_NUMBER + list(Phase).index(phase),
        series_instance_uid=derived_uid(study, "photographs", phase, taken.maker, taken.model, region, laterality),
        laterality=laterality,
        region=region,
        description="photographs",
    )
    beside = archive.objects(study) if archive.holds(study) else []
    item = encode_photograph(
        *(picture, taken, place.study, series),
        sop_instance_uid=uid,
        instance_number=1 + sum(row.file.parent.name == series.series_instance_uid for row in beside),
        like=place.like,
        software_version=VERSION,
    )
    return KeptPhotograph(uid, study, archive.put(item), already=False)
