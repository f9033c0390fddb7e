"""The label page's suggestions: asked for by a button, found by the process aside, judged one by one with a key each."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent

from annotation import Finding
from annotation.canvas import pixels_of
from annotation.canvas.board import Board
from workstation.annotate import suggest
from workstation.annotate.acts_by_key import ActsByKey
from workstation.annotate.panel import AnnotatePanel
from workstation.annotate.suggest import Suggest, waiting
from workstation.aside import Aside
from workstation.desk import Desk
from workstation.review.player import Player
from workstation.work import Work


class Suggesting(QObject):
    """Vision suggests, a person confirms: nothing that waits here enters a report."""

    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(
        self, player: Player, panel: AnnotatePanel, desk: Desk, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player, self._panel, self._desk, self._aside = player, panel, desk, aside
        self._work = Work(self, threads=1)
        panel.suggest_wanted.connect(self.look)
        panel.confirm_wanted.connect(self.accept)
        panel.reject_wanted.connect(self.reject)
        player.canvas.installEventFilter(ActsByKey(self._act, self))

    def look(self) -> None:
        """Look at the frame that is shown; what is found comes later, on that frame, whatever is shown by then."""
        picture = self._player.canvas.picture
        if picture is None:
            self.notice.emit("There is no picture to look at yet: take a still or a clip first.")
            return
        self._player.stop()
        board, history = self._board, self._desk.history
        pixels, scale, image, frame = pixels_of(picture), board.scale, board.image, board.frame
        region = self._desk.study.visit.region

        def came(found: Suggest) -> None:
            self._panel.show_looking(False)
            if history is self._desk.history:  # else another study is in hand
                self._show(found)

        def failed(sentence: str) -> None:
            self._panel.show_looking(False)
            self.notice.emit(sentence)

        self._panel.show_looking(True)
        self._work.ask(
            "suggest",
            "Looking for layers and vessels",
            lambda: self._aside.do(suggest.find, pixels, scale, region, image, frame, first=True),
            came,
            failed,
        )

    def accept(self) -> None:
        """Take the selected suggestion over, and turn to the next."""
        self._judge(self._board.confirm_selected)

    def reject(self) -> None:
        """Take the selected suggestion away, and turn to the next; undo brings it back."""
        self._judge(self._board.delete_selected)

    def end(self) -> None:
        """Nothing that is being looked for is shown any more."""
        self._work.close()

    def _act(self, event: QKeyEvent) -> Callable[[], None] | None:
        canvas = self._player.canvas
        if self._selected is None or canvas.tool.draft is not None:
            return None
        if int(event.modifiers()) & ~int(Qt.KeypadModifier):
            return None
        if event.key() in (Qt.Key_A, Qt.Key_Return, Qt.Key_Enter):
            return self.accept
        return self.reject if event.key() == Qt.Key_R else None

    @property
    def _board(self) -> Board:
        return self._player.canvas.board

    @property
    def _selected(self) -> Finding | None:
        finding = self._board.selected
        return finding if finding is not None and finding.status == "suggested" else None

    def _show(self, found: Suggest) -> None:
        self._desk.history.do(found)
        if not found.findings:
            self.notice.emit("Nothing is suggested on this frame. This does not mean that nothing is there.")
        elif (found.image, found.frame) == (self._board.image, self._board.frame):
            self._board.select(found.findings[0].tracking_uid)
            self._player.canvas.setFocus()

    def _judge(self, judge: Callable[[], None]) -> None:
        finding = self._selected
        if finding is None:
            return
        board = self._board
        left = waiting(self._desk.history.document, board.image, board.frame)
        place = [f.tracking_uid for f in left].index(finding.tracking_uid)
        following = [*left[place + 1 :], *left[:place]]
        judge()
        board.select(following[0].tracking_uid if following else None)
        self._player.canvas.setFocus()
