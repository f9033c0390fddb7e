"""A video file through OpenCV's FFmpeg.

With CAP_PROP_FORMAT = -1 FFmpeg hands over packets undecoded: for MJPEG that is each frame's own JPEG, byte for byte
(tests/devices/test_playback.py shows it for AVI, Matroska and QuickTime), so that no second reader of containers is
needed. The rate is taken from the time stamps: the header's is sometimes twice the true one (AVI from FFmpeg).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from devices.cv import cv2
from devices.errors import UnreadableFile
from devices.films.film import ASSUMED_FPS, Film, raw_bytes, raw_format, usual_fps
from devices.jpeg import structure
from devices.source import PixelFormat, StreamFormat

#: Packets looked at to find the rate.
_PROBED: Final = 48


class VideoFilm(Film):
    """A video file: MJPEG as it is, every other encoding decoded to BGR24."""

    def __init__(self, path: Path, what: str) -> None:
        self.what = what
        self._path = path.resolve()
        with self._opened(packets=True) as capture:
            is_mjpeg = _fourcc(capture) in ("MJPG", "mjpg", "jpeg", "JPEG", "AVRn", "dmb1")
            parts: structure.JpegLayout | None = None  # of the first whole one: a file may begin with a damaged frame
            offsets_ns: list[int] = []
            while len(offsets_ns) < _PROBED:
                there, packet = capture.read()
                if not there:
                    break
                if is_mjpeg and parts is None:
                    parts = _baseline(packet.tobytes())
                offsets_ns.append(_position_ns(capture) or 0)
        if not offsets_ns:
            raise UnreadableFile(f"The file begins like {what} and holds no frame that can be read: it is damaged.")
        measured = usual_fps(offsets_ns)
        self._times_known = measured is not None
        fps = measured or ASSUMED_FPS
        self._packets = parts is not None
        if parts is not None:
            self.stream_format = StreamFormat(PixelFormat.MJPEG, parts.width, parts.height, fps)
            self.delivers = "The file's own JPEG frames, untouched."
        else:
            with self._opened(packets=False) as capture:
                there, picture = capture.read()
            if not there or picture is None:
                raise UnreadableFile(
                    f"The frames of {what} cannot be decoded: it is damaged or of an unknown encoding."
                )
            self.stream_format = raw_format(np.asarray(picture), fps)
            self.delivers = "Decoded frames."
        if measured is None and len(offsets_ns) > 1:
            self.delivers += f" The file tells no times: {ASSUMED_FPS:g}/s is assumed."

    @contextmanager
    def _opened(self, packets: bool) -> Iterator[Any]:
        with _name_for_opencv(self._path) as name:
            capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1] if packets else [])
        try:
            if not capture.isOpened():
                raise UnreadableFile(
                    f"The file begins like {self.what} and cannot be opened: it is cut short or damaged."
                )
            yield capture
        finally:
            capture.release()

    def frames(self) -> Iterator[tuple[bytes, int]]:
        """The frames from the beginning."""
        first_ns: int | None = None
        last_ns, number = 0, 0
        with self._opened(self._packets) as capture:
            while True:
                there, picture = capture.read()
                if not there:
                    return
                at_ns = _position_ns(capture) if self._times_known else number * self.interval_ns
                if at_ns is None:
                    at_ns = (first_ns or 0) + last_ns + self.interval_ns
                if first_ns is None:
                    first_ns = at_ns
                last_ns = max(last_ns, at_ns - first_ns)
                number += 1
                yield (picture.tobytes() if self._packets else raw_bytes(picture)), last_ns


@contextmanager
def _name_for_opencv(path: Path) -> Iterator[str]:
    """A name under which OpenCV finds the file: one that is not UTF-8 (from an old ZIP file, say) ends its process."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with path.open("rb") as file:
            yield f"/dev/fd/{file.fileno()}"
    else:
        yield str(path)


def _fourcc(capture: Any) -> str:
    code = int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    return code.to_bytes(4, "little").decode("latin-1")


def _position_ns(capture: Any) -> int | None:
    """The time of the frame that was read last; None where FFmpeg knows none."""
    position_ms = float(capture.get(cv2.CAP_PROP_POS_MSEC))
    return round(position_ms * 1e6) if math.isfinite(position_ms) else None


def _baseline(packet: bytes) -> structure.JpegLayout | None:
    """The parts of an MJPEG packet; None where it is not one baseline JPEG and has to be decoded."""
    try:
        return structure.layout(packet)
    except structure.BrokenJpeg:
        return None
