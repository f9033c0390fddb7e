"""Starts the reviewer's window."""

from __future__ import annotations

import signal
import sys
import traceback
from types import TracebackType

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication

from workstation.judging.control import JudgingControl
from workstation.judging.loading import Task
from workstation.palette import dress
from workstation.version import VERSION


def main(task: Task) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    app = QApplication(["sonofill"])
    app.setApplicationName("sonofill")
    app.setApplicationVersion(VERSION)
    dress(app)
    control = JudgingControl(task)

    def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        traceback.print_exception(kind, error, where)
        control.window.panel.tell(f"The program met a fault of its own ({kind.__name__}).", trouble=True)

    sys.excepthook = report
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    signal.signal(signal.SIGTERM, lambda *_: app.quit())
    breath = QTimer()
    breath.start(200)
    breath.timeout.connect(lambda: None)
    room = app.primaryScreen().availableGeometry()
    if room.width() <= control.window.width() or room.height() <= control.window.height() + 40:  # 40: its frame
        control.window.showMaximized()
    else:
        control.window.show()
    control.begin()
    try:
        return int(app.exec_())
    finally:
        breath.stop()
        control.end()
        sys.excepthook = sys.__excepthook__
