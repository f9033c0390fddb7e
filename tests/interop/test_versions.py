"""Other people's programs on corrected reports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydicom import dcmread

from annotation import Document
from dicom_io import EncodedObject, encode_report, new_uid
from dicom_io.composite.sr_document import Attestation
from dicom_io.report.read import StoredReport, read_stored_report
from dicom_io.report.revision import Revision
from tests.dicom_io.material import STUDY, write
from tests.dicom_io.test_report import CLIP, REPORTS, STILL, point
from tests.interop.conftest import Orthanc
from tests.interop.tools import errors_of_dciodvfy, run

HERE = [CLIP, STILL]
NAME = "Åsa Лена 山田"


def report(document: Document, folder: Path, revision: Revision) -> tuple[EncodedObject, Path]:
    item = encode_report(document, STUDY, REPORTS, HERE, sop_instance_uid=new_uid(), revision=revision)
    return item, write(item, folder)


@pytest.fixture
def chain(tmp_path: Path) -> list[tuple[StoredReport, Path]]:
    """A report, its correction that a supervisor verified, and one that withdraws all."""
    document = Document(findings=(point(by=NAME), point(by=NAME, image=STILL.sop_instance_uid)))
    _, first = report(document, tmp_path, Revision(author=NAME, entered_by=NAME))
    before = read_stored_report(first)
    _, second = report(
        Document(findings=document.findings[:1]), tmp_path,
        Revision(NAME, r"a\b=c", "it was the other side", (before,), tuple(before.pictures),
                 Attestation("Sup^Ervisor", datetime(2026, 11, 24, 12, tzinfo=UTC), "Clinic")),
    )  # fmt: skip
    before = read_stored_report(second)
    _, third = report(Document(), tmp_path, Revision(NAME, NAME, "", (before,), tuple(before.pictures)))
    return [(read_stored_report(path), path) for path in (first, second, third)]


@pytest.mark.requirement("S20")
def test_dciodvfy_dsrdump_and_highdicom_read_every_version(chain: list[tuple[StoredReport, Path]]) -> None:
    from highdicom import sr

    found = []
    for _, path in chain:
        assert errors_of_dciodvfy(path) == []
        dumped = run("dsrdump", path)
        assert "E: " not in dumped.stderr and NAME in dumped.stdout
        groups = sr.srread(path).content.get_planar_roi_measurement_groups()
        found.append(len(groups))
    assert found == [2, 1, 0]
    assert "it was the other side" in run("dsrdump", chain[1][1]).stdout


def test_who_when_why_and_what_came_before_stand_in_each(chain: list[tuple[StoredReport, Path]]) -> None:
    (first, _), (second, path), (third, last) = chain
    assert (first.author, first.entered_by, first.reason, first.predecessors) == (NAME, NAME, "", ())
    assert (second.author, second.entered_by, second.reason) == (NAME, "a b c", "it was the other side")
    assert second.predecessors == (first.sop_instance_uid,) and third.predecessors == (second.sop_instance_uid,)
    assert first.pictures == second.pictures == third.pictures == {CLIP.sop_instance_uid, STILL.sop_instance_uid}
    assert first.at and second.at and first.at <= second.at <= datetime.now(UTC)
    dataset = dcmread(path)
    assert (dataset.CompletionFlag, dataset.VerificationFlag) == ("COMPLETE", "VERIFIED")
    assert second.verified_by == "Sup^Ervisor"
    assert dataset.PredecessorDocumentsSequence[0].StudyInstanceUID == STUDY.study_instance_uid
    # A correction of a verified report is not verified until somebody verifies it.
    assert dcmread(last).VerificationFlag == "UNVERIFIED" and not third.verified_by


def test_orthanc_keeps_every_version(chain: list[tuple[StoredReport, Path]], orthanc: Orthanc) -> None:
    for stored, path in chain:
        orthanc.rest("/instances", path.read_bytes())
        assert orthanc.rest(f"/instances/{orthanc.find(stored.sop_instance_uid)}/file") == path.read_bytes()
