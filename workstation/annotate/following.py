"""The label page's following: a label is followed through its clip, ended at a frame, and taken over as a whole."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtGui import QKeyEvent

from annotation import Finding
from annotation.canvas.board import Board
from workstation.annotate.acts_by_key import ActsByKey
from workstation.annotate.follow import ConfirmFollowed, EndHere, Follow, Followed, followed
from workstation.annotate.panel import AnnotatePanel
from workstation.desk import Desk
from workstation.encounter.in_hand import now
from workstation.review.player import Player
from workstation.work import Work


class Following(QObject):
    """What is followed waits as a suggestion on each frame: nobody has said yet that it is right there."""

    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(self, player: Player, panel: AnnotatePanel, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player, self._panel, self._desk = player, panel, desk
        self._work = Work(self, threads=1)
        panel.follow_wanted.connect(self.follow)
        panel.end_here_wanted.connect(self.end_here)
        panel.accept_all_wanted.connect(self.accept_all)
        player.canvas.installEventFilter(ActsByKey(self._act, self))

    def follow(self) -> None:
        """Follow the selected label to both ends of its clip; what was confirmed on a frame stays."""
        finding, reel, history = self._selected, self._player.reel, self._desk.history
        if finding is None or reel is None or len(reel.timestamps_s) < 2:
            self.notice.emit("Select a label on a clip first: it is followed from the frame that is shown.")
            return
        self._player.stop()
        frames = range(len(reel.timestamps_s))
        index = next((n for n in frames if reel.place(n) == (finding.image, finding.frame)), None)
        if index is None:
            return

        def came(found: Followed) -> None:
            if history is not self._desk.history:  # another study is in hand
                return
            if found.findings:
                history.do(Follow(found.findings))
            told = " ".join(found.why)
            number = len(found.findings)
            self.notice.emit(f"Followed on {number} frames: look at them, then accept all. {told}".strip())

        self._work.ask("follow", "Following the label", lambda: followed(reel, index, finding), came, self.notice.emit)

    def end_here(self) -> None:
        """The label stands on no later frame."""
        finding = self._selected
        if finding is not None:
            self._desk.history.do(EndHere(finding.tracking_uid, finding.image, finding.frame))

    def accept_all(self) -> None:
        """Every look at the label that waits is right: it becomes a label of the person."""
        finding, board = self._selected, self._board
        if finding is not None:
            self._desk.history.do(ConfirmFollowed(finding.tracking_uid, finding.image, board.by, now()))

    def end(self) -> None:
        """Nothing that is being followed is shown any more."""
        self._work.close(finish=False)

    def _act(self, event: QKeyEvent) -> Callable[[], None] | None:
        held = int(event.modifiers()) & ~int(Qt.KeypadModifier)
        if self._selected is None or self._player.canvas.tool.draft is not None:
            return None
        if event.key() == Qt.Key_W and not held:
            return self.follow
        if held != int(Qt.ShiftModifier):
            return None
        if event.key() == Qt.Key_A:
            return self.accept_all
        return self.end_here if event.key() == Qt.Key_X else None

    @property
    def _board(self) -> Board:
        return self._player.canvas.board

    @property
    def _selected(self) -> Finding | None:
        return self._board.selected
