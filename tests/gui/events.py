"""A hand at the window: every step is an event, a press of the mouse, a turn of its wheel, or a key. No method is called.

What is asked for has to be in sight and enabled, as for a hand; what a form holds further down is wheeled into sight.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QPoint, QPointF, Qt, QTimer
from PyQt5.QtGui import QWheelEvent
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from workstation.encounter.forms.editors import ListEditor, LongTextEditor, ManyEditor, WordEditor
from workstation.encounter.forms.form import NestedEditor, NestedListEditor, RecordForm
from workstation.encounter.forms.typed import LineEditor

_TURNS = 80  # of the wheel, before a thing is taken as out of reach
_OPENING_MS = 10


def in_sight(widget: QWidget) -> QWidget:
    """The widget, wheeled into sight where it stands in an area that is scrolled."""
    QTest.qWait(0)  # what a press before this one has changed is laid out
    if not widget.isActiveWindow():
        QApplication.setActiveWindow(widget.window())  # as a press does where there is a window manager
    assert widget.isVisible() and widget.isEnabled(), f"{widget.accessibleName()!r} cannot be pressed"
    area: QWidget | None = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if isinstance(area, QScrollArea):
        viewport = area.viewport()
        for _ in range(_TURNS):
            middle = widget.mapTo(viewport, widget.rect().center())
            if 0 <= middle.y() < viewport.height():
                break
            _turn_wheel(viewport, up=middle.y() < 0)
    assert not widget.visibleRegion().isEmpty(), f"{widget.accessibleName()!r} is out of sight"
    return widget


def press(widget: QWidget) -> None:
    """One press of the mouse in the middle."""
    QTest.mouseClick(in_sight(widget), Qt.LeftButton)


def choose(box: QComboBox, key: object) -> None:
    """Open a list that drops down and choose the line that holds `key`, by the keys."""
    place = box.findData(key)
    assert place >= 0, f"{box.accessibleName()!r} does not offer {key!r}"
    choose_place(box, place)


def choose_place(box: QComboBox, place: int) -> None:
    """Open a list that drops down and choose one of its lines, by the keys."""
    press(box)
    lines = box.view()
    QTest.keyClick(lines, Qt.Key_Home)
    for _ in range(place):
        QTest.keyClick(lines, Qt.Key_Down)
    QTest.keyClick(lines, Qt.Key_Return)


def press_line(listed: QListWidget, row: int) -> None:
    """Wheel a line of a list into sight and press it."""
    item = listed.item(row)
    assert item is not None
    viewport = in_sight(listed).findChild(QWidget, "qt_scrollarea_viewport")
    assert isinstance(viewport, QWidget)
    for _ in range(_TURNS):
        middle = listed.visualItemRect(item).center()
        if viewport.rect().contains(middle):
            break
        _turn_wheel(viewport, up=middle.y() < 0)
    QTest.mouseClick(viewport, Qt.LeftButton, Qt.NoModifier, listed.visualItemRect(item).center())


def press_titled(listed: QListWidget, beginning: str) -> None:
    """Press the line of a list that begins with these words."""
    rows = [n for n in range(listed.count()) if listed.item(n).text().startswith(beginning)]  # type: ignore[union-attr]
    assert rows, f"no line begins with {beginning!r}"
    press_line(listed, rows[0])


def type_into(line: QLineEdit, text: str) -> None:
    """Press a line, type over what stands there, and leave it by the tabulator."""
    press(line)
    QTest.keyClick(line, Qt.Key_A, Qt.ControlModifier)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key_Tab)


def fill(form: RecordForm | None, **fields: object) -> None:
    """Enter fields of an open form in this order, each by its own editor's events."""
    assert form is not None
    for name, value in fields.items():
        editor = form.editors[name]
        if isinstance(editor, NestedListEditor):
            assert isinstance(value, dict)
            press(editor.more)
            fill(editor.forms[-1][1], **value)
        elif isinstance(editor, NestedEditor):
            assert isinstance(value, dict)
            press(editor.begin)
            fill(editor.form, **value)
        elif isinstance(editor, WordEditor):
            press(editor.buttons[value])
        elif isinstance(editor, ListEditor):
            choose_place(editor.box, value if isinstance(value, int) else editor._values.index(value))
        elif isinstance(editor, ManyEditor):
            for one in value if isinstance(value, tuple) else (value,):
                press_line(editor.list, editor._values.index(one))
        elif isinstance(editor, LongTextEditor):
            _type_text(editor.text, str(value))
        else:
            assert isinstance(editor, LineEditor)
            if value == "now":
                press(editor.now)
            else:
                type_into(editor.line, str(value))


def _type_text(text: QPlainTextEdit, words: str) -> None:
    press(text)
    QTest.keyClicks(text, words)
    QTest.keyClick(text, Qt.Key_Tab)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press at one place, move to another, and let go."""
    QTest.mousePress(in_sight(widget), Qt.LeftButton, Qt.NoModifier, start)
    QTest.mouseMove(widget, (start + end) / 2)
    QTest.mouseRelease(widget, Qt.LeftButton, Qt.NoModifier, end)


def when_asked(answer: Callable[[QDialog], None]) -> None:
    """Answer the next dialogue that opens: it is begun before the press that opens it, since that returns only after it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and dialog.isVisible():
            answer(dialog)
        else:
            QTimer.singleShot(_OPENING_MS, look)

    QTimer.singleShot(_OPENING_MS, look)


def type_answer(words: str) -> Callable[[QDialog], None]:
    """Answer a question that asks for words."""

    def answer(dialog: QDialog) -> None:
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        QTest.keyClicks(line, words)
        QTest.keyClick(line, Qt.Key_Return)

    return answer


def press_answer(words: str) -> Callable[[QDialog], None]:
    """Answer a question by its button of these words."""

    def answer(dialog: QDialog) -> None:
        button = next(b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == words)
        QTest.mouseClick(button, Qt.LeftButton)

    return answer


def _turn_wheel(viewport: QWidget, *, up: bool) -> None:
    middle = QPointF(viewport.rect().center())
    there = QPointF(viewport.mapToGlobal(viewport.rect().center()))
    turn = QPoint(0, 120 if up else -120)
    # On the viewport's own ground: what lies under a real pointer there might turn by itself.
    event = QWheelEvent(middle, there, QPoint(), turn, Qt.NoButton, Qt.NoModifier, Qt.NoScrollPhase, False)
    QApplication.sendEvent(viewport, event)
