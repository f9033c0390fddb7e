"""What is said of how a selected thing looks, brought into its label and into the record of the encounter."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtCore import QObject, pyqtSignal

from annotation.canvas.board import Board
from procedure.answers import Answer
from procedure.artefacts import FillerCheck
from workstation.annotate.looks import ASKED, Looks
from workstation.desk import Desk
from workstation.encounter.filler_checks import check_of, with_check
from workstation.encounter.in_hand import now


class LookingCloser(QObject):
    """Asks of filler as it is drawn whether it was held against artefacts; an answer stands in the record at once."""

    notice = pyqtSignal(str)  #: a sentence for the user

    def __init__(self, looks: Looks, desk: Desk, board: Callable[[], Board], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks, self._desk, self._board = looks, desk, board
        self._asked: set[str] = set()
        looks.brightness_told.connect(self._bright)
        looks.check_told.connect(self._checked)

    def show(self) -> None:
        """Show what was said of the selected finding; of filler that is new, ask."""
        finding = self._board().selected
        check = None if finding is None else self._check(finding.tracking_uid)
        self._looks.show_finding(finding, check)
        if finding is None or finding.kind != "filler" or finding.status != "confirmed":
            return
        if check is None and finding.tracking_uid not in self._asked:
            self._asked.add(finding.tracking_uid)
            self.notice.emit(ASKED)

    def _check(self, tracking_uid: str) -> FillerCheck | None:
        return check_of(self._desk.encounter.record, tracking_uid)

    def _bright(self, word: str) -> None:
        self._board().set_echogenicity(word)

    def _checked(self, field: str, answer: str) -> None:
        finding = self._board().selected
        if finding is None or finding.kind != "filler":
            return
        encounter = self._desk.encounter
        told = with_check(encounter.record, finding.tracking_uid, encounter.by, now(), **{field: Answer(answer)})
        encounter.change(told, f"Filler check: {field.replace('_', ' ')} {answer}")
        self.show()
