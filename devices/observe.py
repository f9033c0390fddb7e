"""What can be told of a stream by looking at it: a grabber's repeated frames, its 'no signal' picture, its borders.

Most portable probes show their picture on a phone, whose screen is mirrored over HDMI into a grabber. Then a 20/s probe
arrives in a 60/s stream, a portrait screen stands between black borders, and a pulled HDMI cable is a blue picture and
not a lost device. Nothing here is certain, and nothing is changed or dropped for it: it is shown to the user.

Everything is seen on the brightness at one eighth of the size (for JPEG the decoder gives that at a fraction of a whole
decode), so places are right to 8 pixels.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.cv import cv2
from devices.source import Frame, PixelFormat

_EIGHTH: Final = 8
#: Two pictures are the same when no block of 8x8 pixels differs by more (grey levels): what re-encoding changes.
_SAME_LEVELS: Final = 3
#: A line of the picture is flat when its brightest and its darkest block are no further apart than this.
_FLAT_LEVELS: Final = 8
#: A picture is flat when this part of it is within _FLAT_LEVELS of its median: a 'no signal' text still fits.
_FLAT_PART: Final = 0.985
#: How long a flat picture has to stand still before it is called 'no signal', and how long the rates look back, in s.
_STANDS_S: Final = 1.0
_WINDOW_S: Final = 2.0

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of the stream after one more frame."""

    repeated: bool  #: this frame shows the same picture as the one before
    readable: bool  #: False: the frame cannot be decoded, and changed nothing of what was known
    stream_fps: float | None  #: frames a second in the last two seconds; None before one second has passed
    picture_fps: float | None  #: different pictures a second: what the probe gives; 0 when nothing moves
    no_signal: bool  #: a flat picture or bars that stand still: the grabber's own, most likely
    content: Box | None  #: [x0, y0, x1, y1] in pixels of what is not border, over all frames so far; None: nothing is
    portrait: bool  #: a narrow content as high as the (wide) picture: a phone or tablet held upright


class StreamObserver:
    """Looks at one stream, frame by frame, in order. Remembers one small picture and two seconds of times."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._last: Frame | None = None
        self._small: NDArray[np.uint8] | None = None
        self._times_ns: deque[int] = deque()
        self._changes_ns: deque[int] = deque()
        self._still_since_ns = 0
        self._flat = False
        self._content: Box | None = None
        self._seen = Observation(False, True, None, None, False, None, False)

    def add(self, frame: Frame) -> Observation:
        """Look at one more frame. A frame of another size begins anew."""
        if self._last is not None and (frame.width, frame.height) != (self._last.width, self._last.height):
            self._begin()
        same_bytes = self._last is not None and frame.data == self._last.data
        small = self._small if same_bytes else small_brightness(frame)
        if small is None:
            self._seen = replace(self._seen, repeated=False, readable=False)
            return self._seen
        repeated = same_bytes or (self._small is not None and _same(small, self._small))
        now_ns = frame.timestamp_ns
        self._times_ns.append(now_ns)
        if not repeated:
            # Compared with the last different picture, so that a slow change is not taken for none.
            self._small = small
            self._changes_ns.append(now_ns)
            self._still_since_ns = now_ns
            self._flat = is_flat(small)
            self._content = _union(self._content, content_box(small, frame.width, frame.height))
        self._last = frame
        for times in (self._times_ns, self._changes_ns):
            while times and now_ns - times[0] > _WINDOW_S * 1e9:
                times.popleft()
        box = self._content
        self._seen = Observation(
            repeated=repeated,
            readable=True,
            stream_fps=self._rate(self._times_ns),
            picture_fps=self._rate(self._changes_ns),
            no_signal=self._flat and now_ns - self._still_since_ns >= _STANDS_S * 1e9,
            content=box,
            portrait=box is not None and _is_portrait(box, frame.width, frame.height),
        )
        return self._seen

    def _rate(self, times: deque[int]) -> float | None:
        """Events a second of the last two seconds."""
        span_ns = self._times_ns[-1] - self._times_ns[0]
        if span_ns < 1e9:
            return None
        if len(times) < 2:
            return 0.0
        between_ns = (times[-1] - times[0]) / (len(times) - 1)
        if between_ns > 0 and self._times_ns[-1] - times[-1] <= 3 * between_ns:
            return 1e9 / between_ns  # from the first to the last: one event more or less does not bend it
        return (len(times) - 1) * 1e9 / span_ns  # they have ceased


def small_brightness(frame: Frame) -> NDArray[np.uint8] | None:
    """The frame's brightness at one eighth of its size, each value the mean of 8x8 pixels; None: not decodable."""
    try:
        if frame.pixel_format is PixelFormat.MJPEG:
            small = cv2.imdecode(np.frombuffer(frame.data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
            return None if small is None else np.asarray(small, dtype=np.uint8)
        size = (max(1, frame.width // _EIGHTH), max(1, frame.height // _EIGHTH))
        depth = {PixelFormat.GREY: 1, PixelFormat.YUYV: 2, PixelFormat.BGR24: 3}[frame.pixel_format]
        if len(frame.data) != frame.width * frame.height * depth:
            return None
        picture = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.width, depth)
        if frame.pixel_format is PixelFormat.YUYV:
            picture = cv2.extractChannel(picture, 0)
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        if frame.pixel_format is PixelFormat.BGR24:
            small = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        return np.asarray(small, dtype=np.uint8)
    except cv2.error:
        return None


def _same(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    return a.shape == b.shape and int(cv2.absdiff(a, b).max()) <= _SAME_LEVELS


def is_flat(small: NDArray[np.uint8]) -> bool:
    """One colour with perhaps a text on it, or the same upright bars in every line."""
    if np.mean(np.abs(small.astype(np.int16) - int(np.median(small))) <= _FLAT_LEVELS) >= _FLAT_PART:
        return True
    line = np.median(small, axis=0)
    return bool(np.mean(np.abs(small - line) <= _FLAT_LEVELS) >= _FLAT_PART)


def content_box(small: NDArray[np.uint8], width: int, height: int) -> Box | None:
    """[x0, y0, x1, y1] in pixels of the whole picture of what lies inside its flat borders; None: it is all border."""
    top, bottom = _inside(small)
    left, right = _inside(small.T)
    if bottom <= top or right <= left:
        return None
    rows, columns = small.shape
    return (
        left * _EIGHTH,
        top * _EIGHTH,
        width if right == columns else min(width, right * _EIGHTH),
        height if bottom == rows else min(height, bottom * _EIGHTH),
    )


def _inside(lines: NDArray[np.uint8]) -> tuple[int, int]:
    """First line, and one past the last, that do not belong to a flat border at either end."""
    values = lines.astype(np.int16)
    flat = values.max(axis=1) - values.min(axis=1) <= _FLAT_LEVELS
    level = np.median(values, axis=1)
    first = np.flatnonzero(~(flat & (np.abs(level - level[0]) <= _FLAT_LEVELS)))
    last = np.flatnonzero(~(flat & (np.abs(level - level[-1]) <= _FLAT_LEVELS)))
    if not first.size or not last.size:
        return 0, 0
    return int(first[0]), int(last[-1]) + 1


def _is_portrait(box: Box, width: int, height: int) -> bool:
    """Whether the content is as narrow as a tablet held upright, or narrower, and as high as the (wide) picture."""
    x0, y0, x1, y1 = box
    return width > height and x1 - x0 < 0.8 * (y1 - y0) and y1 - y0 >= 0.9 * height


def _union(a: Box | None, b: Box | None) -> Box | None:
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
