"""The record of an encounter in the archive: in every script and on every clock, once, and version after version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from archive import Archive
from dicom_io import read_encounter
from procedure import Encounter, Phase
from procedure.demonstration import MINUTES, OPERATOR, demonstration
from procedure.patient import Identity
from procedure.protocol_files import built_in
from procedure.questions import questions
from procedure.steps import correct, finalise
from tests.procedure.strategies import encounters
from workstation.studies.encounters import newest_encounter, reported_changes, store_encounter
from workstation.studies.found_files import found_files
from workstation.studies.visit import Visit

#: A story that runs over midnight, over both changes of the clock, and on the clock with the largest offset.
BEGINNINGS = {
    "midnight": datetime(2026, 12, 31, 23, 20, tzinfo=timezone(timedelta(hours=9))),
    "summer begins": datetime(2026, 3, 29, 1, 20, tzinfo=ZoneInfo("Europe/Berlin")),
    "summer ends": datetime(2026, 10, 25, 2, 20, tzinfo=ZoneInfo("Europe/Berlin")),
    "far east": datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=14))),
}
NAMES = ("山田^太郎", "Толстая^Анна Сергеевна", "عبد الرحمن^فاطمة", "Ngũgĩ^" + "wa" * 28)


def visit_of(encounter: Encounter) -> Visit:
    known = encounter.patient.patient_id or "P-1"
    name = encounter.patient.name
    return Visit.begin(known, patient_name=name).model_copy(update={"started_at": encounter.started_at})


def back(encounter: Encounter, root: Path) -> Encounter:
    """Stored into an archive of its own, and read again from the files."""
    visit = visit_of(encounter)
    with Archive(root) as kept:
        path = store_encounter(kept, encounter, visit.study())
        assert store_encounter(kept, encounter, visit.study()) == path, "the same record is stored once"
        rows = kept.objects(visit.study_instance_uid)
    assert [row.file for row in rows] == [path]
    return newest_encounter(found_files([path])).encounter


@pytest.mark.requirement("N6")
@pytest.mark.parametrize(("beginning", "name"), list(zip(BEGINNINGS, NAMES, strict=True)), ids=list(BEGINNINGS))
def test_any_script_and_any_clock_come_back(beginning: str, name: str, tmp_path: Path) -> None:
    encounter = demonstration("normal", started_at=BEGINNINGS[beginning])
    known = replace(encounter, patient=Identity(patient_id="P-1", name=name))
    again = back(known, tmp_path)
    assert again == known
    assert again.started_at.utcoffset() == known.started_at.utcoffset(), "the hour that the clinic's clock showed"
    ended = known.signatures[-1].at.astimezone(UTC) - known.started_at.astimezone(UTC)
    assert ended == timedelta(minutes=MINUTES) and questions(again, built_in()) == ()
    offsets = {image.at.utcoffset() for image in again.images}
    assert len(offsets) == (2 if beginning.startswith("summer") else 1)


@pytest.mark.requirement("N6")
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_any_encounter_is_stored_into_its_study_and_found_again(
    tmp_path_factory: pytest.TempPathFactory, encounter: Encounter
) -> None:
    plain = replace(encounter, patient=replace(encounter.patient, patient_id="P-1", name=""))
    assert back(plain, tmp_path_factory.mktemp("any")) == plain


@pytest.mark.requirement("S20")
def test_a_later_version_names_the_one_before_and_both_stay(tmp_path: Path) -> None:
    first = demonstration("normal")
    at = first.started_at + timedelta(days=1)
    second = finalise(correct(first, OPERATOR, at, "the lot was read wrongly"), OPERATOR, at)
    visit = visit_of(first)
    with Archive(tmp_path) as kept:
        one = store_encounter(kept, first, visit.study())
        two = store_encounter(kept, second, visit.study())
        assert len(kept.objects(visit.study_instance_uid)) == 2
    assert read_encounter(two).predecessors == (read_encounter(one).sop_instance_uid,)
    assert newest_encounter(found_files([one, two])).encounter == second


@pytest.mark.requirement("S17")
def test_changes_are_told_by_phase_and_only_at_the_same_station() -> None:
    encounter = demonstration("occlusion-rescue")
    assert set(reported_changes(encounter)) == {Phase.DURING, Phase.POST, Phase.COMPLICATION}
    (vessel,) = encounter.vessels
    elsewhere = tuple(
        replace(seen, station_id="nlf-3") if seen.phase is Phase.PRE else seen for seen in vessel.observations
    )
    moved = replace(encounter, vessels=(replace(vessel, observations=elsewhere),))
    assert reported_changes(moved) == {}, "another place has another depth"
