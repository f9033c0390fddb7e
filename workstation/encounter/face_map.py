"""The face map as a widget: marks are chosen on it, and with a tool in hand places are pointed at, by mouse or by keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt5.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt5.QtSvg import QSvgRenderer
from PyQt5.QtWidgets import QSizePolicy, QWidget

from procedure.face_map import KEY_SIZE, MAP_SIZE, Mark, key_svg, map_svg, placed_marks
from workstation.encounter.map_drawing import MapTool
from workstation.palette import ACCENT

_REACH = 9.0  # of the map's own units: how near a press has to be to a mark
_DRAG = 4.0  # shorter than this a drag is a press, and the path's end is the next one
_STEP, _LEAP = 3.0, 15.0  # how far an arrow key moves the cross, without and with Shift
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key_Left: (-1, 0),
    Qt.Key_Right: (1, 0),
    Qt.Key_Up: (0, -1),
    Qt.Key_Down: (0, 1),
}
_ENTER = (Qt.Key_Return, Qt.Key_Enter, Qt.Key_Space)

MapPoint = tuple[float, float]  #: [x, y] in the map's own units


class FaceMap(QWidget):
    """Paints the map. Without a tool a press on a mark, or the arrow keys, choose one; with one they point at a place."""

    chosen = pyqtSignal(str)  #: a mark's number
    pointed = pyqtSignal(object)  #: a MapPoint, of the deposit or injection tool
    drawn = pyqtSignal(object, object)  #: two MapPoints, of the path tool: where it enters, and where it ends
    given_up = pyqtSignal()  #: Escape: the tool is put away

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(360, 200)
        self.setFocusPolicy(Qt.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Face map")
        self._map, self._key = QSvgRenderer(self), QSvgRenderer(self)
        self._key.load(QByteArray(key_svg().encode()))
        self.marks: tuple[Mark, ...] = ()
        self._places: list[tuple[Mark, MapPoint]] = []
        self.number = ""
        self.tool = MapTool.LOOK
        self._entry: MapPoint | None = None  # of a path that is being drawn
        self._cross: MapPoint = (MAP_SIZE[0] / 2, MAP_SIZE[1] / 2)
        self._by_keys = False

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks; a chosen one stays chosen where it is still there."""
        if tuple(marks) == self.marks:
            return
        self.marks = tuple(marks)
        self._map.load(QByteArray(map_svg(marks).encode()))
        self._places = list(placed_marks(marks))
        if self.number not in [mark.number for mark in marks]:
            self.number = ""
        self.update()

    def choose(self, number: str) -> None:
        """Mark one mark, by its number."""
        self.number = number
        self.update()

    def use_tool(self, tool: MapTool) -> None:
        """What a press does from now on; a path that was begun is forgotten."""
        self.tool, self._entry, self._by_keys = tool, None, False
        self.setCursor(Qt.ArrowCursor if tool is MapTool.LOOK else Qt.CrossCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.Antialiasing)
        painter.fillRect(self.rect(), QColor("#f7f7f5"))  # the map is drawn for paper: dark lines on a light ground
        area, key = self._area()
        self._map.render(painter, area)
        self._key.render(painter, key)
        painter.setPen(QPen(QColor(ACCENT), 3))
        painter.setBrush(Qt.NoBrush)
        for mark, place in self._places:
            if mark.number == self.number:
                painter.drawEllipse(self._on_screen(place), 9 * self._zoom, 9 * self._zoom)
        if self._entry is not None:
            painter.setPen(QPen(QColor(ACCENT), 2, Qt.DashLine))
            painter.drawLine(self._on_screen(self._entry), self._on_screen(self._cross))
            painter.drawEllipse(self._on_screen(self._entry), 4, 4)
        if self.tool is not MapTool.LOOK and self._by_keys:
            self._paint_cross(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_cross(self, painter: QPainter) -> None:
        """Where the keys point."""
        painter.setPen(QPen(QColor(ACCENT), 2))
        at = self._on_screen(self._cross)
        painter.drawLine(at - QPointF(12, 0), at + QPointF(12, 0))
        painter.drawLine(at - QPointF(0, 12), at + QPointF(0, 12))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.LeftButton:
            return
        self._by_keys = False
        self._cross = self._on_map(event)
        if self.tool is not MapTool.LOOK:
            self._point()
            return
        x, y = self._cross
        near = [((px - x) ** 2 + (py - y) ** 2, mark.number) for mark, (px, py) in self._places]
        if near and min(near)[0] <= _REACH**2:
            self.chosen.emit(min(near)[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._entry is not None:
            self._cross = self._on_map(event)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._entry is not None:
            self._cross = self._on_map(event)
            if math.dist(self._entry, self._cross) >= _DRAG:
                self._point()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click is none: it would place another thing on the first."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.tool is not MapTool.LOOK and self._draw_by_key(event):
            return
        step = (event.key() in (Qt.Key_Right, Qt.Key_Down)) - (event.key() in (Qt.Key_Left, Qt.Key_Up))
        numbers = list(dict.fromkeys(mark.number for mark, _ in self._places))
        if not step or not numbers:
            super().keyPressEvent(event)
            return
        place = numbers.index(self.number) + step if self.number in numbers else 0
        self.chosen.emit(numbers[place % len(numbers)])

    def _draw_by_key(self, event: QKeyEvent) -> bool:
        """Move the cross, point with it, or give up. Whether the key was one of these."""
        arrow = _ARROWS.get(event.key())
        if arrow is not None:
            far = _LEAP if event.modifiers() & Qt.ShiftModifier else _STEP
            x, y = self._cross[0] + far * arrow[0], self._cross[1] + far * arrow[1]
            self._cross = min(max(x, 0.0), MAP_SIZE[0]), min(max(y, 0.0), MAP_SIZE[1])
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._point()
        elif event.key() == Qt.Key_Escape:
            self.given_up.emit()
        else:
            return False
        self._by_keys = True
        self.update()
        return True

    def _point(self) -> None:
        """The place under the pointer or cross is meant."""
        if self.tool is not MapTool.PATH:
            self.pointed.emit(self._cross)
        elif self._entry is None:
            self._entry = self._cross
        else:
            entry, self._entry = self._entry, None
            self.drawn.emit(entry, self._cross)
        self.update()

    def place_of(self, number: str) -> QPointF:
        """Where a mark is on the widget, pixels; KeyError where it is not on the map."""
        for mark, place in self._places:
            if mark.number == number:
                return self._on_screen(place)
        raise KeyError(number)

    @property
    def _zoom(self) -> float:
        wide, high = MAP_SIZE
        return min(self.width() / wide, self.height() / (high + KEY_SIZE[1] + 8))

    def _area(self) -> tuple[QRectF, QRectF]:
        """Where map and key are painted, one below the other in the middle."""
        zoom, (wide, high) = self._zoom, MAP_SIZE
        left, top = (self.width() - wide * zoom) / 2, (self.height() - (high + KEY_SIZE[1] + 8) * zoom) / 2
        key = QRectF(left, top + (high + 8) * zoom, KEY_SIZE[0] * zoom, KEY_SIZE[1] * zoom)
        return QRectF(left, top, wide * zoom, high * zoom), key

    def _on_map(self, event: QMouseEvent) -> MapPoint:
        area, _ = self._area()
        return (event.x() - area.left()) / self._zoom, (event.y() - area.top()) / self._zoom

    def _on_screen(self, place: MapPoint) -> QPointF:
        area, _ = self._area()
        return QPointF(area.left() + place[0] * self._zoom, area.top() + place[1] * self._zoom)
