"""The contract of everything that gives frames: a probe, a grabber, a file, a simulation.

    CLOSED ──start()──▶ STREAMING ──stop()──▶ CLOSED      close() at any time, any number of times

A driver fills in the three `_do_…` hooks; the public methods check the state and hold the promises that
`tests/contracts/` proves of every source:

- a `Frame` is what the device sent, untouched, with the time it was taken (monotonic clock, ns) and, where the
  device or its driver counts, a sequence number that rises by one for each frame and jumps where the host lost some;
- `read` gives each frame once, in order, and never blocks longer than it was told to;
- every failure is one of `devices.errors`.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from devices.errors import FormatNotSupported

Kind = Literal["uvc", "capture", "network", "simulated", "playback"]


class PixelFormat(enum.StrEnum):
    """How the bytes of a frame are to be read."""

    MJPEG = "MJPEG"  #: one JPEG bitstream per frame, perhaps without Huffman tables, perhaps with junk behind EOI
    YUYV = "YUYV"  #: 4:2:2, Y0 U Y1 V, width * height * 2 bytes, rows without padding
    GREY = "GREY"  #: 8 bit luminance, width * height bytes, rows without padding
    BGR24 = "BGR24"  #: 8 bit blue, green, red, width * height * 3 bytes: a decoded picture, not what the device sent


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """One way a device can stream: encoding, size in pixels, nominal frames a second."""

    pixel_format: PixelFormat
    width: int
    height: int
    fps: float

    def __str__(self) -> str:
        return f"{self.pixel_format} {self.width}x{self.height} at {self.fps:g}/s"


@dataclass(frozen=True, slots=True)
class FormatRequest:
    """What the user asked for; what is None is the device's choice (its best)."""

    pixel_format: PixelFormat | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture as the device sent it.

    `timestamp_ns` is on the clock of `time.monotonic_ns`. `sequence` is None where nothing counts. `device_pts_ns` is
    the device's own clock where it sends one (UVC presentation time stamp): its zero is arbitrary, its intervals are
    the true ones. `damage` is the driver's reason to call the frame broken, or None: bytes that look whole may still
    be found cut short by whoever looks into them.
    """

    data: bytes = field(repr=False)
    pixel_format: PixelFormat
    width: int
    height: int
    timestamp_ns: int
    sequence: int | None = None
    device_pts_ns: int | None = None
    damage: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who a device is. `id` is stable over replugging and holds no /dev path.

    `identity_rule` says what decided that it is this one: 'serial' (unique among present and remembered devices),
    'port' (no usable serial: the USB port), 'asked' (a person chose), 'name' (simulated), 'file' (playback).
    `vendor_id` and `product_id` are four lower-case hex digits; None where the bus has none. `spacing_mm` is the size of a
    pixel [x, y] of the whole picture, where the device itself states it with its pictures; known once it streams.
    """

    id: str
    name: str
    kind: Kind
    vendor_id: str | None = None
    product_id: str | None = None
    serial: str | None = None
    port_path: str | None = None
    identity_rule: str = "port"
    formats: tuple[StreamFormat, ...] = ()
    profile: str | None = None
    manufacturer: str | None = None
    spacing_mm: tuple[float, float] | None = None

    def to_json(self) -> dict[str, object]:
        """The device as `sonofill devices --json` shows it: formats of one size gathered, rates falling."""
        sizes: dict[tuple[str, int, int], list[float]] = {}
        for f in self.formats:
            sizes.setdefault((str(f.pixel_format), f.width, f.height), []).append(f.fps)
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "vendor_id": self.vendor_id,
            "product_id": self.product_id,
            "serial": self.serial,
            "port_path": self.port_path,
            "identity_rule": self.identity_rule,
            "formats": [
                {"encoding": encoding, "width": w, "height": h, "fps": sorted(set(rates), reverse=True)}
                for (encoding, w, h), rates in sizes.items()
            ],
            "profile": self.profile,
        }


class FrameSource(ABC):
    """A device that is, or can be made to be, streaming. Not thread-safe but for `close`, which may come from any thread."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        self.stream_format: StreamFormat | None = None

    def start(self, request: FormatRequest | None = None) -> StreamFormat:
        """Begin to stream and say in which format.

        Raises FormatNotSupported, DeviceBusy, DeviceDenied, DeviceLost, BandwidthExceeded, UnreadableFile, and
        DeviceStalled where only a first frame shows the format (OpenCV); a second start without a stop is a
        programming error (RuntimeError).
        """
        if self.stream_format is not None:
            raise RuntimeError("the source is streaming already")
        self.stream_format = self._do_start(request or FormatRequest())
        return self.stream_format

    def read(self, timeout_s: float = 2.0) -> Frame:
        """The next frame, oldest first; waits for it `timeout_s` at most.

        Raises DeviceStalled (nothing came in time; may be called again), DeviceLost, FrameSizeChanged, EndOfStream,
        UnreadableFile (a file that is damaged further on); RuntimeError when the source is not streaming.
        """
        if self.stream_format is None:
            raise RuntimeError("the source is not streaming")
        return self._do_read(timeout_s)

    def stop(self) -> None:
        """End streaming; what the driver still held is dropped. Harmless when not streaming."""
        if self.stream_format is not None:
            self.stream_format = None
            self._do_stop()

    def close(self) -> None:
        """Give the device back. Harmless when closed.

        It may come from another thread: a read that waits there ends within about a second, with a frame that it
        already had or with DeviceLost, and the next one is refused (RuntimeError: not streaming).
        """
        self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    @abstractmethod
    def _do_start(self, request: FormatRequest) -> StreamFormat:
        """Called by `start`: open the hardware and begin."""

    @abstractmethod
    def _do_read(self, timeout_s: float) -> Frame:
        """Called by `read`, only while streaming."""

    @abstractmethod
    def _do_stop(self) -> None:
        """Called by `stop`, once for each successful `start`: end the stream and release the hardware."""


def choose_format(offered: tuple[StreamFormat, ...], request: FormatRequest) -> StreamFormat:
    """The best offered format that fits the request: MJPEG before raw, then the largest, then the fastest.

    A rate that is not offered is refused rather than rounded; raises FormatNotSupported with what there is.
    """
    fits = [
        f
        for f in offered
        if request.pixel_format in (None, f.pixel_format)
        and request.width in (None, f.width)
        and request.height in (None, f.height)
        and (request.fps is None or abs(request.fps - f.fps) < 0.5)
    ]
    if not fits:
        wanted = " ".join(
            str(part)
            for part in (
                request.pixel_format,
                f"{request.width}x{request.height}" if request.width else None,
                f"at {request.fps:g}/s" if request.fps else None,
            )
            if part
        )
        there = "; ".join(str(f) for f in offered[:12]) or "nothing"
        raise FormatNotSupported(f"The device does not offer {wanted or 'any format'}; it offers {there}.")
    return max(fits, key=lambda f: (f.pixel_format is PixelFormat.MJPEG, f.width * f.height, f.fps))
