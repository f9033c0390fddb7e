"""On a 4K screen letters and targets are as large as on a small one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.display import display
from workstation.qt_program import scale_for

pytestmark = pytest.mark.window

_TELL = (
    "from workstation.qt_program import qt_program; app = qt_program(); screen = app.primaryScreen(); "
    "print(screen.size().width(), screen.size().height(), screen.devicePixelRatio())"
)


@pytest.mark.parametrize(
    ("height_px", "ratio", "dpi", "factor"),
    [(720, 1, 96, 1), (1080, 1, 96, 1), (1600, 1, 96, 1.5), (2160, 1, 96, 2), (2160, 2, 96, 1), (2160, 1, 192, 1)],
)
def test_only_what_the_system_left_is_scaled(height_px: int, ratio: float, dpi: float, factor: float) -> None:
    assert scale_for(height_px, ratio, dpi) == factor


def test_a_real_4k_screen_shows_everything_twice_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR"):
        monkeypatch.delenv(name, raising=False)
    with display("3840x2160"):
        told = subprocess.run([sys.executable, "-c", _TELL], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stdout.split() == ["1920", "1080", "2.0"]
