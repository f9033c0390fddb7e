"""Studies made elsewhere, in whatever state: kept byte for byte, listed, no harm to what is there."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from archive import Archive, ArchiveError
from archive.reading import read_header
from dicom_io import DicomError
from dicom_io.reidentify.images import reidentified
from tests.archive.objects import content, ultrasound
from tests.dicom_io.material import write
from tests.dicom_io.test_foreign_report import foreign as foreign
from tests.workstation.dying_reassign import TO_P2
from workstation.cli import main
from workstation.review.open_study import open_study
from workstation.studies.importing import import_files

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom's, of the odd files that are the matter here

CORPUS = Path(pydicom.__file__).parent / "data"


def run(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> Any:
    assert main(["archive", *map(str, words), "--json"]) == status
    return json.loads(capsys.readouterr().out)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def still(**facts: str) -> Dataset:
    return pydicom.dcmread(io.BytesIO(content(ultrasound(**facts))))  # type: ignore[arg-type]


@pytest.mark.requirement("S20")
def test_pydicoms_own_test_files_are_kept_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Odd character sets, every transfer syntax, damaged sequences, missing UIDs, DICOMDIRs; twice is once."""
    root = tmp_path / "a"
    some = sorted((CORPUS / "test_files").glob("*.dcm"))[:40]
    files = [CORPUS / "charset_files", CORPUS / "test_files" / "dicomdirtests" / "77654033", *some]
    told = run(capsys, "import", *files, "--archive", root, status=1)
    assert told["imported"] > 40
    refused = [taken["why"] for taken in told["files"] if taken["outcome"] == "failed"]
    assert all("stored already, with other content" in why for why in refused), "some share one UID, with other pixels"
    with Archive(root) as archive:
        assert archive.verify().ok
        for taken in told["files"]:
            if taken["outcome"] == "imported":
                kept = archive.path_of(taken["sop_instance_uid"])
                assert sha256(kept) == sha256(Path(taken["file"]))
        listed = archive.studies()
        archive.reindex()
        assert archive.studies() == listed
    acts = {json.loads(line)["act"] for line in (root / "ledger.jsonl").read_text().splitlines()}
    assert acts == {"imported"}
    again = run(capsys, "import", *files, "--archive", root, status=1)
    assert (again["imported"], again["already"]) == (0, told["imported"] + told["already"])
    for study in told["studies"][:12]:
        assert main(["archive", "show", study, "--archive", str(root)]) == 0
        open_study(root, study).close()


def test_a_folder_with_a_dicomdir_says_what_it_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "cd"
    shutil.copytree(CORPUS / "test_files" / "dicomdirtests" / "77654033", folder / "77654033")
    shutil.copy(CORPUS / "test_files" / "dicomdirtests" / "DICOMDIR", folder)
    (folder / "AUTORUN.INF").write_text("not DICOM", "utf-8")
    told = run(capsys, "import", folder, "--archive", tmp_path / "a")
    by_outcome = {f["outcome"]: f for f in told["files"]}
    assert by_outcome.keys() == {"imported", "directory", "not-dicom"}
    lost = by_outcome["directory"]["not_understood"]
    assert lost and all("which is not here" in sentence for sentence in lost)
    assert not any("77654033" in sentence for sentence in lost)


def odd_files(folder: Path) -> dict[str, Path]:
    """One ultrasound picture in many states."""
    made: dict[str, Path] = {}

    def put(name: str, data: bytes) -> None:
        made[name] = folder / f"{name}.dcm"
        made[name].write_bytes(data)

    def saved(dataset: Dataset, **how: Any) -> bytes:
        buffer = io.BytesIO()
        dataset.save_as(buffer, **how)
        return buffer.getvalue()

    whole = content(ultrasound())
    put("whole", whole)
    put("no preamble", content(ultrasound(seed=1))[132:])
    bare = still(seed=2)  # type: ignore[arg-type]
    put("no meta", _dataset_alone(bare))
    no_uids = still()
    del no_uids.StudyInstanceUID, no_uids.SeriesInstanceUID, no_uids.SOPInstanceUID
    no_uids.file_meta.MediaStorageSOPInstanceUID = UID("2.25.99")
    put("no UIDs", saved(no_uids))
    letters = still()
    letters.StudyInstanceUID = "1.2.three"
    put("a UID with letters", saved(letters))
    foreign = still()
    foreign.SpecificCharacterSet = "ISO_IR 9999"
    put("an unknown character set", saved(foreign))
    implicit = still()
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    put("implicit", saved(implicit, implicit_vr=True, little_endian=True))
    deflated = still()
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    put("deflated", saved(deflated, implicit_vr=False, little_endian=True))
    private = still()
    block = private.private_block(0x0099, "OTHER_MAKER", create=True)
    block.add_new(1, "LO", "kept")
    block.add_new(2, "UN", b"\x01\x02\x03\x04")
    private.add_new(0x00181041, "LO", "a value in the wrong type")
    put("private and odd", saved(private))
    return made


