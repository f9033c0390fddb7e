"""Waiting for the window to get somewhere, with Qt's loop running."""

from __future__ import annotations

from collections.abc import Callable

from PyQt5.QtTest import QTest


def until(reached: Callable[[], object], seconds: float = 60.0) -> None:
    """Run Qt's loop until `reached()` is true; gives up after `seconds`, which says nothing of how fast it should be."""
    waited = 0
    while not reached():
        assert waited < seconds * 1000, "the window did not get there"
        QTest.qWait(10)
        waited += 10
