"""Opening a study: its pictures as reels, its reports as one document. Slow, so for a worker thread. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotation import Document, Finding, ImageNote
from annotation.canvas.captions import caption
from archive import Archive, ObjectRow
from dicom_io.context import derived_uid
from dicom_io.errors import DicomError
from dicom_io.report.read import StoredReport
from dicom_io.report.versions import versions
from procedure import Encounter
from workstation.reels import FileReel
from workstation.studies.encounters import NoOneEncounter, newest_encounter
from workstation.studies.found_files import found_files
from workstation.studies.reading import (
    COPY,
    ENCOUNTER_CLASS,
    LABEL_CLASSES,
    counted,
    is_copy,
    kind_of,
    reports_of,
    superseded_series,
)


@dataclass(frozen=True, slots=True)
class OpenedStudy:
    """A study of the archive, to be looked at. `told` are sentences on what of it is not shown, and why."""

    study_instance_uid: str
    reels: tuple[FileReel, ...]
    document: Document
    told: str = ""
    encounter: Encounter | None = None  #: the newest version of its record; None where it has none, or several
    for_others: tuple[str, ...] = ()  #: what else it holds that shows the labels in other programs, counted in words

    def close(self) -> None:
        """Give the files back."""
        for reel in self.reels:
            reel.close()

    def titles(self) -> list[str]:
        """The pictures in a list."""
        return [
            f"{number}  {reel.title}" + (f"   {len(reel.timestamps_s)} frames" if len(reel.timestamps_s) > 1 else "")
            for number, reel in enumerate(self.reels, start=1)
        ]

    def labels(self) -> list[str]:
        """The labels in a list: number of the picture, in a clip the frame, counting from 1; then the caption.

        Where several persons labelled the study, each label says whose it is.
        """
        several = len({f.by for f in self.document.findings}) > 1
        return [
            f"{self._where(f)}   {caption(f) or f.kind}" + (f"   by {f.by}" if several else "")
            for f in self.document.findings
        ]

    def _where(self, finding: Finding) -> str:
        for number, reel in enumerate(self.reels, start=1):
            index = reel.index_of(finding.image, finding.frame)
            if index is not None:
                return f"{number}:{index + 1}" if len(reel.timestamps_s) > 1 else f"{number}"
        return "–"


def open_study(archive_root: Path, study_instance_uid: str) -> OpenedStudy:
    """Read a study's headers and reports. Raises the errors of `archive` and `dicom_io`."""
    reels: list[FileReel] = []
    unopened: list[str] = []
    for_others: Counter[str] = Counter()
    series: dict[Path, list[ObjectRow]] = {}
    with Archive(archive_root, create=False) as archive:
        rows, wrong = archive.sound_objects(study_instance_uid)
    read = reports_of(rows)
    superseded = superseded_series(read.reports)
    for row in rows:
        if row.file.parent.name in superseded:
            continue  # shows the labels of a version that does not hold any more
        if row.sop_class in LABEL_CLASSES:
            for_others[kind_of(row)] += 1
        elif row.frames:
            series.setdefault(row.file.parent, []).append(row)
    for parts in series.values():
        if _are_copies(parts):  # the labels stand over the originals here: shown twice they would be counted twice
            for_others[COPY] += len(parts)
            continue
        # Several clips of one series are the parts of one long recording.
        clip = [row.file for row in parts if row.frames > 1]
        for paths in ([clip] if clip else []) + [[r.file] for r in parts if r.frames == 1]:
            opened, sentences = _opened(paths)
            reels += opened
            unopened += sentences
    known = versions(read.reports)
    earlier = len(known.superseded_by)
    told = [*(problem.what for problem in wrong), *read.unread, *unopened]
    if earlier:
        told.append(f"{earlier} earlier version{'s' if earlier > 1 else ''} of the labels: superseded, not shown.")
    encounter, unread = _encounter_in(rows)
    told += unread
    return OpenedStudy(
        study_instance_uid, tuple(reels), _together(known.newest), " ".join(told), encounter, counted(for_others)
    )


def _encounter_in(rows: Sequence[ObjectRow]) -> tuple[Encounter | None, tuple[str, ...]]:
    """The record of the study's encounter, and why it is not shown where it cannot be."""
    files = [row.file for row in rows if row.sop_class == ENCOUNTER_CLASS]
    if not files:
        return None, ()
    try:
        newest = newest_encounter(found_files(files))
    except NoOneEncounter as error:
        return None, (str(error),)
    return newest.encounter, newest.unread


def _together(reports: Sequence[StoredReport]) -> Document:
    """What the newest reports say, as one document to look at. Two persons' labels of one thing both stay."""
    findings: dict[tuple[str, str | None, int], Finding] = {}
    notes: dict[tuple[str | None, int], ImageNote] = {}
    for report in reports:
        for finding in report.document.findings:
            uid = finding.tracking_uid
            if (uid, finding.image, finding.frame) in findings:
                uid = derived_uid(uid, report.sop_instance_uid)  # the same vessel as another person drew it
            findings[uid, finding.image, finding.frame] = finding.changed(tracking_uid=uid)
        notes |= {(n.image, n.frame): n for n in report.document.notes}
    return Document(findings=tuple(findings.values()), notes=tuple(notes.values()))


def _are_copies(parts: Sequence[ObjectRow]) -> bool:
    """Whether a series holds copies of the study's own pictures with labels burned in: they have a series of their own."""
    if any(row.frames > 1 for row in parts):
        return False
    try:
        return is_copy(parts[0])
    except DicomError:
        return False  # which opening it tells


def _opened(paths: Sequence[Path]) -> tuple[list[FileReel], list[str]]:
    """The pictures in these files, as one clip where they are its parts; and a sentence for each that does not open."""
    try:
        return [FileReel(paths)], []
    except DicomError as error:
        if len(paths) == 1:
            return [], [str(error)]
    each = [_opened([path]) for path in paths]
    return [reel for reels, _ in each for reel in reels], [sentence for _, told in each for sentence in told]
