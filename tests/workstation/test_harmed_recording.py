"""A disk that does not give back what was recorded on it: what is whole is saved, what is not is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from acquisition import RecordResult, SpooledFrame, record
from archive import Archive, SourceHarmed
from devices.source import FormatRequest, Frame, PixelFormat, StreamFormat
from dicom_io import OpenedClip
from dicom_io.errors import FramesUnreadable
from tests.acquisition.pictures import HEIGHT, WIDTH, frame, jpeg
from tests.acquisition.scripted import FILE, Plug, ScriptedSource
from workstation.capture.recording import save_recording
from workstation.studies.study import StudyInHand
from workstation.studies.visit import Visit

pytestmark = pytest.mark.requirement("N3")


@pytest.fixture(autouse=True)
def unread_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_READ_SCREENS", "off")


class GreyCamera(ScriptedSource):
    def _do_start(self, request: FormatRequest) -> StreamFormat:
        return StreamFormat(PixelFormat.GREY, WIDTH, HEIGHT, 30.0)


def as_after_a_failed_writeback(lost: SpooledFrame) -> None:
    """Once its page has left the memory the kernel gives back what the disk has: zeros here."""
    with lost.path.open("r+b") as file:
        file.seek(lost.offset + 100)
        file.write(bytes(50))


def save(result: RecordResult, archive: Archive) -> None:
    study = StudyInHand(Visit.begin("P1"))
    study.add_clip(result.clips[0])
    study.save(archive)


def test_a_picture_that_the_disk_did_not_keep_is_not_saved_and_the_others_are(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        script = [frame(n, jpeg(n)[:-2] if n == 4 else None) for n in range(20)]
        result = record(Plug(script, info=FILE), archive.spool_root, 100.0)
        as_after_a_failed_writeback(result.clips[0].frames[10])
        with pytest.raises(
            SourceHarmed, match=r"Picture 12 of the recording .* is not what was recorded.*recover --save"
        ):
            save(result, archive)
        assert archive.studies() == []

        recorded = save_recording(result, Visit.begin("P1"), archive)
        told = recorded.to_json()
        assert (told["frames_arrived"], told["frames_saved"], told["frames_corrupt"]) == (20, 18, 2)
        assert [(g["kind"], g["after_frame"]) for g in told["gaps"]] == [("corrupt", 3), ("corrupt", 9)]
        assert "The disk has harmed 1 of the recorded pictures" in told["why"]
        with OpenedClip(recorded.files) as opened:
            kept = [opened.frame_bytes(i) for i in range(18)]
        assert kept == [jpeg(n) for n in range(20) if n not in (4, 11)]
        result.release()


def test_raw_pictures_are_held_against_their_checksums_before_they_are_encoded(tmp_path: Path) -> None:
    def grey() -> Iterable[Frame]:
        for n in range(6):
            yield frame(n, bytes([n + 1]) * (WIDTH * HEIGHT), pixel_format=PixelFormat.GREY)

    with Archive(tmp_path / "archive") as archive:
        result = record(lambda: GreyCamera(grey(), FILE), archive.spool_root, 100.0)
        as_after_a_failed_writeback(result.clips[0].frames[2])
        with pytest.raises(FramesUnreadable, match="Picture 3 of the recording"):
            save(result, archive)
        recorded = save_recording(result, Visit.begin("P1"), archive)
        assert (recorded.result.frames_saved, recorded.result.frames_corrupt) == (5, 1)
        result.release()


def test_a_recording_that_is_gone_is_not_saved_and_says_so(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive") as archive:
        result = record(Plug([frame(n) for n in range(5)], info=FILE), archive.spool_root, 100.0)
        result.clips[0].frames[0].path.unlink()
        recorded = save_recording(result, Visit.begin("P1"), archive)
        assert recorded.files == () and (recorded.result.frames_saved, recorded.result.frames_corrupt) == (0, 5)
        result.release()
