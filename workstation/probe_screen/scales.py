"""The scale of what was captured, read off its own frames. No Qt.

It is read from the frames and from nothing else that the window knew, so that a recording saved by the command line, by the
window or after a crash has the same one. Slow (a second or two for a new screen): for a worker thread.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from acquisition.cine import Clip
from devices.errors import UnreadableFile
from devices.source import StreamFormat
from imaging.errors import CannotTell
from imaging.pictures import Bgr, decode
from imaging.remembered import PixelMemory
from imaging.scale import Scale
from workstation.probe_screen.equipment import scales_of

if TYPE_CHECKING:
    from imaging.scale import Reading

log = logging.getLogger(__name__)

#: Relative difference from which two readings of one screen are two scales: four times the error that a reading may have.
_SAME: Final = 0.02
#: What a scale must rest on to go into a record unasked. A stated depth alone was wrong too often on screens nobody had seen
#: (docs/reference/measured.md): `sonofill calibrate` still tells it, with what it rests on.
_FIRM: Final = ("labels", "dicom-region")

#: Stills of a frozen screen, and pieces of one recording, bring the same pictures again: the last ones' readings (2 MB each).
_READINGS: Final[PixelMemory[Reading | None]] = PixelMemory(most=8)


def scales_of_clip(clip: Clip) -> tuple[Scale, ...]:
    """The calibrated areas of a clip or still; none where its screen does not tell, or tells two things.

    The first frame is read; the last must show the same ruler, or is read too. A profile of the device is checked against
    them: where they agree, or the screen does not tell, the profile's scale holds; where they contradict it there is none.
    Where neither tells, a two-point scale holds that a person had remembered for this very screen (`two_points`).
    """
    known = scales_of(clip.stream.device, clip.stream.width, clip.stream.height)
    read = _read(clip)
    if any(not _agree(scale, other) for scale in read for other in (*read, *known)):
        log.warning("The frames of a clip, or its device's profile, tell different scales: lengths stay in pixels.")
        return ()
    return known or tuple(read[:1]) or _remembered(clip)


def _remembered(clip: Clip) -> tuple[Scale, ...]:
    """The scale that a person had remembered for the screen of both the first and the last frame."""
    from workstation.probe_screen.two_points import recalled

    found: list[Scale] = []
    for picture in (picture_of(clip, 0), picture_of(clip, len(clip.frames) - 1)):
        known = recalled(picture) if picture is not None else None
        if picture is None or known is None:
            return ()
        reading = reading_of(picture)
        if reading is not None and not _agree(known.scale, reading.scale):
            log.warning("What was remembered for a screen contradicts what it shows: lengths stay in pixels.")
            return ()
        found.append(known.scale)
    return tuple(found[:1]) if _agree(found[0], found[-1]) else ()


def _agree(a: Scale, b: Scale) -> bool:
    return (
        abs(a.mm_per_pixel_x / b.mm_per_pixel_x - 1) <= _SAME and abs(a.mm_per_pixel_y / b.mm_per_pixel_y - 1) <= _SAME
    )


def _read(clip: Clip) -> list[Scale]:
    """What the first and the last frame tell; one entry where the last only confirms the first."""
    from imaging.scale import Fingerprint, confirm, fingerprint

    first, last = picture_of(clip, 0), picture_of(clip, len(clip.frames) - 1)
    found: list[Scale] = []
    ruler: Fingerprint | None = None
    for picture in (first, last):
        if picture is None or (picture is last and first is not None and np.array_equal(first, last)):
            continue
        if ruler is not None and confirm(picture, ruler):
            continue
        reading = reading_of(picture)
        if reading is None or not any(piece.kind in _FIRM and piece.agrees for piece in reading.evidence):
            continue
        if ruler is None:
            ruler = fingerprint(picture, reading)
        found.append(reading.scale)
    return found


def reading_of(picture: Bgr) -> Reading | None:
    """What the picture tells; None where it does not tell. The same pixels are not read twice."""
    return _READINGS.answer(picture, _read_anew)


def _read_anew(picture: Bgr) -> Reading | None:
    from imaging.scale import read_scale

    try:
        return read_scale(picture)
    except CannotTell:
        return None


def picture_of(clip: Clip, index: int) -> Bgr | None:
    """One frame decoded (BGR), or None where its bytes are no picture."""
    stream = clip.stream
    try:
        return decode(
            clip.payload(index), StreamFormat(stream.pixel_format, stream.width, stream.height, stream.nominal_fps)
        )
    except UnreadableFile:
        return None
