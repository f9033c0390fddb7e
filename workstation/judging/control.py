"""What the reviewer's window does: opens the next record, turns to the evidence, takes judgements, signs."""

from __future__ import annotations

from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QInputDialog, QMessageBox

from annotation import History
from annotation.canvas.board import Board
from audit.review import Opinion
from workstation.judging.loading import Loaded, Task, load_next, sign
from workstation.judging.session import Session
from workstation.judging.window import JudgingWindow
from workstation.work import Work


class JudgingControl(QObject):
    """One reader at one work list (or one record), from the first record to the last."""

    def __init__(self, task: Task, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self.work = Work(self, threads=2)
        self.window = JudgingWindow(self.work)
        self.loaded: Loaded | None = None
        self.session: Session | None = None
        self.finished = False  #: whether everything on the list is signed
        self._pinning = False
        self._signing = False
        window, panel = self.window, self.window.panel
        panel.criterion_chosen.connect(self._choose)
        panel.evidence_chosen.connect(self._show_evidence)
        panel.opinion_given.connect(self.judge)
        panel.remark_given.connect(self._remark)
        panel.pin_wanted.connect(self.begin_pin)
        panel.sign_wanted.connect(self.sign)
        window.place_pressed.connect(self._pressed)
        window.picture_chosen.connect(self._show_picture)
        window.touched.connect(self._touched)
        window.closing.connect(self._closing)
        self.work.failed.connect(lambda text: panel.tell(text, trouble=True))
        for number, opinion in enumerate(Opinion, start=1):
            window.on_key(str(number), lambda given=opinion: self.judge(given))  # type: ignore[misc]
        for keys, act in (
            ("Left", lambda: self._turn_evidence(-1)),
            ("Right", lambda: self._turn_evidence(1)),
            ("Up", lambda: self._turn(-1)),
            ("Down", lambda: self._turn(1)),
            ("PgUp", lambda: self._turn_picture(-1)),
            ("PgDown", lambda: self._turn_picture(1)),
            ("Space", window.player.play.click),
            ("C", panel.remark.setFocus),
            ("P", self.begin_pin),
            ("Esc", self._cancel),
            ("Ctrl+Return", self.sign),
            ("Ctrl+Enter", self.sign),
        ):
            window.on_key(keys, act)

    def begin(self) -> None:
        """Open the first record."""
        self.window.panel.tell("Opening the record…")
        task = self._task
        self.work.ask("next record", "", lambda: load_next(task), self._show, self._failed)

    def end(self) -> None:
        """Give the files back. Harmless twice."""
        self._close_record()
        self.work.close()

    # What the reader does

    def judge(self, opinion: Opinion) -> None:
        """Say it of the chosen criterion, and turn to the next one that is open."""
        if self.session is None:
            return
        self._remark(self.window.panel.remark.text())
        self.session.judge(opinion)
        self.session.to_next_open()
        self._show_criterion()

    def begin_pin(self) -> None:
        """The next press on the picture is the place of a comment."""
        self._pinning = self.session is not None
        self.window.panel.pin.setChecked(self._pinning)
        self.window.panel.tell("Press the place on the picture that you mean. Esc: none." if self._pinning else "")

    def sign(self) -> None:
        """Sign what is complete, and open the next record."""
        if self.session is None or self.loaded is None or self._signing:
            return
        self._remark(self.window.panel.remark.text())
        if self.session.open:
            self.window.panel.tell(f"Not judged yet: {', '.join(self.session.open)}.", trouble=True)
            return
        self._signing = True
        task, loaded, done = self._task, self.loaded, self.session.work()
        self.work.ask("sign", "", lambda: sign(task, loaded, done), self._signed, self._failed)

    # Inside

    def _show(self, loaded: Loaded | None) -> None:
        self._close_record()
        panel, window = self.window.panel, self.window
        if loaded is None:
            self.finished = True
            window.player.canvas.empty_text = "Everything is read and signed."
            window.player.show_reel(None)
            panel.show_session(None)
            panel.tell("Everything is read and signed. You can close the window.")
            return
        self.loaded = loaded
        self.session = Session(self._task.reader, loaded.read.judgements)
        window.pictures.addItems(loaded.opened.titles())
        self._use_labels()
        panel.show_session(self.session, f"Record {loaded.place} of {loaded.of}, read by {self._task.reader}")
        panel.tell(" ".join((*loaded.read.material.unread, loaded.opened.told)).strip(), trouble=True)
        self._show_criterion()
        panel.criteria.setFocus()

    def _close_record(self) -> None:
        if self.loaded is not None:
            self.window.player.show_reel(None)
            self.window.pictures.clear()
            self.loaded.opened.close()
        self.loaded = self.session = None

    def _use_labels(self) -> None:
        if self.loaded is not None and self.session is not None:
            document = self.session.with_pins(self.loaded.opened.document)
            self.window.player.canvas.use_board(Board(History(document), ""))

    def _show_criterion(self) -> None:
        if self.session is None:
            return
        self.window.panel.show_criterion(self.session)
        for place in range(len(self.session.evidence)):
            if self._show_evidence(place):
                return
        if self.window.player.reel is None:
            self._show_picture(0)

    def _show_evidence(self, place: int) -> bool:
        """Turn to a piece of evidence; False where it is not on a picture (a time, a value of the record)."""
        if self.session is None or self.loaded is None or not 0 <= place < len(self.session.evidence):
            return False
        self.window.panel.choose_evidence(place)
        evidence = self.session.evidence[place]
        if evidence.frame is None:
            return False
        for number, reel in enumerate(self.loaded.opened.reels):
            index = reel.index_of(evidence.file.stem, evidence.frame)
            if index is not None:
                self._show_picture(number, index)
                return True
        return False

    def _show_picture(self, number: int, index: int = 0) -> None:
        reels = self.loaded.opened.reels if self.loaded else ()
        if not 0 <= number < len(reels):
            return
        self.window.pictures.setCurrentRow(number)
        if self.window.player.reel is not reels[number]:
            self.window.player.show_reel(reels[number])
        self.window.player.turn_to(index)

    def _turn_picture(self, by: int) -> None:
        self._show_picture(self.window.pictures.currentRow() + by)

    def _turn_evidence(self, by: int) -> None:
        if self.session is not None and self.session.evidence:
            row = self.window.panel.evidence.currentRow() + by
            self._show_evidence(min(max(row, 0), len(self.session.evidence) - 1))

    def _turn(self, by: int) -> None:
        if self.session is not None:
            self._choose(min(max(self.session.place + by, 0), len(self.session.judgements) - 1))

    def _choose(self, place: int) -> None:
        if self.session is not None:
            self._remark(self.window.panel.remark.text())
            self.session.place = place
            self._show_criterion()

    def _remark(self, text: str) -> None:
        if self.session is not None:
            self.session.remark(text)

    def _pressed(self, column: float, row: float) -> None:
        board = self.window.player.canvas.board
        if not self._pinning or self.session is None or board.image is None:
            return
        self._cancel()
        text, ok = QInputDialog.getText(self.window, "Comment on this place", f"{self.session.criterion.id}:")
        if ok and text.strip():
            self.session.pin(board.image, board.frame, (column, row), text)
            self._use_labels()
            player = self.window.player
            if player.reel is not None and player.canvas.picture is not None:
                player.canvas.show_picture(player.canvas.picture, board.image, board.frame, player.reel.scale)

    def _cancel(self) -> None:
        self._pinning = False
        self.window.panel.pin.setChecked(False)
        self.window.panel.tell("")
        self.window.panel.criteria.setFocus()

    def _signed(self, _uid: str) -> None:
        self._signing = False
        self.begin()

    def _failed(self, sentence: str) -> None:
        self._signing = False
        self.window.panel.tell(sentence, trouble=True)

    def _touched(self) -> None:
        if self.session is not None:
            self.session.stopwatch.touch()

    def _closing(self) -> None:
        """A reading that was begun is not kept: the reader is asked."""
        begun = self.session is not None and len(self.session.open) < len(self.session.judgements)
        self.window.may_close = not begun or self._sure()

    def _sure(self) -> bool:
        asked = QMessageBox.question(
            self.window,
            "Close",
            "This reading is not signed, and what you have said of it will be lost. Close all the same?",
        )
        return asked == QMessageBox.Yes
