"""The criteria of a record, the evidence of the chosen one, and the five judgements."""

from __future__ import annotations

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtGui import QColor
from PyQt5.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from audit.review import Opinion
from workstation.judging.session import Session
from workstation.live.panel import heading
from workstation.palette import Tone, colour, say_in

WIDTH_PX = 460
WORDS: dict[Opinion, str] = {
    Opinion.MET: "Met",
    Opinion.PARTIAL: "Partial",
    Opinion.NOT_MET: "Not met",
    Opinion.NOT_APPLICABLE: "Not asked",
    Opinion.CANNOT_TELL: "Cannot tell",
}
_TONES: dict[Opinion, Tone] = {Opinion.MET: "done", Opinion.NOT_APPLICABLE: "quiet"}


class JudgingPanel(QWidget):
    """Emits what the reader chooses; shows a session."""

    criterion_chosen = pyqtSignal(int)  #: place in the rubric, from 0
    evidence_chosen = pyqtSignal(int)  #: place in the chosen criterion's evidence, from 0
    opinion_given = pyqtSignal(object)  #: an Opinion
    remark_given = pyqtSignal(str)
    sign_wanted = pyqtSignal()
    pin_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH_PX)
        self.where, self.question, self.program = QLabel(), QLabel(), QLabel()
        self.criteria, self.evidence = QListWidget(), QListWidget()
        for shown in (self.criteria, self.evidence):
            shown.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
            shown.setStyleSheet("QListWidget::item { padding: 3px 8px; }")
        self.evidence.setFocusPolicy(Qt.NoFocus)
        for label in (self.question, self.program):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignTop)
        font = self.question.font()
        font.setBold(True)
        self.question.setFont(font)
        self.program.setProperty("role", "quiet")
        self.where.setProperty("role", "heading")
        self.opinions: dict[Opinion, QPushButton] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for number, (opinion, word) in enumerate(WORDS.items(), start=1):
            button = QPushButton(f"{number} {word}")
            button.setStyleSheet("QPushButton { padding: 4px 3px; }")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.NoFocus)
            button.clicked.connect(lambda _on, given=opinion: self.opinion_given.emit(given))
            self.opinions[opinion] = button
            row.addWidget(button, 1)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText("Comment (C)")
        self.remark.setAccessibleName("Comment on the criterion")
        self.remark.editingFinished.connect(lambda: self.remark_given.emit(self.remark.text()))
        self.remark.returnPressed.connect(self.criteria.setFocus)
        self.pin, self.sign = QPushButton("Comment on a place (P)"), QPushButton("Sign (Ctrl+Enter)")
        self.sign.setProperty("role", "primary")
        for button in (self.pin, self.sign):
            button.setFocusPolicy(Qt.NoFocus)
        self.pin.setCheckable(True)
        self.pin.clicked.connect(self.pin_wanted)
        self.sign.clicked.connect(self.sign_wanted)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.criteria.currentRowChanged.connect(lambda row: self.criterion_chosen.emit(row) if row >= 0 else None)
        self.evidence.itemClicked.connect(lambda item: self.evidence_chosen.emit(self.evidence.row(item)))
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.pin, 1)
        last.addWidget(self.sign, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addWidget(self.where)
        column.addWidget(self.criteria, 5)
        column.addWidget(self.question)
        column.addWidget(self.program)
        column.addWidget(heading("Evidence (← →)"))
        column.addWidget(self.evidence, 3)
        column.addLayout(row)
        column.addWidget(self.remark)
        column.addLayout(last)
        column.addWidget(self.note)
        self.show_session(None)

    def show_session(self, session: Session | None, where: str = "") -> None:
        """Show a record's criteria from the first one on; None for no record."""
        self.where.setText(where)
        self.criteria.blockSignals(True)
        self.criteria.clear()
        for judgement in session.judgements if session else ():
            item = QListWidgetItem(f"{judgement.criterion.id}   {judgement.criterion.requirement}")
            item.setToolTip(judgement.criterion.requirement)
            self.criteria.addItem(item)
        self.criteria.blockSignals(False)
        for widget in (*self.opinions.values(), self.remark, self.pin, self.sign):
            widget.setEnabled(session is not None)
        if session is None:
            self.evidence.clear()
            for label in (self.question, self.program):
                label.clear()
        else:
            self.show_criterion(session)

    def show_criterion(self, session: Session) -> None:
        """Show the chosen criterion: question, what the program said and why, evidence, what the reader said so far."""
        judgement, said = session.judgement, session.said[session.criterion.id]
        self.criteria.blockSignals(True)
        self.criteria.setCurrentRow(session.place)
        self.criteria.blockSignals(False)
        self.question.setText(judgement.criterion.question)
        why = judgement.missing or (judgement.reasons if judgement.verdict == "not_applicable" else ())
        told = f"The program: {judgement.verdict.value.replace('_', ' ')}. {' '.join(dict.fromkeys(why))}"
        self.program.setText(told if len(told) < 400 else f"{told[:400]}…")
        self.evidence.clear()
        self.evidence.addItems([each.what for each in session.evidence])
        self.remark.setText(said.comment)
        self.show_said(session)

    def show_said(self, session: Session) -> None:
        """Show what was said of each criterion, and what is still open."""
        for place, (criterion, said) in enumerate(session.said.items()):
            item = self.criteria.item(place)
            if item is None:
                continue
            requirement = session.judgements[place].criterion.requirement
            mark = WORDS[said.opinion] if said.opinion else "–"
            item.setText(f"{criterion}   {mark}   {requirement}")
            tone = _TONES.get(said.opinion, "warning") if said.opinion else "quiet"
            item.setForeground(QColor(colour(tone)))
        chosen = session.said[session.criterion.id].opinion
        for opinion, button in self.opinions.items():
            button.setChecked(opinion is chosen)
        left = len(session.open)
        self.sign.setText("Sign (Ctrl+Enter)" if not left else f"{left} to judge")
        self.sign.setEnabled(not left)

    def choose_evidence(self, place: int) -> None:
        """Mark a piece of evidence as the one that is shown."""
        self.evidence.setCurrentRow(place)

    def tell(self, text: str, *, trouble: bool = False) -> None:
        """A sentence below; empty for none."""
        say_in(self.note, "warning" if trouble else "quiet")
        self.note.setText(text)
        self.note.setVisible(bool(text))
