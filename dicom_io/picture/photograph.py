"""Photographs: VL Photographic Image (PS3.3 A.32.4), and back.

The camera's JPEG is kept bit-exact where it can stand in an object (`camera_picture`), else its pixels without loss. From
where the face was seen, and in which part of the procedure, stand in the acquisition context. No place, no name of a file and
nothing else of the camera's own notes goes in; a face by itself tells who somebody is, and the object says that it shows one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from dicom_io.coding.anatomy import anatomy_module
from dicom_io.coding.codes import IMAGE_VIEW, PHASES, TIME_POINT_TYPE, declare_private_scheme
from dicom_io.coding.concept import Concept, private
from dicom_io.composite.identity import same_patient_and_study
from dicom_io.composite.modules import (
    equipment_module,
    patient_module,
    series_module,
    sop_common_module,
    study_module,
    workstation_item,
)
from dicom_io.context import Equipment, Phase, Series, Study
from dicom_io.dataset.parse import damage_as, parse
from dicom_io.dataset.plain_dataset import AnyDataset, PlainDataset, as_pydicom
from dicom_io.dataset.timing import date_text, moment_of, moment_text, time_text, zone_of
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotAPhotograph
from dicom_io.picture.camera_picture import CameraPicture
from dicom_io.picture.encapsulate import encapsulated, frame_item
from dicom_io.picture.lossless import rle_frame
from dicom_io.picture.pixels import JPEG_BASELINE, RLE_LOSSLESS, Coding, lossy_attributes, pixel_module

PHOTOGRAPH: Final = "1.2.840.10008.5.1.4.1.1.77.1.4"


class View(StrEnum):
    """From where the face is seen; left and right are the patient's."""

    FRONT = "front"
    OBLIQUE_LEFT = "oblique-left"
    OBLIQUE_RIGHT = "oblique-right"


