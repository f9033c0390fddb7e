"""The Qt program around a window: made, dressed, shown, and ended by Ctrl+C as by its own button."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from PyQt5 import sip
from PyQt5.QtCore import Qt, QTimer
from PyQt5.QtGui import QGuiApplication
from PyQt5.QtWidgets import QApplication, QWidget

from workstation.languages import speak
from workstation.palette import dress
from workstation.version import VERSION

_PLAIN_DPI = 110.0  #: above, the system already makes letters larger
_FRAME_PX = 40  #: what a window manager adds to a window's height


def scale_for(height_px: int, ratio: float, dpi: float) -> float:
    """How many times larger everything is shown on a screen so many pixels high.

    Where the system says nothing (`ratio`, pixels for one of Qt's, is 1 and `dpi`, of letters, about 96) letters on a 4K
    screen are half as high as a gloved finger's target has to be.
    """
    if ratio > 1 or dpi > _PLAIN_DPI:
        return 1.0  # the system has said it
    return 2.0 if height_px >= 2000 else 1.5 if height_px >= 1500 else 1.0


def _fit_to_screen() -> None:
    """Scale by the screen, before the program's own application is made: Qt takes it from the environment only."""
    if "QT_SCALE_FACTOR" in os.environ:
        return
    asking = QGuiApplication(["sonofill"])
    screen = asking.primaryScreen()
    factor = 1.0
    if screen is not None:
        factor = scale_for(screen.size().height(), screen.devicePixelRatio(), screen.logicalDotsPerInch())
    del screen
    sip.delete(asking)
    if factor != 1.0:
        os.environ["QT_SCALE_FACTOR"] = str(factor)


def qt_program(language: str = "en") -> QApplication:
    """The application, dressed, in this language (see `languages`). Before any window is made."""
    QApplication.setAttribute(Qt.AA_EnableHighDpiScaling)
    QApplication.setAttribute(Qt.AA_UseHighDpiPixmaps)
    if QApplication.instance() is None:
        _fit_to_screen()
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
