"""What every panel of a device has: which device, in which encoding, and the buttons that capture from it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QComboBox, QPushButton, QSpinBox, QToolButton, QWidget

from devices.source import DeviceInfo, FormatRequest, StreamFormat
from workstation.languages import tr
from workstation.live.facts import ScreenFacts
from workstation.live.name_box import NameBox
from workstation.palette import mark


class DevicePanel(QWidget):
    """Emits what the user wants; shows what is. Makes the widgets; who derives from it lays them out."""

    refresh_wanted = pyqtSignal()
    start_wanted = pyqtSignal(str)  #: a device's id
    stop_wanted = pyqtSignal()
    freeze_wanted = pyqtSignal(bool)
    still_wanted = pyqtSignal()
    clip_wanted = pyqtSignal(bool)  #: True begins a clip, False ends it
    last_wanted = pyqtSignal(int)  #: seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.devices = NameBox()
        self.devices.setAccessibleName(tr("Device"))
        self.devices.currentIndexChanged.connect(self._show_formats)
        self.formats = QComboBox()
        self.formats.setAccessibleName(tr("Encoding, size and rate"))
        self.formats.setToolTip(tr("Encoding, size and rate of the device's stream"))
        self.formats.setSizeAdjustPolicy(QComboBox.AdjustToMinimumContentsLengthWithIcon)
        self.formats.activated.connect(self._format_chosen)
        self._wanted: dict[str, StreamFormat] = {}
        self.refresh = QToolButton()
        self.refresh.setText("↻")
        self.refresh.setToolTip(tr("Look for devices again"))
        self.refresh.setAccessibleName(tr("Look for devices again"))
        self.refresh.clicked.connect(self.refresh_wanted)
        self.run = QPushButton(tr("Start"))
        self.run.clicked.connect(self._run)
        self._running = False
        self._open: str | None = None
        self._found: tuple[DeviceInfo, ...] = ()

        self.freeze, self.still = QPushButton(tr("Freeze")), QPushButton(tr("Still"))
        self.clip, self.last = QPushButton(tr("Start clip")), QPushButton(tr("Save last {n} s").format(n=20))
        self.freeze.setCheckable(True)
        self.clip.setCheckable(True)
        self.freeze.clicked.connect(self.freeze_wanted)
        self.still.clicked.connect(self.still_wanted)
        self.clip.clicked.connect(self.clip_wanted)
        self.seconds = QSpinBox()
        self.seconds.setRange(2, 300)
        self.seconds.setValue(20)
        self.seconds.setSuffix(" s")
        self.seconds.setAccessibleName(tr("How far back to save"))
        self.seconds.valueChanged.connect(lambda n: self.last.setText(tr("Save last {n} s").format(n=n)))
        self.last.clicked.connect(lambda: self.last_wanted.emit(self.seconds.value()))
        self.facts = ScreenFacts()

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
        self.formats.addItem(tr("The device's best"), None)
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
        self.run.setText(tr("Stop") if running else tr("Start"))
        mark(self.run, "role", "" if running else "primary")
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
        self.clip.setText(tr("End clip   {n} s").format(n=round(seconds)) if seconds is not None else tr("Start clip"))
        mark(self.clip, "role", "recording" if running else "")

    def show_captures(self, titles: Sequence[str]) -> None:
        """List what was captured, newest last; a panel without such a list shows nothing."""

    def _run(self) -> None:
        if self._running:
            self.stop_wanted.emit()
        elif self.devices.currentData():
            self.start_wanted.emit(str(self.devices.currentData()))
