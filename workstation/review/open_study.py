"""Opening a study: its pictures as reels, its reports as one document. Slow, so for a worker thread. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotation import Document, Finding, ImageNote
from annotation.canvas.captions import caption
from archive import Archive, ObjectRow
from dicom_io.context import derived_uid
from dicom_io.read_report import StoredReport
from dicom_io.versions import versions
from workstation.reading import LABEL_CLASSES, reports_of
from workstation.reels import FileReel


@dataclass(frozen=True, slots=True)
class OpenedStudy:
    """A study of the archive, to be looked at. `told` are sentences on what of it is not shown, and why."""

    study_instance_uid: str
    reels: tuple[FileReel, ...]
    document: Document
    told: str = ""

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
    series: dict[Path, list[ObjectRow]] = {}
    with Archive(archive_root, create=False) as archive:
        rows = archive.objects(study_instance_uid)
    for row in rows:
        if row.frames and row.sop_class not in LABEL_CLASSES:
            series.setdefault(row.file.parent, []).append(row)
    for parts in series.values():
        # Several clips of one series are the parts of one long recording.
        clip = [row.file for row in parts if row.frames > 1]
        reels += [FileReel(paths) for paths in ([clip] if clip else []) + [[r.file] for r in parts if r.frames == 1]]
    read = reports_of(rows)
    known = versions(read.reports)
    earlier = len(known.superseded_by)
    told = list(read.unread)
    if earlier:
        told.append(f"{earlier} earlier version{'s' if earlier > 1 else ''} of the labels: superseded, not shown.")
    return OpenedStudy(study_instance_uid, tuple(reels), _together(known.newest), " ".join(told))


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
