"""Clips: time, and what does not fit into one instance."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest
from pydicom import dcmread

from acquisition.cine import Gap
from dicom_io import OpenedClip, encode_clip
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, clip, jpeg, jpeg_clip, times_ns, write


def test_the_vector_holds_the_true_times(tmp_path: Path) -> None:
    source = jpeg_clip(tmp_path, 20, fps=25.0)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    dataset = dcmread(write(item, tmp_path))
    times = source.timestamps_ns
    at_ms = 0.0
    for step, stamp in zip(dataset.FrameTimeVector, times, strict=True):
        at_ms += float(step)
        assert at_ms == pytest.approx((stamp - times[0]) / 1e6, abs=0.051)
    assert dataset.FrameIncrementPointer == 0x00181065
    assert dataset.CineRate == dataset.RecommendedDisplayFrameRate == 25
    assert float(dataset.EffectiveDuration) == pytest.approx(source.duration_s, abs=1e-3)


@pytest.mark.requirement("N3")
def test_a_long_clip_becomes_parts_that_play_as_one(tmp_path: Path) -> None:
    gaps = (Gap("sequence", 4, 0.1, 2), Gap("sequence", 11, 0.4, 7))
    source = jpeg_clip(tmp_path, 20, 64, 48, gaps=gaps)
    uids = [f"2.25.{n}" for n in range(1, 9)]
    items = encode_clip(
        source, STUDY, SERIES, EQUIPMENT,
        instance_number=5, scratch=tmp_path, uid_of=uids.__getitem__, longest_vector_characters=40,
    )  # fmt: skip
    assert len(items) > 2
    assert [item.sop_instance_uid for item in items] == uids[: len(items)]
    assert sum(item.number_of_frames for item in items) == 20
    assert {item.series_instance_uid for item in items} == {SERIES.series_instance_uid}
    paths = [write(item, tmp_path) for item in items]
    heads = [dcmread(path) for path in paths]
    assert [head.InstanceNumber for head in heads] == list(range(5, 5 + len(items)))
    assert {head.AcquisitionNumber for head in heads} == {5}
    assert all(head.FrameTimeVector[0] == 0 for head in heads)
    assert "Part 1 of" in heads[0].ImageComments
    told = " ".join(str(head.ImageComments) for head in heads)
    assert told.count("Frames lost") == 2
    with OpenedClip(list(reversed(paths))) as whole:
        assert whole.number_of_frames == 20
        assert [whole.frame_bytes(i) for i in range(20)] == [source.payload(i) for i in range(20)]
        for seconds, stamp in zip(whole.timestamps_s, source.timestamps_ns, strict=True):
            assert seconds == pytest.approx((stamp - source.timestamps_ns[0]) / 1e9, abs=1e-4)


def test_a_gap_between_two_parts_is_told_once_before_the_second(tmp_path: Path) -> None:
    for after in range(19):
        source = jpeg_clip(tmp_path / str(after), 20, 16, 16, gaps=(Gap("sequence", after, 0.1, 1),))
        items = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path, longest_vector_characters=40)
        told = [str(dcmread(write(item, tmp_path)).ImageComments).count("Frames lost") for item in items]
        assert sum(told) == 1


def test_a_clock_that_steps_back_is_said(tmp_path: Path) -> None:
    times = times_ns(4)
    times[2] = times[0]
    source = jpeg_clip(tmp_path, 4, 64, 48, times=times)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    assert "1 frames had a time before" in str(dcmread(write(item, tmp_path)).ImageComments)


@pytest.mark.requirement("N3")
def test_ten_minutes_at_sixty_a_second_are_told_in_constant_memory(tmp_path: Path) -> None:
    """36 000 frames of one payload: the header grows by a few bytes a frame, the frames are never read."""
    few = clip(tmp_path, [jpeg(64, 48)] * 2, 64, 48)
    times = times_ns(36_000, 60)
    # The same two items again and again: ranges into the same file, as a spool has them.
    frames = [few.frames[i % 2] for i in range(36_000)]

    from acquisition.cine import Clip

    long = Clip(few.stream, [f._replace(index=i, timestamp_ns=times[i]) for i, f in enumerate(frames)])
    process = psutil.Process()
    before = process.memory_info().rss
    started = time.perf_counter()
    items = encode_clip(long, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    took_s = time.perf_counter() - started
    assert len(items) == 3
    assert all(len(part) < 400_000 for item in items for part in item if isinstance(part, bytes))
    assert process.memory_info().rss - before < 64 * 2**20
    assert took_s < 60  # a guard against the square of the frames, not a measurement
