"""The UVC metadata node beside a stream: the payload headers, and in them the camera's own time of each frame.

The kernel completes a frame's metadata buffer just before the frame itself and gives both the same sequence number
(uvcvideo, `uvc_video_next_buffers`), so whoever holds a frame finds its metadata without waiting. The records follow
`V4L2_META_FMT_UVC`: host time in ns (8 bytes), USB frame number (2), then the payload header: length, flags, PTS (4, if
flag 0x04), SCR (6, if flag 0x08). uvcvideo writes a record only where the header bears a new SCR.

Whatever fails here costs the camera's time stamps and nothing else: frames come without.
"""

from __future__ import annotations

import errno
import logging
import mmap
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

from linuxpy.video import device as v4l2

log = logging.getLogger(__name__)

_BUFFERS = 32  # 1 to 10 KiB each
_KEPT = 64  # stamps of frames that nobody asked for
_HAS_PTS = 0x04
_BEFORE_HEADER = 10
_META = v4l2.BufferType.META_CAPTURE


def last_pts(records: bytes) -> int | None:
    """The presentation time stamp in the last record that has one (the kernel's own choice, too); None without."""
    at, found = 0, None
    while at + _BEFORE_HEADER + 2 <= len(records):
        length, flags = records[at + _BEFORE_HEADER], records[at + _BEFORE_HEADER + 1]
        if length < 2:
            break
        if flags & _HAS_PTS and length >= 6 and at + _BEFORE_HEADER + 6 <= len(records):
            found = struct.unpack_from("<I", records, at + _BEFORE_HEADER + 2)[0]
        at += _BEFORE_HEADER + length
    return found


class MetadataReader:
    """Reads one metadata node while its video node streams. Never waits, never raises for what the node does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._device: Any = None
        self._maps: list[mmap.mmap] = []
        self._stamps: OrderedDict[int, int] = OrderedDict()
        self._ended = False

    def start(self) -> bool:
        """Begin, before the video stream does; False where the node cannot be had."""
        device = v4l2.Device(str(self._path))
        try:
            device.open()
            self._device = device
            count = int(v4l2.request_buffers(device, _META, v4l2.Memory.MMAP, _BUFFERS).count)
            for index in range(count):
                buffer = v4l2.query_buffer(device, _META, v4l2.Memory.MMAP, index)
                self._maps.append(v4l2.mmap_from_buffer(device, buffer))
                v4l2.enqueue_buffer_raw(device, buffer)
            v4l2.stream_on(device, _META)
        except OSError as error:
            log.info("No time stamps of the camera itself: %s: %s.", self._path, error.strerror)
            self.stop()
            return False
        return True

    def take(self, sequence: int) -> int | None:
        """The stamp of the frame with this sequence number, in ticks; None where there is none."""
        self._drain()
        stamp = self._stamps.pop(sequence, None)
        while self._stamps and next(iter(self._stamps)) < sequence:
            self._stamps.popitem(last=False)
        return stamp

    def stop(self) -> None:
        """Give the node back; harmless twice. Only when the video stream has ended: the kernel writes into its buffers."""
        device, self._device = self._device, None
        for each in self._maps:
            each.close()
        self._maps.clear()
        self._stamps.clear()
        if device is not None:
            device.close()  # closing ends the stream and frees the buffers

    def _drain(self) -> None:
        while self._device is not None and not self._ended:
            try:
                buffer = v4l2.dequeue_buffer(self._device, _META, v4l2.Memory.MMAP)
                records = self._maps[buffer.index][: buffer.bytesused]
                damaged = bool(buffer.flags & v4l2.BufferFlag.ERROR)
                sequence = int(buffer.sequence)
                v4l2.enqueue_buffer_raw(self._device, buffer)
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EINTR):
                    log.info("The camera's time stamps end: %s.", error.strerror)
                    self._ended = True  # not closed here: see `stop`
                return
            stamp = None if damaged else last_pts(records)
            if stamp is not None:
                self._stamps[sequence] = stamp
                while len(self._stamps) > _KEPT:
                    self._stamps.popitem(last=False)
