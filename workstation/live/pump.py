"""Brings the newest frame to the window: waits for it and decodes it in a thread of its own, once for each shown frame."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PyQt5.QtCore import QObject, QThread, pyqtSignal

from devices.source import Frame
from workstation.live.decode import LiveDecoder, Pixels
from workstation.live.newest import NewestFrame

_LONGEST_WAIT_S = 0.1  # how soon a stop is noticed while nothing arrives


@dataclass(frozen=True, slots=True)
class Shown:
    """A decoded frame on its way to the screen; `pixels` (rows, columns, 4) are good until two more were decoded."""

    frame: Frame
    pixels: Pixels


class Pump(QThread):
    """Emits `arrived` with the newest frame, and the next one only after `painted` was called: the window sets the pace."""

    arrived = pyqtSignal(object)  #: a Shown

    def __init__(self, source: NewestFrame, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._decoder = LiveDecoder()
        self._ready = threading.Event()
        self._ready.set()
        self._ending = threading.Event()
        self.size = (0, 0)  #: width and height of the picture on the screen, pixels; set by the window
        self.damaged = 0  #: frames that could not be decoded, and so were not shown

    def painted(self) -> None:
        """The window has painted what it got last and may get another."""
        self._ready.set()

    def end(self) -> None:
        """Stop, and wait until it has."""
        self._ending.set()
        self._ready.set()
        self.wait()

    def run(self) -> None:
        """The thread's work."""
        seen = 0
        while not self._ending.is_set():
            if not self._ready.wait(_LONGEST_WAIT_S):
                continue
            newer = self._source.newest(seen, _LONGEST_WAIT_S)
            if newer is None:
                continue
            seen, frame = newer
            try:
                pixels = self._decoder.decode(frame, self.size)
            except ValueError:
                self.damaged += 1
                continue
            self._ready.clear()
            self.arrived.emit(Shown(frame, pixels))
