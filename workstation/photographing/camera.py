"""One camera, open while somebody photographs: its newest picture, and nothing is recorded. No Qt."""

from __future__ import annotations

import threading
from typing import Final

from devices.errors import DeviceError, DeviceStalled, EndOfStream
from devices.source import Frame, FrameSource

_READ_S: Final = 0.5


class Camera:
    """Reads a source in a thread of its own from `start` to `end`; `newest` is for the thread that shows it."""

    def __init__(self, source: FrameSource) -> None:
        self.info = source.info
        self.why = ""  #: why no more pictures come; empty while they do
        self._source = source
        self._change = threading.Condition()
        self._count = 0
        self._frame: Frame | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begin to stream. Raises the errors of devices: busy, gone, not permitted."""
        self._source.start()
        self._thread.start()

    def newest(self, after: int, timeout_s: float) -> tuple[int, Frame] | None:
        """The newest picture and its count, if newer than `after`; waits `timeout_s` at most, else None."""
        with self._change:
            self._change.wait_for(lambda: self._count > after, timeout_s)
            return (self._count, self._frame) if self._frame is not None and self._count > after else None

    def end(self) -> None:
        """Give the camera back; takes up to a second. Harmless twice."""
        self._ending = True
        self._source.close()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending:
            try:
                frame = self._source.read(_READ_S)
            except DeviceStalled:
                continue
            except EndOfStream:
                break  # a picture's file in a camera's place: it stands
            except (DeviceError, RuntimeError) as error:
                if not self._ending:  # closing ends a read with one of these
                    self.why = str(error)
                break
            with self._change:
                self._count += 1
                self._frame = frame
                self._change.notify_all()
