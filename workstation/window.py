"""The window: which pages there are and where they stand. What they do is the controller's business."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QCloseEvent
from PyQt5.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotation.canvas.board import Board
from workstation.annotate.panel import AnnotatePanel
from workstation.compare.page import ComparePage
from workstation.encounter.page import EncounterPage
from workstation.encounter.station_bar import StationBar
from workstation.guide.bar import GuideBar
from workstation.keys.dialog import KeysDialog
from workstation.languages import tr
from workstation.live.panel import LivePanel
from workstation.live.second import SecondDevice
from workstation.live.strip import Sentence, StatusStrip
from workstation.live.view import LiveView
from workstation.palette import mark, say_in
from workstation.record.visit_form import VisitForm
from workstation.review.panel import ReviewPanel
from workstation.review.player import Player
from workstation.work import Work

PAGES = ("patient", "scan", "label", "encounter", "compare", "review")
_TITLES = {page: page.capitalize() for page in PAGES}


def _beside(picture: QWidget, panel: QWidget) -> QWidget:
    """A page: a picture with a panel on its right."""
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(picture, 1)
    panel.setProperty("role", "bar")
    panel.setAttribute(Qt.WA_StyledBackground)
    row.addWidget(panel)
    return page


def _both(first: QWidget, second: QWidget) -> QWidget:
    """Two pictures side by side, each with half of the room."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(first, 1)
    row.addWidget(second, 1)
    return both


