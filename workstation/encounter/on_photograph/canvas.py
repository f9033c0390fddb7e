"""A photograph with the marks on it: a press or the keys point at a place, or choose a mark that is there."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt5.QtWidgets import QSizePolicy, QWidget

from annotation.canvas.picture import qimage_of
from procedure.face_places import PhotographMark, Pointed
from workstation.palette import ACCENT, QUIET
from workstation.reels import Pixels

_REACH_PX = 22.0
_STEP_PX, _LEAP_PX = 4.0, 24.0  # of the screen, for the arrow keys
_RADIUS_PX = 13.0
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key_Left: (-1, 0),
    Qt.Key_Right: (1, 0),
    Qt.Key_Up: (0, -1),
    Qt.Key_Down: (0, 1),
}
#: Colour is never the only sign: each sort of mark has a letter before its number.
SIGNS = {Pointed.STATION: "", Pointed.ENTRY: "E", Pointed.INJECTION: "I", Pointed.SIGN: "S"}
_COLOURS = {Pointed.STATION: "#ffffff", Pointed.ENTRY: "#8ec5ff", Pointed.INJECTION: "#ff9ad5", Pointed.SIGN: "#ffb454"}


class PhotographCanvas(QWidget):
    """Paints the photograph as large as it fits."""

    pointed = pyqtSignal(float, float)  #: column and row of the photograph
    chosen = pyqtSignal(int)  #: a mark's place among those shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(320, 240)
        self.setFocusPolicy(Qt.StrongFocus)
        self.setAccessibleName("Photograph")
        self.placing = False  #: whether a press places a mark, or chooses one
        self.empty_text = "No photograph yet: take one on the Patient page."
        self._picture: QImage | None = None
        self._marks: tuple[PhotographMark, ...] = ()
        self._row = -1
        self._cross: QPointF | None = None  # of the keys, on the screen

    def show_photograph(self, pixels: Pixels | None) -> None:
        """Show this photograph; None for none."""
        self._picture = qimage_of(pixels) if pixels is not None else None
        self._cross = None
        self.update()

    def show_marks(self, marks: Sequence[PhotographMark], row: int) -> None:
        """The marks on it, and which is chosen (-1 for none)."""
        self._marks, self._row = tuple(marks), row
        self.update()

    @property
    def has_photograph(self) -> bool:
        """Whether a photograph is shown."""
        return self._picture is not None

    def on_screen(self, column: float, row: float) -> QPointF:
        """Where a place of the photograph is on the widget, pixels."""
        target, zoom = self._target()
        return QPointF(target.left() + column * zoom, target.top() + row * zoom)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#0a0d10"))
        if self._picture is None:
            painter.setPen(QColor(QUIET))
            painter.drawText(self.rect(), int(Qt.AlignCenter | Qt.TextWordWrap), self.empty_text)
        else:
            painter.setRenderHint(QPainter.SmoothPixmapTransform)
            painter.drawImage(self._target()[0], self._picture)
            painter.setRenderHint(QPainter.Antialiasing)
            for number, mark in enumerate(self._marks, start=1):
                self._paint_mark(painter, number, mark)
        if self._cross is not None and self.placing:
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.drawLine(self._cross - QPointF(14, 0), self._cross + QPointF(14, 0))
            painter.drawLine(self._cross - QPointF(0, 14), self._cross + QPointF(0, 14))
        if self.hasFocus():
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.setBrush(Qt.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_mark(self, painter: QPainter, number: int, mark: PhotographMark) -> None:
        at = self.on_screen(mark.column, mark.row)
        chosen = number - 1 == self._row
        painter.setPen(QPen(QColor(ACCENT if chosen else _COLOURS[mark.pointed]), 4 if chosen else 2))
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawEllipse(at, _RADIUS_PX, _RADIUS_PX)
        painter.setPen(QColor(_COLOURS[mark.pointed]))
        box = QRectF(at.x() - 40, at.y() - 12, 80, 24)
        painter.drawText(box, int(Qt.AlignCenter), f"{SIGNS[mark.pointed]}{number}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton:
            self._cross = None
            self._press(QPointF(event.pos()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is none: it would place another mark on the first."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(event.key())
        if arrow is not None and self._picture is not None:
            far = _LEAP_PX if event.modifiers() & Qt.ShiftModifier else _STEP_PX
            at = self._cross or self._target()[0].center()
            self._cross = at + QPointF(far * arrow[0], far * arrow[1])
            self.update()
        elif event.key() in (Qt.Key_Return, Qt.Key_Enter, Qt.Key_Space) and self._cross is not None:
            self._press(self._cross)
        else:
            super().keyPressEvent(event)

    def _press(self, at: QPointF) -> None:
        if self._picture is None:
            return
        target, zoom = self._target()
        if self.placing:
            if target.contains(at):
                self.pointed.emit((at.x() - target.left()) / zoom, (at.y() - target.top()) / zoom)
            return
        ways = [self.on_screen(mark.column, mark.row) - at for mark in self._marks]
        near = min(((way.x() ** 2 + way.y() ** 2, place) for place, way in enumerate(ways)), default=None)
        if near is not None and near[0] <= _REACH_PX**2:
            self.chosen.emit(near[1])

    def _target(self) -> tuple[QRectF, float]:
        """Where the photograph is painted, and how large one of its pixels is there."""
        if self._picture is None:
            return QRectF(self.rect()), 1.0
        wide, high = self._picture.width(), self._picture.height()
        zoom = min(self.width() / wide, self.height() / high)
        return QRectF(
            (self.width() - wide * zoom) / 2, (self.height() - high * zoom) / 2, wide * zoom, high * zoom
        ), zoom
