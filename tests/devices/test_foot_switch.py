"""The foot switch at work, with the simulated pedal on a real pseudo-terminal: gestures, unplugging, coming back."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from devices.errors import DeviceError, DeviceLost, DeviceNotFound
from devices.pedal.foot_switch import FootSwitch
from devices.pedal.gestures import Gesture, GestureReader
from devices.pedal.port import Pedal, SerialPedal, open_port
from mock_devices.pedal import SimulatedPedal

pytestmark = pytest.mark.requirement("N13")


def quick() -> GestureReader:
    return GestureReader(long_s=0.3, double_s=0.15)


class Plug:
    """A place on the disk where the pedal's port appears and goes, as /dev/serial/by-id does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pedal"

    def put(self, pedal: SimulatedPedal) -> None:
        self.path.symlink_to(pedal.path)

    def open(self) -> Pedal:
        return SerialPedal(open_port(str(self.path)), "digits")


def test_gestures_are_told(tmp_path: Path) -> None:
    plug = Plug(tmp_path)
    told: queue.Queue[Gesture] = queue.Queue()
    ready = threading.Event()
    with SimulatedPedal() as foot:
        plug.put(foot)
        with FootSwitch(plug.open, told.put, lambda _: ready.set(), make_reader=quick):
            assert ready.wait(5)
            foot.tap()
            assert told.get(timeout=5).kind == "short"
            foot.tap()
            foot.tap()
            assert told.get(timeout=5).kind == "double"
            foot.press()
            assert told.get(timeout=5).kind == "long"
            foot.release()
        assert told.empty()


def test_a_pedal_that_was_unplugged_is_waited_for(tmp_path: Path) -> None:
    plug = Plug(tmp_path)
    told: queue.Queue[Gesture] = queue.Queue()
    states: queue.Queue[DeviceError | None] = queue.Queue()
    with FootSwitch(plug.open, told.put, states.put, make_reader=quick, reopen_s=0.05):
        assert isinstance(states.get(timeout=5), DeviceNotFound)
        with SimulatedPedal() as foot:
            plug.put(foot)
            assert states.get(timeout=5) is None
            foot.press()
            plug.path.unlink()
        assert isinstance(states.get(timeout=5), DeviceLost)
        assert isinstance(states.get(timeout=5), DeviceNotFound)
        with SimulatedPedal() as foot:
            plug.put(foot)
            assert states.get(timeout=5) is None
            foot.tap()
            assert told.get(timeout=5).kind == "short"
            assert states.empty(), "an absence is told once, not each second"


def test_closing_ends_the_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    switch = FootSwitch(Plug(tmp_path).open, lambda _: None, reopen_s=60)
    switch.start()
    with pytest.raises(RuntimeError):
        switch.start()
    switch.close()
    switch.close()
    assert set(threading.enumerate()) <= before
