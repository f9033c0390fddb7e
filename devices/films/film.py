"""What a film is, whatever file it comes from."""

from __future__ import annotations

import statistics
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from devices.source import PixelFormat, StreamFormat

#: Frames a second where a file does not tell; a film that needs it says so in `delivers`.
ASSUMED_FPS: Final = 30.0


class Film(ABC):
    """A file that can be played. `what` names its kind ('an AVI file'), never the file: names may hold a patient's."""

    what: str
    stream_format: StreamFormat
    #: One sentence for the user: whether the frames are the file's own bytes, and what had to be assumed.
    delivers: str

    @abstractmethod
    def frames(self) -> Iterator[tuple[bytes, int]]:
        """The frames from the beginning: their bytes, and their time in ns after the first frame (never falling).

        Raises UnreadableFile where the file turns out to be damaged.
        """

    @property
    def interval_ns(self) -> int:
        """The usual time between two frames; also that between the last one and the first when played in a loop."""
        return round(1e9 / self.stream_format.fps)


def usual_fps(offsets_ns: Sequence[int]) -> float | None:
    """Frames a second by the median interval of the first frames; None where no interval is longer than nothing."""
    steps = [b - a for a, b in pairwise(sorted(offsets_ns)) if b > a]
    return round(1e9 / statistics.median(steps), 3) if steps else None


def raw_bytes(picture: NDArray[np.uint8]) -> bytes:
    """The bytes of a decoded picture, (height, width) grey or (height, width, 3) BGR, rows without padding."""
    return np.ascontiguousarray(picture).tobytes()


def raw_format(picture: NDArray[np.uint8], fps: float) -> StreamFormat:
    """The stream format of decoded pictures like this one."""
    pixel_format = PixelFormat.GREY if picture.ndim == 2 else PixelFormat.BGR24
    return StreamFormat(pixel_format, int(picture.shape[1]), int(picture.shape[0]), fps)
