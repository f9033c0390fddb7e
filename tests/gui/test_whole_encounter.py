"""A whole encounter in the real window by events alone: mouse, keys and foot switch; saved, and read back from the files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from annotation import Ellipse, Line
from archive import Archive
from devices.playback import PlaybackSource
from devices.registry import Driver, DriverRegistry
from devices.source import DeviceInfo, FormatRequest, FrameSource
from dicom_io import read_report
from mock_devices import SimulatedDriver
from mock_devices.pedal import SimulatedPedal
from procedure import Encounter, Phase
from procedure.answers import Answer, Side, Sight
from procedure.asepsis import AsepticStep, Doing
from procedure.complication import StepId
from procedure.consent import ConsentKind, Risk
from procedure.images import ImageKind
from procedure.injections import TipSight
from procedure.plan import InjectionPlane, InstrumentType, NeedleView, PlanItem
from procedure.products import Material
from procedure.states import State
from tests.devices.clips import write_mjpeg
from tests.gui.events import (
    choose,
    drag,
    fill,
    press,
    press_answer,
    press_line,
    press_titled,
    type_answer,
    type_into,
    when_asked,
)
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.palette import TARGET_PX, dress
from workstation.settings import settings_path
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files
from workstation.studies.reading import kind_of

pytestmark = pytest.mark.window

GRABBER = "uvc:534d:2109@1-1"


class Grabber:
    """A driver whose capture stick plays what it once sent: the frames of a recording, over and over."""

    name = "grabber"

    def __init__(self, recording: Path) -> None:
        self._recording = recording

    def discover(self) -> list[DeviceInfo]:
        return [DeviceInfo(GRABBER, "USB Video", "uvc", "534d", "2109", None, "1-1")]

    def open(self, info: DeviceInfo) -> FrameSource:
        source = PlaybackSource(self._recording, loop=True)
        source.info = replace(info, formats=source.info.formats)
        return source


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a capture stick sent: motion JPEG, as it goes over USB."""
    driver = SimulatedDriver()
    info = next(one for one in driver.discover() if one.id == "mock:normal")
    frames: list[bytes] = []
    with driver.open(info) as source:
        source.start(FormatRequest())
        while len(frames) < 12:
            frames.append(source.read().data)
    return write_mjpeg(tmp_path_factory.mktemp("stick") / "sent.avi", frames)


@pytest.fixture
def pedal() -> Iterator[SimulatedPedal]:
    with SimulatedPedal() as made:
        yield made


@pytest.fixture
def program(app: QApplication, tmp_path: Path, pedal: SimulatedPedal, recording: Path) -> Iterator[Controller]:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"foot_switch": {"port": str(pedal.path)}}), "utf-8")
    dress(app)
    drivers: list[Driver] = [SimulatedDriver(), Grabber(recording)]
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry(drivers, tmp_path / "state"))
    made.window.resize(1280, 720)
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowActive(made.window)
    made.begin()
    until(lambda: "ready" in made.window.strip.said.text())
    yield made
    made.desk.saved(made.desk.draft())
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def turn_to(program: Controller, page: str) -> None:
    QTest.mouseClick(program.window.page_buttons[page], Qt.LeftButton)
    assert program.window.page == page


def tell_part(program: Controller, phase: Phase) -> None:
    """Say on the patient's page which part of the procedure it is."""
    turn_to(program, "patient")
    press(program.window.visit_form.phase._buttons[phase.value])


def start(program: Controller, device: str) -> None:
    turn_to(program, "scan")
    panel = program.window.live_panel
    until(lambda: panel.devices.findData(device) >= 0)
    choose(panel.devices, device)
    press(panel.run)
    until(lambda: program.window.live_view.frame is not None)


def step(program: Controller, title: str) -> None:
    """Turn to a step of the encounter."""
    if program.window.page != "encounter":
        turn_to(program, "encounter")
    press_titled(program.window.encounter_page.steps, title)


def enter(program: Controller, title: str, **fields: object) -> None:
    """One more entry of a step."""
    page = program.window.encounter_page
    step(program, title)
    press(page.add)
    fill(page.form, **fields)
    assert not page.wrong.text(), page.wrong.text()


def captured(program: Controller, number: int) -> None:
    until(lambda: program.window.live_panel.captures.count() == number)


def read_back(program: Controller) -> Encounter:
    return newest_encounter(found_files(program.desk.archive_root.rglob("*.dcm"))).encounter


