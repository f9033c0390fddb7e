"""The foot switch at work: a thread that listens, tells gestures, and waits for a pedal that was unplugged.

    switch = FootSwitch(lambda: SerialPedal(open_port("COM3")), on_gesture=save_the_last_20_s)
    switch.start()

`on_gesture` and `on_state` are called from that thread; a window passes them on to its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Self

from devices.errors import DeviceError
from devices.pedal.gestures import Gesture, GestureReader
from devices.pedal.port import Pedal

#: How late a gesture that time alone completes may be told, in s.
_TICK_S: Final = 0.05


class FootSwitch:
    """Listens to one pedal until it is closed. `open_pedal` is called at the start and after each loss.

    `on_state` is told None when the pedal is there, and the error when it is not (once for each kind of error).
    """

    def __init__(
        self,
        open_pedal: Callable[[], Pedal],
        on_gesture: Callable[[Gesture], None],
        on_state: Callable[[DeviceError | None], None] = lambda _: None,
        *,
        make_reader: Callable[[], GestureReader] = GestureReader,
        reopen_s: float = 1.0,
    ) -> None:
        self._open_pedal = open_pedal
        self._on_gesture = on_gesture
        self._on_state = on_state
        self._make_reader = make_reader
        self._reopen_s = reopen_s
        self._closing = threading.Event()
        self._told: type[DeviceError] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen. A second start is a programming error (RuntimeError)."""
        if self._thread is not None:
            raise RuntimeError("the foot switch is listened to already")
        self._thread = threading.Thread(target=self._run, name="foot switch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more; returns when the thread has ended. Harmless when closed. Not from within a callback."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with self._open_pedal() as pedal:
                    self._told = None
                    self._on_state(None)
                    self._listen(pedal)
            except DeviceError as error:
                if type(error) is not self._told:
                    self._told = type(error)
                    self._on_state(error)
                self._closing.wait(self._reopen_s)

    def _listen(self, pedal: Pedal) -> None:
        # A new reader for each connection: a foot that was down when the plug came out is not down for ever.
        reader = self._make_reader()
        while not self._closing.is_set():
            event = pedal.read(_TICK_S)
            told = reader.tick(time.monotonic_ns()) if event is None else reader.feed(event)
            for gesture in told:
                self._on_gesture(gesture)
