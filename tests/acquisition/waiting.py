"""Waiting for what another thread does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(happened: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Return as soon as `happened()`; fail after `timeout_s`."""
    end = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)
