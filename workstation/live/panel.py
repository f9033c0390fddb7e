"""Beside the live picture: which device, and the buttons that capture from it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QPaintEvent
from PyQt5.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QShortcut,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from devices.source import DeviceInfo, FormatRequest, StreamFormat
from workstation.live.facts import FactsArea, ScreenFacts

PANEL_WIDTH = 320  #: leaves 960 of 1280 pixels: half of a 1080p picture, which is decoded at half size for less
_BIG_PX = 56
_ROW_PX = 40


def heading(text: str) -> QLabel:
    """A small heading inside a panel."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


class NameBox(QComboBox):
    """A list of names that may be longer than the panel is wide: what differs stands at their ends, so the middle goes.

    The list itself opens as wide as its longest name, and the tooltip has the whole of the chosen one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.AdjustToMinimumContentsLengthWithIcon)
        self.currentTextChanged.connect(self.setToolTip)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(QStyle.CC_ComboBox, option, QStyle.SC_ComboBoxEditField, self)
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.ElideMiddle, room.width() - 4)
        with QStylePainter(self) as painter:
            painter.drawComplexControl(QStyle.CC_ComboBox, option)
            painter.drawControl(QStyle.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 2 * self.view().frameWidth())
        super().showPopup()


class LivePanel(QWidget):
    """Emits what the user wants; shows what is."""

    refresh_wanted = pyqtSignal()
    start_wanted = pyqtSignal(str)  #: a device's id
    stop_wanted = pyqtSignal()
    freeze_wanted = pyqtSignal(bool)
    still_wanted = pyqtSignal()
    clip_wanted = pyqtSignal(bool)  #: True begins a clip, False ends it
    last_wanted = pyqtSignal(int)  #: seconds
    capture_chosen = pyqtSignal(int)  #: its place in the list, from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(PANEL_WIDTH)
        self.devices = NameBox()
        self.devices.setAccessibleName("Device")
        self.devices.currentIndexChanged.connect(self._show_formats)
        self.formats = QComboBox()
        self.formats.setAccessibleName("Encoding, size and rate")
        self.formats.setToolTip("Encoding, size and rate of the device's stream")
        self.formats.setSizeAdjustPolicy(QComboBox.AdjustToMinimumContentsLengthWithIcon)
        self.formats.activated.connect(self._format_chosen)
        self._wanted: dict[str, StreamFormat] = {}
        self.refresh = QToolButton()
        self.refresh.setText("↻")
        self.refresh.setToolTip("Look for devices again")
        self.refresh.setAccessibleName("Look for devices again")
        self.refresh.clicked.connect(self.refresh_wanted)
        self.run = QPushButton("Start")
        self.run.clicked.connect(self._run)
        self._running = False
        self._open: str | None = None
        self._found: tuple[DeviceInfo, ...] = ()

        self.freeze, self.still = QPushButton("Freeze"), QPushButton("Still")
        self.clip, self.last = QPushButton("Start clip"), QPushButton("Save last 20 s")
        for button, key in ((self.freeze, "F"), (self.still, "S"), (self.clip, "C"), (self.last, "L")):
            button.setMinimumHeight(_BIG_PX)
            button.setToolTip(f"Key {key}")
            # Not the button's own shortcut: Qt forgets that one with each new text.
            QShortcut(key, self, button.click)
        self.freeze.setCheckable(True)
        self.clip.setCheckable(True)
        self.freeze.clicked.connect(self.freeze_wanted)
        self.still.clicked.connect(self.still_wanted)
        self.clip.clicked.connect(self.clip_wanted)
        self.seconds = QSpinBox()
        self.seconds.setRange(2, 300)
        self.seconds.setValue(20)
        self.seconds.setSuffix(" s")
        self.seconds.setAccessibleName("How far back to save")
        self.seconds.valueChanged.connect(lambda n: self.last.setText(f"Save last {n} s"))
        self.last.clicked.connect(lambda: self.last_wanted.emit(self.seconds.value()))

        self.facts = ScreenFacts()
        self.captures = QListWidget()
        self.captures.setAccessibleName("Captured clips and stills")
        self.captures.setMinimumHeight(_ROW_PX)
        self.captures.itemActivated.connect(lambda item: self.capture_chosen.emit(self.captures.row(item)))
        self.captures.itemClicked.connect(lambda item: self.capture_chosen.emit(self.captures.row(item)))

        device_row = QHBoxLayout()
        device_row.setSpacing(8)
        device_row.addWidget(self.run, 1)
        device_row.addWidget(self.refresh)
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
        column.addWidget(heading("Device"))
        column.addWidget(self.devices)
        column.addWidget(self.formats)
        column.addLayout(device_row)
        column.addSpacing(10)
        column.addWidget(heading("Capture"))
        column.addLayout(buttons)
        column.addSpacing(6)
        column.addWidget(FactsArea(self.facts))
        column.addSpacing(6)
        column.addWidget(heading("In this study (press to label)"))
        column.addWidget(self.captures, 1)
        self.show_running(False)

    def show_devices(self, found: Sequence[DeviceInfo]) -> None:
        """Fill the list; what was chosen stays chosen where it is still there.

        A device that is open stays in the list also while it is gone: the recording waits for it. The list may come at
        any time, so one that says nothing new changes nothing: somebody may have it open.
        """
        if self._running and self._open not in [device.id for device in found]:
            found = [device for device in self._found if device.id == self._open] + list(found)
        if tuple(found) == self._found:
            return
        self._found = tuple(found)
        before = self.devices.currentData()
        self.devices.hidePopup()
        self.devices.clear()
        for device in found:
            self.devices.addItem(
                device.name if device.kind != "simulated" else f"{device.name} ({device.id})", device.id
            )
            self.devices.setItemData(self.devices.count() - 1, device.id, Qt.ToolTipRole)
        self.choose(str(before) if before else "")
        self.run.setEnabled(self._running or self.devices.count() > 0)

    def request_for(self, device_id: str) -> FormatRequest:
        """The stream that was chosen for this device; where none was, its best."""
        wanted = self._wanted.get(device_id)
        if wanted is None:
            return FormatRequest()
        return FormatRequest(wanted.pixel_format, wanted.width, wanted.height, wanted.fps)

    def _show_formats(self) -> None:
        device_id = self.devices.currentData()
        formats = next((device.formats for device in self._found if device.id == device_id), ())
        self.formats.clear()
        self.formats.addItem("The device's best", None)
        for place, offered in enumerate(formats, start=1):
            self.formats.addItem(
                f"{offered.pixel_format}   {offered.width} × {offered.height}   {offered.fps:g}/s", offered
            )
            if self._wanted.get(device_id) == offered:
                self.formats.setCurrentIndex(place)

    def _format_chosen(self) -> None:
        device_id, wanted = self.devices.currentData(), self.formats.currentData()
        if wanted is None:
            self._wanted.pop(device_id, None)
        else:
            self._wanted[device_id] = wanted

    def choose(self, device_id: str) -> None:
        """Choose a device in the list, if it is there."""
        place = self.devices.findData(device_id)
        if place >= 0:
            self.devices.setCurrentIndex(place)

    def show_running(self, running: bool) -> None:
        """Whether a device is open: only then can anything be captured."""
        self._running = running
        self._open = self.devices.currentData() if running else None
        self.run.setText("Stop" if running else "Start")
        self.run.setProperty("role", "" if running else "primary")
        self.run.style().unpolish(self.run)
        self.run.style().polish(self.run)
        self.devices.setEnabled(not running)
        self.formats.setEnabled(not running)
        self.formats.setVisible(not running)  # it cannot be changed now, and the strip tells what comes
        self.refresh.setEnabled(not running)
        for button in (self.freeze, self.still, self.clip, self.last):
            button.setEnabled(running)
        if not running:
            self.freeze.setChecked(False)
            self.show_clip(None)

    def show_clip(self, seconds: float | None) -> None:
        """How long the clip has been running; None where none does."""
        running = seconds is not None
        self.clip.setChecked(running)
        self.clip.setText(f"End clip   {seconds:.0f} s" if seconds is not None else "Start clip")
        if self.clip.property("role") != ("recording" if running else ""):
            self.clip.setProperty("role", "recording" if running else "")
            self.clip.style().unpolish(self.clip)
            self.clip.style().polish(self.clip)

    def show_captures(self, titles: Sequence[str]) -> None:
        """List what was captured, newest last."""
        self.captures.clear()
        self.captures.addItems(list(titles))
        self.captures.scrollToBottom()

    def _run(self) -> None:
        if self._running:
            self.stop_wanted.emit()
        elif self.devices.currentData():
            self.start_wanted.emit(str(self.devices.currentData()))
