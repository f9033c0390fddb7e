"""The simulated foot switch, heard through a real serial port's interface."""

from __future__ import annotations

import subprocess
import sys

import pytest
import serial

from devices.errors import DeviceLost
from devices.pedal.port import SerialPedal, open_port
from mock_devices.pedal import SimulatedPedal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def test_what_it_sends_arrives_byte_for_byte() -> None:
    with SimulatedPedal() as pedal, serial.Serial(pedal.path, 9600, timeout=2) as port:
        pedal.tap()
        pedal.chatter(3)
        assert port.read(10) == b"1\n0\n1\n1\n1\n"
        everything = bytes(range(256))
        pedal.send(everything)
        assert port.read(256) == everything, "the terminal changes nothing"


def test_a_reader_may_come_and_go() -> None:
    """Opening a serial port throws away what waited in it; what is sent while it is open arrives."""
    with SimulatedPedal(press=b"\x55", release=b"") as pedal:
        for _ in range(2):
            pedal.tap()
            with serial.Serial(pedal.path, timeout=2) as port:
                port.reset_input_buffer()
                pedal.tap()
                assert port.read(1) == b"\x55"


def test_the_programs_own_foot_switch_hears_it() -> None:
    with SimulatedPedal() as pedal, SerialPedal(open_port(pedal.path)) as heard:
        pedal.tap()
        pedal.chatter(3)
        pedal.release()
        events = [heard.read(2.0) for _ in range(4)]
        assert [(event.pedal, event.pressed) for event in events if event] == [(1, True), (1, False)] * 2
        assert heard.read(0.1) is None


def test_unplugged_it_ends_the_reader() -> None:
    pedal = SimulatedPedal()
    with serial.Serial(pedal.path, timeout=2) as port:
        pedal.unplug()
        with pytest.raises((serial.SerialException, OSError)):
            port.read(1)
    with pytest.raises(DeviceLost):
        pedal.press()
    pedal.close()


def test_by_hand() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mock_devices.pedal"],
        input="\n\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert "The foot switch is at /dev/" in ran.stdout
    assert ran.stderr == ""
