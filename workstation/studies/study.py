"""The study in hand: what was captured and labelled in one visit, and how it becomes DICOM objects in the archive.

Every UID follows from the study's UID and the place of the frames in the spool, so that saving may be broken off at any
point and begun again: an object that is stored already is not stored a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from acquisition.cine import Clip
from annotation import Document
from dicom_io.context import Phase, Series, derived_uid
from dicom_io.encoded import EncodedObject, Instance
from dicom_io.errors import NotEncodable
from dicom_io.report.changes import ReportedChange
from dicom_io.report.read import StoredReport
from dicom_io.report.revision import Revision
from dicom_io.report.versions import versions
from dicom_io.report.write import confirmed
from imaging.scale import Scale
from workstation.probe_screen.equipment import equipment_of
from workstation.probe_screen.screens import Told, told_by
from workstation.studies.label_objects import Place, StoredCapture, label_objects
from workstation.studies.labelled_grey import with_grey
from workstation.studies.reading import REPORT_CLASSES, reports_of
from workstation.studies.reporting import Due, due_reports
from workstation.studies.visit import UNNAMED, Capture, Visit, object_uid
from workstation.version import VERSION

if TYPE_CHECKING:
    from archive import Archive

ProgressCallback = Callable[[float, float], None]
_TOGETHER = 64  #: objects that wait for the disk together; each has its file open meanwhile
_TOGETHER_BYTES = 32 << 20
_FIRST_REPORT_SERIES = 1000  #: series number of a study's first report; its pictures count from 1


@dataclass(frozen=True, slots=True)
class SavedStudy:
    """What was written: absolute paths in the order of writing."""

    study_instance_uid: str
    files: tuple[Path, ...]
    already_there: int = 0


@dataclass
class StudyInHand:
    """Captures and labels of one visit, until and after they are saved. Not thread-safe: one owner at a time.

    `reported` are the reports (SOP Instance UIDs) that its saves wrote or found to stand; `reason` is why they were not
    right, told before the next save where labels have changed since. `changes` are those of the vessels in the later phases,
    out of the record of the encounter; None where nobody computed them: what stands in the reports then stays.
    """

    visit: Visit
    captures: list[Capture] = field(default_factory=list)
    document: Document = field(default_factory=Document)
    reported: frozenset[str] = frozenset()
    reason: str = ""
    changes: Mapping[Phase, tuple[ReportedChange, ...]] | None = None

    def add_clip(self, clip: Clip, told: Told | None = None) -> Capture:
        """Take a clip into the study. Where `told` is not given its screen is read (some seconds).

        The same frames taken once more are the capture that they are already: one picture, one object.
        """
        return self._add("clip", clip, told)

    def add_still(self, still: Clip, told: Told | None = None) -> Capture:
        """Take a still (a clip of one frame) into the study; `told` as for a clip."""
        if len(still.frames) != 1:
            raise ValueError("a still has one frame")
        return self._add("still", still, told)

    def _add(self, kind: Literal["clip", "still"], clip: Clip, told: Told | None) -> Capture:
        key = object_uid(self.visit, clip, kind)
        there = next((capture for capture in self.captures if capture.key == key), None)
        if there is not None:
            return there
        known = told_by(clip) if told is None else told
        capture = Capture(kind, clip, self.visit, key, known.scales, known.printed, known.hints)
        self.captures.append(capture)
        return capture

    def encoded(self, scratch: Path) -> Iterator[StoredCapture]:
        """Every capture with its objects (a long clip has several), in the order of capture.

        `scratch` is a folder for what must be encoded anew (raw sources); it may be emptied once all is written.
        """
        from dicom_io import encode_clip, encode_still

        study = self.visit.study()
        for number, capture in enumerate(self.captures, start=1):
            clip = capture.clip
            equipment = equipment_of(clip.stream.device)
            scales = capture.scales
            series = self._series(capture, number)
            if capture.kind == "still":
                still = encode_still(
                    *(clip, study, series, equipment),
                    scales=scales,
                    printed=capture.printed,
                    scratch=scratch,
                    sop_instance_uid=capture.key,
                )
                made = [still]
            else:
                uid_of = partial(object_uid, capture.visit, capture.clip, capture.kind)
                made = encode_clip(
                    *(clip, study, series, equipment),
                    scales=scales,
                    printed=capture.printed,
                    scratch=scratch,
                    uid_of=uid_of,
                )
            yield StoredCapture(capture, series, tuple(made))

    def save(self, archive: Archive, progress: ProgressCallback | None = None) -> SavedStudy:
        """Write what is not yet in the archive; returns every file of the study in hand.

        Labels that have changed since they were saved become a new version of their report, which names the one before.
        Raises the archive's errors (ArchiveFull, ArchiveDenied); what was written before stays and is whole.
        """
        files: list[Path] = []
        written = 0
        total = sum(frame.stored_length for capture in self.captures for frame in capture.clip.frames) or 1
        done = 0
        stored: list[StoredCapture] = []
        waiting: list[EncodedObject] = []
        waiting_bytes = 0

        def put(item: EncodedObject) -> None:
            """Small objects wait for the disk together, in the order in which they came."""
            nonlocal waiting_bytes
            waiting.append(item)
            waiting_bytes += item.size
            if len(waiting) >= _TOGETHER or waiting_bytes >= _TOGETHER_BYTES:
                flush()

        def flush() -> None:
            nonlocal written, done, waiting_bytes
            new = [item for item in waiting if not archive.has(item.sop_instance_uid)]
            archive.put_all(new)
            files.extend(archive.path_of(item.sop_instance_uid) for item in waiting)
            written += len(new)
            done += waiting_bytes
            waiting.clear()
            waiting_bytes = 0
            if progress:
                progress(min(done, total), total)

        with archive.scratch() as scratch:
            for each in self.encoded(scratch):
                stored.append(each)
                for item in each.parts:
                    put(item)
            flush()
        for item in self._said(archive, stored, files):
            put(item)
        flush()
        return SavedStudy(self.visit.study_instance_uid, tuple(files), len(files) - written)

    def said(self) -> Document:
        """The confirmed labels as a save writes them: with the display grey of each that has an area."""
        return with_grey(confirmed(self.document), self.captures)

    def _said(self, archive: Archive, stored: Sequence[StoredCapture], files: list[Path]) -> Iterator[EncodedObject]:
        """The reports that have to be written, each with the objects that show its labels; `files` get those that stand."""
        said, visit = self.said(), self.visit
        place = partial(_place, {each.capture.key: each.parts for each in stored})
        newest, count = _reports_in(archive, visit.study_instance_uid)
        phases = {item.sop_instance_uid: each.capture.visit.phase for each in stored for item in each.parts}

        def phase_of(image: str | None) -> Phase:
            return phases.get(image or "", visit.phase)

        def changes_of(author: str, phase: Phase) -> tuple[ReportedChange, ...] | None:
            if self.changes is None:
                return None
            return tuple(change for change in self.changes.get(phase, ()) if change.by == author)

        due, standing = due_reports(said.relocated(place), newest, self.reported, visit.operator, phase_of, changes_of)
        images = [item for each in stored for item in each.parts]
        scales = {item.sop_instance_uid: each.capture.scales for each in stored for item in each.parts}
        # What shows a report's labels to other programs is made again for one that stands: a save may have been broken off
        # between the two. What is there already is not written twice.
        saying: list[tuple[Document, Instance, Series]] = []
        for report in standing:
            files.append(archive.path_of(report.sop_instance_uid))
            phase = phase_of(next(iter(report.pictures), None))
            saying.append((report.document, report, self._report_series(report.sop_instance_uid, 0, phase)))
        for number, one in enumerate(due, start=count):
            series, item = self._report(one, number, images, scales)
            yield item
            saying.append((one.document, item, series))
        for document, instance, series in saying:
            part = _in_hand(said, document, place)
            yield from label_objects(part, stored, place, visit.study(), instance, series)
        self.reported |= {instance.sop_instance_uid for _, instance, _ in saying}

    def _report(
        self,
        due: Due,
        number: int,
        images: Sequence[EncodedObject],
        scales: Mapping[str, Sequence[Scale]],
    ) -> tuple[Series, EncodedObject]:
        """A report, or a version of one, which gets a series and an object of its own.

        Its UID follows from what it says and from what it corrects: saying the same again is the same object.
        """
        from dicom_io import encode_report

        visit, before = self.visit, due.before
        uid = derived_uid(
            visit.study_instance_uid,
            "report",
            due.author,
            due.document.digest(),
            *(repr(change) for change in due.changes),
            before.sop_instance_uid if before else "",
        )
        series = self._report_series(uid, number, due.phase)
        return series, encode_report(
            due.document,
            visit.study(),
            series,
            images,
            scales=scales,
            sop_instance_uid=uid,
            software_version=VERSION,
            revision=Revision(
                author=due.author,
                entered_by=visit.operator or due.author,
                reason=self.reason if before else "",
                predecessors=(before,) if before else (),
                pictures=tuple(sorted(before.pictures)) if before else (),
            ),
            changes=due.changes,
        )

    def _series(self, capture: Capture, number: int) -> Series:
        """One series for each capture: its scale and device are those of all its objects."""
        visit = capture.visit
        return Series(
            phase=visit.phase,
            number=number,
            series_instance_uid=derived_uid(capture.key, "series"),
            laterality=visit.laterality,
            region=visit.region,
            description=f"{visit.phase} {capture.kind}",
        )

    def _report_series(self, uid: str, number: int, phase: Phase) -> Series:
        """The series of the report with this SOP Instance UID, the `number`th (from 0) of its study."""
        visit = self.visit
        return Series(
            phase=phase,
            number=_FIRST_REPORT_SERIES + number,
            series_instance_uid=derived_uid(uid, "series"),
            laterality=visit.laterality,
            region=visit.region,
            description=f"{phase} labels and measurements",
        )

    def with_visit(self, **changes: object) -> None:
        """Change what the user told of the visit (phase, side, region…) for what is captured from now on.

        Raises ValueError where a fact is none, or cannot stand in a DICOM object; then nothing is changed.
        """
        visit = Visit.model_validate({**self.visit.model_dump(), **changes})
        try:
            visit.check()
        except NotEncodable as error:
            raise ValueError(str(error)) from error
        self.visit = visit


def _reports_in(archive: Archive, study_instance_uid: str) -> tuple[Sequence[StoredReport], int]:
    """The study's reports that hold, and how many there are in all; none where it is not stored yet."""
    if not archive.holds(study_instance_uid):
        return (), 0
    rows = archive.objects(study_instance_uid, hidden=True)
    shown = reports_of([row for row in rows if not row.hidden_by]).reports
    return versions(shown).newest, sum(row.sop_class in REPORT_CLASSES for row in rows)


def _in_hand(said: Document, part: Document, place: Place) -> Document:
    """What of `said`, which names captures, stands in `part`, which names the stored pictures."""
    findings = {(f.tracking_uid, f.image, f.frame) for f in part.findings}
    notes = {(n.image, n.frame) for n in part.notes}
    return Document(
        findings=tuple(f for f in said.findings if (f.tracking_uid, *place(f.image, f.frame)) in findings),
        notes=tuple(n for n in said.notes if place(n.image, n.frame) in notes),
    )


def _place(parts: Mapping[str, Sequence[EncodedObject]], image: str | None, frame: int) -> tuple[str | None, int]:
    """Where a frame of a capture is found once a long capture has become several objects."""
    for part in parts.get(image or "", ()):
        if frame < part.number_of_frames:
            return part.sop_instance_uid, frame
        frame -= part.number_of_frames
    return image, frame


__all__ = ["UNNAMED", "Capture", "SavedStudy", "StudyInHand", "Visit", "object_uid"]
