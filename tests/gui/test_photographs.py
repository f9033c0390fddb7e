"""Photographs of the face by a second camera, in the pose of the one before; the camera plays a film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication

from archive import Archive
from devices.cv import cv2
from devices.errors import DeviceBusy
from devices.playback import PlaybackSource
from devices.registry import Driver, DriverRegistry
from devices.source import DeviceInfo, FrameSource
from dicom_io import Phase
from dicom_io.picture.photograph import PHOTOGRAPH, View, read_photograph
from mock_devices import SimulatedDriver
from procedure.images import ImageKind
from tests.gui.using import press
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.palette import dress
from workstation.photographing.dialog import PhotographDialog
from workstation.photographing.storing import last_pose
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files

pytestmark = pytest.mark.window


class FaceCamera:
    """A driver whose camera films one picture."""

    name = "face_camera"

    def __init__(self, picture: Path) -> None:
        self.picture = picture
        self.busy = False

    def film(self, level: int) -> None:
        """From now on this face, of one grey, is before the camera."""
        face = np.full((240, 320, 3), 30, np.uint8)
        cv2.ellipse(face, (160, 120), (60, 90), 0, 0, 360, (level, level, level), -1)
        cv2.imwrite(str(self.picture), face)

    def discover(self) -> list[DeviceInfo]:
        return [DeviceInfo("uvc:1d6b:0102@1-1", "Face camera", "uvc", "1d6b", "0102", None, "1-1")]

    def open(self, info: DeviceInfo) -> FrameSource:
        if self.busy:
            raise DeviceBusy("Another program has the camera: close it.")
        source = PlaybackSource(self.picture, loop=True)
        source.info = replace(info, formats=source.info.formats)
        return source


@pytest.fixture
def camera(tmp_path: Path) -> FaceCamera:
    made = FaceCamera(tmp_path / "face.jpg")
    made.film(200)
    return made


@pytest.fixture
def program(app: QApplication, tmp_path: Path, camera: FaceCamera) -> Iterator[Controller]:
    dress(app)
    drivers: list[Driver] = [SimulatedDriver(), camera]
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry(drivers, tmp_path / "state"))
    made.window.show()
    made.begin()
    yield made
    made.desk.saved(made.desk.draft())
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


def opened(program: Controller) -> PhotographDialog:
    """Open the dialogue and wait for the camera's picture."""
    program.window.show_page("patient")
    press(program.window.visit_form.photograph)
    dialog = program.photographs.dialog
    assert dialog is not None
    until(lambda: dialog.picture.frame is not None)
    return dialog


def photographs(program: Controller) -> list[Path]:
    with Archive(program.desk.archive_root, create=False) as archive:
        rows = archive.objects(program.desk.study.visit.study_instance_uid)
    return [row.file for row in rows if row.sop_class == PHOTOGRAPH]


