"""Acquisition: time. One grab loop per device, the live view, the crash-safe spool, stills and clips cut from it.

This room knows nothing of what is in the picture.
"""

from acquisition.cine import Clip, FileRange, Gap, GapKind, SpooledFrame, StreamDescription
from acquisition.errors import (
    AcquisitionError,
    FramesGone,
    NoFrameYet,
    SpoolBusy,
    SpoolDenied,
    SpoolFailed,
    SpoolFull,
)
from acquisition.limits import SpoolLimits
from acquisition.pins import Pin
from acquisition.recovery import LeftoverStream, leftover_streams
from acquisition.spool import SpoolWriter

__all__ = [
    "AcquisitionError",
    "Clip",
    "FileRange",
    "FramesGone",
    "Gap",
    "GapKind",
    "LeftoverStream",
    "NoFrameYet",
    "Pin",
    "SpoolBusy",
    "SpoolDenied",
    "SpoolFailed",
    "SpoolFull",
    "SpoolLimits",
    "SpoolWriter",
    "SpooledFrame",
    "StreamDescription",
    "leftover_streams",
]
