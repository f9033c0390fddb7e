"""Listens to what is typed and pressed in the program: when it was touched last, and nothing passes a locked window."""

from __future__ import annotations

import time
from typing import Final

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QApplication, QShortcut, QWidget

_TOUCHES: Final = frozenset(
    {
        QEvent.KeyPress,
        QEvent.MouseButtonPress,
        QEvent.MouseMove,
        QEvent.Wheel,
        QEvent.TouchBegin,
        QEvent.TabletPress,
    }
)
_PASSING: Final = frozenset(
    {
        QEvent.KeyPress,
        QEvent.KeyRelease,
        QEvent.Shortcut,
        QEvent.MouseButtonPress,
        QEvent.MouseButtonRelease,
        QEvent.MouseButtonDblClick,
        QEvent.Wheel,
        QEvent.TouchBegin,
        QEvent.TabletPress,
        QEvent.Drop,
    }
)


class Guard(QObject):
    """Installed on the application where sign-in is set up. `locked_to`: the one page that hears anything; None: all do."""

    rescue_pressed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.locked_to: QWidget | None = None
        self._touched = time.monotonic()
        self._installed = False

    @property
    def idle_s(self) -> float:
        """How long nothing was touched."""
        return time.monotonic() - self._touched

    def touch(self) -> None:
        """Something was done, by foot for example."""
        self._touched = time.monotonic()

    def begin(self) -> None:
        """Listen."""
        app = QApplication.instance()
        if app is not None and not self._installed:
            app.installEventFilter(self)
            self._installed = True
        self.touch()

    def end(self) -> None:
        """Listen no more. Harmless twice."""
        app = QApplication.instance()
        if app is not None and self._installed:
            app.removeEventFilter(self)
        self._installed, self.locked_to = False, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHES:
            self._touched = time.monotonic()
        page = self.locked_to
        if page is None or kind not in _PASSING:
            return False
        if isinstance(watched, QShortcut):
            if watched.key().matches(Qt.Key_F12):
                self.rescue_pressed.emit()
            return True
        if not isinstance(watched, QWidget):
            return False  # the window system's own window: what it hands on comes by here again
        # The list of names, and a question that comes while the window is locked, are windows of their own.
        return watched.window() is page.window() and watched is not page and not page.isAncestorOf(watched)
