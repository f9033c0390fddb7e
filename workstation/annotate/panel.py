"""Beside the canvas: the tools, what the selected finding is called, and how the probe stood."""

from __future__ import annotations

from PyQt5.QtCore import QSize, pyqtSignal
from PyQt5.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QShortcut,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from annotation import Finding, ImageNote, Term
from annotation.canvas import TOOLS
from annotation.vocabulary import LANDMARKS, LAYERS, PLANES, VESSELS
from workstation.annotate.known_length import KnownLength
from workstation.annotate.looks import Brightness, FillerQuestion
from workstation.annotate.picker import TermPicker
from workstation.languages import tr
from workstation.live.panel import PANEL_WIDTH, heading
from workstation.record.visit_form import Choice

_OFFERED: dict[str, tuple[Term, ...]] = {
    "vessel": VESSELS,
    "layer": LAYERS,
    "point": LANDMARKS + VESSELS + LAYERS,
    "filler": (),
    "tip": (),
    "distance": VESSELS + LAYERS + LANDMARKS,
}


class AnnotatePanel(QWidget):
    """Emits what the user wants; shows what is selected."""

    tool_wanted = pyqtSignal(str)
    term_picked = pyqtSignal(object)  #: a Term
    vessel_kind_wanted = pyqtSignal(str)
    note_wanted = pyqtSignal(object, object)  #: ids of plane and landmark, or None
    undo_wanted = pyqtSignal()
    redo_wanted = pyqtSignal()
    delete_wanted = pyqtSignal()
    suggest_wanted = pyqtSignal()
    confirm_wanted = pyqtSignal()  #: the selected suggestion is taken over
    reject_wanted = pyqtSignal()  #: the selected suggestion is thrown away
    follow_wanted = pyqtSignal()  #: the selected label is followed through its clip
    end_here_wanted = pyqtSignal()  #: it stands on no later frame
    accept_all_wanted = pyqtSignal()  #: it is right on every frame
    reason_told = pyqtSignal(str)  #: why labels that are saved were not right
    length_known = pyqtSignal(float)  #: how long the selected distance is in truth, mm
    scale_unwanted = pyqtSignal()  #: the scale that a person gave is wrong

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(PANEL_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(8)
        column.addLayout(self._tool_buttons())
        column.addSpacing(4)
        self.name_heading = heading(tr("Nothing selected"))
        self.brightness = Brightness()
        named = QHBoxLayout()
        named.addWidget(self.name_heading, 1)
        named.addWidget(self.brightness)
        column.addLayout(named)
        self.vessel_kind = Choice({"artery": tr("Artery"), "vein": tr("Vein"), "unknown": tr("Unknown")})
        self.vessel_kind.changed.connect(self.vessel_kind_wanted)
        column.addWidget(self.vessel_kind)
        self.filler_question = FillerQuestion()
        column.addWidget(self.filler_question)
        self.picker = TermPicker()
        self.picker.picked.connect(self.term_picked)
        column.addWidget(self.picker, 1)
        QShortcut("N", self, self.picker.line.setFocus)
        column.addLayout(self._suggestion_buttons())
        self.known_length = KnownLength()
        self.known_length.given.connect(self.length_known)
        self.known_length.unwanted.connect(self.scale_unwanted)
        column.addWidget(self.known_length)
        column.addSpacing(4)
        column.addWidget(heading(tr("This picture")))
        self.plane, self.landmark = QComboBox(), QComboBox()
        for box, nothing, terms in (
            (self.plane, tr("Plane?"), PLANES),
            (self.landmark, tr("Landmark?"), LANDMARKS),
        ):
            box.addItem(nothing, None)
            box.setAccessibleName(nothing.removesuffix("?"))
            for entry in terms:
                box.addItem(entry.name.capitalize(), entry.id)
            box.activated.connect(
                lambda _i: self.note_wanted.emit(self.plane.currentData(), self.landmark.currentData())
            )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.plane, 1)
        row.addWidget(self.landmark, 1)
        for box in (self.plane, self.landmark):
            box.setSizeAdjustPolicy(QComboBox.AdjustToMinimumContentsLengthWithIcon)
        column.addLayout(row)
        column.addSpacing(4)
        column.addLayout(self._edit_buttons())
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Why are saved labels changed?"))
        self.reason.setAccessibleName(tr("Why saved labels are changed"))
        self.reason.setMaxLength(200)
        self.reason.setToolTip(
            tr("Saving makes a new version of the report. The earlier one is kept, with this reason.")
        )
        self.reason.textEdited.connect(lambda text: self.reason_told.emit(" ".join(text.split())))
        column.addWidget(self.reason)
        self.ask_reason(False)
        self.show_finding(None)

    def _tool_buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        group = QButtonGroup(self)
        self.tools: dict[str, QToolButton] = {}
        for place, tool in enumerate(TOOLS):
            button = QToolButton()
            button.setText(tr(tool.label))
            button.setCheckable(True)
            button.setToolTip(tr(tool.hint) + "  " + tr("Key {key}").format(key=tool.key))
            button.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Fixed)
            button.setMinimumSize(QSize(0, 44))
            button.clicked.connect(lambda _on, tool_id=tool.id: self.tool_wanted.emit(tool_id))
            group.addButton(button)
            self.tools[tool.id] = button
            grid.addWidget(button, place // 2, place % 2)
        self.tools[TOOLS[0].id].setChecked(True)
        return grid

    def _suggestion_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.suggest, self.confirm, self.reject = (
            QPushButton(tr("Suggest")),
            QPushButton(tr("Accept")),
            QPushButton(tr("Reject")),
        )
        for button, signal, hint in (
            (
                self.suggest,
                self.suggest_wanted,
                tr("Look for layers and vessels on this frame. What is not found may be there."),
            ),
            (
                self.confirm,
                self.confirm_wanted,
                tr("The suggestion is right: it becomes a label of yours.  Key A or Enter"),
            ),
            (self.reject, self.reject_wanted, tr("The suggestion is wrong: take it away.  Key R")),
        ):
            button.clicked.connect(signal)
            button.setToolTip(hint)
            row.addWidget(button, 1)
        return row

    def _edit_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.undo, self.redo, self.delete = QPushButton(tr("Undo")), QPushButton(tr("Redo")), QPushButton(tr("Delete"))
        for button, signal, keys in (
            (self.undo, self.undo_wanted, "Ctrl+Z"),
            (self.redo, self.redo_wanted, "Ctrl+Shift+Z"),
            (self.delete, self.delete_wanted, "Ctrl+Delete"),
        ):
            button.clicked.connect(signal)
            button.setToolTip(keys)
            row.addWidget(button, 1)
        self.follow = QToolButton()
        self.follow.setText(tr("Follow"))
        self.follow.setToolTip(tr("The selected label, through its clip"))
        self.follow.setPopupMode(QToolButton.InstantPopup)
        menu = QMenu(self.follow)
        self.follow.setMenu(menu)
        for text, acted in (
            ("Follow through the clip\tW", self.follow_wanted),
            ("Ends here: on no later frame\tShift+X", self.end_here_wanted),
            ("Accept on all frames\tShift+A", self.accept_all_wanted),
        ):
            menu.addAction(text).triggered.connect(lambda _on, acted=acted: acted.emit())
        row.addWidget(self.follow, 1)
        return row

    def show_tool(self, tool_id: str) -> None:
        """Put the button of the tool in hand down."""
        self.tools[tool_id].setChecked(True)

    def show_finding(self, finding: Finding | None) -> None:
        """Offer the names that fit the selected finding."""
        self.brightness.show_finding(finding)
        vessel = finding is not None and finding.kind == "vessel"
        self.vessel_kind.setVisible(vessel)
        if finding is None:
            self.name_heading.setText(tr("Draw, or select a label"))
            self.picker.offer((), None)
        else:
            self.name_heading.setText(tr(f"Selected {finding.kind}"))
            self.vessel_kind.choose(finding.vessel_kind or "")
            self.picker.offer(_OFFERED[finding.kind], finding.term)
        self.picker.setVisible(finding is None or finding.kind != "filler")  # its place is the question's
        suggested = finding is not None and finding.status == "suggested"
        self.confirm.setVisible(suggested)
        self.reject.setVisible(suggested)
        self.delete.setEnabled(finding is not None)

    def ask_reason(self, asked: bool, told: str = "") -> None:
        """Offer the line for the reason of a correction: where labels are saved already, and changed since."""
        self.reason.setVisible(asked)
        if self.reason.text().split() != told.split():
            self.reason.setText(told)

    def show_looking(self, looking: bool) -> None:
        """Whether suggestions are being looked for."""
        self.suggest.setEnabled(not looking)
        self.suggest.setText(tr("Looking…") if looking else tr("Suggest"))

    def show_history(self, undo: str | None, redo: str | None) -> None:
        """Whether there is something to undo or redo, and what."""
        self.undo.setEnabled(undo is not None)
        self.redo.setEnabled(redo is not None)
        self.undo.setToolTip(tr("Undo: {what}").format(what=tr(undo)) + "  (Ctrl+Z)" if undo else "Ctrl+Z")
        self.redo.setToolTip(tr("Redo: {what}").format(what=tr(redo)) + "  (Ctrl+Shift+Z)" if redo else "Ctrl+Shift+Z")

    def show_note(self, note: ImageNote) -> None:
        """Show what was said of the frame."""
        self.plane.setCurrentIndex(max(self.plane.findData(note.plane), 0))
        self.landmark.setCurrentIndex(max(self.landmark.findData(note.landmark), 0))
