"""The canvas on a real X server, used with mouse and keyboard."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from PyQt5.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt5.QtGui import QColor, QMouseEvent, QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from annotation import Ellipse, History, Polyline
from annotation.canvas import Board, Canvas, qimage_of
from annotation.vocabulary import term
from tests.annotation.strategies import SCALE

pytestmark = pytest.mark.window
SIZE = (640, 360)


@pytest.fixture
def canvas(app: QApplication) -> Iterator[Canvas]:
    made = Canvas(Board(History(), by="AB"))
    made.resize(*SIZE)
    made.show_picture(np.full((720, 1280, 3), 60, np.uint8), "1.2.3", 0, SCALE)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made.setFocus()
    yield made
    made.release()
    made.close()
    made.deleteLater()


def at(canvas: Canvas, column: float, row: float) -> QPoint:
    x, y = canvas.viewport.to_screen((column, row))
    return QPoint(round(x), round(y))


def drag(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], button: Qt.MouseButton = Qt.LeftButton
) -> None:
    a, b = at(canvas, *start), at(canvas, *end)
    QTest.mousePress(canvas, button, Qt.NoModifier, a)
    for part in (0.3, 0.7, 1.0):
        here = QPointF(a) + (QPointF(b) - QPointF(a)) * part
        move = QMouseEvent(
            QEvent.MouseMove, here, canvas.mapToGlobal(here.toPoint()), Qt.NoButton, button, Qt.NoModifier
        )
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, button, Qt.NoModifier, b)


def key(canvas: Canvas, code: int, held: Qt.KeyboardModifiers | Qt.KeyboardModifier = Qt.NoModifier) -> None:
    QTest.keyClick(canvas, code, held)  # type: ignore[call-overload]


def click(canvas: Canvas, column: float, row: float) -> None:
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, at(canvas, column, row))


def test_the_picture_fits_and_is_painted(canvas: Canvas) -> None:
    assert canvas.viewport.zoom == pytest.approx(0.5)
    assert canvas.grab().toImage().pixelColor(320, 180) == QColor(60, 60, 60)


def test_an_ellipse_is_drawn_named_and_painted(canvas: Canvas) -> None:
    key(canvas, Qt.Key_E)
    drag(canvas, (400, 200), (600, 320))
    (vessel,) = canvas.board.findings
    assert isinstance(vessel.shape, Ellipse)
    assert vessel.shape.centre == pytest.approx((500, 260), abs=2)
    canvas.board.name_selected(term("fa"))
    image = canvas.grab().toImage()
    colour = image.pixelColor(at(canvas, 500, 200))
    assert colour.red() > 200 and colour.green() < 150, "an artery's line is red at the top of the ellipse"


def test_a_layer_is_drawn_with_the_mouse_and_ended_with_enter(canvas: Canvas) -> None:
    key(canvas, Qt.Key_Y)
    for place in ((100, 300), (600, 330), (1200, 310)):
        click(canvas, *place)
    key(canvas, Qt.Key_Return)
    (layer,) = canvas.board.findings
    assert layer.kind == "layer" and len(layer.shape.points) == 3


def test_a_double_click_ends_a_vessel_line(canvas: Canvas) -> None:
    key(canvas, Qt.Key_L)
    click(canvas, 100, 300)
    click(canvas, 500, 330)
    click(canvas, 900, 310)
    QTest.mouseDClick(canvas, Qt.LeftButton, Qt.NoModifier, at(canvas, 900, 310))
    (vessel,) = canvas.board.findings
    assert isinstance(vessel.shape, Polyline) and len(vessel.shape.vertices) == 3


def test_undo_and_redo_by_keyboard(canvas: Canvas) -> None:
    key(canvas, Qt.Key_P)
    click(canvas, 300, 300)
    click(canvas, 500, 300)
    key(canvas, Qt.Key_Z, Qt.ControlModifier)
    assert len(canvas.board.findings) == 1
    key(canvas, Qt.Key_Z, Qt.ControlModifier | Qt.ShiftModifier)
    assert len(canvas.board.findings) == 2
    for _ in range(3):
        key(canvas, Qt.Key_Z, Qt.ControlModifier)
    assert not canvas.board.findings
    key(canvas, Qt.Key_Y, Qt.ControlModifier)
    assert len(canvas.board.findings) == 1


def test_a_point_is_moved_and_nudged(canvas: Canvas) -> None:
    key(canvas, Qt.Key_P)
    click(canvas, 300, 300)
    key(canvas, Qt.Key_V)
    drag(canvas, (300, 300), (500, 400))
    assert canvas.board.findings[0].shape.points[0] == pytest.approx((500, 400), abs=2)
    before = canvas.board.findings[0].shape.points[0]
    key(canvas, Qt.Key_Left)
    key(canvas, Qt.Key_Down, Qt.ShiftModifier)
    assert canvas.board.findings[0].shape.points[0] == (before[0] - 1, before[1] + 10)


def test_one_point_of_a_line_is_moved(canvas: Canvas) -> None:
    key(canvas, Qt.Key_D)
    drag(canvas, (200, 200), (400, 200))
    key(canvas, Qt.Key_V)
    drag(canvas, (400, 200), (600, 200))
    start, end = canvas.board.findings[0].shape.points
    assert start == pytest.approx((200, 200), abs=2) and end == pytest.approx((600, 200), abs=2)


def test_no_bare_key_deletes(canvas: Canvas) -> None:
    key(canvas, Qt.Key_P)
    click(canvas, 300, 300)
    for code in (Qt.Key_Delete, Qt.Key_Backspace):
        key(canvas, code)
    assert len(canvas.board.findings) == 1
    key(canvas, Qt.Key_Delete, Qt.ControlModifier)
    assert not canvas.board.findings
    key(canvas, Qt.Key_Z, Qt.ControlModifier)
    assert len(canvas.board.findings) == 1


def test_escape_forgets_what_was_begun(canvas: Canvas) -> None:
    key(canvas, Qt.Key_L)
    click(canvas, 100, 100)
    click(canvas, 200, 100)
    key(canvas, Qt.Key_Escape)
    key(canvas, Qt.Key_Return)
    assert not canvas.board.findings and canvas.tool.draft is None


def test_the_wheel_zooms_to_the_pointer_and_zero_fits(canvas: Canvas) -> None:
    place = QPointF(160, 90)
    under = canvas.viewport.to_picture((160, 90))
    wheel = QWheelEvent(
        place, QPointF(canvas.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 240),
        Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    assert canvas.viewport.zoom > 0.7
    assert canvas.viewport.to_picture((160, 90)) == pytest.approx(under, abs=0.01)
    key(canvas, Qt.Key_1)
    assert canvas.viewport.zoom == 1.0
    key(canvas, Qt.Key_0)
    assert canvas.viewport.zoom == pytest.approx(0.5)


def test_the_middle_button_and_the_space_bar_move_the_picture(canvas: Canvas) -> None:
    left = canvas.viewport.left
    drag(canvas, (600, 300), (700, 300), Qt.MiddleButton)
    assert canvas.viewport.left == pytest.approx(left + 50, abs=1)
    key(canvas, Qt.Key_P)
    QTest.keyPress(canvas, Qt.Key_Space)
    drag(canvas, (600, 300), (700, 300))
    QTest.keyRelease(canvas, Qt.Key_Space)
    assert canvas.viewport.left == pytest.approx(left + 100, abs=2)
    assert not canvas.board.findings, "moving the picture draws nothing"


def test_lines_keep_their_width(canvas: Canvas) -> None:
    key(canvas, Qt.Key_D)
    drag(canvas, (600, 100), (600, 600))
    canvas.board.select(None)

    def bright_columns() -> int:
        image = canvas.grab().toImage()
        y = at(canvas, 600, 250).y()
        x = at(canvas, 600, 250).x()
        return sum(image.pixelColor(x + dx, y).lightness() > 160 for dx in range(-12, 13))

    near = bright_columns()
    key(canvas, Qt.Key_Plus)
    key(canvas, Qt.Key_Plus)
    key(canvas, Qt.Key_Plus)
    assert abs(bright_columns() - near) <= 1 and near in (1, 2, 3)


def test_a_canvas_that_may_not_be_edited_is_not(canvas: Canvas) -> None:
    key(canvas, Qt.Key_P)
    click(canvas, 300, 300)
    canvas.editable = False
    click(canvas, 500, 300)
    key(canvas, Qt.Key_Delete, Qt.ControlModifier)
    key(canvas, Qt.Key_Z, Qt.ControlModifier)
    assert len(canvas.board.findings) == 1


def test_another_document_takes_the_place_of_the_first(canvas: Canvas) -> None:
    first = canvas.board
    other = Board(History(), by="CD")
    canvas.use_board(other)
    canvas.show_picture(np.zeros((720, 1280), np.uint8), "1.2.4", 0, None)
    key(canvas, Qt.Key_P)
    click(canvas, 300, 300)
    assert first.findings == () and len(other.findings) == 1
    assert other.findings[0].measurements[0].reason == "no-scale"


def test_the_picture_owns_its_pixels(app: QApplication) -> None:
    for strided in (False, True):
        array = np.zeros((90, 161, 3), np.uint8)
        array[..., 2] = 200
        image = qimage_of(array[:, ::-1] if strided else array)
        array[:] = 0
        del array
        gc.collect()
        assert image.pixelColor(160, 89) == QColor(200, 0, 0)
    assert qimage_of(np.full((5, 7), 9, np.uint8)).pixelColor(6, 4) == QColor(9, 9, 9)
    with pytest.raises(ValueError, match="no picture"):
        qimage_of(np.zeros((5, 7, 4), np.uint8))
