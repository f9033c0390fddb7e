"""Other people's programs on objects that were made again under another patient, and on the note that hides the old ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread

from archive import Archive
from dicom_io import EncodedObject
from dicom_io.composite.identity import study_of
from dicom_io.reidentify.images import reidentified
from dicom_io.reidentify.rejection import WRONG_WORKLIST_ENTRY, encode_rejection, rejected_by
from tests.dicom_io.material import STUDY, write
from tests.interop.conftest import Orthanc, Written
from tests.interop.tools import errors_of_dciodvfy, run
from tests.workstation.dying_reassign import TO_P2

Objects = dict[str, Written]


@pytest.fixture(scope="module")
def remade(objects: Objects, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[EncodedObject, Path]]:
    folder = tmp_path_factory.mktemp("remade")
    uids = {STUDY.study_instance_uid: "2.25.4242"}
    for number, made in enumerate(objects.values()):
        uids |= {made.item.sop_instance_uid: f"2.25.77{number}", made.item.series_instance_uid: f"2.25.78{number}"}
    items = {name: reidentified(made.path, TO_P2, uids) for name, made in objects.items()}
    return {name: (item, write(item, folder)) for name, item in items.items()}


@pytest.fixture(scope="module")
def note(objects: Objects, tmp_path_factory: pytest.TempPathFactory) -> tuple[EncodedObject, Path]:
    like = dcmread(objects["clip colour JPEG"].path, stop_before_pixels=True)
    item = encode_rejection(
        [made.item for made in objects.values()], like, study_of(like), WRONG_WORKLIST_ENTRY,
        reason="die falsche Zeile · 間違い", by="Åsa Лена 山田", sop_instance_uid="2.25.991", software_version="0.1.0",
    )  # fmt: skip
    return item, write(item, tmp_path_factory.mktemp("note"))


@pytest.mark.requirement("S20")
def test_dciodvfy_and_dcentvfy_find_no_error(
    remade: dict[str, tuple[EncodedObject, Path]], note: tuple[EncodedObject, Path]
) -> None:
    found = {name: errors_of_dciodvfy(path) for name, (_, path) in {**remade, "note": note}.items()}
    assert {name: errors for name, errors in found.items() if errors} == {}
    done = run("dcentvfy", *(path for _, path in remade.values()))
    assert "Error" not in done.stdout + done.stderr


def test_the_note_is_of_the_same_patient_and_study_and_says_what_and_why(
    objects: Objects, note: tuple[EncodedObject, Path]
) -> None:
    item, path = note
    dumped = run("dsrdump", path).stdout
    assert "Incorrect Modality Worklist Entry" in dumped and "間違い" in dumped and "Åsa Лена 山田" in dumped
    dataset = dcmread(path)
    assert set(rejected_by(dataset)) == {made.item.sop_instance_uid for made in objects.values()}
    done = run("dcentvfy", path, *(made.path for made in objects.values()))
    assert "Error" not in done.stdout + done.stderr
    assert item.study_instance_uid == STUDY.study_instance_uid


def test_orthanc_stores_them_and_gives_the_same_bytes_back(
    remade: dict[str, tuple[EncodedObject, Path]], note: tuple[EncodedObject, Path], orthanc: Orthanc
) -> None:
    for item, path in [*remade.values(), note]:
        orthanc.rest("/instances", path.read_bytes())
        assert orthanc.rest(f"/instances/{orthanc.find(item.sop_instance_uid)}/file") == path.read_bytes()


def test_the_archive_hides_what_the_note_names_whichever_comes_first(
    objects: Objects, note: tuple[EncodedObject, Path], tmp_path: Path
) -> None:
    for first in (True, False):
        with Archive(tmp_path / str(first)) as archive:
            for item in [note[0]] * first + [made.item for made in objects.values()] + [note[0]] * (not first):
                archive.put(item)
            assert archive.studies() == []
            (study,) = archive.studies(hidden=True)
            assert (study.objects, study.hidden) == (0, len(objects) + 1)
