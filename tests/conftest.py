"""What every test may use, and how the whole suite is shared between two processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Where the real screens lie: the setting, else beside this repository's folder or, in a further work tree, one up.
_AROUND = (ROOT.parent / "shared" / "data", ROOT.parent.parent / "shared" / "data")
SCREENS = Path(
    os.environ.get("SONOFILL_SCREENS") or next((folder for folder in _AROUND if folder.is_dir()), _AROUND[0])
).resolve()

#: Folders whose tests share one thing (a guest, an X server, a PACS), or measure time: each stays in one process. The order
#: is that of starting: what takes longest comes first, so that neither process waits for the other at the end.
_TOGETHER = ("device_lab", "gui", "interop")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the suite is shared between processes (`./run test`): by file, or by folder where its tests belong together."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: _TOGETHER.index(_group(item)) if _group(item) in _TOGETHER else len(_TOGETHER))


def _group(item: pytest.Item) -> str:
    within = item.path.relative_to(Path(__file__).parent)
    return within.parts[0] if within.parts[0] in _TOGETHER else str(within)


@pytest.fixture(scope="session")
def screens() -> Path:
    """The folder of real probes' screens; the test is skipped where there is none."""
    if not SCREENS.is_dir():
        pytest.skip("the real screens are not here: set SONOFILL_SCREENS to their folder")
    return SCREENS
