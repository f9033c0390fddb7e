"""One run of the demonstration for each scenario, shared by all tests of a session: nobody changes what it made."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from annotation import Document
from archive import Archive, ObjectRow
from dicom_io import read_encounter, read_report
from procedure import Encounter
from tests.interop.conftest import orthanc  # noqa: F401  the same PACS as there
from tests.interop.programs.conftest import table  # noqa: F401  the table of programs
from workstation.cli import main
from workstation.studies.reading import kind_of


@dataclass(frozen=True)
class Made:
    """What `sonofill demo` made: its document, its archive, and the record as it is read back."""

    told: dict[str, Any]
    archive: Path
    rows: tuple[ObjectRow, ...]
    encounter: Encounter

    @property
    def uid(self) -> str:
        return str(self.told["study_instance_uid"])

    @cached_property
    def reports(self) -> tuple[tuple[ObjectRow, Document], ...]:
        """The reports with what they say."""
        return tuple((row, read_report(row.file)) for row in self.of("report"))

    def of(self, *kinds: str) -> list[ObjectRow]:
        """The objects of some kinds."""
        return [row for row, kind in self._kinds if kind in kinds]

    @cached_property
    def _kinds(self) -> tuple[tuple[ObjectRow, str], ...]:
        return tuple((row, kind_of(row)) for row in self.rows)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    """The demonstration of a scenario, made when it is first asked for."""
    known: dict[str, Made] = {}

    def made(scenario: str) -> Made:
        if scenario not in known:
            archive = tmp_path_factory.mktemp(scenario) / "archive"
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                assert main(["demo", "--scenario", scenario, "--headless", "--archive", str(archive), "--json"]) == 0
            told = json.loads(out.getvalue())
            with Archive(archive, create=False) as kept:
                rows = tuple(kept.objects(told["study_instance_uid"]))
            (document,) = (row.file for row in rows if kind_of(row) == "encounter")
            known[scenario] = Made(told, archive, rows, read_encounter(document).encounter)
        return known[scenario]

    return made
