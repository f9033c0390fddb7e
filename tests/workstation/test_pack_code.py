"""What a pack's code changes in a product, and what is asked before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from devices.cv import cv2
from devices.errors import UnreadableFile
from devices.playback import PlaybackSource
from devices.registry import DriverRegistry
from devices.source import DeviceInfo, FrameSource
from procedure.errors import NotGs1
from tests.imaging.packs import pack
from workstation.encounter.pack_code.filling import filling
from workstation.encounter.pack_code.looking import code_at_camera, code_in_picture

CODE = "(01)08806378123455(17)280630(10)LOT42(21)SER1"
TODAY = date(2026, 11, 30)


def test_a_blank_product_is_filled_without_a_question() -> None:
    found = filling(CODE, {"lot": "", "expiry": None, "brand": "A filler"}, today=TODAY)
    assert found.question == "" and "LOT42" in found.told and "2028-06-30" in found.told
    assert dict(found.values) == {
        "gtin": "08806378123455",
        "lot": "LOT42",
        "expiry": date(2028, 6, 30),
        "serial": "SER1",
        "udi": CODE,
    }


def test_an_expired_pack_and_another_lot_are_asked_about() -> None:
    late = filling(CODE, {}, today=date(2028, 7, 1))
    assert late.question == "This pack expired on 2028-06-30. Enter it all the same?"
    assert not filling(CODE, {}, today=date(2028, 6, 30)).question, "its last day"
    other = filling(CODE, {"lot": "LOT41", "serial": "SER1"}, today=TODAY)
    assert "LOT42" in other.question and "LOT41" in other.question and "SER1" not in other.question
    with pytest.raises(NotGs1):
        filling("hello", {}, today=TODAY)


class Camera:
    """A driver whose camera films one picture, as the playback of a file."""

    name = "camera"

    def __init__(self, picture: Path) -> None:
        self.picture = picture

    def discover(self) -> list[DeviceInfo]:
        return [DeviceInfo("uvc:1d6b:0102@1-1", "Camera", "uvc", "1d6b", "0102", None, "1-1")]

    def open(self, info: DeviceInfo) -> FrameSource:
        return PlaybackSource(self.picture)


def test_a_picture_and_a_camera_are_looked_at_until_a_code_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "pack.png"
    cv2.imwrite(str(path), pack(CODE))
    code = code_in_picture(path)
    assert filling(code, {}, today=TODAY).values["lot"] == "LOT42" and "\x1d" in code
    assert code_at_camera(DriverRegistry([Camera(path)], tmp_path), "uvc:1d6b:0102@1-1", Event()) == code
    cv2.imwrite(str(path), np.full((200, 300, 3), 255, np.uint8))
    with pytest.raises(UnreadableFile, match="hold the pack"):
        code_in_picture(path)
    path.write_bytes(b"no picture")
    with pytest.raises(UnreadableFile):
        code_in_picture(path)
