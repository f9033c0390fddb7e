"""Reads the settings at the start, shows the dialogue, writes what it says, and has the window work by them at once."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QCoreApplication, QObject
from PyQt5.QtWidgets import QApplication

from acquisition import SpoolLimits
from workstation.hands import Hands
from workstation.live.pair import LivePair
from workstation.palette import dress, dressed
from workstation.settings.dialog import SettingsDialog
from workstation.settings.model import Settings, SettingsUnreadable, load_settings, save_settings, settings_path
from workstation.window import MainWindow
from workstation.work import Work

_GIB = 1 << 30


class SettingsControl(QObject):
    """`now` are the settings that hold. A file that cannot be read is said; the defaults hold, and it is not written over."""

    def __init__(
        self,
        window: MainWindow,
        work: Work,
        live: LivePair,
        hands: Hands,
        works_here: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """`works_here` is told the name of who works here; empty for who is logged in to the system."""
        super().__init__(parent)
        self._window, self._work, self._live, self._hands = window, work, live, hands
        self._works_here = works_here
        self.path = settings_path()
        self.now = Settings()
        self._unreadable = ""
        self._operator = ""
        self.dialog = SettingsDialog(window)
        self.dialog.wanted.connect(self.use)
        window.settings.clicked.connect(self.show)

    def begin(self) -> None:
        """Read the file, and work by it."""
        try:
            self.now = load_settings(self.path)
        except SettingsUnreadable as error:
            self._unreadable = str(error)
            self._window.tell(self._unreadable, trouble=True)
        self._apply()

    def show(self) -> None:
        """Show the dialogue, and look which devices there are meanwhile."""
        if self._unreadable:
            self._window.tell(self._unreadable, trouble=True)  # what is in the file would be lost
            return
        self.dialog.show_settings(self.now, f"In {self.path}")
        self.dialog.show()
        live = self._live
        self._work.ask(
            "settings devices",
            "Looking for devices",
            lambda: live.first.known_registry().discover(),
            self.dialog.show_devices,
        )

    def use(self, settings: Settings) -> None:
        """Work by these from now on, and write them."""
        if settings == self.now:
            return
        self.now = settings
        self._apply()
        if not self._unreadable:
            self._work.ask(
                "settings",
                "Keeping the settings",
                lambda: save_settings(settings, self.path),
                lambda _none: self._window.tell("The settings are kept."),
                lambda sentence: self._window.tell(
                    f"The settings hold, but could not be kept: {sentence}", trouble=True
                ),
            )

    def _apply(self) -> None:
        settings, window = self.now, self._window
        app = QCoreApplication.instance()
        if isinstance(app, QApplication) and dressed() != settings.theme:
            dress(app, settings.theme)
        self._hands.flashes, self._hands.sounds = settings.flash, settings.sound
        window.live_panel.seconds.setValue(settings.last_s)
        window.visit_form.offer_people([person.name for person in settings.people])
        self._hands.use(settings.foot_switch, settings.presses)
        for control in self._live.both:
            control.limits = SpoolLimits(
                max_age_s=60.0 * settings.spool.minutes, max_bytes=settings.spool.gibibytes * _GIB
            )
        if settings.operator != self._operator:
            self._operator = settings.operator
            self._works_here(settings.operator)
