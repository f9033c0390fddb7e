"""The foot switch: bytes through a real pseudo-terminal, contacts through a double of the port (a pty has no lines)."""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound, FormatNotSupported
from devices.pedal.debounce import Debounce
from devices.pedal.gestures import Gesture, GestureReader
from devices.pedal.port import ContactPedal, PedalEvent, SerialPedal, open_port
from devices.pedal.protocols import PROTOCOLS
from mock_devices.pedal import SimulatedPedal

MS = 1_000_000

pytestmark = pytest.mark.requirement("N13")


class Wire:
    """The far end of a pseudo-terminal: what a pedal's microcontroller would write into."""

    def __init__(self) -> None:
        self.master, self._slave = os.openpty()
        self.name = os.ttyname(self._slave)

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def unplug(self) -> None:
        if self.master >= 0:
            os.close(self._slave)
            os.close(self.master)
            self.master = -1


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.unplug()


# --- bytes, over a pseudo-terminal ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("protocol", "sent", "said"),
    [
        ("lines", b"1\r\n0\r\n", [(1, True), (1, False)]),
        ("lines", b"2:1\n1:1\n2:0\n", [(2, True), (1, True), (2, False)]),
        ("digits", b"1010", [(1, True), (1, False), (1, True), (1, False)]),
        ("letters", b"AaBb", [(1, True), (1, False), (2, True), (2, False)]),
        ("toggle", b"1122", [(1, True), (1, False), (2, True), (2, False)]),
        ("pulse", b"31", [(3, True), (3, False), (1, True), (1, False)]),
    ],
)
def test_a_pedal_that_sends_bytes(wire: Wire, protocol: str, sent: bytes, said: list[tuple[int, bool]]) -> None:
    with SerialPedal(open_port(wire.name), protocol) as pedal:
        before_ns = time.monotonic_ns()
        for byte in sent:
            wire.send(bytes([byte]))
        events = [pedal.read(2.0) for _ in said]
        assert [(event.pedal, event.pressed) for event in events if event] == said
        times = [event.timestamp_ns for event in events if event]
        assert times == sorted(times) and before_ns <= times[0] and times[-1] <= time.monotonic_ns()
        assert pedal.read(0.05) is None


def test_the_simulated_foot_switch() -> None:
    with SimulatedPedal() as foot, SerialPedal(open_port(foot.path), "digits") as pedal:
        foot.press()
        event = pedal.read(2.0)
        assert event is not None and event.pressed


def test_saying_twice_that_it_is_down_is_one_press(wire: Wire) -> None:
    with SerialPedal(open_port(wire.name)) as pedal:
        wire.send(b"1\n1\n1\n0\n0\n")
        events = [pedal.read(1.0), pedal.read(1.0), pedal.read(0.05)]
        assert [event and event.pressed for event in events] == [True, False, None]


def test_nothing_comes_in_the_time_told(wire: Wire) -> None:
    with SerialPedal(open_port(wire.name)) as pedal:
        for timeout_s in (0.0, 0.03, 0.25):
            began = time.monotonic()
            assert pedal.read(timeout_s) is None
            assert timeout_s * 0.9 <= time.monotonic() - began < timeout_s + 0.5


def test_noise_is_counted_and_does_no_harm(wire: Wire) -> None:
    with SerialPedal(open_port(wire.name), "lines") as pedal:
        wire.send(b"\xff\x00\x80 garbage\n1\n")
        event = pedal.read(1.0)
        assert event is not None and event.pressed
        assert pedal.protocol.unknown == 1


def test_an_unplugged_pedal_is_lost(wire: Wire) -> None:
    with SerialPedal(open_port(wire.name)) as pedal:
        wire.send(b"1\n")
        assert pedal.read(1.0) is not None
        wire.unplug()
        with pytest.raises(DeviceLost, match="plug it in"):
            pedal.read(2.0)


def test_close_from_another_thread_ends_a_read(wire: Wire) -> None:
    pedal = SerialPedal(open_port(wire.name))
    ended: list[DeviceError] = []

    def reader() -> None:
        try:
            pedal.read(30.0)
        except DeviceError as error:
            ended.append(error)

    thread = threading.Thread(target=reader)
    thread.start()
    time.sleep(0.1)
    pedal.close()
    thread.join(2.0)
    assert not thread.is_alive() and isinstance(ended[0], DeviceLost)
    pedal.close()


