"""The pages Scan and Label in German: no English text is left on them, and nothing that is pressed is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PyQt5.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from annotation import History, vocabulary
from annotation.canvas.board import Board
from tests.workstation.test_translations import german
from workstation.languages import speak, tr
from workstation.window import PAGES, MainWindow
from workstation.work import Work

pytestmark = pytest.mark.window

#: Names of anatomy and planes as the vocabulary has them; words that are the same in both languages; keys.
_ANATOMY = {term.name.casefold() for terms in (vocabulary.LANDMARKS, vocabulary.PLANES) for term in terms}
_SAME = re.compile(r"(Filler|Patient|Ctrl\+.*)", re.IGNORECASE)


def texts(widget: QWidget) -> Iterator[str]:
    """What a person may read on a widget, or hear of it."""
    yield from (widget.toolTip(), widget.accessibleName())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))


def window_in(app: QApplication, language: str) -> tuple[MainWindow, Work]:
    installed = speak(app, language)
    work = Work()
    window = MainWindow(work, Board(History(), "A"), Board(History(), ""))
    for translator in installed:
        app.removeTranslator(translator)
    return window, work


def readable(window: MainWindow) -> list[str]:
    pages = [window.pages.widget(PAGES.index(name)) for name in ("scan", "label")]
    bar = [*window.page_buttons.values(), window.save, window.rescue, window.help, window.settings, window.strip.what]
    shown = [widget for page in pages if page is not None for widget in page.findChildren(QWidget)]
    return [text for widget in (*shown, *bar) for text in texts(widget)]


def test_no_english_is_left_on_scan_and_label(app: QApplication) -> None:
    english, work = window_in(app, "en")
    foreign, more_work = window_in(app, "de")
    one, other = readable(english), readable(foreign)
    assert len(one) == len(other)
    left = {
        text
        for text, told in zip(one, other, strict=True)
        if text == told
        and re.search(r"[A-Za-z]{3}", text)
        and text.casefold() not in _ANATOMY
        and not _SAME.fullmatch(text)
    }
    assert not left
    foreign.resize(1280, 700)
    for page in ("scan", "label"):
        foreign.show_page(page)
        shown = foreign.pages.currentWidget()
        assert shown is not None
        shown.ensurePolished()
        cut = [
            button.text()
            for button in shown.findChildren(QPushButton)
            if button.text() and button.isVisibleTo(shown) and button.minimumSizeHint().width() > 292
        ]
        assert not cut
    for window in (english, foreign):
        window.deleteLater()
    for done in (work, more_work):
        done.close()


def test_what_is_compiled_is_what_stands_in_the_source(app: QApplication) -> None:
    """`python -m workstation.languages.compile` compiles it."""
    installed = speak(app, "de")
    told = {source: tr(source) for source in german()}
    for translator in installed:
        app.removeTranslator(translator)
    assert told == german()
