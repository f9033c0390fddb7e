"""Reads the screens of captures that are in the study already: a press never waits for it."""

from __future__ import annotations

import logging

from PyQt5.QtCore import QObject, pyqtSignal

from workstation.desk import Desk
from workstation.probe_screen.screens import Told, told_by
from workstation.studies.visit import Capture
from workstation.work import Work

log = logging.getLogger(__name__)


class ScreenReading(QObject):
    """One screen after another, in a thread of its own: ten stills in a row keep no save and no status waiting."""

    read = pyqtSignal(object)  #: the Capture, with what its screen tells
    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._work = Work(self, threads=1)

    def add(self, capture: Capture) -> None:
        """Read its screen, after those that were asked for before."""
        study = self._desk.study

        def job() -> Told | Exception:
            if study is not self._desk.study:
                return Told()  # it was put away meanwhile, and its frames may be gone
            try:
                return told_by(capture.clip)
            except Exception as fault:  # of whatever kind: a picture that stays unread could never be saved
                log.exception("The screen of a capture could not be read.")
                return fault

        def came(told: Told | Exception) -> None:
            if study is not self._desk.study:
                return
            if isinstance(told, Exception):
                self.notice.emit(f"A picture's screen could not be read, its lengths stay in pixels: {told}")
            self.read.emit(self._desk.read(capture.key, Told() if isinstance(told, Exception) else told))

        self._work.ask(f"read {capture.key}", "Reading the screen", job, came)

    def end(self) -> None:
        """Read no more; the one that is being read is waited for."""
        self._work.close(finish=False)
