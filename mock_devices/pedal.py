"""A foot switch on a pseudo-terminal: what it sends arrives at `path` as from a serial port.

    with SimulatedPedal() as pedal:
        reader = serial.Serial(pedal.path)
        pedal.press()

A pseudo-terminal carries bytes and has no CTS or DSR line, so this one speaks the byte protocols alone; a foot switch that
closes a contact between two lines cannot be shown with it. POSIX only. `python -m mock_devices.pedal` gives one to try
by hand: each Enter is a press.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Self

from devices.errors import DeviceLost, DeviceNotFound


class SimulatedPedal:
    """Sends `press` when the foot goes down and `release` when it comes up (b"" where that protocol sends nothing).

    Without arguments it speaks the protocol 'lines': "1" and "0", each on a line of its own.

    Raises DeviceNotFound where the system has no pseudo-terminals, DeviceLost when used after `unplug` or `close`.
    """

    def __init__(self, press: bytes = b"1\n", release: bytes = b"0\n") -> None:
        try:
            import pty  # Windows has neither
            import tty
        except ImportError as error:
            raise DeviceNotFound(
                "A simulated foot switch needs a pseudo-terminal, which this system has not; use a real serial port."
            ) from error
        self._press, self._release = press, release
        master, slave = pty.openpty()
        # Raw: no echo of what is sent, no translation of line ends.
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        self._master: int | None = master
        # Kept open, so that bytes sent before anybody listens are not lost and a reader may come and go.
        self._slave: int | None = slave

    def press(self) -> None:
        """The foot goes down."""
        self.send(self._press)

    def release(self) -> None:
        """The foot comes up."""
        self.send(self._release)

    def tap(self) -> None:
        """Down and up."""
        self.press()
        self.release()

    def chatter(self, times: int) -> None:
        """A worn contact: one press that sends itself `times` times at once."""
        self.send(self._press * times)

    def send(self, data: bytes) -> None:
        """Any bytes, such as noise or half a message."""
        if self._master is None:
            raise DeviceLost("The simulated foot switch is unplugged; make a new one.")
        while data:
            data = data[os.write(self._master, data) :]

    def unplug(self) -> None:
        """The cable is pulled: whoever reads gets an end of file or an input/output error."""
        for descriptor in (self._master, self._slave):
            if descriptor is not None:
                os.close(descriptor)
        self._master = self._slave = None

    def close(self) -> None:
        """Give the pseudo-terminal back. Harmless when closed."""
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def main() -> None:
    """Say where the foot switch is, then press it at each Enter until the end of input."""
    with SimulatedPedal() as pedal:
        sys.stdout.write(f"The foot switch is at {pedal.path}. Enter presses it; Ctrl-D ends.\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            pedal.tap()


if __name__ == "__main__":
    main()
