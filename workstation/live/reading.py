"""Reads the screens of captures that are in the study already: a press never waits for it, and no frame does."""

from __future__ import annotations

import logging

from PyQt5.QtCore import QObject, pyqtSignal

from acquisition.cine import Clip
from workstation.aside import Aside
from workstation.desk import Desk
from workstation.probe_screen.depth_changes import pieces_of
from workstation.probe_screen.screens import Told, screens_are_read, told_by, warm_up
from workstation.studies.visit import Capture
from workstation.work import Work

log = logging.getLogger(__name__)


class ScreenReading(QObject):
    """One screen after another, in a process of its own: ten stills in a row keep no save, no status and no frame waiting."""

    read = pyqtSignal(object)  #: the Capture, with what its screen tells
    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(self, desk: Desk, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._aside = desk, aside
        self._work = Work(self, threads=1)
        self._ending = False

    def warm_up(self) -> None:
        """Begin the process now: the first screen need not wait for what it has to load."""
        if screens_are_read():
            self._work.ask("warm up", "", lambda: self._aside.do(warm_up), lambda _none: None, lambda _sentence: None)

    def add(self, capture: Capture) -> None:
        """Read its screen, after those that were asked for before."""
        study = self._desk.study

        def job() -> Told | Exception:
            if study is not self._desk.study:
                return Told()  # it was put away meanwhile, and its frames may be gone
            try:
                return self._told(capture.clip)
            except Exception as fault:  # of whatever kind: a picture that stays unread could never be saved
                if not self._ending:
                    log.exception("The screen of a capture could not be read.")
                return fault

        def came(told: Told | Exception) -> None:
            if study is not self._desk.study:
                return
            if isinstance(told, Exception):
                self.notice.emit(f"A picture's screen could not be read, its lengths stay in pixels: {told}")
            self.read.emit(self._desk.read(capture.key, Told() if isinstance(told, Exception) else told))

        self._work.ask(f"read {capture.key}", "Reading the screen", job, came)

    def pieces_of(self, clip: Clip) -> list[Clip]:
        """The clip, cut where its screen tells another depth. Slow: for a worker thread.

        Where that could not be found out it is one piece, and is told so: what was recorded is kept all the same.
        """
        if not screens_are_read():
            return [clip]
        try:
            return self._aside.do(pieces_of, clip, first=True)
        except OSError as error:
            if not self._ending:
                self.notice.emit(f"Whether the depth changed within the clip could not be looked at: {error}")
            return [clip]

    def end(self) -> None:
        """Read no more; the one that is being read is given up."""
        self._ending = True
        self._aside.end()
        self._work.close(finish=False)

    def _told(self, clip: Clip) -> Told:
        """Where no screens are read there is nothing that would need a process."""
        return self._aside.do(told_by, clip) if screens_are_read() else told_by(clip)
