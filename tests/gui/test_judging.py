"""Two readers at the reviewer's window, by keyboard and blind to each other, from the first record to the last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt5.QtCore import QPoint, Qt, QTimer
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QInputDialog, QLabel, QLineEdit, QListWidget

from archive import Archive
from audit import course_rubric
from audit.review import Opinion, read_list
from procedure.demonstration import demonstration
from tests.gui.waiting import until
from tests.workstation.report.encounter_files import files_of, record_of, study_of
from workstation.cli import main
from workstation.judging.control import JudgingControl
from workstation.judging.loading import Task
from workstation.judging.session import PAUSE_S, Stopwatch
from workstation.palette import dress

CRITERIA = 23
WHOLE = demonstration("normal")
RECORD = replace(WHOLE, images=tuple(image for image in WHOLE.images if image.kind == "still")[:2])


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("judged")
    with Archive(folder / "archive") as archive:
        archive.put_all(files_of(RECORD, folder).objects)
        archive.put(record_of(demonstration("occlusion-rescue"), []))
    yield folder / "archive"


def shown(control: JudgingControl, app: QApplication) -> None:
    dress(app)
    control.window.show()
    control.window.activateWindow()
    assert QTest.qWaitForWindowExposed(control.window)
    control.begin()


def press(control: JudgingControl, key: Qt.Key, held: Qt.KeyboardModifier = Qt.NoModifier) -> None:
    QTest.keyClick(control.window.panel.criteria, key, held)


def said_anywhere(control: JudgingControl) -> str:
    texts = [label.text() for label in control.window.findChildren(QLabel)]
    for listed in control.window.findChildren(QListWidget):
        texts += [item.text() for row in range(listed.count()) if (item := listed.item(row)) is not None]
    return " ".join(texts)


def read_all(control: JudgingControl, first: Qt.Key, second: Qt.Key) -> None:
    """Judges two records: AC1 with the key `first` on the one with pictures, `second` on the other, all else met."""
    for _ in range(2):
        until(lambda: control.session is not None)
        assert control.session is not None and control.loaded is not None
        with_pictures = bool(control.loaded.opened.reels)
        press(control, first if with_pictures else second)
        for _ in range(CRITERIA - 1):
            press(control, Qt.Key_1)
        assert control.session.open == ()
        before = control.session
        press(control, Qt.Key_Return, Qt.ControlModifier)
        until(lambda before=before: control.session is not before)  # type: ignore[misc]
    until(lambda: control.finished)


@pytest.mark.requirement("N8")
@pytest.mark.requirement("C7")
def test_two_readers_blind_and_their_agreement(
    app: QApplication, records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--archive", str(records), "--reviews", str(tmp_path / "reviews")]
    assert main(["review", "sample", "--seed", "x", "--out", str(tmp_path / "list"), *place]) == 0
    work = read_list(tmp_path / "list")
    for reader, first, second in (("Ada Reader", Qt.Key_2, Qt.Key_1), ("Ben Reader", Qt.Key_2, Qt.Key_3)):
        task = Task(records, tmp_path / "reviews", reader, course_rubric(), work)
        control = JudgingControl(task)
        shown(control, app)
        until(lambda control=control: control.session is not None)  # type: ignore[misc]
        if reader == "Ben Reader":
            assert "Ada" not in said_anywhere(control)
            assert all(button.isChecked() is False for button in control.window.panel.opinions.values())
        read_all(control, first, second)
        control.window.close()
        control.end()
        control.window.deleteLater()
    capsys.readouterr()
    assert main(["audit", "agreement", *place, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["id"]: row for row in found["criteria"]}
    assert found["records"] == 2 and found["unsettled"] == 1
    assert rows["AC1"]["verdict"]["observed"]["value"] == 0.5 and rows["AC2"]["verdict"]["observed"]["value"] == 1
    # Ada partial, met; Ben partial, not met: chance agrees in 1/4, so kappa is (1/2 - 1/4) / (3/4).
    assert rows["AC1"]["verdict"]["cohen"]["value"] == pytest.approx(1 / 3)
    assert [reader["measured"] for reader in found["readers"]] == [2, 2]


def test_evidence_comments_and_places(app: QApplication, records: Path, tmp_path: Path) -> None:
    study = study_of(RECORD).study_instance_uid
    control = JudgingControl(Task(records, tmp_path / "reviews", "Ada Reader", course_rubric(), None, study))
    shown(control, app)
    window, panel = control.window, control.window.panel
    canvas = window.player.canvas
    until(lambda: control.session is not None and canvas.picture is not None)
    assert control.session is not None
    first = canvas.board.image
    press(control, Qt.Key_PageDown)
    until(lambda: canvas.board.image != first)
    press(control, Qt.Key_Right)
    assert panel.evidence.currentRow() == 1
    press(control, Qt.Key_Return, Qt.ControlModifier)
    assert panel.note.text().startswith("Not judged yet: AC1"), "what is not complete is not signed"

    press(control, Qt.Key_C)
    until(panel.remark.hasFocus)
    QTest.keyClicks(panel.remark, "1 label is wrong")
    QTest.keyClick(panel.remark, Qt.Key_Return)
    assert control.session.said["AC1"].comment == "1 label is wrong" and control.session.said["AC1"].opinion is None

    def told() -> None:
        dialog = app.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        QTest.keyClicks(field, "dermis?")
        QTest.keyClick(dialog, Qt.Key_Return)

    press(control, Qt.Key_P)
    QTimer.singleShot(200, told)
    at = canvas.viewport.to_screen((120.0, 60.0))
    QTest.mouseClick(canvas, Qt.LeftButton, Qt.NoModifier, QPoint(round(at[0]), round(at[1])))
    (pin,) = control.session.pins
    assert pin.criterion == "AC1" and pin.comment == "dermis?" and pin.image.image_uid == canvas.board.image
    assert abs((pin.column or 0) - 120) < 2 and abs((pin.row or 0) - 60) < 2
    assert any(finding.name == "AC1: dermis?" for finding in canvas.board.findings)
    window.activateWindow()  # no window manager does it when the dialog is gone
    until(window.isActiveWindow)
    for _ in range(CRITERIA):
        press(control, Qt.Key_5)
    assert {said.opinion for said in control.session.said.values()} == {Opinion.CANNOT_TELL}
    press(control, Qt.Key_Return, Qt.ControlModifier)
    until(lambda: control.finished)
    window.close()
    control.end()
    window.deleteLater()


def test_a_pause_is_not_time_at_work() -> None:
    clock = iter([0.0, 10.0, 15.0, 15.0 + 3600, 3620.0])
    watch = Stopwatch(lambda: next(clock))
    for _ in range(4):
        watch.touch()
    assert watch.seconds == 10 + 5 + PAUSE_S + 5
