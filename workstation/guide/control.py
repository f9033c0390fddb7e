"""The guide follows what is done at the window: a step that is done makes place for the next one."""

from __future__ import annotations

from PyQt5.QtCore import QObject

from workstation.annotate.control import LabelControl
from workstation.desk import Desk
from workstation.guide.steps import LAST, STEPS, Done, next_open
from workstation.languages import tr
from workstation.live.control import LiveControl
from workstation.review.control import ReviewControl
from workstation.saving.study_in_hand import SaveControl
from workstation.settings.control import SettingsControl
from workstation.window import MainWindow


class GuideControl(QObject):
    """Nothing waits for it, and it does nothing but turn to a step's page and say what can be done there."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        live: LiveControl,
        labels: LabelControl,
        saving: SaveControl,
        review: ReviewControl,
        settings: SettingsControl,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._bar = window, window.guide
        self._desk, self._live, self._review, self._settings = desk, live, review, settings
        self._step = 0
        for done in (live.opened, live.captured, labels.changed, saving.saved, review.opened_another):
            done.connect(self.follow)
        self._bar.next_wanted.connect(self._skip)
        self._bar.close_wanted.connect(self.close)
        window.keys.guide_wanted.connect(self.show)

    @property
    def shown(self) -> bool:
        """Whether it is shown."""
        return not self._bar.isHidden()

    def show(self) -> None:
        """Begin with the first step that is not done."""
        self._window.keys.hide()
        self._turn_to(next_open(self._done()))

    def follow(self) -> None:
        """Something was done: go on where it was this step."""
        if self.shown and self._step < len(STEPS) and STEPS[self._step].is_done(self._done()):
            self._turn_to(next_open(self._done(), self._step))

    def close(self) -> None:
        """Show it no more, and not by itself at the next start."""
        self._bar.hide()
        self._settings.use(self._settings.now.model_copy(update={"guide_seen": True}))

    def show_first_time(self) -> None:
        """Show it unless it was closed before, here or at an earlier start."""
        if not self._settings.now.guide_seen:
            self.show()

    def _done(self) -> Done:
        return Done(
            running=self._live.running,
            captures=len(self._desk.study.captures),
            named=sum(bool(finding.name) for finding in self._desk.history.document.findings),
            stored=self._desk.stored,
            opened=self._review.opened is not None,
        )

    def _skip(self) -> None:
        self._turn_to(self._step + 1)

    def _turn_to(self, step: int) -> None:
        self._step = step
        if step < len(STEPS):
            self._window.show_page(STEPS[step].page)
        self._bar.show_step(step + 1, len(STEPS), tr(STEPS[step].says if step < len(STEPS) else LAST))
