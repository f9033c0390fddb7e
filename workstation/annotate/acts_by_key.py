"""Keys that act on the picture: each is asked first, also before a shortcut of the window has it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QObject
from PyQt5.QtGui import QKeyEvent


class ActsByKey(QObject):
    """An event filter; `act_of` says what a key does now, None where it does nothing."""

    def __init__(self, act_of: Callable[[QKeyEvent], Callable[[], None] | None], parent: QObject) -> None:
        super().__init__(parent)
        self._act_of = act_of

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.ShortcutOverride, QEvent.KeyPress):
            act = self._act_of(event)
            if act is not None:
                event.accept()
                if event.type() == QEvent.KeyPress:
                    act()
                return True
        return super().eventFilter(watched, event)
