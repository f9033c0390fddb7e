"""A report's regions: the drawn shape comes back from them, and from the standard's own types in older reports."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from annotation import Document, Ellipse, Point, Polyline
from dicom_io import Phase, Series, encode_report, encode_still, read_report
from dicom_io.coding import codes
from dicom_io.drawing.graphics import graphic_of
from dicom_io.report.shapes import region_of, shape_of_region
from tests.dicom_io.labelled_material import finding, labelled, vessels_and_layers
from tests.dicom_io.material import EQUIPMENT, SERIES, STUDY, jpeg_clip, write

AXES = st.floats(2, 300)


@given(AXES, AXES, st.floats(-360, 360))
def test_an_ellipse_is_its_outline_and_comes_back_to_the_last_bit(a: float, b: float, angle_deg: float) -> None:
    ellipse = Ellipse.around((400, 350), (a, b), angle_deg)
    kind, points, drawn_as = region_of(ellipse)
    assert (kind, drawn_as, points[0]) == ("POLYLINE", "ellipse", points[-1])
    assert shape_of_region(kind, [v for p in points for v in p], drawn_as, distance=False) == ellipse
    (x, y), (long, short), turn = ellipse.centre, ellipse.semi_axes, math.radians(ellipse.angle_deg)
    for column, row in points:
        u = ((column - x) * math.cos(turn) + (row - y) * math.sin(turn)) / long
        v = ((row - y) * math.cos(turn) - (column - x) * math.sin(turn)) / short
        assert math.hypot(u, v) == pytest.approx(1, abs=1e-3)


def test_a_point_near_the_edge_has_its_circle_inside_the_picture() -> None:
    for column in (0.0, 1.5, 2.0, 300.0):
        kind, (at, beside), drawn_as = region_of(Point(at=(column, 5)))
        assert kind == "CIRCLE" and beside[0] >= 0 and math.dist(at, beside) == 2
        assert shape_of_region(kind, [*at, *beside], drawn_as, distance=False) == Point(at=(column, 5))


def test_points_that_are_no_such_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="outline of 3 points"):
        shape_of_region("POLYLINE", [1, 2, 3, 4, 1, 2], "ellipse", distance=False)
    with pytest.raises(ValueError, match="way back"):
        shape_of_region("POLYLINE", [1, 2, 3, 4, 5, 6, 1, 2], "open line", distance=False)


def test_a_report_with_the_standards_own_types_is_read(tmp_path: Path) -> None:
    """As reports were written before: POINT, ELLIPSE, open POLYLINE, and no word on what was drawn."""
    source = jpeg_clip(tmp_path / "still", 1)
    still = encode_still(source, STUDY, SERIES, EQUIPMENT, scratch=tmp_path)
    more = finding(kind="layer", term="smas", name="long", shape=Polyline(vertices=((1, 2), (30, 4), (50, 3), (70, 9))))
    (frame,) = labelled(still, source, {0: (*vessels_and_layers(), more)})
    document = Document(findings=frame.findings)
    series = Series(Phase.PRE, 1000)
    path = write(encode_report(document, STUDY, series, [still], sop_instance_uid="2.25.7"), tmp_path)
    assert read_report(path) == document
    dataset = dcmread(path)
    groups = [
        i
        for i in dataset.ContentSequence[-1].ContentSequence
        if i.ContentTemplateSequence[0].TemplateIdentifier == "1410"
    ]
    for group, label in zip(groups, document.findings, strict=True):
        region = next(i for i in group.ContentSequence if i.ValueType == "SCOORD")
        region.GraphicType, points = graphic_of(label.shape)
        region.GraphicData = [value for place in points for value in place]
        group.ContentSequence = [i for i in group.ContentSequence if not _named(i, codes.DRAWN_AS.value)]
    dataset.save_as(path)
    assert read_report(path) == document


def _named(item: Dataset, value: str) -> bool:
    return bool(item.ConceptNameCodeSequence[0].CodeValue == value)
