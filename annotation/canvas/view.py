"""The canvas: a picture with its findings, to look at and to draw on.

Pointer: the tool's business; the middle button, or the space bar with the left one, moves the picture; the wheel zooms to
the pointer. Keys are the table below. There is no bare key that deletes.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt5.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt5.QtWidgets import QSizePolicy, QWidget

from annotation.canvas.board import Board
from annotation.canvas.hit import kept_inside
from annotation.canvas.paint import paint_findings
from annotation.canvas.picture import Pixels, qimage_of
from annotation.canvas.tools import TOOLS, SelectTool, Tool
from annotation.canvas.viewport import Viewport
from imaging.scale import Scale

REACH_PX = 10.0  #: how near to a line or point a press counts as on it, screen pixels (a finger needs no less)
_CTRL, _SHIFT, _NONE = int(Qt.ControlModifier), int(Qt.ShiftModifier), int(Qt.NoModifier)

# Key and modifiers to the canvas method that it names.
KEYS: dict[tuple[int, int], str] = {
    (Qt.Key_Z, _CTRL): "undo",
    (Qt.Key_Z, _CTRL | _SHIFT): "redo",
    (Qt.Key_Y, _CTRL): "redo",
    (Qt.Key_Delete, _CTRL): "delete_selected",
    (Qt.Key_Backspace, _CTRL): "delete_selected",
    (Qt.Key_Return, _NONE): "finish",
    (Qt.Key_Enter, _NONE): "finish",
    (Qt.Key_Escape, _NONE): "cancel",
    (Qt.Key_0, _NONE): "fit",
    (Qt.Key_1, _NONE): "one_to_one",
    (Qt.Key_Plus, _NONE): "zoom_in",
    (Qt.Key_Plus, _SHIFT): "zoom_in",
    (Qt.Key_Equal, _NONE): "zoom_in",
    (Qt.Key_Minus, _NONE): "zoom_out",
}
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key_Left: (-1, 0),
    Qt.Key_Right: (1, 0),
    Qt.Key_Up: (0, -1),
    Qt.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """Shows one frame and lets a person draw on it. All editing goes through `board` and so through its history."""

    selection_changed = pyqtSignal()  #: another finding is selected, or none; see `board.selected`
    tool_changed = pyqtSignal(str)  #: the id of the tool that is now in hand

    def __init__(self, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self.tools: dict[str, Tool] = {kind.id: kind(board) for kind in TOOLS}
        self.tool: Tool = self.tools[SelectTool.id]
        self.editable = True
        self.viewport = Viewport()
        self.empty_text = ""  #: what is said where there is no picture
        self._picture: QImage | None = None
        self._fitting = True
        self._space_down = False
        self._pan_from: QPointF | None = None
        board.listener = self._board_changed
        self._stop_listening: Callable[[], None] = board.history.subscribe(lambda _document: self.update())
        self.setFocusPolicy(Qt.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Picture with labels")

    def release(self) -> None:
        """Stop listening to the document; for whoever throws the canvas away before the document. Harmless twice."""
        self._stop_listening()
        self._stop_listening = lambda: None

    def use_board(self, board: Board) -> None:
        """Turn to another document: its board takes the place of the one so far."""
        self.release()
        self.board.listener = lambda: None
        self.board = board
        self.tools = {kind.id: kind(board) for kind in TOOLS}
        self.tool = self.tools[self.tool.id]
        board.listener = self._board_changed
        self._stop_listening = board.history.subscribe(lambda _document: self.update())
        self._board_changed()

    # What is shown

    def show_picture(self, picture: QImage | Pixels, image: str | None, frame: int, scale: Scale | None) -> None:
        """Show a frame: its pixels, the picture's UID, the frame's number (from 0) and its scale.

        Zoom and place stay as they are while the size stays the same.
        """
        shown = picture if isinstance(picture, QImage) else qimage_of(picture)
        same_size = self._picture is not None and self._picture.size() == shown.size()
        self._picture = shown
        if (image, frame) != (self.board.image, self.board.frame):
            self.tool.cancel()
        if not same_size:
            self.fit()
        self.board.show(image, frame, (shown.width(), shown.height()), scale)

    def show_nothing(self) -> None:
        """An empty canvas."""
        self._picture = None
        self.tool.cancel()
        self.update()

    @property
    def picture(self) -> QImage | None:
        """What is shown."""
        return self._picture

    # What menus, buttons and keys call

    def choose_tool(self, tool_id: str) -> None:
        """Take another tool in hand; KeyError for an unknown id. What was begun with the old one is forgotten."""
        if self.tools[tool_id] is not self.tool:
            self.tool.cancel()
            self.tool = self.tools[tool_id]
            self._show_cursor()
            self.tool_changed.emit(tool_id)
        self.update()

    def undo(self) -> None:
        """Take the last change back."""
        self.tool.cancel()
        self.board.history.undo()
        self._board_changed()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.tool.cancel()
        self.board.history.redo()
        self._board_changed()

    def delete_selected(self) -> None:
        """Delete the selected finding (undo brings it back)."""
        self.tool.cancel()
        self.board.delete_selected()

    def finish(self) -> None:
        """End what is being drawn."""
        self.tool.finish()
        self.update()

    def cancel(self) -> None:
        """Forget what is being drawn; with nothing begun, select nothing."""
        if self.tool.draft is None:
            self.board.select(None)
        self.tool.cancel()
        self.update()

    def fit(self) -> None:
        """The whole picture, as large as it can be."""
        self._fitting = True
        self.viewport = Viewport.fitted(self._picture_size(), (self.width(), self.height()))
        self.update()

    def one_to_one(self) -> None:
        """One picture pixel on one screen pixel."""
        self._look(Viewport.centred(1.0, self._picture_size(), (self.width(), self.height())))

    def zoom_in(self) -> None:
        """Nearer, towards the middle."""
        self._look(self.viewport.zoomed(1.25, (self.width() / 2, self.height() / 2)))

    def zoom_out(self) -> None:
        """Farther, from the middle."""
        self._look(self.viewport.zoomed(0.8, (self.width() / 2, self.height() / 2)))

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("#0d1013"))
        if self._picture is None:
            painter.setPen(QColor("#9aa5b1"))
            painter.drawText(self.rect(), int(Qt.AlignCenter | Qt.TextWordWrap), self.empty_text)
            painter.end()
            return
        zoom, width, height = self.viewport.zoom, self._picture.width(), self._picture.height()
        target = QRectF(self.viewport.left, self.viewport.top, width * zoom, height * zoom)
        painter.setRenderHint(QPainter.SmoothPixmapTransform, zoom < 3)  # near, a person wants to see the pixels
        painter.drawImage(target, self._picture, QRectF(0, 0, width, height))
        painter.setRenderHint(QPainter.Antialiasing)
        selected = self.board.selected
        paint_findings(
            painter,
            self.viewport,
            self.board.findings,
            selected.tracking_uid if selected else None,
            self.tool.draft,
            QRectF(QRect(0, 0, self.width(), self.height())),
        )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitting:
            self.fit()
        else:
            self._look(self.viewport)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MiddleButton or (event.button() == Qt.LeftButton and self._space_down):
            self._pan_from = event.localPos()
            self.setCursor(Qt.ClosedHandCursor)
        elif event.button() == Qt.LeftButton and self._can_draw():
            self.tool.press(self._place(event.localPos()), REACH_PX / self.viewport.zoom)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            by = event.localPos() - self._pan_from
            self._pan_from = event.localPos()
            self._look(self.viewport.panned(by.x(), by.y()))
        elif self._can_draw():
            self.tool.drag(self._place(event.localPos()))
            if self.tool.draft is not None:
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None and event.button() in (Qt.MiddleButton, Qt.LeftButton):
            self._pan_from = None
            self._show_cursor()
        elif event.button() == Qt.LeftButton and self._can_draw():
            self.tool.release(self._place(event.localPos()))
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.LeftButton and self._can_draw() and not self._space_down:
            self.finish()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            at = event.position()
            self._look(self.viewport.zoomed(1.25**turns, (at.x(), at.y())))
        event.accept()

    def event(self, event: QEvent) -> bool:
        # The keys of the canvas are its own while it has the focus, whatever the window's menus say.
        if event.type() == QEvent.ShortcutOverride and isinstance(event, QKeyEvent) and self._action(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key_Space:
            if not event.isAutoRepeat():
                self._space_down = True
                self.setCursor(Qt.OpenHandCursor)
            return
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key_Space and not event.isAutoRepeat():
            self._space_down = False
            self._show_cursor()
        else:
            super().keyReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._space_down, self._pan_from = False, None
        self.tool.cancel()
        super().hideEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(960, 600)

    # Inside

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key press asks for; None where it is not ours."""
        key, held = event.key(), int(event.modifiers()) & ~int(Qt.KeypadModifier)
        name = KEYS.get((key, held))
        if name in ("undo", "redo", "delete_selected") and not self.editable:
            return None
        if name is not None:
            action: Callable[[], None] = getattr(self, name)
            return action
        if not self.editable:
            return None
        if key in _ARROWS and held in (_NONE, _SHIFT) and self.board.selected is not None:
            columns, rows = _ARROWS[key]
            step = 10 if held == _SHIFT else 1
            return lambda: self.board.nudge(columns * step, rows * step)
        if held == _NONE:
            for tool in self.tools.values():
                if key == ord(tool.key):
                    chosen = tool.id
                    return lambda: self.choose_tool(chosen)
        return None

    def _can_draw(self) -> bool:
        return self.editable and self._picture is not None and not self._space_down

    def _place(self, at: QPointF) -> tuple[float, float]:
        return kept_inside(self.viewport.to_picture((at.x(), at.y())), self.board.size)

    def _picture_size(self) -> tuple[int, int]:
        return (self._picture.width(), self._picture.height()) if self._picture else (1, 1)

    def _look(self, viewport: Viewport) -> None:
        self._fitting = False
        self.viewport = viewport.kept_in_sight(self._picture_size(), (self.width(), self.height()))
        self.update()

    def _show_cursor(self) -> None:
        self.setCursor(Qt.ArrowCursor if self.tool.id == SelectTool.id else Qt.CrossCursor)

    def _board_changed(self) -> None:
        self.selection_changed.emit()
        self.update()
