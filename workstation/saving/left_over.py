"""What a crash, or closing without saving, left behind is offered at the next start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PyQt5.QtCore import QObject, pyqtSignal

from workstation.aside import Aside
from workstation.capture.recovery import leftovers, save_all
from workstation.drafts import encounters_left
from workstation.saving.study_in_hand import counted
from workstation.window import MainWindow
from workstation.work import Work


@dataclass(frozen=True, slots=True)
class Left:
    """How many streams lie in the spool that no study holds, and how long they last; how many drafts have no pictures."""

    streams: int
    seconds: float
    encounters: int

    def sentence(self) -> str:
        """It in words; empty where nothing was left."""
        if self.streams:
            what = "a recording" if self.streams == 1 else f"{self.streams} recordings"
            return f"An earlier session left {what} of {self.seconds:.0f} s in all that no study holds."
        if self.encounters:
            what = "an encounter" if self.encounters == 1 else f"{self.encounters} encounters"
            return f"An earlier session left {what} without pictures that no study holds."
        return ""


def save_left(archive_root: Path) -> int:
    """Make studies of it; returns how many. Reads the screens: slow. Raises as `save_all` does."""
    return len(save_all(archive_root, leftovers(archive_root)))


def left_in(archive_root: Path) -> Left:
    """What lies there. Reads the spool: for a worker thread."""
    streams = [stream.frames for stream in leftovers(archive_root)]
    seconds = sum((f[-1].timestamp_ns - f[0].timestamp_ns) / 1e9 for f in streams if f)
    return Left(len(streams), seconds, encounters_left(archive_root))


class LeftOver(QObject):
    """Looks once, offers, and saves where somebody wants it."""

    saved = pyqtSignal()  #: studies were made of what was left

    def __init__(
        self, window: MainWindow, archive_root: Path, work: Work, aside: Aside, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._root, self._work, self._aside = window, archive_root, work, aside
        self.admits: Callable[[str], bool] = lambda _act: True  #: who is at the window says

    def look(self) -> None:
        """Look what is there, and offer it."""
        root = self._root
        self._work.ask("leftovers", "Looking for recordings that were not saved", lambda: left_in(root), self._offer)

    def _offer(self, left: Left) -> None:
        sentence = left.sentence()
        if sentence:
            self._window.offer(sentence, "Save as studies", self._save)

    def _save(self) -> None:
        if not self.admits("capture"):
            return
        root = self._root
        self._work.ask("save leftovers", "Saving what was left", lambda: self._aside.do(save_left, root), self._done)

    def _done(self, studies: int) -> None:
        self._window.tell(f"Saved {counted(studies, 'study', 'studies')} of what was left.")
        self.saved.emit()
