"""The study that the programs are shown, and the table that a test tells its cells to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.interop.programs.material import Study, make
from tests.interop.programs.table import Told


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make(tmp_path_factory.mktemp("programs"))


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], Told]]:
    """`table(program, version)` is where a test tells what it saw; at its end all must be as the page says."""
    told: list[Told] = []

    def begin(program: str, version: str) -> Told:
        told.append(Told(request.node.nodeid.split("/")[-1], program, version))
        return told[-1]

    yield begin
    for each in told:
        each.settle(os.environ.get("SONOFILL_PROGRAMS") == "write")
