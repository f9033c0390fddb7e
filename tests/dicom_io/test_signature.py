"""Digital signatures: DCMTK's dcmsign agrees, and what each kind of change is called."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from pydicom import Dataset, dcmread
from pydicom.sequence import Sequence
from pydicom.uid import JPEGBaseline8Bit, generate_uid

from acquisition.cine import FileRange
from dicom_io.encoded import EncodedObject
from dicom_io.errors import NotDicom
from dicom_io.signatures.checking import check_signatures
from dicom_io.signatures.signing import Signer, unsigned
from tests.archive.objects import content, in_ranges, ultrasound
from workstation.proof.certificate import certificate_path, set_up_signatures, workplace_signer
from workstation.proof.keys import KeyUnusable

pytestmark = pytest.mark.skipif(shutil.which("dcmsign") is None, reason="DCMTK's dcmsign is not installed")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("config")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SONOFILL_CONFIG", str(folder))
        set_up_signatures("Test clinic")
    return folder


@pytest.fixture
def signer(config: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    monkeypatch.setenv("SONOFILL_CONFIG", str(config))
    made = workplace_signer()
    assert made is not None
    return made


def dcmsign(path: Path) -> int:
    """0: signed by the creator's profile, intact, by the certificate that was expected."""
    words = ["dcmsign", "--quiet", "--verify", "+rc", "+cf", str(certificate_path()), str(path)]
    return subprocess.run(words, check=False, capture_output=True).returncode


def written(obj: EncodedObject, path: Path) -> Path:
    path.write_bytes(content(obj))
    return path


def clip(folder: Path) -> EncodedObject:
    """Two JPEG frames in fragments, behind nested sequences of both kinds of length."""
    obj = ultrasound(size=16)
    path = written(obj, folder / "plain.dcm")
    dataset = dcmread(path)
    inner, outer = Dataset(), Dataset()
    inner.CodeValue, inner.CodeMeaning = "1", "inside"
    outer.CodeValue, outer.ConceptNameCodeSequence = "2", Sequence([inner])
    dataset.StageCodeSequence, dataset.PerformedProtocolCodeSequence = Sequence([outer, outer]), Sequence([])
    dataset["StageCodeSequence"].is_undefined_length = True
    dataset.StageCodeSequence[0].is_undefined_length_sequence_item = True
    frames = b"".join(b"\xfe\xff\x00\xe0\x08\x00\x00\x00\xff\xd8" + bytes([k] * 4) + b"\xff\xd9" for k in range(2))
    dataset.PixelData = b"\xfe\xff\x00\xe0\x00\x00\x00\x00" + frames
    dataset.NumberOfFrames = 2
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.save_as(path)
    return replace(obj, transfer_syntax_uid="1.2.840.10008.1.2.4.50", parts=(path.read_bytes(),))


@pytest.mark.requirement("N7")
@pytest.mark.requirement("S20")
@pytest.mark.parametrize("lies", ["in memory", "in files"])
def test_dcmsign_verifies_what_was_signed(signer: Signer, tmp_path: Path, lies: str) -> None:
    for obj in (ultrasound(size=16), clip(tmp_path)):
        given = in_ranges(obj, tmp_path) if lies == "in files" else obj
        signed = signer.sign(given)
        path = written(signed, tmp_path / "signed.dcm")
        assert signed.size == path.stat().st_size
        assert dcmsign(path) == 0
        found = check_signatures(path)
        assert (found.verdict, found.signers, found.added) == ("intact", ("CN=Test clinic",), ())
        before = content(replace(obj, parts=tuple(unsigned(path))))
        assert before == content(obj)
        assert signer.sign(replace(signed, parts=(FileRange(path, 0, signed.size),))).size == signed.size  # not twice


@pytest.mark.requirement("N7")
def test_every_byte_of_the_data_set_is_covered(signer: Signer, tmp_path: Path) -> None:
    """Ours and dcmsign's answer, for a bit in each part of the file."""
    obj = signer.sign(ultrasound(size=16))
    whole = content(obj)
    begin = 144 + int.from_bytes(whole[140:144], "little")
    pixels = whole.index(b"\xe0\x7f\x10\x00OB")
    for at in range(begin, pixels + 12 + 16 * 16, 31):
        path = tmp_path / "changed.dcm"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            verdict = check_signatures(path).verdict
        except NotDicom:
            continue
        assert verdict != "intact", at
        if at % 8 == 0:
            assert dcmsign(path) != 0, at


