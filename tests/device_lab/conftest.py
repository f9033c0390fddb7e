"""The device lab: one boot of the guest for all tests, whose scenarios run there and whose results are judged here."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg

from tests.device_lab.camera.descriptors import SIZES
from tests.device_lab.kernel import LabMissing
from tests.device_lab.machine import run

#: The first test waits for all scenarios: the limit for one test is the limit for the lab.
LAB_LIMIT_S = 1260


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.device_lab)
            item.add_marker(pytest.mark.timeout(LAB_LIMIT_S))


class Results:
    """What the scenarios gave, by name; one that failed fails the test that asks for it, with what happened."""

    def __init__(self, lines: list[str], console: str) -> None:
        found = [json.loads(line.removeprefix("LAB-RESULT ")) for line in lines if line.startswith("LAB-RESULT ")]
        self._results = {each["scenario"]: each for each in found}
        self._console = console

    def __getitem__(self, name: str) -> dict[str, Any]:
        if name not in self._results:
            pytest.fail(f"the scenario {name!r} gave no result; the guest said last:\n{self._console[-3000:]}")
        if "error" in self._results[name]:
            pytest.fail(f"in the guest, the scenario {name!r} failed:\n{self._results[name]['error']}")
        result: dict[str, Any] = self._results[name]["result"]
        return result


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The results of all scenarios, from one boot. Without the lab's tools: a failure in CI, elsewhere a skip."""
    pictures = tmp_path_factory.mktemp("pictures")
    make_pictures(pictures)
    os.environ["LAB_PICTURES"] = str(pictures)
    lines: list[str] = []
    # LAB_SCENARIOS=name,name runs only some, while one is being written.
    names = [name for name in os.environ.get("LAB_SCENARIOS", "").split(",") if name]
    try:
        outcome = run([sys.executable, "-m", "tests.device_lab.guest.run", *names], lines.append)
    except LabMissing as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    return Results(lines, outcome.console)


def make_pictures(folder: Path) -> None:
    """Three pictures of each size, with a texture like speckle: 50 KB at 640x480 to 300 KB at 1920x1080."""
    chance = np.random.default_rng(7)
    for width, height in SIZES:
        for number in range(3):
            rows = np.linspace(40, 160, height)[:, None]
            speckle = chance.normal(0, 25, (height // 4, width // 4)).repeat(4, 0).repeat(4, 1)
            grey = np.clip(rows + speckle + 10 * number, 0, 255).astype(np.uint8)
            picture = np.ascontiguousarray(np.stack([grey] * 3, axis=-1))
            jpeg = simplejpeg.encode_jpeg(picture, quality=60, colorspace="BGR", colorsubsampling="422")
            (folder / f"{number}-{width}x{height}.jpg").write_bytes(jpeg)
