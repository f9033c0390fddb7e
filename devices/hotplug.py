"""Notice that a camera was plugged in or pulled out, so that nobody has to ask for it again and again.

    with hotplug.watch(lambda: window.look_again()):
        ...

The callback says only that something changed: what is there now, `DriverRegistry.discover` tells. Where udevd runs its
events are used (they come when the node's permissions are set), otherwise the kernel's own. One plug makes several events
(a node for pictures, one for metadata, a button); they are gathered until a quiet moment.

Elsewhere than on Linux there is nothing to listen to: `watch` says so by `Watch.active`, and the caller looks when asked.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devices.listening import Listener

log = logging.getLogger(__name__)

#: How long it must be quiet before the callback is called, and how long a busy bus may put it off.
QUIET_S = 0.3
PUT_OFF_AT_MOST_S = 2.0

_UDEVD = Path("/run/udev/control")


class Watch:
    """A running watch. `close` ends it (harmless twice); the callback is called from the watch's own thread."""

    def __init__(self, callback: Callable[[], None], monitor: Any, quiet_s: float) -> None:
        self._callback = callback
        self._monitor = monitor
        self._quiet_s = quiet_s
        self._first_s: float | None = None
        self._last_s = 0.0
        self._listener = Listener(monitor.fileno(), "hot-plug watch", self._turn) if monitor is not None else None

    @property
    def active(self) -> bool:
        """Whether changes are noticed at all: false on other systems than Linux, and after `close`."""
        return self._listener is not None

    def close(self) -> None:
        """End the watch and wait for a callback that is under way (unless it is the callback that closes)."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _turn(self, ready: bool) -> float | None:
        now_s = time.monotonic()
        if ready:
            device = self._monitor.poll(0)
            if device is not None and device.action in ("add", "remove"):
                log.debug("%s %s", device.action, device.sys_path)
                self._last_s = now_s
                self._first_s = self._first_s or now_s
        if self._first_s is None:
            return None
        due_s = min(self._last_s + self._quiet_s, self._first_s + PUT_OFF_AT_MOST_S)
        if now_s < due_s:
            return due_s - now_s
        self._first_s = None
        self._callback()
        return None


def watch(callback: Callable[[], None], *, source: str | None = None, quiet_s: float = QUIET_S) -> Watch:
    """Call `callback()` after cameras came or went. `source` is 'udev' or 'kernel'; None chooses by whether udevd runs."""
    if sys.platform != "linux":
        log.info("Plugging is not noticed on this system: look again by hand.")
        return Watch(callback, None, quiet_s)
    import pyudev

    source = source or ("udev" if _UDEVD.exists() else "kernel")
    monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source=source)
    monitor.filter_by("video4linux")
    monitor.start()
    return Watch(callback, monitor, quiet_s)
