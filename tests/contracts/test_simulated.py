"""The simulated probe keeps the contract of every source, with each fault that leaves a whole stream."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from devices.source import FrameSource, PixelFormat
from mock_devices import SCENARIOS, SimulatedDriver, SimulatedProbe
from tests.contracts.source_contract import SourceContract


@pytest.mark.requirement("C2")
class TestSimulatedProbe(SourceContract):
    expected_size = (1280, 720)
    expected_format = PixelFormat.MJPEG

    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        return lambda: SimulatedProbe(SCENARIOS["normal"])


class TestThroughItsDriver(SourceContract):
    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        driver = SimulatedDriver()
        return lambda: driver.open(driver.discover()[0])


class TestLateFrames(SourceContract):
    frames_read = 14

    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        return lambda: SimulatedProbe(SCENARIOS["late"])


class TestDroppedFrames(SourceContract):
    frames_read = 20
    may_lose_frames = True

    @pytest.fixture
    def make_source(self) -> Callable[[], FrameSource]:
        return lambda: SimulatedProbe(SCENARIOS["drop"])
