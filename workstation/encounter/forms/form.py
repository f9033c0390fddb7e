"""A form for any kind of record: an editor for each field in the record's own order, every blank visible."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from PyQt5.QtCore import Qt, pyqtSignal
from PyQt5.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from procedure.answers import Estimate
from procedure.errors import FieldWrong
from procedure.record import Field, Record, fields_of
from workstation.encounter.forms.choices import Choices, Option
from workstation.encounter.forms.editors import (
    YES_NO,
    Editor,
    ListEditor,
    LongTextEditor,
    ManyEditor,
    TextsEditor,
    WordEditor,
    column,
    words_of,
)
from workstation.encounter.forms.typed import EstimateEditor, LineEditor
from workstation.palette import say_in

_LONG = frozenset({"text", "wording", "reason", "residual_risk", "outcome", "effect", "adjustment", "conclusion"})
_LABEL_PX = 138
_MOST_BUTTONS = 5
_MOST_LETTERS = 46  # of all buttons of a row together, in 1280 pixels


class RecordForm(QWidget):
    """The fields of one record. `changed` comes with each entry; `record()` answers what stands there."""

    changed = pyqtSignal()

    def __init__(
        self, kind: type[Record], choices: Choices, hidden: Collection[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self.editors: dict[str, Editor] = {}
        self._labels: dict[str, QLabel] = {}
        self._kept: dict[str, Any] = {}
        self._hidden = frozenset(hidden)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.AllNonFixedFieldsGrow)
        for field in fields_of(kind):
            if field.name in self._hidden:
                continue
            editor = editor_of(field, choices)
            editor.changed.connect(self._entered)
            label = QLabel(_capital(editor.words))
            label.setAlignment(Qt.AlignRight | Qt.AlignVCenter)
            label.setWordWrap(True)
            label.setFixedWidth(_LABEL_PX)
            label.setBuddy(editor)
            self.editors[field.name] = editor
            self._labels[field.name] = label
            form.addRow(label, editor)

    def show_record(self, record: Record | None, values: dict[str, Any] | None = None) -> None:
        """Show a record; where there is none, `values` to begin with and blanks."""
        given = values or {}
        for field in fields_of(self.kind):
            value = getattr(record, field.name) if record is not None else given.get(field.name)
            if field.name in self.editors:
                editor = self.editors[field.name]
                editor.show_value(editor.nothing if value is None else value)
            else:
                self._kept[field.name] = value
        self._show_blanks()

    def record(self) -> Record:
        """The record as it stands. Raises FieldWrong where a needed field is blank, or what was typed is none."""
        values = {name: value for name, value in self._kept.items() if value is not None}
        for name, editor in self.editors.items():
            value = editor.value()
            if value is None and not editor.field.optional:
                raise FieldWrong(f"Still needed: {editor.words}.")
            if value != "" or _has_default(self.kind, name):
                values[name] = value
            else:
                raise FieldWrong(f"Still needed: {editor.words}.")
        return self.kind(**values)

    def blanks(self) -> Iterator[str]:
        """The fields that stand blank, in words."""
        for editor in self.editors.values():
            try:
                if editor.value() in (None, "", ()):
                    yield editor.words
            except FieldWrong:
                yield editor.words

    def _entered(self) -> None:
        self._show_blanks()
        self.changed.emit()

    def _show_blanks(self) -> None:
        """A blank is marked by a sign before its name, not by colour alone; a field that is needed by another one."""
        for name, editor in self.editors.items():
            label, words = self._labels[name], _capital(editor.words)
            try:
                value = editor.value()
                blank, wrong = value in (None, "", ()), False
                # A word with a default is needed all the same: what nobody chose is not told as if somebody had.
                needed = not editor.field.optional and (value is None or (blank and not _has_default(self.kind, name)))
            except FieldWrong:
                blank = needed = wrong = True
            sign = "✗ " if wrong else "! " if needed else "○ " if blank else ""
            label.setText(f"{sign}{words}")
            say_in(label, "alarm" if wrong else "warning" if needed else "quiet")


class NestedEditor(Editor):
    """A record inside the record, blank until it is begun."""

    def __init__(self, field: Field, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._choices = choices
        self.form: RecordForm | None = None
        self.begin = QPushButton(f"Add {self.words}")
        self.begin.clicked.connect(self._begin)
        self._column = column(self.begin)
        self.setLayout(self._column)

    def value(self) -> Any:
        return None if self.form is None else self.form.record()

    def show_value(self, value: Any) -> None:
        if value is None:
            if self.form is not None:
                self.form.deleteLater()
                self.form = None
            self.begin.setText(f"Add {self.words}")
            return
        self._open().show_record(value)

    def _begin(self) -> None:
        if self.form is not None:
            self.show_value(None)
        else:
            self._open().show_record(None, starting_values(self.field.base))
        self.changed.emit()

    def _open(self) -> RecordForm:
        form = self.form
        if form is None:
            self.form = form = RecordForm(self.field.base, self._choices)
            form.changed.connect(self.changed)
            self._column.addWidget(form)
            self.begin.setText(f"Take {self.words} out")
        return form


class NestedListEditor(Editor):
    """A list of records inside the record: each has its own form, one below the other."""

    def __init__(self, field: Field, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._choices = choices
        self.forms: list[tuple[QWidget, RecordForm]] = []
        self.more = QPushButton(f"Add to {self.words}")
        self.more.clicked.connect(self._more)
        self._column: QVBoxLayout = column(self.more)
        self.setLayout(self._column)

    def value(self) -> Any:
        return tuple(form.record() for _, form in self.forms)

    def show_value(self, value: Any) -> None:
        while self.forms:
            self.forms.pop()[0].deleteLater()
        for one in value:
            self._add().show_record(one)

    def _more(self) -> None:
        self._add().show_record(None, starting_values(self.field.base))
        self.changed.emit()

    def _add(self) -> RecordForm:
        box, form = QWidget(), RecordForm(self.field.base, self._choices)
        out = QPushButton("Take out")
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 8)
        row.addWidget(form, 1)
        row.addWidget(out, 0, Qt.AlignTop)
        entry = (box, form)
        out.clicked.connect(lambda: self._take_out(entry))
        form.changed.connect(self.changed)
        self.forms.append(entry)
        self._column.insertWidget(len(self.forms) - 1, box)
        return form

    def _take_out(self, entry: tuple[QWidget, RecordForm]) -> None:
        self.forms.remove(entry)
        entry[0].deleteLater()
        self.changed.emit()


def editor_of(field: Field, choices: Choices) -> Editor:
    """The editor that fits a field."""
    options = choices.options(field)
    if options is not None:
        return ManyEditor(field, options) if field.many else ListEditor(field, options)
    if field.base is Estimate:
        return EstimateEditor(field)
    if issubclass(field.base, Record):
        return NestedListEditor(field, choices) if field.many else NestedEditor(field, choices)
    if issubclass(field.base, StrEnum):
        return _word_editor(field, words_of(field.base))
    if field.base is bool:
        return WordEditor(field, YES_NO)
    if field.many:
        return TextsEditor(field)
    return LongTextEditor(field) if field.name in _LONG else LineEditor(field, choices.said(field))


def _word_editor(field: Field, words: tuple[Option, ...]) -> Editor:
    short = len(words) <= _MOST_BUTTONS and sum(len(text) for _, text in words) <= _MOST_LETTERS
    if short:
        return WordEditor(field, words)
    return ManyEditor(field, words) if field.many else ListEditor(field, words)


def starting_values(kind: type[Record], by: str = "") -> dict[str, Any]:
    """What a new record begins with: the moment, and who tells it. Nothing clinical is ever filled in."""
    names = {field.name: field for field in fields_of(kind)}
    values: dict[str, Any] = {}
    if "at" in names and names["at"].base is datetime and not names["at"].optional:
        values["at"] = datetime.now().astimezone().replace(microsecond=0)
    for name in ("by", "named_by", "noticed_by"):
        if name in names and by:
            values[name] = by
    return values


def _has_default(kind: type[Record], name: str) -> bool:
    found = next(field for field in fields(kind) if field.name == name)
    return found.default is not MISSING


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
