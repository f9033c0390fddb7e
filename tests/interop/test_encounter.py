"""Other people's programs on the encounter's document."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path

import highdicom
import pytest
from hypothesis import HealthCheck, given, settings

from procedure import Encounter
from procedure.demonstration import SCENARIOS, demonstration
from tests.dicom_io.test_encounter import images_of, stored
from tests.interop.tools import errors_of_dciodvfy, run
from tests.procedure.strategies import encounters


@pytest.mark.requirement("S20")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_dciodvfy_dsrdump_and_highdicom_read_a_demonstration(scenario: str, tmp_path: Path) -> None:
    encounter = demonstration(scenario)
    for zone in (timezone.utc, timezone(timedelta(hours=2))):  # noqa: UP017 (beside another zone)
        path = stored(encounter, tmp_path, images_of(encounter), zone)
        assert errors_of_dciodvfy(path) == []
        dumped = run("dsrdump", path).stdout
        assert "facial artery" in dumped and "Demo operator" in dumped
        if scenario == "occlusion-rescue":
            assert '"dose iu"' not in dumped and '"150" ([iU],UCUM' in dumped
        html = run("dsr2html", path).stdout
        assert "Record of an encounter" in html
        assert len(highdicom.sr.srread(path).ContentSequence) > 50


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_dciodvfy_and_dsrdump_read_any_encounter(tmp_path: Path, encounter: Encounter) -> None:
    path = stored(encounter, tmp_path, images_of(encounter))
    errors = errors_of_dciodvfy(path)
    run("dsrdump", path)
    path.unlink()
    assert errors == []
