"""The simulated probe, whose faults are known beforehand, recorded: the account must be the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquisition import RecordResult, record
from devices.source import FormatRequest, PixelFormat
from mock_devices import SimulatedDriver
from mock_devices.faults import Corrupt, Drop, Fault, FaultPlan, Late, Stall, Unplug, WrongSize
from mock_devices.scenarios import Scenario

SECONDS = 1.5
FPS = 30.0
TAKEN = 45  # frames that the device takes in that time


def record_with(root: Path, *faults: Fault, seconds: float = SECONDS, encoding: str = "MJPEG") -> RecordResult:
    driver = SimulatedDriver([Scenario("test", 3, "SIM-9", plan=FaultPlan(faults))])
    (info,) = driver.discover()
    request = FormatRequest(PixelFormat(encoding), 640, 480, FPS)
    return record(lambda: driver.open(info), root, seconds, request, reconnect_s=5.0)


@pytest.mark.requirement("C2")
@pytest.mark.requirement("N3")
def test_lost_and_corrupt_frames_are_those_of_the_plan(tmp_path: Path) -> None:
    plan = FaultPlan((Drop(every=7), Corrupt(every=11)))
    result = record_with(tmp_path, *plan.faults)
    lost, corrupt = plan.dropped(TAKEN), plan.corrupt(TAKEN)
    assert result.ended == "done"
    assert (result.frames_lost, result.frames_corrupt) == (len(lost), len(corrupt))
    assert result.frames_arrived == TAKEN - len(lost)
    whole = [n for n in range(TAKEN) if n not in {*lost, *corrupt}]
    assert [f.sequence for f in result.clips[0].frames] == whole
    told = [(g.kind, g.after_frame) for g in result.gaps]
    assert sorted(told) == sorted(
        (kind, sum(w < n for w in whole) - 1)
        for kind, where in (("sequence", lost), ("corrupt", corrupt))
        for n in where
    )
    result.release()


def test_late_frames_are_no_gaps(tmp_path: Path) -> None:
    result = record_with(tmp_path, Late(every=8))
    assert (result.frames_arrived, result.gaps) == (TAKEN, ())
    result.release()


def test_a_pause_is_a_gap_in_time(tmp_path: Path) -> None:
    result = record_with(tmp_path, Stall(after=20, seconds=1.0), seconds=2.5)
    assert result.frames_arrived == 45
    assert [(g.kind, g.after_frame, g.missing) for g in result.gaps] == [("time", 19, 30)]
    result.release()


@pytest.mark.requirement("C1")
def test_unplugged_and_back(tmp_path: Path) -> None:
    result = record_with(tmp_path, Unplug(after=15, away_s=0.4, times=2), seconds=3.0)
    assert result.ended == "done"
    assert [len(clip.frames) for clip in result.clips][:2] == [15, 15] and len(result.clips) == 3
    assert [(g.kind, g.after_frame) for g in result.gaps] == [("unplugged", 14), ("unplugged", 29)]
    assert result.frames_saved == sum(len(clip.frames) for clip in result.clips)
    result.release()


def test_another_size_is_another_clip(tmp_path: Path) -> None:
    result = record_with(tmp_path, WrongSize(after=20, width=320, height=240))
    assert result.runs[0].ended == "size-changed" and len(result.clips) == 2
    assert len(result.clips[0].frames) == 20
    result.release()


def test_raw_pictures_are_kept_as_they_came(tmp_path: Path) -> None:
    result = record_with(tmp_path, encoding="YUYV")
    (clip,) = result.clips
    assert (len(clip.frames), result.frames_corrupt) == (TAKEN, 0)
    assert {frame.length for frame in clip.frames} == {640 * 480 * 2}
    result.release()
