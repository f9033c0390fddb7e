"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SCREENS = Path(os.environ.get("SONOFILL_SCREENS", Path(__file__).parents[1] / ".." / "shared" / "data")).resolve()


@pytest.fixture(scope="session")
def screens() -> Path:
    """The folder of real probes' screens; the test is skipped where there is none."""
    if not SCREENS.is_dir():
        pytest.skip("the real screens are not here: set SONOFILL_SCREENS to their folder")
    return SCREENS
