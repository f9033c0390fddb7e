"""The recorder: one device, watched live, always being recorded, and the clips cut from what it has recorded.

    device ─▶ grab loop ─▶ hand-over (bounded in bytes) ─▶ keeper ─▶ spool, one stream for each unbroken run
                  └──▶ latest(): the live view takes the newest frame and may skip; the spool takes each

Two threads, so that a slow disk makes neither the driver lose frames nor the live picture wait. `states.py` draws the
states. Clips are ranges of the spool and stay pinned there until `release` says that they are saved, or not wanted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from acquisition.cine import Clip
from acquisition.cuts import Cuts, Mark
from acquisition.durable import FOLDER_MODE
from acquisition.errors import AcquisitionError, from_os
from acquisition.events import Notifier, RunEnd, StateChanged, Watcher
from acquisition.grab import Grabber, Intent, Item
from acquisition.handover import HandOver
from acquisition.keeper import Keeper
from acquisition.limits import MIB, SpoolLimits
from acquisition.run import Run
from acquisition.states import StateMachine, StreamState
from devices.errors import DeviceError
from devices.source import DeviceInfo, FormatRequest, Frame, FrameSource, StreamFormat

HAND_OVER_BYTES: Final = 256 * MIB
# A read ends within about a second of `close` (the contract of sources); a disk may take longer to sync.
_GRAB_ENDS_S: Final = (2.5, 3.0)
_DISK_ENDS_S: Final = 20.0
_EVENTS_END_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Counters:
    """Figures of a whole recording at one moment, all runs together.

    `arrived` = `kept` + `corrupt`. `lost` is exact (by sequence numbers, and by what a slow disk made us let go), `unsent`
    an estimate of what the device left out (by times). `unrecorded` came while the disk took nothing. `measured_fps` is
    that of the last two seconds; `waiting_bytes` wait for the disk.
    """

    arrived: int = 0
    kept: int = 0
    lost: int = 0
    corrupt: int = 0
    unsent: int = 0
    unrecorded: int = 0
    measured_fps: float | None = None
    waiting_bytes: int = 0


class Recorder:
    """Records from one device until stopped. Any thread may call.

    `start` and `stop` may take seconds, and so may a cut while the disk is slow; the rest does not.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        spool_root: Path,
        request: FormatRequest | None = None,
        limits: SpoolLimits | None = None,
        reconnect_s: float = 10.0,
        on_event: Watcher | None = None,
        *,
        keep_all: bool = False,
        limit_s: float | None = None,
        intent: dict[str, Any] | None = None,
        hand_over_bytes: int = HAND_OVER_BYTES,
    ) -> None:
        """`open_source` opens the device, again after each loss: it must find the same one under whatever name it has.

        A lost device is waited for `reconnect_s`. `keep_all` pins each run whole, `limit_s` ends the recording when the
        frames' times span so much. `intent` is kept beside the frames for whoever finishes saving after a crash.
        """
        self.spool_root = spool_root
        self._notifier = Notifier(on_event)
        self._machine = StateMachine(self._state_changed)
        self._queue: HandOver[Item] = HandOver(hand_over_bytes)
        self._grabber = Grabber(
            open_source,
            request or FormatRequest(),
            self._queue,
            self._machine,
            reconnect_s=reconnect_s,
            limit_s=limit_s,
        )
        self._keeper = Keeper(
            spool_root, limits or SpoolLimits(), self._queue, self._machine, self._notifier, keep_all=keep_all
        )
        self._cuts = Cuts(self._grabber, self._queue, self._keeper, keep_all=keep_all)
        if intent is not None:
            self._queue.put(Intent(intent))
        self._grab_thread = threading.Thread(target=self._grabber.run, name="grab", daemon=True)
        self._keep_thread = threading.Thread(target=self._keep, name="keep", daemon=True)
        self._finished = threading.Event()
        self._stuck: AcquisitionError | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin. Raises SpoolDenied, SpoolFull where the folder cannot be made; what the device does shows in `state`."""
        try:
            self.spool_root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise from_os(error, self.spool_root) from error
        self._machine.to(StreamState.STARTING)
        self._keep_thread.start()
        self._grab_thread.start()

    def stop(self) -> None:
        """End the recording. What is pinned stays, as a stream of its own, until released; the rest is discarded.

        Never waits without end: a device or a disk that does not answer is left behind, and `error` says so.
        """
        if self._machine.state is StreamState.IDLE or self._stopping:
            self._stopping = True
            return
        self._stopping = True
        self._grabber.stop()
        self._grab_thread.join(_GRAB_ENDS_S[0])
        if self._grab_thread.is_alive():
            self._grabber.close_source()
            self._grab_thread.join(_GRAB_ENDS_S[1])
        if self._grab_thread.is_alive():
            self._queue.close()
        self._keep_thread.join(_DISK_ENDS_S)
        if self._keep_thread.is_alive():
            self._stuck = AcquisitionError(
                f"The disk of {self.spool_root} does not answer: what it has not taken yet may be lost; use another disk."
            )
        else:
            for run in self.runs:
                self._discard_if_free(run)
        self._machine.to_unless_ended(StreamState.STOPPED)
        self._notifier.close(_EVENTS_END_S)

    def wait(self, timeout_s: float) -> bool:
        """Wait for the recording to end by itself (limit, end of a file, loss of the device), all frames stored."""
        return self._finished.wait(timeout_s)

    # What is going on

    @property
    def state(self) -> StreamState:
        """Where it stands."""
        return self._machine.state

    @property
    def error(self) -> DeviceError | AcquisitionError | None:
        """What is wrong now with the disk, else with the device; a sentence for the user."""
        return self._stuck or self._keeper.stopped or self._grabber.error

    @property
    def disk_error(self) -> AcquisitionError | None:
        """Why the disk took no more frames, be it that it does again in a later run."""
        return self._stuck or self._keeper.error

    @property
    def intent_error(self) -> AcquisitionError | None:
        """Why what was told of the frames does not lie beside them now; they are kept all the same."""
        return self._keeper.untold

    @property
    def device_error(self) -> DeviceError | None:
        """Why the device is gone, or could not be opened."""
        return self._grabber.error

    @property
    def device(self) -> DeviceInfo | None:
        """The device, once it has been opened."""
        return self._grabber.device

    @property
    def format(self) -> StreamFormat | None:
        """What was agreed with the device."""
        return self._grabber.format

    @property
    def end_reason(self) -> RunEnd:
        """Why the recording ended; 'failed' before."""
        return self._grabber.reason

    @property
    def first_frame_s(self) -> float | None:
        """From the making of the recorder to the first frame, seconds."""
        return self._grabber.first_frame_s

    @property
    def age_s(self) -> float | None:
        """How old the newest frame is, seconds; None before the first."""
        last_ns = self._grabber.last_arrival_ns
        return None if last_ns is None else (time.monotonic_ns() - last_ns) / 1e9

    def latest(self) -> Frame | None:
        """The newest frame, whatever the disk does; None before the first."""
        return self._grabber.latest[1]

    def latest_numbered(self) -> tuple[int, Frame | None]:
        """How many frames have come, and the newest of them: the number tells whether it is a new one."""
        return self._grabber.latest

    @property
    def counters(self) -> Counters:
        """The figures at this moment."""
        counts = [run.counts for run in self.runs]
        return Counters(
            arrived=sum(c.arrived for c in counts),
            kept=sum(c.kept for c in counts),
            lost=sum(c.lost for c in counts),
            corrupt=sum(c.corrupt for c in counts),
            unsent=sum(c.unsent for c in counts),
            unrecorded=len(self._keeper.unrecorded_ns),
            measured_fps=counts[-1].measured_fps if counts else None,
            waiting_bytes=self._queue.bytes,
        )

    @property
    def runs(self) -> list[Run]:
        """The unbroken runs so far, oldest first."""
        return self._keeper.runs

    # Clips

    def clip_last(self, seconds: float) -> list[Clip]:
        """The last `seconds` before the newest kept frame: one clip for each run in them; none where nothing was kept.

        They never reach back behind the place where the intent was told anew: what lies there is another's.
        """
        return self._cuts.clip_last(seconds)

    def clip_between(self, begin_ns: int, end_ns: int) -> list[Clip]:
        """The whole frames from `begin_ns` to `end_ns` (the frames' clock, both included): one clip for each run."""
        return self._cuts.clip_between(begin_ns, end_ns)

    def still(self, timestamp_ns: int | None = None) -> Clip:
        """The newest whole frame, or the newest not after `timestamp_ns`, as a clip of one. Raises NoFrameYet, FramesGone."""
        return self._cuts.still(timestamp_ns)

    def mark(self) -> Mark:
        """Begin a recording that is longer than the spool's bounds: from now on all is kept. End it with `clip_since`."""
        return self._cuts.mark()

    def clip_since(self, mark: Mark) -> list[Clip]:
        """What has come since the mark, which ends: one clip for each run. A second call with the same mark gives none."""
        return self._cuts.clip_since(mark)

    def release(self, clip: Clip) -> None:
        """The clip is saved, or not wanted: the spool's bounds may take its frames. Harmless when repeated."""
        self._cuts.release(clip)
        if self._machine.ended:
            for run in self.runs:
                if run.stream.stream_id == clip.stream.stream_id:
                    self._discard_if_free(run)

    def set_intent(self, intent: dict[str, Any] | None, *, anew: bool = False) -> None:
        """Keep this beside the frames, for whoever finishes saving after a crash. It reaches the disk behind what has come.

        It stands for what was told before. Told `anew` it is of the frames that come from now on, in a run of their own,
        and those before keep what was said of them: another patient's pictures are not this one's.
        """
        self._queue.put(Intent(intent, anew))

    # Inside

    def _discard_if_free(self, run: Run) -> None:
        if not self._keep_thread.is_alive():
            run.discard_unless_pinned()

    def _keep(self) -> None:
        """The keeper's thread: it ends last, when the grab loop has ended and all is stored."""
        try:
            self._keeper.run()
        finally:
            lost = self._grabber.reason in ("failed", "unplugged", "size-changed") and not self._stopping
            self._machine.to_unless_ended(StreamState.FAILED if lost else StreamState.STOPPED)
            self._grabber.stop()
            self._finished.set()

    def _state_changed(self, state: StreamState) -> None:
        error = self.error if state in (StreamState.WAITING, StreamState.FAILED, StreamState.DISK_FULL) else None
        self._notifier.tell(StateChanged(state, str(error) if error else ""))
