"""GS1 codes in pictures: drawn by another library (zint, inside zxing-cpp), then photographed badly."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import zxingcpp

from devices.cv import cv2
from imaging.pack_codes import pack_codes
from imaging.pictures import Bgr
from procedure.gs1 import read_gs1
from tests.imaging.packs import pack

CODE = "(01)08806378123455(17)280630(10)LOT42(21)SER1"
SCANNED = "010880637812345517280630" + "10LOT42\x1d21SER1"


def photographed(code: Bgr, *, turn_deg: float, lean: float, blur: float, noise: float) -> Bgr:
    """The code on a table before a camera of 1280 x 720: turned, seen from aside, out of focus, noisy, as JPEG."""
    size = code.shape[0]
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * 150
    angle = np.deg2rad(turn_deg)
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    away = 1 + lean * turned[:, 1:] / 300
    target = (turned / away + (640, 360)).astype(np.float32)
    source = np.array([[0, 0], [size, 0], [size, size], [0, size]], np.float32)
    table = np.full((720, 1280, 3), 140, np.uint8)
    warped = cv2.warpPerspective(
        code, cv2.getPerspectiveTransform(source, target), (1280, 720), dst=table, borderMode=cv2.BORDER_TRANSPARENT
    )
    soft = cv2.GaussianBlur(warped, (0, 0), blur).astype(np.float64)
    grainy = np.clip(soft + np.random.default_rng(6).normal(0, noise, soft.shape), 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return cv2.imdecode(jpeg, cv2.IMREAD_COLOR)


@pytest.mark.requirement("S31")
@pytest.mark.parametrize("turn_deg", [0, 20, 90, 200])
def test_a_code_is_read_as_a_camera_sees_it(turn_deg: float) -> None:
    picture = photographed(pack(CODE), turn_deg=turn_deg, lean=0.3, blur=1.5, noise=8)
    (code,) = pack_codes(picture)
    assert code.gs1 and code.text == SCANNED
    assert abs(code.centre[0] - 640) < 40 and abs(code.centre[1] - 360) < 40
    told = read_gs1(code.text, today=date(2026, 1, 1))
    assert (told.lot, told.serial, told.gtin) == ("LOT42", "SER1", "08806378123455")


def test_a_code_that_is_no_gs1_comes_last_and_says_so() -> None:
    plain = np.array(zxingcpp.create_barcode("https://example.org", zxingcpp.BarcodeFormat.QRCode).to_image(scale=5))
    gs1 = pack(CODE)
    table = np.full((400, 900, 3), 255, np.uint8)
    table[20 : 20 + plain.shape[0], 30 : 30 + plain.shape[1]] = plain[..., None]
    table[200 : 200 + gs1.shape[0], 600 : 600 + gs1.shape[1]] = gs1
    first, second = pack_codes(table)
    assert first.gs1 and first.text == SCANNED and not second.gs1 and "example" in second.text


def test_a_picture_without_a_code_has_none() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    assert pack_codes(noise) == () and pack_codes(np.zeros((480, 640, 3), np.uint8)) == ()
