"""The scale of what was captured, read off its own frames. No Qt.

It is read from the frames and from nothing else that the window knew, so that a recording saved by the command line, by the
window or after a crash has the same one. Slow (a second or two for a new screen): for a worker thread.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from acquisition.cine import Clip
from devices.errors import UnreadableFile
from devices.source import StreamFormat
from imaging.errors import CannotTell
from imaging.pictures import Bgr, decode
from imaging.scale import Scale
from workstation.equipment import scales_of

log = logging.getLogger(__name__)

#: Relative difference from which two readings of one screen are two scales: four times the error that a reading may have.
_SAME: Final = 0.02


def scales_of_clip(clip: Clip) -> tuple[Scale, ...]:
    """The calibrated areas of a clip or still; none where its screen does not tell, or tells two things.

    The first and the last frame are read. A profile of the device is checked against them: where they agree, or the
    screen does not tell, the profile's scale holds; where they contradict it there is none.
    """
    known = scales_of(clip.stream.device, clip.stream.width, clip.stream.height)
    read = [scale for scale in (_read(clip, 0), _read(clip, len(clip.frames) - 1)) if scale is not None]
    if any(not _agree(scale, other) for scale in read for other in (*read, *known)):
        log.warning("The frames of a clip, or its device's profile, tell different scales: lengths stay in pixels.")
        return ()
    return known or tuple(read[:1])


def _agree(a: Scale, b: Scale) -> bool:
    return (
        abs(a.mm_per_pixel_x / b.mm_per_pixel_x - 1) <= _SAME and abs(a.mm_per_pixel_y / b.mm_per_pixel_y - 1) <= _SAME
    )


def _read(clip: Clip, index: int) -> Scale | None:
    stream = clip.stream
    try:
        picture = decode(
            clip.payload(index), StreamFormat(stream.pixel_format, stream.width, stream.height, stream.nominal_fps)
        )
    except UnreadableFile:
        return None
    with _LAST_LOCK:
        if picture.shape in _LAST and bool((_LAST[picture.shape][0] == picture).all()):
            return _LAST[picture.shape][1]
    scale = _scale_of(picture)
    with _LAST_LOCK:
        _LAST[picture.shape] = picture, scale
    return scale


#: The last picture of each size and what it told: a clip of one frame, or a frozen probe, is read once.
_LAST: Final[dict[tuple[int, ...], tuple[Bgr, Scale | None]]] = {}
_LAST_LOCK: Final = threading.Lock()


def _scale_of(picture: Bgr) -> Scale | None:
    from imaging.scale import read_scale

    try:
        return read_scale(picture).scale
    except CannotTell:
        return None
