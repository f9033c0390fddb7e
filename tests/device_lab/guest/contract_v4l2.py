"""The contract of every source, kept by V4l2Source on a real driver. Run by pytest inside the guest, never on the host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.source import PixelFormat
from tests.contracts.silent_contract import SilentSourceContract
from tests.contracts.source_contract import MakeSource, SourceContract
from tests.device_lab.guest.lab import LabCamera, find_camera, open_source


@pytest.fixture(scope="module")
def camera() -> Iterator[LabCamera]:
    with LabCamera(sizes=("640x480",)) as camera:
        yield camera


class TestV4l2Source(SourceContract):
    expected_size = (640, 480)
    expected_format = PixelFormat.MJPEG
    may_lose_frames = True  # the guest is an emulated machine
    patience_s = 20.0
    margin_s = 4.0

    @pytest.fixture
    def make_source(self, camera: LabCamera) -> MakeSource:
        info = find_camera()
        return lambda: open_source(info)


class TestSilentV4l2Source(SilentSourceContract):
    margin_s = 4.0

    @pytest.fixture
    def make_silent_source(self, camera: LabCamera) -> Iterator[MakeSource]:
        info = find_camera()
        camera.say("stall")
        yield lambda: open_source(info)
        camera.say("go")
