"""The encounter's page: entries by a real mouse and keys, one press to the rescue, kept at once, saved, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from annotation import Document
from procedure import Phase
from procedure.answers import Answer
from procedure.complication import StepId
from procedure.consent import ConsentKind, Risk
from procedure.demonstration import demonstration
from procedure.protocol_files import built_in
from procedure.states import State
from procedure.stations import Pressure
from tests.gui.events import press_line
from tests.gui.test_stations import kept_in
from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.compare.picture import Compared
from workstation.controller import Controller
from workstation.encounter.event_control import KINDS
from workstation.encounter.forms.choices import Choices
from workstation.encounter.forms.editors import ListEditor, ManyEditor, WordEditor
from workstation.encounter.forms.form import RecordForm
from workstation.encounter.forms.typed import LineEditor
from workstation.encounter.in_hand import Kept
from workstation.encounter.sections import SECTIONS, entries_of

pytestmark = pytest.mark.window


def type_into(form: RecordForm, field: str, text: str) -> None:
    editor = form.editors[field]
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, text)
    QTest.keyClick(editor.line, Qt.Key_Return)


def press_word(form: RecordForm, field: str, word: object) -> None:
    editor = form.editors[field]
    assert isinstance(editor, WordEditor)
    press(editor.buttons[word])


def test_a_form_gives_back_what_it_shows(app: QApplication) -> None:
    """A whole encounter, part by part, shown in its forms and read out of them again: nothing is dropped or rounded."""
    encounter = demonstration("occlusion-rescue")
    choices = Choices(encounter, Document(), built_in())
    parts = [(section.kind, section.hidden, entries_of(encounter, section)) for section in SECTIONS]
    (event,) = encounter.complications
    parts += [(KINDS[part], (), getattr(event, part)) for part in KINDS]
    assert sum(len(entries) for _, _, entries in parts) > 60
    for kind, hidden, entries in parts:
        form = RecordForm(kind, choices, hidden)
        for entry in entries[:3]:
            form.show_record(entry)
            assert form.record() == entry
        form.deleteLater()


@pytest.mark.requirement("S20")
def test_an_entry_stands_in_the_record_as_soon_as_it_is_whole(program: Controller) -> None:
    window, page = program.window, program.window.encounter_page
    window.show_page("encounter")
    program.encounter.page.show_part("consents")
    press(page.add)
    form = page.form
    assert form is not None and "needed: kind" in page.wrong.text()
    press_word(form, "kind", ConsentKind.TREATMENT)
    assert not page.wrong.text()
    press_word(form, "given", Answer.YES)
    risks = form.editors["risks_named"]
    assert isinstance(risks, ManyEditor)
    risks.show_value((Risk.OCCLUSION, Risk.VISION_LOSS))
    risks.changed.emit()
    (consent,) = program.desk.encounter.record.consents
    assert (consent.kind, consent.given) == (ConsentKind.TREATMENT, Answer.YES)
    assert consent.risks_named == (Risk.OCCLUSION, Risk.VISION_LOSS) and consent.frequency_told == ""
    assert [change.what for change in program.desk.encounter.changes][:2] == [
        "Consent 1: added",
        "Consent 1: given yes",
    ]
    assert any(line.startswith("○") for line in (form._labels[name].text() for name in form.editors)), (
        "blanks are visible"
    )

    program.encounter.page.show_part("kit")
    press(page.add)
    assert page.form is not None
    type_into(page.form, "hyaluronidase_iu", "1500")
    type_into(page.form, "hyaluronidase_expiry", "2031-13-01")
    assert "is not a day" in page.wrong.text(), "what was typed is said, and nothing is taken for it"
    type_into(page.form, "hyaluronidase_expiry", "2031-12-01")
    kit = program.desk.encounter.record.kit
    assert kit is not None and kit.hyaluronidase_iu == 1500 and str(kit.hyaluronidase_expiry) == "2031-12-01"
    until(lambda: kept_in(program.desk.autosave_path) == program.desk.encounter.record)
    press(page.remove)
    assert program.desk.encounter.record.kit is None and "taken out" in program.desk.encounter.changes[-1].what


def test_an_open_form_writes_nothing_over_what_was_told_elsewhere(program: Controller) -> None:
    """A station's form is open while the foot switch captures: the picture stays with the station."""
    window, encounter = program.window, program.desk.encounter
    for field, value in (("region", "nlf"), ("laterality", "L")):
        program.tell_visit(field, value)
    scan = program.encounter.scan
    scan.answer("pressure", pressure=Pressure.FIRM)
    program.encounter.show_part("visits")
    program.encounter.page.open_entry(0)
    scan.answer("captured", image_uids=("2.25.7",))
    form = window.encounter_page.form
    assert form is not None
    press_word(form, "pressure", Pressure.LIGHT)
    (visit,) = encounter.record.visits
    assert visit.image_uids == ("2.25.7",) and visit.pressure is Pressure.LIGHT


