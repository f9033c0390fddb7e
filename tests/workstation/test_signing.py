"""A record signed by command: final, attested by a supervisor, or given back; nothing that was stored is touched."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from archive import Archive
from dicom_io import Study, read_encounter
from dicom_io.context import Patient
from procedure import Encounter, StepNotPossible
from procedure.demonstration import OPERATOR, SUPERVISOR, demonstration
from procedure.people import Role
from procedure.states import State
from procedure.steps import finalise
from tests.interop.tools import errors_of_dciodvfy
from workstation.cli import main
from workstation.studies.encounters import newest_encounter, store_encounter
from workstation.studies.found_files import found_files

WHOLE = demonstration("normal")
DRAFT = replace(WHOLE, state=State.DRAFT, signatures=(), images=())
STUDY = Study(Patient(DRAFT.patient.patient_id, "Демо^Пациент"), DRAFT.started_at, "2.25.41")


class Signing:
    """An archive with one study, and the commands on it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def store(self, encounter: Encounter) -> Path:
        with Archive(self.root) as archive:
            return store_encounter(archive, encounter, STUDY)

    def done(self, *words: str) -> dict[str, Any]:
        self._capsys.readouterr()
        assert main(["archive", *words, "--archive", str(self.root), "--json"]) == 0, self._capsys.readouterr().err
        told: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return told

    def refused(self, *words: str) -> str:
        before = self.files()
        self._capsys.readouterr()
        assert main(["archive", *words, "--archive", str(self.root)]) == 1
        assert self.files() == before, "nothing was written"
        error = self._capsys.readouterr().err
        assert error.count("\n") == 1
        return error

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.root.rglob("*.dcm")}

    def holds(self) -> Encounter:
        return newest_encounter(found_files(self.files())).encounter


@pytest.fixture
def signing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Signing:
    return Signing(tmp_path / "archive", capsys)


@pytest.mark.requirement("S20")
def test_a_draft_becomes_final_and_then_attested(signing: Signing) -> None:
    draft = signing.store(DRAFT)
    assert "only a final record" in signing.refused("attest", "2.25.41", "--by", SUPERVISOR, "--registration", "DEMO-2")
    kept = signing.files()
    final = signing.done("finalise", "2.25.41", "--by", OPERATOR)
    attested = signing.done("attest", "2.25.41", "--by", SUPERVISOR, "--registration", "DEMO-2")
    assert (final["state"], attested["state"], attested["version"]) == ("final", "attested", 1)
    assert final["predecessors"] == [draft.stem]
    assert attested["predecessors"] == [draft.stem, final["sop_instance_uid"]]
    assert kept.items() <= signing.files().items(), "what was stored is as it was"
    said = dcmread(attested["file"])
    assert (said.CompletionFlag, said.VerificationFlag) == ("COMPLETE", "VERIFIED")
    assert str(said.VerifyingObserverSequence[0].VerifyingObserverName) == f"{SUPERVISOR}^"
    assert (str(said.PatientName), said.StudyInstanceUID) == ("Демо^Пациент", "2.25.41")
    assert said.InstanceNumber == 3 and errors_of_dciodvfy(Path(attested["file"])) == []
    record = signing.holds()
    assert [(s.state, s.by, s.registration_number) for s in record.signatures] == [
        (State.FINAL, OPERATOR, "DEMO-1"),
        (State.ATTESTED, SUPERVISOR, "DEMO-2"),
    ]
    assert replace(record, state=State.DRAFT, signatures=()) == DRAFT
    assert signing.done("verify")["ok"]
    assert "attested" in signing.refused("attest", "2.25.41", "--by", SUPERVISOR, "--registration", "DEMO-2")
    assert "attested" in signing.refused("finalise", "2.25.41", "--by", OPERATOR)


@pytest.mark.requirement("S20")
def test_the_author_cannot_attest_herself_under_any_name(signing: Signing) -> None:
    signing.store(finalise(DRAFT, OPERATOR, DRAFT.started_at))
    for name, number, why in (
        (OPERATOR, "DEMO-1", "knows Demo operator as trainee"),
        (OPERATOR.upper(), "X-9", "another supervisor"),
        ("Someone Else", "DEMO-1", "another supervisor"),
        (SUPERVISOR, "DEMO-9", "another registration number"),
    ):
        for more in ((), ("--reject", "no")):
            assert why in signing.refused("attest", "2.25.41", "--by", name, "--registration", number, *more)
    signing.done("attest", "2.25.41", "--by", "Someone Else", "--registration", "S-7")
    added = next(person for person in signing.holds().people if person.name == "Someone Else")
    assert (added.role, added.registration_number) == (Role.SUPERVISOR, "S-7")


@pytest.mark.requirement("S20")
def test_a_record_that_is_given_back_is_a_draft_that_says_why(signing: Signing) -> None:
    final = finalise(DRAFT, OPERATOR, DRAFT.started_at)
    signing.store(final)
    told = signing.done(
        *("attest", "2.25.41", "--by", SUPERVISOR, "--registration", "DEMO-2", "--reject", "The plane is not named")
    )
    assert (told["state"], told["version"]) == ("draft", 2)
    record = signing.holds()
    assert record.earlier_versions[-1].reason == "Not attested: The plane is not named"
    assert record.earlier_versions[-1].by == SUPERVISOR
    assert dcmread(told["file"]).CompletionFlag == "PARTIAL"
    signing.done("finalise", "2.25.41", "--by", OPERATOR)
    assert (signing.holds().state, signing.holds().version) == (State.FINAL, 2)


def test_of_two_drafts_the_one_that_was_stored_later_holds(signing: Signing) -> None:
    """An encounter is saved as it goes on: each draft takes the place of the one before it."""
    signing.store(replace(DRAFT, injections=(), reassessments=()))
    later = signing.store(DRAFT)
    assert signing.holds() == DRAFT
    assert len(read_encounter(later).predecessors) == 1
    signing.store(replace(DRAFT, injections=(), reassessments=()))
    assert signing.holds() == DRAFT, "an old one that is stored again stays the old one"


def test_a_blank_reason_is_refused() -> None:
    from procedure.steps import not_attested

    with pytest.raises(StepNotPossible, match="reason"):
        not_attested(finalise(DRAFT, OPERATOR, DRAFT.started_at), SUPERVISOR, DRAFT.started_at, " ")
