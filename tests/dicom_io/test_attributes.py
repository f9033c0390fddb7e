"""Data sets read by hand: the same as pydicom reads, or refused; whatever the bytes are, one clear answer."""

from __future__ import annotations

import io
import random
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread, dcmwrite
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from annotation import Document
from dicom_io import DicomError, EncodedObject, Phase, Series, encode_encounter, encode_report, new_uid
from dicom_io.dataset.attributes import Attributes, CannotTell, attributes_of, read_attributes
from dicom_io.dataset.parse import parse, read_with
from dicom_io.dataset.tags import TAGS
from dicom_io.report.read import read_stored_report
from procedure import Encounter
from tests.dicom_io.labelled_material import vessels_and_layers
from tests.dicom_io.material import SCALE, SERIES, STUDY
from tests.procedure.strategies import encounters

STILL = EncodedObject(
    *("2.25.3", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.1.2.4.50", STUDY.study_instance_uid, "2.25.5", 1, ())
)
TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\\^="), max_size=12)
PLAIN = st.text("ABCDEFGHJKLMNOPQRSTUVWXYZ 0123456789_", max_size=12)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "CodeMeaning": TEXTS,
    "PersonName": st.builds("{}^{}".format, TEXTS, TEXTS),
    "SeriesDescription": TEXTS,
    "TextValue": st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40),
    "ValueType": PLAIN,
    "ImageType": st.lists(PLAIN, max_size=4),
    "UID": st.sampled_from(["1.2.840.10008.5.1.4.1.1.88.22", "2.25.1", ""]),
    "ReferencedFrameNumber": st.lists(st.integers(0, 99999), max_size=3),
    "NumericValue": st.floats(-1e6, 1e6).map(lambda number: f"{number:.6g}"),
    "FloatingPointValue": st.floats(allow_nan=False),
    "GraphicData": st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=6),
    "Rows": st.integers(0, 65535),
    "DateTime": st.just("20260302093000.000000+0100"),
    "ICCProfile": st.binary(max_size=9).map(lambda data: data + b"\0" * (len(data) % 2)),
}


@st.composite
def items(draw: st.DrawFn, depth: int = 0) -> Dataset:
    """A data set of any of these attributes, with sequences of known and of unknown length in one another."""
    item = Dataset()
    for keyword in draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True, max_size=5)):
        setattr(item, keyword, draw(VALUES[keyword]))
    if depth < 3:
        for keyword in draw(
            st.lists(st.sampled_from(("ContentSequence", "ConceptCodeSequence")), unique=True, max_size=2)
        ):
            setattr(item, keyword, Sequence(draw(st.lists(items(depth + 1), max_size=3))))
            item[keyword].is_undefined_length = draw(st.booleans())
            for below in item[keyword].value:
                below.is_undefined_length_sequence_item = draw(st.booleans())
    return item


def file_of(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> bytes:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.33", "2.25.7"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    out = io.BytesIO()
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def plain(value: Any, vr: str) -> Any:
    """A value of pydicom's as it is read by hand."""
    if isinstance(value, MultiValue | list):
        return [plain(one, vr) for one in value]
    if value is None or value == "" or isinstance(value, bytes):
        return value
    return {"IS": int, "DS": float}.get(vr, lambda one: one)(value) if vr in _NUMBERS else str(value)


_NUMBERS = {"IS", "DS", "US", "UL", "SS", "SL", "FL", "FD", "UV", "SV"}


def agree(dataset: Dataset, found: Attributes) -> int:
    """How many values were compared; every one that pydicom has is there, and the same."""
    compared = 0
    for one in dataset:
        keyword = one.keyword
        if not keyword or keyword == "PixelData" or one.VR in ("AT", "UN"):
            continue
        assert keyword in found
        if one.VR == "SQ":
            assert len(found.get(keyword)) == len(one.value)
            compared += sum(agree(*pair) for pair in zip(one.value, found.get(keyword), strict=True))
        else:
            compared += 1
            assert found.get(keyword) == plain(one.value, one.VR), keyword
    return compared


def tree(item: Any) -> list[Any]:
    """All that a reader may ask for, by whichever reader."""
    return [
        [tree(one) for one in value] if isinstance(value, list | Sequence) and _of_items(value) else str(value)
        for keyword in TAGS
        if (value := item.get(keyword)) is not None
    ]


def _of_items(value: Any) -> bool:
    return bool(value) and isinstance(value[0], Dataset | Attributes)


def test_tags_are_those_of_the_standard() -> None:
    assert {k: (int(tag_for_keyword(k) or 0), dictionary_VR(k)) for k in TAGS} == TAGS


@settings(max_examples=60, deadline=None)
@given(items())
def test_any_data_set_is_read_as_pydicom_reads_it(item: Dataset) -> None:
    data = file_of(item)
    agree(dcmread(io.BytesIO(data)), attributes_of(data))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_any_encounter_is_read_as_pydicom_reads_it(encounter: Encounter) -> None:
    item = encode_encounter(encounter, STUDY, Series(Phase.PRE), [], sop_instance_uid=new_uid())
    data = b"".join(part for part in item if isinstance(part, bytes))
    assert agree(dcmread(io.BytesIO(data)), attributes_of(data)) > 20


@pytest.fixture(scope="module")
def report() -> bytes:
    """A report of all kinds of labels."""
    document = Document(findings=tuple(f.changed(image=STILL.sop_instance_uid, frame=0) for f in vessels_and_layers()))
    item = encode_report(
        document, STUDY, SERIES, [STILL], scales={STILL.sop_instance_uid: [SCALE]}, sop_instance_uid=new_uid()
    )
    return b"".join(part for part in item if isinstance(part, bytes))


def test_a_report_is_read_as_pydicom_reads_it(report: bytes) -> None:
    assert agree(dcmread(io.BytesIO(report)), attributes_of(report)) > 1000


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_what_is_stored_in_another_way_is_read_by_pydicom(tmp_path: Path, syntax: str) -> None:
    dataset = Dataset()
    dataset.TextValue = "läßt sich lesen"
    path = tmp_path / "other.dcm"
    path.write_bytes(file_of(dataset, syntax))
    with pytest.raises(CannotTell):
        read_attributes(path)
    assert read_with(path, lambda item: item.TextValue) == "läßt sich lesen"


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom on values that are cut
def test_cut_anywhere_it_is_refused_or_the_same_as_pydicom_reads(report: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cut.dcm"
    for end in random.Random(5).sample(range(len(report)), 60):
        path.write_bytes(report[:end])
        assert _outcome(lambda: read_with(path, tree)) == _outcome(lambda: tree(parse(path)[0]))


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom on texts that are damaged
def test_flipped_bytes_give_one_clear_sentence_or_a_report(report: bytes, tmp_path: Path) -> None:
    rng = random.Random(6)
    path = tmp_path / "flipped.dcm"
    began_s = time.monotonic()
    for _ in range(60):
        damaged = bytearray(report)
        for at in rng.sample(range(132, len(report)), rng.choice((1, 1, 1, 8))):
            damaged[at] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            read_stored_report(path)
        except DicomError as error:
            assert str(path) in str(error) and "\n" not in str(error)
    assert time.monotonic() - began_s < 60


def test_sequences_without_end_and_without_bottom_are_refused() -> None:
    dataset = Dataset()
    dataset.TextValue = "a"
    head = file_of(dataset)
    opening = b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    for levels in (1, 50, 100_000):
        with pytest.raises((CannotTell, struct.error)):
            attributes_of(head + opening * levels)


def _outcome(read: Callable[[], object]) -> object:
    try:
        return read()
    except DicomError as error:
        return str(error)
