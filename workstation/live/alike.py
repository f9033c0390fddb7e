"""Two devices alike: which of them is meant? A person sees a picture of each and says it once; it is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtGui import QImage, QPixmap
from PyQt5.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from devices.registry import DriverRegistry
from devices.source import DeviceInfo
from workstation.live.decode import Pixels
from workstation.live.first_picture import Doubt, first_picture
from workstation.palette import TARGET_PX
from workstation.work import Work

_PICTURE_PX = (384, 216)
_COLUMNS = 3  # 3 pictures side by side fit 1280


class WhichDevice(QDialog):
    """Asks which of the candidates is meant; `chosen` gives its id, `rejected` says that nobody knows."""

    chosen = pyqtSignal(str)

    def __init__(self, doubt: Doubt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("sonofill")
        one = len(doubt.candidates) == 1
        question = QLabel("Is this it?" if one else "Which of these is it?")
        question.setStyleSheet("font-weight: bold")
        why = QLabel("The device is not where it was before. The answer is remembered for this socket.")
        why.setProperty("role", "quiet")
        why.setWordWrap(True)
        grid = QGridLayout()
        grid.setSpacing(12)
        self.pictures: dict[str, QLabel] = {}
        self.buttons: dict[str, QPushButton] = {}
        for number, info in enumerate(doubt.candidates):
            grid.addLayout(self._candidate(info), number // _COLUMNS, number % _COLUMNS)
        self.none = QPushButton("No, not this one" if one else "None of these")
        self.none.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(question)
        column.addWidget(why)
        column.addLayout(grid)
        column.addWidget(self.none)
        self.none.setDefault(True)  # Return in a hurry must not decide which device a patient's pictures come from

    def _candidate(self, info: DeviceInfo) -> QVBoxLayout:
        picture = QLabel("Waiting for its picture…")
        picture.setFixedSize(*_PICTURE_PX)
        picture.setAlignment(Qt.AlignCenter)
        picture.setWordWrap(True)
        picture.setStyleSheet("background: #0a0d10")
        where = QLabel(f"{info.name}\nSocket {info.port_path or 'not known'}")
        where.setProperty("role", "quiet")
        button = QPushButton("This one")
        button.setMinimumHeight(TARGET_PX)
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._choose, info.id))
        self.pictures[info.id], self.buttons[info.id] = picture, button
        column = QVBoxLayout()
        for widget in (picture, where, button):
            column.addWidget(widget)
        return column

    def show_picture(self, device_id: str, pixels: Pixels) -> None:
        """A device's picture came."""
        rows, columns = pixels.shape[:2]
        data: Any = pixels.data
        image = QImage(data, columns, rows, pixels.strides[0], QImage.Format_RGB32)
        self.pictures[device_id].setPixmap(
            QPixmap.fromImage(image.scaled(*_PICTURE_PX, Qt.KeepAspectRatio, Qt.SmoothTransformation))
        )

    def show_sentence(self, device_id: str, sentence: str) -> None:
        """There is no picture of that device, and why."""
        self.pictures[device_id].setText(sentence)

    def _choose(self, device_id: str) -> None:
        self.accept()
        self.chosen.emit(device_id)


class Asking(QObject):
    """Shows the dialogue and fetches the pictures, one device after the other: together they may be too much for a bus."""

    answered = pyqtSignal(str, str)  #: the wanted id and the chosen one; every device is closed again
    declined = pyqtSignal()

    def __init__(self, work: Work, registry: Callable[[], DriverRegistry], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work, self._registry = work, registry
        self.dialogue: WhichDevice | None = None
        self._given_up = threading.Event()
        self._fetching = False
        self._then: Callable[[], None] | None = None

    def ask(self, doubt: Doubt, window: QWidget) -> None:
        """Put the question over `window`; one that stands there already stays."""
        if self.dialogue is not None or self._fetching:
            return
        self._given_up, self._then = threading.Event(), None
        self.dialogue = dialogue = WhichDevice(doubt, window)
        dialogue.chosen.connect(lambda chosen: self._close(partial(self.answered.emit, doubt.wanted_id, chosen)))
        dialogue.rejected.connect(lambda: self._close(self.declined.emit))
        dialogue.open()
        self._fetch([info.id for info in doubt.candidates])

    def end(self) -> None:
        """Take the question back, unanswered. Harmless where there is none."""
        self._given_up.set()
        dialogue, self.dialogue = self.dialogue, None
        if dialogue is not None:
            dialogue.blockSignals(True)
            dialogue.close()
            dialogue.deleteLater()

    def _fetch(self, waiting: list[str]) -> None:
        if self.dialogue is None or not waiting:
            self._fetching = False
            if self._then is not None:
                self._then()
            return
        device_id, rest, given_up = waiting[0], waiting[1:], self._given_up
        self._fetching = True

        def came(pixels: Pixels | None) -> None:
            if self.dialogue is not None and pixels is not None:
                self.dialogue.show_picture(device_id, pixels)
            self._fetch(rest)

        def came_not(sentence: str) -> None:
            if self.dialogue is not None:
                self.dialogue.show_sentence(device_id, sentence)
            self._fetch(rest)

        registry = self._registry()
        self._work.ask("picture", "", lambda: first_picture(registry, device_id, given_up), came, came_not)

    def _close(self, then: Callable[[], None]) -> None:
        """Go on with `then` once the device that is being looked at is closed: it may be the one to open."""
        self._given_up.set()
        dialogue, self.dialogue = self.dialogue, None
        if dialogue is not None:
            dialogue.deleteLater()
        if self._fetching:
            self._then = then
        else:
            then()
