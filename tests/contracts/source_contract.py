"""What every source of frames must keep: the promises of `devices/source.py`, one test each.

A driver's test module writes a subclass that gives the fixture `make_source` and its facts, and inherits all tests:

    class TestMyDriver(SourceContract):
        frames_in_all = 30

        @pytest.fixture
        def make_source(self) -> Callable[[], FrameSource]:
            return lambda: MySource(...)

`make_source()` gives a fresh, closed source; the tests close what they open. Nothing beyond pytest is needed, so that
the class also runs inside the device lab's guest. A source that is there and sends nothing has a contract of its own:
`silent_contract.py`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from devices.errors import DeviceError, DeviceLost, DeviceStalled, EndOfStream, FormatNotSupported
from devices.jpeg import structure
from devices.source import FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat

MakeSource = Callable[[], FrameSource]

BYTES_PER_PIXEL = {PixelFormat.YUYV: 2, PixelFormat.GREY: 1, PixelFormat.BGR24: 3}


def read_some(source: FrameSource, count: int, patience_s: float) -> list[Frame]:
    """Up to `count` frames; fewer where the source has no more, or where `patience_s` went by."""
    frames: list[Frame] = []
    until = time.monotonic() + patience_s
    while len(frames) < count and time.monotonic() < until:
        try:
            frames.append(source.read(timeout_s=1.0))
        except EndOfStream:
            break
        except DeviceStalled:
            continue
    return frames


def _open_descriptors() -> int | None:
    """How many files the process holds open; None where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return None


def _settles(holds: Callable[[], bool], within_s: float) -> bool:
    until = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@contextlib.contextmanager
def closing(source: FrameSource) -> Iterator[FrameSource]:
    try:
        yield source
    finally:
        source.close()