def test_a_port_that_is_not_there_or_taken(wire: Wire) -> None:
    with pytest.raises(DeviceNotFound):
        open_port("/dev/ttyNOTHERE0")
    port = open_port(wire.name)
    try:
        with pytest.raises(DeviceBusy):
            open_port(wire.name)
    finally:
        port.close()


@given(st.sampled_from(sorted(PROTOCOLS)), st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_pieces_of_any_size_say_the_same(protocol: str, data: bytes, cuts: list[int]) -> None:
    whole = PROTOCOLS[protocol]()
    pieces = PROTOCOLS[protocol]()
    said = []
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in itertools.pairwise(edges):
        said += pieces.feed(data[start:end])
    if protocol != "lines" or len(data) <= 64:  # a line longer than that is noise, wherever it is cut
        assert said == whole.feed(data)


# --- contacts, over a double of the port ----------------------------------------------------------------------------


class Contacts:
    """The lines of a serial port as `serial.Serial` shows them, moved by the test's own hand and clock."""

    def __init__(self) -> None:
        self.cts = self.dsr = False
        self.in_waiting = 0
        self.gone = False

    def read(self, size: int = 1) -> bytes:
        return b""

    def close(self) -> None:
        self.gone = True


class Script:
    """A clock that moves the contacts: a state for each millisecond, as the polls come by."""

    def __init__(self, port: Contacts, states: list[bool], line: str = "cts") -> None:
        self._port, self._states, self._line, self.polls = port, states, line, 0

    def now_ns(self) -> int:
        state = self._states[min(self.polls, len(self._states) - 1)]
        setattr(self._port, self._line, state)
        self.polls += 1
        return self.polls * MS


def contact_events(states: list[bool], line: str = "cts", **how: object) -> list[PedalEvent]:
    port = Contacts()
    if not how.get("closed_is_down", True):
        port.cts = port.dsr = True
    script = Script(port, states, line)
    pedal = ContactPedal(port, {line: 1}, now_ns=script.now_ns, **how)  # type: ignore[dict-item, arg-type]
    events = []
    while script.polls < len(states) + 10:
        event = pedal.read(0.05)
        if event is not None:
            events.append(event)
    return events


UP, DOWN = False, True


@pytest.mark.parametrize("line", ["cts", "dsr"])
def test_a_contact_is_a_press_and_a_release(line: str) -> None:
    events = contact_events([UP] * 5 + [DOWN] * 30 + [UP] * 30, line, debounce_s=0.005)
    assert [(event.pressed, event.timestamp_ns) for event in events] == [(True, 6 * MS), (False, 36 * MS)]


def test_bouncing_is_one_press_at_its_first_edge() -> None:
    bouncing = [UP] * 5 + [DOWN, UP, DOWN, DOWN, UP] + [DOWN] * 30 + [UP, DOWN, UP, DOWN] + [UP] * 30
    events = contact_events(bouncing, debounce_s=0.005)
    assert [(event.pressed, event.timestamp_ns) for event in events] == [(True, 6 * MS), (False, 41 * MS)]


def test_a_glitch_is_nothing() -> None:
    assert contact_events([UP] * 5 + [DOWN] * 3 + [UP] * 30, debounce_s=0.005) == []


def test_a_contact_that_opens_under_the_foot() -> None:
    events = contact_events([DOWN] * 5 + [UP] * 30 + [DOWN] * 30, debounce_s=0.005, closed_is_down=False)
    assert [event.pressed for event in events] == [True, False]


def test_a_foot_on_the_pedal_at_the_start_is_no_press() -> None:
    port = Contacts()
    port.cts = True
    pedal = ContactPedal(port, {"cts": 1}, debounce_s=0.005)
    assert pedal.read(0.05) is None
    port.cts = False
    event = pedal.read(1.0)
    assert event is not None and not event.pressed


def test_two_pedals_on_two_lines() -> None:
    port = Contacts()
    pedal = ContactPedal(port, {"cts": 1, "dsr": 2}, debounce_s=0.005)
    port.dsr = True
    first = pedal.read(1.0)
    port.cts = True
    second = pedal.read(1.0)
    assert first and second and (first.pedal, second.pedal) == (2, 1)


def test_a_contact_port_that_goes_away_is_lost() -> None:
    class Going(Contacts):
        gone_now = False

        def __getattribute__(self, name: str) -> object:
            if name == "cts" and object.__getattribute__(self, "gone_now"):
                raise OSError(5, "Input/output error")
            return object.__getattribute__(self, name)

    port = Going()
    pedal = ContactPedal(port)
    port.gone_now = True
    with pytest.raises(DeviceLost):
        pedal.read(1.0)


def test_a_pseudo_terminal_has_no_contact_lines_and_says_so(wire: Wire) -> None:
    port = open_port(wire.name)
    try:
        with pytest.raises(FormatNotSupported, match="CTS"):
            ContactPedal(port)
    finally:
        port.close()


@given(st.lists(st.booleans(), max_size=200), st.integers(1, 10))
def test_debounced_changes_alternate_and_are_apart(samples: list[bool], stable: int) -> None:
    debounce = Debounce(False, stable)
    value, last_accepted = False, -stable
    for at, sample in enumerate(samples):
        edge = debounce.add(sample, at)
        if edge is not None:
            assert debounce.value is not value
            assert edge <= at - stable and at - last_accepted >= stable
            value, last_accepted = debounce.value, at


# --- gestures -------------------------------------------------------------------------------------------------------


def gestures(
    *changes: tuple[int, bool], tick_ms: int | None = None, end_ms: int = 10_000, **how: float
) -> list[Gesture]:
    """The gestures of one pedal that changes at these times (ms), with a tick each `tick_ms`."""
    reader = GestureReader(**how)
    told: list[Gesture] = []
    now = 0
    for at_ms, pressed in changes:
        while tick_ms and now + tick_ms < at_ms:
            now += tick_ms
            told += reader.tick(now * MS)
        told += reader.feed(PedalEvent(1, pressed, at_ms * MS))
        now = max(now, at_ms)
    return told + reader.tick(max(end_ms, now + 5000) * MS)


def test_a_short_press() -> None:
    assert gestures((100, True), (250, False)) == [Gesture("short", 1, 100 * MS)]


def test_a_long_press_is_told_while_the_foot_is_down() -> None:
    reader = GestureReader(long_s=0.8)
    assert reader.feed(PedalEvent(1, True, 0)) == []
    assert reader.tick(799 * MS) == []
    assert reader.tick(800 * MS) == [Gesture("long", 1, 0)]
    assert reader.feed(PedalEvent(1, False, 900 * MS)) == [] and reader.tick(9000 * MS) == []


def test_a_double_press_is_no_short_one() -> None:
    assert gestures((100, True), (200, False), (400, True), (500, False)) == [Gesture("double", 1, 100 * MS)]


def test_two_presses_far_apart_are_two_short_ones() -> None:
    told = gestures((100, True), (200, False), (700, True), (800, False))
    assert [gesture.kind for gesture in told] == ["short", "short"]


def test_without_doubles_a_short_press_is_told_on_release() -> None:
    reader = GestureReader(double_s=0)
    reader.feed(PedalEvent(1, True, 0))
    assert reader.feed(PedalEvent(1, False, 100 * MS)) == [Gesture("short", 1, 0)]


def test_pedals_do_not_disturb_each_other() -> None:
    reader = GestureReader()
    told = []
    for pedal, pressed, at in ((1, True, 0), (2, True, 50), (1, False, 100), (2, False, 120), (2, True, 200)):
        told += reader.feed(PedalEvent(pedal, pressed, at * MS))
    told += reader.tick(5000 * MS)
    assert told == [Gesture("double", 2, 50 * MS), Gesture("short", 1, 0)]


@settings(max_examples=300)
@given(st.lists(st.integers(1, 1500), max_size=20), st.integers(1, 400))
def test_how_often_time_is_told_changes_nothing(pauses: list[int], tick_ms: int) -> None:
    changes, at = [], 0
    for number, pause in enumerate(pauses):
        at += pause
        changes.append((at, number % 2 == 0))
    told = gestures(*changes, end_ms=at + 5000)
    assert gestures(*changes, tick_ms=tick_ms, end_ms=at + 5000) == told
    presses = sum(1 for _, pressed in changes if pressed)
    assert sum(2 if gesture.kind == "double" else 1 for gesture in told) == presses
