"""The station guide beside the live picture: it leads, what is captured goes to its station, and all of it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QMessageBox

from procedure import Encounter, Phase
from procedure.answers import Answer, Side, Sight
from procedure.encounter import Note
from procedure.images import Mode, Plane
from tests.gui.using import press, start
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.drafts import KeptStudy
from workstation.encounter.in_hand import now
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files

pytestmark = pytest.mark.window


def kept_in(path: Path) -> Encounter | None:
    """The record of the encounter in a draft."""
    kept = KeptStudy.model_validate_json(path.read_bytes()).kept_encounter()
    return None if kept is None else kept.record


@pytest.mark.requirement("S13")
@pytest.mark.requirement("S14")
def test_the_guide_leads_and_what_is_captured_goes_to_its_station(program: Controller) -> None:
    window, bar = program.window, program.window.station_bar
    start(program)
    program.tell_visit("patient_id", "P-1")
    bar.side.setCurrentIndex(bar.side.findData("L"))
    bar.protocol.setCurrentIndex(bar.protocol.findData("nlf"))
    bar.protocol.activated.emit(bar.protocol.currentIndex())
    assert program.encounter.scan.here is not None and program.encounter.scan.here.station_id == "nlf-1"
    assert "reviewed by: nobody yet" in bar.protocol.toolTip(), "who answers for the stations is a visible blank"
    assert "pyriform" in bar.where.text() and list(bar.structures) == ["perio", "levators", "aa", "lna"]

    press(bar.structures["aa"])
    press(bar.structures["lna"])
    press(bar.structures["lna"])  # looked for, and not seen
    bar.mode.setCurrentIndex(bar.mode.findData("colour"))
    bar.mode.activated.emit(bar.mode.currentIndex())
    press(window.live_panel.still)
    press(bar.on)  # the probe is moved before the picture is taken in: it belongs to where it was asked for
    until(lambda: window.live_panel.captures.count() == 1, 90)
    record = program.desk.encounter.record
    (image,), (visit,) = record.images, record.visits
    assert (image.station_id, image.side, image.phase) == ("nlf-1", Side.LEFT, Phase.PRE)
    assert (image.mode, image.plane, image.landmark) == (Mode.COLOUR, Plane.TRANSVERSE, "pyriform-rim")
    assert visit.image_uids == (program.desk.study.captures[0].key,) and visit.best_image_uid == image.image_uid
    assert visit.doppler_used is Answer.YES
    assert {one.structure: one.sight for one in visit.seen} == {"aa": Sight.SEEN, "lna": Sight.NOT_SEEN}
    assert program.encounter.scan.here.station_id == "nlf-2"
    program.encounter.scan.skip("the patient could not lie still")
    assert program.encounter.scan.here.station_id == "nlf-3"

    path = program.desk.autosave_path
    until(lambda: path.is_file() and kept_in(path) == program.desk.encounter.record)

    press(window.save)
    until(lambda: program.desk.stored and not program.desk.dirty, 90)
    folder = program.desk.archive_root
    stored = newest_encounter(found_files(folder.rglob("*.dcm"))).encounter
    assert stored == program.desk.encounter.record and stored.simulated and stored.patient.patient_id == "P-1"
    QTest.qWait(50)
    program.encounter.scan.step(-1)
    press(bar.structures["fa"])
    assert program.desk.dirty, "told after the save: the next version"
    press(window.save)
    until(lambda: not program.desk.dirty, 90)
    again = newest_encounter(found_files(folder.rglob("*.dcm"))).encounter
    assert again.version == 2 and again.visits[-1].seen[0].structure == "fa"
    assert "fa seen" in again.earlier_versions[0].reason


def test_a_long_line_below_the_picture_is_there_in_whole(program: Controller) -> None:
    """What a station lacks may be longer than the window is wide: how many is in sight, the whole where one looks."""
    bar = program.window.station_bar
    program.tell_visit("region", "nlf")
    program.tell_visit("laterality", "L")
    stop = program.encounter.scan.stop
    assert stop is not None and len(stop.lacks) > 0
    for line in stop.lacks:
        assert line in bar.lacks.toolTip() and line in bar.lacks.accessibleDescription()
    assert bar.where.accessibleDescription() == bar.where.toolTip() and stop.station.place in bar.where.toolTip()
    assert program.window.width() == 1280, "a long line makes the window no wider"


def test_another_patients_name_on_the_screen_is_a_question_before_saving(
    program: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [QMessageBox.Cancel, QMessageBox.Yes]

    def question(_window: object, _title: str, text: str, *_: object) -> int:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    program.encounter.scan.use_desk_anew()
    program.tell_visit("patient_id", "P-7")
    program.desk.encounter.add("Note", notes=Note(at=now(), by="AB", text="seen"))
    program.live.named.add("Name: Doe^Jane")  # as the watch on the screen says it when something is captured
    press(program.window.save)
    assert "Doe^Jane" in asked[0] and "P-7" in asked[0] and not program.desk.stored
    press(program.window.save)
    until(lambda: program.desk.stored)
    program.desk.encounter.add("Note", notes=Note(at=now(), by="AB", text="again"))
    press(program.window.save)
    until(lambda: not program.desk.dirty)
    assert len(asked) == 2, "what was answered is not asked again"
