"""Devices that come and go: the watch of the system's own events, handed to the window's thread. Nothing is polled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from PyQt5.QtCore import QObject, Qt, pyqtSignal

from devices import hotplug

log = logging.getLogger(__name__)


class RunningWatch(Protocol):
    """What is needed of `devices.hotplug.Watch`."""

    def close(self) -> None:
        """End the watch."""


StartWatch = Callable[[Callable[[], None]], RunningWatch]


class Plugs(QObject):
    """Emits `changed`, in the window's thread, after something was plugged in or pulled out.

    Where the system has nothing to listen to it stays silent: the list can still be read anew by hand.
    """

    changed = pyqtSignal()

    _heard = pyqtSignal()  # emitted by the watch's own thread

    def __init__(self, watch: StartWatch = hotplug.watch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._start_watch = watch
        self._watch: RunningWatch | None = None
        # Queued always: Qt cannot tell the thread of a Python callback by itself.
        self._heard.connect(self.changed, type=Qt.QueuedConnection)  # type: ignore[call-arg]

    def begin(self) -> None:
        """Begin to listen."""
        try:
            self._watch = self._start_watch(self._heard.emit)
        except (OSError, ImportError) as error:  # no netlink (some containers), no libudev: pyudev says it so
            log.info("Plugging is not noticed here (%s): look again by hand.", error)

    def end(self) -> None:
        """Listen no more. Harmless twice."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
