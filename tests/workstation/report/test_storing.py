"""`sonofill report --store`: the PDF in its study, read by other people's programs, once and never over another."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from dicom_io.documents.encapsulated import read_document
from procedure import Encounter
from procedure.demonstration import OPERATOR, SUPERVISOR, demonstration
from procedure.steps import attest, correct, finalise
from tests.interop.conftest import Orthanc, orthanc
from tests.interop.tools import errors_of_dciodvfy, run
from tests.workstation.report.encounter_files import record_of, study_of
from workstation.cli import main

__all__ = ["orthanc"]


def put(archive: Path, encounter: Encounter) -> None:
    with Archive(archive) as kept:
        kept.put(record_of(encounter, []))


def stored(archive: Path, encounter: Encounter, kind: str, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    study = study_of(encounter).study_instance_uid
    words = ["report", study, "--archive", str(archive), "--for", kind, "--store", "--json", *more]
    assert main(words) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("S20")
def test_the_document_is_kept_in_its_study_and_other_programs_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], orthanc: Orthanc
) -> None:
    encounter = demonstration("occlusion-rescue")
    put(tmp_path, encounter)
    out = tmp_path / "handover.pdf"
    for kind in ("record", "handover", "patient"):
        more = ("--out", str(out)) if kind == "handover" else ()
        made = stored(tmp_path, encounter, kind, capsys, *more)["stored"]
        path = Path(made["file"])
        assert errors_of_dciodvfy(path) == []
        read = read_document(path)
        assert read.kind == kind and read.verified and read.instance_number == 1
        assert read.sources == (record_of(encounter, []).sop_instance_uid,)
        run("dcm2pdf", path, tmp_path / f"{kind}.out")
        assert (tmp_path / f"{kind}.out").read_bytes() == read.pdf, "DCMTK takes the same bytes out"
        answer = json.loads(orthanc.rest("/instances", path.read_bytes()))
        assert orthanc.rest(f"/instances/{answer['ID']}/pdf").rstrip() == read.pdf.rstrip(), "and Orthanc"
        assert len(read.pdf) % 2 == 0 and read.pdf.rstrip().endswith(b"%%EOF"), "no pad byte is needed"
    assert out.read_bytes() == read_document(Path(_handover(tmp_path))).pdf
    with Archive(tmp_path) as kept:
        assert kept.verify().ok


def _handover(archive: Path) -> Path:
    with Archive(archive) as kept:
        study = kept.studies()[0].study_instance_uid
        rows = [row.file for row in kept.objects(study) if row.sop_class == "1.2.840.10008.5.1.4.1.1.104.1"]
    return next(path for path in rows if read_document(path).kind == "handover")


def test_the_same_document_is_kept_once_and_a_changed_record_s_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = demonstration("normal")
    put(tmp_path, first)
    one = stored(tmp_path, first, "record", capsys)
    again = stored(tmp_path, first, "record", capsys)
    assert again["stored"] == {**one["stored"], "already": True}, "printed documents are not their own sources"
    assert again["sha256"] == one["sha256"]
    later = first.started_at + timedelta(days=1)
    draft = correct(first, OPERATOR, later, "the lot was read wrongly")
    put(tmp_path, draft)
    study = study_of(first).study_instance_uid
    assert main(["report", study, "--archive", str(tmp_path), "--for", "record", "--store"]) == 1
    assert "is a draft, and only a final one is stored" in capsys.readouterr().err
    final = attest(finalise(draft, OPERATOR, later), SUPERVISOR, later)
    other = tmp_path / "other"
    put(other, final)
    two = stored(other, final, "record", capsys)
    assert two["stored"]["sop_instance_uid"] != one["stored"]["sop_instance_uid"] and two["version"] == 2
    assert read_document(Path(two["stored"]["file"])).title == "Record of an encounter, version 2"
    assert Path(one["stored"]["file"]).exists()


def test_a_folder_has_no_place_to_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path), "--for", "record", "--store"]) == 2
    assert "name the study, not a folder" in capsys.readouterr().err
    assert main(["report", "1.2", "--for", "record"]) == 2
    assert "--out FILE.pdf, --store, or both" in capsys.readouterr().err


def test_no_file_is_written_among_the_archives_objects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encounter = demonstration("normal")
    put(tmp_path / "archive", encounter)
    study = study_of(encounter).study_instance_uid
    inside = tmp_path / "archive" / "studies" / study / "record.pdf"
    for source in (study, str(tmp_path / "archive" / "studies" / study)):
        words = ["report", source, "--for", "record", "--out", str(inside), "--archive", str(tmp_path / "archive")]
        assert main(words) == 1
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("\n") == 1 and "lies among the archive's own files" in told.err
    assert not inside.exists()
