"""A full disk: recording stops cleanly, what was stored stays whole, and there is room left to save it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acquisition import (
    Clip,
    DiskStopped,
    Recorder,
    SpoolFailed,
    SpoolFull,
    SpoolLimits,
    SpoolWriter,
    StreamEvent,
    StreamState,
    leftover_streams,
    record,
)
from acquisition import segment as segment_module
from devices.errors import DeviceLost
from tests.acquisition.pictures import description, frame
from tests.acquisition.scripted import FILE, Plug, Step
from tests.acquisition.waiting import until

MIB = 1 << 20
LOST = DeviceLost("The cable is out.")
Disk = Callable[[int], Path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """Mounts file systems of so many MiB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs Linux and root")
    mounted: list[Path] = []

    def mount(mib: int) -> Path:
        at = tmp_path / f"disk{mib}"
        at.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(at)], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
        mounted.append(at)
        return at

    yield mount
    for at in mounted:
        # Lazy: a test that failed may still hold a file open, and a mount must not outlive it.
        subprocess.run(["umount", "-l", str(at)], check=True)


def large(number: int) -> bytes:
    """100 kB that are no picture: what is stored is the same."""
    return number.to_bytes(4, "little") * 25_000


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("mib", [4, 24, 80])
def test_recording_stops_while_what_is_pinned_can_still_be_saved(small_disk: Disk, mib: int) -> None:
    disk = small_disk(mib)
    writer = SpoolWriter.create(disk / "spool", description())
    pin = writer.pin()
    with pytest.raises(SpoolFull, match="free some room"):
        for number in range(2000):
            writer.append(frame(number, large(number)))
    with pytest.raises(SpoolFull):
        writer.append(frame(9999, large(0)))
    pin.release()
    stored = writer.frames
    assert len(stored) * 100_000 > mib * MIB * 0.3
    writer.close()
    clip = Clip(writer.description, stored)
    assert [clip.payload(n) for n in (0, len(stored) - 1)] == [large(0), large(len(stored) - 1)]
    with (disk / "saved").open("wb") as saved:  # there is room for a copy
        for extent in clip.item_ranges():
            saved.write(extent.path.read_bytes())
        os.fsync(saved.fileno())
    writer.let_go()
    (left,) = leftover_streams(disk / "spool")
    assert len(left.frames) == len(stored) and left.recovered.dropped == []
    left.discard()


def test_a_disk_filled_by_others_tears_no_frame(small_disk: Disk) -> None:
    disk = small_disk(8)
    writer = SpoolWriter.create(disk / "spool", description(), SpoolLimits(reserve_bytes=0))
    writer.append(frame(0, large(0)))
    with (disk / "other").open("wb", buffering=0) as other:
        while shutil.disk_usage(disk).free > 50_000:
            other.write(bytes(min(100_000, shutil.disk_usage(disk).free - 20_000)))
    with pytest.raises(SpoolFull):
        for number in range(1, 300):
            writer.append(frame(number, large(number)))
    count = len(writer.frames)
    assert writer.frames[-1].path.stat().st_size == writer.frames[-1].offset + 100_000
    (disk / "other").unlink()
    writer.append(frame(500, large(500)))  # room again: it goes on where it stopped
    writer.let_go()
    (left,) = leftover_streams(disk / "spool")
    assert len(left.frames) == count + 1 and left.recovered.dropped == []


def test_a_recording_ends_with_the_reason_and_what_came(small_disk: Disk) -> None:
    disk = small_disk(24)
    result = record(Plug((frame(n, large(n)) for n in range(2000)), info=FILE), disk / "spool", 1000.0)
    assert result.ended == "disk-full" and "free some room" in result.why
    assert 50 < result.frames_arrived < 200
    assert [run.ended for run in result.runs] == ["disk-full"]
    result.release()


