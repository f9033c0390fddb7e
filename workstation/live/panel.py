"""Beside the live picture: which device, and the buttons that capture from it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QListWidget, QPushButton, QShortcut, QVBoxLayout, QWidget

from workstation.languages import tr
from workstation.live.device_panel import DevicePanel
from workstation.live.facts import FactsArea
from workstation.live.name_box import NameBox

__all__ = ["PANEL_WIDTH", "LivePanel", "NameBox", "heading"]

PANEL_WIDTH = 320  #: leaves 960 of 1280 pixels: half of a 1080p picture, which is decoded at half size for less
_BIG_PX = 56
_ROW_PX = 40


def heading(text: str) -> QLabel:
    """A small heading inside a panel."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


class LivePanel(DevicePanel):
    """The panel of the first device, with what is in the study. Its keys are those of the device that has the focus."""

    capture_chosen = pyqtSignal(int)  #: its place in the list, from 0
    second_wanted = pyqtSignal(bool)  #: a second device beside the first, or no longer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(PANEL_WIDTH)
        self.keys_to: DevicePanel = self  #: whose buttons the keys press
        for name, key in (("freeze", "F"), ("still", "S"), ("clip", "C"), ("last", "L")):
            button: QPushButton = getattr(self, name)
            button.setMinimumHeight(_BIG_PX)
            button.setToolTip(tr("Key {key}").format(key=key))
            # Not the button's own shortcut: Qt forgets that one with each new text.
            QShortcut(key, self, lambda name=name: getattr(self.keys_to, name).click())
        self.second = QPushButton(tr("+ Second"))
        self.second.setAccessibleName(tr("Second device beside this one"))
        self.second.setCheckable(True)
        self.second.setToolTip(tr("Show and record another device beside this one"))
        self.second.clicked.connect(self.second_wanted)

        self.captures = QListWidget()
        self.captures.setAccessibleName(tr("Captured clips and stills"))
        self.captures.setMinimumHeight(_ROW_PX)
        self.captures.itemActivated.connect(lambda item: self.capture_chosen.emit(self.captures.row(item)))
        self.captures.itemClicked.connect(lambda item: self.capture_chosen.emit(self.captures.row(item)))

        device_row = QHBoxLayout()
        device_row.setSpacing(8)
        device_row.addWidget(self.run, 1)
        device_row.addWidget(self.refresh)
        device_row.addWidget(self.second)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.freeze, 0, 0)
        buttons.addWidget(self.still, 0, 1)
        buttons.addWidget(self.clip, 1, 0, 1, 2)
        buttons.addWidget(self.last, 2, 0)
        buttons.addWidget(self.seconds, 2, 1)
        self.seconds.setMinimumHeight(_BIG_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        column.addWidget(heading(tr("Device")))
        column.addWidget(self.devices)
        column.addWidget(self.formats)
        column.addLayout(device_row)
        column.addSpacing(10)
        column.addWidget(heading(tr("Capture")))
        column.addLayout(buttons)
        column.addSpacing(6)
        column.addWidget(FactsArea(self.facts))
        column.addSpacing(6)
        column.addWidget(heading(tr("In this study (press to label)")))
        column.addWidget(self.captures, 1)
        self.show_running(False)

    def show_captures(self, titles: Sequence[str]) -> None:
        """List what was captured, newest last."""
        self.captures.clear()
        self.captures.addItems(list(titles))
        self.captures.scrollToBottom()