def test_baseline_and_follow_up_in_the_same_pose(program: Controller, camera: FaceCamera) -> None:
    window, desk = program.window, program.desk
    window.show_page("patient")
    press(window.visit_form.photograph)
    assert program.photographs.dialog is None and "Whose face" in window.strip.said.text()
    program.tell_visit("patient_id", "P-7")
    dialog = opened(program)
    assert dialog.cameras.count() == 1 and "Consent" in dialog.told.text() and dialog.picture.ghost is None
    press(dialog.take)
    assert dialog.picture.frozen and dialog.keep.isVisible()
    press(dialog.again)
    press(dialog.take)
    press(dialog.keep)
    press(dialog.keep)
    until(lambda: "Kept" in dialog.told.text())
    (path,) = photographs(program)
    told = read_photograph(path)
    assert (told.view, told.phase, told.model) == (View.FRONT, Phase.PRE, "Face camera")
    (image,) = desk.encounter.record.images
    assert (image.image_uid, image.kind) == (told.sop_instance_uid, ImageKind.PHOTOGRAPH)
    assert window.visit_form.patient_id.isReadOnly(), "the study has a patient now"
    dialog.close()
    assert program.photographs.dialog is None

    first = last_pose(desk.archive_root, "P-7", View.FRONT)
    assert first is not None and last_pose(desk.archive_root, "P-7", View.OBLIQUE_LEFT) is None
    assert last_pose(desk.archive_root, "P-8", View.FRONT) is None, "nobody else's face"
    camera.film(90)
    program.tell_visit("phase", "followup")
    dialog = opened(program)
    until(lambda: dialog.picture.ghost is not None)
    press(dialog.views[View.OBLIQUE_LEFT])
    assert dialog.picture.ghost is None and not dialog.ghost.isEnabled()
    press(dialog.views[View.FRONT])
    assert dialog.picture.ghost is not None
    press(dialog.take)
    press(dialog.keep)
    until(lambda: len(desk.encounter.record.images) == 2)
    newest = last_pose(desk.archive_root, "P-7", View.FRONT)
    assert newest is not None
    assert abs(int(newest[120, 160].mean()) - 90) < 4, "the picture alone: nothing of the pose that shone through"
    assert abs(int(first[120, 160].mean()) - 200) < 4
    assert {read_photograph(path).phase for path in photographs(program)} == {Phase.PRE, Phase.FOLLOWUP}


def test_a_camera_that_is_busy_is_said_and_closing_at_once_harms_nothing(
    program: Controller, camera: FaceCamera
) -> None:
    program.tell_visit("patient_id", "P-7")
    camera.busy = True
    press(program.window.visit_form.photograph)
    dialog = program.photographs.dialog
    assert dialog is not None
    shown = dialog.picture
    until(lambda: "Another program" in shown.message)
    assert not dialog.take.isEnabled()
    dialog.close()
    camera.busy = False
    press(program.window.visit_form.photograph)
    dialog = program.photographs.dialog
    assert dialog is not None
    cameras = dialog.cameras
    until(lambda: cameras.count() == 1)  # it is being opened
    dialog.close()
    QTest.qWait(20)
    assert program.photographs.dialog is None and program.photographs._camera is None


@pytest.mark.requirement("S21")
def test_stations_and_sites_stand_on_the_patients_own_photograph(program: Controller) -> None:
    window = program.window
    for field, value in (("patient_id", "P-7"), ("region", "nlf"), ("laterality", "L")):
        program.tell_visit(field, value)
    dialog = opened(program)
    press(dialog.take)
    press(dialog.keep)
    until(lambda: "Kept" in dialog.told.text())
    dialog.close()

    window.show_page("encounter")
    program.encounter.show_part("photographs")
    view, canvas = program.encounter.photographs, program.encounter.photographs.canvas
    until(lambda: canvas.has_photograph)
    press(view.tools._buttons["station"])
    QTest.mouseDClick(canvas, Qt.LeftButton, Qt.NoModifier, canvas.on_screen(150, 130).toPoint())
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, canvas.on_screen(150, 130).toPoint())
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, canvas.on_screen(170, 150).toPoint())
    press(view.tools._buttons["injection-site"])
    for key in (Qt.Key_Down, Qt.Key_Return):
        QTest.keyClick(canvas, key)
    marks = program.desk.encounter.record.photograph_marks
    assert [(mark.pointed.value, mark.station_id) for mark in marks] == [
        ("station", "nlf-1"),
        ("station", "nlf-2"),
        ("injection-site", ""),
    ], "one press is one mark, and the next station is the next press"
    assert abs(marks[0].column - 150) < 1 and abs(marks[0].row - 130) < 1
    press(view.tools._buttons["look"])
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, canvas.on_screen(170, 150).toPoint())
    assert view.marks.currentItem().text() == "2  nlf-2, left"  # type: ignore[union-attr]
    press(view.off)
    until(lambda: window.save.isEnabled())
    press(window.save)
    until(lambda: not program.desk.dirty)
    stored = newest_encounter(found_files(program.desk.archive_root.rglob("*.dcm"))).encounter
    assert stored.photograph_marks == (marks[0], marks[2])
