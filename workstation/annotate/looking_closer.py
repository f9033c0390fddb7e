"""Whether filler was held against shadow and anisotropy: asked as it is drawn, kept in the record of the encounter."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal

from annotation.canvas.board import Board
from procedure.answers import Answer
from workstation.annotate.looks import ASKED, FillerQuestion
from workstation.desk import Desk
from workstation.encounter.filler_checks import check_of, with_check
from workstation.encounter.in_hand import now


class LookingCloser(QObject):
    """Asks once of each filler; an answer stands in the record at once."""

    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(
        self, question: FillerQuestion, desk: Desk, board: Callable[[], Board], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._question, self._desk, self._board = question, desk, board
        self._asked: set[str] = set()
        question.told.connect(self._told)

    def show(self) -> None:
        """Show what was answered of the selected finding; of filler that is new, ask."""
        finding = self._board().selected
        check = None if finding is None else check_of(self._desk.encounter.record, finding.tracking_uid)
        self._question.show_finding(finding, check)
        if finding is None or finding.kind != "filler" or finding.status != "confirmed":
            return
        if check is None and finding.tracking_uid not in self._asked:
            self._asked.add(finding.tracking_uid)
            self.notice.emit(ASKED)

    def _told(self, field: str, answer: str) -> None:
        finding = self._board().selected
        if finding is None or finding.kind != "filler":
            return
        encounter = self._desk.encounter
        told = with_check(encounter.record, finding.tracking_uid, encounter.by, now(), **{field: Answer(answer)})
        encounter.change(told, f"Filler check: {field.replace('_', ' ')} {answer}")
        self.show()