def _dataset_alone(dataset: Dataset) -> bytes:
    """As old equipment writes it: no preamble, no meta information, implicit VR."""
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=False, implicit_vr=True, little_endian=True)
    data = buffer.getvalue()
    return data[data.index(b"\x08\x00\x16\x00") :]


@pytest.mark.requirement("S20")
def test_each_odd_state_is_kept_listed_and_opened_where_it_can_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd").mkdir()
    made = odd_files(tmp_path / "odd")
    root = tmp_path / "a"
    told = {Path(f["file"]).stem: f for f in run(capsys, "import", tmp_path / "odd", "--archive", root)["files"]}
    assert {f["outcome"] for f in told.values()} == {"imported"}
    with Archive(root) as archive:
        assert archive.verify().ok
        assert all(
            sha256(archive.path_of(told[name]["sop_instance_uid"])) == sha256(path) for name, path in made.items()
        )
    understood = {name for name, f in told.items() if not f["not_understood"]}
    assert understood >= {"whole", "no meta", "no preamble", "implicit", "private and odd", "an unknown character set"}
    assert told["no UIDs"]["sop_instance_uid"] == "2.25.99" and len(told["no UIDs"]["not_understood"]) == 3
    assert "StudyInstanceUID" in told["a UID with letters"]["not_understood"][0]
    for name in understood:
        opened = open_study(root, told[name]["study_instance_uid"])
        assert len(opened.reels) == 1 and opened.reels[0].frame(0).shape == (64, 64, 3)
        opened.close()


@pytest.mark.requirement("S20")
def test_nothing_of_a_foreign_object_is_dropped_when_it_is_made_again(tmp_path: Path) -> None:
    """Under another patient: private attributes, odd types and what nobody here understands come along."""
    gone = {"PatientName", "PatientID", "PatientBirthDate", "PatientSex", "AccessionNumber", "ReferringPhysicianName",
            "SpecificCharacterSet", "PixelData"}  # fmt: skip
    for name, path in odd_files(tmp_path).items():
        if name in ("no UIDs", "deflated"):
            continue
        again = pydicom.dcmread(write(reidentified(path, TO_P2, {}), tmp_path / "."), force=True)
        before = pydicom.dcmread(path, force=True)
        for element in before:
            if element.keyword not in gone:
                assert again[element.tag].value == element.value, (name, element.tag)
        assert again.PixelData == before.PixelData and again.PatientID == "P2"


def test_imported_objects_without_uids_can_be_given_to_another_patient(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "odd").mkdir()
    path = odd_files(tmp_path / "odd")["no UIDs"]
    (taken,) = run(capsys, "import", path, "--archive", tmp_path / "a")["files"]
    to = ["--to-patient-id", "P2", "--reason", "it is hers", "--by", "Anna"]
    told = run(capsys, "reassign", taken["study_instance_uid"], *to, "--archive", tmp_path / "a")
    assert [o["old"] for o in told["objects"]] == ["2.25.99"] and not told["not_remade"]
    with Archive(tmp_path / "a") as archive:
        (row,) = archive.objects(told["study_instance_uid"])
        assert archive.verify().ok and pydicom.dcmread(row.file).SOPInstanceUID == told["objects"][0]["new"]


