"""What every test may use, and how the whole suite is shared between three processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A machine that is busy answers late: that says nothing of what a property test asks.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).parents[1]
#: Where the real screens lie: the setting, else beside this repository's folder or, in a further work tree, one up.
_AROUND = (ROOT.parent / "shared" / "data", ROOT.parent.parent / "shared" / "data")
SCREENS = Path(
    os.environ.get("SONOFILL_SCREENS") or next((folder for folder in _AROUND if folder.is_dir()), _AROUND[0])
).resolve()

#: Files that take longest after those: begun late, one process would work at them while the others have ended.
_LONG = (
    "workstation/test_contracts.py",
    "workstation/test_kill.py",
    "workstation/test_signals.py",
    "archive/test_crash.py",
    "imaging/test_flow_screens.py",
    "imaging/test_scale_drawn.py",
    "imaging/test_readout_screens.py",
    "imaging/test_spectrum_area.py",
    "mock_devices/test_simulation.py",
    "workstation/test_deidentify_command.py",
    "workstation/watching/test_beside.py",
)
#: Folders whose tests share one thing (a guest, an X server, the demonstrations, a PACS), or measure time: each stays in
#: one process. The order is that of starting: what takes longest comes first, so that no process waits at the end.
_TOGETHER = ("device_lab", "gui", "scenarios", "network", "interop")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Where the suite is shared between processes (`./run test`): by file, or by folder where its tests belong together."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return ByGroup(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest is begun first there."""
    if hasattr(config, "workerinput"):
        first = (*_TOGETHER, *(f"tests/{file}" for file in _LONG))
        items.sort(key=lambda item: first.index(_group(item.nodeid)) if _group(item.nodeid) in first else len(first))


def _group(nodeid: str) -> str:
    file = nodeid.split("::", 1)[0]
    folder = file.removeprefix("tests/").split("/", 1)[0]
    return folder if folder in _TOGETHER else file


@pytest.fixture(scope="session")
def screens() -> Path:
    """The folder of real probes' screens; the test is skipped where there is none."""
    if not SCREENS.is_dir():
        pytest.skip("the real screens are not here: set SONOFILL_SCREENS to their folder")
    return SCREENS
