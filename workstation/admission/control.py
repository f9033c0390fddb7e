"""Joins the page, the guard and the gate: who is at the window, what that person may do, and when the window is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PyQt5.QtCore import QObject, QTimer, pyqtSignal
from PyQt5.QtWidgets import QApplication

from audit.trail import TrailAct
from procedure import Encounter
from workstation.admission.guard import Guard
from workstation.admission.page import SignInPage
from workstation.admission.telling import Telling
from workstation.people import Account, AccountsUnusable, Gate, NotSignedIn, Refused, load_accounts
from workstation.people.acts import Whose
from workstation.people.authors import authors_in, whose
from workstation.people.gate import check
from workstation.people.kept_session import token_of
from workstation.settings import Settings
from workstation.window import PAGES, MainWindow
from workstation.work import Work

_LOOK_MS: Final = 2000
NOBODY: Final = "Not signed in"
_READING: Final = ("compare", "review")


class AdmissionControl(QObject):
    """`person` is who is signed in. Without accounts nobody is, and everything is admitted.

    `is_busy` says while what the window may not be locked: a clip that runs, a complication that is being logged, a save.
    `in_hand` is the encounter of the study in hand where something of it is not saved, else None.
    """

    changed = pyqtSignal()  #: somebody else is at the window, or nobody

    def __init__(
        self,
        window: MainWindow,
        work: Work,
        archive_root: Path,
        is_busy: Callable[[], bool],
        in_hand: Callable[[], Encounter | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._work = window, work
        self._is_busy, self._in_hand = is_busy, in_hand
        self.gate = Gate(archive_root)
        self.person: Account | None = None
        self.worker: Account | None = None  #: whose work is in hand, also while the window is locked
        self.is_set_up = self.is_locked = self.is_emergency = False
        self._idle_s = 600.0
        self.page = SignInPage(window)
        self.guard = Guard(self)
        self.telling = Telling(work, archive_root, lambda sentence: window.tell(sentence), self)
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._look)
        self.page.wanted.connect(self._sign_in)
        self.page.rescue_wanted.connect(self._rescue)
        self.guard.rescue_pressed.connect(self._rescue)
        window.who.clicked.connect(self.lock)
        window.rescue_wanted.connect(self._rescue_told)

    def begin(self, settings: Settings) -> None:
        """Look whether somebody has to sign in here; whoever signed in on the command line is known."""
        self._idle_s = settings.idle_lock_minutes * 60.0
        self.telling.begin(settings.trail_collector)
        trouble = ""
        try:
            self.is_set_up = self.gate.is_set_up
        except AccountsUnusable as error:
            self.is_set_up, trouble = True, str(error)
        if self.is_set_up:
            self.guard.begin()
            self._clock.start()
            self.lock()
            if trouble:
                self.page.tell(trouble)
            else:
                self._work.ask("sign in", "", self._from_session, self._known, lambda _sentence: None)

    def end(self) -> None:
        """The window closes: whoever was signed in no longer is. Harmless twice."""
        self._clock.stop()
        self.guard.end()
        self.telling.end()
        person, self.person = self.person, None
        if person is not None:
            self._tell(TrailAct.SIGNED_OUT, person)

    # What may be done ------------------------------------------------------------------------------------------------

    def may_capture(self) -> bool:
        """Whether pictures may be taken now: also into the work of somebody whose window is locked, and in an emergency."""
        return not self.is_set_up or self.is_emergency or (self.worker is not None and _may("capture", self.worker))

    def admits(self, act_id: str, record: Encounter | None = None) -> bool:
        """Whether whoever is here may do it, with a stored record where one is told. A refusal is said and told."""
        if not self.is_set_up:
            return True
        if self.person is None and self.is_emergency and act_id in ("capture", "change"):
            act_id = "emergency"
        to_record = Whose.NEW if record is None or self.person is None else self._whose(record)
        try:
            check(act_id, self.person, (to_record,))
        except NotSignedIn:
            self._window.tell("Sign in first.", trouble=True)
        except Refused as refusal:
            self._window.tell(str(refusal), trouble=True)
            person, gate, told, refused = self.person, self.gate, act_id, refusal
            self.telling.tell(lambda: gate.tell_refusal(told, person, refused))
        else:
            return True
        return False

    def told_name(self) -> str:
        """The name under which whoever is here works; empty where nobody is."""
        if self.person is not None:
            return self.person.full_name
        return NOBODY if self.is_emergency else ""

    def opened(self, study_instance_uid: str) -> None:
        """A stored study was opened."""
        self._tell(TrailAct.OPENED, self.person, (study_instance_uid,))

    def saved(self, study_instance_uid: str) -> None:
        """The study in hand was saved."""
        self._tell(TrailAct.CHANGED, self.worker if self.person is None else self.person, (study_instance_uid,))

    def _whose(self, record: Encounter) -> Whose:
        assert self.person is not None
        return whose(self.person.full_name, frozenset(authors_in(record)))

    # The lock --------------------------------------------------------------------------------------------------------

    def lock(self, _checked: bool = False, why: str = "") -> None:
        """Nobody is signed in any more: the page lies over everything. What is being recorded goes on."""
        if not self.is_set_up:
            return
        person, self.person = self.person, None
        if person is not None:
            self._tell(TrailAct.SIGNED_OUT, person, why=why)
        self.is_locked, self.is_emergency = True, False
        for other in QApplication.topLevelWidgets():
            if other is not self._window and other.isVisible() and other.parentWidget() is not None:
                other.close()  # a question is answered by Cancel
        middle = self._window.centralWidget()
        if middle is not None:
            middle.hide()
        self._show_page()
        self.guard.locked_to = self.page
        self._show_who()

    def _show_page(self) -> None:
        meanwhile = f"{self.worker.full_name}'s work is in hand; recording goes on." if self.worker else ""
        self.page.ask(meanwhile)
        root = self.gate.root
        self._work.ask("accounts", "", lambda: load_accounts(root).accounts, self._offer, self.page.tell)

    def _offer(self, accounts: tuple[Account, ...]) -> None:
        self.page.offer([(one.name, one.full_name) for one in accounts])

    def _look(self) -> None:
        """Whoever has not touched anything for long is asked who is there."""
        if self._is_busy():
            self.guard.touch()
        elif not self.is_locked and self.guard.idle_s > self._idle_s:
            self.lock(why="idle")

    def _from_session(self) -> Account | None:
        token = token_of(self.gate.root)
        return self.gate.person_of(token) if token else None

    def _known(self, person: Account | None) -> None:
        if person is not None and self.is_locked:
            self._enter(person)

    # Who comes -------------------------------------------------------------------------------------------------------

    def _sign_in(self, account: str, password: str) -> None:
        gate = self.gate
        self._work.ask("sign in", "Signing in", lambda: gate.sign_in(account, password), self._enter, self.page.tell)

    def _enter(self, person: Account) -> None:
        trouble = self._trouble_with(person)
        if trouble:
            self._tell(TrailAct.SIGNED_OUT, person, why="another's work is in hand, or no page is theirs")
            self.page.tell(trouble)
            return
        another = self.worker is not None and self.worker.name != person.name
        self.person = self.worker = person
        self._unlock()
        if another or not self._window.page_buttons[self._window.page].isEnabled():
            self._window.show_page(next(page for page in PAGES if self._window.page_buttons[page].isEnabled()))
        self.changed.emit()

    def _trouble_with(self, person: Account) -> str:
        """Why somebody may not come to this window now; empty where nothing is in the way."""
        if not any(_may(act, person) for act in ("capture", "read")):
            return f"{person.full_name} opens no records: an administrator works by the command line."
        record = self._in_hand()
        if record is None or self.worker is None or self.worker.name == person.name:
            return ""
        try:
            check("change", person, (whose(person.full_name, frozenset({self.worker.full_name.casefold()})),))
        except Refused:
            name = self.worker.full_name
            return f"{name}'s work is in hand and not saved: only {name} or a clinician goes on."
        return ""

    def _unlock(self) -> None:
        self.is_locked = False
        self.guard.locked_to = None
        self.guard.touch()
        self.page.hide()
        self.page.tell("")  # no password stays in it
        middle = self._window.centralWidget()
        if middle is not None:
            middle.show()
        if self.person is not None:
            self.is_emergency = False
        self._show_who()

    def _rescue(self) -> None:
        """From the page: the log of a complication starts with nobody signed in."""
        if self.is_locked:
            self.is_emergency = True
            self._unlock()
            self.changed.emit()
            self._window.rescue_wanted.emit()

    def _rescue_told(self) -> None:
        if self.is_emergency and self.person is None:
            self._tell(TrailAct.EMERGENCY, None)

    def _show_who(self) -> None:
        """The name in the bar, and the pages that are open to it."""
        who = self._window.who
        who.setVisible(self.is_set_up)
        who.setText(self.told_name() or NOBODY)
        for page in PAGES:
            act = "read" if page in _READING else "capture"
            allowed = _may(act, self.person) if self.person else self.is_emergency and page not in _READING
            self._window.page_buttons[page].setEnabled(allowed)

    def _tell(self, act: TrailAct, person: Account | None, studies: Iterable[str] = (), why: str = "") -> None:
        if self.is_set_up:
            gate, named = self.gate, tuple(studies)
            self.telling.tell(lambda: gate.tell(act, person, named, why=why))


def _may(act_id: str, person: Account) -> bool:
    try:
        check(act_id, person)
    except Refused:
        return False
    return True
