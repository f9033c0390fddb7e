"""A second device beside the first: its picture, its own counters and buttons below it."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workstation.languages import tr
from workstation.live.device_panel import DevicePanel
from workstation.live.strip import StatusStrip
from workstation.live.view import LiveView


class SecondPanel(DevicePanel):
    """The second device's list and buttons, in two rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WA_StyledBackground)
        for widget in (self.devices, self.formats, self.refresh, self.seconds):
            widget.setAccessibleName(tr("{name} (second device)").format(name=widget.accessibleName()))
        for button in (self.run, self.freeze, self.still, self.clip, self.last):
            button.setAccessibleDescription(tr("of the second device"))
        self.last.setText(tr("Last {n} s").format(n=20))
        self.seconds.valueChanged.connect(lambda n: self.last.setText(tr("Last {n} s").format(n=n)))
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setSpacing(6)
        grid.addWidget(self.devices, 0, 0, 1, 2)
        grid.addWidget(self.formats, 0, 2)
        grid.addWidget(self.run, 0, 3)
        grid.addWidget(self.refresh, 0, 4)
        for column, button in enumerate((self.freeze, self.still, self.clip, self.last)):
            grid.addWidget(button, 1, column)
        grid.addWidget(self.seconds, 1, 4)
        self.show_running(False)


class SecondDevice(QWidget):
    """Picture, counters and buttons, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view, self.panel, self.strip = LiveView(), SecondPanel(), StatusStrip()
        self.view.setAccessibleName(tr("Live picture of the second device"))
        self.strip.show_counters_only()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.strip)
        column.addWidget(self.panel)