#: Radiography's oblique projections name the side that lies at the detector: they are not what a photograph's views say.
VIEWS: Final[dict[View, Concept]] = {
    View.FRONT: private("PHOTO_FRONT", "Photograph of the face from the front"),
    View.OBLIQUE_LEFT: private("PHOTO_OBLIQUE_L", "Photograph of the face obliquely from the patient's left"),
    View.OBLIQUE_RIGHT: private("PHOTO_OBLIQUE_R", "Photograph of the face obliquely from the patient's right"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """How a photograph was taken. `at` has a time zone.

    `burned_in` says whether words stand in the picture (a date, a name), None where nobody looked; `remark` is a sentence on
    how any of this is known.
    """

    view: View
    at: datetime
    maker: str = ""
    model: str = ""
    burned_in: bool | None = None
    simulated: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class StoredPhotograph:
    """A photograph's header as it was read. What another maker's object does not tell is None or empty."""

    sop_instance_uid: str
    columns: int
    rows: int
    view: View | None
    phase: Phase | None
    at: datetime | None
    maker: str
    model: str
    burned_in: bool | None
    comments: str


def encode_photograph(
    picture: CameraPicture,
    taken: Taken,
    study: Study,
    series: Series,
    *,
    sop_instance_uid: str,
    instance_number: int = 1,
    like: Dataset | None = None,
    software_version: str = "",
) -> EncodedObject:
    """The photograph as an object of `study`; `like` is a header of that study where it has objects already.

    Raises NotEncodable where a text cannot stand in its field or the vocabulary has no such region.
    """
    dataset = PlainDataset()
    sop_common_module(dataset, PHOTOGRAPH, sop_instance_uid, study)
    patient_module(dataset, study.patient)
    study_module(dataset, study)
    series_module(dataset, study, series, "XC")
    equipment_module(dataset, Equipment(taken.maker, taken.model, "", "", "", "", software_version, taken.simulated))
    at = taken.at.astimezone(zone_of(study.started_at))
    dataset.InstanceNumber = instance_number
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.AcquisitionDateTime = moment_text(at)
    dataset.AcquisitionDate = dataset.ContentDate = date_text(at)
    dataset.AcquisitionTime = dataset.ContentTime = time_text(at)
    dataset.PatientOrientation = ""  # a camera may mirror: nobody looked
    if taken.burned_in is not None:
        dataset.BurnedInAnnotation = "YES" if taken.burned_in else "NO"
    dataset.RecognizableVisualFeatures = "NO" if taken.simulated else "YES"
    anatomy_module(dataset, series)
    dataset.AcquisitionContextSequence = [
        _context(IMAGE_VIEW, VIEWS[taken.view]),
        _context(TIME_POINT_TYPE, PHASES[series.phase]),
    ]
    _comments(dataset, picture, taken, software_version, at)
    declare_private_scheme(dataset)
    return _with_pixels(dataset, picture, like)


def _context(name: Concept, value: Concept) -> PlainDataset:
    item = PlainDataset()
    item.ValueType = "CODE"
    item.ConceptNameCodeSequence = [name.item()]
    item.ConceptCodeSequence = [value.item()]
    return item


def _comments(dataset: PlainDataset, picture: CameraPicture, taken: Taken, software_version: str, at: datetime) -> None:
    program = workstation_item(software_version)
    program.ContributionDateTime = moment_text(at)
    program.ContributionDescription = "; ".join(picture.done) or "Kept the camera's file as it is"
    dataset.ContributingEquipmentSequence = [program]
    said = ["Simulated picture, of no person."] if taken.simulated else []
    said += [taken.remark, f"SHA-256 of the file as it came: {picture.sha256}."]
    dataset.ImageComments = " ".join(sentence for sentence in said if sentence)


def _with_pixels(dataset: PlainDataset, picture: CameraPicture, like: Dataset | None) -> EncodedObject:
    colours = ("MONOCHROME2", "YBR_FULL_422") if picture.bit_exact else ("MONOCHROME2", "RGB")
    photometric = colours[0] if picture.samples == 1 else colours[1]
    lossy = picture.bit_exact or picture.compressed_bytes is not None
    syntax = JPEG_BASELINE if picture.bit_exact else RLE_LOSSLESS
    coding = Coding(syntax, photometric, "ISO_10918_1" if lossy else None)
    pixel_module(dataset, coding, picture.columns, picture.rows)
    del dataset.UltrasoundColorDataPresent
    if picture.samples == 3:
        dataset.PlanarConfiguration = (
            0  # VL Image knows no other, and RLE is plane after plane in either (PS3.5, 8.2.2)
        )
    dataset.LossyImageCompression = ""  # VL Image wants it; where no loss is known it stays blank
    lossy_attributes(dataset, coding, 1, picture.compressed_bytes or len(picture.jpeg) or 1)
    if picture.icc_profile and picture.samples == 3:
        dataset.ICCProfile = picture.icc_profile + b"\0" * (len(picture.icc_profile) & 1)
    if picture.pixels is None:
        frame = picture.jpeg
    else:
        frame = rle_frame([picture.pixels[:, :, sample] for sample in range(picture.samples)])
    made: AnyDataset = dataset
    if like is not None:
        made = as_pydicom(dataset)
        same_patient_and_study(made, like)
    return encapsulated(made, coding.transfer_syntax_uid, [len(frame)], [frame_item(frame)])


def read_photograph(path: Path) -> StoredPhotograph:
    """What a photograph's header says; `OpenedImage` has its pixels. Raises CannotOpen, NotDicom, NotAPhotograph."""
    header, _ = parse(path, stop_before_pixels=True)
    if header.get("SOPClassUID") != PHOTOGRAPH:
        raise NotAPhotograph(f"{path} is no photograph: choose another file.")
    with damage_as(lambda error: NotAPhotograph(f"{path} is no photograph that can be read ({error}).")):
        told = {_code(i, "ConceptNameCodeSequence"): i for i in header.get("AcquisitionContextSequence") or []}
        view = _told(told, IMAGE_VIEW)
        phase = _told(told, TIME_POINT_TYPE)
        return StoredPhotograph(
            sop_instance_uid=str(header.SOPInstanceUID),
            columns=int(header.Columns),
            rows=int(header.Rows),
            view=next((word for word, code in VIEWS.items() if view == (code.scheme, code.value)), None),
            phase=next((word for word, code in PHASES.items() if phase == (code.scheme, code.value)), None),
            at=moment_of(str(header.get("AcquisitionDateTime") or "")),
            maker=str(header.get("Manufacturer") or ""),
            model=str(header.get("ManufacturerModelName") or ""),
            burned_in={"YES": True, "NO": False}.get(str(header.get("BurnedInAnnotation") or "")),
            comments=str(header.get("ImageComments") or ""),
        )


def _code(item: Dataset, keyword: str) -> tuple[str, str]:
    codes = item.get(keyword) or []
    return (str(codes[0].get("CodingSchemeDesignator")), str(codes[0].get("CodeValue"))) if codes else ("", "")


def _told(context: dict[tuple[str, str], Dataset], name: Concept) -> tuple[str, str] | None:
    item = context.get((name.scheme, name.value))
    return None if item is None else _code(item, "ConceptCodeSequence")
