"""What the probe printed stands in the header of stills and clips, as attributes and as words."""

from __future__ import annotations

from pathlib import Path

from pydicom import dcmread

from dicom_io import encode_clip, encode_still
from dicom_io.composite.printed import Printed
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, jpeg_clip, write

PRINTED = [
    Printed("mechanical_index", 0.7),
    Printed("thermal_index_soft_tissue", 0.15),
    Printed("thermal_index_bone", 1.0),
    Printed("thermal_index_cranial", 1.2),
    Printed("depth_mm", 35.0, "mm"),
    Printed("gain", 54.0, "%"),
    Printed("frequency_mhz", 13.3, "MHz"),
    Printed("dynamic_range_db", 60.0, "dB"),
    Printed("prf_hz", 1200.0, "Hz"),
]


def test_indices_depth_and_frequency_become_attributes(tmp_path: Path) -> None:
    item = encode_still(
        *(jpeg_clip(tmp_path, 1), STUDY, SERIES, EQUIPMENT), scales=[SCALE], printed=PRINTED, scratch=tmp_path
    )
    header = dcmread(write(item, tmp_path))
    assert header.MechanicalIndex == 0.7
    assert header.SoftTissueThermalIndex == 0.15
    assert header.BoneThermalIndex == 1
    assert header.CranialThermalIndex == 1.2
    assert header.DepthOfScanField == 35
    assert header.SequenceOfUltrasoundRegions[0].TransducerFrequency == 13300
    words = "MI 0.7, TIS 0.15, TIB 1, TIC 1.2, depth 35 mm, gain 54 %, frequency 13.3 MHz, dynamic range 60 dB."
    assert f"Read off the probe's screen: {words}" in header.ImageComments


def test_what_was_not_read_is_not_in_the_header(tmp_path: Path) -> None:
    half = [Printed("depth_mm", 12.5, "mm"), Printed("frequency_mhz", 10.0, "MHz")]
    (item,) = encode_clip(*(jpeg_clip(tmp_path, 2), STUDY, SERIES, EQUIPMENT), printed=half, scratch=tmp_path)
    header = dcmread(write(item, tmp_path))
    for name in ("MechanicalIndex", "SoftTissueThermalIndex", "DepthOfScanField", "SequenceOfUltrasoundRegions"):
        assert name not in header, name
    assert "depth 12.5 mm" in header.ImageComments, "the attribute has whole millimetres only"
    (item,) = encode_clip(*(jpeg_clip(tmp_path / "bare", 2), STUDY, SERIES, EQUIPMENT), scratch=tmp_path)
    assert "Read off" not in dcmread(write(item, tmp_path)).ImageComments
