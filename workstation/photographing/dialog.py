"""The dialogue: the camera's picture as large as it fits, from where the face is seen, and one large button."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from devices.source import DeviceInfo
from dicom_io.picture.photograph import View
from workstation.live.panel import NameBox, heading
from workstation.photographing.view import PoseView

_PANEL_PX = 260
VIEWS = {
    View.FRONT: "Front",
    View.OBLIQUE_LEFT: "From the patient's left",
    View.OBLIQUE_RIGHT: "From the patient's right",
}


class PhotographDialog(QDialog):
    """Emits what the user wants; shows what it is given."""

    camera_wanted = pyqtSignal(str)  #: a device's id
    view_wanted = pyqtSignal(str)  #: one of `View`
    take_wanted = pyqtSignal()
    again_wanted = pyqtSignal()
    keep_wanted = pyqtSignal()

    def __init__(self, whose: str, consent: str, parent: QWidget | None = None) -> None:
        """`whose` is the patient and the part of the procedure; `consent` what is not recorded yet, empty for nothing."""
        super().__init__(parent)
        self.setWindowTitle("Photographs of the face")
        self.picture = PoseView()
        self.cameras = NameBox()
        self.cameras.setAccessibleName("Camera")
        self.cameras.activated.connect(lambda _i: self.camera_wanted.emit(str(self.cameras.currentData())))
        self.whose, self.told = QLabel(whose), QLabel(consent)
        for label in (self.whose, self.told):
            label.setWordWrap(True)
        self.told.setProperty("role", "warning")
        self.ghost = QSlider(Qt.Horizontal)
        self.ghost.setAccessibleName("How much of the last pose shines through")
        self.ghost.setRange(0, 100)
        self.ghost.setValue(round(100 * self.picture.share))
        self.ghost.valueChanged.connect(self._show_share)
        self.pose = QLabel()
        self.pose.setProperty("role", "quiet")
        self.pose.setWordWrap(True)
        panel = QWidget()
        panel.setFixedWidth(_PANEL_PX)
        column = QVBoxLayout(panel)
        column.setSpacing(8)
        column.addWidget(self.whose)
        column.addWidget(heading("Camera"))
        column.addWidget(self.cameras)
        column.addWidget(heading("View"))
        self.views: dict[View, QPushButton] = {}
        group = QButtonGroup(self)
        for view, words in VIEWS.items():
            button = QPushButton(words)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on, view=view: self.view_wanted.emit(view.value))
            group.addButton(button)
            self.views[view] = button
            column.addWidget(button)
        column.addWidget(heading("Last pose"))
        column.addWidget(self.ghost)
        column.addWidget(self.pose)
        column.addStretch(1)
        column.addWidget(self.told)
        self.take, self.again, self.keep = QPushButton("Take"), QPushButton("Again"), QPushButton("Keep")
        for button, wish in (
            (self.take, self.take_wanted),
            (self.again, self.again_wanted),
            (self.keep, self.keep_wanted),
        ):
            button.clicked.connect(wish)
            button.setAutoDefault(False)
        self.take.setProperty("role", "primary")
        self.keep.setProperty("role", "primary")
        self.take.setShortcut("Space")
        both = QHBoxLayout()
        both.addWidget(self.again)
        both.addWidget(self.keep)
        column.addWidget(self.take)
        column.addLayout(both)
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        column.addWidget(close)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.picture, 1)
        row.addWidget(panel)
        self.resize(1180, 640)
        self.show_taken(False, can_take=False)

    def show_cameras(self, found: Sequence[DeviceInfo]) -> None:
        """The cameras that may be looked through."""
        self.cameras.clear()
        for device in found:
            self.cameras.addItem(device.name, device.id)
        self.cameras.setEnabled(bool(found))

    def show_view(self, view: View) -> None:
        """From where the face is to be seen."""
        self.views[view].setChecked(True)

    def show_pose(self, there: bool) -> None:
        """Whether there is a last pose of this view."""
        self.ghost.setEnabled(there)
        self.pose.setText(
            "Turn the face until both lie on each other." if there else "No earlier photograph of this view."
        )

    def show_taken(self, taken: bool, *, can_take: bool = True) -> None:
        """Whether a picture is held to be kept or taken again."""
        self.take.setVisible(not taken)
        self.take.setEnabled(can_take)
        self.again.setVisible(taken)
        self.keep.setVisible(taken)
        for button in self.views.values():
            button.setEnabled(not taken)  # what was taken is of the view that was chosen then

    def tell(self, text: str) -> None:
        """A sentence for the user."""
        self.told.setText(text)

    def _show_share(self, percent: int) -> None:
        self.picture.share = percent / 100
        self.picture.update()