def _above(picture: QWidget, bar: QWidget) -> QWidget:
    """A picture, as large as it can be, with a bar below it."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(picture, 1)
    column.addWidget(bar)
    return both


class MainWindow(QMainWindow):
    """The pages in the order of a visit, a bar above them, and the status strip below."""

    save_wanted = pyqtSignal()
    page_changed = pyqtSignal(str)
    closing = pyqtSignal()
    rescue_wanted = pyqtSignal()  #: something looks wrong: start the log of a suspected complication, or show it

    def __init__(self, work: Work, hand_board: Board, review_board: Board) -> None:
        super().__init__()
        self.setWindowTitle("sonofill")
        self.may_close = True
        self._notice_act: Callable[[], None] | None = None
        self.visit_form = VisitForm()
        self.live_view, self.live_panel, self.second_device = LiveView(), LivePanel(), SecondDevice()
        self.station_bar = StationBar()
        self.label_player, self.annotate_panel = Player(hand_board, work), AnnotatePanel()
        self.encounter_page, self.compare_page = EncounterPage(), ComparePage(work)
        self.review_player, self.review_panel = Player(review_board, work), ReviewPanel()
        self.review_player.canvas.editable = False
        self.label_player.canvas.empty_text = tr("Nothing captured yet: take a still or a clip on the Scan page.")
        self.review_player.canvas.empty_text = tr("Choose a study on the right and open it.")
        self.strip = StatusStrip()

        self.pages = QStackedWidget()
        for page in (
            self.visit_form,
            _beside(_above(_both(self.live_view, self.second_device), self.station_bar), self.live_panel),
            _beside(self.label_player, self.annotate_panel),
            self.encounter_page,
            self.compare_page,
            _beside(self.review_player, self.review_panel),
        ):
            self.pages.addWidget(page)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        self.notice = self._notice()
        column.addWidget(self.notice)
        self.guide = GuideBar()
        column.addWidget(self.guide)
        column.addWidget(self.pages, 1)
        column.addWidget(self.strip)
        self.setCentralWidget(middle)
        self.resize(1280, 720)
        self.show_page("scan")

    def _bar(self) -> QWidget:
        bar = QWidget()
        bar.setProperty("role", "bar")
        bar.setAttribute(Qt.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 0, 14, 0)
        row.setSpacing(4)
        group = QButtonGroup(self)
        self.page_buttons: dict[str, QToolButton] = {}
        for number, name in enumerate(PAGES, start=1):
            button = QToolButton()
            button.setText(tr(_TITLES[name]))
            button.setProperty("role", "page")
            button.setCheckable(True)
            button.setMinimumHeight(52)
            button.clicked.connect(lambda _on, name=name: self.show_page(name))
            button.setToolTip(f"Ctrl+{number}")
            QShortcut(f"Ctrl+{number}", self, button.click)
            group.addButton(button)
            self.page_buttons[name] = button
            row.addWidget(button)
        self.visit = Sentence()
        self.visit.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
        row.addWidget(self.visit, 1)
        row.addSpacing(16)
        self.who = QToolButton()
        self.who.setAccessibleName("Who is signed in")
        self.who.setToolTip("Who is signed in: press to lock the window.  Ctrl+L")
        QShortcut("Ctrl+L", self, self.who.click)
        self.who.hide()
        row.addWidget(self.who)
        row.addSpacing(8)
        self.rescue = QPushButton(tr("Complication"))
        self.rescue.setToolTip(tr("Start the log of a suspected complication now; nothing waits for it.  F12"))
        QShortcut("F12", self, self.rescue.click)
        self.keys = KeysDialog(self)
        QShortcut("F1", self, lambda: self.keys.setVisible(not self.keys.isVisible()))
        self.rescue.clicked.connect(self.rescue_wanted)
        row.addWidget(self.rescue)
        row.addSpacing(8)
        self.settings = QToolButton()
        self.settings.setText("⚙")
        self.settings.setAccessibleName(tr("Settings"))
        self.settings.setToolTip(tr("Settings.  Ctrl+,"))
        QShortcut("Ctrl+,", self, self.settings.click)
        row.addWidget(self.settings)
        row.addSpacing(8)
        self.help = QToolButton()
        self.help.setText("?")
        self.help.setAccessibleName(tr("Keys"))
        self.help.setToolTip(tr("The keys of this window.  F1"))
        self.help.clicked.connect(self.keys.show)
        row.addWidget(self.help)
        row.addSpacing(8)
        self.save = QPushButton(tr("Save study"))
        self.save.setProperty("role", "primary")
        QShortcut("Ctrl+S", self, self.save.click)  # not the button's own: Qt forgets that with each new text
        self.save.setToolTip("Ctrl+S")
        self.save.clicked.connect(self.save_wanted)
        row.addWidget(self.save)
        return bar

    def _notice(self) -> QWidget:
        notice = QWidget()
        notice.setProperty("role", "bar")
        notice.setAttribute(Qt.WA_StyledBackground)
        row = QHBoxLayout(notice)
        row.setContentsMargins(16, 2, 14, 6)
        self._notice_text = QLabel()
        self._notice_text.setWordWrap(True)
        self._notice_text.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
        row.addWidget(self._notice_text, 1)
        self._notice_action = QPushButton()
        self._notice_action.clicked.connect(self._act)
        row.addWidget(self._notice_action)
        gone = QPushButton(tr("Close"))
        gone.clicked.connect(notice.hide)
        row.addWidget(gone)
        notice.hide()
        return notice

    def show_page(self, name: str) -> None:
        """Turn to one of PAGES."""
        self.page_buttons[name].setChecked(True)
        self.pages.setCurrentIndex(PAGES.index(name))
        self.page_changed.emit(name)

    @property
    def page(self) -> str:
        """The page that is in front."""
        return PAGES[self.pages.currentIndex()]

    def tell(self, text: str, *, trouble: bool = False, undone: bool = False, whole: str = "") -> None:
        """Say a sentence: in the strip, or, where it is trouble, above the page until it is closed.

        What is not trouble moves nothing on the page: somebody may be drawing. For `undone` and `whole` see the strip.
        """
        if trouble:
            self._show_notice(text, "", None)
        else:
            self.strip.tell(text, undone=undone, whole=whole)

    def take_back(self, text: str) -> None:
        """What was said as trouble is over; what was said since stays."""
        if self._notice_text.text() == text:
            self.notice.hide()

    def offer(self, text: str, action: str, act: Callable[[], None]) -> None:
        """Say a sentence above the page, with a button that does something about it."""
        self._show_notice(text, action, act)

    def _show_notice(self, text: str, action: str, act: Callable[[], None] | None) -> None:
        self._notice_text.setText(text)
        say_in(self._notice_text, "warning" if act else "alarm")
        self._notice_act = act
        self._notice_action.setText(action)
        self._notice_action.setVisible(act is not None)
        self.notice.show()

    def _act(self) -> None:
        act, self._notice_act = self._notice_act, None
        self.notice.hide()
        if act is not None:
            act()

    def show_rescue(self, running: bool) -> None:
        """Whether the log of a suspected complication runs."""
        self.rescue.setText(f"● {tr('Complication')}" if running else tr("Complication"))
        mark(self.rescue, "role", "recording" if running else "rescue")

    def show_visit(self, text: str, *, named: bool) -> None:
        """Whose study is in hand."""
        self.visit.setText(text)
        self.visit.setToolTip(text)
        say_in(self.visit, "quiet" if named else "warning")

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        if self.may_close:
            event.accept()
        else:
            event.ignore()
