"""The Qt program around a window: made, dressed, shown, and ended by Ctrl+C as by its own button."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtWidgets import QApplication, QWidget

from workstation.languages import speak
from workstation.palette import dress
from workstation.version import VERSION

_FRAME_PX = 40  #: what a window manager adds to a window's height


def qt_program(language: str = "en") -> QApplication:
    """The application, dressed, in this language (see `languages`). Before any window is made."""
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    app = QApplication(["sonofill"])
    app.setApplicationName("sonofill")
    app.setApplicationVersion(VERSION)
    dress(app)
    speak(app, language)
    return app


def show_in_room(window: QWidget, app: QApplication) -> None:
    """Show the window, maximized where the screen has no room for more."""
    room = app.primaryScreen().availableGeometry()
    if room.width() <= window.width() or room.height() <= window.height() + _FRAME_PX:
        window.showMaximized()
    else:
        window.show()


@contextmanager
def told_and_stopped(tell: Callable[[str], object], stop: Callable[[], object]) -> Iterator[None]:
    """Meanwhile a fault of the program goes to standard error, and its kind to `tell`; Ctrl+C and SIGTERM call `stop`."""

    def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        traceback.print_exception(kind, error, where)
        tell(kind.__name__)

    sys.excepthook = report
    signal.signal(signal.SIGINT, lambda *_: stop())
    signal.signal(signal.SIGTERM, lambda *_: stop())
    # Python sees Ctrl+C only between its own steps; a slow timer gives it some.
    breath = QTimer()
    breath.start(200)
    breath.timeout.connect(lambda: None)
    try:
        yield
    finally:
        breath.stop()
        sys.excepthook = sys.__excepthook__
