"""A file in place of a device: the same contract, at the file's own pace or as fast as it is read.

Time stamps are the file's own intervals, counted on the monotonic clock from the moment of the start; at the pace
'fast' they run ahead of the clock, so that what took ten seconds still lasts ten seconds. Frames are never skipped: a
slow reader gets them late.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from devices.errors import DeviceLost, DeviceStalled, EndOfStream
from devices.films import Film, open_film
from devices.jpeg_size import SizeWatch
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, PixelFormat, StreamFormat, choose_format

Pace = Literal["real", "fast"]

_SAMPLE_BYTES: Final = 1 << 20


def playback_info(path: Path) -> DeviceInfo:
    """Who the file is as a device. Raises UnreadableFile."""
    return _info(path, open_film(path))


def _info(path: Path, film: Film) -> DeviceInfo:
    # Neither id nor name holds the file's name: it may be a patient's.
    return DeviceInfo(
        id=f"file:{_digest(path)}",
        name=f"Playback of {film.what}",
        kind="playback",
        identity_rule="file",
        formats=(film.stream_format,),
    )


def _digest(path: Path) -> str:
    """16 hex digits by which a file is known wherever it lies: its size, its first and its last MiB."""
    digest = hashlib.sha256()
    size = path.stat().st_size
    digest.update(size.to_bytes(8, "little"))
    with path.open("rb") as file:
        digest.update(file.read(_SAMPLE_BYTES))
        file.seek(max(0, size - _SAMPLE_BYTES))
        digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:16]


class PlaybackSource(FrameSource):
    """A video, picture or DICOM file as a device. Raises UnreadableFile when made and when read.

    With `loop` it never ends: after the last frame comes the first, one usual interval later, and the numbers go on.
    """

    def __init__(self, path: Path, pace: Pace = "real", loop: bool = False) -> None:
        self._film = open_film(path)
        super().__init__(_info(path, self._film))
        self._real = pace == "real"
        self._loop = loop
        self._lock = threading.Lock()  # held while the film is read, so that close never pulls the file away
        self._closing = threading.Event()
        self._frames: Iterator[Frame] = iter(())
        self._next: Frame | None = None

    @property
    def delivers(self) -> str:
        """One sentence: whether the frames are the file's own bytes, and what had to be assumed."""
        return self._film.delivers

    def _do_start(self, request: FormatRequest) -> StreamFormat:
        agreed = choose_format(self.info.formats, request)
        self._closing = threading.Event()
        self._next = None
        self._frames = self._play(time.monotonic_ns())
        return agreed

    def _play(self, began_ns: int) -> Iterator[Frame]:
        agreed = self._film.stream_format
        jpegs = agreed.pixel_format is PixelFormat.MJPEG
        sizes = SizeWatch("The file", agreed.width, agreed.height)
        number = 0
        while True:
            offset_ns, before = 0, number
            for data, offset_ns in self._film.frames():
                yield Frame(
                    *(data, agreed.pixel_format, agreed.width, agreed.height, began_ns + offset_ns),
                    sequence=number,
                    damage=sizes.damage_in(data) if jpegs else None,
                )
                number += 1
            if not self._loop or number == before:
                return
            began_ns += offset_ns + self._film.interval_ns

    def _do_read(self, timeout_s: float) -> Frame:
        closing = self._closing
        with self._lock:
            if closing.is_set():
                raise DeviceLost("The file was closed while it was being played.")
            if self._next is None:
                self._next = next(self._frames, None)
            frame = self._next
        if frame is None:
            raise EndOfStream("The file has been played to its end.")
        wait_s = (frame.timestamp_ns - time.monotonic_ns()) / 1e9 if self._real else 0.0
        if wait_s > 0 and closing.wait(min(wait_s, timeout_s)):
            raise DeviceLost("The file was closed while it was being played.")
        if wait_s > timeout_s:
            raise DeviceStalled("The file's next frame is not due yet.")
        self._next = None
        return frame

    def _do_stop(self) -> None:
        self._closing.set()
        with self._lock:
            close = getattr(self._frames, "close", None)
            if close is not None:
                close()
            self._frames = iter(())
            self._next = None
