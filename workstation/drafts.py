"""The study in hand, kept in a file after each action until it is saved; and made a study after a crash. No Qt.

A draft names its captures by their place in the spool, so that after a crash they are cut anew from what the spool still
holds, get the same UIDs, and the labels are on the same frames.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from acquisition import Clip, LeftoverStream
from acquisition.accounting import gaps_of
from annotation import Document
from annotation.autosave import write_durably
from dicom_io.errors import DicomError
from imaging.scale import Scale
from procedure.as_json import from_json, to_json
from procedure.errors import RecordUnreadable
from workstation.encounter.in_hand import Change, Kept
from workstation.encounter.saving import save_both
from workstation.probe_screen.screens import Told, told_by
from workstation.proof.opening import open_archive
from workstation.studies.study import SavedStudy, StudyInHand
from workstation.studies.visit import Capture, Visit

log = logging.getLogger(__name__)


class KeptCapture(BaseModel):
    """A capture by its place: frames `first` to `last` (indexes in the stream, both included)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["clip", "still"]
    visit: Visit
    stream_id: str
    first: int
    last: int
    frames: int = 0  #: how many whole ones: labels count them; 0 in drafts of an earlier version, which did not say
    pointed: Scale | None = None  # the scale that a person gave by two points: the screen does not tell it again

    @classmethod
    def of(cls, capture: Capture) -> KeptCapture:
        """What there is to keep of a capture."""
        return cls(
            kind=capture.kind,
            visit=capture.visit,
            stream_id=capture.clip.stream.stream_id,
            first=capture.clip.frames[0].index,
            last=capture.clip.frames[-1].index,
            frames=len(capture.clip.frames),
            pointed=next((scale for scale in capture.scales if scale.source == "two-point"), None),
        )

    def told(self, clip: Clip) -> Told:
        """What its screen, or the person, tells of it (slow)."""
        read = told_by(clip)
        return read if self.pointed is None else replace(read, scales=(self.pointed,))


class KeptStudy(BaseModel):
    """The study in hand as its file says it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    visit: Visit
    captures: tuple[KeptCapture, ...]
    document: Document
    reported: frozenset[str] = frozenset()
    reason: str = ""
    encounter: str = ""  # the canonical JSON of the record; empty where nobody told anything of it
    encounter_changes: tuple[Change, ...] = ()

    @classmethod
    def of(cls, study: StudyInHand, encounter: Kept | None = None) -> KeptStudy:
        """What there is to keep of a study in hand and of its encounter."""
        return cls(
            visit=study.visit,
            captures=tuple(KeptCapture.of(capture) for capture in study.captures),
            document=study.document,
            reported=study.reported,
            reason=study.reason,
            encounter=to_json(encounter.record).decode() if encounter is not None else "",
            encounter_changes=encounter.changes if encounter is not None else (),
        )

    def kept_encounter(self) -> Kept | None:
        """The record of the encounter; None where there is none. Raises RecordUnreadable."""
        return Kept(from_json(self.encounter), self.encounter_changes) if self.encounter else None


def folder_of(archive_root: Path) -> Path:
    """Where the drafts of an archive lie."""
    return archive_root / "drafts"


def keep(study: StudyInHand, path: Path, encounter: Kept | None = None) -> None:
    """Write the draft; when this returns it survives a power cut. OSError where it cannot be written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(KeptStudy.of(study, encounter).model_dump_json(indent=1), path)


def encounters_left(archive_root: Path) -> int:
    """How many drafts hold an encounter and no picture: there is no stream by which they would be found."""
    left = 0
    for path in folder_of(archive_root).glob("*.json"):
        try:
            kept = KeptStudy.model_validate_json(path.read_bytes())
        except ValidationError:
            continue
        left += bool(kept.encounter and not kept.captures)
    return left


def restore(archive_root: Path, streams: Sequence[LeftoverStream]) -> list[SavedStudy]:
    """Save what the drafts of a crashed program captured from `streams`, with its labels; done drafts are removed.

    A draft that cannot be read or made into DICOM objects, or whose frames are not among `streams`, stays where it is:
    its frames are then saved without labels by whoever saves the streams. Raises the archive's errors.
    """
    left = {stream.stream_id: stream for stream in streams}
    done: list[SavedStudy] = []
    for path in sorted(folder_of(archive_root).glob("*.json")):
        try:
            kept = KeptStudy.model_validate_json(path.read_bytes())
            encounter = kept.kept_encounter()
        except (ValidationError, RecordUnreadable):
            log.warning("The draft %s cannot be read and stays where it is: its labels are not restored.", path.name)
            continue
        study = StudyInHand(kept.visit, document=kept.document, reported=kept.reported, reason=kept.reason)
        for capture in kept.captures:
            stream = left.get(capture.stream_id)
            if stream is None or stream.description is None:
                continue
            among = [f for f in stream.frames if capture.first <= f.index <= capture.last]
            frames = [f for f in among if not f.corrupt]
            if not frames or (frames[0].index, frames[-1].index) != (capture.first, capture.last):
                continue
            if len(frames) != (capture.frames or len(frames)):
                continue  # one in the middle is lost: labels would lie on the frames behind their own
            study.visit = capture.visit
            clip = Clip(stream.description, frames, gaps_of(among, stream.description.nominal_fps))
            if capture.kind == "still":
                study.add_still(clip, capture.told(clip))
            else:
                study.add_clip(clip, capture.told(clip))
        study.visit = kept.visit
        if (kept.captures or encounter is not None) and len(study.captures) == len(kept.captures):
            try:
                with open_archive(archive_root) as archive:
                    done.append(save_both(archive, study, encounter))
            except DicomError as error:
                log.warning("The draft %s stays where it is, its labels are not restored: %s", path.name, error)
                continue
            path.unlink()
    return done
