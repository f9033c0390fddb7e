"""Items made as bytes are what pydicom makes of the same values, to the last byte."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian

from dicom_io.coding.concept import Concept, code
from dicom_io.dataset.plain_dataset import PlainDataset, as_pydicom
from dicom_io.dataset.raw_items import element, item, sequence
from dicom_io.picture.encapsulate import file_header

#: Spaces at a text's end mean nothing (PS3.5, 6.2), and pydicom drops them when it reads: a text read back has none.
words = st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="\\="), max_size=40).map(str.rstrip)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "TextValue": words,
    "CodeMeaning": words,
    "UID": st.integers(1, 10**30).map(lambda n: f"2.25.{n}"),
    "GraphicData": st.lists(st.floats(-(2.0**20), 2.0**20, width=32), min_size=2, max_size=9),
    "FloatingPointValue": st.floats(allow_nan=False),
    "ReferencedFrameNumber": st.integers(1, 10**6),
    "DimensionIndexValues": st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=4),
    "RecommendedDisplayCIELabValue": st.lists(st.integers(0, 65535), min_size=3, max_size=3),
    "SegmentNumber": st.integers(1, 65535),
}

MORE = VALUES | {
    "PatientName": st.sampled_from(["", "山田^太郎", "Žižková^Анна=山田^太郎"]),
    "PatientBirthDate": st.just("19900203"),
    "ImageType": st.just(["DERIVED", "PRIMARY"]),
    "NumericValue": st.integers(-(10**9), 10**9).map(str),
    "InstanceNumber": st.integers(0, 9999) | st.none(),
    "FrameIncrementPointer": st.just(0x00181065),
    "ICCProfile": st.binary(min_size=2, max_size=8).filter(lambda data: len(data) % 2 == 0),
    "PhysicalDeltaX": st.floats(0.001, 1),
    "PixelAspectRatio": st.just([1, 1]),
}
UTF_8 = "ISO_IR 192"


def _with_sequences(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    held = st.lists(inner, max_size=3)
    return st.fixed_dictionaries({}, optional=MORE | {"ContentSequence": held, "ReferencedSOPSequence": held})


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=VALUES), st.integers(0, 999))
def test_any_elements_are_those_of_pydicom(values: dict[str, Any], seed: int) -> None:
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    shuffled = list(values.items())
    random.Random(seed).shuffle(shuffled)
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write_dataset(buffer, dataset, parent_encoding="utf8")
    made = item(*(element(keyword, value) for keyword, value in shuffled))
    assert made[8:] == buffer.getvalue() and int.from_bytes(made[4:8], "little") == len(made) - 8


def test_sequences_stand_among_the_data_sets_own_elements() -> None:
    dataset = PlainDataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.33", "2.25.1"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "山田^太郎"
    dataset.ContentLabel = "AFTER"  # (0070,0080), behind the content
    one = item(code("ConceptNameCodeSequence", Concept("1", "99X", "Žíla")), element("TextValue", "血管"))
    dataset.ContentSequence, dataset.ReferencedSOPSequence = [one, one], [item()]
    head = file_header(dataset, ExplicitVRLittleEndian)
    read = dcmread(io.BytesIO(head))
    assert [e.tag for e in read] == sorted(e.tag for e in read)
    assert [i.TextValue for i in read.ContentSequence] == ["血管", "血管"]
    assert read.ContentSequence[1].ConceptNameCodeSequence[0].CodeMeaning == "Žíla"
    assert (read.PatientName, read.ContentLabel, len(read.ReferencedSOPSequence)) == ("山田^太郎", "AFTER", 1)
    assert isinstance(read.file_meta, FileMetaDataset)


def test_what_a_field_cannot_hold_is_refused() -> None:
    assert element("TextValue", "a ").endswith(b"a "), "a space at the end is written as it is told"
    assert element("TextValue", "x" * 70000)[6:8] == b"\0\0"
    with pytest.raises(ValueError, match="CodeMeaning"):
        element("CodeMeaning", "x" * 70000)
    with pytest.raises(KeyError):
        element("NoSuchWord", 1)
    assert sequence("ContentSequence", []) == element("ContentSequence", None)


@settings(max_examples=40, deadline=None)
@given(st.recursive(st.fixed_dictionaries({}, optional=MORE), _with_sequences, max_leaves=8))
def test_any_plain_data_set_is_written_as_pydicom_writes_it(values: dict[str, Any]) -> None:
    meta = {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33", "SOPInstanceUID": "2.25.1", "SpecificCharacterSet": UTF_8}
    made, expected = (_filled(kind, values | meta) for kind in (PlainDataset, Dataset))
    assert file_header(made, ExplicitVRLittleEndian) == file_header(expected, ExplicitVRLittleEndian)
    assert as_pydicom(made) == expected


def _filled(kind: type[Any], values: dict[str, Any]) -> Any:
    dataset = kind()
    for keyword, value in values.items():
        items = [_filled(kind, one) for one in value] if keyword.endswith("Sequence") else value
        setattr(dataset, keyword, items)
    return dataset
