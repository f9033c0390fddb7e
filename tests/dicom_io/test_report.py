"""A report read back is the confirmed part of the document that was written, to the last bit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread

from annotation import Document, Finding, ImageNote, Line, Point, Polyline, measurements
from dicom_io import EncodedObject, Phase, Series, code_of, confirmed, encode_report, new_uid, read_report
from dicom_io.coding.findings import finding_type
from dicom_io.errors import NotAReport, NotDicom, NotReportable
from tests.annotation.strategies import findings, notes
from tests.dicom_io.material import SCALE, STUDY, jpeg_clip, write

REPORTS = Series(Phase.DURING, number=1000, description="during labels")


def image(uid: str, frames: int, series: str = "2.25.5") -> EncodedObject:
    sop_class = "1.2.840.10008.5.1.4.1.1.3.1" if frames > 1 else "1.2.840.10008.5.1.4.1.1.6.1"
    return EncodedObject(uid, sop_class, "1.2.840.10008.1.2.4.50", STUDY.study_instance_uid, series, frames, ())


CLIP, STILL = image("2.25.77", 4), image("1.2.3", 1)


def point(**facts: object) -> Finding:
    shape = Point(at=(10.5, 20.25))
    return Finding.model_validate(
        {"kind": "point", "shape": shape, "by": "nurse", "image": CLIP.sop_instance_uid, **facts}
    )


def written(document: Document, folder: Path, images: tuple[EncodedObject, ...] = (CLIP, STILL)) -> Path:
    return write(encode_report(document, STUDY, REPORTS, images, sop_instance_uid=new_uid()), folder)


def _on_images(document: Document) -> Document:
    """The document with every entry on a picture and a frame that are there."""

    def place(image: str | None, frame: int) -> tuple[str | None, int]:
        return (STILL.sop_instance_uid, 0) if image == STILL.sop_instance_uid else (CLIP.sop_instance_uid, frame)

    return document.relocated(place)


documents = st.builds(
    Document,
    # One thing on several frames has one tracking UID.
    findings=st.lists(
        findings() | findings().map(lambda f: f.changed(tracking_uid="2.25.7")),
        min_size=1,
        max_size=4,
        unique_by=lambda f: (f.tracking_uid, 0 if f.image == STILL.sop_instance_uid else f.frame),
    ).map(tuple),
    notes=st.lists(notes, max_size=1).map(tuple),
).map(_on_images)


@pytest.mark.requirement("C4")
@pytest.mark.requirement("N6")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(document=documents)
def test_reading_back_gives_the_same_document(document: Document, tmp_path: Path) -> None:
    expected = confirmed(document)
    if not expected.findings and not expected.notes:
        with pytest.raises(NotReportable, match="Nothing is confirmed"):
            written(document, tmp_path)
        return
    path = written(document, tmp_path)
    assert read_report(path) == expected
    path.unlink()


def test_names_in_any_script_and_signs_that_dicom_gives_a_meaning(tmp_path: Path) -> None:
    names = ["山田 太郎", "Ωμέγα", "Иван^Иванов", r"a\b", "x=y", "z^", "«Å»", "é́", "السلام"]
    document = Document(findings=tuple(point(by=name, name=name) for name in names))
    assert read_report(written(document, tmp_path)) == document


@pytest.mark.requirement("C4")
def test_what_is_only_suggested_does_not_enter(tmp_path: Path) -> None:
    sure, maybe = point(), point(status="suggested")
    path = written(Document(findings=(maybe, sure)), tmp_path)
    assert read_report(path).findings == (sure,)
    assert maybe.tracking_uid.encode() not in path.read_bytes()


def test_the_scale_that_a_length_rests_on_is_told_beside_it(tmp_path: Path) -> None:
    shape = Line(start=(150, 60), end=(170, 80))
    finding = Finding(
        kind="distance", shape=shape, by="nurse", image=CLIP.sop_instance_uid, measurements=measurements(shape, SCALE)
    )
    item = encode_report(
        Document(findings=(finding,)), STUDY, REPORTS, [CLIP],
        scales={CLIP.sop_instance_uid: [SCALE]}, sop_instance_uid="2.25.9",
    )  # fmt: skip
    raw = write(item, tmp_path).read_bytes().decode("utf-8", "replace")
    assert "profile, 0.08 x 0.079 mm per pixel, ±3 % (95 %)" in raw


def test_frames_count_from_one_in_the_file_and_a_still_has_none(tmp_path: Path) -> None:
    document = Document(findings=(point(frame=3), point(image=STILL.sop_instance_uid)))
    dataset = dcmread(written(document, tmp_path))
    numbers = [e.value for e in dataset.iterall() if e.keyword == "ReferencedFrameNumber"]
    assert numbers == [4]


def test_patient_study_and_language_of_the_report(tmp_path: Path) -> None:
    dataset = dcmread(written(Document(findings=(point(),)), tmp_path))
    assert dataset.SpecificCharacterSet == "ISO_IR 192"
    assert dataset.PatientName == STUDY.patient.name
    assert dataset.StudyInstanceUID == STUDY.study_instance_uid
    assert dataset.SeriesDescription == "during labels"
    assert (dataset.CompletionFlag, dataset.VerificationFlag) == ("COMPLETE", "UNVERIFIED")
    assert dataset.TimezoneOffsetFromUTC == "+0100"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (Document(), "Nothing is confirmed"),
        (Document(findings=(point(image=None),)), "names no picture"),
        (Document(findings=(point(image="2.25.404"),)), "picture 2.25.404, which is not saved"),
        (Document(findings=(point(frame=4),)), "frame 4 of 2.25.77, which has 4 frames"),
        (Document(notes=(ImageNote(image="2.25.404", plane="oblique"),)), "not saved"),
    ],
)
def test_documents_that_cannot_be_reported(document: Document, why: str, tmp_path: Path) -> None:
    with pytest.raises(NotReportable, match=why):
        written(document, tmp_path)


def test_the_code_of_a_finding_is_its_terms_else_its_kinds() -> None:
    line = Polyline(vertices=((1, 1), (2, 2)))
    vessel = Finding(kind="vessel", vessel_kind="artery", shape=line, by="nurse")
    assert code_of(vessel) == "SCT 51114001"
    assert code_of(vessel.changed(term="fa", name="facial artery")) == "SCT 23074001"
    assert code_of(vessel.changed(vessel_kind="unknown")) == "SCT 59820001"
    assert code_of(point()) == "99SONOFILL POINT"
    assert finding_type(Finding(kind="layer", term="smas", name="SMAS", shape=line, by="x")).value == "SMAS"


def test_other_files_are_no_reports(tmp_path: Path) -> None:
    from dicom_io import encode_still
    from tests.dicom_io.material import EQUIPMENT, SERIES

    still = write(encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scratch=tmp_path), tmp_path)
    with pytest.raises(NotAReport, match="no measurement report"):
        read_report(still)
    text = tmp_path / "text.dcm"
    text.write_text("no DICOM file at all, but long enough to have a preamble of its own" * 9)
    with pytest.raises(NotDicom, match="not a DICOM file"):
        read_report(text)


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom on values that are cut
def test_a_report_cut_anywhere_gives_one_of_our_errors(tmp_path: Path) -> None:
    path = written(Document(findings=(point(),)), tmp_path)
    whole = path.read_bytes()
    for end in [*range(1700, 1800), *range(0, len(whole), 11)]:
        path.write_bytes(whole[:end])
        with pytest.raises((NotDicom, NotAReport)):
            read_report(path)


def test_a_report_of_another_program_is_told_as_such(tmp_path: Path) -> None:
    path = written(Document(findings=(point(),)), tmp_path)
    dataset = dcmread(path)
    group = dataset.ContentSequence[-1].ContentSequence[0]
    for item in group.ContentSequence:
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Finding category":
            item.ConceptCodeSequence[0].CodeValue = "12345"
    dataset.save_as(path)
    with pytest.raises(NotAReport, match="not one that this program wrote"):
        read_report(path)
