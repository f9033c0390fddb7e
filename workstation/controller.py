"""Joins the window, the study in hand and the pages' controls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QMessageBox

from annotation import History
from annotation.canvas.board import Board
from annotation.vocabulary import term
from devices import hotplug
from devices.registry import DriverRegistry
from procedure import Encounter
from workstation.admission import AdmissionControl
from workstation.annotate.control import LabelControl
from workstation.aside import Aside
from workstation.at_start import user_name, warm_up
from workstation.capture.sources import device_registry
from workstation.desk import Desk
from workstation.encounter.joining import EncounterRoom
from workstation.guide.control import GuideControl
from workstation.hands import ButtonOpener, Hands, camera_button
from workstation.languages import tr
from workstation.live.control import LiveControl
from workstation.live.pair import LivePair
from workstation.live.plugs import Plugs, StartWatch
from workstation.photographing.control import PhotographControl
from workstation.review.control import ReviewControl
from workstation.review.open_study import OpenedStudy
from workstation.saving.left_over import LeftOver
from workstation.saving.study_in_hand import SaveControl
from workstation.settings.control import SettingsControl
from workstation.studies.visit import Capture
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
        self.desk = Desk(archive_root, operator=user_name())
        self.work = Work(self, threads=4)
        self.window = MainWindow(self.work, Board(self.desk.history, self.desk.operator), Board(History(), ""))
        window = self.window
        self.aside = Aside()
        self.live = LiveControl(
            window.live_view, window.live_panel, window.strip, self.desk, self.work, self.aside, registry, self
        )
        self.pair = LivePair(
            self.live, window.live_view, window.live_panel, window.second_device, self.desk, self.work, self.aside, self
        )
        self.labels = LabelControl(window.label_player, window.annotate_panel, self.desk, self.aside, self)
        self.review = ReviewControl(window.review_player, window.review_panel, archive_root, self.work, self)
        self.encounter = EncounterRoom(window, self.desk, self.work, self.aside, self.pair, self.tell_visit, self)
        self.saving = SaveControl(window, self.desk, self.work, self.tell_visit, self._sure, self)
        self.saving.named = lambda: self.pair.named
        self.saving.state_changed.connect(self._show_state)
        self.saving.saved.connect(self._saved)
        self.left_over = LeftOver(window, archive_root, self.work, self.aside, self)
        self.left_over.saved.connect(self.review.refresh)
        self.encounter.changed.connect(self._encounter_changed)
        self.encounter.save_wanted.connect(self.save)
        self.review.opened_another.connect(self.encounter.use_opened)
        self.review.opened_another.connect(self._opened)
        window.review_panel.compare_wanted.connect(self._compare_opened)
        window.review_panel.continue_wanted.connect(self._go_on)
        self.encounter.notice.connect(lambda text: window.tell(text, trouble=True))
        self.plugs = Plugs(watch, self)
        self.plugs.changed.connect(self.pair.refresh)
        self.hands = Hands(self.pair, window, self, open_button=open_button)
        self.settings = SettingsControl(window, self.work, self.pair, self.hands, self._works_here, self)
        self.admission = AdmissionControl(
            window, self.work, archive_root, self._is_in_the_middle, self._unsaved_encounter, self
        )
        self.admission.changed.connect(self._somebody_else)
        self.hands.may_capture = self.admission.may_capture
        self.left_over.admits = self.admission.admits
        self.encounter.page.admits = self.admission.admits
        self.encounter.page.attester = self.admission.told_name
        self.work.failed.connect(lambda text: window.tell(text, trouble=True))
        self.work.busy_changed.connect(window.strip.show_doing)
        self.labels.notice.connect(lambda text: window.tell(text, undone=True))
        for device in self.pair.both:
            device.notice.connect(lambda text: window.tell(text, undone=True))
            device.captured.connect(self._captured)
            device.read.connect(self._read)
        self.labels.changed.connect(self._labels_changed)
        window.annotate_panel.reason_told.connect(self._tell_reason)
        window.live_panel.capture_chosen.connect(self._label_capture)
        window.visit_form.told.connect(self.tell_visit)
        window.visit_form.new_study_wanted.connect(self.new_study)
        self.photographs = PhotographControl(
            window, self.desk, self.work, self.live.known_registry, lambda: self.pair.device_ids, self
        )
        window.visit_form.photograph_wanted.connect(self.photographs.begin)
        self.photographs.kept.connect(self._show_visit)
        self.guide = GuideControl(
            window, self.desk, self.live, self.labels, self.saving, self.review, self.settings, self
        )
        window.save_wanted.connect(self.save)
        window.page_changed.connect(self._page_changed)
        window.closing.connect(self._closing)
        self._show_visit()

    def begin(self) -> None:
        """List devices and studies, and start the device that was asked for."""
        self.plugs.begin()  # before the first look: nothing that comes in between is missed
        self.settings.begin()
        self.admission.begin(self.settings.now)
        if self.encounter.trouble:
            self.window.tell(self.encounter.trouble, trouble=True)
        self.live.refresh()
        self.work.ask("warm up", "", warm_up, lambda _none: None)
        self.review.refresh()
        self.left_over.look()
        if device_id := self._device_id or self.settings.now.device:
            self.live.start(device_id)

    def end(self) -> None:
        """Give the device back and wait for what is being written. Harmless twice."""
        self.plugs.end()
        self.hands.end()
        self.admission.end()
        self.aside.end()  # who waits for its answer is let go
        self.photographs.end()
        self.pair.end()
        self.encounter.end()
        self.labels.end()
        self.review.end()
        if not self.desk.dirty:  # what was not saved stays in the spool, and `sonofill recover` offers it
            self._put_away()
        self.work.close()
        for player in (self.window.label_player, self.window.review_player):
            player.stop()
            player.canvas.release()

    def _is_in_the_middle(self) -> bool:
        """While this is so, the window is not locked."""
        return self.pair.clipping or self.encounter.complication.running or self.saving.saving

    def _unsaved_encounter(self) -> Encounter | None:
        return self.desk.encounter.record if self.desk.dirty else None

    def _opened(self, opened: OpenedStudy | None) -> None:
        if opened is not None:
            self.admission.opened(opened.study_instance_uid)

    def _works_here(self, name: str) -> None:
        """The settings say who works here; where sign-in is set up it is who signed in."""
        if not self.admission.told_name():
            self.desk.operator = name or user_name()
            self.tell_visit("operator", self.desk.operator)

    def _somebody_else(self) -> None:
        """Another person is at the window: what is done from now on is done under that name."""
        name = self.admission.told_name()
        if name:
            self.desk.operator = name
            self.tell_visit("operator", name)
        if self.review.opened is not None:
            self.review.end()

    def tell_visit(self, field: str, value: str) -> bool:
        """Take one fact about the visit; what does not fit is said and put back. Whether it was taken."""
        name = self.admission.told_name()
        if field == "operator" and name and value != name:
            self.window.tell(f"The operator is who is signed in: {name}.", trouble=bool(value))
            self._show_visit()
            return False
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
            self.pair.tell(self.desk.study.visit)
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
        if self._is_clipping():
            return
        if self.saving.then(self.new_study, "The study is being saved; a new one begins when it is."):
            return
        if self.desk.dirty and not self._sure("Begin a new study without saving this one?"):
            return
        self._put_away()
        self.labels.forget()
        self.encounter.leave()
        self.desk.new_study()
        self._use_desk_anew()

    def _is_clipping(self) -> bool:
        """Whether a clip is running, which is then said: it would end in the next study, with this patient's pictures."""
        if self.pair.clipping:
            self.window.tell(
                "A clip is running: end it, so that it is in this study, then take the other.", undone=True
            )
        return self.pair.clipping

    def _use_desk_anew(self) -> None:
        self.pair.forget_names()
        self.saving.use_desk_anew()
        self.encounter.use_desk_anew()
        self.pair.tell(self.desk.study.visit)
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
        if opened is None or opened.encounter is None or self._is_clipping():
            return
        if not self.admission.admits("change", opened.encounter):
            return
        if self.saving.then(
            self._go_on, "The study in hand is being saved; the other one is taken in hand when it is."
        ):
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
        if self.admission.admits("capture"):
            self.saving.save()

    def _saved(self) -> None:
        self.admission.saved(self.desk.study.visit.study_instance_uid)
        if not self.desk.dirty:
            self.labels.forget()
        self._show_visit()
        self.review.refresh()

    def _read(self, capture: Capture) -> None:
        self.labels.use_read(capture)
        self.saving.use_read()
        self._show_state()

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
        if self.saving.then(self.window.close, "The study is being saved; the window closes when it is."):
            self.window.may_close = False
            return
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
        parts = [visit.patient_id if named else tr("Patient not told yet"), tr(visit.phase.value)]
        if visit.laterality:
            parts.append(tr(_SIDES[visit.laterality]))
        if visit.region:
            parts.append(term(visit.region).name)
        self.window.show_visit("   ·   ".join(parts), named=named)
        self._show_state()

    def _tell_reason(self, reason: str) -> None:
        self.desk.study.reason = reason
        self.labels.keep()

    def _show_state(self) -> None:
        self.window.annotate_panel.ask_reason(self.desk.correcting, self.desk.study.reason)
        to_save = self.desk.dirty or not self.desk.begun
        self.window.save.setEnabled(to_save and not self.saving.saving)
        self.window.save.setText(tr("Saving…") if self.saving.saving else tr("Save study") if to_save else tr("Saved"))
