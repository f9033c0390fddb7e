"""A vessel's change since before the procedure: any that the record can hold comes back from its report equal."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation import Document
from dicom_io import Phase, Series, encode_report, new_uid
from dicom_io.report.changes import ReportedChange, reported
from dicom_io.report.read import read_stored_report
from procedure.answers import Estimate, Sight
from procedure.changes import COMPARED, Change, changes_of
from procedure.demonstration import demonstration
from tests.annotation.strategies import moments, names, uids
from tests.dicom_io.material import STUDY, write
from tests.dicom_io.test_report import CLIP, STILL, point
from tests.interop.tools import errors_of_dciodvfy, run

numbers = st.floats(-1e6, 1e6, allow_nan=False)
estimates = st.builds(Estimate, numbers, st.none() | st.floats(0, 1e3))


@st.composite
def changes(draw: st.DrawFn) -> ReportedChange:
    values = []
    for field, _, _ in COMPARED:
        if draw(st.booleans()):
            values.append(
                Change(field, draw(estimates), draw(estimates), draw(numbers), draw(st.none() | st.just(0.25)))
            )
    place = st.just(("", 0)) | st.tuples(uids, st.integers(0, 500))
    return ReportedChange(
        tracking_uid=draw(uids),
        term=draw(st.sampled_from(["", "fa", "fv"])),
        name=draw(st.just("") | names),
        station_id=draw(st.sampled_from(["", "nlf-2"])),
        at=draw(moments).astimezone(UTC),
        by=draw(names),
        values=tuple(values),
        flow_before=draw(st.none() | st.sampled_from(Sight)),
        flow_after=draw(st.none() | st.sampled_from(Sight)),
        image_before=draw(place),
        image_after=draw(place),
    )


def read_back(told: tuple[ReportedChange, ...], folder: Path) -> tuple[ReportedChange, ...]:
    document = Document(findings=(point(),))
    made = encode_report(
        *(document, STUDY, Series(Phase.POST), (CLIP, STILL)), sop_instance_uid=new_uid(), changes=told
    )
    report = read_stored_report(write(made, folder))
    assert report.document == document
    return report.changes


@pytest.mark.requirement("S17")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(changes(), max_size=3).map(tuple))
def test_any_change_comes_back_equal(told: tuple[ReportedChange, ...], tmp_path: Path) -> None:
    assert read_back(told, tmp_path) == told


@pytest.mark.requirement("S17")
def test_the_record_s_changes_come_back_in_the_report_s_terms(tmp_path: Path) -> None:
    (vessel,) = demonstration("occlusion-rescue").vessels
    told = tuple(reported(vessel, change) for change in changes_of(vessel))
    assert read_back(told, tmp_path) == told
    assert {value.field for change in told for value in change.values} == {field for field, _, _ in COMPARED}
    assert [change.flow_after for change in told][-2:] == [Sight.NOT_SEEN, Sight.SEEN]
    (path,) = tmp_path.iterdir()
    assert errors_of_dciodvfy(path) == [] and "Change since before" in run("dsrdump", path).stdout
