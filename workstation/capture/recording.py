"""One recording from start to study: the device's frames into the spool, and from there into the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from acquisition import RecordResult, RunEnd, SpoolLimits, record
from archive import Archive, SourceHarmed
from devices.source import DeviceInfo, FormatRequest
from dicom_io.errors import FramesUnreadable
from workstation.capture.sources import opener
from workstation.probe_screen.depth_changes import pieces_of
from workstation.proof.opening import open_archive
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

ProgressCallback = Callable[[float, float], None]

_WHY: Final[dict[RunEnd | None, str]] = {
    "size-changed": "the device changed its picture's size, or the size of its pixels",
    "suspended": "the computer slept",
    "clock-set": "the computer's clock was set",
}


@dataclass(frozen=True, slots=True)
class RecordedStudy:
    """What a recording became."""

    study_instance_uid: str
    files: tuple[Path, ...]
    result: RecordResult
    device: DeviceInfo

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill record --json`."""
        r = self.result
        return {
            "study_instance_uid": self.study_instance_uid if self.files else None,
            "files": [str(path) for path in self.files],
            "frames_arrived": r.frames_arrived,
            "frames_saved": r.frames_saved,
            "frames_lost": r.frames_lost,
            "frames_corrupt": r.frames_corrupt,
            "gaps": [gap.to_json() for gap in r.gaps],
            "first_frame_s": round(r.first_frame_s, 3) if r.first_frame_s is not None else None,
            "measured_fps": round(r.measured_fps, 2) if r.measured_fps is not None else None,
            "ended": str(r.ended),
            "why": " ".join(self.warnings()),
            "device": self.device.to_json(),
        }

    def warnings(self) -> list[str]:
        """What the user must be told besides the figures: why it ended before its time, and where a clip had to end."""
        r = self.result
        told = [
            f"Run {number} ended because {_WHY[run.ended]}."
            for number, run in enumerate(r.runs, start=1)
            if run.ended in _WHY
        ]
        if r.why:
            told.append(f"The recording ended early ({r.ended}): {r.why}")
        return [*told, *r.notes]

    def sentences(self) -> list[str]:
        """The same for a person."""
        r = self.result
        lines = [
            f"{r.frames_arrived} frames arrived from {self.device.name}, {r.frames_saved} saved, "
            f"{r.frames_corrupt} corrupt, {r.frames_lost} lost on the way."
        ]
        holes = sum(gap.missing for gap in r.gaps if gap.kind == "time")
        if holes:
            lines.append(f"The device itself seems to have left out about {holes} (told from the time stamps).")
        if str(r.ended) != "done" and not r.why:
            lines.append(f"The recording ended early: {r.ended}.")
        lines.append(f"Study {self.study_instance_uid}" if self.files else "Nothing was saved: no whole frame came.")
        return [*lines, *(f"  {path}" for path in self.files)]


def record_study(
    device: str,
    visit: Visit,
    archive_root: Path,
    *,
    seconds: float,
    request: FormatRequest,
    reconnect_s: float = 10.0,
    limits: SpoolLimits | None = None,
    on_recording: ProgressCallback | None = None,
    on_saving: ProgressCallback | None = None,
) -> RecordedStudy:
    """Record `seconds` from the device or file called `device` and save each unbroken run as a clip of one study (as several
    where the depth changes in it: `workstation.probe_screen.depth_changes`).

    The frames stay in the spool until the study is stored; a crash in between is found by `sonofill recover`. Raises
    the errors of devices, acquisition and archive, and NotEncodable, before anything is recorded, where a fact of the
    visit cannot stand in a DICOM object.
    """
    visit.check()
    open_source = opener(device)
    archive = open_archive(archive_root)
    result = record(
        open_source,
        archive.spool_root,
        seconds=seconds,
        request=request,
        reconnect_s=reconnect_s,
        limits=limits,
        progress=on_recording,
        intent=visit.model_dump(mode="json"),
    )
    recorded = save_recording(result, visit, archive, on_saving)
    result.release()
    return recorded


def save_recording(
    result: RecordResult, visit: Visit, archive: Archive, on_saving: ProgressCallback | None = None
) -> RecordedStudy:
    """Save what was recorded; where the disk does not give back some of its pictures, all the others.

    Raises the errors of dicom_io and archive.
    """
    try:
        files = _save(result, visit, archive, on_saving)
    except (SourceHarmed, FramesUnreadable):
        whole = result.looked_through()
        if whole is result:
            raise
        result, files = whole, _save(whole, visit, archive, on_saving)
    return RecordedStudy(visit.study_instance_uid, files, result, result.device)


def _save(result: RecordResult, visit: Visit, archive: Archive, on_saving: ProgressCallback | None) -> tuple[Path, ...]:
    study = StudyInHand(visit)
    for run in result.clips:
        for clip in pieces_of(run):
            study.add_clip(clip)
    return study.save(archive, on_saving).files if result.clips else ()
