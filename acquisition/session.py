"""Recording for a given time, to the end: what the command line does, and what a test can check frame by frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from acquisition.cine import Clip, Gap
from acquisition.events import RunEnd
from acquisition.limits import SpoolLimits
from acquisition.run import Run
from acquisition.states import StreamState
from acquisition.stream import Counters, Recorder
from devices.errors import DeviceStalled
from devices.source import DeviceInfo, FormatRequest, FrameSource, StreamFormat

#: done: the time was up; device-lost: it went away and did not come back in time; disk-full: the disk took no more
#: (full or failing); end-of-file: a file was shorter; stopped: by the user; failed: the device reported an error.
Ended = Literal["done", "device-lost", "disk-full", "end-of-file", "stopped", "failed"]

_POLL_S: Final = 0.1
# A device that sends nothing at all for this long after it was opened is given up.
_FIRST_FRAME_S: Final = 10.0
_SILENT_S: Final = 0.5  # longer than this without a picture is told
_ENDED: Final[dict[RunEnd, Ended]] = {
    "done": "done",
    "unplugged": "device-lost",
    "size-changed": "device-lost",
    "suspended": "stopped",
    "clock-set": "stopped",
    "new-intent": "stopped",
    "disk-full": "disk-full",
    "end-of-file": "end-of-file",
    "stopped": "stopped",
    "failed": "failed",
}


@dataclass(frozen=True)
class RecordResult:
    """What a recording became. Its frames stay in the spool until `release`; a crash before that loses none of them.

    `frames_arrived` = `frames_saved` + `frames_corrupt`; `frames_lost` is exact. `gaps` count over the whole recording:
    `after_frame` over the saved frames of all clips, `at_s` from its first frame. `clips` are the unbroken runs.
    `first_frame_s` is from the call to the first frame; `measured_fps` that of the runs, without the pauses between.
    `why` is a sentence where it did not end as it should; `notes` are sentences on what was kept.
    """

    device: DeviceInfo
    format: StreamFormat | None
    clips: tuple[Clip, ...] = field(repr=False)
    frames_arrived: int
    frames_saved: int
    frames_corrupt: int
    frames_lost: int
    gaps: tuple[Gap, ...]
    first_frame_s: float | None
    measured_fps: float | None
    ended: Ended
    why: str = ""
    notes: tuple[str, ...] = ()
    runs: tuple[Run, ...] = field(default=(), repr=False)

    def looked_through(self) -> RecordResult:
        """The same with each frame read again: those that the disk has harmed count as corrupt, and are in no clip."""
        harmed = sum(run.look_through() for run in self.runs if not run.gone)
        if not harmed:
            return self
        told = f"The disk has harmed {harmed} of the recorded pictures, which are left out: use another disk."
        return replace(
            self,
            clips=tuple(clip for run in self.runs if (clip := run.whole()) is not None),
            frames_saved=self.frames_saved - harmed,
            frames_corrupt=self.frames_corrupt + harmed,
            gaps=gaps_of_recording(self.runs),
            notes=(*self.notes, told),
        )

    def release(self) -> None:
        """All is saved, or not wanted: take it off the spool. Harmless when repeated. Raises SpoolDenied, SpoolFailed."""
        for run in self.runs:
            run.let_go()
            run.discard()

    def leave(self) -> None:
        """Leave the frames to `leftover_streams`: saving has failed, and is to be tried again another time."""
        for run in self.runs:
            if not run.gone:
                run.spool.let_go()


def record(
    open_source: Callable[[], FrameSource],
    spool_root: Path,
    seconds: float,
    request: FormatRequest | None = None,
    reconnect_s: float = 10.0,
    limits: SpoolLimits | None = None,
    progress: Callable[[float, float], None] | None = None,
    intent: dict[str, Any] | None = None,
) -> RecordResult:
    """Record `seconds` from the first frame on. `progress` gets the seconds done and the seconds in all.

    `intent` is kept beside the frames for whoever finishes saving after a crash. An interrupt (Ctrl-C) ends the
    recording, and what came is the result. Raises DeviceError where the device cannot be opened or never sends a picture,
    AcquisitionError where the disk takes none; once a frame is stored nothing is raised, `ended` and `why` tell.
    """
    recorder = Recorder(
        open_source,
        spool_root,
        request,
        limits,
        reconnect_s,
        keep_all=True,
        limit_s=seconds,
        intent=intent,
    )
    recorder.start()
    interrupted = False
    try:
        _wait(recorder, seconds, progress)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        recorder.stop()
    runs = tuple(run for run in recorder.runs if not run.gone)
    if not runs:
        if interrupted:
            raise KeyboardInterrupt
        raise recorder.error or DeviceStalled(
            "The device sent no picture: check the probe, its cable and its screen output."
        )
    ended = _how(recorder, interrupted)
    return _result(recorder, runs, ended, seconds)


def _wait(recorder: Recorder, seconds: float, progress: Callable[[float, float], None] | None) -> None:
    """Until it ends by itself, the disk is full, or nothing ever comes."""
    began = time.monotonic()
    while not recorder.wait(_POLL_S):
        if recorder.disk_error is not None:
            return
        if recorder.latest() is None:
            if recorder.state is StreamState.STALLED and time.monotonic() - began > _FIRST_FRAME_S:
                return
        elif progress is not None:
            progress(min(seconds, _recorded_s(recorder)), seconds)
    if progress is not None and recorder.latest() is not None:
        progress(seconds, seconds)


def _recorded_s(recorder: Recorder) -> float:
    spans = [span for run in recorder.runs if (span := run.span_ns)]
    return (spans[-1][1] - spans[0][0]) / 1e9 if spans else 0.0


def _how(recorder: Recorder, interrupted: bool) -> Ended:
    if recorder.disk_error is not None:
        return "disk-full"
    return "stopped" if interrupted else _ENDED[recorder.end_reason]


def _result(recorder: Recorder, runs: tuple[Run, ...], ended: Ended, seconds: float) -> RecordResult:
    counters: Counters = recorder.counters
    device = recorder.device
    if device is None:
        raise RuntimeError("frames came from no device")
    error: Exception | None = None
    if ended == "disk-full":
        error = recorder.disk_error
    elif ended in ("device-lost", "failed"):
        error = recorder.device_error
    spans = [span for run in runs if (span := run.span_ns)]
    shown_ns = sum(last - first for first, last in spans)
    intervals = sum(run.counts.arrived - 1 for run in runs)
    return RecordResult(
        device=device,
        format=recorder.format,
        clips=tuple(clip for run in runs if (clip := run.whole()) is not None),
        frames_arrived=counters.arrived,
        frames_saved=counters.kept,
        frames_corrupt=counters.corrupt,
        frames_lost=counters.lost,
        gaps=gaps_of_recording(runs),
        first_frame_s=recorder.first_frame_s,
        measured_fps=intervals * 1e9 / shown_ns if shown_ns else None,
        ended=ended,
        why=str(error) if error is not None else "",
        notes=_silence(recorder, runs, ended, seconds),
        runs=runs,
    )


def _silence(recorder: Recorder, runs: tuple[Run, ...], ended: Ended, seconds: float) -> tuple[str, ...]:
    """Where the time was up while the device sent nothing: no picture behind it tells of the gap."""
    spans = [span for run in runs if (span := run.span_ns)]
    if ended != "done" or not spans:
        return ()
    fps = recorder.format.fps if recorder.format else 0.0
    silent_s = seconds - (spans[-1][1] - spans[0][0]) / 1e9
    if silent_s <= _SILENT_S + (1 / fps if fps else 0.0):
        return ()
    return (f"The device sent no picture in the last {silent_s:.1f} s of the recording.",)


def gaps_of_recording(runs: tuple[Run, ...]) -> tuple[Gap, ...]:
    """The gaps of all runs as those of one recording, and where the device was gone."""
    gaps: list[Gap] = []
    saved = 0
    began_ns: int | None = None
    for run in runs:
        span = run.span_ns
        if span is None:
            continue
        began_ns = span[0] if began_ns is None else began_ns
        offset_s = (span[0] - began_ns) / 1e9
        gaps += [replace(gap, after_frame=gap.after_frame + saved, at_s=gap.at_s + offset_s) for gap in run.gaps]
        saved += run.counts.kept
        if run.ended == "unplugged":
            gaps.append(Gap("unplugged", saved - 1, (span[1] - began_ns) / 1e9, 0))
    return tuple(gaps)