def renamed(dataset: Dataset) -> None:
    dataset.PatientName, dataset.PatientID = "Other^Name", "P2"


def moved(dataset: Dataset) -> None:
    dataset.StudyInstanceUID = generate_uid()


def attribute_added(dataset: Dataset) -> None:
    dataset.PatientComments = "a remark"


def institution_added(dataset: Dataset) -> None:
    dataset.InstitutionName = "A clinic"  # the creator's profile asks for it where it is there


def overlay_added(dataset: Dataset) -> None:
    dataset.add_new(0x60003000, "OB", b"\xff" * 32)


def comment_in_regions(dataset: Dataset) -> None:
    dataset.ProtocolName = "another"  # group 0018: how the picture was made


def pixel(dataset: Dataset) -> None:
    dataset.PixelData = dataset.PixelData[:-1] + b"~"


def first_signature_out(dataset: Dataset) -> None:
    del dataset.DigitalSignaturesSequence[0]


def both_out(dataset: Dataset) -> None:
    del dataset.DigitalSignaturesSequence, dataset.MACParametersSequence


@pytest.mark.requirement("N7")
@pytest.mark.parametrize(
    ("change", "ours", "dcmtk_finds_it"),
    [
        (renamed, "identity changed", True),
        (moved, "identity changed", True),
        (attribute_added, "identity changed", False),
        (institution_added, "identity changed", True),
        (overlay_added, "changed", True),
        (comment_in_regions, "changed", False),
        (pixel, "changed", True),
        (first_signature_out, "identity changed", False),
        (both_out, "unsigned", True),
    ],
)
def test_what_a_change_is_called(
    signer: Signer, tmp_path: Path, change: Callable[[Dataset], None], ours: str, dcmtk_finds_it: bool
) -> None:
    path = written(signer.sign(ultrasound(size=16)), tmp_path / "signed.dcm")
    dataset = dcmread(path)
    change(dataset)
    dataset.save_as(path)
    assert check_signatures(path).verdict == ours
    if change is first_signature_out:
        return  # the other one is by the creator's profile too, or not, as its attributes go
    assert (dcmsign(path) != 0) is dcmtk_finds_it


def test_damage_is_told_in_a_sentence(signer: Signer, tmp_path: Path) -> None:
    whole = content(signer.sign(clip(tmp_path)))
    path = tmp_path / "cut.dcm"
    for end in range(1, len(whole), 61):
        path.write_bytes(whole[:end])
        try:
            assert check_signatures(path).verdict in ("changed", "unsigned", "identity changed")
        except NotDicom as error:
            assert str(error)


def test_an_authority_s_certificate_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, made = tmp_path / "key.pem", tmp_path / "made.pem"
    words = f"openssl req -x509 -newkey rsa:2048 -keyout {key} -out {made} -nodes -days 30 -subj /CN=Authority"
    subprocess.run(words.split(), check=True, capture_output=True)
    # For dcmsign a certificate is not yet valid in the very second in which its validity begins.
    begins = load_pem_x509_certificate(made.read_bytes()).not_valid_before_utc
    while datetime.now(UTC) < begins + timedelta(seconds=1):
        time.sleep(0.05)
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    assert set_up_signatures("", key, made).public_bytes(Encoding.PEM) == made.read_bytes()
    signer = workplace_signer()
    assert signer is not None
    path = written(signer.sign(ultrasound(size=16)), tmp_path / "signed.dcm")
    assert dcmsign(path) == 0 and check_signatures(path).signers == ("CN=Authority",)


def test_a_certificate_that_is_not_valid_yet_signs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path))
    set_up_signatures("Test clinic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workstation.proof.certificate._now", lambda: datetime.now(UTC) - timedelta(minutes=10))
        with pytest.raises(KeyUnusable, match="valid from"):
            workplace_signer()
