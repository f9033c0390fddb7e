"""A foot switch on a serial port: a stream of presses and releases with their times.

Two kinds: pedals that send bytes (`SerialPedal`, with a protocol of `devices.pedal.protocols`), and bare contacts between
the port's own lines (`ContactPedal`: CTS or DSR against RTS or DTR). `gestures.py` makes short, long and double presses
of the events; `docs/how-to/foot-switch.md` says which of this was tried on what.
"""

from __future__ import annotations

import errno
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, Self

import serial

from devices.errors import DeviceBusy, DeviceDenied, DeviceError, DeviceLost, DeviceNotFound, FormatNotSupported
from devices.pedal.debounce import Debounce
from devices.pedal.protocols import PROTOCOLS, PedalProtocol

Line = Literal["cts", "dsr"]

#: How long a read of the port lasts at most, in s: so soon `close` is noticed on every platform.
_SLICE_S: Final = 0.1
_POLL_S: Final = 0.005


@dataclass(frozen=True, slots=True)
class PedalEvent:
    """A pedal (from 1) went down or came up, at a time on the clock of `time.monotonic_ns`."""

    pedal: int
    pressed: bool
    timestamp_ns: int


class Port(Protocol):
    """What is used of `serial.Serial`."""

    @property
    def cts(self) -> bool: ...
    @property
    def dsr(self) -> bool: ...
    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int = 1, /) -> bytes: ...
    def close(self) -> None: ...


class Pedal(ABC):
    """A foot switch that is open. `read` by one thread; `close` from any."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._closing = threading.Event()
        self._waiting: deque[PedalEvent] = deque()
        self._down: dict[int, bool] = {}

    def read(self, timeout_s: float) -> PedalEvent | None:
        """The next event, oldest first; None when nothing happened for `timeout_s`.

        Only changes are events: a pedal that says twice that it is down went down once. Raises DeviceLost when the
        port went away or was closed.
        """
        until = time.monotonic() + timeout_s
        while not self._waiting:
            left_s = until - time.monotonic()
            if self._closing.is_set():
                raise DeviceLost("The foot switch was closed.")
            try:
                changes = self._changes(max(0.0, min(left_s, _SLICE_S)))
            except (OSError, TypeError, ValueError) as error:  # TypeError: pyserial, closed by another thread
                if self._closing.is_set():
                    raise DeviceLost("The foot switch was closed.") from error
                raise DeviceLost("The foot switch went away: plug it in again.") from error
            for pedal, pressed, at_ns in changes:
                if self._down.get(pedal, False) is not pressed:
                    self._down[pedal] = pressed
                    self._waiting.append(PedalEvent(pedal, pressed, at_ns))
            if left_s <= 0 and not self._waiting:
                return None
        return self._waiting.popleft()

    def close(self) -> None:
        """Give the port back; a read that waits ends soon with DeviceLost. Harmless when closed."""
        self._closing.set()
        self._port.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def _changes(self, timeout_s: float) -> list[tuple[int, bool, int]]:
        """Called by `read`: what changed within `timeout_s`, as (pedal, is down, time in ns)."""


class SerialPedal(Pedal):
    """A pedal that sends bytes. `protocol` is a name of `devices.pedal.protocols.PROTOCOLS`, or a decoder of one's own."""

    def __init__(self, port: Port, protocol: str | PedalProtocol = "lines") -> None:
        super().__init__(port)
        self.protocol = PROTOCOLS[protocol]() if isinstance(protocol, str) else protocol

    def _changes(self, timeout_s: float) -> list[tuple[int, bool, int]]:
        # The port's own time-out is _SLICE_S; a shorter wait is kept by asking what is there.
        if timeout_s < _SLICE_S and not self._port.in_waiting:
            self._closing.wait(min(timeout_s, _POLL_S))
            if not self._port.in_waiting:
                return []
        data = self._port.read(1)
        at_ns = time.monotonic_ns()
        if data:
            data += self._port.read(self._port.in_waiting)
        return [(pedal, down, at_ns) for pedal, down in self.protocol.feed(data)]


class ContactPedal(Pedal):
    """Bare contacts on the port's input lines, polled each 5 ms and debounced.

    `lines` says which line is which pedal. A closed contact pulls its line up, from RTS or DTR, which are held on;
    `closed_is_down=False` is for a contact that opens under the foot. The time of an event is that of its first edge.
    """

    def __init__(
        self,
        port: Port,
        lines: Mapping[Line, int] | None = None,
        *,
        closed_is_down: bool = True,
        debounce_s: float = 0.02,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        super().__init__(port)
        self._lines: dict[Line, int] = dict(lines or {"cts": 1})
        self._closed_is_down = closed_is_down
        self._now_ns = now_ns
        try:
            self._debounce = {line: Debounce(self._is_down(line), round(debounce_s * 1e9)) for line in self._lines}
        except OSError as error:
            raise FormatNotSupported(
                "This port has no contact lines (CTS, DSR): choose another port, or a pedal that sends bytes."
            ) from error
        # A foot that stands on the pedal at the start is no press.
        self._down = {pedal: self._debounce[line].value for line, pedal in self._lines.items()}

    def _is_down(self, line: Line) -> bool:
        return bool(self._port.cts if line == "cts" else self._port.dsr) is self._closed_is_down

    def _changes(self, timeout_s: float) -> list[tuple[int, bool, int]]:
        until_ns = time.monotonic_ns() + round(timeout_s * 1e9)
        while True:
            now_ns = self._now_ns()
            changes = []
            for line, pedal in self._lines.items():
                edge_ns = self._debounce[line].add(self._is_down(line), now_ns)
                if edge_ns is not None:
                    changes.append((pedal, self._debounce[line].value, edge_ns))
            if changes or time.monotonic_ns() >= until_ns or self._closing.wait(_POLL_S):
                return changes


def open_port(name: str, baud: int = 9600) -> serial.Serial:
    """The serial port `name` ('COM3', '/dev/ttyUSB0'), for this program alone, with RTS and DTR on.

    Raises DeviceNotFound, DeviceDenied, DeviceBusy, DeviceError.
    """
    try:
        return serial.Serial(name, baud, timeout=_SLICE_S, exclusive=True)
    except serial.SerialException as error:
        number = error.errno or getattr(error.__context__, "errno", None)
        if number == errno.ENOENT or isinstance(error.__context__, FileNotFoundError):
            raise DeviceNotFound(
                "The foot switch's serial port is not there: plug it in, or choose another port."
            ) from error
        if number in (errno.EAGAIN, errno.EBUSY):
            raise DeviceBusy("Another program uses the foot switch's serial port: close it.") from error
        if number in (errno.EACCES, errno.EPERM):
            raise DeviceDenied(
                "You may not open the foot switch's serial port (on Linux: join the group dialout, then log in again), "
                "or another program uses it."
            ) from error
        raise DeviceError("The foot switch's serial port cannot be opened: choose another port.") from error
    except ValueError as error:
        raise DeviceError(f"A serial port cannot run at {baud} baud: choose 9600.") from error
