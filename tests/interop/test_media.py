"""Media: our DICOMDIR by other people's checkers and readers, copies byte for byte, back into an archive; ZIP files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pydicom.fileset import FileSet

from archive import Archive
from tests.interop.conftest import Written
from tests.interop.tools import errors_of_dciodvfy, run
from workstation.cli import main

KINDS = ("clip colour JPEG", "still colour JPEG", "still YUYV", "report")


@pytest.fixture(scope="module")
def kept(objects: dict[str, Written], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An archive with one study of four objects, and its UID."""
    root = tmp_path_factory.mktemp("media") / "archive"
    with Archive(root) as archive:
        for kind in KINDS:
            archive.put(objects[kind].item)
        (study,) = archive.studies()
    return root, study.study_instance_uid


def export(kept: tuple[Path, str], out: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> Any:
    root, study = kept
    words = ["archive", "export", study, "--archive", str(root), "--out", str(out), "--format", kind, "--json"]
    assert main(words) == 0
    return json.loads(capsys.readouterr().out)


def contents(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.name not in ("DICOMDIR", "README.TXT")
                  and path.is_file())  # fmt: skip


@pytest.mark.parametrize("kind", ["dicomdir", "folder", "zip"])
def test_what_is_exported_is_what_was_kept_and_comes_back(
    kept: tuple[Path, str], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / ("out.zip" if kind == "zip" else "out")
    told = export(kept, out, kind, capsys)
    assert told["objects"] == len(KINDS)
    folder = out
    if kind == "zip":
        folder = tmp_path / "by others"
        with zipfile.ZipFile(out) as packed:
            packed.extractall(folder)
    assert contents(folder) == contents(kept[0] / "studies")
    assert not any("P-17" in str(path.relative_to(folder)) for path in folder.rglob("*"))
    again = tmp_path / "again"
    assert main(["archive", "import", str(out), "--archive", str(again), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["imported"] == len(KINDS)
    assert all(taken["file"].startswith(str(out)) for taken in document["files"])
    assert not [taken for taken in document["files"] if taken["outcome"] == "directory" and taken["not_understood"]]
    assert contents(again / "studies") == contents(kept[0] / "studies")


def test_the_directory_is_the_standards(
    kept: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """dciodvfy finds no error; DCMTK and pydicom read it and find every file where it says."""
    out = tmp_path / "cd"
    told = export(kept, out, "dicomdir", capsys)
    assert not errors_of_dciodvfy(out / "DICOMDIR")
    named = run("dcmdump", "+P", "ReferencedFileID", out / "DICOMDIR").stdout
    assert named.count("ReferencedFileID") == len(KINDS)
    found = FileSet(out / "DICOMDIR")
    assert sorted(str(out / one.FileID.replace("\\", "/")) for one in found) == sorted(told["files"])
    for one in found:
        assert one.load().SOPInstanceUID == one.SOPInstanceUID
    found._stage["t"].cleanup()
    names = [Path(name).relative_to(out).parts for name in told["files"]]
    assert all((len(part) <= 8 and part.isupper()) or part.isdigit() for name in names for part in name)


def test_nothing_that_is_there_is_written_over(
    kept: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, study = kept
    full, packed = tmp_path / "full", tmp_path / "a.zip"
    full.mkdir()
    (full / "mine").write_text("x")
    packed.write_text("mine")
    for out, kind in ((full, "dicomdir"), (full, "folder"), (packed, "zip"), (packed, "folder")):
        assert main(["archive", "export", study, "--archive", str(root), "--out", str(out), "--format", kind]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert packed.read_text() == "mine"
    assert [path.name for path in full.iterdir()] == ["mine"]


def test_a_zip_file_with_tricks_writes_nowhere_else(
    kept: tuple[Path, str], objects: dict[str, Written], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = objects["report"].path.read_bytes()
    packed = tmp_path / "x" / "y" / "tricks.zip"
    packed.parent.mkdir(parents=True)
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("../../escaped.dcm", data)
        made.writestr("/tmp/../etc/absolute.dcm", objects["still YUYV"].path.read_bytes())
        made.writestr("a", b"no DICOM")
        made.writestr("a/b", b"a folder where a file is")
    assert main(["archive", "import", str(packed), "--archive", str(tmp_path / "archive"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["imported"] == 2
    assert not list(tmp_path.glob("escaped*"))
    assert not list((tmp_path / "x").glob("escaped*"))
    packed.write_bytes(packed.read_bytes()[:-30])
    assert main(["archive", "import", str(packed), "--archive", str(tmp_path / "archive")]) == 1
    capsys.readouterr()