class SourceContract:
    """The promises. A subclass gives the fixture `make_source` and corrects the facts below where they differ."""

    #: How many frames a whole stream has; None: it does not end.
    frames_in_all: int | None = None
    #: The size of the pictures of the default stream as (width, height); None: not known beforehand.
    expected_size: tuple[int, int] | None = None
    #: The default stream's pixel format; None: not known beforehand.
    expected_format: PixelFormat | None = None
    #: Frames carry a sequence number.
    counts_frames: bool = True
    #: The host may lose frames (a real device on a slow machine): numbers may jump, never stand or fall.
    may_lose_frames: bool = False
    #: Time stamps may be ahead of the clock (a file that is played faster than it was taken).
    ahead_of_clock: bool = False
    #: Every offered format is tried, up to this many.
    formats_tried: int = 4
    #: How many frames the tests read, how long they wait for them in all, and what a busy machine may add to a wait.
    frames_read: int = 6
    patience_s: float = 10.0
    margin_s: float = 1.5

    def _stream(self, source: FrameSource, count: int | None = None) -> list[Frame]:
        wanted = min(count or self.frames_read, self.frames_in_all or 1_000_000)
        frames = read_some(source, wanted, self.patience_s)
        assert len(frames) == wanted, f"{len(frames)} of {wanted} frames came in {self.patience_s:g} s"
        return frames

    # --- who it is -----------------------------------------------------------------------------------------------

    def test_info_says_who_it_is(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            info = source.info
            assert info.id and info.name, "a device has an id and a name"
            assert "/dev" not in info.id and "\\" not in info.id, "an id holds no path of the machine"
            assert info.kind in ("uvc", "capture", "network", "simulated", "playback")
            assert info.identity_rule in ("serial", "port", "asked", "name", "file")
            for number in (info.vendor_id, info.product_id):
                assert number is None or (len(number) == 4 and int(number, 16) >= 0 and number == number.lower())
            assert set(info.to_json()) == {
                *("id", "name", "kind", "vendor_id", "product_id"),
                *("serial", "port_path", "identity_rule", "formats", "profile"),
            }

    # --- states --------------------------------------------------------------------------------------------------

    def test_a_new_source_is_closed(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            assert source.stream_format is None

    def test_read_before_start_is_refused(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source, pytest.raises(RuntimeError):
            source.read(0.1)

    def test_start_says_the_format(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            agreed = source.start()
            assert isinstance(agreed, StreamFormat)
            assert source.stream_format == agreed
            assert agreed.width > 0 and agreed.height > 0 and agreed.fps > 0
            if self.expected_size is not None:
                assert (agreed.width, agreed.height) == self.expected_size
            if self.expected_format is not None:
                assert agreed.pixel_format is self.expected_format

    def test_a_second_start_is_refused_and_the_stream_goes_on(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            agreed = source.start()
            with pytest.raises(RuntimeError):
                source.start()
            assert source.stream_format == agreed
            self._stream(source, 2)

    def test_read_after_stop_is_refused(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            source.stop()
            assert source.stream_format is None
            with pytest.raises(RuntimeError):
                source.read(0.1)

    def test_stop_and_close_are_harmless_at_any_time(self, make_source: MakeSource) -> None:
        source = make_source()
        source.stop()
        source.close()
        source.start()
        source.stop()
        source.stop()
        source.close()
        source.close()

    def test_it_starts_again(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            first = source.start()
            before = self._stream(source, 2)
            source.stop()
            assert source.start() == first
            after = self._stream(source, 2)
            assert after[0].timestamp_ns >= before[0].timestamp_ns

    def test_it_starts_after_close(self, make_source: MakeSource) -> None:
        source = make_source()
        source.start()
        source.close()
        with closing(source):
            source.start()
            self._stream(source, 1)

    def test_the_with_statement_closes(self, make_source: MakeSource) -> None:
        with make_source() as source:
            source.start()
        assert source.stream_format is None

    # --- frames --------------------------------------------------------------------------------------------------

    def test_frames_are_what_was_agreed(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            agreed = source.start()
            for frame in self._stream(source):
                self._check_frame(frame, agreed)

    def _check_frame(self, frame: Frame, agreed: StreamFormat) -> None:
        assert type(frame.data) is bytes, "a frame's data is bytes: nothing may change it later"
        assert frame.pixel_format is agreed.pixel_format
        assert (frame.width, frame.height) == (agreed.width, agreed.height)
        if frame.damage is not None:
            assert self.may_lose_frames, f"a sound source calls a frame broken: {frame.damage}"
        elif frame.pixel_format is PixelFormat.MJPEG:
            layout = structure.layout(frame.data)
            assert (layout.width, layout.height) == (frame.width, frame.height)
        else:
            assert len(frame.data) == frame.width * frame.height * BYTES_PER_PIXEL[frame.pixel_format]

    def test_a_frame_cannot_be_changed(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            frame = self._stream(source, 1)[0]
            with pytest.raises(dataclasses.FrozenInstanceError):
                frame.timestamp_ns = 0  # type: ignore[misc]

    def test_a_frame_outlives_the_stream(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            first = self._stream(source, 1)[0]
            copy = bytes(bytearray(first.data))
            read_some(source, 3, self.patience_s)
            source.close()
            assert first.data == copy, "the driver wrote into a frame that it had given away"

    def test_times_are_monotonic_and_on_the_clock(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            before_ns = time.monotonic_ns()
            source.start()
            frames = self._stream(source)
            after_ns = time.monotonic_ns()
            times = [frame.timestamp_ns for frame in frames]
            assert times == sorted(times), "time stamps fall"
            slack_ns = int(self.margin_s * 1e9)
            assert times[0] >= before_ns - slack_ns, "the first frame is older than the stream: another clock?"
            if not self.ahead_of_clock:
                assert times[-1] <= after_ns, "a frame comes from the future: another clock?"
            if len(frames) > 1:
                assert len(set(times)) > 1, "all frames bear the same time"

    def test_sequence_numbers_rise_by_one(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            numbers = [frame.sequence for frame in self._stream(source)]
            if not self.counts_frames:
                assert set(numbers) == {None}, "either every frame has a number or none has"
                return
            known = [number for number in numbers if number is not None]
            assert len(known) == len(numbers), "either every frame has a number or none has"
            steps = [b - a for a, b in itertools.pairwise(known)]
            assert all(step >= 1 for step in steps), f"numbers stand or fall: {known}"
            if not self.may_lose_frames:
                assert all(step == 1 for step in steps), f"numbers jump: {known}"

    def test_a_stream_ends_once_and_for_all(self, make_source: MakeSource) -> None:
        if self.frames_in_all is None:
            return
        with closing(make_source()) as source:
            source.start()
            frames = read_some(source, self.frames_in_all + 1, self.patience_s)
            assert len(frames) == self.frames_in_all
            for _ in range(2):
                with pytest.raises(EndOfStream):
                    source.read(1.0)

    # --- waiting -------------------------------------------------------------------------------------------------

    def test_read_never_waits_longer_than_told(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            for timeout_s in (0.0, 0.01, 0.05):
                began = time.monotonic()
                with contextlib.suppress(DeviceStalled, EndOfStream):  # both are answers
                    source.read(timeout_s)
                assert time.monotonic() - began < timeout_s + self.margin_s

    def test_an_impatient_reader_loses_nothing(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            source.start()
            frames: list[Frame] = []
            wanted = min(4, self.frames_in_all or 4)
            until = time.monotonic() + self.patience_s
            while len(frames) < wanted and time.monotonic() < until:
                try:
                    frames.append(source.read(0.0))
                except DeviceStalled:
                    time.sleep(0.002)
            assert len(frames) == wanted
            if self.counts_frames and not self.may_lose_frames:
                first = frames[0].sequence
                assert first is not None
                assert [frame.sequence for frame in frames] == list(range(first, first + wanted))

    def test_close_from_another_thread_ends_a_reader(self, make_source: MakeSource) -> None:
        """A reader that is in `read`, or comes back to it, ends soon: DeviceLost or RuntimeError, nothing worse."""
        source = make_source()
        source.start()
        ended: list[Exception] = []

        def reader() -> None:
            try:
                while True:
                    source.read(30.0)
            except (DeviceError, RuntimeError) as error:
                ended.append(error)

        thread = threading.Thread(target=reader, name="contract reader")
        thread.start()
        time.sleep(0.1)
        began = time.monotonic()
        source.close()
        thread.join(2.0 + self.margin_s)
        assert not thread.is_alive(), "close left a reader waiting"
        assert time.monotonic() - began < 2.0 + self.margin_s
        allowed = (DeviceLost, RuntimeError, EndOfStream)
        assert ended and isinstance(ended[0], allowed), f"the reader ended with {ended!r}"

    # --- asking for a format -------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "request_",
        [FormatRequest(width=3, height=5), FormatRequest(fps=99_999.0), FormatRequest(width=100_000)],
        ids=["size", "rate", "width"],
    )
    def test_an_absurd_request_is_refused(self, make_source: MakeSource, request_: FormatRequest) -> None:
        with closing(make_source()) as source:
            with pytest.raises(FormatNotSupported) as caught:
                source.start(request_)
            assert isinstance(caught.value, DeviceError)
            assert str(caught.value).strip(), "the refusal says why"
            assert source.stream_format is None
            source.start()
            self._stream(source, 1)

    def test_each_offered_format_can_be_had(self, make_source: MakeSource) -> None:
        with closing(make_source()) as source:
            offered = source.info.formats
            step = max(1, len(offered) // self.formats_tried)
            for wanted in offered[::step][: self.formats_tried]:
                request = FormatRequest(wanted.pixel_format, wanted.width, wanted.height, wanted.fps)
                agreed = source.start(request)
                assert (agreed.pixel_format, agreed.width, agreed.height) == (
                    *(wanted.pixel_format, wanted.width, wanted.height),
                )
                assert abs(agreed.fps - wanted.fps) < 0.5
                self._check_frame(self._stream(source, 1)[0], agreed)
                source.stop()

    # --- what stays behind ---------------------------------------------------------------------------------------

    def test_nothing_stays_behind(self, make_source: MakeSource) -> None:
        def cycle() -> None:
            source = make_source()
            source.start()
            read_some(source, 2, self.patience_s)
            source.close()

        cycle()  # what a library makes once, for the whole process, is not a leak
        threads, files = set(threading.enumerate()), _open_descriptors()
        cycle()

        def none_new() -> bool:
            return not [t for t in threading.enumerate() if t not in threads and t.is_alive()]

        assert _settles(none_new, 2.0 + self.margin_s), f"threads stay behind: {set(threading.enumerate()) - threads}"
        if files is not None:
            assert _settles(lambda: (_open_descriptors() or 0) <= files, 2.0), "open files stay behind"
