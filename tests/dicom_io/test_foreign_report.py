"""A report of another maker: what is understood is shown, the rest is listed, nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from highdicom import sr
from pydicom import dcmread
from pydicom.data import get_testdata_file

from dicom_io.context import new_uid
from dicom_io.errors import NotAReport
from dicom_io.report.foreign import read_foreign_report
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip, write


def code(value: str, scheme: str, meaning: str) -> sr.CodedConcept:
    return sr.CodedConcept(value, scheme, meaning)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """As highdicom alone writes it: one outlined lesion with its diameter, a note in the maker's own words."""
    from dicom_io import encode_still

    image = dcmread(write(encode_still(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT, scratch=tmp_path), tmp_path))
    source = sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID)
    group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(uid=new_uid(), identifier="N1"),
        referenced_region=sr.ImageRegion("CIRCLE", np.array([[10.5, 20], [15, 20]], np.float32), source),
        finding_type=code("27925004", "SCT", "Nodule"),
        measurements=[sr.Measurement(code("81827009", "SCT", "Diameter"), 0.9, code("cm", "UCUM", "centimeter"))],
        qualitative_evaluations=[
            sr.QualitativeEvaluation(code("M1", "99OTHER", "Margin"), code("M2", "99OTHER", "spiculated"))
        ],
    )
    observer = sr.ObserverContext(
        code("121006", "DCM", "Person"), sr.PersonObserverIdentifyingAttributes(name="Other^Reader")
    )
    content = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=code("241439007", "SCT", "Ultrasonography"),
        imaging_measurements=[group],
    )
    report = sr.ComprehensiveSR(
        evidence=[image], content=content, series_instance_uid=new_uid(), series_number=5, sop_instance_uid=new_uid(),
        instance_number=1, manufacturer="Other", is_complete=True,
    )  # fmt: skip
    path = tmp_path / "foreign.dcm"
    report.save_as(path)
    return path


@pytest.mark.requirement("S20")
def test_regions_and_numbers_are_shown_as_the_maker_says_them(foreign: Path) -> None:
    report = read_foreign_report(foreign)
    (label,) = report.labels
    assert (label.kind, label.name, label.code) == ("circle", "Nodule", "SCT 27925004")
    assert label.points == ((10.5, 20), (15, 20)) and label.frame == 0 and label.value_mm == 9
    assert label.measured == ("Diameter 0.9 cm",)
    assert report.not_understood == ("Margin",)
    assert "another maker: 1 labels" in report.told(foreign) and "Margin" in report.told(foreign)


def test_reports_of_other_kinds_are_listed_and_not_guessed() -> None:
    for name in ("reportsi.dcm", "test-SR.dcm"):
        report = read_foreign_report(Path(str(get_testdata_file(name))))
        assert report.labels == () and report.not_understood
    with pytest.raises(NotAReport):
        read_foreign_report(Path(str(get_testdata_file("CT_small.dcm"))))