def save(program: Controller) -> None:
    until(lambda: not program.desk.unread)
    press(program.window.save)
    until(lambda: program.desk.stored and not program.desk.dirty)


@pytest.mark.requirement("C3")
@pytest.mark.requirement("C4")
@pytest.mark.parametrize("device", ["mock:normal", GRABBER])
def test_a_whole_encounter_by_events_alone(program: Controller, pedal: SimulatedPedal, device: str) -> None:
    window = program.window
    turn_to(program, "patient")
    type_into(window.visit_form.patient_id, "P-11")
    type_into(window.visit_form.operator, "AB")

    # Before: the guide leads, the foot captures.
    start(program, device)
    choose(window.station_bar.side, "L")
    choose(window.station_bar.protocol, "nlf")
    QTest.keyClick(window, Qt.Key_Period)
    assert "nlf-2" in window.station_bar.where.text()
    press(window.station_bar.structures["fa"])
    pedal.tap()
    captured(program, 1)
    when_asked(type_answer("the patient could not lie on the side"))
    QTest.keyClick(window, Qt.Key_K)

    # Labels: the artery, what it is called, and the way of the instrument.
    press_line(window.live_panel.captures, 0)
    assert window.page == "label"
    canvas, panel = window.label_player.canvas, window.annotate_panel
    until(lambda: canvas.picture is not None)
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    press(panel.tools["vessel-ellipse"])
    drag(canvas, middle, middle + QPoint(40, 30))
    until(lambda: panel.picker.line.hasFocus())
    QTest.keyClicks(panel.picker.line, "facial art")
    QTest.keyClick(panel.picker.line, Qt.Key_Return)
    QTest.keyClick(canvas, Qt.Key_D)
    drag(canvas, middle - QPoint(120, 90), middle - QPoint(40, 20))
    QTest.keyClick(panel.picker.line, Qt.Key_Escape)
    findings = program.desk.history.document.findings
    assert [type(finding.shape) for finding in findings] == [Ellipse, Line] and findings[0].term == "fa"
    choose(panel.plane, "transverse")
    choose(panel.landmark, "cheilion")

    # The plan, with what it rests on.
    enter(program, "Consent", kind=ConsentKind.TREATMENT, given=Answer.YES, risks_named=(Risk.OCCLUSION,))
    enter(program, "Asepsis", step=AsepticStep.HANDS, doing=Doing.DONE)
    enter(program, "Products", brand="Filler", material=Material.HA, lot="L-1", expiry="2031-12-01")
    cannula = {"type": InstrumentType.CANNULA, "gauge": "25", "outer_diameter_mm": "0.5"}
    enter(
        program,
        "Plan",
        product_id="product-1",
        volume_ml="0.4",
        instrument=cannula,
        needle_view=NeedleView.IN_PLANE,
        entry_point="below the modiolus",
        depth_mm="7",
        plane=InjectionPlane.DEEP_FAT,
        path=1,
        reasons={"item": PlanItem.DEPTH, "text": "below the artery", "finding_uids": findings[0].tracking_uid},
        signed_at="now",
        signed_by="AB",
    )
    shown = window.encounter_page.lacks
    beside = [shown.item(row).text() for row in range(shown.count())]  # type: ignore[union-attr]
    known = "mm" if device.startswith("mock:") else "the scale of this picture is not known"
    assert any("Path to the facial artery" in line and known in line for line in beside)

    # During: a clip by foot, twice to begin and twice to end; then what was done.
    tell_part(program, Phase.DURING)
    turn_to(program, "scan")
    pedal.tap()
    pedal.tap()
    until(lambda: program.live.clipping)
    live = window.live_view.frame
    until(lambda: window.live_view.frame is not live)
    pedal.tap()
    pedal.tap()
    captured(program, 2)
    enter(
        program,
        "Injections",
        plan_id="plan-1",
        product_id="product-1",
        volume_ml="0.1",
        instrument=cannula,
        plane=InjectionPlane.DEEP_FAT,
        guided=Answer.YES,
        tip=TipSight.SEEN,
        image_uids=program.desk.study.captures[1].key,
    )

    # After: the same station again by key, and how it looks.
    tell_part(program, Phase.POST)
    turn_to(program, "scan")
    QTest.keyClick(window, Qt.Key_F7)
    captured(program, 3)
    enter(program, "Reassessment", refill_s="2", skin_colour="even", vision_unchanged=Answer.YES, deposit=Sight.SEEN)

    until(lambda: not program.desk.unread)
    step(program, "Face map")
    press(window.encounter_page.sign)
    until(lambda: program.desk.stored and not program.desk.dirty)

    record = read_back(program)
    assert record == program.desk.encounter.record and record.state is State.FINAL
    assert (record.patient.patient_id, record.people[0].name) == ("P-11", "AB")
    assert record.simulated == device.startswith("mock:")
    phases = [(image.phase, image.kind, image.side) for image in record.images]
    assert phases == [
        (Phase.PRE, ImageKind.STILL, Side.LEFT),
        (Phase.DURING, ImageKind.CLIP, Side.LEFT),
        (Phase.POST, ImageKind.STILL, Side.LEFT),
    ]
    (vessel,), (plan,), (injection,), (later,) = record.vessels, record.plans, record.injections, record.reassessments
    assert vessel.term == "fa" and plan.reasons[0].finding_uids == (vessel.tracking_uid,)
    assert plan.path is not None and plan.path.image.image_uid == record.images[0].image_uid
    assert plan.signed_at is not None and plan.signed_at <= injection.at <= later.at
    assert injection.image_uids == (record.images[1].image_uid,) and injection.volume_ml == 0.1
    skipped = [visit.skipped_because for visit in record.visits if visit.skipped_because]
    assert skipped == ["the patient could not lie on the side"]
    with Archive(program.desk.archive_root, create=False) as archive:
        rows = list(archive.objects(program.desk.study.visit.study_instance_uid))
    (report,) = (row.file for row in rows if kind_of(row) == "report")
    assert [f.term for f in read_report(report).findings] == ["fa", None]


