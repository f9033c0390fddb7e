"""The contract itself: a sound source passes it, and each broken one is found by the test that is meant for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from _pytest.outcomes import Failed

from devices.errors import DeviceStalled, FormatNotSupported
from devices.source import FormatRequest, Frame, FrameSource, StreamFormat
from tests.contracts.reference_source import FORMATS, ReferenceSource
from tests.contracts.silent_contract import SilentSourceContract
from tests.contracts.source_contract import SourceContract


class TestReference(SourceContract):
    expected_size = (16, 8)

    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        return ReferenceSource


class TestSilentReference(SilentSourceContract):
    @pytest.fixture
    def make_silent_source(self) -> Callable[[], FrameSource]:
        return lambda: ReferenceSource(silent=True)


def changed(frame: Frame, **values: object) -> Frame:
    facts = {name: getattr(frame, name) for name in Frame.__dataclass_fields__}
    return Frame(**{**facts, **values})


class StandingNumbers(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        return changed(super()._do_read(timeout_s), sequence=7)


class JumpingNumbers(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        frame = super()._do_read(timeout_s)
        return changed(frame, sequence=(frame.sequence or 0) * 2)


class FallingTimes(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        frame = super()._do_read(timeout_s)
        return changed(frame, timestamp_ns=self._began_ns - (frame.sequence or 0) * 1000)


class WallClock(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        return changed(super()._do_read(timeout_s), timestamp_ns=time.time_ns())


class ShortFrames(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        frame = super()._do_read(timeout_s)
        return changed(frame, data=frame.data[:-1])


class SharedBuffer(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        frame = super()._do_read(timeout_s)
        return changed(frame, data=bytearray(frame.data))


class TakesAnything(ReferenceSource):
    def _do_start(self, request: FormatRequest) -> StreamFormat:
        try:
            return super()._do_start(request)
        except FormatNotSupported:
            return super()._do_start(FormatRequest())


class GivesAnother(ReferenceSource):
    def _do_start(self, request: FormatRequest) -> StreamFormat:
        super()._do_start(request)
        return FORMATS[0]


class ForgetsToWait(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        time.sleep(timeout_s + 0.4)
        return super()._do_read(timeout_s)


class LosesWhenImpatient(ReferenceSource):
    def _do_read(self, timeout_s: float) -> Frame:
        try:
            return super()._do_read(timeout_s)
        except DeviceStalled:
            self._number += 1
            raise


class LeavesAThread(ReferenceSource):
    made: list[threading.Event] = []  # noqa: RUF012 - shared on purpose: the test ends the threads

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        event = threading.Event()
        self.made.append(event)
        threading.Thread(target=event.wait, args=(30,), daemon=True).start()
        return super()._do_start(request)


class DeafToClose(ReferenceSource):
    def __init__(self) -> None:
        super().__init__(silent=True)

    def _do_read(self, timeout_s: float) -> Frame:
        time.sleep(min(timeout_s, 3.0))
        raise DeviceStalled("No frame came.")


class RaisesOsError(ReferenceSource):
    def _do_start(self, request: FormatRequest) -> StreamFormat:
        try:
            return super()._do_start(request)
        except FormatNotSupported as error:
            raise OSError(22, "Invalid argument") from error


class NeverStarts(ReferenceSource):
    def start(self, request: FormatRequest | None = None) -> StreamFormat:
        self.stream_format = self._do_start(request or FormatRequest())
        return self.stream_format


class ReadsWhenClosed(ReferenceSource):
    def read(self, timeout_s: float = 2.0) -> Frame:
        if self.stream_format is None:
            return Frame(b"", FORMATS[0].pixel_format, 16, 8, 0)
        return super().read(timeout_s)


class NamesAPath(ReferenceSource):
    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self.info, "id", "uvc:/dev/video0")


class Quick(SourceContract):
    """The contract with short waits: the broken ones are to be found soon."""

    margin_s = 0.3
    patience_s = 1.0


@pytest.mark.parametrize(
    ("broken", "found_by"),
    [
        (StandingNumbers, "test_sequence_numbers_rise_by_one"),
        (JumpingNumbers, "test_sequence_numbers_rise_by_one"),
        (FallingTimes, "test_times_are_monotonic_and_on_the_clock"),
        (WallClock, "test_times_are_monotonic_and_on_the_clock"),
        (ShortFrames, "test_frames_are_what_was_agreed"),
        (SharedBuffer, "test_frames_are_what_was_agreed"),
        (TakesAnything, "test_an_absurd_request_is_refused"),
        (RaisesOsError, "test_an_absurd_request_is_refused"),
        (GivesAnother, "test_each_offered_format_can_be_had"),
        (ForgetsToWait, "test_read_never_waits_longer_than_told"),
        (LosesWhenImpatient, "test_an_impatient_reader_loses_nothing"),
        (LeavesAThread, "test_nothing_stays_behind"),
        (DeafToClose, "test_close_from_another_thread_ends_a_reader"),
        (NeverStarts, "test_a_second_start_is_refused_and_the_stream_goes_on"),
        (ReadsWhenClosed, "test_read_before_start_is_refused"),
        (ReadsWhenClosed, "test_read_after_stop_is_refused"),
        (NamesAPath, "test_info_says_who_it_is"),
    ],
)
def test_a_broken_source_is_found(broken: Callable[[], FrameSource], found_by: str) -> None:
    test = getattr(Quick(), found_by)
    arguments = (
        {"request_": FormatRequest(width=3, height=5)}
        if found_by.endswith("is_refused") and "absurd" in found_by
        else {}
    )
    with pytest.raises((AssertionError, Failed, OSError)):
        test(make_source=broken, **arguments)
    for event in LeavesAThread.made:
        event.set()
