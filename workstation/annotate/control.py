"""What the label page does: shows what was captured, and turns wishes into commands on the document."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError
from PyQt5.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent, QKeySequence
from PyQt5.QtWidgets import QApplication, QComboBox

from annotation import Document, ImageNote, SetNote, Term
from annotation.canvas.board import Board
from workstation import drafts
from workstation.annotate.calibrating import Calibrating
from workstation.annotate.following import Following
from workstation.annotate.looking_closer import LookingCloser
from workstation.annotate.panel import AnnotatePanel
from workstation.annotate.suggesting import Suggesting
from workstation.aside import Aside
from workstation.desk import Desk, reel_of, title_of
from workstation.languages import tr
from workstation.review.player import Player
from workstation.studies.visit import Capture
from workstation.work import Work


class LabelControl(QObject):
    """Labels on the captures of the study in hand."""

    changed = pyqtSignal()  #: the labels are others than before
    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(
        self, player: Player, panel: AnnotatePanel, desk: Desk, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player, self._panel, self._desk = player, panel, desk
        # One thread, so that an older state is never written over a newer one.
        self._keeping = Work(self, threads=1)
        self._keeping.failed.connect(lambda text: self.notice.emit(f"The labels could not be kept in a file: {text}"))
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Which capture"))
        self.chooser.setMinimumWidth(230)
        self.chooser.activated.connect(self.show_capture)
        player.add_in_front(self.chooser)
        canvas = player.canvas
        canvas.selection_changed.connect(self._show_selection)
        canvas.tool_changed.connect(panel.show_tool)
        player.frame_shown.connect(lambda _index: self._show_frame())
        panel.tool_wanted.connect(self._take_tool)
        panel.term_picked.connect(self._name)
        panel.vessel_kind_wanted.connect(lambda kind: self._board.set_vessel_kind(kind))
        panel.note_wanted.connect(self._say)
        panel.undo_wanted.connect(canvas.undo)
        panel.redo_wanted.connect(canvas.redo)
        panel.delete_wanted.connect(canvas.delete_selected)
        self._suggesting = Suggesting(player, panel, desk, aside, self)
        self._suggesting.notice.connect(self.notice)
        self._following = Following(player, panel, desk, self)
        self._following.notice.connect(self.notice)
        self._calibrating = Calibrating(player, panel, desk, aside, self)
        self._calibrating.notice.connect(self.notice)
        self._calibrating.calibrated.connect(self.keep)
        self._closer = LookingCloser(panel.filler_question, desk, lambda: self._board, self)
        self._closer.notice.connect(self.notice)
        panel.brightness.told.connect(lambda word: self._board.set_echogenicity(word or None))
        panel.picker.line.installEventFilter(self)
        self._seen: set[str] = set()
        self._stop_listening = desk.history.subscribe(self._document_changed)
        self._show_history()

    @property
    def _board(self) -> Board:
        return self._player.canvas.board

    def use_desk_anew(self) -> None:
        """The desk has another study in hand."""
        self._stop_listening()
        self._player.show_reel(None)
        self._player.canvas.use_board(Board(self._desk.history, self._desk.study.visit.operator))
        self._stop_listening = self._desk.history.subscribe(self._document_changed)
        self.list_captures()
        self._show_history()
        self._show_selection()

    def list_captures(self) -> None:
        """Fill the list of captures; the one that is shown stays."""
        before = self.chooser.currentIndex()
        self.chooser.clear()
        self.chooser.addItems([title_of(n, c, tr) for n, c in enumerate(self._desk.study.captures, start=1)])
        self.chooser.setEnabled(self.chooser.count() > 0)
        if 0 <= before < self.chooser.count():
            self.chooser.setCurrentIndex(before)

    def show_capture(self, place: int) -> None:
        """Show one capture (its place in the list, from 0) to be labelled."""
        self.chooser.setCurrentIndex(place)
        self._player.show_reel(reel_of(self._desk.study.captures[place]))

    def use_read(self, capture: Capture) -> None:
        """The screen of a capture was read: where it is shown, it is shown with its scale."""
        self._calibrating.use_scale_of(capture)

    def show_something(self) -> None:
        """The page came to the front: show the newest capture where nothing is shown yet."""
        if self._player.reel is None and self._desk.study.captures:
            self.show_capture(len(self._desk.study.captures) - 1)
        self._player.canvas.setFocus()

    def keep(self) -> None:
        """Keep the study in hand in its file: something was captured, labelled or told."""
        if self._desk.begun:
            draft, path = self._desk.draft(), self._desk.autosave_path
            self._keeping.ask(
                "draft",
                "Keeping the labels",
                lambda: drafts.keep(draft.study, path, draft.encounter),
                lambda _none: None,
            )

    def forget(self) -> None:
        """The study in hand is in the archive, or not wanted: its file may go."""
        path = self._desk.autosave_path
        self._keeping.ask("draft", "", lambda: path.unlink(missing_ok=True), lambda _none: None)

    def set_operator(self, name: str) -> None:
        """Who draws from now on."""
        self._board.by = name

    def end(self) -> None:
        """Finish what is being kept, and stop listening."""
        self._stop_listening()
        self._suggesting.end()
        self._following.end()
        self._calibrating.end()
        self._keeping.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A drawn shape puts the focus into the name. The canvas's own keys still work there while nothing is typed,
        # and Escape leads back to the canvas.
        if watched is self._panel.picker.line and isinstance(event, QKeyEvent) and event.type() == QEvent.KeyPress:
            act = self._canvas_act(event)
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    def _canvas_act(self, event: QKeyEvent) -> Callable[[], None] | None:
        canvas, line = self._player.canvas, self._panel.picker.line
        if event.key() == Qt.Key_Escape:
            line.clear()
            return canvas.setFocus
        if line.text():
            return None
        control = bool(event.modifiers() & Qt.ControlModifier)
        if event.matches(QKeySequence.Undo):
            return canvas.undo
        if event.matches(QKeySequence.Redo) or (control and event.key() == Qt.Key_Y):
            return canvas.redo
        if control and event.key() in (Qt.Key_Delete, Qt.Key_Backspace):
            return canvas.delete_selected
        return None

    def _take_tool(self, tool_id: str) -> None:
        self._player.stop()
        self._player.canvas.choose_tool(tool_id)
        self._player.canvas.setFocus()

    def _name(self, term: Term) -> None:
        try:
            self._board.name_selected(term)
        except ValidationError as error:
            self.notice.emit(f"{term.name} does not fit: {error.errors()[0]['msg']}.")
        self._player.canvas.setFocus()

    def _say(self, plane: str | None, landmark: str | None) -> None:
        board = self._board
        if self._player.canvas.picture is not None:
            note = ImageNote(image=board.image, frame=board.frame, plane=plane, landmark=landmark)
            self._desk.history.do(SetNote(note))

    def _document_changed(self, _document: Document) -> None:
        self._desk.touch()
        self.keep()
        self._show_history()
        self._show_selection()
        self._show_note()
        self._ask_name()
        self.changed.emit()

    def _ask_name(self) -> None:
        """A shape that was just drawn is named next: what is typed goes into the name."""
        drawn = self._board.selected
        if drawn is not None and drawn.tracking_uid not in self._seen and not drawn.name:
            self._panel.picker.line.setFocus()
        self._seen = {finding.tracking_uid for finding in self._desk.history.document.findings}

    def _show_history(self) -> None:
        self._panel.show_history(self._desk.history.undo_label, self._desk.history.redo_label)

    def _show_selection(self) -> None:
        if self._board.selected is None and self._panel.picker.isAncestorOf(QApplication.focusWidget()):
            self._player.canvas.setFocus()  # the names are about to be greyed, and Qt would pass the focus to anything
        self._panel.show_finding(self._board.selected)
        self._closer.show()
        self._calibrating.show()

    def _show_frame(self) -> None:
        self._show_note()
        self._calibrating.show()

    def _show_note(self) -> None:
        board = self._board
        self._panel.show_note(self._desk.history.document.note(board.image, board.frame))
