"""The code on a pack fills the product's form: by hand scanner, and by a second camera; an expired pack is a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QMessageBox

from devices.cv import cv2
from devices.registry import Driver, DriverRegistry
from mock_devices import SimulatedDriver
from procedure.products import Material
from tests.gui.using import press
from tests.gui.waiting import until
from tests.imaging.packs import pack
from tests.workstation.test_pack_code import CODE, Camera
from workstation.controller import Controller
from workstation.palette import dress

pytestmark = pytest.mark.window
EXPIRED = "(01)08806378123455(17)200131(10)OLD7"


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    made = Camera(tmp_path / "pack.png")
    cv2.imwrite(str(made.picture), pack(EXPIRED))
    return made


@pytest.fixture
def program(app: QApplication, tmp_path: Path, camera: Camera) -> Iterator[Controller]:
    dress(app)
    drivers: list[Driver] = [SimulatedDriver(), camera]
    made = Controller(tmp_path / "archive", registry=lambda: DriverRegistry(drivers, tmp_path / "state"))
    made.window.show()
    made.begin()
    made.encounter.show_part("products")
    yield made
    made.desk.saved(made.desk.draft())
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


@pytest.mark.requirement("S31")
def test_a_hand_scanner_fills_the_product(program: Controller) -> None:
    page = program.window.encounter_page
    line = page.pack_code.line
    assert line.isVisible() and page.form is None
    QTest.keyClicks(line, CODE)
    QTest.keyClick(line, Qt.Key_Return)
    assert page.form is not None, "a product is begun"
    brand = page.form.editors["brand"]
    brand.show_value("A filler")
    page.form.editors["material"].show_value(Material.HA)
    brand.changed.emit()
    (product,) = program.desk.encounter.record.products
    assert (product.lot, product.gtin, product.serial) == ("LOT42", "08806378123455", "SER1")
    QTest.keyClicks(line, "no code")
    QTest.keyClick(line, Qt.Key_Return)
    assert "by hand" in page.pack_code.told.text() and program.desk.encounter.record.products == (product,)
    program.encounter.show_part("plans")
    assert not page.pack_code.isVisible()


def test_a_camera_reads_it_and_an_expired_pack_is_a_question(
    program: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = program.window.encounter_page.pack_code
    until(lambda: bar.camera.isEnabled())
    assert [bar.cameras.itemText(n) for n in range(bar.cameras.count())] == ["Camera"], "not the simulated probe"
    asked: list[str] = []
    answers = [QMessageBox.Cancel, QMessageBox.Yes]

    def question(_bar: object, _title: str, text: str, *_: object) -> int:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    press(bar.camera)
    until(lambda: asked)
    assert "expired on 2020-01-31" in asked[0] and bar.told.text() == "Nothing was entered."
    press(bar.camera)
    until(lambda: "OLD7" in bar.told.text())
    form = program.window.encounter_page.form
    assert form is not None and form.editors["lot"].value() == "OLD7"
