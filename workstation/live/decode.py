"""From a frame as it arrived to pixels that Qt paints at once, in buffers that are used again. No Qt."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from devices.source import Frame, PixelFormat

Pixels = npt.NDArray[np.uint8]

# One is painted, one is on its way to the window, one is being filled.
_BUFFERS = 3


class LiveDecoder:
    """Decodes to blue, green, red, unused (rows, columns, 4), which is Qt's Format_RGB32 on little-endian machines.

    The answer is good until two more frames were decoded: the memory is used in turn, because memory that is given back
    and asked for again with each frame costs as much as decoding. For one thread.
    """

    def __init__(self) -> None:
        self._buffers: deque[Pixels] = deque()

    def decode(self, frame: Frame, shown: tuple[int, int]) -> Pixels:
        """The frame's pixels; a JPEG at half its size where it is shown no larger in `shown` (width, height of the view).

        ValueError where the bytes are damaged.
        """
        if frame.pixel_format is PixelFormat.MJPEG:
            return self._decode_jpeg(frame, shown)
        expected = frame.width * frame.height * {"YUYV": 2, "GREY": 1, "BGR24": 3}[frame.pixel_format.value]
        if len(frame.data) != expected:
            raise ValueError(f"the frame has {len(frame.data)} bytes instead of {expected}")
        from devices.cv import cv2

        raw = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.width, -1)
        buffer = self._take(frame.height, frame.width)
        code = {
            PixelFormat.YUYV: cv2.COLOR_YUV2BGRA_YUY2,
            PixelFormat.GREY: cv2.COLOR_GRAY2BGRA,
            PixelFormat.BGR24: cv2.COLOR_BGR2BGRA,
        }[frame.pixel_format]
        cv2.cvtColor(raw, code, dst=buffer)
        return buffer

    def _decode_jpeg(self, frame: Frame, shown: tuple[int, int]) -> Pixels:
        import simplejpeg

        # Only exactly half is worth it: other factors decode slower than the whole picture (performance reference).
        halved = min(shown[0] / frame.width, shown[1] / frame.height) <= 0.5
        least = ((frame.height + 1) // 2, (frame.width + 1) // 2) if halved else (0, 0)
        rows, columns = simplejpeg.decode_jpeg_header(frame.data, least[0], least[1])[:2]
        buffer = self._take(rows, columns)
        decoded: Pixels = simplejpeg.decode_jpeg(
            frame.data, "BGRA", min_height=least[0], min_width=least[1], buffer=buffer, strict=True
        )
        return decoded

    def _take(self, rows: int, columns: int) -> Pixels:
        if not self._buffers or self._buffers[0].shape[:2] != (rows, columns):
            self._buffers = deque(np.empty((rows, columns, 4), np.uint8) for _ in range(_BUFFERS))
        self._buffers.rotate(-1)
        return self._buffers[0]
