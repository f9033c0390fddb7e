"""A plan drawn by hand on the face map: by the mouse, by keys, undone, and read back from the files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest

from procedure import Phase
from procedure.answers import Side
from procedure.demonstration import demonstration
from procedure.face_map import side_of
from procedure.plan import InjectionPlane
from procedure.states import State
from tests.gui.events import choose_place, press, type_into
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.encounter.forms.editors import ListEditor
from workstation.encounter.forms.typed import LineEditor
from workstation.encounter.in_hand import Kept
from workstation.encounter.map_drawing import MapTool
from workstation.studies.encounters import newest_encounter
from workstation.studies.found_files import found_files

pytestmark = [pytest.mark.window, pytest.mark.requirement("N11"), pytest.mark.requirement("S21")]


def open_map(program: Controller, *, plans: bool = False) -> None:
    """The demonstration's record, without its plans, and the face map in front."""
    record = replace(demonstration("normal"), state=State.DRAFT, signatures=())
    if not plans:
        record = replace(record, plans=(), injections=tuple(replace(i, plan_id="") for i in record.injections))
    program.desk.encounter.restore(Kept(record, ()))
    program.encounter.show_part("map")


def told(program: Controller) -> list[str]:
    listed = program.encounter.map.drawing.beside
    return [listed.item(row).text() for row in range(listed.count())]  # type: ignore[union-attr]


def test_a_plan_is_drawn_by_the_mouse_kept_and_read_back(program: Controller) -> None:
    open_map(program)
    view, face = program.encounter.map, program.encounter.map.map
    assert "Before  3/3" in [button.text() for button in view.phases._buttons.values()]
    press(view.drawing.tools._buttons[MapTool.PATH.value])
    begins, ends = (face.place_of(number).toPoint() for number in ("c", "b"))
    QTest.mousePress(face, Qt.LeftButton, Qt.NoModifier, begins)
    QTest.mouseMove(face, (begins + ends) / 2)
    QTest.mouseRelease(face, Qt.LeftButton, Qt.NoModifier, ends)
    (plan,) = program.desk.encounter.record.plans
    assert plan.face_path is not None and side_of(plan.face_path.entry) is Side.LEFT
    assert (plan.region, plan.side, plan.plan_id) == ("nlf", Side.LEFT, "plan-1")
    assert any("facial artery" in line and "the planned depth is not told" in line for line in told(program))

    assert isinstance(view.drawing.depth, LineEditor) and isinstance(view.drawing.plane, ListEditor)
    type_into(view.drawing.depth.line, "7.5")
    choose_place(view.drawing.plane.box, view.drawing.plane._values.index(InjectionPlane.DEEP_FAT))
    assert any("from its wall" in line and "±" in line for line in told(program))

    press(view.drawing.tools._buttons[MapTool.DEPOSIT.value])
    QTest.mouseDClick(face, Qt.LeftButton, Qt.NoModifier, ends + QPoint(30, 0))
    QTest.mouseClick(face, Qt.LeftButton, Qt.NoModifier, ends + QPoint(30, 0))
    press(view.drawing.tools._buttons[MapTool.INJECTION.value])
    assert view.phase is Phase.DURING
    QTest.mouseClick(face, Qt.LeftButton, Qt.NoModifier, ends)
    record = program.desk.encounter.record
    assert len(record.plans[0].deposits) == 1 and [one.on_face is not None for one in record.injections] == [
        False,
        True,
    ]
    assert (record.plans[0].depth_mm, record.plans[0].plane) == (7.5, InjectionPlane.DEEP_FAT)
    assert "P1" not in [mark.number for mark in face.marks]

    program.tell_visit("patient_id", "P-1")
    press(program.window.save)
    until(lambda: program.desk.stored and not program.desk.dirty)
    stored = newest_encounter(found_files(program.desk.archive_root.rglob("*.dcm"))).encounter
    assert stored.plans == record.plans and stored.injections == record.injections


def test_drawing_by_keys_and_undo(program: Controller) -> None:
    open_map(program, plans=True)
    view, face = program.encounter.map, program.encounter.map.map
    before = program.desk.encounter.record
    press(view.drawing.tools._buttons[MapTool.PATH.value])
    until(face.hasFocus)
    for key in (Qt.Key_Return, Qt.Key_Down, Qt.Key_Down, Qt.Key_Right, Qt.Key_Return):
        QTest.keyClick(face, key)
    (plan,) = program.desk.encounter.record.plans
    assert plan.face_path is not None
    entry, target = plan.face_path.entry, plan.face_path.target
    assert (target.x_mm - entry.x_mm, target.y_mm - entry.y_mm) == (3.0, 6.0)
    QTest.keyClick(face, Qt.Key_Z, Qt.ControlModifier)
    assert program.desk.encounter.record.plans == before.plans
    QTest.keyClick(face, Qt.Key_Escape)
    assert face.tool is MapTool.LOOK and view.drawing.tools._buttons[MapTool.LOOK.value].isChecked()
    QTest.mouseClick(face, Qt.LeftButton, Qt.NoModifier, face.place_of("b").toPoint())
    assert view.map.number == "b", "with no tool in hand a press chooses again"


def test_what_is_no_place_is_said_and_nothing_is_drawn(program: Controller) -> None:
    open_map(program)
    view, face = program.encounter.map, program.encounter.map.map
    before = program.desk.encounter.record
    press(view.drawing.tools._buttons[MapTool.DEPOSIT.value])
    QTest.mouseClick(face, Qt.LeftButton, Qt.NoModifier, QPoint(3, 3))
    assert "beside the face" in view.told.text()
    QTest.mouseClick(face, Qt.LeftButton, Qt.NoModifier, face.place_of("b").toPoint())
    assert "Draw the path first" in view.told.text()
    press(view.drawing.off)
    assert "Choose a drawn path" in view.told.text()
    assert program.desk.encounter.record == before
