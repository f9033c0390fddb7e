"""Opening a study: its pictures as reels, its reports as one document. Slow, so for a worker thread. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotation import Document, Finding, ImageNote
from annotation.canvas.captions import caption
from archive import Archive, ObjectRow
from workstation.reading import LABEL_CLASSES, REPORT_CLASSES
from workstation.reels import FileReel


@dataclass(frozen=True, slots=True)
class OpenedStudy:
    """A study of the archive, to be looked at."""

    study_instance_uid: str
    reels: tuple[FileReel, ...]
    document: Document

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
        """The labels in a list: number of the picture, in a clip the frame, counting from 1; then the caption."""
        return [f"{self._where(f)}   {caption(f) or f.kind}" for f in self.document.findings]

    def _where(self, finding: Finding) -> str:
        for number, reel in enumerate(self.reels, start=1):
            index = reel.index_of(finding.image, finding.frame)
            if index is not None:
                return f"{number}:{index + 1}" if len(reel.timestamps_s) > 1 else f"{number}"
        return "–"


def open_study(archive_root: Path, study_instance_uid: str) -> OpenedStudy:
    """Read a study's headers and reports. Raises the errors of `archive` and `dicom_io`."""
    from dicom_io import read_report

    reels: list[FileReel] = []
    series: dict[Path, list[ObjectRow]] = {}
    findings: dict[tuple[str, str | None, int], Finding] = {}
    notes: dict[tuple[str | None, int], ImageNote] = {}
    with Archive(archive_root, create=False) as archive:
        rows = archive.objects(study_instance_uid)
    for row in rows:
        if row.sop_class in REPORT_CLASSES:
            report = read_report(row.file)
            # A later report says everything anew: its version of a finding holds.
            findings |= {(f.tracking_uid, f.image, f.frame): f for f in report.findings}
            notes |= {(n.image, n.frame): n for n in report.notes}
        elif row.frames and row.sop_class not in LABEL_CLASSES:
            series.setdefault(row.file.parent, []).append(row)
    for parts in series.values():
        # Several clips of one series are the parts of one long recording.
        clip = [row.file for row in parts if row.frames > 1]
        reels += [FileReel(paths) for paths in ([clip] if clip else []) + [[r.file] for r in parts if r.frames == 1]]
    document = Document(findings=tuple(findings.values()), notes=tuple(notes.values()))
    return OpenedStudy(study_instance_uid, tuple(reels), document)
