"""What Save does: the study in hand goes into the archive, after what has to be asked, and once its screens are read."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal

from procedure import StepNotPossible
from workstation.desk import Desk, Draft
from workstation.encounter.saving import save_both
from workstation.probe_screen.whose import of_somebody_else
from workstation.proof.opening import open_archive
from workstation.studies.study import SavedStudy
from workstation.window import MainWindow
from workstation.work import Work

_NAMES_SHOWN = 4


class SaveControl(QObject):
    """One save at a time; a wish that comes in between is the same wish.

    What is stored is never changed, so a save waits until the screens of all captures were read, and then goes on by itself.
    """

    state_changed = pyqtSignal()  #: a save began, ended, or was given up
    saved = pyqtSignal()  #: the study is in the archive

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        work: Work,
        tell_visit: Callable[[str, str], bool],
        sure: Callable[[str], bool],
        parent: QObject | None = None,
    ) -> None:
        """`tell_visit` takes one fact about the visit, or refuses it; `sure` asks a person."""
        super().__init__(parent)
        self._window, self._desk, self._work = window, desk, work
        self._tell_visit, self._sure = tell_visit, sure
        self.saving = False  #: from the wish until the study is stored
        self._waiting = False  # for screens to be read
        self._then: Callable[[], object] | None = None
        #: Texts that named a patient on the screen of what was captured in this study; never to be logged.
        self.named: Callable[[], set[str]] = set
        self._answered: set[str] = set()  # those of which somebody said that they do not matter

    def use_desk_anew(self) -> None:
        """Another study is in hand: what was asked and wished for the one before is over."""
        self._answered.clear()
        self._then = None
        if self._waiting:
            self._ended()

    def save(self) -> None:
        """Save what is not in the archive yet."""
        if self.saving:
            return
        typed = self._window.visit_form.typed()
        if not all(self._tell_visit(field, value) for field, value in typed.items()):
            return  # what was refused is said; nothing is saved under what stood there before
        if not self._desk.begun:
            self._window.tell("There is nothing to save yet: take a still or a clip first.", undone=True)
        elif not self._desk.has_patient:
            self._window.show_page("patient")
            self._window.visit_form.patient_id.setFocus()
            self._window.tell("Whose study is it? Enter the patient id, then save.", undone=True)
        elif self._is_theirs():
            self.saving = True
            self.state_changed.emit()
            if self._desk.unread:
                self._waiting = True
                self._window.tell("It is saved as soon as the last picture's screen is read.")
            else:
                self._write()

    def use_read(self) -> None:
        """The screen of a capture was read: where a save waited for it, it goes on."""
        if self._waiting and not self._desk.unread:
            self._waiting = False
            self._write()

    def then(self, act: Callable[[], object], told: str) -> bool:
        """Call `act` once the save that is under way has stored everything, not where it fails, and say so: `told`.

        False where no save is under way, and where something waits for it already: who asks again wants it now.
        """
        if not self.saving or self._then is not None:
            return False
        self._then = act
        self._window.tell(told)
        return True

    def _write(self) -> None:
        try:
            draft, root = self._desk.to_save(), self._desk.archive_root
        except StepNotPossible as error:
            self._ended()
            self._window.tell(str(error), trouble=True)
            return

        def stored() -> SavedStudy:
            with open_archive(root) as archive:
                return save_both(archive, draft.study, draft.encounter)

        self._work.ask("save", "Saving the study", stored, lambda done: self._stored(draft, done), self._not_stored)

    def _is_theirs(self) -> bool:
        """Whether the study may be saved under its patient: asked where the probe's screen named somebody else."""
        visit = self._desk.study.visit
        asked = sorted(self.named() - self._answered)
        other = of_somebody_else(asked, visit.patient_id, visit.patient_name)
        if not other:
            return True
        told = "\n".join(other[:_NAMES_SHOWN])
        whose = ", ".join(part for part in (visit.patient_id, visit.patient_name) if part)
        sure = self._sure(
            f"On the probe's screen stood:\n\n{told}\n\nThe study is of {whose}. Save it under this patient?"
        )
        if sure:
            self._answered |= set(other)
        return sure

    def _stored(self, draft: Draft, done: SavedStudy) -> None:
        self._desk.saved(draft)
        self._window.notice.hide()
        files = counted(len(done.files), "file", "files")
        folder = done.files[0].parents[1]  # the study's: each of its series has a folder of its own in it
        unnamed = sum(not f.name and f.status == "confirmed" for f in draft.study.document.findings)
        but = f"   ·   {counted(unnamed, 'label has', 'labels have')} no name" if unnamed else ""
        self._window.tell(
            f"Saved {files} in …/{folder.parent.name}/{folder.name}{but}", whole=f"Saved {files} in {folder}{but}"
        )
        act, self._then = self._then, None
        self._ended()
        self.saved.emit()
        if act is not None and not self._desk.dirty:
            act()

    def _not_stored(self, sentence: str) -> None:
        self._then = None
        self._ended()
        self._window.tell(f"Not saved: {sentence}", trouble=True)

    def _ended(self) -> None:
        self.saving = self._waiting = False
        self.state_changed.emit()


def counted(number: int, one: str, more: str) -> str:
    """A number with the word that goes with it: '1 file', '2 files'."""
    return f"{number} {one if number == 1 else more}"