def test_the_live_picture_goes_on(small_disk: Disk) -> None:
    disk = small_disk(4)

    def endless() -> Iterator[object]:
        number = 0
        while True:
            yield frame(number, large(number))
            yield 0.002
            number += 1

    recorder = Recorder(Plug(endless()), disk / "spool", keep_all=True)  # type: ignore[arg-type]
    recorder.start()
    until(lambda: recorder.state is StreamState.DISK_FULL)
    seen = recorder.latest_numbered()[0]
    until(lambda: recorder.latest_numbered()[0] > seen + 5)
    assert recorder.disk_error is not None and recorder.counters.unrecorded > 0
    recorder.stop()
    for run in recorder.runs:
        run.discard()


@pytest.mark.requirement("N4")
def test_what_nobody_wants_makes_room(small_disk: Disk) -> None:
    disk = small_disk(24)
    writer = SpoolWriter.create(disk / "spool", description())
    for number in range(100):
        writer.append(frame(number, large(number)))
    wanted = writer.pin(writer.frames[-30].index, writer.frames[-1].index)
    for number in range(100, 1000):  # four times the disk
        writer.append(frame(number, large(number)))
    held = {f.index for f in writer.frames}
    assert set(range(wanted.first, wanted.last + 1)) | set(range(970, 1000)) <= held
    assert shutil.disk_usage(disk).free > writer.pinned_bytes
    writer.discard()


def test_what_nobody_wants_of_an_older_run_makes_room(small_disk: Disk) -> None:
    """What goes first is the oldest: a run that ended, not what the device has just sent."""
    disk = small_disk(24)
    numbers = range(120), range(1000, 1150)
    scripts: list[list[Step]] = [[*(frame(n, large(n)) for n in run), LOST] for run in numbers]
    recorder = Recorder(Plug(*scripts), disk / "spool", reconnect_s=30.0)
    recorder.start()
    until(lambda: recorder.counters.arrived + recorder.counters.unrecorded == 270, 30.0)
    assert [run.gone for run in recorder.runs] == [True, False]
    assert [f.sequence for f in recorder.runs[1].spool.frames] == list(range(1000, 1150))
    assert recorder.disk_error is None
    recorder.stop()


def test_a_disk_that_was_full_is_not_blamed_for_a_cable(small_disk: Disk) -> None:
    disk = small_disk(8)
    other = disk / "other"
    other.write_bytes(bytes(4 * MIB))
    events: list[StreamEvent] = []

    def first() -> Iterator[Step]:
        yield from (frame(n, large(n)) for n in range(60))
        yield 0.3
        other.unlink()
        yield LOST

    plug = Plug(first(), [*(frame(n, large(n)) for n in range(60, 64)), LOST])
    recorder = Recorder(plug, disk / "spool", reconnect_s=30.0, on_event=events.append, keep_all=True)
    recorder.start()
    until(lambda: len(recorder.runs) == 2 and recorder.runs[1].ended is not None, 20.0)
    until(lambda: recorder.state is StreamState.WAITING)
    assert str(recorder.error) == str(LOST)
    assert isinstance(recorder.disk_error, SpoolFull), "it is not forgotten"
    assert len([e for e in events if isinstance(e, DiskStopped)]) == 1
    recorder.stop()
    for run in recorder.runs:
        run.discard()


def test_no_room_for_a_beginning_is_told_before_anything_else(small_disk: Disk) -> None:
    disk = small_disk(4)
    (disk / "other").write_bytes(bytes(shutil.disk_usage(disk).free - 300_000))
    with pytest.raises(SpoolFull, match="free some room"):
        record(Plug((frame(n, large(n)) for n in range(20)), info=FILE), disk / "spool", 10.0)
    assert leftover_streams(disk / "spool") == []


def test_a_failing_sync_stops_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that loses writes cannot be had in a test: the system call fails by order."""
    writer = SpoolWriter.create(tmp_path, description(), SpoolLimits(sync_interval_s=0.02))

    def fail(fd: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(segment_module, "sync_data", fail)
    writer.append(frame(0))
    with pytest.raises(SpoolFailed, match="Input/output error"):
        until(lambda: bool(writer.append(frame(1))) and False)
    with pytest.raises(SpoolFailed):
        writer.close()
    writer.discard()
    assert list(tmp_path.iterdir()) == []
