"""The reviewer's window, locked when nobody touches it: only the reader who signed in comes back to it."""

from __future__ import annotations

from typing import Final

from PyQt5.QtCore import QObject, QTimer
from PyQt5.QtWidgets import QApplication, QMainWindow

from audit.trail import TrailAct
from workstation.admission.guard import Guard
from workstation.admission.page import SignInPage
from workstation.people import Account, Gate
from workstation.work import Work

_LOOK_MS: Final = 2000


class ReaderLock(QObject):
    """Watches one reader's window from `begin` to `end`. What was judged and not signed waits behind the page."""

    def __init__(
        self, window: QMainWindow, work: Work, gate: Gate, reader: Account, idle_s: float, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._work, self._gate, self.reader = window, work, gate, reader
        self.idle_s = idle_s
        self.is_locked = False
        self.page = SignInPage(window)
        self.page.hide_rescue()
        self.guard = Guard(self)
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._look)
        self.page.wanted.connect(self._sign_in)

    def begin(self) -> None:
        """Watch."""
        self.guard.begin()
        self._clock.start()

    def end(self) -> None:
        """Watch no more. Harmless twice."""
        self._clock.stop()
        self.guard.end()

    def lock(self) -> None:
        """The page lies over everything."""
        self.is_locked = True
        for other in QApplication.topLevelWidgets():
            if other is not self._window and other.isVisible() and other.parentWidget() is not None:
                other.close()
        middle = self._window.centralWidget()
        if middle is not None:
            middle.hide()
        self.page.ask(f"{self.reader.full_name}'s reading is not signed yet.")
        self.page.offer([(self.reader.name, self.reader.full_name)])
        self.guard.locked_to = self.page
        self._tell(TrailAct.SIGNED_OUT, "idle")

    def _look(self) -> None:
        if not self.is_locked and self.guard.idle_s > self.idle_s:
            self.lock()

    def _sign_in(self, account: str, password: str) -> None:
        gate = self._gate
        self._work.ask("sign in", "Signing in", lambda: gate.sign_in(account, password), self._enter, self.page.tell)

    def _enter(self, _person: Account) -> None:
        self.is_locked = False
        self.guard.locked_to = None
        self.guard.touch()
        self.page.hide()
        self.page.tell("")
        middle = self._window.centralWidget()
        if middle is not None:
            middle.show()

    def _tell(self, act: TrailAct, why: str) -> None:
        gate, reader = self._gate, self.reader
        self._work.ask("trail", "", lambda: gate.tell(act, reader, why=why), lambda _untold: None)
