"""The encounter through DICOM: what the types allow comes back equal, by its coded content alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_io import DicomError, EncodedObject, Patient, Phase, Series, Study, encode_encounter, new_uid, read_encounter
from dicom_io.coding.concept import Concept
from dicom_io.coding.encounter import (
    ID_FIELDS,
    JSON_COPY,
    JSON_SHA256,
    field_concept,
    id_concept,
    id_of,
    unit_of,
    word_concept,
    word_of,
)
from dicom_io.composite.content_items import decimal_string
from dicom_io.context import derived_uid
from procedure import Encounter
from procedure.as_json import to_json
from procedure.demonstration import SCENARIOS, demonstration
from procedure.record import fields_of
from procedure.states import State
from procedure.steps import correct
from procedure.walk import leaves
from procedure.words import BONY_LANDMARKS, STRUCTURES
from tests.dicom_io.material import write
from tests.procedure.strategies import encounters, kinds_of_records

STILL = "1.2.840.10008.5.1.4.1.1.6.1"
CLIP = "1.2.840.10008.5.1.4.1.1.3.1"
JPEG = "1.2.840.10008.1.2.4.50"
ZONES = (UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-3, minutes=-30)))


def study(zone: timezone = UTC) -> Study:
    started = datetime(2026, 3, 2, 9, 30, tzinfo=zone)
    return Study(Patient("DEMO-0001", "Demo^Simulated"), started, derived_uid("study"))


def image(uid: str, kind: str = STILL, frames: int = 1) -> EncodedObject:
    return EncodedObject(uid, kind, JPEG, study().study_instance_uid, "2.25.4711", frames, ())


def images_of(encounter: Encounter) -> list[EncodedObject]:
    return [image(i.image_uid, CLIP if i.kind == "clip" else STILL, i.frames) for i in encounter.images]


def stored(
    encounter: Encounter,
    folder: Path,
    images: Sequence[EncodedObject] = (),
    zone: timezone = UTC,
    json_copy: bool = True,
) -> Path:
    item = encode_encounter(
        encounter, study(zone), Series(Phase.PRE), images, sop_instance_uid=new_uid(), json_copy=json_copy
    )
    return write(item, folder)


@pytest.mark.requirement("N6")
@pytest.mark.requirement("S20")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters(), st.sampled_from(ZONES), st.booleans(), st.data())
def test_any_encounter_comes_back_equal_and_in_the_same_bytes(
    tmp_path: Path, encounter: Encounter, zone: timezone, json_copy: bool, data: st.DataObject
) -> None:
    """Whatever of the images the study has, in any time zone, with a JSON copy and without one."""
    uids = sorted({str(value) for _, field, value in leaves(encounter) if "image_uid" in field.name})
    known = data.draw(st.sets(st.sampled_from(uids))) if uids else set()
    images = [
        image(uid, data.draw(st.sampled_from([STILL, CLIP])), data.draw(st.integers(1, 3))) for uid in sorted(known)
    ]
    path = stored(encounter, tmp_path, images, zone, json_copy)
    again = read_encounter(path)
    path.unlink()
    assert again.encounter == encounter
    assert to_json(again.encounter) == to_json(encounter)
    assert again.json_agrees is (True if json_copy else None)


@pytest.mark.requirement("N6")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_demonstration_without_its_json_copy_is_the_same(scenario: str, tmp_path: Path) -> None:
    encounter = demonstration(scenario)
    path = stored(encounter, tmp_path, images_of(encounter))
    dataset = dcmread(path)
    json_names = {JSON_COPY.value, JSON_SHA256.value}
    kept = [item for item in dataset.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue not in json_names]
    assert len(kept) == len(dataset.ContentSequence) - 2
    dataset.ContentSequence = kept
    dataset.save_as(tmp_path / "coded.dcm")
    again = read_encounter(tmp_path / "coded.dcm")
    assert again.encounter == encounter and again.json_agrees is None


def _items(dataset: Dataset) -> list[Dataset]:
    found = []
    for item in dataset.get("ContentSequence") or []:
        found += [item, *_items(item)]
    return found


def test_every_image_that_is_named_is_a_reference_and_among_the_evidence(tmp_path: Path) -> None:
    encounter = demonstration("occlusion-rescue")
    dataset = dcmread(stored(encounter, tmp_path, images_of(encounter)))
    references = [item.ReferencedSOPSequence[0] for item in _items(dataset) if item.ValueType == "IMAGE"]
    named = {str(reference.ReferencedSOPInstanceUID) for reference in references}
    (of_study,) = dataset.CurrentRequestedProcedureEvidenceSequence
    evidence = {
        str(reference.ReferencedSOPInstanceUID)
        for series in of_study.ReferencedSeriesSequence
        for reference in series.ReferencedSOPSequence
    }
    assert named == evidence == {i.image_uid for i in encounter.images}
    frames = {int(r.ReferencedFrameNumber) for r in references if r.get("ReferencedFrameNumber")}
    assert frames == {31}, "frame 30 counted from 0 is the standard's frame 31"


@pytest.mark.requirement("N5")
def test_the_same_vessel_has_one_uid_in_all_phases_of_the_document(tmp_path: Path) -> None:
    encounter = demonstration("occlusion-rescue")
    dataset = dcmread(stored(encounter, tmp_path, images_of(encounter)))
    concept = field_concept("tracking_uid")
    tracked = [i for i in _items(dataset) if i.ConceptNameCodeSequence[0].CodeValue == concept.value]
    fillers = [check.tracking_uid for check in encounter.filler_checks]
    assert fillers, "the story has filler that was looked at again"
    assert [item.UID for item in tracked] == [*(vessel.tracking_uid for vessel in encounter.vessels), *fillers]


def test_a_copy_that_was_changed_is_said_to_disagree(tmp_path: Path) -> None:
    encounter = demonstration("normal")
    path = stored(encounter, tmp_path)
    other = to_json(replace(encounter, version=7)).decode().rstrip("\n")
    for text, digest in (
        (other, hashlib.sha256((other + "\n").encode()).hexdigest()),  # another record, with its own right digest
        (other, None),
        ("{}", hashlib.sha256(b"{}\n").hexdigest()),
    ):
        dataset = dcmread(path)
        for item in dataset.ContentSequence:
            value = item.ConceptNameCodeSequence[0].CodeValue
            if value == JSON_COPY.value:
                item.TextValue = text
            if value == JSON_SHA256.value and digest:
                item.TextValue = digest
        dataset.save_as(tmp_path / "changed.dcm")
        again = read_encounter(tmp_path / "changed.dcm")
        assert again.encounter == encounter and again.json_agrees is False


@pytest.mark.requirement("S20")
def test_the_flags_tell_the_state_and_a_correction_names_what_it_corrects(tmp_path: Path) -> None:
    attested = demonstration("normal")
    draft = replace(attested, state=State.DRAFT, signatures=())
    final = replace(attested, state=State.FINAL, signatures=attested.signatures[:1])
    for encounter, complete, verified in (
        (draft, "PARTIAL", "UNVERIFIED"),
        (final, "COMPLETE", "UNVERIFIED"),
        (attested, "COMPLETE", "VERIFIED"),
    ):
        dataset = dcmread(stored(encounter, tmp_path))
        assert (dataset.CompletionFlag, dataset.VerificationFlag) == (complete, verified)
        assert ("VerifyingObserverSequence" in dataset) == (verified == "VERIFIED")
    first = encode_encounter(attested, study(), Series(Phase.PRE), [], sop_instance_uid="2.25.1")
    second = correct(attested, "Demo operator", attested.started_at + timedelta(days=1), "the lot was read wrongly")
    item = encode_encounter(second, study(), Series(Phase.PRE), [], sop_instance_uid="2.25.2", predecessors=[first])
    again = read_encounter(write(item, tmp_path))
    assert again.predecessors == ("2.25.1",) and again.sop_instance_uid == "2.25.2"
    assert again.encounter.earlier_versions[-1].reason == "the lot was read wrongly"


def test_what_is_no_encounter_is_refused(tmp_path: Path) -> None:
    path = stored(demonstration("normal"), tmp_path)
    for name, change in (
        ("title", lambda d: setattr(d.ConceptNameCodeSequence[0], "CodeValue", "OTHER")),
        ("half", lambda d: setattr(d, "ContentSequence", d.ContentSequence[:4])),
        ("word", lambda d: setattr(d.ContentSequence[4].ConceptCodeSequence[0], "CodeValue", "MAYBE")),
        ("twice", lambda d: d.ContentSequence.append(d.ContentSequence[3])),
        ("moment", lambda d: setattr(d.ContentSequence[5], "DateTime", "2026")),
    ):
        dataset = dcmread(path)
        change(dataset)
        dataset.save_as(tmp_path / f"{name}.dcm")
        with pytest.raises(DicomError, match="no record of an encounter") as refused:
            read_encounter(tmp_path / f"{name}.dcm")
        assert str(refused.value).endswith(".")
    with pytest.raises(DicomError, match="cannot be opened"):
        read_encounter(tmp_path / "none.dcm")


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    small = replace(demonstration("normal"), images=(), visits=())
    return stored(small, tmp_path_factory.mktemp("whole")).read_bytes()


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom warns of what it reads in spite of the damage
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.floats(0, 1, exclude_max=True), st.none() | st.integers(1, 255))
def test_a_file_that_was_cut_or_changed_never_breaks_the_reader(
    whole_file: bytes, tmp_path: Path, place: float, flipped: int | None
) -> None:
    raw = bytearray(whole_file)
    at = int(place * len(raw))
    if flipped is None:
        del raw[at:]
    else:
        raw[at] ^= flipped
    path = tmp_path / "changed.dcm"
    path.write_bytes(raw)
    try:
        read_encounter(path)
    except DicomError as refused:
        assert str(refused)


def test_every_field_and_word_has_a_code_of_its_own_that_leads_back() -> None:
    for kind in kinds_of_records():
        names = [field_concept(field.name)[:2] for field in fields_of(kind)]
        assert len(set(names)) == len(names), kind
        for field in fields_of(kind):
            if issubclass(field.base, StrEnum):
                for word in field.base:
                    concept = word_concept(word)
                    assert word_of(field.base, concept.scheme, concept.value) is word
    ids = {*BONY_LANDMARKS, *STRUCTURES, "fa", "musc", "nlf", "cheilion"}
    for word_id in ids:
        concept = id_concept(word_id) or Concept("", "", "")
        assert id_of(concept.scheme, concept.value) == word_id
    assert {field.name for kind in kinds_of_records() for field in fields_of(kind)} >= ID_FIELDS
    assert id_concept("nothing") is None and id_of("SCT", "0") is None


def test_units_follow_from_the_names() -> None:
    told = {"dose_iu": "[iU]", "ha_mg_ml": "mg/mL", "volume_ml": "mL", "colour_scale_cm_s": "cm/s", "refill_s": "s"}
    assert {name: unit_of(name).value for name in told} == told
    assert unit_of("frequency_mhz").value == "MHz" and unit_of("prf_hz").value == "Hz"
    assert unit_of("mechanical_index").value == "1" and unit_of("heart_rate_per_min").value == "/min"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_decimal_string_fits_and_is_near(value: float) -> None:
    text = decimal_string(value)
    assert len(text) <= 16
    assert float(text) == pytest.approx(value, rel=1e-6) or abs(value) > 1e300
