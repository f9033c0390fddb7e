"""What a source must keep that is there and sends nothing: a probe that hangs, a grabber without a signal."""

from __future__ import annotations

import threading
import time

import pytest

from devices.errors import DeviceError, DeviceLost, DeviceStalled
from tests.contracts.source_contract import MakeSource, closing


class SilentSourceContract:
    """A source that is there and sends nothing. A subclass gives the fixture `make_silent_source`."""

    margin_s: float = 1.5

    def test_silence_is_a_stall_and_reading_may_be_tried_again(self, make_silent_source: MakeSource) -> None:
        with closing(make_silent_source()) as source:
            source.start()
            for timeout_s in (0.3, 0.0):
                began = time.monotonic()
                with pytest.raises(DeviceStalled):
                    source.read(timeout_s)
                waited_s = time.monotonic() - began
                assert timeout_s * 0.9 <= waited_s < timeout_s + self.margin_s

    def test_close_ends_a_waiting_read(self, make_silent_source: MakeSource) -> None:
        source = make_silent_source()
        source.start()
        ended: list[Exception] = []

        def reader() -> None:
            try:
                source.read(30.0)
            except (DeviceError, RuntimeError) as error:
                ended.append(error)

        thread = threading.Thread(target=reader, name="contract reader")
        thread.start()
        time.sleep(0.2)
        source.close()
        thread.join(2.0 + self.margin_s)
        assert not thread.is_alive(), "close left a reader waiting"
        assert ended and isinstance(ended[0], (DeviceLost, RuntimeError))
