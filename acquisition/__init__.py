"""Acquisition: time. One grab loop per device, the live view, the crash-safe spool, stills and clips cut from it.

This room knows nothing of what is in the picture. Start at `stream.py` (`Recorder`: a device, watched and recorded);
`session.py` records for a given time; `spool.py` is what lies on the disk (docs/decisions/0003-spool-format.md), and
`recovery.py` finds it again after a crash; `cine.py` has the clips, `cuts.py` takes them out of what is being recorded;
`accounting.py` counts what is missing.
"""

from acquisition.accounting import Counts
from acquisition.cine import Clip, FileRange, Gap, GapKind, SpooledFrame, StreamDescription
from acquisition.cuts import Mark
from acquisition.errors import (
    AcquisitionError,
    FramesGone,
    NoFrameYet,
    SpoolBusy,
    SpoolDenied,
    SpoolFailed,
    SpoolFull,
)
from acquisition.events import (
    DiskStopped,
    DiskTroubled,
    GapFound,
    RunBegan,
    RunEnd,
    RunEnded,
    StateChanged,
    StreamEvent,
    Watcher,
)
from acquisition.limits import SpoolLimits
from acquisition.pins import Pin
from acquisition.recovery import LeftoverStream, leftover_streams
from acquisition.run import Run
from acquisition.session import Ended, RecordResult, record
from acquisition.spool import SpoolWriter
from acquisition.states import StreamState
from acquisition.stream import Counters, Recorder

__all__ = [
    "AcquisitionError",
    "Clip",
    "Counters",
    "Counts",
    "DiskStopped",
    "DiskTroubled",
    "Ended",
    "FileRange",
    "FramesGone",
    "Gap",
    "GapFound",
    "GapKind",
    "LeftoverStream",
    "Mark",
    "NoFrameYet",
    "Pin",
    "RecordResult",
    "Recorder",
    "Run",
    "RunBegan",
    "RunEnd",
    "RunEnded",
    "SpoolBusy",
    "SpoolDenied",
    "SpoolFailed",
    "SpoolFull",
    "SpoolLimits",
    "SpoolWriter",
    "SpooledFrame",
    "StateChanged",
    "StreamDescription",
    "StreamEvent",
    "StreamState",
    "Watcher",
    "leftover_streams",
    "record",
]
