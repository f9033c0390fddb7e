"""The other end of the hand-over: one thread that brings frames into the spool, run by run."""

from __future__ import annotations

import secrets
import threading
import time
from array import array
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from acquisition.cine import Gap, StreamDescription
from acquisition.clocks import ClockWatch
from acquisition.errors import AcquisitionError
from acquisition.events import DiskStopped, DiskTroubled, GapFound, Notifier, RunBegan, RunEnd, RunEnded
from acquisition.grab import Arrived, Begin, End, Intent, Item
from acquisition.handover import HandOver
from acquisition.limits import SpoolLimits
from acquisition.payload import SizeInDoubt, told_size
from acquisition.run import Run
from acquisition.spool import SpoolWriter
from acquisition.states import StateMachine
from devices.errors import FrameSizeChanged
from devices.source import Frame

_HOUSEKEEPING_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A picture whose headers tell another size than its device does. The next one shows whether that has changed."""

    frame: Frame
    lost_before: int
    size: tuple[int, int]
    why: str

    def as_damaged(self) -> Frame:
        return replace(self.frame, damage=self.why)


class Keeper:
    """Stores what the grabber hands over. The list of runs and the figures may be read from any thread."""

    def __init__(
        self,
        root: Path,
        limits: SpoolLimits,
        source: HandOver[Item],
        machine: StateMachine,
        notifier: Notifier,
        *,
        keep_all: bool,
    ) -> None:
        self._root = root
        self._limits = limits
        self._in = source
        self._machine = machine
        self._notifier = notifier
        self._lock = threading.Lock()
        self._runs: list[Run] = []
        self._now: Run | None = None
        self._began: Begin | None = None
        self._intent: dict[str, Any] | None = None
        self._own_from = 0  # the first of the runs that the intent speaks of
        self._tidy_s = 0.0
        self._clocks = ClockWatch()  # since the run began
        self._doubt: _Doubt | None = None
        self.keep_new = keep_all  #: pin each new run from its start to its end
        self.unrecorded_ns = array("q")  #: time stamps of the frames that came while the disk took none
        self.error: AcquisitionError | None = None  #: the first that the disk did
        self.stopped: AcquisitionError | None = None  #: why it takes no frames now; None where it does
        self.untold: AcquisitionError | None = (
            None  #: why the intent does not lie beside the frames; None where it does
        )

    @property
    def runs(self) -> list[Run]:
        """All runs so far, oldest first, those included whose frames are gone."""
        with self._lock:
            return list(self._runs)

    @property
    def own_runs(self) -> list[Run]:
        """Those of them that the newest intent speaks of: their frames came since it was told anew."""
        with self._lock:
            return self._runs[self._own_from :]

    def run(self) -> None:
        """The thread's body: until the hand-over is closed and empty."""
        try:
            while not self._in.drained:
                item = self._in.take(_HOUSEKEEPING_S)
                if isinstance(item, Arrived):
                    self._store(item.frame, item.lost_before)
                elif isinstance(item, Begin):
                    self._began = item
                    self._begin_run(item.format.width, item.format.height)
                elif isinstance(item, End):
                    self._end_run(item.reason, item.lost)
                elif isinstance(item, Intent):
                    self._use_intent(item)
                if isinstance(item, Begin) or time.monotonic() >= self._tidy_s:
                    self._let_old_runs_go()
        finally:
            self._end_run("failed")
            self._in.take(0)  # what was taken last is done with

    def pinned_bytes(self, but: Run | None = None) -> int:
        """What saving the pinned frames of all runs would take, in bytes."""
        return sum(run.spool.pinned_bytes for run in self.runs if run is not but and not run.gone)

    def _begin_run(self, width: int, height: int, note: str = "") -> None:
        began = self._began
        if began is None:
            raise RuntimeError("a frame came before its stream began")
        stream = StreamDescription(
            stream_id=f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}",
            device=began.device,
            pixel_format=began.format.pixel_format,
            width=width,
            height=height,
            nominal_fps=began.format.fps,
            utc_ns=time.time_ns(),
            monotonic_ns=time.monotonic_ns(),
            note=note,
        )
        self._clocks = ClockWatch()
        try:
            spool = SpoolWriter.create(self._root, stream, self._limits)
        except AcquisitionError as error:
            self._disk_stopped(error)
            return
        run = Run(spool)
        spool.pinned_elsewhere = lambda: self.pinned_bytes(but=run)
        spool.free_elsewhere = self._give_up_oldest_run
        with self._lock:
            if self.keep_new:
                run.keep()
            self._runs.append(run)
        self._now = run
        self.stopped = None
        self._write_intent(run)
        self._machine.keeping(True)
        self._notifier.tell(RunBegan(stream.stream_id))

    def _store(self, frame: Frame, lost_before: int) -> None:
        if self._now is not None and (parted := self._clocks.parted_before(frame.timestamp_ns)) is not None:
            # A run has one place at which both clocks are known: from here on the wall clock is another.
            width, height = self._now.stream.width, self._now.stream.height
            self._end_run(parted.why)
            self._begin_run(width, height, parted.note)
        doubt, self._doubt = self._doubt, None
        if doubt is not None and told_size(frame) == doubt.size:
            self._change_size(doubt.frame, *doubt.size)
            self._append(doubt.frame, doubt.lost_before)
        elif doubt is not None:
            self._append(doubt.as_damaged(), doubt.lost_before)
        self._append(frame, lost_before)

    def _append(self, frame: Frame, lost_before: int) -> None:
        run = self._now
        if run is None:
            self.unrecorded_ns.append(frame.timestamp_ns)
            return
        try:
            self._tell(run, run.append(frame, lost_before))
        except SizeInDoubt as doubt:
            self._doubt = _Doubt(frame, lost_before, (doubt.width, doubt.height), str(doubt))
        except FrameSizeChanged as changed:
            self._change_size(frame, changed.width, changed.height)
            self._append(frame, lost_before)
        except AcquisitionError as error:
            self.unrecorded_ns.append(frame.timestamp_ns)
            self._disk_stopped(error)
            self._end_run("disk-full")

    def _change_size(self, frame: Frame, width: int, height: int) -> None:
        self._end_run("size-changed")
        if self._began is not None:
            found = replace(self._began.format, pixel_format=frame.pixel_format)
            self._began = replace(self._began, format=found)
        self._begin_run(width, height)

    def _end_run(self, reason: RunEnd, lost: int = 0) -> None:
        doubt, self._doubt = self._doubt, None
        if doubt is not None:  # no other picture told that size
            self._append(doubt.as_damaged(), doubt.lost_before)
        run, self._now = self._now, None
        if run is None:
            return
        try:
            self._tell(run, run.end(reason, time.monotonic_ns(), lost))
        except AcquisitionError as error:
            self._disk_stopped(error)
        self._notifier.tell(RunEnded(run.stream.stream_id, reason, run.counts.arrived))
        if not run.counts.arrived:
            self._discard(run, even_pinned=True)

    def _disk_stopped(self, error: AcquisitionError) -> None:
        self.error = self.error or error
        if self.stopped is None:
            self.stopped = error
            self._notifier.tell(DiskStopped(str(error)))
        self._machine.keeping(False)

    def _tell(self, run: Run, gaps: list[Gap]) -> None:
        for gap in gaps:
            self._notifier.tell(GapFound(run.stream.stream_id, gap))

    def _use_intent(self, told: Intent) -> None:
        """Frames of two intents never share a stream: after a crash each stream is saved by the one that lies beside it."""
        self._intent = told.kept or {}
        now = self._now
        if not told.anew:
            for run in self.own_runs:
                self._write_intent(run)
            return
        if now is not None:
            self._end_run("new-intent")
        with self._lock:
            self._own_from = len(self._runs)
        if now is not None:
            self._begin_run(now.stream.width, now.stream.height)

    def _write_intent(self, run: Run) -> None:
        if self._intent is None or run.gone:
            return
        try:
            run.spool.write_intent(self._intent)
            self.untold = None
        except AcquisitionError as error:
            self.untold = type(error)(
                "The pictures are kept, and for whom could not be written beside them: should this computer fail now, they "
                f"would be saved as it was told before, or as nobody's. {error}"
            )
            self._notifier.tell(DiskTroubled(str(self.untold)))

    def _give_up_oldest_run(self) -> int:
        """Discard the oldest run that ended and that nobody has pinned, to make room; how many bytes it had."""
        for run in self.runs:
            size = run.spool.bytes
            if run.ended is not None and size and self._discard(run):
                return size
        return 0

    def _let_old_runs_go(self) -> None:
        """The spool's bounds, for runs that ended: out of age or of room, oldest first, and nothing pinned."""
        self._tidy_s = time.monotonic() + _HOUSEKEEPING_S
        ended = [run for run in self.runs if run.ended is not None and not run.gone]
        total = sum(run.spool.bytes for run in self.runs if not run.gone)
        oldest_ns = time.monotonic_ns() - int(self._limits.max_age_s * 1e9)
        for run in ended:
            if run.ended_ns < oldest_ns or total > self._limits.max_bytes:
                size = run.spool.bytes
                total -= size if self._discard(run) else 0

    def _discard(self, run: Run, *, even_pinned: bool = False) -> bool:
        """Take a run off the disk unless somebody keeps frames of it; whether it is gone."""
        if even_pinned:
            run.let_go()
        try:
            return run.discard_unless_pinned()
        except AcquisitionError as error:
            self._notifier.tell(DiskTroubled(str(error)))
            return True