@pytest.mark.requirement("N12")
@pytest.mark.requirement("S12")
def test_one_press_starts_the_rescue_and_nothing_waits_for_anything(program: Controller) -> None:
    """From the scan page, with no patient, no protocol and no picture: the clock runs, and all of it is saved."""
    window = program.window
    press(window.rescue)
    event = program.desk.encounter.record.complications[0]
    assert window.page == "encounter" and program.desk.study.visit.phase is Phase.COMPLICATION
    for field, value in (("region", "nlf"), ("laterality", "L"), ("patient_id", "")):
        program.tell_visit(field, value)
    assert window.minimumSizeHint().width() <= 1280, "whoever is told, whatever runs"
    view = program.encounter.complication.view
    until(lambda: "since the first sign" in view.clock.text())
    assert "▶ V1" in view.steps.item(0).text()  # type: ignore[union-attr]
    press(view.done)
    press(view.left_out)
    press(view.entries["doses"])
    assert view.form is not None and view.reference.isVisible()
    press(view.keep)
    assert "Still needed: dose" in view.wrong.text()
    type_into(view.form, "dose_iu", "450")
    type_into(view.form, "site", "along the fold")
    press(view.keep)
    told = [view.rows.item(row).text() for row in range(view.rows.count())]  # type: ignore[union-attr]
    assert any("Re-check by Doppler after 450 IU" in text and text.startswith("○") for text in told)
    press(window.rescue)
    (event,) = program.desk.encounter.record.complications
    assert [step.step for step in event.steps] == [StepId.V1, StepId.V2] and event.doses[0].dose_iu == 450
    program.encounter.complication.finish("refill 2 s on both sides")
    assert not program.encounter.complication.running
    program.tell_visit("patient_id", "P-9")
    press(window.save)
    until(lambda: program.desk.stored and not program.desk.dirty, 90)
    assert window.save.text() == "Saved"


@pytest.mark.requirement("S21")
def test_a_press_on_the_map_chooses_a_station_and_lists_its_images(program: Controller) -> None:
    record = replace(demonstration("normal"), state=State.DRAFT, signatures=())
    program.desk.encounter.restore(Kept(record, ()))
    program.encounter.show_part("map")
    view = program.encounter.map
    QTest.mouseClick(view.map, Qt.LeftButton, Qt.NoModifier, view.map.place_of("b").toPoint())
    assert view.map.number == "b" and "nlf-2" in view.lines.currentItem().text()  # type: ignore[union-attr]
    images = [view.images.item(row).text() for row in range(view.images.count())]  # type: ignore[union-attr]
    phases = [text.split(":")[0] for text in images]
    assert list(dict.fromkeys(phases)) == ["before", "during", "after"] and len(phases) > 10
    QTest.keyClick(view.map, Qt.Key_Right)
    assert view.map.number == "c"


@pytest.mark.requirement("C6")
@pytest.mark.requirement("S17")
def test_a_saved_encounter_comes_back_and_its_phases_are_compared(program: Controller) -> None:
    window, live = program.window, program.window.live_panel
    start(program)
    for field, value in (("patient_id", "P-1"), ("region", "nlf"), ("laterality", "L")):
        program.tell_visit(field, value)
    program.encounter.scan.step(1)
    for number, phase in enumerate(("pre", "post"), start=1):
        program.tell_visit("phase", phase)
        program.encounter.scan.go(next(s for s in program.encounter.scan.stops() if s.station.id == "nlf-2"))
        press(live.still)
        until(lambda number=number: live.captures.count() == number, 90)  # type: ignore[misc]
    press(window.save)
    until(lambda: program.desk.stored and not program.desk.dirty, 90)
    record = program.desk.encounter.record
    assert [(image.station_id, image.phase) for image in record.images] == [("nlf-2", Phase.PRE), ("nlf-2", Phase.POST)]

    program.new_study()
    assert program.desk.encounter.record.images == ()
    window.show_page("review")
    until(lambda: window.review_panel.studies.count() == 1)
    window.review_panel.studies.setCurrentRow(0)
    press(window.review_panel.open)
    until(lambda: window.review_panel.compare.isEnabled())
    press(window.review_panel.compare)
    page = window.compare_page
    until(lambda: all(page.pictures[phase].shown is not None for phase in (Phase.PRE, Phase.POST)))
    sizes = {picture.px_per_mm for picture in page.pictures.values()}
    before = page.pictures[Phase.PRE].shown
    assert len(sizes) == 1 and isinstance(before, Compared) and before.scale is not None
    assert before.size_mm[1] * sizes.pop() <= page.pictures[Phase.PRE].height()
    assert page.pictures[Phase.DURING].shown is None
    press(page.lay)
    until(lambda: (later := page.pictures[Phase.POST].shown) is not None and later.note)
    after = page.pictures[Phase.POST].shown
    assert after is not None and after.note.startswith("REGISTERED") and after.laid is not None
    assert before.laid is None, "the one before the procedure stays as it was taken"
    press(page.lay)
    assert page.pictures[Phase.POST].shown == replace(after, laid=None, note=""), "and so does the other, when asked"

    window.show_page("review")
    press(window.review_panel.go_on)
    assert program.desk.encounter.record == record and program.desk.study.visit.patient_id == "P-1"
    assert window.visit_form.patient_id.isReadOnly(), "it goes on under its patient"
    program.encounter.page.show_part("notes")
    press(window.encounter_page.add)
    form = window.encounter_page.form
    assert form is not None
    note = form.editors["text"]
    note.show_value("Seen again by telephone")
    note.changed.emit()
    press(window.save)
    until(lambda: not program.desk.dirty, 90)
    assert program.desk.encounter.record.version == 2
    assert not isinstance(note, ListEditor)


def test_a_tick_by_the_keys_counts_as_one_by_the_mouse(app: QApplication) -> None:
    """And a press anywhere on the line ticks it: the box alone is too small for a glove."""
    encounter = demonstration("normal")
    form = RecordForm(SECTIONS[2].kind, Choices(encounter, Document(), built_in()))
    form.show()
    risks = form.editors["risks_named"]
    assert isinstance(risks, ManyEditor)
    told: list[object] = []
    risks.changed.connect(lambda: told.append(risks.value()))
    press_line(risks.list, 0)
    QTest.keyClick(risks.list, Qt.Key_Down)
    QTest.keyClick(risks.list, Qt.Key_Space)
    press_line(risks.list, 0)
    assert told == [(Risk.OCCLUSION,), (Risk.OCCLUSION, Risk.NECROSIS), (Risk.NECROSIS,)]
    form.close()
    form.deleteLater()
