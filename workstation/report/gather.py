"""What a document is made from, out of DICOM files alone: the encounter, its labels and pictures, and each file's digest."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotation import Finding, ImageNote
from archive.reading import Head
from procedure import Encounter
from procedure.documents import Picture, SourceFile, Sources
from procedure.images import ImageRef
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import FoundFiles, found_files
from workstation.studies.reading import COPY, LABEL_CLASSES, REPORT_CLASSES

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from dicom_io import OpenedImage

_PHOTOGRAPH: Final = "1.2.840.10008.5.1.4.1.1.77.1.4"
_PICTURES: Final = frozenset({"1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.3.1", _PHOTOGRAPH})
_JPEG: Final = "1.2.840.10008.1.2.4.50"
#: Words for the kinds of objects; another kind is told by the standard's name.
_KINDS: Final = {
    "1.2.840.10008.5.1.4.1.1.6.1": "ultrasound still",
    "1.2.840.10008.5.1.4.1.1.3.1": "ultrasound clip",
    _PHOTOGRAPH: "photograph",
    "1.2.840.10008.5.1.4.1.1.88.22": "record of the encounter",
    "1.2.840.10008.5.1.4.1.1.88.33": "labels and measurements",
    "1.2.840.10008.5.1.4.1.1.88.34": "labels and measurements",
    **LABEL_CLASSES,
}
MOST_FRAMES: Final = 3  #: labelled frames of one clip that are printed, evenly chosen


@dataclass(frozen=True, slots=True)
class Gathered:
    """The newest version of an encounter and what its files give. `header` is that of the encounter's own file."""

    encounter: Encounter
    sources: Sources
    header: Dataset


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    head: Head
    source: SourceFile

    @property
    def sop_class_uid(self) -> str:
        return self.head.header.sop_class_uid


def gather(paths: Iterable[Path], encounter_uid: str | None = None, wrong: Sequence[str] = ()) -> Gathered:
    """Everything for a document. Files of another study are passed over, unless the encounter names them, and so are those of
    another patient. `wrong` are sentences on files that are not among `paths` because something is wrong with them.

    Raises NoOneEncounter where there is none, or no single one; a file that cannot be read is told in `Sources.troubles`.
    """
    from dicom_io.dataset.parse import parse

    chosen = sorted(paths)
    looked = found_files(chosen)
    files = _digested(looked)
    newest = newest_encounter(looked, encounter_uid)
    encounter = newest.encounter
    header, _ = parse(newest.file, stop_before_pixels=True)
    named = {image.image_uid for image in encounter.images}
    study, patient = str(header.StudyInstanceUID), encounter.patient.patient_id
    mine_or_nobodys = [f for f in files if not patient or f.head.header.patient_id == patient]
    wanted = [
        f for f in mine_or_nobodys if f.head.header.study_instance_uid == study or f.source.sop_instance_uid in named
    ]
    mine, twice = _each_once(wanted)
    shown = [file for file in mine if file.source.sop_instance_uid not in looked.rejected]
    findings, notes, unread = _labels(shown)
    pictures, undecoded = _pictures(shown, encounter, findings)
    foreign = (sentence for sentence in looked.told(patient, ()) if " comes twice" not in sentence)
    told = (_nameless(sentence, *chosen) for sentence in (*newest.unread, *foreign))
    troubles = tuple(dict.fromkeys([*wrong, *told, *twice, *unread, *undecoded]))
    sources = Sources(tuple(f.source for f in mine), pictures, findings, notes, troubles, looked.rejected)
    return Gathered(encounter, sources, header)


def _each_once(files: Iterable[_File]) -> tuple[list[_File], list[str]]:
    """One file for each SOP Instance UID in a fixed order, and a sentence for each UID that two different files have."""
    found: dict[str, _File] = {}
    twice: list[str] = []
    for file in sorted(files, key=lambda f: (f.source.what, f.source.sop_instance_uid, f.source.sha256)):
        uid = file.source.sop_instance_uid
        first = found.setdefault(uid, file)
        if first.source.sha256 != file.source.sha256:
            digests = f"{first.source.sha256} (used here) and {file.source.sha256}"
            twice.append(
                f"Two different files have the SOP Instance UID {uid}, with the digests {digests}: look at both."
            )
    return list(found.values()), twice


def _digested(looked: FoundFiles) -> list[_File]:
    """The DICOM files with their digests, printed documents left out."""
    from pydicom.uid import UID

    from dicom_io.documents.encapsulated import ENCAPSULATED_PDF

    found: list[_File] = []
    for path, head in looked.heads.items():
        kind = head.header.sop_class_uid
        if not head.attributes.get("SOPInstanceUID") or not kind or kind == ENCAPSULATED_PDF:
            continue
        data = path.read_bytes()
        what = COPY if _is_copy(path, head) else _KINDS.get(kind) or UID(kind).name
        source = SourceFile(head.header.sop_instance_uid, what, len(data), hashlib.sha256(data).hexdigest())
        found.append(_File(path, head, source))
    return found


