"""Two devices at once, recorded into one study: which of them foot switch and keys capture from.

The first is always there; the second is shown when it is asked for and given back when it is put away. Each has its own
picture, counters and stale mark, and its own buttons. One of them has the focus: a press on a picture moves it.
"""

from __future__ import annotations

from PyQt5.QtCore import QObject, pyqtSignal

from workstation.aside import Aside
from workstation.desk import Desk
from workstation.live.control import LiveControl
from workstation.live.panel import LivePanel
from workstation.live.second import SecondDevice
from workstation.live.view import LiveView
from workstation.studies.visit import Visit
from workstation.work import Work


class LivePair(QObject):
    """`first` and `second` are the controls; what both do is done here."""

    showing = pyqtSignal(bool)  #: whether any picture is live

    def __init__(
        self,
        first: LiveControl,
        view: LiveView,
        panel: LivePanel,
        beside: SecondDevice,
        desk: Desk,
        work: Work,
        aside: Aside,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.first = first
        self.second = LiveControl(
            beside.view,
            beside.panel,
            beside.strip,
            desk,
            work,
            aside,
            first.known_registry,
            self,
            name=" of the second",
        )
        self._views = {first: view, self.second: beside.view}
        self._panel, self._beside = panel, beside
        self._live: set[LiveControl] = set()
        self.focus = first  #: the control that foot switch and keys speak to
        first.taken = lambda: self.second.device_id
        self.second.taken = lambda: first.device_id
        for control in self.both:
            control.showing.connect(lambda on, control=control: self._show_live(control, on))
            control.captured.connect(first.show_captures)
            self._views[control].pressed.connect(lambda control=control: self.turn_to(control))
        panel.second_wanted.connect(self.show_second)
        beside.hide()

    @property
    def both(self) -> tuple[LiveControl, LiveControl]:
        """The two controls."""
        return self.first, self.second

    @property
    def named(self) -> set[str]:
        """Texts that named a patient on either screen."""
        return self.first.named | self.second.named

    @property
    def device_ids(self) -> frozenset[str]:
        """The devices that are open."""
        return frozenset(control.device_id for control in self.both if control.device_id)

    @property
    def clipping(self) -> bool:
        """Whether a clip is running on either."""
        return any(control.clipping for control in self.both)

    def show_second(self, on: bool) -> None:
        """Show a second device beside the first, or give it back; a clip that runs there ends in the study first."""
        self._panel.second.setChecked(on)
        self._beside.setVisible(on)
        if on:
            self.second.refresh()
        else:
            self.second.stop()
        self.turn_to(self.first)

    def turn_to(self, control: LiveControl) -> None:
        """Foot switch and keys capture from this device from now on."""
        two = self._panel.second.isChecked()
        self.focus = control if two else self.first
        for one, view in self._views.items():
            view.set_footed(two and one is self.focus)
        self._panel.keys_to = self._beside.panel if self.focus is self.second else self._panel

    def freeze(self) -> bool:
        """Freeze the picture that has the focus, or let it run; whether it is frozen now."""
        self._panel.keys_to.freeze.click()
        return self._views[self.focus].frozen

    def flash(self, text: str) -> None:
        """A few words on the picture that was captured from."""
        self._views[self.focus].flash(text)

    def tell(self, visit: Visit) -> None:
        """The visit is told anew: it is kept beside the frames of both."""
        for control in self.both:
            control.tell(visit)

    def refresh(self) -> None:
        """Look which devices there are."""
        self.first.refresh()
        if self._panel.second.isChecked():
            self.second.refresh()

    def forget_names(self) -> None:
        """Another study is in hand."""
        for control in self.both:
            control.named.clear()

    def end(self) -> None:
        """Stop both. Harmless twice."""
        for control in self.both:
            control.end()

    def _show_live(self, control: LiveControl, on: bool) -> None:
        before = bool(self._live)
        (self._live.add if on else self._live.discard)(control)
        if before != bool(self._live):
            self.showing.emit(not before)