def test_what_is_no_dicom_or_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").write_text("text " * 200, "utf-8")
    assert main(["archive", "import", str(tmp_path / "note.txt"), "--archive", str(tmp_path / "a")]) == 1
    assert "no DICOM object" in capsys.readouterr().err
    assert main(["archive", "import", str(tmp_path / "nothing"), "--archive", str(tmp_path / "a")]) == 1
    assert "There is no" in capsys.readouterr().err
    (tmp_path / "cut.dcm").write_bytes(content(ultrasound())[:150])
    assert main(["archive", "import", str(tmp_path / "cut.dcm"), "--archive", str(tmp_path / "a")]) == 1
    assert "what kind of object" in capsys.readouterr().err


@cache
def seeds() -> list[bytes]:
    """Whole files to be damaged: ours, implicit VR, a report of another maker, sequences, no meta information."""
    bare = still()
    names = ("CT_small.dcm", "reportsi.dcm", "UN_sequence.dcm", "rtplan.dcm")
    files = [Path(str(get_testdata_file(name))).read_bytes() for name in names]
    return [content(ultrasound(size=16)), _dataset_alone(bare), *(data[:12_000] for data in files)]


damages = st.lists(
    st.tuples(
        st.sampled_from(("flip", "put", "cut", "double", "length")),
        st.integers(0, 4000),
        st.binary(min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=5,
)


def damaged(data: bytes, steps: list[tuple[str, int, bytes]]) -> bytes:
    out = bytearray(data)
    for how, at, put in steps:
        at %= max(len(out), 1)
        match how:
            case "flip":
                out[at : at + len(put)] = bytes(a ^ b for a, b in zip(out[at : at + len(put)], put, strict=False))
            case "put":
                out[at:at] = put
            case "cut":
                del out[at : at + 4 * len(put)]
            case "double":
                out[at:at] = out[at : at + 64]
            case _:
                out[at : at + 4] = b"\xff\xff\xff\x7f"
    return bytes(out)


@pytest.mark.requirement("S20")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(which=st.integers(0, 5), steps=damages)
def test_no_damage_to_a_header_harms_the_archive(
    tmp_path_factory: pytest.TempPathFactory, which: int, steps: list[tuple[str, int, bytes]]
) -> None:
    """It is imported as it is or refused with a sentence; what was there stays, and what is made again is whole."""
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    path = folder / "damaged.dcm"
    path.write_bytes(damaged(seeds()[which], steps))
    try:
        header = read_header(path)
    except ArchiveError:
        header = None
    with Archive(folder / "a") as archive:
        before = {row.study_instance_uid: (row.objects, row.hidden) for row in archive.studies(hidden=True)}
        (taken,) = import_files(archive, [path]).files
        if taken.outcome == "imported":
            assert header is not None
            assert archive.path_of(taken.sop_instance_uid).read_bytes() == path.read_bytes()
            rows = archive.objects(taken.study_instance_uid, hidden=True)
            assert taken.sop_instance_uid in {row.sop_instance_uid for row in rows}
        after = {row.study_instance_uid: (row.objects, row.hidden) for row in archive.studies(hidden=True)}
        assert all(sum(after[uid]) >= sum(counts) for uid, counts in before.items())
    try:
        made = reidentified(path, TO_P2, {})
    except DicomError:
        return
    again = folder / "again.dcm"
    again.write_bytes(b"".join(part if isinstance(part, bytes) else _range(part) for part in made))
    assert read_header(again).patient_id == "P2"
    again.unlink()


def _range(part: Any) -> bytes:
    with part.path.open("rb") as file:
        file.seek(part.offset)
        return bytes(file.read(part.length))


@pytest.mark.requirement("S20")
def test_a_report_of_another_maker_is_shown_as_far_as_it_is_understood(
    foreign: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (taken,) = run(capsys, "import", foreign, "--archive", tmp_path / "a")["files"]
    assert "Margin" in taken["not_understood"][0]
    shown = run(capsys, "show", taken["study_instance_uid"], "--archive", tmp_path / "a")
    (label,) = shown["labels"]
    assert label.keys() >= {"kind", "name", "code", "frame", "points", "value_mm", "by", "status", "image", "measured"}
    assert (label["status"], label["name"], label["value_mm"]) == ("foreign", "Nodule", 9)
    assert shown["problems"] == taken["not_understood"] or "another maker" in shown["problems"][0]
