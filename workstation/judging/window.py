"""The reviewer's window: the pictures of the record and the list of them, and the criteria beside."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QCloseEvent, QKeySequence, QMouseEvent
from PyQt5.QtWidgets import QHBoxLayout, QListWidget, QMainWindow, QShortcut, QVBoxLayout, QWidget

from annotation import History
from annotation.canvas.board import Board
from annotation.canvas.hit import kept_inside
from workstation.judging.panel import JudgingPanel
from workstation.live.panel import heading
from workstation.review.player import Player
from workstation.work import Work

_PICTURES_PX = 190


class JudgingWindow(QMainWindow):
    """Emits touches (for the time that a reading takes) and places on the picture; keys are given by `on_key`."""

    touched = pyqtSignal()
    place_pressed = pyqtSignal(float, float)  #: column, row in pixels of the shown frame
    picture_chosen = pyqtSignal(int)
    closing = pyqtSignal()

    def __init__(self, work: Work, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("sonofill: review of records")
        self.resize(1280, 720)
        self.may_close = True
        self.player, self.panel = Player(Board(History(), ""), work), JudgingPanel()
        canvas = self.player.canvas
        canvas.editable = False
        canvas.setFocusPolicy(Qt.NoFocus)
        canvas.empty_text = "No record is open."
        canvas.installEventFilter(self)
        for widget in (self.player.slider, self.player.play):
            widget.setFocusPolicy(Qt.NoFocus)
        self.pictures = QListWidget()
        self.pictures.setFocusPolicy(Qt.NoFocus)
        self.pictures.setFixedWidth(_PICTURES_PX)
        self.pictures.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.pictures.itemClicked.connect(lambda item: self.picture_chosen.emit(self.pictures.row(item)))
        left = QVBoxLayout()
        left.setContentsMargins(10, 10, 0, 10)
        left.addWidget(heading("Pictures (PgUp, PgDn)"))
        left.addWidget(self.pictures, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(left)
        row.addWidget(self.player, 1)
        row.addWidget(self.panel)
        self.setCentralWidget(middle)

    def on_key(self, keys: str, act: Callable[[], None]) -> None:
        """Do `act` at a key, wherever the focus is; what is typed into a text stays there."""

        def acted() -> None:
            self.touched.emit()
            act()

        QShortcut(QKeySequence(keys), self).activated.connect(acted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.MouseButtonPress and isinstance(event, QMouseEvent) and watched is self.player.canvas:
            self.touched.emit()
            canvas = self.player.canvas
            if event.button() == Qt.LeftButton and canvas.picture is not None:
                at = (event.localPos().x(), event.localPos().y())
                self.place_pressed.emit(*kept_inside(canvas.viewport.to_picture(at), canvas.board.size))
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        if self.may_close:
            event.accept()
        else:
            event.ignore()