@pytest.mark.requirement("N12")
@pytest.mark.requirement("N13")
@pytest.mark.requirement("C5")
def test_the_occlusion_rescue_by_foot_and_large_buttons_only(program: Controller, pedal: SimulatedPedal) -> None:
    """Gloves on: no key is pressed and no letter typed from the first sign to the end."""
    window, view = program.window, program.encounter.complication.view
    turn_to(program, "patient")
    type_into(window.visit_form.patient_id, "P-12")  # before the gloves
    start(program, "mock:normal")
    choose(window.station_bar.side, "L")
    choose(window.station_bar.protocol, "nlf")

    def large(widget: object) -> None:
        assert widget.height() >= TARGET_PX and widget.width() >= TARGET_PX  # type: ignore[attr-defined]
        press(widget)  # type: ignore[arg-type]

    large(window.rescue)
    assert window.page == "encounter" and "since the first sign" in view.clock.text()
    large(view.done)
    large(view.done)
    pedal.tap()
    until(lambda: len(program.desk.study.captures) == 1)
    large(view.left_out)
    large(view.entries["doses"])
    assert view.form is not None
    dose, site = view.form.editors["dose_iu"], view.form.editors["site"]
    large(dose.pad)  # type: ignore[attr-defined]
    for digit in "450":
        large(dose.digits.keys[digit])  # type: ignore[attr-defined]
    large(site.said.buttons["nasolabial fold, pyriform fossa, left"])  # type: ignore[attr-defined]
    large(view.keep)
    assert not view.wrong.text(), view.wrong.text()
    large(view.entries["rechecks"])
    assert view.form is not None
    refill = view.form.editors["refill_s"]
    large(refill.pad)  # type: ignore[attr-defined]
    large(refill.digits.keys["2"])  # type: ignore[attr-defined]
    large(view.keep)
    pedal.press()  # held: the last seconds
    until(lambda: len(program.desk.study.captures) == 2)
    pedal.release()
    when_asked(press_answer("OK"))
    large(view.finish)
    save(program)

    record = read_back(program)
    (event,) = record.complications
    assert [(one.step, one.doing) for one in event.steps] == [
        (StepId.V1, Doing.DONE),
        (StepId.V2, Doing.DONE),
        (StepId.V3, Doing.NOT_DONE),
    ]
    assert (event.doses[0].dose_iu, event.doses[0].site) == (450, "nasolabial fold, pyriform fossa, left")
    assert event.rechecks[0].refill_s == 2 and event.ended_at is not None
    assert [image.kind for image in record.images] == [ImageKind.STILL, ImageKind.CLIP]
    assert {image.phase for image in record.images} == {Phase.COMPLICATION}