def _is_copy(path: Path, head: Head) -> bool:
    """Whether a file is a copy of a picture; no where it is damaged, which is told when its picture is opened."""
    from dicom_io import DicomError
    from dicom_io.dataset.parse import damage_as, damaged
    from dicom_io.labels.labelled import copied_from

    try:
        with damage_as(damaged(path)):
            return copied_from(head.attributes) is not None
    except DicomError:
        return False


def _nameless(sentence: str, *paths: Path) -> str:
    """An error without the folder that its file lay in: a document says nothing of where it was made."""
    for path in paths:
        sentence = sentence.replace(str(path), path.name)
    return sentence


def _labels(files: Sequence[_File]) -> tuple[tuple[Finding, ...], tuple[ImageNote, ...], list[str]]:
    """The labels of the newest version of each report: those of everyone who labelled."""
    from dicom_io import DicomError
    from dicom_io.report.read import StoredReport, read_stored_report
    from dicom_io.report.versions import versions

    reports: list[StoredReport] = []
    troubles: list[str] = []
    for file in files:
        if file.sop_class_uid in REPORT_CLASSES:
            try:
                reports.append(read_stored_report(file.path))
            except DicomError as error:
                troubles.append(_nameless(str(error), file.path))
    newest = [report.document for report in versions(reports).newest]
    findings = tuple(dict.fromkeys(finding for document in newest for finding in document.findings))
    notes = tuple(dict.fromkeys(note for document in newest for note in document.notes))
    return findings, notes, troubles


def _pictures(
    files: Sequence[_File], encounter: Encounter, labels: Sequence[Finding]
) -> tuple[dict[str, tuple[Picture, ...]], list[str]]:
    from dicom_io import DicomError, OpenedImage

    found: dict[str, tuple[Picture, ...]] = {}
    troubles: list[str] = []
    for file in files:
        uid = file.source.sop_instance_uid
        if file.sop_class_uid not in _PICTURES or file.source.what == COPY:
            continue
        try:
            with OpenedImage(file.path) as image:
                wanted = _frames(uid, image.number_of_frames, encounter, labels)
                found[uid] = tuple(picture_of(uid, frame, image) for frame in wanted)
        except DicomError as error:
            troubles.append(_nameless(str(error), file.path))
    order = {image.image_uid: place for place, image in enumerate(encounter.images)}
    return dict(sorted(found.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0]))), troubles


def _frames(uid: str, frames: int, encounter: Encounter, labels: Sequence[Finding]) -> list[int]:
    """Which frames of an image are printed: those that the record names, a few that are labelled; else the middle one."""
    named = {ref.frame for ref in _named(encounter) if ref.image_uid == uid}
    labelled = sorted({label.frame for label in labels if label.image == uid} - named)
    if len(labelled) > MOST_FRAMES:
        labelled = [labelled[place * (len(labelled) - 1) // (MOST_FRAMES - 1)] for place in range(MOST_FRAMES)]
    wanted = sorted(frame for frame in named | set(labelled) if 0 <= frame < frames)
    return wanted or [frames // 2 if frames > 1 else 0]


def _named(encounter: Encounter) -> Iterable[ImageRef]:
    for injection in encounter.injections:
        if injection.tip_image is not None:
            yield injection.tip_image
    for plan in encounter.plans:
        if plan.path is not None:
            yield plan.path.image
    for vessel in encounter.vessels:
        yield from (seen.image for seen in vessel.observations if seen.image is not None)


def picture_of(uid: str, frame: int, image: OpenedImage) -> Picture:
    """One frame: a baseline JPEG as it is stored where it decodes, else what it decodes to, as PNG."""
    from PIL import Image

    rows, columns = int(image.header.Rows), int(image.header.Columns)
    if str(image.header.file_meta.TransferSyntaxUID) == _JPEG:
        data = image.frame_bytes(frame)
        try:
            with Image.open(io.BytesIO(data)) as stored:
                stored.load()
                if stored.size == (columns, rows) and stored.mode in ("RGB", "L"):
                    return Picture(uid, frame, data, columns, rows, image.scales)
        except (OSError, ValueError, SyntaxError):
            pass
    bgr = image.frame(frame)
    out = io.BytesIO()
    Image.fromarray(bgr[:, :, ::-1]).save(out, "PNG")
    return Picture(uid, frame, out.getvalue(), columns, rows, image.scales)
