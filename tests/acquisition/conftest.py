"""What recorders leave behind: no thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.acquisition.waiting import until


@pytest.fixture
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until(lambda: not [t for t in threading.enumerate() if t not in before])
