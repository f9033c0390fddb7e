"""Starts the window."""

from __future__ import annotations

import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication

from workstation.controller import Controller
from workstation.demonstration import Demonstration
from workstation.palette import dress
from workstation.version import VERSION


def main(archive: Path, device_id: str | None = None, demo: bool = False) -> int:
    """Open the window on the archive in folder `archive` and stay until it is closed; returns the exit status.

    `device_id` is started at once. `demo` shows a whole pre-scan from the simulated probe, as `sonofill demo` does.
    Raises the archive's errors where the folder cannot be used.
    """
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    app = QApplication(["sonofill"])
    app.setApplicationName("sonofill")
    app.setApplicationVersion(VERSION)
    dress(app)
    controller = Controller(archive, device_id="mock:normal" if demo and device_id is None else device_id)

    def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        """A fault of the program: all of it to standard error, one sentence to the window; recording goes on."""
        traceback.print_exception(kind, error, where)
        controller.window.tell(
            f"The program met a fault of its own ({kind.__name__}). Recording goes on; save the study, then start anew.",
            trouble=True,
        )

    sys.excepthook = report
    # Python sees Ctrl+C only between its own steps; a slow timer gives it some.
    signal.signal(signal.SIGINT, lambda *_: controller.window.close())
    signal.signal(signal.SIGTERM, lambda *_: controller.window.close())
    breath = QTimer()
    breath.start(200)
    breath.timeout.connect(lambda: None)
    room = app.primaryScreen().availableGeometry()
    if room.width() <= controller.window.width() or room.height() <= controller.window.height() + 40:  # 40: its frame
        controller.window.showMaximized()
    else:
        controller.window.show()
    controller.begin()
    demonstration = Demonstration(controller) if demo else None
    try:
        return int(app.exec_())
    finally:
        breath.stop()
        if demonstration is not None:
            demonstration.end()
        controller.end()
        sys.excepthook = sys.__excepthook__
