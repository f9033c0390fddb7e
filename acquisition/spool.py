"""The spool: one stream of frames on disk, append-only, synced several times a second, safe against crash and full disk.

    ROOT/<stream_id>.lock                the owner holds it; a stream whose lock is free was left behind
    ROOT/<stream_id>/stream.json         who sent the frames (never who is in them)
                    /state.json          open or kept, and what is pinned
                    /saving.json         the intent of whoever saves them, if any
                    /000000.items        the frames, as DICOM items
                    /000000.journal      a record of each, with checksums

    create ──▶ WRITING ──close()──▶ CLOSED ──discard()──▶ gone
                  └──────── discard() ─────────────────────▶┘
               any ──let_go()──▶ left behind, as after a crash: `leftover_streams` lists it

One thread appends, closes and discards; a thread of its own syncs, so that a slow disk delays the promise and not the
frames. `frames`, pins and figures may be used from any thread and never wait for the disk.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from acquisition import description as facts
from acquisition.cine import SpooledFrame, StreamDescription
from acquisition.contents import Contents
from acquisition.durable import FOLDER_MODE, sync_folder
from acquisition.errors import AcquisitionError, SpoolBusy, SpoolFailed, SpoolFull, from_os
from acquisition.items import ITEM_HEADER_BYTES
from acquisition.journal import Record
from acquisition.limits import SpoolLimits
from acquisition.lock import OwnerLock
from acquisition.payload import Payload, prepare
from acquisition.pins import TO_THE_END, Pin
from acquisition.room import Room
from acquisition.segment import Segment
from devices.source import Frame

LOCK_SUFFIX, GONE_SUFFIX = ".lock", ".gone"
_STREAM_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# A sync begins earlier than the limit, so that it has ended by then on a disk that is not slow.
_SYNC_EARLY: Final = 0.8


def remove_stream(root: Path, stream_id: str) -> None:
    """Take a stream's folder away; broken off at any point, it is either all there or no longer listed. Raises OSError."""
    folder, gone = root / stream_id, root / f"{stream_id}{GONE_SUFFIX}"
    if folder.exists():
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)  # what stays is swept by the next `leftover_streams`


