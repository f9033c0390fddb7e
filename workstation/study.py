"""The study in hand: what was captured and labelled in one visit, and how it becomes DICOM objects in the archive.

Every UID follows from the study's UID and the place of the frames in the spool, so that saving may be broken off at any
point and begun again: an object that is stored already is not stored a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from acquisition.cine import Clip
from annotation import Document
from dicom_io.context import Patient, Phase, Series, Study, derived_uid, new_uid
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotEncodable
from dicom_io.printed import Printed
from imaging.scale import Scale
from workstation.equipment import equipment_of
from workstation.label_objects import StoredCapture, label_objects
from workstation.screens import Told, told_by
from workstation.version import VERSION

if TYPE_CHECKING:
    from archive import Archive

ProgressCallback = Callable[[float, float], None]


class Visit(BaseModel):
    """Who is scanned, in which part of the procedure, where and by whom: what the user tells before or after capture.

    It is kept beside the frames in the spool, so that a crash does not part a recording from its patient.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    patient_id: Annotated[str, Field(pattern=r"\S")]  # never blank: nobody could be told by it
    patient_name: str = ""
    phase: Phase = Phase.PRE
    laterality: Literal["R", "L", "B", ""] = ""
    region: str = ""
    operator: str = ""
    study_instance_uid: str
    started_at: AwareDatetime

    @classmethod
    def begin(cls, patient_id: str, **facts: object) -> Visit:
        """A visit that begins now, with a study UID of its own."""
        now = datetime.now(UTC)
        return cls.model_validate(
            {"patient_id": patient_id, "study_instance_uid": new_uid(), "started_at": now, **facts}
        )

    def check(self) -> None:
        """Raises NotEncodable where a fact cannot stand in a DICOM object: better before the recording than after it."""
        from dicom_io import check_told

        check_told(self.study(), Series(phase=self.phase, laterality=self.laterality, region=self.region))

    def study(self) -> Study:
        """The visit as a DICOM study."""
        return Study(
            patient=Patient(self.patient_id, self.patient_name),
            started_at=self.started_at,
            study_instance_uid=self.study_instance_uid,
            operator=self.operator,
        )


@dataclass(frozen=True, slots=True)
class Capture:
    """One clip or still of the study. `key` is its first SOP Instance UID: labels name their image by it.

    `scales` are the calibrated areas of its pictures; none where lengths are in pixels. `printed` are the settings that
    its screen states.
    """

    kind: Literal["clip", "still"]
    clip: Clip
    visit: Visit
    key: str
    scales: tuple[Scale, ...] = ()
    printed: tuple[Printed, ...] = ()


def object_uid(visit: Visit, clip: Clip, kind: str, part: int = 0) -> str:
    """The SOP Instance UID of part `part` (from 0) of a clip or still."""
    first, last = clip.frames[0].index, clip.frames[-1].index
    return derived_uid(visit.study_instance_uid, clip.stream.stream_id, kind, first, last, part)


@dataclass(frozen=True, slots=True)
class SavedStudy:
    """What was written: absolute paths in the order of writing."""

    study_instance_uid: str
    files: tuple[Path, ...]
    already_there: int = 0


@dataclass
class StudyInHand:
    """Captures and labels of one visit, until and after they are saved. Not thread-safe: one owner at a time."""

    visit: Visit
    captures: list[Capture] = field(default_factory=list)
    document: Document = field(default_factory=Document)

    def add_clip(self, clip: Clip, told: Told | None = None) -> Capture:
        """Take a clip into the study. Where `told` is not given its screen is read (some seconds)."""
        return self._add("clip", clip, told)

    def add_still(self, still: Clip, told: Told | None = None) -> Capture:
        """Take a still (a clip of one frame) into the study; `told` as for a clip."""
        if len(still.frames) != 1:
            raise ValueError("a still has one frame")
        return self._add("still", still, told)

    def _add(self, kind: Literal["clip", "still"], clip: Clip, told: Told | None) -> Capture:
        known = told_by(clip) if told is None else told
        key = object_uid(self.visit, clip, kind)
        capture = Capture(kind, clip, self.visit, key, known.scales, known.printed)
        self.captures.append(capture)
        return capture

    def encoded(self, scratch: Path) -> Iterator[EncodedObject]:
        """Every object of the study, one at a time: clips and stills in the order of capture, the report, then the objects
        that show the report's labels to other programs.

        `scratch` is a folder for what must be encoded anew (raw sources); it may be emptied once all is written.
        """
        from dicom_io import confirmed, encode_clip, encode_report, encode_still

        study = self.visit.study()
        stored: list[StoredCapture] = []
        scales_by_image: dict[str, tuple[Scale, ...]] = {}
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
            stored.append(StoredCapture(capture, series, tuple(made)))
            scales_by_image |= {item.sop_instance_uid: scales for item in made}
            yield from made
        said = confirmed(self.document)
        if said.findings or said.notes:
            series = self._report_series()
            place = partial(_place, {each.capture.key: each.parts for each in stored})
            report = encode_report(
                said.relocated(place),
                study,
                series,
                [item for each in stored for item in each.parts],
                scales=scales_by_image,
                sop_instance_uid=derived_uid(series.series_instance_uid, "object"),
                software_version=VERSION,
            )
            yield report
            yield from label_objects(said, stored, place, study, report, series)

    def save(self, archive: Archive, progress: ProgressCallback | None = None) -> SavedStudy:
        """Write what is not yet in the archive; returns every file of the study in hand.

        Raises the archive's errors (ArchiveFull, ArchiveDenied); what was written before stays and is whole.
        """
        files: list[Path] = []
        already = 0
        total = sum(frame.stored_length for capture in self.captures for frame in capture.clip.frames) or 1
        done = 0
        with archive.scratch() as scratch:
            for item in self.encoded(scratch):
                if archive.has(item.sop_instance_uid):
                    files.append(archive.path_of(item.sop_instance_uid))
                    already += 1
                else:
                    files.append(archive.put(item))
                done += item.size
                if progress:
                    progress(min(done, total), total)
        return SavedStudy(self.visit.study_instance_uid, tuple(files), already)

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

    def _report_series(self) -> Series:
        """A document that has changed is another report: it gets a series and an object of its own."""
        visit = self.visit
        return Series(
            phase=visit.phase,
            number=1000,
            series_instance_uid=derived_uid(visit.study_instance_uid, "report", self.document.digest()),
            laterality=visit.laterality,
            region=visit.region,
            description=f"{visit.phase} labels and measurements",
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


def _place(parts: Mapping[str, Sequence[EncodedObject]], image: str | None, frame: int) -> tuple[str | None, int]:
    """Where a frame of a capture is found once a long capture has become several objects."""
    for part in parts.get(image or "", ()):
        if frame < part.number_of_frames:
            return part.sop_instance_uid, frame
        frame -= part.number_of_frames
    return image, frame


__all__ = ["Capture", "SavedStudy", "StudyInHand", "Visit", "object_uid"]
