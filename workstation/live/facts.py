"""What was read off the probe's screen, line by line: the scale, the settings, what is wrong with the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt5.QtCore import QEvent, QObject, QSize, Qt
from PyQt5.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from workstation.languages import tr
from workstation.palette import say_in
from workstation.watching import Fact

_LEAST_PX = 66  # three lines; what does not fit on a low screen is scrolled to


class ScreenFacts(QWidget):
    """Rows of a topic and what is known of it; as many as there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Read off the screen"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._shown: tuple[Fact, ...] = ()

    @property
    def shown(self) -> tuple[Fact, ...]:
        """The facts that stand there now."""
        return self._shown

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these and no others. What has not changed is not touched: it may be being read."""
        if tuple(facts) == self._shown:
            return
        self._shown = tuple(facts)
        while len(self._rows) < len(facts):
            self._add_row()
        facts = sorted(facts, key=lambda fact: fact.tone != "warning")  # what warns is seen without scrolling
        for place, (topic, text) in enumerate(self._rows):
            fact = facts[place] if place < len(facts) else None
            topic.setVisible(fact is not None)
            text.setVisible(fact is not None)
            if fact is not None:
                topic.setText(fact.topic)
                text.setText(fact.text)
                text.setToolTip(fact.whole or fact.text)
                say_in(text, fact.tone)

    def _add_row(self) -> None:
        topic, text = QLabel(), QLabel()
        say_in(topic, "quiet")
        topic.setAlignment(Qt.AlignTop | Qt.AlignLeft)
        text.setWordWrap(True)
        # Long sentences break inside the panel; they do not widen it.
        text.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Preferred)
        row = len(self._rows)
        self._grid.addWidget(topic, row, 0)
        self._grid.addWidget(text, row, 1)
        self._rows.append((topic, text))


class FactsArea(QScrollArea):
    """The facts, as high as they are where there is room, else scrolled: they push nothing off the screen."""

    def __init__(self, facts: ScreenFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(facts)
        for widget in (facts, self.viewport()):
            widget.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Expanding, QSizePolicy.Maximum)

    def sizeHint(self) -> QSize:
        facts, width = self.widget(), self.viewport().width()
        hint = facts.sizeHint()
        return QSize(hint.width(), max(facts.heightForWidth(width), 0) if facts.hasHeightForWidth() else hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), _LEAST_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
