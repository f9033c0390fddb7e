"""The settings' dialogue: pages of rows, and what is wrong in them said before anything is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTabWidget, QVBoxLayout, QWidget

from devices.source import DeviceInfo
from workstation.palette import say_in
from workstation.settings.form import LooksPage, PeoplePage, PressesPage, RecordingPage
from workstation.settings.model import Settings


class SettingsDialog(QDialog):
    """Made once, shown and hidden. Nothing is written here: `wanted` tells what is."""

    wanted = pyqtSignal(object)  #: the Settings that were entered

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.recording, self.presses, self.looks, self.people = (
            RecordingPage(),
            PressesPage(),
            LooksPage(),
            PeoplePage(),
        )
        self.pages = QTabWidget()
        for page in (self.recording, self.presses, self.looks, self.people):
            self.pages.addTab(page, page.title)
        self.wrong = QLabel()
        self.wrong.setWordWrap(True)
        say_in(self.wrong, "alarm")
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.where.setProperty("role", "quiet")
        self.buttons = QDialogButtonBox(QDialogButtonBox.Save | QDialogButtonBox.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.pages, 1)
        column.addWidget(self.wrong)
        column.addWidget(self.where)
        column.addWidget(self.buttons)
        self._kept: dict[str, Any] = {}
        self.resize(680, 560)

    def show_settings(self, settings: Settings, where: str) -> None:
        """Fill the pages; `where` says which file they are in."""
        self._kept = settings.model_dump(mode="json")
        for page in (self.recording, self.presses, self.looks, self.people):
            page.show_settings(settings)
        self.wrong.clear()
        self.where.setText(where)

    def show_devices(self, found: Sequence[DeviceInfo]) -> None:
        """The devices that are there now."""
        self.recording.show_devices(found)

    def settings(self) -> Settings:
        """What is entered; what no page shows is as it was. Raises ValidationError."""
        told = dict(self._kept)
        for page in (self.recording, self.presses, self.looks, self.people):
            told |= page.told()
        return Settings.model_validate_json(json.dumps(told))  # as strictly as the file

    def accept(self) -> None:
        try:
            settings = self.settings()
        except ValidationError as error:
            first = error.errors()[0]
            where = " ".join(str(part) for part in first["loc"])
            self.wrong.setText(f"{where}: {first['msg']}." if where else f"{first['msg']}.")
            return
        self.wanted.emit(settings)
        super().accept()
