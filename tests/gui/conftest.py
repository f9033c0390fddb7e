"""A real X server for the window's tests, and a check that nothing is left behind."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PyQt5.QtWidgets import QApplication

    from workstation.controller import Controller

MEND = (
    "sudo apt-get install --no-install-recommends xvfb libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0"
)


@pytest.fixture(scope="session")
def x_server() -> Iterator[str]:
    """An X server of the tests' own, on a free display; skipped where Xvfb is missing, a failure in CI."""
    program = shutil.which("Xvfb")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"Xvfb is missing: {MEND}")
        pytest.skip(f"Xvfb is missing: {MEND}")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write_end), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb ended before it had a display"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def app(x_server: str) -> Iterator[QApplication]:
    """The one QApplication, on the X server."""
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    os.environ["DISPLAY"] = x_server
    os.environ.pop("WAYLAND_DISPLAY", None)
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "xcb"
    from PyQt5.QtWidgets import QApplication

    made = QApplication(["sonofill-tests"])
    yield made
    made.processEvents()
    made.quit()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture
def program(app: QApplication, tmp_path: Path) -> Iterator[Controller]:
    """The program with its window shown, and an archive of its own."""
    from PyQt5.QtTest import QTest

    from workstation.controller import Controller
    from workstation.palette import dress

    dress(app)
    made = Controller(tmp_path / "archive")
    made.window.resize(1280, 700)
    made.window.show()
    made.window.activateWindow()
    assert QTest.qWaitForWindowExposed(made.window)
    made.begin()
    yield made
    made.desk.saved(made.desk.draft())  # nothing is asked at closing
    made.window.close()
    made.end()
    made.window.deleteLater()
    made.deleteLater()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set and remembered on this machine is no matter of the tests."""
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def screens_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a screen takes seconds of a core; the device's profile tells the scale. `screens_read` is for who shows it."""
    monkeypatch.setenv("SONOFILL_READ_SCREENS", "off")


@pytest.fixture
def screens_read(screens_unread: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens of captures are read."""
    monkeypatch.delenv("SONOFILL_READ_SCREENS")


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread, an active timer or a visible widget."""
    if "app" not in request.fixturenames:
        yield
        return
    app: QApplication = request.getfixturevalue("app")
    threads = set(threading.enumerate())
    yield
    from PyQt5.QtCore import QEvent, QThreadPool, QTimer

    QThreadPool.globalInstance().waitForDone(5000)
    gc.collect()
    app.sendPostedEvents(None, QEvent.DeferredDelete)
    app.processEvents()
    deadline = time.monotonic() + 3
    while (late := set(threading.enumerate()) - threads) and time.monotonic() < deadline:
        late = {t for t in late if not isinstance(t, threading._DummyThread)}  # a Qt thread that called Python once
        if not late:
            break
        time.sleep(0.02)
    timers = [t for t in gc.get_objects() if isinstance(t, QTimer) and _is_active(t)]
    widgets = [w for w in app.topLevelWidgets() if w.isVisible()]
    for widget in widgets:
        widget.close()
    assert not late, f"threads left: {late}"
    assert not timers, f"timers left: {timers}"
    assert not widgets, f"widgets left: {widgets}"


def _is_active(timer: object) -> bool:
    try:
        return bool(timer.isActive())  # type: ignore[attr-defined]
    except RuntimeError:  # its C++ side is gone already
        return False
