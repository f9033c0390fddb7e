"""A display for what opens a window: the one that is there, or an Xvfb of its own; and Qt's loop run until it is so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def display(size: str = "1280x720") -> Iterator[None]:
    """An X server while it lasts, where there is no display."""
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        yield
        return
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
        yield
    finally:
        server.terminate()
        server.wait()


def until(reached: Callable[[], object], limit_s: float = 300.0) -> None:
    """Run Qt's own loop, as the program does, until `reached()`; it is asked each 20 ms. Ends the program after `limit_s`."""
    from PyQt5.QtCore import QElapsedTimer, QEventLoop, QTimer

    loop, asking, passed = QEventLoop(), QTimer(), QElapsedTimer()
    passed.start()
    asking.timeout.connect(lambda: loop.quit() if reached() or passed.elapsed() > 1000 * limit_s else None)
    asking.start(20)
    loop.exec_()
    asking.stop()
    if not reached():
        raise SystemExit("the window did not get there")


def wait(seconds: float) -> None:
    """Run Qt's own loop for so long."""
    from PyQt5.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec_()
