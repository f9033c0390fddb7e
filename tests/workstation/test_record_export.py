"""`sonofill record-export`: the same bytes from the archive and from the files alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from dicom_io import EncodedObject, Phase, Series, encode_encounter
from dicom_io.context import derived_uid
from procedure import Encounter
from procedure.as_json import to_json
from procedure.demonstration import demonstration
from procedure.steps import correct
from tests.dicom_io.test_encounter import study
from workstation.cli import main


def document(encounter: Encounter, uid: str, before: tuple[EncodedObject, ...] = ()) -> EncodedObject:
    series = Series(Phase.PRE, series_instance_uid=derived_uid("encounter series"))
    return encode_encounter(encounter, study(), series, [], sop_instance_uid=uid, predecessors=before)


@pytest.mark.requirement("N6")
@pytest.mark.requirement("S20")
def test_the_newest_version_comes_from_archive_and_files_in_the_same_bytes(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    first = demonstration("occlusion-rescue")
    second = correct(first, "Demo operator", first.started_at + timedelta(days=1), "the lot was read wrongly")
    made = document(first, "2.25.1")
    with Archive(tmp_path / "archive") as kept:
        kept.put(made)
        kept.put(document(second, "2.25.2", (made,)))
    where = ["--archive", str(tmp_path / "archive")]
    assert main(["record-export", study().study_instance_uid, *where, "--json"]) == 0
    assert capfdbinary.readouterr().out == to_json(second)
    shutil.copytree(tmp_path / "archive", tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*.sqlite*"):
        path.unlink()
    assert main(["record-export", str(tmp_path / "copy"), "--json"]) == 0
    assert capfdbinary.readouterr().out == to_json(second)
    assert main(["record-export", study().study_instance_uid, *where]) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "version 2, draft, simulated" in text and "missing (S15)" in text
    assert main(["archive", "show", study().study_instance_uid, *where]) == 0
    assert capfdbinary.readouterr().out.decode().count("encounter:") == 2


def test_none_several_and_contradicting_records_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").write_text("not DICOM", "utf-8")
    assert main(["record-export", str(tmp_path)]) == 1
    assert "There is no record of an encounter here" in capsys.readouterr().err
    normal, rescue = demonstration("normal"), demonstration("occlusion-rescue")
    for number, encounter in enumerate((normal, rescue), 1):
        item = document(encounter, f"2.25.{number}")
        (tmp_path / f"{number}.dcm").write_bytes(b"".join(part for part in item if isinstance(part, bytes)))
    assert main(["record-export", str(tmp_path)]) == 1
    assert "There are 2 encounters here" in capsys.readouterr().err
    assert main(["record-export", str(tmp_path), "--encounter", normal.encounter_uid]) == 0
    assert normal.encounter_uid in capsys.readouterr().out
    changed = document(replace(normal, simulated=False), "2.25.3")
    (tmp_path / "3.dcm").write_bytes(b"".join(part for part in changed if isinstance(part, bytes)))
    assert main(["record-export", str(tmp_path), "--encounter", normal.encounter_uid]) == 1
    assert "two different records of its version 1" in capsys.readouterr().err
    (tmp_path / "3.dcm").write_bytes((tmp_path / "2.dcm").read_bytes()[:9000])
    assert main(["record-export", str(tmp_path), "--encounter", normal.encounter_uid]) == 0
    told = capsys.readouterr()
    assert normal.encounter_uid in told.out
    assert "3.dcm is a damaged DICOM file" in told.err, "a newer version may be in it"
