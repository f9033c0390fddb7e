"""What the tests of the devices share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.clips import drawn_jpegs, write_encoded, write_mjpeg


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the drawn pictures as videos: mjpeg.avi, .mkv and .mov, encoded.mp4."""
    folder = tmp_path_factory.mktemp("clips")
    for suffix in ("avi", "mkv", "mov"):
        write_mjpeg(folder / f"mjpeg.{suffix}", drawn_jpegs())
    write_encoded(folder / "encoded.mp4")
    return folder
