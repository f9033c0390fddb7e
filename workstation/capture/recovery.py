"""After a crash: what the spool holds that no study holds, and making studies of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from acquisition import Clip, LeftoverStream, leftover_streams
from acquisition.errors import AcquisitionError
from archive import UnderHold
from dicom_io.errors import DicomError
from workstation import drafts
from workstation.probe_screen.depth_changes import pieces_of
from workstation.proof.opening import open_archive
from workstation.studies.study import ProgressCallback, SavedStudy, StudyInHand
from workstation.studies.visit import Visit

# A stream whose patient nobody had told yet is saved under this id, to be put right by a person.
UNKNOWN_PATIENT = "UNKNOWN"


class NotAllSaved(AcquisitionError):
    """Some of what a crash left cannot be made a study; all the rest is saved."""


def leftovers(archive_root: Path) -> list[LeftoverStream]:
    """The streams that a crash left below an archive; none where there is no archive yet."""
    spool = archive_root / "spool"
    return leftover_streams(spool) if spool.is_dir() else []


def describe(stream: LeftoverStream) -> dict[str, Any]:
    """A stream as `sonofill recover --json` shows it; times on the stream's own monotonic clock, ns."""
    frames = stream.frames
    return {
        "id": stream.stream_id,
        "device": stream.description.device.id if stream.description else "unknown",
        "frames": len(frames),
        "first_timestamp_ns": frames[0].timestamp_ns if frames else None,
        "last_timestamp_ns": frames[-1].timestamp_ns if frames else None,
    }


def save_all(
    archive_root: Path, streams: Sequence[LeftoverStream], progress: ProgressCallback | None = None
) -> list[SavedStudy]:
    """Save what a crash left: first the captures and labels that the window had in hand, then the streams as a whole.

    Raises as `save` does.
    """
    drafted = drafts.restore(archive_root, streams)
    whole = save(archive_root, streams, progress)
    files: dict[str, list[Path]] = {}
    for study in (*drafted, *whole):
        files.setdefault(study.study_instance_uid, []).extend(study.files)
    return [SavedStudy(uid, tuple(paths)) for uid, paths in files.items()]


def save(
    archive_root: Path, streams: Sequence[LeftoverStream], progress: ProgressCallback | None = None
) -> list[SavedStudy]:
    """Make a study of each stream, under the patient it was recorded for, and let the stream go once it is stored.

    Streams of one visit become one study. A stream without any frame is let go: there is nothing in it. One that has
    frames and cannot be made a clip (its description is gone, or each frame is corrupt) stays where it is, and so does one
    in which something lies that cannot be read. One study that cannot be made keeps none of the others back: its streams
    stay, and NotAllSaved says so when the rest is stored.
    Raises SpoolBusy where another program is saving one of them, and the archive's errors.
    """
    studies: dict[str, tuple[StudyInHand, list[LeftoverStream]]] = {}
    finished: list[LeftoverStream] = []
    done: list[SavedStudy] = []
    refused: list[str] = []
    with ExitStack() as claims, open_archive(archive_root) as archive:
        for stream in streams:
            claims.enter_context(stream.claimed())
            whole = [frame for frame in stream.frames if not frame.corrupt]
            found = stream.recovered
            if not (found.frames or found.misfits or found.unreadable):
                finished.append(stream)
            elif not found.frames or found.unreadable:
                refused.append(f"Not all of the recording {stream.stream_id} can be read: look at the disk.")
            if not whole or stream.description is None:
                continue
            try:
                visit = _visit_of(stream)
            except ValidationError:
                refused.append(f"What was told of the visit of {stream.stream_id} cannot be read.")
                continue
            study, sources = studies.setdefault(visit.study_instance_uid, (StudyInHand(visit), []))
            for clip in pieces_of(Clip(stream.description, whole, stream.gaps)):
                study.add_clip(clip)
            sources.append(stream)
        for study, sources in studies.values():
            try:
                done.append(study.save(archive, progress))
            except DicomError as error:
                refused.append(str(error))
            else:
                finished += [stream for stream in sources if not stream.recovered.unreadable]
    for stream in finished:
        stream.discard()
    if refused:
        raise NotAllSaved(
            f"{len(done)} of {len(done) + len(refused)} studies were saved, and what was recorded for the rest stays "
            f"where it was: {' '.join(refused)}"
        )
    return done


def _visit_of(stream: LeftoverStream) -> Visit:
    """Whom it was recorded for. Where nobody had said, a visit is made up and noted, so that saving twice is saving once."""
    intent = stream.read_intent()
    if intent:
        return Visit.model_validate(intent)
    visit = Visit.begin(UNKNOWN_PATIENT)
    stream.write_intent(visit.model_dump(mode="json"))
    return visit


def studies_left(archive_root: Path) -> set[str]:
    """The Study Instance UIDs of what a crash left, as far as they were told."""
    told = (_study_of(stream) for stream in leftovers(archive_root))
    return {uid for uid in told if uid is not None}


def _study_of(stream: LeftoverStream) -> str | None:
    try:
        return Visit.model_validate(stream.read_intent() or {}).study_instance_uid
    except ValidationError:
        return None


def _check_no_hold(archive_root: Path, stream: LeftoverStream) -> None:
    if not (archive_root / "studies").is_dir():
        return
    with open_archive(archive_root) as archive:
        uid = _study_of(stream)
        if uid is not None:
            archive.check_removable(uid)
        elif archive.under_hold():
            raise UnderHold(
                f"Nobody told whose the recording {stream.stream_id} is, and studies are under hold: "
                "save it by `sonofill recover --save`."
            )


def discard(archive_root: Path, stream_id: str) -> None:
    """Throw one leftover stream away.

    Raises AcquisitionError where there is none of that name; UnderHold where its study is held, or where studies are and
    nobody told whose it is.
    """
    for stream in leftovers(archive_root):
        if stream.stream_id == stream_id:
            _check_no_hold(archive_root, stream)
            stream.discard()
            return
    raise AcquisitionError(f"No stream {stream_id!r} was left behind: 'sonofill recover' lists those that were.")
