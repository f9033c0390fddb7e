"""Above a product's form: a line for a hand scanner, a camera that is held to the pack's code, or a picture of it."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from devices.source import DeviceInfo
from workstation.live.panel import NameBox


class PackCodeBar(QWidget):
    """Emits what the user wants; shows what it is given."""

    code_told = pyqtSignal(str)  #: typed, or by a hand scanner, which types and presses Enter
    camera_wanted = pyqtSignal(str)  #: a device's id
    picture_wanted = pyqtSignal()
    cameras_wanted = pyqtSignal()  #: the bar came to be seen: which cameras are there?

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setAccessibleName("Code on the pack")
        self.line.setPlaceholderText("Pack's code: scan it here, or type it")
        self.line.setToolTip("A hand scanner types the code here and presses Enter.")
        self.line.returnPressed.connect(self._entered)
        self.cameras = NameBox()
        self.cameras.setAccessibleName("Camera that reads the code")
        self.camera = QPushButton("Read with camera")
        self.camera.setToolTip("Hold the pack's square code before the camera. Its pictures are kept nowhere.")
        self.camera.clicked.connect(self._camera)
        self.picture = QPushButton("From a picture…")
        self.picture.clicked.connect(self.picture_wanted)
        self.told = QLabel()
        self.told.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.line, 2)
        row.addWidget(self.cameras, 1)
        row.addWidget(self.camera)
        row.addWidget(self.picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.told)
        self._looking = False
        self.tell("")
        self.show_cameras(())
        self.hide()

    def show_cameras(self, found: Sequence[DeviceInfo]) -> None:
        """The cameras that can be looked through now; the chosen one stays."""
        before = self.cameras.currentData()
        self.cameras.clear()
        for device in found:
            self.cameras.addItem(device.name, device.id)
        self.cameras.setCurrentIndex(max(self.cameras.findData(before), 0 if found else -1))
        self.cameras.setVisible(bool(found))
        self._show_camera()

    def show_looking(self, looking: bool) -> None:
        """Whether a camera or a picture is being looked at; the camera's button ends it then."""
        self._looking = looking
        self.picture.setEnabled(not looking)
        self.cameras.setEnabled(not looking)
        self._show_camera()

    def tell(self, text: str) -> None:
        """What was read, or why nothing was; empty for nothing."""
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def _show_camera(self) -> None:
        self.camera.setText("Stop looking" if self._looking else "Read with camera")
        self.camera.setEnabled(self._looking or self.cameras.count() > 0)

    def _entered(self) -> None:
        code = self.line.text()
        self.line.clear()
        if code.strip():
            self.code_told.emit(code)

    def _camera(self) -> None:
        self.camera_wanted.emit(str(self.cameras.currentData() or ""))
