"""Joins the window, the study in hand and the pages' controls."""

from __future__ import annotations

import gc
import getpass
from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QMessageBox

from annotation import History
from annotation.canvas.board import Board
from annotation.vocabulary import term
from devices import hotplug
from devices.registry import DriverRegistry
from procedure import StepNotPossible
from workstation.annotate.control import LabelControl
from workstation.capture.recovery import leftovers, save_all
from workstation.capture.sources import device_registry
from workstation.desk import Desk, Draft
from workstation.drafts import encounters_left
from workstation.encounter.joining import EncounterRoom
from workstation.encounter.saving import save_both
from workstation.hands import ButtonOpener, Hands, camera_button
from workstation.live.control import LiveControl
from workstation.live.plugs import Plugs, StartWatch
from workstation.probe_screen.whose import of_somebody_else
from workstation.proof.opening import open_archive
from workstation.review.control import ReviewControl
from workstation.settings import SettingsUnreadable, load_settings, settings_path
from workstation.studies.study import SavedStudy
from workstation.window import MainWindow
from workstation.work import Work

_SIDES = {"R": "right", "L": "left", "B": "both sides"}


class Controller(QObject):
    """The program behind the window. Make it after the QApplication; `begin` starts the first work, `end` ends all."""

    def __init__(
        self,
        archive_root: Path,
        *,
        device_id: str | None = None,
        registry: Callable[[], DriverRegistry] = device_registry,
        watch: StartWatch = hotplug.watch,
        open_button: ButtonOpener = camera_button,
    ) -> None:
        super().__init__()
        self._device_id = device_id
        self.desk = Desk(archive_root, operator=_user_name())
        self.work = Work(self, threads=4)
        self.window = MainWindow(self.work, Board(self.desk.history, self.desk.operator), Board(History(), ""))
        window = self.window
        self.live = LiveControl(window.live_view, window.live_panel, window.strip, self.desk, self.work, registry, self)
        self.labels = LabelControl(window.label_player, window.annotate_panel, self.desk, self)
        self.review = ReviewControl(window.review_player, window.review_panel, archive_root, self.work, self)
        self.encounter = EncounterRoom(window, self.desk, self.live, self.tell_visit, self)
        self.encounter.changed.connect(self._encounter_changed)
        self.encounter.save_wanted.connect(self.save)
        self.review.opened_another.connect(self.encounter.use_opened)
        window.review_panel.compare_wanted.connect(self._compare_opened)
        window.review_panel.continue_wanted.connect(self._go_on)
        self.encounter.notice.connect(lambda text: window.tell(text, trouble=True))
        self.plugs = Plugs(watch, self)
        self.plugs.changed.connect(self.live.refresh)
        self.hands = Hands(self.live, window, self, open_button=open_button)
        self.work.failed.connect(lambda text: window.tell(text, trouble=True))
        self.work.busy_changed.connect(window.strip.show_doing)
        for control in (self.live, self.labels):
            control.notice.connect(lambda text: window.tell(text, undone=True))
        self.live.captured.connect(self._captured)
        self.labels.changed.connect(self._labels_changed)
        window.annotate_panel.reason_told.connect(self._tell_reason)
        window.live_panel.capture_chosen.connect(self._label_capture)
        window.visit_form.told.connect(self.tell_visit)
        window.visit_form.new_study_wanted.connect(self.new_study)
        window.save_wanted.connect(self.save)
        window.page_changed.connect(self._page_changed)
        window.closing.connect(self._closing)
        self._saving = False
        self._answered: set[str] = set()  # names on the screen of which somebody said that they do not matter
        self._show_visit()

    def begin(self) -> None:
        """List devices and studies, and start the device that was asked for."""
        self.plugs.begin()  # before the first look: nothing that comes in between is missed
        self._begin_hands()
        if self.encounter.trouble:
            self.window.tell(self.encounter.trouble, trouble=True)
        self.live.refresh()
        self.work.ask("warm up", "", _warm_up, lambda _none: None)
        self.review.refresh()
        root = self.desk.archive_root
        self.work.ask(
            "leftovers", "Looking for recordings that were not saved", lambda: _left(root), self._offer_leftovers
        )
        if self._device_id:
            self.live.start(self._device_id)

    def end(self) -> None:
        """Give the device back and wait for what is being written. Harmless twice."""
        self.plugs.end()
        self.hands.end()
        self.live.stop()
        self.encounter.end()
        self.labels.end()
        self.review.end()
        if not self.desk.dirty:  # what was not saved stays in the spool, and `sonofill recover` offers it
            self._put_away()
        self.work.close()
        for player in (self.window.label_player, self.window.review_player):
            player.stop()
            player.canvas.release()

    def _begin_hands(self) -> None:
        try:
            settings = load_settings(settings_path())
        except SettingsUnreadable as error:
            self.window.tell(str(error), trouble=True)
        else:
            self.hands.begin(settings.foot_switch)

    def tell_visit(self, field: str, value: str) -> bool:
        """Take one fact about the visit; what does not fit is said and put back. Whether it was taken."""
        before = self.desk.study.visit
        try:
            self.desk.tell(**{field: value})
        except ValueError as error:
            self.window.tell(str(error), trouble=True)
            taken = False
        else:
            taken = True
            if self.desk.study.visit != before:  # a field that the focus only passed through changes nothing
                self.desk.touch()
            self.live.tell(self.desk.study.visit)
            self.labels.keep()
            if self.desk.study.visit != before:
                self.encounter.use_visit(field)
            if field == "operator":
                self.labels.set_operator(value)
        self._show_visit()
        return taken

    def _encounter_changed(self) -> None:
        self.desk.touch()
        self.labels.keep()
        self._show_state()

    def new_study(self) -> None:
        """Put the study in hand away and begin another, after asking where something is not saved."""
        if self.desk.dirty and not self._sure("Begin a new study without saving this one?"):
            return
        self._put_away()
        self.labels.forget()
        self.encounter.leave()
        self.desk.new_study()
        self._use_desk_anew()

    def _use_desk_anew(self) -> None:
        self.live.named.clear()
        self._answered.clear()
        self.encounter.use_desk_anew()
        self.live.tell(self.desk.study.visit)
        self.labels.use_desk_anew()
        self.live.show_captures()
        self._show_visit()

    def _compare_opened(self) -> None:
        opened = self.review.opened
        if opened is not None:
            self.window.show_page("compare")
            self.encounter.compare_opened(opened)

    def _go_on(self) -> None:
        """Take the encounter of the open study in hand again; what is captured and told now joins its study."""
        opened = self.review.opened
        if opened is None or opened.encounter is None:
            return
        if self.desk.dirty and not self._sure("Go on with this encounter without saving the study in hand?"):
            return
        self._put_away()
        self.labels.forget()
        self.encounter.leave()
        self.desk.continue_study(opened.study_instance_uid, opened.encounter)
        self._use_desk_anew()
        self.window.show_page("encounter")
        self.window.tell(f"The encounter of {self.desk.study.visit.patient_id} is in hand again.")

    def save(self) -> None:
        """Save the study in hand: what is not in the archive yet."""
        if self._saving:
            return
        if not all(self.tell_visit(field, value) for field, value in self.window.visit_form.typed().items()):
            return  # what was refused is said; nothing is saved under what stood there before
        if not self.desk.begun:
            self.window.tell("There is nothing to save yet: take a still or a clip first.", undone=True)
        elif not self.desk.has_patient:
            self.window.show_page("patient")
            self.window.visit_form.patient_id.setFocus()
            self.window.tell("Whose study is it? Enter the patient id, then save.", undone=True)
        elif self._is_theirs():
            try:
                draft, root = self.desk.to_save(), self.desk.archive_root
            except StepNotPossible as error:
                self.window.tell(str(error), trouble=True)
                return
            self._saving = True
            self._show_state()

            def saved() -> SavedStudy:
                with open_archive(root) as archive:
                    return save_both(archive, draft.study, draft.encounter)

            self.work.ask("save", "Saving the study", saved, lambda done: self._saved(draft, done), self._not_saved)

    def _is_theirs(self) -> bool:
        """Whether the study may be saved under its patient: asked where the probe's screen named somebody else."""
        visit = self.desk.study.visit
        asked = sorted(self.live.named - self._answered)
        other = of_somebody_else(asked, visit.patient_id, visit.patient_name)
        if not other:
            return True
        told = "\n".join(other[:4])
        whose = ", ".join(part for part in (visit.patient_id, visit.patient_name) if part)
        sure = self._sure(
            f"On the probe's screen stood:\n\n{told}\n\nThe study is of {whose}. Save it under this patient?"
        )
        if sure:
            self._answered |= set(other)
        return sure

    def _saved(self, draft: Draft, done: SavedStudy) -> None:
        self._saving = False
        self.desk.saved(draft)
        if not self.desk.dirty:
            self.labels.forget()
        self.window.notice.hide()
        files = _counted(len(done.files), "file", "files")
        folder = done.files[0].parents[1]  # the study's: each of its series has a folder of its own in it
        unnamed = sum(not f.name and f.status == "confirmed" for f in draft.study.document.findings)
        but = f"   ·   {_counted(unnamed, 'label has', 'labels have')} no name" if unnamed else ""
        self.window.tell(
            f"Saved {files} in …/{folder.parent.name}/{folder.name}{but}", whole=f"Saved {files} in {folder}{but}"
        )
        self._show_visit()
        self.review.refresh()

    def _not_saved(self, sentence: str) -> None:
        self._saving = False
        self._show_state()
        self.window.tell(f"Not saved: {sentence}", trouble=True)

    def _offer_leftovers(self, left: tuple[int, float, int]) -> None:
        """What a crash, or closing without saving, left behind is offered at the next start."""
        streams, seconds, encounters = left
        if streams:
            what = "a recording" if streams == 1 else f"{streams} recordings"
            self.window.offer(
                f"An earlier session left {what} of {seconds:.0f} s in all that no study holds.",
                "Save as studies",
                self._save_leftovers,
            )

        elif encounters:
            what = "an encounter" if encounters == 1 else f"{encounters} encounters"
            self.window.offer(
                f"An earlier session left {what} without pictures that no study holds.",
                "Save as studies",
                self._save_leftovers,
            )

    def _save_leftovers(self) -> None:
        root = self.desk.archive_root

        def saved() -> int:
            return len(save_all(root, leftovers(root)))

        self.work.ask("save leftovers", "Saving what was left", saved, self._leftovers_saved)

    def _leftovers_saved(self, studies: int) -> None:
        self.window.tell(f"Saved {_counted(studies, 'study', 'studies')} of what was left.")
        self.review.refresh()

    def _put_away(self) -> None:
        """Let the frames of the study in hand go: they are in the archive, or not wanted."""
        releases = self.desk.take_releases()

        def let_go() -> None:
            for release in releases:
                release()

        self.work.ask("release", "", let_go, lambda _none: None)

    def _captured(self) -> None:
        self.labels.list_captures()
        self.labels.keep()
        self._show_state()

    def _labels_changed(self) -> None:
        self.encounter.use_labels()
        self._show_state()

    def _label_capture(self, place: int) -> None:
        self.labels.show_capture(place)
        self.window.show_page("label")

    def _page_changed(self, page: str) -> None:
        if page == "label":
            self.labels.show_something()
        elif page == "encounter":
            self.encounter.page.turn_to_page()
        elif page == "compare":
            self.encounter.show_comparison()
        elif page == "review":
            self.review.refresh()

    def _closing(self) -> None:
        self.window.may_close = not self.desk.dirty or self._sure(
            "Close without saving this study? What was recorded stays in the spool for a while: 'sonofill recover' finds it."
        )

    def _sure(self, question: str) -> bool:
        answer = QMessageBox.question(
            self.window, "sonofill", question, QMessageBox.Yes | QMessageBox.Cancel, QMessageBox.Cancel
        )
        return answer == QMessageBox.Yes

    def _show_visit(self) -> None:
        visit = self.desk.study.visit
        self.window.visit_form.show_visit(visit, patient_fixed=self.desk.stored)
        named = self.desk.has_patient
        parts = [visit.patient_id if named else "Patient not told yet", visit.phase.value]
        if visit.laterality:
            parts.append(_SIDES[visit.laterality])
        if visit.region:
            parts.append(term(visit.region).name)
        self.window.show_visit("   ·   ".join(parts), named=named)
        self._show_state()

    def _tell_reason(self, reason: str) -> None:
        self.desk.study.reason = reason
        self.labels.keep()

    def _show_state(self) -> None:
        self.window.annotate_panel.ask_reason(self.desk.correcting, self.desk.study.reason)
        self.window.save.setEnabled(not self._saving and (self.desk.dirty or not self.desk.begun))
        self.window.save.setText("Saving…" if self._saving else "Save study" if self.desk.dirty else "Saved")
        if not self.desk.begun:
            self.window.save.setText("Save study")


def _warm_up() -> None:
    """Import now what the first save would import, and take what that leaves in memory out of garbage collection.

    The libraries bring objects that live as long as the program. A full collection looked at each of them and held every
    thread for 0.2 s in the middle of a save: longer than a driver's four buffers last at 30/s.
    """
    import dicom_io.report_content  # noqa: F401

    gc.freeze()


def _left(archive_root: Path) -> tuple[int, float, int]:
    """How many streams a crash left, how many seconds they last in all, and how many encounters without pictures."""
    streams = [stream.frames for stream in leftovers(archive_root)]
    seconds = sum((f[-1].timestamp_ns - f[0].timestamp_ns) / 1e9 for f in streams if f)
    return len(streams), seconds, encounters_left(archive_root)


def _counted(number: int, one: str, more: str) -> str:
    """A number with the word that goes with it: '1 file', '2 files'."""
    return f"{number} {one if number == 1 else more}"


def _user_name() -> str:
    """Who is logged in, as far as the system knows; 'operator' otherwise."""
    try:
        return getpass.getuser()[:64]
    except (KeyError, OSError, ImportError):
        return "operator"
