"""Where a form stands on a page: one at a time, scrolled where it is longer than the page is high."""

from __future__ import annotations

from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QScrollArea, QWidget

from workstation.encounter.forms.form import RecordForm

_FORM_PX = 1200  # wider than this a line is hard to follow


class FormArea(QScrollArea):
    """Holds the form of the entry that is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.form: RecordForm | None = None

    def show_form(self, form: RecordForm | None) -> None:
        """Show this form, None for none; the one before is thrown away."""
        old, self.form = self.form, form
        if old is not None:
            self.takeWidget()
            old.deleteLater()
        if form is not None:
            form.setContentsMargins(0, 0, 12, 0)
            form.setMaximumWidth(_FORM_PX)
            self.setWidget(form)
            form.show()
