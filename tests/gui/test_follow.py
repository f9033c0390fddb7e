"""A vessel is drawn on one frame and followed through its clip; a person looks, ends it, and takes it over as a whole."""

from __future__ import annotations

import pytest
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtTest import QTest

from annotation import Document, Ellipse, Finding
from tests.gui.events import drag, press, press_line
from tests.gui.using import start
from tests.gui.waiting import until
from workstation.annotate.follow import ConfirmFollowed, EndHere, Follow
from workstation.controller import Controller
from workstation.encounter.in_hand import now

pytestmark = [pytest.mark.window, pytest.mark.requirement("C4")]


def on_frame(frame: int, status: str = "suggested") -> Finding:
    shape = Ellipse.around((40, 30), (6, 4))
    return Finding.model_validate(
        {"kind": "vessel", "shape": shape, "image": "2.25.7", "frame": frame, "by": "AB", "status": status}
        | {"tracking_uid": "2.25.9", "vessel_kind": "artery"}
    )


def test_what_a_person_confirmed_stays_and_what_waits_gives_way() -> None:
    document = Document(findings=(on_frame(0, "confirmed"), on_frame(1, "confirmed"), on_frame(2)))
    document = Follow((on_frame(1), on_frame(2), on_frame(3))).apply(document)
    assert [(f.frame, f.status) for f in sorted(document.findings, key=lambda f: f.frame)] == [
        (0, "confirmed"),
        (1, "confirmed"),
        (2, "suggested"),
        (3, "suggested"),
    ]
    ended = EndHere("2.25.9", "2.25.7", 2).apply(document)
    assert sorted(f.frame for f in ended.findings) == [0, 1, 2]
    taken = ConfirmFollowed("2.25.9", "2.25.7", "CD", now()).apply(ended)
    assert {f.status for f in taken.findings} == {"confirmed"}
    assert sorted(f.by for f in taken.findings) == ["AB", "AB", "CD"], "who confirmed a frame before stays its author"


def test_a_vessel_is_followed_by_one_key_and_accepted_by_another(program: Controller) -> None:
    window, history = program.window, program.desk.history
    start(program)
    press(window.live_panel.clip)
    shown = window.live_view.painted_frames
    until(lambda: window.live_view.painted_frames > shown + 3)
    press(window.live_panel.clip)
    until(lambda: window.live_panel.captures.count() == 1)
    press_line(window.live_panel.captures, 0)
    player = window.label_player
    until(lambda: player.canvas.picture is not None and player.reel is not None)
    assert player.reel is not None
    frames = len(player.reel.timestamps_s)
    assert frames > 1
    QTest.keyClick(player.canvas, Qt.Key_E)
    middle = QPoint(player.canvas.width() // 2, player.canvas.height() // 2)
    drag(player.canvas, middle, middle + QPoint(40, 30))
    QTest.keyClick(window.annotate_panel.picker.line, Qt.Key_Escape)
    QTest.keyClick(player.canvas, Qt.Key_W)
    until(lambda: "Followed on" in window.strip.said.text())
    labels = history.document.findings
    assert len({f.tracking_uid for f in labels}) == 1 and len(labels) > 1
    assert [f.status for f in labels].count("confirmed") == 1, "what was followed waits for a person"
    QTest.keyClick(player.canvas, Qt.Key_A, Qt.ShiftModifier)
    assert {f.status for f in history.document.findings} == {"confirmed"}
    QTest.keyClick(player.canvas, Qt.Key_X, Qt.ShiftModifier)
    assert [f.frame for f in history.document.findings] == [0], "it ends on the frame that is shown"
    for _ in range(3):
        QTest.keyClick(player.canvas, Qt.Key_Z, Qt.ControlModifier)
    assert [(f.frame, f.status) for f in history.document.findings] == [(0, "confirmed")]