class SpoolWriter:
    """One stream being written, then read, then let go. Make it with `create`."""

    def __init__(self, root: Path, description: StreamDescription, limits: SpoolLimits, lock: OwnerLock) -> None:
        self.root = root
        self.description = description
        self.limits = limits
        self.folder = root / description.stream_id
        #: Bytes pinned in other streams of the same recording: saving needs room for them too.
        self.pinned_elsewhere: Callable[[], int] = lambda: 0
        #: Gives up something older that nobody wants, in another stream of the same recording: how many bytes.
        self.free_elsewhere: Callable[[], int] = lambda: 0
        self._owner = lock
        self._room = Room(self.folder, limits)
        self._segment_bytes = self._room.segment_bytes()
        self._segment_ns = limits.segment_limit_ns
        self._contents = Contents(self.stream_id, limits, self._segment_bytes)
        self._synced = 0
        self._failure: AcquisitionError | None = None
        self._closed = False
        self._sync_turn = threading.Lock()  # one at a time syncs, closes or removes segments
        self._stop_syncing = threading.Event()
        self._syncer = threading.Thread(target=self._keep_synced, name=f"sync-{description.stream_id}", daemon=True)

    @classmethod
    def create(cls, root: Path, description: StreamDescription, limits: SpoolLimits | None = None) -> SpoolWriter:
        """Begin a stream below `root`, which is made where missing.

        Raises SpoolDenied, SpoolFull, SpoolFailed; SpoolBusy where a stream of this id is there; ValueError where the id
        cannot be a file name.
        """
        stream_id = description.stream_id
        if not _STREAM_ID.fullmatch(stream_id) or stream_id.endswith((".", LOCK_SUFFIX, GONE_SUFFIX)):
            raise ValueError(f"{stream_id!r} cannot name a stream: letters, digits, '.', '_' and '-', 100 at most")
        lock = OwnerLock(root / f"{stream_id}{LOCK_SUFFIX}")
        folder = root / stream_id
        try:
            root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            if not lock.acquire():
                raise SpoolBusy(f"The stream {stream_id} in {root} belongs to another program: use another id.")
            if folder.exists():
                lock.release()
                raise SpoolBusy(f"The stream {stream_id} is already in {root}: save or discard it first.")
            folder.mkdir(mode=FOLDER_MODE)
            writer = cls(root, description, limits or SpoolLimits(), lock)
            facts.write_description(folder, description)
            sync_folder(root)
            writer._contents.begin(Segment(folder, 0))  # last: nothing after it fails, so its files never stay open
        except OSError as error:
            if lock.held:
                shutil.rmtree(folder, ignore_errors=True)
                lock.release(remove=True)
            raise from_os(error, root) from error
        writer._syncer.start()
        return writer

    # Writing

    def append(self, frame: Frame, lost_before: int = 0) -> SpooledFrame:
        """Store a frame, whole or corrupt, and say where it lies. `lost_before`: see `SpooledFrame`.

        Raises FrameSizeChanged (nothing is stored); SpoolFull, SpoolDenied, SpoolFailed (what was stored before stays
        whole). After a failed sync each further call raises what the sync met. Before a full disk ends the recording, what
        is oldest is given up, as long as there is anything that nobody has pinned: other streams, then segments of this.
        """
        if self._closed:
            raise RuntimeError("the stream is closed")
        if self._failure is not None:
            raise self._failure
        payload = prepare(frame, self.description)
        while True:
            try:
                return self._store(frame, payload, lost_before)
            except SpoolFull:
                if freed := self.free_elsewhere():
                    self._room.freed(freed)
                elif not self._give_up_oldest():
                    raise

    def _store(self, frame: Frame, payload: Payload, lost_before: int) -> SpooledFrame:
        try:
            segment = self._segment_for(frame.timestamp_ns)
            self._room.check(payload.length, self._pinned_everywhere)
            record = Record(
                self._contents.added,
                frame.sequence,
                frame.timestamp_ns,
                frame.device_pts_ns,
                segment.items_bytes + ITEM_HEADER_BYTES,
                payload.length,
                payload.raw_length,
                payload.checksum,
                payload.raw_checksum,
                payload.damage is not None,
                payload.inserted_tables,
                lost_before,
            )
            segment.append(record, payload)
        except OSError as error:
            raise from_os(error, self.folder) from error
        spooled = record.spooled(segment.items_path)
        self._contents.add(segment, spooled)
        return spooled

    def _segment_for(self, now_ns: int) -> Segment:
        segment = self._contents.current
        if not segment.frames:
            return segment
        age_ns = now_ns - segment.frames[0].timestamp_ns
        if segment.items_bytes < self._segment_bytes and age_ns < self._segment_ns:
            return segment
        fresh = Segment(self.folder, segment.number + 1)
        self._contents.begin(fresh)
        self._remove(self._contents.forget_old(now_ns))
        return fresh

    def _pinned_everywhere(self) -> int:
        return self._contents.pinned_bytes + self.pinned_elsewhere()

    def _give_up_oldest(self) -> bool:
        """Remove the oldest segment that nobody has pinned, to make room; False where there is none."""
        free = self._contents.forget_oldest()
        try:
            self._remove(free)
        except OSError as error:
            raise from_os(error, self.folder) from error
        self._room.freed(sum(segment.bytes for segment in free))
        return bool(free)

    def _remove(self, drop: list[Segment]) -> None:
        """Take segments that are forgotten off the disk. Raises OSError."""
        for segment in drop:
            with self._sync_turn:
                segment.remove()

    # Syncing

    def _keep_synced(self) -> None:
        began = time.monotonic()
        interval_s = self.limits.sync_interval_s * _SYNC_EARLY
        while not self._stop_syncing.wait(max(0.0, began + interval_s - time.monotonic())):
            began = time.monotonic()
            try:
                self.sync()
            except AcquisitionError:
                return  # `sync` has noted it: the next append tells it

    def sync(self) -> int:
        """Bring all appended before this call to the disk; returns `synced_frames`. Raises SpoolFull, SpoolFailed."""
        with self._sync_turn:
            if self._failure is not None:
                raise self._failure
            due = self._contents.due()
            try:
                if due.pins is not None:
                    facts.write_state(self.folder, facts.State(state="kept" if self._closed else "open", pins=due.pins))
                if due.upto != self._synced or due.retired:
                    for segment in due.segments:
                        segment.sync()
            except OSError as error:
                # After a failed fsync the kernel forgets the pages: a second one would succeed and mean nothing.
                told = from_os(error, self.folder)
                self._failure = told if isinstance(told, SpoolFull) else SpoolFailed(str(told))
                raise self._failure from error
            self._synced = due.upto
            self._contents.synced(due)
            return due.upto

    # Reading

    @property
    def stream_id(self) -> str:
        """The name of the stream and its folder."""
        return self.description.stream_id

    @property
    def frames(self) -> list[SpooledFrame]:
        """The frames that are in the spool now, oldest first, corrupt ones included."""
        return self._contents.frames

    @property
    def latest(self) -> SpooledFrame | None:
        """The frame stored last; None where there is none."""
        return self._contents.latest

    @property
    def appended_frames(self) -> int:
        """How many frames were stored since the beginning, those that the bounds have dropped included."""
        return self._contents.added

    @property
    def synced_frames(self) -> int:
        """How many of them are known to be on the disk."""
        return self._synced

    @property
    def bytes(self) -> int:
        """What the stream takes on the disk, in bytes."""
        return self._contents.bytes

    # Keeping

    def pin(self, first: int = 0, last: int = TO_THE_END) -> Pin:
        """Keep the frames of index `first` to `last`, both included, whatever the bounds say, until released.

        With TO_THE_END all that is still to come is kept too; from index 0 that is whatever is there now, and what comes.
        Raises FramesGone where some of the frames are not in the spool any more, or not yet.
        """
        pin = self._contents.pin(first, last)
        self._room.look_again()
        return pin

    def unpin(self, pin: Pin) -> None:
        """Let a pin's frames go; the same as `pin.release()`. Harmless when repeated."""
        self._contents.unpin(pin)

    @property
    def pinned(self) -> bool:
        """Whether anybody keeps frames of this stream."""
        return self._contents.pinned

    @property
    def pinned_bytes(self) -> int:
        """What saving all pinned frames would take, in bytes."""
        return self._contents.pinned_bytes

    def write_intent(self, intent: dict[str, Any]) -> None:
        """Keep what is needed to finish saving after a crash. Raises SpoolFull, SpoolDenied, SpoolFailed."""
        try:
            facts.write_intent(self.folder, intent)
        except OSError as error:
            raise from_os(error, self.folder) from error

    def read_intent(self) -> dict[str, Any] | None:
        """What `write_intent` kept; None where nothing was."""
        return facts.read_intent(self.folder)

    # The end

    def close(self) -> None:
        """End writing: the last frames are synced, the stream stays, and stays this program's. Harmless when closed.

        Raises SpoolFull, SpoolFailed where the last frames could not be brought to the disk.
        """
        if self._closed:
            return
        self._closed = True
        self._contents.state_is_due()
        self._end_syncing()
        try:
            self.sync()
        finally:
            self._close_files()

    def let_go(self) -> None:
        """Close, and leave the stream to `leftover_streams`."""
        try:
            self.close()
        finally:
            self._owner.release()

    def forget_unless_pinned(self) -> bool:
        """From now on nobody finds the frames, or pins them, so that the stream can be discarded; False where one has."""
        return self._contents.forget_unless_pinned()

    def discard(self) -> None:
        """Close and remove the stream from the disk: it has no frames any more. Harmless when repeated.

        Raises SpoolDenied, SpoolFailed.
        """
        self._closed = True
        self._end_syncing()
        self._close_files()
        self._contents.forget()
        if not self._owner.held:
            return
        try:
            remove_stream(self.root, self.stream_id)
            self._owner.release(remove=True)
        except OSError as error:
            raise from_os(error, self.folder) from error

    def _end_syncing(self) -> None:
        self._stop_syncing.set()
        self._syncer.join()

    def _close_files(self) -> None:
        with self._sync_turn:
            self._contents.close()
