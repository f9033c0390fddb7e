"""Pictures over OpenIGTLink keep the contract of every source; the sender is pyigtl's own server, in another process."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.igtl.source import Address, IgtlSource
from devices.source import FrameSource, PixelFormat
from tests.contracts.silent_contract import SilentSourceContract
from tests.contracts.source_contract import SourceContract

SENDER = Path(__file__).parents[1] / "devices" / "igtl_sender.py"


@contextlib.contextmanager
def sender(kind: str = "grey", most: int = 0) -> Iterator[Address]:
    """A running sender; with `most` it falls silent after so many pictures."""
    with subprocess.Popen(
        [sys.executable, str(SENDER), kind, str(most)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield Address("127.0.0.1", int(process.stdout.readline()))
        finally:
            process.kill()


@pytest.fixture(scope="module")
def grey() -> Iterator[Address]:
    with sender() as address:
        yield address


@pytest.mark.requirement("C1")
class TestOverTheNetwork(SourceContract):
    expected_size = (160, 120)
    expected_format = PixelFormat.GREY
    counts_frames = False

    @pytest.fixture
    def make_source(self, grey: Address) -> Callable[[], FrameSource]:
        return lambda: IgtlSource(grey)


class TestSilentSender(SilentSourceContract):
    @pytest.fixture
    def make_silent_source(self) -> Iterator[Callable[[], FrameSource]]:
        with sender(most=4) as address:

            def make() -> FrameSource:
                return _Drained(address)

            yield make


class _Drained(IgtlSource):
    """Its first pictures, by which it tells its format, are read at once."""

    def start(self, request=None):  # type: ignore[no-untyped-def]
        agreed = super().start(request)
        for _ in range(4):
            self.read(5.0)
        return agreed
