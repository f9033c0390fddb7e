"""What the review page does: lists the archive, opens a study, shows its pictures with their labels."""

from __future__ import annotations

from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from annotation import History
from annotation.canvas.board import Board
from archive import StudyRow
from workstation.proof.opening import open_archive
from workstation.review.open_study import OpenedStudy, open_study
from workstation.review.panel import ReviewPanel
from workstation.review.player import Player
from workstation.work import Work

_MOST_STUDIES = 500


class ReviewControl(QObject):
    """Studies of one archive, to be looked at and not changed."""

    opened_another = pyqtSignal(object)  #: an OpenedStudy, or None where none is open any more

    def __init__(
        self, player: Player, panel: ReviewPanel, archive_root: Path, work: Work, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player, self._panel, self._work = player, panel, work
        self._root = archive_root
        self.opened: OpenedStudy | None = None
        panel.refresh_wanted.connect(self.refresh)
        panel.study_wanted.connect(self.open)
        panel.picture_wanted.connect(self.show_picture)
        panel.label_wanted.connect(self.show_label)

    def refresh(self) -> None:
        """List the studies of the archive."""
        root = self._root

        def listed() -> list[StudyRow]:
            with open_archive(root) as archive:
                return archive.studies(_MOST_STUDIES)

        self._work.ask("studies", "Listing the studies", listed, self._panel.show_studies)

    def open(self, study_instance_uid: str) -> None:
        """Open a study, read its report, and show its first picture."""
        root = self._root
        self._work.ask("open study", "Opening the study", lambda: open_study(root, study_instance_uid), self._show)

    def show_picture(self, place: int) -> None:
        """Show one picture of the open study (its place in the list, from 0)."""
        if self.opened is not None:
            self._player.show_reel(self.opened.reels[place])

    def show_label(self, place: int) -> None:
        """Turn to the picture and frame that a label is on."""
        if self.opened is None:
            return
        finding = self.opened.document.findings[place]
        for number, reel in enumerate(self.opened.reels):
            index = reel.index_of(finding.image, finding.frame)
            if index is not None:
                self._panel.choose_picture(number)
                self._player.turn_to(index, select=finding.tracking_uid)

    def end(self) -> None:
        """Give the files of the open study back."""
        if self.opened is not None:
            self._player.show_reel(None)
            self._work.ask("close study", "", self.opened.close, lambda _none: None)
            self.opened = None
            self.opened_another.emit(None)

    def _show(self, opened: OpenedStudy) -> None:
        self.end()
        self.opened = opened
        self._player.show_reel(None)
        self._player.canvas.use_board(Board(History(opened.document), ""))
        self._panel.show_pictures(opened.titles(), opened.labels())
        self._panel.show_encounter(opened.encounter is not None)
        self.opened_another.emit(opened)
        none = "" if opened.document.findings else "This study has no labels."
        beside = f"For other programs it also holds {', '.join(opened.for_others)}." if opened.for_others else ""
        self._panel.tell(" ".join(filter(None, (none, opened.told, beside))))
