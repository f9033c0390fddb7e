"""What the encounter's page does: shows a step, turns what is entered into the record, and says what is still blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial

from PyQt5.QtCore import QObject, QTimer, pyqtSignal

from procedure import Encounter, Protocol, StepNotPossible, telling
from procedure.errors import FieldWrong
from procedure.people import Role
from procedure.record import Record
from procedure.states import State
from workstation.desk import Desk, scale_of_capture
from workstation.encounter.beside_plan import lines
from workstation.encounter.forms.choices import Choices
from workstation.encounter.forms.form import RecordForm, starting_values
from workstation.encounter.page import EncounterPage
from workstation.encounter.sections import (
    SECTIONS,
    Section,
    Standing,
    beginning,
    entries_of,
    line_of,
    standing,
    with_entry,
)
from workstation.encounter.sections import titles as titles_of
from workstation.encounter.views import View

_AFTER_MS = 150  # what is blank is counted anew when entering pauses


class EncounterControl(QObject):
    """One step at a time; each entry stands in the record as soon as it is whole, and is kept with the draft."""

    notice = pyqtSignal(str)  #: a sentence for the user
    signed = pyqtSignal()  #: the record was made final or attested: it is to be saved
    turned = pyqtSignal(
        object, object
    )  #: the Section that is shown and the place of its open entry; None where none is

    def __init__(
        self,
        page: EncounterPage,
        desk: Desk,
        protocols: Mapping[str, Protocol],
        views: tuple[View, ...],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._desk, self._protocols = page, desk, protocols
        self._views = tuple((view, page.add_view(view.widget)) for view in views)
        self.admits: Callable[[str, Encounter], bool] = lambda _act, _record: True  #: who is at the window says
        self.attester: Callable[[], str] = lambda: ""  #: who is signed in and would attest
        self._row = 0
        self._open: int | None = None
        self._shown: Record | None = None  # the open entry as its form shows it
        self._standing = Standing({}, {})
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._count)
        page.step_wanted.connect(self.show_step)
        page.entry_wanted.connect(self.open_entry)
        page.add_wanted.connect(self.add)
        page.remove_wanted.connect(self.remove)
        page.sign_wanted.connect(self.sign)
        page.attest_wanted.connect(self.attest)

    @property
    def section(self) -> Section | None:
        """The step that is shown; None where it is one of the views."""
        place = self._row - len(self._views)
        return SECTIONS[place] if place >= 0 else None

    def show_part(self, part: str) -> None:
        """Turn to the step of a part of the record, or to the view of that name."""
        names = [*(view.name for view, _ in self._views), *(section.part for section in SECTIONS)]
        self.show_step(names.index(part))

    def show_step(self, row: int) -> None:
        """Turn to a step by its place in the list."""
        self._row, self._open = row, None
        self.refresh()
        section = self.section
        if section is None:
            self._page.show_form(None)
            self._page.views.setCurrentIndex(self._views[row][1])
            self.turned.emit(None, None)
            return
        self._page.show_step(section.title, section.hint, many=section.many)
        self._page.show_form(None)
        entries = entries_of(self._desk.encounter.record, section)
        if entries and not section.many:
            self.open_entry(0)
        else:
            self._show_entries()

    def open_entry(self, place: int) -> None:
        """Open an entry's form."""
        section = self.section
        if section is None:
            return
        entry = entries_of(self._desk.encounter.record, section)[place]
        self._open = place
        self._page.show_form(self._form(section, entry))
        self._show_entries()

    def add(self) -> None:
        """Begin an entry: it stands in the record as soon as what it cannot be without is entered."""
        section = self.section
        if section is None:
            return
        encounter = self._desk.encounter
        entries = entries_of(encounter.record, section)
        if entries and not section.many:
            self.open_entry(0)
            return
        self._open = len(entries)
        form = self._form(section, None)
        self._page.show_form(form)
        self._page.show_entries([line_of(e, n) for n, e in enumerate(entries, 1)], -1)
        self._entered(section, form)

    def open_form(self) -> RecordForm:
        """The form of the open entry; of a new one, begun now, where none is open. Not for the views, which have no form."""
        if self._page.form is None:
            self.add()
        form = self._page.form
        assert form is not None
        return form

    def remove(self) -> None:
        """Take the open entry out; the log keeps that it was there."""
        section, place, encounter = self.section, self._open, self._desk.encounter
        if section is None or place is None:
            return
        self._open = None
        self._page.show_form(None)
        if place < len(entries_of(encounter.record, section)):
            encounter.change(
                with_entry(encounter.record, section, place, None), f"{section.title} {place + 1}: taken out"
            )
        self._show_entries()

    def sign(self) -> None:
        """Make the record final; what is blank stays visible in it, and nothing waits for it."""
        if self._desk.unread:  # a final record takes no settings and measures any more
            self.notice.emit("A picture's screen is still being read: sign in a moment.")
            return
        if self.admits("finalise", self._desk.encounter.record):
            self._step(self._desk.encounter.finalise)

    def attest(self) -> None:
        """Attest the final record, as the supervisor of the encounter."""
        supervisors = [p.name for p in self._desk.encounter.record.people if p.role is Role.SUPERVISOR]
        name = self.attester() or next(iter(supervisors), "")
        if self.admits("attest", self._desk.encounter.record):
            self._step(partial(self._desk.encounter.attest, name))

    def _step(self, step: object) -> None:
        assert callable(step)
        try:
            step()
        except StepNotPossible as error:
            self.notice.emit(str(error))
        else:
            self.signed.emit()

    def refresh(self) -> None:
        """The record changed: show its steps, entries and blanks as they stand now."""
        self._follow()
        self._show_steps()
        self._later.start()
        for view, _ in self._views:
            view.refresh()

    def turn_to_page(self) -> None:
        """The page came to the front: what can be chosen in its form may be more than before."""
        section, place = self.section, self._open
        if section is not None and place is not None and place < len(entries_of(self._desk.encounter.record, section)):
            self.open_entry(place)

    def _follow(self) -> None:
        """Something else changed the open entry, a capture or a label: its form shows that, and writes nothing over it."""
        section, place, form = self.section, self._open, self._page.form
        if section is None or place is None or form is None or self._shown is None:
            return
        entries = entries_of(self._desk.encounter.record, section)
        if place >= len(entries):
            self._open = None
            self._page.show_form(None)
        elif entries[place] != self._shown:
            self._shown = entries[place]
            form.show_record(self._shown)
            self._show_entries()

    def use_desk_anew(self) -> None:
        """Another encounter is in hand."""
        self.show_step(0)

    def end(self) -> None:
        """Count no more."""
        self._later.stop()
        for view, _ in self._views:
            view.end()

    def _form(self, section: Section, entry: Record | None) -> RecordForm:
        encounter = self._desk.encounter
        choices = Choices(encounter.record, self._desk.history.document, self._protocols)
        form = RecordForm(section.kind, choices, section.hidden)
        self._shown = entry
        values = {**starting_values(section.kind, encounter.by), **beginning(encounter.record, section)}
        form.show_record(entry, values)
        form.changed.connect(partial(self._entered, section, form))
        return form

    def _entered(self, section: Section, form: RecordForm) -> None:
        encounter, place = self._desk.encounter, self._open
        if place is None:
            return
        try:
            entry = form.record()
        except FieldWrong as error:
            self._page.tell(str(error))
            return
        self._page.tell("")
        entries = entries_of(encounter.record, section)
        before = entries[place] if place < len(entries) else None
        if entry != before:
            self._shown = entry
            record = with_entry(encounter.record, section, place, entry)
            encounter.change(record, _what(section, place, before, entry))
        self._show_entries()

    def _show_entries(self) -> None:
        section = self.section
        if section is None:
            return
        entries = entries_of(self._desk.encounter.record, section)
        chosen = -1 if self._open is None or self._open >= len(entries) else self._open
        self.turned.emit(section, chosen if chosen >= 0 else None)
        self._page.show_entries([line_of(e, n) for n, e in enumerate(entries, 1)], chosen)
        self._page.add.setEnabled(section.many or not entries)
        self._show_lacks()

    def _count(self) -> None:
        self._standing = standing(self._desk.encounter.record, self._protocols)
        self._show_steps()
        self._show_lacks()

    def _show_steps(self) -> None:
        rows = [view.title() for view, _ in self._views]
        self._page.show_steps([*rows, *titles_of(self._standing, self._desk.encounter.record)], self._row)
        record = self._desk.encounter.record
        blanks = self._standing.blanks
        told = f"{record.state.capitalize()}, version {record.version}.  {blanks} blank{'' if blanks == 1 else 's'}."
        if record.simulated:
            told += "  SIMULATED"
        self._page.show_state(told, may_sign=record.state is State.DRAFT, may_attest=record.state is State.FINAL)

    def _show_lacks(self) -> None:
        section = self.section
        if section is None:
            return
        lacks = [f"○  {blank.text}" for blank in self._standing.lacks.get(section.part, ())]
        asks = [f"?  {question.text}" for question in self._standing.asks.get(section.part, ())]
        self._page.show_lacks([*lacks, *asks, *self._beside_plan(section)])

    def _beside_plan(self, section: Section) -> list[str]:
        """What stands beside the plan that is open."""
        record, place = self._desk.encounter.record, self._open
        if section.part != "plans" or place is None or place >= len(record.plans):
            return []
        scales = {capture.key: scale_of_capture(capture) for capture in self._desk.study.captures}
        document = self._desk.history.document
        return [f"·  {line}" for line in lines(record.plans[place], record, document, scales.get, self._protocols)]


def _what(section: Section, place: int, before: Record | None, entry: Record) -> str:
    """A change in words for the log: which fields of which entry, and what they say now."""
    where = f"{section.title} {place + 1}" if section.many else section.title
    if before is None:
        return f"{where}: added"
    changed = [f.name for f in fields(entry) if getattr(before, f.name) != getattr(entry, f.name)]
    now_told = dict(telling.facts(entry))
    words = [f"{telling.label(name)} {now_told.get(telling.label(name), 'blank')}" for name in changed]
    return f"{where}: {'; '.join(words)}"
