"""One file made to tell of nobody: its header, its content, its pictures; or the reason why it is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset
from pydicom.uid import UID

from dicom_io.dataset.parse import damage_as, damaged, parse
from dicom_io.dataset.plain_dataset import as_pydicom
from dicom_io.deidentify.dataset import Cleaner, header_names
from dicom_io.deidentify.pictures import Covered, covered_object
from dicom_io.deidentify.profile import OPTION_CODES, Option
from dicom_io.deidentify.screen_memory import ScreenMemory
from dicom_io.deidentify.screens import ScreenText
from dicom_io.deidentify.told import Told
from dicom_io.deidentify.words import KnownWords
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.errors import NotDeidentifiable
from dicom_io.picture.encapsulate import EXPLICIT_VR_LITTLE_ENDIAN, encoded, file_header
from dicom_io.picture.opened import OpenedImage
from dicom_io.picture.photograph import PHOTOGRAPH

ProgressCallback = Callable[[float, float], None]

_PHOTOGRAPHS: Final = "1.2.840.10008.5.1.4.1.1.77."  # visible light: a face can be known by its picture
_DOCUMENTS: Final = "1.2.840.10008.5.1.4.1.1.104."
_SEGMENTATION: Final = "1.2.840.10008.5.1.4.1.1.66."


@dataclass(frozen=True, slots=True)
class Deidentified:
    """An object that tells of nobody, what was taken out of it, and what became of its pictures where it has some."""

    item: EncodedObject
    told: Told
    covered: Covered | None


def deidentified(
    path: Path,
    cleaner: Cleaner,
    scratch: Path,
    progress: ProgressCallback | None = None,
    known_as: Instance | None = None,
    memory: ScreenMemory | None = None,
    photographs: bool = False,
) -> Deidentified:
    """The object in `path`; the frames of its pictures lie in `scratch` until the object is written.

    `known_as` is by which UIDs it is known, where its own may be missing or none; `memory` has what was read on other
    objects. With `photographs` a face may be given away: their words and data go, the face stays. Raises
    NotDeidentifiable with the reason why it cannot be done; CannotOpen, NotDicom, NotUltrasound, UnreadablePixels.
    """
    header, _ = parse(path, stop_before_pixels=True)
    with damage_as(damaged(path)):
        _known(header, known_as)
        sop_class = str(header.get("SOPClassUID") or "")
        _refuse(sop_class, photographs)
        has_pictures = "Rows" in header and not sop_class.startswith(_SEGMENTATION)
        if has_pictures:
            names = tuple(header_names(header))
            with OpenedImage(path) as source:
                told = cleaner.clean(header)
                _with_code(header)
                text = ScreenText(names, KnownWords(names), memory or ScreenMemory())
                item, covered = covered_object(source, header, text, scratch, progress)
            return Deidentified(item, told, covered)
        dataset, _ = parse(path)
        _known(dataset, known_as)
        syntax = UID(str(dataset.file_meta.get("TransferSyntaxUID") or EXPLICIT_VR_LITTLE_ENDIAN))
        written = str(syntax) if syntax.is_encapsulated else EXPLICIT_VR_LITTLE_ENDIAN
        told = cleaner.clean(dataset)
        frames = int(dataset.get("NumberOfFrames") or 0)
        return Deidentified(encoded(dataset, written, frames, (file_header(dataset, written),)), told, None)


def _known(header: Dataset, known_as: Instance | None) -> None:
    if known_as is not None:
        header.StudyInstanceUID = known_as.study_instance_uid
        header.SeriesInstanceUID = known_as.series_instance_uid
        header.SOPInstanceUID = known_as.sop_instance_uid
        if "SOPClassUID" not in header:
            header.SOPClassUID = known_as.sop_class_uid


def _refuse(sop_class: str, photographs: bool) -> None:
    if sop_class.startswith(_PHOTOGRAPHS) and not (photographs and sop_class == PHOTOGRAPH):
        raise NotDeidentifiable("A photograph: a face can be known by its picture, and no program can clean that.")
    if sop_class.startswith(_DOCUMENTS):
        raise NotDeidentifiable("A document whose pages name persons; what it tells stands in the other objects.")


def _with_code(header: Dataset) -> None:
    """That the pixels are clean: an object says it only if it has some, and is only written once that is proved."""
    header.DeidentificationMethodCodeSequence.append(as_pydicom(OPTION_CODES[Option.PIXELS].item()))
